"""The same game on JAX and on several devices: the losses are those of one TensorFlow device."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest

STEPS, BATCH, SIDE = 10, 2, 32
LR, RAMP, WIDTH = 1e-3, 2, 8

# Builds networks, takes the weights of a file or writes them, and trains on the batches of another.
PLAYED = f"""
import json, sys
import keras
import numpy as np
from abstractgan.features import style_statistics, vgg16
from abstractgan.networks import STYLE_LAYERS, StyleDecoder, style_discriminator

folder = sys.argv[1]
encoder, decoder = vgg16(STYLE_LAYERS), StyleDecoder()
discriminator = style_discriminator({WIDTH})
weights = np.load(folder + "/weights.npz")
decoder.set_weights([weights[f"decoder{{i}}"] for i in range(len(decoder.weights))])
discriminator.set_weights([weights[f"judge{{i}}"] for i in range(len(discriminator.weights))])
batches = np.load(folder + "/batches.npz")
statistics = style_statistics(encoder(batches["paintings"].reshape(-1, {SIDE}, {SIDE}, 3)))
rows = []
if keras.config.backend() == "jax":
    from abstractgan.training.jax_step import StyleStep

    game = StyleStep(encoder, decoder, discriminator, {LR}, {STEPS}, ramp={RAMP})
    state = game.start()
else:
    from abstractgan.training.style_gan import StyleTransferGAN

    gan = StyleTransferGAN(encoder, decoder, discriminator, statistics, ramp={RAMP})
    gan.compile({LR}, {STEPS})
    gan.build()
for step in range({STEPS}):
    batch = {{name: keras.ops.convert_to_tensor(batches[name][step]) for name in batches.files}}
    squares = np.arange({BATCH}) + {BATCH} * step
    if keras.config.backend() == "jax":
        batch["statistics"] = [(mean[squares], gram[squares]) for mean, gram in statistics]
        losses, state = game.step(state, batch)
    else:
        for metric in gan.metrics:
            metric.reset_state()
        losses = gan.train_step(batch | {{"squares": squares}})
    rows.append({{name: float(value) for name, value in losses.items()}})
if keras.config.backend() == "jax":
    game.finish(state)
else:
    decoder.set_weights(gan.average.get_weights())
print(json.dumps(rows))
weights = [*decoder.get_weights(), *discriminator.get_weights()]
np.savez(folder + "/" + keras.config.backend(), *weights)
"""


def run(script, *arguments, **environment):
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def folder(tmp_path):
    """Weights and batches that every backend reads."""
    from abstractgan.networks import StyleDecoder, style_discriminator

    networks = {"decoder": StyleDecoder(), "judge": style_discriminator(WIDTH)}
    weights = {
        f"{name}{i}": value
        for name, network in networks.items()
        for i, value in enumerate(network.get_weights())
    }
    np.savez(tmp_path / "weights.npz", **weights)
    rng = np.random.default_rng(0)
    shape = (STEPS, BATCH, SIDE, SIDE, 3)
    np.savez(
        tmp_path / "batches.npz",
        **{
            name: rng.uniform(-1, 1, shape).astype("float32")
            for name in ("photographs", "paintings")
        },
    )
    return tmp_path


@pytest.mark.skipif(not importlib.util.find_spec("jax"), reason="JAX is missing: pip install jax")
def test_ten_steps_on_jax_have_the_losses_of_ten_on_tensorflow(folder):
    here, there = (
        run(PLAYED, folder, KERAS_BACKEND=backend, JAX_PLATFORMS="cpu")
        for backend in ("tensorflow", "jax")
    )
    assert len(here) == STEPS
    assert here[-1]["gram"] < 0.8 * here[0]["gram"]
    for step, (one, other) in enumerate(zip(here, there, strict=True)):
        assert one.keys() == other.keys()
        # The first step is the same to rounding, which Adam's division by small moments enlarges.
        tolerance = 1e-5 if step < 2 else 1e-2
        for name, value in one.items():
            assert other[name] == pytest.approx(value, abs=tolerance), (step, name)
    with np.load(folder / "tensorflow.npz") as one, np.load(folder / "jax.npz") as other:
        for name in one.files:
            np.testing.assert_allclose(other[name], one[name], atol=0.02)


# Two logical devices in place of two GPUs: a few steps, and a run that is resumed.
SHARED_OUT = """
import json, sys
import tensorflow as tf

cpus = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpus[0], [tf.config.LogicalDeviceConfiguration()] * 2)

from dataclasses import replace
from abstractgan.data.paintings import paint
from abstractgan.data.pipeline import style_dataset
from abstractgan.training import runs
from abstractgan.training.profiles import style_profile
from abstractgan.training.style import build_style_gan, painting_squares, train_style

output, mixed, count = sys.argv[1], sys.argv[2] == "mixed", int(sys.argv[3])
strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"][:count])
assert strategy.num_replicas_in_sync == count
profile = replace(style_profile("smoke"), batch_size=4, size=32, ramp=1, mixed_precision=mixed)
squares = painting_squares([], profile, seed=0)
pictures = [paint("orphism", 0, 300), paint("cubism", 0, 280)]
with strategy.scope():
    gan = build_style_gan(profile, squares)
pairs = style_dataset(pictures, squares, 32, 4, 1, seed=0)
rows = gan.fit(pairs, epochs=4, steps_per_epoch=1, verbose=0, shuffle=False).history
if count == 2 and not mixed:
    runs.device_strategy = lambda: strategy
    smoke = replace(profile, epochs=1)
    train_style(smoke, output)
print(json.dumps({name: [float(v) for v in values] for name, values in rows.items()}))
"""


@pytest.mark.parametrize(("precision", "rel"), [("float32", 0.01), ("mixed", 0.1)])
def test_two_devices_have_the_losses_of_one_on_the_same_batch(precision, rel, tmp_path):
    one, two = (run(SHARED_OUT, tmp_path / "run", precision, count) for count in (1, 2))
    assert one["gram"][0] > one["gram"][-1]
    for name, values in one.items():
        assert two[name][0] == pytest.approx(values[0], rel=rel / 10, abs=1e-3), name
        assert two[name] == pytest.approx(values, rel=rel, abs=rel / 2), name
    if precision == "float32":
        environment = json.loads((tmp_path / "run" / "environment.json").read_text("utf-8"))
        assert environment["replicas"] == 2
        assert (tmp_path / "run" / "decoder.weights.h5").exists()

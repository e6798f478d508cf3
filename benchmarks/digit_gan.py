"""The digit GAN, profile ``cpu``, beside the network and settings of TensorFlow's DCGAN tutorial.

Same digits, same wall-clock, same machine: ``python tools/record_digits.py``, which trains ours,
then ``python benchmarks/digit_gan.py``, on a quiet machine. Both are judged on 5 000 generated
digits by the classifier that the package carries, which saw neither.
"""

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from abstractgan.data.digits import load_digits
from abstractgan.data.images import to_float
from abstractgan.metrics import digit_report
from abstractgan.training.recorded import digit_run
from abstractgan.training.runs import describe_environment

SAMPLES, SEED = 5_000, 0


def tutorial_generator() -> keras.Model:
    """The generator of the tutorial "Deep Convolutional Generative Adversarial Network"."""
    return keras.Sequential(
        [
            keras.Input((100,)),
            layers.Dense(7 * 7 * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Reshape((7, 7, 256)),
            layers.Conv2DTranspose(128, 5, strides=1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(64, 5, strides=2, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(
                1, 5, strides=2, padding="same", use_bias=False, activation="tanh"
            ),
        ]
    )


def tutorial_discriminator() -> keras.Model:
    """The discriminator of the same tutorial."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(64, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, strides=2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def train_tutorial(images: np.ndarray, seconds: float) -> tuple[Callable[..., Any], int]:
    """Train with the tutorial's batch of 256, Adam(1e-4) and one noise for both networks."""
    keras.utils.set_random_seed(SEED)
    generator, discriminator = tutorial_generator(), tutorial_discriminator()
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    g_optimizer, d_optimizer = keras.optimizers.Adam(1e-4), keras.optimizers.Adam(1e-4)

    @tf.function
    def step(real: tf.Tensor) -> None:
        noise = tf.random.normal([tf.shape(real)[0], 100])
        with tf.GradientTape() as g_tape, tf.GradientTape() as d_tape:
            fake = generator(noise, training=True)
            real_output = discriminator(real, training=True)
            fake_output = discriminator(fake, training=True)
            g_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
            d_loss = cross_entropy(tf.ones_like(real_output), real_output) + cross_entropy(
                tf.zeros_like(fake_output), fake_output
            )
        g_variables, d_variables = generator.trainable_variables, discriminator.trainable_variables
        g_optimizer.apply(g_tape.gradient(g_loss, g_variables), g_variables)
        d_optimizer.apply(d_tape.gradient(d_loss, d_variables), d_variables)

    digits = tf.data.Dataset.from_tensor_slices(to_float(images)).shuffle(len(images), seed=SEED)
    started, steps = time.perf_counter(), 0
    for batch in digits.batch(256).repeat():
        step(batch)
        steps += 1
        if time.perf_counter() - started >= seconds:
            break
    return generator, steps


def row(title: str, model: Callable[..., Any], latent_dim: int, steps: int, seconds: float) -> str:
    """Judge a generator and format a row of the table."""
    latents = np.random.default_rng(SEED + 1).standard_normal((SAMPLES, latent_dim))
    parts = [model(part, training=False) for part in np.array_split(latents.astype("float32"), 10)]
    report = digit_report(np.concatenate([np.asarray(part) for part in parts]))
    return (
        f"| {title} | {seconds:.0f} | {steps} | {report.kid:.3f} | {report.confidence:.3f} "
        f"| {report.coverage:.3f} |"
    )


def main() -> None:
    """Train the tutorial for as long as the recorded run took, and print a table of both."""
    run = digit_run()
    here = describe_environment()
    if any(here[key] != run.environment[key] for key in ("processor", "processors", "gpus")):
        print("The recorded run is from another machine: run tools/record_digits.py here first.")
    seconds = float(run.log["seconds"][-1])
    images, _ = load_digits("train")
    tutorial, steps = train_tutorial(images, seconds)
    print("| network | seconds | steps | KID | mean confidence | rarest class |")
    print("|---|---|---|---|---|---|")
    latent_dim, own_steps = run.config["latent_dim"], int(run.log["step"][-1])
    print(row("profile cpu", run.generator(), latent_dim, own_steps, seconds))
    print(row("DCGAN tutorial", tutorial, 100, steps, seconds))


if __name__ == "__main__":
    main()

"""Inventing paintings: latent vectors, the two networks, a short run and what is shipped."""

import csv

import numpy as np
import pytest
from click.testing import CliRunner

import record_synthesis
from abstractgan.cli import cli
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.pipeline import labelled_dataset
from abstractgan.errors import UserError
from abstractgan.invent import Inventor, latent_vectors, movement_shares, spherical_interpolation
from abstractgan.networks import synthesis_discriminator, synthesis_generator
from abstractgan.training.gan import GAN
from abstractgan.training.profiles import SYNTHESIS_PROFILES, synthesis_profile
from abstractgan.training.runs import DISCRIMINATOR, GENERATOR
from abstractgan.training.synthesis import (
    HELD_OUT_SEED,
    build_synthesis_gan,
    drawn_paintings,
    train_synthesis,
)

COUNT = len(MOVEMENTS)


# --- latent vectors ------------------------------------------------------------------------------


def test_half_of_a_right_angle_by_hand():
    """sin(45) / sin(90) of both; the straight line would be shorter than either end."""
    half = spherical_interpolation([2.0, 0.0], [0.0, 2.0], 0.5)
    np.testing.assert_allclose(half, [2**0.5, 2**0.5], rtol=1e-6)
    assert np.linalg.norm(half) == pytest.approx(2)


def test_a_walk_begins_and_ends_where_it_should_and_may_stand_still():
    start, end = latent_vectors(2, 64)
    for share, place in ((0, start), (1, end)):
        np.testing.assert_allclose(
            spherical_interpolation(start, end, share), place, rtol=1e-5, atol=1e-6
        )
    np.testing.assert_allclose(spherical_interpolation(start, start, 0.3), start, rtol=1e-6)


def test_truncation_by_hand():
    """A normal distribution cut off at 1 has variance 1 - 2 phi(1) / (2 Phi(1) - 1) = 0.2911."""
    cut = latent_vectors(500, 64, seed=1, truncation=1.0)
    assert np.abs(cut).max() <= 1
    assert cut.var() == pytest.approx(0.2911, abs=0.01)
    assert latent_vectors(500, 64).var() == pytest.approx(1, abs=0.03)
    assert not latent_vectors(3, 8, truncation=0).any()


def test_a_larger_threshold_moves_a_seeds_vectors_on_and_turns_none_round():
    near, far = (latent_vectors(4, 16, 5, threshold) for threshold in (0.5, 2))
    assert (np.abs(far) > np.abs(near)).all()
    np.testing.assert_array_equal(np.sign(far), np.sign(near))


@pytest.mark.parametrize(("seed", "truncation"), [(-1, None), (0, -0.1), (0, np.nan)])
def test_an_unusable_seed_or_truncation_is_named(seed, truncation):
    with pytest.raises(UserError, match="Give a seed and a truncation of 0 or more"):
        latent_vectors(1, 4, seed, truncation)


def test_shares_of_movements():
    shares = movement_shares({"orphism": 1, "op-art": 3})
    names = list(MOVEMENTS)
    assert shares[names.index("orphism")] == 0.25 and shares.sum() == 1
    np.testing.assert_array_equal(movement_shares("op-art"), np.eye(COUNT)[names.index("op-art")])
    with pytest.raises(UserError, match="no movement 'pop-art'; choose one of cubism"):
        movement_shares("pop-art")
    for wrong in ({"orphism": -1, "cubism": 2}, {"orphism": 0}, {}):
        with pytest.raises(UserError, match="Give weights of 0 or more"):
            movement_shares(wrong)


# --- networks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [16, 64, 128])
def test_shapes_and_sizes(size):
    labels = np.eye(3, dtype="float32")[:2]
    generator = synthesis_generator(3, size, latent_dim=5, width=2)
    pictures = np.array(generator([np.zeros((2, 5), "float32"), labels]))
    assert pictures.shape == (2, size, size, 3)
    assert np.abs(pictures).max() <= 1
    assert synthesis_discriminator(3, size, width=2)([pictures, labels]).shape == (2, 1)


def test_the_generator_mixes_embeddings():
    """Told half of each of two movements, it does as if told the mean of their embeddings."""
    generator = synthesis_generator(2, 16, latent_dim=4, width=2)
    latents = np.ones((1, 4), "float32")
    half = generator([latents, np.float32([[0.5, 0.5]])])
    embedding = generator.get_layer("embedding")
    (rows,) = embedding.get_weights()
    embedding.set_weights([np.stack([rows.mean(axis=0), rows[1]])])
    np.testing.assert_allclose(half, generator([latents, np.float32([[1, 0]])]), atol=1e-6)


def test_the_projection_is_an_inner_product():
    """Miyato and Koyama 2018, equation 3: what two movements' logits differ by is linear in v."""
    network = synthesis_discriminator(2, 16, width=2)
    picture = np.random.default_rng(0).uniform(-1, 1, (1, 16, 16, 3))

    def gap():
        logits = network([np.repeat(picture, 2, axis=0), np.eye(2)])
        return float(logits[0, 0] - logits[1, 0])

    before = gap()
    embedding = network.get_layer("embedding")
    embedding.set_weights([3 * embedding.get_weights()[0]])
    assert before != 0
    assert gap() == pytest.approx(3 * before, rel=1e-4)


def test_both_networks_are_told_the_movement_in_a_step():
    settings = synthesis_profile("smoke")
    gan = build_synthesis_gan(settings)
    gan.compile(1e-3, 1e-3, run_eagerly=True)
    gan.build()
    rng = np.random.default_rng(0)
    pictures = rng.uniform(-1, 1, (4, settings.size, settings.size, 3)).astype("float32")
    embeddings = [
        network.get_layer("embedding").kernel for network in (gan.generator, gan.discriminator)
    ]
    before = [kernel.numpy() for kernel in embeddings]
    gan.fit(pictures, np.eye(COUNT, dtype="float32")[:4], batch_size=4, verbose=0)
    for kernel, old in zip(embeddings, before, strict=True):
        changed = (kernel.numpy() != old).any(axis=1)
        np.testing.assert_array_equal(changed, np.arange(COUNT) < 4)


def test_the_wasserstein_penalty_takes_labels():
    gan = GAN(
        synthesis_generator(2, 16, 4, 2), synthesis_discriminator(2, 16, 2), loss="wasserstein"
    )
    gan.compile(run_eagerly=True)
    gan.build()
    history = gan.fit(np.zeros((2, 16, 16, 3)), np.eye(2), batch_size=2, verbose=0).history
    assert np.isfinite(history["discriminator_loss"]).all()


# --- paintings -----------------------------------------------------------------------------------


def test_pictures_keep_their_labels_and_half_of_them_are_mirrored():
    pictures = np.zeros((40, 4, 4, 3), "uint8")
    pictures[:, :, 0] = np.arange(40)[:, None, None]
    labels = np.arange(40) % 3
    mirrored = 0
    for batch, answers in labelled_dataset(pictures, labels, 3, 8, seed=0).take(5):
        values = np.round((np.asarray(batch) + 1) * 127.5).astype(int)
        mirrored += (values[:, 0, 3, 0] > 0).sum()
        which = values.max(axis=(1, 2, 3))
        np.testing.assert_array_equal(np.asarray(answers).argmax(axis=1), labels[which])
    assert 8 < mirrored < 32
    with pytest.raises(UserError, match="too few for a batch"):
        labelled_dataset(pictures[:4], labels[:4], 3, 8, seed=0)


def test_every_movement_is_drawn_for_each_seed(capsys):
    pictures, numbers = drawn_paintings(range(HELD_OUT_SEED, HELD_OUT_SEED + 2), 16)
    assert capsys.readouterr().out.startswith(f"drawing {2 * COUNT} paintings, about ")
    np.testing.assert_array_equal(np.bincount(numbers), [2] * COUNT)
    name = list(MOVEMENTS)[numbers[COUNT + 1]]
    np.testing.assert_array_equal(pictures[COUNT + 1], paint(name, HELD_OUT_SEED + 1, 16))


def test_no_profile_trains_on_held_out_paintings():
    assert all(profile.drawn <= HELD_OUT_SEED for profile in SYNTHESIS_PROFILES.values())


# --- a run ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train_synthesis("smoke", tmp_path_factory.mktemp("runs") / "smoke")


def test_a_run_leaves_its_record_and_its_weights(run):
    with (run / "log.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2"]
    last = {name: float(value) for name, value in rows[-1].items()}
    assert np.isfinite(list(last.values())).all() and 0 <= last["movement_accuracy"] <= 1
    assert len(list((run / "samples").iterdir())) == 2
    network = synthesis_discriminator(COUNT, 32, synthesis_profile("smoke").discriminator_width)
    network.load_weights(run / DISCRIMINATOR)


def test_an_inventor_of_ones_own_run(run):
    inventor = Inventor.load(run / GENERATOR, "smoke")
    painting = inventor.invent("orphism", seed=3)
    assert painting.shape == (32, 32, 3) and painting.dtype == np.uint8
    np.testing.assert_array_equal(painting, inventor.invent({"orphism": 2}, seed=3))
    assert (painting != inventor.invent("orphism", seed=4)).any()
    with pytest.raises(UserError, match="holds no generator's weights: give the"):
        Inventor.load(run / GENERATOR)
    with pytest.raises(UserError, match="There are no generator's weights"):
        Inventor.load(run / "none.weights.h5")
    with pytest.raises(UserError, match="no profile 'huge'"):
        Inventor.load(profile="huge")


def test_the_gpu_profile_has_networks_that_fit_together():
    profile = SYNTHESIS_PROFILES["gpu"]
    gan = build_synthesis_gan(profile)
    label = np.eye(COUNT, dtype="float32")[:1]
    picture = np.array(gan.generator([np.zeros((1, profile.latent_dim), "float32"), label]))
    assert gan.discriminator([picture, label]).shape == (1, 1)


def test_the_tool_keeps_the_record_and_halves_the_weights(run, tmp_path):
    for name in (".DS_Store", "samples/.DS_Store", "tensorboard/events"):
        (run / name).parent.mkdir(exist_ok=True)
        (run / name).write_text("of no use to readers")
    record_synthesis.record(run, tmp_path)
    kept = tmp_path / "runs" / "synthesis"
    assert sorted(path.name for path in kept.iterdir()) == [
        "config.json",
        "environment.json",
        "log.csv",
        "samples",
    ]
    assert all(path.name.startswith("epoch-") for path in (kept / "samples").iterdir())
    whole, half = run / GENERATOR, tmp_path / "synthesis_generator.weights.h5"
    assert half.stat().st_size < 0.8 * whole.stat().st_size
    one, other = (Inventor.load(path, "smoke").generator.get_weights() for path in (whole, half))
    for before, after in zip(one, other, strict=True):
        assert after.dtype == np.float32
        np.testing.assert_allclose(before, after, rtol=1e-3, atol=1e-6)
    with pytest.raises(UserError, match="is not finished"):
        record_synthesis.record(kept, tmp_path)


# --- what the package carries --------------------------------------------------------------------


def test_the_command_invents_what_the_package_does(tmp_path, monkeypatch):
    from abstractgan.data.images import load_image

    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        cli, ["invent", "orphism", "--seed", "2", "--truncation", "1"], catch_exceptions=False
    )
    assert "The picture is orphism-invented-2.png." in done.output
    np.testing.assert_array_equal(
        load_image("orphism-invented-2.png"), Inventor.load().invent("orphism", 2, 1.0)
    )

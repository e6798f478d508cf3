"""Networks that mend pictures: their losses, their pairs, and what a step trains."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from abstractgan.data.images import to_float
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import HELD_OUT, PHOTOGRAPHS
from abstractgan.data.pipeline import picture_dataset
from abstractgan.errors import UserError
from abstractgan.networks import picture_discriminator, restorer
from abstractgan.training.picture_gan import PictureGAN
from abstractgan.training.pictures import Task, build_picture_gan, training_photographs
from abstractgan.training.profiles import PictureWeights, restoration_profile


def with_square(picture, rng):
    """A square hole, at random."""
    hole = np.zeros((*picture.shape[:2], 1), np.float32)
    top, left = rng.integers(0, picture.shape[0] - 8, 2)
    hole[top : top + 8, left : left + 8] = 1
    return np.concatenate([to_float(picture) * (1 - hole), hole], axis=-1)


TASK = Task(restorer, with_square)


def pairs(first_epoch=0, seed=0, **sizes):
    settings = {"size": 32, "batch_size": 3, "steps": 2} | sizes
    pictures = [paint("orphism", 0, 90), paint("cubism", 0, 70)]
    return iter(
        picture_dataset(
            pictures, with_square, short_side=64, seed=seed, first_epoch=first_epoch, **settings
        )
    )


def moved(network, before):
    return any((old != new).any() for old, new in zip(before, network.get_weights(), strict=True))


def test_pairs_depend_on_seed_and_epoch_alone():
    reader = pairs()
    epochs = [[next(reader) for _ in range(2)] for _ in range(2)]
    resumed = pairs(first_epoch=1)
    for batch in epochs[1]:
        again = next(resumed)
        for name in ("given", "wanted"):
            np.testing.assert_array_equal(batch[name], again[name])
    first = np.asarray(epochs[0][0]["given"])
    for other in (epochs[0][1], epochs[1][0], next(pairs(seed=1))):
        assert (first != np.asarray(other["given"])).any()


def test_a_given_picture_is_the_wanted_one_outside_its_hole():
    batch = {name: np.asarray(value) for name, value in next(pairs()).items()}
    assert batch["given"].shape == (3, 32, 32, 4) and batch["wanted"].shape == (3, 32, 32, 3)
    picture, hole = batch["given"][..., :3], batch["given"][..., 3:]
    np.testing.assert_array_equal(hole.sum(axis=(1, 2, 3)), 64)
    assert len({each.tobytes() for each in hole}) == 3
    np.testing.assert_allclose(picture, batch["wanted"] * (1 - hole), atol=1e-6)


def test_crops_that_do_not_fit_are_refused():
    with pytest.raises(UserError, match="make the crops smaller"):
        pairs(size=72)


def test_an_untrained_restorer_keeps_what_is_known():
    keras.utils.set_random_seed(0)
    network = restorer(4)
    given = np.asarray(next(pairs())["given"])
    result, known = np.asarray(network(given)), given[..., 3:] == 0
    np.testing.assert_allclose(result * known, given[..., :3] * known, atol=1e-6)
    assert (result * ~known).any()
    assert np.abs(result).max() <= 1


def test_a_restorer_is_small_and_takes_any_multiple_of_its_stride():
    assert restorer().count_params() <= 700_000
    assert restorer(4)(np.zeros((1, 16, 40, 4), "float32")).shape == (1, 16, 40, 3)


def test_a_picture_that_is_one_hole_gives_finite_pixels():
    assert np.isfinite(restorer(4)(np.ones((1, 16, 16, 4), "float32"))).all()


def test_distances_by_hand():
    gan = PictureGAN(
        restorer(4),
        None,
        lambda pictures: [pictures[..., :1], pictures[..., 1:]],
        weights=PictureWeights(adversarial=0),
    )
    wanted, got = (
        np.array(pixel, "float32").reshape(1, 1, 1, 3) for pixel in ([1, -1, 1], [0, -1, 0])
    )
    distances = gan.distances(got, wanted)
    # two of three channels are off by 1; of the first layer all is missing, of the other a half
    assert float(distances["pixel"]) == pytest.approx(2 / 3)
    assert float(distances["perceptual"]) == pytest.approx(0.75)


def test_a_step_trains_both_networks_and_the_adversarial_loss_comes_in_slowly():
    profile = replace(restoration_profile("smoke"), weights=PictureWeights(0, 0, 1), ramp=1)
    gan = build_picture_gan(TASK, profile)
    reader = pairs()
    generator, discriminator = gan.generator.get_weights(), gan.discriminator.get_weights()
    gan.train_step(next(reader))
    assert moved(gan.discriminator, discriminator) and not moved(gan.generator, generator)
    gan.train_step(next(reader))
    gan.train_step(next(reader))
    assert moved(gan.generator, generator)


def test_without_an_adversarial_weight_there_is_no_discriminator():
    profile = replace(restoration_profile("smoke"), weights=PictureWeights(adversarial=0))
    gan = build_picture_gan(TASK, profile)
    assert gan.discriminator is None
    assert set(gan.train_step(next(pairs()))) == {"pixel", "perceptual"}


def test_the_gpu_profile_takes_two_steps_on_the_cpu():
    profile = replace(restoration_profile("gpu"), width=4, discriminator_width=4, jit_compile=False)
    gan = build_picture_gan(TASK, profile)
    assert gan.generator.compute_dtype == "float16"
    reader = pairs(size=16, batch_size=1)
    losses = [gan.train_step(next(reader)) for _ in range(2)]
    assert all(np.isfinite(float(value)) for step in losses for value in step.values())


def test_the_discriminator_gives_a_logit_for_each_patch():
    assert picture_discriminator(4)(np.zeros((2, 64, 32, 3), "float32")).shape == (2, 8, 4, 1)


def test_held_out_photographs_are_not_trained_on():
    assert set(training_photographs()) == set(PHOTOGRAPHS) - set(HELD_OUT)

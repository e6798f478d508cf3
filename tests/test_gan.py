from dataclasses import replace

import keras
import numpy as np
import pytest

from abstractgan.errors import UserError
from abstractgan.losses import ADVERSARIAL_LOSSES
from abstractgan.networks import digit_discriminator, digit_generator
from abstractgan.training.digits import build_digit_gan
from abstractgan.training.gan import GAN
from abstractgan.training.profiles import DIGIT_PROFILES, digit_profile


def small_gan(**settings):
    keras.utils.set_random_seed(0)
    gan = GAN(digit_generator(8, 2), digit_discriminator(2), **settings)
    gan.compile(1e-3, 1e-3, run_eagerly=True)
    gan.build()
    return gan


DIGITS = np.random.default_rng(0).uniform(-1, 1, (16, 28, 28, 1)).astype("float32")


@pytest.mark.parametrize(
    ("loss", "r1"), [(name, 0.0) for name in ADVERSARIAL_LOSSES] + [("non_saturating", 1.0)]
)
def test_a_step_changes_both_networks(loss, r1):
    gan = small_gan(loss=loss, r1=r1)
    variables = gan.generator.trainable_variables + gan.discriminator.trainable_variables
    variables.pop()  # the discriminator's last bias cancels out of the differences of scores
    before = [variable.numpy() for variable in variables]
    history = gan.fit(DIGITS, batch_size=8, verbose=0).history
    for value, variable in zip(before, variables, strict=True):
        assert not np.array_equal(value, variable.numpy()), variable.path
    assert history.keys() == {"discriminator_loss", "generator_loss", "real_score", "fake_score"}
    assert all(np.isfinite(values).all() for values in history.values())


def test_the_generator_step_leaves_the_discriminator_alone():
    gan = small_gan()
    gan.d_optimizer.learning_rate = 0.0
    before = [v.numpy() for v in gan.discriminator.trainable_variables]
    gan.fit(DIGITS, batch_size=8, verbose=0)
    for value, variable in zip(before, gan.discriminator.trainable_variables, strict=True):
        np.testing.assert_array_equal(value, variable.numpy())


def test_penalties_reach_the_discriminator():
    plain, penalised = small_gan(), small_gan(r1=1000.0)
    for gan in (plain, penalised):
        gan.reseed(0)
        gan.fit(DIGITS, batch_size=16, epochs=3, verbose=0)
    slopes = [
        float(np.abs(np.array(gan._score_gradients(keras.ops.array(DIGITS)))).mean())
        for gan in (plain, penalised)
    ]
    assert slopes[1] < slopes[0]


def test_the_average_follows_the_generator():
    still, moving = small_gan(ema=0.0), small_gan(ema=0.999)
    for gan in (still, moving):
        gan.fit(DIGITS, batch_size=8, epochs=2, verbose=0)
    for average, value in zip(still.ema_generator.weights, still.generator.weights, strict=True):
        np.testing.assert_allclose(average.numpy(), value.numpy(), rtol=1e-6)
    assert any(
        not np.allclose(a.numpy(), v.numpy())
        for a, v in zip(moving.ema_generator.weights, moving.generator.weights, strict=True)
    )


def test_the_same_seed_gives_the_same_weights_and_reseeding_the_same_noise():
    results = []
    for _ in range(2):
        gan = small_gan(seed=3)
        gan.reseed(5)
        gan.fit(DIGITS, batch_size=8, verbose=0, shuffle=False)
        results.append([v.numpy() for v in gan.weights])
    for a, b in zip(*results, strict=True):
        np.testing.assert_array_equal(a, b)
    gan.reseed(5)
    first = np.array(gan.draw_latents(4))
    second = np.array(gan.draw_latents(4))
    gan.reseed(5)
    np.testing.assert_array_equal(first, np.array(gan.draw_latents(4)))
    assert not np.array_equal(first, second)


def test_a_gan_without_dropout_is_reseeded_as_well():
    gan = build_digit_gan(replace(digit_profile("smoke"), dropout=0.0))
    gan.reseed(5)
    first = np.array(gan.draw_latents(4))
    gan.reseed(5)
    np.testing.assert_array_equal(first, np.array(gan.draw_latents(4)))


def test_predict_draws_from_the_averaged_generator():
    gan = small_gan()
    latents = np.random.default_rng(0).standard_normal((5, 8)).astype("float32")
    np.testing.assert_allclose(
        gan.predict(latents, verbose=0), np.array(gan.ema_generator(latents)), atol=1e-6
    )


def test_unknown_loss_and_profile():
    with pytest.raises(UserError, match="There is no loss 'bce'"):
        small_gan(loss="bce")
    with pytest.raises(UserError, match="There is no profile 'huge'"):
        digit_profile("huge")


def test_the_gpu_profile_takes_a_step_on_the_cpu():
    profile = DIGIT_PROFILES["gpu"]
    gan = build_digit_gan(profile)
    # XLA takes long on a CPU and gains nothing there.
    gan.compile(profile.lr, profile.lr, run_eagerly=True)
    gan.build()
    history = gan.fit(DIGITS[:4], batch_size=4, verbose=0).history
    assert np.isfinite(history["generator_loss"]).all()

import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from abstractgan import losses
from abstractgan.errors import UserError
from abstractgan.features import channel_statistics, gram_matrix

REAL = np.array([2.0, -1.0])
FAKE = np.array([-2.0, 0.5])


def softplus(x):
    return math.log1p(math.exp(x))


# (discriminator, generator), worked out by hand from the papers' equations.
BY_HAND = {
    "minimax": (
        (softplus(-2) + softplus(1)) / 2 + (softplus(-2) + softplus(0.5)) / 2,
        -(softplus(-2) + softplus(0.5)) / 2,
    ),
    "non_saturating": (
        (softplus(-2) + softplus(1)) / 2 + (softplus(-2) + softplus(0.5)) / 2,
        (softplus(2) + softplus(-0.5)) / 2,
    ),
    "least_squares": ((1 + 4) / 4 + (4 + 0.25) / 4, (9 + 0.25) / 4),
    "wasserstein": (-0.75 - 0.5, 0.75),
    "hinge": ((0 + 2) / 2 + (0 + 1.5) / 2, 0.75),
}


@pytest.mark.parametrize("name", losses.ADVERSARIAL_LOSSES)
def test_values_by_hand(name):
    loss = losses.adversarial_loss(name)
    discriminator, generator = BY_HAND[name]
    assert float(loss.discriminator(REAL, FAKE)) == pytest.approx(discriminator, rel=1e-6)
    assert float(loss.generator(FAKE)) == pytest.approx(generator, rel=1e-6)


def test_value_function_at_the_equilibrium():
    undecided = np.zeros(4)
    minimax = losses.adversarial_loss("minimax")
    assert float(minimax.discriminator(undecided, undecided)) == pytest.approx(math.log(4))
    assert float(minimax.generator(undecided)) == pytest.approx(-math.log(2))


def _gradient(function, point):
    variable = tf.Variable(point, dtype="float32")
    with tf.GradientTape() as tape:
        value = function(variable)
    return np.array(tape.gradient(value, variable))


def _finite_differences(function, point, step=1e-2):
    columns = np.eye(len(point)) * step
    return np.array(
        [(float(function(point + e)) - float(function(point - e))) / (2 * step) for e in columns]
    )


# Away from the hinge's corners, where it has no derivative.
POINT = np.array([-3.0, -0.6, 0.4, 2.5])


@pytest.mark.parametrize("name", losses.ADVERSARIAL_LOSSES)
def test_gradients_against_finite_differences(name):
    loss = losses.adversarial_loss(name)
    sides = (
        loss.generator,
        lambda fake: loss.discriminator(np.ones(4), fake),
        lambda real: loss.discriminator(real, np.ones(4)),
    )
    for side in sides:
        np.testing.assert_allclose(
            _gradient(side, POINT), _finite_differences(side, POINT), atol=2e-4
        )


def test_minimax_saturates_where_the_fake_is_rejected_and_the_non_saturating_loss_does_not():
    rejected = np.array([-8.0])
    saturating = _gradient(losses.minimax_generator_loss, rejected)[0]
    pulling = _gradient(losses.non_saturating_generator_loss, rejected)[0]
    assert saturating == pytest.approx(-1 / (1 + math.exp(8)), rel=1e-4)
    assert pulling == pytest.approx(-1 / (1 + math.exp(-8)), rel=1e-4)


@pytest.mark.parametrize("name", losses.ADVERSARIAL_LOSSES)
def test_extreme_and_half_precision_logits_stay_finite(name):
    loss = losses.adversarial_loss(name)
    logits = ops.cast([1e4, -1e4], "float16")
    for value in (loss.discriminator(logits, logits), loss.generator(logits)):
        assert keras.backend.standardize_dtype(value.dtype) == "float32"
        assert np.isfinite(float(value))


def test_label_smoothing():
    smooth = losses.cross_entropy_discriminator_loss(REAL, FAKE, smoothing=0.1)
    real = [0.9 * softplus(-s) + 0.1 * softplus(s) for s in REAL]
    fake = [softplus(s) for s in FAKE]
    assert float(smooth) == pytest.approx(sum(real) / 2 + sum(fake) / 2, rel=1e-6)


@pytest.mark.parametrize("smoothing", [-0.1, 0.5, 2])
def test_label_smoothing_out_of_range(smoothing):
    with pytest.raises(UserError, match=r"from 0 up to 0\.5"):
        losses.cross_entropy_discriminator_loss(REAL, FAKE, smoothing=smoothing)


def test_smoothed_loss_is_least_where_the_probability_is_the_smoothed_label():
    logit = math.log(0.9 / 0.1)
    slope = _gradient(
        lambda real: losses.cross_entropy_discriminator_loss(real, FAKE, smoothing=0.1), [logit]
    )
    assert slope == pytest.approx(0, abs=1e-6)


def test_interpolation_weights_one_a_sample():
    real, fake = np.ones((3, 2, 2, 1)), np.zeros((3, 2, 2, 1))
    between = np.array(losses.interpolate(real, fake, np.array([0.0, 0.25, 1.0])))
    assert between.shape == real.shape
    np.testing.assert_allclose(between[:, 0, 0, 0], [0, 0.25, 1])
    assert (between == between[:, :1, :1]).all()


def test_penalties_by_hand():
    gradients = np.array([[[3.0], [4.0]], [[0.0], [1.0]]])  # norms 5 and 1
    assert float(losses.gradient_penalty(gradients)) == pytest.approx(((5 - 1) ** 2 + 0) / 2)
    assert float(losses.r1_penalty(gradients)) == pytest.approx((25 + 1) / 2 / 2)


def test_a_flat_critic_gives_a_penalty_with_a_finite_gradient():
    gradient = _gradient(lambda g: losses.gradient_penalty(g), np.zeros((2, 3)))
    assert np.isfinite(gradient).all()


def test_unknown_loss():
    with pytest.raises(UserError, match="choose one of minimax"):
        losses.adversarial_loss("bce")


# Two channels at two positions: (1, 2) and (3, 0).
FEATURES = np.array([[[[1.0, 2.0], [3.0, 0.0]]]])
PAINTED = np.array([[[[2.0, 0.0]], [[0.0, 0.0]], [[2.0, 0.0]], [[0.0, 0.0]]]])  # another size


def test_content_loss_by_hand():
    target = np.array([[[[1.0, 0.0], [1.0, 0.0]]]])
    # squares 0, 4, 4, 0; those of the target 1, 0, 1, 0
    assert float(losses.content_loss(FEATURES, target)) == pytest.approx(2 / 0.5)
    assert float(losses.content_loss(FEATURES, FEATURES)) == 0
    assert float(losses.content_loss(0 * FEATURES, FEATURES)) == 1


def test_gram_loss_by_hand():
    # [[1 + 9, 2], [2, 4]] / 2 against [[4 + 4, 0], [0, 0]] / 4
    target = gram_matrix(PAINTED)
    assert float(losses.gram_loss(FEATURES, target)) == pytest.approx((9 + 1 + 1 + 4) / 4)


def test_statistics_loss_by_hand():
    # means 2, 1 and deviations 1, 1 against 1, 0 and 1, 0
    target = channel_statistics(PAINTED)
    assert float(losses.statistics_loss(FEATURES, target)) == pytest.approx(3 / 2, rel=1e-2)
    target = (np.array([[1.0, 0.0]]), np.array([[1.0, 0.0]]))
    assert float(losses.statistics_loss(FEATURES, target)) == pytest.approx(3 / 2, rel=1e-4)


@pytest.mark.parametrize(
    ("loss", "summary"),
    [
        (losses.content_loss, lambda features: features),
        (losses.gram_loss, gram_matrix),
        (losses.statistics_loss, channel_statistics),
    ],
)
def test_a_layer_weighs_the_same_whatever_the_size_of_its_numbers(loss, summary):
    target, features = np.random.default_rng(0).uniform(1, 2, (2, 1, 4, 4, 3)).astype("float32")
    small = float(loss(features, summary(target)))
    assert small > 0
    assert float(loss(1000 * features, summary(1000 * target))) == pytest.approx(small, rel=1e-3)
    both = np.concatenate([features, target])  # a batch against one painting
    assert float(loss(both, summary(target))) == pytest.approx(small / 2, rel=1e-3)


def test_total_variation_by_hand():
    picture = np.array([[0.0, 1.0, 1.0], [0.0, -1.0, 0.0]]).reshape(1, 2, 3, 1)
    down, along = (0 + 4 + 1) / 3, (1 + 0 + 1 + 1) / 4
    assert float(losses.total_variation(picture)) == pytest.approx(down + along)
    assert float(losses.total_variation(np.ones((2, 3, 4, 3)))) == 0


@pytest.mark.parametrize(
    "loss",
    [
        lambda x: losses.content_loss(x, FEATURES.reshape(1, 2, 2, 1)),
        lambda x: losses.gram_loss(x, gram_matrix(PAINTED[..., :1])),
        lambda x: losses.statistics_loss(x, channel_statistics(PAINTED[..., :1])),
        losses.total_variation,
    ],
)
def test_gradients_of_content_and_style_against_finite_differences(loss):
    def flat(point):
        return loss(ops.reshape(point, (1, 2, 2, 1)))

    point = np.array([1.2, 1.8, 2.5, 0.4])
    expected = _finite_differences(flat, point, step=1e-2)
    np.testing.assert_allclose(_gradient(flat, point), expected, rtol=1e-2, atol=1e-3)

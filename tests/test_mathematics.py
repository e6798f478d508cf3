"""One mathematics, not two: JavaScript, Python and the losses that train networks agree."""

import numpy as np
import pytest

from abstractgan.widgets.mathematics import GAMES, SMOOTHED, smoothed

GRID = [*np.linspace(-40, 40, 801).tolist(), -700.0, 700.0]
TERMS = ["real", "fake", "generator"]


@pytest.mark.parametrize("name", ["loss", "gradient"])
@pytest.mark.parametrize("player", TERMS)
@pytest.mark.parametrize("key", GAMES)
def test_javascript_and_python_compute_the_same(javascript, key, player, name):
    computed = javascript(f"{GRID}.map(widget.GAMES.{key}.{player}.{name})")
    expected = getattr(getattr(GAMES[key], player), name)(GRID)
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(computed, expected, rtol=1e-9, atol=0)


@pytest.mark.parametrize("name", ["loss", "gradient"])
def test_label_smoothing_is_the_same(javascript, name):
    computed = javascript(f"{GRID}.map(widget.smoothed(widget.GAMES.minimax.real, 0.1).{name})")
    expected = getattr(smoothed(GAMES["minimax"].real, 0.1), name)(GRID)
    np.testing.assert_allclose(computed, expected, rtol=1e-9)


def test_both_have_the_same_games_and_share_the_same_terms(javascript):
    assert javascript("widget.SMOOTHED") == list(SMOOTHED)
    titles = [[key, game.title] for key, game in GAMES.items()]
    assert (
        javascript("Object.entries(widget.GAMES).map(([key, game]) => [key, game.title])") == titles
    )
    terms = [(key, player) for key in GAMES for player in TERMS]
    for key, player in terms:
        one = getattr(GAMES[key], player)
        same = [[k, p] for k, p in terms if getattr(GAMES[k], p) == one]
        found = javascript(
            f"{[list(t) for t in terms]}"
            f".filter(([k, p]) => widget.GAMES[k][p] === widget.GAMES.{key}.{player})"
        )
        assert found == same


def test_gradients_are_slopes():
    s, step = np.linspace(-8, 8, 33) + 0.01, 1e-5  # not at the corners of the hinge loss
    for game in GAMES.values():
        for term in (game.real, game.fake, game.generator, smoothed(game.real, 0.2)):
            slopes = (term.loss(s + step) - term.loss(s - step)) / (2 * step)
            np.testing.assert_allclose(term.gradient(s), slopes, atol=1e-8)


@pytest.mark.parametrize("key", [key for key in GAMES if key != "article"])
def test_the_terms_are_the_losses_that_train_a_network(key):
    import tensorflow as tf

    from abstractgan.losses import ADVERSARIAL_LOSSES

    loss, game = ADVERSARIAL_LOSSES[key], GAMES[key]
    other = tf.constant([[0.3]])
    for score in (-8.0, -4.0, -0.3, 0.0, 1.7, 8.0):
        for term, call, rest in (
            (game.generator, loss.generator, 0.0),
            (game.real, lambda s: loss.discriminator(s, other), game.fake.loss(0.3)),
            (game.fake, lambda s: loss.discriminator(other, s), game.real.loss(0.3)),
        ):
            logit = tf.Variable([[score]])
            with tf.GradientTape() as tape:
                value = call(logit)
            np.testing.assert_allclose(term.loss(score) + rest, value, rtol=1e-5, atol=1e-6)
            slope = tape.gradient(value, logit)
            slope = 0.0 if slope is None else slope[0, 0]
            np.testing.assert_allclose(term.gradient(score), slope, rtol=1e-5, atol=1e-6)

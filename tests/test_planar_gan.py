"""The GAN on the plane: random numbers, exact gradients, what it learns and what it refuses."""

import numpy as np
import pytest

from abstractgan.errors import UserError
from abstractgan.widgets.mathematics import GAMES, SMOOTHED, smoothed
from abstractgan.widgets.planar_gan import (
    DATA_SETS,
    GENERATOR,
    LIMITS,
    PENALTIES,
    Experiment,
    Network,
    PlanarGAN,
    normal,
    uniform,
)


def mixed(x):
    """The hash of the module's documentation, with Python's whole numbers."""
    x = ((x ^ (x >> 16)) * 0x7FEB352D) % 2**32
    x = ((x ^ (x >> 15)) * 0x846CA68B) % 2**32
    return x ^ (x >> 16)


@pytest.mark.parametrize(("seed", "purpose", "step"), [(0, 0, 0), (7, 3, 1000), (999_999, 7, 12)])
def test_random_numbers_are_the_documented_ones(seed, purpose, step):
    key = mixed(mixed(mixed(seed) ^ purpose) ^ step)
    words = [mixed((key + i * 0x9E3779B9) % 2**32) for i in range(6)]
    expected = np.reshape([(word + 0.5) / 2**32 for word in words], (3, 2))
    np.testing.assert_array_equal(uniform(seed, purpose, step, (3, 2)), expected)


def test_random_numbers_look_random():
    u = uniform(1, 2, 3, (50_000, 2))
    assert u.min() > 0 and u.max() < 1
    np.testing.assert_allclose(u.mean(0), 0.5, atol=0.006)
    np.testing.assert_allclose(np.corrcoef(u.T)[0, 1], 0, atol=0.02)
    n = normal(u)
    np.testing.assert_allclose(n.mean(0), 0, atol=0.02)
    np.testing.assert_allclose(n.std(0), 1, atol=0.02)
    np.testing.assert_allclose(np.corrcoef(n.T)[0, 1], 0, atol=0.02)


def slopes_by_difference(parameters, value, step=1e-6):
    for parameter in parameters:
        slopes = np.zeros_like(parameter)
        for place in np.ndindex(parameter.shape):
            kept = parameter[place]
            parameter[place] = kept + step
            above = value()
            parameter[place] = kept - step
            slopes[place] = (above - value()) / (2 * step)
            parameter[place] = kept
        yield slopes


def test_gradients_in_parameters_and_inputs_are_slopes():
    network = Network(3, GENERATOR, (2, 5, 5, 2))
    x, weights = uniform(0, 0, 0, (7, 2)), uniform(0, 0, 1, (7, 2))
    output, memory = network.forward(x)
    gradients, in_inputs, _ = network.backward(memory, weights)
    value = lambda: float(np.sum(weights * network(x)))  # noqa: E731
    for exact, slopes in zip(
        [*gradients, in_inputs], slopes_by_difference([*network.parameters, x], value), strict=True
    ):
        np.testing.assert_allclose(exact, slopes, atol=1e-7)
    assert output.shape == (7, 2)


@pytest.mark.parametrize("penalty", ["gradient", "r1"])
def test_gradients_of_the_penalties_are_slopes(penalty):
    network = Network(3, GENERATOR, (2, 5, 5, 1))
    x = 2 * uniform(0, 0, 0, (7, 2)) - 1
    _, gradients = network.penalty_gradients(x, penalty)
    value = lambda: network.penalty_gradients(x, penalty)[0]  # noqa: E731
    for exact, slopes in zip(
        gradients, slopes_by_difference(network.parameters, value), strict=True
    ):
        np.testing.assert_allclose(exact, slopes, atol=1e-6)


@pytest.mark.parametrize("penalty", ["gradient", "r1"])
def test_penalties_are_those_that_train_networks(penalty):
    from abstractgan.losses import gradient_penalty, r1_penalty

    network = Network(1, GENERATOR, (2, 8, 8, 1))
    x = uniform(0, 0, 0, (9, 2))
    function = {"gradient": gradient_penalty, "r1": r1_penalty}[penalty]
    expected = float(function(network.input_gradient(x)))
    assert network.penalty_gradients(x, penalty)[0] == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("part", ["real", "fake", "generator"])
@pytest.mark.parametrize("name", GAMES)
def test_gradients_of_the_losses_are_slopes(name, part):
    s, step = np.linspace(-6.03, 6, 32), 1e-6
    term = getattr(GAMES[name], part)
    slopes = (term.loss(s + step) - term.loss(s - step)) / (2 * step)
    np.testing.assert_allclose(term.gradient(s), slopes, atol=1e-8)


@pytest.mark.parametrize("name", [name for name in GAMES if name != "article"])
def test_the_games_are_the_losses_that_train_networks(name):
    from abstractgan.losses import ADVERSARIAL_LOSSES

    real, fake, game = np.linspace(-5, 5, 11), np.linspace(-4, 7, 11), GAMES[name]
    loss = ADVERSARIAL_LOSSES[name]
    expected = np.mean(game.real.loss(real)) + np.mean(game.fake.loss(fake))
    assert float(loss.discriminator(real, fake)) == pytest.approx(expected, rel=1e-5)
    expected = np.mean(game.generator.loss(fake))
    assert float(loss.generator(fake)) == pytest.approx(expected, rel=1e-5)
    assert loss.title == game.title


def test_label_smoothing_is_the_one_that_trains_networks():
    from abstractgan.losses import cross_entropy_discriminator_loss

    real, fake, game = np.linspace(-5, 5, 11), np.linspace(-4, 7, 11), GAMES["minimax"]
    expected = np.mean(smoothed(game.real, 0.1).loss(real)) + np.mean(game.fake.loss(fake))
    found = cross_entropy_discriminator_loss(real, fake, smoothing=0.1)
    assert float(found) == pytest.approx(expected, rel=1e-5)


def test_in_the_articles_game_the_generator_minimises_what_the_discriminator_does():
    article = GAMES["article"]
    assert article.generator is article.fake
    assert article.generator.gradient(2.0) > 0  # descent lowers the score of a fake


def test_the_first_step_is_the_one_computed_by_hand():
    """Plain descent on the output biases, whose gradients are means of those in the scores."""
    gan = PlanarGAN(optimizer="sgd", discriminator_rate=0.5, generator_rate=0.5, batch=8, hidden=4)
    real = gan._data(2, 0, 8)
    fake = gan.generator(2 * uniform(0, 3, 0, (8, 2)) - 1)
    real_scores, fake_scores = gan.scores(real), gan.scores(fake)
    odds = lambda s: 1 / (1 + np.exp(-s))  # noqa: E731
    expected = np.mean(odds(real_scores) - 1) + np.mean(odds(fake_scores))
    loss = -np.mean(np.log(odds(real_scores))) - np.mean(np.log(1 - odds(fake_scores)))
    found, _ = gan.step()
    assert found == pytest.approx(loss)
    assert gan.discriminator.parameters[-1] == pytest.approx(-0.5 * expected)


def test_the_same_experiment_gives_the_same_losses_and_another_seed_others():
    first, again, other = (list(PlanarGAN(seed=seed).train(5)) for seed in (0, 0, 1))
    assert first == again != other


@pytest.mark.parametrize("loss", [name for name in GAMES if name != "article"])
def test_every_proper_game_brings_the_samples_to_the_data(loss):
    gan = PlanarGAN(loss=loss, hidden=16)
    before = gan.energy_distance()
    gan.train(600)
    assert gan.energy_distance() < 0.25 * before


def test_the_articles_game_drives_them_away():
    gan = PlanarGAN(loss="article")
    before = gan.energy_distance()
    gan.train(300)
    assert gan.energy_distance() > 5 * before


@pytest.mark.parametrize("penalty", PENALTIES)
def test_a_penalty_tames_the_slope(penalty):
    settings = {"penalty": penalty, "penalty_weight": 10.0, "discriminator_rate": 0.01}
    gan = PlanarGAN(loss="wasserstein", hidden=16, **settings)
    gan.train(200)
    steepness = np.linalg.norm(gan.discriminator.input_gradient(gan.samples()), axis=1).mean()
    low, high = {"none": (2, np.inf), "gradient": (0.5, 1.5), "r1": (0, 0.5)}[penalty]
    assert low < steepness < high


def test_the_pull_raises_the_score():
    gan = PlanarGAN()
    gan.train(50)
    fakes = gan.samples()
    moved = fakes + 1e-4 * gan.pull(fakes)
    assert (gan.scores(moved) >= gan.scores(fakes)).all()


@pytest.mark.parametrize("data", DATA_SETS)
def test_data_lie_where_they_should(data):
    points = ((-0.5, 0.5), (0.25, -0.25))
    real = PlanarGAN(data=data, points=points).real_samples(1000)
    assert np.abs(real).max() < 1.15
    if data == "drawn":
        distances = np.linalg.norm(real[:, None] - np.array(points), axis=2)
        assert distances.min(axis=1).max() < 0.2
        assert set(distances.argmin(axis=1)) == {0, 1}
    if data == "line":
        assert np.abs(real[:, 1] * 0.8 - real[:, 0] * 0.5).max() < 0.15


def test_modes_are_counted():
    gan = PlanarGAN(data="grid")
    gan.samples = gan.real_samples
    assert gan.modes_found() == (25, 25)
    gan.samples = lambda: np.tile(gan.real_samples()[:1], (200, 1))
    assert gan.modes_found() == (1, 25)
    assert PlanarGAN(data="moons").modes_found() is None


def test_the_energy_distance_is_0_for_the_data_themselves():
    gan = PlanarGAN()
    gan.samples = gan.real_samples
    assert gan.energy_distance() == pytest.approx(0)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"data": "circle"}, "data is one of ring, grid, moons, line, drawn, not 'circle'."),
        ({"loss": "dcgan"}, "loss is one of minimax, .*, article, not 'dcgan'."),
        ({"batch": 3}, "batch is a whole number from 4 to 256, not 3."),
        ({"batch": 8.5}, "batch is a whole number"),
        ({"hidden": True}, "hidden is a whole number from 2 to 64, not True."),
        ({"generator_rate": 0}, "generator_rate is a number from 0.0001 to 1.0, not 0."),
        ({"generator_rate": float("nan")}, "generator_rate is a number"),
        ({"seed": -1}, "seed is a whole number from 0 to 999999, not -1."),
        ({"data": "drawn"}, "Drawn data need at least one point"),
        ({"points": [(2, 0)]}, "points are up to 500 pairs"),
        ({"points": [(0, 0)] * 501}, "points are up to 500 pairs"),
        ({"points": "circle"}, "points are up to 500 pairs"),
        ({"points": 3}, "points are up to 500 pairs"),
        ({"loss": "hinge", "smoothing": 0.1}, "Label smoothing belongs to the cross-entropy"),
        ({"rate": 1}, "There is no setting 'rate'; there are data, points, loss"),
    ],
)
def test_a_wrong_setting_is_answered_by_what_is_allowed(settings, sentence):
    with pytest.raises(UserError, match=sentence):
        PlanarGAN(**settings)


def test_smoothing_is_allowed_where_it_means_something():
    for loss in GAMES:
        if loss in SMOOTHED:
            assert Experiment(loss=loss, smoothing=LIMITS["smoothing"][1]).smoothing == 0.4


@pytest.mark.parametrize(
    "experiment",
    [Experiment(), Experiment(data="drawn", points=((0.1, 0.2),), loss="hinge", batch=16, seed=9)],
)
def test_the_exported_code_runs_and_gives_the_same_losses(experiment, capsys):
    names = {}
    exec(experiment.python(), names)
    history = PlanarGAN(experiment).train(100)
    assert list(names["history"]) == list(history)
    assert len(capsys.readouterr().out.splitlines()) == 100

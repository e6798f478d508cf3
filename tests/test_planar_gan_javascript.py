"""The GAN on the plane in JavaScript is the one in Python: losses, samples, scores, measures."""

import json

import numpy as np
import pytest

from abstractgan.widgets.mathematics import GAMES
from abstractgan.widgets.planar_gan import DATA_SETS, PlanarGAN

STEPS = 100
DRAWN = {"data": "drawn", "points": [[-0.5, 0.5], [0.25, -0.25], [0.1, 0.9]]}
PROBES = [[x, y] for x in (-1.2, -0.3, 0.4) for y in (-0.9, 0.0, 1.1)]

EXPERIMENTS = [
    *({"loss": loss} for loss in GAMES),
    *({"data": data, "points": DRAWN["points"], "batch": 32} for data in DATA_SETS),
    {"loss": "wasserstein", "penalty": "gradient", "penalty_weight": 10.0},
    {"loss": "hinge", "penalty": "r1", "penalty_weight": 2.5, "discriminator_steps": 3},
    {"penalty": "gradient", "discriminator_steps": 2, "batch": 17, "hidden": 9},
    {"loss": "minimax", "penalty": "r1", "smoothing": 0.1},
    {"loss": "non_saturating", "smoothing": 0.4, "hidden": 16},
    {"loss": "article", "smoothing": 0.25, "batch": 8, "hidden": 8},
    {"optimizer": "sgd", "discriminator_rate": 0.1, "generator_rate": 0.05, "seed": 7},
    {"optimizer": "sgd", "loss": "least_squares", "penalty": "r1", "hidden": 5, "batch": 5},
    {"discriminator_rate": 0.01, "generator_rate": 0.0005, "hidden": 2, "batch": 4},
    {"seed": 999_999, "hidden": 63, "batch": 33, "discriminator_steps": 2},
    {"loss": "least_squares", "penalty": "gradient", **DRAWN, "hidden": 13},
]


def name(experiment):
    return " ".join(str(value) for key, value in experiment.items() if key != "points")


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=name)
def test_both_train_alike(javascript, experiment):
    gan = PlanarGAN(**experiment)
    found = javascript(
        f"""(() => {{
            const gan = new widget.PlanarGAN({json.dumps(gan.experiment.settings())});
            const probes = Float64Array.from({np.ravel(PROBES).tolist()});
            return {{
                ...gan.train({STEPS}),
                samples: [...gan.samples()],
                real: [...gan.realSamples()],
                scores: [...gan.scores(probes)],
                pull: [...gan.pull(probes)],
                distance: gan.energyDistance(),
                modes: gan.modesFound(),
            }};
        }})()"""
    )
    history = gan.train(STEPS)
    expected = {
        "discriminator": history.discriminator,
        "generator": history.generator,
        "samples": np.ravel(gan.samples()),
        "real": np.ravel(gan.real_samples()),
        "scores": gan.scores(PROBES),
        "pull": np.ravel(gan.pull(PROBES)),
        "distance": gan.energy_distance(),
    }
    assert len(found["generator"]) == len(found["discriminator"]) == STEPS
    for key, values in expected.items():
        assert np.isfinite(values).all()
        np.testing.assert_allclose(found[key], values, rtol=1e-6, atol=1e-12, err_msg=key)
    modes = gan.modes_found()
    assert found["modes"] == (modes and list(modes))


def test_a_step_is_the_turn_of_one_player_and_then_of_the_other(javascript):
    settings = json.dumps(PlanarGAN(discriminator_steps=2).experiment.settings())
    found = javascript(
        f"""(() => {{
            const [gan, twin] = [0, 1].map(() => new widget.PlanarGAN({settings}));
            const turns = [];
            for (let i = 0; i < 4; i++) turns.push([gan.turn(), gan.steps]);
            gan.turn();
            gan.step(); // finishes the step that has begun
            return {{ turns, steps: gan.steps, same: [gan.history, twin.train(3)] }};
        }})()"""
    )
    assert found["turns"] == [
        ["discriminator", 0],
        ["generator", 1],
        ["discriminator", 1],
        ["generator", 2],
    ]
    assert found["steps"] == 3
    assert found["same"][0] == found["same"][1]

"""The synthesis explorer: the same words in both languages, and the picture of each state."""

import itertools

import numpy as np
import pytest
import traitlets
from widget_checks import synthesis_explorer

from abstractgan.errors import UserError
from abstractgan.widgets import SynthesisExplorer

SETTINGS = [
    dict(zip(("movement", "truncation", "seed", "walk"), values, strict=True))
    for values in itertools.product(("orphism", "op-art"), ("0.5", "2.0"), (0, 2), (0, 3))
]


def test_its_words():
    explorer = synthesis_explorer()
    assert explorer.reading == (
        "Orphism, seed 0. No entry of the latent vector is larger than 2.0. At this truncation 70 %"
        " of the paintings are nearest to their own movement, and two of a movement are 3.0 apart."
    )
    explorer.seed, explorer.walk = 2, 3
    assert explorer.reading.startswith("Orphism, step 3 of 4 from seed 2 to seed 0.")
    assert explorer.reading in explorer.alternative
    assert repr(explorer) == (
        "SynthesisExplorer(movement='orphism', seed=2, truncation='2.0', walk=3)"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"movement": "cubism"}, "^movement is one of orphism, op-art, not 'cubism'.$"),
        ({"truncation": "3.0"}, "^truncation is one of 0.5, 1.0, 2.0, not '3.0'.$"),
        ({"seed": 3}, "^seed is one of 0, 1, 2, not 3.$"),
        ({"walk": -1}, "^walk is one of 0, 1, 2, 3, not -1.$"),
    ],
)
def test_a_wrong_setting_is_answered_by_the_right_ones(settings, message):
    with pytest.raises(traitlets.TraitError, match=message):
        synthesis_explorer(**settings)


def test_pictures_of_another_form_are_refused():
    with pytest.raises(UserError, match=r"^Give pictures, uint8 \(1, 1, .*, not float64 \(2,\)"):
        SynthesisExplorer(np.zeros(2), {"orphism": "Orphism"}, [1.0], [1], [1])


def test_the_still_picture_has_the_painting_and_its_walk():
    explorer = synthesis_explorer(seed=1, walk=2)
    painting, *walk = (axes.images[0].get_array() for axes in explorer.figure().axes)
    assert len(walk) == 4
    np.testing.assert_array_equal(painting, explorer.picture)
    np.testing.assert_array_equal(painting, walk[2])


def test_javascript_says_what_python_does_and_shows_the_picture_of_the_state(alone):
    opened = alone(synthesis_explorer())
    script = """async (all) => {
        const { lines } = await import("./widget.js");
        return all.map((state) => lines(model.get("record"), state).join(" "));
    }"""
    said = opened.page.evaluate(script, SETTINGS)
    painting, seen = opened.root.locator(".painting"), set()
    for settings, words in zip(SETTINGS, said, strict=True):
        assert words == synthesis_explorer(**settings).reading
        opened.set(**settings)
        x, y = painting.evaluate("(p) => p.style.backgroundPosition").split()
        column = 4 * settings["seed"] + settings["walk"]
        row = 3 * ("orphism", "op-art").index(settings["movement"])
        row += ("0.5", "1.0", "2.0").index(settings["truncation"])
        assert float(x.rstrip("%")) == pytest.approx(100 * column / 11, abs=1e-3)
        assert float(y.rstrip("%")) == pytest.approx(100 * row / 5, abs=1e-3)
        assert painting.get_attribute("aria-label").endswith(words)
        assert opened.root.locator(".strip .here").count() == 1
        seen.add((x, y))
    assert len(seen) == len(SETTINGS)

"""What every widget must keep to, and the list of the widgets.

A new widget joins by a line in `CASES`; test_widget_browser.py asks everything of it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from abstractgan.widgets import (
    GramExplorer,
    LossExplorer,
    OptimalDiscriminator,
    PerceptionDistortion,
    Place,
    Question,
    Quiz,
    SynthesisExplorer,
    WeightExplorer,
)
from abstractgan.widgets.base import LiveWidget


class Case(NamedTuple):
    """A widget as it opens, and three other states of it."""

    make: Callable[[], LiveWidget]
    states: list[dict]


def gram_explorer(**settings):
    """One with maps drawn at random, denser to the right and below."""
    rng = np.random.default_rng(0)
    slope = np.linspace(0, 2, 96)[:, None]
    picture = np.tile(np.sin(slope * slope.T)[None, :, :, None], 3)
    maps = {}
    for name, side in {"relu2_1": 24, "relu4_1": 12}.items():
        noise = rng.standard_normal((1, side, side, 8))
        maps[name] = np.maximum(noise + (slope + slope.T)[:side, :side, None], 0)
    return GramExplorer(picture, maps, **settings)


def synthesis_explorer(**settings):
    """One of two movements, three truncations, three seeds and four steps, in grey noise."""
    pictures = np.random.default_rng(0).integers(256, size=(2, 3, 3, 4, 16, 16, 3), dtype=np.uint8)
    movements = {"orphism": "Orphism", "op-art": "Op art"}
    truncations, accuracy, spread = (0.5, 1.0, 2.0), (0.9, 0.8, 0.7), (1, 2, 3)
    return SynthesisExplorer(pictures, movements, truncations, accuracy, spread, **settings)


def perception_distortion(**settings):
    """One with stripes that fade in, from 26 dB down to 25 and from a KID of 0.4 to 0.2."""
    stripes = np.where(np.arange(48) % 6 < 3, 60, 200).astype(np.uint8)
    grey, sharp = (np.tile(each, (48, 1))[..., None].repeat(3, 2) for each in (130, stripes))
    grey = np.broadcast_to(grey, sharp.shape)
    shares = np.linspace(0, 1, 11)
    way = [Place(np.uint8((1 - t) * grey + t * sharp), 26 - t, 0.4 - 0.2 * t**2) for t in shares]
    return PerceptionDistortion(
        way, sharp, Place(np.uint8(grey), 24.5, 0.45), "bicubic", **settings
    )


CASES = {
    "Gram explorer": Case(
        gram_explorer,
        [
            {"layer": "relu4_1", "channels": ["d"], "span": 1, "left": 11, "top": 0},
            {"span": 12},
            {"channels": list("abcdef"), "span": 9, "left": 0, "top": 11},
        ],
    ),
    "loss explorer": Case(
        LossExplorer,
        [
            {"score": -6.3, "show": "loss", "losses": ["minimax", "least_squares", "article"]},
            {"score": 0.5, "player": "discriminator", "smoothing": 0.1, "real_score": 4.5},
            {"score": 3.0, "axis": "probability", "losses": ["wasserstein", "hinge"]},
        ],
    ),
    "optimal discriminator": Case(
        OptimalDiscriminator,
        [
            {"weight": 0.5, "q_mean": 1.0, "x": -2.0},
            {"p_mean": 3.0, "p_spread": 0.5, "weight": 0.0, "q_mean": -3.0, "x": 0.0},
            {"p_mean": -1.0, "p_spread": 1.0, "x": 6.0},
        ],
    ),
    "perception and distortion": Case(
        lambda: perception_distortion(balance=0.5),
        [{"balance": 1.0}, {"balance": 0.4}, {"balance": 0.9}],
    ),
    "quiz": Case(
        lambda: Quiz(
            [
                Question("At x, 3 of 4 are <real>. D*?", [0.25, 0.75], 3 / (3 + 1), "The share."),
                Question("Which loss?", ["hinge", "minimax", "both"], "minimax", "It saturates."),
            ]
        ),
        [{"given": [0, -1]}, {"given": [1, 2]}, {"given": [1, 1]}],
    ),
    "synthesis explorer": Case(
        lambda: synthesis_explorer(seed=2),
        [
            {"movement": "op-art", "seed": 2, "walk": 3},
            {"truncation": "0.5"},
            {"truncation": "1.0", "movement": "op-art", "walk": 1},
        ],
    ),
    "weight explorer": Case(
        WeightExplorer,
        [
            {"content_weight": 1, "style_weight": 64},
            {"content_weight": 64, "style_weight": 1, "layers": "fine"},
            {"content_weight": 16, "style_weight": 16, "layers": "coarse"},
        ],
    ),
}


def check_ranges(seen, *, both=True):
    """Every slider that is seen answers to the keys and to a press on its track."""
    for slider in visible(seen, "[type=range]"):
        slider.focus()
        for key, back in (("ArrowRight", "ArrowLeft"), ("ArrowLeft", "ArrowRight")):
            if slider.evaluate(f"(s) => s.value !== s.{'max' if key == 'ArrowRight' else 'min'}"):
                before = slider.input_value()
                seen.check_change(lambda key=key: seen.page.keyboard.press(key), both=both)
                assert slider.input_value() != before
                seen.page.keyboard.press(back)
        box = slider.bounding_box()
        low, high, value = slider.evaluate("(s) => [s.min, s.max, s.value].map(Number)")
        share = 0.3 if value > (low + high) / 2 else 0.7
        place = (box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        seen.check_change(lambda place=place: seen.page.mouse.click(*place), both=both)
        assert slider.get_attribute("aria-valuetext")


def check_choices(seen, *, both=True):
    """Every radio button, check box and list that is seen answers to mouse and keys."""
    for group in visible(seen, "fieldset.radio"):
        labels = group.locator("label")
        (opening,) = [
            i for i in range(labels.count()) if labels.nth(i).locator("input").is_checked()
        ]
        others = [i for i in range(labels.count()) if i != opening]
        for i in [*others, opening]:
            seen.check_change(labels.nth(i).click, both=both)
            assert labels.nth(i).locator("input").is_checked()
        labels.nth(opening).locator("input").focus()
        for key in ("ArrowRight", "ArrowLeft"):
            seen.check_change(lambda key=key: seen.page.keyboard.press(key), both=both)
    check_checks(seen, both=both)
    for select in visible(seen, "select"):
        opening = select.input_value()
        select.focus()
        seen.check_change(lambda: seen.page.keyboard.press("ArrowDown"), both=both)
        select.select_option(opening)


def check_checks(seen, *, both=True):
    """Every check box that is seen answers to mouse and keys."""
    for group in visible(seen, "fieldset.checkbox"):
        checked = group.locator(":checked")
        for label in group.locator("label").all():
            if checked.count() == 1 and label.locator("input").is_checked():
                continue  # the last one stays
            seen.check_change(label.click, both=both)
            label.locator("input").focus()
            seen.check_change(lambda: seen.page.keyboard.press("Space"), both=both)


def visible(seen, selector):
    """All elements in the widget that a selector finds and that can be seen."""
    found = seen.root.locator(selector)
    return [found.nth(i) for i in range(found.count()) if found.nth(i).is_visible()]


def check_controls(seen, *, both=True):
    """Every control changes the drawing and the words (or, if not `both`, one of them)."""
    seen.unfold()
    check_ranges(seen, both=both)
    check_choices(seen, both=both)

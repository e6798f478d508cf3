"""The Gram explorer: its numbers in both languages, its limits, and what the mouse does."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import traitlets
from widget_checks import gram_explorer

from abstractgan.errors import UserError
from abstractgan.features import gram_matrix
from abstractgan.widgets import GramExplorer
from abstractgan.widgets import gram_explorer as module

PICTURE = np.zeros((1, 96, 96, 3))
STATES = [
    {},
    {"layer": "relu4_1", "channels": list("abcdef"), "span": 1, "left": 11, "top": 3},
    {"layer": "relu4_1", "channels": ["f"], "span": 11, "left": 11, "top": 0},
    {"channels": ["b", "e"], "span": 7, "left": 9, "top": 9},
    {"span": 12, "left": 5},
]


def stripes(side=12, channels=6):
    """Maps in which channel k responds in column k, with the strength k + 1, and nowhere else."""
    maps = np.zeros((1, side, side, channels))
    for k in range(channels):
        maps[0, :, k, k] = k + 1
    return maps


@pytest.mark.parametrize("state", STATES, ids=lambda state: json.dumps(state)[:60])
def test_javascript_and_python_say_the_same(javascript, state):
    explorer = gram_explorer(**state)
    settings = explorer.settings()
    layer = next(
        layer for layer in settings.pop("record")["layers"] if layer["name"] == explorer.layer
    )
    said = javascript(
        f"""((layer, state) => {{
            const all = widget.unpack(layer);
            const chosen = state.channels.map((c) => all["abcdef".indexOf(c)]);
            const result = widget.compare(chosen, layer.side, state);
            return {{ words: widget.lines(layer, state, result).join(" "), result }};
        }})({json.dumps(layer)}, {json.dumps(settings)})"""
    )
    assert said["words"] == explorer.reading
    comparison = explorer.compare()
    for name in ("whole", "here", "change", "distance", "means"):
        np.testing.assert_allclose(
            said["result"][name], getattr(comparison, name), rtol=1e-6, atol=1e-12, err_msg=name
        )


def test_javascript_and_python_have_the_same_settings(javascript):
    settings = gram_explorer().settings()
    assert javascript("widget.START") == {
        name: settings[name] for name in javascript("widget.START")
    }
    assert javascript("widget.GRID") == module.GRID


def test_the_matrix_is_that_of_the_package_in_units_of_the_whole_picture():
    explorer = gram_explorer(channels=list("abcdef"), span=5, left=2, top=6)
    layer = explorer.record["layers"][0]
    stored = np.frombuffer(base64.b64decode(layer["maps"]), np.uint8).reshape(6, 24, 24)
    maps = np.moveaxis(stored, 0, -1)[None].astype("float32")
    whole, part = (gram_matrix(x)[0] for x in (maps, maps[:, 12:22, 4:14]))
    lengths = np.sqrt(np.outer(np.diag(whole), np.diag(whole)))
    comparison = explorer.compare()
    np.testing.assert_allclose(comparison.whole, whole / lengths, rtol=1e-5)
    np.testing.assert_allclose(comparison.here, part / lengths, rtol=1e-5)
    np.testing.assert_allclose(np.diag(comparison.whole), 1)
    np.testing.assert_allclose(
        comparison.distance,
        np.linalg.norm((part - whole) / lengths) / np.linalg.norm(whole / lengths),
        rtol=1e-5,
    )


def test_by_hand():
    """In half of the columns of which one responds, the mean doubles, and so does the square."""
    explorer = GramExplorer(PICTURE, {"relu4_1": stripes()}, span=6, left=0, top=0)
    assert explorer.record["layers"][0]["channels"] == [5, 4, 3, 2, 1, 0]  # the strongest first
    comparison = explorer.compare()
    np.testing.assert_allclose(comparison.whole, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(comparison.here, 2 * np.eye(3), atol=1e-12)
    np.testing.assert_allclose(comparison.means, 2)
    assert comparison.distance == pytest.approx(1)
    assert explorer.reading == (
        "relu4_1, channels a (5), b (4), c (3) of 6. Region: column 1 to 6 and row 1 to 6 of 12. "
        "Its Gram matrix differs from the whole picture's by 1.00 (0: equal). Largest change: "
        "a with itself, from 1.00 to 2.00. Means, as multiples of the whole picture's: a 2.00, "
        "b 2.00, c 2.00."
    )
    explorer.span = 12
    assert explorer.reading.endswith("The region is the whole picture: nothing differs.")


def test_the_channels_do_not_repeat_one_another():
    maps = np.concatenate([stripes(channels=6), 2 * stripes(channels=6)], axis=-1)
    explorer = GramExplorer(PICTURE, {"relu4_1": maps})
    assert sorted(explorer.record["layers"][0]["channels"]) == [6, 7, 8, 9, 10, 11]


def test_a_region_is_moved_into_the_picture():
    explorer = gram_explorer(span=5, left=11, top=2)
    assert explorer.region == (7, 2, 5)
    explorer.span = 12
    assert explorer.region == (0, 0, 12)
    assert (explorer.left, explorer.top) == (11, 2)


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ({"layer": "relu5_1"}, "layer is one of relu2_1, relu4_1, not 'relu5_1'"),
        ({"channels": []}, "channels are one or more of a, b, c, d, e, f"),
        ({"channels": ["g"]}, "channels are one or more of"),
        ({"span": 0}, "span is a number from 1 to 12"),
        ({"left": 12}, "left is a number from 0 to 11"),
        ({"top": -1}, "top is a number from 0 to 11"),
    ],
)
def test_wrong_settings_are_answered_by_what_is_allowed(settings, allowed):
    with pytest.raises(traitlets.TraitError, match=allowed):
        gram_explorer(**settings)


@pytest.mark.parametrize(
    ("picture", "maps", "sentence"),
    [
        (PICTURE[0], {"relu4_1": stripes()}, r"Give a picture of shape \(1, 96, 96, 3\)"),
        (PICTURE, {}, "maps of one layer or more"),
        (PICTURE, {"relu4_1": stripes()[0]}, r"of shape \(1, side, side, channels\)"),
        (PICTURE, {"relu4_1": stripes(side=13)}, r"have a side of 96, 48, 24 or 12, not of 13"),
        (PICTURE, {"relu4_1": stripes() - 1}, "after the ReLU"),
        (PICTURE, {"relu4_1": stripes(channels=5)}, "with 6 channels or more"),
        (PICTURE, {"relu4_1": stripes() * np.nan}, "after the ReLU"),
    ],
)
def test_wrong_pictures_and_maps_are_refused(picture, maps, sentence):
    with pytest.raises(UserError, match=sentence):
        GramExplorer(picture, maps)


def test_state_and_script_are_small():
    rng = np.random.default_rng(0)
    maps = {f"relu{n}_1": rng.random((1, 96 >> n - 1, 96 >> n - 1, 8)) for n in (1, 2, 3, 4)}
    explorer = GramExplorer(rng.uniform(-1, 1, (1, 96, 96, 3)), maps)  # noise: the largest file
    assert len(json.dumps(explorer.settings())) < 150_000
    assert Path(module.__file__).with_suffix(".js").stat().st_size < 10_000
    assert Path(module.__file__).with_suffix(".css").stat().st_size < 2_000


def test_the_record_is_kept_and_importing_costs_no_tensorflow():
    explorer = gram_explorer()
    with pytest.raises(traitlets.TraitError):
        explorer.record = {}
    assert explorer.get_state()["record"] == explorer.record
    check = (
        "import sys, abstractgan.widgets.gram_explorer; "
        "print([name for name in ('tensorflow', 'keras', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_still_picture_shows_maps_region_and_both_matrices():
    explorer = gram_explorer(channels=["a", "d"], span=3, left=2, top=5)
    *maps, here, change = explorer.figure().get_axes()
    assert len(maps) == 2
    assert [axes.patches[0].get_bbox().bounds for axes in maps] == [(2, 5, 3, 3)] * 2
    comparison = explorer.compare()
    np.testing.assert_array_equal(here.images[0].get_array(), comparison.here)
    np.testing.assert_array_equal(change.images[0].get_array(), comparison.change)
    assert explorer.reading in explorer.alternative


# On a page.


def test_the_mouse_moves_the_region(alone):
    page = alone(gram_explorer())
    svg = page.root.locator(".chart svg")
    page.check_change(lambda: svg.click(position={"x": 24, "y": 152}))
    assert {name: page.state()[name] for name in ("span", "left", "top")} == {
        "span": 4,
        "left": 0,
        "top": 8,
    }
    page.check_change(lambda: svg.click(position={"x": 190, "y": 2}))
    assert (page.state()["left"], page.state()["top"]) == (8, 0)


def test_the_whole_picture_is_one_press_away_and_leaves_nowhere_to_move(alone):
    page = alone(gram_explorer())
    page.check_change(page.root.get_by_role("button", name="Whole picture").click)
    assert "nothing differs" in page.words()
    for name in ("Columns left of it", "Rows above it"):
        assert page.root.get_by_role("slider", name=name).is_disabled()
    size = page.root.get_by_role("slider", name="Size of the region")
    size.focus()
    page.check_change(lambda: page.page.keyboard.press("ArrowLeft"))
    left = page.root.get_by_role("slider", name="Columns left of it")
    assert (left.is_disabled(), left.get_attribute("max")) == (False, "1")


def test_the_tables_show_pythons_numbers(alone):
    page = alone(gram_explorer(channels=list("abcdef"), span=2, left=9, top=1))
    comparison = page.widget.compare()
    for table, matrix in zip(
        page.root.get_by_role("table").all(), (comparison.here, comparison.change), strict=True
    ):
        cells = table.locator("td:not(:empty)").all_text_contents()
        shown = [float(cell.replace("−", "-")) for cell in cells]
        np.testing.assert_allclose(shown, matrix.ravel(), atol=0.0051)


@pytest.mark.parametrize("theme", ["book light", "book dark"])
def test_cells_can_be_read_on_their_colours(alone, theme):
    """The strongest colours, of numbers beyond 1 and below -1."""
    page = alone(gram_explorer(span=1, left=0, top=0), theme=theme)
    for place in (0, 11):
        page.set(left=place, top=place)
        assert page.axe() == []

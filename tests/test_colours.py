"""Colours with a meaning stand out from their ground, and the colour-blind can tell them apart.

Their sight is simulated after Brettel, Viénot and Mollon 1997, which holds for all three kinds.
"""

import ast
import io
import re
from itertools import combinations, pairwise

import matplotlib
import numpy as np
import pytest
from conftest import ROOT
from daltonlens import simulate
from matplotlib.colors import to_hex, to_rgb
from PIL import Image
from skimage.color import deltaE_ciede2000, rgb2lab

import notebooks
from abstractgan import plots
from abstractgan.widgets import PlanarGAN

matplotlib.use("Agg")

DRAWN, WRITTEN = 3, 4.5  # the least contrast: WCAG 2.2, success criteria 1.4.11 and 1.4.3
APART = 10  # CIEDE2000; 1 is just noticeable

WIDGETS = ROOT / "src" / "abstractgan" / "widgets"
TRY_IT = ROOT / "book" / "assets" / "try_it"
SIGHTS = [None, *simulate.Deficiency]
SIMULATOR = simulate.Simulator_Brettel1997()


def contrast(*colours):
    linear = [
        [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(c)]
        for c in colours
    ]
    dark, light = sorted(np.dot(linear, [0.2126, 0.7152, 0.0722]))
    return (light + 0.05) / (dark + 0.05)


def difference(one, other):
    """Of two colours, for the eyes that see the least of it."""

    def seen(colour, sight):
        pixel = np.uint8([[np.round(np.multiply(to_rgb(colour), 255))]])
        return rgb2lab(pixel if sight is None else SIMULATOR.simulate_cvd(pixel, sight, 1))

    return min(deltaE_ciede2000(seen(one, s), seen(other, s)).item() for s in SIGHTS)


def mixed(colour, share, ground):
    return tuple(share * np.array(to_rgb(colour)) + (1 - share) * np.array(to_rgb(ground)))


def test_contrast_and_difference_are_what_they_are_called():
    assert contrast("black", "white") == pytest.approx(21)
    assert difference("black", "white") == pytest.approx(100, abs=1)
    assert difference("#2ca02c", "#ff7f0e") < 3  # two of Matplotlib's own, which protanopes mix up


# Figures.


@pytest.mark.parametrize("colour", plots.PALETTE)
def test_figures_colours_stand_out_from_white(colour):
    assert contrast(colour, plots.STYLE["axes.facecolor"]) >= DRAWN


def test_figures_colours_can_be_told_apart():
    for pair in combinations(plots.PALETTE, 2):
        assert difference(*pair) >= APART, pair
    styles = [*plots.STYLE["axes.prop_cycle"]]
    assert [style["color"] for style in styles] == [*plots.PALETTE]
    assert len({str(style["linestyle"]) for style in styles}) == len(styles)


def test_samples_stand_out_from_the_discriminators_verdict():
    grounds = [to_hex(plots.VERDICT(share)) for share in (0.0, 0.5, 1.0)]
    for colour in (plots.REAL, plots.FAKE):
        assert min(contrast(colour, ground) for ground in grounds) >= DRAWN
    assert difference(plots.REAL, plots.FAKE) >= APART
    assert difference(grounds[0], grounds[2]) >= APART
    gan = PlanarGAN(hidden=4)
    gan.train(2)
    plane = plots.planar_film([gan], frames=1).axes[0]
    assert [line.get_color() for line in plane.lines] == [plots.REAL, plots.FAKE]
    drawn = {to_hex(colour, keep_alpha=True) for colour in plane.collections[0].get_facecolors()}
    assert drawn <= {to_hex(plots.VERDICT(level), keep_alpha=True) for level in range(256)}


DRAWING = {"plot", "semilogx", "semilogy", "loglog", "hist", "bar", "barh", "scatter"}


def stored_plots():
    """The chapters' plots as readers see them: those figures in which no picture is shown."""
    for name in notebooks.names():
        notebook = notebooks.read_notebook(notebooks.FOLDER / f"{name}.ipynb")
        for number, (cell, data) in enumerate(notebooks.figures(notebook)):
            nodes = ast.walk(ast.parse(cell.source))
            calls = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
            if calls & DRAWING and "imshow" not in calls:
                yield pytest.param(data, id=f"{name}-{number}")


def hue(colours):
    """Their parts without what is grey in them."""
    return colours - np.mean(colours, axis=-1, keepdims=True)


@pytest.mark.parametrize("data", [*stored_plots()])
def test_a_stored_plot_has_the_palettes_colours_on_white(data):
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    pixels = np.asarray(picture)
    assert (pixels[[0, 0, -1, -1], [0, -1, 0, -1]] > 250).all()
    counts, colours = map(np.array, zip(*picture.getcolors(pixels.size), strict=True))
    palette = 255 * np.array([to_rgb(colour) for colour in plots.PALETTE])
    there = np.abs(colours[:, None] - palette).max(axis=2).min(axis=0) <= 8
    frequent = colours[counts > 0.001 * counts.sum()]
    coloured = frequent[np.linalg.norm(hue(frequent), axis=1) > 25]
    # Paler ones are the rims of lines, and fills: each has its own colour beside it.
    likeness = hue(coloured) @ hue(palette[there]).T
    likeness /= np.linalg.norm(hue(coloured), axis=1)[:, None]
    likeness /= np.linalg.norm(hue(palette[there]), axis=1) + 1e-9
    assert (likeness.max(axis=1, initial=-1) > 0.97).all(), coloured


def test_colour_maps_can_be_read():
    texts = [path.read_text("utf-8") for path in notebooks.FOLDER.glob("*.py")]
    names = {name for text in texts for name in re.findall(r'cmap="(\w+)"', text)}
    assert names
    for name in names:
        low, middle, high = (matplotlib.colormaps[name](share) for share in (0.0, 0.5, 1.0))
        for pair in combinations((low, middle, high), 2):
            assert difference(*pair) >= APART, name


# Widgets. What they draw, test_widget_browser.py looks at in the browser; here are their colours.

CSS = (WIDGETS / "common.css").read_text("utf-8")
THEMES = [
    {name: both[theme] for name, *both in re.findall(r"--(\w+): light-dark\((#\w+), (#\w+)\)", CSS)}
    for theme in (0, 1)
]


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_widgets_colours_can_be_written_in(theme):
    assert set(theme) == {
        *("paper", "ink", "muted", "line"),
        *("blue", "vermillion", "green", "purple", "yellow", "grey"),
    }
    for name in set(theme) - {"paper", "line"}:  # line: the grid, which nobody has to see
        assert contrast(theme[name], theme["paper"]) >= WRITTEN, name
    (border,) = re.findall(r"--zero: (#\w+)", CSS)
    assert contrast(border, theme["paper"]) >= DRAWN


KIND = re.compile(r"\.(\w+) \{ --colour: var\(--(\w+)\);(?: --dash: ([\d ]+);)?")
ALONE = {"green"}  # in the lab: the one curve of its chart


@pytest.mark.parametrize("path", sorted(WIDGETS.glob("*.css")), ids=lambda path: path.stem)
def test_a_charts_curves_differ_in_colour_or_dash(path):
    curves = [kind for kind in KIND.findall(path.read_text("utf-8")) if kind[0] not in ALONE]
    for (one, colour, dash), (other, colour_of_other, dash_of_other) in combinations(curves, 2):
        apart = [difference(theme[colour], theme[colour_of_other]) for theme in THEMES]
        assert min(apart) >= APART or dash != dash_of_other, (one, other)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_the_labs_samples_stand_out_from_its_map(theme):
    script = (WIDGETS / "gan_lab.js").read_text("utf-8")
    (most,) = re.findall(r"globalAlpha = ([\d.]+) \* Math\.sqrt", script)
    for sample in ("blue", "vermillion"):
        for ground in ("blue", "vermillion"):
            below = mixed(theme[ground], float(most), theme["paper"])
            assert contrast(theme[sample], below) >= DRAWN, (sample, ground)


def test_widgets_stills_have_the_colours_of_the_widgets_or_of_figures():
    known = {*map(str.upper, THEMES[0].values()), *plots.PALETTE, "#333333"}
    for path in WIDGETS.glob("*.py"):
        assert set(re.findall(r'"(#[0-9A-Fa-f]{6})"', path.read_text("utf-8"))) <= known, path.name


# The page "Try it".


def test_the_heat_map_can_be_read_and_its_scale_shows_it():
    script = (TRY_IT / "verdict.js").read_text("utf-8")
    (colours,) = re.findall(r"\[LOW, MIDDLE, HIGH\] = (\[\[.*\]\]);", script)
    drawn = [to_hex(np.divide(colour, 255)) for colour in ast.literal_eval(colours)]
    assert ", ".join(drawn) in (TRY_IT / "page.css").read_text("utf-8")
    for pair in [*pairwise(drawn), (drawn[0], drawn[2])]:
        assert difference(*pair) >= 2 * APART

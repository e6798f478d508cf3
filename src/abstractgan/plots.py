"""Figures of the chapters: grids of pictures and the curves of a training run.

Every function returns a figure on a white ground, so that it can be read in light and dark pages.
Lines differ in dash as well as in colour, and the colours are those that colour-blind readers can
tell apart (Okabe and Ito 2008, "Color Universal Design"). Chapters take both for figures of their
own with ``plt.style.use(plots.STYLE)``.

First used in the chapter ``notebooks/digit_gan``.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from PIL import Image
from scipy.special import expit

from abstractgan.data.images import to_uint8
from abstractgan.errors import UserError

if TYPE_CHECKING:
    from abstractgan.widgets.planar_gan import PlanarGAN

BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#666666"
"""Okabe and Ito's colours, and a grey."""
PALETTE = (BLUE, ORANGE, GREEN, PURPLE, GREY)
"""The colours of a plot's curves, in their order."""

STYLE: dict[Any, Any] = {
    "figure.facecolor": "white",
    "figure.dpi": 100,
    "savefig.facecolor": "white",
    "font.size": 10,
    "axes.facecolor": "white",
    "axes.prop_cycle": plt.cycler(
        color=PALETTE, linestyle=("-", "--", "-.", ":", (0, (6, 1, 1, 1)))
    ),
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}
"""Matplotlib's settings of every figure: ``plt.style.use(STYLE)``."""

VERDICT = LinearSegmentedColormap.from_list("verdict", ["#EEBF99", "white", "#99C7E0"])
"""From fake to real: what lies behind samples."""
FAKE, REAL = "#AA4B00", "#005B8E"
"""Darker shades for samples, which have to stand out from ``VERDICT`` and from each other."""

_GAP = 0.04  # between two pictures, as a share of a picture's height
_LINE, _LETTER = 0.2, 0.08  # height of a line of text and width of a letter, in inches


def show(figure: Figure, *, photographs: bool = False) -> None:
    """Show a figure in a notebook in about a third of its bytes, and close it.

    Args:
        figure: For a chapter with many of them.
        photographs: Whether it has skies and skins: it becomes a JPEG, which keeps their many
            shades. Other figures become PNGs of 256 colours, which keep lines and letters.
    """
    from IPython.display import Image as Displayed
    from IPython.display import display

    if photographs:
        lean = BytesIO()
        figure.savefig(lean, format="jpeg", pil_kwargs={"quality": 88})
        shown = Displayed(lean.getvalue(), format="jpeg")
    else:
        shown = Displayed(palette_png(figure, 256))
    plt.close(figure)
    display(shown)


def palette_png(figure: Figure, colours: int) -> bytes:
    """A figure as a PNG of few colours; those of thin lines are kept beside many greys.

    Args:
        figure: Stays open.
        colours: How many at most, up to 256.
    """
    drawn, lean = BytesIO(), BytesIO()
    figure.savefig(drawn, format="png")
    few = Image.open(drawn).convert("RGB").quantize(colours, Image.Quantize.MAXCOVERAGE)
    few.save(lean, format="png", optimize=True)
    return lean.getvalue()


def image_grid(
    images: npt.ArrayLike,
    columns: int,
    titles: Sequence[str] | None = None,
    *,
    rows: Sequence[str] | None = None,
    size: float = 0.56,
) -> Figure:
    """Pictures side by side, row by row.

    Args:
        images: Pictures (n, height, width, 1 or 3), uint8 or float in [-1, 1].
        columns: Pictures in a row; the last row may be shorter.
        titles: A short text above each picture.
        rows: A short text to the left of each row.
        size: Width of a picture in inches.

    Raises:
        UserError: If the images have another shape, or texts and pictures do not agree in number.
    """
    pictures = np.asarray(images)
    if pictures.ndim != 4 or pictures.shape[3] not in (1, 3) or not len(pictures):
        raise UserError(
            "Give pictures of shape (n, height, width, 1 or 3), at least one, not "
            f"{pictures.shape}."
        )
    if columns < 1:
        raise UserError(f"Give one column or more, not {columns}.")
    if titles is not None and len(titles) != len(pictures):
        raise UserError(
            f"Give a title for each of the {len(pictures)} pictures, not {len(titles)}."
        )
    count = ceil(len(pictures) / columns)
    if rows is not None and len(rows) != count:
        raise UserError(f"Give a text for each of the {count} rows, not {len(rows)}.")
    if pictures.dtype != np.uint8:
        pictures = to_uint8(pictures)

    height, width = pictures.shape[1:3]
    pixels = width / size  # for each inch of the figure
    gap = max(1, round(_GAP * height))
    above = round(_LINE * pixels) + gap if titles is not None else 0
    step_y, step_x = height + gap + above, width + gap
    mosaic = np.full((count * step_y - gap, columns * step_x - gap, 3), 255, np.uint8)
    corners = [
        (above + row * step_y, column * step_x) for row in range(count) for column in range(columns)
    ][: len(pictures)]
    for (y, x), picture in zip(corners, pictures, strict=True):
        mosaic[y : y + height, x : x + width] = picture

    wide, high = mosaic.shape[1] / pixels, mosaic.shape[0] / pixels
    left = _LETTER * (max(map(len, rows)) + 1) if rows else 0.0
    with plt.rc_context(STYLE):
        figure = plt.figure(figsize=(left + wide, high))
        axes = figure.add_axes((left / (left + wide), 0, wide / (left + wide), 1))
        axes.imshow(mosaic, interpolation="nearest" if pixels <= STYLE["figure.dpi"] / 2 else None)
        axes.set_axis_off()
        for (y, x), title in zip(corners, titles or (), strict=False):
            middle = x + width / 2
            axes.text(middle, y - gap, title, ha="center", va="bottom", fontsize=9)
        for (y, _), text in zip(corners[::columns], rows or (), strict=False):
            axes.text(-2 * gap, y + height / 2, text, ha="right", va="center", fontsize=9)
    return figure


def loss_curves(log: Mapping[str, npt.ArrayLike]) -> Figure:
    """The losses of both networks over the steps.

    Args:
        log: Columns of equal length: ``step``, ``discriminator_loss``, ``generator_loss``.

    Raises:
        UserError: If the log has no such column.
    """
    figure, axes = _curves("Loss, as each network sees it")
    _line(axes, log, "discriminator_loss", "discriminator", BLUE, "-")
    _line(axes, log, "generator_loss", "generator", ORANGE, "--")
    _legend(axes)
    return figure


def score_curves(log: Mapping[str, npt.ArrayLike]) -> Figure:
    """The discriminator's mean score (a logit) of real and of generated samples over the steps.

    Args:
        log: Columns of equal length: ``step``, ``real_score``, ``fake_score``.

    Raises:
        UserError: If the log has no such column.
    """
    figure, axes = _curves("The discriminator's score (logit): above 0 it says real")
    axes.axhline(0, color=GREY, linewidth=1)
    _line(axes, log, "real_score", "of real digits", BLUE, "-")
    _line(axes, log, "fake_score", "of generated digits", ORANGE, "--")
    _legend(axes)
    return figure


def metric_curve(log: Mapping[str, npt.ArrayLike], column: str, title: str) -> Figure:
    """One measure over the steps, with a mark wherever it was taken.

    Args:
        log: Columns of equal length: ``step`` and ``column``, with NaN where nothing was measured.
        column: The name of the column.
        title: What the measure is, and which way is better.

    Raises:
        UserError: If the log has no such column.
    """
    figure, axes = _curves(title)
    _line(axes, log, column, column, GREEN, "-", marker="o", markersize=4)
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    return figure


def planar_film(film: Sequence["PlanarGAN"], frames: int = 4) -> Figure:
    """A GAN on the plane as it trained: pictures of a few moments, losses, distance to the data.

    A picture shows real samples as blue dots and generated ones as orange triangles, on the
    discriminator's probability of "real" (of a cross-entropy game): blue above one half, orange
    below. All pictures reach as far as the samples at the end. Two pictures stand in a row, so that
    the whole can be read on a phone.

    First used in the chapter ``notebooks/what_goes_wrong``.

    Args:
        film: Copies of one GAN at evenly spaced moments of its training, the last one at its end.
        frames: How many moments to show, from the first to the last.

    Raises:
        UserError: If there are fewer moments than frames, or no frame.
    """
    if not 1 <= frames <= len(film):
        raise UserError(
            f"Ask for 1 frame or more and give a film of at least as many moments, not {frames} "
            f"frames of {len(film)}."
        )
    shown = [film[round(index)] for index in np.linspace(len(film) - 1, 0, frames)][::-1]
    view = max(1.2, 1.05 * float(np.quantile(np.abs(film[-1].samples()), 0.99)))
    history = film[-1].history
    with plt.rc_context(STYLE):
        rows = ceil(frames / 2)
        figure = plt.figure(figsize=(4.8, 2.2 * rows + 1.7), layout="constrained")
        grid = figure.add_gridspec(rows + 1, 2, height_ratios=(*[2.2] * rows, 1.7))
        for place, gan in enumerate(shown):
            _plane(figure.add_subplot(grid[divmod(place, 2)]), gan, view)
        losses, distance = (figure.add_subplot(grid[rows, column]) for column in (0, 1))
        losses.plot(history.discriminator, "-", color=BLUE, linewidth=1, label="D")
        losses.plot(history.generator, "--", color=ORANGE, linewidth=1, label="G")
        losses.set(title="Losses", xlabel="step")
        losses.legend(
            loc="lower right",  # outside, at the right of the title
            bbox_to_anchor=(1, 1),
            borderaxespad=0.2,
            ncols=2,
            handlelength=1.6,
            columnspacing=1,
        )
        distance.plot(
            [len(gan.history.generator) for gan in film],
            [gan.energy_distance() for gan in film],
            color=GREEN,
        )
        distance.set(title="Distance to the data", xlabel="step", ylim=(0, None))
    return figure


def _plane(axes: Axes, gan: "PlanarGAN", view: float) -> None:
    axis = np.linspace(-view, view, 61)
    scores = gan.scores(np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2))
    verdict = expit(scores).reshape(61, 61)
    levels = np.linspace(0, 1, 10)
    axes.contourf(axis, axis, verdict, levels, cmap=VERDICT, vmin=0, vmax=1)
    axes.plot(*gan.real_samples().T, "o", color=REAL, markersize=1.5)
    axes.plot(*gan.samples().T, "^", color=FAKE, markersize=2.5)
    axes.set(xlim=(-view, view), ylim=(-view, view), aspect="equal", xticks=(), yticks=())
    axes.grid(False)
    axes.set_title(f"step {len(gan.history.generator)}")


def _curves(title: str) -> tuple[Figure, Axes]:
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(6.4, 3.0), layout="constrained")
        axes.set_title(title)
        axes.set_xlabel("step")
    return figure, axes


def _line(
    axes: Axes,
    log: Mapping[str, npt.ArrayLike],
    column: str,
    label: str,
    color: str,
    dash: str,
    **options: Any,
) -> None:
    missing = [name for name in ("step", column) if name not in log]
    if missing:
        raise UserError(f"The log has no column {missing[0]!r}; it has {', '.join(log)}.")
    steps, values = np.asarray(log["step"], float), np.asarray(log[column], float)
    measured = np.isfinite(values)
    with plt.rc_context(STYLE):
        axes.plot(steps[measured], values[measured], dash, color=color, label=label, **options)


def _legend(axes: Axes) -> None:
    with plt.rc_context(STYLE):
        axes.legend(loc="best", ncols=2)

"""Constructivism: paper, black, grey and red; beams, discs and ruled lines, built like machines."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, palette, vary
from abstractgan.data.paintings.shapes import Polygon, arc, bar, rectangle, rotation, sector

PAPER = palette("d9ccb0 d3c7b2 cfc4a8")
"""Grounds."""
BLACK, RED, GREY, PALE = palette("1d1b1a b92b1d 8d8778 e9e1cd")
"""Printers' inks."""
INK = Brush(marks=0.05, clouds=0.05, impasto=0.1)
"""Of the forms."""
PRINTED = Brush(marks=0.025, clouds=0.06, impasto=0.1)
"""Of large areas."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """A dark wedge of ground, one large disc, beams that cross it, and bundles of lines.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    canvas.prime(vary(rng, rng.choice(PAPER), 0.015), PRINTED, weave=0.015)
    slope = rng.choice([-1, 1]) * rng.uniform(0.45, 0.95)
    turn = rotation(slope)
    dark, disc = (RED, BLACK) if rng.random() < 0.25 else (BLACK, RED)
    side = rng.choice([-1, 1])
    ground = side * rectangle(-2, 0.12, 2, 2) @ turn.T + 0.5 + rng.uniform(-0.1, 0.1)
    canvas.paint(ground, vary(rng, dark, 0.01), brush=PRINTED)

    centre = 0.5 + turn @ np.array([rng.uniform(-0.2, 0.2), rng.uniform(-0.1, 0.14) * side])
    radius = rng.uniform(0.2, 0.3)
    canvas.paint(arc(centre, radius), vary(rng, disc, 0.02), brush=INK)
    if rng.random() < 0.7:
        start = slope + rng.choice([0, np.pi / 2, np.pi])
        canvas.paint(sector(centre, 0, radius, start, start + np.pi), PALE, brush=INK, opacity=0.9)
    if rng.random() < 0.6:
        canvas.paint(arc(centre, radius * rng.uniform(0.25, 0.5)), dark, brush=INK)
    for ring in range(rng.integers(1, 4)):
        start = rng.uniform(0, 2 * np.pi)
        outer = radius * (1.15 + 0.13 * ring)
        band = sector(centre, outer - 0.008, outer, start, start + rng.uniform(1, 4))
        canvas.paint(band, contrast(canvas, band), brush=INK)

    for _ in range(rng.integers(4, 7)):
        across = rng.choice([0.0, np.pi / 2], p=[0.7, 0.3])
        place = 0.5 + turn @ rng.uniform([-0.3, -0.35], [0.3, 0.35])
        beam = bar(place, rng.uniform(0.3, 0.9), rng.choice([0.025, 0.05, 0.09]), slope + across)
        colour = [BLACK, RED, GREY, PALE][rng.integers(4)]
        canvas.paint(beam, vary(rng, colour, 0.02), brush=INK, opacity=rng.choice([1.0, 0.75]))
    for _ in range(rng.integers(2, 4)):
        across = slope + rng.choice([0.0, np.pi / 2, 0.6])
        start, gap = rng.uniform(-0.35, 0.3, 2), rng.uniform(0.014, 0.024)
        for row in range(rng.integers(4, 9)):
            place = 0.5 + turn @ start + rotation(across) @ np.array([0, gap * row])
            line = bar(place, rng.uniform(0.3, 0.34), 0.004, across)
            canvas.paint(line, contrast(canvas, line), brush=INK)


def contrast(canvas: Canvas, shape: Polygon) -> Colours:
    """Pale where the canvas is dark under the middle of the shape, dark where it is pale.

    Args:
        canvas: What is painted so far.
        shape: What the colour is for, (n, 2).
    """
    x, y = np.clip(shape.mean(axis=0) * canvas.size, 0, canvas.size - 1).astype(int)
    return PALE if canvas.pixels[y, x].mean() < 0.5 else BLACK

"""Neoplasticism: black lines at right angles, primary colours and much white, in uneven balance."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import palette, vary
from abstractgan.data.paintings.shapes import bar, by_hand, rectangle

WHITES = palette("efece1 e8e6de f3f0e8 dfdfdc e9e3d3")
"""Of most cells."""
PRIMARIES = palette("c4261d f2c318 1f3f8f")
"""Of the others, one each."""
BLACK = palette("16151a")[0]
"""Of the lines."""

Cell = tuple[float, float, float, float]
"""Left, top, right and bottom."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Divide the canvas by lines, colour a few cells near the edge, leave the rest white.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    canvas.prime(WHITES[0])
    cells, lines = divide(rng, (-0.02, -0.02, 1.02, 1.02), 0)
    colours = rng.choice(WHITES, len(cells))
    colours[accents(rng, cells)] = rng.permutation(PRIMARIES)
    for cell, colour in zip(cells, colours, strict=True):
        brush = Brush(rng.choice([0, np.pi / 2]), marks=0.02, clouds=0.02, impasto=0.25)
        canvas.paint(rectangle(*cell), vary(rng, colour, 0.015), brush=brush)
    thickness = rng.uniform(0.014, 0.026)
    for left, top, right, bottom in lines:
        width, height = right - left, bottom - top
        middle = ((left + right) / 2, (top + bottom) / 2)
        angle = 0 if width > height else np.pi / 2
        line = bar(middle, width + height, thickness * rng.uniform(0.7, 1.4), angle)
        canvas.paint(by_hand(rng, line, 0.0008), BLACK, brush=Brush(angle, marks=0.08))


def divide(rng: Generator, cell: Cell, depth: int) -> tuple[list[Cell], list[Cell]]:
    """Split a cell again and again, each time off the middle; return the cells and the lines.

    Args:
        rng: Decides all that is left to chance.
        cell: What is split.
        depth: How many splits lie behind it: the more, the sooner it stays whole.
    """
    left, top, right, bottom = cell
    width, height = right - left, bottom - top
    if depth > 1 and (rng.random() < 0.2 * depth or max(width, height) < 0.3):
        return [cell], []
    share = rng.choice([rng.uniform(0.18, 0.4), rng.uniform(0.6, 0.82)])
    if rng.random() < width**2 / (width**2 + height**2):
        x = left + share * width
        parts, line = [(left, top, x, bottom), (x, top, right, bottom)], (x, top, x, bottom)
    else:
        y = top + share * height
        parts, line = [(left, top, right, y), (left, y, right, bottom)], (left, y, right, y)
    (first, before), (second, after) = (divide(rng, part, depth + 1) for part in parts)
    return first + second, [*before, *after, line]


def accents(rng: Generator, cells: list[Cell]) -> list[int]:
    """Choose three cells for colour, mostly far from the centre and far from each other.

    Args:
        rng: Decides all that is left to chance.
        cells: To choose from.
    """
    centres = np.array([((a + c) / 2, (b + d) / 2) for a, b, c, d in cells])
    chosen = [int(np.argmax(np.abs(centres - 0.5).max(axis=1) + rng.uniform(0, 0.2, len(cells))))]
    while len(chosen) < len(PRIMARIES):
        gaps = np.linalg.norm(centres[:, None] - centres[chosen], axis=2).min(axis=1)
        chosen.append(int(np.argmax(gaps + rng.uniform(0, 0.25, len(cells)) * (gaps > 0))))
    return chosen

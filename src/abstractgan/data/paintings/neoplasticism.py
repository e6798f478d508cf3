"""Neoplasticism: black lines at right angles, three primary colours and much white, in uneven balance."""

from __future__ import annotations

import numpy as np

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import palette, vary
from abstractgan.data.paintings.shapes import by_hand, rectangle

WHITES = palette("efece1 e8e6de f3f0e8 dfdfdc e9e3d3")
PRIMARIES = palette("c4261d f2c318 1f3f8f")
BLACK = palette("16151a")[0]

Cell = tuple[float, float, float, float]


def paint(canvas: Canvas, rng: np.random.Generator) -> None:
    """Divide the canvas by lines, colour a few cells near the edge, leave the rest white."""
    canvas.prime(WHITES[0])
    cells, lines = divide(rng, (-0.02, -0.02, 1.02, 1.02), 0)
    colours = [vary(rng, white, 0.01) for white in WHITES[rng.integers(len(WHITES), size=len(cells))]]
    for cell, colour in zip(accents(rng, cells), rng.permutation(PRIMARIES), strict=False):
        colours[cell] = vary(rng, colour, 0.02)
    for cell, colour in zip(cells, colours, strict=True):
        along = rng.choice([0, np.pi / 2])
        canvas.paint(rectangle(*cell), colour, brush=Brush(along, marks=0.02, clouds=0.02, impasto=0.25))
    thickness = rng.uniform(0.014, 0.026)
    for left, top, right, bottom in lines:
        half = thickness * rng.uniform(0.7, 1.4) / 2
        upright = right - left < bottom - top
        grow = np.array([-half, 0, half, 0]) if upright else np.array([0, -half, 0, half])
        line = rectangle(*(np.array([left, top, right, bottom]) + grow))
        along = np.pi / 2 if upright else 0.0
        canvas.paint(by_hand(rng, line, 0.0008), BLACK, brush=Brush(along, marks=0.08))


def divide(rng: np.random.Generator, cell: Cell, depth: int) -> tuple[list[Cell], list[Cell]]:
    """Split a cell again and again, each time off the middle; return the cells and the lines."""
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


def accents(rng: np.random.Generator, cells: list[Cell]) -> list[int]:
    """Choose two to four cells for colour, mostly far from the centre and far from each other."""
    centres = np.array([((a + c) / 2, (b + d) / 2) for a, b, c, d in cells])
    chosen = [int(np.argmax(np.abs(centres - 0.5).max(axis=1) + rng.uniform(0, 0.2, len(cells))))]
    while len(chosen) < min(len(cells) - 1, 3):
        gaps = np.linalg.norm(centres[:, None] - centres[chosen], axis=2).min(axis=1)
        chosen.append(int(np.argmax(gaps + rng.uniform(0, 0.25, len(cells)) * (gaps > 0))))
    return chosen

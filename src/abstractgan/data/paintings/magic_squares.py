"""Magic squares: watercolour fields in an uneven grid, colour chosen as a composer chooses keys."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, mix, palette, vary
from abstractgan.data.paintings.shapes import Polygon, by_hand

CHORDS = [
    palette("2c2a3d 5b3f4f a3513e d98b4a e9c27a e8ddba"),
    palette("20303a 32606a 6b8f7a b9b27a dfb573 d2734a"),
    palette("2f2536 5a4a74 8a7fa3 c29aa0 e0b9a0 eadcc0"),
    palette("27301f 4d6136 87904a c2b25a e6cf8e b8583a"),
    palette("351f22 7a2c2c b8452f dd7f3c e8b85f 5e7c84"),
]
"""Scales of colours, from key to key."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Warp a grid, let colour drift across it, and strike a few cells in another key.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    chord = CHORDS[rng.integers(len(CHORDS))]
    canvas.prime(mix(chord[0], (0.1, 0.09, 0.09), 0.6), Brush(marks=0.1), weave=0.06)
    columns, rows = rng.integers(6, 10, 2)
    corners = np.stack(np.meshgrid(edges(rng, columns), edges(rng, rows)), axis=2)
    corners += rng.normal(0, 0.05, corners.shape) / (columns, rows)
    drift = rng.normal(0, 1, 2)
    waves = rng.uniform(1.5, 4, 2)
    for row in range(rows):
        for column in range(columns):
            cell = corners[[row, row, row + 1, row + 1], [column, column + 1, column + 1, column]]
            middle = cell.mean(axis=0)
            key = 0.5 + 0.3 * np.sin(waves @ middle + drift[0] * 3) + 0.25 * drift @ (middle - 0.5)
            key += rng.normal(0, 0.14)
            if rng.random() < 0.1:
                key = 1 - key
            wash(canvas, rng, cell, tone(chord, key))
            if rng.random() < 0.12:
                half = np.delete(cell, rng.integers(4), axis=0)
                wash(canvas, rng, half, tone(chord, key + rng.choice([-0.3, 0.3])))


def edges(rng: Generator, count: int) -> Polygon:
    """Uneven grid lines from a little inside one edge of the paper to a little inside the other.

    Args:
        rng: Decides all that is left to chance.
        count: Of cells; there is one line more.
    """
    widths = rng.uniform(0.6, 1.5, count)
    return 0.025 + 0.95 * np.concatenate([[0], np.cumsum(widths)]) / widths.sum()


def tone(chord: Colours, key: float) -> Colours:
    """Read a chord of colours as a scale: 0 its first colour, 1 its last.

    Args:
        chord: Colours (n, 3).
        key: The place on the scale; what is beyond an end is that end.
    """
    place = np.clip(key, 0, 1) * (len(chord) - 1)
    return np.array([np.interp(place, range(len(chord)), chord[:, band]) for band in range(3)])


def wash(canvas: Canvas, rng: Generator, cell: Polygon, colour: Colours) -> None:
    """Lay one cell in two transparent coats, the second a little smaller and not quite the same.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        cell: Its corners, (n, 2).
        colour: sRGB in [0, 1], (3,).
    """
    middle = cell.mean(axis=0)
    for size in (0.985, 0.93):
        coat = by_hand(rng, middle + size * (cell - middle), 0.0015)
        brush = Brush(rng.choice([0, np.pi / 2]), marks=0.07, clouds=0.12, dry=0.05, impasto=0.05)
        canvas.paint(coat, vary(rng, colour, 0.02), brush=brush, opacity=0.75, softness=0.0015)

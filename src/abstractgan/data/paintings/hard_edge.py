"""Hard-edge painting: a few flat colours that meet in clean lines, with no trace of the brush."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import FLAT, Canvas
from abstractgan.data.paintings.colour import Colours, palette, vary
from abstractgan.data.paintings.shapes import arc, rectangle, rotation, sector

CHORDS = [
    palette("1f3f94 e9e4d8 d8442b f0b62e"),
    palette("14544a e7b33d efe6d2 c4542d"),
    palette("c92d38 f0e9dc 222226 5f8fb8"),
    palette("e7772d 2a2f6b f1dcc0 9a3b5b"),
    palette("2c6b3f f2efe4 e85f3a 1d2b4d"),
    palette("d9a5a5 6e1f2e f0e4d6 3b6f86"),
]
"""Four colours each."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Pick a chord of colours and one plain idea.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    chord = rng.permutation(CHORDS[rng.integers(len(CHORDS))])
    chord = np.array([vary(rng, colour, 0.015) for colour in chord])
    canvas.prime(chord[0], FLAT, weave=0.02)
    idea = [squares, chevrons, curves, quarters, stripes][rng.integers(5)]
    idea(canvas, rng, chord)


def squares(canvas: Canvas, rng: Generator, chord: Colours) -> None:
    """Squares within squares, sinking towards the lower edge.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        chord: The colours at hand, the ground's first, (4, 3).
    """
    for side, colour in zip((0.78, 0.55, 0.32), chord[1:], strict=True):
        left, top = (1 - side) / 2, (1 - side) * 0.72
        canvas.paint(rectangle(left, top, left + side, top + side), colour, brush=FLAT)


def chevrons(canvas: Canvas, rng: Generator, chord: Colours) -> None:
    """Angles stacked from corner to corner, their point a little off the middle.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        chord: The colours at hand, the ground's first, (4, 3).
    """
    tip, slope = rng.uniform(0.35, 0.65), rng.uniform(0.6, 1.1)
    turn = rotation(rng.choice([0, np.pi / 2, np.pi, -np.pi / 2]))
    top = rng.uniform(-0.3, 0.1)
    for colour in [*chord[1:], chord[0], chord[rng.integers(1, 3)]]:
        width = rng.uniform(0.09, 0.2)
        sides = np.array([(-1, top - slope * (tip + 1)), (tip, top), (2, top - slope * (2 - tip))])
        band = np.concatenate([sides, np.add(sides[::-1], (0, width))])
        canvas.paint((band - 0.5) @ turn.T + 0.5, colour, brush=FLAT)
        top += width + rng.choice([0, 0.05])


def curves(canvas: Canvas, rng: Generator, chord: Colours) -> None:
    """Two or three large forms cut by the edge of the picture.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        chord: The colours at hand, the ground's first, (4, 3).
    """
    turn = rotation(rng.uniform(0, 2 * np.pi))
    offset = rng.uniform(0.1, 0.3)
    discs = [
        arc((offset + 0.55, 0), rng.uniform(0.6, 0.75)),
        arc((-0.6, offset), rng.uniform(0.4, 0.55)),
        arc((0.3, -0.1), rng.uniform(0.12, 0.2)),
    ]
    count = rng.integers(2, 4)
    canvas.paint([0.5 + disc @ turn.T for disc in discs[:count]], chord[1 : count + 1], brush=FLAT)


def quarters(canvas: Canvas, rng: Generator, chord: Colours) -> None:
    """A grid of modules, in each a quarter of a disc.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        chord: The colours at hand, the ground's first, (4, 3).
    """
    count = int(rng.integers(3, 5))
    side = 1 / count
    for row in range(count):
        for column in range(count):
            under, over, core = rng.permutation(len(chord))[:3]
            corner = np.array([column, row]) * side
            canvas.paint(rectangle(*corner, *(corner + side)), chord[under], brush=FLAT)
            quarter = rng.integers(4)
            hub = corner + side * np.array([(0, 0), (1, 0), (1, 1), (0, 1)])[quarter]
            start, stop = quarter * np.pi / 2, (quarter + 1) * np.pi / 2
            canvas.paint(sector(hub, 0, side, start, stop), chord[over], brush=FLAT)
            if rng.random() < 0.35:
                canvas.paint(sector(hub, 0, side / 2, start, stop), chord[core], brush=FLAT)


def stripes(canvas: Canvas, rng: Generator, chord: Colours) -> None:
    """Bands of a few measured widths, upright or leaning.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        chord: The colours at hand, the ground's first, (4, 3).
    """
    turn = rotation(rng.choice([0, np.pi / 4, -np.pi / 4, np.pi / 2]))
    unit, place, last = rng.uniform(0.03, 0.05), -0.75, 0
    while place < 0.75:
        width = unit * rng.choice([1, 2, 3, 5])
        last = (last + int(rng.integers(1, len(chord)))) % len(chord)
        canvas.paint(0.5 + rectangle(place, -1, place + width, 1) @ turn.T, chord[last], brush=FLAT)
        place += width

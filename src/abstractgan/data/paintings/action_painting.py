"""Action painting: skeins of paint dripped and flung on raw canvas, layer over layer."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, palette, vary
from abstractgan.data.paintings.shapes import Polygon, blob, dots, stroke

RAW = palette("cdbd9c c4b596 d4c8ac")
"""Canvas without a priming."""
BLACK, WHITE = palette("171617 ece7da")
"""Enamels that every picture has."""
ACCENTS = [
    palette("8f9696 b0752f"),
    palette("2f5f73 c9a53a"),
    palette("a8382a 8f9696"),
    palette("6f7f4a d07f3a"),
    palette("3d4f86 c2b8a3"),
]
"""Pairs of others, of which a picture has one."""
ENAMEL = Brush(marks=0.03, clouds=0.02, impasto=0.3)
"""Lies thick and even."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Soak the canvas, then throw black, accents and white over each other.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    canvas.prime(rng.choice(RAW), Brush(marks=0.04, clouds=0.06, impasto=0.1), weave=0.09)
    first, second = ACCENTS[rng.integers(len(ACCENTS))]
    for _ in range(5):
        stain = blob(rng, rng.uniform(0.1, 0.9, 2), rng.uniform(0.1, 0.25))
        canvas.paint(stain, rng.choice([BLACK, first]), brush=ENAMEL, opacity=0.18, softness=0.03)
    for colour, throws, width in [
        (BLACK, 7, 0.013),
        (first, 7, 0.01),
        (WHITE, 6, 0.007),
        (BLACK, 8, 0.007),
        (second, 7, 0.006),
        (WHITE, 9, 0.0045),
        (BLACK, 10, 0.003),
        (WHITE, 6, 0.0025),
    ]:
        pour(canvas, rng, vary(rng, colour, 0.02), throws, width * rng.uniform(0.8, 1.3))


def pour(canvas: Canvas, rng: Generator, colour: Colours, throws: int, width: float) -> None:
    """One can of paint: a few long throws, pools where the hand slows down, and spatter.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        colour: sRGB in [0, 1], (3,).
        throws: How many.
        width: Of the threads of paint, about.
    """
    marks: list[Polygon] = []
    for _ in range(throws):
        path, speed = throw(rng)
        thread = width * rng.lognormal(0, 0.35) * np.clip(1.6 - 1.3 * speed, 0.25, 1.5)
        marks += stroke(path, thread)
        pools = path[np.argsort(speed)[: rng.integers(1, 4)]]
        marks += dots(pools, width * rng.uniform(0.4, 1.0, len(pools)))
        drops = path[rng.integers(len(path), size=12)] + rng.normal(0, 0.035, (12, 2))
        sizes = width * 0.45 * rng.lognormal(-0.4, 0.6, 12)
        marks += dots(drops, sizes)
    canvas.paint(marks, colour, brush=ENAMEL)


def throw(rng: Generator) -> tuple[Polygon, Colours]:
    """The way of the hand (n, 2) and its speed (n,), relative to its fastest.

    Args:
        rng: Decides all that is left to chance.
    """
    time = np.linspace(0, 1, 200)
    waves = np.arange(1, 11)
    swing = rng.normal(0, 1, 10) * 1.5 / waves**0.7
    turn = (np.sin(2 * np.pi * np.outer(time, waves) + rng.uniform(0, 6.3, 10)) * swing).sum(axis=1)
    turn += rng.uniform(0, 2 * np.pi)
    speed = 1 + 0.7 * np.sin(2 * np.pi * time * rng.integers(2, 6) + rng.uniform(0, 6.3))
    path = np.cumsum(np.stack([np.cos(turn), np.sin(turn)], axis=1) * speed[:, None], axis=0)
    path *= rng.uniform(0.5, 1.1) / np.ptp(path, axis=0).max()
    return rng.uniform(0.05, 0.95, 2) + path - path.mean(axis=0), speed / speed.max()

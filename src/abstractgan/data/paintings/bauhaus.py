"""Geometric abstraction at the Bauhaus: circles that hover, lines that pull, signs in between."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, palette, vary
from abstractgan.data.paintings.shapes import (
    Polygon,
    arc,
    bar,
    rectangle,
    rotation,
    sector,
    spline,
    stroke,
)

LIGHT = palette("ece2c8 e6dcc6 e9dfcf dfd9cc")
"""Grounds of most pictures."""
NIGHT = palette("191a24 20242f 2a2030")
"""Grounds of the others."""
COLOURS = palette("b8332b d9772f e3b23c 2f4f8c 5f93a8 6b4a7e 3f7a62 c77f8e 7a3b2e a9a06a")
"""Of the forms."""
WASH = Brush(marks=0.03, clouds=0.06, impasto=0.15)
"""Lies thin, with clouds in it."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """One great circle with its halo, long straight tensions, then many small forms around them.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    night = rng.random() < 0.2
    ground = vary(rng, rng.choice(NIGHT if night else LIGHT), 0.012)
    ink = palette("e8e2d0")[0] if night else palette("1b1a1f")[0]
    canvas.prime(ground, Brush(0.4, marks=0.02, clouds=0.05, impasto=0.2), weave=0.03)
    glow(canvas, rng.uniform(0.2, 0.8, 2), 0.5, rng.choice(COLOURS), 0.28)
    great = np.array([rng.choice([0.27, 0.7]), rng.uniform(0.22, 0.4)]) + rng.normal(0, 0.03, 2)
    rings(canvas, rng, great, rng.uniform(0.13, 0.19), ink)
    slope = rng.choice([-1, 1]) * rng.uniform(0.4, 0.9)
    balance = 1 - great
    wedge(canvas, rng, balance, slope, 0.42)
    for _ in range(rng.integers(5, 9)):
        angle = slope + rng.choice([0, np.pi / 2, 0.25, -0.25]) + rng.normal(0, 0.05)
        place = 0.5 + rng.normal(0, 0.16, 2)
        length, width, taper = rng.uniform((0.35, 0.004, 0.1), (0.95, 0.012, 1))
        canvas.paint(bar(place, length, width, angle, taper), ink, brush=WASH)
    for _ in range(rng.integers(3, 6)):
        rings(canvas, rng, rng.uniform(0.1, 0.9, 2), rng.uniform(0.02, 0.075), ink)
    wedge(canvas, rng, rng.uniform(0.25, 0.75, 2), slope + 1.3, 0.22)
    lattice(canvas, rng, balance + rng.normal(0, 0.08, 2), slope + rng.normal(0, 0.2), ink)
    for _ in range(rng.integers(2, 4)):
        comb(canvas, rng, rng.uniform(0.12, 0.88, 2), ink)
    wave(canvas, rng, ink)
    for _ in range(rng.integers(1, 4)):
        start = rng.uniform(0, 2 * np.pi)
        radius = rng.uniform(0.05, 0.16)
        sickle = sector(rng.uniform(0.15, 0.85, 2), radius - 0.009, radius, start, start + np.pi)
        canvas.paint(sickle, ink, brush=WASH)


def glow(canvas: Canvas, centre: Polygon, radius: float, colour: Colours, opacity: float) -> None:
    """A soft cloud of colour on the ground.

    Args:
        canvas: What is painted on.
        centre: Where its middle is, (2,).
        radius: How far it can be seen, about.
        colour: sRGB in [0, 1], (3,).
        opacity: In its middle, 0 to 1.
    """
    disc = arc(centre, radius * 0.5)
    canvas.paint(disc, colour, brush=WASH, opacity=opacity, softness=radius * 0.22)


def rings(canvas: Canvas, rng: Generator, centre: Polygon, radius: float, ink: Colours) -> None:
    """A circle in a halo, and circles within it.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        centre: Where its middle is, (2,).
        radius: Of the outermost circle; the halo reaches further.
        ink: The colour that most rims have.
    """
    first, *inner = rng.permutation(COLOURS)[: rng.integers(2, 5)]
    glow(canvas, centre, radius * 2.4, first, 0.6)
    rim = ink if rng.random() < 0.6 else first
    canvas.paint(arc(centre, radius), rim, brush=WASH)
    for place, colour in enumerate(inner):
        smaller = radius * (0.86 - 0.24 * place)
        shift = rng.normal(0, 0.03, 2) * radius
        canvas.paint(arc(centre + shift, smaller), vary(rng, colour, 0.03), brush=WASH)


def wedge(canvas: Canvas, rng: Generator, centre: Polygon, angle: float, length: float) -> None:
    """A transparent triangle.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        centre: Where its middle is, (2,).
        angle: Which way it points, in radians.
        length: From its base to its tip.
    """
    shape = bar(centre, length, length * rng.uniform(0.4, 0.8), angle, 0.02)
    tip = shape[1:3].mean(axis=0)
    fade = (tip, tip + 3 * (centre - tip))
    canvas.paint(shape, rng.choice(COLOURS), brush=WASH, opacity=0.85, fade=fade)


def lattice(canvas: Canvas, rng: Generator, centre: Polygon, angle: float, ink: Colours) -> None:
    """A leaning chequer board, some of its squares coloured.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        centre: Where its middle is, (2,).
        angle: How far it leans, in radians.
        ink: Of every other square.
    """
    rows, columns = rng.integers(3, 6, 2)
    side = rng.uniform(0.028, 0.042)
    turn = rotation(angle)
    for row in range(rows):
        for column in range(columns):
            colour = ink if (row + column) % 2 else rng.choice(COLOURS)
            if rng.random() < 0.8:
                corner = (np.array([column, row]) - (columns / 2, rows / 2)) * side
                square = rectangle(0, 0, side, side) + corner
                canvas.paint(centre + square @ turn.T, vary(rng, colour, 0.03), brush=WASH)


def comb(canvas: Canvas, rng: Generator, centre: Polygon, ink: Colours) -> None:
    """Short parallel strokes.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        centre: Where its first stroke is, (2,).
        ink: Of the strokes.
    """
    angle = rng.uniform(0, np.pi)
    step = rotation(angle) @ np.array([0, rng.uniform(0.014, 0.022)])
    for tooth in range(rng.integers(4, 8)):
        line = bar(centre + tooth * step, 0.14 - 0.012 * tooth, 0.004, angle)
        canvas.paint(line, ink, brush=WASH)


def wave(canvas: Canvas, rng: Generator, ink: Colours) -> None:
    """One free line among the ruled ones.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        ink: Of the line.
    """
    steps = np.linspace(0, 1, 7)
    points = np.stack([0.4 * steps, 0.03 * np.sin(steps * rng.uniform(7, 12))], axis=1)
    path = rng.uniform(0.1, 0.5, 2) + spline(points, 60) @ rotation(rng.uniform(-0.5, 1.2)).T
    canvas.paint(stroke(path, 0.004 + 0.008 * np.linspace(0, 1, 60)), ink, brush=WASH)

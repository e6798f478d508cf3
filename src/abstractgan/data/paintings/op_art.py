"""Op art: a plain pattern, bent by a formula until the flat canvas seems to swell and turn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import FLAT, Canvas
from abstractgan.data.paintings.colour import mix, palette
from abstractgan.data.paintings.shapes import Polygon, arc, rotation

INK, PAPER = palette("131316 f1eee6")
"""Of most pictures."""
COLOURS = palette("d98a2b c7372f 7a3f8f 2f4fa0 1f7f78")
"""Of the others: two neighbours."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Mostly black on white; now and then a colour that changes across the picture.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    canvas.prime(PAPER, FLAT, weave=0.015)
    hue = rng.integers(len(COLOURS) - 1)
    first, second = COLOURS[hue : hue + 2] if rng.random() < 0.35 else (INK, INK)
    shapes = [chequers, waves, rings, dots][rng.integers(4)](rng)
    heights = np.array([shape.mean(axis=0) @ (0.4, 0.6) for shape in shapes])
    canvas.paint(shapes, mix(first, second, np.clip(heights, 0, 1)[:, None]), brush=FLAT)


def chequers(rng: Generator) -> list[Polygon]:
    """A chequer board with one or two bulges.

    Args:
        rng: Decides all that is left to chance.
    """
    count = int(rng.integers(12, 19))
    lens = bulge(rng)
    side = np.stack([np.linspace(-0.5, 0.5, 5), np.full(5, -0.5)], axis=1)
    outline = np.concatenate([side @ rotation(turn * np.pi / 2).T for turn in range(4)])
    cells = np.argwhere(np.indices((count + 8, count + 8)).sum(axis=0) % 2)
    return [lens((cell - 3.5 + outline) / count) for cell in cells]


def bulge(rng: Generator) -> Callable[[Polygon], Polygon]:
    """A map of the plane that swells around one or two centres.

    Args:
        rng: Decides all that is left to chance.
    """
    centres = rng.uniform(0.25, 0.75, (rng.integers(1, 3), 2))
    power = rng.uniform(0.5, 0.75) * rng.choice([1, 1, -0.8])
    reach = rng.uniform(0.3, 0.45)

    def lens(points: Polygon) -> Polygon:
        for centre in centres:
            offset = points - centre
            pull = np.exp(-((offset**2).sum(axis=1, keepdims=True)) / (2 * (reach * 0.55) ** 2))
            points = centre + offset * (1 + power * pull)
        return points

    return lens


def waves(rng: Generator) -> list[Polygon]:
    """Parallel bands whose swing grows and tightens across the picture.

    Args:
        rng: Decides all that is left to chance.
    """
    count = int(rng.integers(16, 27))
    along = np.linspace(-0.05, 1.05, 160)
    turns, tight = rng.uniform(1, 2.2), rng.uniform(-0.6, 0.9)
    phase, swing = rng.uniform(0, 6.3), rng.uniform(0.03, 0.07)
    shear = rng.uniform(-2.5, 2.5)
    bands = []
    for row in range(-4, count + 4):
        sides = []
        for side in (0.0, 0.5):
            across = (row + side) / count
            bend = np.sin(2 * np.pi * turns * (along + tight * along**2) + phase + shear * across)
            sides.append(np.stack([along, across + swing * bend * (0.4 + along)], axis=1))
        bands.append(np.concatenate([sides[0], sides[1][::-1]]))
    return [band[:, ::-1] for band in bands] if rng.random() < 0.5 else bands


def rings(rng: Generator) -> list[Polygon]:
    """Rings whose centre wanders as they shrink, black and white by turns.

    Args:
        rng: Decides all that is left to chance.
    """
    count = int(rng.integers(14, 22))
    drift = rng.normal(0, 0.12, 2)
    wave = rng.integers(0, 8)
    circle = arc((0, 0), 1)
    turn = np.arctan2(circle[:, 1], circle[:, 0])
    bands = []
    for ring in range(count):
        outer, inner = (0.8 * (1 - (ring + side) / count) ** 1.15 for side in (0.0, 0.5))
        sides = []
        for radius in (outer, inner):
            bend = 1 + 0.06 * np.sin(wave * turn + 8 * radius)
            sides.append(0.5 + drift * (1 - radius / 0.8) + radius * bend[:, None] * circle)
        bands.append(np.concatenate([sides[0], sides[1][::-1]]))
    return bands


def dots(rng: Generator) -> list[Polygon]:
    """A regular field of discs that swell where the surface comes forward.

    Args:
        rng: Decides all that is left to chance.
    """
    count = int(rng.integers(11, 16))
    lens = bulge(rng)
    places = (np.argwhere(np.ones((count + 4, count + 4))) - 1.5) / count
    return [lens(arc(place, 0.36 / count)) for place in places]

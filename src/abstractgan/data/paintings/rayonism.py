"""Rayonism: not things but the rays that come off them, crossing and splintering each other."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import mix, palette, vary
from abstractgan.data.paintings.shapes import Polygon, rotation

CHORDS = [
    palette("14284b 2f5f9e 86a9c4 e8e4d4 c9a13b 0f1626 b5452c"),
    palette("5a1d14 b33a1f d9823a f0c98a f2ead6 27201f 3f6f8c"),
    palette("1f3a2f 3f7058 9fb07a e9e3c8 d9a441 182019 8f3f4a"),
    palette("33304f 5f6390 a3a6c0 ece5df d88a6f 17161f d9b35a"),
    palette("3a3026 7d6a4d b79f73 eee6d2 a3492c 1a1613 50707a"),
]
"""Deep, middle, soft, light, accent, dark and second accent."""
LAYERS = [
    (10, 4, 0.9, 0.16, [0, 1, 2, 5, 1]),
    (12, 6, 0.75, 0.06, [1, 2, 4, 0, 3, 6]),
    (9, 7, 0.65, 0.025, [3, 2, 4, 5, 3]),
    (6, 6, 0.7, 0.009, [3, 3, 5, 6, 4]),
]
"""Sheaves, rays in each, length, width, places in the chord: broad and dark first, light last."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Sheaves of splinters, each sheaf in one of four directions and gathered around a focus.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    chord = CHORDS[rng.integers(len(CHORDS))]
    canvas.prime(mix(chord[1], chord[2], rng.random()), Brush(rng.uniform(0, np.pi), marks=0.1))
    directions = rng.uniform(0, np.pi) + np.array([0, 0.6, 1.3, 2.2]) + rng.normal(0, 0.15, 4)
    focus = rng.uniform(0.3, 0.7, 2)
    for sheaves, count, length, width, places in LAYERS:
        for _ in range(sheaves):
            angle = rng.choice(directions, p=[0.4, 0.3, 0.2, 0.1])
            centre = mix(rng.uniform(0, 1, 2), focus, rng.uniform(0, 0.6))
            colour = chord[rng.choice(places)]
            rays = [
                splinter(
                    centre + rotation(angle) @ rng.normal(0, (0.1, 1.6 * width)),
                    length * rng.uniform(0.4, 1.1),
                    width * rng.uniform(0.3, 1.0),
                    angle + rng.normal(0, 0.08),
                    rng.uniform(-0.35, 0.35),
                )
                for _ in range(count)
            ]
            brush = Brush(angle, marks=0.12, dry=rng.uniform(0.05, 0.4), impasto=0.8)
            tones = [vary(rng, colour, 0.04) for _ in rays]
            canvas.paint(rays, tones, brush=brush, opacity=rng.uniform(0.7, 1))


def splinter(centre: Polygon, length: float, width: float, angle: float, belly: float) -> Polygon:
    """A thin kite, pointed at both ends and widest at ``belly`` (-0.5 to 0.5) of its length.

    Args:
        centre: Where its middle is, (2,).
        length: From end to end.
        width: At the widest place.
        angle: Which way it points, in radians.
        belly: Where it is widest.
    """
    kite = np.array([(-0.5, 0), (belly, -0.5), (0.5, 0), (belly + 0.1, 0.5)]) * (length, width)
    return centre + kite @ rotation(angle).T

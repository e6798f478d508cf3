"""Orphism: discs of pure colour, ring within ring, each segment against its complement."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import mix, palette, vary
from abstractgan.data.paintings.shapes import Polygon, by_hand, sector

WARM = palette("c63a2c dc6a3c e59a48 ecc85e dd9a9c a5333f e8b9a0")
"""Colours on one side of the wheel."""
COOL = palette("27468a 3f7cab 7fb0c2 3a7a60 8ea862 55447c b0c7c4")
"""Their complements."""
WHITE, BLACK = palette("f1ead8 1d1c26")
"""Now and then between them."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """One disc whose rings fill the canvas, and smaller discs that turn around it.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    canvas.prime(mix(WHITE, rng.choice(COOL), 0.3))
    first = rng.uniform(0.3, 0.7, 2)
    discs = [(first, 1.1, int(rng.integers(8, 11)))]
    angle = rng.uniform(0, 2 * np.pi)
    for _ in range(rng.integers(2, 5)):
        angle += rng.uniform(1.2, 2.4)
        centre = first + rng.uniform(0.28, 0.5) * np.array([np.cos(angle), np.sin(angle)])
        centre = np.clip(centre, 0.05, 0.95)
        discs.append((centre, rng.uniform(0.14, 0.27), int(rng.integers(4, 6))))
    for centre, radius, rings in discs:
        disc(canvas, rng, centre, radius, rings)


def disc(canvas: Canvas, rng: Generator, centre: Polygon, radius: float, rings: int) -> None:
    """Rings from the outside in; warm and cool change places from segment to segment.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        centre: Where its middle is, (2,).
        radius: Of the outermost ring.
        rings: How many.
    """
    edges = np.concatenate([[0], np.cumsum(rng.uniform(0.7, 1.5, rings))])
    edges *= radius / edges[-1]
    quarters = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.uniform(1.2, 1.9, 4))
    for ring in range(rings, 0, -1):
        cuts = quarters + rng.normal(0, 0.08, 4)
        if ring > 2 and rng.random() < 0.5:
            cuts = np.sort(np.append(cuts, cuts[:2] + rng.uniform(0.5, 0.9)))
        cuts = np.append(cuts, cuts[0] + 2 * np.pi)
        for part, (start, stop) in enumerate(pairwise(cuts)):
            colour = rng.choice(COOL if (ring + part) % 2 else WARM)
            if rng.random() < 0.16:
                colour = WHITE if rng.random() < 0.75 else BLACK
            segment = by_hand(rng, sector(centre, edges[ring - 1], edges[ring], start, stop))
            brush = Brush((start + stop) / 2 + np.pi / 2, marks=0.07, clouds=0.08, impasto=0.35)
            canvas.paint(segment, vary(rng, colour, 0.03), brush=brush)

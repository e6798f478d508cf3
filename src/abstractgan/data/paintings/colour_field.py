"""Colour field: two or three soft-edged clouds of colour, stacked on a stained ground."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, mix, palette, vary
from abstractgan.data.paintings.shapes import by_hand, rectangle

CHORDS = [
    palette("7a1f1c c4421f e2812e 4a1418"),
    palette("d9762b e9b23a c23a22 f0d9a0"),
    palette("24304f 1a2138 50709a 7f2f35"),
    palette("4b2236 24151f 7c2b3c b8584a"),
    palette("c9a63e e8d27a eee8cf d2662f"),
    palette("2d4a44 16292b 6c8f7d c7c29a"),
    palette("3a3633 1b1a1b 8b857c c2b9aa"),
    palette("b5566a e0a08c 7a2440 efd3bd"),
    palette("1f2a44 c7542f e39a4a 3d1c2a"),
    palette("e6d3b3 c98f4e 8d3b2e f2e9d2"),
    palette("5a3a6b 2a1f4a a65a7a d99a6c"),
    palette("6d7a3f c9b458 2f4a3a e2dcb0"),
]
"""The ground first, then the clouds."""
STAIN = Brush(marks=0.025, clouds=0.06, impasto=0.05)
"""Lies so thin that the cloth shows."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Stain the ground, then build each cloud from thin coats that disagree about its edge.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    ground, *others = CHORDS[rng.integers(len(CHORDS))]
    ground = vary(rng, ground, 0.03)
    canvas.prime(ground, STAIN, weave=0.06)
    colours = rng.permutation(others)[: rng.choice([2, 3], p=[0.4, 0.6])]
    heights = rng.dirichlet(np.full(len(colours), 4.0)) * 0.88
    margin, gap = rng.uniform(0.05, 0.09), rng.uniform(0.012, 0.03)
    top = 0.055
    for height, colour in zip(heights, colours, strict=True):
        box = (margin, top, 1 - margin, top + height - gap)
        cloud(canvas, rng, box, vary(rng, colour, 0.03), ground)
        top += height + gap
    if rng.random() < 0.4:
        seam = 0.055 + heights[0]
        line = rectangle(margin + 0.02, seam - 0.004, 1 - margin - 0.02, seam + 0.006)
        light = mix(colours[-1], (1, 1, 1), 0.4)
        canvas.paint(by_hand(rng, line, 0.003), light, brush=Brush(dry=0.35), softness=0.004)


def cloud(
    canvas: Canvas, rng: Generator, box: tuple[float, ...], colour: Colours, ground: Colours
) -> None:
    """A rectangle without a hard edge: coats of a few tones, each with its own ragged outline.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        box: Left, top, right and bottom.
        colour: Of the last coat.
        ground: What the first coats are mixed with.
    """
    left, top, right, bottom = box
    for coat in range(8):
        reach = 0.014 * (3 - coat) / 3
        sides = np.array([left - reach, top - reach, right + reach, bottom + reach])
        outline = by_hand(rng, rectangle(*(sides + rng.normal(0, 0.005, 4))), 0.006)
        tint = vary(rng, mix(ground, colour, 0.55 + 0.45 * coat / 7), 0.025)
        angle = rng.choice([0, np.pi / 2]) + rng.normal(0, 0.2)
        brush = Brush(angle, marks=0.025, clouds=0.06, dry=0.14, impasto=0.03)
        canvas.paint(outline, tint, brush=brush, opacity=0.45, softness=rng.uniform(0.008, 0.02))

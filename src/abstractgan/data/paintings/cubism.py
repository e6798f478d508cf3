"""Analytic cubism: facets that slide into each other, in ochre, grey and umber."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, mix, palette, vary
from abstractgan.data.paintings.shapes import Polygon, arc, bar, by_hand, stroke

CHORDS = [
    palette("3b3025 6f5d43 a48a5f cdb68a e6dcc0"),
    palette("2e2f2c 5d6156 8f9080 bdb496 e4dfcc"),
    palette("33291f 75542f ad8347 cfb27b e9dcb8"),
    palette("2b2d33 545a62 8a8c87 b8a98a dfd8c5"),
]
"""From dark to light."""
DARK = palette("211b16")[0]
"""Of the outlines."""
LINE = Brush(dry=0.15, impasto=0.2)
"""Draws them."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Facets along a few directions: large and calm first, small and strong in the middle.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    chord = CHORDS[rng.integers(len(CHORDS))]
    ground = mix(chord[2], chord[3], rng.uniform(0.2, 0.8))
    canvas.prime(ground, Brush(0.1, marks=0.03, clouds=0.1, impasto=0.2))
    lean = rng.uniform(-0.15, 0.15)
    scaffold = lean + np.array([0, np.pi / 2, 0.85, -0.85, np.pi / 2 + 0.3, np.pi / 2 - 0.3])
    middle = rng.uniform(0.42, 0.58, 2)
    for size in np.geomspace(0.5, 0.08, 54):
        centre = middle + rng.normal(0, 0.07 + 0.5 * size, 2) * (0.75, 1)
        facet = plane(rng, centre, size, rng.choice(scaffold, 2, replace=False))
        shade(canvas, rng, facet, chord, strength=np.clip(1.1 - size, 0.55, 0.95))
    for _ in range(rng.integers(2, 5)):
        start, sweep = rng.uniform(0, 2 * np.pi), rng.uniform(2, 4)
        hub = middle + rng.normal(0, 0.14, 2)
        curve = arc(hub, rng.uniform(0.05, 0.12), start, start + sweep)
        canvas.paint(stroke(curve, 0.006), DARK, brush=LINE, opacity=0.85)


def plane(rng: Generator, centre: Polygon, size: float, directions: Polygon) -> Polygon:
    """A four-sided facet whose sides follow two directions of the scaffold, one corner pulled.

    Args:
        rng: Decides all that is left to chance.
        centre: Where its middle is, (2,).
        size: Of its longest possible side.
        directions: The two directions, in radians.
    """
    first, second = (np.array([np.cos(a), np.sin(a)]) for a in directions)
    across, down = (size * rng.uniform(0.35, 0.75, 2))[:, None] * (first, second)
    facet = np.array([-across - down, across - down, across + down, -across + down])
    facet[rng.integers(4)] *= rng.uniform(0.6, 1.2)
    return centre + facet


def shade(canvas: Canvas, rng: Generator, facet: Polygon, chord: Colours, strength: float) -> None:
    """Let a light or a dark fade across one facet, dab paint on it, draw part of its outline.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        facet: Its corners, (4, 2).
        chord: Five colours from dark to light, (5, 3).
        strength: The opacity of the light or dark, 0 to 1.
    """
    light = rng.random() < 0.45
    low, high = (3, 4) if light else (0, 1)
    colour = vary(rng, mix(chord[low], chord[high], rng.random()), 0.03)
    brush = Brush(rng.normal(0, 0.2), marks=0.06, clouds=0.08, dry=0.1, impasto=0.5)
    outline = by_hand(rng, facet)
    if rng.random() < 0.6:
        body = vary(rng, chord[rng.integers(1, 4)], 0.02)
        canvas.paint(outline, body, brush=brush, opacity=0.8 * strength)
    canvas.paint(outline, colour, brush=brush, opacity=strength, fade=(facet[0], facet[2]))
    if rng.random() < 0.45:
        across, down = rng.random((2, 18, 1)) * 0.8 + 0.1
        top, bottom = mix(facet[0], facet[1], across), mix(facet[3], facet[2], across)
        dabs = [bar(place, 0.028, 0.009, rng.normal(0, 0.12)) for place in mix(top, bottom, down)]
        tones = [vary(rng, mix(colour, chord[4], 0.3), 0.04) for _ in dabs]
        canvas.paint(dabs, tones, brush=Brush(marks=0.06, dry=0.1, impasto=0.7), opacity=0.6)
    if rng.random() < 0.7:
        edge = outline[: int(len(outline) * rng.uniform(0.3, 0.7))]
        width = rng.uniform(0.003, 0.007) * np.linspace(1, 0.4, len(edge))
        canvas.paint(stroke(edge, width), DARK, brush=LINE, opacity=0.85)

"""Tachisme, lyrical abstraction: broad gestures of a loaded brush over clouds of thin colour."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, mix, palette, vary
from abstractgan.data.paintings.shapes import blob, dots, rotation, spline, stroke, waver

CHORDS = [
    palette("e4dccb b9a98c 8a8f93 18171b a3301f d8a43a"),
    palette("c9d1d3 7d98ab 3f5c7c 12151f d9d2bd c8672e"),
    palette("d8b98a b5763d 6f3a26 1c1413 e9dcc0 9b2b22"),
    palette("b9b7ae 77766f 45443f 0f0f11 efe9da 7a2a24"),
    palette("dcd3b4 8fa07f 3f6258 171c1a e0b94a b3472f"),
    palette("8c2f2a b9502f 3d1a1f 0e0c10 e7d9bf d9923b"),
]
"""Ground, two veils, the gesture, two accents."""
VEIL = Brush(marks=0.04, clouds=0.1, impasto=0.15)
"""Lies thin, in clouds."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """Veils first, then a few great strokes, then answers in other colours and splashes.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    ground, veil, shade, gesture, *accents = CHORDS[rng.integers(len(CHORDS))]
    canvas.prime(ground, Brush(rng.uniform(0, 3), marks=0.05, clouds=0.08), weave=0.04)
    for colour in rng.choice([veil, shade, mix(veil, ground, 0.5)], 6):
        cloud = blob(rng, rng.uniform(0.1, 0.9, 2), rng.uniform(0.15, 0.32), 6)
        canvas.paint(cloud, vary(rng, colour, 0.03), brush=VEIL, opacity=0.6, softness=0.05)
    lead = rng.uniform(0, np.pi)
    for width in rng.uniform(0.08, 0.15, rng.integers(2, 4)):
        colour = vary(rng, mix(shade, veil, rng.random()), 0.03)
        sweep(canvas, rng, colour, width, lead + rng.normal(0, 0.9))
    for width in rng.uniform(0.07, 0.15, rng.integers(3, 6)):
        angle = lead + rng.choice([0, 0, np.pi / 2]) + rng.normal(0, 0.35)
        sweep(canvas, rng, gesture, width, angle)
    for width in rng.uniform(0.02, 0.06, rng.integers(3, 6)):
        sweep(canvas, rng, rng.choice(accents), width, lead + rng.normal(0, 0.9))
    for _ in range(rng.integers(2, 5)):
        whip(canvas, rng, rng.choice([gesture, gesture, *accents]))


def sweep(canvas: Canvas, rng: Generator, colour: Colours, width: float, angle: float) -> None:
    """One stroke of a flat brush: bristles side by side, each of its own tone, run dry in turn.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        colour: sRGB in [0, 1], (3,).
        width: Of the brush.
        angle: Which way it goes, in radians.
    """
    along = np.linspace(-0.5, 0.5, 40)
    bend, sway = rng.normal(0, 0.35), rng.normal(0, 0.05)
    spine = np.stack([along, bend * along**2 + sway * np.sin(7 * along)], axis=1)
    path = rng.uniform(0.22, 0.78, 2) + spine @ rotation(angle).T * rng.uniform(0.45, 0.95)
    tangent = np.gradient(path, axis=0)
    normal = tangent[:, ::-1] * (-1, 1) / np.linalg.norm(tangent, axis=1, keepdims=True)
    count = int(25 + 500 * width)
    load = waver(rng, count, count // 4)[:, 0]
    bristles, tones = [], []
    for bristle in rng.permutation(count):
        place = bristle / (count - 1) - 0.5
        start = int(24 * place**2 * rng.random() + 2 * rng.random())
        stop = 40 - int(np.clip(rng.exponential(4) - 3 * load[bristle] + 8 * place**2, 0, 25))
        half = 0.9 / count * np.minimum(1, np.linspace(2.5, 0, stop - start))
        side = width * normal[start:stop] * np.array([place + half, place - half])[..., None]
        left, right = path[start:stop] + side
        bristles.append(np.concatenate([left, right[::-1]]))
        tones.append(vary(rng, colour + 0.025 * load[bristle], 0.02))
    brush = Brush(angle, marks=0.06, dry=0.08, impasto=1.0)
    canvas.paint(bristles, tones, brush=brush, opacity=0.97)


def whip(canvas: Canvas, rng: Generator, colour: Colours) -> None:
    """A thin line thrown from the wrist, and the drops that left it.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        colour: sRGB in [0, 1], (3,).
    """
    points = rng.uniform(0.2, 0.8, 2) + np.cumsum(rng.normal(0, 0.12, (6, 2)), axis=0)
    path = spline(points, 90)
    width = 0.004 * (1 + np.sin(np.linspace(0, rng.uniform(5, 12), 90)) * 0.7)
    drops = path[rng.integers(90, size=10)] + rng.normal(0, 0.03, (10, 2))
    marks = stroke(path, width) + dots(drops, 0.0035 * rng.lognormal(0, 0.5, 10))
    canvas.paint(marks, colour, brush=Brush(marks=0.03, impasto=0.8))

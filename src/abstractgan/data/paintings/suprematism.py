"""Suprematism: plain quadrilaterals afloat on white, drawn along a diagonal as if in flight."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, palette, vary
from abstractgan.data.paintings.shapes import arc, bar, by_hand, rotation

WHITE = palette("ebe6d8")[0]
"""The ground."""
BLACK, RED, *REST = palette("1b1a1c c3281f e0a81c 24418f 3c6e52 d98d8d 7c7f86 7b2f2a")
"""Pigments of the forms; ``REST`` has the others."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """One heavy form, a few that answer it, and many slivers that fly along with them.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    priming = Brush(rng.uniform(-0.5, 0.5), marks=0.015, impasto=0.3)
    canvas.prime(vary(rng, WHITE, 0.012), priming, weave=0.04)
    flight = rng.choice([-1, 1]) * rng.uniform(0.35, 1.1)
    turn = rotation(flight)
    heavy = rng.uniform(-0.1, 0.1, 2)
    forms = [bar(heavy, rng.uniform(0.34, 0.5), rng.uniform(0.16, 0.3), 0, rng.uniform(0.75, 1.1))]
    colours = [BLACK if rng.random() < 0.6 else RED]
    for place in rng.permutation(np.linspace(-0.42, 0.42, rng.integers(4, 7))):
        length, width = rng.uniform(0.1, 0.2) * (1.2 - abs(place)) * rng.uniform((1, 0.3), (2, 0.8))
        forms.append(bar((place, rng.normal(0, 0.14)), length, width, quarter(rng)))
        colours.append(pigment(rng, unlike=colours[0]))
    for place in rng.uniform(-0.48, 0.48, rng.integers(7, 13)):
        length, width = rng.uniform(0.08, 0.42), rng.uniform(0.008, 0.025)
        taper = rng.uniform(0.5, 1)
        forms.append(bar((place, rng.normal(0, 0.18)), length, width, quarter(rng), taper))
        colours.append(pigment(rng, unlike=colours[0]))
    if rng.random() < 0.55:
        start = rng.uniform(0, 2 * np.pi)
        stop = start + rng.choice([np.pi, 2 * np.pi])
        centre = rng.choice([-1, 1]) * np.array([rng.uniform(0.1, 0.3), rng.uniform(0.2, 0.3)])
        forms.append(arc(centre, rng.uniform(0.05, 0.1), start, stop))
        colours.append(pigment(rng))
    for form, colour in zip(forms, colours, strict=True):
        form = by_hand(rng, form @ turn.T + 0.5, 0.0006)
        canvas.paint(form, vary(rng, colour, 0.02), brush=Brush(flight + quarter(rng), marks=0.07))


def quarter(rng: Generator) -> float:
    """Along the flight mostly, across it now and then, never quite exactly.

    Args:
        rng: Decides all that is left to chance.
    """
    return float(rng.choice([0, np.pi / 2], p=[0.75, 0.25]) + rng.normal(0, 0.03))


def pigment(rng: Generator, unlike: Colours | None = None) -> Colours:
    """Black and red often, the other pigments sparingly; never the colour it would vanish on.

    Args:
        rng: Decides all that is left to chance.
        unlike: The colour that it is to be seen on, (3,).
    """
    colours = np.array([BLACK, RED, *REST])
    shares = np.array([3.0, 2.0] + [5 / len(REST)] * len(REST))
    if unlike is not None:
        shares[np.all(colours == unlike, axis=1)] = 0
    return colours[rng.choice(len(shares), p=shares / shares.sum())]

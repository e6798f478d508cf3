"""Biomorphism: forms like cells, pebbles and seeds, and thin lines that play between them."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from abstractgan.data.paintings.canvas import Brush, Canvas
from abstractgan.data.paintings.colour import Colours, mix, palette, vary
from abstractgan.data.paintings.shapes import Polygon, arc, bar, blob, rotation, spline, stroke

GROUNDS = palette("9fb4c0 c9b48a d9cdb4 8f9f8a c79a6b 7d93ad")
"""Of which a picture has one."""
BLACK, RED, WHITE, *BRIGHT = palette("1a191c c2301f f2ecdc e6b22e 2f5596 3f7f5f d97a3a")
"""Colours of bodies and signs; ``BRIGHT`` has the rest."""
SMOOTH = Brush(marks=0.02, clouds=0.02, impasto=0.12)
"""Leaves hardly a mark."""


def paint(canvas: Canvas, rng: Generator) -> None:
    """A clouded ground, a few large bodies with kernels, threads between them, stars and seeds.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
    """
    ground = vary(rng, rng.choice(GROUNDS), 0.02)
    priming = Brush(rng.uniform(0, np.pi), marks=0.02, clouds=0.06, impasto=0.15)
    canvas.prime(ground, priming, weave=0.06)
    for _ in range(4):
        veil = mix(ground, rng.choice([BLACK, WHITE]), rng.uniform(0.15, 0.4))
        cloud = blob(rng, rng.uniform(0.1, 0.9, 2), rng.uniform(0.15, 0.35))
        canvas.paint(cloud, veil, brush=SMOOTH, opacity=0.5, softness=0.07)
    places = spread(rng, int(rng.integers(3, 6)), 0.34)
    bodies = [body(rng, place) for place in places]
    for start, stop in zip(places, np.roll(places, 1, axis=0), strict=True):
        if rng.random() < 0.7:
            first, second = (
                mix(start, stop, share) + rng.normal(0, 0.1, 2) for share in (0.35, 0.7)
            )
            thread = spline([start, first, second, stop], 80)
            canvas.paint(stroke(thread, 0.004), BLACK, brush=SMOOTH)
    colours = [BLACK, *rng.permutation([RED, WHITE, BLACK, *BRIGHT])]
    for (form, kernel), colour in zip(bodies, colours, strict=False):
        fill(canvas, rng, form, kernel, colour)
    for place in spread(rng, int(rng.integers(5, 9)), 0.16):
        sign(canvas, rng, place)


def spread(rng: Generator, count: int, gap: float) -> Polygon:
    """Random places that keep away from the edge and, as well as they can, from each other.

    Args:
        rng: Decides all that is left to chance.
        count: How many places.
        gap: How far from the others is far enough.
    """
    places = [rng.uniform(0.2, 0.8, 2)]
    while len(places) < count:
        tries = rng.uniform(0.1, 0.9, (12, 2))
        room = np.linalg.norm(tries[:, None] - np.array(places), axis=2).min(axis=1)
        places.append(tries[np.argmax(np.minimum(room, gap) + rng.uniform(0, 0.05, 12))])
    return np.array(places)


def body(rng: Generator, centre: Polygon) -> tuple[Polygon, Polygon]:
    """A large soft form, a pebble or a bean that bends, and the kernel within it.

    Args:
        rng: Decides all that is left to chance.
        centre: Where its middle is, (2,).
    """
    if rng.random() < 0.6:
        pebble = blob(rng, centre, rng.uniform(0.12, 0.21), int(rng.integers(4, 7)), 0.45)
        middle = pebble.mean(axis=0)
        return pebble, middle + rng.uniform(0.3, 0.55) * (pebble - middle) + rng.normal(0, 0.012, 2)
    angle = rng.uniform(0, 2 * np.pi) + np.linspace(0, rng.uniform(1.4, 2.6), 5)
    radius = rng.uniform(0.14, 0.22)
    outward = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    spine = centre + radius * (outward - outward[2])
    swell = np.array([0.6, 1, 1, 1, 0.6]) * rng.uniform(0.04, 0.07, 5)
    sides = [spine + swell[:, None] * outward, (spine - swell[:, None] * outward)[::-1]]
    return spline(np.concatenate(sides), 120, closed=True), blob(rng, centre, 0.6 * swell[2], 4)


def fill(canvas: Canvas, rng: Generator, form: Polygon, kernel: Polygon, colour: Colours) -> None:
    """Paint a body, its kernel in a second colour, and now and then an eye.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        form: Its outline, (n, 2).
        kernel: The outline of what lies within, (n, 2).
        colour: Of the body.
    """
    others = np.array([other for other in (RED, WHITE, BLACK, *BRIGHT) if np.any(other != colour)])
    canvas.paint(form, vary(rng, colour, 0.02), brush=SMOOTH)
    canvas.paint(kernel, rng.choice(others), brush=SMOOTH)
    if rng.random() < 0.5:
        canvas.paint(arc(kernel.mean(axis=0), 0.012), colour, brush=SMOOTH)


def sign(canvas: Canvas, rng: Generator, place: Polygon) -> None:
    """A star of lines, a dot, a seed or a crescent.

    Args:
        canvas: What is painted on.
        rng: Decides all that is left to chance.
        place: Where its middle is, (2,).
    """
    colour = [BLACK, BLACK, RED, WHITE, BRIGHT[0]][rng.integers(5)]
    kind = rng.integers(4)
    if kind == 0:
        for angle in rng.uniform(0, np.pi) + np.arange(4) * np.pi / 4:
            canvas.paint(bar(place, 0.075, 0.004, angle), BLACK, brush=SMOOTH)
    elif kind == 1:
        canvas.paint(arc(place, rng.uniform(0.01, 0.028)), colour, brush=SMOOTH)
    elif kind == 2:
        canvas.paint(blob(rng, place, rng.uniform(0.02, 0.04), 4, 0.5), colour, brush=SMOOTH)
    else:
        outer = arc((0, 0), 0.04, 0, np.pi)
        crescent = np.concatenate([outer, outer[::-1] * (1, 0.5)])
        canvas.paint(place + crescent @ rotation(rng.uniform(0, 6.3)).T, colour, brush=SMOOTH)

"""Shapes as polygons in unit coordinates: float arrays (n, 2) of x (right) and y (down)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

Polygon = NDArray[Any]
"""Corners, or other points and vectors, (n, 2)."""


def rectangle(left: float, top: float, right: float, bottom: float) -> Polygon:
    """An upright rectangle.

    Args:
        left: Lowest x.
        top: Lowest y.
        right: Highest x.
        bottom: Highest y.
    """
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)


def bar(
    centre: ArrayLike, length: float, width: float, angle: float, taper: float = 1.0
) -> Polygon:
    """A rectangle turned by ``angle`` radians; ``taper`` scales the width of its far end.

    Args:
        centre: Where its middle is, (2,).
        length: Along its own direction.
        width: Across it, at the near end.
        angle: Of that direction.
        taper: 1 for a rectangle, 0 for a triangle.
    """
    half = np.array([(-1, -1), (1, -taper), (1, taper), (-1, 1)]) * (length / 2, width / 2)
    return half @ rotation(angle).T + np.asarray(centre, float)


def rotation(angle: float) -> Polygon:
    """The 2 x 2 matrix that turns column vectors by ``angle`` radians (clockwise on screen).

    Args:
        angle: In radians.
    """
    return np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])


def arc(centre: ArrayLike, radius: float, start: float = 0.0, stop: float = 2 * np.pi) -> Polygon:
    """Points along a circle from one angle to another, both in radians.

    Args:
        centre: Where its middle is, (2,).
        radius: Of the circle.
        start: The first angle, 0 along x.
        stop: The last one; by default the circle is closed.
    """
    count = max(8, int(np.ceil(abs(stop - start) * 54 * np.sqrt(radius))))
    angles = np.linspace(start, stop, count)
    return np.asarray(centre, float) + radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def sector(
    centre: ArrayLike, inner: float, outer: float, start: float = 0.0, stop: float = 2 * np.pi
) -> Polygon:
    """The part of a ring between two radii and two angles.

    Args:
        centre: Where its middle is, (2,).
        inner: The smaller radius; 0 for a slice of a disc.
        outer: The larger one.
        start: The first angle in radians, 0 along x.
        stop: The last one; by default the ring is whole.
    """
    return np.concatenate([arc(centre, outer, start, stop), arc(centre, inner, stop, start)])


def dots(centres: ArrayLike, radii: ArrayLike) -> list[Polygon]:
    """Small discs at ``centres`` (n, 2), each with its radius.

    Args:
        centres: Where they lie.
        radii: One for each, (n,).
    """
    turn = np.arange(24) * (2 * np.pi / 24)
    rim = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    return list(np.asarray(centres)[:, None] + np.asarray(radii)[:, None, None] * rim)


def spline(points: ArrayLike, count: int, closed: bool = False) -> Polygon:
    """``count`` points along a smooth curve through the given ones.

    Args:
        points: To go through, (n, 2).
        count: How many to give back.
        closed: Whether the curve returns to its start.
    """
    points = np.asarray(points, float)
    if closed:
        points = np.concatenate([points, points[:1]])
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    places = np.concatenate([[0.0], np.cumsum(np.sqrt(steps) + 1e-9)])
    curve = CubicSpline(places, points, bc_type="periodic" if closed else "natural")
    return curve(np.linspace(0, places[-1], count, endpoint=not closed))


def blob(
    rng: Generator, centre: ArrayLike, radius: float, lobes: int = 5, depth: float = 0.4
) -> Polygon:
    """A closed form without corners; ``depth`` is how far its lobes swell and shrink, 0 to 1.

    Args:
        rng: Decides all that is left to chance.
        centre: Where its middle is, (2,).
        radius: From the middle to the edge, the mean.
        lobes: How many times it swells.
        depth: 0 for an ellipse.
    """
    turns = (np.arange(lobes) + rng.uniform(-0.25, 0.25, lobes)) / lobes + rng.random()
    radii = radius * rng.uniform(1 - depth, 1 + depth, lobes)
    stretch = rotation(rng.uniform(0, np.pi)) * (1.0, rng.uniform(0.6, 1.0))
    spokes = np.stack([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)], axis=1)
    return np.asarray(centre, float) + spline(radii[:, None] * spokes @ stretch.T, 96, closed=True)


def stroke(path: Polygon, width: ArrayLike) -> list[Polygon]:
    """A line of changing width as short polygons, so that it may cross itself.

    Args:
        path: points (n, 2) along the middle of the line.
        width: one width, or one for each point.

    Returns:
        Polygons that join without gaps; paint them together.
    """
    tangent = np.gradient(path, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-12
    offset = tangent[:, ::-1] * (-1, 1) * np.broadcast_to(width, len(path))[:, None] / 2
    left, right = path + offset, path - offset
    step = 6
    return [
        np.concatenate([left[i : i + step + 1], right[i : i + step + 1][::-1]])
        for i in range(0, len(path) - 1, step)
    ]


def by_hand(rng: Generator, polygon: Polygon, amount: float = 0.0015) -> Polygon:
    """The same polygon as a steady hand would draw it: its edges waver by about ``amount``.

    Args:
        rng: Decides all that is left to chance.
        polygon: Corners (n, 2).
        amount: Standard deviation of the wavering.
    """
    ends = np.roll(polygon, -1, axis=0)
    lengths = np.linalg.norm(ends - polygon, axis=1)
    counts = np.maximum(1, (lengths / 0.02).astype(int))
    edge = np.repeat(np.arange(len(polygon)), counts)
    step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    place = (step / counts[edge])[:, None]
    dense = polygon[edge] * (1 - place) + ends[edge] * place
    return dense + amount * waver(rng, len(dense), int(lengths.sum() / 0.07))


def waver(rng: Generator, count: int, waves: int) -> Polygon:
    """Smooth random offsets (count, 2) along a loop, with standard deviation about 1.

    Args:
        rng: Decides all that is left to chance.
        count: How many offsets.
        waves: How many waves the finest has along the loop.
    """
    wave = np.arange(1, max(2, waves) + 1)
    decay = 1 / np.sqrt(wave)
    amplitude = rng.standard_normal((2, 1, len(wave))) * decay / np.linalg.norm(decay) * np.sqrt(2)
    phase = rng.uniform(0, 2 * np.pi, (2, 1, len(wave)))
    turn = 2 * np.pi * np.outer(np.arange(count) / count, wave)
    return (amplitude * np.cos(turn + phase)).sum(axis=2).T

"""The canvas on which every painter paints: shapes, brush marks, relief and the woven cloth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFilter

from abstractgan.data.paintings.shapes import Polygon

Floats = NDArray[Any]
"""Floats of any shape."""
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""

THREADS = 170
"""Of the cloth, along one side."""


@dataclass(frozen=True)
class Brush:
    """How paint lies on the canvas; every strength is relative, and 0 leaves that trace out.

    Attributes:
        angle: direction of the brush marks in radians, 0 along x.
        marks: strength of the light and dark streaks that bristles leave.
        clouds: strength of slow changes of tone, as in a thin wash.
        dry: how much of the ground shows through between the bristles, 0 to 1.
        impasto: thickness of the paint, seen as relief under light from the upper left.
    """

    angle: float = 0.0
    marks: float = 0.06
    clouds: float = 0.04
    dry: float = 0.0
    impasto: float = 0.4

    @property
    def leaves_marks(self) -> bool:
        """Whether its direction can be seen."""
        return bool(self.marks or self.dry or self.impasto)


OIL = Brush()
"""A brush with its marks."""
FLAT = Brush(marks=0.0, clouds=0.012, impasto=0.0)
"""A brush that leaves none."""


def noise(seed: int, size: int, rows: int, columns: int, decay: float) -> Floats:
    """Smooth noise that tiles, the same picture at every size.

    Octaves start from a lattice of ``rows`` x ``columns`` random values and double until the
    lattice is finer than the pixels; what is finer would average out.

    Args:
        seed: which noise.
        size: width and height in pixels.
        rows: lattice points from top to bottom in the first octave.
        columns: lattice points from left to right in the first octave.
        decay: weight of an octave relative to the one before it.

    Returns:
        float32 array (size, size) with mean about 0 and standard deviation about 1.
    """
    total = np.zeros((size, size), np.float32)
    power, octave, weight = 0.0, 0, 1.0
    while octave == 0 or max(rows, columns) <= min(size, 1024):
        lattice = np.random.default_rng([seed, octave]).standard_normal((rows, columns))
        tiled = np.pad(lattice.astype(np.float32), 2, mode="wrap")
        box = (2, 2, columns + 2, rows + 2)
        image = Image.fromarray(tiled).resize((size, size), Image.Resampling.BICUBIC, box=box)
        total += weight * np.asarray(image)
        power += weight**2
        rows, columns, octave, weight = 2 * rows, 2 * columns, octave + 1, weight * decay
    return total / np.float32(np.sqrt(0.6 * power))


class Canvas:
    """A square picture under way; (0, 0) is its upper left corner, (1, 1) its lower right one.

    Because shapes, widths and brushes are given in these units, one composition can be painted at
    any size. Taught in the chapter ``notebooks/paintings``.

    Args:
        size: Width and height in pixels.
        rng: Decides where each brush mark and cloud falls.

    Attributes:
        size: width and height in pixels.
        pixels: float32 (size, size, 3), sRGB in [0, 1].
        relief: float32 (size, size), thickness of the paint.
    """

    def __init__(self, size: int, rng: Generator):
        self.size = size
        self.pixels = np.ones((size, size, 3), np.float32)
        self.relief = np.zeros((size, size), np.float32)
        self.weave = 0.0
        # Pillow's polygons are half a fine pixel too large; keep that small at every size.
        self._supersampling = max(3 if size <= 512 else 2, -(-400 // size))
        self._marks_seed, self._clouds_seed, placing = (int(rng.integers(2**32)) for _ in range(3))
        self._placing = np.random.default_rng(placing)

    @cached_property
    def _marks(self) -> Floats:
        """What bristles leave when they move along x."""
        return noise(self._marks_seed, self.size, 56, 9, 0.75)

    @cached_property
    def _clouds(self) -> Floats:
        """Slow changes of tone, the same in every direction."""
        return noise(self._clouds_seed, self.size, 3, 3, 0.6)

    def prime(self, colour: ArrayLike, brush: Brush = OIL, weave: float = 0.03) -> None:
        """Cover the whole canvas with one colour, in two coats whose brush marks cross.

        The cloth shows through with strength ``weave``.

        Args:
            colour: sRGB in [0, 1], (3,).
            brush: How the paint lies in the first coat.
            weave: How much of the cloth is seen, 0 for none.
        """
        self.weave = weave
        whole = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
        self.paint(whole, colour, brush=brush)
        if brush.leaves_marks:
            across = replace(brush, angle=brush.angle + 1.3)
            self.paint(whole, colour, brush=across, opacity=0.5)

    def paint(
        self,
        shapes: Polygon | Sequence[Polygon],
        colours: ArrayLike,
        *,
        brush: Brush = OIL,
        opacity: float = 1.0,
        softness: float = 0.0,
        fade: tuple[ArrayLike, ArrayLike] | None = None,
    ) -> None:
        """Paint polygons, the later ones over the earlier ones.

        Args:
            shapes: one polygon (n, 2), or several.
            colours: one sRGB colour (3,) in [0, 1], or one for each polygon.
            brush: how the paint lies.
            opacity: 1 covers, less is a glaze.
            softness: standard deviation of the blur of the edges.
            fade: two points; opacity falls from full at the first to nothing at the second.
        """
        polygons = [shapes] if isinstance(shapes, np.ndarray) else list(shapes)
        if not polygons:
            return
        box = self._box(polygons, 3 * softness)
        if box is None:
            return
        left, top, right, bottom = box
        colours = np.broadcast_to(np.asarray(colours, np.float32), (len(polygons), 3))
        layer = self._draw(polygons, colours, box, softness)
        cover = np.full(layer.shape[:2], opacity, np.float32)
        marks = self._turned(self._marks, box, brush.angle) if brush.leaves_marks else np.float32(0)
        if fade is not None:
            cover *= self._ramp(box, *fade)
        if brush.dry:
            cover *= np.clip(1 + 1.5 * (marks + 2 - 4 * brush.dry), 0, 1)
        tone = 1 + brush.marks * marks + brush.clouds * self._shifted(self._clouds, box)
        pixels = self.pixels[top:bottom, left:right]
        tint = layer[..., :3] * (cover * tone)[..., None]
        cover *= layer[..., 3]
        pixels *= (1 - cover)[..., None]
        pixels += tint
        relief = self.relief[top:bottom, left:right]
        relief *= 1 - cover
        if brush.impasto:
            thickness = cover * (0.25 * marks + 0.5)
            relief += np.float32(brush.impasto) * (thickness + tint @ np.full(3, 1 / 3, np.float32))

    def finish(self) -> NDArray[np.uint8]:
        """Light the relief from the upper left, show the cloth, return uint8 (size, size, 3)."""
        down, right = np.gradient(self.relief, 1 / self.size)
        light = np.tanh((down + right) * np.float32(0.004))
        place = (np.arange(self.size, dtype=np.float32) + 0.5) / self.size
        # A pixel wider than a thread averages it away: the sinc is that average.
        thread = np.cos(2 * np.pi * THREADS * place) * np.sinc(THREADS / self.size)
        cloth = self.weave * np.outer(thread, thread).astype(np.float32)
        lit = self.pixels * (1 + 0.5 * light + cloth)[..., None]
        return np.rint(np.clip(lit, 0, 1) * 255).astype(np.uint8)

    def _box(self, polygons: list[Polygon], margin: float) -> Box | None:
        corners = np.concatenate(polygons)
        low = np.floor((corners.min(axis=0) - margin) * self.size).astype(int) - 1
        high = np.ceil((corners.max(axis=0) + margin) * self.size).astype(int) + 1
        left, top = np.clip(low, 0, self.size)
        right, bottom = np.clip(high, 0, self.size)
        return (left, top, right, bottom) if left < right and top < bottom else None

    def _draw(self, polygons: list[Polygon], colours: Floats, box: Box, softness: float) -> Floats:
        """Draw opaque polygons: float32 (height, width, 4), colour times coverage and coverage."""
        left, top, right, bottom = box
        fine = self._supersampling
        # Any mode with four plain channels does; Pillow would un-premultiply RGBA.
        image = Image.new("CMYK", ((right - left) * fine, (bottom - top) * fine))
        draw = ImageDraw.Draw(image)
        inks = np.rint(np.clip(colours, 0, 1) * 255).astype(int).tolist()
        corners = (np.concatenate(polygons) * self.size - (left, top)) * fine - 0.5
        ends = np.cumsum([2 * len(polygon) for polygon in polygons]).tolist()
        flat = corners.ravel().tolist()
        for start, end, ink in zip([0, *ends], ends, inks, strict=False):
            draw.polygon(flat[start:end], fill=(*ink, 255))
        image = image.reduce(fine)
        if softness:
            image = image.filter(ImageFilter.GaussianBlur(softness * self.size))
        return np.asarray(image, np.float32) / 255

    def _turned(self, field: Floats, box: Box, angle: float) -> Floats:
        """Read a tiling field turned by ``angle``, at a new offset for every layer of paint."""
        left, top, right, bottom = box
        x = np.arange(left, right, dtype=np.float32)[None, :]
        y = np.arange(top, bottom, dtype=np.float32)[:, None]
        offset = (self._placing.random((2, 1, 1)) * self.size).astype(np.float32)
        cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        row = (offset[0] + cos * y - sin * x).astype(np.int32) % self.size
        column = (offset[1] + sin * y + cos * x).astype(np.int32) % self.size
        return field.take(row * self.size + column)

    def _shifted(self, field: Floats, box: Box) -> Floats:
        """Read a tiling field at a new offset for every layer of paint."""
        left, top, right, bottom = box
        x, y = (self._placing.random(2) * self.size).astype(int)
        rows, columns = np.arange(top + y, bottom + y), np.arange(left + x, right + x)
        return field[np.ix_(rows % self.size, columns % self.size)]

    def _ramp(self, box: Box, start: ArrayLike, end: ArrayLike) -> Floats:
        """1 up to the first point, 0 from the second on."""
        left, top, right, bottom = box
        start, end = np.asarray(start, np.float32), np.asarray(end, np.float32)
        slope = (end - start) / ((end - start) @ (end - start))
        x = (np.arange(left, right, dtype=np.float32) + 0.5) / self.size - start[0]
        y = (np.arange(top, bottom, dtype=np.float32) + 0.5) / self.size - start[1]
        return np.clip(1 - slope[0] * x[None, :] - slope[1] * y[:, None], 0, 1)

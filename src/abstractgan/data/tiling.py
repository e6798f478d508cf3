"""A large picture in overlapping parts, so that memory stays bounded and no seam is left.

Taught in the chapter ``notebooks/style_gan``.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

import numpy as np


class Tile(NamedTuple):
    """A part of a picture.

    Attributes:
        seen: What the networks are shown, in the picture.
        core: Top, left, height and width of what is kept of that, in what is shown.
        place: Where this belongs in the picture.
    """

    seen: tuple[slice, slice]
    core: np.ndarray
    place: tuple[slice, slice]

    def cut(self, pictures: Any) -> np.ndarray:
        """The core of what was made of the part, (batch, height, width, channels).

        Args:
            pictures: What was made of ``seen``, (batch, height, width, channels).
        """
        top, left, height, width = self.core
        return np.asarray(pictures[:, top : top + height, left : left + width])

    def enlarged(self, scale: int) -> Tile:
        """The same part where the result is ``scale`` times as large each way.

        Args:
            scale: A whole number, 1 or more.
        """
        down, along = (slice(scale * side.start, scale * side.stop) for side in self.place)
        return Tile(self.seen, scale * self.core, (down, along))


def tiles(height: int, width: int, size: int, halo: int, stride: int) -> Iterator[Tile]:
    """Parts that cover a picture, each with what its pixels depend on around it.

    Args:
        height: Of the picture, in pixels, a multiple of the stride.
        width: Likewise.
        size: Sides of what the networks are shown, at most: more than twice the halo.
        halo: How many pixels a part is shown beyond its core, a multiple of the stride. At the
            picture's border nothing is added: padding there is part of the networks.
        stride: Where parts may begin.
    """
    spans = (_spans(length, size, halo, stride) for length in (height, width))
    for (top, bottom), (left, right) in product(*spans):
        up, start = max(0, top - halo), max(0, left - halo)
        yield Tile(
            (slice(up, bottom + halo), slice(start, right + halo)),
            np.array([top - up, left - start, bottom - top, right - left], "int32"),
            (slice(top, bottom), slice(left, right)),
        )


def _spans(length: int, size: int, halo: int, stride: int) -> list[tuple[int, int]]:
    """About equal parts that begin at multiples of the stride and leave room for the overlap."""
    count = 1 if length <= size else -(-length // (size - 2 * halo))
    step = -(-length // (count * stride)) * stride
    return [(start, min(start + step, length)) for start in range(0, length, step)]

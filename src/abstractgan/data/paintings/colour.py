"""Colours as sRGB triples in [0, 1]."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

Colours = NDArray[Any]
"""One colour (3,), or several (n, 3)."""


def palette(names: str) -> Colours:
    """Colours (n, 3) from hexadecimal names separated by spaces, such as ``"c8102e f4c300"``.

    Args:
        names: Of one colour or more.
    """
    return np.array([list(bytes.fromhex(name)) for name in names.split()]) / 255


def mix(first: ArrayLike, second: ArrayLike, share: float) -> Colours:
    """The colour on the way from the first (``share`` 0) to the second (1).

    Args:
        first: One colour (3,), or several (n, 3), or places.
        second: Likewise.
        share: Of the second, 0 to 1.
    """
    return (1 - share) * np.asarray(first, float) + share * np.asarray(second, float)


def vary(rng: Generator, colour: ArrayLike, amount: float = 0.03) -> Colours:
    """The colour as mixed once more by hand: a little lighter or darker, warmer or cooler.

    Args:
        rng: Decides all that is left to chance.
        colour: sRGB in [0, 1], (3,).
        amount: Standard deviation of the change in lightness.
    """
    shift = rng.normal(0, amount) + rng.normal(0, amount / 2, 3)
    return np.clip(np.asarray(colour, float) + shift, 0, 1)

"""What can be counted in a picture without a trained network: its colours and its edges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 64
"""Pixels at which pictures are compared."""
DIRECTIONS = 6
"""Of edges, over half a turn."""
COLOURS = 21
"""How many of the statistics come from colour; they stand first."""


def picture_statistics(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Describe a picture by numbers that forget where things are.

    The picture is shrunk to 64 x 64 pixels first, so that pictures of any size can be compared.

    - Colour (21 numbers): mean and standard deviation of lightness, red-green and yellow-blue;
      five quantiles of lightness and of chroma; covariance of the two relative to their spread;
      shares of the fullest one, two, four and eight of 64 colour bins.
    - Edges at three scales, 64, 32 and 16 pixels (36 numbers): logarithms of six quantiles of the
      gradient's length, and the shares of six directions, largest first.

    Taught in the chapter ``notebooks/paintings``, where a nearest neighbour on them names the
    movement.

    Args:
        image: uint8 array (height, width, 3).

    Returns:
        1-D float64 array of 57 numbers, each of order 1 but not standardised.
    """
    shrunk = Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BOX)
    small = np.asarray(shrunk, float) / 255
    red, green, blue = np.moveaxis(small, 2, 0)
    light = small.mean(axis=2)
    opponents = np.stack([light, red - green, (red + green) / 2 - blue])
    chroma = np.hypot(opponents[1], opponents[2])
    shared = ((light - light.mean()) * (chroma - chroma.mean())).mean()
    bins = np.bincount((small * 3.999).astype(int).reshape(-1, 3) @ (16, 4, 1), minlength=64)
    quantiles = [0.05, 0.25, 0.5, 0.75, 0.95]
    colour: list[Any] = [
        *opponents.mean(axis=(1, 2)),
        *opponents.std(axis=(1, 2)),
        *np.quantile(light, quantiles),
        *np.quantile(chroma, quantiles),
        shared / (light.std() * chroma.std() + 1e-3),
        *np.cumsum(np.sort(bins)[::-1])[[0, 1, 3, 7]] / bins.sum(),
    ]
    return np.concatenate([colour, *(_edges(light, scale) for scale in (1, 2, 4))])


def _edges(light: NDArray[np.float64], scale: int) -> NDArray[np.float64]:
    """Statistics of the gradient of lightness (64, 64) when shrunk by ``scale``: 12 numbers."""
    side = SIDE // scale
    down, right = np.gradient(light.reshape(side, scale, side, scale).mean(axis=(1, 3)))
    length = np.hypot(down, right)
    turn = np.mod(np.arctan2(down, right), np.pi) / np.pi * DIRECTIONS
    spread = np.bincount(turn.astype(int).ravel() % DIRECTIONS, length.ravel(), DIRECTIONS)
    quantiles = np.quantile(length, [0.1, 0.3, 0.5, 0.7, 0.9, 0.98])
    shares = np.sort(spread)[::-1] / (spread.sum() + 1e-9)
    return np.concatenate([np.log10(quantiles + 1e-3), shares])

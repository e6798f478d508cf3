"""What can be counted in a picture without a trained network: its colours and its edges."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 64  # pixels at which pictures are compared
DIRECTIONS = 6


def picture_statistics(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Describe a picture by numbers that forget where things are.

    The picture is shrunk to 64 x 64 pixels first, so that pictures of any size can be compared.

    - Colour (18 numbers): mean and standard deviation of lightness, red-green and yellow-blue;
      five quantiles of lightness and of chroma; correlation of lightness with chroma; share of
      the fullest of 64 colour bins.
    - Edges at two scales, 64 and 32 pixels (20 numbers): mean and standard deviation of the
      gradient's length, the shares of flat and of strong pixels, and the shares of six
      directions, largest first.

    Taught in the chapter ``notebooks/paintings``, where a nearest neighbour on them names the
    movement.

    Args:
        image: uint8 array (height, width, 3).

    Returns:
        1-D float64 array of 38 numbers, each of order 1 but not standardised.
    """
    shrunk = Image.fromarray(image).resize((SIDE, SIDE), Image.Resampling.BOX)
    small = np.asarray(shrunk, float) / 255
    red, green, blue = np.moveaxis(small, 2, 0)
    light = small.mean(axis=2)
    opponents = np.stack([light, red - green, (red + green) / 2 - blue])
    chroma = np.hypot(opponents[1], opponents[2])
    quantiles = [0.05, 0.25, 0.5, 0.75, 0.95]
    bins = np.bincount((small * 3.999).astype(int).reshape(-1, 3) @ (16, 4, 1), minlength=64)
    colour: list[Any] = [
        *opponents.mean(axis=(1, 2)),
        *opponents.std(axis=(1, 2)),
        *np.quantile(light, quantiles),
        *np.quantile(chroma, quantiles),
        ((light - light.mean()) * (chroma - chroma.mean())).mean()
        / (light.std() * chroma.std() + 1e-3),
        bins.max() / bins.sum(),
    ]
    half = light.reshape(SIDE // 2, 2, SIDE // 2, 2).mean(axis=(1, 3))
    return np.concatenate([colour, _edges(light), _edges(half)])


def _edges(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Statistics of the gradient of a lightness picture (height, width): 10 numbers."""
    down, right = np.gradient(light)
    length = np.hypot(down, right)
    turn = np.mod(np.arctan2(down, right), np.pi) / np.pi * DIRECTIONS
    spread = np.bincount(turn.astype(int).ravel() % DIRECTIONS, length.ravel(), DIRECTIONS)
    spread = np.sort(spread / (spread.sum() + 1e-9))[::-1]
    summary = [length.mean(), length.std(), (length < 0.01).mean(), (length > 0.15).mean()]
    return np.concatenate([summary, spread])

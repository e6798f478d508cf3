"""A photograph repainted in the style of paintings: any size, bounded memory.

A picture larger than a tile is seen twice, tile by tile: once to measure the moments of its
compressed feature maps, once to paint. Tiles overlap by all that a pixel depends on, so that no
seam is left.

Taught in the chapter ``notebooks/style_gan``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import tensorflow as tf
from PIL import Image

from abstractgan import ASSETS
from abstractgan.data.images import (
    SMALLEST,
    StrPath,
    at_short_side,
    check_picture,
    to_float,
    to_uint8,
)
from abstractgan.data.tiling import tiles
from abstractgan.errors import UserError, shares
from abstractgan.features import Statistics, Tensor, style_statistics, vgg16
from abstractgan.networks import STYLE_LAYERS, Style, StyleDecoder
from abstractgan.networks.style import STRIDE, content_moments
from abstractgan.networks.trained import given_or_own, load_trained
from abstractgan.training.style_pictures import SQUARE

Moments = list[tuple[Tensor, Tensor]]
"""Mean and covariance of a photograph's compressed channels, for each layer."""

RECEPTIVE_FIELD = 50
"""How many pixels away, each way, a painted pixel depends on the photograph.

Counted from the picture back to the photograph, in pixels of the layer's own stride: the decoder's
3x3 convolutions see 1 + 1 further at stride 1, 2 at stride 2, 1 at stride 4 and 1 at stride 8;
VGG16's 1 at stride 8, 3 at stride 4, 2 at stride 2 and 2 at stride 1. Halving and doubling round
outwards: 2 -> 1 + 2 -> 2 + 1 -> 2 + 1 = 3 at stride 8; 3 + 1 -> 8 + 3 -> 22 + 2 -> 48 + 2 = 50.
"""

TILE = 1024
"""Sides in pixels of what the networks are shown at once, at most."""

_HALO = -(-RECEPTIVE_FIELD // STRIDE) * STRIDE


class Stylizer:
    """Repaints photographs with VGG16 and a trained decoder.

    Args:
        decoder: A trained ``networks.StyleDecoder``; ``load`` takes the package's own.
        tile: Sides in pixels of what is looked at once, at most: a multiple of 8 above 112. Memory
            grows with its square.

    Example:
        >>> stylizer = Stylizer.load()
        >>> style = stylizer.style(painting)
        >>> picture = stylizer.stylize(photograph, style)
    """

    def __init__(self, decoder: StyleDecoder, tile: int = TILE) -> None:
        self.decoder = decoder
        self.encoder = vgg16(STYLE_LAYERS, mirrored=True)
        self._tile = tile
        kept = [compressor.units for compressor in decoder.compressors]
        maps = [_signature(None, None, channels) for channels in kept]
        means = [_signature(channels) for channels in kept]
        squares = [_signature(channels, channels) for channels in kept]
        style = Style(means, squares, _signature(decoder.encode_style.units))
        core = tf.TensorSpec((4,), tf.int32)
        # Traced once, for all sizes.
        self._look = {
            with_statistics: tf.function(
                partial(self._look_at, with_statistics=with_statistics),
                input_signature=(_signature(None, None, 3), core),
                autograph=False,
            )
            for with_statistics in (False, True)
        }
        self._paint = tf.function(
            decoder.paint,
            input_signature=(maps, list(zip(means, squares, strict=True)), style),
            autograph=False,
        )

    @classmethod
    def load(cls, decoder: StrPath | None = None) -> Stylizer:
        """A stylizer with trained weights.

        Args:
            decoder: A file ``decoder.weights.h5`` of a run of ``abstractgan train style``; by
                default the weights that the package carries.

        Raises:
            UserError: If the file is missing, damaged or belongs to another network.
        """
        own = ASSETS / "style_decoder.weights.h5"
        path, advice = given_or_own(decoder, own, "the decoder.weights.h5", "style")
        return cls(load_trained(StyleDecoder(), path, "decoder", advice))

    def style(self, *paintings: np.ndarray, weights: Sequence[float] | None = None) -> Style:
        """What the decoder has to know of paintings: make it once, use it for many photographs.

        Each painting is seen at a short side of 256 pixels, as in training. Of several, the parts
        of the style are averaged; a mean of square roots of covariances is symmetric and positive
        again.

        Args:
            *paintings: uint8 (height, width, 3), of any size from 16 pixels.
            weights: One for each painting, 0 or more; equal if left out.

        Raises:
            UserError: If a painting is none, or the weights do not fit.
        """
        if not paintings:
            raise UserError("Give at least one painting to take the style from.")
        parts = shares([1.0] * len(paintings) if weights is None else weights)
        if len(parts) != len(paintings):
            raise UserError(
                f"Give one weight for each painting: {len(paintings)}, not {len(parts)}."
            )
        seen = [at_short_side(_checked(each, "painting"), SQUARE) for each in paintings]
        return _mixed([self.decoder.style(self._survey(each, True)[2]) for each in seen], parts)

    def stylize(
        self, image: np.ndarray, style: Style, strength: float = 1.0, keep_color: bool = False
    ) -> np.ndarray:
        """Repaint a photograph.

        Args:
            image: The photograph, uint8 (height, width, 3), of any size from 16 pixels.
            style: What ``style`` gave.
            strength: 1 for the paintings' style alone; below, the photograph's own style is mixed
                in, with the weight ``1 - strength``. At 0 its feature maps stay as they are, up to
                what the square root leaves inexact: the decoder paints the photograph, as well as
                it can.
            keep_color: Take only the lightness from the result and the colours from the photograph
                (Gatys et al. 2016, "Preserving color in neural artistic style transfer",
                luminance-only transfer, here in YCbCr).

        Returns:
            uint8, of the photograph's shape.

        Raises:
            UserError: If the photograph, the style or the strength is none of these.
        """
        pixels = _checked(image, "photograph")
        if not isinstance(style, Style):
            raise UserError("Give the style that Stylizer.style made of the painting.")
        if not 0 <= strength <= 1:
            raise UserError(f"The strength must lie between 0 and 1, not {strength}.")
        height, width = pixels.shape[:2]
        beyond = [(0, -side % STRIDE) for side in (height, width)]
        pixels = np.pad(pixels, (*beyond, (0, 0)), mode="reflect")
        whole, moments, statistics = self._survey(pixels, strength < 1)
        if statistics:
            style = _mixed([style, self.decoder.style(statistics)], [strength, 1 - strength])
        result = np.empty_like(pixels)
        for tile in tiles(pixels.shape[0], pixels.shape[1], self._tile, _HALO, STRIDE):
            maps = whole or self._look[False](to_float(pixels[tile.seen])[None], tile.core)[0]
            painted = self._paint(maps, moments, style)
            result[tile.place] = to_uint8(tile.cut(painted)[0])
        result = result[:height, :width]
        return _with_colors_of(image, result) if keep_color else result

    def _survey(
        self, pixels: np.ndarray, with_statistics: bool
    ) -> tuple[list[Tensor] | None, Moments, Statistics]:
        """The compressed maps if there is one tile only, and moments of the whole picture."""
        height, width = pixels.shape[:2]
        shares, moments, statistics = [], [], []
        for tile in tiles(height, width, self._tile, _HALO, STRIDE):
            view = to_float(pixels[tile.seen])[None]
            maps, *measured = self._look[with_statistics](view, tile.core)
            shares.append(float(tile.core[2] * tile.core[3]) / (height * width))
            moments.append(measured[0])
            statistics.append(measured[1])
        return (
            maps if len(shares) == 1 else None,
            [_joined(layer, shares) for layer in zip(*moments, strict=True)],
            [_averaged(layer, shares) for layer in zip(*statistics, strict=True)],
        )

    def _look_at(
        self, pictures: Tensor, core: Tensor, with_statistics: bool
    ) -> tuple[list[Tensor], Moments, Statistics]:
        """Compressed maps, their moments within the core, and VGG's statistics if wanted."""
        maps = self.encoder(pictures)
        compressed = self.decoder.compress(maps)
        moments = content_moments(_cut(compressed, core))
        return compressed, moments, style_statistics(_cut(maps, core)) if with_statistics else []


def _cut(maps: Sequence[Tensor], core: Tensor) -> list[Tensor]:
    """The core of each of four maps, at strides 1, 2, 4 and 8."""
    parts = []
    for layer, each in enumerate(maps):
        top, left, height, width = tf.unstack(core // 2**layer)
        parts.append(each[:, top : top + height, left : left + width])
    return parts


def _signature(*shape: int | None) -> tf.TensorSpec:
    return tf.TensorSpec((1, *shape), tf.float32)


def _averaged(parts: Sequence[tuple[Tensor, Tensor]], shares: Sequence[float]) -> Any:
    """First and second moments of a whole from those of its parts, summed in float64."""
    return tuple(
        np.average(np.asarray(group, np.float64), axis=0, weights=shares).astype(np.float32)
        for group in zip(*parts, strict=True)
    )


def _joined(parts: Sequence[tuple[Tensor, Tensor]], shares: Sequence[float]) -> Any:
    """Mean and covariance of a whole from those of its parts (Chan et al. 1979)."""
    whole, _ = _averaged(parts, shares)
    apart = []
    for mean, spread in parts:
        away = np.asarray(mean) - whole
        apart.append((mean, spread + away[:, :, None] * away[:, None, :]))
    return _averaged(apart, shares)


def _mixed(styles: Sequence[Style], shares: Sequence[float]) -> Style:
    """The weighted mean of each part of styles; the shares add up to 1."""
    means, roots, code = (
        tf.nest.map_structure(
            lambda *each: sum(share * part for share, part in zip(shares, each, strict=True)),
            *parts,
        )
        for parts in zip(*styles, strict=True)
    )
    return Style(means, roots, code)


def _checked(image: np.ndarray, what: str) -> np.ndarray:
    pixels = check_picture(image, what)
    height, width = pixels.shape[:2]
    if min(height, width) < SMALLEST:
        raise UserError(
            f"A {what} needs {SMALLEST} pixels each way or more, not {width} x {height}: "
            "choose a larger one."
        )
    return pixels


def _with_colors_of(photograph: np.ndarray, result: np.ndarray) -> np.ndarray:
    lightness = Image.fromarray(result).convert("YCbCr").getchannel("Y")
    _, blue, red = Image.fromarray(photograph).convert("YCbCr").split()
    return np.asarray(Image.merge("YCbCr", (lightness, blue, red)).convert("RGB"))

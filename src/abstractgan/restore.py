"""Damaged pictures restored with a trained network: any size, bounded memory.

Taught in the chapter ``notebooks/restoration``.
"""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from PIL import Image

from abstractgan.data.damage import masked
from abstractgan.data.images import StrPath, check_picture, resized, to_float, to_uint8
from abstractgan.errors import UserError
from abstractgan.networks.pictures import RESTORER_STRIDE, composed
from abstractgan.networks.trained import given_or_own
from abstractgan.training.pictures import trained_generator
from abstractgan.training.recorded import RESTORATION_RUN
from abstractgan.training.restoration import RESTORATION

LARGEST = 768
"""The long side in pixels of what the network is shown, at most."""

_ROWS = 1024


class Restorer:
    """Fills the holes of pictures and undoes their fading.

    A picture larger than ``LARGEST`` is shown to the network in a smaller copy. What it paints is
    enlarged and goes into the holes; elsewhere every pixel is kept, in the colours that the network
    asks for.

    Args:
        network: A trained ``networks.restorer``; ``load`` takes the package's own.

    Example:
        >>> restorer = Restorer.load()
        >>> picture = restorer.restore(damaged, mask)
    """

    def __init__(self, network: keras.Model) -> None:
        parts = [network.get_layer(name).output for name in ("fill", "colours")]
        # Traced once, for all sizes.
        self._look = tf.function(
            keras.Model(network.input, parts),
            input_signature=(tf.TensorSpec((1, None, None, 4), tf.float32),),
            autograph=False,
        )

    @classmethod
    def load(cls, run: StrPath | None = None) -> Restorer:
        """A restorer with trained weights.

        Args:
            run: The folder of a finished run of ``abstractgan train restoration``; by default the
                one that the package carries.

        Raises:
            UserError: If the run is unfinished, damaged or of another network.
        """
        folder, advice = given_or_own(run, RESTORATION_RUN, "the folder", "restoration")
        return cls(trained_generator(RESTORATION, folder, advice))

    def restore(self, picture: np.ndarray, mask: npt.ArrayLike) -> np.ndarray:
        """Restore a picture.

        Args:
            picture: uint8 (height, width, 3), of any size.
            mask: bool (height, width), true where the picture is lost. It may be empty: what is
                left to do is the colours.

        Returns:
            uint8, of the picture's shape.

        Raises:
            UserError: If the picture or the mask is none, their sizes differ, or nothing of the
                picture is left.
        """
        pixels = check_picture(picture)
        lost = _checked(mask, pixels)
        height, width = lost.shape
        small, small_lost = _reduced(pixels, lost)
        seen = masked(small, small_lost)
        # The border that the convolutions mirror needs two positions each way.
        beyond = [
            (0, max(2 * RESTORER_STRIDE - side, -side % RESTORER_STRIDE))
            for side in small_lost.shape
        ]
        fill, colours = self._look(np.pad(seen, (*beyond, (0, 0)), mode="reflect")[None])
        painted = to_uint8(fill)[0, : small.shape[0], : small.shape[1]]
        painted = resized(painted, (width, height), Image.Resampling.BICUBIC)
        result = np.empty_like(pixels)
        for start in range(0, height, _ROWS):
            rows = slice(start, start + _ROWS)
            given = masked(pixels[rows], lost[rows])[None]
            result[rows] = to_uint8(composed(given, to_float(painted[rows])[None], colours))[0]
        return result


def _checked(mask: npt.ArrayLike, pixels: np.ndarray) -> np.ndarray:
    lost = np.asarray(mask)
    if lost.dtype != bool or lost.ndim != 2:
        raise UserError(
            f"A mask is bool of the shape (height, width), not {lost.dtype} of {lost.shape}: "
            "compare its pixels with a threshold, such as mask > 127."
        )
    if lost.shape != pixels.shape[:2]:
        raise UserError(
            f"The mask has {lost.shape[1]} x {lost.shape[0]} pixels and the picture "
            f"{pixels.shape[1]} x {pixels.shape[0]}: give a mask of the picture's size."
        )
    if lost.all():
        raise UserError("The mask covers the whole picture: leave some of it to restore from.")
    return lost


def _reduced(pixels: np.ndarray, lost: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Picture and mask at ``LARGEST`` pixels or fewer; a pixel that saw a lost one is lost."""
    height, width = lost.shape
    scale = LARGEST / max(height, width)
    if scale >= 1:
        return pixels, lost
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small_lost = resized(lost.astype(np.float32), size, Image.Resampling.BOX) > 0
    if small_lost.all():
        raise UserError(
            "So little of the picture is left, and in such small pieces, that there is nothing to "
            "restore from: mask less of it."
        )
    return resized(pixels, size, Image.Resampling.BOX), small_lost

"""Pictures made larger or cleaner with trained networks: any size, bounded memory.

Taught in the chapter ``notebooks/enhancement``.
"""

from __future__ import annotations

import keras
import numpy as np

from abstractgan.data.images import MAX_PIXELS, StrPath, check_picture, to_float, to_uint8
from abstractgan.data.tiling import tiles
from abstractgan.errors import UserError
from abstractgan.networks.enhancement import receptive_field
from abstractgan.networks.trained import given_or_own
from abstractgan.training.enhancement import GAN, PIXEL, Enhancement, enhancement
from abstractgan.training.pictures import trained_generator
from abstractgan.training.recorded import RUNS

TILE = 512
"""Sides in pixels of what the network makes at once, at most."""


class Enhancer:
    """Enlarges or denoises pictures with two trained networks, or with one between them.

    Args:
        kind: What is to be made better.
        pixel: The network that the pixels' loss alone has trained.
        gan: The network of the same sizes that was trained further as a GAN.
        tile: Sides in pixels of what is made at once, at most: above 30 times the scale. Memory
            grows with its square.

    Example:
        >>> enhancer = Enhancer.load("super_resolution")
        >>> larger = enhancer.enhance(picture)
    """

    def __init__(
        self, kind: Enhancement, pixel: keras.Model, gan: keras.Model, tile: int = TILE
    ) -> None:
        self.kind = kind
        self._ends = pixel.get_weights(), gan.get_weights()
        self._network = keras.models.clone_model(pixel)
        self._tile = tile // kind.scale
        self._halo = receptive_field()

    @classmethod
    def load(cls, task: str, run: StrPath | None = None) -> Enhancer:
        """An enhancer with trained weights.

        Args:
            task: A name in ``training.enhancement.ENHANCEMENTS``.
            run: The folder of a finished run of ``abstractgan train enhancement``; by default the
                one that the package carries.

        Raises:
            UserError: If there is no such task, or the run is unfinished, damaged or of another
                task.
        """
        kind = enhancement(task)
        folder, advice = given_or_own(
            run, RUNS / kind.name, "the folder", f"enhancement --task {task}"
        )
        pixel, gan = (
            trained_generator(kind.task(), folder / stage, advice) for stage in (PIXEL, GAN)
        )
        return cls(kind, pixel, gan)

    def enhance(self, picture: np.ndarray, balance: float = 1.0) -> np.ndarray:
        """Make a picture larger or cleaner.

        Args:
            picture: uint8 (height, width, 3), of any size.
            balance: 0 for the network of the pixels' loss, 1 for the GAN; between them, each weight
                is that share of the way from one to the other (Wang et al. 2018, section 3.4).

        Returns:
            uint8 (height * scale, width * scale, 3).

        Raises:
            UserError: If the picture is none or empty, the result would be too large, or the
                balance is not between 0 and 1.
        """
        pixels = check_picture(picture)
        height, width = pixels.shape[:2]
        scale = self.kind.scale
        if not 0 < height * width * scale**2 <= MAX_PIXELS:
            raise UserError(
                f"A picture of {width} x {height} pixels would become one of {width * scale} x "
                f"{height * scale}: it takes from 1 pixel to {MAX_PIXELS // 1_000_000} million."
            )
        if not 0 <= balance <= 1:
            raise UserError(f"The balance must lie between 0 and 1, not {balance}.")
        self._network.set_weights(
            [(1 - balance) * low + balance * high for low, high in zip(*self._ends, strict=True)]
        )
        # The mirrored border of the network's convolutions takes two pixels each way.
        beyond = [(0, max(0, 2 - side)) for side in (height, width)]
        pixels = np.pad(pixels, (*beyond, (0, 0)), mode="reflect")
        rows, columns = pixels.shape[:2]
        result = np.empty((scale * rows, scale * columns, 3), np.uint8)
        for tile in tiles(rows, columns, self._tile, self._halo, stride=1):
            made = self._network(to_float(pixels[tile.seen])[None])
            enlarged = tile.enlarged(scale)
            result[enlarged.place] = to_uint8(enlarged.cut(made)[0])
        return result[: scale * height, : scale * width]

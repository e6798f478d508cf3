"""What a run of the style GAN looks at: squares of paintings, and the pairs it is measured on.

Taught in the chapter ``notebooks/style_gan``.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image

from abstractgan.data.images import at_short_side, centre_square, load_image, to_float, to_uint8
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.features import Statistics, map_widths, style_statistics
from abstractgan.networks import STYLE_LAYERS
from abstractgan.training.profiles import StyleProfile
from abstractgan.training.style_objectives import Encoder, perceptual_losses

Decode = Callable[[Sequence[Any], Statistics], Any]
"""Feature maps of photographs and statistics of paintings to pictures: a ``StyleDecoder``."""

SQUARE = 256
"""Side in pixels of the squares that stand for a painting."""

MOST_SQUARES = 3_000
"""Of a folder's paintings, in all: the statistics of so many squares take 4 GB."""

HELD_OUT_SEED = 1_000
"""Drawn paintings of this seed are never trained on."""

HELD_OUT_COLUMNS = ("held_out_gram", "held_out_structure")
"""What ``HeldOut`` measures, in a log's order."""

_LARGEST_ZOOM = 1.6
_POWER_SPREAD = 0.3  # of the power's logarithm
_SHEET_PHOTOGRAPHS = ("astronaut", "chelsea", "china")
_SHEET_MOVEMENTS = ("orphism", "neoplasticism", "rayonism", "bauhaus")


def painting_squares(files: Sequence[Path], profile: StyleProfile, seed: int) -> np.ndarray:
    """The squares that stand for paintings: all that the decoder learns of style.

    A painting of a folder gives several, at random zooms and places, turned and mirrored, and half
    of them in other colours: a few paintings have to stand for all. A drawn one gives itself.

    Args:
        files: Of a folder's paintings.
        profile: How many squares each gives, and how many paintings are drawn.
        seed: Of places, zooms and colours.

    Returns:
        uint8 (n, 256, 256, 3).

    Raises:
        UserError: If a file is no picture.
    """
    each = squares_of_each(len(files), profile)

    def cut(number: int) -> list[np.ndarray]:
        picture, rng = load_image(files[number]), np.random.default_rng((seed, number))
        return [_square(picture, rng) for _ in range(each)]

    def draw(movement: str) -> list[np.ndarray]:
        return [paint(movement, at, SQUARE) for at in range(profile.drawn)]

    with ThreadPoolExecutor() as pool:
        parts = [*pool.map(cut, range(len(files))), *pool.map(draw, MOVEMENTS)]
    return np.stack([square for part in parts for square in part])


def squares_of_each(paintings: int, profile: StyleProfile) -> int:
    """How many squares are cut from each of so many paintings of a folder, at least one.

    As many as the profile says, or fewer: together no more than ``MOST_SQUARES``.

    Args:
        paintings: How many the folder has.
        profile: Says how many squares are wanted.
    """
    return max(1, min(profile.squares, MOST_SQUARES // max(1, paintings)))


def _square(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    picture = at_short_side(picture, rng.uniform(1, _LARGEST_ZOOM) * SQUARE)
    height, width = picture.shape[:2]
    left, top = rng.integers(width - SQUARE + 1), rng.integers(height - SQUARE + 1)
    square = np.rot90(picture[top : top + SQUARE, left : left + SQUARE], int(rng.integers(4)))
    if rng.random() < 0.5:
        square = square[:, ::-1]
    return _recoloured(square, rng) if rng.random() < 0.5 else square


def _recoloured(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Red, green and blue change places, and each is made lighter or darker by a power."""
    powers = np.exp(rng.normal(0, _POWER_SPREAD, 3))
    return to_uint8(2 * (picture[..., rng.permutation(3)] / 255) ** powers - 1)


def square_statistics(encode: Encoder, squares: np.ndarray, batch: int = 8) -> Statistics:
    """``features.style_statistics`` of squares, uint8 (n, side, side, 3), a few at a time.

    Args:
        encode: Pictures in [-1, 1] to feature maps, such as ``features.vgg16``.
        squares: What is looked at.
        batch: How many are looked at together.
    """
    parts = [
        style_statistics(encode(to_float(squares[start : start + batch])))
        for start in range(0, len(squares), batch)
    ]
    return [
        tuple(keras.ops.concatenate([part[layer][moment] for part in parts]) for moment in (0, 1))
        for layer in range(len(STYLE_LAYERS))
    ]


def statistics_bytes(squares: int) -> int:
    """What ``square_statistics`` takes of memory: mean and Gram matrix at each layer, float32.

    Args:
        squares: How many.
    """
    numbers = sum(width + width**2 for width in map_widths(STYLE_LAYERS))
    return squares * numbers * np.dtype(np.float32).itemsize


class HeldOut:
    """Eight photographs, each with a drawn painting that is never trained on: how far is the run?

    Args:
        encode: VGG16 at ``networks.STYLE_LAYERS``.
    """

    def __init__(self, encode: Encoder) -> None:
        self._encode = encode
        self._pairs = list(zip(PHOTOGRAPHS, MOVEMENTS, strict=False))
        self._photographs = {name: centre_square(photograph(name), SQUARE) for name in PHOTOGRAPHS}
        self._paintings = {name: paint(name, HELD_OUT_SEED, SQUARE) for _, name in self._pairs}
        self._statistics = {
            name: style_statistics(encode(to_float(painting[None])))
            for name, painting in self._paintings.items()
        }

    def measure(self, decoder: Decode) -> dict[str, float]:
        """Mean ``gram`` distance over the layers and ``structure`` loss at relu4_1, 256 pixels.

        Args:
            decoder: Feature maps of a photograph and statistics of a painting to a result in [-1,
                1].
        """
        measured = []
        for name, movement in self._pairs:
            maps, statistics = self._look(name), self._statistics[movement]
            losses = perceptual_losses(self._encode(decoder(maps, statistics)), maps, statistics)
            measured.append((float(losses["gram"]), float(losses["structure"])))
        return dict(zip(HELD_OUT_COLUMNS, np.mean(measured, axis=0), strict=True))

    def sheet(self, decoder: Decode) -> np.ndarray:
        """Paintings above, photographs at the left, and each of these in each style, uint8.

        Args:
            decoder: Feature maps of a photograph and statistics of a painting to a result in [-1,
                1].
        """
        blank = np.full((SQUARE, SQUARE, 3), 255, "uint8")
        rows = [[blank] + [self._paintings[movement] for movement in _SHEET_MOVEMENTS]]
        for name in _SHEET_PHOTOGRAPHS:
            maps = self._look(name)
            results = [decoder(maps, self._statistics[movement]) for movement in _SHEET_MOVEMENTS]
            rows.append([self._photographs[name]] + [to_uint8(result)[0] for result in results])
        sheet = np.concatenate([np.concatenate(row, axis=1) for row in rows])
        return np.asarray(Image.fromarray(sheet).reduce(2))

    def _look(self, name: str) -> Sequence[Any]:
        return self._encode(to_float(self._photographs[name][None]))

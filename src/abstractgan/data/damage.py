"""Damage to a picture, drawn at random: scratches, holes, a torn corner, and faded colours.

Scratches, holes and corners leave nothing of what was there, and a mask says where. Fading leaves
all of it, in other colours, and has no mask. Sizes are in pixels and the number of scratches and
holes grows with the picture, so that small and large ones look alike at close range.

Taught in the chapter ``notebooks/restoration``.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw

from abstractgan.data.images import StrPath, check_picture, load_image, to_float, to_uint8
from abstractgan.errors import check_choice

PAPER = 255
"""What shows through, in all three channels."""

FADING = "fading"
"""The kind of damage that has no mask."""

_AREA = 128**2  # pixels, for which the numbers of scratches and holes are meant
_TINT = np.array([0.86, 0.78, 0.62])  # of paper that has yellowed, red, green and blue
_GREY = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601
# How often each kind occurs in `damage_at_random`.
_CHANCES = {"scratches": 0.7, "holes": 0.7, "torn corner": 0.4, FADING: 0.5}

Stroke = Callable[[ImageDraw.ImageDraw, np.random.Generator], None]
"""Draws where one kind of damage lies."""


class Damaged(NamedTuple):
    """A damaged picture.

    Attributes:
        picture: uint8 (height, width, 3), white where it is lost.
        mask: bool (height, width), true where it is lost.
    """

    picture: np.ndarray
    mask: np.ndarray


def damage(picture: np.ndarray, kinds: Sequence[str], rng: np.random.Generator | int) -> Damaged:
    """Damage a picture; the same seed gives the same damage.

    Args:
        picture: uint8 (height, width, 3).
        kinds: Some of ``KINDS``.
        rng: Where the damage is drawn from: a generator, or a seed.

    Raises:
        UserError: If the picture is none, or there is no such kind.
    """
    pixels, rng = check_picture(picture), np.random.default_rng(rng)
    for kind in kinds:
        check_choice(kind, KINDS, "damage")
    canvas = Image.new("L", pixels.shape[1::-1])
    draw = ImageDraw.Draw(canvas)
    for kind, stroke in _STROKES.items():
        if kind in kinds:
            stroke(draw, rng)
    mask = np.asarray(canvas) > 0
    if FADING in kinds:
        pixels = fade(pixels, rng.uniform(0.2, 0.5), rng.uniform(0.2, 0.6))
    return Damaged(np.where(mask[..., None], np.uint8(PAPER), pixels), mask)


def damage_at_random(picture: np.ndarray, rng: np.random.Generator) -> Damaged:
    """The same with kinds drawn as well; at least one of those that need a mask.

    Args:
        picture: uint8 (height, width, 3).
        rng: Where the kinds and the damage are drawn from.

    Raises:
        UserError: If the picture is none.
    """
    kinds = [kind for kind, chance in _CHANCES.items() if rng.random() < chance]
    if not set(kinds) & set(_STROKES):
        kinds.append("holes")
    return damage(picture, kinds, rng)


def fade(picture: np.ndarray, veil: float, grey: float) -> np.ndarray:
    """Colours that are greyer and lie under a veil of yellowed paper.

    Every colour c becomes ``(1 - veil) ((1 - grey) c + grey l) + veil t`` with its lightness l and
    the paper's tint t: an affine map, which another one undoes up to rounding.

    Args:
        picture: uint8 (height, width, 3).
        veil: From 0 to below 1.
        grey: Likewise.

    Raises:
        UserError: If the picture is no uint8.
    """
    colours = (to_float(picture) + 1) / 2
    colours = (1 - grey) * colours + grey * (colours @ _GREY)[..., None]
    return to_uint8(2 * ((1 - veil) * colours + veil * _TINT) - 1)


def masked(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """What a ``networks.restorer`` is given.

    Args:
        picture: uint8 (height, width, 3).
        mask: bool (height, width), true where the picture is lost.

    Returns:
        float32 (height, width, 4): the picture in [-1, 1], 0 where it is lost, and the mask.
    """
    lost = mask[..., None].astype(np.float32)
    return np.concatenate([to_float(picture) * (1 - lost), lost], axis=-1)


def read_mask(path: StrPath) -> np.ndarray:
    """A mask from a picture's file: true where it is white, or at least not dark.

    Args:
        path: The file.

    Returns:
        bool (height, width).

    Raises:
        UserError: If the file is no picture.
    """
    return load_image(path).max(axis=2) > 127


def _number(draw: ImageDraw.ImageDraw, rng: np.random.Generator, least: float, most: float) -> int:
    width, height = draw.im.size
    return max(1, round(rng.uniform(least, most) * width * height / _AREA))


def _scratches(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Long, nearly straight lines, 1 to 4 pixels wide."""
    for _ in range(_number(draw, rng, 1, 3)):
        at = rng.uniform(0, draw.im.size)
        angle, points = rng.uniform(0, 2 * np.pi), []
        for _ in range(rng.integers(4, 12)):
            points.append(tuple(at))
            angle += rng.normal(0, 0.2)
            at = at + rng.uniform(6, 14) * np.array([np.cos(angle), np.sin(angle)])
        draw.line(points, fill=1, width=int(rng.integers(1, 5)), joint="curve")


def _holes(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Ragged discs, 12 to 44 pixels across."""
    for _ in range(_number(draw, rng, 1, 2.5)):
        middle, radius = rng.uniform(0, draw.im.size), rng.uniform(6, 22)
        angles = np.linspace(0, 2 * np.pi, 18, endpoint=False)
        radii = radius * rng.uniform(0.7, 1, 18)
        rim = middle + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        draw.polygon([tuple(point) for point in rim], fill=1)


def _torn_corner(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """A ragged triangle whose sides along the edges are 24 to 64 pixels long."""
    size = np.array(draw.im.size)
    corner = size * rng.integers(0, 2, 2)
    along, down = np.where(corner > 0, -1, 1) * rng.uniform(24, 64, 2)
    ends = corner + np.array([[along, 0], [0, down]])
    shares = np.linspace(0, 1, 8)[:, None]
    tear = (1 - shares) * ends[0] + shares * ends[1]
    tear[1:-1] += rng.normal(0, 2, (6, 2))
    draw.polygon([tuple(point) for point in [corner, *tear]], fill=1)


_STROKES: dict[str, Stroke] = {
    "scratches": _scratches,
    "holes": _holes,
    "torn corner": _torn_corner,
}

KINDS = (*_STROKES, FADING)
"""What can happen to a picture; all but fading have a mask."""

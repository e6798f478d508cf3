"""What makes a good picture worse: fewer pixels, and noise. Enhancement is trained to undo it.

Taught in the chapter ``notebooks/enhancement``.
"""

import numpy as np
from PIL import Image

from abstractgan.data.images import check_picture, resized
from abstractgan.errors import UserError


def shrink(picture: np.ndarray, factor: int = 4) -> np.ndarray:
    """A picture with ``factor`` times fewer pixels each way, as super-resolution is given it.

    Bicubic with a filter as wide as the new pixels, so that fine patterns become grey and not false
    coarse ones. What is left at the far edges is dropped.

    Args:
        picture: uint8 (height, width, 3).
        factor: 1 or more.

    Returns:
        uint8 (height // factor, width // factor, 3).

    Raises:
        UserError: If the picture is none, or has fewer pixels than one new pixel takes.
    """
    pixels = check_picture(picture)
    height, width = (side // factor for side in pixels.shape[:2])
    if not height or not width:
        raise UserError(
            f"A picture of {pixels.shape[1]} x {pixels.shape[0]} pixels can't be made {factor} "
            "times smaller: choose a larger one."
        )
    whole = pixels[: height * factor, : width * factor]
    return resized(whole, (width, height), Image.Resampling.BICUBIC)


def enlarge(picture: np.ndarray, factor: int = 4) -> np.ndarray:
    """The picture enlarged without learning: bicubic interpolation (Keys 1981).

    Args:
        picture: uint8 (height, width, 3).
        factor: 1 or more.

    Returns:
        uint8 (height * factor, width * factor, 3).

    Raises:
        UserError: If the picture is none.
    """
    pixels = check_picture(picture)
    height, width = (side * factor for side in pixels.shape[:2])
    return resized(pixels, (width, height), Image.Resampling.BICUBIC)


def add_noise(picture: np.ndarray, sigma: float, rng: np.random.Generator) -> np.ndarray:
    """A picture with white Gaussian noise, rounded and clipped as a camera's file would be.

    Args:
        picture: uint8 (height, width, 3).
        sigma: Standard deviation of the noise, of 255.
        rng: Where the noise is drawn.

    Returns:
        uint8, of the picture's shape.

    Raises:
        UserError: If the picture is none, or the deviation is negative.
    """
    if not sigma >= 0:
        raise UserError(f"The noise's standard deviation must be 0 or more, not {sigma}.")
    noisy = check_picture(picture) + rng.normal(0, sigma, np.shape(picture))
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)

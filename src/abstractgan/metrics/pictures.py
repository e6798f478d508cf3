"""How far is a picture from the one it should be? PSNR, SSIM and a distance of VGG16's features.

All three compare pictures with their originals, and give the mean over a batch. That is what Blau
and Michaeli 2018 call distortion; the distance of features is nearer to what an eye minds than the
other two are. It is no published measure: LPIPS (Zhang et al. 2018) has learned weights.

Taught in the chapter ``notebooks/enhancement``.
"""

import keras
import numpy as np
import numpy.typing as npt
from keras import ops
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from abstractgan.errors import UserError
from abstractgan.features import named_maps
from abstractgan.losses import content_loss

_WINDOW = 11  # pixels: what a Gaussian of 1.5 pixels, cut at 3.5 of them, takes


def psnr(pictures: npt.ArrayLike, originals: npt.ArrayLike) -> float:
    """Peak signal-to-noise ratio in decibels: ``10 log10(range^2 / mean squared error)``.

    On red, green and blue together and up to the border; papers on super-resolution often measure
    the lightness alone, within the border, which gives other numbers.

    Args:
        pictures: (batch, height, width, channels) in [-1, 1], a range of 2.
        originals: As many of the same shape.

    Returns:
        The mean over the batch; infinite if a picture is its original.

    Raises:
        UserError: If the shapes do not agree.
    """
    with np.errstate(divide="ignore"):
        ratios = [
            peak_signal_noise_ratio(wanted, got, data_range=2)
            for got, wanted in zip(*_pair(pictures, originals), strict=True)
        ]
    return float(np.mean(ratios))


def ssim(pictures: npt.ArrayLike, originals: npt.ArrayLike) -> float:
    """Structural similarity (Wang et al. 2004, equation 13): 1 for the original itself.

    Means, variances and covariance are taken under a Gaussian of 1.5 pixels, as in section III-C,
    for each channel of pixels scaled to 0 ... 1.

    Args:
        pictures: (batch, height, width, channels) in [-1, 1], 11 pixels or more each way.
        originals: As many of the same shape.

    Returns:
        The mean over positions, channels and the batch.

    Raises:
        UserError: If the shapes do not agree, or a picture is smaller than the window.
    """
    both = _pair(pictures, originals)
    height, width = both[0].shape[1:3]
    if min(height, width) < _WINDOW:
        raise UserError(
            f"SSIM needs pictures of {_WINDOW} pixels each way or more, not {width} x {height}."
        )
    similarities = [
        structural_similarity(
            (got + 1) / 2,
            (wanted + 1) / 2,
            data_range=1,
            channel_axis=-1,
            gaussian_weights=True,
            use_sample_covariance=False,
        )
        for got, wanted in zip(*both, strict=True)
    ]
    return float(np.mean(similarities))


def vgg_distance(network: keras.Model, pictures: npt.ArrayLike, originals: npt.ArrayLike) -> float:
    """Relative distance of feature maps, ``|F - G| / |G|``: 0 for the original itself.

    Euclidean norms over all positions and channels of a layer. A map of the picture is F, of the
    original G. It is the square root of ``losses.content_loss`` of one picture.

    Args:
        network: A model of ``features.vgg16``, such as ``vgg16(networks.STYLE_LAYERS)``.
        pictures: (batch, height, width, 3) in [-1, 1].
        originals: As many of the same shape.

    Returns:
        The mean over the network's layers and the batch.

    Raises:
        UserError: If the shapes do not agree.
    """
    distances = []
    for got, wanted in zip(*_pair(pictures, originals), strict=True):
        maps, targets = named_maps(network, got[None]), named_maps(network, wanted[None])
        distances += [float(ops.sqrt(content_loss(maps[name], targets[name]))) for name in maps]
    return float(np.mean(distances))


def _pair(
    pictures: npt.ArrayLike, originals: npt.ArrayLike
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    got, wanted = np.asarray(pictures, "float32"), np.asarray(originals, "float32")
    if got.ndim != 4 or got.shape != wanted.shape or not len(got):
        raise UserError(
            "Give pictures and originals of one shape (batch, height, width, channels), not "
            f"{got.shape} and {wanted.shape}."
        )
    return got, wanted

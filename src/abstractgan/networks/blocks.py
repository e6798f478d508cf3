"""What the networks on pictures are made of: convolutions without a frame, judges of patches.

Taught in the chapter ``notebooks/style_gan``.
"""

from typing import Any

import keras
from keras import layers, ops

from abstractgan.features import Tensor, mirror_border


def convolution(x: Tensor, filters: int, **options: Any) -> Tensor:
    """3x3 on a border that mirrors the picture: zeros there would be painted as a dark frame.

    Args:
        x: Feature maps (batch, height, width, channels), two pixels or more each way.
        filters: Channels of the result.
        **options: For ``keras.layers.Conv2D``.
    """
    return layers.Conv2D(filters, 3, kernel_initializer="he_normal", **options)(mirror_border(x))


def modulated(x: Tensor, code: Tensor, spread: float, slope: float) -> Tensor:
    """Channels scaled and shifted as a code says, and a leaky ReLU.

    Dumoulin et al. 2017; Perez et al. 2018 (FiLM, equation 2).

    Args:
        x: Feature maps (batch, height, width, channels).
        code: (batch, length), from which a linear map makes gains and shifts.
        spread: Standard deviation of that map's first weights.
        slope: Of the leaky ReLU.
    """
    start = keras.initializers.RandomNormal(stddev=spread)
    both = layers.Dense(2 * x.shape[-1], kernel_initializer=start)(code)
    gain, shift = ops.split(ops.expand_dims(both, (1, 2)), 2, axis=-1)
    return layers.LeakyReLU(negative_slope=slope)(x * (1 + gain) + shift)


def patch_features(pictures: Tensor, width: int) -> Tensor:
    """What a patch discriminator looks at, each position a patch of 22 pixels.

    Isola et al. 2017 (PatchGAN, section 3.2.2), with the spectral normalisation of Miyato et al.
    2018.

    Args:
        pictures: (batch, height, width, channels) in [-1, 1].
        width: Channels of the first layer; the later ones have two and four times as many.

    Returns:
        (batch, height / 8, width / 8, 4 * width).
    """
    x = pictures
    for factor in (1, 2, 4):
        strided = layers.Conv2D(factor * width, 4, strides=2, padding="same")
        x = layers.LeakyReLU(negative_slope=0.2)(layers.SpectralNormalization(strided)(x))
    return x


def patch_logits(features: Tensor) -> Tensor:
    """A logit for each 3x3 positions of ``patch_features``: (batch, height, width, 1), float32.

    Args:
        features: (batch, height, width, channels).
    """
    last = layers.Conv2D(1, 3, padding="same", dtype="float32")
    return layers.SpectralNormalization(last, dtype="float32")(features)


def halved_tanh(x: Tensor) -> Tensor:
    """Into [-1, 1]. Halved: an untrained tanh at its ends would have no slope to learn from.

    Args:
        x: Of any shape.
    """
    return ops.tanh(0.5 * x)

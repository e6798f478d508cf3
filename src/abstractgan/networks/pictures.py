"""Networks from a spoilt picture to a sound one, and the discriminator that judges them.

Taught in the chapter ``notebooks/restoration``.
"""

import keras
from keras import layers, ops

from abstractgan.features import Tensor
from abstractgan.networks.blocks import convolution, halved_tanh, patch_features, patch_logits

RESTORER_STRIDE = 8
"""Sides of what a ``restorer`` is given must be multiples of this, two times this or more."""

_SLOPE = 0.1
_DILATIONS = (1, 2, 4, 8)


def picture_discriminator(width: int = 32) -> keras.Model:
    """A patch discriminator that is told nothing but the picture: does it look real?

    Args:
        width: Channels of the first layer; the later ones have two and four times as many.

    Returns:
        A model from pictures (batch, height, width, 3) in [-1, 1] to logits (batch, height / 8,
        width / 8, 1), float32; see ``blocks.patch_features``.
    """
    pictures = keras.Input((None, None, 3))
    logits = patch_logits(patch_features(pictures, width))
    return keras.Model(pictures, logits, name="picture_discriminator")


def restorer(width: int = 16) -> keras.Model:
    """A damaged picture and its mask to the restored picture.

    A U-Net (Ronneberger et al. 2015) with dilated convolutions at its bottom, which look far beyond
    a hole's rim (Iizuka et al. 2017), paints a picture. Of that only the holes are kept. Elsewhere
    stands what is known, its colours turned by one affine map for the whole picture, so that
    fading is undone and no detail is lost.

    Args:
        width: Channels at full size; below there are two, three and four times as many.

    Returns:
        A model from (batch, height, width, 4), a picture in [-1, 1] that is 0 in the holes and a
        mask that is 1 there, to pictures (batch, height, width, 3) in [-1, 1], float32. What it is
        made of are the layers ``"fill"``, the painted picture, and ``"colours"``, the affine map
        (batch, 3, 4) of which the last column is added.
    """
    given = keras.Input((None, None, 4))

    def act(x: Tensor) -> Tensor:
        return layers.LeakyReLU(negative_slope=_SLOPE)(x)

    skips = [act(convolution(given, width))]
    for factor in (2, 3, 4):
        skips.append(act(convolution(skips[-1], factor * width, strides=2)))
    x = skips.pop()
    for dilation in _DILATIONS:
        wide = layers.Conv2D(4 * width, 3, padding="same", dilation_rate=dilation)
        x = x + act(wide(x))
    colours = _colours(given, x)
    for factor in (3, 2, 1):
        x = ops.concatenate([layers.UpSampling2D()(x), skips.pop()], axis=-1)
        x = act(convolution(x, factor * width))
    fill = halved_tanh(convolution(x, 3, dtype="float32"))
    fill = layers.Identity(name="fill", dtype="float32")(fill)
    return keras.Model(given, composed(given, fill, colours), name="restorer")


def composed(given: Tensor, fill: Tensor, colours: Tensor) -> Tensor:
    """What is known with other colours, and in the holes what was painted.

    Args:
        given: As ``restorer`` takes it.
        fill: Painted pictures (batch, height, width, 3).
        colours: Affine maps (batch, 3, 4).

    Returns:
        Pictures (batch, height, width, 3) in [-1, 1], float32.
    """
    given, colours = ops.cast(given, "float32"), ops.cast(colours, "float32")
    picture, mask = given[..., :3], given[..., 3:]
    turned = ops.einsum("bhwi,bji->bhwj", picture, colours[..., :3])
    turned = ops.clip(turned + colours[:, None, None, :, 3], -1, 1)
    return (1 - mask) * turned + mask * fill


def _colours(given: Tensor, features: Tensor) -> Tensor:
    """The affine map, from means over the picture and from its darkest and brightest values."""
    given = ops.cast(given, "float32")
    picture, mask = given[..., :3], given[..., 3:]
    known = ops.sum(1 - mask, axis=(1, 2)) + 1e-3
    mean = ops.sum(picture * (1 - mask), axis=(1, 2)) / known
    square = ops.sum(ops.square(picture) * (1 - mask), axis=(1, 2)) / known
    seen = [
        mean,
        ops.sqrt(ops.maximum(square - ops.square(mean), 0) + 1e-5),
        # The holes, 0, are put out of the way.
        ops.min(picture + 2 * mask, axis=(1, 2)),
        ops.max(picture - 2 * mask, axis=(1, 2)),
        ops.mean(ops.cast(features, "float32"), axis=(1, 2)),
    ]
    x = layers.Dense(64, dtype="float32")(ops.concatenate(seen, axis=-1))
    x = layers.LeakyReLU(negative_slope=_SLOPE, dtype="float32")(x)
    # It begins as the identity.
    change = layers.Dense(12, kernel_initializer="zeros", dtype="float32")(x)
    identity = ops.eye(3, 4)
    return layers.Identity(name="colours", dtype="float32")(
        ops.reshape(change, (-1, 3, 4)) + identity
    )

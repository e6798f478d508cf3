"""The networks that invent paintings: a generator and a discriminator that are told a movement.

Both are small, so that two processor cores train them in less than half an hour.

Taught in the chapter ``notebooks/synthesis``.
"""

import keras
from keras import layers, ops

from abstractgan.features import Tensor
from abstractgan.networks.blocks import modulated

_SLOPE = 0.2
_START = 4  # side in pixels of the generator's first maps and of the discriminator's last
_WIDEST = 8  # times the width


def synthesis_generator(
    movements: int, size: int = 64, latent_dim: int = 64, width: int = 16, code: int = 32
) -> keras.Model:
    """Noise and a movement to a painting.

    As in BigGAN (Brock et al. 2019, appendix B) the latent vector and the movement's embedding are
    joined to one code, from which a linear map for each layer makes the gains and shifts of its
    batch normalisation: noise and movement reach every scale, not the first alone. As in StyleGAN2
    (Karras et al. 2020, section 4.1) each scale adds its own colours to the picture so far.

    Args:
        movements: How many movements there are.
        size: Side of the paintings in pixels: 4 times a power of 2.
        latent_dim: Length of the latent vector ``z``, drawn from a standard normal distribution.
        width: Channels of the last layer; earlier ones have up to eight times as many.
        code: Length of a movement's embedding.

    Returns:
        A model from latent vectors (batch, latent_dim) and movements (batch, movements), one-hot or
        mixed with weights that add up to 1, to paintings (batch, size, size, 3) in [-1, 1].
    """
    latents, which = keras.Input((latent_dim,)), keras.Input((movements,))
    embedding = layers.Dense(code, use_bias=False, kernel_initializer="he_normal", name="embedding")
    told = layers.Concatenate()([latents, embedding(which)])

    def normalise(x: Tensor) -> Tensor:
        x = layers.BatchNormalization(momentum=0.9, center=False, scale=False)(x)
        return modulated(x, told, spread=0.02, slope=_SLOPE)

    def colours(x: Tensor) -> Tensor:
        small = keras.initializers.RandomNormal(stddev=0.02)
        return layers.Conv2D(3, 1, kernel_initializer=small, dtype="float32")(x)

    channels = _channels(size, width)[::-1]
    x = layers.Dense(_START**2 * channels[0], kernel_initializer="he_normal")(told)
    x = normalise(layers.Reshape((_START, _START, channels[0]))(x))
    picture = colours(x)
    for count in channels[1:]:
        x = layers.UpSampling2D()(x)
        x = layers.Conv2D(count, 3, padding="same", use_bias=False, kernel_initializer="he_normal")(
            x
        )
        x = normalise(x)
        picture = layers.UpSampling2D(interpolation="bilinear")(picture) + colours(x)
    return keras.Model([latents, which], ops.tanh(picture), name="synthesis_generator")


def _channels(size: int, width: int) -> list[int]:
    """Of maps from ``size`` pixels down to the smallest, doubled with each halving, to a limit."""
    doublings = (size // _START).bit_length()
    return [min(2**doubling, _WIDEST) * width for doubling in range(doublings)]


def synthesis_discriminator(movements: int, size: int = 64, width: int = 24) -> keras.Model:
    """A painting and a movement to a logit, by projection.

    Miyato and Koyama 2018, equation 3: the logit is ``a(h) + v_y . h``, where ``h`` are the
    features of the picture and ``v_y`` is the embedding of the movement; what the picture has to be
    real at all, and what to be of this movement.

    Args:
        movements: How many movements there are.
        size: Side of the paintings in pixels: 4 times a power of 2.
        width: Channels of the first layer; later ones have up to eight times as many.

    Returns:
        A model from paintings (batch, size, size, 3) in [-1, 1] and movements (batch, movements) to
        logits (batch, 1), float32.
    """
    pictures, which = keras.Input((size, size, 3)), keras.Input((movements,))
    x = pictures
    for count in _channels(size // 2, width):
        x = layers.Conv2D(count, 4, strides=2, padding="same", kernel_initializer="he_normal")(x)
        x = layers.LeakyReLU(negative_slope=_SLOPE)(x)
    logit = layers.Dense(1, dtype="float32")(layers.Flatten()(x))
    pooled = layers.GlobalAveragePooling2D(dtype="float32")(x)
    wanted = layers.Dense(pooled.shape[-1], use_bias=False, dtype="float32", name="embedding")(
        which
    )
    logit = logit + ops.sum(wanted * pooled, axis=-1, keepdims=True)
    return keras.Model([pictures, which], logit, name="synthesis_discriminator")

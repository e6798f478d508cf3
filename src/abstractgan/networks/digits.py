"""The networks of the digit chapter: generator, discriminator and classifier.

Taught in the chapter ``notebooks/digit_gan``.
"""

from typing import Any

import keras
from keras import layers

# Radford et al. 2015, section 4: weights from a normal distribution with standard deviation 0.02,
# slope 0.2.
_SLOPE = 0.2


def _dcgan(kind: type[keras.Layer], *sizes: int, **options: Any) -> keras.Layer:
    """A layer whose first weights are those of that paper."""
    return kind(*sizes, kernel_initializer=keras.initializers.RandomNormal(stddev=0.02), **options)


_STRIDED = {"strides": 2, "padding": "same"}


def digit_generator(latent_dim: int = 64, width: int = 32) -> keras.Model:
    """A DCGAN generator (Radford et al. 2015): latent vectors to 28x28 digits.

    Args:
        latent_dim: Length of the latent vector ``z``, drawn from a standard normal distribution.
        width: Channels of the last hidden layer; the earlier ones have two and four times as many.

    Returns:
        A model from (batch, latent_dim) to (batch, 28, 28, 1) in [-1, 1].
    """
    model = keras.Sequential(name="digit_generator")
    model.add(keras.Input((latent_dim,)))
    model.add(_dcgan(layers.Dense, 7 * 7 * 4 * width, use_bias=False))
    model.add(layers.BatchNormalization(momentum=0.9))
    model.add(layers.ReLU())
    model.add(layers.Reshape((7, 7, 4 * width)))
    for filters in (2 * width, width):
        model.add(_dcgan(layers.Conv2DTranspose, filters, 4, use_bias=False, **_STRIDED))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    # float32, so that the picture is exact under mixed precision too.
    model.add(_dcgan(layers.Conv2D, 1, 3, padding="same", activation="tanh", dtype="float32"))
    return model


def digit_discriminator(width: int = 32, dropout: float = 0.3) -> keras.Model:
    """A DCGAN discriminator (Radford et al. 2015): digits to logits.

    Args:
        width: Channels of the first layer; the later ones have two and four times as many.
        dropout: Fraction of activations dropped in training, against learning 4 000 digits by
            heart.

    Returns:
        A model from (batch, 28, 28, 1) in [-1, 1] to logits (batch, 1), float32.
    """
    model = keras.Sequential(name="digit_discriminator")
    model.add(keras.Input((28, 28, 1)))
    for factor in (1, 2, 4):
        model.add(_dcgan(layers.Conv2D, factor * width, 4, use_bias=factor == 1, **_STRIDED))
        if factor > 1:
            model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.LeakyReLU(negative_slope=_SLOPE))
        model.add(layers.Dropout(dropout))
    model.add(layers.Flatten())
    model.add(_dcgan(layers.Dense, 1, dtype="float32"))
    return model


def digit_classifier() -> keras.Model:
    """A small convolutional classifier, whose last hidden layer gives the features of KID and FID.

    Returns:
        A model from (batch, 28, 28, 1) in [-1, 1] to a list of features (batch, 64) and class
        logits (batch, 10).
    """
    digits = keras.Input((28, 28, 1))
    x = digits
    for filters in (16, 32, 64):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    x = layers.Dense(64, use_bias=False)(x)
    # Unit variance in each feature gives KID's polynomial kernel a sensible scale.
    features = layers.ReLU(name="features")(layers.BatchNormalization(momentum=0.9)(x))
    logits = layers.Dense(10, name="logits")(layers.Dropout(0.3)(features))
    return keras.Model(digits, [features, logits], name="digit_classifier")

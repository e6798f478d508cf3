"""The networks of the course, built from Keras layers only, free of one backend."""

from abstractgan.networks.digits import digit_classifier, digit_discriminator, digit_generator
from abstractgan.networks.enhancement import enhancer
from abstractgan.networks.pictures import picture_discriminator, restorer
from abstractgan.networks.style import (
    STYLE_LAYERS,
    Style,
    StyleDecoder,
    style_discriminator,
    style_vector,
)
from abstractgan.networks.synthesis import synthesis_discriminator, synthesis_generator

__all__ = [
    "STYLE_LAYERS",
    "Style",
    "StyleDecoder",
    "digit_classifier",
    "digit_discriminator",
    "digit_generator",
    "enhancer",
    "picture_discriminator",
    "restorer",
    "style_discriminator",
    "style_vector",
    "synthesis_discriminator",
    "synthesis_generator",
]

"""The network that enlarges pictures or takes their noise away.

Taught in the chapter ``notebooks/enhancement``.
"""

from typing import Any

import keras
from keras import layers, ops

from abstractgan.features import Tensor
from abstractgan.networks.blocks import convolution

DETAIL = 12
"""Channels at the result's full size, before they become colours."""

_SLOPE = 0.1


def enhancer(width: int = 32, blocks: int = 6, scale: int = 4) -> keras.Model:
    """A small or noisy picture to a large or clean one.

    Ledig et al. 2017 (SRResNet, section 3.1.1): residual blocks work on few pixels, and the pixels
    of the result are channels until the end (Shi et al. 2016). There is no batch normalisation
    (Wang et al. 2018, section 3.1). What the network makes is added to the given picture, which is
    enlarged by bicubic interpolation; untrained, it adds nothing.

    Args:
        width: Channels of the residual blocks.
        blocks: How many blocks.
        scale: How many times larger the result is, each way.

    Returns:
        A model from pictures (batch, height, width, 3) in [-1, 1] to pictures (batch, height *
        scale, width * scale, 3), float32, that may leave this range a little.
    """
    given = keras.Input((None, None, 3))

    def act(x: Tensor) -> Tensor:
        return layers.LeakyReLU(negative_slope=_SLOPE)(x)

    x = act(convolution(given, width))
    for _ in range(blocks):
        x = x + convolution(act(convolution(x, width)), width)
    x = act(DepthToSpace(scale)(convolution(x, DETAIL * scale**2)))
    x = act(convolution(x, DETAIL))
    detail = layers.Conv2D(3, 1, kernel_initializer="zeros", dtype="float32")(x)
    plain = layers.UpSampling2D(scale, interpolation="bicubic", dtype="float32")(given)
    return keras.Model(given, (plain if scale > 1 else given) + detail, name="enhancer")


def receptive_field(blocks: int = 6) -> int:
    """How many given pixels away, each way, a pixel of an ``enhancer``'s result depends on them.

    Counted from the result back: one 3x3 convolution at full size, which looks into the next given
    pixel at any scale, then, at the given size, one before the pixels are spread out, two of each
    block, and the first one.

    Args:
        blocks: How many residual blocks the network has.
    """
    return 2 * blocks + 3


class DepthToSpace(layers.Layer):
    """Channels spread over a finer grid: sub-pixel upsampling (Shi et al. 2016, equation 4).

    (batch, height, width, factor^2 * channels) to (batch, height * factor, width * factor,
    channels); of the ``factor^2`` groups of channels, the first row of pixels comes first.

    Args:
        factor: How many times finer, each way.
        **options: For ``keras.layers.Layer``.
    """

    def __init__(self, factor: int, **options: Any) -> None:
        super().__init__(**options)
        self.factor = factor

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another such layer."""
        return super().get_config() | {"factor": self.factor}

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """The shape that the result has for an input's shape.

        Args:
            input_shape: (batch, height, width, channels), None where it is open.
        """
        batch, height, width, depth = input_shape
        assert depth is not None
        sides = [side and side * self.factor for side in (height, width)]
        return batch, *sides, depth // self.factor**2

    def call(self, x: Tensor) -> Tensor:
        """Spread out.

        Args:
            x: (batch, height, width, channels).
        """
        factor, channels = self.factor, x.shape[-1] // self.factor**2
        batch, height, width, _ = ops.shape(x)
        x = ops.reshape(x, (batch, height, width, factor, factor, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (batch, height * factor, width * factor, channels))

"""The networks of the style GAN: a decoder that paints and a discriminator that asks for a style.

VGG16 (``features.vgg16``), frozen, sees the photograph and the painting at the four
``STYLE_LAYERS``. The decoder gives the photograph's feature maps the painting's statistics, and
turns them into a picture.

Taught in the chapter ``notebooks/style_gan``.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
from keras import layers, ops

from abstractgan.features import (
    Statistics,
    Tensor,
    covariance,
    gram_matrix,
    map_widths,
    matrix_roots,
    mean_and_deviation,
)
from abstractgan.networks.blocks import (
    convolution,
    halved_tanh,
    modulated,
    patch_features,
    patch_logits,
)

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1")
"""Where VGG16 looks at photograph and painting, at strides 1, 2, 4 and 8."""

STRIDE = 8
"""A picture's sides must be multiples of this."""

SCALES = (59.0, 456.0, 757.0, 432.0)
"""Mean plus standard deviation of a channel of each layer, over drawn paintings: VGG's numbers go
into the hundreds, and a network wants inputs near 1."""

RIDGE = 0.01
"""How much of each layer's mean variance is added to its covariance in every direction: no channel
is stretched without end."""

PROJECTION_SCALE = 0.1
"""What the product of style and features counts in the discriminator's logit. Style vectors are
about 40 long, features about 1: their product should not drown what it is added to."""

_VGG_CHANNELS = map_widths(STYLE_LAYERS)
_STYLE_VECTOR = 2 * sum(_VGG_CHANNELS)


class Style(NamedTuple):
    """A painting as the decoder knows it: 73 kB in float32, and all that is needed of it.

    Attributes:
        means: For each layer, of the compressed maps, (batch, k).
        roots: For each layer, the square root of their covariance, (batch, k, k).
        code: What the modulation of the decoder's layers is computed from, (batch, 48).
    """

    means: list[Tensor]
    roots: list[Tensor]
    code: Tensor


def style_vector(statistics: Statistics) -> Tensor:
    """Mean and standard deviation of all channels of all layers, near 1 in size.

    Args:
        statistics: ``features.style_statistics`` of paintings at the ``STYLE_LAYERS``.

    Returns:
        (batch, 1920).
    """
    parts = []
    for moments, scale in zip(statistics, SCALES, strict=True):
        parts += [each / scale for each in mean_and_deviation(*moments)]
    return ops.concatenate(parts, axis=1)


class StyleDecoder(keras.Model):
    """Feature maps of a photograph and the statistics of a painting to a picture.

    1. *Compress*: a 1x1 convolution for each layer makes a few learned channels of VGG's.
    2. *Transfer*: these are whitened, their covariance becomes the identity, and coloured: it
       becomes the painting's (Li et al. 2017, section 3.2). AdaIN (Huang and Belongie 2017) does
       the same with the diagonals only.
    3. *Paint*: from the deepest layer upwards, each joined by the next one before it (skip
       connections), the picture grows by nearest-neighbour upsampling and convolutions. After each,
       channels are scaled and shifted as a code of the painting says (Dumoulin et al. 2017; Perez
       et al. 2018).

    Args:
        compressed: Channels that are kept of the four layers.
        widths: Channels of the painting layers at strides 8, 4, 2 and 1.
        code: Length of the painting's code.
    """

    def __init__(
        self,
        compressed: Sequence[int] = (16, 32, 64, 112),
        widths: Sequence[int] = (112, 96, 48, 32),
        code: int = 48,
    ) -> None:
        # A Gram matrix does not fit into float16: let each layer cast what it is given.
        super().__init__(name="style_decoder", autocast=False)
        self._sizes = {"compressed": compressed, "widths": widths, "code": code}
        self.compressors = [
            layers.Dense(
                kept, use_bias=False, kernel_initializer="orthogonal", name=f"compress_{name}"
            )
            for kept, name in zip(compressed, STYLE_LAYERS, strict=True)
        ]
        self.encode_style = layers.Dense(code, activation="tanh", name="style_code")
        self.painter = _painter(compressed, widths, code)
        for compressor, channels in zip(self.compressors, _VGG_CHANNELS, strict=True):
            compressor.build((None, channels))
        self.encode_style.build((None, _STYLE_VECTOR))
        self.built = True

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another decoder of the same sizes."""
        return self._sizes

    def call(self, maps: Sequence[Tensor], statistics: Statistics) -> Tensor:
        """Paint.

        Args:
            maps: Of photographs at the ``STYLE_LAYERS``, each (batch, height / s, width / s,
                channels).
            statistics: ``features.style_statistics`` of as many paintings, or of one.

        Returns:
            Pictures (batch, height, width, 3) in [-1, 1], float32.
        """
        return self.repaint(maps, self.style(statistics))

    def repaint(self, maps: Sequence[Tensor], style: Style) -> Tensor:
        """The same in a style that is known already, from ``style``.

        Args:
            maps: The photographs' feature maps at ``STYLE_LAYERS``.
            style: One for each photograph, or one for all.
        """
        compressed = self.compress(maps)
        return self.paint(compressed, content_moments(compressed), style)

    def compress(self, maps: Sequence[Tensor]) -> list[Tensor]:
        """The learned channels (batch, height / s, width / s, k) of each layer, float32.

        Args:
            maps: Feature maps at ``STYLE_LAYERS``.
        """
        return [
            ops.cast(compressor(each / scale), "float32")
            for compressor, each, scale in zip(self.compressors, maps, SCALES, strict=True)
        ]

    def style(self, statistics: Statistics) -> Style:
        """What the decoder keeps of paintings, from ``features.style_statistics``.

        Args:
            statistics: Of the paintings, a batch of them.
        """
        means, roots = [], []
        for compressor, (mean, gram), scale in zip(
            self.compressors, statistics, SCALES, strict=True
        ):
            kernel = ops.cast(compressor.kernel, "float32")
            spread = covariance(mean / scale, gram / scale**2)
            spread = ops.matmul(ops.transpose(kernel), ops.matmul(spread, kernel))
            means.append(ops.matmul(mean / scale, kernel))
            roots.append(matrix_roots(_with_ridge(spread))[0])
        return Style(means, roots, self.encode_style(style_vector(statistics)))

    def paint(
        self, compressed: Sequence[Tensor], moments: Sequence[tuple[Tensor, Tensor]], style: Style
    ) -> Tensor:
        """Whiten, colour and paint.

        Args:
            compressed: What ``compress`` gave, of a whole picture or of a part.
            moments: ``content_moments`` of the whole picture.
            style: What ``style`` gave.

        Returns:
            Pictures (batch, height, width, 3) in [-1, 1], float32.
        """
        coloured = []
        for each, (mean, spread), style_mean, root in zip(
            compressed, moments, style.means, style.roots, strict=True
        ):
            whiten = matrix_roots(_with_ridge(spread))[1]
            # einsum and no matmul: XLA and a batch of one style take it as it is.
            turned = ops.einsum(
                "bhwi,bij->bhwj", each - mean[:, None, None], ops.matmul(whiten, root)
            )
            coloured.append(turned + style_mean[:, None, None])
        return self.painter([*coloured, style.code])


def content_moments(compressed: Sequence[Tensor]) -> list[tuple[Tensor, Tensor]]:
    """Mean (batch, k) and covariance (batch, k, k) over the positions, for each layer.

    Args:
        compressed: What ``StyleDecoder.compress`` gives.
    """
    moments = []
    for each in compressed:
        mean = ops.mean(each, axis=(1, 2))
        moments.append((mean, gram_matrix(each - mean[:, None, None])))
    return moments


def _with_ridge(spread: Tensor) -> Tensor:
    size = spread.shape[-1]
    trace = ops.sum(ops.diagonal(spread, axis1=1, axis2=2), axis=1)[:, None, None]
    # A picture of one colour has no spread at all: the constant keeps its root finite.
    return spread + (RIDGE * trace / size + 1e-6) * ops.eye(size)


def _painter(compressed: Sequence[int], widths: Sequence[int], code_length: int) -> keras.Model:
    maps = [keras.Input((None, None, channels)) for channels in compressed]
    code = keras.Input((code_length,))

    def act(x: Tensor) -> Tensor:
        return modulated(x, code, spread=0.01, slope=0.1)

    def grow(x: Tensor, skip: Tensor, width: int) -> Tensor:
        x = ops.concatenate([layers.UpSampling2D()(x), skip], axis=-1)
        return act(convolution(x, width))

    x = act(maps[3])
    x = act(convolution(x, widths[0]))
    x = grow(x, maps[2], widths[1])
    x = act(convolution(grow(x, maps[1], widths[2]), widths[2]))
    x = grow(x, maps[0], widths[3])
    image = halved_tanh(convolution(x, 3, dtype="float32"))
    return keras.Model([*maps, code], image, name="painter")


def style_discriminator(width: int = 32, projection: bool = True) -> keras.Model:
    """A patch discriminator that is told which style it should see.

    Isola et al. 2017 (PatchGAN, section 3.2.2): a logit for each patch, since a style shows in
    every part of a painting. Miyato et al. 2018: spectral normalisation. Miyato and Koyama 2018,
    equation 3: the style enters by an inner product with the last features.

    Args:
        width: Channels of the first layer; the later ones have two and four times as many.
        projection: Whether the style is used at all.

    Returns:
        A model from pictures (batch, height, width, 3) in [-1, 1] and style vectors (batch, 1920),
        see ``style_vector``, to logits (batch, height / 8, width / 8, 1), float32.
    """
    pictures, vectors = keras.Input((None, None, 3)), keras.Input((_STYLE_VECTOR,))
    x = patch_features(pictures, width)
    logits = patch_logits(x)
    if projection:
        wanted = layers.Dense(4 * width, use_bias=False, dtype="float32")
        wanted = layers.SpectralNormalization(wanted, dtype="float32")(vectors)
        match = ops.sum(ops.cast(x, "float32") * ops.expand_dims(wanted, (1, 2)), -1, keepdims=True)
        logits = logits + PROJECTION_SCALE * match
    else:  # Keras 3.10 refuses an input that leads nowhere
        logits = logits + 0.0 * ops.mean(ops.cast(vectors, "float32"))
    return keras.Model([pictures, vectors], logits, name="style_discriminator")

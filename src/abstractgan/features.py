"""What a frozen VGG16 sees in a picture: feature maps, their statistics, and AdaIN.

The embedded weights are the first eight convolutions of the VGG16 network of K. Simonyan and
A. Zisserman (Visual Geometry Group, University of Oxford), rounded to float16 and used under the
Creative Commons Attribution 4.0 licence (CC BY 4.0); ``assets/README.md`` says what was changed.

Taught in the chapters ``notebooks/four_steps`` and ``notebooks/vgg_features``.
"""

import hashlib
import io
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers as keras_layers
from keras import ops

from abstractgan import ASSETS
from abstractgan.data.downloads import keras_download
from abstractgan.data.weights import check_weights
from abstractgan.errors import UserError

Tensor = Any
"""A tensor of the backend, or an array."""
Weights = dict[str, list[np.ndarray]]
"""Arrays by the name of a layer: kernel and bias."""

# Channels and convolutions of the five blocks (Simonyan and Zisserman 2014, table 1, column D).
_BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
_CHANNELS = {
    f"block{block}_conv{index}": channels
    for block, (channels, count) in enumerate(_BLOCKS, start=1)
    for index in range(1, count + 1)
}
_EMBEDDED_LAYERS = tuple(_CHANNELS)[:8]
_EMBEDDED_FILE = "vgg16_block1-4conv1_float16.npz"
_EMBEDDED_SHA256 = "d846a891addd6553b322323de7a57a548a83ca079ad70fcebf2f6c358b22c71a"

BGR_MEANS = np.array([103.939, 116.779, 123.68], "float32")
"""Means of ImageNet's blue, green and red, which the weights expect to have been subtracted."""

EPSILON = 1e-5
"""What is added to a variance before its root is taken."""


def vgg16(
    layers: Sequence[str],
    source: str | os.PathLike[str] = "embedded",
    *,
    mirrored: bool = False,
) -> keras.Model:
    """The convolutions of VGG16 (Simonyan and Zisserman 2014), frozen, to the deepest layer named.

    Every feature map is taken after its ReLU, so ``block1_conv1`` is what papers call ``relu1_1``;
    both names work. Prints which weights are in use.

    Args:
        layers: Names of feature maps, such as ``["relu1_1", "relu4_1"]``, in the outputs' order.
        source: ``"embedded"`` for the float16 weights that the package carries (to
            ``block4_conv1``); ``"keras"`` for those of ``keras.applications.VGG16`` (float32, all
            13 convolutions), downloaded once; or the path of an ``.h5`` file of the same weights,
            as ``keras.applications.VGG16(include_top=False)`` saves and downloads them.
        mirrored: Whether every convolution sees the mirror image of its input beyond the border, as
            the style GAN's encoder does. VGG16 was trained with zeros there, which look like a dark
            frame round the picture.

    Returns:
        A model from RGB images (batch, height, width, 3) in [-1, 1] to a list of feature maps
        (batch, height / s, width / s, channels) with stride s = 1, 2, 4, 8, 16 in blocks 1 to 5;
        with one name, to that map alone. The model itself turns the images into what the weights
        expect: BGR in 0..255, less the means of ImageNet.

    Raises:
        UserError: If there is no such layer or source, the weights file is damaged or of another
            network, or the download fails.
    """
    names = _keras_names(layers, _EMBEDDED_LAYERS if source == "embedded" else tuple(_CHANNELS))
    weights, used = _load(source)
    model = _build(names, weights, f"vgg16_{Path(source).name.partition('.')[0]}", mirrored)
    print(f"VGG16 weights: {used}; feature maps: {', '.join(names)}")
    return model


def _load(source: str | os.PathLike[str]) -> tuple[Weights, str]:
    """The weights of a source, and what to call them."""
    if source == "embedded":
        return _embedded_weights(), "embedded, float16"
    if source == "keras":
        return _keras_weights(), "keras.applications, float32"
    return _file_weights(Path(source)), f"{Path(source).name}, float32"


def paper_name(layer: str) -> str:
    """``relu2_1`` where Keras says ``block2_conv1``.

    Args:
        layer: Keras's name of a convolution.
    """
    return re.sub(r"^block(\d)_conv(\d)$", r"relu\1_\2", layer)


def named_maps(network: keras.Model, images: Tensor) -> dict[str, Tensor]:
    """The feature maps of a model of ``vgg16``, by the papers' names, such as ``relu2_1``.

    Args:
        network: What ``vgg16`` gave.
        images: RGB images (batch, height, width, 3) in [-1, 1].
    """
    maps = network(images)
    names = map(paper_name, network.output_names)
    return dict(zip(names, maps if isinstance(maps, list) else [maps], strict=True))


def mirror_border(features: Tensor) -> Tensor:
    """One position more on each side of feature maps (batch, height, width, channels), mirrored.

    Args:
        features: Two positions or more each way.
    """
    return ops.pad(features, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect")


def gram_matrix(features: Tensor) -> Tensor:
    """The mean over all positions of the product of two channels, for each pair of channels.

    Gatys et al. 2016, equation 3, sum over the positions. Dividing by their number, height times
    width, makes pictures of different sizes comparable; Johnson et al. 2016, equation 3, divide by
    the number of channels too, which is left to the loss here.

    Args:
        features: Feature maps (batch, height, width, channels).

    Returns:
        Symmetric matrices (batch, channels, channels), float32.
    """
    features = ops.cast(features, "float32")
    _, height, width, _ = ops.shape(features)
    products = ops.einsum("bhwc,bhwd->bcd", features, features)
    return products / ops.cast(height * width, "float32")


def channel_statistics(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation of each channel over all positions.

    Huang and Belongie 2017, equations 5 and 6: the variance divides by the number of positions, and
    ``sqrt(variance + 1e-5)`` has a gradient even where a channel is constant.

    Args:
        features: Feature maps (batch, height, width, channels).

    Returns:
        Two float32 tensors (batch, channels).
    """
    mean, variance = ops.moments(ops.cast(features, "float32"), axes=(1, 2))
    return mean, ops.sqrt(variance + EPSILON)


def adain(content: Tensor, style: Tensor) -> Tensor:
    """Adaptive instance normalisation: content with the channel statistics of style.

    Huang and Belongie 2017, equation 8. A channel that is constant in the content has no pattern to
    stretch: it takes the style's mean only.

    Args:
        content: Feature maps (batch, height, width, channels).
        style: Feature maps of the same layer, any height and width, for a batch of equal size or 1.

    Returns:
        Feature maps of the content's shape, float32.

    Raises:
        UserError: If the numbers of channels differ.
    """
    if content.shape[-1] != style.shape[-1]:
        raise UserError(
            "Give AdaIN feature maps of the same layer: these have "
            f"{content.shape[-1]} and {style.shape[-1]} channels."
        )
    content_mean, content_std = (x[:, None, None] for x in channel_statistics(content))
    style_mean, style_std = (x[:, None, None] for x in channel_statistics(style))
    normalised = (ops.cast(content, "float32") - content_mean) / content_std
    return normalised * style_std + style_mean


Statistics = list[tuple[Tensor, Tensor]]
"""For each layer the mean of every channel (batch, channels) and the Gram matrix."""


def style_statistics(maps: Sequence[Tensor]) -> Statistics:
    """What the style GAN keeps of a painting: each layer's channel means and Gram matrix.

    The two are first and second moments. Those of two pictures may be averaged: the average is what
    the pictures would have, hung side by side.

    Args:
        maps: Feature maps of several layers, each (batch, height, width, channels).
    """
    return [(ops.mean(ops.cast(each, "float32"), axis=(1, 2)), gram_matrix(each)) for each in maps]


def mean_and_deviation(mean: Tensor, gram: Tensor) -> tuple[Tensor, Tensor]:
    """What ``channel_statistics`` gives, from one layer of ``style_statistics``.

    Args:
        mean: (batch, channels).
        gram: (batch, channels, channels).

    Returns:
        Two tensors (batch, channels).
    """
    variance = ops.diagonal(gram, axis1=1, axis2=2) - ops.square(mean)
    return mean, ops.sqrt(ops.maximum(variance, 0) + EPSILON)


def covariance(mean: Tensor, gram: Tensor) -> Tensor:
    """The covariance of channels from their means and their Gram matrix.

    Args:
        mean: (batch, channels).
        gram: (batch, channels, channels), as ``gram_matrix`` gives it.

    Returns:
        Symmetric matrices (batch, channels, channels).
    """
    return gram - mean[:, :, None] * mean[:, None, :]


def matrix_roots(matrices: Tensor, iterations: int = 8) -> tuple[Tensor, Tensor]:
    """Square roots of symmetric positive definite matrices, and the inverses of these roots.

    The coupled Newton-Schulz iteration (Higham 2008, equation 6.35): products of matrices only, so
    that it has a gradient and runs wherever matrices can be multiplied. Directions whose variance
    is far below the largest converge last: few iterations leave them smaller than they were,
    instead of blowing up their noise.

    Args:
        matrices: (batch, n, n).
        iterations: Eight are exact to about 1 % where the largest variance is 100 times the
            smallest.

    Returns:
        Two tensors (batch, n, n).
    """
    norm = ops.sqrt(ops.sum(ops.square(matrices), axis=(1, 2), keepdims=True))
    identity = ops.eye(matrices.shape[-1])
    root, inverse = matrices / norm, ops.broadcast_to(identity, ops.shape(matrices))
    for _ in range(iterations):
        step = 1.5 * identity - 0.5 * ops.matmul(inverse, root)
        root, inverse = ops.matmul(root, step), ops.matmul(step, inverse)
    return root * ops.sqrt(norm), inverse / ops.sqrt(norm)


def map_widths(layers: Sequence[str]) -> list[int]:
    """How many channels feature maps of VGG16 have.

    Args:
        layers: Their names, as ``vgg16`` takes them.

    Raises:
        UserError: If there is no such layer.
    """
    return [_CHANNELS[name] for name in _keras_names(layers, tuple(_CHANNELS))]


def _keras_names(layers: Sequence[str], available: Sequence[str]) -> list[str]:
    """The same layers in Keras's names, where ``relu2_1`` is ``block2_conv1``."""
    known = {alias: name for name in available for alias in (name, paper_name(name))}
    for layer in layers:
        if layer not in known:
            raise UserError(
                f"There is no layer {layer!r} here; choose from {', '.join(available)}."
            )
    if not layers:
        raise UserError(f"Name at least one layer of VGG16; choose from {', '.join(available)}.")
    return [known[layer] for layer in layers]


def _build(names: list[str], weights: Weights, model_name: str, mirrored: bool) -> keras.Model:
    images = keras.Input((None, None, 3), name="images")
    x = ops.flip(images, axis=-1) * 127.5 + (127.5 - BGR_MEANS)
    deepest = max(names, key=list(_CHANNELS).index)
    maps: dict[str, Tensor] = {}
    for name in list(_CHANNELS)[: list(_CHANNELS).index(deepest) + 1]:
        if maps and name.endswith("conv1"):
            x = keras_layers.MaxPooling2D(name=f"block{int(name[5]) - 1}_pool")(x)
        convolution = keras_layers.Conv2D(
            _CHANNELS[name],
            3,
            padding="valid" if mirrored else "same",
            activation="relu",
            kernel_initializer="zeros",
            name=name,
        )
        if mirrored:
            x = mirror_border(x)
        x = maps[name] = convolution(x)
        convolution.set_weights(weights[name])
    model = keras.Model(images, [maps[name] for name in names], name=model_name)
    model.trainable = False
    return model


def _embedded_weights() -> Weights:
    path = ASSETS / _EMBEDDED_FILE
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != _EMBEDDED_SHA256:
        raise UserError(
            f"The VGG16 weights {path} are missing or damaged; install abstractgan again, "
            "or download Keras's weights with source='keras'."
        )
    with np.load(io.BytesIO(content)) as arrays:
        return {
            name: [arrays[f"{name}/{part}"].astype("float32") for part in ("kernel", "bias")]
            for name in _EMBEDDED_LAYERS
        }


def _keras_weights() -> Weights:
    with keras_download(
        "Keras could not fetch its VGG16 weights; check the network, "
        "or use those that the package carries with source='embedded'."
    ):
        network = keras.applications.VGG16(include_top=False, weights="imagenet")
    return _convolutions(network)


def _file_weights(path: Path) -> Weights:
    if not path.is_file():
        raise UserError(
            f"There is no VGG16 source '{path}'; choose 'embedded' or 'keras', "
            "or give the path of a file of its weights."
        )
    network = keras.applications.VGG16(include_top=False, weights=None)
    try:
        check_weights(path, network.count_params())
        network.load_weights(path)
    # Keras and h5py raise many kinds on files that are damaged or of another network.
    except Exception as error:
        raise UserError(
            f"'{path}' does not hold the weights of VGG16's 13 convolutions; give the .h5 file of "
            "keras.applications.VGG16(include_top=False), or choose 'embedded' or 'keras'."
        ) from error
    return _convolutions(network)


def _convolutions(network: keras.Model) -> Weights:
    return {name: network.get_layer(name).get_weights() for name in _CHANNELS}

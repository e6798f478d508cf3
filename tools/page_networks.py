"""The style GAN for the page "Try it": its networks as ONNX, its paintings and its photographs.

Run by hand, after the package's weights or a painter have changed: ``tools/page_networks.py``
writes all of ``book/assets/try_it`` that is not written by hand. Three networks:

``look``
    A picture to its style and to four *whitened* maps: compressed feature maps whose covariance is
    the identity. One network for photographs and paintings.
``paint``
    Whitened maps and a style to a picture.
``judge``
    A picture and a style to the discriminator's logits.

A style is one vector here, so that mixing and strength are sums of vectors: the means and the roots
of ``networks.Style``, its code, and ``networks.style_vector`` for the judge.
"""

import gzip
import json
from importlib.resources import files
from pathlib import Path

import keras
import numpy as np
import onnx
from PIL import Image

import assets
from abstractgan.data.images import at_short_side, to_float
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import photograph
from abstractgan.features import BGR_MEANS, EPSILON, style_statistics, vgg16
from abstractgan.networks import STYLE_LAYERS, StyleDecoder, style_discriminator, style_vector
from abstractgan.networks.style import PROJECTION_SCALE, RIDGE, SCALES
from abstractgan.training.style_pictures import HELD_OUT_SEED, SQUARE
from onnx_graph import Graph, Shape

TARGET = assets.ASSETS / "try_it"
RUNTIME = assets.ASSETS / "onnxruntime"
SAMPLES = {"astronaut": "Astronaut", "chelsea": "Cat", "coffee": "Coffee"}
"""Photographs that the page offers, all of them free of conditions, and their short names."""

_SAMPLE_SIDE, _THUMBNAIL_SIDE = 512, 192
_WEIGHTS = files("abstractgan") / "assets"
_ITERATIONS = 8  # of features.matrix_roots
_PICTURE: Shape = [1, 3, "height", "width"]


def load() -> tuple[keras.Model, StyleDecoder, keras.Model]:
    """The encoder, the decoder and the discriminator that the package carries."""
    decoder, discriminator = StyleDecoder(), style_discriminator(width=64)
    decoder.load_weights(_WEIGHTS / "style_decoder.weights.h5")
    discriminator.load_weights(_WEIGHTS / "style_discriminator.weights.h5")
    return vgg16(STYLE_LAYERS, mirrored=True), decoder, discriminator


def networks(
    encoder: keras.Model, decoder: StyleDecoder, discriminator: keras.Model
) -> dict[str, onnx.ModelProto]:
    """The three networks by their names, of what ``load`` gives."""
    return {
        "look": look_network(encoder, decoder),
        "paint": paint_network(decoder),
        "judge": judge_network(discriminator, decoder),
    }


def style_sizes(decoder: StyleDecoder) -> list[int]:
    """Lengths of a style's parts: four means, four roots, the code, the judge's vector."""
    kept = [compressor.units for compressor in decoder.compressors]
    told, code = decoder.encode_style.kernel.shape
    return [*kept, *(channels**2 for channels in kept), code, told]


def _map_shapes(decoder: StyleDecoder) -> dict[str, Shape]:
    """The whitened maps by their names."""
    return {
        f"map{layer}": [1, compressor.units, f"height / {stride}", f"width / {stride}"]
        for layer, (compressor, stride) in enumerate(
            zip(decoder.compressors, (1, 2, 4, 8), strict=True), start=1
        )
    }


def look_network(encoder: keras.Model, decoder: StyleDecoder) -> onnx.ModelProto:
    """VGG16 and all of the decoder that comes before its painting layers."""
    graph = Graph("look", picture=_PICTURE)
    x = graph("Gather", "picture", np.array([2, 1, 0]), axis=1)
    x = graph("Add", graph("Mul", x, 127.5), (127.5 - BGR_MEANS).reshape(1, 3, 1, 1))
    seen = {}
    for layer in encoder.layers:
        if isinstance(layer, keras.layers.MaxPooling2D):
            x = graph("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])
        elif isinstance(layer, keras.layers.Conv2D):
            x = seen[layer.name] = graph("Relu", graph.mirrored_convolution(x, layer))
    maps, means, roots, vector = [], [], [], []
    for name, compressor, scale in zip(
        encoder.output_names, decoder.compressors, SCALES, strict=True
    ):
        (kernel,) = compressor.get_weights()
        kernel = graph.weight(kernel.T[:, :, None, None])
        compressed = graph("Div", graph("Conv", seen[name], kernel), scale)
        whitened, mean, root = _whiten(graph, compressed, compressor.units)
        maps.append(whitened)
        means.append(mean)
        roots.append(root)
        vector += [graph("Div", each, scale) for each in _mean_and_deviation(graph, seen[name])]
    told = graph("Concat", *vector, axis=1)
    code = graph("Tanh", graph.dense(told, decoder.encode_style))
    style = graph("Concat", *means, *roots, code, told, axis=1)
    shapes = _map_shapes(decoder)
    outputs = dict(zip(shapes, zip(maps, shapes.values(), strict=True), strict=True))
    return graph.model(**outputs, style=(style, [1, sum(style_sizes(decoder))]))


def _whiten(graph: Graph, maps: str, channels: int) -> tuple[str, str, str]:
    """Whitened maps, and as vectors the mean and the root of the covariance."""
    flat = graph.reshape(maps, 1, channels, -1)
    mean = graph("ReduceMean", flat, axes=[2])
    centred = graph("Sub", flat, mean)
    transposed = graph("Transpose", centred, perm=[0, 2, 1])
    positions = graph("Cast", graph("Shape", flat, start=2), to=onnx.TensorProto.FLOAT)
    spread = graph("Div", graph("MatMul", centred, transposed), positions)
    identity = np.eye(channels, dtype=np.float32)
    trace = graph("ReduceSum", graph("Mul", spread, identity))
    ridge = graph("Add", graph("Mul", trace, RIDGE / channels), 1e-6)
    ridged = graph("Add", spread, graph("Mul", ridge, identity))
    root, inverse = _matrix_roots(graph, ridged, channels)
    whitened = graph("Reshape", graph("MatMul", inverse, centred), graph("Shape", maps))
    return whitened, graph.reshape(mean, 1, -1), graph.reshape(root, 1, -1)


def _matrix_roots(graph: Graph, matrix: str, channels: int) -> tuple[str, str]:
    """What ``features.matrix_roots`` computes."""
    norm = graph("Sqrt", graph("ReduceSum", graph("Mul", matrix, matrix)))
    identity = np.eye(channels, dtype=np.float32)
    root, inverse = graph("Div", matrix, norm), graph("Identity", identity)
    for _ in range(_ITERATIONS):
        half = graph("Mul", graph("MatMul", inverse, root), 0.5)
        step = graph("Sub", 1.5 * identity, half)
        root, inverse = graph("MatMul", root, step), graph("MatMul", step, inverse)
    stretch = graph("Sqrt", norm)
    return graph("Mul", root, stretch), graph("Div", inverse, stretch)


def _mean_and_deviation(graph: Graph, maps: str) -> list[str]:
    """Of each channel, (1, channels)."""
    flat = graph("Reshape", maps, np.array([0, 0, -1]))
    mean = graph("ReduceMean", flat, axes=[2])
    centred = graph("Sub", flat, mean)
    variance = graph("ReduceMean", graph("Mul", centred, centred), axes=[2])
    deviation = graph("Sqrt", graph("Add", variance, EPSILON))
    return [graph.reshape(each, 1, -1) for each in (mean, deviation)]


def paint_network(decoder: StyleDecoder) -> onnx.ModelProto:
    """The decoder from its whitened maps on: colour and paint."""
    sizes = style_sizes(decoder)
    graph = Graph("paint", **_map_shapes(decoder), style=[1, sum(sizes)])
    *parts, code, _ = graph.split("style", sizes)
    coloured = []
    for name, channels, mean, root in zip(
        _map_shapes(decoder), sizes[:4], parts[:4], parts[4:], strict=True
    ):
        flat = graph.reshape(name, 1, channels, -1)
        turned = graph("MatMul", graph.reshape(root, 1, channels, channels), flat)
        moved = graph("Add", turned, graph.reshape(mean, 1, channels, 1))
        coloured.append(graph("Reshape", moved, graph("Shape", name)))
    painter = decoder.painter.layers
    convolutions = iter([each for each in painter if isinstance(each, keras.layers.Conv2D)])
    modulations = iter([each for each in painter if isinstance(each, keras.layers.Dense)])
    slope = _slope(decoder.painter)

    def act(x: str) -> str:
        layer = next(modulations)
        both = graph.reshape(graph.dense(code, layer), 1, layer.units, 1, 1)
        gain, shift = graph.split(both, [layer.units // 2] * 2)
        x = graph("Add", graph("Mul", x, graph("Add", gain, 1.0)), shift)
        return graph("LeakyRelu", x, alpha=slope)

    def convolve(x: str) -> str:
        return act(graph.mirrored_convolution(x, next(convolutions)))

    def grow(x: str, skip: str) -> str:
        twice = np.array([1, 1, 2, 2], np.float32)
        nearest = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
        larger = graph("Resize", x, "", twice, mode="nearest", **nearest)
        return convolve(graph("Concat", larger, skip, axis=1))

    x = convolve(act(coloured[3]))
    x = grow(x, coloured[2])
    x = convolve(grow(x, coloured[1]))
    x = grow(x, coloured[0])
    x = graph.mirrored_convolution(x, next(convolutions))
    return graph.model(picture=(graph("Tanh", graph("Mul", x, 0.5)), _PICTURE))


def judge_network(discriminator: keras.Model, decoder: StyleDecoder) -> onnx.ModelProto:
    """The discriminator, in 8 bits: its scores are colours and numbers of two decimals."""
    *others, told = style_sizes(decoder)
    graph = Graph("judge", 8, picture=_PICTURE, style=[1, sum(others) + told])
    wrapped = [
        each.layer
        for each in discriminator.layers
        if isinstance(each, keras.layers.SpectralNormalization)
    ]
    *strided, last = [each for each in wrapped if isinstance(each, keras.layers.Conv2D)]
    (projection,) = [each for each in wrapped if isinstance(each, keras.layers.Dense)]
    slope = _slope(discriminator)
    border = {"pads": [1, 1, 1, 1]}  # what "same" is, where sides are even
    x = "picture"
    for layer in strided:
        x = graph("LeakyRelu", graph.convolution(x, layer, strides=[2, 2], **border), alpha=slope)
    _, vector = graph.split("style", [sum(others), told])
    wanted = graph("MatMul", vector, graph.weight(projection.get_weights()[0]))
    match = graph("Mul", x, graph.reshape(wanted, 1, projection.units, 1, 1))
    match = graph("Mul", graph("ReduceSum", match, np.array([1]), keepdims=1), PROJECTION_SCALE)
    logits = graph("Add", graph.convolution(x, last, **border), match)
    return graph.model(logits=(logits, [1, 1, "height / 8", "width / 8"]))


def _slope(network: keras.Model) -> float:
    """Of all of its leaky ReLUs."""
    leaky = [each for each in network.layers if isinstance(each, keras.layers.LeakyReLU)]
    (slope,) = {each.negative_slope for each in leaky}
    return slope


def style_of(painting: np.ndarray, encoder: keras.Model, decoder: StyleDecoder) -> np.ndarray:
    """A painting's style as the networks of the page know it: one vector."""
    seen = to_float(at_short_side(painting, SQUARE))[None]
    statistics = style_statistics(encoder(seen))
    style = decoder.style(statistics)
    parts = [*style.means, *style.roots, style.code, style_vector(statistics)]
    return np.concatenate([np.ravel(part) for part in parts])


def write(target: Path = TARGET) -> None:
    """Write networks, paintings, photographs, and the catalogue that the page's script reads."""
    encoder, decoder, discriminator = load()
    drawn = {name: paint(name, HELD_OUT_SEED, SQUARE) for name in MOVEMENTS}
    styles = np.stack([style_of(each, encoder, decoder) for each in drawn.values()])
    packed = {
        f"{name}.onnx": network.SerializeToString(deterministic=True)
        for name, network in networks(encoder, decoder, discriminator).items()
    }
    # Rounded to float16, and written as float32, whose zeros gzip takes out again.
    packed["styles.f32"] = styles.astype(np.float16).astype("<f4").tobytes()
    target.mkdir(exist_ok=True)
    for name, content in packed.items():
        (target / f"{name}.gz").write_bytes(gzip.compress(content, mtime=0))
    for folder in ("paintings", "photographs"):
        (target / folder).mkdir(exist_ok=True)
    for name, picture in drawn.items():
        _save(picture, _THUMBNAIL_SIDE, target / "paintings" / f"{name}.jpg")
    for name in SAMPLES:
        _save(photograph(name), _SAMPLE_SIDE, target / "photographs" / f"{name}.jpg")
    loaded = [*sorted(target.glob("*.gz")), *sorted(RUNTIME.glob("*.gz"))]
    catalogue = {
        "styleLength": styles.shape[1],
        "bytes": {each.name: each.stat().st_size for each in loaded},
        "paintings": {name: movement.title for name, movement in MOVEMENTS.items()},
        "photographs": SAMPLES,
    }
    text = json.dumps(catalogue, indent=2, ensure_ascii=False)
    (target / "catalogue.js").write_text(f"export default {text};\n", encoding="utf-8")


def _save(picture: np.ndarray, side: int, path: Path) -> None:
    image = Image.fromarray(picture)
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    image.save(path, quality=85)


if __name__ == "__main__":
    write()

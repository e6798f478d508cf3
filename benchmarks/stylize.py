"""How long repainting takes, beside what its multiply-adds would take, and its peak memory.

The photograph is drawn; with a file of weights the decoder is that, else one that was not trained,
which takes as long.

``python benchmarks/stylize.py [--decoder FILE] [--skip-large]``
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from abstractgan.data.paintings import paint
from abstractgan.networks import StyleDecoder
from abstractgan.stylize import Stylizer

SIDES = (256, 512, 1024)
REPEATS = 7
LARGE = (6000, 4000)
# Channels of VGG16's second convolutions, and their strides.
REPRESENTATIVE = ((64, 1), (128, 2), (256, 4))


def main() -> None:
    """Print both tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decoder", help="a file of weights")
    parser.add_argument("--skip-large", action="store_true", help="leave out the 24 megapixels")
    parser.add_argument("--large-only", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.large_only:
        _repaint_large(arguments.decoder)
        return
    stylizer = _stylizer(arguments.decoder)
    style = stylizer.style(paint("orphism", 0, 256))
    print("| side | seconds | G multiply-adds | at the convolutions' rate, s | ratio |")
    print("|---|---|---|---|---|")
    for side in SIDES:
        photograph = paint("cubism", 0, side)
        seconds = _median(lambda picture=photograph: stylizer.stylize(picture, style))
        count = multiply_adds(stylizer, side)
        ideal = count / convolution_rate(side)
        print(
            f"| {side} | {seconds:.2f} | {count / 1e9:.1f} | {ideal:.2f} | {seconds / ideal:.2f} |",
            flush=True,
        )
    if not arguments.skip_large:
        options = ["--decoder", arguments.decoder] if arguments.decoder else []
        command = [sys.executable, __file__, "--large-only", *options]
        subprocess.run(command, check=True)


def multiply_adds(stylizer: Stylizer, side: int) -> int:
    """Of one square picture: all products of convolutions and matrices, from their shapes."""
    decoder, encoder = stylizer._decoder, stylizer._encoder
    shapes = [
        (1, side // 2**layer, side // 2**layer, compressor.units)
        for layer, compressor in enumerate(decoder.compressors)
    ]
    count = _convolutions(encoder, [(1, side, side, 3)])
    count += _convolutions(decoder.painter, [*shapes, (1, decoder.encode_style.units)])
    for compressor, (_, height, width, kept) in zip(decoder.compressors, shapes, strict=True):
        # Compression, then the covariance and the colouring of what is left.
        count += height * width * (int(np.prod(compressor.kernel.shape)) + 2 * kept * kept)
    return count


def _convolutions(model: keras.Model, shapes: list[tuple[int, ...]]) -> int:
    """Products of a model's convolutions, for inputs of these shapes."""
    counts: list[int] = []
    calls = {}
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            calls[layer], kernel = layer.call, int(np.prod(layer.kernel.shape))

            def counted(x: Any, *, call: Any = layer.call, kernel: int = kernel) -> Any:
                result = call(x)
                counts.append(kernel * int(np.prod(result.shape[1:3])))
                return result

            layer.call = counted
    inputs = [tf.TensorSpec(shape, tf.float32) for shape in shapes]
    # Traced, so that nothing is computed.
    tf.function(
        lambda *maps: model(list(maps) if len(maps) > 1 else maps[0])
    ).get_concrete_function(*inputs)
    for layer, call in calls.items():
        layer.call = call
    return sum(counts)


def convolution_rate(side: int) -> float:
    """Multiply-adds a second of this machine, in 3x3 convolutions at VGG16's sizes."""
    count, seconds = 0, 0.0
    for channels, stride in REPRESENTATIVE:
        maps = tf.random.normal((1, side // stride, side // stride, channels))
        kernel = tf.random.normal((3, 3, channels, channels))
        convolve = tf.function(lambda x, k: tf.nn.conv2d(x, k, 1, "SAME"))
        seconds += _median(lambda call=convolve, x=maps, k=kernel: call(x, k).numpy())
        count += 9 * channels**2 * (side // stride) ** 2
    return count / seconds


def _median(call: Callable[[], Any]) -> float:
    times = []
    for _ in range(REPEATS + 1):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])  # the first one warms up


def _stylizer(decoder: str | None) -> Stylizer:
    if decoder:
        return Stylizer.load(decoder)
    keras.utils.set_random_seed(0)
    return Stylizer(StyleDecoder())


def _repaint_large(decoder: str | None) -> None:
    stylizer = _stylizer(decoder)
    style = stylizer.style(paint("orphism", 0, 256))
    photograph = np.asarray(Image.fromarray(paint("cubism", 0, 2000)).resize(LARGE))
    started = time.perf_counter()
    stylizer.stylize(photograph, style)
    seconds = time.perf_counter() - started
    # Kilobytes, except on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    print(f"\n| {LARGE[0]} x {LARGE[1]} | {seconds:.0f} s | peak {peak / 1e9:.2f} GB |")


if __name__ == "__main__":
    main()

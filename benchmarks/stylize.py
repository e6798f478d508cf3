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
from functools import partial
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
        seconds = _median(partial(stylizer.stylize, photograph, style))
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
    signatures = [tf.TensorSpec(shape) for shape in shapes]
    code = tf.TensorSpec((1, decoder.encode_style.units))
    count = _convolutions(encoder, tf.TensorSpec((1, side, side, 3)))
    count += _convolutions(decoder.painter, [*signatures, code])
    for compressor, (_, height, width, kept) in zip(decoder.compressors, shapes, strict=True):
        # Compression, then the covariance and the colouring of what is left.
        count += height * width * (int(np.prod(compressor.kernel.shape)) + 2 * kept * kept)
    return count


def _convolutions(model: keras.Model, signature: Any) -> int:
    """Products of a model's convolutions; the graph is traced, so that nothing is computed."""
    graph = tf.function(model).get_concrete_function(signature).graph
    return sum(
        int(np.prod(operation.inputs[1].shape) * np.prod(operation.outputs[0].shape[1:3]))
        for operation in graph.get_operations()
        if operation.type == "Conv2D"
    )


def convolution_rate(side: int) -> float:
    """Multiply-adds a second of this machine, in 3x3 convolutions at VGG16's sizes."""
    count, seconds = 0, 0.0
    for channels, stride in REPRESENTATIVE:
        maps = tf.random.normal((1, side // stride, side // stride, channels))
        kernel = tf.random.normal((3, 3, channels, channels))
        seconds += _median(partial(tf.nn.conv2d, maps, kernel, 1, "SAME"))
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

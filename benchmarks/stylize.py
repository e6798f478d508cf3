"""How long repainting takes, beside what its multiply-adds would take, and its peak memory.

The photograph is drawn; with a file of weights the decoder is that, else one that was not trained,
which takes as long.

``python benchmarks/stylize.py [--decoder FILE] [--skip-large]``
"""

import argparse
import resource
import subprocess
import sys
import time
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from abstractgan.data.paintings import paint
from abstractgan.networks import Style, StyleDecoder
from abstractgan.stylize import Stylizer
from abstractgan.training.cost import convolution_rate, median_seconds, multiply_adds

SIDES = (256, 512, 1024)
LARGE = (6000, 4000)


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
        seconds = median_seconds(partial(stylizer.stylize, photograph, style))
        count = multiply_adds(forward_pass(stylizer, style, side))
        ideal = count / convolution_rate(side)
        print(
            f"| {side} | {seconds:.2f} | {count / 1e9:.1f} | {ideal:.2f} | {seconds / ideal:.2f} |",
            flush=True,
        )
    if not arguments.skip_large:
        options = ["--decoder", arguments.decoder] if arguments.decoder else []
        command = [sys.executable, __file__, "--large-only", *options]
        subprocess.run(command, check=True)


def forward_pass(stylizer: Stylizer, style: Style, side: int) -> Any:
    """What one picture of a known size needs, as a traced function."""

    def repaint(pictures: Any) -> Any:
        return stylizer.decoder.repaint(stylizer.encoder(pictures), style)

    return tf.function(repaint).get_concrete_function(tf.TensorSpec((1, side, side, 3)))


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

"""Train the style GAN on JAX, where there is a GPU and no TensorFlow.

``KERAS_BACKEND=jax python tools/train_style_jax.py --photos DIR --paintings DIR --output DIR``

plays the game of ``abstractgan train style --profile gpu`` with ``training.jax_step.StyleStep``, as
the chapter ``notebooks/full_training`` says. All pictures lie on the device, which draws the pairs
itself, and an epoch is one compiled program. The folder gets the same files, less the checkpoints:
a run that is stopped begins again. ``tools/record_style.py`` puts it into the package.
"""

import argparse
import csv
import importlib.metadata
import json
import os
import platform
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np

from abstractgan.data.images import at_short_side, file_identity, list_images, save_image
from abstractgan.data.paintings import MOVEMENTS
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.errors import UserError
from abstractgan.features import Statistics, vgg16
from abstractgan.networks import STYLE_LAYERS, StyleDecoder, style_discriminator
from abstractgan.training.jax_step import Batch, State, StyleStep
from abstractgan.training.profiles import StyleProfile, style_profile
from abstractgan.training.style_objectives import LOSS_COLUMNS
from abstractgan.training.style_pictures import (
    HELD_OUT_COLUMNS,
    SQUARE,
    HeldOut,
    painting_squares,
    square_statistics,
    squares_of_each,
)

COLUMNS = ("epoch", "step", "seconds", *LOSS_COLUMNS, *HELD_OUT_COLUMNS)

SHORT_SIDE = 256
"""What the photographs' short side is resized to."""


class Pairs:
    """Draws batches on the device: photographs, squares of paintings and their statistics.

    Args:
        photographs: uint8, of any shape with a short side of ``SHORT_SIDE``.
        squares: How many squares of paintings there will be.
        size: Side of the crops.
        batch_size: Pairs in a batch.
    """

    def __init__(
        self,
        photographs: Sequence[np.ndarray],
        squares: int,
        size: int,
        batch_size: int,
    ) -> None:
        shapes = np.array([picture.shape[:2] for picture in photographs])
        canvas = np.zeros((len(photographs), *shapes.max(axis=0), 3), np.uint8)
        for each, picture in zip(canvas, photographs, strict=True):
            each[: picture.shape[0], : picture.shape[1]] = picture
        self._photographs = jnp.asarray(canvas), jnp.asarray(shapes)
        self._squares = squares
        self._size, self._batch_size = size, batch_size
        self.data: Any = None

    def fill(self, squares: np.ndarray, statistics: Statistics) -> None:
        """Put squares, uint8 (n, side, side, 3), and their statistics on the device."""
        moments = [tuple(map(jnp.asarray, pair)) for pair in statistics]
        self.data = self._photographs, jnp.asarray(squares), moments

    @property
    def shapes(self) -> Any:
        """What ``data`` will look like: arguments, for constants would be compiled in."""
        of = jax.ShapeDtypeStruct
        moments = [
            (of((self._squares, c), jnp.float32), of((self._squares, c, c), jnp.float32))
            for c in (64, 128, 256, 512)
        ]
        return self._photographs, of((self._squares, SQUARE, SQUARE, 3), jnp.uint8), moments

    def draw(self, key: Any, data: Any) -> Batch:
        """A batch as ``StyleStep`` takes it."""
        (photographs, shapes), squares, statistics = data
        photograph_key, square_key, *crop_keys = jax.random.split(key, 4)
        count = (self._batch_size,)
        first = jax.random.randint(photograph_key, count, 0, len(photographs))
        second = jax.random.randint(square_key, count, 0, len(squares))
        sides = jnp.broadcast_to(jnp.array(squares.shape[1:3]), (*count, 2))
        return {
            "photographs": self._crops(crop_keys[0], first, photographs, shapes[first]),
            "paintings": self._crops(crop_keys[1], second, squares, sides),
            "statistics": [tuple(each[second] for each in pair) for pair in statistics],
        }

    def _crops(self, key: Any, which: Any, pixels: Any, shapes: Any) -> Any:
        def crop(key: Any, which: Any, shape: Any) -> Any:
            corner_key, mirror_key = jax.random.split(key)
            top, left = jax.random.randint(corner_key, (2,), 0, shape - self._size + 1)
            square = jax.lax.dynamic_slice(
                pixels, (which, top, left, 0), (1, self._size, self._size, 3)
            )[0]
            square = jnp.where(jax.random.bernoulli(mirror_key), square[:, ::-1], square)
            return square.astype("float32") / 127.5 - 1

        return jax.vmap(crop)(jax.random.split(key, self._batch_size), which, shapes)


class Painter:
    """The averaged decoder of a state, compiled: what ``HeldOut`` measures."""

    def __init__(self, decoder: StyleDecoder, state: State) -> None:
        self._paint = jax.jit(lambda *given: decoder.stateless_call(given[0], [], *given[1:])[0])
        self.state = state

    def __call__(self, maps: Any, statistics: Statistics) -> Any:
        """Paint."""
        return self._paint(self.state["average"], maps, statistics)


class Run:
    """A run of a profile: pictures on the device, networks, and an epoch that is compiled.

    Args:
        profile: Sizes and settings.
        photographs: Files, in addition to the embedded ones.
        paintings: Files, in addition to the drawn ones.
        seed: Of the weights and of all that is drawn at random.
    """

    def __init__(
        self,
        profile: StyleProfile,
        photographs: Sequence[Path],
        paintings: Sequence[Path],
        seed: int,
    ) -> None:
        begun = time.monotonic()
        self._profile, self._seed = profile, seed
        self._config = asdict(profile) | {
            "seed": seed,
            "photographs": [file_identity(file) for file in photographs],
            "paintings": [file_identity(file) for file in paintings],
        }
        keras.config.set_dtype_policy("mixed_float16" if profile.mixed_precision else "float32")
        keras.utils.set_random_seed(seed)
        network = vgg16(STYLE_LAYERS, mirrored=True)
        encode = jax.jit(lambda pictures: network(pictures))
        self._decoder = StyleDecoder()
        self._judge = style_discriminator(profile.width, profile.projection)
        self._game = StyleStep(
            network,
            self._decoder,
            self._judge,
            profile.lr,
            profile.epochs * profile.steps_per_epoch,
            weights=profile.weights,
            photograph_negatives=profile.photograph_negatives,
            mismatched_negatives=profile.projection,
            ramp=profile.ramp,
            ema=profile.ema,
        )
        self._state = self._game.start()
        self._painter = Painter(self._decoder, self._state)
        pictures: list[Any] = [*map(photograph, PHOTOGRAPHS), *photographs]
        cut = len(paintings) * squares_of_each(len(paintings), profile)
        self._pairs = Pairs(
            [at_short_side(picture, SHORT_SIDE) for picture in pictures],
            cut + len(MOVEMENTS) * profile.drawn,
            profile.size,
            profile.batch_size,
        )
        # Compiling takes minutes, most of them spent on timing ways to convolve.
        with ThreadPoolExecutor() as pool:
            compiled = pool.submit(self._compile)
            held_out = pool.submit(self._hold_out, encode)
            squares = painting_squares(paintings, profile, seed)
            self._pairs.fill(squares, square_statistics(encode, squares))
            self._held_out, self._epoch = held_out.result(), compiled.result()
        self._preparation = time.monotonic() - begun
        print(f"Pictures, statistics and compiling: {self._preparation:.0f} s", flush=True)

    def _compile(self) -> Any:
        def epoch(state: State, key: Any, data: Any) -> Any:
            def step(state: State, key: Any) -> tuple[State, dict[str, Any]]:
                losses, state = self._game.step(state, self._pairs.draw(key, data))
                return state, losses

            keys = jax.random.split(key, self._profile.steps_per_epoch)
            state, losses = jax.lax.scan(step, state, keys)
            return state, jax.tree.map(lambda each: each.mean(), losses)

        return jax.jit(epoch).lower(self._state, jax.random.key(0), self._pairs.shapes).compile()

    def _hold_out(self, encode: Any) -> HeldOut:
        held_out = HeldOut(encode)
        held_out.measure(self._painter)
        return held_out

    def train(self, output: Path) -> None:
        """Train, print a line for each epoch and write the folder.

        Raises:
            UserError: If the training diverges.
        """
        profile, seconds = self._profile, 0.0
        (output / "samples").mkdir(parents=True)
        _write(output / "config.json", self._config)
        with (output / "log.csv").open("w", newline="", encoding="utf-8") as file:
            log = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            log.writeheader()
            for number in range(1, profile.epochs + 1):
                start = time.monotonic()
                key = jax.random.fold_in(jax.random.key(self._seed), number)
                self._state, means = self._epoch(self._state, key, self._pairs.data)
                values = {name: float(value) for name, value in means.items()}
                seconds += time.monotonic() - start
                if not np.isfinite(list(values.values())).all():
                    raise UserError(
                        f"The training diverged in epoch {number}: lower the profile's lr."
                    )
                if number in (1, profile.epochs) or number % profile.evaluate_every == 0:
                    values |= self._evaluate(output / "samples" / f"epoch-{number:03d}.jpg")
                place = {
                    "epoch": str(number),
                    "step": str(number * profile.steps_per_epoch),
                    "seconds": f"{seconds:.1f}",
                }
                row = place | {name: f"{value:.5f}" for name, value in values.items()}
                log.writerow(row)
                file.flush()
                print(row, flush=True)
        self._game.finish(self._state)
        self._decoder.save_weights(output / "decoder.weights.h5")
        self._judge.save_weights(output / "discriminator.weights.h5")
        _write(output / "environment.json", environment(self._preparation))

    def _evaluate(self, sheet: Path) -> dict[str, float]:
        self._painter.state = self._state
        save_image(self._held_out.sheet(self._painter), sheet)
        return self._held_out.measure(self._painter)


def environment(preparation: float) -> dict[str, Any]:
    """Versions, hardware, and what the run took of it, for its record.

    Args:
        preparation: Seconds before the first step.
    """
    memory = jax.devices()[0].memory_stats() or {}
    gpus = [device.device_kind for device in jax.devices() if device.platform == "gpu"]
    return {
        "python": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("jax", "keras", "numpy")},
        "system": platform.system(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "gpus": gpus,
        "replicas": 1,
        "preparation_seconds": round(preparation),
        "peak_gpu_gigabytes": round(memory.get("peak_bytes_in_use", 0) / 1e9, 2),
        "started": time.strftime("%Y-%m-%d"),
    }


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", "utf-8")


def main() -> None:
    """Read the options and train."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add: Any = parser.add_argument
    add("--profile", default="gpu")
    add("--photos", type=Path, help="a folder of photographs, in addition to the embedded ones")
    add("--paintings", type=Path, help="a folder of paintings, in addition to the drawn ones")
    add("--output", type=Path, required=True, help="a new folder")
    add("--seed", type=int, default=0)
    for name in ("epochs", "steps_per_epoch", "batch_size", "drawn", "squares", "evaluate_every"):
        add(f"--{name.replace('_', '-')}", type=int, help="instead of the profile's")
    options = vars(parser.parse_args())
    photographs, paintings, output, seed = map(
        options.pop, ("photos", "paintings", "output", "seed")
    )
    try:
        given = {name: value for name, value in options.items() if value is not None}
        profile = replace(style_profile(given.pop("profile")), **given)
        if output.exists():
            raise UserError(f"{output} exists: give --output a new folder.")
        found, followed = (list_images(each) if each else [] for each in (photographs, paintings))
        Run(profile, found, followed, seed).train(output)
    except UserError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

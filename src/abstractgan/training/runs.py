"""A run on disk: configuration, log, sample grids and a checkpoint to resume from.

Taught in the chapter ``notebooks/digit_gan``.
"""

import csv
import importlib.metadata
import io
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from filelock import FileLock, Timeout

from abstractgan.data.digits import load_digits
from abstractgan.data.images import save_image, to_uint8
from abstractgan.data.pipeline import digit_dataset
from abstractgan.errors import UserError
from abstractgan.metrics import digit_report
from abstractgan.networks import digit_discriminator, digit_generator
from abstractgan.training.gan import GAN
from abstractgan.training.profiles import DigitProfile, digit_profile

CONFIG, ENVIRONMENT, LOG = "config.json", "environment.json", "log.csv"
CHECKPOINT, GENERATOR = "checkpoint.weights.h5", "generator.weights.h5"
SAMPLES = "samples"

LOG_COLUMNS = (
    "epoch",
    "step",
    "seconds",
    "discriminator_loss",
    "generator_loss",
    "real_score",
    "fake_score",
    "kid",
    "confidence",
    "coverage",
)
_GRID_ROWS, _GRID_COLUMNS = 8, 10


def build_digit_gan(profile: DigitProfile, seed: int = 0) -> GAN:
    """The compiled, built GAN of a profile; the same seed gives the same initial weights."""
    keras.utils.set_random_seed(seed)
    gan = GAN(
        digit_generator(profile.latent_dim, profile.generator_width),
        digit_discriminator(profile.discriminator_width, profile.dropout),
        loss=profile.loss,
        r1=profile.r1,
        ema=profile.ema,
        seed=seed,
    )
    gan.compile(profile.lr, profile.lr, jit_compile=profile.jit_compile)
    gan.build()
    return gan


def train_digits(
    profile: str, output: str | os.PathLike[str], seed: int = 0, source: str | None = None
) -> Path:
    """Train a digit GAN in a folder; called again with the same arguments, resume.

    The folder gets ``config.json``, ``environment.json`` (versions and hardware), ``log.csv`` (a
    row an epoch), ``samples/`` (a grid of the same latent vectors at each evaluation),
    ``checkpoint.weights.h5`` (after each epoch) and at the end ``generator.weights.h5`` (the
    averaged generator).

    Args:
        profile: A name in ``training.profiles.DIGIT_PROFILES``.
        output: The run's folder; made if it is absent.
        seed: Seed of the weights, the order of the digits and the latent vectors.
        source: ``"embedded"`` or ``"keras"``; by default the profile's.

    Returns:
        The folder.

    Raises:
        UserError: If the profile or the seed is unusable, the folder can't be used, another process
            is training in it, it holds a run of another configuration, or its checkpoint can't be
            read.
    """
    settings = digit_profile(profile)
    if seed < 0:
        raise UserError(f"The seed must be 0 or more, not {seed}.")
    config = asdict(settings) | {"seed": seed, "source": source or settings.source}
    images, _ = load_digits("train", config["source"])
    images = images[: settings.digits]
    folder = Path(output)
    with _claimed(folder):
        _record_config(folder, config)
        steps = len(images) // settings.batch_size
        gan = build_digit_gan(settings, seed)
        first_epoch = _resume(gan, folder / CHECKPOINT, steps)
        if first_epoch >= settings.epochs and (folder / GENERATOR).exists():
            print(f"The run in {folder} is finished; give another --output to train again.")
            return folder
        recorder = _Recorder(folder, settings, seed, first_epoch)
        gan.fit(
            digit_dataset(images, settings.batch_size, seed=seed, first_epoch=first_epoch),
            initial_epoch=first_epoch,
            epochs=settings.epochs,
            steps_per_epoch=steps,
            verbose=0,
            callbacks=[recorder],
        )
        save_weights(gan.ema_generator, folder / GENERATOR)
    return folder


@contextmanager
def _claimed(folder: Path) -> Iterator[None]:
    """Hold the folder for this process alone; the system frees it however the process ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise UserError(
            f"Another process is training in {folder}; wait for it, or give another --output."
        ) from None
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(
            f"The folder {folder} can't be written ({reason}); give another --output."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _record_config(folder: Path, config: dict[str, Any]) -> None:
    path = folder / CONFIG
    if not path.exists():
        others = [entry.name for entry in folder.iterdir() if entry.name != ".lock"]
        if others:
            raise UserError(
                f"The folder {folder} holds other files and no run ({others[0]} ...); "
                "give an empty --output."
            )
        _write_json(folder / ENVIRONMENT, describe_environment())
        _write_json(path, config)
        return
    try:
        recorded = json.loads(path.read_text("utf-8"))
        differing = [key for key in config if recorded.get(key) != config[key]]
    except (ValueError, AttributeError):
        raise UserError(
            f"{path} can't be read; delete the folder or give another --output."
        ) from None
    if differing:
        key = "name" if "name" in differing else differing[0]
        label = "profile" if key == "name" else key
        raise UserError(
            f"The folder {folder} holds a run with {label} {recorded.get(key)}, not {config[key]}; "
            "repeat its settings to resume it, or give another --output."
        )


def describe_environment() -> dict[str, Any]:
    """Versions and hardware, for a run's record."""
    packages = ("abstractgan", "keras", "numpy")
    return {
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        **{name: importlib.metadata.version(name) for name in packages},
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor_name(),
        "processors": os.cpu_count(),
        "gpus": [
            tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name)
            for gpu in tf.config.list_physical_devices("GPU")
        ],
        "started": time.strftime("%Y-%m-%d"),
    }


def _processor_name() -> str:
    # platform.processor() is empty on most Linux systems.
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _write_json(path: Path, content: dict[str, Any]) -> None:
    _write_text(path, json.dumps(content, indent=2) + "\n")


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    """Yield where to write, so that the file appears whole or not at all.

    The name is the same each time: what a killed process left is replaced by the next one.
    """
    part = path.with_name(f".part.{path.name}")
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(
            f"{path} can't be written ({error.strerror or error}); "
            "free some space and repeat the command to resume."
        ) from error


def _write_text(path: Path, text: str) -> None:
    with _whole_file(path) as part:
        part.write_text(text, "utf-8", newline="")


def save_weights(model: keras.Model, path: Path) -> None:
    """Save weights whole or not at all.

    Raises:
        UserError: If the file can't be written.
    """
    # h5py meets a full disk with a flood of errors of its own, so ask for the room beforehand.
    room = sum(variable.numpy().nbytes for variable in _variables(model)) + 100_000
    with _whole_file(path) as part:
        part.write_bytes(bytes(room))
        model.save_weights(part, overwrite=True)


def _variables(model: keras.Model) -> list[keras.Variable]:
    optimizers = [model.d_optimizer, model.g_optimizer] if isinstance(model, GAN) else []
    return model.variables + [v for optimizer in optimizers for v in optimizer.variables]


def load_weights(model: keras.Model, path: Path) -> None:
    """Load weights that belong to a model.

    Raises:
        UserError: If the file is damaged or belongs to another network.
    """
    try:
        model.load_weights(path)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise UserError(
            f"{path} is damaged or belongs to another profile; delete it to start again."
        ) from error


def _resume(gan: GAN, checkpoint: Path, steps_per_epoch: int) -> int:
    """Load the checkpoint if there is one; the number of epochs that it has behind it."""
    if not checkpoint.exists():
        return 0
    load_weights(gan, checkpoint)
    return int(gan.g_optimizer.iterations) // steps_per_epoch


class _Recorder(keras.callbacks.Callback):
    """Writes log, sample grids and checkpoint; prints a line an epoch with the time left."""

    def __init__(self, folder: Path, profile: DigitProfile, seed: int, first_epoch: int) -> None:
        super().__init__()
        self.folder, self.profile, self.first_epoch = folder, profile, first_epoch
        (folder / SAMPLES).mkdir(exist_ok=True)
        shape = (profile.evaluation_samples, profile.latent_dim)
        self.latents = np.random.default_rng(seed).standard_normal(shape).astype("float32")
        self.rows = _read_rows(folder / LOG)[:first_epoch]
        self.seconds = float(self.rows[-1]["seconds"]) if self.rows else 0.0
        self.earlier_seconds = self.seconds

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.model.reseed(epoch)
        self.started = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self.seconds += time.perf_counter() - self.started
        done = epoch + 1
        row: dict[str, Any] = {"epoch": done, "step": int(self.model.g_optimizer.iterations)}
        row |= {"seconds": round(self.seconds, 1)}
        row |= {name: f"{float(value):.5f}" for name, value in (logs or {}).items()}
        if done % self.profile.evaluate_every == 0 or done in (1, self.profile.epochs):
            row |= self._evaluate(done)
        self.rows.append(row)
        # The checkpoint comes last: after a crash between the two, resuming cuts the log to it.
        self._write_log()
        save_weights(self.model, self.folder / CHECKPOINT)
        print(self._progress(done, row), flush=True)

    def _evaluate(self, done: int) -> dict[str, str]:
        images = self.model.predict(self.latents, batch_size=500, verbose=0)
        digits = to_uint8(images[: _GRID_ROWS * _GRID_COLUMNS])
        tiles = digits.reshape(_GRID_ROWS, _GRID_COLUMNS, 28, 28).swapaxes(1, 2)
        grid = tiles.reshape(_GRID_ROWS * 28, _GRID_COLUMNS * 28)
        save_image(grid, self.folder / SAMPLES / f"epoch-{done:03d}.png")
        return {name: f"{value:.5f}" for name, value in digit_report(images)._asdict().items()}

    def _write_log(self) -> None:
        text = io.StringIO()
        writer = csv.DictWriter(text, LOG_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        _write_text(self.folder / LOG, text.getvalue())

    def _progress(self, done: int, row: dict[str, Any]) -> str:
        speed = (self.seconds - self.earlier_seconds) / (done - self.first_epoch)
        left = speed * (self.profile.epochs - done)
        text = (
            f"epoch {done}/{self.profile.epochs}, about {left / 60:.1f} min left, "
            f"discriminator {row['discriminator_loss']}, generator {row['generator_loss']}"
        )
        return text + (f", KID {row['kid']}" if "kid" in row else "")


def _read_rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

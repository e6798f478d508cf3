"""A run on disk, of any network: configuration, log, samples and checkpoints to resume from.

Taught in the chapter ``notebooks/digit_gan``.
"""

import csv
import importlib.metadata
import io
import json
import os
import platform
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import tensorflow as tf
from filelock import FileLock, Timeout

from abstractgan.data.images import StrPath, load_image, save_image
from abstractgan.data.weights import check_weights
from abstractgan.errors import UserError
from abstractgan.training.cost import Forecast
from abstractgan.training.profiles import Profile
from abstractgan.training.session import (
    check_drive,
    check_room,
    enough_memory,
    say_what_is_missing,
)

CONFIG, ENVIRONMENT, LOG = "config.json", "environment.json", "log.csv"
"""Files of a run: settings, hardware and versions, a row for each epoch."""
CHECKPOINT, PREVIOUS = "checkpoint.weights.h5", "previous.weights.h5"
"""Its newest checkpoint and the one before."""
GENERATOR, DISCRIMINATOR = "generator.weights.h5", "discriminator.weights.h5"
"""The weights that a finished run leaves."""
SAMPLES = "samples"
"""The folder of its pictures."""
TENSORBOARD = "tensorboard"
"""The folder of what it writes for TensorBoard."""

TIME_COLUMNS = ("epoch", "step", "seconds")
"""The first columns of every log."""

_MEASURED_STEPS = 5
_EPOCHS = "epochs"


@dataclass(frozen=True)
class Pieces:
    """What a run trains, built once its folder has passed all checks.

    Attributes:
        model: Compiled and built; each of its ``metrics`` becomes a column of the log.
        dataset: Number of the first epoch, from 0, to batches without end.
        steps_per_epoch: Batches in an epoch.
        evaluate: Gives a sheet of samples, uint8, and further columns of the log.
        networks: Whose weights become the run's results, in the same order.
        shown: Column to its name in the line that is printed after an epoch.
        begin_epoch: Called with an epoch's number, from 0, for example to seed its noise.
        sheets: The sheets' suffix, and so their format.
        limits: Column to a value. A training whose means over an epoch all lie above theirs has
            diverged, even if all of its numbers are finite.
    """

    model: keras.Model
    dataset: Callable[[int], tf.data.Dataset]
    steps_per_epoch: int
    evaluate: Callable[[], tuple[np.ndarray, Mapping[str, float]]]
    networks: Sequence[keras.Model]
    shown: Mapping[str, str]
    begin_epoch: Callable[[int], None] = lambda epoch: None
    sheets: str = ".jpg"
    limits: Mapping[str, float] = field(default_factory=dict)


def train_run(
    output: StrPath,
    settings: Profile,
    build: Callable[[], Pieces],
    *,
    seed: int,
    sources: Mapping[str, Any] | None = None,
    results: Sequence[str] = (GENERATOR, DISCRIMINATOR),
    tensorboard: bool = False,
) -> Path:
    """Train in a folder; called again with the same arguments, resume.

    The folder gets ``config.json``, ``environment.json`` (versions and hardware), ``log.csv`` (a
    row an epoch), ``samples/`` (a sheet at each evaluation: after the first epoch, the last, and
    every ``settings.evaluate_every``), ``checkpoint.weights.h5`` (after each epoch),
    ``previous.weights.h5`` (the checkpoint before) and at the end the results; if asked,
    ``tensorboard/`` too.

    Where more than one GPU is visible, ``build`` is called in the scope of a strategy that shares
    each batch out to them.

    Args:
        output: The run's folder; made if it is absent.
        settings: Sizes and settings.
        build: Makes the pieces; called only if there is something to train.
        seed: Seed of the run, 0 to 4294967295.
        sources: What else the run depends on, fit for JSON.
        results: Names of the files of weights that are written at the end.
        tensorboard: Whether to write log and samples for TensorBoard as well. No part of what a
            resumed run has to repeat: the events of all epochs are written anew from the log.

    Returns:
        The folder.

    Raises:
        UserError: If the seed is none, the GPUs can't share a batch evenly, the folder can't be
            used or written, another process is training in it, it holds a run of another
            configuration, its checkpoints can't be read, the training diverges, or the session
            lacks what it needs.
    """
    if not 0 <= seed < 2**32:
        raise UserError(f"The seed must be 0 or more, and below {2**32}, not {seed}.")
    check_shares(settings.batch_size)
    folder = Path(output)
    check_drive(folder)
    with _claimed(folder), enough_memory():
        _record_config(folder, asdict(settings) | {"seed": seed} | dict(sources or {}))
        if all((folder / name).exists() for name in results):
            print(f"The run in {folder} is finished and stays; another --output trains anew.")
            return folder
        say_what_is_missing(settings.name, folder)
        (folder / SAMPLES).mkdir(exist_ok=True)
        with device_strategy().scope():
            pieces = build()
        kept = [path.stat().st_size for path in folder.glob("*.weights.h5")]
        check_room(3 * _size(pieces.model) - sum(kept), folder)  # the newest, that before, the next
        first_epoch = _resume(pieces.model, folder)
        if first_epoch < settings.epochs:
            callbacks = [Recorder(folder, settings, pieces, first_epoch)]
            if tensorboard:
                callbacks.append(Summaries(folder, callbacks[0].rows))
            pieces.model.fit(
                pieces.dataset(first_epoch),
                initial_epoch=first_epoch,
                epochs=settings.epochs,
                steps_per_epoch=pieces.steps_per_epoch,
                shuffle=False,  # the dataset does it
                verbose=0,
                callbacks=callbacks,
            )
        for name, network in zip(results, pieces.networks, strict=True):
            save_weights(network, folder / name)
    return folder


def device_strategy() -> tf.distribute.Strategy:
    """Shares batches out where there are several GPUs; with one device, TensorFlow's default."""
    if len(tf.config.list_logical_devices("GPU")) > 1:
        return tf.distribute.MirroredStrategy()
    return tf.distribute.get_strategy()


def check_shares(batch_size: int) -> None:
    """Refuse a batch that the GPUs can't share evenly.

    Args:
        batch_size: Pictures in it.

    Raises:
        UserError: If it is no multiple of their number.
    """
    replicas = device_strategy().num_replicas_in_sync
    if batch_size % replicas:
        raise UserError(
            f"A batch of {batch_size} can't be shared evenly by {replicas} GPUs: show fewer with "
            "CUDA_VISIBLE_DEVICES, or use a profile with another batch size."
        )


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


def _record_config(folder: Path, config: Mapping[str, Any]) -> None:
    path = folder / CONFIG
    if not path.exists():
        # The lock is hidden, and what systems leave in a folder that was looked at.
        names = [entry.name for entry in folder.iterdir()]
        others = [name for name in names if name != ENVIRONMENT and not name.startswith(".")]
        if others:
            raise UserError(
                f"The folder {folder} holds other files and no run ({others[0]} ...); "
                "give an empty --output."
            )
        _write_json(folder / ENVIRONMENT, describe_environment())
        _write_json(path, config)
        return
    wanted = json.loads(json.dumps(config))
    try:
        recorded = json.loads(path.read_text("utf-8"))
        differing = [key for key in wanted if recorded.get(key) != wanted[key]]
    except (ValueError, AttributeError):
        raise UserError(
            f"{path} can't be read; delete the folder or give another --output."
        ) from None
    if differing:
        key = differing[0]  # the profile's name comes first
        label = "profile" if key == "name" else key
        held = f"{label} {recorded.get(key)}, not {wanted[key]}"
        if isinstance(wanted[key], list | dict):
            held = f"other {label}"
        raise UserError(
            f"The folder {folder} holds a run with {held}; "
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
        "replicas": device_strategy().num_replicas_in_sync,
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


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
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

    Args:
        model: Whose weights.
        path: Where to, a name that ends in ``.weights.h5``.

    Raises:
        UserError: If the file can't be written.
    """
    with _whole_file(path) as part:
        _write_weights(model, part)


def save_checkpoint(model: keras.Model, folder: Path, epochs: int) -> None:
    """Save a model that ``epochs`` epochs lie behind, and keep the checkpoint before.

    Args:
        model: With its optimizers.
        folder: The run's.
        epochs: Written into the file, to resume after.

    Raises:
        UserError: If the file can't be written; the checkpoints are as they were.
    """
    newest = folder / CHECKPOINT
    with _whole_file(newest) as part:
        _write_weights(model, part)
        with h5py.File(part, "r+") as file:
            file.attrs[_EPOCHS] = epochs
        if newest.exists():
            os.replace(newest, folder / PREVIOUS)


def _write_weights(model: keras.Model, path: Path) -> None:
    # h5py meets a full disk with a flood of errors of its own, so ask for the room beforehand.
    path.write_bytes(bytes(_size(model)))
    model.save_weights(path, overwrite=True)


def _size(model: keras.Model) -> int:
    """Bytes of a checkpoint, at most."""
    return sum(v.numpy().nbytes for v in _variables(model)) + 100_000


def _variables(model: keras.Model) -> list[keras.Variable]:
    optimizers = [getattr(model, name, None) for name in ("d_optimizer", "g_optimizer")]
    return model.variables + [
        v for optimizer in optimizers if optimizer for v in optimizer.variables
    ]


def load_weights(model: keras.Model, path: Path) -> None:
    """Load weights that belong to a model.

    Args:
        model: Of the same sizes as the one that was saved.
        path: The file.

    Raises:
        UserError: If the file is damaged or belongs to another network.
    """
    try:
        check_weights(path, sum(int(np.prod(v.shape)) for v in _variables(model)))
        model.load_weights(path)
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise _unusable(path) from error


def _unusable(path: Path) -> UserError:
    return UserError(f"{path} is damaged or belongs to another profile; delete it to start again.")


def _load_checkpoint(model: keras.Model, path: Path) -> int:
    """Load a checkpoint; the number of epochs that it has behind it."""
    load_weights(model, path)
    with h5py.File(path) as file:
        epochs = file.attrs.get(_EPOCHS)
    if not isinstance(epochs, np.integer):
        raise _unusable(path)
    return int(epochs)


def _resume(model: keras.Model, folder: Path) -> int:
    """Load the newest checkpoint that can be read, if any; the number of epochs behind it."""
    newest, previous = folder / CHECKPOINT, folder / PREVIOUS
    damaged = None
    for path in filter(Path.exists, (newest, previous)):
        try:
            epochs = _load_checkpoint(model, path)
        except UserError as error:
            if damaged is None:
                damaged = error
                continue
            raise UserError(
                f"{newest} is damaged or belongs to another profile, and so is {PREVIOUS}; "
                "delete both to start again."
            ) from error
        if path == previous:
            # The next checkpoint moves the newest one to where this one lies.
            os.replace(previous, newest)
            state = "is damaged" if damaged else "is missing"
            print(
                f"{newest} {state}: the run goes on from the checkpoint before, after epoch "
                f"{epochs}."
            )
        return epochs
    if damaged:
        raise damaged
    return 0


class Recorder(keras.callbacks.Callback):
    """Writes log and checkpoints, prints times and losses, and stops a training that diverges.

    Args:
        folder: The run's.
        settings: Its sizes and settings.
        pieces: What it trains.
        first_epoch: Number of the first epoch, from 0; of what the log has, so many rows are kept.

    Raises:
        UserError: From an epoch, if a loss or a weight is not finite, the losses are above the
            pieces' limits, or a file can't be written.
    """

    def __init__(self, folder: Path, settings: Profile, pieces: Pieces, first_epoch: int) -> None:
        super().__init__()
        self.folder, self.settings, self.pieces = folder, settings, pieces
        self.first_epoch = first_epoch
        rows = _read_rows(folder / LOG)
        self.rows = rows[:first_epoch]
        if len(rows) > first_epoch:
            self._write_log()
        self.seconds = float(self.rows[-1]["seconds"]) if self.rows else 0.0
        self.earlier_seconds = self.seconds

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Begin an epoch's noise and its clock.

        Args:
            epoch: Its number, from 0.
            logs: What Keras reports.
        """
        self.epoch = epoch
        self.pieces.begin_epoch(epoch)
        self.started = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Stop if a loss is not finite; predict the run's time after the first few steps.

        Args:
            batch: Its number, from 0.
            logs: What Keras reports.

        Raises:
            UserError: If so.
        """
        # The means of an epoch so far: one bad step shows in all that follow.
        for name, value in (logs or {}).items():
            if not np.isfinite(float(value)):
                raise self._divergence(f"{name} is {float(value)}", batch + 1)
        if self.epoch == self.first_epoch:
            # The first step is compiled, which takes longer than it will ever take again.
            if batch == 0:
                self.compiled = time.perf_counter()
            elif batch == min(_MEASURED_STEPS, self.pieces.steps_per_epoch - 1):
                self._predict((time.perf_counter() - self.compiled) / batch)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write log, samples and checkpoint.

        Args:
            epoch: Its number, from 0.
            logs: What Keras reports.

        Raises:
            UserError: If a weight is not finite, or a file can't be written.
        """
        self.seconds += time.perf_counter() - self.started
        done, settings, steps = epoch + 1, self.settings, self.pieces.steps_per_epoch
        if not all(np.isfinite(v.numpy()).all() for v in _variables(self.model)):
            raise self._divergence("weights are not finite", steps)
        row: dict[str, Any] = {"epoch": done, "step": done * steps}
        row |= {"seconds": round(self.seconds, 1)}
        values = {metric.name: (logs or {})[metric.name] for metric in self.model.metrics}
        limits = self.pieces.limits
        if limits and all(float(values[name]) > limit for name, limit in limits.items()):
            means = [f"{name} is {float(values[name]):.2f}" for name in limits]
            raise self._divergence(" and ".join(means), steps)
        if done % settings.evaluate_every == 0 or done in (1, settings.epochs):
            sheet, measures = self.pieces.evaluate()
            save_image(sheet, self.folder / SAMPLES / f"epoch-{done:03d}{self.pieces.sheets}")
            values |= measures
        row |= {name: f"{float(value):.5f}" for name, value in values.items()}
        self.rows.append(row)
        # The checkpoint comes last: after a crash between the two, resuming cuts the log to it.
        self._write_log()
        save_checkpoint(self.model, self.folder, done)
        print(self._progress(done, row), flush=True)

    def _divergence(self, what: str, step: int) -> UserError:
        checkpoint = self.folder / CHECKPOINT
        last = (
            f"the last good checkpoint, after epoch {self.epoch}, is {checkpoint}"
            if checkpoint.exists()
            else "there is no good checkpoint yet"
        )
        return UserError(
            f"The training diverged in epoch {self.epoch + 1}, step {step} ({what}): lower the "
            "profile's learning rate (lr) or the weights of its losses and train in another "
            f"--output; {last}."
        )

    def _predict(self, step_seconds: float) -> None:
        steps = (self.settings.epochs - self.first_epoch) * self.pieces.steps_per_epoch
        print(
            f"about {Forecast(steps, step_seconds).minutes:.1f} min on this machine: {steps} steps "
            f"of {step_seconds:.3g} s, evaluations not counted",
            flush=True,
        )

    def _write_log(self) -> None:
        text = io.StringIO()
        # Only rows of epochs that were evaluated have all columns.
        columns = max(self.rows, key=len, default=TIME_COLUMNS)
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        _write_text(self.folder / LOG, text.getvalue())

    def _progress(self, done: int, row: dict[str, Any]) -> str:
        speed = (self.seconds - self.earlier_seconds) / (done - self.first_epoch)
        left = speed * (self.settings.epochs - done) / 60
        shown = self.pieces.shown
        values = [f"{label} {row[name]}" for name, label in shown.items() if name in row]
        return ", ".join(
            [f"epoch {done}/{self.settings.epochs}", f"about {left:.1f} min left", *values]
        )


class Summaries(keras.callbacks.Callback):
    """Writes a run's log and samples as TensorBoard's events; ``Recorder`` comes first.

    The log is the record and the events follow from it: a run that resumes writes those of all
    epochs anew, so that they have no hole and no epoch twice. TensorBoard need not be installed.

    Args:
        folder: The run's.
        rows: Of the log, one an epoch, which ``Recorder`` adds to.
    """

    def __init__(self, folder: Path, rows: Sequence[Mapping[str, Any]]) -> None:
        super().__init__()
        self.folder, self.rows = folder, rows

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Write what the log has so far.

        Args:
            logs: What Keras reports.
        """
        shutil.rmtree(self.folder / TENSORBOARD, ignore_errors=True)
        self.writer = tf.summary.create_file_writer(str(self.folder / TENSORBOARD))
        for row in self.rows:
            self._write(row)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the newest row.

        Args:
            epoch: Its number, from 0.
            logs: What Keras reports.
        """
        self._write(self.rows[-1])

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Close the file.

        Args:
            logs: What Keras reports.
        """
        self.writer.close()

    def _write(self, row: Mapping[str, Any]) -> None:
        step = int(row["step"])
        with self.writer.as_default(step):
            for name, value in row.items():
                if name not in TIME_COLUMNS and value:
                    _summary(name, "scalars", tf.constant(float(value)))
            for path in (self.folder / SAMPLES).glob(f"epoch-{int(row['epoch']):03d}.*"):
                height, width = load_image(path).shape[:2]
                picture = [str(width), str(height), path.read_bytes()]
                _summary("samples", "images", tf.constant(picture))
        self.writer.flush()


def _summary(name: str, plugin: str, value: Any) -> None:
    # tf.summary.scalar and image do just this, and need the package tensorboard for it.
    metadata = tf.compat.v1.SummaryMetadata()
    metadata.plugin_data.plugin_name = plugin
    tf.summary.write(name, value, metadata=metadata)


def _read_rows(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

"""Finished runs into the package: what the tools that record one have in common."""

import shutil
from collections.abc import Callable, Collection
from pathlib import Path

import h5py
import numpy as np

from abstractgan.errors import UserError
from abstractgan.training.runs import CHECKPOINT, PREVIOUS, SAMPLES, TENSORBOARD


def copy_run(
    run: Path,
    target: Path,
    networks: Collection[str],
    left_out: Collection[str] = (),
    shown: Callable[[int, int], bool] = lambda epoch, last: True,
) -> None:
    """Copy a run without its checkpoints, in place of what was recorded before.

    Args:
        run: The run's folder.
        target: Where it goes.
        networks: Files that a finished run has.
        left_out: Files that are not copied.
        shown: An epoch's number and the last one's to whether that epoch's sample is kept.

    Raises:
        UserError: If the run is not finished.
    """
    if not all((run / name).exists() for name in networks):
        raise UserError(f"The run in {run} is not finished: start its command again first.")
    shutil.rmtree(target, ignore_errors=True)
    ignored = shutil.ignore_patterns(CHECKPOINT, PREVIOUS, TENSORBOARD, ".*", *left_out)
    shutil.copytree(run, target, ignore=ignored)
    epochs = {int(path.stem.removeprefix("epoch-")): path for path in (target / SAMPLES).iterdir()}
    for epoch, path in epochs.items():
        if not shown(epoch, max(epochs)):
            path.unlink()


def halve(source: Path, target: Path) -> None:
    """Copy a file of weights, float32 as float16, and keep once what it holds twice.

    Keras reads them as float32 again. It saves the kernel of a layer in ``SpectralNormalization``
    with both of them.
    """
    kept: dict[bytes, str] = {}
    with h5py.File(source) as full, h5py.File(target, "w") as half:

        def copy(name: str, entry: h5py.Group | h5py.Dataset) -> None:
            if isinstance(entry, h5py.Group):
                half.require_group(name).attrs.update(entry.attrs)
                return
            values = entry[()]
            same = kept.setdefault(values.tobytes(), name)
            if same != name and half[same].shape == values.shape:
                half[name] = half[same]
                return
            half[name] = values.astype("float16") if values.dtype == np.float32 else values
            half[name].attrs.update(entry.attrs)

        full.visititems(copy)

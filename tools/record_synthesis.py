"""Put a finished run of ``abstractgan train synthesis`` into the package, for the book to show.

Run by hand after the training: ``python tools/record_synthesis.py FOLDER``. The two networks'
weights are rounded to float16, half the size; Keras reads them as float32 again.
"""

import shutil
import sys
from pathlib import Path

import h5py
import numpy as np

from abstractgan.errors import UserError
from abstractgan.training.recorded import RUNS
from abstractgan.training.runs import CHECKPOINT, PREVIOUS, SAMPLES
from abstractgan.training.synthesis import DISCRIMINATOR, GENERATOR

WEIGHTS = (GENERATOR, DISCRIMINATOR)
KEPT_EPOCHS = (1, 4, 12, 44)


def record(run: Path, assets: Path = RUNS.parent) -> None:
    """Copy a run without its checkpoints, with a few of its samples.

    Raises:
        UserError: If the run is not finished.
    """
    if not all((run / name).exists() for name in WEIGHTS):
        raise UserError(f"The run in {run} is not finished: start its command again first.")
    kept = assets / "runs" / "synthesis"
    shutil.rmtree(kept, ignore_errors=True)
    ignored = shutil.ignore_patterns(CHECKPOINT, PREVIOUS, ".lock", *WEIGHTS)
    shutil.copytree(run, kept, ignore=ignored)
    for sheet in (kept / SAMPLES).iterdir():
        if int(sheet.stem.removeprefix("epoch-")) not in KEPT_EPOCHS:
            sheet.unlink()
    for name in WEIGHTS:
        round_weights(run / name, assets / f"synthesis_{name}")


def round_weights(source: Path, target: Path) -> None:
    """Copy a file of weights, float32 as float16."""
    with h5py.File(source) as full, h5py.File(target, "w") as half:

        def copy(name: str, entry: h5py.Group | h5py.Dataset) -> None:
            if isinstance(entry, h5py.Dataset):
                values = entry[()]
                rounded = values.astype("float16") if values.dtype == np.float32 else values
                kept = half.create_dataset(name, data=rounded)
            else:
                kept = half.require_group(name)
            kept.attrs.update(entry.attrs)

        full.visititems(copy)


if __name__ == "__main__":
    try:
        record(Path(sys.argv[1]))
    except UserError as error:
        sys.exit(str(error))

"""Put a finished run of restoration or enhancement into the package, for the book and the commands.

Run by hand after the training: ``python tools/record_pictures.py FOLDER NAME``, where NAME is the
folder under ``assets/runs``, such as ``restoration``.
"""

import shutil
import sys
from pathlib import Path

from abstractgan.errors import UserError
from abstractgan.training.pictures import DISCRIMINATOR, GENERATOR
from abstractgan.training.recorded import RUNS
from abstractgan.training.runs import CHECKPOINT, PREVIOUS, SAMPLES


def record(run: Path, name: str, runs: Path = RUNS) -> None:
    """Copy a run with its generator, without checkpoints and judge; of the samples first and last.

    Raises:
        UserError: If the run is not finished.
    """
    if not (run / GENERATOR).exists():
        raise UserError(f"The run in {run} is not finished: start its command again first.")
    kept = runs / name
    shutil.rmtree(kept, ignore_errors=True)
    ignored = shutil.ignore_patterns(CHECKPOINT, PREVIOUS, ".lock", DISCRIMINATOR)
    shutil.copytree(run, kept, ignore=ignored)
    _, *between, _ = sorted((kept / SAMPLES).iterdir())
    for sheet in between:
        sheet.unlink()


if __name__ == "__main__":
    try:
        record(Path(sys.argv[1]), sys.argv[2])
    except UserError as error:
        sys.exit(str(error))

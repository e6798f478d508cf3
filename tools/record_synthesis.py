"""Put a finished run of ``abstractgan train synthesis`` into the package, for the book to show.

Run by hand after the training: ``python tools/record_synthesis.py FOLDER``. The two networks'
weights are rounded to float16, half the size; Keras reads them as float32 again.
"""

import sys
from pathlib import Path

from abstractgan.errors import UserError
from abstractgan.training.recorded import RUNS
from abstractgan.training.runs import DISCRIMINATOR, GENERATOR
from recording import copy_run, halve

WEIGHTS = (GENERATOR, DISCRIMINATOR)
KEPT_EPOCHS = (1, 4, 12, 44)


def record(run: Path, assets: Path = RUNS.parent) -> None:
    """Copy a run without its checkpoints, with a few of its samples.

    Raises:
        UserError: If the run is not finished.
    """
    copy_run(
        run,
        assets / "runs" / "synthesis",
        networks=WEIGHTS,
        left_out=WEIGHTS,
        shown=lambda epoch, last: epoch in KEPT_EPOCHS,
    )
    for name in WEIGHTS:
        halve(run / name, assets / f"synthesis_{name}")


if __name__ == "__main__":
    try:
        record(Path(sys.argv[1]))
    except UserError as error:
        sys.exit(str(error))

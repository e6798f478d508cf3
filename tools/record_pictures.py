"""Put a finished run of restoration or enhancement into the package, for the book and the commands.

Run by hand after the training: ``python tools/record_pictures.py FOLDER NAME``, where NAME is the
folder under ``assets/runs``, such as ``restoration`` or ``super_resolution/gan``.
"""

import sys
from pathlib import Path

from abstractgan.errors import UserError
from abstractgan.training.recorded import RUNS
from abstractgan.training.runs import DISCRIMINATOR, GENERATOR
from recording import copy_run


def record(run: Path, name: str, runs: Path = RUNS) -> None:
    """Copy a run with its generator, without checkpoints and judge; of the samples the last.

    Raises:
        UserError: If the run is not finished.
    """
    copy_run(
        run,
        runs / name,
        networks=[GENERATOR],
        left_out=[DISCRIMINATOR],
        shown=lambda epoch, last: epoch == last,
    )


if __name__ == "__main__":
    try:
        record(Path(sys.argv[1]), sys.argv[2])
    except UserError as error:
        sys.exit(str(error))

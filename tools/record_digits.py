"""Train the digit GAN with profile ``cpu`` and put the run into the package, for the book to show.

Run by hand on a quiet machine: ``python tools/record_digits.py``.
"""

import tempfile
from pathlib import Path

from abstractgan.training.digits import train_digits
from abstractgan.training.recorded import DIGIT_RUN
from abstractgan.training.runs import DISCRIMINATOR, GENERATOR
from recording import copy_run


def main() -> None:
    """Replace the recorded run by a new one, once that is finished."""
    with tempfile.TemporaryDirectory() as folder:
        run = train_digits("cpu", Path(folder) / "digits")
        copy_run(run, DIGIT_RUN, networks=[GENERATOR, DISCRIMINATOR])


if __name__ == "__main__":
    main()

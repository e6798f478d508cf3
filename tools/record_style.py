"""Put a finished run of ``abstractgan train style`` into the package, for the book to show.

Run by hand after the training: ``python tools/record_style.py FOLDER``. Settings, log and samples
go to where the chapters read them, the two networks to where ``Stylizer`` does.
"""

import shutil
import sys
from pathlib import Path

from abstractgan.errors import UserError
from abstractgan.training.runs import CHECKPOINT, PREVIOUS, SAMPLES
from abstractgan.training.style import DECODER, DISCRIMINATOR

ASSETS = Path(__file__).parent.parent / "src" / "abstractgan" / "assets"
WEIGHTS = {DECODER: "style_decoder.weights.h5", DISCRIMINATOR: "style_discriminator.weights.h5"}


def record(run: Path, assets: Path = ASSETS) -> None:
    """Copy a run without its checkpoints, with the samples of its first, last and each 20th epoch.

    Raises:
        UserError: If the run is not finished.
    """
    if not all((run / name).exists() for name in WEIGHTS):
        raise UserError(f"The run in {run} is not finished: start its command again first.")
    kept = assets / "runs" / "style"
    shutil.rmtree(kept, ignore_errors=True)
    ignored = shutil.ignore_patterns(CHECKPOINT, PREVIOUS, ".lock", *WEIGHTS)
    shutil.copytree(run, kept, ignore=ignored)
    _, *between, _ = sorted((kept / SAMPLES).iterdir())
    for sheet in between:
        if int(sheet.stem.removeprefix("epoch-")) % 20:
            sheet.unlink()
    for name, asset in WEIGHTS.items():
        shutil.copy(run / name, assets / asset)


if __name__ == "__main__":
    try:
        record(Path(sys.argv[1]))
    except UserError as error:
        sys.exit(str(error))

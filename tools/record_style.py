"""Put a finished run of ``abstractgan train style`` into the package, for the book to show.

Run by hand after the training: ``python tools/record_style.py FOLDER``. Settings, log and samples
go to where the chapters read them. With ``--ship`` the two networks go to where ``Stylizer`` reads
them, the discriminator in float16: it is for looking at, and half as large.
"""

import json
import shutil
import sys
from pathlib import Path

from abstractgan.errors import UserError
from abstractgan.training.runs import CONFIG, DISCRIMINATOR
from abstractgan.training.style import DECODER
from recording import copy_run, halve

ASSETS = Path(__file__).parent.parent / "src" / "abstractgan" / "assets"
WEIGHTS = {DECODER: "style_decoder.weights.h5", DISCRIMINATOR: "style_discriminator.weights.h5"}


def record(run: Path, ship: bool, assets: Path = ASSETS) -> None:
    """Copy a run without its checkpoints, with the samples of its first, last and each 20th epoch.

    Raises:
        UserError: If the run is not finished.
    """
    profile = json.loads((run / CONFIG).read_text("utf-8"))["name"]
    copy_run(
        run,
        assets / "runs" / f"style_{profile}",
        networks=WEIGHTS,
        left_out=WEIGHTS,
        shown=lambda epoch, last: epoch in (1, last) or epoch % 20 == 0,
    )
    if ship:
        shutil.copy(run / DECODER, assets / WEIGHTS[DECODER])
        halve(run / DISCRIMINATOR, assets / WEIGHTS[DISCRIMINATOR])


if __name__ == "__main__":
    try:
        record(Path(sys.argv[1]), "--ship" in sys.argv[2:])
    except UserError as error:
        sys.exit(str(error))

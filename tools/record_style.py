"""Put a finished run of ``abstractgan train style`` into the package, for the book to show.

Run by hand after the training: ``python tools/record_style.py FOLDER``. Settings, log and samples
go to where the chapters read them. With ``--ship`` the two networks go to where ``Stylizer`` reads
them, the discriminator in float16: it is for looking at, and half as large.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from abstractgan.errors import UserError
from abstractgan.training.runs import CHECKPOINT, CONFIG, PREVIOUS, SAMPLES
from abstractgan.training.style import DECODER, DISCRIMINATOR

ASSETS = Path(__file__).parent.parent / "src" / "abstractgan" / "assets"
WEIGHTS = {DECODER: "style_decoder.weights.h5", DISCRIMINATOR: "style_discriminator.weights.h5"}


def record(run: Path, ship: bool, assets: Path = ASSETS) -> None:
    """Copy a run without its checkpoints, with the samples of its first, last and each 20th epoch.

    Raises:
        UserError: If the run is not finished.
    """
    if not all((run / name).exists() for name in WEIGHTS):
        raise UserError(f"The run in {run} is not finished: start its command again first.")
    profile = json.loads((run / CONFIG).read_text("utf-8"))["name"]
    kept = assets / "runs" / f"style_{profile}"
    shutil.rmtree(kept, ignore_errors=True)
    ignored = shutil.ignore_patterns(CHECKPOINT, PREVIOUS, ".lock", *WEIGHTS)
    shutil.copytree(run, kept, ignore=ignored)
    _, *between, _ = sorted((kept / SAMPLES).iterdir())
    for sheet in between:
        if int(sheet.stem.removeprefix("epoch-")) % 20:
            sheet.unlink()
    if ship:
        shutil.copy(run / DECODER, assets / WEIGHTS[DECODER])
        halve(run / DISCRIMINATOR, assets / WEIGHTS[DISCRIMINATOR])


def halve(source: Path, target: Path) -> None:
    """Copy a file of weights in float16, and keep once what it holds twice.

    Keras saves the kernel of a layer in ``SpectralNormalization`` with both of them.
    """
    kept: dict[bytes, str] = {}
    with h5py.File(source) as old, h5py.File(target, "w") as new:

        def copy(path: str, item: Any) -> None:
            if isinstance(item, h5py.Group):
                group = new.require_group(path)
                group.attrs.update(item.attrs)
                return
            values = np.asarray(item)
            same = kept.setdefault(values.tobytes(), path)
            new[path] = values.astype("float16") if same == path else new[same]

        old.visititems(copy)


if __name__ == "__main__":
    try:
        record(Path(sys.argv[1]), "--ship" in sys.argv[2:])
    except UserError as error:
        sys.exit(str(error))

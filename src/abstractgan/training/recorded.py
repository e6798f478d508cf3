"""The run that the book shows, as the package carries it.

Taught in the chapter ``notebooks/digit_gan``.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from abstractgan.data.images import load_image
from abstractgan.networks import digit_generator
from abstractgan.training.digits import GENERATOR
from abstractgan.training.runs import CONFIG, ENVIRONMENT, LOG, SAMPLES, load_weights

DIGIT_RUN = Path(__file__).parent.parent / "assets" / "runs" / "digits"
STYLE_RUN = DIGIT_RUN.with_name("style")


@dataclass(frozen=True)
class RecordedRun:
    """A finished run of ``abstractgan train digits``.

    Attributes:
        config: The profile's settings, the seed and the source of the digits.
        environment: Versions and hardware.
        log: Column name to values, one an epoch; NaN where an epoch was not evaluated.
        samples: Epoch to grid of digits, uint8 (height, width, 3); the latent vectors are the same.
        folder: Where the files lie.
    """

    config: dict[str, Any]
    environment: dict[str, Any]
    log: dict[str, np.ndarray]
    samples: dict[int, np.ndarray]
    folder: Path

    def generator(self) -> keras.Model:
        """The averaged generator at the end of the run."""
        model = digit_generator(self.config["latent_dim"], self.config["generator_width"])
        load_weights(model, self.folder / GENERATOR)
        return model


def read_run(folder: Path) -> RecordedRun:
    """Read the folder of a finished digit run, as ``abstractgan train digits`` left it."""
    table = np.genfromtxt(folder / LOG, delimiter=",", names=True)
    paths = sorted((folder / SAMPLES).glob("epoch-*.*"))
    return RecordedRun(
        config=json.loads((folder / CONFIG).read_text("utf-8")),
        environment=json.loads((folder / ENVIRONMENT).read_text("utf-8")),
        log={name: table[name] for name in table.dtype.names},
        samples={int(path.stem.removeprefix("epoch-")): load_image(path) for path in paths},
        folder=folder,
    )


def digit_run() -> RecordedRun:
    """The digit run that the book shows, recorded by ``tools/record_digits.py``."""
    return read_run(DIGIT_RUN)


def style_run() -> RecordedRun:
    """The run of the style GAN's cpu profile that the book shows."""
    return read_run(STYLE_RUN)

"""The runs that the book shows, as the package carries them.

Taught in the chapters ``notebooks/digit_gan``, ``notebooks/full_training``,
``notebooks/synthesis`` and ``notebooks/enhancement``.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from abstractgan import ASSETS
from abstractgan.data.images import list_images, load_image
from abstractgan.networks import digit_discriminator, digit_generator
from abstractgan.training.enhancement import GAN, PIXEL
from abstractgan.training.runs import (
    CONFIG,
    DISCRIMINATOR,
    ENVIRONMENT,
    GENERATOR,
    LOG,
    SAMPLES,
    load_weights,
)

RUNS = ASSETS / "runs"
"""The folder of the runs that the package carries."""
DIGIT_RUN, SYNTHESIS_RUN = RUNS / "digits", RUNS / "synthesis"
"""Two of them: the digit GAN's, and the one that invents paintings."""
RESTORATION_RUN = RUNS / "restoration"
"""The restorer's."""
RESTORATION_PIXEL_RUN = RUNS / "restoration-pixel"
"""The same restorer, trained for its pixels alone."""


@dataclass(frozen=True)
class RecordedRun:
    """A finished run of ``abstractgan train``.

    Attributes:
        config: The profile's settings, the seed and what was trained on.
        environment: Versions and hardware.
        log: Column name to values, one an epoch; NaN where an epoch was not evaluated.
        samples: Epoch to what the averaged network made of the same inputs, uint8 (height, width,
            3): a grid of digits, a sheet of photographs in styles that were not trained on, or a
            sheet of invented paintings with a row for each movement.
        folder: Where the files lie.
    """

    config: dict[str, Any]
    environment: dict[str, Any]
    log: dict[str, np.ndarray]
    samples: dict[int, np.ndarray]
    folder: Path

    def generator(self) -> keras.Model:
        """The averaged generator at the end of a run of digits."""
        model = digit_generator(self.config["latent_dim"], self.config["generator_width"])
        load_weights(model, self.folder / GENERATOR)
        return model

    def discriminator(self) -> keras.Model:
        """The discriminator at the end of a run of digits: from digits to logits."""
        model = digit_discriminator(self.config["discriminator_width"], self.config["dropout"])
        load_weights(model, self.folder / DISCRIMINATOR)
        return model


def read_run(folder: Path) -> RecordedRun:
    """Read the folder of a finished run, as ``abstractgan train`` left it.

    Args:
        folder: The run's.

    Raises:
        UserError: If it has no samples, or one can't be read.
    """
    table = np.genfromtxt(folder / LOG, delimiter=",", names=True)
    assert table.dtype.names is not None
    return RecordedRun(
        config=json.loads((folder / CONFIG).read_text("utf-8")),
        environment=json.loads((folder / ENVIRONMENT).read_text("utf-8")),
        log={name: np.atleast_1d(table[name]) for name in table.dtype.names},
        samples={
            int(path.stem.removeprefix("epoch-")): load_image(path)
            for path in list_images(folder / SAMPLES)
        },
        folder=folder,
    )


def digit_run() -> RecordedRun:
    """The digit run that the book shows, recorded by ``tools/record_digits.py``."""
    return read_run(DIGIT_RUN)


def style_run(profile: str) -> RecordedRun:
    """A run of the style GAN that the book shows, recorded by ``tools/record_style.py``.

    Args:
        profile: ``"cpu"``, on two cores, or ``"gpu"``, whose decoder ``Stylizer`` uses.
    """
    return read_run(RUNS / f"style_{profile}")


def synthesis_run() -> RecordedRun:
    """The run of synthesis that the book shows: the cpu profile, on two cores."""
    return read_run(SYNTHESIS_RUN)


def enhancement_run(task: str) -> tuple[RecordedRun, RecordedRun]:
    """The two stages of the run that the book shows: for the pixels alone, then as a GAN.

    Args:
        task: A name in ``training.enhancement.ENHANCEMENTS``.
    """
    return read_run(RUNS / task / PIXEL), read_run(RUNS / task / GAN)

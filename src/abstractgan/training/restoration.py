"""Training the restoration of damaged pictures: ``abstractgan train restoration``.

Taught in the chapter ``notebooks/restoration``.
"""

from pathlib import Path

import numpy as np

from abstractgan.data.damage import damage_at_random, masked
from abstractgan.data.images import StrPath
from abstractgan.networks import restorer
from abstractgan.training.pictures import Task, train_pictures
from abstractgan.training.profiles import PictureProfile, restoration_profile


def damaged(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What the restorer is given of a sound picture: see ``data.damage.damage_at_random``.

    Args:
        picture: uint8 (height, width, 3).
        rng: Where the damage is drawn from.

    Returns:
        float32 (height, width, 4), see ``data.damage.masked``.

    Raises:
        UserError: If the picture is none.
    """
    return masked(*damage_at_random(picture, rng))


RESTORATION = Task(restorer, damaged)
"""What ``training.pictures`` trains: damaged photographs to sound ones."""


def train_restoration(
    profile: str | PictureProfile,
    output: StrPath,
    photographs: StrPath | None = None,
    seed: int = 0,
    tensorboard: bool = False,
) -> Path:
    """Train a restorer in a folder; called again with the same arguments, resume.

    Args:
        profile: A name in ``training.profiles.RESTORATION_PROFILES``, or a profile of one's own.
        output: The run's folder, see ``training.pictures.train_pictures``.
        photographs: A folder of photographs, in addition to the embedded ones.
        seed: Seed of the weights and of all that is drawn at random.
        tensorboard: Whether to write for TensorBoard, see ``training.runs.train_run``.

    Returns:
        The folder.

    Raises:
        UserError: If there is no such profile, or for a reason of ``train_pictures``.
    """
    settings = restoration_profile(profile)
    return train_pictures(RESTORATION, settings, output, photographs, seed, tensorboard)

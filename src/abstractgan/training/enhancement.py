"""Training the networks that enlarge and denoise pictures: ``abstractgan train enhancement``.

Taught in the chapter ``notebooks/enhancement``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np

from abstractgan.data.degrade import add_noise, shrink
from abstractgan.data.images import StrPath, to_float
from abstractgan.errors import check_choice
from abstractgan.networks import enhancer
from abstractgan.training.pictures import Task, train_pictures
from abstractgan.training.profiles import EnhancementProfile, enhancement_profile
from abstractgan.training.runs import GENERATOR, load_weights

PIXEL, GAN = "pixel", "gan"
"""The folders of a run's two stages, and the names of the networks that come out of them."""

SIGMA = 25
"""Standard deviation of the noise that ``denoising`` takes away, of 255."""


@dataclass(frozen=True)
class Enhancement:
    """What a network is to make better.

    Attributes:
        name: The key in ``ENHANCEMENTS``.
        degrade: A good picture, uint8 (height, width, 3), to the worse one, uint8.
        scale: How many times larger the result is, each way.
    """

    name: str
    degrade: Callable[[np.ndarray, np.random.Generator], np.ndarray]
    scale: int

    def network(self, width: int) -> keras.Model:
        """The untrained network of so many channels.

        Args:
            width: How many.
        """
        return enhancer(width, scale=self.scale)

    def task(self, start: Path | None = None) -> Task:
        """What ``training.pictures`` trains.

        Args:
            start: Weights to begin with; by default the network begins at random.
        """

        def network(width: int) -> keras.Model:
            model = self.network(width)
            if start:
                load_weights(model, start)
            return model

        return Task(network, lambda picture, rng: to_float(self.degrade(picture, rng)))


ENHANCEMENTS = {
    enhancement.name: enhancement
    for enhancement in (
        Enhancement("super_resolution", lambda picture, _: shrink(picture, 4), 4),
        Enhancement("denoising", lambda picture, rng: add_noise(picture, SIGMA, rng), 1),
    )
}
"""Super-resolution and denoising, by their names."""


def enhancement(name: str) -> Enhancement:
    """The enhancement called ``name``.

    Args:
        name: A key of ``ENHANCEMENTS``.

    Raises:
        UserError: If there is no such enhancement.
    """
    check_choice(name, ENHANCEMENTS, "task")
    return ENHANCEMENTS[name]


def train_enhancement(
    task: str,
    profile: str | EnhancementProfile,
    output: StrPath,
    photographs: StrPath | None = None,
    seed: int = 0,
    tensorboard: bool = False,
) -> Path:
    """Train a network on pixels, then a copy of it as a GAN; called again, resume.

    Ledig et al. 2017, section 3.2: a GAN that begins with the weights that the pixel loss gave
    keeps out of bad local minima. So one run gives both networks, and their weights are close
    enough to be mixed (Wang et al. 2018, section 3.4).

    The folder gets a run of ``training.pictures.train_pictures`` for each stage: ``pixel/`` and
    ``gan/``.

    Args:
        task: A name in ``ENHANCEMENTS``.
        profile: A name in the task's ``training.profiles.ENHANCEMENT_PROFILES``, or a profile of
            one's own.
        output: The run's folder; made if it is absent.
        photographs: A folder of photographs, in addition to the embedded ones.
        seed: Seed of the weights and of all that is drawn at random.
        tensorboard: Whether to write for TensorBoard, see ``training.runs.train_run``.

    Returns:
        The folder.

    Raises:
        UserError: If there is no such task or profile, or for a reason of ``train_pictures``.
    """
    wanted = enhancement(task)
    stages = enhancement_profile(task, profile)
    folder = Path(output)
    start = None
    for stage, sizes in ((PIXEL, stages.pixel), (GAN, stages.gan)):
        named = replace(sizes, name=f"{wanted.name}-{sizes.name}")
        rest = (photographs, seed, tensorboard)
        start = train_pictures(wanted.task(start), named, folder / stage, *rest) / GENERATOR
    return folder

"""Training a ``PictureGAN`` in a folder, whatever it is to mend.

Taught in the chapter ``notebooks/restoration``.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from abstractgan.data.images import (
    StrPath,
    centre_square,
    file_identity,
    list_images,
    to_float,
    to_uint8,
)
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import HELD_OUT, PHOTOGRAPHS, photograph
from abstractgan.data.pipeline import Spoil, picture_dataset
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.networks import picture_discriminator
from abstractgan.networks.trained import load_trained
from abstractgan.training.adversarial import computing
from abstractgan.training.picture_gan import EYE_LAYERS, PictureGAN
from abstractgan.training.profiles import PictureProfile
from abstractgan.training.runs import CONFIG, DISCRIMINATOR, GENERATOR, Pieces, train_run

SIDE = 256
"""Side in pixels of the held-out pictures, and of the paintings that are drawn."""

_HELD_OUT_SEED = 1_000
_WIDEST = 512  # far above any profile: a file that says more would only fill the memory
_SHOWN = {
    "pixel": "pixel",
    "perceptual": "perceptual",
    "discriminator_loss": "discriminator",
    "held_out_pixel": "held-out pixel",
    "held_out_perceptual": "perceptual",
}


@dataclass(frozen=True)
class Task:
    """What a ``PictureGAN`` is to mend.

    Attributes:
        network: A width to the generator.
        spoil: A sound picture to what the generator is given.
    """

    network: Callable[[int], keras.Model]
    spoil: Spoil


def train_pictures(
    task: Task,
    profile: PictureProfile,
    output: StrPath,
    photographs: StrPath | None = None,
    seed: int = 0,
    tensorboard: bool = False,
) -> Path:
    """Train in a folder; called again with the same arguments, resume.

    The embedded photographs but ``data.photographs.HELD_OUT``, and drawn paintings, are always
    trained on; a folder adds to them.

    The folder is that of ``training.runs.train_run``; its ``config.json`` has the name and the
    SHA-256 of each file trained on, ``samples/`` gets a sheet of the held-out photographs, given,
    mended and wanted, at each evaluation, and at the end there are ``generator.weights.h5`` (the
    averaged generator) and, with an adversarial loss, ``discriminator.weights.h5``.

    Args:
        task: What is to be mended.
        profile: Sizes and settings.
        output: The run's folder; made if it is absent.
        photographs: A folder of photographs.
        seed: Seed of the weights and of all that is drawn at random.
        tensorboard: Whether to write for TensorBoard, see ``train_run``.

    Returns:
        The folder.

    Raises:
        UserError: If the folder has no pictures, or for a reason of ``train_run``.
    """
    files = list_images(photographs) if photographs else []
    judged = profile.weights.adversarial > 0

    def build() -> Pieces:
        gan = build_picture_gan(task, profile, seed)
        held_out = HeldOutPictures(task.spoil)

        def evaluate() -> tuple[np.ndarray, dict[str, float]]:
            results = held_out.results(gan)
            return held_out.sheet(results), held_out.measure(gan, results)

        return Pieces(
            model=gan,
            dataset=lambda first: picture_dataset(
                [*map(photograph, training_photographs()), *files, *_drawn(profile.drawn)],
                task.spoil,
                profile.size,
                profile.batch_size,
                profile.steps_per_epoch,
                seed=seed,
                short_side=profile.short_side,
                first_epoch=first,
            ),
            steps_per_epoch=profile.steps_per_epoch,
            evaluate=evaluate,
            networks=[gan.average, gan.discriminator] if judged else [gan.average],
            shown=_SHOWN,
        )

    return train_run(
        output,
        profile,
        build,
        seed=seed,
        sources={
            "held_out": list(HELD_OUT),
            "photographs": [file_identity(file) for file in files],
        },
        results=(GENERATOR, DISCRIMINATOR) if judged else (GENERATOR,),
        tensorboard=tensorboard,
    )


def training_photographs() -> list[str]:
    """Names of the embedded photographs that are trained on."""
    return [name for name in PHOTOGRAPHS if name not in HELD_OUT]


def _drawn(count: int) -> list[np.ndarray]:
    return [paint(name, seed, SIDE) for name in MOVEMENTS for seed in range(count)]


def build_picture_gan(task: Task, profile: PictureProfile, seed: int = 0) -> PictureGAN:
    """The compiled, built GAN of a task; the same seed gives the same initial weights.

    Args:
        task: What it learns.
        profile: Its sizes.
        seed: Of the weights and of all that is drawn at random.
    """
    with computing(profile.mixed_precision):
        keras.utils.set_random_seed(seed)
        gan = PictureGAN(
            task.network(profile.width),
            picture_discriminator(profile.discriminator_width),
            vgg16(EYE_LAYERS, mirrored=True),
            weights=profile.weights,
            ramp=profile.ramp,
            ema=profile.ema,
        )
        steps = profile.epochs * profile.steps_per_epoch
        gan.compile(profile.lr, steps, jit_compile=profile.jit_compile)
        gan.build()
    return gan


def trained_generator(task: Task, folder: Path, advice: str) -> keras.Model:
    """The averaged generator at the end of a run.

    Args:
        task: What was trained.
        folder: The run's.
        advice: What to do if it is unusable.

    Raises:
        UserError: If it is unfinished, damaged or of another network.
    """
    try:
        width = json.loads((folder / CONFIG).read_text("utf-8"))["width"]
        if type(width) is not int or not 1 <= width <= _WIDEST:
            raise ValueError(f"a width of {width}")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UserError(f"The folder {folder} holds no run: {advice}.") from error
    return load_trained(task.network(width), folder / GENERATOR, "generator", advice)


class HeldOutPictures:
    """The photographs that are never trained on, each spoilt once and for all.

    Args:
        spoil: A sound picture to what the generator is given.
    """

    def __init__(self, spoil: Spoil) -> None:
        sound = [centre_square(photograph(name), SIDE) for name in HELD_OUT]
        generators = [np.random.default_rng([_HELD_OUT_SEED, i]) for i in range(len(sound))]
        self.wanted = to_float(np.stack(sound))
        self.given = np.stack([spoil(*each) for each in zip(sound, generators, strict=True)])

    def results(self, gan: PictureGAN) -> np.ndarray:
        """What the averaged generator makes of them, (n, side, side, 3) in [-1, 1].

        Args:
            gan: What is measured.
        """
        return np.concatenate([np.asarray(gan(each[None])) for each in self.given])

    def measure(self, gan: PictureGAN, results: np.ndarray) -> dict[str, float]:
        """``PictureGAN.distances``, the means over the photographs, as columns of a log.

        Args:
            gan: What is measured.
            results: Of the method of that name.
        """
        distances = gan.distances(results, self.wanted)
        return {f"held_out_{name}": float(value) for name, value in distances.items()}

    def sheet(self, results: np.ndarray) -> np.ndarray:
        """A row for each photograph: given, mended, wanted; uint8.

        Args:
            results: Of the method of that name.
        """
        larger = SIDE // self.given.shape[1]
        given = self.given[..., :3].repeat(larger, axis=1).repeat(larger, axis=2)
        columns = [to_uint8(each) for each in (given, results, self.wanted)]
        return np.concatenate(np.concatenate(columns, axis=2))

"""Training the digit GAN in a folder: ``abstractgan train digits``.

Taught in the chapter ``notebooks/digit_gan``.
"""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from abstractgan.data.digits import load_digits
from abstractgan.data.images import StrPath, to_uint8
from abstractgan.data.pipeline import digit_dataset
from abstractgan.metrics import digit_report
from abstractgan.networks import digit_discriminator, digit_generator
from abstractgan.training.gan import GAN
from abstractgan.training.profiles import DigitProfile, digit_profile
from abstractgan.training.runs import Pieces, train_run

_SHOWN = {"discriminator_loss": "discriminator", "generator_loss": "generator", "kid": "KID"}
_ROWS, _COLUMNS = 8, 10


def build_digit_gan(profile: DigitProfile, seed: int = 0) -> GAN:
    """The compiled, built GAN of a profile; the same seed gives the same initial weights.

    Args:
        profile: Its sizes.
        seed: Of the weights and of all that is drawn at random.
    """
    keras.utils.set_random_seed(seed)
    gan = GAN(
        digit_generator(profile.latent_dim, profile.generator_width),
        digit_discriminator(profile.discriminator_width, profile.dropout),
        loss=profile.loss,
        r1=profile.r1,
        ema=profile.ema,
        seed=seed,
    )
    gan.compile(profile.lr, profile.lr, jit_compile=profile.jit_compile)
    gan.build()
    return gan


def train_digits(
    profile: str,
    output: StrPath,
    seed: int = 0,
    source: str | None = None,
    tensorboard: bool = False,
) -> Path:
    """Train a digit GAN in a folder; called again with the same arguments, resume.

    The folder is that of ``training.runs.train_run``; ``samples/`` gets a grid of the same latent
    vectors at each evaluation, and at the end there are ``generator.weights.h5`` (the averaged
    generator) and ``discriminator.weights.h5`` (as it was trained).

    Args:
        profile: A name in ``training.profiles.DIGIT_PROFILES``.
        output: The run's folder; made if it is absent.
        seed: Seed of the weights, the order of the digits and the latent vectors.
        source: ``"embedded"`` or ``"keras"``; by default the profile's.
        tensorboard: Whether to write for TensorBoard, see ``train_run``.

    Returns:
        The folder.

    Raises:
        UserError: If there is no such profile or source, or for a reason of ``train_run``.
    """
    settings = digit_profile(profile)
    settings = replace(settings, source=source or settings.source)
    images, _ = load_digits("train", settings.source)
    images = images[: settings.digits]

    def build() -> Pieces:
        gan = build_digit_gan(settings, seed)
        shape = (settings.evaluation_samples, settings.latent_dim)
        latents = np.random.default_rng(seed).standard_normal(shape).astype("float32")

        def evaluate() -> tuple[np.ndarray, dict[str, float]]:
            drawn = gan.predict(latents, batch_size=500, verbose=0)
            return _grid(to_uint8(drawn[: _ROWS * _COLUMNS])), digit_report(drawn)._asdict()

        return Pieces(
            model=gan,
            dataset=lambda first: digit_dataset(
                images, settings.batch_size, seed=seed, first_epoch=first
            ),
            steps_per_epoch=len(images) // settings.batch_size,
            evaluate=evaluate,
            networks=(gan.ema_generator, gan.discriminator),
            shown=_SHOWN,
            begin_epoch=gan.reseed,
            sheets=".png",
        )

    return train_run(output, settings, build, seed=seed, tensorboard=tensorboard)


def _grid(digits: np.ndarray) -> np.ndarray:
    tiles = digits.reshape(_ROWS, _COLUMNS, 28, 28).swapaxes(1, 2)
    return tiles.reshape(_ROWS * 28, _COLUMNS * 28)

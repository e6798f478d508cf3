"""Training the style GAN in a folder: ``abstractgan train style``.

Taught in the chapters ``notebooks/style_gan`` and ``notebooks/full_training``.
"""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np

from abstractgan.data.images import SMALLEST, StrPath, file_identity, list_images
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.data.pipeline import style_dataset
from abstractgan.features import vgg16
from abstractgan.networks import STYLE_LAYERS, StyleDecoder, style_discriminator
from abstractgan.training.adversarial import computing
from abstractgan.training.cost import multiply_adds, traced_step
from abstractgan.training.profiles import StyleProfile, style_profile
from abstractgan.training.runs import DISCRIMINATOR, Pieces, train_run
from abstractgan.training.session import check_memory
from abstractgan.training.style_gan import StyleTransferGAN
from abstractgan.training.style_pictures import (
    HeldOut,
    painting_squares,
    square_statistics,
    statistics_bytes,
)

DECODER = "decoder.weights.h5"
"""The weights to keep, in the folder of a run."""

# A decoder that has not been trained has about 1.2 and 0.7 (notebooks/style_gan). Far above both,
# the results have neither the painting's style nor anything of the photograph: pixels are bounded,
# so that nothing need become infinite.
_LIMITS = {"gram": 3.0, "structure": 0.95}
_SHOWN = {
    "gram": "gram",
    "structure": "structure",
    "discriminator_loss": "discriminator",
    "held_out_gram": "held-out gram",
    "held_out_structure": "structure",
}


def train_style(
    profile: str | StyleProfile,
    output: StrPath,
    photographs: StrPath | None = None,
    paintings: StrPath | None = None,
    seed: int = 0,
    tensorboard: bool = False,
) -> Path:
    """Train a style GAN in a folder; called again with the same arguments, resume.

    The embedded photographs and drawn paintings are always trained on; folders add to them.

    The folder is that of ``training.runs.train_run``; its ``config.json`` has the name and the
    SHA-256 of each file trained on, ``samples/`` gets a sheet of photographs in styles that are not
    trained on at each evaluation, and at the end there are ``decoder.weights.h5`` (the averaged
    decoder) and ``discriminator.weights.h5``.

    Args:
        profile: A name in ``training.profiles.STYLE_PROFILES``, or a profile of one's own.
        output: The run's folder; made if it is absent.
        photographs: A folder of photographs.
        paintings: A folder of paintings.
        seed: Seed of the weights and of all that is drawn at random.
        tensorboard: Whether to write for TensorBoard, see ``train_run``.

    Returns:
        The folder.

    Raises:
        UserError: If there is no such profile, a folder has no pictures, or for a reason of
            ``train_run``.
    """
    settings = style_profile(profile)
    photograph_files = list_images(photographs) if photographs else []
    painting_files = list_images(paintings) if paintings else []

    def build() -> Pieces:
        squares = painting_squares(painting_files, settings, seed)
        check_memory(statistics_bytes(len(squares)), "The statistics of the paintings")
        gan = build_style_gan(settings, squares, seed)
        held_out = HeldOut(gan.encode)
        return Pieces(
            model=gan,
            dataset=lambda first: style_dataset(
                [*map(photograph, PHOTOGRAPHS), *photograph_files],
                squares,
                settings.size,
                settings.batch_size,
                settings.steps_per_epoch,
                seed=seed,
                first_epoch=first,
            ),
            steps_per_epoch=settings.steps_per_epoch,
            evaluate=lambda: (held_out.sheet(gan.average), held_out.measure(gan.average)),
            networks=(gan.average, gan.discriminator),
            shown=_SHOWN,
            limits=_LIMITS if all(vars(settings.weights)[name] for name in _LIMITS) else {},
        )

    return train_run(
        output,
        settings,
        build,
        seed=seed,
        sources={
            "photographs": [file_identity(file) for file in photograph_files],
            "paintings": [file_identity(file) for file in painting_files],
        },
        results=(DECODER, DISCRIMINATOR),
        tensorboard=tensorboard,
    )


def build_style_gan(profile: StyleProfile, squares: np.ndarray, seed: int = 0) -> StyleTransferGAN:
    """The compiled, built style GAN of a profile; the same seed gives the same initial weights.

    Args:
        profile: Sizes and settings.
        squares: Of paintings, uint8 (n, side, side, 3), as ``painting_squares`` gives them.
        seed: Of the initial weights.
    """
    with computing(profile.mixed_precision):
        keras.utils.set_random_seed(seed)
        encoder = vgg16(STYLE_LAYERS, mirrored=True)
        gan = StyleTransferGAN(
            encoder,
            StyleDecoder(),
            style_discriminator(profile.width, profile.projection),
            square_statistics(encoder, squares),
            weights=profile.weights,
            photograph_negatives=profile.photograph_negatives,
            # Untold of the style, it would be asked to call the same painting real and fake.
            mismatched_negatives=profile.projection,
            ramp=profile.ramp,
            ema=profile.ema,
        )
        steps = profile.epochs * profile.steps_per_epoch
        gan.compile(profile.lr, steps, jit_compile=profile.jit_compile)
        gan.build()
    return gan


def counted_step(profile: StyleProfile) -> int:
    """Multiply-adds of a step, see ``training.cost``: shapes give them, and nothing is computed.

    Taught in the chapter ``notebooks/questions``.

    Args:
        profile: Its sizes.
    """
    blank = np.zeros((1, SMALLEST, SMALLEST, 3), "uint8")
    gan = build_style_gan(replace(profile, mixed_precision=False), blank)
    pictures = keras.KerasTensor((profile.batch_size, profile.size, profile.size, 3))
    squares = keras.KerasTensor((profile.batch_size,), "int32")
    batch = {"photographs": pictures, "paintings": pictures, "squares": squares}
    return multiply_adds(traced_step(gan, batch))

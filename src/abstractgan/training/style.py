"""Training the style GAN in a folder: ``abstractgan train style``.

Taught in the chapters ``notebooks/style_gan`` and ``notebooks/full_training``.
"""

import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image

from abstractgan.data.images import (
    SMALLEST,
    centre_square,
    list_images,
    load_image,
    save_image,
    to_float,
    to_uint8,
)
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.data.pipeline import at_short_side, style_dataset
from abstractgan.features import Statistics, style_statistics, vgg16
from abstractgan.networks import STYLE_LAYERS, StyleDecoder, style_discriminator
from abstractgan.training.cost import step_multiply_adds
from abstractgan.training.profiles import StyleProfile, style_profile
from abstractgan.training.runs import (
    SAMPLES,
    Pieces,
    Plan,
    check_seed,
    check_shares,
    file_identity,
    train_run,
)
from abstractgan.training.style_gan import StyleTransferGAN
from abstractgan.training.style_objectives import LOSS_COLUMNS, Encoder, perceptual_losses

DECODER, DISCRIMINATOR = "decoder.weights.h5", "discriminator.weights.h5"

SQUARE = 256
"""Side in pixels of the squares that stand for a painting."""

MOST_SQUARES = 3_000
"""Of a folder's paintings, in all: the statistics of so many squares take 4 GB."""

HELD_OUT_SEED = 1_000
"""Drawn paintings of this seed are never trained on."""

_COLUMNS = (*LOSS_COLUMNS, "held_out_gram", "held_out_structure")
_SHOWN = {
    "gram": "gram",
    "structure": "structure",
    "discriminator_loss": "discriminator",
    "held_out_gram": "held-out gram",
    "held_out_structure": "structure",
}
_LARGEST_ZOOM = 1.6
_POWER_SPREAD = 0.3  # of the power's logarithm
_SHEET_PHOTOGRAPHS = ("astronaut", "chelsea", "china")
_SHEET_MOVEMENTS = ("orphism", "neoplasticism", "rayonism", "bauhaus")


def train_style(
    profile: str | StyleProfile,
    output: str | os.PathLike[str],
    photographs: str | os.PathLike[str] | None = None,
    paintings: str | os.PathLike[str] | None = None,
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
        UserError: If the profile or the seed is unusable, a folder has no pictures, the GPUs can't
            share a batch evenly, or for a reason of ``train_run``.
    """
    settings = style_profile(profile) if isinstance(profile, str) else profile
    check_seed(seed)
    check_shares(settings.batch_size)
    photograph_files = list_images(photographs) if photographs else []
    painting_files = list_images(paintings) if paintings else []
    config = asdict(settings) | {
        "seed": seed,
        "photographs": [file_identity(file) for file in photograph_files],
        "paintings": [file_identity(file) for file in painting_files],
    }
    plan = Plan(
        epochs=settings.epochs,
        steps_per_epoch=settings.steps_per_epoch,
        evaluate_every=settings.evaluate_every,
        columns=_COLUMNS,
        shown=_SHOWN,
        results=(DECODER, DISCRIMINATOR),
    )

    def build(folder: Path) -> Pieces:
        squares = painting_squares(painting_files, settings, seed)
        gan = build_style_gan(settings, squares, seed)
        held_out = HeldOut(gan.encode)

        def evaluate(done: int) -> dict[str, float]:
            save_image(held_out.sheet(gan.average), folder / SAMPLES / f"epoch-{done:03d}.jpg")
            return held_out.measure(gan.average)

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
            evaluate=evaluate,
            networks=(gan.average, gan.discriminator),
        )

    return train_run(output, config, plan, build, tensorboard)


def painting_squares(files: Sequence[Path], profile: StyleProfile, seed: int) -> np.ndarray:
    """The squares that stand for paintings: all that the decoder learns of style.

    A painting of a folder gives several, at random zooms and places, turned and mirrored, and half
    of them in other colours: a few paintings have to stand for all. A drawn one gives itself.

    Returns:
        uint8 (n, 256, 256, 3).
    """
    rng = np.random.default_rng(seed)
    pictures, each = map(load_image, files), squares_of_each(len(files), profile)
    cut = [_square(picture, rng) for picture in pictures for _ in range(each)]
    drawn = [paint(name, at, SQUARE) for name in MOVEMENTS for at in range(profile.drawn)]
    return np.stack(cut + drawn)


def squares_of_each(paintings: int, profile: StyleProfile) -> int:
    """How many squares are cut from each of so many paintings of a folder, at least one.

    As many as the profile says, or fewer: together no more than ``MOST_SQUARES``.
    """
    return max(1, min(profile.squares, MOST_SQUARES // max(1, paintings)))


def _square(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    picture = at_short_side(picture, rng.uniform(1, _LARGEST_ZOOM) * SQUARE)
    height, width = picture.shape[:2]
    left, top = rng.integers(width - SQUARE + 1), rng.integers(height - SQUARE + 1)
    square = np.rot90(picture[top : top + SQUARE, left : left + SQUARE], int(rng.integers(4)))
    if rng.random() < 0.5:
        square = square[:, ::-1]
    return _recoloured(square, rng) if rng.random() < 0.5 else square


def _recoloured(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Red, green and blue change places, and each is made lighter or darker by a power."""
    powers = np.exp(rng.normal(0, _POWER_SPREAD, 3))
    return to_uint8(2 * (picture[..., rng.permutation(3)] / 255) ** powers - 1)


def square_statistics(encode: Encoder, squares: np.ndarray, batch: int = 8) -> Statistics:
    """``features.style_statistics`` of squares, uint8 (n, side, side, 3), a few at a time."""
    parts = [
        style_statistics(encode(to_float(squares[start : start + batch])))
        for start in range(0, len(squares), batch)
    ]
    return [
        tuple(keras.ops.concatenate([part[layer][moment] for part in parts]) for moment in (0, 1))
        for layer in range(len(STYLE_LAYERS))
    ]


def build_style_gan(profile: StyleProfile, squares: np.ndarray, seed: int = 0) -> StyleTransferGAN:
    """The compiled, built style GAN of a profile; the same seed gives the same initial weights.

    Args:
        profile: Sizes and settings.
        squares: Of paintings, uint8 (n, side, side, 3), as ``painting_squares`` gives them.
        seed: Of the initial weights.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16" if profile.mixed_precision else "float32")
    try:
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
    finally:
        keras.config.set_dtype_policy(before)
    return gan


def counted_step(profile: StyleProfile) -> int:
    """Multiply-adds of a step, see ``training.cost``: shapes give them, and nothing is computed.

    Taught in the chapter ``notebooks/questions``.
    """
    blank = np.zeros((1, SMALLEST, SMALLEST, 3), "uint8")
    gan = build_style_gan(replace(profile, mixed_precision=False), blank)
    pictures = keras.KerasTensor((profile.batch_size, profile.size, profile.size, 3))
    squares = keras.KerasTensor((profile.batch_size,), "int32")
    batch = {"photographs": pictures, "paintings": pictures, "squares": squares}
    return step_multiply_adds(gan, batch)


class HeldOut:
    """Eight photographs, each with a drawn painting that is never trained on: how far is the run?

    Args:
        encode: VGG16 at ``networks.STYLE_LAYERS``.
    """

    def __init__(self, encode: Encoder) -> None:
        self._encode = encode
        self._pairs = list(zip(PHOTOGRAPHS, MOVEMENTS, strict=False))
        self._photographs = {name: centre_square(photograph(name), SQUARE) for name in PHOTOGRAPHS}
        self._paintings = {name: paint(name, HELD_OUT_SEED, SQUARE) for _, name in self._pairs}
        self._statistics = {
            name: style_statistics(encode(to_float(painting[None])))
            for name, painting in self._paintings.items()
        }

    def measure(self, decoder: StyleDecoder) -> dict[str, float]:
        """Mean ``gram`` distance over the layers and ``structure`` loss at relu4_1, 256 pixels."""
        measured = []
        for name, movement in self._pairs:
            maps, statistics = self._look(name), self._statistics[movement]
            losses = perceptual_losses(self._encode(decoder(maps, statistics)), maps, statistics)
            measured.append((float(losses["gram"]), float(losses["structure"])))
        return dict(
            zip(("held_out_gram", "held_out_structure"), np.mean(measured, axis=0), strict=True)
        )

    def sheet(self, decoder: StyleDecoder) -> np.ndarray:
        """Paintings above, photographs at the left, and each of these in each style, uint8."""
        blank = np.full((SQUARE, SQUARE, 3), 255, "uint8")
        rows = [[blank] + [self._paintings[movement] for movement in _SHEET_MOVEMENTS]]
        for name in _SHEET_PHOTOGRAPHS:
            maps = self._look(name)
            results = [decoder(maps, self._statistics[movement]) for movement in _SHEET_MOVEMENTS]
            rows.append([self._photographs[name]] + [to_uint8(result)[0] for result in results])
        sheet = np.concatenate([np.concatenate(row, axis=1) for row in rows])
        return np.asarray(Image.fromarray(sheet).reduce(2))

    def _look(self, name: str) -> Sequence[Any]:
        return self._encode(to_float(self._photographs[name][None]))

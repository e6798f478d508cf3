"""Training the generator of paintings in a folder: ``abstractgan train synthesis``.

Taught in the chapter ``notebooks/synthesis``.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np

from abstractgan.data.images import StrPath, to_float, to_uint8
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.pipeline import labelled_dataset
from abstractgan.features import vgg16
from abstractgan.metrics import kid, style_retrieval, style_vectors
from abstractgan.networks import STYLE_LAYERS, synthesis_discriminator, synthesis_generator
from abstractgan.training.cost import Forecast
from abstractgan.training.gan import GAN
from abstractgan.training.profiles import SynthesisProfile, synthesis_profile
from abstractgan.training.runs import Pieces, train_run

HELD_OUT_SEED = 1_000_000
"""Drawn paintings of this seed and those after it are never trained on."""

_SHOWN = {
    "discriminator_loss": "discriminator",
    "generator_loss": "generator",
    "kid": "KID",
    "movement_accuracy": "movement",
}
_SHEET_COLUMNS = 8
_PICTURES_AT_ONCE = 32


def build_synthesis_gan(profile: SynthesisProfile, seed: int = 0) -> GAN:
    """The compiled, built GAN of a profile; the same seed gives the same initial weights.

    Args:
        profile: Its sizes.
        seed: Of the weights and of all that is drawn at random.
    """
    keras.utils.set_random_seed(seed)
    gan = GAN(
        synthesis_generator(
            len(MOVEMENTS), profile.size, profile.latent_dim, profile.generator_width
        ),
        synthesis_discriminator(len(MOVEMENTS), profile.size, profile.discriminator_width),
        loss=profile.loss,
        r1=profile.r1,
        ema=profile.ema,
        seed=seed,
    )
    gan.compile(profile.lr, profile.lr, jit_compile=profile.jit_compile)
    gan.build()
    return gan


def train_synthesis(
    profile: str | SynthesisProfile,
    output: StrPath,
    seed: int = 0,
    tensorboard: bool = False,
) -> Path:
    """Train a generator of paintings in a folder; called again with the same arguments, resume.

    The folder is that of ``training.runs.train_run``; ``samples/`` gets a sheet of the same latent
    vectors at each evaluation, a row for each movement, and at the end there are
    ``generator.weights.h5`` (the averaged generator) and ``discriminator.weights.h5``.

    Args:
        profile: A name in ``training.profiles.SYNTHESIS_PROFILES``, or a profile of one's own.
        output: The run's folder; made if it is absent.
        seed: Seed of the weights, the order of the paintings and the latent vectors.
        tensorboard: Whether to write for TensorBoard, see ``train_run``.

    Returns:
        The folder.

    Raises:
        UserError: If there is no such profile, or for a reason of ``train_run``.
    """
    settings = synthesis_profile(profile)

    def build() -> Pieces:
        images, labels = drawn_paintings(range(settings.drawn), settings.size)
        gan = build_synthesis_gan(settings, seed)
        held_out = HeldOut(settings, seed)

        def evaluate() -> tuple[np.ndarray, dict[str, float]]:
            invented = held_out.invent(gan.ema_generator)
            return held_out.sheet(invented), held_out.measure(invented, gan.discriminator)

        return Pieces(
            model=gan,
            dataset=lambda first: labelled_dataset(
                images,
                labels,
                len(MOVEMENTS),
                settings.batch_size,
                seed=seed,
                first_epoch=first,
            ),
            steps_per_epoch=len(images) // settings.batch_size,
            evaluate=evaluate,
            networks=(gan.ema_generator, gan.discriminator),
            shown=_SHOWN,
            begin_epoch=gan.reseed,
        )

    return train_run(output, settings, build, seed=seed, tensorboard=tensorboard)


def drawn_paintings(seeds: Sequence[int], size: int) -> tuple[np.ndarray, np.ndarray]:
    """A painting of every movement for each seed; prints how long that will take.

    Args:
        seeds: Of the painters.
        size: Width and height in pixels.

    Returns:
        Paintings, uint8 (n, size, size, 3), and the number of each one's movement, int64 (n,).
    """
    paintings = []
    started = time.perf_counter()
    for seed in seeds:
        paintings += [paint(movement, seed, size) for movement in MOVEMENTS]
        if seed == seeds[0]:
            forecast = Forecast(len(seeds), time.perf_counter() - started)
            count = len(seeds) * len(MOVEMENTS)
            print(f"drawing {count} paintings, about {forecast.minutes:.1f} min", flush=True)
    return np.stack(paintings), np.tile(np.arange(len(MOVEMENTS)), len(seeds))


class HeldOut:
    """Drawn paintings that are never trained on, to compare invented ones with.

    Args:
        profile: Sizes, and how many of each movement.
        seed: Of the latent vectors, which stay the same from one evaluation to the next.
    """

    def __init__(self, profile: SynthesisProfile, seed: int = 0) -> None:
        each = profile.evaluation_samples
        self._paintings, self._numbers = drawn_paintings(
            range(HELD_OUT_SEED, HELD_OUT_SEED + each), profile.size
        )
        self._movements = np.eye(len(MOVEMENTS), dtype="float32")[self._numbers]
        shape = (len(self._numbers), profile.latent_dim)
        self._latents = np.random.default_rng(seed).standard_normal(shape).astype("float32")
        self._vgg = vgg16(STYLE_LAYERS)
        self._vectors = self._look(self._paintings)
        self._centroids = self._vectors.reshape(each, len(MOVEMENTS), -1).mean(axis=0)

    def invent(self, generator: keras.Model) -> np.ndarray:
        """As many paintings of each movement as were drawn, uint8 (n, size, size, 3).

        Args:
            generator: Latent vectors and labels to paintings in [-1, 1].
        """
        inputs = [self._latents, self._movements]
        return to_uint8(generator.predict(inputs, batch_size=_PICTURES_AT_ONCE, verbose=0))

    def measure(self, invented: np.ndarray, discriminator: keras.Model) -> dict[str, float]:
        """How near are they to the drawn ones, and how often to those of their own movement?

        Args:
            invented: Of the method ``invent``.
            discriminator: The one of the training.

        Returns:
            ``kid`` on ``metrics.style_vectors``; ``movement_accuracy``, the share whose nearest
            mean of a movement's drawn paintings is that of its own; and ``held_out_score``, the
            discriminator's mean logit of the drawn ones: if it falls below ``real_score``, the
            discriminator knows its training paintings by heart.
        """
        vectors = self._look(invented)
        logits = discriminator.predict(
            [to_float(self._paintings), self._movements], batch_size=_PICTURES_AT_ONCE, verbose=0
        )
        return {
            "kid": kid(vectors, self._vectors),
            "movement_accuracy": style_retrieval(vectors, self._centroids, self._numbers.tolist()),
            "held_out_score": float(logits.mean()),
        }

    def sheet(self, invented: np.ndarray) -> np.ndarray:
        """The first few of each movement in a row of its own, uint8.

        Args:
            invented: Of the method ``invent``.
        """
        size = invented.shape[1]
        rows = invented.reshape(-1, len(MOVEMENTS), size, size, 3)[:_SHEET_COLUMNS]
        return rows.transpose(1, 2, 0, 3, 4).reshape(len(MOVEMENTS) * size, -1, 3)

    def _look(self, pictures: np.ndarray) -> np.ndarray:
        return style_vectors(self._vgg, pictures, _PICTURES_AT_ONCE)

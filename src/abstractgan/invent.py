"""Paintings from noise: latent vectors, walks between them, and a trained generator.

Taught in the chapter ``notebooks/synthesis``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import keras
import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from abstractgan import ASSETS
from abstractgan.data.images import StrPath, to_uint8
from abstractgan.data.paintings import MOVEMENTS
from abstractgan.errors import UserError, check_choice, shares
from abstractgan.networks import synthesis_generator
from abstractgan.networks.trained import given_or_own, load_trained
from abstractgan.training.profiles import synthesis_profile
from abstractgan.training.runs import GENERATOR

_PICTURES_AT_ONCE = 32


def latent_vectors(
    count: int, length: int, seed: int = 0, truncation: float | None = None
) -> np.ndarray:
    """Latent vectors from a standard normal distribution, cut off at a threshold if wanted.

    The truncation trick (Brock et al. 2019, section 3.1): a generator paints best what it was
    shown most in training, and a normal distribution is densest near 0. They draw each number
    again until its size is below the threshold. The inverse of the distribution function gives the
    same distribution in one draw, and as the threshold moves, a seed's vectors move with it.

    Args:
        count: How many.
        length: Of a vector.
        seed: 0 or more.
        truncation: No number is larger than this; at 0 all are 0.

    Returns:
        float32 (count, length).

    Raises:
        UserError: If the seed or the threshold is negative.
    """
    limit = np.inf if truncation is None else truncation
    if seed < 0 or not limit >= 0:
        raise UserError(f"Give a seed and a truncation of 0 or more, not {seed} and {truncation}.")
    if limit == 0:
        return np.zeros((count, length), "float32")
    uniform = np.random.default_rng(seed).random((count, length))
    low = ndtr(-limit)
    return ndtri(low + uniform * (1 - 2 * low)).astype("float32")


def spherical_interpolation(start: npt.ArrayLike, end: npt.ArrayLike, share: float) -> np.ndarray:
    """A point on the way from one latent vector to another, at about their own length.

    ``sin((1-t) w) / sin(w) a + sin(t w) / sin(w) b``, where ``w`` is the angle between them
    (Shoemake 1985; White 2016, section 2.1). Vectors of a normal distribution in ``d`` dimensions
    are about ``sqrt(d)`` long; half-way along the straight line they would be shorter by about
    ``sqrt(2)``, as hardly any that the generator was trained on.

    Args:
        start: Vectors (..., d), none of them 0 or opposite to the end.
        end: As many.
        share: From 0, the start, to 1, the end.
    """
    start, end = np.asarray(start, "float64"), np.asarray(end, "float64")
    lengths = [np.linalg.norm(each, axis=-1, keepdims=True) for each in (start, end)]
    cosine = np.sum(start / lengths[0] * end / lengths[1], axis=-1, keepdims=True)
    angle = np.arccos(np.clip(cosine, -1, 1))
    # sin(t w) / sin(w), written so that it is t where the angle is 0.
    first, second = (
        part * np.sinc(part * angle / np.pi) / np.sinc(angle / np.pi) for part in (1 - share, share)
    )
    return (first * start + second * end).astype("float32")


class Inventor:
    """Invents paintings of a movement, or of a mixture of movements.

    Args:
        generator: A trained ``networks.synthesis_generator``; ``load`` takes the package's own.

    Example:
        >>> inventor = Inventor.load()
        >>> painting = inventor.invent("orphism", seed=3)
    """

    def __init__(self, generator: keras.Model) -> None:
        self.generator = generator
        self.latent_dim = int(generator.inputs[0].shape[-1])

    @classmethod
    def load(cls, weights: StrPath | None = None, profile: str = "cpu") -> Inventor:
        """An inventor with trained weights.

        Args:
            weights: A file ``generator.weights.h5`` of a run of ``abstractgan train synthesis``; by
                default the weights that the package carries.
            profile: The profile of that run.

        Raises:
            UserError: If the file is missing, damaged or belongs to another profile.
        """
        settings = synthesis_profile(profile)
        own, command = ASSETS / "synthesis_generator.weights.h5", f"synthesis --profile {profile}"
        path, advice = given_or_own(weights, own, f"the {GENERATOR}", command)
        generator = synthesis_generator(
            len(MOVEMENTS), settings.size, settings.latent_dim, settings.generator_width
        )
        return cls(load_trained(generator, path, "generator", advice))

    def invent(
        self, movement: str | Mapping[str, float], seed: int = 0, truncation: float | None = None
    ) -> np.ndarray:
        """One painting, uint8 (size, size, 3); the same arguments give the same again.

        Args:
            movement: A key of ``data.paintings.MOVEMENTS``, or several with weights.
            seed: Of the latent vector, 0 or more.
            truncation: See ``latent_vectors``.

        Raises:
            UserError: If one of them is unusable.
        """
        return self.paint(latent_vectors(1, self.latent_dim, seed, truncation), [movement])[0]

    def paint(
        self, latents: npt.ArrayLike, movements: Sequence[str | Mapping[str, float]]
    ) -> np.ndarray:
        """The paintings of latent vectors (n, latent_dim), uint8 (n, size, size, 3).

        Args:
            latents: As ``latent_vectors`` or ``spherical_interpolation`` gives them.
            movements: One for each vector: a key of ``data.paintings.MOVEMENTS``, or several with
                weights, whose embeddings are mixed.

        Raises:
            UserError: If a movement is unknown, or the weights can't be shares of a whole.
        """
        told = np.stack([movement_shares(each) for each in movements])
        return to_uint8(
            self.generator.predict([np.asarray(latents), told], _PICTURES_AT_ONCE, verbose=0)
        )


def movement_shares(movement: str | Mapping[str, float]) -> np.ndarray:
    """What a generator is told: each movement's share, float32 (movements,), 1 in all.

    Args:
        movement: A name in ``MOVEMENTS``, or several with weights.

    Raises:
        UserError: If a movement is unknown, or the weights can't be shares of a whole.
    """
    weights = {movement: 1.0} if isinstance(movement, str) else movement
    for name in weights:
        check_choice(name, MOVEMENTS, "movement")
    return np.array(shares(weights.get(name, 0) for name in MOVEMENTS), "float32")

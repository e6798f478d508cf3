"""Every adversarial loss and its gradient in the logit, in float64, with NumPy alone.

``mathematics.js`` holds the same; a test compares the two, and both with ``abstractgan.losses``,
which trains the course's networks. A game is what two players minimise, as functions of the score
``s`` (a logit or a critic's score) that the discriminator gives one sample.

Taught in the chapter ``notebooks/loss_family``.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
"""Float64 numbers of any shape."""


def softplus(x: ArrayLike) -> Array:
    """``log(1 + exp(x))``, element by element, without overflow.

    Args:
        x: Of any shape.
    """
    return np.logaddexp(0.0, np.asarray(x, np.float64))


def sigmoid(x: ArrayLike) -> Array:
    """``1 / (1 + exp(-x))``, element by element, without overflow.

    Args:
        x: Of any shape.
    """
    return np.exp(-softplus(-np.asarray(x, np.float64)))


@dataclass(frozen=True)
class Term:
    """What one player minimises on one sample.

    Attributes:
        loss: ``s -> L(s)``, element by element, in float64.
        gradient: ``s -> dL/ds``, element by element, in float64.
    """

    loss: Callable[[ArrayLike], Array]
    gradient: Callable[[ArrayLike], Array]


@dataclass(frozen=True)
class Game:
    """What both players minimise: the mean of their terms over a batch.

    Attributes:
        title: The name used in prose and labels.
        real: The discriminator's loss on a real sample.
        fake: The discriminator's loss on a generated sample.
        generator: The generator's loss on a generated sample.
    """

    title: str
    real: Term
    fake: Term
    generator: Term


_CALL_REAL = Term(lambda s: softplus(np.negative(s)), lambda s: -sigmoid(np.negative(s)))
_CALL_FAKE = Term(softplus, sigmoid)
_RAISE = Term(
    lambda s: np.negative(np.asarray(s, np.float64)), lambda s: np.full(np.shape(s), -1.0)
)
_LOWER = Term(lambda s: np.asarray(s, np.float64), lambda s: np.full(np.shape(s), 1.0))


def _half_square(target: float) -> Term:
    return Term(
        lambda s: 0.5 * (np.asarray(s, np.float64) - target) ** 2,
        lambda s: np.asarray(s, np.float64) - target,
    )


def _hinge(sign: float) -> Term:
    return Term(
        lambda s: np.maximum(0.0, 1.0 + sign * np.asarray(s, np.float64)),
        lambda s: np.where(1.0 + sign * np.asarray(s, np.float64) > 0, sign, 0.0),
    )


# Goodfellow et al. 2014, eq. 1 and section 3; Mao et al. 2017, eq. 9; Arjovsky et al. 2017, eq. 2;
# Lim and Ye 2017. In the article's code both players minimise the discriminator's loss.
GAMES: dict[str, Game] = {
    "minimax": Game(
        "Minimax (saturating)",
        _CALL_REAL,
        _CALL_FAKE,
        Term(lambda s: -softplus(s), lambda s: -sigmoid(s)),
    ),
    "non_saturating": Game("Non-saturating", _CALL_REAL, _CALL_FAKE, _CALL_REAL),
    "least_squares": Game("Least squares", _half_square(1), _half_square(0), _half_square(1)),
    "wasserstein": Game("Wasserstein", _RAISE, _LOWER, _RAISE),
    "hinge": Game("Hinge", _hinge(-1), _hinge(1), _RAISE),
    "article": Game("The article's", _CALL_REAL, _CALL_FAKE, _CALL_FAKE),
}
"""The games by their names."""

SMOOTHED = ("minimax", "non_saturating", "article")
"""The games whose discriminator has a cross-entropy, which labels can smooth."""


def smoothed(real: Term, smoothing: float) -> Term:
    """One-sided label smoothing ``a`` of a cross-entropy: the loss of a real sample plus ``a s``.

    ``-(1-a) log sigmoid(s) - a log(1 - sigmoid(s)) = softplus(-s) + a s`` (Salimans et al. 2016,
    section 3.4).

    Args:
        real: The loss of a real sample without it.
        smoothing: The ``a``, 0 for none.
    """
    return Term(
        lambda s: real.loss(s) + smoothing * np.asarray(s, np.float64),
        lambda s: real.gradient(s) + smoothing,
    )

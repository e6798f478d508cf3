"""The generator's loss for one fake, as curves over its score, and the words that read them.

The same mathematics and words stand in ``loss_explorer.js``; a test compares the two, and both with
``abstractgan.losses``. Here NumPy computes, in float64, so that a widget needs no TensorFlow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, isfinite
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

LOW, HIGH = -8.0, 8.0

Array = NDArray[np.float64]


def softplus(x: ArrayLike) -> Array:
    """``log(1 + exp(x))``, element by element, without overflow."""
    return np.logaddexp(0.0, np.asarray(x, np.float64))


def sigmoid(x: ArrayLike) -> Array:
    """``1 / (1 + exp(-x))``, element by element, without overflow."""
    return np.exp(-softplus(-np.asarray(x, np.float64)))


@dataclass(frozen=True)
class Curve:
    """What the generator minimises, as a function of the logit ``s`` of one fake.

    Attributes:
        title: The name used in prose and labels.
        loss: ``s -> L(s)``, element by element, in float64.
        gradient: ``s -> dL/ds``, element by element, in float64.
    """

    title: str
    loss: Callable[[ArrayLike], Array]
    gradient: Callable[[ArrayLike], Array]


# log(1 - sigmoid(s)) and -log sigmoid(s): Goodfellow et al. 2014, equation 1 and section 3.
CURVES = {
    "saturating": Curve(
        "Saturating",
        loss=lambda s: -softplus(s),
        gradient=lambda s: -sigmoid(s),
    ),
    "non_saturating": Curve(
        "Non-saturating",
        loss=lambda s: softplus(np.negative(s)),
        gradient=lambda s: -sigmoid(np.negative(s)),
    ),
}


def checked_score(score: Any) -> float:
    """Return a score rounded to one decimal, the step of the slider.

    Raises:
        ValueError: If it is not a number from -8 to 8.
    """
    number = isinstance(score, Real) and not isinstance(score, bool) and isfinite(score)
    if not number or not LOW <= score <= HIGH:
        raise ValueError(f"a score is a number from {LOW:g} to {HIGH:g}, not {score!r}")
    return round(float(score), 1) + 0.0  # makes 0 of -0


def minus(number: str) -> str:
    """Write a number with the minus sign that screen readers read out."""
    return number.replace("-", "−")


def decimal(value: float) -> str:
    """Write a number with three decimals, or with four where three would say 0 or 1."""
    size = abs(value)
    return minus(f"{value:.{4 if min(size, abs(1 - size)) < 0.0005 else 3}f}")


SHOWN = {"loss": ("loss",), "gradient": ("gradient",), "both": ("loss", "gradient")}


def loss_reading(score: float, show: str = "both") -> str:
    """Say in words what the loss explorer shows at a score: probability, losses, gradients.

    Taught in the chapter ``notebooks/core_concepts``.

    Args:
        score: The logit that the discriminator gives one fake, from -8 to 8; read to one decimal.
        show: "loss", "gradient" or "both".

    Raises:
        ValueError: If the score is not such a number.
        KeyError: If ``show`` is something else.
    """
    score = checked_score(score)
    sentences = [
        f"Score {minus(f'{score:.1f}')}: the discriminator gives the fake a probability of "
        f"{decimal(float(sigmoid(score)))} of being real."
    ]
    for curve in CURVES.values():
        values = [f"{name} {decimal(float(getattr(curve, name)(score)))}" for name in SHOWN[show]]
        sentences.append(f"{curve.title} {', '.join(values)}.")
    return " ".join([*sentences, _comparison(score)])


def _comparison(score: float) -> str:
    if score == 0:
        return "Both pull equally hard."
    stronger = "non-saturating" if score < 0 else "saturating"
    times = exp(abs(score))  # the ratio of the gradients is exp(-s)
    return f"The {stronger} loss pulls {times:.{1 if times < 10 else 0}f} times as hard."

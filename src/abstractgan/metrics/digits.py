"""How good are generated digits? Distance and coverage on a small classifier's features.

Taught in the chapter ``notebooks/digit_gan``.
"""

from functools import cache
from typing import NamedTuple

import keras
import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from abstractgan import ASSETS
from abstractgan.data.digits import load_digits
from abstractgan.data.images import to_float
from abstractgan.errors import UserError
from abstractgan.metrics.distances import Features, kid
from abstractgan.networks import digit_classifier

CLASSIFIER_WEIGHTS = ASSETS / "digit_classifier.weights.h5"
"""The classifier's, which ``tools/train_classifier.py`` has trained."""


class DigitReport(NamedTuple):
    """What ``digit_report`` says of a set of generated digits."""

    kid: float
    """Kernel distance to the test digits; 0 is best."""
    confidence: float
    """Mean of the classifier's largest probability."""
    coverage: float
    """Share of the rarest class; 0.1 is even, 0 a class that is missing."""


@cache
def _trained_classifier() -> keras.Model:
    classifier = digit_classifier()
    classifier.load_weights(CLASSIFIER_WEIGHTS)
    return classifier


def classify_digits(images: npt.ArrayLike) -> tuple[Features, Features]:
    """Features and class probabilities of digits, by the classifier that the package carries.

    It was trained on the 4 000 embedded training digits and never saw a generated one
    (``tools/train_classifier.py``).

    Args:
        images: Digits (n, 28, 28, 1) in [-1, 1].

    Returns:
        Features (n, 64) and probabilities (n, 10), float64.

    Raises:
        UserError: If the images have another shape or there are none.
    """
    images = np.asarray(images, "float32")
    if images.ndim != 4 or images.shape[1:] != (28, 28, 1) or not len(images):
        raise UserError(f"Give digits of shape (n, 28, 28, 1), at least one, not {images.shape}.")
    outputs = _trained_classifier().predict(images, batch_size=500, verbose=0)
    features, logits = (part.astype("float64") for part in outputs)
    return features, softmax(logits, axis=1)


def class_shares(probabilities: npt.ArrayLike) -> Features:
    """Share of samples that each class wins, (classes,): a class with share 0 is missing.

    Args:
        probabilities: Class probabilities (n, classes).
    """
    probabilities = np.asarray(probabilities)
    winners = probabilities.argmax(axis=1)
    shares: Features = np.bincount(winners, minlength=probabilities.shape[1]) / len(winners)
    return shares


@cache
def _reference_features() -> Features:
    images, _ = load_digits("test")
    return classify_digits(to_float(images))[0]


def digit_report(images: npt.ArrayLike) -> DigitReport:
    """KID to the 1 000 embedded test digits, mean confidence and share of the rarest class.

    Args:
        images: Generated digits (n, 28, 28, 1) in [-1, 1]; a thousand or more for a steady KID.

    Raises:
        UserError: If the images have another shape.
    """
    features, probabilities = classify_digits(images)
    return DigitReport(
        kid(features, _reference_features()),
        float(probabilities.max(axis=1).mean()),
        float(class_shares(probabilities).min()),
    )

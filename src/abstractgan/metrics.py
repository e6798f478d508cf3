"""How good are generated digits? Distances and coverage on a small classifier's features.

Taught in the chapter ``notebooks/digit_gan``.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import numpy.typing as npt
from scipy import linalg

from abstractgan.data.digits import load_digits
from abstractgan.data.images import to_float
from abstractgan.errors import UserError
from abstractgan.networks import digit_classifier

CLASSIFIER_WEIGHTS = Path(__file__).parent / "assets" / "digit_classifier.weights.h5"

Features = npt.NDArray[np.float64]


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
    classifier = _trained_classifier()
    outputs = [
        [
            keras.ops.convert_to_numpy(part)
            for part in classifier(images[i : i + 500], training=False)
        ]
        for i in range(0, len(images), 500)
    ]
    features, logits = (
        np.concatenate(parts).astype("float64") for parts in zip(*outputs, strict=True)
    )
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return features, exponentials / exponentials.sum(axis=1, keepdims=True)


def kid(features_a: npt.ArrayLike, features_b: npt.ArrayLike) -> float:
    """Kernel Inception distance (Binkowski et al. 2018, section 4) on any features.

    The unbiased estimate of the squared maximum mean discrepancy under the kernel ``(a.b / d +
    1)^3``: about 0 for two samples of one distribution, and then as often negative as positive.

    Args:
        features_a: Features (m, d), at least two rows.
        features_b: Features (n, d), at least two rows.

    Raises:
        UserError: If the features do not fit together or are too few.
    """
    a, b = _pair(features_a, features_b)
    m, n = len(a), len(b)
    within_a, within_b, across = (_cubic_kernel(u, v) for u, v in ((a, a), (b, b), (a, b)))
    return float(
        (within_a.sum() - np.trace(within_a)) / (m * (m - 1))
        + (within_b.sum() - np.trace(within_b)) / (n * (n - 1))
        - 2 * across.mean()
    )


def _cubic_kernel(u: Features, v: Features) -> Features:
    kernel: Features = (u @ v.T / u.shape[1] + 1) ** 3
    return kernel


def fid(features_a: npt.ArrayLike, features_b: npt.ArrayLike) -> float:
    """Frechet distance between Gaussians fitted to two sets of features.

    ``|mu_a - mu_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2))`` (Heusel et al. 2017, equation 6). Biased
    upwards for few samples: compare at equal counts.

    Args:
        features_a: Features (m, d), at least two rows.
        features_b: Features (n, d), at least two rows.

    Raises:
        UserError: If the features do not fit together or are too few.
    """
    a, b = _pair(features_a, features_b)
    cov_a, cov_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    cov_a, cov_b = np.atleast_2d(cov_a), np.atleast_2d(cov_b)
    # The trace of a square root is the sum of the square roots of the eigenvalues, which are real
    # and >= 0.
    eigenvalues = linalg.eigvals(cov_a @ cov_b).real
    root_trace = np.sqrt(np.clip(eigenvalues, 0, None)).sum()
    distance = np.square(a.mean(axis=0) - b.mean(axis=0)).sum()
    return float(distance + np.trace(cov_a) + np.trace(cov_b) - 2 * root_trace)


def _pair(features_a: npt.ArrayLike, features_b: npt.ArrayLike) -> tuple[Features, Features]:
    a, b = np.asarray(features_a, "float64"), np.asarray(features_b, "float64")
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or min(len(a), len(b)) < 2:
        raise UserError(
            "Give two arrays of features (samples, dimensions) with at least two samples each and "
            f"equal dimensions, not {a.shape} and {b.shape}."
        )
    return a, b


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

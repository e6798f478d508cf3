"""Distances between two sets of pictures, on any network's features.

Taught in the chapters ``notebooks/digit_gan`` and ``notebooks/does_it_work``.
"""

import numpy as np
import numpy.typing as npt

from abstractgan.errors import UserError

Features = npt.NDArray[np.float64]
"""Float64 numbers: a row for each picture."""


def kid(features_a: npt.ArrayLike, features_b: npt.ArrayLike) -> float:
    """Kernel Inception distance (Binkowski et al. 2018, section 4) on any features.

    The unbiased estimate of the squared maximum mean discrepancy under the kernel ``(a.b / d +
    1)^3``: 0 on average for two independent samples of one distribution, so then often negative.

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
    root_a, root_b = _covariance_root(a), _covariance_root(b)
    # With C = R'R, the trace of (C_a C_b)^(1/2) is the sum of the singular values of R_a R_b'.
    root_trace = np.linalg.svd(root_a @ root_b.T, compute_uv=False).sum()
    distance = np.square(a.mean(axis=0) - b.mean(axis=0)).sum()
    return float(distance + np.square(root_a).sum() + np.square(root_b).sum() - 2 * root_trace)


def _covariance_root(features: Features) -> Features:
    """R with R'R the covariance, and no more rows than there are samples or dimensions."""
    centred = (features - features.mean(axis=0)) / np.sqrt(len(features) - 1)
    root: Features = np.asarray(np.linalg.qr(centred, mode="r"))
    return root


def _pair(features_a: npt.ArrayLike, features_b: npt.ArrayLike) -> tuple[Features, Features]:
    a, b = np.asarray(features_a, "float64"), np.asarray(features_b, "float64")
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[1] or min(len(a), len(b)) < 2:
        raise UserError(
            "Give two arrays of features (samples, dimensions) with at least two samples each and "
            f"equal dimensions, not {a.shape} and {b.shape}."
        )
    return a, b

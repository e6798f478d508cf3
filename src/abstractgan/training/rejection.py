"""What a discriminator is good for after the training: choosing samples by their scores.

The functions take logits and return numbers or places. None of them sees a picture, and none can
change one. A logit that is ``calibrate``d stands for ``log(p_data(x) / p_g(x))`` (Goodfellow et al.
2014, proposition 1).

Taught in the chapter ``notebooks/unrealistic``.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from abstractgan.errors import UserError

Floats = npt.NDArray[np.float64]
"""Float64 numbers of any shape."""
Places = npt.NDArray[np.intp]
"""Whole numbers, places in an array."""

# Azadi et al. 2019, equation 8: keeps the logarithm finite at the ceiling.
_EPSILON = 1e-8


class Calibration(NamedTuple):
    """A line from a discriminator's logits to calibrated ones; call it with logits."""

    scale: float
    """Below 1 if the discriminator was too sure; one over the temperature."""
    shift: float
    """Above 0 if it said "fake" too often."""

    def __call__(self, logits: npt.ArrayLike) -> Floats:
        """Calibrated logits, in the same shape."""
        calibrated: Floats = self.scale * np.asarray(logits, "float64") + self.shift
        return calibrated


def calibrate(real: npt.ArrayLike, generated: npt.ArrayLike) -> Calibration:
    """Fit the line by logistic regression (Platt 1999).

    Both kinds weigh the same, however many samples there are of each.

    Args:
        real: Logits (n,) of real samples that the discriminator was not trained on.
        generated: Logits (m,) of generated samples that it was not trained on.

    Raises:
        UserError: If there are no logits, one is not finite, or no real sample lies among the
            generated ones or the other way round: the likeliest line is infinitely steep then.
    """
    real, generated = _vector(real), _vector(generated)
    apart = real.min() >= generated.max() or generated.min() >= real.max()
    if apart and np.ptp([*real, *generated]):
        raise UserError(
            "The logits of real and of generated samples don't overlap, and so can't be "
            "calibrated: give more samples of both, or train the generator for longer."
        )
    logits = np.concatenate([real, generated])[:, None]
    labels = np.repeat([1, 0], [len(real), len(generated)])
    line = LogisticRegression(C=np.inf, class_weight="balanced", tol=1e-8).fit(logits, labels)
    return Calibration(float(line.coef_[0, 0]), float(line.intercept_[0]))


class Reliability(NamedTuple):
    """A reliability diagram, a number for each bin that has samples."""

    predicted: Floats
    """Mean probability of "real" in the bin."""
    observed: Floats
    """Share of real samples in the bin, with both kinds weighing the same."""
    error: float
    """Mean distance of the two over all samples (Guo et al. 2017, equation 3)."""


def reliability(real: npt.ArrayLike, generated: npt.ArrayLike, bins: int = 10) -> Reliability:
    """Does a probability of 0.7 come true seven times in ten?

    Args:
        real: Logits (n,) of real samples.
        generated: Logits (m,) of generated samples.
        bins: Number of bins of equal width between the probabilities 0 and 1.

    Raises:
        UserError: If there are no logits, one is not finite, or there is no bin.
    """
    real, generated = _vector(real), _vector(generated)
    if bins < 1:
        raise UserError(f"Give one bin or more, not {bins}.")
    kinds = [(probability, len(probability)) for probability in (expit(real), expit(generated))]
    probabilities = np.concatenate([probability for probability, _ in kinds])
    shares = np.concatenate([np.full(count, 0.5 / count) for _, count in kinds])
    is_real = np.arange(len(probabilities)) < len(real)
    places = np.minimum((probabilities * bins).astype(int), bins - 1)
    mass, predicted, observed = (
        np.bincount(places, shares * what, bins) for what in (1, probabilities, is_real)
    )
    filled = mass > 0
    return Reliability(
        predicted[filled] / mass[filled],
        observed[filled] / mass[filled],
        float(np.abs(predicted - observed).sum()),
    )


def acceptance(logits: npt.ArrayLike, ceiling: npt.ArrayLike, gamma: float = 0.0) -> Floats:
    """Each sample's chance of being kept (Azadi et al. 2019, equation 8).

    ``sigmoid(F)`` with ``F = d - log(1 - exp(d - epsilon)) - gamma`` and ``d = logits - ceiling``.
    With ``gamma = 0`` it is ``exp(d)``, as in any rejection sampling. A negative ``gamma`` keeps
    more samples and moves their distribution less; a positive one keeps fewer.

    Args:
        logits: Calibrated logits, of any shape.
        ceiling: The largest logit there is; a logit above it counts as the ceiling.
        gamma: As above.
    """
    chances: Floats = expit(_keenness(logits, ceiling) - gamma)
    return chances


def _keenness(logits: npt.ArrayLike, ceiling: npt.ArrayLike) -> Floats:
    below = np.minimum(np.asarray(logits, "float64") - ceiling, 0)
    keenness: Floats = below - np.log(-np.expm1(below - _EPSILON))
    return keenness


def rejection_sample(
    logits: npt.ArrayLike,
    burn_in: npt.ArrayLike,
    percentile: float | None = None,
    seed: int = 0,
) -> Places:
    """Discriminator rejection sampling (Azadi et al. 2019, algorithm 1).

    The ceiling is the largest logit of the burn-in, and rises whenever a sample exceeds it.

    Args:
        logits: Calibrated logits (n,) of generated samples, in the order in which they were drawn.
        burn_in: Calibrated logits (m,) of other generated samples.
        percentile: 0 to 100: ``gamma`` becomes that percentile of ``F`` over the burn-in, so that a
            sample there is kept with one half. By default ``gamma`` is 0.
        seed: Of the draws that decide.

    Returns:
        Places of the samples that are kept, in rising order.

    Raises:
        UserError: If there are no logits, one is not finite, or the percentile is none.
    """
    logits, burn_in = _vector(logits), _vector(burn_in)
    if percentile is not None and not 0 <= percentile <= 100:
        raise UserError(f"Give a percentile from 0 to 100, not {percentile}.")
    ceiling = burn_in.max()
    gamma = 0.0
    if percentile is not None:
        gamma = float(np.percentile(_keenness(burn_in, ceiling), percentile))
    ceilings = np.maximum(np.maximum.accumulate(logits), ceiling)
    chances = acceptance(logits, ceilings, gamma)
    return np.flatnonzero(np.random.default_rng(seed).random(len(logits)) < chances)


def metropolis_hastings(logits: npt.ArrayLike, seed: int = 0) -> Places:
    """Metropolis-Hastings over each row's samples (Turner et al. 2019, algorithm 1).

    A chain stands at the first sample and moves to the next one with the chance
    ``min(1, exp(its logit - the present one))``. It needs no ceiling, and each chain gives one
    sample. Turner et al. start at a real sample; here it is a generated one, which needs chains
    that are long enough to leave it.

    Args:
        logits: Calibrated logits (chains, samples).
        seed: Of the draws that decide.

    Returns:
        For each chain, the place at which it ends.

    Raises:
        UserError: If there are no logits, one is not finite, or they are no table.
    """
    table = _finite(logits, 2, "(chains, samples)")
    thresholds = np.log1p(-np.random.default_rng(seed).random(table.shape))
    chains = np.arange(len(table))
    places = np.zeros(len(table), np.intp)
    for candidate in range(1, table.shape[1]):
        moves = thresholds[:, candidate] < table[:, candidate] - table[chains, places]
        places[moves] = candidate
    return places


def best_scored(logits: npt.ArrayLike, count: int) -> Places:
    """The samples with the highest scores, best first; what is rare but real goes too.

    Args:
        logits: Logits (n,) of generated samples; calibration changes nothing here.
        count: How many are kept.

    Returns:
        Places (count,).

    Raises:
        UserError: If there are no logits, one is not finite, or there are fewer than that.
    """
    logits = _vector(logits)
    if not 1 <= count <= len(logits):
        raise UserError(f"Keep 1 to {len(logits)} of the {len(logits)} samples, not {count}.")
    return np.argsort(-logits, kind="stable")[:count]


def _vector(logits: npt.ArrayLike) -> Floats:
    return _finite(logits, 1, "(samples,)")


def _finite(logits: npt.ArrayLike, dimensions: int, shape: str) -> Floats:
    array = np.asarray(logits, "float64")
    if array.ndim != dimensions or not array.size or not np.isfinite(array).all():
        raise UserError(
            f"Give finite logits of shape {shape}, at least one, not shape {array.shape}"
            f"{'' if np.isfinite(array).all() else ' with some that are not finite'}."
        )
    return array

"""Choosing samples by their scores, where the ratio of the two densities is known."""

import numpy as np
import pytest
from scipy.special import logit
from scipy.stats import chisquare

from abstractgan.errors import UserError
from abstractgan.training.rejection import (
    Calibration,
    acceptance,
    best_scored,
    calibrate,
    metropolis_hastings,
    rejection_sample,
    reliability,
)

# Four kinds of sample, and how often each is generated and is real.
GENERATED = np.array([0.4, 0.3, 0.2, 0.1])
REAL = np.array([0.1, 0.2, 0.3, 0.4])
LOGITS = np.log(REAL / GENERATED)


def draw(shares, count=40_000):
    return np.random.default_rng(0).choice(len(shares), count, p=shares)


def fit(kinds, shares):
    """How well samples follow a distribution: the p-value of a chi-square test."""
    counts = np.bincount(kinds, minlength=len(shares))
    return chisquare(counts, shares * len(kinds)).pvalue


def test_what_rejection_keeps_follows_the_data():
    kinds = draw(GENERATED)
    kept = rejection_sample(LOGITS[kinds], LOGITS, seed=2)
    assert fit(kinds[kept], REAL) > 0.05 > fit(kinds, REAL)
    # One over the largest ratio, 0.4 / 0.1, is kept.
    assert len(kept) / len(kinds) == pytest.approx(0.25, abs=0.01)
    # All that counts are differences of logits, so a shift changes nothing.
    shifted = rejection_sample(LOGITS[kinds] + 3, LOGITS + 3, seed=2)
    np.testing.assert_array_equal(kept, shifted)
    assert fit(kinds[rejection_sample(2 * LOGITS[kinds], 2 * LOGITS, seed=2)], REAL) < 0.001


def test_what_metropolis_hastings_keeps_follows_the_data_once_chains_are_long():
    kinds = draw(GENERATED).reshape(-1, 20)
    chains = np.arange(len(kinds))
    ends = kinds[chains, metropolis_hastings(LOGITS[kinds], seed=2)]
    assert fit(ends, REAL) > 0.05
    short = kinds[chains, metropolis_hastings(LOGITS[kinds[:, :1]], seed=2)]
    np.testing.assert_array_equal(short, kinds[:, 0])


def test_a_chain_always_climbs_and_rarely_falls():
    np.testing.assert_array_equal(metropolis_hastings([[0, 1, 2], [50, 0, 0]]), [2, 0])


def test_calibration_finds_the_scale_and_the_shift():
    generated, real = LOGITS[draw(GENERATED)], LOGITS[draw(REAL, 10_000)]
    line = calibrate(2 * real + 1, 2 * generated + 1)
    np.testing.assert_allclose(line, (0.5, -0.5), atol=0.02)
    np.testing.assert_allclose(line(2 * LOGITS + 1), LOGITS, atol=0.05)
    assert Calibration(2.0, 1.0)([[0, 3]]).tolist() == [[1, 7]]


def test_reliability_by_hand():
    # Two of three real samples are called real with 0.8; both generated ones with 0.8 and 0.2.
    diagram = reliability(logit([0.8, 0.8, 0.2]), logit([0.8, 0.2]), bins=5)
    np.testing.assert_allclose(diagram.predicted, [0.2, 0.8])
    at_02, at_08 = 1 / 6 / (1 / 6 + 1 / 4), 1 / 3 / (1 / 3 + 1 / 4)
    np.testing.assert_allclose(diagram.observed, [at_02, at_08])
    error = 5 / 12 * (at_02 - 0.2) + 7 / 12 * (0.8 - at_08)
    assert diagram.error == pytest.approx(error)
    # The end of the last bin belongs to it.
    assert reliability([100.0], [-100.0]).predicted.tolist() == [pytest.approx(0), 1]


def test_calibrated_logits_are_reliable():
    generated, real = LOGITS[draw(GENERATED)], LOGITS[draw(REAL)]
    assert reliability(real, generated).error < 0.01
    assert reliability(3 * real, 3 * generated).error > 0.1


def test_acceptance_by_hand():
    np.testing.assert_allclose(acceptance(np.log([1, 0.5, 0.25]), 0), [1, 0.5, 0.25], atol=1e-6)
    np.testing.assert_allclose(acceptance([5.0], 0), 1, atol=1e-6)
    # At d = log(1/2), F is 0: gamma alone decides.
    np.testing.assert_allclose(acceptance(np.log([0.5]), 0, np.log(3)), 1 / 4, atol=1e-6)
    np.testing.assert_allclose(acceptance(np.log([0.5]), 0, -np.log(3)), 3 / 4, atol=1e-6)


def test_the_percentile_is_kept_with_one_half_and_the_ceiling_rises():
    burn_in = np.linspace(-4, 0, 101)
    middle = np.full(10_000, burn_in[50])
    assert len(rejection_sample(middle, burn_in, 50)) == pytest.approx(5_000, abs=150)
    # A logit of 3 lifts the ceiling for those that come after it, and for no other.
    zeros = np.zeros(5_000)
    kept = rejection_sample(np.concatenate([zeros, [3], zeros]), [0])
    assert np.sum(kept < 5_001) == 5_001
    assert np.sum(kept > 5_000) == pytest.approx(5_000 * np.exp(-3), abs=50)


def test_the_best_scored_come_in_order():
    np.testing.assert_array_equal(best_scored([0.1, 3, -2, 3], 3), [1, 3, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: calibrate([1, 2], [-1, 0]), "don't overlap"),
        (lambda: calibrate([-1, 0], [1, 2]), "don't overlap"),
        (lambda: calibrate([1, 2], [0, 1]), "don't overlap"),
        (lambda: calibrate([0, 1], [1, 2]), "don't overlap"),
        (lambda: calibrate([], [1, 2]), "at least one"),
        (lambda: reliability([1.0], [np.nan]), "not finite"),
        (lambda: reliability([1.0], [0.0], bins=0), "one bin or more, not 0"),
        (lambda: rejection_sample([[1.0]], [0.0]), r"shape \(samples,\)"),
        (lambda: rejection_sample([1.0], [0.0], percentile=101), "percentile from 0 to 100"),
        (lambda: metropolis_hastings([1.0, 2.0]), r"shape \(chains, samples\)"),
        (lambda: best_scored([1.0, 2.0], 3), "Keep 1 to 2 of the 2 samples, not 3"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(UserError, match=message):
        call()

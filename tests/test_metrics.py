import numpy as np
import pytest

from abstractgan.data.digits import load_digits
from abstractgan.data.images import to_float
from abstractgan.errors import UserError
from abstractgan.metrics import class_shares, classify_digits, digit_report, fid, kid


def test_the_classifier_reads_digits_that_it_was_not_trained_on():
    images, labels = load_digits("test")
    _, probabilities = classify_digits(to_float(images))
    assert (probabilities.argmax(axis=1) == labels).mean() >= 0.975
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)


def test_kid_by_hand():
    # d = 1, kernel (ab + 1)^3: within a: 1; within b: (2 * 3 + 1)^3 = 343; across: 1 everywhere.
    assert kid([[0.0], [1.0]], [[2.0], [3.0]]) == pytest.approx(1 + 343 - 2 * (1 + 1 + 27 + 64) / 4)


def test_kid_of_two_samples_of_one_distribution_is_near_zero_and_grows_with_the_distance():
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((2, 400, 8))
    assert abs(kid(a, b)) < 0.05
    assert kid(a, b + 0.5) < kid(a, b + 1)


def test_fid_by_hand():
    # In one dimension: (mean difference)^2 + (standard deviation difference)^2.
    a, b = np.array([[0.0], [2.0]]), np.array([[3.0], [9.0]])
    sd_a, sd_b = np.sqrt(2), np.sqrt(18)
    assert fid(a, b) == pytest.approx((6 - 1) ** 2 + (sd_b - sd_a) ** 2)


def test_fid_against_the_matrix_square_root():
    from scipy import linalg

    rng = np.random.default_rng(1)
    a = rng.standard_normal((50, 4))
    b = rng.standard_normal((60, 4)) @ rng.standard_normal((4, 4)) + 1
    c_a, c_b = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    root = linalg.sqrtm(c_a @ c_b).real
    expected = np.square(a.mean(0) - b.mean(0)).sum() + np.trace(c_a + c_b - 2 * root)
    assert fid(a, b) == pytest.approx(expected)
    assert fid(a, a) == pytest.approx(0, abs=1e-6)


def test_class_shares():
    shares = class_shares([[0.9, 0.1, 0], [0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.6, 0.2, 0.2]])
    np.testing.assert_allclose(shares, [0.75, 0.25, 0])


def test_report_tells_real_digits_from_noise():
    real = digit_report(to_float(load_digits("train")[0][:1000]))
    noise = digit_report(np.random.default_rng(0).uniform(-1, 1, (200, 28, 28, 1)))
    assert abs(real.kid) < 0.05 < noise.kid
    assert real.confidence > 0.95
    assert real.coverage > 0.07
    assert noise.coverage < 0.04


@pytest.mark.parametrize("shape", [(0, 28, 28, 1), (5, 28, 28), (5, 32, 32, 1), (28, 28, 1)])
def test_digits_of_another_shape_are_refused(shape):
    with pytest.raises(UserError, match=r"shape \(n, 28, 28, 1\)"):
        digit_report(np.zeros(shape))


@pytest.mark.parametrize(("a", "b"), [((1, 3), (5, 3)), ((5, 3), (5, 4)), ((5,), (5,))])
def test_features_that_do_not_fit_are_refused(a, b):
    for distance in (kid, fid):
        with pytest.raises(UserError, match="two arrays of features"):
            distance(np.zeros(a), np.zeros(b))

"""PSNR, SSIM and the distance of features, by hand and by what they must keep to."""

import keras
import numpy as np
import pytest

from abstractgan.data.images import centre_square, to_float
from abstractgan.data.photographs import photograph
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.metrics import psnr, ssim, vgg_distance
from abstractgan.networks import STYLE_LAYERS


def flat(*values, side=16):
    """Pictures of one grey each."""
    return np.ones((len(values), side, side, 3), "float32") * np.reshape(values, (-1, 1, 1, 1))


def test_psnr_by_hand():
    # The squared error is 0.2^2, the range 2: 10 log10(4 / 0.04) = 20; a tenth of it is 40.
    assert psnr(flat(0.2), flat(0.0)) == pytest.approx(20, abs=1e-4)
    assert psnr(flat(0.2, 0.02), flat(0.0, 0.0)) == pytest.approx(30, abs=1e-4)
    assert psnr(flat(0.5), flat(0.5)) == np.inf


def test_ssim_by_hand():
    # 0 and -0.5 are 1/2 and 1/4 between black and white. Without variances what is left is
    # (2 * 1/8 + 0.01^2) / (1/4 + 1/16 + 0.01^2).
    assert ssim(flat(0.0), flat(-0.5)) == pytest.approx(0.2501 / 0.3126, abs=1e-5)
    assert ssim(flat(0.3), flat(0.3)) == pytest.approx(1)


def test_the_distance_of_features_by_hand():
    # Two layers: the picture itself, 0.6 against 0.5, and the picture less 0.1: 0.5 against 0.4.
    pictures = keras.Input((None, None, 3))
    network = keras.Model(pictures, [1.0 * pictures, pictures - 0.1])
    expected = (0.1 / 0.5 + 0.1 / 0.4) / 2
    assert vgg_distance(network, flat(0.6), flat(0.5)) == pytest.approx(expected, rel=1e-5)
    both = vgg_distance(network, flat(0.6, 0.5), flat(0.5, 0.5))
    assert both == pytest.approx(expected / 2, rel=1e-5)


def test_blur_costs_more_in_features_than_noise_of_the_same_psnr():
    original = to_float(centre_square(photograph("astronaut"), 64))[None]
    pooled = keras.ops.average_pool(original, 4)
    blurred = keras.ops.convert_to_numpy(keras.ops.repeat(keras.ops.repeat(pooled, 4, 1), 4, 2))
    error = np.sqrt(np.mean(np.square(blurred - original)))
    shifted = original + error
    assert psnr(blurred, original) == pytest.approx(psnr(shifted, original), abs=1e-3)
    network = vgg16(STYLE_LAYERS)
    distances = [vgg_distance(network, each, original) for each in (blurred, shifted)]
    assert distances[0] > 2 * distances[1] > 0
    assert ssim(blurred, original) < ssim(shifted, original) < 1


@pytest.mark.parametrize("measure", [psnr, ssim])
def test_shapes_have_to_agree(measure):
    with pytest.raises(UserError, match="of one shape"):
        measure(flat(0.1), flat(0.1, 0.2))
    with pytest.raises(UserError, match="of one shape"):
        measure(flat(0.1)[0], flat(0.1)[0])


def test_ssim_needs_its_window():
    with pytest.raises(UserError, match="11 pixels each way or more, not 10 x 10"):
        ssim(flat(0.1, side=10), flat(0.1, side=10))

"""Fewer pixels and noise: what enhancement is given."""

import numpy as np
import pytest

from abstractgan.data.degrade import add_noise, enlarge, shrink
from abstractgan.data.photographs import photograph
from abstractgan.errors import UserError


def test_a_shrunk_picture_keeps_greys_and_drops_what_is_left_over():
    assert shrink(np.full((18, 23, 3), 77, np.uint8)).shape == (4, 5, 3)
    assert (shrink(np.full((18, 23, 3), 77, np.uint8)) == 77).all()


def test_stripes_finer_than_a_new_pixel_become_grey():
    stripes = np.tile(np.uint8([0, 255]), (64, 32))[..., None].repeat(3, axis=2)
    shrunk = shrink(stripes)[:, 2:-2]  # at the border the filter is cut off
    assert np.abs(shrunk.astype(int) - 127.5).max() < 8


def test_enlarging_undoes_shrinking_where_nothing_was_lost():
    ramp = np.linspace(0, 255, 64).astype(np.uint8)[None, :, None].repeat(64, 0).repeat(3, 2)
    again = enlarge(shrink(ramp))
    assert again.shape == ramp.shape
    assert np.abs(again.astype(int) - ramp)[:, 8:-8].max() <= 2


def test_noise_has_the_deviation_that_was_asked_for_and_is_repeatable():
    grey = np.full((128, 128, 3), 128, np.uint8)
    noisy = add_noise(grey, 25, np.random.default_rng(0))
    assert (noisy.astype(float) - 128).std() == pytest.approx(25, rel=0.02)
    assert (noisy == add_noise(grey, 25, np.random.default_rng(0))).all()
    assert (noisy != add_noise(grey, 25, np.random.default_rng(1))).any()
    cat = photograph("chelsea")
    assert (add_noise(cat, 0, np.random.default_rng(0)) == cat).all()


def test_bad_input_is_answered():
    with pytest.raises(UserError, match="3 x 9 pixels can't be made 4 times smaller"):
        shrink(np.zeros((9, 3, 3), np.uint8))
    with pytest.raises(UserError, match="0 or more, not -1"):
        add_noise(np.zeros((9, 9, 3), np.uint8), -1, np.random.default_rng(0))
    with pytest.raises(UserError, match="uint8"):
        enlarge(np.zeros((9, 9, 3)))

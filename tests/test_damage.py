"""Damage drawn at random: what is lost is masked, what fades can be undone."""

import numpy as np
import pytest

from abstractgan.data.damage import KINDS, PAPER, damage, damage_at_random, fade, masked
from abstractgan.data.paintings import paint
from abstractgan.errors import UserError


@pytest.fixture(scope="module")
def picture():
    return paint("orphism", 0, 256)[:192]


@pytest.mark.parametrize("kind", KINDS[:3])
def test_masked_damage_leaves_the_rest_as_it_was(picture, kind):
    shares = []
    for seed in range(8):
        damaged, mask = damage(picture, [kind], seed)
        assert mask.shape == (192, 256) and mask.dtype == bool
        assert (damaged[mask] == PAPER).all()
        np.testing.assert_array_equal(damaged[~mask], picture[~mask])
        shares.append(mask.mean())
    assert 0 < max(shares) < 0.3 and len(set(shares)) == 8


def test_a_torn_corner_takes_one_corner(picture):
    for seed in range(8):
        mask = damage(picture, ["torn corner"], seed).mask
        assert mask[[0, 0, -1, -1], [0, -1, 0, -1]].sum() == 1


def test_the_same_seed_gives_the_same_damage(picture):
    one, again, other = (damage(picture, KINDS, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.picture, again.picture)
    assert (one.mask != other.mask).any()


def test_random_damage_always_needs_a_mask(picture):
    rng = np.random.default_rng(0)
    drawn = [damage_at_random(picture, rng) for _ in range(30)]
    assert all(each.mask.any() for each in drawn)
    faded = [(each.picture != picture)[~each.mask].any() for each in drawn]
    assert 5 < sum(faded) < 25


def test_fading_by_hand():
    black, white = (np.full((1, 1, 3), value, np.uint8) for value in (0, 255))
    # of black, the veil alone; of white, what is left of it and the veil
    np.testing.assert_array_equal(fade(black, 0.5, 0.3)[0, 0], [110, 99, 79])
    np.testing.assert_array_equal(fade(white, 0.5, 0.3)[0, 0], [237, 227, 207])
    red = np.array([[[255, 0, 0]]], np.uint8)
    # entirely grey: its lightness, 0.299, in every channel
    np.testing.assert_array_equal(fade(red, 0.0, 1.0)[0, 0], [76, 76, 76])


def test_an_affine_map_undoes_fading(picture):
    faded = fade(picture, 0.4, 0.5).reshape(-1, 3).astype(float)
    known = np.column_stack([faded, np.ones(len(faded))])
    wanted = picture.reshape(-1, 3).astype(float)
    colours, *_ = np.linalg.lstsq(known, wanted, rcond=None)
    assert np.abs(known @ colours - wanted).max() < 4  # levels, of rounding


def test_what_a_restorer_is_given_has_no_trace_of_what_is_lost():
    picture = np.full((2, 2, 3), 255, np.uint8)
    given = masked(picture, np.array([[True, False], [False, False]]))
    assert given.dtype == np.float32
    np.testing.assert_array_equal(given[0], [[0, 0, 0, 1], [1, 1, 1, 0]])


def test_unknown_damage_is_answered(picture):
    with pytest.raises(UserError, match="no damage 'fire'; choose one of scratches, holes"):
        damage(picture, ["fire"], 0)

import dataclasses
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

import figures
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.paintings.canvas import FLAT, THREADS, Brush, Canvas, noise
from abstractgan.data.paintings.shapes import arc, bar, by_hand, dots, rectangle, stroke, waver
from abstractgan.data.paintings.statistics import COLOURS, picture_statistics
from abstractgan.errors import UserError

SIZE = 64
KNOWN, UNSEEN = range(12), range(500, 508)


@pytest.fixture(scope="module")
def gallery():
    """Pictures of every movement by seed: MOVEMENT -> SEED -> uint8 (64, 64, 3)."""
    seeds = [*KNOWN, *UNSEEN]
    return {name: {seed: paint(name, seed, SIZE) for seed in seeds} for name in MOVEMENTS}


def distance(first, second):
    return np.abs(first.astype(float) - second.astype(float)).mean()


def shrink(picture, factor):
    height, width = np.array(picture.shape[:2]) // factor
    return picture.reshape(height, factor, width, factor, 3).mean(axis=(1, 3))


def digest(picture):
    return hashlib.sha256(picture.tobytes()).hexdigest()


def test_every_movement_has_a_label_one_sentence_and_a_painter_of_its_own():
    assert len(MOVEMENTS) >= 12
    for name, movement in MOVEMENTS.items():
        assert movement.name == name
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert movement.title[0].isupper()
        begin, end = map(int, re.fullmatch(r"(\d{4})-(\d{4})", movement.years).groups())
        assert 1900 <= begin < end <= 2000
        assert re.fullmatch(r"[A-Z][^.]{60,200}\.", movement.sentence)
        with pytest.raises(dataclasses.FrozenInstanceError):
            movement.title = "Another"
    for field in ("title", "sentence", "painter"):
        assert len({getattr(movement, field) for movement in MOVEMENTS.values()}) == len(MOVEMENTS)


@pytest.mark.parametrize("name", MOVEMENTS)
@pytest.mark.parametrize("size", [16, 45, 130])
def test_a_picture_has_the_size_asked_for(name, size):
    picture = paint(name, np.int64(3), size)
    assert picture.shape == (size, size, 3) and picture.dtype == np.uint8


def test_the_largest_size_is_drawn_and_is_the_same_picture():
    large, small = paint("op-art", 3, 4096), paint("op-art", 3, 64)
    assert large.shape == (4096, 4096, 3)
    assert distance(shrink(large, 64), small) < 10


def test_the_same_seed_gives_the_same_bytes_in_another_process_and_without_tensorflow(gallery):
    program = (
        "import hashlib, sys\n"
        "from abstractgan.data.paintings import MOVEMENTS, paint\n"
        "for name in MOVEMENTS:\n"
        f"    print(hashlib.sha256(paint(name, 7, {SIZE}).tobytes()).hexdigest())\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [digest(pictures[7]) for pictures in gallery.values()]


def test_painting_neither_reads_nor_moves_numpys_own_generator(gallery):
    np.random.seed(0)
    before = np.random.get_state()[1].copy()
    assert digest(paint("tachisme", 7, SIZE)) == digest(gallery["tachisme"][7])
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("name", MOVEMENTS)
def test_a_seed_is_the_same_composition_at_every_size(name, gallery):
    for seed in KNOWN[:3]:
        small = gallery[name][seed].astype(float)
        double = shrink(paint(name, seed, 2 * SIZE), 2)
        assert np.corrcoef(small.ravel(), double.ravel())[0, 1] > 0.85
        others = [distance(small, picture) for other, picture in gallery[name].items()]
        assert distance(small, double) < 0.6 * min(d for d in others if d > 0)
    assert distance(small, shrink(paint(name, seed, 8 * SIZE), 8)) < 20


@pytest.mark.parametrize("name", MOVEMENTS)
def test_no_two_seeds_look_alike(name, gallery):
    for first, second in combinations(gallery[name].values(), 2):
        assert distance(first, second) > 5


def test_the_palette_of_a_movement_varies_between_seeds(gallery):
    for pictures in gallery.values():
        means = [picture.mean(axis=(0, 1)) for picture in pictures.values()]
        assert np.std(means, axis=0).max() > 2


def test_no_picture_is_empty_or_burnt_out(gallery):
    for pictures in gallery.values():
        for picture in pictures.values():
            assert picture.std() > 8
            assert (picture == 255).all(axis=2).mean() < 0.25


def test_an_unknown_movement_is_answered_by_the_names():
    with pytest.raises(UserError, match=r"cubism, orphism, .*op-art") as error:
        paint("fauvism", 0)
    assert "'fauvism'" in str(error.value)


@pytest.mark.parametrize("seed", [-1, 1.5, "3", None, True])
def test_a_bad_seed_is_refused(seed):
    with pytest.raises(UserError, match="whole number of 0 or more"):
        paint("op-art", seed)


@pytest.mark.parametrize("size", [15, 4097, 0, -64, 64.0, "64", None, True])
def test_a_bad_size_is_refused(size):
    with pytest.raises(UserError, match="16 to 4096"):
        paint("op-art", 0, size)


def test_a_nearest_neighbour_names_the_movement_of_nine_unseen_pictures_in_ten(gallery):
    names = list(MOVEMENTS)
    known = np.array([picture_statistics(gallery[name][seed]) for name in names for seed in KNOWN])
    labels = np.repeat(names, len(KNOWN))
    spread = known.std(axis=0)
    right = Counter()
    for name in names:
        for seed in UNSEEN:
            statistics = picture_statistics(gallery[name][seed])
            gaps = np.abs((known - statistics) / spread).sum(axis=1)
            right[name] += labels[gaps.argmin()] == name
    assert right.total() >= 0.9 * len(names) * len(UNSEEN)
    assert min(right[name] for name in names) >= len(UNSEEN) / 2


def test_statistics_of_a_plain_picture_are_what_one_computes_by_hand():
    plain = picture_statistics(np.full((100, 80, 3), (204, 102, 0), np.uint8))
    chroma = np.hypot(0.4, 0.6)
    colour = [0.4, 0.4, 0.6, 0, 0, 0, *[0.4] * 5, *[chroma] * 5, 0, 1, 1, 1, 1]
    edges = [-3] * 6 + [0] * 6  # log10 of the 0.001 that keeps the logarithm finite
    np.testing.assert_allclose(plain, [*colour, *edges, *edges, *edges], atol=1e-6)
    assert len(colour) == COLOURS


def test_statistics_of_a_ramp_are_its_slope_in_one_direction():
    ramp = np.arange(64, dtype=np.uint8)[None, :, None].repeat(64, axis=0).repeat(3, axis=2)
    edges = picture_statistics(ramp)[COLOURS:].reshape(3, 12)
    for row, scale in zip(edges, (1, 2, 4), strict=True):
        np.testing.assert_allclose(row[:6], np.log10(scale / 255 + 1e-3))
        np.testing.assert_allclose(row[6:], [1, 0, 0, 0, 0, 0], atol=1e-6)


def test_statistics_know_neither_direction_nor_size(gallery):
    for pictures in gallery.values():
        picture = pictures[0]
        own = picture_statistics(picture)
        large = picture.repeat(2, axis=0).repeat(2, axis=1)
        np.testing.assert_allclose(picture_statistics(large), own, atol=0.01)
        np.testing.assert_allclose(picture_statistics(picture[:, ::-1]), own, atol=0.1)


@pytest.fixture
def canvas():
    return Canvas(100, np.random.default_rng(0))


def test_a_shape_covers_its_area_and_nothing_else(canvas):
    canvas.paint(rectangle(0.2, 0.3, 0.6, 0.8), (0, 0, 0), brush=FLAT)
    dark = 1 - canvas.pixels.mean(axis=2)
    assert dark.sum() / 100**2 == pytest.approx(0.4 * 0.5, rel=0.02)
    assert dark[32:78, 22:58].min() == 1
    assert dark[:28].max() == dark[:, 63:].max() == 0


def test_the_later_shape_lies_on_top_and_opacity_lets_the_first_one_show(canvas):
    whole = rectangle(0, 0, 1, 1)
    canvas.paint([whole, whole], [(1, 0, 0), (0, 0, 1)], brush=FLAT)
    assert canvas.pixels[50, 50] == pytest.approx((0, 0, 1), abs=0.05)
    canvas.paint(whole, (1, 0, 0), brush=FLAT, opacity=0.25)
    assert canvas.pixels[50, 50] == pytest.approx((0.25, 0, 0.75), abs=0.05)


def test_a_shape_outside_the_canvas_or_none_at_all_leaves_it_as_it_is(canvas):
    canvas.paint(rectangle(1.2, 0, 1.5, 1), (0, 0, 0))
    canvas.paint([], (0, 0, 0))
    assert (canvas.pixels == 1).all() and (canvas.relief == 0).all()


def test_a_fade_runs_from_its_first_point_to_its_second(canvas):
    fade = ((0.25, 0.5), (0.75, 0.5))
    canvas.paint(rectangle(0, 0, 1, 1), (0, 0, 0), brush=Brush(0, 0, 0, 0, 0), fade=fade)
    row = canvas.pixels[50, :, 0]
    np.testing.assert_allclose(row[:25], 0, atol=1e-6)
    np.testing.assert_allclose(row[75:], 1, atol=1e-6)
    assert row[49:51].mean() == pytest.approx(0.5)


def test_a_soft_edge_is_half_way_where_the_hard_one_was(canvas):
    canvas.paint(rectangle(-1, -1, 0.5, 2), (0, 0, 0), brush=Brush(0, 0, 0, 0, 0), softness=0.05)
    row = canvas.pixels[50, :, 0]
    assert row[49:51].mean() == pytest.approx(0.5, abs=0.05)
    assert row[44] < 0.3 < 0.7 < row[55]


def test_a_dry_brush_leaves_a_part_of_the_ground_bare():
    canvas = Canvas(200, np.random.default_rng(0))
    canvas.paint(rectangle(0, 0, 1, 1), (0, 0, 0), brush=Brush(marks=0, clouds=0, dry=0.5))
    assert 0.3 < canvas.pixels.mean() < 0.7
    assert canvas.pixels.min() == 0 and canvas.pixels.max() == 1


def test_thick_paint_is_lit_from_the_upper_left():
    canvas = Canvas(100, np.random.default_rng(0))
    canvas.pixels[:] = 0.5
    canvas.relief[30:70, 30:70] = 1
    lit = canvas.finish()[:, :, 0].astype(int)
    assert lit[50, 30] > lit[50, 50] > lit[50, 69]
    assert lit[30, 50] > lit[50, 50] > lit[69, 50]


def test_the_cloth_shows_only_where_pixels_are_finer_than_threads():
    def rough(size):
        canvas = Canvas(size, np.random.default_rng(0))
        canvas.pixels[:] = 0.5
        canvas.weave = 0.1
        return canvas.finish().std()

    assert rough(THREADS // 2) < 1 < rough(4 * THREADS)


def test_brush_marks_run_in_the_direction_of_the_brush():
    for angle, along in ((0, 1), (np.pi / 2, 0)):
        canvas = Canvas(128, np.random.default_rng(1))
        canvas.paint(rectangle(0, 0, 1, 1), (0.5,) * 3, brush=Brush(angle, clouds=0))
        change = [np.abs(np.diff(canvas.pixels[..., 0], axis=axis)).mean() for axis in (0, 1)]
        assert change[along] < 0.5 * change[1 - along]


def test_noise_is_centred_has_unit_spread_and_is_one_picture_at_every_size():
    fine, coarse = (noise(5, size, 4, 4, 0.6) for size in (256, 64))
    assert abs(fine.mean()) < 0.5 and 0.6 < fine.std() < 1.4
    blocks = fine.reshape(64, 4, 64, 4).mean(axis=(1, 3))
    assert np.corrcoef(blocks.ravel(), coarse.ravel())[0, 1] > 0.98
    seams = np.abs(fine[0] - fine[-1]).mean(), np.abs(fine[1] - fine[0]).mean()
    assert seams[0] < 2 * seams[1]


def test_shapes_have_the_sizes_they_were_given():
    circle = arc((0.3, 0.4), 0.2)
    np.testing.assert_allclose(np.linalg.norm(circle - (0.3, 0.4), axis=1), 0.2)
    for dot, radius in zip(dots([(0.1, 0.2), (0.8, 0.5)], [0.01, 0.02]), (0.01, 0.02), strict=True):
        np.testing.assert_allclose(np.linalg.norm(dot - dot.mean(axis=0), axis=1), radius)
    tilted = bar((0.5, 0.5), 0.4, 0.1, 0.7)
    assert np.linalg.norm(tilted[1] - tilted[0]) == pytest.approx(0.4)
    assert np.linalg.norm(tilted[2] - tilted[1]) == pytest.approx(0.1)
    np.testing.assert_allclose(tilted.mean(axis=0), 0.5)


def test_a_stroke_covers_its_length_times_its_width(canvas):
    path = np.stack([np.linspace(0.1, 0.9, 30), np.full(30, 0.5)], axis=1)
    canvas.paint(stroke(path, 0.1), (0, 0, 0), brush=FLAT)
    assert (1 - canvas.pixels.mean(axis=2)).sum() / 100**2 == pytest.approx(0.08, rel=0.05)


def test_an_edge_by_hand_wavers_a_little_and_stays_where_it_was():
    rng = np.random.default_rng(2)
    square = rectangle(0.2, 0.2, 0.8, 0.8)
    drawn = by_hand(rng, square, 0.01)
    off = np.abs(np.abs(drawn - 0.5).max(axis=1) - 0.3)
    assert len(drawn) > 100 and 0.001 < off.mean() < 0.02 and off.max() < 0.06
    spread = np.mean([waver(rng, 200, 20).std() for _ in range(50)])
    assert spread == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("name", figures.FIGURES)
def test_the_committed_figures_are_those_that_the_script_draws(name):
    path = figures.BOOK / name
    assert path.stat().st_size <= figures.MAX_BYTES
    with Image.open(path) as stored:
        assert distance(np.asarray(stored), np.asarray(figures.FIGURES[name]())) < 6


def test_the_contact_sheet_shows_every_movement():
    assert figures.SHOWN.keys() == MOVEMENTS.keys()

"""Repainting a photograph: styles, tiles, strength, colours, and slips of the caller."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from abstractgan import stylize
from abstractgan.data.images import to_float
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import photograph
from abstractgan.data.tiling import tiles
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.networks import StyleDecoder
from abstractgan.networks.style import STRIDE, content_moments
from abstractgan.stylize import RECEPTIVE_FIELD, Stylizer


@pytest.fixture(scope="module")
def decoder():
    keras.utils.set_random_seed(0)
    return StyleDecoder()


@pytest.fixture(scope="module")
def stylizer(decoder):
    return Stylizer(decoder)


@pytest.fixture(scope="module")
def style(stylizer):
    return stylizer.style(paint("orphism", 0, 128))


PHOTOGRAPH = np.asarray(Image.fromarray(photograph("china")).resize((179, 131)))
LARGER = np.asarray(Image.fromarray(photograph("china")).resize((243, 187)))
TILE = 176  # leaves 64 pixels without the overlap: twelve tiles


def apart(one, other):
    return np.abs(one.astype(int) - other.astype(int))


def test_the_result_has_the_photographs_size_and_repeats(stylizer, style):
    result = stylizer.stylize(PHOTOGRAPH, style)
    assert result.shape == PHOTOGRAPH.shape and result.dtype == np.uint8
    np.testing.assert_array_equal(stylizer.stylize(PHOTOGRAPH, style), result)
    assert result.std() > 5


def test_it_is_what_the_decoder_paints(stylizer, decoder, style):
    square = PHOTOGRAPH[:96, :128]
    compressed = decoder.compress(stylizer.encoder(to_float(square)[None]))
    expected = decoder.paint(compressed, content_moments(compressed), style)[0]
    got = to_float(stylizer.stylize(square, style))
    np.testing.assert_allclose(got, expected, atol=1.01 / 127.5)


def test_no_frame_is_painted(stylizer, decoder, style, monkeypatch):
    wall = np.full((96, 96, 3), 128, np.uint8)

    def frame(stylizer):
        painted = stylizer.stylize(wall, style)
        return apart(painted[:8], painted[44:52]).mean()

    monkeypatch.setattr(stylize, "vgg16", lambda layers, mirrored: vgg16(layers))
    zeros_beyond_the_border = Stylizer(decoder)
    assert frame(stylizer) < 1 < frame(zeros_beyond_the_border)


@pytest.mark.parametrize("strength", [1.0, 0.4])
def test_tiles_leave_no_trace(stylizer, decoder, style, strength):
    tiled = Stylizer(decoder, TILE).stylize(LARGER, style, strength)
    assert apart(tiled, stylizer.stylize(LARGER, style, strength)).max() <= 1


def test_without_their_overlap_tiles_would_show(stylizer, decoder, style, monkeypatch):
    monkeypatch.setattr(stylize, "_HALO", 0)
    tiled = Stylizer(decoder, TILE).stylize(LARGER, style)
    assert apart(tiled, stylizer.stylize(LARGER, style)).max() > 1


def test_tiles_are_no_larger_than_asked_for_and_cover_the_picture():
    covered = np.zeros((192, 248), int)
    for tile in tiles(192, 248, TILE, stylize._HALO, STRIDE):
        covered[tile.place] += 1
        shown = covered[tile.seen]
        assert max(shown.shape) <= TILE
        np.testing.assert_array_equal(tile.cut(shown[None])[0], covered[tile.place])
    assert (covered == 1).all()


@pytest.mark.parametrize(("column", "step"), [(120, -1), (127, 1)])
def test_a_tiles_border_depends_on_the_photograph_as_far_as_stated(
    stylizer, decoder, style, column, step
):
    noise = np.random.default_rng(0).integers(0, 256, (1, 16, 256, 3), "uint8")
    picture = tf.constant(to_float(noise))
    with tf.GradientTape() as tape:
        tape.watch(picture)
        compressed = decoder.compress(stylizer.encoder(picture))
        moments = [tuple(map(tf.stop_gradient, each)) for each in content_moments(compressed)]
        pixels = decoder.paint(compressed, moments, style)[:, :, column]
    seen = np.abs(tape.gradient(pixels, picture)).sum((0, 1, 3)).nonzero()[0]
    reach = max(step * (seen - column))
    # a ReLU or a maximum may hide the last pixels
    assert RECEPTIVE_FIELD - STRIDE < reach <= RECEPTIVE_FIELD


@pytest.mark.parametrize("shape", [(16, 16), (17, 90), (23, 16)])
def test_the_smallest_pictures(stylizer, style, shape):
    picture = PHOTOGRAPH[: shape[0], : shape[1]]
    assert stylizer.stylize(picture, style).shape == picture.shape


def test_strength_goes_from_the_photographs_own_style_to_the_paintings(stylizer, style):
    photo = np.asarray(Image.fromarray(photograph("chelsea")).resize((320, 256)))
    none = stylizer.stylize(photo, style, strength=0)
    # the painting is forgotten
    other = stylizer.style(paint("cubism", 0, 128))
    np.testing.assert_array_equal(none, stylizer.stylize(photo, other, strength=0))
    # at 256 pixels its style as a painting is its own
    own = stylizer.stylize(photo, stylizer.style(photo))
    assert apart(none, own).max() <= 1
    half = stylizer.stylize(photo, style, strength=0.5)
    full = stylizer.stylize(photo, style)
    assert apart(half, none).mean() < apart(full, none).mean()


def test_a_style_of_several_is_their_weighted_mean(stylizer):
    first, second = paint("orphism", 0, 128), paint("op-art", 0, 128)
    one, other = stylizer.style(first), stylizer.style(second)
    mixed = stylizer.style(first, second, weights=[3, 1])
    for got, a, b in zip(
        tf.nest.flatten(mixed), tf.nest.flatten(one), tf.nest.flatten(other), strict=True
    ):
        np.testing.assert_allclose(got, 0.75 * a + 0.25 * b, atol=1e-5)
    for root in mixed.roots:
        assert np.linalg.eigvalsh(root[0]).min() > 0
    equal = stylizer.style(first, second)
    np.testing.assert_allclose(equal.code, (one.code + other.code) / 2, atol=1e-6)


def test_kept_colours_are_the_photographs_and_the_lightness_is_the_results(stylizer, style):
    def channels(picture):
        return np.asarray(Image.fromarray(picture).convert("YCbCr")).astype(int)

    # grey enough for every lightness to exist in its colours
    photo = (PHOTOGRAPH // 8 + 112).astype("uint8")
    plain = channels(stylizer.stylize(photo, style))
    kept = channels(stylizer.stylize(photo, style, keep_color=True))
    clear = (plain[..., 0] > 40) & (plain[..., 0] < 215)
    assert clear.mean() > 0.5
    assert np.abs(kept - channels(photo))[clear][:, 1:].max() <= 2
    assert np.abs(kept - plain)[clear][:, 0].max() <= 2


@pytest.mark.parametrize(
    ("picture", "advice"),
    [
        (np.zeros((15, 40, 3), "uint8"), "16 pixels each way"),
        (np.zeros((40, 40, 3), "float32"), "to_uint8"),
        (np.full((40, 40, 3), np.nan), "to_uint8"),
        (np.zeros((40, 40), "uint8"), "(height, width, 3)"),
        (np.zeros((1, 40, 40, 3), "uint8"), "one image of a batch"),
    ],
)
def test_what_is_no_picture_is_refused(stylizer, style, picture, advice):
    for call in (lambda: stylizer.stylize(picture, style), lambda: stylizer.style(picture)):
        with pytest.raises(UserError) as caught:
            call()
        assert advice in str(caught.value)


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_a_strength_out_of_range_is_refused(stylizer, style, strength):
    with pytest.raises(UserError, match="between 0 and 1"):
        stylizer.stylize(PHOTOGRAPH, style, strength)


@pytest.mark.parametrize(
    ("weights", "advice"),
    [
        ([1], "one weight for each painting: 2, not 1"),
        ([1, -1], "0 or more"),
        ([0, 0], "above 0"),
        ([1, float("nan")], "0 or more"),
    ],
)
def test_weights_that_do_not_fit_are_refused(stylizer, weights, advice):
    picture = paint("op-art", 0, 32)
    with pytest.raises(UserError, match=advice):
        stylizer.style(picture, picture, weights=weights)


def test_a_painting_is_no_style_and_no_painting_neither(stylizer):
    with pytest.raises(UserError, match=r"Stylizer\.style"):
        stylizer.stylize(PHOTOGRAPH, PHOTOGRAPH)
    with pytest.raises(UserError, match="at least one painting"):
        stylizer.style()


def test_a_decoder_that_diverged_is_named(style):
    broken = StyleDecoder()
    broken.painter.set_weights([each * np.nan for each in broken.painter.get_weights()])
    with pytest.raises(UserError, match="NaN"):
        Stylizer(broken).stylize(PHOTOGRAPH, style)


def test_weights_come_from_a_file(stylizer, decoder, style, tmp_path):
    decoder.save_weights(tmp_path / "decoder.weights.h5")
    loaded = Stylizer.load(tmp_path / "decoder.weights.h5")
    np.testing.assert_array_equal(
        loaded.stylize(PHOTOGRAPH, style), stylizer.stylize(PHOTOGRAPH, style)
    )


@pytest.mark.parametrize("content", [None, b"", b"no weights"])
def test_a_file_without_weights_is_refused(tmp_path, content):
    file = tmp_path / "decoder.weights.h5"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError, match="train style"):
        Stylizer.load(file)


def test_weights_of_another_network_are_refused(tmp_path):
    StyleDecoder(widths=(8, 8, 8, 8)).save_weights(tmp_path / "decoder.weights.h5")
    with pytest.raises(UserError, match="holds no decoder's weights"):
        Stylizer.load(tmp_path / "decoder.weights.h5")

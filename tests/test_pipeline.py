from itertools import islice

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from abstractgan.data.digits import load_digits
from abstractgan.data.images import save_image, to_float, to_uint8
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.pipeline import digit_dataset, image_dataset
from abstractgan.errors import UserError


def flat_pictures(count, side=8):
    """Pictures of one colour each: red, green and blue are the picture's number."""
    return [np.full((side, side, 3), number, np.uint8) for number in range(count)]


def numbers(batches):
    """The numbers of the flat pictures in some batches, in order."""
    return [int(to_uint8(image[0, 0, 0])) for batch in batches for image in np.asarray(batch)]


def read(dataset, batches=None):
    return np.stack([batch.numpy() for batch in islice(dataset, batches)])


def coordinates(height, width):
    """A picture whose red counts the rows and whose green counts the columns."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows, columns, 0 * rows], axis=2).astype(np.uint8)


# --- pictures ------------------------------------------------------------------------------------


def test_shape_type_and_range():
    noise = list(np.random.default_rng(0).integers(0, 256, (5, 20, 30, 3), dtype=np.uint8))
    dataset = image_dataset(noise, 16, 2, seed=0)
    assert dataset.element_spec == tf.TensorSpec((2, 16, 16, 3), tf.float32)
    assert dataset.cardinality() == 2
    batches = read(dataset)
    assert batches.shape == (2, 2, 16, 16, 3)
    assert -1 <= batches.min() < -0.5 and 0.5 < batches.max() <= 1


def test_without_augmentation_the_middle_is_taken_unchanged():
    wide, tall = coordinates(8, 13), coordinates(12, 8)
    (batch,) = image_dataset([wide, tall], 8, 2, seed=0, augment=False, shuffle=False)
    np.testing.assert_array_equal(batch[0], to_float(wide[:, 2:10]))
    np.testing.assert_array_equal(batch[1], to_float(tall[2:10]))


def test_augmentation_cuts_squares_at_many_places_and_mirrors_half():
    # A short side of 143 is what size 128 asks for (128 * 286 / 256), so nothing is resized.
    picture = coordinates(143, 160)
    dataset = image_dataset([picture] * 50, 128, 1, seed=1, repeat=True)
    corners, mirrored = set(), 0
    for (crop,) in islice(dataset, 50):
        crop = to_uint8(crop)
        if crop[0, 0, 1] > crop[0, -1, 1]:
            crop = crop[:, ::-1]
            mirrored += 1
        top, left = map(int, crop[0, 0, :2])
        np.testing.assert_array_equal(crop, picture[top : top + 128, left : left + 128])
        corners.add((top, left))
    assert len(corners) > 40
    assert max(top for top, _ in corners) > 10 and max(left for _, left in corners) > 25
    assert 15 <= mirrored <= 35


def test_the_short_side_is_resized_and_the_proportions_kept():
    (batch,) = image_dataset([coordinates(250, 125)], 25, 1, seed=0, augment=False)
    rows, columns = to_uint8(batch[0, :, :, 0]), to_uint8(batch[0, :, :, 1])
    # five pixels become one: column i shows columns 5i ... 5i + 4; of 50 rows 12 are cut on top
    np.testing.assert_allclose(columns[0, 1:-1], 2 + 5 * np.arange(1, 24), atol=1)
    np.testing.assert_allclose(rows[1:-1, 0], 2 + 5 * (12 + np.arange(1, 24)), atol=1)


def test_the_same_seed_reads_the_same_and_another_does_not():
    noise = list(np.random.default_rng(0).integers(0, 256, (6, 20, 20, 3), dtype=np.uint8))
    tf.random.set_seed(1)
    first = read(image_dataset(noise, 16, 3, seed=5, repeat=True), 4)
    tf.random.set_seed(2)
    second = read(image_dataset(noise, 16, 3, seed=5, repeat=True), 4)
    np.testing.assert_array_equal(first, second)
    other = read(image_dataset(noise, 16, 3, seed=6, repeat=True), 4)
    assert not np.array_equal(first, other)

    one_epoch = image_dataset(noise, 16, 3, seed=5)
    np.testing.assert_array_equal(read(one_epoch), read(one_epoch))
    np.testing.assert_array_equal(read(one_epoch), first[:2])


def test_epochs_differ_in_order_and_in_crops():
    noise = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    same = read(image_dataset([noise], 16, 1, seed=0, repeat=True), 20)
    assert len({crop.tobytes() for crop in same}) > 6

    stream = read(image_dataset(flat_pictures(20), 8, 5, seed=0, repeat=True), 8)
    orders = [numbers(stream[:4]), numbers(stream[4:])]
    assert orders[0] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(20))


def test_a_later_epoch_needs_none_of_those_before_it():
    noise = list(np.random.default_rng(0).integers(0, 256, (5, 20, 20, 3), dtype=np.uint8))
    stream = read(image_dataset(noise, 16, 2, seed=3, repeat=True), 8)
    resumed = read(image_dataset(noise, 16, 2, seed=3, repeat=True, first_epoch=3), 2)
    np.testing.assert_array_equal(resumed, stream[6:])
    alone = read(image_dataset(noise, 16, 2, seed=3, first_epoch=2))
    np.testing.assert_array_equal(alone, stream[4:6])


def test_order_and_remainder():
    pictures = flat_pictures(5)
    in_order = image_dataset(
        pictures, 8, 2, seed=0, augment=False, shuffle=False, drop_remainder=False
    )
    assert in_order.cardinality() == 3
    assert [len(batch) for batch in in_order] == [2, 2, 1]
    assert numbers(in_order) == [0, 1, 2, 3, 4]
    assert image_dataset(pictures, 8, 2, seed=0, repeat=True).cardinality() == (
        tf.data.INFINITE_CARDINALITY
    )


def test_a_folder_of_every_kind_of_picture(tmp_path):
    folder = tmp_path / "我的 画"
    folder.mkdir()
    red = Image.new("RGB", (40, 30), (200, 0, 0))
    red.save(folder / "a.jpg", quality=95)
    red.convert("CMYK").save(folder / "b.jpg", quality=95)
    red.quantize(4).save(folder / "c.gif")
    red.save(folder / "d.png")
    red.convert("RGBA").save(folder / "e.webp", lossless=True)
    (folder / "notes.txt").write_text("not a picture")
    (batch,) = image_dataset(folder, 16, 5, seed=0)
    np.testing.assert_allclose(to_uint8(batch[..., 0]), 200, atol=4)
    np.testing.assert_allclose(to_uint8(batch[..., 1:]), 0, atol=4)


def test_the_cameras_orientation_reaches_the_network(tmp_path):
    upright = coordinates(16, 16)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(np.ascontiguousarray(np.rot90(upright))).save(tmp_path / "a.png", exif=exif)
    (batch,) = image_dataset(tmp_path, 16, 1, seed=0, augment=False)
    np.testing.assert_array_equal(to_uint8(batch[0]), upright)


def test_files_and_arrays_mix(tmp_path):
    save_image(flat_pictures(1)[0], tmp_path / "zero.png")
    source = [tmp_path / "zero.png", str(tmp_path / "zero.png"), *flat_pictures(4)[2:]]
    assert numbers(image_dataset(source, 8, 4, seed=0, shuffle=False)) == [0, 0, 2, 3]
    stacked = np.stack(flat_pictures(4))
    assert numbers(image_dataset(stacked, 8, 4, seed=0, shuffle=False)) == [0, 1, 2, 3]


def test_paintings_can_be_fed():
    paintings = [paint(movement, 0, 48) for movement in MOVEMENTS]
    (batch,) = image_dataset(paintings, 48, len(paintings), seed=0, augment=False, shuffle=False)
    np.testing.assert_array_equal(to_uint8(batch), paintings)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 3000, 3), (3000, 2, 3)])
def test_a_pixel_and_a_strip_become_squares(shape):
    picture = np.full(shape, 77, np.uint8)
    (batch,) = image_dataset([picture], 16, 1, seed=0)
    np.testing.assert_array_equal(to_uint8(batch), np.full((1, 16, 16, 3), 77))


@pytest.mark.parametrize("damage", ["text", "truncated"])
def test_a_bad_file_in_a_folder_is_named_before_training_begins(tmp_path, damage):
    save_image(np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8), tmp_path / "a.jpg")
    data = (tmp_path / "a.jpg").read_bytes()
    (tmp_path / "bad.jpg").write_bytes(data[: len(data) // 2] if damage == "truncated" else b"text")
    with pytest.raises(UserError, match=r"bad\.jpg"):
        image_dataset(tmp_path, 16, 1, seed=0)


def test_sources_that_cannot_make_a_batch(tmp_path):
    with pytest.raises(UserError, match="There are no pictures in"):
        image_dataset(tmp_path, 16, 1, seed=0)
    with pytest.raises(UserError, match="too few for a batch of 4"):
        image_dataset(flat_pictures(3), 8, 4, seed=0)
    with pytest.raises(UserError, match="too few"):
        image_dataset([], 8, 4, seed=0, drop_remainder=False)
    with pytest.raises(UserError, match="must be 1 or more"):
        image_dataset(flat_pictures(3), 0, 1, seed=0)
    with pytest.raises(UserError, match="to_uint8"):
        image_dataset([to_float(picture) for picture in flat_pictures(3)], 8, 1, seed=0)


# --- digits --------------------------------------------------------------------------------------


def test_digits_come_scaled_and_each_once_an_epoch():
    images, _ = load_digits("test")
    dataset = digit_dataset(images, 100, seed=0)
    assert dataset.element_spec == tf.TensorSpec((100, 28, 28, 1), tf.float32)
    assert dataset.cardinality() == tf.data.INFINITE_CARDINALITY
    stream = to_uint8(read(dataset, 20)).reshape(2, 1000, 28, 28, 1)
    expected = sorted(image.tobytes() for image in images)
    for epoch in stream:
        assert sorted(image.tobytes() for image in epoch) == expected
    assert not np.array_equal(stream[0], stream[1])
    assert not np.array_equal(stream[0], images)


def test_digits_depend_on_seed_and_epoch_alone():
    images, _ = load_digits("test")
    stream = read(digit_dataset(images[:50], 16, seed=4), 9)
    np.testing.assert_array_equal(stream, read(digit_dataset(images[:50], 16, seed=4), 9))
    np.testing.assert_array_equal(
        stream[6:], read(digit_dataset(images[:50], 16, seed=4, first_epoch=2), 3)
    )
    one = digit_dataset(images[:50], 16, seed=4, repeat=False)
    assert one.cardinality() == 3
    np.testing.assert_array_equal(stream[:3], read(one))
    assert not np.array_equal(stream, read(digit_dataset(images[:50], 16, seed=5), 9))


@pytest.mark.parametrize("size", [14, 32])
def test_digits_of_another_size_keep_their_ink(size):
    images, _ = load_digits("test")
    (batch,) = digit_dataset(images[:64], 64, seed=0, size=size, repeat=False)
    assert batch.shape == (64, size, size, 1)
    assert tf.reduce_min(batch) >= -1 and tf.reduce_max(batch) <= 1
    np.testing.assert_allclose(tf.reduce_mean(batch), to_float(images[:64]).mean(), atol=0.01)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((9, 28, 28), np.uint8),
        np.zeros((9, 28, 28, 1), np.float32),
        np.zeros((9, 28, 28, 3), np.uint8),
    ],
)
def test_what_are_no_digits(images):
    with pytest.raises(UserError, match="load_digits"):
        digit_dataset(images, 4, seed=0)


def test_fewer_digits_than_a_batch():
    with pytest.raises(UserError, match="too few"):
        digit_dataset(np.zeros((9, 28, 28, 1), np.uint8), 10, seed=0)

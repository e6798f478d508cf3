"""From pictures to batches: one ``tf.data`` pipeline, the same for every source of pictures.

Batches are float32 (batch, height, width, channels) in [-1, 1]. What an epoch holds, the order and
the crops, depends on the seed and the epoch's number alone: not on TensorFlow's global seed, nor on
what was read before, so that a run which resumes at epoch 7 reads what it would have read.

Taught in the chapters ``notebooks/paintings`` and ``notebooks/digit_gan``.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import tensorflow as tf

from abstractgan.data.images import StrPath, at_short_side, list_images
from abstractgan.errors import UserError

Spoil = Callable[[np.ndarray, np.random.Generator], np.ndarray]
"""A picture, uint8 (height, width, 3), to what a network is given of it, float32 (h, w, c).

All that it draws must come from the generator, and its shape must depend on the picture's alone.
"""

# Isola et al. 2017 (pix2pix), section 6.2: pictures of 286 pixels, cropped at random to 256.
_JITTER = 286 / 256


def image_dataset(
    source: StrPath | Sequence[StrPath | np.ndarray],
    size: int,
    batch_size: int,
    *,
    seed: int,
    augment: bool = True,
    shuffle: bool = True,
    repeat: bool = False,
    drop_remainder: bool = True,
    first_epoch: int = 0,
) -> tf.data.Dataset:
    """Batches of square colour pictures, float32 (batch, size, size, 3) in [-1, 1].

    Every picture is decoded once, when the dataset is made, and kept at the size needed (a photo of
    3:2 for crops of 128 pixels takes about 90 kB). With ``augment`` its short side becomes
    286/256 times ``size`` (Isola et al. 2017, section 6.2) and each epoch cuts another square and
    mirrors half of them; without, the square in the middle is taken. Taught in the chapter
    ``notebooks/paintings``.

    Args:
        source: A folder, or a list of files and uint8 arrays (height, width, 3).
        size: Side of the squares, in pixels.
        batch_size: Pictures in a batch.
        seed: Seed of the order and the crops.
        augment: Whether to crop and mirror at random.
        shuffle: Whether each epoch has an order of its own.
        repeat: Whether to go on for ever, each epoch different; if not, the dataset is the one
            epoch ``first_epoch``, the same each time it is read.
        drop_remainder: Whether to leave out an epoch's last, smaller batch.
        first_epoch: Number of the epoch to begin with.

    Raises:
        UserError: The folder has no pictures, a file is none, or there are too few for a batch.
    """
    items = _listed(source)
    _check(len(items), size, batch_size, drop_remainder)
    pictures = _Pictures(items, round(size * _JITTER) if augment else size)

    def square(index: Any, key: Any) -> Any:
        return _scale(pictures.crop(index, key, size) if augment else pictures.middle(index, size))

    return _batches(
        len(items),
        square,
        batch_size,
        seed,
        first_epoch,
        shuffle=shuffle,
        repeat=repeat,
        drop_remainder=drop_remainder,
    )


def style_dataset(
    photographs: StrPath | Sequence[StrPath | np.ndarray],
    squares: np.ndarray,
    size: int,
    batch_size: int,
    steps: int,
    *,
    seed: int,
    short_side: int = 256,
    first_epoch: int = 0,
) -> tf.data.Dataset:
    """Pairs for the style GAN, drawn at random for ever: a photograph and which painting to follow.

    Every element is a dictionary: ``photographs`` and ``paintings``, float32 (batch, size, size, 3)
    in [-1, 1], where a painting is a part of a square and half of all are mirrored; and ``squares``
    (batch,), the squares' indices, to look up the statistics of the whole squares. Taught in the
    chapter ``notebooks/style_gan``.

    Args:
        photographs: A folder, or a list of files and uint8 arrays (height, width, 3).
        squares: Squares of paintings, uint8 (n, side, side, 3), a side of ``size`` or more.
        size: Side of the crops, in pixels.
        batch_size: Pairs in a batch.
        steps: Batches in an epoch, of which each has random numbers of its own.
        seed: Seed of all that is drawn.
        short_side: What the photographs' short side is resized to, ``size`` or more.
        first_epoch: Number of the epoch to begin with.

    Raises:
        UserError: The folder has no pictures, a file is none, or a size does not fit.
    """
    _check_crops(size, min(short_side, squares.shape[1]))
    items = _listed(photographs)
    _check(len(items), size, batch_size, drop_remainder=False)
    pictures = _Pictures(items, short_side)
    with tf.device("CPU"):
        pool = tf.constant(squares)

    def pair(_: Any, key: Any) -> Any:
        which, photograph_key, painting_key = tf.unstack(tf.random.split(key, 3))
        photograph, square = tf.unstack(
            tf.random.stateless_uniform((2,), which, maxval=2**30, dtype=tf.int32)
        )
        square %= len(squares)
        return {
            "photographs": _scale(pictures.crop(photograph % len(items), photograph_key, size)),
            "paintings": _scale(_random_crop(pool[square], painting_key, size)),
            "squares": square,
        }

    return _batches(steps * batch_size, pair, batch_size, seed, first_epoch, shuffle=False)


def picture_dataset(
    pictures: StrPath | Sequence[StrPath | np.ndarray],
    spoil: Spoil,
    size: int,
    batch_size: int,
    steps: int,
    *,
    seed: int,
    short_side: int = 256,
    first_epoch: int = 0,
) -> tf.data.Dataset:
    """Pairs of a spoilt and a sound picture, drawn at random for ever, half of them mirrored.

    Every element is a dictionary: ``wanted``, float32 (batch, size, size, 3) in [-1, 1], and
    ``given``, float32, what ``spoil`` made of them. Taught in the chapter
    ``notebooks/restoration``.

    Args:
        pictures: A folder, or a list of files and uint8 arrays (height, width, 3).
        spoil: What makes the given picture of a crop: see ``Spoil``.
        size: Side of the crops, in pixels.
        batch_size: Pairs in a batch.
        steps: Batches in an epoch, of which each has random numbers of its own.
        seed: Seed of all that is drawn.
        short_side: What the pictures' short side is resized to, ``size`` or more.
        first_epoch: Number of the epoch to begin with.

    Raises:
        UserError: The folder has no pictures, a file is none, or a size does not fit.
    """
    _check_crops(size, short_side)
    items = _listed(pictures)
    _check(len(items), size, batch_size, drop_remainder=False)
    kept = _Pictures(items, short_side)
    shape = spoil(np.zeros((size, size, 3), np.uint8), np.random.default_rng(0)).shape

    def spoilt(crop: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        return spoil(crop, np.random.default_rng(seeds.astype(np.uint32)))

    def pair(_: Any, key: Any) -> Any:
        which, crop_key, spoil_key = tf.unstack(tf.random.split(key, 3))
        index = tf.random.stateless_uniform((), which, maxval=2**30, dtype=tf.int32)
        crop = kept.crop(index % len(items), crop_key, size)
        given = tf.numpy_function(spoilt, (crop, spoil_key), tf.float32)
        return {"given": tf.ensure_shape(given, shape), "wanted": _scale(crop)}

    return _batches(steps * batch_size, pair, batch_size, seed, first_epoch, shuffle=False)


def digit_dataset(
    images: np.ndarray,
    batch_size: int,
    *,
    seed: int,
    size: int = 28,
    repeat: bool = True,
    first_epoch: int = 0,
) -> tf.data.Dataset:
    """Shuffled batches of digits, float32 (batch, size, size, 1) in [-1, 1].

    An epoch is ``len(images) // batch_size`` batches, in an order of its own: give that number to
    ``fit`` as ``steps_per_epoch``. Taught in the chapter ``notebooks/digit_gan``.

    Args:
        images: uint8 (n, 28, 28, 1), as ``load_digits`` returns them.
        batch_size: Digits in a batch.
        seed: Seed of the order.
        size: Side in pixels; other than 28, the digits are resized.
        repeat: Whether to go on for ever, each epoch in another order; if not, the dataset is the
            one epoch ``first_epoch``, the same each time it is read.
        first_epoch: Number of the epoch to begin with.

    Raises:
        UserError: The array does not hold digits, or too few for a batch.
    """
    images = np.asarray(images)
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] != 1:
        raise UserError(
            f"Digits are uint8 of the shape (n, 28, 28, 1), not {images.dtype} of {images.shape}: "
            "pass the images of load_digits as they are."
        )
    _check(len(images), size, batch_size, drop_remainder=True)
    digits = tf.constant(images)
    resize = images.shape[1:3] != (size, size)

    def digit(index: Any, key: Any) -> Any:
        image = digits[index]
        if resize:
            image = tf.clip_by_value(
                tf.image.resize(image, (size, size), "bicubic", antialias=True), 0, 255
            )
        return _scale(image)

    return _batches(len(images), digit, batch_size, seed, first_epoch, repeat=repeat)


def labelled_dataset(
    images: np.ndarray,
    labels: np.ndarray,
    classes: int,
    batch_size: int,
    *,
    seed: int,
    first_epoch: int = 0,
) -> tf.data.Dataset:
    """Shuffled pairs without end: colour pictures, half of them mirrored, and one-hot labels.

    Batches are float32 (batch, height, width, 3) in [-1, 1] and float32 (batch, classes). An epoch
    is ``len(images) // batch_size`` of them, in an order of its own. Taught in the chapter
    ``notebooks/synthesis``.

    Args:
        images: uint8 (n, height, width, 3).
        labels: Class of each, counted from 0, (n,).
        classes: How many there are.
        batch_size: Pictures in a batch.
        seed: Seed of the order and the mirroring.
        first_epoch: Number of the epoch to begin with.

    Raises:
        UserError: If there are too few for a batch.
    """
    _check(len(images), 1, batch_size, drop_remainder=True)
    with tf.device("CPU"):
        pictures, answers = tf.constant(images), tf.constant(labels)

    def pair(index: Any, key: Any) -> Any:
        picture = tf.image.stateless_random_flip_left_right(pictures[index], key)
        return _scale(picture), tf.one_hot(answers[index], classes)

    return _batches(len(images), pair, batch_size, seed, first_epoch)


def _batches(
    count: int,
    make: Callable[[Any, Any], Any],
    batch_size: int,
    seed: int,
    first_epoch: int,
    *,
    shuffle: bool = True,
    repeat: bool = True,
    drop_remainder: bool = True,
) -> tf.data.Dataset:
    """Batches of ``make(index, key)``, with a random key for each index and epoch."""
    seed_key = tf.constant([seed, 0], tf.int64)

    def epoch(number: Any) -> tf.data.Dataset:
        order_key, picture_key = tf.unstack(tf.random.split(tf.random.fold_in(seed_key, number)))
        order = tf.range(count, dtype=tf.int64)
        if shuffle:
            order = tf.random.experimental.stateless_shuffle(order, order_key)
        return (
            tf.data.Dataset.from_tensor_slices(order)
            .map(
                lambda index: make(index, tf.random.fold_in(picture_key, index)),
                num_parallel_calls=tf.data.AUTOTUNE,
            )
            .batch(batch_size, drop_remainder=drop_remainder)
        )

    epochs = (
        tf.data.Dataset.counter(first_epoch)
        if repeat
        else tf.data.Dataset.range(first_epoch, first_epoch + 1)
    )
    steps = count // batch_size if drop_remainder else -(-count // batch_size)
    cardinality = tf.data.INFINITE_CARDINALITY if repeat else steps
    return (
        epochs.flat_map(epoch)
        .apply(tf.data.experimental.assert_cardinality(cardinality))
        .prefetch(tf.data.AUTOTUNE)
    )


def _listed(source: StrPath | Sequence[StrPath | np.ndarray]) -> list[StrPath | np.ndarray]:
    return list(list_images(source) if isinstance(source, str | os.PathLike) else source)


class _Pictures:
    """Pictures of any shape, resized to a short side, in one tensor."""

    def __init__(self, items: Sequence[StrPath | np.ndarray], short_side: int) -> None:
        with ThreadPoolExecutor() as pool:
            pictures = list(pool.map(lambda item: at_short_side(item, short_side), items))
        with tf.device("CPU"):  # a GPU's memory is for the networks
            self._shapes = tf.constant([picture.shape for picture in pictures], tf.int64)
            self._pixels = tf.constant(np.concatenate([picture.ravel() for picture in pictures]))
            self._ends = tf.cumsum(tf.reduce_prod(self._shapes, axis=1))

    def crop(self, index: Any, key: Any, size: int) -> Any:
        """A random square, uint8 (size, size, 3), mirrored or not."""
        return _random_crop(self._picture(index), key, size)

    def middle(self, index: Any, size: int) -> Any:
        """The square in the middle, uint8 (size, size, 3)."""
        picture, (height, width, _) = self._picture(index), tf.unstack(self._shapes[index])
        top, left = (height - size) // 2, (width - size) // 2
        return tf.ensure_shape(picture[top : top + size, left : left + size], (size, size, 3))

    def _picture(self, index: Any) -> Any:
        end, shape = self._ends[index], self._shapes[index]
        return tf.reshape(self._pixels[end - tf.reduce_prod(shape) : end], shape)


def _random_crop(picture: Any, key: Any, size: int) -> Any:
    crop_key, mirror_key = tf.unstack(tf.random.split(key))
    picture = tf.image.stateless_random_crop(picture, (size, size, 3), crop_key)
    picture = tf.image.stateless_random_flip_left_right(picture, mirror_key)
    return tf.ensure_shape(picture, (size, size, 3))


def _scale(pixels: Any) -> Any:
    return tf.cast(pixels, tf.float32) / 127.5 - 1.0


def _check_crops(size: int, side: int) -> None:
    if size > side:
        raise UserError(
            f"Crops of {size} pixels need pictures of as many or more, not of {side}: make the "
            "crops smaller."
        )


def _check(count: int, size: int, batch_size: int, drop_remainder: bool) -> None:
    if size < 1 or batch_size < 1:
        raise UserError(
            f"The size ({size}) and the batch size ({batch_size}) must be 1 or more: correct them."
        )
    if count < (batch_size if drop_remainder else 1):
        raise UserError(
            f"There are {count} pictures, too few for a batch of {batch_size}: add pictures or "
            "make the batch smaller."
        )

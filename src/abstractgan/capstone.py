"""The capstone's folder: one's own pictures in two parts, a run, and a list that ticks itself.

The list reads files and nothing else, so that it is right in the next session too.

Taught in the chapter ``notebooks/capstone``.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from abstractgan.data.images import StrPath, file_identity, list_images, load_image
from abstractgan.errors import UserError
from abstractgan.teaching import Checklist, Item
from abstractgan.training.runs import CONFIG, DISCRIMINATOR, LOG
from abstractgan.training.session import check_drive
from abstractgan.training.style import DECODER
from abstractgan.training.style_pictures import SQUARE

FEWEST = 4
"""Fewer pictures than these are not split: training and measuring need two each."""

ENOUGH = 12
"""A rule of thumb: how a decoder depends on the number of paintings was not measured."""

COPYING = 0.75
"""From this share of comparisons on, results count as copies: half way from chance to a copier.

The share of ``metrics.style.memorisation`` scatters where few pictures are held out.
"""

_EACH_HELD_OUT = 4  # one picture of so many


class Taken(NamedTuple):
    """What became of a folder of pictures.

    Attributes:
        training: How many are trained on.
        held_out: How many are kept for measuring.
        small: Names of those that are left out, as they are too small.
        copies: Names of those that are left out, as another has the same pixels.
    """

    training: int
    held_out: int
    small: list[str]
    copies: list[str]


@dataclass(frozen=True)
class Capstone:
    """A folder in which a style of one's own is trained, and the paths of what lies in it.

    Attributes:
        folder: Made by ``take``.

    Raises:
        UserError: If it is to lie on Colab's Drive, which is not mounted.
    """

    folder: Path

    def __post_init__(self) -> None:
        check_drive(self.folder)

    @property
    def training(self) -> Path:
        """The folder of pictures that are trained on."""
        return self.folder / "training"

    @property
    def held_out(self) -> Path:
        """The folder of pictures that are never trained on."""
        return self.folder / "held-out"

    @property
    def licence(self) -> Path:
        """The text that says whose the pictures are."""
        return self.folder / "licence.txt"

    @property
    def run(self) -> Path:
        """The folder of ``train_style``."""
        return self.folder / "run"

    @property
    def measures(self) -> Path:
        """What ``note`` wrote."""
        return self.folder / "measures.json"

    @property
    def picture(self) -> Path:
        """A photograph, repainted."""
        return self.folder / "repainted.png"

    @property
    def decoder(self) -> Path:
        """The decoder to keep."""
        return self.folder / "my-style.weights.h5"

    def take(self, pictures: StrPath) -> Taken:
        """Copy one's pictures here in two parts: some to train on, one in four to measure with.

        Too small ones and copies are left out. Which part a picture goes to, its pixels decide:
        called again with the same pictures, under whatever names, the split is the same.

        Args:
            pictures: A folder.

        Raises:
            UserError: If there is no such folder, it has fewer than ``FEWEST`` different pictures
                that are large enough, one can't be read, it is a part of this folder, or this
                folder can't be written, as on a Drive that is full.
        """
        source = Path(pictures)
        if self.folder.resolve() in (source.resolve(), *source.resolve().parents):
            raise UserError(
                f"'{source}' lies in the capstone's own folder: keep your pictures outside of it."
            )
        distinct: dict[str, Path] = {}
        small, copies = [], []
        for file in list_images(source):
            pixels = load_image(file)
            if min(pixels.shape[:2]) < SQUARE:
                small.append(file.name)
            elif distinct.setdefault(_digest(pixels), file) != file:
                copies.append(file.name)
        if len(distinct) < FEWEST:
            raise UserError(
                f"Of the pictures in '{source}', {len(distinct)} can be used, {len(small)} have "
                f"fewer than {SQUARE} pixels each way and {len(copies)} are copies: put in "
                f"{FEWEST} or more that can be used, better {ENOUGH}."
            )
        files = [distinct[digest] for digest in sorted(distinct)]
        kept = max(2, len(files) // _EACH_HELD_OUT)
        with _writing(self.folder):
            _fill(self.held_out, files[:kept])
            _fill(self.training, files[kept:])
        return Taken(len(files) - kept, kept, small, copies)

    def note(self, measures: Mapping[str, Any]) -> None:
        """Write down what was measured of the run's decoder, and which decoder that was.

        Args:
            measures: ``mine`` and ``untrained``, each with ``gram`` and ``structure`` on held-out
                pictures, and ``nearer`` of ``metrics.style.memorisation``.

        Raises:
            UserError: If the folder can't be written.
        """
        decoder = _sha256(self.run / DECODER)
        text = json.dumps({**measures, "decoder": decoder}, indent=2)
        with _writing(self.folder):
            self.measures.write_text(text + "\n", "utf-8")

    def checklist(self) -> Checklist:
        """All that has to be done, ticked by what the files say."""
        return Checklist(
            [
                Item(
                    "The pictures are found and large enough",
                    self._pictures_fit,
                    f"Name the folder of your pictures, {SQUARE} pixels each way or more.",
                ),
                Item(
                    f"There are {ENOUGH} of them or more",
                    lambda: len(self._pictures()) >= ENOUGH,
                    "Add pictures: a few are learned worse.",
                ),
                Item(
                    "None is in both parts",
                    self._parts_differ,
                    "Split them again: what is measured with must not be trained on.",
                ),
                Item(
                    "Their licence is noted",
                    lambda: bool(self.licence.read_text("utf-8").strip()),
                    "Write down who made them, and why you may train on them.",
                ),
                Item(
                    "The run is finished",
                    lambda: all((self.run / name).exists() for name in (DECODER, DISCRIMINATOR)),
                    "Train; after an interruption run the same cell again.",
                ),
                Item(
                    "Its log has no hole",
                    self._log_is_whole,
                    "Run the training's cell again: it goes on after its last whole epoch.",
                ),
                Item(
                    "The distance from the style has fallen",
                    self._gram_fell,
                    "Train longer, in another folder; if it rises, lower the learning rate.",
                ),
                Item(
                    "On held-out pictures it beats an untrained decoder",
                    self._beats_untrained,
                    "Measure; if it loses in style or in structure, train longer.",
                ),
                Item(
                    "It does not copy",
                    lambda: self._measured()["nearer"] < COPYING,
                    "Measure; if it copies, train on more pictures.",
                ),
                Item(
                    "A repainted photograph is saved",
                    lambda: np.ptp(load_image(self.picture)) > 0,
                    "Repaint one with your decoder.",
                ),
                Item(
                    "The decoder is kept",
                    lambda: _sha256(self.decoder) == _sha256(self.run / DECODER),
                    "Copy the run's decoder to where you keep it.",
                ),
            ]
        )

    def _pictures(self) -> list[Path]:
        return [*list_images(self.training), *list_images(self.held_out)]

    def _pictures_fit(self) -> bool:
        return all(min(load_image(file).shape[:2]) >= SQUARE for file in self._pictures())

    def _parts_differ(self) -> bool:
        parts = [
            {_digest(load_image(file)) for file in list_images(part)}
            for part in (self.training, self.held_out)
        ]
        return parts[0].isdisjoint(parts[1])

    def _log(self) -> list[dict[str, str]]:
        with (self.run / LOG).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _log_is_whole(self) -> bool:
        epochs = json.loads((self.run / CONFIG).read_text("utf-8"))["epochs"]
        return [int(row["epoch"]) for row in self._log()] == list(range(1, epochs + 1))

    def _gram_fell(self) -> bool:
        grams = [float(row["gram"]) for row in self._log()]
        return len(grams) > 1 and grams[-1] < grams[0]

    def _measured(self) -> dict[str, Any]:
        measures: dict[str, Any] = json.loads(self.measures.read_text("utf-8"))
        if measures["decoder"] != _sha256(self.run / DECODER):
            raise UserError(f"{self.measures} is about another decoder: measure again.")
        return measures

    def _beats_untrained(self) -> bool:
        measures = self._measured()
        mine, untrained = measures["mine"], measures["untrained"]
        return all(mine[name] < untrained[name] for name in ("gram", "structure"))


def _digest(pixels: np.ndarray) -> str:
    return hashlib.sha256(str(pixels.shape).encode() + pixels.tobytes()).hexdigest()


def _sha256(file: Path) -> str:
    return file_identity(file)["sha256"]


def _fill(folder: Path, files: list[Path]) -> None:
    """Make a folder that holds copies of these files, and nothing that was in it before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in files:
        shutil.copyfile(file, folder / file.name)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    """Answer with a sentence where the folder cannot take what is written into it."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        raise UserError(
            f"{place} can't be written ({error.strerror or error}): free some space, or give "
            "another folder, and run this cell again."
        ) from error

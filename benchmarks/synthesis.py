"""Does the generator copy? The nearest training painting of each invented one, in a table.

``python benchmarks/synthesis.py``, minutes on two cores. The same is asked of two other groups:
drawn paintings that were not trained on, and copies of training paintings, mirrored and with a
little noise, as a generator that copies would make them. The chapter ``notebooks/synthesis`` reads
the table.
"""

import csv
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.spatial.distance import cdist

from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.features import vgg16
from abstractgan.invent import Inventor
from abstractgan.metrics import style_vectors
from abstractgan.metrics.style import MEASURED
from abstractgan.networks import STYLE_LAYERS
from abstractgan.training.recorded import synthesis_run
from abstractgan.training.synthesis import HELD_OUT_SEED, drawn_paintings

TABLE = MEASURED.with_name("synthesis_neighbours.csv")
EACH = 20
"""Pictures of each movement in each group."""

COLUMNS = ("kind", "movement", "seed", "nearest_movement", "nearest_seed", "distance")
_PICTURES_AT_ONCE = 32


class Picture(NamedTuple):
    """A picture whose neighbour is looked for, and where it comes from."""

    kind: str
    movement: str
    seed: int
    pixels: np.ndarray


def pictures(size: int) -> Iterator[Picture]:
    """``EACH`` of each movement and group."""
    inventor = Inventor.load()
    for name in MOVEMENTS:
        for seed in range(EACH):
            yield Picture("invented", name, seed, inventor.invent(name, seed))
            later = HELD_OUT_SEED + seed
            yield Picture("held out", name, later, paint(name, later, size))
            yield Picture("copy", name, seed, noisy(paint(name, seed, size)[:, ::-1], seed))


def noisy(picture: np.ndarray, seed: int) -> np.ndarray:
    """With noise of four grey levels, the copier of ``notebooks/does_it_work``."""
    noise = np.random.default_rng(seed).normal(0, 4, picture.shape)
    return np.clip(picture + noise, 0, 255).astype("uint8")


def main() -> None:
    """Measure and write the table."""
    config = synthesis_run().config
    vgg, names = vgg16(STYLE_LAYERS), list(MOVEMENTS)
    trained, numbers = drawn_paintings(range(config["drawn"]), config["size"])
    known = style_vectors(vgg, trained, _PICTURES_AT_ONCE)
    asked = list(pictures(config["size"]))
    looked = style_vectors(vgg, np.stack([each.pixels for each in asked]), _PICTURES_AT_ONCE)
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for each, distances in zip(asked, cdist(looked, known), strict=True):
            nearest = int(distances.argmin())
            neighbour = (names[numbers[nearest]], nearest // len(names))
            writer.writerow([*each[:3], *neighbour, f"{distances[nearest]:.3f}"])


if __name__ == "__main__":
    main()

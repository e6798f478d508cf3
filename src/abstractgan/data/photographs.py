"""Eight photographs that scikit-image and scikit-learn carry, with their credits: no download.

The list is ``photographs.toml`` beside this module. Taught in the chapter ``notebooks/four_steps``.
"""

import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from abstractgan.data.images import load_image
from abstractgan.errors import UserError, check_choice


@dataclass(frozen=True)
class Photograph:
    """What to say about a photograph wherever it is shown.

    Attributes:
        name: The name to ask for.
        title: What it shows.
        credit: Who took it.
        licence: The terms that the carrying package states.
        source: Where that package took it from.
        package: The package that carries it.
        file: Its path inside the package.
    """

    name: str
    title: str
    credit: str
    licence: str
    source: str
    package: str
    file: str


PHOTOGRAPHS = {
    name: Photograph(name, **entry)
    for name, entry in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}
"""Every photograph, by name."""

HELD_OUT = ("astronaut", "chelsea", "coffee")
"""Photographs that restoration is never trained on."""


def photograph(name: str) -> np.ndarray:
    """Return a photograph by its name, as uint8 (height, width, 3).

    Args:
        name: One of ``PHOTOGRAPHS``.

    Raises:
        UserError: There is no photograph of that name.
    """
    check_choice(name, PHOTOGRAPHS, "photograph")
    chosen = PHOTOGRAPHS[name]
    # Looked up and not imported: importing scikit-learn takes seconds, and neither may download.
    spec = find_spec(chosen.package)
    if spec is None or spec.origin is None:
        raise UserError(f"The package '{chosen.package}' is missing: install abstractgan again.")
    return load_image(Path(spec.origin).parent / chosen.file)

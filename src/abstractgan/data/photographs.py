"""Eight photographs that scikit-image and scikit-learn carry, with their credits: no download.

Taught in the chapter ``notebooks/four_steps``.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from abstractgan.data.images import load_image
from abstractgan.errors import UserError


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


_ALL = (
    Photograph(
        "astronaut",
        "Eileen Collins, astronaut",
        "NASA",
        "public domain",
        "https://flic.kr/p/r9qvLn",
        "skimage",
        "data/astronaut.png",
    ),
    Photograph(
        "chelsea",
        "Chelsea the cat",
        "Stéfan van der Walt",
        "CC0",
        "https://github.com/scikit-image/scikit-image",
        "skimage",
        "data/chelsea.png",
    ),
    Photograph(
        "china",
        "A pavilion above a lake in China",
        "danielbuechele, Flickr",
        "CC BY 2.0",
        "https://www.flickr.com/photos/danielbuechele/6061409035/",
        "sklearn",
        "datasets/images/china.jpg",
    ),
    Photograph(
        "coffee",
        "A cup of coffee, courtesy of Pikolo Espresso Bar",
        "Rachel Michetti",
        "CC0",
        "https://github.com/scikit-image/scikit-image",
        "skimage",
        "data/coffee.png",
    ),
    Photograph(
        "flower",
        "A dahlia",
        "vultilion, Flickr",
        "CC BY 2.0",
        "https://www.flickr.com/photos/vultilion/6056698931/",
        "sklearn",
        "datasets/images/flower.jpg",
    ),
    Photograph(
        "hubble",
        "The Hubble eXtreme Deep Field",
        "NASA",
        "public domain",
        "http://hubblesite.org/newscenter/archive/releases/2012/37/image/a/",
        "skimage",
        "data/hubble_deep_field.jpg",
    ),
    Photograph(
        "retina",
        "The retina of a human eye",
        "Mikael Häggström",
        "CC0",
        "https://commons.wikimedia.org/wiki/File:Fundus_photograph_of_normal_left_eye.jpg",
        "skimage",
        "data/retina.jpg",
    ),
    Photograph(
        "rocket",
        "The launch of DSCOVR on a Falcon 9",
        "SpaceX",
        "public domain",
        "https://www.flickr.com/photos/spacexphotos/16511594820/",
        "skimage",
        "data/rocket.jpg",
    ),
)

PHOTOGRAPHS = {photograph.name: photograph for photograph in _ALL}
"""Every photograph, by name."""

HELD_OUT = ("astronaut", "chelsea", "coffee")
"""Photographs that restoration is never trained on."""


def photograph(name: str) -> np.ndarray:
    """Return a photograph by its name, as uint8 (height, width, 3).

    Raises:
        UserError: There is no photograph of that name.
    """
    if name not in PHOTOGRAPHS:
        raise UserError(f"There is no photograph '{name}': choose one of {', '.join(PHOTOGRAPHS)}.")
    chosen = PHOTOGRAPHS[name]
    # Looked up and not imported: importing scikit-learn takes seconds, and neither may download.
    spec = find_spec(chosen.package)
    if spec is None or spec.origin is None:
        raise UserError(f"The package '{chosen.package}' is missing: install abstractgan again.")
    return load_image(Path(spec.origin).parent / chosen.file)

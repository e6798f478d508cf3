"""Abstract pictures drawn by code, in the manner of fourteen movements, at any size.

Taught in the chapter ``notebooks/paintings``.
"""

from __future__ import annotations

import operator
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from abstractgan.data.paintings import (
    action_painting,
    bauhaus,
    biomorphism,
    colour_field,
    constructivism,
    cubism,
    hard_edge,
    magic_squares,
    neoplasticism,
    op_art,
    orphism,
    rayonism,
    suprematism,
    tachisme,
)
from abstractgan.data.paintings.canvas import Canvas
from abstractgan.errors import UserError, check_choice

SMALLEST, LARGEST = 16, 4096
"""Limits of ``size``, in pixels."""


@dataclass(frozen=True)
class Movement:
    """A movement of abstract art and the painter that works in its manner.

    Attributes:
        name: the key in ``MOVEMENTS`` and on the command line.
        title: the name as one would print it on a label.
        years: when the movement was young.
        sentence: one sentence of art history.
        painter: draws one picture on a canvas, all its choices taken from the generator.
    """

    name: str
    title: str
    years: str
    sentence: str
    painter: Callable[[Canvas, Generator], None]


_ALL = (
    Movement(
        "cubism",
        "Analytic Cubism",
        "1909-1912",
        "In Paris, Georges Braque and Pablo Picasso broke still lifes and figures into small "
        "facets, seen from several sides, and all but gave up colour.",
        cubism.paint,
    ),
    Movement(
        "orphism",
        "Orphism",
        "1912-1914",
        "Guillaume Apollinaire gave this name in 1912 to a painting of pure colour contrasts, "
        "of which Robert Delaunay and František Kupka became the best known masters.",
        orphism.paint,
    ),
    Movement(
        "rayonism",
        "Rayonism",
        "1912-1914",
        "In Moscow, Mikhail Larionov and Natalia Goncharova set out to paint, not objects, "
        "but the rays of light reflected from them.",
        rayonism.paint,
    ),
    Movement(
        "suprematism",
        "Suprematism",
        "1915-1920",
        "Kazimir Malevich showed his first suprematist pictures, the Black Square among them, "
        "in Petrograd in December 1915.",
        suprematism.paint,
    ),
    Movement(
        "neoplasticism",
        "Neoplasticism",
        "1917-1940",
        "Piet Mondrian, who wrote for the Dutch magazine De Stijl from 1917, reduced painting "
        "to right angles, the three primary colours, and black, grey and white.",
        neoplasticism.paint,
    ),
    Movement(
        "constructivism",
        "Constructivism",
        "1921-1932",
        "The constructivists, who formed a group in Moscow in 1921 around Alexander Rodchenko "
        "and Varvara Stepanova, put geometry to work in posters, books and design.",
        constructivism.paint,
    ),
    Movement(
        "bauhaus",
        "Bauhaus",
        "1922-1933",
        "Wassily Kandinsky taught at the Bauhaus from 1922 and published Point and Line to "
        "Plane, on the forces in these elements, there in 1926.",
        bauhaus.paint,
    ),
    Movement(
        "magic-squares",
        "Magic squares",
        "1923-1936",
        "Paul Klee, a violinist before he was a painter, built a long series of pictures from "
        "uneven grids of coloured squares, composed almost like music.",
        magic_squares.paint,
    ),
    Movement(
        "biomorphism",
        "Biomorphism",
        "1925-1950",
        "Hans Arp and Joan Miró let forms grow like cells, stones and seeds, between "
        "surrealism and pure abstraction.",
        biomorphism.paint,
    ),
    Movement(
        "action-painting",
        "Action painting",
        "1947-1953",
        "Jackson Pollock poured and flung paint on canvas laid on the floor from 1947 on, and "
        "the critic Harold Rosenberg coined the term action painting in 1952.",
        action_painting.paint,
    ),
    Movement(
        "tachisme",
        "Tachisme",
        "1947-1960",
        "In post-war Paris, Georges Mathieu, Hans Hartung and others made the gesture of the "
        "brush itself the subject; the name comes from tache, the French word for a stain.",
        tachisme.paint,
    ),
    Movement(
        "colour-field",
        "Colour field",
        "1949-1970",
        "From about 1949 Mark Rothko painted soft-edged rectangles of thin colour, one above "
        "the other, on canvases large enough to surround whoever stands before them.",
        colour_field.paint,
    ),
    Movement(
        "hard-edge",
        "Hard edge",
        "1959-1970",
        "The critic Jules Langsner introduced the name in 1959 for Californian painters who "
        "set flat areas of colour against each other in clean edges.",
        hard_edge.paint,
    ),
    Movement(
        "op-art",
        "Op art",
        "1960-1970",
        "The exhibition The Responsive Eye, at the Museum of Modern Art in New York in 1965, "
        "brought the optical pictures of Bridget Riley and Victor Vasarely before a wide "
        "public.",
        op_art.paint,
    ),
)
MOVEMENTS: dict[str, Movement] = {movement.name: movement for movement in _ALL}
"""The movements by their names, in the order of their years."""


def paint(movement: str, seed: int, size: int = 256) -> NDArray[np.uint8]:
    """Draw one picture.

    The same movement and seed give the same composition at every size, and the same bytes when
    repeated. Taught in the chapter ``notebooks/paintings``.

    Args:
        movement: a key of ``MOVEMENTS``.
        seed: which picture of that movement, 0 or more.
        size: width and height in pixels, 16 to 4096.

    Returns:
        uint8 array (size, size, 3), sRGB.

    Raises:
        UserError: the movement is unknown, the seed is not a whole number of 0 or more, or the
            size is out of range.
    """
    check_choice(movement, MOVEMENTS, "movement")
    number = _whole(seed)
    if number is None or number < 0:
        raise UserError(f"The seed is {seed!r}; give a whole number of 0 or more.")
    pixels = _whole(size)
    if pixels is None or not SMALLEST <= pixels <= LARGEST:
        raise UserError(
            f"The size is {size!r}; give a whole number of pixels from {SMALLEST} to {LARGEST}."
        )
    rng = np.random.default_rng([zlib.crc32(movement.encode()), number])
    canvas = Canvas(pixels, rng)
    MOVEMENTS[movement].painter(canvas, rng)
    return canvas.finish()


def _whole(value: object) -> int | None:
    """The value as an int, None when it is not a whole number (a bool is not)."""
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None

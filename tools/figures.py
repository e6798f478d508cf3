"""Redraw every drawn figure of the book, or those named: python tools/figures.py [NAME ...]."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from abstractgan.data.damage import damage
from abstractgan.data.degrade import add_noise
from abstractgan.data.images import centre_square
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import photograph
from abstractgan.enhance import Enhancer
from abstractgan.invent import Inventor
from abstractgan.restore import Restorer
from abstractgan.stylize import Stylizer
from abstractgan.training.enhancement import SIGMA
from abstractgan.training.recorded import digit_run
from abstractgan.training.style_pictures import SQUARE

BOOK = Path(__file__).resolve().parent.parent / "book"
MAX_BYTES = 250_000

WALL, INK, SHADOW = (238, 236, 231), (60, 58, 54), (120, 115, 106)

# The seed of each movement's picture on the contact sheet, chosen by eye.
SHOWN = {
    "cubism": 5,
    "orphism": 1,
    "rayonism": 5,
    "suprematism": 5,
    "neoplasticism": 9,
    "constructivism": 3,
    "bauhaus": 7,
    "magic-squares": 2,
    "biomorphism": 6,
    "action-painting": 5,
    "tachisme": 3,
    "colour-field": 3,
    "hard-edge": 7,
    "op-art": 4,
}

# Movements and seeds of invented paintings, chosen by eye.
INVENTED = [
    ("suprematism", 0),
    ("neoplasticism", 1),
    ("hard-edge", 2),
    ("colour-field", 6),
    ("biomorphism", 6),
    ("tachisme", 1),
]

# Paintings that the style GAN was not trained on: it saw seeds 0 to 19 of each movement.
NEVER_TRAINED_ON = [("orphism", 22), ("rayonism", 24), ("op-art", 30), ("magic-squares", 28)]


def hang(wall: Image.Image, movement: str, seed: int, size: int, left: int, top: int) -> None:
    """Hang one picture on the wall, with its shadow."""
    shade = Image.new("L", wall.size)
    ImageDraw.Draw(shade).rectangle((left, top, left + size + 3, top + size + 5), fill=150)
    wall.paste(SHADOW, mask=shade.filter(ImageFilter.GaussianBlur(5)))
    wall.paste(Image.fromarray(paint(movement, seed, size)), (left, top))


def contact_sheet() -> Image.Image:
    """One picture of every movement, with its title."""
    columns, size, gap, line = 7, 192, 30, 26
    rows = -(-len(MOVEMENTS) // columns)
    width = columns * (size + gap) + gap
    wall = Image.new("RGB", (width, rows * (size + gap + line) + gap), WALL)
    for place, movement in enumerate(MOVEMENTS.values()):
        row, column = divmod(place, columns)
        left, top = gap + column * (size + gap), gap + row * (size + gap + line)
        hang(wall, movement.name, SHOWN[movement.name], size, left, top)
        spot = (left + size / 2, top + size + 12)
        font = ImageFont.load_default(17)
        ImageDraw.Draw(wall).text(spot, movement.title, fill=INK, font=font, anchor="ma")
    return wall


def row(pictures: Sequence[np.ndarray], size: int, gap: int = 20) -> Image.Image:
    """Pictures of any size, side by side on the wall."""
    wall = Image.new("RGB", (len(pictures) * (size + gap) + gap, size + 2 * gap), WALL)
    for place, picture in enumerate(pictures):
        shown = Image.fromarray(picture).resize((size, size), Image.Resampling.BICUBIC)
        wall.paste(shown, (gap + place * (size + gap), gap))
    return wall


def repainted(
    photograph_name: str, shown: Sequence[tuple[str, int]], size: int = 304
) -> Image.Image:
    """A photograph, and beside it what the style GAN makes of it, each with its painting."""
    photo = centre_square(photograph(photograph_name), size)
    stylizer = Stylizer.load()
    gap, small = 20, size // 3
    paintings = [paint(movement, seed, SQUARE) for movement, seed in shown]
    results = [stylizer.stylize(photo, stylizer.style(painting)) for painting in paintings]
    wall = row([photo, *results], size, gap)
    for place, painting in enumerate(paintings, start=1):
        right = gap + place * (size + gap) + size
        inset = Image.fromarray(painting).resize((small, small), Image.Resampling.LANCZOS)
        corner = (right - small, gap + size - small)
        wall.paste(WALL, (corner[0] - 4, corner[1] - 4, right, gap + size))
        wall.paste(inset, corner)
    return wall


def invented(shown: Sequence[tuple[str, int]], size: int = 192) -> Image.Image:
    """Paintings that the generator of the recorded run has invented, 64 pixels each."""
    inventor = Inventor.load()
    return row([inventor.invent(movement, seed) for movement, seed in shown], size)


def mended(size: int = 304) -> Image.Image:
    """A torn and scratched photograph and what is restored of it; a noisy one, and it denoised."""
    coffee, cat = (centre_square(photograph(name), size) for name in ("coffee", "chelsea"))
    torn, mask = damage(coffee, ("scratches", "torn corner"), 1)
    noisy = add_noise(cat, SIGMA, np.random.default_rng(0))
    clean = Enhancer.load("denoising").enhance(noisy)
    return row([torn, Restorer.load().restore(torn, mask), noisy, clean], size)


def digits() -> Image.Image:
    """Eighty digits of the recorded run's last sample grid, in five rows."""
    run = digit_run()
    grid = run.samples[max(run.samples)][..., 0]
    tiles = grid.reshape(8, 28, 10, 28).swapaxes(1, 2).reshape(5, 16, 28, 28)
    picture = Image.fromarray(tiles.swapaxes(1, 2).reshape(5 * 28, 16 * 28))
    return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)


def card() -> Image.Image:
    """What other sites show of the course beside a link: of the size that they ask for."""
    wall = Image.new("RGB", (1200, 630), WALL)
    pictures = repainted("astronaut", NEVER_TRAINED_ON[:2], size=373)
    wall.paste(pictures, ((wall.width - pictures.width) // 2, 10))
    draw = ImageDraw.Draw(wall)
    for top, size, line in (
        (440, 62, "GAN-based abstract-art style transfer"),
        (535, 34, "A course you can run"),
    ):
        draw.text((32, top), line, fill=INK, font=ImageFont.load_default(size))
    return wall


FIGURES: dict[str, Callable[[], Image.Image]] = {
    "assets/images/card.jpg": card,
    "figures/contact-sheet.jpg": contact_sheet,
    "figures/digits.png": digits,
    "figures/invented.jpg": partial(invented, INVENTED),
    "figures/mended.jpg": mended,
    "figures/repainted-astronaut.jpg": partial(repainted, "astronaut", NEVER_TRAINED_ON),
    "figures/repainted-coffee.jpg": partial(repainted, "coffee", NEVER_TRAINED_ON),
}


def main() -> None:
    """Draw the figures and say how large the file of each is."""
    for name, draw in FIGURES.items():
        path = BOOK / name
        if sys.argv[1:] and path.stem not in sys.argv[1:]:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        draw().save(path, quality=85)
        size = path.stat().st_size
        print(f"{name}: {size / 1000:.0f} kB")
        if size > MAX_BYTES:
            raise SystemExit(f"{name} has more than {MAX_BYTES} bytes; lower its size or quality.")


if __name__ == "__main__":
    main()

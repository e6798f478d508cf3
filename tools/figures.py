"""Redraw every drawn figure of the book into ``book/figures/``: python tools/figures.py."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.training.recorded import digit_run

FOLDER = Path(__file__).resolve().parent.parent / "book" / "figures"
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


def hero() -> Image.Image:
    """Six pictures in a row, their middles at one height."""
    row = [
        ("magic-squares", 2, 200),
        ("suprematism", 1, 250),
        ("colour-field", 9, 190),
        ("orphism", 6, 300),
        ("tachisme", 3, 190),
        ("bauhaus", 7, 250),
    ]
    wall = Image.new("RGB", (1600, 400), WALL)
    gap = (wall.width - sum(size for _, _, size in row)) // (len(row) + 1)
    left = gap
    for movement, seed, size in row:
        hang(wall, movement, seed, size, left, (wall.height - size) // 2)
        left += size + gap
    return wall


def digits() -> Image.Image:
    """Eighty digits of the recorded run's last sample grid, in five rows."""
    run = digit_run()
    grid = run.samples[max(run.samples)][..., 0]
    tiles = grid.reshape(8, 28, 10, 28).swapaxes(1, 2).reshape(5, 16, 28, 28)
    picture = Image.fromarray(tiles.swapaxes(1, 2).reshape(5 * 28, 16 * 28))
    return picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)


FIGURES: dict[str, Callable[[], Image.Image]] = {
    "contact-sheet.jpg": contact_sheet,
    "digits.png": digits,
    "hero.jpg": hero,
}


def main() -> None:
    """Draw every figure and say how large its file is."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, draw in FIGURES.items():
        draw().save(FOLDER / name, quality=85)
        size = (FOLDER / name).stat().st_size
        print(f"{name}: {size / 1000:.0f} kB")
        if size > MAX_BYTES:
            raise SystemExit(f"{name} has more than {MAX_BYTES} bytes; lower its size or quality.")


if __name__ == "__main__":
    main()

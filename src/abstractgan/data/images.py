"""Reading, writing and scaling pictures: uint8 at the edges, float32 in [-1, 1] inside."""

import hashlib
import io
import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from abstractgan.errors import UserError

StrPath = str | os.PathLike[str]
"""A path, as a text or an object."""

MAX_PIXELS = 80_000_000
"""Larger pictures are refused before they are decoded."""

SMALLEST = 16
"""Pictures that VGG is to look at have at least so many pixels each way."""

READABLE = {
    ".bmp": "BMP",
    ".gif": "GIF",
    ".jpeg": "JPEG",
    ".jpg": "JPEG",
    ".png": "PNG",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".webp": "WEBP",
}
"""The suffixes that mark a picture in a folder, and their formats."""

WRITABLE = {suffix: name for suffix, name in READABLE.items() if name != "GIF"}
"""The suffixes that a picture can be saved under: GIF would lose colours."""

_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LONGEST = 4  # a strip is cut to this many times its short side
_SAVE_OPTIONS = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"quality": 95}}


def to_float(images: ArrayLike) -> np.ndarray:
    """Scale uint8 pixels from 0 ... 255 to float32 in [-1, 1], in any shape.

    Args:
        images: uint8, an array or what makes one.

    Raises:
        UserError: The pixels are not uint8; scaling twice is a common slip.
    """
    pixels = np.asarray(images)
    if pixels.dtype != np.uint8:
        raise UserError(
            f"to_float expects uint8 pixels from 0 to 255, not {pixels.dtype}: pass the images as "
            "they were loaded, and scale them only once."
        )
    return pixels.astype(np.float32) / np.float32(127.5) - np.float32(1)


def to_uint8(images: ArrayLike) -> np.ndarray:
    """Scale floats in [-1, 1] to uint8 pixels, rounded and clipped, in any shape.

    Args:
        images: Floats; what lies beyond -1 or 1 is cut off.

    Raises:
        UserError: A value is NaN, as in the output of a network that diverged.
    """
    pixels = np.asarray(images, dtype=np.float32)
    if np.isnan(pixels).any():
        raise UserError(
            "The images contain NaN, so the network that made them has diverged: "
            "go back to an earlier checkpoint or train with a smaller learning rate."
        )
    return np.clip(np.rint((pixels + 1) * 127.5), 0, 255).astype(np.uint8)


def load_image(path: StrPath) -> np.ndarray:
    """Read a picture of any common kind as uint8 (height, width, 3).

    The camera's orientation (EXIF) is applied. Grey, palette, CMYK and 16-bit pictures become RGB,
    transparency is laid on white, and of an animation the first frame is read.

    Args:
        path: The file.

    Raises:
        UserError: There is no such file, or it is a folder, not a picture, damaged, or has more
            than `MAX_PIXELS`.
    """
    if os.path.isdir(path):
        raise UserError(f"'{path}' is a folder: give the path of one picture.")
    if not os.path.isfile(path):
        raise UserError(f"There is no file '{path}': check the path and the spelling.")
    too_large = UserError(
        f"'{path}' has more than {MAX_PIXELS // 1_000_000} million pixels: "
        "make a smaller copy and use that."
    )
    try:
        with Image.open(path, formats=sorted(set(READABLE.values()))) as image:
            if image.width * image.height > MAX_PIXELS:
                raise too_large
            return np.array(_to_rgb(_upright(image)))
    except (UserError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise too_large from error
    except UnidentifiedImageError as error:
        raise UserError(
            f"'{path}' is not a picture that can be read: convert it to PNG or JPEG, or remove it."
        ) from error
    except PermissionError as error:
        raise UserError(f"'{path}' may not be read: change its permissions.") from error
    except Exception as error:  # Pillow's decoders raise many kinds on damaged files
        raise UserError(
            f"'{path}' cannot be decoded and may be damaged: replace it with a whole copy, "
            "or save it again as an ordinary PNG."
        ) from error


def _upright(image: Image.Image) -> Image.Image:
    # PIL.ImageOps.exif_transpose writes the EXIF data anew, and fails where a camera's are odd.
    image.load()
    method = _TRANSPOSITIONS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    return image if method is None else image.transpose(method)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        raise ValueError("floating-point pixels have no fixed range")
    if image.mode.startswith("I"):  # 16-bit grey, which Pillow would clip instead of scale
        grey = np.array(image, dtype=np.int32)  # in place: a large picture is to fit in memory
        np.clip(grey, 0, 65535, out=grey)
        grey += 128
        grey //= 257
        return Image.fromarray(grey.astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def save_image(image: np.ndarray, path: StrPath) -> None:
    """Write a picture, in the format that the path's suffix names.

    The file appears only when it is whole. One of the same name is replaced, and kept if writing
    fails.

    Args:
        image: uint8 (height, width, 3), or (height, width, 1) or (height, width) for grey.
        path: Where to; the folder must exist.

    Raises:
        UserError: The array is not an image, the suffix is unknown, or the file cannot be written.
    """
    path = Path(path)
    format_name = check_output(path)
    image = np.asarray(image)
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[..., 0]
    is_picture = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    if image.dtype != np.uint8 or not is_picture or image.size == 0:
        raise UserError(
            f"A picture to save is uint8 of the shape (height, width, 3), not {image.dtype} of "
            f"{image.shape}: convert floats with to_uint8, and take one image of a batch."
        )
    encoded = io.BytesIO()
    try:
        Image.fromarray(image).save(encoded, format_name, **_SAVE_OPTIONS.get(format_name, {}))
    except (OSError, ValueError) as error:
        raise UserError(
            f"'{path}' cannot hold a picture of {image.shape[1]} x {image.shape[0]} pixels: "
            "save it as PNG, or make it smaller."
        ) from error
    _write_whole(path, encoded.getbuffer())


def check_output(path: StrPath) -> str:
    """Check, before a picture is made, that it could be saved there; return the format's name.

    Args:
        path: Where the picture is to go.

    Raises:
        UserError: The suffix is unknown, there is no such folder, or the path is a folder.
    """
    path = Path(path)
    format_name = WRITABLE.get(path.suffix.lower())
    if format_name is None:
        raise UserError(f"'{path}' needs another ending: choose one of {', '.join(WRITABLE)}.")
    if not os.path.isdir(path.parent):
        raise UserError(f"There is no folder '{path.parent}': create it, or choose another path.")
    if os.path.isdir(path):
        raise UserError(f"'{path}' is a folder: choose another name for the picture.")
    return format_name


def check_not_read(outputs: Iterable[StrPath], read: Iterable[StrPath]) -> None:
    """Refuse outputs that would replace what they are made from.

    Args:
        outputs: The paths that are to be written.
        read: The paths that are read.

    Raises:
        UserError: If one is a file that is read, by whatever path.
    """
    sources = {_identity(path) for path in read if os.path.exists(path)}
    for path in outputs:
        if os.path.exists(path) and _identity(path) in sources:
            raise UserError(f"'{path}' would replace what it is made from: choose another name.")


def _identity(path: StrPath) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def convert_file(
    source: StrPath, output: StrPath, load: Callable[[], Callable[[np.ndarray], np.ndarray]]
) -> None:
    """Make one picture's file of another's; a file of the output's name is replaced.

    Args:
        source: What to read.
        output: What to write.
        load: Called once all checks are passed, for what makes the one picture of the other.

    Raises:
        UserError: If one of the files is unusable.
    """
    check_output(output)
    check_not_read([output], [source])
    picture = load_image(source)
    save_image(load()(picture), output)


def _write_whole(path: Path, data: memoryview) -> None:
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        try:
            part.write_bytes(data)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            f"'{path}' cannot be written ({error.strerror}): choose a folder that you may write to "
            "and that has room."
        ) from error


def check_picture(image: ArrayLike, what: str = "picture") -> np.ndarray:
    """An array that is a picture in colour, as it is.

    Args:
        image: Should be uint8 (height, width, 3).
        what: What to call it.

    Raises:
        UserError: If it is none.
    """
    pixels = np.asarray(image)
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
        raise UserError(
            f"A {what} is uint8 of the shape (height, width, 3), not {pixels.dtype} of "
            f"{pixels.shape}: convert floats with to_uint8, and take one image of a batch."
        )
    return pixels


def centre_square(picture: np.ndarray, side: int) -> np.ndarray:
    """The largest square in the middle of a picture, resized: uint8 (side, side, 3).

    Args:
        picture: uint8 (height, width, 3).
        side: In pixels.
    """
    square = ImageOps.fit(Image.fromarray(picture), (side, side), Image.Resampling.LANCZOS)
    return np.asarray(square)


def resized(
    picture: np.ndarray, size: tuple[int, int], method: Image.Resampling = Image.Resampling.LANCZOS
) -> np.ndarray:
    """A picture of another size; one that has the size already is given back as it is.

    Args:
        picture: uint8 (height, width, 3), or float32 (height, width).
        size: Width and height in pixels.
        method: How pixels are made of others.
    """
    if picture.shape[1::-1] == size:
        return picture
    return np.asarray(Image.fromarray(picture).resize(size, method))


def at_short_side(item: StrPath | np.ndarray, short_side: float) -> np.ndarray:
    """A picture, decoded if it is a file, cut if it is a strip, and resized to a short side.

    Args:
        item: A picture's file, or uint8 (height, width, 3).
        short_side: In pixels.

    Returns:
        uint8 (height, width, 3); the long side is at most four times the short one.

    Raises:
        UserError: The file is no picture, or the array is not uint8 (height, width, 3).
    """
    picture = load_image(item) if isinstance(item, str | os.PathLike) else check_picture(item)
    height, width = picture.shape[:2]
    longest = _LONGEST * min(height, width)
    top, left = max(0, height - longest) // 2, max(0, width - longest) // 2
    picture = picture[top : top + longest, left : left + longest]
    height, width = picture.shape[:2]
    scale = short_side / min(height, width)
    least = round(short_side)
    return resized(picture, (max(least, round(width * scale)), max(least, round(height * scale))))


def list_images(folder: StrPath) -> list[Path]:
    """Return the pictures that lie directly in a folder, sorted by name; hidden files are left out.

    Args:
        folder: Where they lie.

    Raises:
        UserError: There is no such folder, or it has no pictures.
    """
    if not os.path.isdir(folder):
        raise UserError(f"There is no folder '{folder}': give the path of a folder with pictures.")
    try:
        files = sorted(Path(folder).iterdir())
    except OSError as error:
        raise UserError(
            f"The folder '{folder}' cannot be read ({error.strerror}): change its permissions."
        ) from error
    found = [
        file
        for file in files
        if file.suffix.lower() in READABLE and not file.name.startswith(".") and file.is_file()
    ]
    if not found:
        raise UserError(
            f"There are no pictures in '{folder}': put some in, with a name that ends in one of "
            f"{', '.join(READABLE)}."
        )
    return found


def file_identity(file: Path) -> dict[str, str]:
    """Name and SHA-256 of a file that is trained on, for a run's record.

    Args:
        file: The file.
    """
    return {"name": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}

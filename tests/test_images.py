import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from abstractgan.data.images import (
    MAX_PIXELS,
    WRITABLE,
    list_images,
    load_image,
    save_image,
    to_float,
    to_uint8,
)
from abstractgan.errors import UserError

# One row of four colours over one of another four: every turn and mirror image of it is different.
COLOURS = np.array(
    [
        [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]],
        [[0, 0, 0], [255, 255, 0], [0, 255, 255], [255, 0, 255]],
    ],
    dtype=np.uint8,
)


def write_png(path: Path, width: int, height: int) -> Path:
    """Write a whole black one-bit PNG row by row, without holding its pixels."""
    packer = zlib.compressobj()
    row = bytes(1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )
    return path


def refusal(path: Path | str) -> str:
    with pytest.raises(UserError) as caught:
        load_image(path)
    return str(caught.value)


# --- scaling -------------------------------------------------------------------------------------


def test_every_uint8_value_survives_the_way_to_float_and_back():
    pixels = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    floats = to_float(pixels)
    assert floats.dtype == np.float32
    assert (floats.min(), floats.max()) == (-1, 1)
    np.testing.assert_array_equal(to_uint8(floats), pixels)


def test_to_uint8_rounds_and_clips():
    # (x + 1) * 127.5: -3 -> -255, -1 -> 0, 0 -> 127.5 (to even: 128), 0.0039 -> 127.997, 7 -> 1020
    np.testing.assert_array_equal(to_uint8([-3, -1, 0, 0.0039, 1, 7]), [0, 0, 128, 128, 255, 255])
    np.testing.assert_array_equal(to_uint8([-np.inf, np.inf]), [0, 255])


def test_scaling_twice_and_nan_are_answered_with_advice():
    with pytest.raises(UserError, match="only once"):
        to_float(to_float(COLOURS))
    with pytest.raises(UserError, match="diverged"):
        to_uint8([0.0, np.nan])


# --- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tif", ".tiff"])
def test_colours_come_back_exactly(tmp_path, suffix):
    path = tmp_path / f"colours{suffix}"
    save_image(COLOURS, path)
    loaded = load_image(path)
    assert loaded.dtype == np.uint8
    np.testing.assert_array_equal(loaded, COLOURS)
    loaded[:] = 0  # the caller's own


@pytest.mark.parametrize("suffix", [".jpg", ".JPEG", ".webp"])
def test_lossy_formats_come_back_nearly(tmp_path, suffix):
    smooth = np.broadcast_to(np.linspace(0, 255, 64, dtype=np.uint8)[:, None, None], (64, 64, 3))
    path = tmp_path / f"ramp{suffix}"
    save_image(smooth, path)
    assert np.abs(load_image(path).astype(int) - smooth).max() <= 8


# What a camera held in each of the eight ways stores, so that the upright picture is COLOURS.
STORED = {
    1: COLOURS,
    2: COLOURS[:, ::-1],
    3: COLOURS[::-1, ::-1],
    4: COLOURS[::-1],
    5: COLOURS.transpose(1, 0, 2),
    6: np.rot90(COLOURS, 1),
    7: COLOURS[::-1, ::-1].transpose(1, 0, 2),
    8: np.rot90(COLOURS, -1),
}


@pytest.mark.parametrize("suffix", [".png", ".tif", ".webp"])
@pytest.mark.parametrize("orientation", STORED)
def test_the_cameras_orientation_is_applied(tmp_path, orientation, suffix):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"turned{suffix}"
    Image.fromarray(np.ascontiguousarray(STORED[orientation])).save(path, exif=exif, lossless=True)
    np.testing.assert_array_equal(load_image(path), COLOURS)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_odd_camera_data_do_not_spoil_a_good_picture(tmp_path):
    directory = struct.pack("<H", 2)
    directory += struct.pack("<HHI4s", 0x0112, 3, 1, b"\6\0\0\0")  # orientation 6
    directory += struct.pack("<HHI4s", 0x011A, 2, 4, b"abc\0")  # a resolution that is a word
    odd = tmp_path / "odd.png"
    stored = Image.fromarray(np.ascontiguousarray(STORED[6]))
    stored.save(odd, exif=b"Exif\0\0II*\0\x08\0\0\0" + directory + bytes(4))
    np.testing.assert_array_equal(load_image(odd), COLOURS)

    garbage = tmp_path / "garbage.png"
    Image.fromarray(COLOURS).save(garbage, exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xffgarbage")
    np.testing.assert_array_equal(load_image(garbage), COLOURS)


@pytest.mark.parametrize("mode", ["1", "L"])
def test_grey_and_black_and_white(tmp_path, mode):
    grey = np.array([[0, 255, 255], [255, 0, 0]], dtype=np.uint8)
    Image.fromarray(grey).convert(mode).save(tmp_path / "grey.png")
    np.testing.assert_array_equal(
        load_image(tmp_path / "grey.png"), np.repeat(grey[..., None], 3, axis=2)
    )


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_16_bit_grey_is_scaled_and_not_clipped(tmp_path, suffix):
    deep = np.array([[0, 257, 32896, 65535]], dtype=np.uint16)
    Image.fromarray(deep).save(tmp_path / f"deep{suffix}")
    np.testing.assert_array_equal(load_image(tmp_path / f"deep{suffix}")[0, :, 0], [0, 1, 128, 255])


def test_16_bit_colour(tmp_path):
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    pixel = struct.pack(">HHH", 65535, 32896, 257)
    (tmp_path / "deep.png").write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(b"\0" + pixel))
        + chunk(b"IEND", b"")
    )
    np.testing.assert_array_equal(load_image(tmp_path / "deep.png"), [[[255, 128, 1]]])


def test_transparency_is_laid_on_white(tmp_path):
    rgba = np.array([[[255, 0, 0, 255], [255, 0, 0, 0], [0, 0, 0, 51]]], dtype=np.uint8)
    Image.fromarray(rgba).save(tmp_path / "rgba.png")
    # 51 / 255 of black on white: 255 * 0.8 = 204
    expected = [[[255, 0, 0], [255, 255, 255], [204, 204, 204]]]
    np.testing.assert_array_equal(load_image(tmp_path / "rgba.png"), expected)

    grey = np.array([[[0, 255], [0, 0]]], dtype=np.uint8)
    Image.fromarray(grey, "LA").save(tmp_path / "grey.png")
    np.testing.assert_array_equal(load_image(tmp_path / "grey.png")[0, :, 0], [0, 255])


def test_palette_with_and_without_a_transparent_entry(tmp_path):
    picture = Image.fromarray(np.array([[0, 1, 2]], dtype=np.uint8), "P")
    picture.putpalette([255, 0, 0, 0, 255, 0, 0, 0, 255])
    picture.save(tmp_path / "opaque.png")
    picture.save(tmp_path / "holed.png", transparency=1)
    picture.save(tmp_path / "holed.gif", transparency=1)
    red, green, blue, white = [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]
    np.testing.assert_array_equal(load_image(tmp_path / "opaque.png"), [[red, green, blue]])
    np.testing.assert_array_equal(load_image(tmp_path / "holed.png"), [[red, white, blue]])
    np.testing.assert_array_equal(load_image(tmp_path / "holed.gif"), [[red, white, blue]])


def test_cmyk(tmp_path):
    ink = np.zeros((32, 32, 4), dtype=np.uint8)
    ink[..., 0] = 255  # cyan alone
    Image.fromarray(ink, "CMYK").save(tmp_path / "ink.jpg", quality=95)
    red, green, blue = load_image(tmp_path / "ink.jpg").reshape(-1, 3).mean(axis=0)
    assert red < 10 and green > 245 and blue > 245


@pytest.mark.parametrize("suffix", [".gif", ".png", ".webp"])
def test_of_an_animation_the_first_frame_is_read(tmp_path, suffix):
    first, second = (Image.new("RGB", (8, 8), colour) for colour in ("red", "blue"))
    path = tmp_path / f"moving{suffix}"
    first.save(path, save_all=True, append_images=[second], duration=100, lossless=True)
    assert Image.open(path).n_frames == 2
    np.testing.assert_array_equal(load_image(path), np.full((8, 8, 3), [255, 0, 0]))


def test_one_pixel(tmp_path):
    save_image(COLOURS[:1, :1], tmp_path / "one.png")
    np.testing.assert_array_equal(load_image(tmp_path / "one.png"), [[[255, 0, 0]]])


def test_spaces_and_chinese_characters_in_a_path(tmp_path):
    folder = tmp_path / "我的 画"
    folder.mkdir()
    save_image(COLOURS, folder / "抽象 艺术.png")
    assert list_images(folder) == [folder / "抽象 艺术.png"]
    np.testing.assert_array_equal(load_image(str(folder / "抽象 艺术.png")), COLOURS)


# --- refusals ------------------------------------------------------------------------------------


def test_a_missing_file_and_a_folder(tmp_path):
    assert "There is no file" in refusal(tmp_path / "nothing.png")
    assert "is a folder" in refusal(tmp_path)
    assert "There is no file" in refusal("null\0byte")
    assert "There is no file" in refusal("x" * 5000)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert "There is no file" in refusal(tmp_path / "pipe.png")


@pytest.mark.parametrize(
    "content", [b"", b"a shopping list\n", b"\xff\xd8\xff", b"%!PS-Adobe-3.0 EPSF"]
)
def test_a_file_that_only_looks_like_a_picture(tmp_path, content):
    (tmp_path / "fake.jpg").write_bytes(content)
    message = refusal(tmp_path / "fake.jpg")
    assert str(tmp_path / "fake.jpg") in message and "convert it to PNG or JPEG" in message


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".gif", ".tif", ".webp", ".bmp"])
def test_truncated_pictures(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    whole = tmp_path / f"whole{suffix}"
    Image.fromarray(noise).save(whole)
    cut = tmp_path / f"cut{suffix}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    assert "cut" in refusal(cut)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data", "ignore:Truncated File Read")
def test_a_picture_cut_anywhere_is_read_or_refused_but_never_crashes(tmp_path):
    noise = np.random.default_rng(1).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    refused = 0
    for suffix in (".jpg", ".png", ".gif", ".tif", ".webp", ".bmp"):
        Image.fromarray(noise).save(tmp_path / f"whole{suffix}")
        data = (tmp_path / f"whole{suffix}").read_bytes()
        for length in range(0, len(data), max(1, len(data) // 40)):
            cut = tmp_path / f"cut{suffix}"
            cut.write_bytes(data[:length])
            try:
                assert load_image(cut).shape == (16, 16, 3)
            except UserError:
                refused += 1
    assert refused > 200


def test_floating_point_pixels_are_refused_and_not_shown_black(tmp_path):
    Image.fromarray(np.full((4, 4), 0.5, np.float32)).save(tmp_path / "float.tif")
    assert "ordinary PNG" in refusal(tmp_path / "float.tif")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [9_000, 12_000])
def test_a_huge_picture_is_refused(tmp_path, side):
    assert side * side > MAX_PIXELS
    assert "80 million pixels" in refusal(write_png(tmp_path / "huge.png", side, side))


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory as Linux reports it")
def test_a_picture_is_not_called_damaged_where_memory_is_full(tmp_path, monkeypatch):
    def full(image):
        raise MemoryError

    save_image(np.zeros((4, 4, 3), np.uint8), tmp_path / "good.png")
    monkeypatch.setattr("abstractgan.data.images._to_rgb", full)
    with pytest.raises(MemoryError):
        load_image(tmp_path / "good.png")


def test_a_huge_picture_is_refused_before_it_is_decoded(tmp_path):
    path = write_png(tmp_path / "huge.png", 20_000, 20_000)
    code = """
import resource, sys
from abstractgan.data.images import load_image
from abstractgan.errors import UserError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load_image(sys.argv[1])
except UserError as error:
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(grown, error)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True
    )
    kilobytes, sentence = done.stdout.split(" ", 1)
    assert "make a smaller copy" in sentence
    assert int(kilobytes) < 20_000  # its pixels would take 1.2 million


# --- writing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", WRITABLE)
def test_each_suffix_writes_its_own_format(tmp_path, suffix):
    save_image(COLOURS, tmp_path / f"picture{suffix}")
    assert Image.open(tmp_path / f"picture{suffix}").format == WRITABLE[suffix]
    assert os.listdir(tmp_path) == [f"picture{suffix}"]


def test_grey_arrays_are_saved_with_and_without_a_channel_axis(tmp_path):
    grey = np.array([[0, 128], [255, 7]], dtype=np.uint8)
    for number, image in enumerate([grey, grey[..., None]]):
        save_image(image, tmp_path / f"{number}.png")
        np.testing.assert_array_equal(load_image(tmp_path / f"{number}.png")[..., 1], grey)


@pytest.mark.parametrize("name", ["picture", "picture.gif", "picture.docx", ".png"])
def test_an_unknown_suffix(tmp_path, name):
    with pytest.raises(UserError, match=r"choose one of \.bmp"):
        save_image(COLOURS, tmp_path / name)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4, 3), np.float32),
        np.zeros((2, 4, 4, 3), np.uint8),
        np.zeros((4, 4, 2), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros(12, np.uint8),
    ],
)
def test_what_is_not_an_image(tmp_path, image):
    with pytest.raises(UserError, match="to_uint8"):
        save_image(image, tmp_path / "picture.png")
    assert os.listdir(tmp_path) == []


def test_a_picture_larger_than_its_format_allows(tmp_path):
    with pytest.raises(UserError, match="save it as PNG"):
        save_image(np.zeros((2, 70_000), np.uint8), tmp_path / "wide.jpg")
    assert os.listdir(tmp_path) == []


def test_a_missing_folder_is_not_created(tmp_path):
    with pytest.raises(UserError, match="There is no folder"):
        save_image(COLOURS, tmp_path / "nowhere" / "picture.png")
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="There is no folder"):
        save_image(COLOURS, tmp_path / "file" / "picture.png")
    assert os.listdir(tmp_path) == ["file"]


def test_a_name_too_long(tmp_path):
    with pytest.raises(UserError, match="File name too long"):
        save_image(COLOURS, tmp_path / ("x" * 300 + ".png"))
    with pytest.raises(UserError, match="There is no folder"):
        save_image(COLOURS, tmp_path / ("x" * 300) / "picture.png")
    assert os.listdir(tmp_path) == []


def test_a_folder_in_the_pictures_place(tmp_path):
    (tmp_path / "picture.png").mkdir()
    with pytest.raises(UserError, match="is a folder"):
        save_image(COLOURS, tmp_path / "picture.png")
    assert os.listdir(tmp_path) == ["picture.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's own")
def test_a_read_only_file_system():
    with pytest.raises(UserError, match="cannot be written"):
        save_image(COLOURS, "/proc/picture.png")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind this user"
)
def test_a_read_only_folder_and_an_unreadable_file(tmp_path):
    save_image(COLOURS, tmp_path / "picture.png")
    (tmp_path / "picture.png").chmod(0)
    assert "permissions" in refusal(tmp_path / "picture.png")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(UserError, match="Permission denied"):
            save_image(COLOURS, tmp_path / "other.png")
        assert os.listdir(tmp_path) == ["picture.png"]
        tmp_path.chmod(0)
        with pytest.raises(UserError, match="cannot be read"):
            list_images(tmp_path)
    finally:
        tmp_path.chmod(0o700)


SAVE_NOISE = """
import sys
import numpy as np
from abstractgan.data.images import save_image
from abstractgan.errors import UserError
noise = np.random.default_rng(0).integers(0, 256, (200, 200, 3), dtype=np.uint8)
try:
    save_image(noise, sys.argv[1])
except UserError as error:
    print(error)
"""


def save_noise(path: Path, *, under: str = "") -> str:
    """Save 120 kB of noise in a process of its own, behind a shell prefix that limits it."""
    command = f'{under} exec "$0" -c "$1" "$2"'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, SAVE_NOISE, path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ulimit")
def test_a_file_limit_keeps_the_old_picture(tmp_path):
    save_image(COLOURS, tmp_path / "picture.png")
    message = save_noise(tmp_path / "picture.png", under="ulimit -f 16;")
    assert "cannot be written (File too large)" in message
    assert os.listdir(tmp_path) == ["picture.png"]
    np.testing.assert_array_equal(load_image(tmp_path / "picture.png"), COLOURS)


def own_mounts() -> bool:
    try:
        return (
            subprocess.run(
                ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True
            ).returncode
            == 0
        )
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not own_mounts(), reason="no mount namespaces for this user")
def test_a_full_disk(tmp_path):
    mount = f"unshare -rm sh -c 'mount -t tmpfs -o size=64k tmpfs {tmp_path}; "
    command = mount + 'python="$0"; "$python" -c "$1" "$2"; ls -A "$3"\' "$0" "$1" "$2" "$3"'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, SAVE_NOISE, tmp_path / "picture.png", tmp_path],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "(No space left on device)" in done.stdout
    assert len(done.stdout.splitlines()) == 1  # `ls` found nothing to list


# --- folders -------------------------------------------------------------------------------------


def test_the_pictures_of_a_folder_come_sorted_and_alone(tmp_path):
    for name in ["b.JPG", "a.png", "c.webp", ".hidden.png", "notes.txt"]:
        (tmp_path / name).touch()
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in list_images(tmp_path)] == ["a.png", "b.JPG", "c.webp"]


def test_an_empty_folder_a_missing_one_and_a_file(tmp_path):
    with pytest.raises(UserError, match="There are no pictures in"):
        list_images(tmp_path)
    with pytest.raises(UserError, match="There is no folder"):
        list_images(tmp_path / "nowhere")
    (tmp_path / "a.png").touch()
    with pytest.raises(UserError, match="There is no folder"):
        list_images(tmp_path / "a.png")

"""Files that nobody would save and commands that nobody would type: a sentence, no traceback.

``pytest tests/test_fuzz.py --hypothesis-profile=long`` tries for minutes instead of seconds.
"""

import io

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from abstractgan import cli
from abstractgan.data.damage import read_mask
from abstractgan.data.images import load_image, save_image
from abstractgan.errors import UserError

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")


def saved(kind):
    """The bytes of a small picture."""
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


WHOLE = [saved(kind) for kind in FORMATS]
damage = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12)


@given(st.sampled_from(WHOLE), damage, st.floats(0, 1), st.binary(max_size=40))
@example(b"", [], 1.0, b"")
def test_a_damaged_file_is_a_picture_or_answered(tmp_path_factory, whole, edits, kept, more):
    file = bytearray(whole)
    for place, value in edits:
        file[int(place * len(file))] = value
    path = tmp_path_factory.getbasetemp() / "damaged.png"
    path.write_bytes(bytes(file[: int(kept * len(file))]) + more)
    for read in (load_image, read_mask):
        try:
            pixels = read(path)
        except UserError as error:
            assert str(error).strip()
        else:
            assert pixels.dtype in (np.uint8, bool) and pixels.size


# Of all characters only the null byte can't stand in a command. "\udcff" is a byte that is no text.
words = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(
        ["orphism", "cat.png", "text.txt", ".", "\udcff", "orphism:0.7,op-art:nan", "-1", "--"]
    ),
)
names = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), max_size=60)
COMMANDS = {
    "paint": ("--seed", "--size"),
    "invent": ("--seed", "--truncation"),
    "stylize": ("--style", "--size", "--strength", "--keep-color", "--sheet", "--decoder"),
    "enhance": ("--task", "--balance", "--run"),
    "restore": ("--mask", "--run"),
    "train": ("--profile", "--photos", "--paintings", "--seed", "--task", "--source"),
}
options = st.sampled_from(list(COMMANDS)).flatmap(
    lambda command: st.tuples(
        st.just(command),
        st.lists(words, max_size=2),
        st.lists(st.tuples(st.sampled_from(COMMANDS[command]), words), max_size=4),
    )
)


def stop():
    """What a command does before it computes is what is tried."""
    raise UserError("So far.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    save_image(np.zeros((20, 30, 3), np.uint8), folder / "cat.png")
    (folder / "text.txt").write_text("no picture")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(cli, "_load_tensorflow", stop)
        yield folder


@given(options, names)
def test_a_command_ends_with_a_status_and_no_traceback(folder, command, name):
    verb, given_words, given_options = command
    arguments = [verb, *given_words, "--output", str(folder / f"{name}.png")]
    for option, value in given_options:
        # A painting of a million pixels takes its time; what is checked is the answer.
        arguments += [option, value if option != "--size" or len(value) < 4 else "1000000"]
    with pytest.raises(SystemExit) as done:
        cli.main(arguments)
    assert done.value.code in (None, 0, 1, 2)

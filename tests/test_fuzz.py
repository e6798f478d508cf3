"""Files that nobody would save and commands that nobody would type: a sentence, no traceback.

Pictures, weights, a run's settings, and every command's arguments as far as its networks.

``pytest tests/test_fuzz.py --hypothesis-profile=long`` tries for minutes instead of seconds.
"""

import io
import json
import os

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from abstractgan import cli
from abstractgan.data.damage import read_mask
from abstractgan.data.images import load_image, save_image
from abstractgan.enhance import Enhancer
from abstractgan.errors import UserError
from abstractgan.networks import enhancer
from abstractgan.networks.trained import load_trained

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP")


def saved(kind):
    """The bytes of a small picture."""
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


WHOLE = [saved(kind) for kind in FORMATS]
damage = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=12)


def damaged(whole, edits, kept, more):
    """Bytes of which some were changed, the last ones cut off, and others added."""
    file = bytearray(whole)
    for place, value in edits:
        file[int(place * len(file))] = value
    return bytes(file[: int(kept * len(file))]) + more


@given(st.sampled_from(WHOLE), damage, st.floats(0, 1), st.binary(max_size=40))
@example(b"", [], 1.0, b"")
def test_a_damaged_file_is_a_picture_or_answered(tmp_path_factory, whole, edits, kept, more):
    path = tmp_path_factory.getbasetemp() / "damaged.png"
    path.write_bytes(damaged(whole, edits, kept, more))
    for read in (load_image, read_mask):
        try:
            pixels = read(path)
        except UserError as error:
            assert str(error).strip()
        else:
            assert pixels.dtype in (np.uint8, bool) and pixels.size


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small network and the bytes of its weights."""
    network = enhancer(width=1, blocks=0, scale=1)
    path = tmp_path_factory.mktemp("small") / "small.weights.h5"
    network.save_weights(path)
    return network, path.read_bytes()


@given(damage, st.one_of(st.just(1.0), st.floats(0, 1)), st.binary(max_size=40))
@example([(0.5, 0)], 1.0, b"")
def test_damaged_weights_are_weights_or_answered(small, tmp_path_factory, edits, kept, more):
    network, whole = small
    path = tmp_path_factory.getbasetemp() / "damaged.weights.h5"
    path.write_bytes(damaged(whole, edits, kept, more))
    try:
        load_trained(network, path, "generator", "train one")
    except UserError as error:
        assert str(error).endswith(": train one.")


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(), inner)),
    max_leaves=4,
)
settings_of_a_run = st.one_of(
    st.binary(max_size=60),
    values.map(lambda value: json.dumps(value).encode()),
    values.map(lambda value: json.dumps({"width": value}).encode()),
)


@given(settings_of_a_run, st.binary(max_size=60))
def test_a_folder_that_is_no_run_is_answered(tmp_path_factory, config, weights):
    run = tmp_path_factory.getbasetemp() / "no run"
    (run / "pixel").mkdir(parents=True, exist_ok=True)
    (run / "pixel" / "config.json").write_bytes(config)
    (run / "pixel" / "generator.weights.h5").write_bytes(weights)
    with pytest.raises(UserError):
        Enhancer.load("denoising", run)


GUESSES = ["orphism", "orphism:0.7,op-art:nan", "denoising", "smoke", "digits", "-1", "0.5", "--"]
GUESSES += ["cat.png", "mask.png", "text.txt", ".", "\udcff", "\x1b[2J", "<b>", "$(exit 9)"]
# A command has any bytes but the null byte. "\udcff" is a byte that is no text; no system gives
# Python a surrogate that stands for no byte.
words = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=30),
    st.binary(max_size=12).map(lambda typed: os.fsdecode(typed.replace(b"\0", b""))),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(GUESSES),
)
names = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), max_size=60)
COMMANDS = {
    "paint": ("--seed", "--size"),
    "invent": ("--seed", "--truncation"),
    "stylize": ("--style", "--size", "--strength", "--keep-color", "--sheet", "--decoder"),
    "enhance": ("--task", "--balance", "--run"),
    "restore": ("--mask", "--run"),
    "train": ("--profile", "--photos", "--paintings", "--seed", "--task", "--source"),
    "": ("--help", "--version"),
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
    save_image(np.zeros((20, 30), np.uint8), folder / "mask.png")
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

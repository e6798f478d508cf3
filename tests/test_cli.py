import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import click
import numpy as np
import pytest
from PIL import ExifTags, Image

from abstractgan import __version__
from abstractgan.cli import _load_tensorflow, _standard_error_into, cli, main
from abstractgan.data.images import load_image, save_image
from abstractgan.data.paintings import MOVEMENTS
from abstractgan.data.paintings import paint as draw
from abstractgan.repaint import parse_style


@pytest.fixture
def run(capsys):
    """Run a command line in this process: exit status, standard output, standard error."""

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main(list(map(str, arguments)))
        return stopped.value.code or 0, *capsys.readouterr()

    return run


@pytest.fixture
def command():
    """Give the command line another command for the length of a test."""
    added = []

    def add(function):
        cli.add_command(click.command(function.__name__)(function))
        added.append(function.__name__)

    yield add
    for name in added:
        del cli.commands[name]


def one_sentence(text):
    """The text, if it is a single line that says "Error: ..." and no traceback."""
    assert re.fullmatch(r"Error: .+\.\n", text), text
    return text


# --- paint ---------------------------------------------------------------------------------------


def test_paint_writes_the_painting_and_its_label(run, tmp_path):
    file = tmp_path / "我的 画.png"
    status, out, err = run("paint", "op-art", "--seed", 7, "--size", 48, "--output", file)
    assert (status, err) == (0, "")
    np.testing.assert_array_equal(load_image(file), draw("op-art", 7, 48))
    movement = MOVEMENTS["op-art"]
    assert str(file) in out and movement.title in out and movement.sentence in out


def test_paint_replaces_a_file_and_names_one_if_none_is_given(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hard-edge-3.png").write_text("old")
    assert run("paint", "hard-edge", "--seed", 3)[0] == 0
    assert load_image("hard-edge-3.png").shape == (512, 512, 3)
    assert [file.name for file in tmp_path.iterdir()] == ["hard-edge-3.png"]


def test_the_list_names_every_movement(run):
    status, out, _ = run("paint", "--list")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == list(MOVEMENTS)


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["dada"], "choose one of cubism"),
        (["../x/dada"], "choose one of cubism"),
        (["op-art", "--seed", "-1"], "0 or more"),
        (["op-art", "--size", "0"], "pixels from"),
        (["op-art", "--size", "20000"], "pixels from"),
        (["op-art", "--output", "picture.docx"], "choose one of .bmp"),
        (["op-art", "--output", "nowhere/picture.png"], "create it"),
        (["op-art", "--output", "folder.png"], "is a folder"),
    ],
)
def test_bad_input_is_answered_by_one_sentence(run, tmp_path, monkeypatch, arguments, advice):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.png").mkdir()
    status, out, err = run("paint", *arguments)
    assert (status, out) == (2, "")
    assert advice in one_sentence(err)
    assert [file.name for file in tmp_path.iterdir()] == ["folder.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's own")
def test_a_read_only_output_folder(run):
    status, _, err = run("paint", "op-art", "--size", 16, "--output", "/proc/picture.png")
    assert status == 2
    assert "choose a folder that you may write to" in one_sentence(err)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ulimit")
def test_a_full_disk_leaves_the_old_picture(tmp_path):
    (tmp_path / "picture.png").write_text("old")
    command = 'ulimit -f 16; exec "$0" -m abstractgan paint cubism --size 200 --output picture.png'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "cannot be written (File too large)" in one_sentence(done.stderr)
    assert [file.name for file in tmp_path.iterdir()] == ["picture.png"]
    assert (tmp_path / "picture.png").read_text() == "old"


# --- stylize -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """A file of weights of a decoder that was not trained."""
    import keras

    from abstractgan.networks import StyleDecoder

    keras.utils.set_random_seed(0)
    file = tmp_path_factory.mktemp("decoder") / "decoder.weights.h5"
    StyleDecoder().save_weights(file)
    return file


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The working folder, with a photograph and a painting of its own."""
    monkeypatch.chdir(tmp_path)
    save_image(draw("colour-field", 0, 48)[:, :40], "photo.jpg")
    save_image(draw("cubism", 1, 48), "painting.png")
    return tmp_path


@pytest.fixture
def stylize(run, weights):
    def stylize(*arguments):
        return run("stylize", *arguments, "--decoder", weights)

    return stylize


@pytest.fixture
def loaded(monkeypatch):
    """How often the networks were loaded; a stand-in turns a picture into its negative."""
    from abstractgan.stylize import Stylizer

    calls = []

    class Negative:
        def style(self, *paintings, weights):
            return len(paintings)

        def stylize(self, image, style, strength, keep_color):
            return 255 - image

    def load(decoder):
        calls.append(decoder)
        return Negative()

    monkeypatch.setattr(Stylizer, "load", load)
    return calls


def test_stylize_repaints_a_photograph(stylize, folder):
    status, out, err = stylize("photo.jpg", "--style", "painting.png", "--output", "result.png")
    assert (status, err) == (0, "") and "result.png" in out
    assert load_image("result.png").shape == load_image("photo.jpg").shape
    options = ("--strength", 0.5, "--keep-color", "--size", 64, "--output", "other.webp")
    assert stylize("photo.jpg", "--style", "orphism:0.7,painting.png:0.3", *options)[0] == 0
    assert load_image("other.webp").shape == (64, 53, 3)


def test_another_seed_is_another_painting_of_the_movement(stylize, folder):
    for seed in (0, 1):
        options = ("--seed", seed, "--output", f"{seed}.png")
        assert stylize("photo.jpg", "--style", "orphism", *options)[0] == 0
    assert (load_image("0.png") != load_image("1.png")).any()


@pytest.mark.usefixtures("folder", "loaded")
def test_a_photograph_is_upright_and_has_three_channels(run):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (40, 20)).save("turned.jpg", exif=exif)
    Image.new("L", (20, 20), 40).save("grey.png")
    Image.new("RGBA", (20, 20), (9, 9, 9, 0)).save("clear.png")
    for name in ("turned.jpg", "grey.png", "clear.png"):
        assert run("stylize", name, "--style", "orphism", "--output", "result.png")[0] == 0
        result = load_image("result.png")
        assert result.shape == ((40, 20, 3) if name == "turned.jpg" else (20, 20, 3))
        assert (result == {"turned.jpg": 255, "grey.png": 215, "clear.png": 0}[name]).all()


@pytest.fixture
def photos(folder):
    (folder / "photos").mkdir()
    for name in ("a.jpg", "b.png", "c.gif"):
        Image.fromarray(draw("op-art", 0, 32)).save(folder / "photos" / name)
    return folder / "photos"


def test_a_folder_gives_a_folder_and_goes_on_where_it_was(loaded, run, photos):
    command = ("stylize", photos, "--style", "orphism", "--output", "out/put")
    (photos / "broken.jpg").write_bytes(b"no picture")
    Image.new("RGB", (8, 40)).save(photos / "narrow.png")
    status, out, err = run(*command)
    assert status == 1 and "3 repainted" in out
    assert "broken.jpg" in err and "narrow.png" in err and err.count("Left out") == 2
    made = sorted(path.name for path in Path("out/put").iterdir())
    assert made == ["a.jpg", "b.png", "c.gif.png"]
    (photos / "broken.jpg").unlink()
    (photos / "narrow.png").unlink()
    Path("out/put/b.png").unlink()
    Path("out/put/a.jpg").write_text("kept")
    status, out, err = run(*command)
    assert (status, err) == (0, "") and "1 repainted" in out and "2 were there" in out
    assert Path("out/put/a.jpg").read_text() == "kept" and Path("out/put/b.png").exists()
    assert run(*command)[0] == 0
    assert len(loaded) == 2  # nothing was left to do
    assert "3 repainted" in run(*command, "--overwrite")[1]
    assert load_image("out/put/a.jpg").shape == (32, 32, 3)


def test_tensorflow_is_loaded_where_there_is_no_standard_error(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", None)
    _load_tensorflow()
    assert capsys.readouterr().out == "Loading TensorFlow ...\n"


def test_two_names_that_windows_would_take_for_one_are_refused(loaded, run, folder, photos):
    (folder / "other").mkdir()
    Image.new("RGB", (32, 32)).save(folder / "other" / "A.JPG")
    status, _, err = run("stylize", photos, "other", "--style", "orphism", "--output", "out")
    assert status == 2 and "would become 'A.JPG'" in one_sentence(err)
    assert not loaded and not Path("out").exists()


def test_several_photographs_give_a_folder(loaded, run, folder, photos):
    files = ("photo.jpg", photos / "a.jpg")
    assert run("stylize", *files, "--style", "orphism", "--output", "out")[0] == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["a.jpg", "photo.jpg"]


def test_a_contact_sheet_has_every_photograph_in_every_style(loaded, run, folder, photos):
    styles = ("--style", "orphism", "--style", "painting.png:2,cubism")
    command = ("stylize", photos, "photo.jpg", *styles, "--sheet", "--output", "sheet.png")
    assert run(*command, "--size", 40)[0] == 0
    sheet = load_image("sheet.png")
    assert sheet.shape == (5 * 48, 3 * 48, 3)
    corner, first = sheet[:48, :48], sheet[48 + 4 : 96 - 4, 4:44]
    assert (corner == 255).all()
    np.testing.assert_array_equal(sheet[48 + 4 : 96 - 4, 48 + 4 : 96 - 4], 255 - first)
    # a folder is as many styles as it has pictures
    assert run(*command[:3], "--style", photos, "--sheet", "--output", "sheet.png")[0] == 0
    assert load_image("sheet.png").shape == (5 * 264, 4 * 264, 3)
    # one picture that is none spoils neither the rows nor the columns
    (photos / "torn.png").write_bytes(b"torn")
    status, out, err = run(*command[:3], "--style", photos, "--sheet", "--output", "sheet.png")
    assert status == 1 and "sheet.png" in out and err.count("torn.png") == 2
    assert load_image("sheet.png").shape == (5 * 264, 4 * 264, 3)


SHEET = ("--sheet", "--output", "sheet.png")


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        (["photo.jpg", "--style", "dada", "--output", "a.png"], "a movement, one of cubism"),
        (["photo.jpg", "--style", "photos", "--output", "a.png"], "the path of a picture"),
        (["nothing.jpg", "--style", "orphism", "--output", "a.png"], "There is no file"),
        (["photo.jpg", "--style", "orphism:-1", "--output", "a.png"], "0 or more"),
        (["photo.jpg", "--style", "orphism:nan", "--output", "a.png"], "0 or more"),
        (["photo.jpg", "--style", "orphism:0", "--output", "a.png"], "above 0"),
        (["photo.jpg", "--style", "orphism", "--output", "a.docx"], "choose one of .bmp"),
        (["photo.jpg", "--style", "orphism", "--output", "none/a.png"], "create it"),
        (["photo.jpg", "--style", "orphism", "--output", "photo.jpg"], "choose another name"),
        (["photo.jpg", "--style", "painting.png", "--output", "painting.png"], "another name"),
        (["photo.jpg", "--style", "orphism", "--output", "a.png", "--size", "15"], "16 pixels"),
        (["photo.jpg", "--style", "orphism", "--output", "a.png", "--size", "16"], "13 x 16"),
        (["photo.jpg", "--style", "orphism", "--output", "a.png", "--size", "99999"], "million"),
        (["photo.jpg", "--style", "orphism", "--output", "a.png", "--seed", "-1"], "0 or more"),
        (["photos", "--style", "orphism", "--output", "photos"], "choose another name"),
        (["photos", "--style", "orphism", "--output", "photo.jpg"], "choose another --output"),
        (["photos", "--style", "orphism", "--output", "out.png"], "these results need a folder"),
        (["photos", "--style", "orphism", "--output", "notes"], "choose another --output"),
        (["photos", "photos", "--style", "orphism", "--output", "out"], "two folders"),
        (["empty", "--style", "orphism", "--output", "out"], "no pictures"),
        (["photo.jpg", "--style", "a", "--style", "b", "--output", "a.png"], "--sheet"),
        (["photos", "--style", "a", "--sheet", "--output", "out"], "choose one of .bmp"),
        (["photo.jpg", "--style", "cubism", "--sheet", "--output", "photo.jpg"], "another name"),
        (
            ["photo.jpg", "--style", "photos", "--style", "dada", *SHEET],
            "a movement, one of cubism",
        ),
        (["nothing.jpg", "--style", "cubism", *SHEET], "There is no file"),
    ],
)
def test_stylize_checks_everything_first(loaded, run, folder, photos, arguments, advice):
    (folder / "empty").mkdir()
    (folder / "notes").touch()
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    status, out, err = run("stylize", *arguments)
    assert (status, out) == (2, "")
    assert advice in one_sentence(err)
    assert not loaded
    assert before == {path: path.read_bytes() for path in folder.rglob("*.*")}


def test_missing_weights_are_answered_by_one_sentence(run, folder):
    options = ("--style", "orphism", "--output", "a.png", "--decoder", "none.h5")
    status, _, err = run("stylize", "photo.jpg", *options)
    assert status == 2 and "train style" in one_sentence(err)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one.jpg", [("one.jpg", 1)]),
        ("one.jpg:0.7,two.jpg:0.3", [("one.jpg", 0.7), ("two.jpg", 0.3)]),
        ("one.jpg, cubism:2", [("one.jpg", 1), ("cubism", 2)]),
        (r"C:\x.jpg", [(r"C:\x.jpg", 1)]),
        (r"C:\x.jpg:0.7,D:\y.jpg", [(r"C:\x.jpg", 0.7), (r"D:\y.jpg", 1)]),
        ("red, blue.jpg", [("red, blue.jpg", 1)]),
        ("red, blue.jpg:0.2,cubism:0.8", [("red, blue.jpg", 0.2), ("cubism", 0.8)]),
        ("cubism,red, blue.jpg:3", [("cubism", 1), ("red, blue.jpg", 3)]),
    ],
)
def test_a_style_is_read_as_names_and_weights(tmp_path, monkeypatch, text, expected):
    monkeypatch.chdir(tmp_path)
    Path("red, blue.jpg").touch()
    assert parse_style(text) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids colons in names")
def test_a_name_with_a_colon_that_exists_wins(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("study:2").touch()
    assert parse_style("study:2") == [("study:2", 1)]
    assert parse_style("study:2:3,cubism") == [("study:2", 3), ("cubism", 1)]


def test_tensorflow_says_nothing_while_it_starts(folder, weights):
    command = [sys.executable, "-m", "abstractgan", "stylize", "photo.jpg", "--style", "orphism"]
    done = subprocess.run(
        [*command, "--output", "a.png", "--decoder", weights], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Loading TensorFlow ...\n")


def test_what_a_failing_library_said_is_shown(capfd):
    with (
        pytest.raises(ImportError),
        tempfile.TemporaryFile() as kept,
        _standard_error_into(kept),
    ):
        os.write(2, b"this processor is too old\n")
        raise ImportError
    assert capfd.readouterr().err == "this processor is too old\n"


# --- the group -----------------------------------------------------------------------------------


def test_version_and_help(run):
    assert run("--version") == (0, f"abstractgan, version {__version__}\n", "")
    status, out, _ = run("--help")
    assert status == 0 and out.startswith("Usage: abstractgan ") and "paint" in out


@pytest.mark.parametrize(
    "arguments", [["draw"], ["paint"], ["paint", "op-art", "--seed", "x"], ["--colour"]]
)
def test_a_slip_in_the_command_shows_the_usage(run, arguments):
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("Usage: abstractgan") and "Error: " in err


@pytest.fixture
def interruptible():
    """Ctrl+C as at a terminal: what runs in a shell's background has it ignored."""
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, kept)


def test_ctrl_c_is_answered_by_one_line(run, command, interruptible):
    @command
    def wait():
        signal.raise_signal(signal.SIGINT)

    status, out, err = run("wait")
    assert (status, out, err.strip()) == (130, "", "Interrupted.")


def test_a_failing_disk_is_answered_by_one_sentence(run, command, tmp_path):
    @command
    def fail():
        (tmp_path / "missing").read_bytes()

    status, _, err = run("fail")
    assert status == 2
    assert "missing cannot be used (No such file or directory)" in one_sentence(err)


def test_an_error_of_our_own_is_not_hidden(command):
    @command
    def slip():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        main(["slip"])


def test_the_module_and_the_script_are_the_same():
    script = [sys.executable, "-c", "from abstractgan.cli import main; main()"]
    answers = [
        subprocess.run([*command, "paint", "dada", "--seed", "x"], capture_output=True, text=True)
        for command in (script, [sys.executable, "-m", "abstractgan"])
    ]
    assert answers[0].returncode == answers[1].returncode == 2
    assert answers[0].stderr == answers[1].stderr
    assert answers[0].stderr.startswith("Usage: abstractgan paint ")


def test_a_terminal_without_the_letters_is_no_reason_to_stop(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "abstractgan", "paint", "orphism", "--size", "32"],
        cwd=tmp_path,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},  # which lacks a letter of Kupka's name
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert rb"Franti\u0161ek Kupka" in done.stdout


def test_painting_does_not_wait_for_tensorflow(tmp_path):
    code = "\n".join(
        [
            "import sys",
            "from abstractgan.cli import main",
            "try:",
            "    main(sys.argv[1:])",
            "finally:",
            "    print([m for m in ('tensorflow', 'keras', 'matplotlib') if m in sys.modules])",
        ]
    )
    arguments = ["paint", "op-art", "--size", "32", "--output", tmp_path / "a.png"]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"

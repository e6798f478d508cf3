import os
import re
import signal
import subprocess
import sys

import click
import numpy as np
import pytest

from abstractgan import __version__
from abstractgan.cli import cli, main
from abstractgan.data.images import load_image
from abstractgan.data.paintings import MOVEMENTS
from abstractgan.data.paintings import paint as draw


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

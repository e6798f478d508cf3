"""What SECURITY.md promises and no other test shows; and that each test it names exists."""

import ast
import json
import pickle
import re
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import h5py
import hatchling.build
import keras
import numpy as np
import pytest
import yaml
from conftest import ACTIONS, ROOT, WORKFLOWS, jobs_of, named
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from PIL import Image

import stamp
from abstractgan import cli, repaint
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.networks import StyleDecoder
from abstractgan.restore import Restorer
from abstractgan.stylize import Stylizer
from abstractgan.teaching import Checklist, Item
from abstractgan.training import runs
from abstractgan.widgets import Question, Quiz

HOSTILE = "<img src=x onerror=\"document.title='run'\">"


def test_each_test_that_the_threat_model_names_exists():
    named = re.findall(r"`(test_\w+\.py)::(\w+)`", (ROOT / "SECURITY.md").read_text("utf-8"))
    assert len(named) > 10
    for file, name in named:
        assert f"def {name}(" in (ROOT / "tests" / file).read_text("utf-8"), name


# --- pictures that fill the memory ---------------------------------------------------------------

CLAIMED = 60_000


def claims_tiff(data):
    """A TIFF whose directory says another size."""
    (start,) = struct.unpack_from("<I", data, 4)
    for entry in range(struct.unpack_from("<H", data, start)[0]):
        tag, kind = struct.unpack_from("<HH", data, start + 2 + 12 * entry)
        if tag in (256, 257):
            struct.pack_into("<I" if kind == 4 else "<H", data, start + 10 + 12 * entry, CLAIMED)


def claims_jpeg(data):
    struct.pack_into(">HH", data, data.index(b"\xff\xc0") + 5, CLAIMED, CLAIMED)


def claims_png(data):
    struct.pack_into(">II", data, 16, CLAIMED, CLAIMED)
    struct.pack_into(">I", data, 29, zlib.crc32(data[12:29]))


def claims_webp(data):
    assert data[12:16] == b"VP8X"
    data[24:30] = (CLAIMED - 1).to_bytes(3, "little") * 2


CLAIMS = {
    "png": claims_png,
    "gif": lambda data: struct.pack_into("<HH", data, 6, CLAIMED, CLAIMED),
    "gif frame": lambda data: struct.pack_into(
        "<HH", data, data.index(b"\x2c") + 5, *[CLAIMED] * 2
    ),
    "bmp": lambda data: struct.pack_into("<ii", data, 18, CLAIMED, CLAIMED),
    "tiff": claims_tiff,
    "jpeg": claims_jpeg,
    "webp": claims_webp,
}
PEAK = """
import json, sys
from pathlib import Path
from abstractgan.data.images import load_image
from abstractgan.errors import UserError

def memory(name):
    lines = dict(line.split(":") for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines[name].split()[0])

load_image(sys.argv[1])  # what every picture needs
for path in sys.argv[2:]:
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = memory("VmRSS")
    try:
        answer = str(load_image(path).shape)
    except UserError as error:
        answer = str(error)
    print(json.dumps([memory("VmHWM") - before, answer]))
"""


def peaks(first, *paths):
    """By how many kB each file but the first raises the memory, and what is answered."""
    command = [sys.executable, "-W", "ignore", "-c", PEAK, first, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory as Linux reports it")
def test_no_format_gets_the_memory_that_its_header_claims(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 1  # makes a WebP of the extended kind
    paths = [tmp_path / "whole.png"]
    Image.new("RGB", (8, 8)).save(paths[0])
    for name, claim in CLAIMS.items():
        kind = name.partition(" ")[0]
        path = tmp_path / f"{name}.{kind}"
        Image.new("RGB", (8, 8), "red").save(path, exif=exif)
        data = bytearray(path.read_bytes())
        claim(data)
        path.write_bytes(data)
        paths.append(path)
    for name, (grown, answer) in zip(CLAIMS, peaks(*paths), strict=True):
        assert "80 million pixels" in answer or "cannot be" in answer, (name, answer)
        assert grown < 30_000, name  # the pixels would take 10 million


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak memory as Linux reports it")
def test_a_pixel_takes_few_bytes_in_every_mode(tmp_path):
    modes = ["L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "I"]
    paths = [tmp_path / f"{number}.tif" for number in range(1 + len(modes))]
    Image.new("RGB", (8, 8)).save(paths[0])
    for mode, path in zip(modes, paths[1:], strict=True):
        Image.new(mode, (2000, 1000)).save(path, compression="tiff_deflate")
    for mode, (grown, answer) in zip(modes, peaks(*paths), strict=True):
        assert answer == "(1000, 2000, 3)", mode
        assert 3 < grown * 1024 / 2e6 < 24, mode


# --- weights that run code -----------------------------------------------------------------------


class Payload:
    """Runs code where it is unpickled."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (self.marker,)


@pytest.fixture(scope="module")
def marker(tmp_path_factory):
    return tmp_path_factory.mktemp("marker") / "code was run"


@pytest.fixture(scope="module")
def armed(marker, tmp_path_factory):
    """Files that run code for whoever trusts them: models with a Lambda layer, and pickles."""
    folder = tmp_path_factory.mktemp("armed")
    place = str(marker)
    trap = keras.layers.Lambda(lambda x: (open(place, "w").close(), x)[1])
    model = keras.Sequential([keras.Input((2,)), trap, keras.layers.Dense(1)])
    for name in ("model.keras", "model.h5"):
        model.save(folder / name)
    array = np.array([Payload(marker)], dtype=object)
    np.save(folder / "array.npy", array, allow_pickle=True)
    np.savez(folder / "arrays.npz", array)
    (folder / "plain.pickle").write_bytes(pickle.dumps(Payload(marker)))
    marker.unlink()
    return sorted(folder.iterdir())


def test_the_armed_files_are_armed(armed, marker):
    open_trustingly = {
        ".h5": lambda path: keras.models.load_model(path, safe_mode=False),
        ".keras": lambda path: keras.models.load_model(path, safe_mode=False),
        ".npy": lambda path: np.load(path, allow_pickle=True),
        ".npz": lambda path: np.load(path, allow_pickle=True)["arr_0"],
        ".pickle": lambda path: pickle.loads(path.read_bytes()),
    }
    for path in armed:
        open_trustingly[path.suffix](path)
        assert marker.exists(), path
        marker.unlink()


def load_checkpoint(path):
    runs.load_weights(StyleDecoder(), path)


def load_vgg(path):
    vgg16(["relu1_1"], source=str(path))


@pytest.mark.parametrize("load", [Stylizer.load, load_vgg])
@pytest.mark.parametrize("suffix", ["", ".weights.h5"])
def test_code_in_a_file_of_weights_never_runs(armed, marker, tmp_path, load, suffix):
    for path in armed:
        renamed = tmp_path / f"{path.name}{suffix}"
        renamed.write_bytes(path.read_bytes())
        with pytest.raises(UserError):
            load(renamed)
    assert not marker.exists()


def claim_too_much(file, others):
    file.create_dataset("vars/0", shape=(10**7, 10**7), chunks=(1000, 1000), dtype="float32")


def link_to_a_file(file, others):
    file["vars"] = h5py.ExternalLink(others, "vars")


def take_bytes_of_a_file(file, others):
    file.create_dataset("vars/0", shape=(4,), dtype="uint8", external=[(others, 0, 4)])


def show_another_file(file, others):
    layout = h5py.VirtualLayout((4,), "float32")
    layout[:] = h5py.VirtualSource(others, "vars/0", (4,))
    file.create_virtual_dataset("vars/0", layout)


def hold_texts(file, others):
    file.create_dataset("vars/0", data=["not a number"])


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (claim_too_much, "more numbers than the network"),
        (link_to_a_file, "leads to another place"),
        (take_bytes_of_a_file, "lies in another file"),
        (show_another_file, "lies in another file"),
        (hold_texts, "holds no numbers"),
    ],
)
def test_weights_are_numbers_of_their_own_file_and_no_more_than_the_network_has(
    tmp_path, make, reason
):
    others, path = tmp_path / "others.h5", tmp_path / "decoder.weights.h5"
    with h5py.File(others, "w") as file:
        file["vars/0"] = np.zeros(4, "float32")
    with h5py.File(path, "w") as file:
        make(file, str(others))
    for load in (Stylizer.load, load_checkpoint, load_vgg):
        with pytest.raises(UserError) as refused:
            load(path)
        assert reason in str(refused.value.__cause__)


@pytest.mark.parametrize("width", [0, -3, 10**9, "many", None, 1e300])
def test_a_run_that_claims_an_absurd_network_is_no_run(tmp_path, width):
    (tmp_path / "config.json").write_text(json.dumps({"width": width}))
    with pytest.raises(UserError, match="holds no run"):
        Restorer.load(tmp_path)


PYTHON_FILES = [
    path
    for folder in ("src", "tools", "benchmarks", "notebooks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
FORBIDDEN = {"allow_pickle", "safe_mode", "enable_unsafe_deserialization", "load_model", "shell"}


@pytest.mark.parametrize("path", PYTHON_FILES, ids=lambda path: path.stem)
def test_no_code_asks_for_pickles_whole_models_or_a_shell(path):
    text = path.read_text("utf-8")
    assert not re.search(r"^# *(!(?!\[)|%(sx|system|%bash|%sh)\b)", text, re.MULTILINE)
    for node in ast.walk(ast.parse(text)):
        names = {getattr(node, field, None) for field in ("arg", "attr", "id")}
        assert not any(isinstance(name, str) and name in FORBIDDEN for name in names), (
            path,
            node.lineno,
        )


# --- what someone typed --------------------------------------------------------------------------


@given(
    st.from_regex(stamp.REPOSITORY, fullmatch=True),
    st.from_regex(stamp.COMMIT, fullmatch=True),
    st.from_regex(stamp.BRANCH, fullmatch=True),
    st.from_regex(stamp.ADDRESS, fullmatch=True),
)
def test_what_is_stamped_is_a_text_and_nothing_else(
    tmp_path_factory, repository, commit, branch, address
):
    folder = tmp_path_factory.getbasetemp() / "stamped"
    for name in ("_config.yml", "tools/setup_cell.py", "binder/requirements.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    repository = repository.removesuffix(".git")
    stamp.fill_in(folder, repository, commit, branch, address)
    config = yaml.safe_load((folder / "_config.yml").read_text("utf-8"))
    assert (config["repository"]["url"], config["repository"]["branch"]) == (repository, branch)
    assert config["html"]["baseurl"] == address
    statements = ast.parse((folder / "tools/setup_cell.py").read_text("utf-8")).body
    before = ast.parse((ROOT / "tools/setup_cell.py").read_text("utf-8")).body
    assert len(statements) == len(before)
    values = {
        statement.targets[0].id: ast.literal_eval(statement.value)
        for statement in statements
        if isinstance(statement, ast.Assign) and statement.targets[0].id.isupper()
    }
    assert values == {"REPOSITORY": repository, "COMMIT": commit}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_read_and_a_job_says_what_more_it_needs(path):
    assert yaml.safe_load(path.read_text("utf-8"))["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=named)
def test_a_workflow_runs_no_text_of_others_and_pins_what_it_uses(path):
    for job in jobs_of(path):
        steps = job.get("steps", [])
        for step in steps:
            assert "${{" not in step.get("run", ""), step  # a shell gets texts as variables only
        for used in [job.get("uses"), *(step.get("uses") for step in steps)]:
            ours = used is None or (used.startswith("./") and (ROOT / used).exists())
            assert ours or re.search(r"@[0-9a-f]{40}$", used), used


def test_a_files_name_gives_the_terminal_no_commands(tmp_path, capsys, monkeypatch):
    name = "\x1b]0;owned\x07\x1b[2J\u202e.png"
    (tmp_path / name).write_bytes(b"no picture")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "_load_tensorflow", lambda: None)
    monkeypatch.setattr(Stylizer, "load", lambda decoder: None)
    monkeypatch.setattr(repaint, "_repainter", lambda *_: lambda photograph: photograph)
    for arguments in (
        ["stylize", name, "--style", "orphism", "--output", "a.png"],
        ["stylize", ".", "--style", "orphism", "--output", "folder"],
        ["paint", "orphism", "--output", name],
        ["paint", "orphism", name],
    ):
        with pytest.raises(SystemExit):
            cli.main(arguments)
        said = "".join(capsys.readouterr())
        assert "owned" in said
        assert not set(said) & {"\x1b", "\x07", "\u202e"}


# --- names that are HTML -------------------------------------------------------------------------


def test_a_checklist_shows_names_and_runs_none():
    shown = Checklist([Item(HOSTILE, lambda: False, HOSTILE)])._repr_html_()
    assert "<img" not in shown
    assert shown.count("&lt;img") == 2


def test_a_widget_shows_names_and_runs_none(alone):
    quiz = Quiz([Question(HOSTILE, [HOSTILE, "b"], answer="b", feedback=HOSTILE)] * 3)
    seen = alone(quiz)
    for group in seen.root.locator("fieldset").all():
        group.locator("label").last.click()
        group.get_by_role("button").click()
    assert HOSTILE in seen.words()  # the feedback of the right answers
    assert seen.root.locator("img").count() == 0
    assert HOSTILE in seen.root.locator("legend").first.inner_text()
    assert seen.page.title() == "A widget"
    assert HOSTILE not in quiz._without_script()[1]


# --- what the publishing job installs ------------------------------------------------------------


def test_the_lock_names_one_version_of_everything_with_hashes_and_no_place(monkeypatch):
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in text
    pinned = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))
    entries = re.split(r"^(?=[\w-])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pinned)
    assert all("--hash=sha256:" in entry for entry in entries)
    publishing = {"platform_system": "Linux", "platform_machine": "x86_64", "sys_platform": "linux"}
    publishing |= {"python_version": "3.13", "python_full_version": "3.13.0"}
    monkeypatch.chdir(ROOT)
    to_install_in_place = hatchling.build.get_requires_for_build_editable()
    for line in Path("requirements.txt").read_text("utf-8").splitlines() + to_install_in_place:
        line = line.partition("  #")[0].strip()
        if not line or line.startswith(("#", "-e")):
            continue
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate(publishing):
            assert wanted.specifier.contains(pinned[wanted.name.lower()]), line

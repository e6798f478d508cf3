"""The set-up cell where the package is not installed, as in Colab, and where it can't be.

That every notebook runs alone there is tested by ``pytest --nbval`` with the kernel of
``tools/colab.py``, which compares the outputs as well.
"""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from conftest import old_widgets
from nbclient import NotebookClient

import notebooks
from colab import AFTER, BEFORE, VERSIONS, Environment, commit_all, prepare, run_git

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder


@pytest.fixture(scope="module")
def set_up():
    return notebooks.SETUP_CELL.read_text(encoding="utf-8")


@pytest.fixture
def colab(tmp_path):
    return Environment(tmp_path)


def run(colab, source):
    """Run a cell's text as a script."""
    return subprocess.run(
        [colab.python, "-c", source],
        cwd=colab.working_folder,
        env=colab.variables,
        capture_output=True,
        text=True,
    )


def versions(colab):
    done = run(colab, VERSIONS + "import json; print(json.dumps(versions_here()))")
    return json.loads(done.stdout)


def test_each_notebook_is_alone_between_two_cells_that_look_for_the_package(prepared):
    for name in notebooks.names():
        (alone,) = (prepared / "notebooks" / name).iterdir()
        stored = notebooks.read_notebook(notebooks.FOLDER / f"{name}.ipynb")
        first, *cells, last = notebooks.read_notebook(alone).cells
        assert [cell.get("outputs") for cell in cells] == [c.get("outputs") for c in stored.cells]
        assert first.source.strip() == BEFORE.strip()
        assert (prepared / "repository").as_uri() in last.source


def test_those_cells_notice_a_package_that_is_there_before_and_one_that_is_not_after(tmp_path):
    there = subprocess.run([sys.executable, "-c", BEFORE], capture_output=True, text=True)
    assert "The package is here already." in there.stderr
    colab = Environment(tmp_path, old_widgets())
    assert versions(colab)["ipywidgets"].startswith("7.7.")
    assert run(colab, BEFORE).returncode == 0
    assert (
        "No module named 'abstractgan'"
        in run(colab, BEFORE + AFTER.format(repository="", commit="")).stderr
    )


DOCKER = """#!{python}
import json, os, sys
from pathlib import Path

Path({record!r}).write_text(json.dumps(sys.argv[1:]))
command = sys.argv[sys.argv.index("the-image") + 1 :]
os.execv(sys.executable, [sys.executable, *command])
"""


def test_where_an_image_is_named_the_kernel_is_a_container_of_it(prepared, tmp_path, monkeypatch):
    docker, record = tmp_path / "docker", tmp_path / "arguments.json"
    docker.write_text(DOCKER.format(python=sys.executable, record=str(record)))
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("JUPYTER_PATH", str(prepared))
    monkeypatch.setenv("COLAB_IMAGE", "the-image")
    cell = nbformat.v4.new_code_cell("print(6 * 7)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=120, kernel_name="colab").execute()
    assert notebook.cells[0].outputs[0].text == "42\n"
    command, *options = json.loads(record.read_text())
    assert command == "run"
    expected = {"--rm", "--entrypoint=python3", f"--volume={prepared}:{prepared}:ro"}
    assert expected < set(options)


def test_without_a_stamp_one_sentence_says_how_to_install(colab, set_up):
    done = run(colab, set_up)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: The course's package is missing: ")
    assert "`pip install -r requirements.txt`" in last


def test_a_package_that_needs_another_numpy_is_refused_and_nothing_changes(
    colab, set_up, prepared, tmp_path
):
    repository = tmp_path / "other"
    run_git(tmp_path, "clone", "--quiet", str(prepared / "repository"), str(repository))
    project = repository / "pyproject.toml"
    text, count = re.subn(r'"numpy[^"]*"', '"numpy<1"', project.read_text(encoding="utf-8"))
    assert count == 1
    project.write_text(text, encoding="utf-8")
    stamped = set_up.replace('COMMIT = ""', f'COMMIT = "{commit_all(repository)}"')
    stamped = stamped.replace('REPOSITORY = ""', f'REPOSITORY = "{repository.as_uri()}"')
    before = versions(colab)

    done = run(colab, stamped)

    assert done.returncode == 1
    assert "ImportError: The course's package could not be installed, and " in done.stderr
    assert f"numpy=={before['numpy']}" in done.stderr
    assert versions(colab) == before
    assert "No module named 'abstractgan'" in run(colab, "import abstractgan").stderr


def test_offline_on_kaggle_one_sentence_says_what_to_switch_on(colab, set_up):
    stamped = set_up.replace('COMMIT = ""', f'COMMIT = "{"0" * 40}"')
    stamped = stamped.replace('REPOSITORY = ""', 'REPOSITORY = "https://github.invalid/a/b"')
    hint = 'On Kaggle, switch on "Internet" in the notebook\'s settings. pip says why:'
    assert hint not in run(colab, stamped).stderr
    colab.variables["KAGGLE_KERNEL_RUN_TYPE"] = "Interactive"
    assert hint in run(colab, stamped).stderr


def test_where_the_package_is_installed_the_cell_says_and_does_nothing(set_up, tmp_path):
    watched = "import subprocess\nsubprocess.run = None\n" + set_up
    done = subprocess.run(
        [sys.executable, "-c", watched], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_binders_environment_can_be_installed(prepared, colab):
    done = subprocess.run(
        [colab.python, "-m", "pip", "install", "-r", prepared / "stamped/binder/requirements.txt"],
        cwd=colab.working_folder,
        env=colab.variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert run(colab, "import abstractgan").returncode == 0

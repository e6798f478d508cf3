"""Every notebook runs alone where the package is not installed, as it does in Colab.

The stand-in for Colab is an environment that sees everything installed here but the package, with a
``google.colab`` of its own; the set-up cell installs the package from a local git repository. pip
may ask no index. A notebook with a widget gets the ipywidgets 7.7 that Colab may ship.
"""

import json
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import nbformat
import pytest
from conftest import old_widgets
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

import notebooks
import stamp

pytestmark = pytest.mark.slow

KEPT = ["tensorflow", "tensorflow-cpu", "keras", "numpy", "ipywidgets"]

GOOGLE_COLAB_OUTPUT = """
class _widgets:
    _installed_url = None

def enable_custom_widget_manager():
    _widgets._installed_url = "widget manager of the stand-in"
"""
VERSIONS = f"""
import json
from importlib.metadata import PackageNotFoundError, version

def version_of(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None

versions = {{name: version_of(name) for name in {KEPT}}}
"""
PROBE = (
    VERSIONS
    + """
import sys
from importlib.metadata import distribution
import abstractgan
from google.colab import output as colab_output

print(json.dumps({
    "versions": versions,
    "package": abstractgan.__file__,
    "origin": json.loads(distribution("abstractgan").read_text("direct_url.json")),
    "widget manager": colab_output._widgets._installed_url,
}))
"""
)


def run_git(folder, *arguments):
    command = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit_all(folder):
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--message", "The course")
    return run_git(folder, "rev-parse", "HEAD")


class Published:
    """A repository with the working tree's files, and the notebooks stamped with it."""

    def __init__(self, folder):
        self.repository = folder / "repository"
        self.stamped = folder / "stamped"
        stamp.copy_tree(self.repository)
        run_git(self.repository, "init", "--quiet")
        self.commit = commit_all(self.repository)
        stamp.stamp(self.repository.as_uri(), self.commit, "colab", self.stamped)


class Colab:
    """A stand-in for Colab: an environment without the package, and an empty folder."""

    def __init__(self, folder, *, widgets=None):
        self.environment = folder / "environment"
        self.working_folder = folder / "empty"
        self.working_folder.mkdir()
        venv.create(self.environment, symlinks=True)
        self.python = self.environment / "bin/python"
        here = {"base": str(self.environment), "platbase": str(self.environment)}
        packages = Path(sysconfig.get_path("purelib", vars=here))
        # A path that stands in a .pth file is searched, but its own .pth files are not read: so the
        # package, which is installed in place through one, is missing.
        seen = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
        if widgets:
            seen.insert(0, widgets)
            # ipywidgets 7 asks for the notebook server that Colab has; no kernel imports it.
            described = packages / "notebook-6.5.7.dist-info"
            described.mkdir()
            text = "Metadata-Version: 2.1\nName: notebook\nVersion: 6.5.7\n"
            (described / "METADATA").write_text(text)
        (packages / "installed.pth").write_text("\n".join(dict.fromkeys(seen)) + "\n")
        (packages / "google/colab").mkdir(parents=True)
        (packages / "google/colab/__init__.py").touch()
        (packages / "google/colab/output.py").write_text(GOOGLE_COLAB_OUTPUT)
        self.variables = {
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads 0 as: no isolation, build with what is here
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": "",
        }

    def run(self, source):
        """Run a cell's text as a script."""
        return subprocess.run(
            [self.python, "-c", source],
            cwd=self.working_folder,
            env=os.environ | self.variables,
            capture_output=True,
            text=True,
        )

    def versions(self):
        done = self.run(VERSIONS + "print(json.dumps(versions))")
        return json.loads(done.stdout)

    def execute(self, notebook):
        """Execute a notebook, and return what the probe prints after its last cell."""
        launch = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec = {
            "argv": launch,
            "display_name": "Colab",
            "language": "python",
            "env": self.variables,
        }
        kernels = self.environment / "kernels"
        (kernels / "colab").mkdir(parents=True)
        (kernels / "colab/kernel.json").write_text(json.dumps(spec))
        manager = AsyncKernelManager(
            kernel_name="colab",
            kernel_spec_manager=KernelSpecManager(
                kernel_dirs=[str(kernels)], ensure_native_kernel=False
            ),
        )
        notebook.cells.append(nbformat.v4.new_code_cell(PROBE))
        NotebookClient(
            notebook,
            km=manager,
            timeout=notebooks.CELL_TIMEOUT_SECONDS,
            resources={"metadata": {"path": str(self.working_folder)}},
        ).execute(cleanup_kc=True)  # or the kernel lives on until the tests end
        return json.loads(notebook.cells[-1].outputs[-1].text)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return Published(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def set_up():
    return notebooks.SETUP_CELL.read_text(encoding="utf-8")


@pytest.fixture
def colab(tmp_path):
    return Colab(tmp_path)


def widget_views(notebook):
    return [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if notebooks.VIEW in output.get("data", {})
    ]


@pytest.mark.parametrize("chapter", notebooks.names())
def test_a_notebook_runs_alone(chapter, published, tmp_path):
    notebook = notebooks.read_notebook(published.stamped / f"notebooks/{chapter}.ipynb")
    has_widget = bool(widget_views(notebook))
    colab = Colab(tmp_path, widgets=old_widgets() if has_widget else None)
    before = colab.versions()
    assert before["numpy"] and before["keras"]
    assert before["tensorflow"] or before["tensorflow-cpu"]
    assert not has_widget or before["ipywidgets"].startswith("7.7.")

    found = colab.execute(notebook)

    assert found["versions"] == before
    assert Path(found["package"]).is_relative_to(colab.environment)
    assert found["origin"]["url"] == published.repository.as_uri()
    assert found["origin"]["vcs_info"]["commit_id"] == published.commit
    assert found["widget manager"] == "widget manager of the stand-in"
    assert not [o for cell in notebook.cells for o in cell.get("outputs", []) if "ename" in o]
    assert bool(widget_views(notebook)) == has_widget


def test_some_notebook_shows_a_widget():
    stored = [notebooks.FOLDER / f"{name}.ipynb" for name in notebooks.names()]
    assert any(widget_views(notebooks.read_notebook(path)) for path in stored)


def test_without_a_stamp_one_sentence_says_how_to_install(colab, set_up):
    done = colab.run(set_up)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: The course's package is missing: ")
    assert "`pip install -r requirements.txt`" in last


def test_a_package_that_needs_another_numpy_is_refused_and_nothing_changes(
    colab, set_up, published, tmp_path
):
    repository = tmp_path / "other"
    run_git(tmp_path, "clone", "--quiet", str(published.repository), str(repository))
    project = repository / "pyproject.toml"
    text, count = re.subn(r'"numpy[^"]*"', '"numpy<1"', project.read_text(encoding="utf-8"))
    assert count == 1
    project.write_text(text, encoding="utf-8")
    stamped = set_up.replace('COMMIT = ""', f'COMMIT = "{commit_all(repository)}"')
    stamped = stamped.replace('REPOSITORY = ""', f'REPOSITORY = "{repository.as_uri()}"')
    before = colab.versions()

    done = colab.run(stamped)

    assert done.returncode == 1
    assert "ImportError: The course's package could not be installed, and " in done.stderr
    assert f"numpy=={before['numpy']}" in done.stderr
    assert colab.versions() == before
    assert "No module named 'abstractgan'" in colab.run("import abstractgan").stderr


def test_where_the_package_is_installed_the_cell_says_and_does_nothing(set_up, tmp_path):
    watched = "import subprocess\nsubprocess.run = None\n" + set_up
    done = subprocess.run(
        [sys.executable, "-c", watched], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

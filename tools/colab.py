"""A stand-in for Colab, or its own image, in which ``pytest --nbval`` runs every notebook alone.

python tools/colab.py FOLDER
JUPYTER_PATH=FOLDER pytest --nbval --nbval-kernel-name=colab FOLDER/notebooks

The first command makes the folder anew: a local git repository with the working tree's files, the
notebooks stamped with it, each in a folder of its own, and the kernel ``colab``. A kernel starts in
an empty folder and an environment that sees everything installed here but the package, with a
``google.colab`` of its own and the ipywidgets 7.7 that Colab may ship; pip may ask no index. Where
the variable ``COLAB_IMAGE`` names the image of Colab's runtime, it starts in a new container of
that instead. A stamped notebook ends with a cell that looks whether its set-up cell installed the
package from the repository and changed nothing else.
"""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import nbformat

import notebooks
import stamp

OLD_WIDGETS = Path(sys.prefix) / "ipywidgets7"  # where `make test` puts ipywidgets 7.7

GOOGLE_COLAB_OUTPUT = """
class _widgets:
    _installed_url = None

def enable_custom_widget_manager():
    _widgets._installed_url = "widget manager of the stand-in"
"""
VERSIONS = """\
from importlib.metadata import PackageNotFoundError, version

def versions_here():
    found = {}
    for name in ("tensorflow", "tensorflow-cpu", "keras", "numpy", "ipywidgets"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            pass
    return found
"""
BEFORE = (
    VERSIONS
    + """
import importlib.util

assert importlib.util.find_spec("abstractgan") is None, "The package is here already."
versions_before = versions_here()
assert {"keras", "numpy"} < set(versions_before), versions_before
assert {"tensorflow", "tensorflow-cpu"} & set(versions_before), versions_before
"""
)
AFTER = """\
import json
import sys
from importlib.metadata import distribution

import abstractgan
from google.colab import output as colab_output

assert versions_here() == versions_before
assert abstractgan.__file__.startswith(sys.prefix), abstractgan.__file__
origin = json.loads(distribution("abstractgan").read_text("direct_url.json"))
assert origin["url"] == {repository!r}, origin
assert origin["vcs_info"]["commit_id"] == {commit!r}, origin
assert colab_output._widgets._installed_url
"""


GIT_SETTINGS = "gitconfig"


def run_git(folder: Path, *arguments: str) -> str:
    """What git prints."""
    command = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.org", *arguments]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit_all(folder: Path) -> str:
    """The commit that all files of a folder are in now."""
    run_git(folder, "add", "--all")
    run_git(folder, "commit", "--quiet", "--message", "The course")
    return run_git(folder, "rev-parse", "HEAD")


def prepare(folder: Path) -> None:
    """Make the folder anew: notebooks, each alone, and the kernel that runs them."""
    shutil.rmtree(folder, ignore_errors=True)
    repository, stamped = folder / "repository", folder / "stamped"
    stamp.copy_tree(repository)
    run_git(repository, "init", "--quiet")
    commit = commit_all(repository)
    stamp.stamp(repository.as_uri(), commit, "colab", "", stamped)
    after = AFTER.format(repository=repository.as_uri(), commit=commit)
    for name in notebooks.names():
        notebook = notebooks.read_notebook(stamped / f"notebooks/{name}.ipynb")
        first, last = (nbformat.v4.new_code_cell(source) for source in (BEFORE, after))
        notebook.cells = [first, *notebook.cells, last]
        alone = folder / "notebooks" / name / f"{name}.ipynb"
        alone.parent.mkdir(parents=True)
        nbformat.write(notebook, alone)
    # In a container git is another user, who must be told that the repository is to be trusted.
    (folder / GIT_SETTINGS).write_text("[safe]\n\tdirectory = *\n", encoding="utf-8")
    start = [sys.executable, str(Path(__file__).resolve()), "--kernel", str(folder)]
    spec = {
        "argv": [*start, "{connection_file}"],
        "display_name": "Colab",
        "language": "python",
    }
    kernel = folder / "kernels/colab"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


class Environment:
    """An environment without the package, and an empty folder to work in.

    Args:
        folder: Where both go; what was there of them is removed.
        widgets: A folder that is searched before what is installed here.
    """

    def __init__(self, folder: Path, widgets: Path | None = None) -> None:
        root = folder / "environment"
        self.working_folder = folder / "empty"
        shutil.rmtree(self.working_folder, ignore_errors=True)
        self.working_folder.mkdir()
        venv.create(root, symlinks=True, clear=True)
        self.python = root / "bin/python"
        here = {"base": str(root), "platbase": str(root)}
        packages = Path(sysconfig.get_path("purelib", vars=here))
        # A path that stands in a .pth file is searched, but its own .pth files are not read: so the
        # package, which is installed in place through one, is missing.
        seen = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
        if widgets:
            seen.insert(0, str(widgets))
            # ipywidgets 7 asks for the notebook server that Colab has; no kernel imports it.
            described = packages / "notebook-6.5.7.dist-info"
            described.mkdir()
            text = "Metadata-Version: 2.1\nName: notebook\nVersion: 6.5.7\n"
            (described / "METADATA").write_text(text)
        (packages / "installed.pth").write_text("\n".join(dict.fromkeys(seen)) + "\n")
        (packages / "google/colab").mkdir(parents=True)
        (packages / "google/colab/__init__.py").touch()
        (packages / "google/colab/output.py").write_text(GOOGLE_COLAB_OUTPUT)
        self.variables = os.environ | {
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads 0 as: no isolation, build with what is here
            "PYTHONNOUSERSITE": "1",
            "PYTHONPATH": "",
        }


def start_kernel(folder: str, connection_file: str) -> None:
    """Become a kernel: in Colab's image, or where environment and notebook lie side by side."""
    if image := os.environ.get("COLAB_IMAGE"):
        command = in_container(image, folder, connection_file)
        os.execvp(command[0], command)
    stand_in = Environment(Path.cwd(), OLD_WIDGETS)
    os.chdir(stand_in.working_folder)
    launch = [str(stand_in.python), "-m", "ipykernel_launcher", "-f", connection_file]
    os.execve(stand_in.python, launch, stand_in.variables)


def in_container(image: str, folder: str, connection_file: str) -> list[str]:
    """Return the command of a kernel in a container, which sees the repository and the network."""
    seen = [f"--volume={path}:{path}:ro" for path in (folder, connection_file)]
    return [
        *("docker", "run", "--rm", "--network=host", *seen, "--workdir=/content"),
        *(f"--env=GIT_CONFIG_GLOBAL={folder}/{GIT_SETTINGS}", "--entrypoint=python3", image),
        *("-m", "ipykernel_launcher", "-f", connection_file),
    ]


if __name__ == "__main__":
    if sys.argv[1] == "--kernel":
        start_kernel(*sys.argv[2:])
    else:
        prepare(Path(sys.argv[1]).resolve())

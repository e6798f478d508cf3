"""Run the package's tests on every supported Python, with the newest and the oldest dependencies.

python tools/matrix.py [--pythons 3.11 /opt/python/bin/python3.13 ...] [--only oldest]

Each combination gets a new environment in ``_build/matrix`` with everything in
``requirements.txt``, the newest or the oldest that the ranges there and the package's own allow.
In it run the package's tests, those of the browser and the slow ones left out, and the notebooks
that take less than half a minute, each alone in the stand-in for Colab (``tools/colab.py``). The
environment of a combination that failed is kept.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import notebooks

PYTHONS = ("3.11", "3.12", "3.13")
RESOLUTIONS = {"newest": "highest", "oldest": "lowest-direct"}
FOLDER = notebooks.ROOT / "_build" / "matrix"
UV = Path(sys.executable).with_name("uv")
TESTS = "not (browser or slow or network)"
QUICK_SECONDS = 30


class MatrixError(Exception):
    """Why a combination can't be tried, in one sentence."""


def interpreter(name: str) -> tuple[str, str]:
    """The version and the program of a Python that is named by either.

    Raises:
        MatrixError: If there is none.
    """
    show = "import sys; print('%d.%d' % sys.version_info[:2])"
    for program in filter(None, map(shutil.which, (name, f"python{name}"))):
        done = subprocess.run([program, "-c", show], capture_output=True, text=True)
        if done.returncode == 0:  # a switch between versions may stand in for one that is not there
            return done.stdout.strip(), program
    raise MatrixError(
        f"There is no Python {name}: install it, or say where it is, as in "
        'make test-matrix PYTHONS="3.12 /opt/python/bin/python3.13".'
    )


def quick_notebooks(folder: Path) -> list[Path]:
    """The notebooks that take less than half a minute, as ``tools/colab.py`` puts them."""
    measured = notebooks.timings()
    quick = (name for name, timing in measured.items() if timing["seconds"] < QUICK_SECONDS)
    return [folder / "notebooks" / name / f"{name}.ipynb" for name in sorted(quick)]


def commands(environment: Path, program: str, dependencies: str) -> Iterator[list[str | Path]]:
    """Yield what makes an environment and runs the tests in it."""
    python = environment / "bin" / "python"
    # The notebooks' set-up cells need pip.
    yield [UV, "venv", "--quiet", "--clear", "--seed", "--python", program, environment]
    install: list[str | Path] = [UV, "pip", "install", "--quiet", "--python", python]
    # Wheels only: what is old may not build with today's compilers.
    install += [
        "--only-binary",
        ":all:",
        "--no-binary",
        "abstractgan",
        "--resolution",
        RESOLUTIONS[dependencies],
    ]
    yield [*install, "--requirement", "requirements.txt"]
    yield [UV, "pip", "freeze", "--quiet", "--python", python]
    colab = environment / "colab"
    yield [python, "tools/colab.py", colab]
    test: list[str | Path] = [
        "env",
        f"JUPYTER_PATH={colab}",
        python,
        "-m",
        "pytest",
        "-q",
        "-m",
        TESTS,
        "tests",
    ]
    yield [*test, "--nbval", "--nbval-kernel-name=colab", *quick_notebooks(colab)]


def passes(environment: Path, program: str, dependencies: str) -> bool:
    """Whether all of it succeeds; the environment is kept if it does not."""
    for command in commands(environment, program, dependencies):
        print("+", *command, flush=True)
        if subprocess.run(command, cwd=notebooks.ROOT).returncode != 0:
            return False
    shutil.rmtree(environment)
    return True


def main(arguments: list[str] | None = None) -> int:
    """Try the combinations one after the other; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pythons", nargs="+", default=PYTHONS, help="versions or programs")
    parser.add_argument("--only", choices=RESOLUTIONS, help="one kind of dependencies")
    options = parser.parse_args(arguments)
    try:
        pythons = [interpreter(name) for name in options.pythons]
    except MatrixError as error:
        print(error, file=sys.stderr)
        return 2
    results = {
        f"Python {version}, {dependencies}": passes(
            FOLDER / f"{version}-{dependencies}", program, dependencies
        )
        for version, program in pythons
        for dependencies in ([options.only] if options.only else RESOLUTIONS)
    }
    for name, passed in results.items():
        print(f"{name}: {'passed' if passed else 'FAILED'}")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

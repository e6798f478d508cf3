import importlib.metadata
import subprocess
import sys

import pytest

import abstractgan

HEAVY = ("tensorflow", "keras", "matplotlib", "numpy", "PIL")


def loaded_by(statement):
    code = f"import sys; {statement}; print(*(m for m in {HEAVY} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stdout.split()


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import abstractgan") == []
    assert loaded_by("import abstractgan.data, abstractgan.errors, abstractgan.cli") == []


@pytest.mark.parametrize("module", ["digits", "images", "paintings", "photographs"])
def test_pictures_need_no_tensorflow(module):
    assert set(loaded_by(f"import abstractgan.data.{module}")) <= {"numpy", "PIL"}


def test_the_installed_version_is_the_packages():
    assert importlib.metadata.version("abstractgan") == abstractgan.__version__

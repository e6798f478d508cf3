"""The built book and a real browser, each made once for all tests that ask for them."""

import base64
import contextlib
import functools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest
import yaml
from filelock import FileLock
from hypothesis import settings
from nbclient import NotebookClient
from playwright.sync_api import expect, sync_playwright
from widget_page import Alone

from abstractgan.widgets import base
from chromium import NoChromiumError, launch
from colab import OLD_WIDGETS
from stamp import copy_tree

# What hypothesis tries: `--hypothesis-profile=long` takes minutes, and other cases each time.
settings.register_profile("short", max_examples=150, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=20_000, deadline=None)
settings.load_profile("short")

expect.set_options(timeout=60_000)  # machines are shared: what is right may be late

ROOT = Path(__file__).resolve().parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))


def named(path):
    """Return what a workflow or an action is called in a test's name."""
    return path.stem if path in WORKFLOWS else path.parent.name


def jobs_of(path):
    """Return the jobs of a workflow; an action's steps are one."""
    content = yaml.safe_load(path.read_text("utf-8"))
    return list(content["jobs"].values()) if "jobs" in content else [content["runs"]]


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items):
    """Mark what needs Chromium; a test that asks for it only when it runs is marked by itself."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_collection_finish(session):
    """Measure tests only: nbval would start Coverage in each kernel too and wait a minute for it.

    By now pytest-cov has read its option; a notebook's package is an installed copy, not `src`.
    """
    session.config.option.cov_source = None


def old_widgets():
    """Return the folder of ipywidgets 7.7, which Colab may ship; skip the test without it."""
    if not OLD_WIDGETS.exists():
        reason = "ipywidgets 7.7 is missing; `make test` installs it beside the current one"
        assert "REQUIRE_OLD_WIDGETS" not in os.environ, reason
        pytest.skip(reason)
    return str(OLD_WIDGETS)


def executed(cells, version, folder):
    """Return the notebook of code cells, run with ipywidgets "8", the installed one, or "7.7"."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    resources = {"metadata": {"path": folder}}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources)
    client.execute(env=os.environ | ({"PYTHONPATH": old_widgets()} if version == "7.7" else {}))
    return notebook


def build_book(folder):
    """Build the book in a folder as `make book` does; return the warnings."""
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    return warnings_of([jupyter_book, "build", ".", "-n", "-W", "--keep-going"], folder)


def warnings_of(command, folder):
    """Run a command that builds a book in a folder; return the warnings."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1800)
    lines = re.sub(r"\x1b\[[\d;]*m", "", done.stderr).splitlines()
    warnings = [line for line in lines if "WARNING" in line or "ERROR" in line]
    assert warnings or done.returncode == 0, done.stderr
    return warnings


class Book(NamedTuple):
    """A copy of the book's sources with the built pages in it."""

    folder: Path
    warnings: list[str]


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The book, built from nothing in a new folder, so that no stale file hides a fault.

    It is built once for all processes of pytest-xdist.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "book"
    warnings = folder.with_name("warnings.json")
    with FileLock(folder.with_name("book.lock")):
        if not warnings.exists():
            copy_tree(folder)
            for name in (".pytest_cache", ".venv", "notebooks/.cache"):  # a working tree's own
                (folder / name).mkdir()
                (folder / name / "README.md").write_text("# Not a page of the book\n")
            warnings.write_text(json.dumps(build_book(folder)))
    return Book(folder, json.loads(warnings.read_text()))


@pytest.fixture(scope="session")
def html(book):
    """The folder of the built pages."""
    return book.folder / "_build" / "html"


@pytest.fixture(scope="session")
def site(html):
    """The built book's address on a local server, with a slash at its end."""
    with served(html) as address:
        yield address


@contextlib.contextmanager
def served(folder):
    """Serve a folder's files; yield its address.

    The server is a process of its own: coverage traces every thread of this one, and fails now and
    then to begin, so that the browser would wait for an answer for ever.
    """
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        [*command, "--directory", folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        yield re.search(r"http://127\.0\.0\.1:\d+/", server.stdout.readline())[0]
        server.terminate()


@pytest.fixture(scope="module")  # an event loop runs as long as Playwright does
def browser():
    """Chromium, for which no host but this machine exists."""
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except NoChromiumError as error:
            if os.environ.get("REQUIRE_BROWSER") == "1":
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield chromium
        chromium.close()


@pytest.fixture
def alone(browser):
    """A function that opens a page with one widget; at the end no page may have found a fault."""
    opened = []

    def open_page(widget, **settings):
        opened.append(Alone(browser, widget, **settings))
        return opened[-1]

    yield open_page
    for page in opened:
        page.context.close()
        assert page.faults == []


def in_node(module, expression):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed; the same runs in Chromium")
    script = f"{module}; console.log(JSON.stringify({expression}));"
    command = [node, "--input-type=module"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(params=["node", pytest.param("chromium", marks=pytest.mark.browser)])
def javascript(request):
    """A function that evaluates an expression in which `widget` is the ES module under test.

    That is NAME.js, with what it imports, in test_NAME.py or test_NAME_javascript.py.
    """
    name = request.module.__name__.removeprefix("test_").removesuffix("_javascript")
    source = base.bundle(Path(base.__file__).with_name(f"{name}.js"))
    encoded = base64.b64encode(source.encode()).decode()
    module = f"const widget = await import('data:text/javascript;base64,{encoded}')"
    if request.param == "node":
        yield functools.partial(in_node, module)
    else:
        page = request.getfixturevalue("browser").new_page()
        yield lambda expression: page.evaluate(f"async () => {{ {module}; return {expression} }}")
        page.close()

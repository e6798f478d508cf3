"""Widgets in JupyterLab with a kernel: their controls, and the state that Python sees."""

import json
import os
import re
import subprocess
import sys
import threading

import nbformat
import pytest
from playwright.sync_api import expect
from widget_checks import check_controls
from widget_page import Seen

import notebooks
from abstractgan.widgets import LossExplorer

pytestmark = pytest.mark.slow

CELLS = [
    "from abstractgan.widgets import LossExplorer\nexplorer = LossExplorer()\nexplorer",
    "print(explorer.reading)",
]


# Shows a widget of the chapters in the state that its notebook keeps: what a chapter computes for
# it takes minutes, and is computed where the notebooks are executed.
AGAIN = """import json
from IPython.display import display
import abstractgan.widgets
from abstractgan.widgets.base import LiveWidget

kept = json.load(open("states.json"))


def show_again(number):
    name, state = kept[number]
    kind = getattr(abstractgan.widgets, name)
    widget = kind.__new__(kind)
    LiveWidget.__init__(widget)
    with widget.hold_trait_notifications():
        for trait in kind.setting_names():
            widget.set_trait(trait, state[trait])
    data, metadata = widget._repr_mimebundle_()
    display(data, metadata=metadata, raw=True)"""


def kept_widgets():
    """Class and state of each of our widgets in the chapters."""
    kept = []
    for name in notebooks.names():
        notebook = notebooks.read_notebook(notebooks.FOLDER / f"{name}.ipynb")
        for _, _, state in notebooks.shown_widgets(notebook):
            kind = state.get("_anywidget_id", "")
            if kind.startswith("abstractgan."):
                kept.append((kind.rpartition(".")[2], state))
    return kept


WHOLE = {"windowingMode": "none"}  # cells out of sight stay in the page
QUIET = {"fetchNews": "false", "checkForUpdates": False}  # no question, no request


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab of its own, with two notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))
    tracker = settings.parent / "notebook-extension"
    tracker.mkdir()
    (tracker / "tracker.jupyterlab-settings").write_text(json.dumps(WHOLE))
    (folder / "notebooks").mkdir()
    kept = kept_widgets()
    (folder / "notebooks" / "states.json").write_text(json.dumps(kept))
    chapters = [AGAIN, *(f"show_again({number})" for number in range(len(kept)))]
    for name, cells in {"explorer": CELLS, "chapters": chapters}.items():
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        )
        nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
    }
    options = ("--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options, "--IdentityProvider.token="],
        cwd=folder / "notebooks",
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        found = (re.search(r"http://127\.0\.0\.1:\d+/lab", line) for line in server.stderr)
        address = next(filter(None, found))[0]
        threading.Thread(target=server.stderr.read, daemon=True).start()
        yield address
    finally:
        server.terminate()
        server.wait(30)


def open_and_run(page, lab, name):
    """Open a notebook and run all its cells."""
    # a workspace of its own, or the notebook of the test before is opened behind this one
    page.goto(f"{lab}/workspaces/{name}/tree/{name}.ipynb")
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


@pytest.fixture
def run_all(lab, browser):
    """A function that opens a notebook and runs all its cells; no page error may have come."""
    faults = []
    page = browser.new_page(viewport={"width": 1280, "height": 1200})
    page.set_default_timeout(90_000)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)

    def run(name):
        open_and_run(page, lab, name)
        return page

    yield run
    page.close()
    assert faults == []


def test_it_answers_in_jupyterlab_and_python_sees_it(run_all):
    page = run_all("explorer")
    explorer = Seen(page)
    check_controls(explorer)
    explorer.root.get_by_role("button", name="Reset").click()

    slider = explorer.root.get_by_role("slider").first
    slider.focus()
    for key in ("d", "d", "a"):  # JupyterLab's: delete a cell, insert one
        page.keyboard.press(key)
    cells = page.locator(".jp-CodeCell")
    assert cells.count() == len(CELLS)
    slider.fill("2.5")
    cells.last.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Shift+Enter")
    reading = LossExplorer(score=2.5).reading
    expect(cells.nth(1).locator(".jp-OutputArea")).to_contain_text(reading)

    cells.first.locator(".jp-InputArea-editor").click()
    page.keyboard.press("Shift+Enter")
    expect(cells.first.locator(".jp-InputPrompt")).to_have_text("[4]:")
    expect(page.locator(".ag-widget").first.get_by_role("slider").first).to_have_value("2.5")


def test_every_widget_of_the_chapters_is_live_in_jupyterlab(run_all):
    kept = kept_widgets()
    assert len(kept) >= 10
    page, kinds = run_all("chapters"), set()
    for number, (kind, _) in enumerate(kept):
        cell = f".jp-CodeCell >> nth={number + 1}"
        page.locator(cell).scroll_into_view_if_needed()  # what is out of sight waits
        seen = Seen(page, f"{cell} >> .ag-widget")
        assert kind in kinds or seen.axe() == []
        kinds.add(kind)
        slider = seen.root.locator("[type=range]:visible").first
        if slider.count():
            slider.focus()
            key = slider.evaluate("(s) => (s.value === s.max ? 'ArrowLeft' : 'ArrowRight')")
            seen.check_change(lambda key=key: page.keyboard.press(key), both=False)
        elif seen.root.locator("select").count():  # the GAN lab
            step = seen.root.get_by_role("button", name="Step")
            seen.check_change(step.click, both=False)
        else:  # a quiz
            seen.root.locator("label").first.click()
            check = seen.root.get_by_role("button").first
            seen.check_change(check.click, both=False)

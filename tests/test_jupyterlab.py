"""The loss explorer in JupyterLab with a kernel: its controls, and the state that Python sees."""

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

from abstractgan.widgets import LossExplorer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CELLS = [
    "from abstractgan.widgets import LossExplorer\nexplorer = LossExplorer()\nexplorer",
    "print(explorer.reading)",
]
QUIET = '{"fetchNews": "false", "checkForUpdates": false}'  # no question, no request


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab of its own that opens a notebook with the widget."""
    folder = tmp_path_factory.mktemp("lab")
    settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(QUIET)
    (folder / "notebooks").mkdir()
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "notebooks" / "explorer.ipynb")
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
        yield f"{address}/tree/explorer.ipynb"
    finally:
        server.terminate()
        server.wait(30)


def test_it_answers_in_jupyterlab_and_python_sees_it(lab, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1200})
    page.set_default_timeout(90_000)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(lab)
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
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
    assert faults == []
    page.close()

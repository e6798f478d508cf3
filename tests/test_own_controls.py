"""The panel of the chapter on own controls, pressed by a program and, in JupyterLab, by a mouse."""

import re

import nbformat
import pytest
from conftest import executed
from playwright.sync_api import expect
from test_jupyterlab import lab, open_and_run  # noqa: F401

import notebooks


def code_cells(until):
    """Return the chapter's code, without the set-up, up to the first cell that has `until`."""
    twin = notebooks.read_twin(notebooks.FOLDER / "own_controls.py")
    cells = [
        cell.source
        for cell in twin.cells
        if cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", [])
    ]
    return cells[: 1 + next(i for i, source in enumerate(cells) if until in source)]


PRESSED = {
    "it opens quiet": """
assert panel.run is None and not panel.heartbeat.running
assert panel.stop_button.disabled and not panel.start_button.disabled
""",
    "start trains at once, beats go on": """
def beat():
    panel.heartbeat._handle_custom_msg("beat", [])

sent = []
panel.heartbeat.send = sent.append
panel.start_button.click()
assert panel.heartbeat.running and panel.start_button.disabled
first = len(panel.losses)
assert first > 0
beat()
assert len(panel.losses) == panel.progress.value == 2 * first
assert len(sent) == 1, "each beat is answered, once"
assert f'alt="Step {2 * first}: ' in panel.plot.value
""",
    "a second start does not run two trainings": """
made = []
def counted(training=panel.training):
    made.append(1)
    return training()
panel.training = counted
run = panel.run
panel.start_button.click()
assert panel.run is run and not made and len(panel.losses) == 2 * first
""",
    "two answers at once take turns": """
threads = [threading.Thread(target=lambda: [beat() for _ in range(4)]) for _ in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(panel.losses) == 10 * first and panel.run is run, panel.message.value
""",
    "stop stops within a second": """
pressed = time.perf_counter()
panel.stop_button.click()
beat()
assert time.perf_counter() - pressed < 1
assert len(panel.losses) == 10 * first and panel.run is None
assert not panel.heartbeat.running and panel.stop_button.disabled
assert f"Stopped at step {10 * first}." in panel.message.value
""",
    "a wrong setting is one sentence in the panel, and the next start works": """
loss.value, smoothing.value = "hinge", 0.2
panel.start_button.click()
words = re.sub("<.*?>", "", html.unescape(panel.message.value))
assert words.startswith("Label smoothing belongs to the cross-entropy losses") and words[-1] == "."
assert words.count(". ") == 0 and "Error" not in words
assert panel.run is None and not panel.start_button.disabled
smoothing.value = 0
panel.start_button.click()
assert panel.run is not None
panel.stop_button.click()
""",
    "an error in the midst of a training is shown, not lost": """
def broken():
    yield 1.0, 2.0
    raise RuntimeError("<no> memory")
panel.training = broken
panel.start_button.click()
assert "RuntimeError: &lt;no&gt; memory" in panel.message.value
assert len(panel.losses) == 1 and not panel.heartbeat.running
panel.training = counted
""",
    "the rate acts on the next step": """
import numpy as np
def weights_move(value):
    rate.value = value
    before = [p.copy() for p in gan.generator.parameters]
    next(run)
    return sum(np.abs(p - q).sum() for p, q in zip(before, gan.generator.parameters))
loss.value = "non_saturating"
run = planar_training()
next(run)
gan = run.gi_frame.f_locals["gan"]
slow, fast = weights_move(0.0001), weights_move(0.1)
assert fast > 100 * slow > 0
rate.value = 0.002
""",
    "a field and its slider move together": """
exact.value = 0.02
assert abs(rate.value - 0.02) < 1e-12
rate.value = 0.002
assert abs(exact.value - 0.002) < 1e-12
""",
    "every control has a name": """
def inside(box):
    for child in getattr(box, "children", ()):
        yield child
        yield from inside(child)
named = [w for w in inside(panel) if hasattr(w, "description") and not isinstance(w, widgets.HTML)]
assert len(named) >= 8 and all(w.description for w in named)
assert all(w.tooltip for w in named if isinstance(w, widgets.Button))
""",
}


PAUSED = """
pause.value = True
assert not panel.heartbeat.running
panel.stop_button.click()
assert not pause.value
pause.value = True
panel.start_button.click()
assert panel.heartbeat.running and not pause.value
panel.stop_button.click()
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", ["7.7", "8"])
def test_the_panel_answers_to_every_button(version, tmp_path):
    cells = code_cells("panel = Panel(form")
    check = f"import re\nassert widgets.__version__.startswith('{version}')"
    cells += [check, *(f"# {name}\n{code.strip()}" for name, code in PRESSED.items())]
    cells += [code_cells("pause.observe")[-1], "panel.start_button.click()", PAUSED]
    notebook = executed(cells, version, tmp_path)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert any("widget-view+json" in str(output.get("data")) for output in outputs)


WRITE = """async ([path, content]) => {
    const xsrf = document.cookie.match(/_xsrf=([^;]+)/)?.[1] ?? "";
    const answer = await fetch(path, {
        method: "PUT",
        headers: { "X-XSRFToken": xsrf, "Content-Type": "application/json" },
        body: JSON.stringify({ type: "notebook", format: "json", content }),
    });
    return answer.status;
}"""
STEP = re.compile(r"Step (\d+): the loss of D is [\d.]+, that of G [\d.]+\.")


@pytest.mark.slow
def test_in_jupyterlab_a_click_starts_and_a_click_stops(lab, browser):  # noqa: F811
    page = browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(90_000)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(lab)
    cells = "\n".join(code_cells("panel = Panel(form"))
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cells)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    notebook.cells[0].metadata["jupyter"] = {"source_hidden": True}
    path = f"{lab.removesuffix('/lab')}/api/contents/own_controls.ipynb"
    assert page.evaluate(WRITE, [path, notebook]) in (200, 201)
    open_and_run(page, lab, "own_controls")

    output = page.locator(".jp-OutputArea").first
    start, stop = (output.get_by_role("button", name=name) for name in ("Start", "Stop"))
    plot, message = output.locator("img[alt^=Step]"), output.get_by_role("status")

    def step():
        return int(STEP.fullmatch(plot.get_attribute("alt"))[1])

    start.wait_for()
    expect(stop).to_be_disabled()
    output.get_by_label("Steps").fill("5000")
    output.get_by_label("Steps").press("Enter")
    start.click()
    plot.wait_for()
    expect(start).to_be_disabled()
    expect(message).to_have_text("Training.")
    for _ in range(3):  # it moves, and goes on moving
        expect(plot).not_to_have_attribute("alt", re.compile(f"Step {step()}:"), timeout=30_000)
    assert step() < 5000
    output.get_by_label("Rate").last.fill("0.05")  # while it trains
    output.get_by_label("Rate").last.press("Enter")
    stop.click()
    expect(message).to_contain_text("Stopped at step")
    stopped = step()
    page.wait_for_timeout(1000)
    assert step() == stopped < 5000
    expect(message).to_have_text(f"Stopped at step {stopped}.")
    expect(start).to_be_enabled()

    output.get_by_label("Loss").select_option("Hinge")  # and a second run, with a fault in the form
    output.get_by_label("Smoothing").last.fill("0.2")
    output.get_by_label("Smoothing").last.press("Enter")
    start.click()
    expect(message).to_contain_text("Label smoothing belongs to the cross-entropy losses")
    expect(start).to_be_enabled()
    assert faults == []
    page.close()


def test_a_screen_reader_hears_the_rate_and_not_its_exponent(site, browser):
    page = browser.new_page()
    page.goto(f"{site}notebooks/own_controls.html")
    handle = page.get_by_role("slider", name="Rate").first
    expect(handle).to_have_attribute("aria-valuetext", "0.00200")
    for key, heard in (("ArrowRight", "0.00224"), ("End", "0.100"), ("Home", "0.000100")):
        handle.press(key)
        expect(handle).to_have_attribute("aria-valuetext", heard)
    page.close()

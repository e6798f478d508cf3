"""One mathematics, not two: the widget's JavaScript, its Python and the package's losses agree."""

import base64
import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nbformat
import numpy as np
import pytest
import traitlets
from nbclient import NotebookClient

from abstractgan.widgets import LossExplorer, loss_curves, loss_reading, static_picture

SOURCE = Path(loss_curves.__file__).with_name("loss_explorer.js")
SCORES = [round(-8 + 0.1 * step, 1) for step in range(161)]  # where the slider can stand
GRID = [*np.linspace(-40, 40, 801).tolist(), -700.0, 700.0]
OLD_WIDGETS = Path(sys.prefix) / "ipywidgets7"  # where `make test` puts ipywidgets 7.7


def in_node(expression):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed; the same runs in Chromium")
    script = f"{imported()}; console.log(JSON.stringify({expression}));"
    command = [node, "--input-type=module"]
    done = subprocess.run(command, input=script, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def imported():
    module = base64.b64encode(SOURCE.read_bytes()).decode()
    return f"const widget = await import('data:text/javascript;base64,{module}')"


@pytest.fixture(params=["node", pytest.param("chromium", marks=pytest.mark.browser)])
def javascript(request):
    """A function that evaluates an expression in which `widget` is the ES module."""
    if request.param == "node":
        yield in_node
    else:
        page = request.getfixturevalue("browser").new_page()
        yield lambda expression: page.evaluate(
            f"async () => {{ {imported()}; return {expression} }}"
        )
        page.close()


@pytest.mark.parametrize("name", ["loss", "gradient"])
@pytest.mark.parametrize("key", loss_curves.CURVES)
def test_javascript_and_python_compute_the_same(javascript, key, name):
    computed = javascript(f"{GRID}.map(widget.LOSSES.{key}.{name})")
    expected = getattr(loss_curves.CURVES[key], name)(GRID)
    assert np.isfinite(expected).all()
    np.testing.assert_allclose(computed, expected, rtol=1e-9, atol=0)


@pytest.mark.parametrize("show", loss_curves.SHOWN)
def test_javascript_and_python_say_the_same(javascript, show):
    said = javascript(f"{SCORES}.map((s) => widget.reading(s, '{show}'))")
    assert said == [loss_reading(score, show) for score in SCORES]


def test_javascript_and_python_have_the_same_settings(javascript):
    opening = LossExplorer()
    assert javascript("widget.START") == {"score": opening.score, "show": opening.show}
    limits = {"low": loss_curves.LOW, "high": loss_curves.HIGH, "step": 0.1}
    assert javascript("widget.RANGE") == limits
    titles = {key: curve.title for key, curve in loss_curves.CURVES.items()}
    found = javascript("Object.entries(widget.LOSSES).map(([key, loss]) => [key, loss.title])")
    assert dict(found) == titles


@pytest.mark.parametrize(
    ("key", "name"), [("saturating", "minimax"), ("non_saturating", "non_saturating")]
)
def test_the_curves_are_the_losses_that_train_a_network(key, name):
    import tensorflow as tf

    from abstractgan.losses import ADVERSARIAL_LOSSES

    curve = loss_curves.CURVES[key]
    for score in (-8.0, -4.0, -0.3, 0.0, 1.7, 8.0):
        logit = tf.Variable([[score]])
        with tf.GradientTape() as tape:
            loss = ADVERSARIAL_LOSSES[name].generator(logit)
        np.testing.assert_allclose(curve.loss(score), loss, rtol=1e-5)
        np.testing.assert_allclose(
            curve.gradient(score), tape.gradient(loss, logit)[0, 0], rtol=1e-5
        )


def test_gradients_are_slopes():
    s, step = np.linspace(-8, 8, 33), 1e-5
    for curve in loss_curves.CURVES.values():
        slopes = (curve.loss(s + step) - curve.loss(s - step)) / (2 * step)
        np.testing.assert_allclose(curve.gradient(s), slopes, atol=1e-9)


def test_the_reading_at_minus_four():
    assert LossExplorer(score=-4).reading == (
        "Score −4.0: the discriminator gives the fake a probability of 0.018 of being real. "
        "Saturating loss −0.018, gradient −0.018. Non-saturating loss 4.018, gradient −0.982. "
        "The non-saturating loss pulls 55 times as hard."
    )
    assert "Saturating gradient −0.018. Non-saturating gradient −0.982." in (
        LossExplorer(show="gradient").reading
    )


def test_no_reading_says_that_a_chance_is_0_or_1():
    assert "probability of 0.0003 " in loss_reading(-8)
    assert "probability of 0.9997 " in loss_reading(8)
    assert loss_reading(0).endswith("Both pull equally hard.")
    assert loss_reading(3).endswith("The saturating loss pulls 20 times as hard.")


@pytest.mark.parametrize("wrong", [-8.1, 9, float("nan"), float("inf"), True, "4", None])
def test_a_wrong_score_is_answered_by_the_range(wrong):
    explorer = LossExplorer(score=1)
    with pytest.raises(traitlets.TraitError, match="score: a score is a number from -8 to 8, not"):
        explorer.score = wrong
    with pytest.raises(traitlets.TraitError, match="from -8 to 8"):
        LossExplorer(score=wrong)
    with pytest.raises(ValueError, match="from -8 to 8"):
        static_picture(wrong)
    assert explorer.score == 1


def test_a_wrong_choice_is_answered_by_the_choices():
    with pytest.raises(traitlets.TraitError, match="'loss', 'gradient', 'both'"):
        LossExplorer(show="all")


def test_a_score_is_rounded_to_the_step_of_the_slider():
    explorer = LossExplorer(score=np.float32(-3.26))
    assert (explorer.score, explorer.get_state()["score"]) == (-3.3, -3.3)
    explorer.score = -0.04
    assert str(explorer.score) == "0.0"


def test_script_and_style_are_small():
    assert SOURCE.stat().st_size < 10_000
    assert SOURCE.with_suffix(".css").stat().st_size < 5_000


def test_the_picture_shows_both_points_of_each_loss():
    picture = ElementTree.fromstring(static_picture(2.5))
    circles = [node.attrib for node in picture.iter("{http://www.w3.org/2000/svg}circle")]
    assert len(circles) == 4
    assert len({circle["cx"] for circle in circles}) == 1
    assert static_picture(2.5) == static_picture(2.5) != static_picture(2.4)


def test_importing_the_widgets_imports_neither_tensorflow_nor_matplotlib():
    check = (
        "import sys, abstractgan.widgets; "
        "print([name for name in ('tensorflow', 'keras', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


CELLS = [
    "import ipywidgets\nprint(ipywidgets.__version__)",
    "from abstractgan.widgets import LossExplorer\nexplorer = LossExplorer(score=2, show='loss')",
    "explorer",
]


@pytest.mark.parametrize("version", ["7.7", "8"])
def test_a_notebook_stores_the_live_widget_and_a_picture(version, tmp_path):
    environment = dict(os.environ)
    if version == "7.7":
        if not OLD_WIDGETS.exists():
            reason = "ipywidgets 7.7 is missing; `make test` installs it beside the current one"
            assert "REQUIRE_OLD_WIDGETS" not in os.environ, reason
            pytest.skip(reason)
        environment["PYTHONPATH"] = str(OLD_WIDGETS)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    resources = {"metadata": {"path": tmp_path}}
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources=resources)
    client.execute(env=environment)

    assert notebook.cells[0].outputs[0].text.startswith(version)
    live, still = (output.data for output in notebook.cells[2].outputs)
    states = notebook.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    state = states[live["application/vnd.jupyter.widget-view+json"]["model_id"]]["state"]
    assert (state["score"], state["show"]) == (2, "loss")
    assert state["_esm"] == SOURCE.read_text(encoding="utf-8")
    assert live["image/svg+xml"] == static_picture(2)
    assert live["text/plain"] == loss_reading(2, "loss")
    assert still["text/html"].startswith('<noscript><img src="data:image/svg+xml;base64,')
    assert "the saturating loss is flat" in still["text/html"]

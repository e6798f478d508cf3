"""What all widgets share: one module of several, limits with words, a picture without a script."""

import base64
import importlib
import io
from pathlib import Path

import numpy as np
import pytest
import traitlets
from conftest import executed
from PIL import Image
from widget_checks import CASES

import notebooks
from abstractgan.widgets import base
from abstractgan.widgets.base import LiveWidget, Number, bundle, decimal, fixed

FOLDER = Path(base.__file__).parent


def test_a_bundle_holds_each_module_once_and_before_its_use(tmp_path):
    (tmp_path / "a.js").write_text("// One.\nexport const a = [\n  1, // First.\n];\n")
    (tmp_path / "b.js").write_text('import { a } from "./a.js";\nexport const b = a + 1;\n')
    both = 'import {\n  a,\n} from "./a.js";\nimport { b } from "./b.js";\nexport default a + b;\n'
    (tmp_path / "c.js").write_text(both)
    assert bundle(tmp_path / "c.js").splitlines() == [
        "export const a = [1,];",
        "export const b = a + 1;",
        "export default a + b;",
    ]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_widget_carries_all_that_it_needs(case):
    widget = case.make()
    assert "import" not in [line.split(" ")[0] for line in widget._esm.splitlines()]
    assert widget._esm.count("export default") == 1
    assert widget._css.startswith(".ag-widget {")
    assert "url(" not in widget._css
    assert all(name not in widget._esm for name in ("fetch(", "XMLHttpRequest", "import("))


def test_a_sheet_outdoes_the_common_one_wherever_that_comes():
    """The second widget of a page brings common.css once more, after the first one's own sheet."""
    for sheet in set(FOLDER.glob("*.css")) - {FOLDER / "common.css"}:
        name = sheet.stem.replace("_", "-")
        assert sheet.read_text("utf-8").startswith(f".ag-widget.ag-{name} {{")


MATHEMATICS = ("gan_lab", "loss_explorer", "optimal_discriminator", "training_replay", "quiz")
OTHERS = ("gram_explorer", "perception_distortion", "synthesis_explorer", "weight_explorer")


def test_scripts_and_styles_of_the_mathematics_are_small_together():
    assert len(bundle(*(FOLDER / f"{name}.js" for name in MATHEMATICS)).encode()) < 60_000
    styles = [FOLDER / f"{name}.css" for name in ("common", *MATHEMATICS)]
    assert sum(style.stat().st_size for style in styles) < 12_000


@pytest.mark.parametrize("name", OTHERS)
def test_script_and_style_of_each_other_widget_are_small(name):
    script = FOLDER / f"{name}.js"
    shared = len(bundle(FOLDER / "common.js").encode())
    assert len(bundle(script).encode()) - shared < 10_000
    assert script.with_suffix(".css").stat().st_size < 2_000


@pytest.mark.parametrize("name", notebooks.names())
def test_the_chapters_store_the_widgets_as_they_are(name):
    """Pages show what is stored: after a change, `tools/notebooks.py widgets` is due."""
    notebook = notebooks.read_notebook(notebooks.FOLDER / f"{name}.ipynb")
    for state in notebooks.widget_states(notebook):
        module, _, widget = state.get("_anywidget_id", "").rpartition(".")
        if module.startswith("abstractgan."):
            now = getattr(importlib.import_module(module), widget)
            same = (state["_esm"], state["_css"]) == (now._esm, now._css)
            assert same, f"{widget} in {name}"


class Thing(LiveWidget):
    """A widget of the tests, with no script of its own."""

    share = Number(0.5, 0.0, 1.0, digits=2).tag(sync=True)
    reading = property(lambda self: f"Share {fixed(self.share, 2)}.")

    def _draw(self, figure):
        figure.subplots().plot([0, 1], [0, self.share])


@pytest.mark.parametrize("wrong", [-0.01, 2, float("nan"), float("inf"), True, "0.5", None])
def test_a_wrong_number_is_answered_by_the_range(wrong):
    thing = Thing()
    with pytest.raises(traitlets.TraitError, match=r"^share is a number from 0 to 1, not .*\.$"):
        thing.share = wrong
    with pytest.raises(traitlets.TraitError, match="from 0 to 1"):
        Thing(share=wrong)
    assert thing.share == 0.5


def test_a_number_is_rounded_to_the_step_of_the_slider():
    assert Thing(share=np.float32(0.126)).share == 0.13
    assert str(Thing(share=-0.0).share) == "0.0"


def test_settings_are_the_state_and_nothing_else():
    assert Thing(share=0.2).settings() == {"share": 0.2}
    assert repr(Thing(share=0.2)) == "Thing(share=0.2)"


def test_numbers_in_words():
    assert (fixed(-2.345, 1), fixed(-0.0, 1), decimal(-4.0)) == ("−2.3", "0.0", "−4.000")
    assert (decimal(0.0003), decimal(0.9997), decimal(-0.9997)) == ("0.0003", "0.9997", "−0.9997")
    assert (decimal(0.0), decimal(-0.0), decimal(1), decimal(-1)) == (
        "0.000",
        "0.000",
        "1.000",
        "−1.000",
    )


def test_a_figure_has_the_style_of_the_chapters():
    figure = Thing().figure()
    (axes,) = figure.axes
    assert not axes.spines["top"].get_visible()
    assert figure.get_facecolor()[:3] == (1, 1, 1)


CELLS = [
    "import ipywidgets\nprint(ipywidgets.__version__)",
    "from abstractgan.widgets import LossExplorer\nexplorer = LossExplorer(score=2, show='loss')",
    "explorer",
    "explorer.reading",
]


@pytest.mark.parametrize("version", ["7.7", "8"])
def test_a_notebook_stores_the_live_widget_and_a_picture(version, tmp_path):
    notebook = executed(CELLS, version, tmp_path)

    assert notebook.cells[0].outputs[0].text.startswith(version)
    live, still = (output.data for output in notebook.cells[2].outputs)
    states = notebook.metadata.widgets[notebooks.STATE]["state"]
    state = states[live[notebooks.VIEW]["model_id"]]["state"]
    assert (state["score"], state["show"]) == (2, "loss")
    assert state["_esm"] == bundle(FOLDER / "loss_explorer.js")
    picture = Image.open(io.BytesIO(base64.b64decode(live["image/png"])))
    assert picture.width >= 600
    assert len(picture.convert("RGB").getcolors(256)) > 4
    assert repr(live["text/plain"]) == notebook.cells[3].outputs[0].data["text/plain"]
    alternative = live["text/plain"].replace("'", "&#x27;")
    assert f'<noscript><img src="data:image/png;base64,{live["image/png"]}"' in still[
        "text/html"
    ].replace("\n", "")
    assert alternative in still["text/html"]


class Shell:
    """Says which cell is executed, as JupyterLab's kernel knows it, or nothing."""

    def __init__(self, code="", **metadata):
        self.parent = {"metadata": metadata, "content": {"code": code}}

    def get_parent(self):
        return self.parent


@pytest.mark.parametrize("known", ["cellId", "code"])  # by JupyterLab, and by others as Colab
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_cell_executed_again_shows_its_widget_as_the_reader_left_it(case, known, monkeypatch):
    monkeypatch.setattr(base, "_left", {})
    monkeypatch.setattr(base, "display", lambda *_, **__: None)

    def show(**metadata):
        monkeypatch.setattr(base, "get_ipython", lambda: Shell(**metadata))
        widget = case.make()
        widget._ipython_display_()
        return widget

    opening = case.make().settings()
    first = show(**{known: "one"})
    assert first.settings() == opening
    for name, value in case.states[0].items():
        first.set_trait(name, value)
    second = show(**{known: "one"})
    assert second.settings() == first.settings() != opening
    second.set_trait(*next(iter(case.states[1].items())))
    assert show(**{known: "one"}).settings() == second.settings()
    assert show(**{known: "two"}).settings() == opening
    assert show().settings() == opening

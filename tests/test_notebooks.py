"""The notebooks as files: in step with their text, readable, small, and fit for a strict run.

Whether they run is tested elsewhere: ``pytest --nbval notebooks`` and ``tests/test_colab.py``.
"""

import ast
import json
import re
import socket
import statistics
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

import notebooks

CHAPTERS = notebooks.names()
CAPTION = re.compile(
    r"^(an? |the |our |two |three |four )?"
    r"(plots?|figures?|graphs?|charts?|pictures?|images?|grids?|diagrams?|curves?|screenshots?)"
    r" (of|for|from|that shows?|showing)\b",
    re.IGNORECASE,
)
OF_THIS_MACHINE = [
    re.escape(str(notebooks.ROOT)),
    re.escape(str(Path.home())),
    r"(?<![\w.])/(?:home|root|tmp|var|usr|opt|mnt|Users|private)/",
    r"\b[A-Z]:\\\\",
    r"\bat 0x[0-9a-f]{4,}",
]
if re.search(r"[\d-]", socket.gethostname()):  # else it may be an ordinary word
    OF_THIS_MACHINE.append(rf"\b{re.escape(socket.gethostname())}\b")


@pytest.fixture(params=CHAPTERS)
def chapter(request):
    return request.param


@pytest.fixture
def notebook(chapter):
    return notebooks.read_notebook(notebooks.FOLDER / f"{chapter}.ipynb")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text_of(cell):
    """Return all that a cell printed or showed as text."""
    return "".join(
        output.get("text", "") + "".join(output.get("data", {}).get("text/plain", ""))
        for output in cell.outputs
    )


# The chapters.


def test_there_are_chapters_and_their_two_files_are_in_step():
    assert CHAPTERS
    assert list(notebooks.faults()) == []


def test_a_chapter_ends_with_exercises_and_three_questions(chapter):
    if chapter.endswith("_solutions"):
        return
    cells = notebooks.read_twin(notebooks.FOLDER / f"{chapter}.py").cells
    text = "\n".join(cell.source for cell in cells)
    if chapter.endswith("_exercises"):
        assert len(re.findall(r"^## \d+\. ", text, re.MULTILINE)) >= 2
        return
    assert len(re.findall(r"\bQuestion\(", cells[-1].source)) == 3
    _, heading, exercises = text.partition("## Exercises\n")
    found = re.findall(r"^\*\*(\d)\. ", exercises, re.MULTILINE)
    assert found in (["1", "2"], ["1", "2", "3"], ["1", "2", "3", "4"]) or (
        not heading and f"{chapter}_exercises" in CHAPTERS
    )
    assert exercises.count(":::{admonition} Solution\n") == len(found)


def test_names_carry_no_numbers(chapter):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", chapter)


def test_a_chapter_opens_with_objectives_budget_and_set_up(notebook):
    kinds = [
        "budget"
        if "budget" in cell.metadata.get("tags", [])
        else "setup"
        if "setup" in cell.metadata.get("tags", [])
        else cell.cell_type
        for cell in notebook.cells
    ]
    assert kinds.count("budget") == kinds.count("setup") == 1
    before_budget = "\n".join(c.source for c in notebook.cells[: kinds.index("budget")])
    assert before_budget.startswith("# ")
    assert "will be able to" in before_budget
    assert "code" not in kinds[: kinds.index("setup")]
    assert kinds.index("budget") < kinds.index("setup")
    assert "measured on" in notebooks.tagged(notebook, "budget")[0].source


def test_the_text_before_each_long_cell_and_no_other_ends_with_its_time(chapter, notebook):
    measured = notebooks.timings()[chapter]["long_cells"]
    said = {
        notebooks.digest(cell): re.search(r"\*The next cell takes about (.+)\.\*$", before.source)
        for before, cell in pairwise(notebook.cells)
        if "The next cell takes about" in before.source
    }
    assert set(said) == set(measured)
    for known, found in said.items():
        number, unit = found[1].split()
        assert int(number) * {"s": 1, "minutes": 60}[unit] == pytest.approx(measured[known], abs=30)
        assert measured[known] >= 10


def test_colab_is_asked_for_a_gpu_where_one_is_of_use(chapter, notebook):
    wanted = "GPU" if chapter in ("capstone", "full_training") else None
    assert notebook.metadata.get("accelerator") == wanted
    assert ("colab" in notebook.metadata) == bool(wanted)


def test_the_set_up_cell_is_the_common_one_and_not_stamped(notebook):
    (cell,) = notebooks.tagged(notebook, "setup")
    assert cell.source == notebooks.SETUP_CELL.read_text(encoding="utf-8").strip()
    assert 'REPOSITORY = ""' in cell.source
    assert 'COMMIT = ""' in cell.source


def test_every_cell_was_executed_in_order_and_none_failed(notebook):
    cells = code_cells(notebook)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert "error" not in kinds
    assert not [c.source for c in cells for o in c.outputs if o.get("name") == "stderr"]


def asserts_something(source):
    return any(
        isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant)
        for node in ast.walk(ast.parse(source))
    )


def test_a_cell_whose_output_is_not_compared_asserts_its_claim():
    counted = 0
    for chapter in CHAPTERS:
        for cell in code_cells(notebooks.read_notebook(notebooks.FOLDER / f"{chapter}.ipynb")):
            if "nbval-ignore-output" in cell.metadata.get("tags", []):
                counted += 1
                assert asserts_something(cell.source), f"{chapter}:\n{cell.source}"
    assert counted > 0


def test_no_other_way_round_the_strict_comparison_is_used(notebook):
    tags = {tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])}
    assert {t for t in tags if "nbval" in t or "raises" in t} <= {"nbval-ignore-output"}
    assert not [cell.source for cell in notebook.cells if "NBVAL_" in cell.source.upper()]


def alternative_text(cell):
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def test_alternative_texts_state_the_conclusion():
    texts = []
    for chapter in CHAPTERS:
        notebook = notebooks.read_notebook(notebooks.FOLDER / f"{chapter}.ipynb")
        drawing = {cell.id: cell for cell, _ in notebooks.figures(notebook)}
        for cell in drawing.values():
            text = alternative_text(cell)
            assert len(text) >= 40, f"{chapter} needs an alternative text:\n{cell.source}"
            assert text.endswith("."), f"{chapter}: not a sentence: {text}"
            assert not CAPTION.match(text), f"{chapter}: says what it is, not what it shows: {text}"
            if not chapter.endswith("_exercises"):  # made from the solutions, figures and all
                texts.append(text)
    assert texts
    repeated = {text for text in texts if texts.count(text) > 1}
    assert not repeated


def test_figures_and_notebooks_are_small(chapter, notebook):
    for cell, picture in notebooks.figures(notebook):
        assert len(picture) <= 300_000, cell.source
    assert (notebooks.FOLDER / f"{chapter}.ipynb").stat().st_size <= 1_000_000


def test_a_widget_is_stored_with_its_state(notebook):
    kept = notebook.metadata.get("widgets", {}).get(notebooks.STATE, {"state": {}})
    for cell in code_cells(notebook):
        for output in cell.outputs:
            view = output.get("data", {}).get(notebooks.VIEW)
            if view:
                assert view["model_id"] in kept["state"]


def test_cells_are_short(notebook):
    lengths = [
        sum(bool(line.strip()) for line in cell.source.splitlines())
        for cell in code_cells(notebook)
        if "setup" not in cell.metadata.get("tags", [])
    ]
    assert statistics.median(lengths) <= 7


@pytest.mark.parametrize("pattern", OF_THIS_MACHINE)
def test_nothing_of_the_machine_that_ran_it_is_stored(chapter, notebook, pattern):
    stored = [text_of(cell) for cell in code_cells(notebook)]
    stored.append(nbformat.writes(nbformat.v4.new_notebook(metadata=notebook.metadata)))
    for text in stored:
        assert not re.search(pattern, text), text


def test_solutions_are_right_and_exercises_are_not_begun():
    solved = [name for name in CHAPTERS if name.endswith("_solutions")]
    assert solved
    for name in solved:
        open_ones = name.replace("_solutions", "_exercises")
        right, waiting = (
            "".join(map(text_of, code_cells(notebooks.read_notebook(notebooks.FOLDER / path))))
            for path in (f"{name}.ipynb", f"{open_ones}.ipynb")
        )
        assert right.count("Right: ") > 0
        assert "Not done yet" not in right
        assert "Not right yet" not in right
        assert waiting.count("Not done yet: ") == right.count("Right: ")
        assert "--- solution" not in (notebooks.FOLDER / f"{open_ones}.py").read_text("utf-8")


# The tool that keeps them so, on chapters of its own.

HEADER = "# ---\n# jupyter:\n#   jupytext:\n#     formats: ipynb,py:percent\n# ---\n\n"
OPENING = """# %% [markdown]
# # A chapter: solutions

# %% [markdown] tags=["budget"]
# *To be measured.*

# %% tags=["setup"]
# written by the tool

"""
LESSON = """# %%
print("one")

# %% mystnb={"image": {"alt": "It rises."}} tags=["nbval-ignore-output"]
print("two")
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "lesson.py").write_text(HEADER + OPENING + LESSON, encoding="utf-8")
    return tmp_path


def stored_texts(folder, name="lesson"):
    return [text_of(c) for c in code_cells(notebooks.read_notebook(folder / f"{name}.ipynb"))]


@pytest.fixture
def executed(folder, monkeypatch):
    """A chapter with outputs, stored as if its cells had been executed."""
    notebooks.sync("lesson", folder)
    notebook = notebooks.read_notebook(folder / "lesson.ipynb")
    for number, cell in enumerate(code_cells(notebook)[1:], start=1):
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=f"{number}\n")]
    nbformat.write(notebook, folder / "lesson.ipynb")
    return folder


def test_sync_fills_the_set_up_cell_and_keeps_tags_and_alternative_texts(folder):
    notebooks.sync("lesson", folder)
    notebook = notebooks.read_notebook(folder / "lesson.ipynb")
    (setup,) = notebooks.tagged(notebook, "setup")
    assert "import importlib.util" in setup.source
    assert "import importlib.util" in (folder / "lesson.py").read_text(encoding="utf-8")
    assert alternative_text(notebook.cells[-1]) == "It rises."
    assert list(notebooks.faults(folder)) == []


def test_sync_keeps_the_outputs_of_unchanged_cells_only(executed):
    source = (executed / "lesson.py").read_text(encoding="utf-8")
    (executed / "lesson.py").write_text(source.replace('"two"', '"deux"'), encoding="utf-8")
    notebooks.sync("lesson", executed)
    assert stored_texts(executed) == ["", "1\n", ""]


def test_sync_writes_the_same_bytes_again(executed):
    notebooks.sync("lesson", executed)
    before = {path.name: path.read_bytes() for path in executed.iterdir()}
    notebooks.sync("lesson", executed)
    assert {path.name: path.read_bytes() for path in executed.iterdir()} == before
    assert stored_texts(executed) == ["", "1\n", "2\n"]


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("lesson.py", '"one"', '"uno"', "differ"),
        ("lesson.ipynb", 'print(\\"one\\")', 'print(\\"uno\\")', "differ"),
        ("lesson.py", "It rises.", "It falls.", "differ"),
        ("lesson.py", "import sys", "import sys  # mine", "is not the tool's"),
    ],
)
def test_a_change_to_one_of_the_two_files_is_found(executed, file, old, new, complaint):
    notebooks.sync("lesson", executed)
    text = (executed / file).read_text(encoding="utf-8")
    assert old in text
    (executed / file).write_text(text.replace(old, new), encoding="utf-8")
    assert any(complaint in fault for fault in notebooks.faults(executed))


def test_a_file_without_its_twin_is_found(executed):
    (executed / "lesson.py").rename(executed / "other.py")
    assert sorted(re.findall(r"^\S+", fault)[0] for fault in notebooks.faults(executed)) == [
        "lesson.ipynb",
        "other.ipynb",
    ]


SOLUTIONS = (
    HEADER
    + OPENING
    + '''# %%
def loss(score):
    """Return the loss."""
    if score:
        # --- solution
        value = score + 1

        return value
        # --- end
    return 0


# %%
# --- solution: answer = ...
answer = loss(1)
# --- end
print(answer)

# %% [markdown] tags=["solution"]
# The loss is one more than the score.
'''
)


def test_exercises_are_the_solutions_without_what_is_to_be_found(tmp_path):
    (tmp_path / "loss_solutions.py").write_text(SOLUTIONS, encoding="utf-8")
    notebooks.exercises("loss", tmp_path)
    made = notebooks.read_twin(tmp_path / "loss_exercises.py")
    assert made.cells[0].source == "# A chapter: exercises"
    assert made.cells[-2].source == (
        'def loss(score):\n    """Return the loss."""\n    if score:\n'
        "        ...  # your code here\n    return 0"
    )
    assert made.cells[-1].source == "answer = ...  # your code here\nprint(answer)"
    namespace = {}
    for cell in made.cells[-2:]:
        exec(cell.source, namespace)
    assert namespace["loss"](1) == 0


def test_exercises_that_no_longer_follow_from_the_solutions_are_found(tmp_path):
    (tmp_path / "loss_solutions.py").write_text(SOLUTIONS, encoding="utf-8")
    notebooks.exercises("loss", tmp_path)
    for name in notebooks.names(tmp_path):
        notebooks.sync(name, tmp_path)
    assert list(notebooks.faults(tmp_path)) == []
    changed = SOLUTIONS.replace("print(answer)", "print(round(answer))")
    (tmp_path / "loss_solutions.py").write_text(changed, encoding="utf-8")
    notebooks.sync("loss_solutions", tmp_path)
    assert [f for f in notebooks.faults(tmp_path) if "is not what loss_solutions.py makes" in f]


def announced(folder, long_cells):
    """The texts of the chapter's cells, when these cells were measured to be long."""
    timing = {"seconds": 40, "megabytes": 100, "machine": "one", "long_cells": long_cells}
    (folder / "timings.json").write_text(json.dumps({"lesson": timing}))
    notebooks.sync("lesson", folder)
    assert list(notebooks.faults(folder)) == []
    return [cell.source for cell in notebooks.read_twin(folder / "lesson.py").cells][3:]


def test_a_long_cell_is_announced_where_there_is_text_and_where_there_is_none(folder):
    with (folder / "lesson.py").open("a", encoding="utf-8") as file:
        file.write('\n# %% [markdown]\n# What comes?\n\n# %%\nprint("three")\n')
    one, three = (
        notebooks.digest(nbformat.v4.new_code_cell(f'print("{word}")')) for word in ("one", "three")
    )
    plain = ['print("one")', 'print("two")', "What comes?", 'print("three")']
    assert announced(folder, {}) == plain
    assert announced(folder, {one: 131.0, three: 14.2}) == [
        "*The next cell takes about 2 minutes.*",
        'print("one")',
        'print("two")',
        "What comes?\n\n*The next cell takes about 15 s.*",
        'print("three")',
    ]
    assert announced(folder, {three: 31.0})[2:] == [
        "What comes?\n\n*The next cell takes about 35 s.*",
        'print("three")',
    ]
    assert announced(folder, {}) == plain


def test_run_measures_long_cells_and_a_change_of_one_is_found(folder, monkeypatch):
    monkeypatch.setattr(notebooks, "LONG_SECONDS", 0.5)
    twin = folder / "lesson.py"
    source = twin.read_text(encoding="utf-8")
    long = 'import time\ntime.sleep(0.6)\nprint("one")'
    twin.write_text(source.replace('print("one")', long), encoding="utf-8")
    notebooks.run("lesson", folder)
    ((known, seconds),) = notebooks.timings(folder)["lesson"]["long_cells"].items()
    assert known == notebooks.digest(nbformat.v4.new_code_cell(long))
    assert seconds >= 0.6
    source = twin.read_text(encoding="utf-8")
    assert "# *The next cell takes about 5 s.*\n\n# %%\nimport time\n" in source
    twin.write_text(source.replace("0.6", "0.7"), encoding="utf-8")
    notebooks.sync("lesson", folder)
    assert list(notebooks.faults(folder)) == [
        "lesson: a long cell was changed: run `python tools/notebooks.py run lesson`."
    ]


def test_run_stores_outputs_and_the_measured_budget_and_leaves_no_other_file(folder):
    source = (folder / "lesson.py").read_text(encoding="utf-8")
    here = (
        'import os\n_ = os.write(2, b"a library speaks")\nopen("left", "w").close()\nprint("one")'
    )
    (folder / "lesson.py").write_text(source.replace('print("one")', here), encoding="utf-8")
    notebooks.run("lesson", folder)
    assert stored_texts(folder) == ["", "one\n", "two\n"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "lesson.ipynb",
        "lesson.py",
        "timings.json",
    ]
    notebook = notebooks.read_notebook(folder / "lesson.ipynb")
    assert "measured on" in notebooks.tagged(notebook, "budget")[0].source
    assert list(notebooks.faults(folder)) == []
    assert "execution" not in notebook.cells[-1].metadata


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys; print(1, file=sys.stderr)", "stderr"),
        ("print('x' * 1_000_001)", "more than 1000"),
        (
            "import os\nfrom IPython.display import Image, display\n"
            "display(Image(b'\\x89PNG\\r\\n\\x1a\\n' + os.urandom(300_001), format='png'))",
            "a figure has 300 kB",
        ),
    ],
)
def test_a_run_that_is_not_fit_to_be_kept_changes_nothing(executed, cell, message):
    source = (executed / "lesson.py").read_text(encoding="utf-8")
    (executed / "lesson.py").write_text(source.replace('print("two")', cell), encoding="utf-8")
    notebooks.sync("lesson", executed)
    before = {path.name: path.read_bytes() for path in executed.iterdir()}
    with pytest.raises(notebooks.NotebookError, match=message):
        notebooks.run("lesson", executed)
    assert {path.name: path.read_bytes() for path in executed.iterdir()} == before


def test_the_model_ids_of_widgets_are_the_same_at_every_run(folder):
    source = (folder / "lesson.py").read_text(encoding="utf-8")
    shown = "import ipywidgets\nipywidgets.IntSlider()"
    (folder / "lesson.py").write_text(source.replace('print("one")', shown), encoding="utf-8")
    written = []
    for _ in range(2):
        notebooks.run("lesson", folder)
        notebook = notebooks.read_notebook(folder / "lesson.ipynb")
        state = notebook.metadata.widgets[notebooks.STATE]["state"]
        written.append(sorted(state))
        view = code_cells(notebook)[1].outputs[0].data[notebooks.VIEW]
        assert view["model_id"] in state
    assert written[0] == written[1]


def test_the_machine_is_described_whichever_package_brings_tensorflow(monkeypatch):
    brought = {"tensorflow": ["nbformat"]}
    monkeypatch.setattr(notebooks, "packages_distributions", lambda: brought)
    said = ".".join(nbformat.__version__.split(".")[:2])
    assert notebooks._machine().endswith(f", TensorFlow {said}")


def test_an_unknown_name_is_answered_by_the_known_ones(capsys):
    assert notebooks.main(["sync", "no_such_chapter"]) == 2
    answer = capsys.readouterr().out
    assert "There is no no_such_chapter.py" in answer
    assert all(name in answer for name in CHAPTERS)


def test_scripts_of_widgets_are_renewed_and_nothing_else(tmp_path):
    kept = notebooks.FOLDER / "core_concepts.ipynb"
    old = notebooks.read_notebook(kept)
    scripts = [state for state in notebooks.widget_states(old) if "_esm" in state]
    assert len(scripts) > 2
    for state in scripts:
        state["_esm"] = "export default {}"
    nbformat.write(old, tmp_path / kept.name)
    notebooks.widgets("core_concepts", tmp_path)
    assert (tmp_path / kept.name).read_text("utf-8") == kept.read_text("utf-8")

"""Keep a chapter's two files in step: NAME.py, which a person reviews; NAME.ipynb, with outputs.

python tools/notebooks.py sync [NAME ...]       write NAME.ipynb; unchanged cells keep their outputs
python tools/notebooks.py run [NAME ...]        sync, execute, store outputs and the measured budget
python tools/notebooks.py exercises [NAME ...]  NAME_solutions.py -> NAME_exercises.py
python tools/notebooks.py widgets [NAME ...]    store the widgets' present scripts, execute nothing
python tools/notebooks.py check                 say what is out of step, and fail if anything is

Without a name, every chapter in ``notebooks/``.
"""

import argparse
import base64
import hashlib
import importlib
import json
import os
import platform
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import packages_distributions, version
from math import ceil
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

Notebook = Any  # nbformat's NotebookNode: a dict whose keys are attributes too
Cell = Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
SETUP_CELL = Path(__file__).with_name("setup_cell.py")

MAX_NOTEBOOK_BYTES = 1_000_000
MAX_FIGURE_BYTES = 300_000
CELL_TIMEOUT_SECONDS = 900
LONG_SECONDS = 10

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"

METADATA = {
    "jupytext": {"formats": "ipynb,py:percent"},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}

# What asks Colab for a GPU, in the chapters that are meant for one.
GPU_CHAPTERS = {"capstone", "full_training"}
COLAB_GPU = {"accelerator": "GPU", "colab": {"gpuType": "T4"}}


BUDGET = (
    "*Time and memory: Run all takes about {time} and {memory} GB of memory "
    "(measured on {machine}).*"
)
ANNOUNCEMENT = "*The next cell takes about {time}.*"
ANNOUNCED = re.compile(r"(?:^|\n\n)" + re.escape(ANNOUNCEMENT).replace(r"\{time\}", ".+") + "$")


class NotebookError(Exception):
    """What is wrong with a chapter, in one sentence."""


def names(folder: Path = FOLDER) -> list[str]:
    """Return the names of all chapters, sorted."""
    return sorted(path.stem for path in folder.glob("*.py"))


def read_twin(path: Path) -> Notebook:
    """Read a py:percent file as a notebook without outputs."""
    return jupytext.read(path, fmt="py:percent")


def read_notebook(path: Path) -> Notebook:
    """Read an .ipynb file."""
    return nbformat.read(path, as_version=4)


def tagged(notebook: Notebook, tag: str) -> list[Cell]:
    """Return the cells that carry a tag."""
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def sources(notebook: Notebook) -> list[tuple[str, str, str]]:
    """Return what the two files of a chapter must agree on: each cell's type, text, metadata."""
    return [
        (cell.cell_type, cell.source, json.dumps(_lasting(cell.metadata), sort_keys=True))
        for cell in notebook.cells
    ]


def figures(notebook: Notebook) -> Iterator[tuple[Cell, bytes]]:
    """Yield each stored figure with the cell that drew it.

    The still picture behind a live widget is none: the widget brings its own alternative text.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            for kind in ("image/png", "image/jpeg"):
                if kind in data and VIEW not in data:
                    yield cell, base64.b64decode(data[kind])


def sync(name: str, folder: Path = FOLDER) -> None:
    """Write NAME.ipynb from NAME.py; a cell whose text did not change keeps its outputs."""
    twin = folder / f"{name}.py"
    notebook = read_twin(twin)
    before = sources(notebook)
    fill(notebook, timings(folder).get(name))
    if sources(notebook) != before:
        _replace(twin, _twin_text(notebook))
    target = folder / f"{name}.ipynb"
    _write_notebook(_with_outputs(notebook, target), target)


def fill(notebook: Notebook, timing: dict[str, Any] | None) -> None:
    """Write the set-up code, and once measured the budget and each long cell's time."""
    for cell in tagged(notebook, "setup"):
        cell.source = SETUP_CELL.read_text(encoding="utf-8").strip()
        cell.metadata["tags"] = ["setup", "hide-input"]
    for cell in tagged(notebook, "budget"):
        if timing is not None:
            cell.source = budget(timing)
    announce(notebook, timing["long_cells"] if timing is not None else {})


def announce(notebook: Notebook, long_cells: dict[str, float]) -> None:
    """Let the text before each long cell, and no other text, end with how long it takes."""
    cells: list[Cell] = []
    for cell in notebook.cells:
        if cells and cells[-1].cell_type == "markdown":
            before = cells.pop()
            before.source = ANNOUNCED.sub("", before.source)
        else:
            before = nbformat.v4.new_markdown_cell()
        if seconds := long_cells.get(digest(cell)):
            announcement = ANNOUNCEMENT.format(time=_rounded(seconds))
            before.source = f"{before.source}\n\n{announcement}".lstrip()
        cells += [before, cell] if before.source else [cell]
    notebook.cells = cells


def digest(cell: Cell) -> str:
    """Return what a cell is known by, which changes with its text."""
    return hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]


def budget(timing: dict[str, Any]) -> str:
    """Return the sentence that tells a reader how long Run all takes, and with what."""
    memory = f"{timing['megabytes'] / 1000:.1f}"
    return BUDGET.format(time=_rounded(timing["seconds"]), memory=memory, machine=timing["machine"])


def _rounded(seconds: float) -> str:
    """Return a time as one says it: up to the next five seconds, or in minutes."""
    seconds = 5 * ceil(seconds / 5)
    return f"{seconds} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def run(name: str, folder: Path = FOLDER) -> None:
    """Execute a chapter in an empty folder and store its outputs, its time and its memory.

    The chapter's files are replaced only when every cell ran and the result is fit to be kept.
    """
    sync(name, folder)
    target = folder / f"{name}.ipynb"
    notebook = read_notebook(target)
    # The last cell asks the kernel for its own peak memory and is not kept.
    probe = nbformat.v4.new_code_cell(
        "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    notebook.cells.append(probe)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        client = NotebookClient(
            notebook,
            timeout=CELL_TIMEOUT_SECONDS,
            kernel_name="python3",
            record_timing=True,
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": scratch}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise NotebookError(f"{name}: a cell failed, so nothing is stored.\n{error}") from error
    seconds = time.perf_counter() - started
    notebook.cells.remove(probe)
    peak = int(probe.outputs[0].text) * (1 if sys.platform == "darwin" else 1024)
    _require_fit(name, notebook)
    measured = timings(folder)
    measured[name] = {
        "seconds": round(seconds, 1),
        "megabytes": round(peak / 1e6),
        "machine": _machine(),
        "long_cells": {
            digest(cell): round(spent, 1)
            for cell in notebook.cells
            if cell.cell_type == "code" and (spent := _seconds(cell)) >= LONG_SECONDS
        },
    }
    _replace(folder / "timings.json", json.dumps(measured, indent=1, sort_keys=True) + "\n")
    _write_notebook(_with_lasting_widget_ids(name, notebook), target)
    sync(name, folder)  # the budget that was just measured
    print(f"{name}: {seconds:.0f} s, {peak / 1e9:.2f} GB")


def _seconds(cell: Cell) -> float:
    """Return how long an executed cell took, by what nbclient noted down."""
    noted = cell.metadata.execution
    began, ended = (
        datetime.fromisoformat(noted[message])
        for message in ("iopub.execute_input", "shell.execute_reply")
    )
    return (ended - began).total_seconds()


def widgets(name: str, folder: Path = FOLDER) -> None:
    """Store the present script and style of each live widget; its state and reading stay.

    Enough after a change of scripts alone. What Python decides changes only with ``run``.
    """
    target = folder / f"{name}.ipynb"
    notebook = read_notebook(target)
    for state in widget_states(notebook):
        module, _, widget = state.get("_anywidget_id", "").rpartition(".")
        if module.startswith("abstractgan."):
            now = getattr(importlib.import_module(module), widget)
            state["_esm"], state["_css"] = now._esm, now._css
    _write_notebook(notebook, target)


def widget_states(notebook: Notebook) -> list[dict[str, Any]]:
    """Return the stored state of every widget in a notebook."""
    stored = notebook.metadata.get("widgets", {}).values()
    return [model["state"] for kept in stored for model in kept["state"].values()]


def shown_widgets(notebook: Notebook) -> Iterator[tuple[int, dict[str, Any], dict[str, Any]]]:
    """Yield each widget on show: its cell's index, what the cell displays of it, its state."""
    kept = notebook.metadata.get("widgets", {}).get(STATE, {"state": {}})["state"]
    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if VIEW in data:
                yield index, data, kept[data[VIEW]["model_id"]]["state"]


def exercises(name: str, folder: Path = FOLDER) -> None:
    """Write NAME_exercises.py from NAME_solutions.py."""
    notebook = without_solutions(read_twin(folder / f"{name}_solutions.py"))
    target = folder / f"{name}_exercises.py"
    fill(notebook, timings(folder).get(target.stem))
    _replace(target, _twin_text(notebook))


SOLUTION = re.compile(
    r"^(?P<indent> *)# --- solution(?:: (?P<stub>.*))?\n(?:.*\n)*?(?P=indent)# --- end$",
    re.MULTILINE,
)


def without_solutions(notebook: Notebook) -> Notebook:
    """Return the exercises that belong to a notebook of solutions.

    In code, the lines from ``# --- solution`` to ``# --- end`` become ``...  # your code here``, or
    what stands behind the marker: ``# --- solution: answer = ...``. Cells tagged ``solution`` are
    left out, and "solutions" in the first cell's heading becomes "exercises".
    """

    def stub(found: re.Match[str]) -> str:
        return f"{found['indent']}{found['stub'] or '...'}  # your code here"

    notebook.cells = [c for c in notebook.cells if "solution" not in c.metadata.get("tags", [])]
    first = notebook.cells[0]
    first.source = first.source.replace("solutions", "exercises").replace("Solutions", "Exercises")
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = SOLUTION.sub(stub, cell.source)
    return notebook


def faults(folder: Path = FOLDER) -> Iterator[str]:
    """Yield a sentence for each thing that is out of step."""
    measured = timings(folder)
    for name in names(folder):
        twin, target = read_twin(folder / f"{name}.py"), folder / f"{name}.ipynb"
        if not target.exists():
            yield f"{name}.ipynb is missing: run `python tools/notebooks.py run {name}`."
            continue
        if sources(twin) != sources(read_notebook(target)):
            yield f"{name}.ipynb and {name}.py differ: run `python tools/notebooks.py sync {name}`."
        before = sources(twin)
        fill(twin, measured.get(name))
        if sources(twin) != before:
            yield (
                f"{name}: the set-up cell, the budget or a long cell's time is not the tool's: "
                f"run `python tools/notebooks.py sync {name}`."
            )
        if set(measured.get(name, {}).get("long_cells", ())) - set(map(digest, twin.cells)):
            yield f"{name}: a long cell was changed: run `python tools/notebooks.py run {name}`."
    for path in sorted(folder.glob("*.ipynb")):
        if not path.with_suffix(".py").exists():
            yield f"{path.name} has no text twin: run `jupytext --to py:percent {path.name}`."
    for path in sorted(folder.glob("*_solutions.py")):
        name = path.stem.removesuffix("_solutions")
        made = without_solutions(read_twin(path))
        fill(made, measured.get(f"{name}_exercises"))
        target = folder / f"{name}_exercises.py"
        if not target.exists() or sources(made) != sources(read_twin(target)):
            yield (
                f"{target.name} is not what {path.name} makes: "
                f"run `python tools/notebooks.py exercises {name}`."
            )


def _lasting(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return a cell's metadata without what Jupyter and jupytext note down for themselves."""
    passing = {"lines_to_next_cell", "execution", "collapsed", "scrolled", "trusted", "editable"}
    return {key: value for key, value in metadata.items() if key not in passing}


def _twin_text(notebook: Notebook) -> str:
    """Return the py:percent text, without the version of jupytext that happens to write it."""
    text = jupytext.writes(notebook, fmt="py:percent")
    return re.sub(r"^# +jupytext_version: .*\n", "", text, count=1, flags=re.MULTILINE)


def _with_outputs(notebook: Notebook, target: Path) -> Notebook:
    """Give each code cell the outputs that the same text has in the stored notebook.

    The set-up cell may change: it puts out nothing, and ``tests/test_colab.py`` runs it by itself.
    """

    def known(cell: Cell) -> str:
        return "set-up" if "setup" in cell.metadata.get("tags", []) else cell.source

    notebook.metadata = nbformat.from_dict(METADATA)
    if not target.exists():
        return notebook
    stored = read_notebook(target)
    if "widgets" in stored.metadata:
        notebook.metadata["widgets"] = stored.metadata.widgets
    kept = defaultdict(list)
    for cell in stored.cells:
        if cell.cell_type == "code":
            kept[known(cell)].append(cell)
    for cell in notebook.cells:
        if cell.cell_type == "code" and kept[known(cell)]:
            old = kept[known(cell)].pop(0)
            cell.outputs, cell.execution_count = old.outputs, old.execution_count
    return notebook


def _write_notebook(notebook: Notebook, target: Path) -> None:
    """Write a notebook so that the same content always gives the same bytes."""
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    widgets = notebook.metadata.get("widgets")
    colab = COLAB_GPU if target.stem in GPU_CHAPTERS else {}
    kept = {"widgets": widgets} if widgets else {}
    notebook.metadata = nbformat.from_dict(METADATA | colab | kept)
    seen: dict[str, int] = defaultdict(int)
    for cell in notebook.cells:
        known = digest(cell)
        cell.id = known if not seen[known] else f"{known}-{seen[known]}"
        seen[known] += 1
        cell.metadata = nbformat.from_dict(_lasting(cell.metadata))
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"
    nbformat.validate(nbformat.reads(text, as_version=4))
    _replace(target, text)


def _with_lasting_widget_ids(name: str, notebook: Notebook) -> Notebook:
    """Number the widgets in the order of their making, in place of ids that are drawn at random."""
    states = notebook.metadata.get("widgets", {}).values()
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    for number, model in enumerate(model for kept in states for model in kept["state"]):
        lasting = hashlib.md5(f"{name}{number}".encode(), usedforsecurity=False).hexdigest()
        text = text.replace(model, lasting)
    return nbformat.reads(text, as_version=4)


def _require_fit(name: str, notebook: Notebook) -> None:
    """Refuse outputs that are too large, and messages on stderr, which differ between machines."""
    for cell, picture in figures(notebook):
        if len(picture) > MAX_FIGURE_BYTES:
            raise NotebookError(
                f"{name}: a figure has {len(picture) // 1000} kB, more than "
                f"{MAX_FIGURE_BYTES // 1000}; draw it smaller in the cell\n{cell.source}"
            )
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise NotebookError(
                    f"{name}: a cell writes to stderr; mute it:\n{cell.source}\n{output.text}"
                )
    size = len(nbformat.writes(notebook).encode())
    if size > MAX_NOTEBOOK_BYTES:
        raise NotebookError(
            f"{name}: the notebook has {size // 1000} kB, more than {MAX_NOTEBOOK_BYTES // 1000}; "
            "show fewer or smaller figures"
        )


def _machine() -> str:
    """Describe what the measurement ran on, in a reader's words and without a name of its own."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    build = packages_distributions()["tensorflow"][0]  # such as tensorflow-cpu
    python, tensorflow = (".".join(v.split(".")[:2]) for v in (sys.version, version(build)))
    return (
        f"{cores} CPU cores without a GPU, {platform.system()} {platform.machine()}, "
        f"Python {python}, TensorFlow {tensorflow}"
    )


def timings(folder: Path = FOLDER) -> dict[str, Any]:
    """Return what was measured of each chapter that has been run."""
    path = folder / "timings.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all, and only if it changes."""
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["sync", "run", "exercises", "widgets", "check"])
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_args(arguments)
    if options.command == "check":
        found = list(faults())
        print("\n".join(found) or f"{len(names())} chapters are in step.")
        return 1 if found else 0
    suffix = "_solutions" if options.command == "exercises" else ""
    known = [n.removesuffix(suffix) for n in names() if n.endswith(suffix)]
    unknown = sorted(set(options.names) - set(known))
    if unknown:
        print(f"There is no {unknown[0]}{suffix}.py in notebooks/; there are: {', '.join(known)}.")
        return 2
    actions = {"sync": sync, "run": run, "exercises": exercises, "widgets": widgets}
    action = actions[options.command]
    try:
        for name in options.names or known:
            action(name)
    except NotebookError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

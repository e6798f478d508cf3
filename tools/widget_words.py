"""What widgets say: for translators, and in the Chinese edition's state of the widgets.

The words of a widget are those of its questions, which lie in its state, and those that its script
and its Python module give to ``say``. Their translations go into the state, as its ``words``, and
into the form that is shown without a script.
"""

import html
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir

import abstractgan
from catalogues import LANGUAGE, has_words
from notebooks import FOLDER, ROOT, Notebook, names, read_notebook, shown_widgets

PACKAGE = Path(abstractgan.__file__).parent


def texts_of(notebook: Notebook) -> list[str]:
    """Return what the widgets of a notebook have in their state for translators."""
    shown = (text for *_, state in shown_widgets(notebook) for text in _texts(state))
    return [text for text in shown if has_words(text)]


def _texts(state: Mapping[str, Any]) -> list[str]:
    questions = state.get("questions", [])
    return [text for q in questions for text in (q["text"], *q["choices"], q["feedback"])]


@cache
def _fixed() -> dict[str, str]:
    """Return what scripts and modules give to ``say``, each with its file."""
    kinds = [("**.py", "python"), ("**.js", "javascript")]
    found = extract_from_dir(PACKAGE / "widgets", method_map=kinds, keywords={"say": None})
    return {str(text): f"src/abstractgan/widgets/{name}" for name, _, text, _, _ in found}


def places() -> dict[str, list[str]]:
    """Return all that widgets say, each with the files that it stands in."""
    found = defaultdict(list, {text: [file] for text, file in _fixed().items()})
    for name in names():
        path = FOLDER / f"{name}.ipynb"
        for text in texts_of(read_notebook(path)):
            found[text].append(path.relative_to(ROOT).as_posix())
    return found


def translate(notebook: Notebook, translated: Mapping[str, str]) -> None:
    """Give the widgets of a notebook their words in Chinese, as far as they are translated."""
    for index, _, state in shown_widgets(notebook):
        if texts := _texts(state):
            wordless = {text: text for text in texts if not has_words(text)}
            words = {text: translated[text] for text in [*_fixed(), *texts] if text in translated}
            state["words"] = wordless | words
            for output in notebook.cells[index].outputs:
                if "text/html" in output.get("data", {}):
                    output.data["text/html"] = _without_script(state)


def _without_script(state: Mapping[str, Any]) -> str:
    """Return what a browser without JavaScript shows of a quiz."""
    from abstractgan.widgets.quiz import unfolding  # slow, and the English edition needs it not

    def say(text: str) -> str:
        known = state["words"].get(text)
        return html.escape(known) if known else f'<span lang="en">{html.escape(text)}</span>'

    language = LANGUAGE.replace("_", "-")
    return f'<noscript><div lang="{language}">{unfolding(state["questions"], say)}</div></noscript>'

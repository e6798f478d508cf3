"""What widgets say: for translators, and in the Chinese edition's pages.

The words of a widget are those that its script, or its Python module, gives to ``say``, those of
its questions, and the names that Python puts into its state for the script. The translations of
the former go into the page, as a dictionary, the names' into the state. What is shown without a
script, a form or a description of a picture, is translated too.
"""

import html
import importlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import abstractgan
from catalogues import LANGUAGE, has_words, said, said_in
from notebooks import FOLDER, ROOT, Notebook, names, read_notebook, shown_widgets

PACKAGE = Path(abstractgan.__file__).parent
TAG = LANGUAGE.replace("_", "-")


def texts_of(notebook: Notebook) -> list[str]:
    """Return what the widgets of a notebook say, each text once."""
    shown = dict.fromkeys(text for *_, state in shown_widgets(notebook) for text in _texts(state))
    return [text for text in shown if has_words(text)]


def _texts(state: Mapping[str, Any]) -> list[str]:
    """Return what a widget says: its script and module, its questions, the names in its state."""
    if not _is_ours(state):  # but one that the chapter's own code makes
        return []
    module, _, _ = state["_anywidget_id"].rpartition(".")
    file = f"src/{module.replace('.', '/')}.py"
    described = [text for text, place in _fixed() if place == file]
    questions = state.get("questions", [])
    asked = [text for q in questions for text in (q["text"], *q["choices"], q["feedback"])]
    named: list[str] = []

    def note(name: str) -> str:
        named.append(name)
        return name

    _rename(deepcopy(dict(state)), note)
    return [*said_in(state["_esm"]), *described, *asked, *named]


def _is_ours(state: Mapping[str, Any]) -> bool:
    """Whether a widget is one of the package's."""
    return str(state.get("_anywidget_id")).startswith("abstractgan.")


def _rename(state: dict[str, Any], say: Callable[[str], str]) -> None:
    """Put what ``say`` makes of them into the place of the names that Python gives a script."""
    if "facts" in state:  # of a GAN lab: JSON as text
        facts = json.loads(state["facts"])
        for name in ("labels", "showable", "speeds", "turns"):
            facts[name] = {key: say(text) for key, text in facts[name].items()}
        for name, options in facts["choices"].items():
            facts["choices"][name] = {key: say(text) for key, text in options.items()}
        for preset in facts["presets"].values():
            preset |= {part: say(preset[part]) for part in ("title", "question", "answer")}
        facts["drawing"] = say(facts["drawing"])
        state["facts"] = json.dumps(facts, ensure_ascii=False)
    record = state.get("record", {})
    for panel in record.get("panels", []):  # of a training replay
        panel["title"] = say(panel["title"])
        for line in panel["lines"]:
            line["name"] = say(line["name"])
    if "name" in record:  # of a way from a pixel loss to a GAN
        record["name"] = say(record["name"])
    for pairs in (record.get("movements", []), record.get("layers", [])):
        for pair in pairs:
            if isinstance(pair, list):  # a Gram explorer's layers have names that stay
                pair[1] = say(pair[1])


@cache
def _fixed() -> list[tuple[str, str]]:
    """Return what scripts and modules give to ``say``, each text with each of its files."""
    found = ((text, f"src/abstractgan/widgets/{name}") for text, name in said(PACKAGE / "widgets"))
    return list(dict.fromkeys(found))


def places() -> dict[str, list[str]]:
    """Return all that widgets say, each with the files that it stands in."""
    found = defaultdict(list)
    for text, file in _fixed():
        found[text].append(file)
    fixed = set(found)
    for name in names():
        path = FOLDER / f"{name}.ipynb"
        for text in texts_of(read_notebook(path)):
            if text not in fixed:
                found[text].append(path.relative_to(ROOT).as_posix())
    return found


def translate(notebook: Notebook, translated: Mapping[str, str]) -> None:
    """Give the widgets of a notebook their words in Chinese, as far as they are translated."""
    shown = [(index, state) for index, _, state in shown_widgets(notebook)]
    states = [(index, state) for index, state in shown if _is_ours(state)]
    texts = [text for _, state in states for text in _texts(state)]
    words = {text: translated[text] for text in texts if text in translated}
    place = _dictionary(words)
    for index, state in states:
        _rename(state, lambda name: words.get(name, name))
        for output in notebook.cells[index].outputs:
            if "text/html" in output.get("data", {}):
                still = output.data["text/html"]
                asks = "questions" in state
                still = _quiz(state, words) if asks else _still(state, words, still)
                output.data["text/html"] = still + place
                place = ""  # once a page


def _dictionary(words: Mapping[str, str]) -> str:
    """Return the place in a page where scripts find their words."""
    table = json.dumps(words, ensure_ascii=False, sort_keys=True).replace("</", r"<\/")
    return f'<script type="application/json" id="ag-words">{table}</script>'


def _still(state: Mapping[str, Any], words: Mapping[str, str], picture: str) -> str:
    """Return what a browser without JavaScript shows of a widget: its picture, described anew."""
    from abstractgan.widgets.base import speaking  # slow, and the English edition needs it not

    module, _, name = state["_anywidget_id"].rpartition(".")
    kind = getattr(importlib.import_module(module), name)
    widget = kind.__new__(kind)
    with widget.hold_trait_notifications():
        for trait in kind.setting_names():
            widget.set_trait(trait, state[trait])
    with speaking(words):
        description = html.escape(widget.alternative)
    return re.sub(r'alt="[^"]*"', lambda _: f'alt="{description}" lang="{TAG}"', picture)


def _quiz(state: Mapping[str, Any], words: Mapping[str, str]) -> str:
    """Return what a browser without JavaScript shows of a quiz."""
    from abstractgan.widgets.quiz import unfolding  # slow, and the English edition needs it not

    def say(text: str) -> str:
        if text in words or not has_words(text):
            return html.escape(words.get(text, text))
        return f'<span lang="en">{html.escape(text)}</span>'

    return f'<noscript><div lang="{TAG}">{unfolding(state["questions"], say)}</div></noscript>'

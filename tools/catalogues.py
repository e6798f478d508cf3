"""The catalogues of the book's translation: what is translated, and into what.

gettext's ``.po`` files lie in ``book/locale``, one for each page, one, ``tools``, for the words
that the tools themselves write into the pages, and one, ``widgets``, for what widgets say.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

SOURCE_LANGUAGE, LANGUAGE = "en", "zh_CN"
LOCALE = Path(__file__).resolve().parent.parent / "book" / "locale"
TOOLS, WIDGETS = "tools", "widgets"
AS_IS = "{.as-is}"  # before a block of MyST text that is no matter for translators

# What stands in a text and is no word of it: roles, code, mathematics, pictures, where links lead.
MARKUP = re.compile(
    r"\{[\w:]+\}`(?:[^`<]*`|(?=[^`]*<))"  # of a role with a title of its own, the title is left
    r"|<[^>`]*>`|`[^`]*`|\$[^$]+\$|!\[[^]]*\]\([^)]*\)|\]\([^)]*\)"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
WORD, WORDS = re.compile(r"[^\W\d_]{2,}"), re.compile(r"[a-z]{2,}[ ,]+[a-z]{2,}")


def file_of(domain: str) -> Path:
    """Return where the catalogue of a page, or of the tools, lies or would lie."""
    return LOCALE / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def catalogue(domain: str) -> dict[str, str]:
    """Return what is translated of a page, or of the tools' words."""
    path = file_of(domain)
    return _read(path, path.stat().st_mtime_ns) if path.exists() else {}


@cache
def _read(path: Path, modified: int) -> dict[str, str]:
    with path.open("rb") as file:
        messages = (m for m in read_po(file) if m.id and m.string and not m.fuzzy)
        return {str(m.id): str(m.string) for m in messages}


def in_language(language: str, text: str, **values: object) -> str:
    """Return a text that a tool writes in the language of the edition, its {places} filled in."""
    translated = catalogue(TOOLS).get(text, text) if language == LANGUAGE else text
    return translated.format(**values)


def has_words(text: str) -> bool:
    """Whether there is something to translate in a text, or only names, signs and Chinese."""
    prose = MARKUP.sub(" ", text)
    return bool((WORDS if CHINESE.search(prose) else WORD).search(prose))


# What the sources say.

STRING = r'"(?:[^"\\]|\\.)*"'
# A comment, or what `say` is given: texts, or a template, whose expressions become {0}, {1}, ...
SAID = re.compile(rf"^ *//.*$|\bsay(?:`|\(\s*({STRING}(?:\s*\+\s*{STRING})*))", re.MULTILINE)
# A template's end, an expression in it, a character; and what an expression has.
TEMPLATE = re.compile(r"`|\$\{|\\x([0-9a-f]{2})|[^`\\]")
EXPRESSION = re.compile(rf"[{{}}`]|{STRING}|[^{{}}`\"]+")


def said_in(script: str) -> Iterator[str]:
    """Yield each text that a script gives to ``say``."""
    for said in SAID.finditer(script):
        if said[1]:
            yield "".join(map(json.loads, re.findall(STRING, said[1])))
        elif said[0] == "say`":
            yield _template(script, said.end())[0]


def _template(script: str, at: int) -> tuple[str, int]:
    """Return the template that begins at a place, with {0}, {1}, ... in it, and where it ends."""
    text, count = "", 0
    while part := TEMPLATE.match(script, at):
        at = part.end()
        if part[0] == "`":
            return text, at
        if part[0] == "${":
            at = _expression(script, at)
            text, count = f"{text}{{{count}}}", count + 1
        else:
            text += chr(int(part[1], 16)) if part[1] else part[0]
    raise ValueError(f"A template that can't be read: {script[at - len(text) : at + 20]!r}")


def _expression(script: str, at: int) -> int:
    """Return where the expression ends that begins at a place in a template."""
    depth = 1
    while depth and (part := EXPRESSION.match(script, at)):
        at = _template(script, part.end())[1] if part[0] == "`" else part.end()
        depth += {"{": 1, "}": -1}.get(part[0], 0)
    return at


def said(folder: Path, **keywords: tuple[int]) -> Iterator[tuple[str, str]]:
    """Yield each text that the modules and scripts in a folder give to ``say``, and its file.

    Args:
        folder: Where they lie.
        keywords: Other functions that modules call, and which of their arguments is a text.
    """

    def scripts(file: Any, *_: object, **__: object) -> Iterator[tuple[int, str, str, list[str]]]:
        return ((0, "say", text, []) for text in said_in(file.read().decode()))

    kinds: list[tuple[str, Any]] = [("**.py", "python"), ("**.js", scripts)]
    found = extract_from_dir(folder, method_map=kinds, keywords={"say": None, **keywords})
    return ((str(text), name) for name, _, text, _, _ in found)

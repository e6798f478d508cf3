"""The catalogues of the book's translation: what is translated, and into what.

gettext's ``.po`` files lie in ``book/locale``, one for each page, one, ``tools``, for the words
that the tools themselves write into the pages, and one, ``widgets``, for what widgets say.
"""

import re
from functools import cache
from pathlib import Path

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

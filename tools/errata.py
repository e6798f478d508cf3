"""The list of the article's errata: book/errata.yml as sections of book/errata.md.

``{errata} SECTION`` in the page puts there what the file has of one section of the article.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from book_reference import Generated
from catalogues import AS_IS, SOURCE_LANGUAGE

Row = dict[str, Any]

FILE = Path(__file__).resolve().parent.parent / "book" / "errata.yml"


def rows() -> list[Row]:
    """Return the errata in their order."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def markdown(row: Row, language: str = SOURCE_LANGUAGE) -> str:
    """Return an erratum as a section of the page, in the parts that the chapters' boxes have."""
    quotations = "\n\n".join(quotation(says, language) for says in row["says"])
    evidence = f"**Evidence.** {row['evidence']}"
    if "asserts" in row:
        evidence += f" There the code asserts:\n\n{_code(row['asserts'])}"
    parts = [
        f"{{#errata-{row['number']}}}\n### {row['number']}. {row['title']}",
        "**The article says**\n\n" + _indented(quotations, "> "),
        f"**What is right.** {row['right']}",
        evidence,
    ]
    return "\n\n".join(parts)


def quotation(says: Row, language: str = SOURCE_LANGUAGE) -> str:
    """Return what the article says: words, in English with their translation; a formula or code."""
    if "zh" in says:
        translated = f'\n\n{AS_IS}\n*"{says["en"]}"*' if language == SOURCE_LANGUAGE else ""
        return says["zh"] + translated
    return f"$${says['tex']}$$" if "tex" in says else _code(says["code"])


def _code(lines: str) -> str:
    return f"```{{code-block}} python\n:class: wrap\n\n{lines.strip()}\n```"


def _indented(text: str, by: str) -> str:
    return "\n".join((by + line).rstrip() for line in text.splitlines())


class Errata(Generated):
    """The errata of one section of the article."""

    required_arguments = 1

    def lines(self) -> Iterator[str]:
        """Yield the sections of the page."""
        every = yaml.safe_load(self.read(FILE))
        of_section = [row for row in every if row["section"] == self.arguments[0]]
        if not of_section:
            raise self.error(f"book/errata.yml has no section {self.arguments[0]!r}.")
        for row in of_section:
            yield from (markdown(row, self.config.language), "")

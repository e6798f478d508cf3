"""The list of the article's errata: book/errata.yml as sections of book/errata.md.

``{errata} SECTION`` in the page puts there what the file has of one section of the article.
"""

from pathlib import Path
from typing import Any

import yaml
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

Row = dict[str, Any]

FILE = Path(__file__).resolve().parent.parent / "book" / "errata.yml"


def rows() -> list[Row]:
    """Return the errata in their order."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def markdown(row: Row) -> str:
    """Return an erratum as a section of the page, in the parts that the chapters' boxes have."""
    quotations = "\n\n".join(map(quotation, row["says"]))
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


def quotation(says: Row) -> str:
    """Return what the article says: words with their translation, a formula or code."""
    if "zh" in says:
        return f'{says["zh"]}\n\n*"{says["en"]}"*'
    return f"$${says['tex']}$$" if "tex" in says else _code(says["code"])


def _code(lines: str) -> str:
    return f"```{{code-block}} python\n:class: wrap\n\n{lines.strip()}\n```"


def _indented(text: str, by: str) -> str:
    return "\n".join((by + line).rstrip() for line in text.splitlines())


class Errata(SphinxDirective):
    """The errata of one section of the article."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        self.env.note_dependency(str(FILE))
        of_section = [row for row in rows() if row["section"] == self.arguments[0]]
        if not of_section:
            raise self.error(f"book/errata.yml has no section {self.arguments[0]!r}.")
        return self.parse_text_to_nodes(
            "\n\n".join(map(markdown, of_section)), allow_section_headings=True
        )

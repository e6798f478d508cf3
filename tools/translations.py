"""The book's translation: its catalogues, and the edition that is built with them.

python tools/translations.py update [PAGE ...]  bring book/locale up to date with the English pages
python tools/translations.py build              build the Chinese edition into _build/html/zh

A page that nobody translates yet has its title in its catalogue, for the navigation; naming it, as
``notebooks/minimax``, puts in all of it.
"""

import argparse
import shutil
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jupyter_book.sphinx import build_sphinx
from sphinx_intl.basic import update as update_catalogues

from catalogues import LANGUAGE, LOCALE, TOOLS, WIDGETS, file_of, has_words, said
from notebooks import ANNOUNCEMENT, BUDGET, ROOT
from page_words import words
from widget_words import places

BUILD = ROOT / "_build"


def sphinx(builder: str, output: Path, fresh: bool = False, **config: object) -> int:
    """Build the book as `jupyter-book build -n -W --keep-going` does, with settings of its own."""
    status = build_sphinx(
        ROOT,
        output,
        path_config=ROOT / "_config.yml",
        noconfig=True,
        doctreedir=BUILD / f".doctrees-{output.name}",
        builder=builder,
        freshenv=fresh,
        warningiserror=True,
        keep_going=True,
        confoverrides={
            "external_toc_path": str(ROOT / "_toc.yml"),
            "latex_individualpages": False,
            "nitpicky": True,
            **config,
        },
    )
    return status if isinstance(status, int) else 1


def build() -> int:
    """Build the Chinese edition."""
    return sphinx("html", BUILD / "html" / "zh", language=LANGUAGE)


def update(begin: list[str]) -> int:
    """Bring the catalogues up to date."""
    templates = BUILD / "gettext"
    shutil.rmtree(templates, ignore_errors=True)
    if status := sphinx("gettext", templates, fresh=True):
        return status
    pages = {
        path.relative_to(templates).with_suffix("").as_posix(): path
        for path in templates.rglob("*.pot")
    }
    if unknown := set(begin) - set(pages):
        print(f"The book has no page {', '.join(sorted(unknown))}.", file=sys.stderr)
        return 2
    for page, path in pages.items():
        texts = [text for text in texts_of(path) if has_words(text)]
        whole = page in begin or len(texts_of(file_of(page))) > 1
        write_template(path, texts if whole else texts[:1])
    write_template(templates / f"{TOOLS}.pot", words_of_tools())
    write_template(templates / f"{WIDGETS}.pot", places())
    update_catalogues(str(LOCALE), str(templates), (LANGUAGE,), 0, ignore_obsolete=True, jobs=1)
    return 0


def words_of_tools() -> list[str]:
    """Return what the tools write into pages."""
    found = said(ROOT / "tools", in_language=(2,))
    return [BUDGET, ANNOUNCEMENT, *(text for text, _ in found), *words()]


def texts_of(path: Path) -> list[str]:
    """Return what is to be translated, as a catalogue or a template has it: the title first."""
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [message.id for message in read_po(file) if message.id]


def write_template(path: Path, texts: list[str] | dict[str, list[str]]) -> None:
    """Write what is to be translated, under a head that is the same for all.

    Args:
        path: The template's file.
        texts: What it has, or for each text the files that it stands in.
    """
    files = texts if isinstance(texts, dict) else {}
    template = Catalog(
        project="abstractgan",
        version="the book",
        msgid_bugs_address="the issues of the repository",
        last_translator="The abstractgan contributors",
        language_team="Chinese",
        header_comment="# The course in Chinese: CONTRIBUTING.md says how this file is kept.",
        fuzzy=False,
    )
    for text in texts:
        template.add(text, locations=[(file, None) for file in files.get(text, ())])
    with path.open("wb") as file:
        write_po(file, template, width=0)


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update", help="update the catalogues").add_argument("page", nargs="*")
    commands.add_parser("build", help="build the Chinese edition")
    options = parser.parse_args(arguments)
    return build() if options.command == "build" else update(options.page)


if __name__ == "__main__":
    sys.exit(main())

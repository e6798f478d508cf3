"""What a page says of itself to programs: search engines, catalogues, and sites that show links.

Every page gets a description and the tags by which catalogues of the literature know a chapter. The
rest takes the book's address, `html.baseurl` in `_config.yml`, which the publishing workflow
stamps: the Open Graph tags, from which other sites make a card with the page's first figure, and
`sitemap.xml`. Sphinx itself adds the canonical link.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any
from urllib.parse import urljoin

from docutils import nodes
from sphinx.application import Sphinx

from book_language import EDITIONS, english_edition

CARD = "_static/images/card.jpg"  # drawn by tools/figures.py
CARD_SHOWS = "The course's title, below a photograph of an astronaut and two repaintings of it."
PICTURES = (".png", ".jpg", ".jpeg", ".webp")  # what sites that show cards can read
SHORTEST, LONGEST = 60, 200  # characters of a description

IN_HEAD = re.compile(
    r'<title>.*?</title>|<link rel="canonical"[^>]*>'
    r'|<meta (?:name|property)="(?:description|(?:citation_|og:|twitter:)[^"]*)"[^>]*>'
)


def describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add the tags of a page to its head."""
    if doctree is not None and app.builder.name == "html":
        tags = (
            f'<meta {kind}="{name}" content="{escape(text)}" />'
            for kind, name, text in tags_of(app, context["pageurl"], doctree)
        )
        context["metatags"] += "\n".join(tags)


def tags_of(
    app: Sphinx, address: str | None, doctree: nodes.document
) -> Iterator[tuple[str, str, str]]:
    """Yield kind, name and content of each tag; without an address, those that need none."""
    title = next(doctree.findall(nodes.title)).astext()
    about, course = description(doctree), app.config.html_title
    yield "name", "description", about
    yield "name", "citation_title", title
    yield "name", "citation_inbook_title", course
    yield "name", "citation_author", app.config.author
    yield "name", "citation_language", app.config.language.replace("_", "-")
    if address:
        card = f"{app.config.html_baseurl}{CARD}", CARD_SHOWS
        picture, alternative = first_picture(doctree) or card
        yield "name", "citation_public_url", address
        yield "property", "og:type", "article"
        yield "property", "og:site_name", course
        yield "property", "og:title", title
        yield "property", "og:description", about
        yield "property", "og:url", address
        yield "property", "og:image", urljoin(address, picture)
        yield "property", "og:image:alt", alternative
        yield "name", "twitter:card", "summary_large_image"


def description(doctree: nodes.document) -> str:
    """The first paragraph of the text that has no mathematics and is no remark in italics."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        remark = len(paragraph) == 1 and isinstance(paragraph[0], nodes.emphasis)
        plain = isinstance(paragraph.parent, nodes.section) and not remark
        if plain and len(text) >= SHORTEST and not any(paragraph.findall(nodes.math)):
            return shorten(text, LONGEST, placeholder=" …")
    return ""


def first_picture(doctree: nodes.document) -> tuple[str, str] | None:
    """The address of the first figure, as the page has it, and its alternative text."""
    for image in doctree.findall(nodes.image):
        if image["uri"].endswith(PICTURES) and "alt" in image:
            return image["uri"], image["alt"]
    return None


def write_first_page(app: Sphinx, exception: Exception | None) -> None:
    """Lead from the book's address to its first page, with that page's tags.

    A site that makes a card of the address reads this page, and does not follow it.
    """
    if exception or app.builder.name != "html":
        return
    root, language = f"{app.config.root_doc}.html", app.config.language.replace("_", "-")
    head = "\n".join(IN_HEAD.findall(Path(app.outdir, root).read_text(encoding="utf-8")))
    Path(app.outdir, "index.html").write_text(
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Refresh" content="0; url={root}" />\n{head}\n</head>\n'
        f'<body><a href="{root}">{escape(app.config.html_title)}</a></body>\n</html>\n',
        encoding="utf-8",
    )


def write_sitemap(app: Sphinx, exception: Exception | None) -> None:
    """List the pages of each edition that was built, with their twins, for search engines."""
    if exception or not app.config.html_baseurl or app.builder.name != "html":
        return
    root = app.config.html_baseurl.removesuffix(EDITIONS[app.config.language][0])
    english, entries = english_edition(app), []
    for page in sorted(app.env.found_docs):
        name = app.builder.get_target_uri(page)
        twins = {
            tag: escape(urljoin(root, folder + name))
            for folder, tag, _ in EDITIONS.values()
            if (english / folder / name).exists()
        }
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}"/>'
            for tag, address in twins.items()
        )
        entries += [f"<url><loc>{address}</loc>{links}</url>" for address in twins.values()]
    (english / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "\n".join(entries) + "\n</urlset>\n",
        encoding="utf-8",
    )

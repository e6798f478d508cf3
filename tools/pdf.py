"""Print the built book as one PDF.

python tools/pdf.py PAGES FILE.pdf

The articles of all pages become one document, in the order of the sidebar: a title page, contents
with page numbers, and a chapter for each page. Chromium prints it, with bookmarks and tags, and
twice: the first print tells on which pages the chapters begin.
"""

import argparse
import posixpath
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from html import escape
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import unquote, urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Route, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from chromium import NoChromiumError, launch

SITE = "http://book.invalid/"  # answered from the folder of the pages
FIRST_PAGE = re.compile(r"url=([^\"]+)")
LIVE = "script[type*=widget-view], #try-it"
# On paper there is nothing to press; the set-up cell is the same in each chapter, and other code
# that the page folds away has the answers of the quiz in it.
LEFT_OUT = (
    "script, link, .headerlink, .onlyprint, .toctree-wrapper, details.hide > summary, "
    ".cell.tag_setup, .cell.tag_hide-input details"
)
SETTLED = """async () => {
    await window.MathJax?.startup?.promise;
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode()));
}"""
# Without a font for it, a letter is the same box as any other.
CHINESE = """() => {
    const [one, other] = ["判", "别"].map((letter) => {
        const canvas = document.createElement("canvas");
        canvas.getContext("2d").fillText(letter, 0, 20);
        return canvas.toDataURL();
    });
    return one !== other;
}"""
HEADINGS = """() => [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(
    (heading) => heading.innerText.trim().replace(/\\s+/g, " ")
)"""
NUMBER_CONTENTS = """(numbers) => {
    for (const link of document.querySelectorAll(".book-contents a"))
        link.querySelector(".number").textContent = numbers[link.hash.slice(1)];
}"""


class PrintError(Exception):
    """Why the book cannot be printed, in one sentence."""


class Chapter(NamedTuple):
    """A page of the book.

    Attributes:
        page: Its address within the book, as ``book/background.html``.
        title: As the sidebar has it.
        part: The part that it stands in; none for the first page.
        level: Of its heading: 1 for the first page as for parts, 2 for chapters.
    """

    page: str
    title: str
    part: str
    level: int

    def anchor(self, name: str = "") -> str:
        """What an anchor of this page is called among those of all pages."""
        page = self.page.removesuffix(".html").replace("/", "-")
        return f"{page}--{name}" if name else page


def chapters(root: str, page: BeautifulSoup) -> Iterator[Chapter]:
    """Yield the book's pages as the sidebar of its first page lists them."""
    part = ""
    for entry in page.select("nav.bd-links .caption, nav.bd-links li > a"):
        if entry.name == "a":
            address = posixpath.normpath(urljoin(root, str(entry["href"]).removesuffix("#")))
            level = len(entry.find_parents("li")) + bool(part)
            yield Chapter(address, entry.get_text(strip=True), part, level)
        else:
            part = entry.get_text(strip=True)


class Document:
    """The pages of a built book as one.

    Args:
        pages: The folder of the built pages.
        chosen: Which of them; all if none is named.
    """

    def __init__(self, pages: Path, chosen: Sequence[str] = ()) -> None:
        first = pages / "index.html"
        if not first.is_file():
            raise PrintError(f"{pages} holds no built book: run `make book` first.")
        root = FIRST_PAGE.search(first.read_text(encoding="utf-8"))
        assert root, f"{first} leads nowhere"
        self.pages = pages
        self.root = self.read(root[1])
        self.chapters = [
            chapter
            for chapter in chapters(root[1], self.root)
            if not chosen or chapter.page in chosen
        ]
        self.anchors = {chapter.page: chapter.anchor for chapter in self.chapters}
        self.head: dict[str, None] = {}  # style sheets and MathJax, each once, in their order

    def read(self, page: str) -> BeautifulSoup:
        """Read one page; its links to files then start at the book's folder."""
        soup = BeautifulSoup((self.pages / page).read_text(encoding="utf-8"), "html.parser")
        for name in ("src", "href"):
            for element in soup.select(f":is(img, script, link)[{name}]"):
                element[name] = urljoin(page, str(element[name]))
        return soup

    def html(self) -> str:
        """The whole document."""
        body = [self.cover(), self.contents()]
        part = ""
        for chapter in self.chapters:
            soup = self.read(chapter.page)
            scripts = [s for s in soup.select("script") if "mathjax" in str(s).lower()]
            for element in [*soup.select("head link[rel=stylesheet]"), *scripts]:
                self.head[str(element)] = None
            opening = chapter.part if chapter.part != part else ""
            body.append(str(self.article(chapter, soup, opening)))
            part = chapter.part
        assert self.root.html
        return (
            f'<!DOCTYPE html><html lang="{self.root.html["lang"]}" data-theme="light"><head>'
            f'<meta charset="utf-8"><title>{escape(self.said("citation_inbook_title"))}</title>'
            f'{"".join(self.head)}</head><body class="printed">'
            f'<main class="bd-article">{"".join(body)}</main></body></html>'
        )

    def cover(self) -> str:
        """The title page: title, author, version."""
        logo, footer = (self.root.select_one(s) for s in (".logo__image", ".extra_footer"))
        assert logo and footer
        return (
            f'<header class="cover"><img src="{logo["src"]}" alt="">'
            f'<p class="title">{escape(self.said("citation_inbook_title"))}</p>'
            f"<p>{escape(self.said('citation_author'))}</p>{footer}</header>"
        )

    def said(self, name: str) -> str:
        """What the first page says of the book in its head."""
        tag = self.root.select_one(f"meta[name={name}]")
        assert tag
        return str(tag["content"])

    def contents(self) -> str:
        """The table of contents; the numbers of its pages are not known yet."""
        lines, part = [], ""
        for chapter in self.chapters:
            if chapter.part != part:
                lines.append(f"<li>{escape(chapter.part)}</li>")
                part = chapter.part
            lines.append(
                f'<li class="level{chapter.level}"><a href="#{chapter.anchor()}">'
                f'<span>{escape(chapter.title)}</span> <span class="number"></span></a></li>'
            )
        return f'<nav class="book-contents" aria-label="Contents"><ul>{"".join(lines)}</ul></nav>'

    def article(self, chapter: Chapter, soup: BeautifulSoup, part: str) -> Tag:
        """The article of a page as it stands in the document."""
        article = soup.select_one("article")
        assert article
        for view in article.select(LIVE):
            view.replace_with(self.remark(chapter, soup, view))
        for element in article.select(LEFT_OUT):
            element.decompose()
        for element in article.select("noscript, details.hide"):
            element.unwrap()
        for element in article.select("details"):
            element["open"] = ""
        for element in article.select("img[loading]"):
            del element["loading"]
        for element in article.select("[id]"):
            element["id"] = chapter.anchor(str(element["id"]))
        for element in article.select("a[href]"):
            self.aim(element, chapter)
        for element in article.find_all(re.compile(r"^h[1-6]$")):
            element.name = f"h{min(int(element.name[1]) + chapter.level - 1, 6)}"
        article.name, article["class"], article["id"] = "section", "chapter", chapter.anchor()
        if part:
            heading = soup.new_tag("h1", attrs={"class": "part"})
            heading.string = part
            article.insert(0, heading)
        return article

    def remark(self, chapter: Chapter, soup: BeautifulSoup, view: Tag) -> Tag:
        """What stands in place of a live widget, before the picture of it if there is one."""
        output = view.find_parent(class_="cell_output")
        still = output and output.find("noscript")
        canonical = soup.select_one("link[rel=canonical]")
        remark = soup.new_tag("p", attrs={"class": "live"})
        remark.string = (
            f"This {'picture' if still else 'place'} is a live widget in the book's page "
        )
        page = soup.new_tag("a" if canonical else "code")
        page.string = str(canonical["href"]) if canonical else chapter.page
        if canonical:
            page["href"] = canonical["href"]
        remark.extend([page, "."])
        return remark

    def aim(self, link: Tag, chapter: Chapter) -> None:
        """Let a link lead to the same place in the document; one to a file leads nowhere."""
        parts = urlsplit(str(link["href"]))
        if parts.scheme:
            return
        target = posixpath.normpath(urljoin(chapter.page, unquote(parts.path)))
        if target in self.anchors:
            link["href"] = f"#{self.anchors[target](unquote(parts.fragment))}"
        else:
            del link["href"]


def answer(document: Document, html: str, missing: list[str]) -> Callable[[Route], None]:
    """Make the function that answers what Chromium asks for, from the folder of the pages alone."""

    def reply(route: Route) -> None:
        parts = urlsplit(route.request.url)
        path = document.pages / unquote(parts.path).lstrip("/")
        if route.request.url == SITE:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        elif f"{parts.scheme}://{parts.netloc}/" == SITE and path.is_file():
            route.fulfill(path=path)
        else:
            missing.append(route.request.url)
            route.abort()

    return reply


def page_numbers(pdf: bytes, anchors: Sequence[str]) -> dict[str, int]:
    """The pages, counted from 1, on which anchors stand."""
    reader = PdfReader(BytesIO(pdf))
    places = reader.named_destinations
    numbers = {}
    for anchor in anchors:
        number = reader.get_destination_page_number(places[f"/{anchor}"])
        assert number is not None
        numbers[anchor] = number + 1
    return numbers


def bookmarks(entry: DictionaryObject) -> Iterator[DictionaryObject]:
    """Yield the bookmarks beneath an entry of the outline, in the order of the text."""
    child = entry.get("/First")
    while child is not None:
        found = child.get_object()
        yield found
        yield from bookmarks(found)
        child = found.get("/Next")


def signed(pdf: bytes, author: str, headings: Sequence[str]) -> bytes:
    """Name the author; and let bookmarks say what Chromium garbles where a heading is broken."""
    writer = PdfWriter(BytesIO(pdf), incremental=True)
    writer.add_metadata({"/Author": author})
    outline = cast(DictionaryObject, writer.root_object["/Outlines"])
    for bookmark, heading in zip(bookmarks(outline), headings, strict=True):
        bookmark[NameObject("/Title")] = TextStringObject(heading)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def print_book(browser: Browser, pages: Path, chosen: Sequence[str] = ()) -> bytes:
    """Print the pages of a built book, or those chosen.

    Raises:
        PrintError: If the folder holds no book, or a page asks for a file that it lacks.
    """
    document, missing = Document(pages, chosen), list[str]()
    page = browser.new_page(color_scheme="light")
    page.set_default_timeout(300_000)
    page.route("**/*", answer(document, document.html(), missing))
    page.goto(SITE)
    page.evaluate(SETTLED)
    if missing:
        raise PrintError(f"The pages ask for files that are missing: {', '.join(missing)}.")
    if not page.evaluate(CHINESE):
        print(
            "No font here has Chinese letters, so they print as boxes; on Debian and Ubuntu the "
            "package fonts-wqy-zenhei brings one.",
            file=sys.stderr,
        )

    def pdf() -> bytes:
        return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)

    anchors = [chapter.anchor() for chapter in document.chapters]
    page.evaluate(NUMBER_CONTENTS, page_numbers(pdf(), anchors))
    numbered = signed(pdf(), document.said("citation_author"), page.evaluate(HEADINGS))
    page.close()
    return numbered


def main(arguments: list[str] | None = None) -> int:
    """Print the book; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path)
    parser.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            pdf = print_book(browser, options.pages)
            browser.close()
    except (NoChromiumError, PrintError) as error:
        print(error, file=sys.stderr)
        return 2
    options.file.parent.mkdir(parents=True, exist_ok=True)
    options.file.write_bytes(pdf)
    print(f"{options.file}: {len(PdfReader(BytesIO(pdf)).pages)} pages, {len(pdf) / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

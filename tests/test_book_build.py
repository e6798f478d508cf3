"""The built pages as files: complete, linked, with buttons that lead where they should."""

import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml
from conftest import ROOT, build_book

import book_reference
import notebooks

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *book_reference.chapters(ROOT)]
NOTEBOOKS = [page for page in PAGES if page.startswith("notebooks/")]
ADDRESS = "https://github.com/someone/their-course"
COLAB = "https://colab.research.google.com/github/"  # what a button opens there


class Page(HTMLParser):
    """The links, the files and the anchors of one page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.files, self.anchors, self.images = [], [], set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.add(attributes.get("id"))
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag == "img":
            self.images.append(attributes)
        for name in ("src", "href"):
            if tag in ("script", "img", "link") and name in attributes:
                self.files.append(attributes[name])


def pages_of(html):
    names = {path.relative_to(html).as_posix() for path in html.rglob("*.html")}
    # The theme's templates lie among the files that it serves.
    return {name: Page(html / name) for name in names if "_static" not in Path(name).parts}


@pytest.fixture(scope="module")
def pages(html):
    return pages_of(html)


def test_the_book_builds_without_a_warning(book):
    assert book.warnings == []


def test_the_pages_are_those_of_the_table_of_contents(pages):
    assert CONFIG["only_build_toc_files"]
    assert set(pages) == {f"{page}.html" for page in [*PAGES, "genindex", "search", "index"]}


def test_the_first_page_leads_to_the_book(html):
    assert f"url={TOC['root']}.html" in (html / "index.html").read_text(encoding="utf-8")


def test_every_internal_link_file_and_anchor_exists(html, pages):
    assert broken_links(html, pages) == []


def broken_links(html, pages):
    """Return the links between the pages that lead to no file, or to no place on a page."""
    missing = []
    for name, page in pages.items():
        for link in [*page.links, *page.files]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (html / name).parent / unquote(parts.path) if parts.path else html / name
            target = target.resolve()
            if not target.is_file():
                missing.append(f"{name}: {link}")
            elif parts.fragment and target.suffix == ".html":
                anchors = pages[target.relative_to(html.resolve()).as_posix()].anchors
                if unquote(parts.fragment) not in anchors:
                    missing.append(f"{name}: {link}")
    return missing


def test_no_page_loads_a_file_from_another_site(pages):
    outside = [
        (name, file) for name, page in pages.items() for file in page.files if urlsplit(file).netloc
    ]
    assert outside == []


def test_links_to_other_sites_are_encrypted(pages):
    schemes = {urlsplit(link).scheme for page in pages.values() for link in page.links}
    assert schemes <= {"", "https", "mailto"}


def test_code_figures_arrive_with_the_alternative_text_of_their_cell(pages):
    for page in NOTEBOOKS:
        notebook = notebooks.read_notebook(ROOT / f"{page}.ipynb")
        texts = [cell.metadata["mystnb"]["image"]["alt"] for cell, _ in notebooks.figures(notebook)]
        alternatives = [image.get("alt") for image in pages[f"{page}.html"].images]
        assert [text for text in texts if text not in alternatives] == []


@pytest.mark.parametrize("page", NOTEBOOKS)
def test_an_executable_page_offers_its_notebook(html, pages, page):
    name = page.split("/")[1]
    assert f"../_sources/{page}.ipynb" in pages[f"{page}.html"].links
    built = (html / "_sources" / f"{page}.ipynb").read_bytes()
    assert built == (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()


def test_without_an_address_no_button_leads_away(pages):
    if CONFIG["repository"]["url"]:
        pytest.skip("This copy is stamped with an address.")
    for page in pages.values():
        for link in page.links:
            assert not link.startswith(COLAB)
            assert "/issues/new" not in link


def test_with_an_address_every_executable_page_has_its_colab_button(book, tmp_path):
    folder = shutil.copytree(book.folder, tmp_path / "book")
    config = yaml.safe_load((folder / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"] = ADDRESS
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    assert build_book(folder) == []
    for name in PAGES:
        links = Page(folder / "_build" / "html" / f"{name}.html").links
        colab = [link for link in links if link.startswith(COLAB)]
        button = f"{COLAB}someone/their-course/blob/colab/{name}.ipynb"
        assert colab == ([button] if name in NOTEBOOKS else [])
        assert ADDRESS in links

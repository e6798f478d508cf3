"""The built pages as files: complete, linked, with buttons that lead where they should."""

import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT, build_book
from PIL import Image

import book_reference
import notebooks
from abstractgan import __version__

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
PAGES = [TOC["root"], *book_reference.chapters(ROOT)]
NOTEBOOKS = [page for page in PAGES if page.startswith("notebooks/")]
REPOSITORY = "https://github.com/someone/their-course"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
ADDRESS = "https://someone.github.io/their-course/"
COLAB = "https://colab.research.google.com/github/"  # what a button opens there
BINDER = "https://mybinder.org/v2/gh/"
KAGGLE = "https://kaggle.com/kernels/welcome?src="


class Page(HTMLParser):
    """The links, the files, the anchors and the metadata of one page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.files, self.anchors, self.images = [], [], set(), []
        self.meta, self.canonical = {}, None
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors.add(attributes.get("id"))
        if tag == "a" and "href" in attributes:
            self.links.append(attributes["href"])
        if tag == "img":
            self.images.append(attributes)
        if tag == "meta":
            self.meta[attributes.get("name", attributes.get("property"))] = attributes.get(
                "content"
            )
        if tag == "link" and attributes.get("rel") == "canonical":
            self.canonical = attributes["href"]
            return  # an address, and no file that the page loads
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
            assert not link.startswith((COLAB, BINDER, KAGGLE))
            assert "/issues/new" not in link


@pytest.mark.parametrize("name", PAGES)
def test_every_page_describes_itself(pages, name):
    meta = pages[f"{name}.html"].meta
    assert len(meta["description"]) >= 60
    assert meta["citation_title"]
    assert meta["citation_author"] == CONFIG["author"]


def test_without_an_address_no_page_claims_one(html, pages):
    if CONFIG["html"]["baseurl"]:
        pytest.skip("This copy is stamped with an address.")
    for page in pages.values():
        assert page.canonical is None
        assert not [key for key in page.meta if key and key.startswith("og:")]
    assert not (html / "sitemap.xml").exists()


@pytest.fixture(scope="module")
def published(book, tmp_path_factory):
    """The folder of the pages, built with an address."""
    folder = shutil.copytree(book.folder, tmp_path_factory.mktemp("published") / "book")
    config = yaml.safe_load((folder / "_config.yml").read_text(encoding="utf-8"))
    config["repository"]["url"], config["html"]["baseurl"] = REPOSITORY, ADDRESS
    (folder / "_config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    cell = folder / "tools" / "setup_cell.py"
    text = cell.read_text(encoding="utf-8")
    text = text.replace('REPOSITORY = ""', f'REPOSITORY = "{REPOSITORY}"')
    cell.write_text(text.replace('COMMIT = ""', f'COMMIT = "{COMMIT}"'), encoding="utf-8")
    assert build_book(folder) == []
    return folder / "_build" / "html"


def test_with_an_address_every_executable_page_can_be_opened_elsewhere(published):
    for name in PAGES:
        page = BeautifulSoup((published / f"{name}.html").read_text("utf-8"), "html.parser")
        found = {link["href"]: link for link in page.select("a[href]")}
        buttons = {
            f"{BINDER}someone/their-course/colab?urlpath=lab/tree/{name}.ipynb": "Binder",
            f"{COLAB}someone/their-course/blob/colab/{name}.ipynb": "Colab",
            f"{KAGGLE}https://raw.githubusercontent.com/"
            f"someone/their-course/colab/{name}.ipynb": "Kaggle",
        }
        opened = {link for link in found if link.startswith((COLAB, BINDER, KAGGLE))}
        assert opened == (set(buttons) if name in NOTEBOOKS else set())
        for link in opened:
            assert found[link].get_text(strip=True) == buttons[link]
            assert found[link]["title"] == f"Launch on {buttons[link]}"
        assert REPOSITORY in found


def test_with_an_address_every_page_can_be_shown_as_a_card(published):
    for name in PAGES:
        page = Page(published / f"{name}.html")
        assert page.canonical == page.meta["og:url"] == f"{ADDRESS}{name}.html"
        assert page.meta["og:title"] and page.meta["og:image:alt"]
        assert page.meta["og:description"] == page.meta["description"]
        picture = published / page.meta["og:image"].removeprefix(ADDRESS)
        with Image.open(picture) as opened:
            assert opened.format in ("PNG", "JPEG", "WEBP")
    first, root = Page(published / "index.html"), Page(published / f"{TOC['root']}.html")
    assert first.canonical == root.canonical
    shown = {key: text for key, text in root.meta.items() if key and key.startswith("og:")}
    assert shown.items() <= first.meta.items()


def test_with_an_address_the_sitemap_lists_the_pages(published):
    sitemap = ElementTree.parse(published / "sitemap.xml")
    found = [
        place.text for place in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert sorted(found) == sorted(f"{ADDRESS}{name}.html" for name in PAGES)


def test_the_footer_names_the_version_and_the_published_commit(html, published):
    name = f"{TOC['root']}.html"
    assert f"Version {__version__}. " in (html / name).read_text("utf-8")
    link = f'<a href="{REPOSITORY}/tree/{COMMIT}">{COMMIT[:7]}</a>'
    releases = f'<a href="{REPOSITORY}/releases">PDF, offline edition and package</a>'
    stamped = (published / name).read_text("utf-8")
    assert f"Published from commit {link}; {releases}." in stamped

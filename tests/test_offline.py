"""The offline edition: the built book, unpacked into a folder and opened as files."""

import zipfile

import pytest
from test_book_browser import Reader
from test_book_build import TOC
from test_widgets_in_book import shown
from widget_page import Seen

import release


@pytest.fixture(scope="module")
def offline(html, tmp_path_factory):
    """The address of the unpacked book, with a slash at its end."""
    folder = tmp_path_factory.mktemp("offline")
    release.main(["offline", str(html), str(folder / "book.zip")])
    with zipfile.ZipFile(folder / "book.zip") as archive:
        archive.extractall(folder)
    return f"{(folder / release.FOLDER).as_uri()}/"


@pytest.fixture
def reader(browser, offline):
    reader = Reader(browser, offline, "light", 1280)
    yield reader
    reader.context.close()
    assert reader.faults == []


def test_the_first_file_leads_to_the_book(reader, offline):
    page = reader.page
    page.goto(f"{offline}index.html")
    page.wait_for_url(f"{offline}{TOC['root']}.html")
    assert page.locator("article img").first.evaluate("(image) => image.naturalWidth > 0")


def test_a_widget_answers(reader):
    page = reader.open("notebooks/minimax.html")
    seen = Seen(page)
    words, _ = shown("notebooks/minimax")[0]
    assert seen.words() == words
    slider = seen.root.locator("input[type=range]").first
    seen.check_change(lambda: slider.press("ArrowRight"), both=False)
    assert page.locator("mjx-container").count() > 5


def test_the_search_finds_a_word(reader):
    reader.open(f"{TOC['root']}.html")
    reader.find_in_glossary("logit")

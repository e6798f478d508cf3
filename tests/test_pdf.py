"""The printed book: a few of its pages, as a reader of the PDF meets them."""

import re
from io import BytesIO

import pytest
from pypdf import PdfReader
from test_book_build import CONFIG

import pdf

MINIMAX = "Minimax and the optimal discriminator"
PART, ROOT, TRY_IT, TEXT, WIDGETS = (
    "The mathematics, live",
    "book/index.html",
    "book/try_it.html",
    "book/resources.html",
    "notebooks/minimax.html",
)


@pytest.fixture(scope="module")
def printed(browser, html):
    return PdfReader(BytesIO(pdf.print_book(browser, html, [ROOT, TRY_IT, TEXT, WIDGETS])))


@pytest.fixture(scope="module")
def texts(printed):
    return [page.extract_text() for page in printed.pages]


def letters(text):
    return re.sub(r"\W+", "", text)


def bookmarks(entries, level=0):
    """Yield level, title and page of each bookmark."""
    for entry in entries:
        if isinstance(entry, list):
            yield from bookmarks(entry, level + 1)
        else:
            yield level, entry.title, entry


def test_it_is_tagged_and_says_its_language_and_title(printed):
    root = printed.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert printed.metadata.title == CONFIG["title"]
    assert printed.metadata.author == CONFIG["author"]


def test_pages_are_of_paper_and_numbered_after_the_title_page(printed, texts):
    width, height = printed.pages[0].mediabox[2:]
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (210, 297)
    assert CONFIG["author"] in texts[0] and "Version" in texts[0]
    assert not texts[0].startswith("1\n")
    assert all(text.startswith(f"{number}\n") for number, text in enumerate(texts[1:], start=2))


def test_bookmarks_and_contents_lead_to_the_same_pages(printed, texts):
    found = {
        (level, title): printed.get_destination_page_number(entry) + 1
        for level, title, entry in bookmarks(printed.outline)
    }
    chapters = {CONFIG["title"].replace("t-a", "t\u2011a"), "Tools and resources", MINIMAX}
    assert found[0, PART] == found[1, MINIMAX]
    numbers = {title: number for (_, title), number in found.items()}
    for title in chapters:
        assert letters(title) in letters(texts[numbers[title] - 1])
        assert f"{letters(title)}{numbers[title]}" in letters(texts[1])


def test_no_link_leads_nowhere(printed):
    names, inside, outside = set(printed.named_destinations), 0, 0
    for page in printed.pages:
        for link in (each.get_object() for each in page.get("/Annots", ())):
            if "/Dest" in link:
                assert link["/Dest"] in names
                inside += 1
            else:
                assert link["/A"]["/URI"].startswith("https://")
                outside += 1
    assert inside > 5 and outside > 2


def test_mathematics_is_typeset_and_widgets_are_pictures(printed, texts):
    text = "".join(texts)
    assert "\\frac" not in text and "\\log" not in text
    assert "This picture is a live widget in the book's page" in re.sub(r"\s+", " ", text)
    assert "import importlib" not in text  # the set-up cell
    assert "Details" not in text  # what Chromium writes above folded code that has lost its summary


def test_in_place_of_the_page_that_repaints_stands_where_it_is(texts):
    text = re.sub(r"\s+", " ", "".join(texts))
    assert "This place is a live widget in the book's page book/try_it.html." in text
    assert "needs JavaScript" not in text


def test_a_folder_without_a_book_is_named_in_one_sentence(browser, tmp_path):
    with pytest.raises(pdf.PrintError, match="holds no built book: run `make book` first"):
        pdf.print_book(browser, tmp_path)

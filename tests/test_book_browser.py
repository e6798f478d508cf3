"""The built book as a reader meets it: in Chromium, light and dark, wide and narrow.

No host but this machine exists for the browser; what a page asks of another is recorded and fails.
"""

import contextlib

import pytest
from accessibility import REPEATED, WCAG, violations
from playwright.sync_api import expect
from test_book_build import NOTEBOOKS, PAGES

MODES = [("light", 1280), ("dark", 390)]
ALL_PAGES = [f"{page}.html" for page in [*PAGES, "genindex", "search"]]
# Code, formulas and signatures look the same on every page: axe sees those of these pages.
IN_FULL = ["notebooks/own_controls.html", "book/notation.html", "book/api/data.html"]

SETTLED = """async () => {
    await window.MathJax?.startup?.promise;
    await document.fonts.ready;
}"""

WIDGETS_DRAWN = """() => {
    const views = document.querySelectorAll("script[type*='widget-view']");
    return [...views].every((view) => view.parentElement.querySelector(".widget-subarea > *"));
}"""

# Content that is wider than its box and can neither be seen nor scrolled to.
CUT_OFF = """() => [...document.querySelectorAll("article *")].filter((element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!element.checkVisibility() || box.width <= 1 || element.closest("svg, mjx-container"))
        return false;
    const hidden = ["hidden", "clip"].includes(style.overflowX) && style.display !== "inline";
    return hidden && element.scrollWidth > element.clientWidth + 1;
}).map((element) => element.outerHTML.slice(0, 120))"""

# The logo is left out: its name stands beside it.
IMAGES = """() => [...document.querySelectorAll("main img")].filter(
    (image) => image.checkVisibility()
).map((image) => ({
    source: image.src.slice(0, 120),
    alternative: image.alt,
    figure: image.closest(".cell_output") !== null,
    loaded: image.complete && image.naturalWidth > 0,
}))"""

MATHEMATICS = """() => [...document.querySelectorAll(".math")].map((element) => ({
    source: element.textContent,
    typeset: element.querySelector("mjx-container") !== null,
    // a command that MathJax does not know is shown in red
    error: element.querySelector("mjx-merror, [style*='color: red']") !== null,
}))"""


# Letters have 10 points, drawn at 100 dots an inch; the contact sheet's have 17 of its pixels.
FIGURES = """() => [...document.querySelectorAll("article :is(.cell_output, figure) img")].filter(
    (image) => image.checkVisibility() && !image.closest(".widget-subarea")
).map((image) => {
    const { paddingLeft, paddingRight } = getComputedStyle(image);
    const width = image.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
    const letters = image.closest("figure") ? 17 : (10 * 100) / 72;
    return { source: image.src, letters: (letters * width) / image.naturalWidth };
})"""


# Closing punctuation that a line break has parted from its formula.
PARTED = """() => [...document.querySelectorAll("span.math")].filter((formula) => {
    const text = formula.nextSibling ?? formula.parentElement.nextSibling;
    if (text?.nodeType !== 3 || !/^[.,:;!?)’”，。；：？）]/.test(text.data)) return false;
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(text, 1);
    const box = range.getBoundingClientRect();
    return box.width && box.left < formula.getBoundingClientRect().right - 2;
}).map((formula) => formula.parentElement.textContent)"""


# Markup that should have become a table, a formula, a link or a citation.
LEFT_OVER = """() => {
    const main = document.querySelector("main").cloneNode(true);
    for (const element of main.querySelectorAll("pre, code, script, mjx-container"))
        element.remove();
    return main.textContent.match(/\\{[a-z:]+\\}`|\\|\\s?:?[-–—]|\\$\\$|\\]\\([\\w.#]/g) ?? [];
}"""


EMPTY_ICONS = """() => [...document.querySelectorAll("i[class*=fa-]")].filter(
    (icon) => icon.checkVisibility() && getComputedStyle(icon, "::before").content === "none"
).map((icon) => icon.className)"""


class Reader:
    """A browser window that notes what a reader should never cause: see `faults`."""

    def __init__(self, browser, site, scheme, width):
        self.site, self.scheme = site, scheme
        height = 900 if width > 500 else 844
        self.context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": height}
        )
        self.context.set_default_timeout(60_000)
        self.faults = []
        self.context.on("request", self._note_request)
        self.context.on("response", self._note_response)
        self.context.on("console", self._note_console)
        self.context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))
        self.page = self.context.new_page()

    def _note_request(self, request):
        # Of a page that was opened as a file, a blob does not say where it comes from.
        if not request.url.startswith((self.site, "data:", f"blob:{self.site}", "blob:null/")):
            self.faults.append(f"request to {request.url}")

    def _note_response(self, response):
        if response.status >= 400:
            self.faults.append(f"{response.status} for {response.url}")

    def _note_console(self, message):
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def open(self, address):
        """Open one page of the book, wait until it is drawn, and return it."""
        self.faults.clear()
        self.page.goto(self.site + address)
        self.page.evaluate(SETTLED)
        self.page.wait_for_function(WIDGETS_DRAWN)
        return self.page

    def find_in_glossary(self, word):
        """Search for a word, and follow the result that leads to the glossary."""
        self.page.locator(".search-button:visible, .search-button-field:visible").click()
        self.page.locator("dialog input[type=search]").fill(word)
        self.page.keyboard.press("Enter")
        self.page.locator("#search-results li a", has_text="Glossary").first.click()
        self.page.wait_for_url("**/book/glossary.html*")


@pytest.fixture(scope="module")
def readers(browser, site):
    """A reader for each mode, whose browser keeps what pages have in common."""
    readers = {mode: Reader(browser, site, *mode) for mode in MODES}
    yield readers
    for reader in readers.values():
        reader.context.close()


@pytest.fixture(
    scope="module",
    params=[(mode, address) for mode in MODES for address in ALL_PAGES],
    ids=lambda param: f"{param[1]}-{param[0][0]}-{param[0][1]}",
)
def opened(request, readers):
    """A reader with a page before her, opened once for all tests that take it."""
    mode, address = request.param
    readers[mode].open(address)
    return readers[mode]


@contextlib.contextmanager
def windows(browser, site):
    """A function that opens windows of their own on a book; they are closed at the end."""
    with contextlib.ExitStack() as opened:

        def open_window(scheme, width):
            reader = Reader(browser, site, scheme, width)
            opened.callback(reader.context.close)
            return reader

        yield open_window


@pytest.fixture
def open_reader(browser, site):
    """A function that opens a window of its own."""
    with windows(browser, site) as open_window:
        yield open_window


@pytest.fixture
def wide(open_reader):
    return open_reader("light", 1280)


def test_a_page_reads_well(opened):
    page = opened.page
    assert page.evaluate("document.documentElement.dataset.theme") == opened.scheme
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(LEFT_OVER) == []
    assert page.evaluate(EMPTY_ICONS) == []
    assert page.evaluate(PARTED) == []
    assert page.locator("h1:visible").count() == 1
    if not page.url.endswith("/search.html"):
        assert len(page.locator("article").inner_text()) > 200
    for image in page.evaluate(IMAGES):
        assert image["loaded"], image
        assert image["alternative"], image
        if image["figure"]:  # without a text of its own it would get its file's name
            assert len(image["alternative"]) >= 40 and " " in image["alternative"], image
    for formula in page.evaluate(MATHEMATICS):
        assert formula["typeset"] and not formula["error"], formula
    assert page.locator(".search-button:visible, .search-button-field:visible").count() == 1
    assert opened.faults == []  # before axe, which asks for style sheets of its own accord


def test_letters_in_figures_can_be_read(opened):
    page = opened.page
    figures = page.evaluate(FIGURES)
    frames = page.locator(".scrolling-figure")
    if page.viewport_size["width"] > 767:
        assert frames.count() == page.locator(".figure-size").count() == 0
        return
    for figure in figures:
        assert figure["letters"] >= 9.5, figure
    for frame in frames.all():
        assert frame.evaluate("(frame) => frame.tabIndex === 0 && frame.ariaLabel !== null")
        assert frame.evaluate("(frame) => frame.scrollWidth > frame.clientWidth")
    for button in page.locator(".figure-size:visible").all():
        box = button.bounding_box()
        assert box["width"] >= 44 and box["height"] >= 44


def test_the_main_part_keeps_the_rules_of_accessibility(opened):
    main = opened.page.locator("main")
    without = () if opened.page.url.endswith(tuple(IN_FULL)) else REPEATED
    found = violations(main, WCAG, without)
    if found:  # the page's own scripts may still be at work
        opened.page.wait_for_timeout(3000)
        found = violations(main, WCAG, without)
    assert found == []


def test_a_breach_of_the_rules_is_found(wide):
    page = wide.open(ALL_PAGES[0])
    page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert any(found.startswith("button-name") for found in violations(page.locator("main"), WCAG))


def test_a_wide_formula_can_be_scrolled_with_the_keyboard(open_reader):
    page = open_reader("light", 320).open("notebooks/four_steps.html")
    wide_ones = """() => [...document.querySelectorAll(".math mjx-container")].filter(
        (formula) => formula.scrollWidth > formula.clientWidth
            && getComputedStyle(formula).overflowX === "auto"
    ).map((formula) => formula.tabIndex)"""
    page.wait_for_function(f"({wide_ones})().every((index) => index === 0)")
    assert page.evaluate(wide_ones)


def test_a_wide_figure_scrolls_by_keyboard_or_is_shown_whole(open_reader):
    reader = open_reader("light", 390)
    page = reader.open("notebooks/minimax.html")
    frame = page.locator(".scrolling-figure").first
    image = page.locator(".cell_output img").first
    button = page.get_by_role("button", name="Show the whole figure").first
    expect(frame).to_have_attribute("aria-label", "A figure that scrolls sideways")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.scrolling-figure').scrollLeft > 0")
    button.focus()
    page.keyboard.press("Enter")
    fitting = page.get_by_role("button", name="Enlarge the figure")
    expect(fitting).to_be_focused()
    whole = image.bounding_box()
    assert whole["x"] >= 0 and whole["x"] + whole["width"] <= 390
    page.keyboard.press("Enter")
    expect(fitting).to_have_count(0)
    assert image.bounding_box()["width"] > 1.2 * whole["width"]
    page.set_viewport_size({"width": 844, "height": 390})  # the phone is turned
    expect(page.locator(".scrolling-figure, .figure-size")).to_have_count(0)
    assert image.evaluate("(image) => image.clientWidth === image.naturalWidth")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".scrolling-figure").first).to_be_visible()
    page.emulate_media(media="print")
    assert image.bounding_box()["width"] <= 390
    expect(page.locator(".figure-size:visible")).to_have_count(0)
    assert reader.faults == []


def test_a_figure_that_was_folded_away_can_be_read_as_well(open_reader):
    page = open_reader("light", 390).open("notebooks/style_gan.html")
    folded = page.locator("details:has(.cell_output img)")
    folded.locator("summary").click()
    expect(folded.locator(".scrolling-figure")).to_be_visible()
    assert all(figure["letters"] >= 9.5 for figure in page.evaluate(FIGURES))


def test_mathematics_is_fetched_only_where_there_is_some(wide):
    loaded = "() => window.MathJax !== undefined"
    assert wide.open("book/notation.html").evaluate(loaded)
    assert wide.page.locator("mjx-container").count() > 20
    assert not wide.open("genindex.html").evaluate(loaded)


def test_icons_come_from_the_font_alone(wide):
    page = wide.open(ALL_PAGES[0])
    assert page.locator("i[class*=fa-]:visible").count() > 2
    assert page.locator("script[src*=fontawesome]").count() == 0


@pytest.mark.parametrize(("width", "word"), [(1280, "logit"), (390, "判别网络")])
def test_a_search_finds_a_word(open_reader, width, word):
    reader = open_reader("light", width)
    reader.open(ALL_PAGES[0])
    reader.find_in_glossary(word)
    assert reader.faults == []


def test_the_button_changes_the_theme(wide):
    page = wide.open(ALL_PAGES[0])
    background = "getComputedStyle(document.body).backgroundColor"
    seen = {page.evaluate(background)}
    for _ in range(3):  # automatic, light, dark
        page.locator(".theme-switch-button").click()
        seen.add(page.evaluate(background))
    assert len(seen) == 2
    assert wide.faults == []


def test_a_narrow_page_shows_the_contents_on_request(open_reader):
    reader = open_reader("light", 390)
    page = reader.open(ALL_PAGES[0])
    link = page.get_by_role("link", name="Glossary", exact=True)
    assert not link.is_visible()
    page.locator(".primary-toggle:visible").click()
    link.click()
    page.wait_for_url("**/book/glossary.html")
    assert reader.faults == []


def test_an_executable_page_has_a_working_download_button(wide):
    page = wide.open(f"{NOTEBOOKS[0]}.html")
    page.locator(".dropdown-download-buttons > button").click()
    with page.expect_download() as download:
        page.locator(".btn-download-source-button").click(modifiers=["Alt"])
    assert download.value.suggested_filename.endswith(".ipynb")

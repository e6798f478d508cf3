"""Every widget on every page of the built book: no kernel, no network, mouse and keyboard.

What the widgets say and draw is compared with Python in the tests of each; here the question is
whether they answer where readers meet them.
"""

import functools

import pytest
from conftest import ROOT
from playwright.sync_api import expect
from test_book_browser import Reader
from test_book_build import NOTEBOOKS
from widget_checks import check_checks, check_controls, visible
from widget_page import Seen

import notebooks
from abstractgan import widgets
from abstractgan.widgets.base import LiveWidget
from abstractgan.widgets.gan_lab import TITLES

pytestmark = pytest.mark.slow


@functools.cache
def shown(page):
    """What each live widget of a notebook says, and its class, in their order."""
    notebook = notebooks.read_notebook(ROOT / f"{page}.ipynb")
    views = notebooks.shown_widgets(notebook)
    return [
        (data["text/plain"], state["_anywidget_id"].rpartition(".")[2])
        for _, data, state in views
        if "_esm" in state
    ]


SHOWN = [(page, number) for page in NOTEBOOKS for number in range(len(shown(page)))]


@pytest.fixture(scope="module")
def reader(browser, site):
    reader = Reader(browser, site, "light", 1280)
    yield reader
    reader.context.close()


def answer_the_questions(seen):
    """The first answer by mouse, the others by keyboard, until the right one is found."""
    for group in seen.root.locator("fieldset").all():
        check = group.get_by_role("button")
        group.locator("label").first.click()
        seen.check_change(check.click, both=False)
        for _ in range(group.locator("input").count()):
            if group.get_attribute("data-state") == "right":
                break
            group.locator(":checked").focus()
            seen.page.keyboard.press("ArrowDown")
            check.focus()
            seen.page.keyboard.press("Enter")
        expect(group.locator("p")).to_contain_text("Right.")


def use_the_lab(seen):
    """Buttons, what is shown, data and every select; the pace changes nothing at rest."""
    page, root = seen.page, seen.root
    data = root.get_by_role("group", name="Data").locator("label")
    assert data.all_text_contents() == list(TITLES["data"].values())  # not sorted by a notebook
    play, step, reset = (
        root.get_by_role("button", name=name, exact=True) for name in ("Play", "Step", "Reset")
    )
    seen.check_change(step.click)
    seen.check_change(reset.click)
    play.focus()
    page.keyboard.press("Enter")
    root.get_by_role("button", name="Pause").click()
    expect(play).to_be_visible()
    reset.click()  # where a discriminator has won, no arrow can be seen
    seen.unfold()
    check_checks(seen, both=False)
    step.click()
    seen.check_change(root.locator("label:has([value=moons])").click)
    for select in visible(seen, "select"):
        if select.locator("option[value=turns]").count():
            continue
        step.click()
        words = seen.words()
        select.focus()
        last = select.evaluate("(list) => list.selectedIndex === list.length - 1")
        page.keyboard.press("ArrowUp" if last else "ArrowDown")
        expect(root.locator(".reading")).not_to_have_text(words)


@pytest.mark.parametrize(("address", "number"), SHOWN)
def test_it_answers_on_its_page(reader, address, number):
    page = reader.open(f"{address}.html")
    seen = Seen(page, f".ag-widget >> nth={number}")
    assert seen.words() == shown(address)[number][0]
    kind = seen.root.get_attribute("class").split()[1]
    if kind == "ag-quiz":
        answer_the_questions(seen)
    elif kind == "ag-gan-lab":
        use_the_lab(seen)
    else:
        seen.unfold()
        if kind == "ag-loss-explorer":  # two games have one discriminator
            seen.root.locator("label:has([value=generator])").click()
        check_controls(seen, both=False)
    assert reader.faults == []  # before axe, which asks for style sheets of its own accord
    assert seen.axe() == []


def test_each_widget_of_the_package_is_shown_somewhere():
    public = {name: getattr(widgets, name) for name in widgets.__all__}
    assert {kind for page in NOTEBOOKS for _, kind in shown(page)} == {
        name for name, kind in public.items() if issubclass(kind, LiveWidget)
    }


def test_a_page_without_widgets_does_not_load_their_manager(reader):
    page = reader.open("book/background.html")
    assert page.locator("script[src*='embed-amd']").count() == 0
    page = reader.open(f"{SHOWN[0][0]}.html")
    assert page.locator("script[src*='embed-amd']").count() == 1

"""What a reader can do with the loss explorer, on whatever page it stands.

`page` is Playwright's; the widget's own answers are compared with Python's.
"""

import numpy as np
from playwright.sync_api import expect

from abstractgan.widgets import loss_reading
from abstractgan.widgets.loss_curves import CURVES

KEYS = ["ArrowRight", "ArrowUp", "PageUp", "End", "ArrowLeft", "ArrowDown", "PageDown", "Home"]


class Explorer:
    """The first loss explorer on a page."""

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".ag-loss-explorer").first
        self.root.locator("circle").first.wait_for()
        self.root.scroll_into_view_if_needed()
        self.slider = self.root.get_by_role("slider")
        self.chart = self.root.locator("svg")
        self.spoken = self.root.get_by_role("status")

    def choice(self, show):
        return self.root.get_by_role("radio", name=show)

    @property
    def score(self):
        return float(self.slider.input_value())

    @property
    def show(self):
        return self.root.locator("[type=radio]:checked").get_attribute("value")

    def drawing(self):
        return self.chart.inner_html()

    def check_words(self):
        """The words seen and the words spoken are Python's for the state that the controls show."""
        words = loss_reading(self.score, self.show)
        expect(self.spoken).to_have_text(words)
        assert " ".join(self.root.locator(".reading p").all_text_contents()) == words

    def check_change(self, act, *, spoken=True):
        """An act of the reader changes the drawing and the words."""
        drawing, words = self.drawing(), self.spoken.text_content()
        act()
        assert self.drawing() != drawing
        self.check_words()
        assert self.spoken.text_content() != words

    def press_slider_at(self, share):
        box = self.slider.bounding_box()
        self.page.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)

    def drag_chart(self, start, end):
        box = self.chart.bounding_box()
        height = box["y"] + 80
        self.page.mouse.move(box["x"] + start * box["width"], height)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + end * box["width"], height, steps=4)
        self.page.mouse.up()


def check_mouse(page):
    """Slider, chart, choices and button answer to the mouse."""
    explorer = Explorer(page)
    explorer.check_words()
    opening = (explorer.score, explorer.show)
    explorer.check_change(lambda: explorer.press_slider_at(0.75))
    assert abs(explorer.score - 4) < 1
    explorer.check_change(lambda: explorer.drag_chart(0.5, 0.25))
    assert explorer.score < -2
    for show in ("loss", "gradient", "both"):
        explorer.check_change(explorer.root.locator(f"label:has([value={show}])").click)
        assert explorer.show == show
    explorer.check_change(explorer.root.get_by_role("button", name="Reset").click)
    assert (explorer.score, explorer.show) == opening == (-4.0, "both")


def check_keyboard(page):
    """Everything can be reached with Tab and used with the keys."""
    explorer = Explorer(page)
    explorer.check_words()
    explorer.choice(explorer.show).focus()
    for key, show in [("ArrowLeft", "gradient"), ("ArrowLeft", "loss"), ("ArrowRight", "gradient")]:
        explorer.check_change(lambda key=key: page.keyboard.press(key))
        assert explorer.show == show
    page.keyboard.press("Tab")
    expect(explorer.root.get_by_role("button", name="Reset")).to_be_focused()
    explorer.check_change(lambda: page.keyboard.press("Enter"))
    assert (explorer.score, explorer.show) == (-4.0, "both")
    page.keyboard.press("Tab")
    expect(explorer.slider).to_be_focused()
    for key in KEYS:
        before = explorer.score
        explorer.check_change(lambda key=key: page.keyboard.press(key))
        raises = KEYS.index(key) < 4
        assert (explorer.score > before) == raises
        assert explorer.slider.get_attribute("aria-valuetext").startswith(
            f"{explorer.score:.1f}".replace("-", "−")
        )
    assert explorer.score == -8


# Where the axes' marks stand, from which the values of the drawn points are read.
DRAWN = """(svg) => {
    const all = (selector) => [...svg.querySelectorAll(selector)];
    const marks = all("text[text-anchor=middle]:not(.muted)");
    const number = (text) => Number(text.textContent.replace("−", "-"));
    return {
        x: marks.map((text) => [text.x.baseVal[0].value, number(text)]),
        lines: all(".grid, .zero").map((path) => path.getPointAtLength(0).y),
        points: all("circle").map((circle) => [circle.cx.baseVal.value, circle.cy.baseVal.value]),
    };
}"""
TICKS = {"loss": [-8, -4, 0, 4, 8], "gradient": [-1, -0.5, 0]}


def check_settings(page):
    """At three settings the words are Python's and the points stand where Python's values are."""
    explorer = Explorer(page)
    for score in (-6.3, 0, 4.5):
        explorer.slider.fill(str(score))
        assert explorer.score == score
        explorer.check_words()
        drawn = explorer.chart.evaluate(DRAWN)
        points, lines = iter(drawn["points"]), drawn["lines"]
        pixels, scores = np.transpose(drawn["x"])
        for name, ticks in TICKS.items():
            heights, lines = lines[: len(ticks)], lines[len(ticks) :]
            slope, zero = np.polyfit(heights, ticks, 1)
            for curve in CURVES.values():
                x, y = next(points)
                assert abs(np.interp(x, pixels, scores) - score) < 0.01
                assert abs(slope * y + zero - getattr(curve, name)(score)) < 0.01


def check_all(page):
    """Every control, by mouse and by keyboard; three settings."""
    check_mouse(page)
    check_keyboard(page)
    check_settings(page)

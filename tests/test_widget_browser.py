"""The loss explorer in Chromium: alone on a page, in every theme and width, and in the book."""

from pathlib import Path

import pytest
from widget_checks import Explorer, check_all

from abstractgan.widgets import loss_explorer

pytestmark = pytest.mark.browser

FOLDER = Path(loss_explorer.__file__).parent
ADDRESS = "http://widget.test/"
TYPES = {".js": "text/javascript", ".css": "text/css"}

# A model as a widget manager gives it: it holds the state and calls back when it changes.
MODEL = """
class Model {
  state = { score: -4, show: "both" };
  listeners = new Map();
  saved = null;
  get(key) { return this.state[key]; }
  set(key, value) {
    if (this.state[key] === value) return;
    this.state[key] = value;
    for (const listener of this.listeners.get(`change:${key}`) ?? []) listener();
  }
  on(name, listener) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }
  off(name, listener) {
    this.listeners.set(name, this.listeners.get(name).filter((one) => one !== listener));
  }
  save_changes() { this.saved = { ...this.state }; }
}
"""
PAGE = f"""<!doctype html>
<html lang="en"><head><title>Loss explorer</title><link rel="stylesheet" href="loss_explorer.css">
<style>body {{ margin: 0; }}</style></head>
<body><main></main><script type="module">
import widget from "./loss_explorer.js";
{MODEL}
window.model = new Model();
window.show = () => widget.render({{ model, el: document.querySelector("main") }});
window.cleanup = show();
</script></body></html>"""

THEMES = {  # attributes of <html> and of <body>
    "book light": ("data-theme='light'", ""),
    "book dark": ("data-theme='dark'", ""),
    "Colab dark": ("theme='dark'", ""),
    "JupyterLab light": ("", "data-jp-theme-light='true'"),
    "JupyterLab dark": ("", "data-jp-theme-light='false'"),
    "silent": ("", ""),
}


class Alone:
    """A page that holds the widget and nothing else."""

    def __init__(self, browser, theme="silent", scheme="light", width=800):
        self.context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        self.faults = []
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("console", lambda message: self.faults.append(message.text))
        self.page = self.context.new_page()
        html, body = THEMES[theme]
        text = PAGE.replace("<html ", f"<html {html} ").replace("<body>", f"<body {body}>")
        self.page.route("**/*", lambda route: self.answer(route, text))
        self.page.goto(ADDRESS)
        self.explorer = Explorer(self.page)

    def answer(self, route, text):
        name = route.request.url.removeprefix(ADDRESS)
        if name == "":
            route.fulfill(body=text, content_type="text/html; charset=utf-8")
        elif name in ("loss_explorer.js", "loss_explorer.css"):
            path = FOLDER / name
            route.fulfill(body=path.read_text("utf-8"), content_type=TYPES[path.suffix])
        elif name == "favicon.ico":
            route.fulfill(status=204)
        else:
            self.faults.append(f"request to {route.request.url}")
            route.abort()


@pytest.fixture
def alone(browser):
    """A function that opens such a page; at the end no page may have reported a fault."""
    opened = []

    def open_page(**settings):
        opened.append(Alone(browser, **settings))
        return opened[-1]

    yield open_page
    for page in opened:
        page.context.close()
        assert page.faults == []


@pytest.mark.parametrize("width", [320, 800])
def test_every_control_changes_drawing_and_words(alone, width):
    check_all(alone(width=width).page)


def test_it_answers_in_the_book_without_a_kernel(browser, site):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{site}notebooks/core_concepts.html")
    check_all(page)
    context.close()


def test_the_book_shows_a_picture_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}notebooks/core_concepts.html")
    picture = page.get_by_role("img", name="the saturating loss is flat")
    assert picture.is_visible()
    assert picture.bounding_box()["width"] > 300
    assert "Score −4.0" in picture.get_attribute("alt")
    context.close()


@pytest.mark.parametrize("width", [320, 390, 560, 900, 1280])
def test_it_fits_its_place(alone, width):
    page = alone(width=width).page
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for show in ("loss", "gradient", "both"):
        page.evaluate(f"model.set('show', '{show}')")
        outside = page.evaluate(
            """() => {
                const frame = document.querySelector(".ag-loss-explorer").getBoundingClientRect();
                return [...document.querySelectorAll("main text, main path, main p, main button")]
                    .filter((element) => {
                        const box = element.getBoundingClientRect();
                        return box.left < frame.left || box.right > frame.right;
                    })
                    .map((element) => element.outerHTML.slice(0, 100));
            }"""
        )
        assert outside == []


def test_what_is_touched_is_44_pixels_high(alone):
    explorer = alone(width=320).explorer
    buttons = explorer.root.locator("fieldset label").all()
    for target in [*buttons, explorer.root.get_by_role("button"), explorer.slider]:
        box = target.bounding_box()
        assert box["height"] >= 44
        assert box["width"] >= 44


def test_the_thumb_stands_under_the_points(alone):
    """A press on the track, below a point's place, moves the point there."""
    opened = alone(width=700)
    explorer = opened.explorer
    box = explorer.slider.bounding_box()
    for share in (0.2, 0.5, 0.8):
        x = box["x"] + share * box["width"]
        opened.page.mouse.click(x, box["y"] + 22)
        point = explorer.root.locator("circle").first.bounding_box()
        assert abs(point["x"] + point["width"] / 2 - x) < 3


# Contrast as WCAG 2 defines it, of what is drawn or written on the widget's ground.
CONTRASTS = """() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const luminance = (colour) => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => {
            const share = value / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const root = document.querySelector(".ag-loss-explorer");
    const ground = luminance(getComputedStyle(root).backgroundColor);
    const contrast = (selector, property) => [...root.querySelectorAll(selector)].map((element) => {
        const colour = luminance(getComputedStyle(element)[property]);
        return (Math.max(colour, ground) + 0.05) / (Math.min(colour, ground) + 0.05);
    });
    return {
        dark: ground < 0.2,
        text: Math.min(
            ...contrast("svg text", "fill"),
            ...contrast("p, b, .ends *, button", "color"),
        ),
        curves: Math.min(...contrast(".curve, .shaft", "stroke"), ...contrast("circle", "fill")),
        edges: Math.min(...contrast("button, fieldset span", "borderTopColor")),
    };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES)
def test_it_takes_the_theme_of_its_page_and_can_be_read_in_it(alone, theme, scheme):
    found = alone(theme=theme, scheme=scheme).page.evaluate(CONTRASTS)
    said = theme.split()[-1]
    assert found["dark"] == ((scheme if said == "silent" else said) == "dark")
    assert found["text"] >= 4.5
    assert found["curves"] >= 3
    assert found["edges"] >= 3


def test_curves_differ_without_colour(alone):
    curves = alone().explorer.root.locator(".curve")
    dashes = curves.evaluate_all("(all) => all.map((c) => getComputedStyle(c).strokeDasharray)")
    assert len(dashes) == 4
    assert dashes[0] == dashes[2] != "none"
    assert dashes[1] == dashes[3] == "none"


def test_the_arrow_vanishes_where_the_loss_is_flat(alone):
    opened = alone()
    lengths = "(all) => all.map((shaft) => shaft.getTotalLength())"
    opened.page.evaluate("model.set('score', -7)")
    saturating, non_saturating = opened.explorer.root.locator(".shaft").evaluate_all(lengths)
    assert saturating < 1
    assert non_saturating > 20


def test_it_speaks_when_the_slider_rests(alone):
    opened = alone()
    opened.explorer.check_words()
    opened.page.evaluate(
        """() => {
            window.spoken = [];
            const live = document.querySelector("[aria-live=polite]");
            const note = () => spoken.push(live.textContent);
            new MutationObserver(note).observe(live, { childList: true });
        }"""
    )
    for _ in range(10):
        opened.page.keyboard.press("Tab")
        if opened.explorer.slider.evaluate("(slider) => slider === document.activeElement"):
            break
    for _ in range(5):
        opened.page.keyboard.press("ArrowRight")
    opened.explorer.check_words()
    said = opened.page.evaluate("spoken")
    assert said[-1].startswith("Score −3.5")
    assert len(said) < 5


def test_keys_stay_with_the_widget_except_those_of_the_page(alone):
    """JupyterLab would take the arrows and the letters of its shortcuts; Ctrl+S must reach it."""
    opened = alone()
    opened.page.evaluate(
        """() => {
            window.heard = [];
            document.addEventListener("keydown", (event) => heard.push(event.key));
        }"""
    )
    opened.explorer.slider.focus()
    for key in ("ArrowRight", "Home", "d", "Enter", "Escape", "Control+s"):
        opened.page.keyboard.press(key)
    assert opened.page.evaluate("heard") == ["Escape", "Control", "s"]


def test_the_state_is_saved_and_taken_from_the_model(alone):
    opened = alone()
    opened.explorer.press_slider_at(0.75)
    assert opened.page.evaluate("model.saved") == {"score": opened.explorer.score, "show": "both"}
    opened.page.evaluate("() => { model.set('score', 2.5); model.set('show', 'gradient'); }")
    assert (opened.explorer.score, opened.explorer.show) == (2.5, "gradient")
    opened.explorer.check_words()


def test_two_views_of_one_model_move_together_and_one_can_leave(alone):
    page = alone().page
    page.evaluate("() => { window.second = show(); }")
    page.locator("circle").nth(4).wait_for()
    sliders = page.get_by_role("slider")
    sliders.first.fill("3")
    assert [slider.input_value() for slider in sliders.all()] == ["3", "3"]
    page.evaluate("second()")
    sliders.first.fill("5")
    assert [slider.input_value() for slider in sliders.all()] == ["5", "3"]
    page.evaluate("cleanup()")
    assert page.evaluate("[...model.listeners.values()].flat().length") == 0


def test_names_and_roles(alone):
    root = alone().explorer.root
    assert root.get_by_role("group", name="Show").is_visible()
    assert root.get_by_role("slider", name="Score s that D gives the fake").is_visible()
    assert root.get_by_role("img", name="losses of the generator").is_visible()
    for show in ("loss", "gradient", "both"):
        assert root.get_by_role("radio", name=show, exact=True).count() == 1


def test_a_move_repaints_within_the_frame(alone):
    """The drawing has changed when the input event returns: nothing waits for a later frame."""
    opened = alone()
    changed = opened.page.evaluate(
        """() => {
            const [slider, svg] = ["[type=range]", "svg"].map((s) => document.querySelector(s));
            const before = svg.innerHTML;
            slider.value = 3;
            slider.dispatchEvent(new Event("input"));
            return svg.innerHTML !== before;
        }"""
    )
    assert changed

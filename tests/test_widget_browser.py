"""Every widget alone on a page: it fits, can be read, used, heard and left, whatever the page."""

import pytest
from playwright.sync_api import expect
from widget_checks import CASES, check_controls
from widget_page import THEMES

from abstractgan.widgets.base import speaking
from catalogues import CHINESE, WIDGETS, catalogue


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


def every_state(case):
    return [{}, *case.states]


# What reaches out of the widget.
OUTSIDE = """(root) => {
    const frame = root.getBoundingClientRect();
    const hidden = (element) => element.closest("clipPath, [clip-path], .spoken");
    return [...root.querySelectorAll("text, path, p, button, label, select, canvas")]
        .filter((element) => {
            const { left, right } = element.getBoundingClientRect();
            return !hidden(element) && (left < frame.left || right > frame.right);
        })
        .map((element) => element.outerHTML.slice(0, 100));
}"""


def check_place(opened, width):
    assert opened.page.evaluate("document.documentElement.scrollWidth") == width
    assert opened.root.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("width", [320, 800])
def test_every_control_changes_drawing_and_words(alone, case, width):
    opened = alone(case.make(), width=width)
    check_controls(opened)
    opened.check_words()


def test_it_says_what_python_says(alone, case):
    opened = alone(case.make())
    opened.check_words()
    for state in case.states:
        opened.set(**state)
        opened.check_words()


def test_in_the_chinese_edition_it_says_what_python_says_there(alone, case):
    words = catalogue(WIDGETS)
    opened = alone(case.make(), words=words, width=320)
    opened.unfold()
    with speaking(words):
        for state in every_state(case):
            opened.set(**state)
            opened.check_words()
            check_place(opened, 320)
    assert CHINESE.search(opened.words())
    assert opened.root.get_attribute("lang") == "zh-CN"


def test_its_own_controls_leave_what_python_would_allow(alone, case):
    opened = alone(case.make())
    opened.unfold()
    for slider in opened.root.locator("[type=range]:visible").all():
        for share in ("min", "max"):
            slider.evaluate(
                f"(s) => {{ s.value = s.{share}; s.dispatchEvent(new Event('input')); }}"
            )
            opened.check_words()  # sets Python's traits, which would raise


@pytest.mark.parametrize("width", [320, 390, 560, 900, 1280])
def test_it_fits_its_place(alone, case, width):
    opened = alone(case.make(), width=width)
    opened.unfold()
    for state in every_state(case):
        opened.set(**state)
        check_place(opened, width)


def test_what_is_touched_is_44_pixels_high_and_wide(alone, case):
    opened = alone(case.make(), width=320)
    opened.unfold()
    for state in every_state(case):
        opened.set(**state)
        targets = (
            "fieldset label, button, select, summary, a, input:not([type=radio], [type=checkbox])"
        )
        found = [t for t in opened.root.locator(targets).all() if t.is_visible()]
        assert found
        for target in found:
            box = target.bounding_box()
            assert min(box["width"], box["height"]) >= 44, target.evaluate("(t) => t.outerHTML")


# Contrast as WCAG 2 defines it, of what is drawn or written, with the nearest opaque ground.
CONTRASTS = """(root) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const pixel = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const luminance = (colour) => {
        const [r, g, b] = pixel(colour).map((value) => {
            const share = value / 255;
            return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
        const colour = getComputedStyle(element).backgroundColor;
        return pixel(colour)[3] === 255 ? luminance(colour) : ground(element.parentElement);
    };
    const poor = [];
    const look = (selector, property, least) => {
        for (const element of root.querySelectorAll(selector)) {
            const style = getComputedStyle(element);
            if (style[property] === "none" || !element.checkVisibility()) continue;
            const [one, two] = [luminance(style[property]), ground(element)];
            const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
            if (contrast < least) poor.push(`${contrast} ${element.outerHTML.slice(0, 100)}`);
        }
    };
    look("svg text", "fill", 4.5);
    look("p, b, label, legend, button, select, summary, fieldset span", "color", 4.5);
    look("svg .curve, svg .shaft", "stroke", 3);
    look("button, select, fieldset span", "borderTopColor", 3);
    return { dark: ground(root) < 0.2, poor };
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", THEMES)
def test_it_takes_the_theme_of_its_page_and_can_be_read_in_it(alone, case, theme, scheme):
    opened = alone(case.make(), theme=theme, scheme=scheme)
    opened.unfold()
    said = theme.split()[-1]
    dark = (scheme if said == "silent" else said) == "dark"
    for state in every_state(case):
        opened.set(**state)
        assert opened.root.evaluate(CONTRASTS) == {"dark": dark, "poor": []}


@pytest.mark.parametrize("theme", ["book light", "book dark"])
def test_axe_finds_nothing(alone, case, theme):
    opened = alone(case.make(), theme=theme)
    opened.unfold()
    for state in every_state(case):
        opened.set(**state)
        assert opened.axe() == []


def test_curves_differ_without_colour(alone, case):
    """Of two curves in different colours, the dashes differ too."""
    opened = alone(case.make())
    for state in every_state(case):
        opened.set(**state)
        styles = opened.root.locator("svg .curve").evaluate_all(
            "(all) => all.map((c) => getComputedStyle(c)).map((s) => [s.stroke, s.strokeDasharray])"
        )
        pairs = set(map(tuple, styles))
        assert (
            len({colour for colour, _ in pairs}) == len({dash for _, dash in pairs}) == len(pairs)
        )


def listen(opened):
    """Note from now on, in the page's `spoken`, what a screen reader is given to say."""
    opened.page.evaluate(
        """() => {
            window.spoken = [];
            const live = document.querySelector(".spoken[aria-live=polite]");
            const note = () => spoken.push(live.textContent);
            new MutationObserver(note).observe(live, { childList: true });
        }"""
    )


def test_it_says_nothing_when_only_its_width_changes(alone, case):
    opened = alone(case.make())
    listen(opened)
    before = opened.root.bounding_box()["width"]
    opened.page.set_viewport_size({"width": 500, "height": 900})
    opened.page.wait_for_timeout(600)
    assert opened.root.bounding_box()["width"] < before
    assert opened.page.evaluate("spoken") == []


def test_it_speaks_when_it_rests_and_not_at_first(alone, case):
    opened = alone(case.make())
    listen(opened)
    # All at once: between two calls a busy machine would find time to rest.
    opened.page.evaluate(
        """(states) => {
            for (const state of states) for (const name in state) model.set(name, state[name]);
        }""",
        every_state(case),
    )
    opened.check_words()
    opened.page.wait_for_timeout(400)
    assert opened.page.evaluate("spoken") == [opened.words()]


def test_keys_stay_with_the_widget_except_those_of_the_page(alone, case):
    """JupyterLab would take the arrows and the letters of its shortcuts; Ctrl+S must reach it."""
    opened = alone(case.make())
    opened.page.evaluate(
        """() => {
            window.heard = [];
            document.addEventListener("keydown", (event) => heard.push(event.key));
        }"""
    )
    opened.root.locator("button, input, select").locator("visible=true").first.focus()
    for key in ("ArrowRight", "Home", "d", "Escape", "Control+s"):
        opened.page.keyboard.press(key)
    assert opened.page.evaluate("heard") == ["Escape", "Control", "s"]


def test_focus_can_be_seen_and_leaves_with_tab(alone, case):
    opened = alone(case.make())
    opened.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('afterend', '<button>')"
    )
    reached = []
    for _ in range(60):
        opened.page.keyboard.press("Tab")
        inside = opened.root.evaluate("(root) => root.contains(document.activeElement)")
        if not inside:
            break
        reached.append(
            opened.page.evaluate(
                """() => {
                    const { activeElement } = document;
                    return [activeElement, activeElement.nextElementSibling].some(
                        (e) => e && parseFloat(getComputedStyle(e).outlineWidth) >= 2,
                    );
                }"""
            )
        )
    assert reached
    assert all(reached)
    assert not inside


def test_two_views_of_one_model_move_together_and_one_can_leave(alone, case):
    opened = alone(case.make())
    page = opened.page
    page.evaluate("() => { window.second = show(); }")
    roots = page.locator(".ag-widget")
    expect(roots).to_have_count(2)
    for state in case.states:
        opened.set(**state)
        assert len(set(page.locator(".reading").all_text_contents())) == 1
    ids = page.locator("[id]").evaluate_all("(all) => all.map((one) => one.id)")
    assert len(ids) == len(set(ids))
    page.evaluate("second()")
    expect(roots).to_have_count(1)
    opened.set(**{name: opened.widget.settings()[name] for name in case.states[-1]})
    opened.check_words()
    page.evaluate("cleanup()")
    expect(roots).to_have_count(0)
    assert page.evaluate("[...model.listeners.values()].flat().length") == 0


def test_what_the_reader_sets_is_saved(alone, case):
    opened = alone(case.make())
    slider = opened.root.locator("[type=range]:visible")
    if slider.count():
        slider.first.focus()
        opened.page.keyboard.press("ArrowLeft")
    else:
        opened.root.locator("fieldset label").first.click()
        opened.root.locator("button").first.click()
    saved = opened.page.evaluate("model.saved")
    assert saved == opened.state() != case.make().settings()

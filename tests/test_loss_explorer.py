"""The loss explorer: its words in both languages, its limits, and what its drawing shows."""

import json
import subprocess
import sys

import numpy as np
import pytest
import traitlets

from abstractgan.widgets import LossExplorer
from abstractgan.widgets.mathematics import GAMES

SCORES = [round(-8 + 0.1 * step, 1) for step in range(161)]  # where the slider can stand
STATES = [
    {},
    {"show": "loss", "losses": ["least_squares"]},
    {"show": "gradient", "axis": "probability", "losses": ["wasserstein", "hinge"]},
    {"losses": list(GAMES)},
    {"losses": ["article", "non_saturating"], "axis": "probability"},
    {"player": "discriminator"},
    {"player": "discriminator", "losses": list(GAMES), "smoothing": 0.1, "show": "loss"},
    {"player": "discriminator", "losses": ["hinge"], "smoothing": 0.3, "axis": "probability"},
]


def words(state):
    return json.dumps(state)[:60]


@pytest.mark.parametrize("state", STATES, ids=words)
def test_javascript_and_python_say_the_same(javascript, state):
    explorer = LossExplorer(**state)
    said = javascript(
        f"""{SCORES}.map((score) => {{
            const state = {{ ...{json.dumps(explorer.settings())}, score, real_score: -score }};
            return widget.lines(state).map((line) => [line].flat().at(-1)).join(" ");
        }})"""
    )
    for score, sentence in zip(SCORES, said, strict=True):
        explorer.set_trait("score", score)
        explorer.set_trait("real_score", -score)
        assert sentence == explorer.reading


def test_javascript_and_python_have_the_same_settings(javascript):
    explorer = LossExplorer()
    assert javascript("widget.START") == explorer.settings()
    traits = {
        n: t for n, t in explorer.traits().items() if n in ("score", "real_score", "smoothing")
    }
    assert javascript("widget.LIMITS") == {
        name: {"low": trait.low, "high": trait.high, "step": 10**-trait.digits}
        for name, trait in traits.items()
    }


def test_the_reading_at_minus_four():
    assert LossExplorer(score=-4).reading == (
        "Score of the fake −4.0: taken for real with probability 0.018. "
        "Minimax (saturating): loss −0.018, gradient −0.018. "
        "Non-saturating: loss 4.018, gradient −0.982. "
        "Non-saturating pulls 55 times as hard as Minimax (saturating)."
    )
    assert LossExplorer(score=0).reading.endswith("All pull equally hard.")


def test_only_cross_entropy_makes_a_probability_of_the_score():
    assert "sigmoid 0.018." in LossExplorer(losses=["hinge", "minimax"]).reading
    assert "probability" not in LossExplorer(losses=["hinge"], axis="probability").reading


def test_the_reading_says_which_losses_pull_down_or_not_at_all():
    down = LossExplorer(losses=["article", "least_squares"], score=1.5)
    assert down.reading.endswith("Downwards: Least squares, The article's.")
    assert LossExplorer(losses=["least_squares"], score=1).reading.endswith(
        "Least squares: loss 0.000, gradient 0.000. Least squares does not pull."
    )


def test_losses_that_a_player_has_in_common_are_one_curve():
    both = LossExplorer(losses=["wasserstein", "hinge"])
    assert [entry.title for entry in both.entries] == ["Wasserstein, Hinge"]
    both.player = "discriminator"
    assert [entry.title for entry in both.entries] == ["Wasserstein", "Hinge"]
    all_of_them = LossExplorer(losses=list(GAMES), player="discriminator").entries
    assert [e.title for e in all_of_them] == [
        "Cross-entropy",
        "Least squares",
        "Wasserstein",
        "Hinge",
    ]


def test_label_smoothing_makes_the_best_score_finite():
    explorer = LossExplorer(player="discriminator", smoothing=0.1)
    assert explorer.reading.endswith("on real samples the best score is 2.20.")
    scores = np.array(SCORES)
    assert scores[np.argmin(explorer.entries[0].terms["real"].loss(scores))] == 2.2
    assert (
        "smoothing"
        not in LossExplorer(player="discriminator", losses=["hinge"], smoothing=0.1).reading
    )


@pytest.mark.parametrize(
    ("name", "wrong", "allowed"),
    [
        ("score", 8.1, "score is a number from -8 to 8"),
        ("real_score", "4", "real_score is a number from -8 to 8"),
        ("smoothing", 0.6, "smoothing is a number from 0 to 0.5"),
        ("show", "all", "'loss', 'gradient', 'both'"),
        ("player", "both", "'generator', 'discriminator'"),
        ("axis", "odds", "'logit', 'probability'"),
        ("losses", [], "one or more of minimax, non_saturating, .*, article"),
        ("losses", ["minimax", "minimax"], "one or more of"),
        ("losses", ["saturating"], "one or more of"),
        ("losses", [["hinge"]], "one or more of"),
        ("losses", 3, "one or more of"),
    ],
)
def test_a_wrong_setting_is_answered_by_what_is_allowed(name, wrong, allowed):
    with pytest.raises(traitlets.TraitError, match=allowed):
        LossExplorer(**{name: wrong})


def test_losses_stand_in_the_order_of_the_games():
    assert LossExplorer(losses=("hinge", "minimax")).losses == ["minimax", "hinge"]


@pytest.mark.parametrize("state", STATES, ids=words)
def test_the_picture_shows_every_curve_and_its_point(state):
    explorer = LossExplorer(score=2.5, **state)
    curves = [term for entry in explorer.entries for term in entry.terms.values()]
    panels = explorer.figure().axes
    names = ["loss", "gradient"] if explorer.show == "both" else [explorer.show]
    for axes, name in zip(panels, names, strict=True):
        lines = [line for line in axes.lines if len(line.get_xdata()) == 1]
        drawn = sorted(float(line.get_ydata()[0]) for line in lines)
        scores = [
            {"real": explorer.real_score, "fake": 2.5}[s] for e in explorer.entries for s in e.terms
        ]
        values = sorted(float(getattr(t, name)(s)) for t, s in zip(curves, scores, strict=True))
        np.testing.assert_allclose(drawn, values)
        looks = [
            (line.get_color(), line.get_marker())
            for line in axes.lines
            if len(line.get_xdata()) > 2
        ]
        assert len(set(looks)) == len(looks) == len(curves)
    assert explorer.alternative.endswith(explorer.reading)


def test_importing_the_widgets_imports_neither_tensorflow_nor_matplotlib():
    check = (
        "import sys, abstractgan.widgets; "
        "print([name for name in ('tensorflow', 'keras', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# In Chromium.

# Where the axes' marks stand, from which the values of the drawn points are read.
DRAWN = """(svg) => {
    const all = (selector) => [...svg.querySelectorAll(selector)];
    const number = (text) => Number(text.textContent.replace("−", "-"));
    const marks = (anchor) => all(`text[text-anchor=${anchor}]:not(.muted)`);
    return {
        x: marks("middle").map((text) => [text.x.baseVal[0].value, number(text)]),
        y: marks("end").map(number),
        lines: all(".grid, .zero").map((path) => path.getPointAtLength(0).y),
        points: all("circle").map((circle) => [circle.cx.baseVal.value, circle.cy.baseVal.value]),
    };
}"""


@pytest.mark.parametrize("score", [-6.3, 0.0, 4.5])
@pytest.mark.parametrize("name", ["loss", "gradient"])
def test_the_points_stand_where_the_values_of_python_are(alone, name, score):
    opened = alone(LossExplorer(score=score, show=name))
    drawn = opened.root.locator(".chart svg").evaluate(DRAWN)
    pixels, scores = np.transpose(drawn["x"])
    slope, zero = np.polyfit(drawn["lines"], drawn["y"], 1)
    terms = [entry.terms["fake"] for entry in opened.widget.entries]
    for term, (x, y) in zip(terms, drawn["points"], strict=True):
        assert abs(np.interp(x, pixels, scores) - score) < 0.01
        assert abs(slope * y + zero - getattr(term, name)(score)) < 0.01


def test_the_thumb_stands_under_the_points(alone):
    """A press on the track, below a point's place, moves the point there."""
    opened = alone(LossExplorer(), width=700)
    box = opened.root.get_by_role("slider").bounding_box()
    for share in (0.2, 0.5, 0.8):
        x = box["x"] + share * box["width"]
        opened.page.mouse.click(x, box["y"] + 22)
        point = opened.root.locator("circle").first.bounding_box()
        assert abs(point["x"] + point["width"] / 2 - x) < 3


@pytest.mark.parametrize("axis", ["logit", "probability"])
def test_a_drag_in_the_chart_moves_the_nearer_sample(alone, axis):
    opened = alone(LossExplorer(player="discriminator", axis=axis, score=-1.0, real_score=1.0))
    chart = opened.root.locator(".chart").bounding_box()
    cursors = opened.root.locator(".cursor")
    real, fake = (cursors.nth(i).bounding_box()["x"] for i in (0, 1))
    height = chart["y"] + 150
    for start, name, other in (
        (real - 3, "real_score", "score"),
        (fake + 3, "score", "real_score"),
    ):
        before = opened.state()
        opened.page.mouse.move(start, height)
        opened.page.mouse.down()
        opened.page.mouse.move(chart["x"] + 150, height, steps=4)
        opened.page.mouse.up()
        assert opened.state()[name] < before[name]
        assert opened.state()[other] == before[other]
        opened.page.mouse.move(chart["x"] + 400, height)
        assert opened.state() == opened.page.evaluate("model.saved")
        opened.check_words()


def test_reset_brings_the_opening_state_back(alone):
    opened = alone(LossExplorer(**STATES[-2]))
    opened.set(**LossExplorer().settings())
    opened.root.get_by_role("button", name="Reset").press("Enter")
    assert opened.state() == LossExplorer(**STATES[-2]).settings()
    opened.check_words()


def test_one_loss_stays(alone):
    opened = alone(LossExplorer(losses=["hinge"]))
    opened.root.get_by_role("checkbox", name="Hinge").press("Space")
    assert opened.root.get_by_role("checkbox", name="Hinge").is_checked()
    assert opened.state()["losses"] == ["hinge"]


def test_it_opens_simple_and_shows_what_was_chosen(alone):
    simple = alone(LossExplorer(score=1.0)).root
    assert [slider.is_visible() for slider in simple.get_by_role("slider").all()] == [True]
    assert simple.get_by_role("checkbox").count() == 0  # folded in
    chosen = alone(LossExplorer(losses=["hinge"])).root
    assert chosen.get_by_role("checkbox").count() == len(GAMES)


# How the curves look without their colours, from the panels and from the reading's swatches.
LOOKS = """(root) => {
    const look = (curve) => {
        const rings = curve.nextElementSibling?.matches(".rings");
        return `${getComputedStyle(curve).strokeDasharray} ${rings ? "rings" : ""}`;
    };
    return [...root.querySelectorAll(".chart svg > g[clip-path], .reading")].map(
        (place) => [...place.querySelectorAll(".curve")].map(look),
    );
}"""


@pytest.mark.parametrize("axis", ["logit", "probability"])
def test_every_curve_differs_from_the_others_and_looks_as_in_the_reading(alone, axis):
    settings = {"player": "discriminator", "losses": list(GAMES), "axis": axis}
    loss, gradient, reading = alone(LossExplorer(**settings)).root.evaluate(LOOKS)
    assert loss == gradient
    assert len(loss) == len(set(loss)) == 8
    assert sorted(loss) == sorted(reading)


@pytest.mark.parametrize("width", [390, 800])
def test_the_slider_of_label_smoothing_keeps_its_distance(alone, width):
    root = alone(LossExplorer(player="discriminator", smoothing=0.1), width=width).root
    slider = root.locator(".slider", has_text="Label smoothing")
    gap = slider.evaluate(
        "(s) => s.getBoundingClientRect().top"
        " - s.previousElementSibling.getBoundingClientRect().bottom"
    )
    assert gap >= 8


def test_the_arrow_vanishes_where_the_loss_is_flat(alone):
    opened = alone(LossExplorer(score=-7))
    lengths = "(all) => all.map((shaft) => shaft.getTotalLength())"
    saturating, non_saturating = opened.root.locator(".shaft").evaluate_all(lengths)
    assert saturating < 1
    assert non_saturating > 20


def test_names_and_roles(alone):
    root = alone(LossExplorer(player="discriminator")).root
    for name in ("Show", "Losses", "Axis", "What is minimised by"):
        assert root.get_by_role("group", name=name).count() == 1
    for name in ("gives the fake", "gives the real sample", "Label smoothing"):
        assert root.get_by_role("slider", name=name).is_visible()
    assert root.get_by_role("img", name="Losses against the score").is_visible()


def test_a_move_repaints_within_the_frame(alone):
    """The drawing has changed when the input event returns: nothing waits for a later frame."""
    changed = alone(LossExplorer()).root.evaluate(
        """(root) => {
            const [slider, svg] = ["[type=range]", "svg"].map((s) => root.querySelector(s));
            const before = svg.innerHTML;
            slider.value = 3;
            slider.dispatchEvent(new Event("input"));
            return svg.innerHTML !== before;
        }"""
    )
    assert changed


def test_the_book_shows_a_picture_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}notebooks/core_concepts.html")
    picture = page.get_by_role("img", name="Curves of the generator's loss and gradient")
    assert picture.is_visible()
    assert picture.bounding_box()["width"] > 300
    assert "Score of the fake −4.0" in picture.get_attribute("alt")
    context.close()

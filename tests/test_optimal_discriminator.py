"""The optimal discriminator: integrals, words in both languages, limits, and what a drag does."""

import json

import numpy as np
import pytest
import traitlets
from scipy.integrate import quad
from scipy.stats import norm

from abstractgan.widgets import OptimalDiscriminator
from abstractgan.widgets.optimal_discriminator import PRESETS

STATES = [
    {},
    *PRESETS.values(),
    {"weight": 1.0, "second_mean": 4.0, "second_spread": 0.2, "q_mean": -4.0, "q_spread": 0.2},
    {"p_mean": -4.0, "p_spread": 0.2, "q_mean": 4.0, "q_spread": 2.0, "x": 6.0},
    {"weight": 0.37, "second_spread": 1.7, "q_mean": 0.3, "q_spread": 0.2, "x": -2.4},
    {"p_spread": 2.0, "p_mean": 4.0, "q_mean": 4.0, "q_spread": 1.9, "x": -6.0},
]
FAR = [-1000.0, -60.0, -3.3, 0.0, 1.25, 60.0, 1000.0]  # where both densities underflow, too


def words(state):
    return json.dumps(state)[:60]


@pytest.mark.parametrize("state", STATES, ids=words)
def test_javascript_and_python_agree(javascript, state):
    widget = OptimalDiscriminator(**state)
    settings = json.dumps(widget.settings())
    found = javascript(
        f"""({{
            at: {FAR}.map((x) => widget.at(x, {settings})),
            integrals: widget.integrals({settings}),
            said: widget.lines({settings}).join(" "),
        }})"""
    )
    expected = widget.at(FAR)
    for name, values in expected._asdict().items():
        assert np.isfinite(values).all()
        computed = [here[name] for here in found["at"]]
        np.testing.assert_allclose(computed, values, rtol=1e-6, atol=1e-300, err_msg=name)
    integrals = {"value": widget.value, "divergence": widget.divergence}
    for name, value in integrals.items():
        np.testing.assert_allclose(found["integrals"][name], value, rtol=1e-6, atol=1e-12)
    assert found["said"] == widget.reading


def test_javascript_and_python_have_the_same_settings_and_presets(javascript):
    widget = OptimalDiscriminator()
    assert javascript("widget.START") == widget.settings()
    assert javascript("widget.PRESETS") == PRESETS
    limits = javascript("widget.SETTINGS")
    for name in widget.settings():
        trait = widget.traits()[name]
        found = [limits[name][limit] for limit in ("low", "high", "step")]
        assert found == [trait.low, trait.high, 10**-trait.digits]


def reference(state):
    """V and the divergence from SciPy's densities and its adaptive rule."""
    s = OptimalDiscriminator(**state).settings()
    first, second = norm(s["p_mean"], s["p_spread"]), norm(s["second_mean"], s["second_spread"])
    q = norm(s["q_mean"], s["q_spread"])

    def both(x):
        return (1 - s["weight"]) * first.pdf(x) + s["weight"] * second.pdf(x), q.pdf(x)

    def entropy(part, whole):
        return part * np.log(part / whole) if part > 0 else 0.0

    def value(x):
        a, b = both(x)
        return entropy(a, a + b) + entropy(b, a + b)

    def divergence(x):
        a, b = both(x)
        return (entropy(a, (a + b) / 2) + entropy(b, (a + b) / 2)) / 2

    means = sorted({s["p_mean"], s["second_mean"], s["q_mean"]})
    options = {"points": means, "limit": 2000, "epsabs": 1e-13, "epsrel": 1e-11}
    return quad(value, -20, 20, **options)[0], quad(divergence, -20, 20, **options)[0]


@pytest.mark.parametrize("state", STATES, ids=words)
def test_the_integrals_are_those_of_an_adaptive_rule(state):
    widget = OptimalDiscriminator(**state)
    value, divergence = reference(state)
    np.testing.assert_allclose(widget.value, value, rtol=1e-6, atol=1e-10)
    np.testing.assert_allclose(widget.divergence, divergence, rtol=1e-6, atol=1e-10)


@pytest.mark.parametrize("state", STATES, ids=words)
def test_the_value_is_minus_log_4_and_twice_the_divergence(state):
    widget = OptimalDiscriminator(**state)
    assert np.isclose(widget.value, -np.log(4) + 2 * widget.divergence, rtol=0, atol=1e-12)
    assert -1e-12 <= widget.divergence <= np.log(2) + 1e-12


def test_equal_and_apart_are_the_ends_of_the_scale():
    equal, apart = (OptimalDiscriminator(**PRESETS[name]) for name in ("equal", "apart"))
    assert np.isclose(equal.value, -np.log(4)) and np.isclose(apart.divergence, np.log(2))
    assert equal.at(2.5).best == 0.5
    np.testing.assert_allclose(apart.at([-6, 6]).best, [0, 1], atol=1e-12)
    assert "JSD 0.000. " in equal.reading
    assert equal.reading.endswith("= −1.386.") and apart.reading.endswith("= 0.000.")


@pytest.mark.parametrize(
    ("state", "where"),
    [
        ({}, "x from 0.0 to 6.0"),
        ({"p_mean": -1, "q_mean": 1.1}, "x from −6.0 to 0.0"),
        ({"weight": 1}, "x from −3.3 to −1.4"),
        ({"weight": 0.5}, "x from −3.0 to −1.7 and x from 0.3 to 6.0"),
        (PRESETS["equal"], "no x"),
        (PRESETS["one mode missed"], "x from −6.0 to 0.0"),
    ],
    ids=words,
)
def test_it_says_where_the_best_discriminator_favours_real(state, where):
    widget = OptimalDiscriminator(**state)
    assert f"D* favours real (is above ½) for {where}." in widget.reading
    numbers = [float(word.replace("−", "-")) for word in where.split() if word[-1].isdigit()]
    spans = np.reshape(numbers, (-1, 2))
    places = np.arange(-595, 600, 10) / 100  # between the ends of spans
    inside = [any(low < x < high for low, high in spans) for x in places]
    away = [all(abs(x - end) > 0.06 for end in numbers) for x in places]
    np.testing.assert_array_equal(
        (widget.at(places).best > 0.5 + 1e-9)[away], np.array(inside)[away]
    )


def test_no_discriminator_does_better():
    widget = OptimalDiscriminator(**PRESETS["one mode missed"])
    x = np.linspace(-6, 6, 201)
    p, q, best, integrand, _ = widget.at(x)
    for other in (0.5 * best + 0.25, best**2, np.full_like(x, 0.5)):
        with np.errstate(divide="ignore"):
            marks = p * np.log(other) + q * np.log(1 - other)
        assert (marks <= integrand + 1e-15).all()


@pytest.mark.parametrize(
    ("name", "wrong", "allowed"),
    [
        ("p_mean", 4.1, "p_mean is a number from -4 to 4"),
        ("q_spread", 0, "q_spread is a number from 0.2 to 2"),
        ("second_spread", -1.0, "second_spread is a number from 0.2 to 2"),
        ("weight", 1.5, "weight is a number from 0 to 1"),
        ("x", "0", "x is a number from -6 to 6"),
    ],
)
def test_a_wrong_setting_is_answered_by_the_range(name, wrong, allowed):
    with pytest.raises(traitlets.TraitError, match=allowed):
        OptimalDiscriminator(**{name: wrong})


def test_the_picture_shows_what_is_read():
    widget = OptimalDiscriminator(x=0.5, **PRESETS["one mode missed"])
    densities, best, integrand = widget.figure().axes
    here = widget.at(0.5)
    assert densities.lines[-1].get_ydata() == pytest.approx([here.p, here.q])
    assert best.lines[-1].get_ydata() == pytest.approx([here.best])
    assert integrand.lines[-1].get_ydata() == pytest.approx([here.integrand])
    assert widget.alternative.endswith(widget.reading)


# In Chromium.


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_sets_what_it_says(alone, name):
    opened = alone(OptimalDiscriminator(x=1.5))
    opened.root.get_by_role("button", name=name.capitalize()).press("Enter")
    assert opened.state() == OptimalDiscriminator(x=1.5, **PRESETS[name]).settings()
    opened.check_words()
    opened.root.get_by_role("button", name="Reset").click()
    assert opened.state() == OptimalDiscriminator().settings()


def test_the_sliders_of_a_heap_are_there_when_it_is(alone):
    opened = alone(OptimalDiscriminator())
    first, second = map(opened.root.get_by_label, ("Mean of p", "Mean of the second heap"))
    weight = opened.root.get_by_label("Weight of p's second heap")
    for key, there in [
        ("Home", [True, False]),
        ("ArrowRight", [True, True]),
        ("End", [False, True]),
    ]:
        weight.press(key)
        assert [first.is_visible(), second.is_visible()] == there


# Each name's box; the upper half of its curve, and all points of both curves, one for each pixel.
NAMES = """(svg) => Object.fromEntries(["p", "q"].map((kind) => {
    const [label, path] = [".label", ".curve"].map((one) => svg.querySelector(`${one}.${kind}`));
    const { x, y, width, height } = label.getBBox();
    const at = (_, i) => path.getPointAtLength(i);
    const points = Array.from({ length: path.getTotalLength() }, at);
    return [kind, { box: [x, y, x + width, y + height], points: points.map(({ x, y }) => [x, y]) }];
}))"""


@pytest.mark.parametrize("width", [320, 390, 800])
@pytest.mark.parametrize(
    "state", [*PRESETS.values(), *({"weight": weight} for weight in (0.0, 0.5, 1.0))], ids=words
)
def test_the_names_stand_by_their_curves_and_hide_nothing(alone, state, width):
    opened = alone(OptimalDiscriminator(**state), width=width)
    names = opened.root.locator(".chart svg").evaluate(NAMES)
    for kind, other in ("pq", "qp"):
        left, top, right, bottom = names[kind]["box"]
        for one in names.values():
            inside = [(x, y) for x, y in one["points"] if left < x < right and top < y < bottom]
            assert inside == []
        heights = [y for _, y in names[kind]["points"]]
        middle = (min(heights) + max(heights)) / 2
        gaps = [
            np.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))
            for x, y in names[kind]["points"]
            if y < middle
        ]
        assert min(gaps) < 12
        box = names[other]["box"]
        assert left > box[2] or box[0] > right or top > box[3] or box[1] > bottom


def test_what_changes_is_bold_and_the_constants_of_formulas_are_not(alone):
    opened = alone(OptimalDiscriminator())
    assert opened.root.locator(".reading b").all_text_contents() == [
        "0.0", "0.242", "0.242", "0.500", "0.0", "6.0", "0.337", "−0.713",
    ]  # fmt: skip
    weights = "(all) => all.map((t) => [t.textContent, getComputedStyle(t).fontWeight])"
    assert opened.root.locator(".title tspan").evaluate_all(weights) == [
        ["D* = p / (p + q)", "400"],
        ["p log D* + q log(1 − D*)", "400"],
    ]


class Drag:
    """A pointer in the chart, whose marks below the axis tell where the places are."""

    def __init__(self, opened):
        self.opened, self.start = opened, opened.widget.settings()
        self.box = opened.root.locator(".chart").bounding_box()
        marks = opened.root.locator("svg text[text-anchor=middle]").evaluate_all(
            """(all) => all.map((text) =>
                [Number(text.textContent.replace("−", "-")), text.x.baseVal[0].value])"""
        )
        self.unit, self.zero = np.polyfit(*zip(*marks, strict=True), 1)

    def __call__(self, x, y, places):
        """Press there, in pixels of the page, and move so many places; return what is changed."""
        mouse = self.opened.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + places * self.unit, y, steps=5)
        mouse.up()
        self.opened.check_words()
        return {n: v for n, v in self.opened.state().items() if v != self.start[n]}

    def at(self, place, height, places):
        """The same from a place on the axis and a height in pixels of the chart."""
        x = self.box["x"] + self.zero + place * self.unit
        return self(x, self.box["y"] + height, places)

    def name(self, kind, places):
        """The same from the name of a curve."""
        box = self.opened.root.locator(f".label.{kind}").bounding_box()
        return self(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, places)


def test_a_drag_moves_a_mean_or_the_place_that_is_read(alone):
    drag = Drag(alone(OptimalDiscriminator(x=3.0)))
    assert drag.at(-1, 100, -3) == {"q_mean": -4}
    assert drag.at(1.5, 100, 1) == {"q_mean": -4, "p_mean": 2}  # the heap does not jump
    assert drag.at(2, 230, -4) == {"q_mean": -4, "p_mean": 2, "x": -2}
    assert drag.at(6, 100, -2) == {"q_mean": -4, "p_mean": 2, "x": 4}


def test_a_name_is_the_handle_of_its_curve(alone):
    drag = Drag(alone(OptimalDiscriminator(**PRESETS["one mode missed"])))
    assert drag.name("q", 1) == {"q_mean": 3}
    assert drag.name("p", 1) == {"q_mean": 3, "second_mean": -1}


def test_a_heap_that_is_not_there_has_no_handle(alone):
    drag = Drag(alone(OptimalDiscriminator(weight=1.0)))
    assert drag.name("p", -1) == {"second_mean": -3}
    assert drag.at(1, 100, 1) == {"second_mean": -3, "x": 2}


def test_the_points_stand_where_the_values_of_python_are(alone):
    opened = alone(OptimalDiscriminator(x=0.7, **PRESETS["one mode missed"]))
    here = opened.widget.at(0.7)
    drawn = opened.root.locator(".chart svg").evaluate(
        """(svg) => {
            const all = (selector) => [...svg.querySelectorAll(selector)];
            const marks = all("text[text-anchor=end]").map((t) => t.textContent.replace("−", "-"));
            return {
                marks: marks.map(Number),
                lines: all(".grid, .zero").map((line) => line.getPointAtLength(0).y),
                points: all("circle").map((circle) => circle.cy.baseVal.value),
            };
        }"""
    )
    panels = list(zip(drawn["marks"], drawn["lines"], strict=True))
    # the lines of a panel are drawn from its bottom up
    bounds = [
        0,
        *[i for i in range(1, len(panels)) if panels[i][1] > panels[i - 1][1]],
        len(panels),
    ]
    assert len(bounds) == 4
    values = [(here.p, 0), (here.q, 0), (here.best, 1), (here.integrand, 2)]
    for pixel, (value, panel) in zip(drawn["points"], values, strict=True):
        marks, lines = zip(*panels[bounds[panel] : bounds[panel + 1]], strict=True)
        slope, zero = np.polyfit(lines, marks, 1)
        assert abs(slope * pixel + zero - value) < 0.01

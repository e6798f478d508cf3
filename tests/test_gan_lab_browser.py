"""The GAN lab in Chromium: every control by mouse and keyboard, Python's words, sharing."""

import io
import json

import pytest
from PIL import Image
from playwright.sync_api import expect
from test_widget_browser import (  # noqa: F401  (pytest runs them here with this module's `case`)
    test_axe_finds_nothing,
    test_curves_differ_without_colour,
    test_focus_can_be_seen_and_leaves_with_tab,
    test_in_the_chinese_edition_it_says_what_python_says_there,
    test_it_fits_its_place,
    test_it_says_nothing_when_only_its_width_changes,
    test_it_says_what_python_says,
    test_it_speaks_when_it_rests_and_not_at_first,
    test_it_takes_the_theme_of_its_page_and_can_be_read_in_it,
    test_keys_stay_with_the_widget_except_those_of_the_page,
    test_two_views_of_one_model_move_together_and_one_can_leave,
    test_what_is_touched_is_44_pixels_high_and_wide,
)
from widget_checks import Case

from abstractgan.widgets import Experiment, GanLab, PlanarGAN
from abstractgan.widgets.gan_lab import LABELS, MOST_STEPS
from abstractgan.widgets.presets import PRESETS

SMALL = {"hidden": 8, "batch": 8}


@pytest.fixture
def case():
    states = [
        {"loss": "hinge"},
        {"data": "drawn", "seed": 3},
        {"loss": "minimax", "smoothing": 0.1, "data": "moons"},
    ]
    return Case(lambda: GanLab(**SMALL), states)


CHOSEN = {  # another choice for every select
    "loss": "hinge",
    "smoothing": 0.2,
    "penalty": "r1",
    "penalty_weight": 10,
    "optimizer": "sgd",
    "discriminator_rate": 0.01,
    "generator_rate": 0.005,
    "discriminator_steps": 3,
    "batch": 16,
    "hidden": 4,
    "seed": 5,
}


class Lab:
    """A GAN lab alone on a page, at rest."""

    def __init__(self, alone, *, width=800, settings=(), **lab):
        self.alone = alone(GanLab(**lab), width=width, **dict(settings))
        self.page, self.root = self.alone.page, self.alone.root
        self.canvas = self.root.locator("canvas")
        self.wait(lab.get("steps", 0))

    def wait(self, steps):
        expect(self.root.locator(".reading")).to_contain_text(f"Step {steps}.")
        expect(self.button("Play")).to_be_visible()

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def select(self, name):
        return self.root.get_by_label(name, exact=True)

    def choice(self, name):
        """The label of a radio button, or in the folded part of a checkbox."""
        return self.root.locator(f"label:visible:has([value={name}])").last

    def unfold(self, name):
        self.root.locator("summary", has_text=name).click()

    def state(self, name):
        return self.alone.state()[name]

    def check_restart(self, act, name, value):
        """An act changes a setting: the run starts again, and goes as it does in Python."""
        self.button("Step").click()
        self.wait(self.state("steps"))
        drawing = self.alone.drawing()
        act()
        expect(self.root.locator(".reading")).to_contain_text("starts again")
        self.wait(0)
        assert self.state(name) == value
        assert self.state("steps") == 0
        assert self.alone.drawing() != drawing
        self.button("Step").click()
        self.wait(1)
        self.alone.check_words()


@pytest.fixture
def lab(alone):
    return lambda **settings: Lab(alone, **settings)


@pytest.mark.parametrize(
    "settings",
    [
        {"steps": 0},
        {"steps": 100},
        {"data": "grid", "loss": "wasserstein", "penalty": "gradient", "steps": 60},
        {"data": "moons", "loss": "article", "discriminator_steps": 2, "steps": 80},
    ],
)
def test_after_some_steps_it_says_what_python_says(lab, settings):
    lab(**SMALL, **settings).alone.check_words()


def test_python_sets_the_lab(lab):
    opened = lab(**SMALL)
    opened.alone.set(steps=50)
    opened.wait(50)
    opened.alone.check_words()
    reading = opened.root.locator(".reading")
    before = reading.text_content()
    opened.alone.set(loss="hinge")  # the steps stay: the run is trained anew
    expect(reading).not_to_have_text(before)
    opened.wait(50)
    opened.alone.check_words()


@pytest.mark.parametrize(("name", "label"), {"loss": "Loss", **LABELS}.items())
def test_every_select_starts_the_run_again(lab, name, label):
    value = CHOSEN[name]
    opened = lab(**SMALL, penalty="gradient", steps=2)
    opened.unfold("More settings")
    select = opened.select(label)
    opened.check_restart(lambda: select.select_option(str(value)), name, value)
    before = select.evaluate("(select) => select.selectedIndex")
    select.focus()
    opened.page.keyboard.press("ArrowUp")
    assert select.evaluate("(select) => select.selectedIndex") == before - 1
    opened.wait(0)
    assert opened.state(name) != value


def test_data_by_mouse_and_by_keyboard(lab):
    opened = lab(**SMALL)
    for name in ("grid", "moons", "line", "drawn", "ring"):
        choice = opened.choice(name)
        opened.check_restart(choice.click, "data", name)

    def press(key):
        opened.root.locator("[type=radio]:checked").focus()
        opened.page.keyboard.press(key)

    for key, name in [("ArrowRight", "grid"), ("ArrowLeft", "ring"), ("ArrowLeft", "drawn")]:
        opened.check_restart(lambda key=key: press(key), "data", name)


def test_what_is_shown_by_mouse_and_by_keyboard(lab):
    opened = lab(**SMALL, steps=5)
    opened.unfold("More settings")
    drawings = [opened.alone.drawing()]
    for name in ("grid", "map", "arrows"):
        opened.choice(name).click()
        opened.page.wait_for_timeout(100)
        drawings.append(opened.alone.drawing())
    opened.root.get_by_role("checkbox", name="Arrows").focus()
    opened.page.keyboard.press("Space")
    opened.page.wait_for_timeout(100)
    drawings.append(opened.alone.drawing())
    assert len(set(drawings)) == 4
    assert drawings[4] == drawings[2]
    assert opened.state("show") == ["arrows", "grid"]
    assert opened.state("steps") == 5


def test_play_pause_step_and_reset_by_mouse(lab):
    opened = lab(**SMALL)
    drawing = opened.alone.drawing()
    opened.button("Play").click()
    expect(opened.root.locator(".reading")).not_to_contain_text("Step 0.")
    assert opened.state("steps") == 0  # saved when the run pauses
    opened.button("Pause").click()
    steps = opened.state("steps")
    assert steps > 0
    opened.wait(steps)
    if steps < 300:  # rounding grows with the steps
        opened.alone.check_words()
    assert opened.alone.drawing() != drawing
    opened.button("Step").click()
    opened.wait(steps + 1)
    opened.button("Reset").click()
    opened.wait(0)
    opened.alone.check_words()
    assert opened.alone.drawing() == drawing


def test_play_pause_step_and_reset_by_keyboard(lab):
    opened = lab(**SMALL)
    opened.button("Play").focus()
    opened.page.keyboard.press("Space")
    expect(opened.button("Pause")).to_be_focused()
    expect(opened.root.locator(".reading")).not_to_contain_text("Step 0.")
    opened.page.keyboard.press("Enter")
    expect(opened.button("Play")).to_be_focused()
    opened.page.keyboard.press("Tab")
    steps = opened.state("steps")
    opened.page.keyboard.press("Enter")
    opened.wait(steps + 1)
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("Enter")
    opened.wait(0)
    opened.page.keyboard.press("Tab")
    expect(opened.select("Speed")).to_be_focused()
    opened.page.keyboard.press("ArrowUp")
    assert opened.state("speed") == "slow"


def test_slow_motion_shows_one_turn_after_the_other(lab):
    opened = lab(**SMALL)
    opened.select("Speed").select_option("Slow motion")
    opened.page.evaluate(
        """() => {
            window.turns = [];
            const reading = document.querySelector(".reading");
            const its = /The (\\w+)'s turn.*Step (\\d+)\\./;
            const note = () => turns.push(its.exec(reading.textContent)?.slice(1));
            new MutationObserver(note).observe(reading, { childList: true });
        }"""
    )
    opened.button("Play").click()
    opened.page.wait_for_function("turns.filter(Boolean).length >= 3")
    opened.button("Pause").click()  # a step that has begun is finished
    turns = opened.page.evaluate("turns.filter(Boolean)")
    assert turns[:3] == [["discriminator", "0"], ["generator", "1"], ["discriminator", "1"]]
    steps = opened.state("steps")
    opened.wait(steps)
    player, step = turns[-1]
    assert steps == int(step) + (player == "discriminator") >= 2
    opened.alone.check_words()


def test_faster_is_faster(lab):
    opened = lab(**SMALL)
    reached = []
    for speed in ("Slow", "Fast"):
        opened.button("Reset").click()
        opened.select("Speed").select_option(speed)
        opened.button("Play").click()
        opened.page.wait_for_timeout(1000)
        opened.button("Pause").click()
        reached.append(opened.state("steps"))
    assert reached[1] > 3 * reached[0] > 0


def test_a_preset_asks_first_and_answers_after_the_run(lab):
    name, preset = min(PRESETS.items(), key=lambda item: item[1].steps * item[1].experiment.hidden)
    opened = lab(loss="wasserstein", speed="fast")
    expect(opened.select("Try")).to_have_value("")
    assert not opened.root.get_by_text("What do you expect?").count()
    opened.select("Try").select_option(name)
    expect(opened.root.locator(".guess")).to_contain_text(preset.question)
    expect(opened.root.locator(".guess")).not_to_contain_text(preset.answer)
    expect(opened.root.locator(".guess")).to_contain_text(f"at step {preset.steps}.")
    state = opened.alone.state()
    state["facts"] = None
    assert GanLab(**state).experiment == preset.experiment
    opened.button("Play").click()
    opened.wait(preset.steps)  # where the run pauses by itself
    expect(opened.root.locator(".guess")).to_contain_text(preset.answer)
    opened.unfold("More settings")
    opened.select("Seed").select_option("9")
    expect(opened.select("Try")).to_have_value("")
    expect(opened.root.locator(".guess")).to_be_empty()


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_chosen_by_keyboard(lab, name):
    opened = lab(hidden=4)
    opened.select("Try").focus()
    for _ in range(1 + list(PRESETS).index(name)):
        opened.page.keyboard.press("ArrowDown")
    expect(opened.select("Try")).to_have_value(name)
    expect(opened.root.locator(".guess")).to_contain_text(PRESETS[name].question)


def test_a_run_ends(lab):
    opened = lab(hidden=2, batch=4, steps=MOST_STEPS)
    for name in ("Step", "Play"):
        opened.button(name).click()
        opened.wait(MOST_STEPS)
    expect(opened.root.locator(".reading")).to_contain_text("This is the last step")


def place(opened, x, y):
    """Where a point of the plane lies on the page."""
    box = opened.canvas.bounding_box()
    view = json.loads(opened.state("facts"))["view"]
    across, down = ((1 + v / view) / 2 for v in (x, -y))
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def test_data_are_drawn_with_the_pointer(lab):
    opened = lab(**SMALL, data="drawn", steps=3)
    assert len(opened.state("points")) == 40
    opened.button("Clear").click()
    opened.wait(0)
    assert opened.state("points") == [[0, 0]]
    opened.page.mouse.move(*place(opened, -0.5, 0.5))
    opened.page.mouse.down()
    opened.page.mouse.move(*place(opened, 0.5, 0.5), steps=10)
    opened.page.mouse.up()
    opened.page.mouse.move(*place(opened, 0.5, -0.9))  # moving alone draws nothing
    drawn = opened.state("points")
    assert len(drawn) == 11
    assert drawn[0] == pytest.approx([-0.5, 0.5], abs=0.02)
    assert drawn[-1] == pytest.approx([0.5, 0.5], abs=0.02)
    opened.button("Step").click()
    opened.wait(1)
    opened.alone.check_words()
    opened.page.mouse.click(*place(opened, 1.4, 1.4))  # beyond the square of the data
    assert opened.state("points")[-1] == [1, 1]


def test_data_are_drawn_with_the_keys(lab):
    opened = lab(**SMALL, data="drawn")
    opened.button("Clear").click()
    opened.canvas.focus()
    drawing = opened.alone.drawing()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Enter", "ArrowLeft", "ArrowDown", " "):
        opened.page.keyboard.press(key)
    assert opened.state("points") == [[0.1, 0.05], [0.05, 0]]
    words = "The ring is at 0.05, 0.00; points: 2."
    expect(opened.root.locator(".reading")).to_contain_text(words)
    expect(opened.alone.spoken).to_contain_text(words)
    assert opened.alone.drawing() != drawing
    opened.page.keyboard.press("Delete")
    assert opened.state("points") == [[0.1, 0.05]]
    opened.page.keyboard.press("Delete")
    opened.page.keyboard.press("Enter")
    assert opened.state("points") == [[0.05, 0]]


def test_no_more_than_500_points_are_drawn(lab):
    points = [[round(i / 500, 2), 0.5] for i in range(499)]
    opened = lab(**SMALL, data="drawn", points=points)
    for x in (-0.5, -0.6):
        opened.page.mouse.click(*place(opened, x, 0))
    assert len(opened.state("points")) == 500


def test_elsewhere_the_picture_is_not_a_control(lab):
    opened = lab(**SMALL)
    expect(opened.canvas).to_have_attribute("tabindex", "-1")
    expect(opened.root.get_by_role("img", name="Real and generated samples")).to_be_visible()
    expect(opened.button("Clear")).to_be_hidden()
    points = opened.state("points")
    opened.page.mouse.click(*place(opened, 0.2, 0.2))
    assert opened.state("points") == points


CLIPBOARD = """() => Object.defineProperty(navigator, "clipboard", {
    value: { writeText: async (words) => { window.copied = words; } },
})"""


def test_a_link_carries_the_setting(lab):
    opened = lab()
    opened.page.evaluate(CLIPBOARD)
    opened.select("Loss").select_option("least_squares")
    opened.unfold("More settings")
    opened.select("Seed").select_option("4")
    opened.unfold("Share")
    opened.button("Copy link").click()
    expect(opened.root.locator(".reading")).to_contain_text("The link is copied.")
    link = opened.page.evaluate("copied")
    assert link == opened.page.url == "http://widget.test/#lab=loss:least_squares,seed:4"
    expect(opened.root.get_by_role("textbox", name="Link to this setting")).to_have_value(link)
    opened.page.reload()
    opened.wait(0)
    expect(opened.select("Loss")).to_have_value("least_squares")
    assert opened.state("seed") == 4


def test_where_copying_is_not_allowed_the_lab_says_so(lab):
    opened = lab()  # a page without https has no clipboard
    opened.unfold("Share")
    opened.button("Copy Python").focus()
    opened.page.keyboard.press("Enter")
    expect(opened.root.locator(".reading")).to_contain_text("take the code from below")


def test_a_wrong_link_is_left_out_with_one_sentence(lab):
    opened = lab(**SMALL, steps=2)
    opened.page.evaluate("location.hash = '#lab=batch:1000'")
    expect(opened.root.locator(".reading")).to_contain_text(
        "The link is not used: batch:1000 is not a setting of this lab."
    )
    assert (opened.state("batch"), opened.state("steps")) == (8, 2)
    opened.page.evaluate("location.hash = '#lab=<img src=x onerror=alert(1)>'")
    expect(opened.root.locator(".reading")).to_contain_text("The link is not used: %3Cimg")
    for other in ("#some-heading", "#laboratory=seed:3", ""):
        opened.page.evaluate(f"location.hash = '{other}'")
    opened.page.wait_for_timeout(100)
    assert opened.state("seed") == 0


def test_of_several_labs_the_link_means_the_first_of_its_name(lab):
    opened = lab(**SMALL)
    opened.page.evaluate(
        """() => {
            window.others = ["lab", "second"].map((link) => {
                const other = new model.constructor();
                other.state.link = link;
                window.model = [other, window.model][1];
                return other;
            });
        }"""
    )
    opened.page.evaluate(
        """async () => {
            const { default: widget } = await import("./widget.js");
            const el = document.querySelector("main");
            for (const model of others) widget.render({ model, el });
            location.hash = "#lab=seed:3";
        }"""
    )
    seeds = "[model, ...others].map((one) => one.get('seed'))"
    opened.page.wait_for_function(f"String({seeds}) === '3,0,0'")
    opened.page.evaluate("location.hash = '#second=seed:6'")
    opened.page.wait_for_function(f"String({seeds}) === '3,0,6'")


def test_the_exported_code_is_pythons(lab):
    opened = lab()
    opened.page.evaluate(CLIPBOARD)
    opened.select("Loss").select_option("wasserstein")
    opened.unfold("More settings")
    opened.select("Penalty").select_option("gradient")
    opened.select("Weight of the penalty").select_option("10")
    opened.unfold("Share")
    expected = Experiment(loss="wasserstein", penalty="gradient", penalty_weight=10).python()
    code = opened.root.get_by_role("textbox", name="This experiment in Python")
    expect(code).to_have_value(expected)
    opened.button("Copy Python").click()
    expect(opened.root.locator(".reading")).to_contain_text("The code is copied.")
    assert opened.page.evaluate("copied") == expected


def test_it_rests_off_the_screen(lab):
    opened = lab(**SMALL, speed="slow")
    opened.page.evaluate("document.querySelector('main').style.paddingBottom = '4000px'")
    opened.button("Play").click()
    expect(opened.root.locator(".reading")).not_to_contain_text("Step 0.")
    opened.page.evaluate("scrollTo(0, 3500)")
    opened.page.wait_for_timeout(400)
    words = opened.alone.words()
    opened.page.wait_for_timeout(800)
    assert opened.alone.words() == words
    opened.page.evaluate("scrollTo(0, 0)")
    expect(opened.button("Pause")).to_be_visible()  # it was not paused
    opened.page.wait_for_timeout(600)
    assert opened.alone.words() != words


PICTURES = """() => {
    window.pictures = 0;
    const { drawImage } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.drawImage = function (...them) {
        window.pictures += 1;
        return drawImage.apply(this, them);
    };
}"""


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_reduced_motion_means_a_picture_a_second(lab, motion):
    opened = lab(**SMALL, settings={"reduced_motion": motion})
    opened.page.evaluate(PICTURES)
    opened.page.wait_for_timeout(300)
    assert opened.page.evaluate("pictures") == 0  # nothing moves by itself
    opened.button("Play").click()
    opened.page.wait_for_timeout(2500)
    pictures = opened.page.evaluate("pictures")
    opened.button("Pause").click()
    assert opened.state("steps") > 10
    assert 1 <= pictures <= 4 if motion == "reduce" else pictures > 10


def test_it_speaks_seldom_while_it_plays(lab):
    opened = lab(**SMALL)
    opened.page.evaluate(
        """async () => {
            await new Promise((rested) => setTimeout(rested, 400)); // what opening says is said
            window.said = [];
            const live = document.querySelector(".spoken");
            const note = () => said.push(document.timeline.currentTime);
            new MutationObserver(note).observe(live, { childList: true });
        }"""
    )
    opened.button("Play").click()
    opened.page.wait_for_function("said.length > 1")
    first, second = opened.page.evaluate("said")[:2]
    assert second - first > 5000
    opened.button("Pause").click()
    opened.wait(opened.state("steps"))
    expect(opened.alone.spoken).to_have_text(opened.alone.words())


@pytest.mark.parametrize("width", [320, 700])
def test_the_controls_stand_under_the_picture_on_a_phone_and_beside_it_elsewhere(lab, width):
    opened = lab(**SMALL, width=width)
    picture = opened.canvas.bounding_box()
    controls = opened.root.locator(".choices").bounding_box()
    beside = controls["x"] >= picture["x"] + picture["width"]
    assert beside == (width == 700)
    assert beside or controls["y"] >= picture["y"] + picture["height"]


# Contrast as WCAG 2 defines it, between a mark's colour and the heat map at its strongest.
CONTRASTS = """(root) => {
    const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
    const share = (value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    };
    const luminance = ([r, g, b]) => 0.2126 * share(r) + 0.7152 * share(g) + 0.0722 * share(b);
    const colour = (selector) => rgb(getComputedStyle(root.querySelector(selector)).color);
    const paper = rgb(getComputedStyle(root).backgroundColor);
    const marks = [".real", ".fake"].map(colour);
    const grounds = [paper, ...marks.map((mark) => paper.map((p, i) => p + 0.35 * (mark[i] - p)))];
    return marks.flatMap((mark) => grounds.map((ground) => {
        const [a, b] = [luminance(mark), luminance(ground)];
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }));
}"""


@pytest.mark.parametrize("theme", ["book light", "book dark"])
def test_marks_stand_out_from_the_heat_map(lab, theme):
    opened = lab(**SMALL, settings={"theme": theme})
    assert min(opened.root.evaluate(CONTRASTS)) >= 3


def colour(opened, x, y):
    """The colour of the picture at a point of the plane."""
    opened.canvas.scroll_into_view_if_needed()
    left, top = place(opened, x, y)
    clip = {"x": left, "y": top, "width": 1, "height": 1}
    return Image.open(io.BytesIO(opened.page.screenshot(clip=clip))).convert("RGB").getpixel((0, 0))


def test_the_picture_follows_the_theme_of_the_page(lab):
    opened = lab(**SMALL, show=["arrows"], settings={"theme": "book light"})
    assert min(colour(opened, -1.4, 1.4)) == 255
    opened.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    opened.page.wait_for_timeout(300)
    assert max(colour(opened, -1.4, 1.4)) < 50


def test_the_heat_map_is_where_the_scores_are(lab):
    """A place is blue where the discriminator finds it real, the more so the surer it is."""
    settings = SMALL | {"data": "line", "discriminator_rate": 0.05}
    opened = lab(**settings, show=["map"], steps=60)
    gan = PlanarGAN(**settings)
    gan.train(60)
    places = [(-1.2, 1.2), (1.2, -1.2), (-1.2, -1.2), (1.2, 1.2), (0.0, 1.3), (-1.4, 0.6)]
    found = [colour(opened, *where) for where in places]
    blueness = [blue - red for red, _, blue in found]
    scores = gan.scores(places)
    assert scores.min() < -1 and scores.max() > 1
    for score, blue in zip(scores, blueness, strict=True):
        if abs(score) > 0.2:
            assert (blue > 0) == (score > 0)
    assert blueness[scores.argmax()] == max(blueness)
    assert blueness[scores.argmin()] == min(blueness)


def test_it_ends_when_it_leaves_the_page(lab):
    opened = lab(**SMALL)
    opened.button("Play").click()
    opened.page.evaluate("cleanup()")
    expect(opened.page.locator(".ag-widget")).to_have_count(0)
    opened.page.evaluate("location.hash = '#lab=seed:3'")
    opened.page.wait_for_timeout(200)
    assert opened.state("seed") == 0


def test_a_link_is_used_even_if_the_widget_is_drawn_before_it_is_placed(lab):
    opened = lab(**SMALL)
    opened.page.evaluate(
        """async () => {
            cleanup();
            location.hash = "lab=loss:hinge";
            const { default: widget } = await import("./widget.js");
            const box = document.createElement("div");
            widget.render({ model, el: box });
            document.querySelector("main").append(box);
        }"""
    )
    expect(opened.select("Loss")).to_have_value("hinge")


def test_a_run_that_breaks_down_stops_and_says_so(lab):
    wild = {"loss": "wasserstein", "optimizer": "sgd", "hidden": 32}
    opened = lab(**wild, discriminator_rate=1.0, generator_rate=1.0, speed="fast", width=320)
    opened.button("Play").click()
    reading = opened.root.locator(".reading")
    expect(reading).to_contain_text("broken down", timeout=30_000)
    expect(opened.button("Play")).to_be_visible()
    assert "no longer a number" in reading.text_content()
    assert opened.root.locator(".chart svg").evaluate(WRITTEN) == []
    labels = opened.root.locator(".chart .label").all_text_contents()
    assert sorted(labels) == ["D no number", "G no number", "no number"]
    opened.button("Reset").click()
    opened.wait(0)
    # the distance, which is a number again
    assert opened.root.locator(".chart .label").count() == 1
    assert "number" not in opened.root.locator(".chart").text_content()


def test_a_value_too_great_to_be_drawn_is_named_as_in_the_reading(lab):
    wild = {"loss": "wasserstein", "optimizer": "sgd"}
    opened = lab(**SMALL, **wild, discriminator_rate=0.3, generator_rate=0.3, steps=4)
    assert "Discriminator's loss −714.791, generator's > 9999." in opened.alone.words()
    labels = opened.root.locator(".chart .label").all_text_contents()
    assert sorted(labels) == ["> 9999", "D −714.79", "G > 9999"]


# Boxes of what is written in the charts, and whether a curve runs through one.
WRITTEN = """(svg) => {
    const texts = [...svg.querySelectorAll("text")];
    const boxes = texts.map((text) => {
        const { x, y, width, height } = text.getBBox();
        return { words: text.textContent, box: [x, y + 3, x + width, y + height - 3] };
    });
    const meet = ([a, b, c, d], [e, f, g, h]) => a < g && e < c && b < h && f < d;
    const beyond = boxes.filter(({ box }) => box[2] > svg.clientWidth).map(({ words }) => words);
    const met = boxes.flatMap((one, i) =>
        boxes.slice(i + 1).filter((other) => meet(one.box, other.box))
            .map((other) => `${one.words} ${other.words}`));
    const faults = [...beyond, ...met];
    for (const curve of svg.querySelectorAll(".curve")) {
        for (let at = 0; at < curve.getTotalLength(); at++) {
            const { x, y } = curve.getPointAtLength(at);
            for (const { words, box } of boxes) if (meet(box, [x, y, x, y])) faults.push(words);
        }
    }
    return faults;
}"""


@pytest.mark.parametrize("name", PRESETS)
def test_nothing_written_in_the_charts_covers_a_curve_or_other_words(lab, name):
    steps = PRESETS[name].steps
    opened = lab(preset=name, width=320)
    opened.alone.set(steps=steps)
    expect(opened.root.locator(".reading")).to_contain_text(f"Step {steps}.", timeout=60_000)
    assert opened.root.locator(".chart svg").evaluate(WRITTEN) == []


def test_clearing_says_that_nothing_is_drawn(lab):
    opened = lab(**SMALL, data="drawn")
    opened.button("Play").click()
    opened.button("Clear").click()
    expect(opened.root.locator(".reading")).to_contain_text("Nothing is drawn")
    expect(opened.button("Play")).to_be_visible()

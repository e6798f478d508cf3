"""The training replay: what Python keeps of a run, and the same words on the page, in Chromium."""

import base64
import io
import itertools
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import traitlets
from PIL import Image
from playwright.sync_api import expect

from abstractgan.errors import UserError
from abstractgan.training.recorded import digit_run
from abstractgan.widgets import TrainingReplay
from abstractgan.widgets import training_replay as module

RUN = digit_run()
RECORDED = sorted(RUN.samples)


@pytest.fixture
def replay():
    return TrainingReplay(RUN)


def small_run(**log):
    """A run of three epochs, of which the first and the last have a picture."""
    picture = np.zeros((4, 6, 3), np.uint8)
    columns = {"epoch": [1.0, 2.0, 3.0], "step": [10, 20, 30]}
    columns |= {"discriminator_loss": [1, 0.5, 0], "generator_loss": [-1, 0.5, 2]}
    return SimpleNamespace(log=columns | log, samples={1: picture, 3: picture + 255})


def decoded(url):
    head, _, data = url.partition(",")
    assert head == "data:image/webp;base64"
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"), float)


def test_it_opens_with_the_first_samples(replay):
    assert replay.epoch == RECORDED[0] == 1
    assert TrainingReplay(RUN, epoch=40).epoch == 40


def test_the_reading_is_the_log_of_the_epoch(replay):
    for epoch in RECORDED:
        replay.epoch = epoch
        row = {name: values[epoch - 1] for name, values in RUN.log.items()}
        assert replay.reading.startswith(f"Epoch {epoch} of 40, step {row['step']:.0f}. ")
        for name in ("discriminator_loss", "generator_loss", "real_score", "fake_score", "kid"):
            assert f" {row[name]:.3f}".replace("-", "−") in replay.reading
        first = f", down from {RUN.log['kid'][0]:.3f}."
        assert (first in replay.reading) == (epoch > 1)


def test_what_rises_and_what_was_not_measured_is_said_so():
    replay = TrainingReplay(small_run(kid=[0.25, np.nan, 0.5]), epoch=3)
    assert replay.reading == (
        "Epoch 3 of 3, step 30. Loss of the discriminator 0.000. Loss of the generator 2.000. "
        "KID 0.500, up from 0.250."
    )
    nothing = TrainingReplay(small_run(kid=[0.25, 0.25, np.nan]), epoch=3)
    assert "KID" not in nothing.reading


@pytest.mark.parametrize("wrong", [0, 2, 41, -1])
def test_a_wrong_epoch_is_answered_by_the_recorded_ones(replay, wrong):
    allowed = "epoch is one of those with samples, 1, 5, 10, 15, 20, 25, 30, 35, 40, not"
    replay.epoch = 5
    with pytest.raises(traitlets.TraitError, match=allowed):
        replay.epoch = wrong
    with pytest.raises(traitlets.TraitError, match=allowed):
        TrainingReplay(RUN, epoch=wrong)
    assert replay.epoch == 5


def test_a_run_without_usable_samples_is_refused():
    run = small_run()
    for samples in ({}, {4: run.samples[1]}):
        with pytest.raises(UserError, match="Give a run with samples, each of an epoch"):
            TrainingReplay(SimpleNamespace(log=run.log, samples=samples))


@pytest.mark.parametrize("given", [None, "runs/digits"])
def test_what_is_no_run_is_refused(given):
    with pytest.raises(UserError, match=f"Give a recorded run, .*, not {given!r}"):
        TrainingReplay(given)


def test_the_pictures_are_those_of_the_run_and_small(replay):
    for epoch, url in replay.record["samples"]:
        assert len(url) < 20_000
        error = np.abs(decoded(url) - RUN.samples[epoch]).mean()
        assert error < 6, "grey levels of 255"
    assert len(replay.record["samples"]) == len(RUN.samples)


def test_the_state_survives_and_importing_costs_no_tensorflow(replay):
    assert replay.get_state()["epoch"] == replay.epoch
    assert replay.get_state()["record"] == replay.record
    with pytest.raises(traitlets.TraitError):
        replay.record = {}
    check = (
        "import sys, abstractgan.widgets.training_replay; "
        "print([name for name in ('tensorflow', 'keras', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_still_picture_shows_the_epoch(replay):
    replay.epoch = 20
    figure = replay.figure()
    picture, *charts = figure.axes
    np.testing.assert_array_equal(picture.images[0].get_array(), RUN.samples[20])
    assert [chart.get_title("left") for chart in charts] == list(module.PANELS)
    assert all(20 in chart.lines[0].get_xdata() for chart in charts)
    kid = charts[-1].lines[-1]
    measured = np.isfinite(RUN.log["kid"])
    np.testing.assert_array_equal(kid.get_ydata(), RUN.log["kid"][measured])
    assert "KID 0.272" in replay.alternative


def test_script_and_style_are_small():
    own = [Path(module.__file__).with_suffix(suffix) for suffix in (".js", ".css")]
    assert sum(path.stat().st_size for path in own) <= 6_000


def test_javascript_and_python_say_the_same(javascript, replay):
    for run in (RUN, small_run(kid=[0.25, np.nan, 0.5]), small_run(kid=[np.nan, 0, -1e-4])):
        replay = TrainingReplay(run)
        state = replay.settings()["record"]
        state = {name: state[name] for name in ("epochs", "steps", "panels")}
        for epoch in run.samples:
            replay.epoch = epoch
            record = repr(state).replace("None", "null")
            assert javascript(f"widget.reading({record}, {epoch})") == replay.reading


# On a page.


def button(page, name):
    return page.root.get_by_role("button", name=name, exact=True)


def check_shown(page):
    """Picture, its alternative text, slider and words belong to the epoch of the state."""
    page.check_words()
    epoch = page.state()["epoch"]
    image = page.root.get_by_role("img", name="Generated samples.")
    assert image.get_attribute("alt") == f"Generated samples. {page.words()}"
    assert image.get_attribute("src") == dict(page.widget.record["samples"])[epoch]
    slider = page.root.get_by_role("slider", name="Epoch")
    assert int(slider.input_value()) == RECORDED.index(epoch)
    assert slider.get_attribute("aria-valuetext") == str(epoch)
    return epoch


@pytest.mark.parametrize("width", [320, 800])
def test_slider_buttons_and_charts_choose_the_epoch(alone, replay, width):
    page = alone(replay, width=width)
    assert check_shown(page) == 1
    expect(button(page, "Back")).to_be_disabled()
    page.check_change(button(page, "Forward").click)
    assert check_shown(page) == 5
    page.check_change(lambda: page.root.get_by_role("slider").fill("8"))
    assert check_shown(page) == 40
    expect(button(page, "Forward")).to_be_disabled()
    page.check_change(button(page, "Back").click)
    assert check_shown(page) == 35
    chart = page.root.locator(".chart svg")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    page.check_change(lambda: chart.click(position={"x": box["width"] / 2, "y": 60}))
    assert check_shown(page) == 20


def test_keys_choose_the_epoch(alone, replay):
    page = alone(replay)
    page.page.keyboard.press("Tab")
    slider = page.root.get_by_role("slider", name="Epoch")
    expect(slider).to_be_focused()
    for key, epoch in [("ArrowRight", 5), ("End", 40), ("ArrowLeft", 35), ("Home", 1)]:
        page.check_change(lambda key=key: page.page.keyboard.press(key))
        assert check_shown(page) == epoch
    page.page.keyboard.press("Tab")  # Back can't be used at the first epoch
    expect(button(page, "Play")).to_be_focused()
    page.page.keyboard.press("Tab")
    expect(button(page, "Forward")).to_be_focused()
    page.check_change(lambda: page.page.keyboard.press("Enter"))
    assert check_shown(page) == 5


def test_at_three_settings_words_and_points_are_pythons(alone, replay):
    page = alone(replay)
    for epoch in (1, 15, 40):
        page.set(epoch=epoch)
        assert check_shown(page) == epoch
        heights = [float(dot.get_attribute("cy")) for dot in page.root.locator("svg circle").all()]
        assert len(heights) == 5
        d, g, real, fake, kid = heights  # higher on the page is less
        row = {name: values[epoch - 1] for name, values in RUN.log.items()}
        assert (d < g) == (row["discriminator_loss"] > row["generator_loss"])
        assert real < fake
        page.set(epoch=1)
        first = float(page.root.locator("svg circle").last.get_attribute("cy"))
        zero = page.root.locator("svg .zero").last.evaluate("(p) => p.getPointAtLength(0).y")
        share = (zero - kid) / (zero - first)
        assert abs(share - row["kid"] / RUN.log["kid"][0]) < 0.01


def test_it_plays_only_when_asked_and_stops_at_the_end(alone, replay):
    page = alone(replay)
    page.page.wait_for_timeout(1200)
    assert page.state()["epoch"] == 1
    page.set(epoch=30)
    button(page, "Play").click()
    expect(button(page, "Pause")).to_be_visible()
    expect(page.spoken).to_have_attribute("aria-live", "off")
    expect(page.root.locator(".reading")).to_contain_text("Epoch 35 of 40")
    button(page, "Pause").click()
    expect(page.spoken).to_have_attribute("aria-live", "polite")
    page.page.wait_for_timeout(1200)
    assert check_shown(page) == 35
    button(page, "Play").click()
    expect(page.root.locator(".reading")).to_contain_text("Epoch 40 of 40")
    expect(button(page, "Play")).to_be_visible()
    button(page, "Play").click()  # from the end it begins again
    expect(page.root.locator(".reading")).to_contain_text("Epoch 1 of 40")
    page.page.evaluate("cleanup()")
    page.page.wait_for_timeout(1200)
    assert page.state()["epoch"] == 1


def test_who_wants_less_motion_steps(alone, replay):
    page = alone(replay, reduced_motion="reduce")
    expect(button(page, "Play")).to_have_count(0)
    page.check_change(button(page, "Forward").click)
    assert check_shown(page) == 5


@pytest.mark.parametrize("width", [320, 560, 900, 1280])
def test_it_fits_its_place_and_is_easy_to_touch(alone, replay, width):
    page = alone(replay, width=width)
    assert page.page.evaluate("document.documentElement.scrollWidth") == width
    outside = page.root.evaluate(
        """(root) => [...root.querySelectorAll("text, path, p, button, img, input")]
            .filter((element) => {
                const [box, frame] = [element, root].map((e) => e.getBoundingClientRect());
                return box.left < frame.left || box.right > frame.right;
            })
            .map((element) => element.outerHTML.slice(0, 100))"""
    )
    assert outside == []
    for control in page.root.locator("button, input").all():
        assert control.bounding_box()["height"] >= 44


@pytest.mark.parametrize("width", [320, 390, 560, 900])
def test_the_buttons_stay_together(alone, replay, width):
    page = alone(replay, width=width)
    boxes = [button(page, name).bounding_box() for name in ("Back", "Play", "Forward")]
    assert len({box["y"] for box in boxes}) == 1
    for left, right in itertools.pairwise(boxes):
        assert right["x"] - (left["x"] + left["width"]) == pytest.approx(8, abs=0.1)


def test_what_the_run_has_in_all_is_not_bold(alone, replay):
    bold = alone(replay, width=800).root.locator(".reading b").all_text_contents()
    assert bold[0] == "1"
    assert "40" not in bold


@pytest.mark.parametrize("theme", ["book light", "book dark"])
def test_axe_finds_nothing(alone, replay, theme):
    assert alone(replay, theme=theme).axe() == []

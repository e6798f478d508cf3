"""The GAN lab: its settings, its words and links, and that the page and Python say the same."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import traitlets

from abstractgan.widgets import Experiment, GanLab, PlanarGAN
from abstractgan.widgets.gan_lab import MOST_STEPS, OFFERED, VIEW, belief
from abstractgan.widgets.mathematics import GAMES
from abstractgan.widgets.planar_gan import CHOICES, LIMITS
from abstractgan.widgets.presets import PRESETS

DRAWN = ((0.1, -0.2), (0.33, 1.0), (-1.0, 0.0))
EXPERIMENTS = [
    Experiment(),
    Experiment(loss="hinge", seed=3, batch=16),
    Experiment(data="drawn", points=DRAWN, discriminator_rate=0.01, hidden=8),
    Experiment(data="drawn", points=DRAWN[:1], penalty="r1", penalty_weight=10),
    Experiment(loss="article", smoothing=0.25, optimizer="sgd", generator_rate=1),
]


def facts():
    return GanLab().facts


def plain(experiment):
    return json.dumps(experiment.settings())


def test_an_experiment_is_named_setting_by_setting_or_by_a_preset():
    lab = GanLab(loss="hinge", seed=3)
    assert lab.experiment == Experiment(loss="hinge", seed=3)
    for name, preset in PRESETS.items():
        assert GanLab(preset=name).experiment == preset.experiment
    name = next(iter(PRESETS))
    expected = replace(PRESETS[name].experiment, seed=5)
    assert GanLab(preset=name, seed=5).experiment == expected


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"loss": "dcgan"}, "loss is one of minimax, .*, article, not 'dcgan'."),
        ({"batch": 3}, "batch is a whole number from 4 to 256, not 3."),
        ({"generator_rate": 2}, "generator_rate is a number from 0.0001 to 1.0, not 2."),
        ({"data": "circle"}, "data is one of ring, grid, moons, line, drawn"),
        ({"points": [(2, 0)]}, "points are up to 500 pairs"),
        ({"data": "drawn", "points": []}, "Drawn data need at least one point"),
        ({"loss": "hinge", "smoothing": 0.1}, "Label smoothing belongs to the cross-entropy"),
        ({"steps": -1}, f"steps is a whole number from 0 to {MOST_STEPS}, not -1."),
        ({"steps": 1.5}, "steps is a whole number"),
        ({"steps": True}, "steps is a whole number"),
        ({"show": ["cloud"]}, "'map', 'arrows', 'grid'"),
        ({"show": []}, "show"),
        ({"speed": "warp"}, "'turns', 'slow', 'normal', 'fast'"),
        ({"link": "my lab"}, "link is made of small letters, digits and hyphens, not 'my lab'."),
        ({"preset": "success"}, "preset is one of .*, not 'success'."),
        ({"rate": 1}, "There is no setting 'rate'; there are preset, .*batch"),
    ],
)
def test_a_wrong_setting_is_answered_by_what_is_allowed(settings, sentence):
    with pytest.raises(traitlets.TraitError, match=sentence):
        GanLab(**settings)


def test_a_wrong_change_leaves_the_lab_as_it_was():
    lab = GanLab(smoothing=0.1)
    for name, wrong in [("loss", "hinge"), ("batch", 1000), ("steps", 5001), ("link", "")]:
        before = getattr(lab, name)
        with pytest.raises(traitlets.TraitError):
            setattr(lab, name, wrong)
        assert getattr(lab, name) == before
    with lab.hold_trait_notifications():  # as a change of both comes from the page
        lab.loss, lab.smoothing = "hinge", 0.0
    assert lab.experiment == Experiment(loss="hinge")


def test_points_are_kept_to_the_step_of_the_pen():
    lab = GanLab(data="drawn", points=[[0.123, -0.004], [1, 0.5]])
    assert lab.points == ((0.12, 0.0), (1.0, 0.5))
    assert str(lab.points[0][1]) == "0.0"
    assert GanLab().experiment.points == ()
    assert len(GanLab(data="drawn").experiment.points) == 40


def test_a_saved_state_makes_the_same_lab():
    lab = GanLab(data="drawn", points=DRAWN, loss="wasserstein", steps=7, show=["grid"])
    state = json.loads(json.dumps(lab.settings()))
    again = GanLab(**state)
    assert again.settings() == lab.settings()
    assert eval(repr(lab)).settings() == lab.settings()
    assert repr(GanLab(seed=4)) == "GanLab(seed=4)"


def test_what_the_page_offers_is_allowed():
    for name, values in OFFERED.items():
        for value in values:
            assert getattr(Experiment(**{name: value}), name) == value
    assert set(OFFERED) == set(LIMITS)
    choices = json.loads(GanLab().facts)["choices"]
    assert {name: tuple(options) for name, options in choices.items()} == CHOICES
    assert choices["loss"] == {name: game.title for name, game in GAMES.items()}


def test_the_reading_is_that_of_the_trained_experiment():
    gan = PlanarGAN(hidden=16, batch=16)
    d, g = (losses[-1] for losses in gan.train(40))
    reading = GanLab(hidden=16, batch=16, steps=40).reading
    found = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", reading)]
    assert reading.startswith("Step 40. Discriminator's loss ")
    assert found[:4] == [40, round(d, 3), round(g, 3), round(gan.energy_distance(), 3)]
    assert found[4:6] == list(gan.modes_found())
    outside = (np.abs(gan.samples()) > VIEW).any(1).sum()
    assert found[6:7] == ([outside] if outside else [])
    assert GanLab().reading.startswith("Step 0. Energy distance to the data ")
    assert "heaps" not in GanLab(data="moons").reading


def test_the_legend_of_the_still_picture_covers_nothing():
    figure = GanLab(preset="discriminator-wins", steps=20).figure()
    (legend,) = figure.legends
    names = [text.get_text() for text in legend.get_texts()]
    assert names == ["real", "generated", "discriminator", "generator"]
    figure.draw_without_rendering()
    place = legend.get_window_extent()
    assert 0 <= place.x0 < place.x1 <= figure.bbox.x1
    for axes in figure.axes:
        assert axes.get_legend() is None
        assert not place.overlaps(axes.get_tightbbox())


def test_what_has_run_away_is_said_in_words():
    lost = GanLab(loss="least_squares", optimizer="sgd", discriminator_rate=1, steps=60)
    assert "Discriminator's loss no longer a number" in lost.reading
    assert "200 of 200 generated samples lie outside the picture." in lost.reading


@pytest.mark.parametrize("settings", [{}, {"loss": "hinge"}, {"data": "moons", "loss": "article"}])
@pytest.mark.parametrize("steps", [0, 1, 60])
def test_page_and_python_say_the_same(javascript, settings, steps):
    lab = GanLab(**settings, hidden=16, steps=steps)
    said = javascript(
        f"""(() => {{
            const gan = new widget.PlanarGAN({plain(lab.experiment)});
            gan.train({steps});
            return widget.reading(gan, {VIEW}).join(" ");
        }})()"""
    )
    assert said == lab.reading


@pytest.mark.parametrize("loss", GAMES)
def test_page_and_python_paint_the_same(javascript, loss):
    scores = np.linspace(-6, 6, 25)
    found = javascript(f"[...widget.belief('{loss}', Float64Array.from({scores.tolist()}), 0.7)]")
    expected = belief(loss, scores, 0.7)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    assert expected.min() >= 0 and expected.max() <= 1 and (np.diff(expected) >= 0).all()
    even = {"least_squares": 0.5, "wasserstein": 0.7}.get(loss, 0.0)
    assert belief(loss, [even, 5.0], 0.7)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.loss)
def test_the_exported_code_is_pythons_and_gives_the_pages_losses(javascript, experiment, capsys):
    code, losses = javascript(
        f"""[
            widget.python({plain(experiment)}, {facts()}),
            new widget.PlanarGAN({plain(experiment)}).train(100),
        ]"""
    )
    assert code == experiment.python()
    names = {}
    exec(code, names)
    assert len(capsys.readouterr().out.splitlines()) == 100
    for player, expected in zip(("discriminator", "generator"), names["history"], strict=True):
        np.testing.assert_allclose(losses[player], expected, rtol=1e-6)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda e: e.loss)
def test_a_link_brings_back_the_setting(javascript, experiment):
    link, back = javascript(
        f"""(() => {{
            const link = widget.toLink({plain(experiment)}, {facts()});
            return [link, widget.fromLink(link, {facts()})];
        }})()"""
    )
    assert re.fullmatch(r"[\w:.,-]*", link)
    assert Experiment(**back) == experiment
    assert len(link) < 120


def test_a_link_names_only_what_differs(javascript):
    link = javascript(f"widget.toLink({plain(Experiment(loss='hinge', seed=3))}, {facts()})")
    assert link == "loss:hinge,seed:3"


@pytest.mark.parametrize(
    "link",
    [
        "loss:dcgan",
        "loss:constructor",
        "loss",
        "seed:-1",
        "seed:1.5",
        "seed:",
        "batch:NaN",
        "batch:1000",
        "__proto__:1",
        "constructor:1",
        "rate:1",
        "data:drawn",
        "points:zz",
        "points:zzzz",
        "points:00",
        "loss:hinge,smoothing:0.1",
        "alert(1)",
    ],
)
def test_a_wrong_link_is_refused(javascript, link):
    refused = javascript(
        f"""(() => {{
            try {{ return widget.fromLink({json.dumps(link)}, {facts()}); }}
            catch (part) {{ return part; }}
        }})()"""
    )
    assert isinstance(refused, str)
    assert refused in link


def test_the_picture_draws_plane_losses_and_distance():
    lab = GanLab(hidden=8, batch=8, steps=30)
    plane, losses, distance = lab.figure().axes
    assert plane.get_title("left") == "After 30 steps"
    real, fake = (marks.get_offsets() for marks in plane.collections[-3:-1])
    gan = PlanarGAN(hidden=8, batch=8)
    history = gan.train(30)
    np.testing.assert_allclose(real, gan.real_samples())
    np.testing.assert_allclose(fake, gan.samples())
    for line, expected in zip(losses.lines, history, strict=True):
        np.testing.assert_allclose(line.get_ydata(), expected)
    assert len({line.get_linestyle() for line in losses.lines}) == 2
    assert distance.lines[0].get_ydata()[-1] == gan.energy_distance()


def test_the_alternative_text_states_what_came_of_it():
    assert "have moved onto the data" in GanLab(hidden=16, steps=600).alternative
    assert "have not come nearer" in GanLab(loss="article", hidden=16, steps=300).alternative
    assert "Step 600." in GanLab().alternative


def test_the_script_is_small_and_asks_for_nothing():
    assert len(GanLab._esm.encode()) < 40_000
    assert not re.search(r"https?:|^import |eval\(|fetch\(", GanLab._esm, re.MULTILINE)

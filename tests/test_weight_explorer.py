"""The weight explorer: its pictures and losses, and the same words in Python and JavaScript."""

import itertools
import json

import numpy as np
import pytest
import traitlets

from abstractgan.by_optimisation import TransferLosses
from abstractgan.data.images import to_float
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import photograph
from abstractgan.features import vgg16
from abstractgan.widgets import WeightExplorer
from abstractgan.widgets.weight_explorer import CONFIG, LAYERS, RECORD, WEIGHTS

SETTINGS = [
    {"content_weight": content, "style_weight": style, "layers": layers}
    for content, style, layers in itertools.product(WEIGHTS, WEIGHTS, LAYERS)
]


@pytest.fixture(scope="module")
def config():
    return json.loads((RECORD / CONFIG).read_text(encoding="utf-8"))


def test_what_the_package_carries_is_small():
    assert sum(path.stat().st_size for path in RECORD.iterdir()) < 200_000


def test_only_the_ratio_decides():
    one, other = WeightExplorer(content_weight=1, style_weight=4), WeightExplorer()
    assert one.losses == other.losses
    assert (one.picture == other.picture).all()
    assert one.reading != other.reading


def test_each_ratio_and_each_set_of_layers_has_a_picture_of_its_own():
    explorer = WeightExplorer()
    pictures = {}
    for settings in SETTINGS:
        explorer.set_trait("content_weight", settings["content_weight"])
        explorer.set_trait("style_weight", settings["style_weight"])
        explorer.set_trait("layers", settings["layers"])
        assert explorer.picture.shape == (128, 128, 3)
        ratio = settings["style_weight"] / settings["content_weight"]
        pictures[ratio, settings["layers"]] = explorer.picture.tobytes()
    assert len(set(pictures.values())) == len(pictures) == 7 * 3


@pytest.mark.parametrize("layers", LAYERS)
def test_more_style_costs_content(config, layers):
    content, style = config["content"][layers], config["style"][layers]
    assert (np.diff(content) > 0).all()
    assert style[-1] < style[0] < config["photograph_style"]


def test_the_recorded_losses_are_those_of_the_pictures(config):
    """As far as WebP lets them be: it smooths what style is made of."""
    size = config["size"]

    def square(picture):
        from keras import ops

        batch = to_float(picture)[None]
        scaled = ops.image.resize(batch, (size, size), crop_to_aspect_ratio=True, antialias=True)
        return np.clip(ops.convert_to_numpy(scaled), -1, 1)

    movement, seed = config["painting"]
    network = vgg16(config["layers"]["all"])
    content, style = square(photograph(config["photograph"])), square(paint(movement, seed))
    losses = TransferLosses(network, content, style, content_layers=config["content_layers"])
    assert float(losses(content)["style"]) == pytest.approx(config["photograph_style"], rel=0.01)
    for settings in ({"content_weight": 64, "style_weight": 1}, {"content_weight": 1}):
        explorer = WeightExplorer(**settings)
        found = losses(to_float(explorer.picture)[None])
        assert float(found["content"]) == pytest.approx(explorer.losses[0], abs=0.05)
        assert float(found["style"]) == pytest.approx(explorer.losses[1], abs=0.1)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"content_weight": 2}, "^content_weight is one of 1, 4, 16, 64, not 2.$"),
        ({"style_weight": 0}, "^style_weight is one of 1, 4, 16, 64, not 0.$"),
        ({"layers": "relu1_1"}, "^layers is one of fine, all, coarse, not 'relu1_1'.$"),
    ],
)
def test_a_wrong_setting_is_answered_by_the_right_ones(settings, message):
    with pytest.raises(traitlets.TraitError, match=message):
        WeightExplorer(**settings)


def test_the_order_of_the_sheet_survives_a_notebook_that_sorts_names():
    record = WeightExplorer().record
    assert json.loads(json.dumps(record, sort_keys=True)) == record
    assert [name for name, _ in record["layers"]] == list(LAYERS)


def test_its_words():
    explorer = WeightExplorer(content_weight=1, style_weight=1, layers="coarse")
    assert "style and content weigh alike. Style from relu3_1, relu4_1." in explorer.reading
    explorer.content_weight = 64
    assert "style weight 1: content weighs 64 times as much." in explorer.reading
    explorer.style_weight = 64
    explorer.content_weight = 4
    assert "Content weight 4, style weight 64: style weighs 16 times as much." in explorer.reading
    assert repr(explorer) == ("WeightExplorer(content_weight=4, style_weight=64, layers='coarse')")
    assert explorer.reading in explorer.alternative


def test_the_still_picture_has_the_painting_and_two_bars():
    explorer = WeightExplorer()
    picture, bars = explorer.figure().axes
    assert picture.images[0].get_array().shape == (128, 128, 3)
    assert [bar.get_width() for bar in bars.patches] == list(explorer.losses)


def test_javascript_says_and_reads_what_python_does(alone):
    opened = alone(WeightExplorer())
    script = """async (all) => {
        const { reading, losses } = await import("./widget.js");
        const record = model.get("record");
        return all.map((state) => [reading(record, state), losses(record, state)]);
    }"""
    for settings, (reading, losses) in zip(
        SETTINGS, opened.page.evaluate(script, SETTINGS), strict=True
    ):
        explorer = WeightExplorer(**settings)
        assert reading == explorer.reading
        assert tuple(losses) == explorer.losses


def test_the_sheet_shows_the_picture_of_the_state(alone):
    opened = alone(WeightExplorer())
    picture = opened.root.locator(".picture")
    seen = set()
    for settings in SETTINGS:
        opened.set(**settings)
        shown = picture.evaluate("(p) => [p.style.backgroundPosition, p.style.backgroundSize]")
        columns, rows = 7, len(LAYERS)
        assert shown[1] == f"{100 * columns}% {100 * rows}%"
        x, y = (float(part.rstrip("%")) / 100 for part in shown[0].split())
        place = (round(x * (columns - 1)), round(y * (rows - 1)))
        ratio = settings["style_weight"] / settings["content_weight"]
        ratios = opened.state()["record"]["ratios"]
        assert place == (ratios.index(ratio), list(LAYERS).index(settings["layers"]))
        assert picture.get_attribute("aria-label").endswith(opened.reading())
        seen.add(place)
    assert len(seen) == columns * rows

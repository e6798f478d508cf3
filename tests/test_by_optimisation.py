import numpy as np
import pytest
from keras import ops

from abstractgan.by_optimisation import (
    METHODS,
    Painter,
    TransferLosses,
    paint_coarse_to_fine,
    starting_picture,
)
from abstractgan.data.images import to_float
from abstractgan.data.paintings import paint
from abstractgan.errors import UserError
from abstractgan.features import gram_matrix, vgg16
from abstractgan.losses import content_loss, gram_loss, total_variation

GOAL = np.random.default_rng(0).uniform(-0.8, 0.8, (1, 4, 6, 3)).astype("float32")
ZERO = np.zeros_like(GOAL)


def to_the_goal(pixels):
    return {
        "distance": ops.mean(ops.square(pixels - GOAL)),
        "darkness": ops.mean(pixels) + 1,
    }


@pytest.fixture(scope="module")
def pictures():
    return [to_float(paint(name, 1, 32))[None] for name in ("orphism", "neoplasticism")]


@pytest.fixture(scope="module")
def network():
    return vgg16(["relu1_1", "relu2_1", "relu3_1"])


# The painter, on a problem whose solution is known.


@pytest.mark.parametrize("method", METHODS)
def test_it_reaches_the_minimum(method):
    painting = Painter(to_the_goal).paint(ZERO, {"distance": 2}, method=method, evaluations=150)
    np.testing.assert_allclose(painting.picture, GOAL, atol=1e-2)
    assert painting.picture.dtype == "float32"


@pytest.mark.parametrize("method", METHODS)
def test_weights_decide_where_it_goes(method):
    """The minimum of mean((x - g)^2) + 0.2 mean(x) lies at g - 0.1."""
    weights = {"distance": 1, "darkness": 0.2}
    painting = Painter(to_the_goal).paint(ZERO, weights, method=method, evaluations=200)
    np.testing.assert_allclose(painting.picture, GOAL - 0.1, atol=1e-2)


@pytest.mark.parametrize("method", METHODS)
def test_pixels_keep_to_their_range(method):
    painting = Painter(to_the_goal).paint(
        ZERO, {"darkness": 1}, method=method, evaluations=60, learning_rate=0.2
    )
    np.testing.assert_allclose(painting.picture, -1, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_every_evaluation_is_counted_and_recorded(method):
    start = ZERO.copy()
    painting = Painter(to_the_goal).paint(start, {"distance": 3}, method=method, evaluations=4)
    history = painting.history
    assert list(history) == ["distance", "darkness", "total"]
    assert {len(values) for values in history.values()} == {4}
    np.testing.assert_allclose(history["total"], 3 * history["distance"], rtol=1e-6)
    assert history["distance"][0] == pytest.approx(np.mean(GOAL**2), rel=1e-5)
    assert painting.losses["total"] == history["total"].min()
    distance = float(to_the_goal(painting.picture)["distance"])
    assert painting.losses["distance"] == pytest.approx(distance, rel=1e-5)
    assert (start == 0).all()


def test_the_best_picture_is_kept_where_steps_are_too_long():
    near = GOAL + np.float32(0.01)
    painting = Painter(to_the_goal).paint(near, {"distance": 1}, evaluations=3, learning_rate=0.5)
    assert painting.best == 0
    assert painting.history["distance"][1] > painting.losses["distance"]
    np.testing.assert_array_equal(painting.picture, near)


def test_lbfgs_needs_fewer_evaluations_than_adam():
    losses = [
        Painter(to_the_goal).paint(ZERO, {"distance": 1}, method=m, evaluations=15).losses["total"]
        for m in METHODS
    ]
    assert losses[METHODS.index("l-bfgs")] < losses[METHODS.index("adam")] / 10


def test_progress_is_shown_when_asked_for(capsys):
    painter = Painter(to_the_goal)
    painter.paint(ZERO, {"distance": 1}, evaluations=2)
    assert capsys.readouterr().out == ""
    painter.paint(ZERO, {"distance": 1}, evaluations=2, progress=True)
    shown = capsys.readouterr().out
    assert "2/2" in shown
    assert "loss" in shown


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("losses", "what"),
    [
        (lambda x: {"log": ops.mean(ops.log(x))}, "The log loss"),
        (lambda x: {"root": ops.mean(ops.sqrt(x))}, "The gradient"),
    ],
)
def test_what_is_not_finite_stops_in_one_sentence(method, losses, what):
    with pytest.raises(UserError, match=rf"^{what} is not a finite number at evaluation 1: try"):
        Painter(losses).paint(ZERO, {name: 1 for name in losses(GOAL)}, method=method)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": {"beauty": 1}}, "no loss 'beauty' to weigh; choose from distance, darkness"),
        ({"weights": {}}, "at least one of them above 0"),
        ({"weights": {"distance": 0}}, "at least one of them above 0"),
        ({"weights": {"distance": -1}}, "weights of 0 or more"),
        ({"weights": {"distance": float("nan")}}, "weights of 0 or more"),
        ({"method": "newton"}, "choose one of adam, l-bfgs"),
        ({"evaluations": 0}, "1 or more"),
        ({"evaluations": 2.5}, "whole number"),
        ({"learning_rate": 0}, "above 0 and up to 1"),
        ({"start": ZERO[0]}, "shape"),
        ({"start": ZERO + 2}, "from -1 to 1"),
        ({"start": ZERO * np.nan}, "from -1 to 1"),
    ],
)
def test_wrong_arguments_are_answered_in_one_sentence(arguments, message):
    settings = {"start": ZERO, "weights": {"distance": 1}} | arguments
    with pytest.raises(UserError, match=message) as answer:
        Painter(to_the_goal).paint(**settings)
    assert str(answer.value).endswith(".")
    assert "\n" not in str(answer.value)


# The losses of Gatys et al.


def test_transfer_losses_are_means_over_their_layers(network, pictures):
    content, style = pictures
    losses = TransferLosses(network, content, style, content_layers=["block2_conv1", "relu3_1"])
    assert losses.content_layers == ["relu2_1", "relu3_1"]
    assert losses.style_layers == ["relu1_1", "relu2_1", "relu3_1"]
    noise = starting_picture("noise", content)
    got = losses(noise)
    maps = [network(picture) for picture in (noise, content, style)]
    expected = [content_loss(maps[0][i], maps[1][i]) for i in (1, 2)]
    assert float(got["content"]) == pytest.approx(np.mean(expected), rel=1e-5)
    expected = [gram_loss(maps[0][i], gram_matrix(maps[2][i])) for i in range(3)]
    assert float(got["style"]) == pytest.approx(np.mean(expected), rel=1e-5)
    assert float(got["variation"]) == pytest.approx(float(total_variation(noise)))


@pytest.mark.parametrize("style_loss", ["gram", "statistics"])
def test_each_picture_has_none_of_its_own_loss(network, pictures, style_loss):
    content, style = pictures
    losses = TransferLosses(
        network, content, style, content_layers=["relu3_1"], style_loss=style_loss
    )
    assert float(losses(content)["content"]) == 0
    assert float(losses(style)["style"]) == 0
    assert float(losses(content)["style"]) > 0.01


def test_a_network_with_one_layer_is_enough(pictures):
    losses = TransferLosses(vgg16(["relu2_1"]), *pictures, content_layers=["relu2_1"])
    assert losses.style_layers == ["relu2_1"]
    assert float(losses(pictures[0])["content"]) == 0


def test_a_painting_gets_the_style_and_keeps_the_content(network, pictures):
    content, style = pictures
    painter = Painter(TransferLosses(network, content, style, content_layers=["relu3_1"]))
    weights = {"content": 1, "style": 10}
    painting = painter.paint(content, weights, evaluations=30, learning_rate=0.1)
    assert painting.losses["style"] < painting.history["style"][0] / 4
    assert painting.losses["content"] < 0.6
    again = painter.paint(content, weights, evaluations=30, learning_rate=0.1)
    np.testing.assert_allclose(again.picture, painting.picture, atol=0.05)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"style_loss": "texture"}, "choose one of gram, statistics"),
        ({"content_layers": ["relu4_1"]}, "does not give relu4_1; choose from relu1_1"),
        ({"style_layers": []}, "a layer without a name"),
        ({"content": np.zeros((1, 8, 32, 3))}, "content picture is at least 16 pixels"),
        ({"style": np.zeros((32, 32, 3))}, "style picture is of shape"),
        ({"style": np.full((1, 32, 32, 3), 255)}, "style picture holds numbers from -1 to 1"),
    ],
)
def test_wrong_pictures_and_layers(network, pictures, arguments, message):
    settings = {"content": pictures[0], "style": pictures[1], "content_layers": ["relu3_1"]}
    with pytest.raises(UserError, match=message):
        TransferLosses(network, **settings | arguments)


# Where to begin.


def test_starts(pictures):
    content = pictures[0][:, :, :20]
    style = pictures[1]
    np.testing.assert_array_equal(starting_picture("content", content), content)
    noise = starting_picture("noise", content, seed=3)
    np.testing.assert_array_equal(noise, starting_picture("noise", content, seed=3))
    assert not np.array_equal(noise, starting_picture("noise", content, seed=4))
    assert 0.4 < np.abs(noise).max() <= 0.5
    painted = starting_picture("style", content, style)
    assert painted.shape == noise.shape == content.shape
    np.testing.assert_array_equal(starting_picture("style", style, style), style)


def test_wrong_starts(pictures):
    with pytest.raises(UserError, match="choose one of content, noise, style"):
        starting_picture("zeros", pictures[0])
    with pytest.raises(UserError, match="style picture is of shape"):
        starting_picture("style", pictures[0])


# From coarse to fine.


def test_a_picture_is_painted_small_first(pictures):
    content, style = pictures[0][:, :, :24], pictures[1]
    network = vgg16(["relu1_1", "relu4_1"])
    weights = {"content": 1, "style": 8}
    both, one = (
        paint_coarse_to_fine(network, content, style, weights, scales=scales, evaluations=6)
        for scales in ([0.75, 1], [1])
    )
    assert both.picture.shape == one.picture.shape == content.shape
    assert len(both.history["total"]) == 6
    assert both.history["style"][0] < one.history["style"][0]
    assert one.history["content"][0] == 0


@pytest.mark.parametrize("scales", [[], [0.5], [0, 1], [2, 1], [1, 0.5]])
def test_wrong_scales(network, pictures, scales):
    with pytest.raises(UserError, match="Give scales above 0 and up to 1, the last one 1"):
        paint_coarse_to_fine(network, *pictures, {"style": 1}, scales=scales)

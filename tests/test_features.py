"""The feature extractor, its weights and the statistics that stand for style."""

import os
import socket
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from abstractgan import features
from abstractgan.data import downloads
from abstractgan.errors import UserError
from abstractgan.features import adain, channel_statistics, gram_matrix, named_maps, vgg16

SHARED = Path(os.environ.get("ABSTRACTGAN_SHARED", Path(__file__).parents[2] / "shared"))
FULL_WEIGHTS = SHARED / "vgg16" / "vgg16_notop.weights.h5"
BGR_MEANS = np.array([103.939, 116.779, 123.68])


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(0).uniform(-1, 1, (2, 32, 40, 3)).astype("float32")


@pytest.fixture
def maps():
    return np.random.default_rng(1).normal(3, 2, (2, 8, 6, 5)).astype("float32")


def test_feature_maps_come_in_the_order_asked_for(images):
    model = vgg16(["relu4_1", "block1_conv1", "relu2_2"])
    shapes = [tuple(output.shape) for output in model(images)]
    assert shapes == [(2, 4, 5, 512), (2, 32, 40, 64), (2, 16, 20, 128)]
    assert not model.trainable_variables


def test_one_layer_gives_its_map_alone_and_cuts_the_network_there(images):
    model = vgg16(["relu3_1"])
    assert tuple(model(images).shape) == (2, 8, 10, 256)
    assert model.layers[-1].name == "block3_conv1"


def test_the_source_is_printed(capsys):
    vgg16(["relu1_1"])
    assert capsys.readouterr().out == (
        "VGG16 weights: embedded, float16; feature maps: block1_conv1\n"
    )


def test_embedded_weights_are_those_of_the_published_network():
    weights = {w.path: w.numpy() for w in vgg16(["relu4_1"]).weights}
    known = {
        ("block1_conv1/kernel", (0, 0, 0, 0)): 0.42947057,
        ("block1_conv1/bias", (25,)): 0.7446502,
        ("block1_conv2/kernel", (2, 2, 63, 63)): 0.016082443,
        ("block2_conv1/bias", (1,)): 0.06440781,
    }
    for (name, index), value in known.items():
        assert weights[name][index] == pytest.approx(value, rel=5e-4)


def test_preprocessing_and_first_convolution_by_hand(images):
    model = vgg16(["relu1_1"])
    kernel, bias = model.get_layer("block1_conv1").get_weights()
    window = (images[0, 9:12, 19:22] * 127.5 + 127.5)[:, :, ::-1] - BGR_MEANS
    expected = np.maximum(np.einsum("hwc,hwcd->d", window, kernel) + bias, 0)
    np.testing.assert_allclose(model(images)[0, 10, 20], expected, rtol=1e-3, atol=1e-3)


@pytest.mark.skipif(
    not FULL_WEIGHTS.is_file(), reason="set ABSTRACTGAN_SHARED to a folder with vgg16/*.h5"
)
def test_embedded_features_match_keras_applications_in_float32(images):
    network = keras.applications.VGG16(include_top=False, weights=None)
    network.load_weights(FULL_WEIGHTS)
    names = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1"]
    reference = keras.Model(network.input, [network.get_layer(name).output for name in names])
    inputs = keras.applications.vgg16.preprocess_input(images * 127.5 + 127.5)
    for ours, theirs in zip(vgg16(names)(images), reference(inputs), strict=True):
        error = np.abs(ours - theirs).mean() / np.abs(theirs).mean()
        assert error < 1e-3


def test_mirrored_maps_of_a_wall_have_no_edge_and_others_differ_at_theirs_only(images):
    names = ["relu2_1", "relu4_1"]
    wall = np.full((1, 32, 40, 3), 0.3, "float32")
    published, mirrored = vgg16(names), vgg16(names, mirrored=True)
    for zeros, maps in zip(published(wall), mirrored(wall), strict=True):
        assert np.ptp(maps, axis=(1, 2)).max() < 1e-3 < np.ptp(zeros, axis=(1, 2)).max()
    zeros, maps = published(images)[0], mirrored(images)[0]
    np.testing.assert_allclose(maps[:, 3:-3, 3:-3], zeros[:, 3:-3, 3:-3], atol=1e-3)
    assert np.abs(maps - zeros).max() > 1


def test_gradients_reach_the_image(images):
    model = vgg16(["relu3_1", "relu4_1"])
    pixels = tf.Variable(images)
    with tf.GradientTape() as tape:
        loss = sum(
            tf.reduce_mean(gram_matrix(x)) + tf.reduce_mean(channel_statistics(x)[1])
            for x in model(pixels)
        )
    gradient = tape.gradient(loss, pixels).numpy()
    assert np.isfinite(gradient).all()
    assert np.abs(gradient).max() > 0


def test_keras_weights_are_used_when_asked_for(monkeypatch, capsys, images):
    keras.utils.set_random_seed(0)
    network = keras.applications.VGG16(include_top=False, weights=None)
    timeouts = []

    def download(**arguments):
        assert arguments == {"include_top": False, "weights": "imagenet"}
        timeouts.append(socket.getdefaulttimeout())
        return network

    monkeypatch.setattr(keras.applications, "VGG16", download)
    model = vgg16(["relu5_1"], source="keras")
    assert capsys.readouterr().out.startswith("VGG16 weights: keras.applications, float32;")
    inputs = keras.applications.vgg16.preprocess_input(images * 127.5 + 127.5)
    reference = keras.Model(network.input, network.get_layer("block5_conv1").output)
    np.testing.assert_allclose(model(images), reference(inputs), rtol=1e-3, atol=1e-3)
    assert timeouts == [downloads._SECONDS]
    assert socket.getdefaulttimeout() is None


@pytest.fixture(scope="module")
def weights_file(tmp_path_factory):
    keras.utils.set_random_seed(1)
    network = keras.applications.VGG16(include_top=False, weights=None)
    path = tmp_path_factory.mktemp("vgg") / "some.weights.h5"
    network.save_weights(path)
    return network, path


@pytest.mark.parametrize("form", [str, lambda path: path], ids=["text", "path"])
def test_the_weights_of_a_file_are_used_when_asked_for(weights_file, form, capsys, images):
    network, path = weights_file
    model = vgg16(["relu5_1", "relu4_2"], source=form(path))
    assert capsys.readouterr().out == (
        "VGG16 weights: some.weights.h5, float32; feature maps: block5_conv1, block4_conv2\n"
    )
    inputs = keras.applications.vgg16.preprocess_input(images * 127.5 + 127.5)
    reference = keras.Model(network.input, network.get_layer("block5_conv1").output)
    np.testing.assert_allclose(model(images)[0], reference(inputs), rtol=1e-3, atol=1e-3)


def test_a_file_of_other_weights_is_answered_by_one_sentence(weights_file, tmp_path):
    other = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])
    other.save_weights(tmp_path / "other.weights.h5")
    content = weights_file[1].read_bytes()
    (tmp_path / "cut.weights.h5").write_bytes(content[: len(content) // 2])
    (tmp_path / "text.weights.h5").write_text("no weights")
    (tmp_path / "other.txt").write_text("no weights")
    for name in ("other.weights.h5", "cut.weights.h5", "text.weights.h5", "other.txt"):
        with pytest.raises(UserError, match=rf"{name}' does not hold the weights of VGG16's 13"):
            vgg16(["relu1_1"], source=tmp_path / name)


@pytest.mark.parametrize("name", ["absent.weights.h5", "."])
def test_an_absent_file_of_weights_is_answered_by_one_sentence(tmp_path, name):
    with pytest.raises(UserError, match="or give the path of a file"):
        vgg16(["relu1_1"], source=tmp_path / name)


def test_feature_maps_have_the_papers_names(images):
    model = vgg16(["relu2_1", "block1_conv1"])
    assert {name: maps.shape[-1] for name, maps in named_maps(model, images).items()} == {
        "relu2_1": 128,
        "relu1_1": 64,
    }
    assert list(named_maps(vgg16(["relu1_2"]), images)) == ["relu1_2"]


def test_no_network_is_answered_by_one_sentence(monkeypatch):
    def download(**arguments):
        raise Exception("URL fetch failure on https://example.org: None -- timed out")

    monkeypatch.setattr(keras.applications, "VGG16", download)
    with pytest.raises(UserError, match=r"check the network, or use .* source='embedded'"):
        vgg16(["relu1_1"], source="keras")


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda content: b""])
def test_damaged_weights_are_answered_by_one_sentence(monkeypatch, tmp_path, damage):
    content = (features.ASSETS / features._EMBEDDED_FILE).read_bytes()
    (tmp_path / features._EMBEDDED_FILE).write_bytes(damage(content))
    monkeypatch.setattr(features, "ASSETS", tmp_path)
    with pytest.raises(UserError, match="missing or damaged; install abstractgan again"):
        vgg16(["relu1_1"])


def test_missing_weights_are_answered_by_the_same_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(features, "ASSETS", tmp_path)
    with pytest.raises(UserError, match="missing or damaged"):
        vgg16(["relu1_1"])


@pytest.mark.parametrize("layer", ["relu5_1", "relu1", "relu1_3", "conv1_1", "block4_conv2"])
def test_an_unknown_layer_lists_the_known_ones(layer):
    with pytest.raises(UserError, match=f"no layer '{layer}' here.*block1_conv1.*block4_conv1"):
        vgg16([layer])


def test_no_layer_and_an_unknown_source_are_refused():
    with pytest.raises(UserError, match="Name at least one layer"):
        vgg16([])
    with pytest.raises(UserError, match="choose 'embedded' or 'keras'"):
        vgg16(["relu1_1"], source="torch")


def test_gram_matrix_by_hand():
    # Two channels at two positions: (1, 3) and (2, 4).
    maps = np.array([[[[1, 3], [2, 4]]]], "float32")
    expected = [[[(1 + 4) / 2, (3 + 8) / 2], [(3 + 8) / 2, (9 + 16) / 2]]]
    np.testing.assert_allclose(gram_matrix(maps), expected)


def test_gram_matrix_ignores_where_things_are(maps):
    shuffled = np.random.default_rng(2).permutation(maps.reshape(2, 48, 5), axis=1)
    shuffled = shuffled.reshape(maps.shape)
    assert not np.allclose(shuffled, maps)
    np.testing.assert_allclose(gram_matrix(shuffled), gram_matrix(maps), rtol=1e-5)


def test_gram_matrix_does_not_overflow_in_half_precision():
    gram = gram_matrix(np.full((1, 4, 4, 1), 4000, "float16"))
    np.testing.assert_allclose(gram, [[[16e6]]])


def test_gram_matrix_of_a_batch_of_unknown_size_in_a_graph(maps):
    graph = tf.function(gram_matrix, input_signature=[tf.TensorSpec((None, None, None, 5))])
    np.testing.assert_allclose(graph(maps), gram_matrix(maps), rtol=1e-6)


def test_channel_statistics_by_hand():
    mean, std = channel_statistics(np.array([[[[1.0], [3.0]], [[5.0], [7.0]]]], "float32"))
    np.testing.assert_allclose(mean, [[4.0]])
    np.testing.assert_allclose(std, [[np.sqrt(5 + 1e-5)]])


def test_adain_has_the_statistics_of_the_style_and_the_pattern_of_the_content(maps):
    style = np.random.default_rng(3).normal(-7, 30, (1, 12, 9, 5)).astype("float32")
    result = adain(maps, style)
    style_mean, style_std = channel_statistics(style)
    mean, std = channel_statistics(result)
    np.testing.assert_allclose(mean, np.repeat(style_mean, 2, axis=0), rtol=1e-4)
    np.testing.assert_allclose(std, np.repeat(style_std, 2, axis=0), rtol=1e-4)
    for channel in range(5):
        correlation = np.corrcoef(
            maps[0, ..., channel].ravel(), result[0, ..., channel].numpy().ravel()
        )
        assert correlation[0, 1] == pytest.approx(1, abs=1e-5)


def test_adain_of_a_constant_channel_is_the_mean_of_the_style(maps):
    flat = np.full((1, 4, 4, 5), 2.5, "float32")
    style_mean, _ = channel_statistics(maps[:1])
    expected = np.broadcast_to(style_mean[:, None, None], flat.shape)
    np.testing.assert_allclose(adain(flat, maps[:1]), expected, rtol=1e-5)


def test_adain_of_two_different_layers_is_refused(maps):
    with pytest.raises(UserError, match="5 and 3 channels"):
        adain(maps, maps[..., :3])

"""The measures of style transfer, by hand and by what they must keep to."""

import numpy as np
import pytest

from abstractgan.data.images import centre_square
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import photograph
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.metrics import (
    art_fid_in_form,
    lpips_in_form,
    memorisation,
    style_retrieval,
    style_vectors,
    tiles,
)
from abstractgan.metrics.style import (
    EMBEDDED_LAYERS,
    SIDE,
    content,
    gram,
    gram5,
    look,
    measure,
    structure,
)


def one_layer(*rows):
    """Maps (1, 1, positions, channels) from the features at each position."""
    return np.array([[rows]], "float32")


@pytest.fixture(scope="module")
def network():
    return vgg16(EMBEDDED_LAYERS)


@pytest.fixture(scope="module")
def seen(network):
    pictures = {
        "photograph": photograph("china"),
        "painting": paint("orphism", 5, 300),
        "other painting": paint("neoplasticism", 5, 300),
    }
    return {name: look(network, picture) for name, picture in pictures.items()}


def test_gram_by_hand():
    # At one position (3, 4) against (3, 0): Gram matrices [[9, 12], [12, 16]] and [[9, 0], [0, 0]].
    result, painting = one_layer((3, 4)), one_layer((3, 0))
    layers = {layer: result for layer in EMBEDDED_LAYERS}
    targets = {layer: painting for layer in EMBEDDED_LAYERS}
    distance = np.sqrt(2 * 12**2 + 16**2) / 9
    assert gram(layers, targets) == pytest.approx(distance)
    # Three layers are met, one is not: the mean of four.
    layers |= {layer: painting for layer in EMBEDDED_LAYERS[:3]}
    assert gram(layers, targets) == pytest.approx(distance / 4)
    assert gram5({"relu5_1": result}, {"relu5_1": painting}) == pytest.approx(distance)


def test_gram_is_that_of_means_over_the_positions():
    once, twice = one_layer((1, 2), (3, 4)), one_layer((1, 2), (3, 4), (3, 4), (1, 2))
    assert gram5({"relu5_1": once}, {"relu5_1": twice}) == pytest.approx(0, abs=1e-6)


def test_content_by_hand():
    # Standardised, the channel of (1, 3) is (-1, 1); of (7, 5) it is (1, -1); of (2, 2) all 0.
    rising, falling, flat = (one_layer(*pairs) for pairs in ([[1], [3]], [[7], [5]], [[2], [2]]))
    for compare, layer in ((content, "relu4_2"), (structure, "relu4_1")):
        assert compare({layer: rising}, {layer: 10 * rising + 4}) == pytest.approx(0, abs=1e-4)
        assert compare({layer: rising}, {layer: falling}) == pytest.approx(2, abs=1e-4)
        assert compare({layer: rising}, {layer: flat}) == pytest.approx(1, abs=1e-4)


def test_the_measures_that_the_layers_allow(seen):
    photograph, painting = seen["photograph"], seen["painting"]
    untouched = measure(photograph, photograph, painting)
    assert set(untouched) == {"gram", "structure"}
    assert untouched["structure"] == pytest.approx(0, abs=1e-3)
    assert measure(painting, photograph, painting)["gram"] == pytest.approx(0, abs=1e-5)
    deeper = {"relu4_2": one_layer((1, 2), (2, 1)), "relu5_1": one_layer((1, 2))}
    both = measure(photograph | deeper, photograph | deeper, painting | deeper)
    assert set(both) == {"gram", "structure", "gram5", "content"}
    assert both["gram"] == untouched["gram"]


def test_the_square_in_the_middle_is_measured(network):
    picture = paint("orphism", 5, SIDE)
    wide = np.concatenate([np.zeros((SIDE, 60, 3), "uint8"), picture, picture[:, :60]], axis=1)
    np.testing.assert_array_equal(centre_square(wide, SIDE), picture)
    for layer, maps in look(network, wide).items():
        np.testing.assert_allclose(maps, look(network, picture)[layer])


def test_style_vectors_are_the_same_in_any_batches(network):
    pictures = np.stack([paint(name, 0, 64) for name in ("orphism", "bauhaus", "rayonism")])
    vectors = style_vectors(network, pictures, batch=2)
    assert vectors.shape == (3, 1920)
    np.testing.assert_allclose(vectors, style_vectors(network, pictures), rtol=1e-3, atol=1e-3)


def test_retrieval_by_hand():
    paintings = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]]
    results = [[1.0, 1.0], [9.0, 2.0], [6.0, 1.0], [2.0, 3.0]]  # nearest: 0, 1, 1, 0
    assert style_retrieval(results, paintings, [0, 1, 1, 0]) == 1
    assert style_retrieval(results, paintings, [0, 1, 0, 2]) == 0.5


def test_retrieval_finds_a_movement_by_another_picture_of_it(network):
    names = ("colour-field", "neoplasticism", "action-painting")
    ours, theirs = (
        style_vectors(network, np.stack([paint(name, seed, 128) for name in names]))
        for seed in (1, 2)
    )
    assert style_retrieval(ours, theirs, range(3)) > 1 / 3


@pytest.mark.parametrize("asked", [[0], [0, 3], [0, -1], [[0, 1]]])
def test_retrieval_needs_a_painting_for_each_result(asked):
    with pytest.raises(UserError, match=r"each of the 2 results the number .* 0 to 2"):
        style_retrieval(np.zeros((2, 4)), np.zeros((3, 4)), asked)


def test_lpips_in_form_by_hand():
    # Directions (1, 0) and (0, 1) are 2 apart when squared; length does not count.
    a, b = one_layer((2, 0), (0, 3)), one_layer((5, 0), (4, 0))
    assert lpips_in_form({"a": a}, {"a": b}, ["a"]) == pytest.approx((0 + 2) / 2)
    assert lpips_in_form({"a": a, "b": a}, {"a": b, "b": b}, "ab") == pytest.approx(2)
    nothing = one_layer((0, 0), (0, 0))
    assert lpips_in_form({"a": nothing}, {"a": nothing}, ["a"]) == 0


def test_lpips_in_form_grows_with_noise(network, seen):
    pixels = centre_square(photograph("china"), SIDE).astype("float32")
    noise = np.random.default_rng(0).normal(0, 1, pixels.shape)
    distances = [
        lpips_in_form(
            look(network, np.clip(pixels + sigma * noise, 0, 255).astype("uint8")),
            seen["photograph"],
        )
        for sigma in (0, 5, 40)
    ]
    assert distances[0] == pytest.approx(0, abs=1e-6)
    assert distances[0] < distances[1] < distances[2] < 2 * len(EMBEDDED_LAYERS)


def test_art_fid_in_form_by_hand():
    # FID in one dimension: (1 - 6)^2 + (sqrt 2 - sqrt 18)^2 = 25 + 8.
    assert art_fid_in_form(0.5, [[0.0], [2.0]], [[3.0], [9.0]]) == pytest.approx(1.5 * 34)


def test_memorisation_by_hand():
    training = [[0.0], [10.0]]
    found = memorisation([[1.0], [8.0], [10.0]], training, [[2.0], [5.0]])
    # Distances 1, 2, 0 against 2, 5: nearer in 1 + 0.5 + 1 and in 3 of the six pairs.
    assert found == (1, 3.5, pytest.approx(5.5 / 6))


def test_memorisation_tells_copies_from_new_pictures():
    rng = np.random.default_rng(0)
    training, held_out, fresh = rng.standard_normal((3, 200, 3))
    copies = training[:100] + 0.01 * rng.standard_normal((100, 3))
    assert memorisation(copies, training, held_out).nearer > 0.95
    assert 0.4 < memorisation(fresh, training, held_out).nearer < 0.6


@pytest.mark.parametrize(
    "shapes", [((0, 2), (3, 2), (3, 2)), ((3, 2), (3, 4), (3, 2)), ((3,),) * 3]
)
def test_memorisation_needs_vectors_that_fit(shapes):
    with pytest.raises(UserError, match="three arrays of style vectors"):
        memorisation(*map(np.zeros, shapes))


def test_tiles_by_hand():
    picture = np.arange(4 * 5).reshape(1, 4, 5, 1)
    cut = tiles(picture, 2)
    assert cut.shape == (4, 2, 2, 1)
    np.testing.assert_array_equal(cut[1, ..., 0], [[2, 3], [7, 8]])
    np.testing.assert_array_equal(cut[2, ..., 0], [[10, 11], [15, 16]])
    with pytest.raises(UserError, match="no squares of 8"):
        tiles(picture, 8)

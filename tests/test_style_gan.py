"""The style GAN: moments and their transfer, its losses, its pairs, and a run from end to end."""

import hashlib
import json
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import ops

from abstractgan.data.images import load_image, save_image
from abstractgan.data.paintings import paint
from abstractgan.data.pipeline import style_dataset
from abstractgan.errors import UserError
from abstractgan.features import covariance, matrix_roots, style_statistics
from abstractgan.losses import gram_distance, statistics_distance, structure_loss
from abstractgan.networks import StyleDecoder, style_discriminator, style_vector
from abstractgan.networks.style import content_moments
from abstractgan.training.profiles import StyleWeights, style_profile
from abstractgan.training.style import build_style_gan, train_style
from abstractgan.training.style_objectives import discriminator_loss
from abstractgan.training.style_pictures import painting_squares, squares_of_each

CHANNELS = (64, 128, 256, 512)


def maps_of(seed, side=64, batch=2):
    rng = np.random.default_rng(seed)
    return [
        rng.gamma(1, 100, (batch, side // 2**i, side // 2**i, channels)).astype("float32")
        for i, channels in enumerate(CHANNELS)
    ]


@pytest.fixture(scope="module")
def decoder():
    keras.utils.set_random_seed(0)
    return StyleDecoder()


@pytest.fixture(scope="module")
def squares():
    return painting_squares([], style_profile("smoke"), seed=0)


def pairs(squares, first_epoch=0, seed=0, **sizes):
    settings = {"size": 32, "batch_size": 3, "steps": 2} | sizes
    pictures = [paint("orphism", 0, 300), paint("cubism", 0, 280)]
    return iter(style_dataset(pictures, squares, seed=seed, first_epoch=first_epoch, **settings))


def test_roots_of_a_matrix_by_hand():
    [root], [inverse] = matrix_roots(np.array([[[4.0, 0.0], [0.0, 9.0]]], "float32"))
    np.testing.assert_allclose(root, [[2, 0], [0, 3]], atol=1e-4)
    np.testing.assert_allclose(inverse, [[1 / 2, 0], [0, 1 / 3]], atol=1e-4)


def test_eight_iterations_are_exact_to_a_percent_where_variances_differ_a_hundredfold():
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(6, 6)))
    matrix = (turn * np.geomspace(1, 100, 6)) @ turn.T
    [root], [inverse] = matrix_roots(matrix[None].astype("float32"))
    assert np.linalg.norm(root @ root - matrix) < 0.01 * np.linalg.norm(matrix)
    assert np.linalg.norm(inverse @ root - np.eye(6)) < 0.01 * np.sqrt(6)


def test_covariance_comes_from_mean_and_gram():
    [maps] = [np.random.default_rng(0).normal(3, 2, (1, 5, 4, 3)).astype("float32")]
    [(mean, gram)] = style_statistics([maps])
    expected = np.cov(maps.reshape(-1, 3), rowvar=False, bias=True)
    np.testing.assert_allclose(covariance(mean, gram)[0], expected, atol=1e-4)


def test_the_transfer_gives_compressed_maps_the_moments_of_the_style():
    keras.utils.set_random_seed(0)
    decoder = StyleDecoder()
    given = []
    decoder.painter = lambda inputs: given.extend(inputs) or inputs[0]
    # many positions, so that no direction is without variance
    photograph, painting = maps_of(0, 256, batch=1), maps_of(1, 256, batch=1)
    decoder(photograph, style_statistics(painting))
    wanted = content_moments(decoder.compress(painting))
    for (mean, spread), (target_mean, target) in zip(
        content_moments(given[:4]), wanted, strict=True
    ):
        np.testing.assert_allclose(mean, target_mean, atol=1e-3)
        apart = np.linalg.norm(spread - target) / np.linalg.norm(target)
        assert apart < 0.05


def test_its_own_style_leaves_a_photograph_as_it_is():
    keras.utils.set_random_seed(0)
    decoder = StyleDecoder()
    given = []
    decoder.painter = lambda inputs: given.extend(inputs) or inputs[0]
    photograph = maps_of(0, batch=1)
    decoder(photograph, style_statistics(photograph))
    for got, before in zip(given[:4], decoder.compress(photograph), strict=True):
        np.testing.assert_allclose(got, before, atol=0.02 * float(ops.std(before)) + 1e-3)


def test_the_decoder_is_small_and_paints_any_size(decoder):
    assert decoder.count_params() <= 600_000
    picture = decoder(maps_of(0, side=48), style_statistics(maps_of(1)))
    assert tuple(picture.shape) == (2, 48, 48, 3)
    assert float(ops.max(ops.abs(picture))) <= 1


def test_a_picture_of_one_colour_gives_finite_pixels(decoder):
    flat = [np.ones_like(each) for each in maps_of(0)]
    assert np.isfinite(decoder(flat, style_statistics(flat))).all()


def test_another_decoder_of_the_same_configuration_takes_the_weights(decoder, tmp_path):
    decoder.save_weights(tmp_path / "decoder.weights.h5")
    other = StyleDecoder.from_config(decoder.get_config())
    other.load_weights(tmp_path / "decoder.weights.h5")
    statistics = style_statistics(maps_of(1))
    np.testing.assert_array_equal(decoder(maps_of(0), statistics), other(maps_of(0), statistics))


@pytest.mark.parametrize("projection", [True, False])
def test_the_discriminator_heeds_the_style_only_with_a_projection(projection):
    keras.utils.set_random_seed(0)
    discriminator = style_discriminator(width=8, projection=projection)
    picture = keras.random.uniform((1, 64, 64, 3), -1, 1, seed=0)
    vectors = [style_vector(style_statistics(maps_of(seed, batch=1))) for seed in (0, 1)]
    one, other = (np.asarray(discriminator([picture, vector])) for vector in vectors)
    assert one.shape == (1, 8, 8, 1)
    assert (one != other).any() == projection


def test_gram_distance_by_hand():
    target = np.array([[[3.0, 0.0], [0.0, 4.0]]], "float32")
    assert float(gram_distance(target, target)) == pytest.approx(0, abs=1e-5)
    assert float(gram_distance(0 * target, target)) == pytest.approx(1)
    # |diag(3, 4)| = 5 apart of a target that is 10 long
    assert float(gram_distance(3 * target, 2 * target)) == pytest.approx(0.5)


def test_statistics_distance_by_hand():
    got = np.array([[3.0, 4.0]]), np.array([[1.0, 0.0]])
    wanted = np.array([[0.0, 8.0]]), np.array([[2.0, 0.0]])
    # means 5 apart of 8, deviations 1 of 2
    assert float(statistics_distance(got, wanted)) == pytest.approx((5 / 8 + 1 / 2) / 2)


def test_structure_loss_is_blind_to_mean_and_deviation_and_sees_the_rest():
    maps = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    assert float(structure_loss(3 * maps + 7, maps)) == pytest.approx(0, abs=1e-4)
    assert float(structure_loss(-maps, maps)) == pytest.approx(2, abs=1e-3)
    assert float(structure_loss(maps[:, ::-1], maps)) > 0.5


def test_half_of_what_the_discriminator_calls_fake_are_results():
    real, wrong, right = (np.full((2, 1), value, "float32") for value in (2.0, 1.0, -2.0))
    # hinge: real 2 costs nothing, a fake at 1 costs 2, a fake at -2 nothing
    assert float(discriminator_loss(real, wrong, [])) == pytest.approx(2)
    assert float(discriminator_loss(real, wrong, [right, right])) == pytest.approx(1)
    assert float(discriminator_loss(real, right, [wrong, right])) == pytest.approx(0.5)


def test_pairs_depend_on_seed_and_epoch_alone(squares):
    reader = pairs(squares)
    epochs = [[next(reader) for _ in range(2)] for _ in range(2)]
    resumed = pairs(squares, first_epoch=1)
    for batch in epochs[1]:
        again = next(resumed)
        for name in ("photographs", "paintings", "squares"):
            np.testing.assert_array_equal(batch[name], again[name])
    assert (np.asarray(epochs[0][0]["squares"]) != np.asarray(epochs[1][0]["squares"])).any()
    first = np.asarray(epochs[0][0]["photographs"])
    assert (first != np.asarray(next(pairs(squares, seed=1))["photographs"])).any()


def test_a_painting_of_a_pair_is_a_part_of_its_square(squares):
    batch = next(pairs(squares, size=256, batch_size=4))
    for index, painting in zip(batch["squares"], np.asarray(batch["paintings"]), strict=True):
        square = squares[int(index)] / 127.5 - 1
        assert min(np.abs(painting - side).max() for side in (square, square[:, ::-1])) < 1e-5


def test_crops_that_do_not_fit_are_refused(squares):
    with pytest.raises(UserError, match="make the crops smaller"):
        pairs(squares, size=264)


def test_squares_of_a_folder_come_before_the_drawn_ones(tmp_path):
    save_image(paint("orphism", 5, 400)[:300], tmp_path / "mine.png")
    profile = replace(style_profile("smoke"), squares=3)
    squares = painting_squares([tmp_path / "mine.png"], profile, seed=0)
    assert squares.shape == (3 + 14, 256, 256, 3)
    assert (squares[0] != squares[1]).any()
    np.testing.assert_array_equal(squares[3], painting_squares([], profile, seed=0)[0])


@pytest.mark.parametrize(
    ("paintings", "each"), [(0, 40), (27, 40), (1000, 3), (2000, 1), (9000, 1)]
)
def test_many_paintings_give_fewer_squares_each(paintings, each):
    assert squares_of_each(paintings, style_profile("gpu")) == each


def test_squares_of_a_folder_are_turned_and_half_of_them_recoloured(tmp_path):
    picture = np.zeros((300, 300, 3), np.uint8)
    picture[..., 0] = np.linspace(60, 200, 300)[:, None]  # red, and brighter below
    save_image(picture, tmp_path / "red.png")
    profile = replace(style_profile("smoke"), squares=60, drawn=0)
    squares = painting_squares([tmp_path / "red.png"], profile, seed=0).astype(int)
    red = np.array([each[..., 1:].max() < each[..., 0].min() for each in squares])
    # a sixth of the recoloured keep the order of the channels
    assert 28 <= red.sum() <= 42
    assert (squares[~red].max(axis=(1, 2)) > 40).sum(axis=1).tolist() == [1] * (~red).sum()
    slopes = [
        (each[-1].sum() - each[0].sum(), each[:, -1].sum() - each[:, 0].sum()) for each in squares
    ]
    assert {tuple(np.sign(slope)) for slope in slopes} == {(0, 1), (0, -1), (1, 0), (-1, 0)}


def test_a_step_trains_both_networks_and_the_adversarial_loss_comes_in_slowly(squares):
    profile = replace(style_profile("smoke"), weights=StyleWeights(0, 0, 0, 1), ramp=1)
    gan = build_style_gan(profile, squares)
    reader = pairs(squares, size=64, batch_size=2)
    networks = (gan.decoder, gan.discriminator)
    before = [[w.copy() for w in network.get_weights()] for network in networks]
    gan.train_step(next(reader))
    decoder, discriminator = (
        any((old != new).any() for old, new in zip(was, network.get_weights(), strict=True))
        for was, network in zip(before, networks, strict=True)
    )
    assert discriminator and not decoder
    gan.train_step(next(reader))
    gan.train_step(next(reader))
    assert any(
        (old != new).any() for old, new in zip(before[0], gan.decoder.get_weights(), strict=True)
    )


def test_without_a_projection_no_painting_is_called_both_real_and_fake(squares):
    blind = replace(style_profile("smoke"), projection=False)
    assert not build_style_gan(blind, squares).mismatched_negatives
    assert build_style_gan(style_profile("smoke"), squares).mismatched_negatives


def test_the_gpu_profile_takes_two_steps_on_the_cpu(squares):
    profile = replace(style_profile("gpu"), jit_compile=False)
    gan = build_style_gan(profile, squares)
    assert keras.config.dtype_policy().name == "float32"
    assert gan.decoder.compute_dtype == "float16"
    reader = pairs(squares)
    losses = [gan.train_step(next(reader)) for _ in range(2)]
    assert all(np.isfinite(float(value)) for step in losses for value in step.values())
    assert {str(value.dtype) for step in losses for value in step.values()} == {
        "<dtype: 'float32'>"
    }


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:overflow encountered in cast")  # Keras: 1 / epsilon in float16
def test_the_gpu_profile_takes_two_steps_that_xla_has_compiled(squares):
    gan = build_style_gan(style_profile("gpu"), squares)
    assert gan.jit_compile
    pictures = [paint("orphism", 0, 300), paint("cubism", 0, 280)]
    data = style_dataset(pictures, squares, 32, 2, 1, seed=0)
    history = gan.fit(data, epochs=2, steps_per_epoch=1, shuffle=False, verbose=0).history
    for name, values in history.items():
        assert np.isfinite(values).all(), name
        assert len(set(values)) == 2, name


def test_a_run_leaves_what_it_promises_and_is_not_repeated(tmp_path, capsys):
    folder = tmp_path / "paintings"
    folder.mkdir()
    save_image(paint("orphism", 5, 300), folder / "mine.png")
    run = train_style("smoke", tmp_path / "run", paintings=folder)
    config = json.loads((run / "config.json").read_text("utf-8"))
    digest = hashlib.sha256((folder / "mine.png").read_bytes()).hexdigest()
    assert config["paintings"] == [{"name": "mine.png", "sha256": digest}]
    log = (run / "log.csv").read_text("utf-8").splitlines()
    assert len(log) == 3 and log[2].split(",")[:2] == ["2", "8"]
    assert load_image(run / "samples" / "epoch-002.jpg").shape == (4 * 128, 5 * 128, 3)
    trained = StyleDecoder()
    trained.load_weights(run / "decoder.weights.h5")
    capsys.readouterr()
    train_style("smoke", tmp_path / "run", paintings=folder)
    assert "is finished" in capsys.readouterr().out
    with pytest.raises(UserError, match="other paintings"):
        train_style("smoke", tmp_path / "run")


def test_a_learning_rate_that_is_far_too_high_is_named(tmp_path):
    # The decoder's tanh keeps every loss finite.
    profile = replace(style_profile("smoke"), lr=0.3)
    with pytest.raises(UserError, match=r"diverged in epoch [12], .*lower the profile's learning"):
        train_style(profile, tmp_path / "run")
    assert not (tmp_path / "run" / "decoder.weights.h5").exists()


def test_bad_arguments_are_answered(tmp_path):
    with pytest.raises(UserError, match="choose one of smoke, cpu, gpu"):
        train_style("tpu", tmp_path / "run")
    with pytest.raises(UserError, match="0 or more"):
        train_style("smoke", tmp_path / "run", seed=-1)
    with pytest.raises(UserError, match="no folder"):
        train_style("smoke", tmp_path / "run", photographs=tmp_path / "nowhere")
    assert not (tmp_path / "run").exists()

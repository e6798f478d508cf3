"""Networks that enlarge and denoise: sizes, tiles, the way between two networks, and their runs."""

import json
from dataclasses import asdict, replace

import keras
import numpy as np
import pytest
import tensorflow as tf

from abstractgan.cli import main
from abstractgan.data.degrade import add_noise, enlarge, shrink
from abstractgan.data.images import centre_square, load_image, save_image, to_float
from abstractgan.data.photographs import HELD_OUT, photograph
from abstractgan.enhance import Enhancer
from abstractgan.errors import UserError
from abstractgan.metrics import psnr
from abstractgan.networks import enhancer
from abstractgan.networks.enhancement import DepthToSpace, receptive_field
from abstractgan.training.enhancement import ENHANCEMENTS, GAN, PIXEL, SIGMA, train_enhancement
from abstractgan.training.pictures import build_picture_gan
from abstractgan.training.profiles import enhancement_profile
from abstractgan.training.recorded import RUNS, enhancement_run
from abstractgan.training.runs import CONFIG, GENERATOR, LOG

WIDTH = 4


def random_network(name, seed):
    """A network that does something: untrained, it adds nothing to the plain picture."""
    keras.utils.set_random_seed(seed)
    network = ENHANCEMENTS[name].network(WIDTH)
    rng = np.random.default_rng(seed)
    network.set_weights([rng.normal(0, 0.15, each.shape) for each in network.get_weights()])
    return network


@pytest.fixture(scope="module", params=list(ENHANCEMENTS))
def tool(request):
    networks = [random_network(request.param, seed) for seed in (0, 1)]
    return Enhancer(ENHANCEMENTS[request.param], *networks)


def with_tiles(tool, tile):
    ends = []
    for weights in tool._ends:
        network = tool.kind.network(WIDTH)
        network.set_weights(weights)
        ends.append(network)
    return Enhancer(tool.kind, *ends, tile=tile)


def cat(height, width):
    return photograph("chelsea")[60 : 60 + height, 100 : 100 + width]


def apart(one, other):
    return np.abs(one.astype(int) - other.astype(int))


def test_depth_to_space_by_hand():
    one_position = np.arange(8, dtype="float32").reshape(1, 1, 1, 8)
    wide = np.asarray(DepthToSpace(2)(one_position))
    np.testing.assert_array_equal(wide[0], [[[0, 1], [2, 3]], [[4, 5], [6, 7]]])
    maps = np.random.default_rng(0).normal(size=(2, 3, 5, 36)).astype("float32")
    np.testing.assert_array_equal(DepthToSpace(3)(maps), tf.nn.depth_to_space(maps, 3))


def test_an_untrained_network_is_bicubic_interpolation():
    given = cat(24, 16)
    made = np.asarray(enhancer(WIDTH)(to_float(given)[None]))[0]
    assert made.shape == (96, 64, 3)
    # Pillow rounds, and treats the border in another way.
    assert np.abs(made - to_float(enlarge(given)))[8:-8, 8:-8].max() < 1.5 / 127.5
    clean = np.asarray(enhancer(WIDTH, scale=1)(to_float(given)[None]))[0]
    np.testing.assert_array_equal(clean, to_float(given))


def test_the_shipped_sizes_are_small():
    counts = [ENHANCEMENTS[name].network(32).count_params() for name in ENHANCEMENTS]
    assert max(counts) <= 400_000
    assert 2 * 4 * sum(counts) < 3_000_000  # two networks of each task, in float32


def test_pixels_depend_on_the_picture_as_far_as_stated(tool):
    network, scale = random_network(tool.kind.name, 2), tool.kind.scale
    at = 44
    picture = tf.constant(
        to_float(np.random.default_rng(0).integers(0, 256, (1, 8, 88, 3), "uint8"))
    )
    reach = []
    for pixel in (scale * at, scale * at + 3):  # the first of a position of the blocks, and later
        with tf.GradientTape() as tape:
            tape.watch(picture)
            made = network(picture)[:, :, pixel]
        seen = np.abs(tape.gradient(made, picture)).sum((0, 1, 3)).nonzero()[0]
        reach.append(np.abs(seen - pixel // scale).max())
    assert max(reach) == receptive_field()


def test_tiles_leave_no_trace(tool):
    given = cat(106, 99)
    whole = tool.enhance(given)
    tile = (2 * tool._halo + 16) * tool.kind.scale
    assert apart(with_tiles(tool, tile).enhance(given), whole).max() <= 1
    small = with_tiles(tool, tile)
    small._halo = 0
    assert apart(small.enhance(given), whole).max() > 1


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 7), (2, 3), (5, 4), (33, 18)])
def test_pictures_of_any_size_are_taken(tool, height, width):
    scale = tool.kind.scale
    assert tool.enhance(cat(height, width)).shape == (scale * height, scale * width, 3)


def test_the_balance_leads_from_one_network_to_the_other(tool):
    given = cat(20, 24)
    scale = tool.kind.scale
    for balance, seed in ((0, 0), (1, 1)):
        alone = np.asarray(random_network(tool.kind.name, seed)(to_float(given)[None]))[0]
        made = to_float(tool.enhance(given, balance))
        assert np.abs(np.clip(alone, -1, 1) - made).max() <= 0.51 / 127.5
    between = random_network(tool.kind.name, 0)
    between.set_weights([0.75 * a + 0.25 * b for a, b in zip(*tool._ends, strict=True)])
    expected = np.clip(np.asarray(between(to_float(given)[None]))[0], -1, 1)
    assert np.abs(expected - to_float(tool.enhance(given, 0.25))).max() <= 0.51 / 127.5
    assert expected.shape == (20 * scale, 24 * scale, 3)


def test_bad_input_is_answered(tool):
    with pytest.raises(UserError, match="uint8"):
        tool.enhance(to_float(cat(8, 8)))
    with pytest.raises(UserError, match="from 1 pixel to 80 million"):
        tool.enhance(np.zeros((0, 5, 3), np.uint8))
    huge = np.broadcast_to(np.uint8(0), (9_000, 9_000, 3))
    with pytest.raises(UserError, match="from 1 pixel to 80 million"):
        tool.enhance(huge)
    with pytest.raises(UserError, match=r"between 0 and 1, not 1\.5"):
        tool.enhance(cat(8, 8), 1.5)


def test_what_cannot_be_loaded_is_answered(tmp_path):
    with pytest.raises(UserError, match="no task 'sharpening'; choose one of super_resolution"):
        Enhancer.load("sharpening")
    with pytest.raises(UserError, match="holds no run: give the folder of a finished run"):
        Enhancer.load("denoising", tmp_path)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("enhancement") / "run"
    return train_enhancement("denoising", "smoke", folder)


def test_a_run_gives_two_networks(run):
    for stage, adversarial in ((PIXEL, 0), (GAN, 0.1)):
        config = json.loads((run / stage / CONFIG).read_text("utf-8"))
        assert config["name"] == "denoising-smoke"
        assert bool(config["weights"]["adversarial"]) == bool(adversarial)
        assert (run / stage / LOG).read_text("utf-8").count("\n") == 1 + config["epochs"]
        assert list((run / stage / "samples").iterdir())
    tool = Enhancer.load("denoising", run)
    smooth, sharp = (tool.enhance(cat(30, 31), balance) for balance in (0, 1))
    assert apart(smooth, sharp).any()


def test_a_finished_run_is_kept_and_another_tasks_is_refused(run, capsys):
    before = (run / GAN / GENERATOR).read_bytes()
    train_enhancement("denoising", "smoke", run)
    assert capsys.readouterr().out.count("is finished") == 2
    assert (run / GAN / GENERATOR).read_bytes() == before
    with pytest.raises(UserError, match="denoising-smoke, not super_resolution-smoke"):
        train_enhancement("super_resolution", "smoke", run)


def test_the_second_stage_begins_where_the_first_one_ended(run):
    kind, profile = ENHANCEMENTS["denoising"], enhancement_profile("denoising", "smoke").gan
    gan = build_picture_gan(kind.task(run / PIXEL / GENERATOR), profile)
    given = to_float(cat(16, 16))[None]
    pixel = Enhancer.load("denoising", run)
    np.testing.assert_allclose(
        np.clip(gan.average(given), -1, 1)[0],
        to_float(pixel.enhance(cat(16, 16), 0)),
        atol=0.51 / 127.5,
    )


def test_pixels_alone_need_no_eye():
    profile = enhancement_profile("super_resolution", "smoke").pixel
    gan = build_picture_gan(ENHANCEMENTS["super_resolution"].task(), profile)
    gan.look = None
    batch = {"given": to_float(cat(16, 16))[None], "wanted": to_float(cat(64, 64))[None]}
    assert set(gan.train_step(batch)) == {"pixel"}


def test_both_stages_of_a_profile_train_the_same_network():
    for name in ("smoke", "cpu", "gpu"):
        stages = enhancement_profile("denoising", name)
        assert stages.pixel.width == stages.gan.width
        assert stages.pixel.weights.adversarial == 0 < stages.gan.weights.adversarial
    with pytest.raises(UserError, match="no profile 'tpu'"):
        enhancement_profile("denoising", "tpu")
    assert replace(stages.gan, name="mine").name == "mine"


def test_the_command_line(run, tmp_path, capsys):
    noisy, clean = tmp_path / "noisy.png", tmp_path / "clean.png"
    save_image(cat(21, 30), noisy)
    arguments = ["enhance", str(noisy), "--task", "denoising", "--run", str(run)]
    for balance in ("0", "1"):
        with pytest.raises(SystemExit) as done:
            main([*arguments, "--balance", balance, "--output", str(clean)])
        assert not done.value.code
        expected = Enhancer.load("denoising", run).enhance(cat(21, 30), float(balance))
        assert (load_image(clean) == expected).all()
    assert "The picture is" in capsys.readouterr().out
    for output, message in ((noisy, "would replace"), (tmp_path / "a.txt", "another ending")):
        with pytest.raises(SystemExit) as done:
            main([*arguments, "--output", str(output)])
        assert done.value.code == 2
        assert message in capsys.readouterr().err


@pytest.mark.parametrize("name", list(ENHANCEMENTS))
def test_the_shipped_networks_are_of_the_cpu_profile_and_never_saw_the_held_out_photographs(name):
    stages = enhancement_profile(name, "cpu")
    for run, sizes in zip(enhancement_run(name), (stages.pixel, stages.gan), strict=True):
        assert run.config["name"] == f"{name}-cpu"
        settings = asdict(sizes)
        assert {key: run.config[key] for key in settings if key != "name"} == {
            key: value for key, value in settings.items() if key != "name"
        }
        assert run.config["held_out"] == list(HELD_OUT)
        assert not any("bsds" in file["name"] for file in run.config["photographs"])
        assert len(run.log["step"]) == sizes.epochs
        assert set(run.samples) == {sizes.epochs}
    folder = RUNS / name
    assert sum(file.stat().st_size for file in folder.rglob("*")) < 3_000_000
    assert {file.name for file in folder.rglob("*.h5")} == {GENERATOR}


def test_the_shipped_networks_beat_what_needs_no_learning():
    originals = [centre_square(photograph(name), 256) for name in HELD_OUT]
    rng = np.random.default_rng(0)
    small = [shrink(picture) for picture in originals]
    noisy = [add_noise(picture, SIGMA, rng) for picture in originals]

    def decibels(pictures):
        return psnr(to_float(np.stack(pictures)), to_float(np.stack(originals)))

    for name, given, plain in (
        ("super_resolution", small, [enlarge(picture) for picture in small]),
        ("denoising", noisy, noisy),
    ):
        tool = Enhancer.load(name)
        smooth, sharp = ([tool.enhance(picture, share) for picture in given] for share in (0, 1))
        assert decibels(smooth) > max(decibels(plain), decibels(sharp))

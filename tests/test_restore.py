"""Restoring: what is known is kept, any size is taken, and bad masks are answered."""

import json
import shutil

import keras
import numpy as np
import pytest

from abstractgan import restore
from abstractgan.cli import main
from abstractgan.data.damage import KINDS, damage, masked
from abstractgan.data.images import load_image, save_image, to_float, to_uint8
from abstractgan.data.paintings import paint
from abstractgan.errors import UserError
from abstractgan.networks import restorer
from abstractgan.restore import Restorer
from abstractgan.training.restoration import train_restoration


@pytest.fixture(scope="module")
def network():
    keras.utils.set_random_seed(0)
    return restorer(4)


@pytest.fixture(scope="module")
def small(network):
    return Restorer(network)


def square_hole(height, width):
    mask = np.zeros((height, width), bool)
    mask[: (height + 1) // 2, : (width + 1) // 2] = True
    return mask


def test_a_picture_that_fits_is_what_the_network_makes_of_it(network, small):
    damaged = damage(paint("orphism", 0, 96), KINDS, 0)
    expected = to_uint8(network(masked(*damaged)[None]))[0]
    np.testing.assert_allclose(small.restore(*damaged).astype(int), expected, atol=1)


@pytest.mark.parametrize("size", [(2, 3), (3, 7), (15, 16), (17, 40), (50, 33)])
def test_any_size_is_restored_and_what_is_known_is_kept(small, size):
    picture, mask = paint("cubism", 0, 64)[: size[0], : size[1]], square_hole(*size)
    result = small.restore(picture, mask)
    assert result.shape == picture.shape and result.dtype == np.uint8
    # the untrained network's affine map is the identity
    np.testing.assert_allclose(result[~mask].astype(int), picture[~mask], atol=1)


def test_what_lies_in_the_hole_does_not_matter(small):
    picture, mask = paint("cubism", 0, 64), square_hole(64, 64)
    other = np.where(mask[..., None], np.uint8(7), picture)
    np.testing.assert_array_equal(small.restore(picture, mask), small.restore(other, mask))


def test_an_empty_mask_leaves_the_colours_to_do(small):
    picture = paint("cubism", 0, 64)
    result = small.restore(picture, np.zeros((64, 64), bool))
    np.testing.assert_allclose(result.astype(int), picture, atol=1)


def test_a_large_picture_is_seen_in_a_smaller_copy(network, monkeypatch):
    monkeypatch.setattr(restore, "LARGEST", 32)
    monkeypatch.setattr(restore, "_ROWS", 10)
    picture, mask = paint("orphism", 0, 80)[:60], np.zeros((60, 80), bool)
    mask[20:23] = True
    mask[:7, :9] = True
    seen, small = [], Restorer(network)
    look = small._look
    small._look = lambda given: seen.append(given.shape) or look(given)
    result = small.restore(picture, mask)
    assert seen == [(1, 24, 32, 4)]
    np.testing.assert_allclose(result[~mask].astype(int), picture[~mask], atol=1)
    assert (result[mask] != picture[mask]).any()


def test_a_lost_pixel_is_not_blurred_into_the_smaller_copy(monkeypatch):
    monkeypatch.setattr(restore, "LARGEST", 8)
    mask = np.zeros((16, 16), bool)
    mask[3, 5] = True
    picture = np.where(mask[..., None], np.uint8(255), np.uint8(10)).repeat(3, axis=2)
    small, lost = restore._reduced(picture, mask)
    assert lost.sum() == 1 and lost[1, 2]
    assert (small[~lost] == 10).all()


@pytest.mark.parametrize(
    ("mask", "answer"),
    [
        (np.zeros((64, 48), bool), "48 x 64 pixels and the picture 64 x 64"),
        (np.zeros((64, 64, 3), bool), "bool of the shape"),
        (np.zeros((64, 64), np.uint8), "compare its pixels with a threshold"),
        (np.ones((64, 64), bool), "covers the whole picture"),
    ],
)
def test_bad_masks_are_answered(small, mask, answer):
    with pytest.raises(UserError, match=answer):
        small.restore(paint("cubism", 0, 64), mask)


def test_a_mask_that_leaves_nothing_at_the_size_that_is_seen(small):
    mask = np.ones((1600, 1600), bool)
    mask[1::8, 1::8] = False
    with pytest.raises(UserError, match="mask less of it"):
        small.restore(np.zeros((1600, 1600, 3), np.uint8), mask)


def test_a_picture_that_is_none_is_answered(small):
    with pytest.raises(UserError, match="A picture is uint8"):
        small.restore(to_float(paint("cubism", 0, 64)), square_hole(64, 64))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train_restoration("smoke", tmp_path_factory.mktemp("restoration") / "run")


def test_a_run_leaves_what_it_promises_and_is_not_repeated(run, capsys):
    config = json.loads((run / "config.json").read_text("utf-8"))
    assert config["held_out"] == ["astronaut", "chelsea", "coffee"] and not config["photographs"]
    log = (run / "log.csv").read_text("utf-8").splitlines()
    assert len(log) == 3 and log[2].split(",")[:2] == ["2", "8"]
    assert log[0].endswith("held_out_pixel,held_out_perceptual")
    assert load_image(run / "samples" / "epoch-002.jpg").shape == (3 * 256, 3 * 256, 3)
    assert (run / "discriminator.weights.h5").exists()
    train_restoration("smoke", run)
    assert "is finished" in capsys.readouterr().out


def test_the_command_restores_a_file(run, tmp_path, capsys):
    picture, mask = paint("cubism", 0, 40)[:30], square_hole(30, 40)
    photo, lost, output = (tmp_path / name for name in ("old.png", "lost.png", "new.png"))
    save_image(picture, photo)
    save_image(np.where(mask, np.uint8(255), np.uint8(0)), lost)
    command = ["restore", str(photo), "--mask", str(lost), "--run", str(run), "--output"]
    with pytest.raises(SystemExit) as done:
        main([*command, str(output)])
    assert not done.value.code
    expected = Restorer.load(run).restore(picture, mask)
    np.testing.assert_array_equal(load_image(output), expected)
    for wrong in (lost, photo):
        with pytest.raises(SystemExit) as done:
            main([*command, str(wrong)])
        assert done.value.code == 2 and "would replace" in capsys.readouterr().err
    save_image(picture[:20], lost)
    with pytest.raises(SystemExit) as done:
        main([*command, str(output)])
    assert done.value.code == 2 and "give a mask of the picture's size" in capsys.readouterr().err


def test_damaged_weights_are_answered(run, tmp_path):
    shutil.copy(run / "config.json", tmp_path)
    (tmp_path / "generator.weights.h5").write_bytes(b"not weights")
    with pytest.raises(UserError, match="holds no generator's weights: give the folder"):
        Restorer.load(tmp_path)


def test_folders_without_a_run_and_unknown_profiles_are_answered(tmp_path):
    with pytest.raises(UserError, match="holds no run: give the folder of a finished run"):
        Restorer.load(tmp_path)
    with pytest.raises(UserError, match="choose one of smoke, cpu, gpu, cpu-pixel"):
        train_restoration("tpu", tmp_path / "run")
    assert not (tmp_path / "run").exists()

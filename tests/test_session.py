"""What a session may lack is said in one sentence with a way on, and what was trained is kept."""

import errno
import os
import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from abstractgan.capstone import Capstone
from abstractgan.errors import UserError
from abstractgan.features import map_widths, vgg16
from abstractgan.networks import STYLE_LAYERS
from abstractgan.training import digits, runs, session
from abstractgan.training.digits import train_digits
from abstractgan.training.profiles import digit_profile
from abstractgan.training.style import train_style
from abstractgan.training.style_pictures import square_statistics, statistics_bytes

GPU = [tf.config.PhysicalDevice("/physical_device:GPU:0", "GPU")]


@pytest.fixture
def colab(monkeypatch, tmp_path):
    """Colab, whose Drive is a folder here; it is mounted when the answer is set to True."""
    drive = tmp_path / "content" / "drive"
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab_20261101-060000_RC00")
    monkeypatch.setattr(session, "DRIVE", drive)
    mounted = []
    monkeypatch.setattr(os.path, "ismount", lambda path: Path(path) == drive and bool(mounted))
    return drive, mounted


def test_a_drive_that_is_not_mounted_is_not_made(colab):
    drive, mounted = colab
    for use in (Capstone, lambda folder: train_digits("smoke", folder)):
        with pytest.raises(UserError, match=r"not mounted: run `from google\.colab import drive"):
            use(drive / "MyDrive" / "my-style")
    assert not drive.exists()
    mounted.append(True)
    Capstone(drive / "MyDrive" / "my-style")


def test_a_folder_that_ends_with_the_session_is_named(colab, tmp_path, capsys, monkeypatch):
    drive, _ = colab
    session.say_what_is_missing("smoke", tmp_path / "run")
    assert "is lost when this Colab session ends: to resume" in capsys.readouterr().out
    session.say_what_is_missing("smoke", drive / "MyDrive" / "run")
    monkeypatch.delenv("COLAB_RELEASE_TAG")
    session.say_what_is_missing("smoke", tmp_path / "run")
    assert capsys.readouterr().out == ""


def test_a_missing_gpu_is_said_to_whom_it_matters(tmp_path, capsys, monkeypatch):
    for profile in ("gpu", "denoising-gpu"):
        session.say_what_is_missing(profile, tmp_path)
        assert f"No GPU is in sight, and the profile {profile}" in capsys.readouterr().out
    session.say_what_is_missing("cpu", tmp_path)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: GPU)
    session.say_what_is_missing("gpu", tmp_path)
    assert capsys.readouterr().out == ""


def test_a_run_says_it_before_it_begins(tmp_path, capsys, monkeypatch):
    profile = replace(digit_profile("smoke"), name="gpu", epochs=1)
    monkeypatch.setattr(digits, "digit_profile", lambda name: profile)
    train_digits("gpu", tmp_path / "run")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("No GPU is in sight, and the profile gpu is meant for one")
    assert "min on this machine" in lines[1] and lines[2].startswith("epoch 1/1")


MEMINFO = "MemTotal:       13290480 kB\nMemFree: 100 kB\nMemAvailable:    2000000 kB\n"


@pytest.mark.parametrize(
    ("limit", "free"),
    [(None, 2_048_000_000), ("max", 2_048_000_000), ("1500000000", 900_000_000)],
)
def test_free_memory_is_the_machines_or_the_containers(tmp_path, monkeypatch, limit, free):
    (tmp_path / "meminfo").write_text(MEMINFO)
    if limit:
        (tmp_path / "memory.max").write_text(f"{limit}\n")
        (tmp_path / "memory.current").write_text("1000000000\n")
        (tmp_path / "memory.stat").write_text("anon 500000000\ninactive_file 400000000\n")
    monkeypatch.setattr(session, "_MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(session, "_CONTAINER", tmp_path)
    assert session.free_memory() == free


def test_where_nothing_tells_the_memory_nothing_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "_MEMORY", tmp_path / "none")
    monkeypatch.setattr(session, "_CONTAINER", tmp_path)
    assert session.free_memory() is None
    session.check_memory(10**15, "Pictures")


def test_the_statistics_take_what_is_said_of_them():
    encoder = vgg16(STYLE_LAYERS)
    assert map_widths(STYLE_LAYERS) == [int(maps.shape[-1]) for maps in encoder.outputs]
    made = square_statistics(encoder, np.zeros((3, 32, 32, 3), "uint8"))
    assert statistics_bytes(3) == sum(np.asarray(part).nbytes for layer in made for part in layer)


def test_paintings_that_would_fill_the_memory_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(session, "free_memory", lambda: 1_000_000)
    with pytest.raises(UserError, match=r"paintings take 0\.\d GB of memory and 0\.0 GB are free"):
        train_style("smoke", tmp_path / "run")
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: GPU)
    session.check_memory(10**15, "Pictures")  # they lie in the GPU's memory


@pytest.mark.parametrize(
    "error", [MemoryError(), tf.errors.ResourceExhaustedError(None, None, "OOM when allocating")]
)
def test_memory_that_fills_while_training_is_answered_and_the_run_resumes(
    tmp_path, monkeypatch, error
):
    def full(self, batch, logs=None):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(runs.Recorder, "on_train_batch_end", full)
        with pytest.raises(UserError, match="The memory is full: end what else is running"):
            train_digits("smoke", tmp_path / "run")
    train_digits("smoke", tmp_path / "run")


def test_a_disk_without_room_for_the_checkpoints_is_named_before_the_run(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage(10**9, 10**9, 100_000))
    with pytest.raises(UserError, match=r"has room for 0\.00 GB: free some space"):
        train_digits("smoke", tmp_path / "run")


def test_a_drive_that_fills_keeps_the_checkpoint_and_the_run_resumes(tmp_path, monkeypatch):
    write, calls = runs._write_weights, []

    def write_once(model, path):
        calls.append(path)
        if len(calls) > 1:
            path.write_bytes(b"half a file")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(model, path)

    with monkeypatch.context() as patch:
        patch.setattr(runs, "_write_weights", write_once)
        with pytest.raises(UserError, match=r"No space left on device.*repeat the command") as full:
            train_digits("smoke", tmp_path / "run")
    assert "checkpoint.weights.h5" in str(full.value)
    left = {path.name for path in (tmp_path / "run").iterdir()}
    assert "checkpoint.weights.h5" in left and not any("part" in name for name in left)
    train_digits("smoke", tmp_path / "run")
    np.testing.assert_array_equal(runs._read_rows(tmp_path / "run" / "log.csv")[-1]["epoch"], "3")

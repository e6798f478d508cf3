import json
import shutil
import subprocess
import sys
from dataclasses import asdict, replace
from types import SimpleNamespace

import h5py
import numpy as np
import pytest
import tensorflow as tf
from filelock import FileLock

from abstractgan import ASSETS
from abstractgan.cli import main
from abstractgan.data.digits import load_digits
from abstractgan.data.images import load_image, to_float
from abstractgan.errors import UserError
from abstractgan.training import digits, runs
from abstractgan.training.digits import train_digits
from abstractgan.training.profiles import digit_profile, style_profile
from abstractgan.training.recorded import digit_run, read_run, style_run

# Trains like the command, and dies the hard way at a place that the second argument names.
KILLED = """
import os, signal, sys
from abstractgan.training import digits, runs

write, rename, done = runs._write_weights, os.replace, []
batch_end = runs.Recorder.on_train_batch_end

def die():
    os.kill(os.getpid(), signal.SIGKILL)

def write_or_die(model, path):
    done.append(path)
    if len(done) == 2:
        path.write_bytes(b"half a file")
        die()
    write(model, path)

def rename_and_die(old, new):
    rename(old, new)
    if os.path.basename(new) == runs.PREVIOUS:
        die()

def batch_end_and_die(self, batch, logs=None):
    batch_end(self, batch, logs)
    if (self.epoch, batch) == (1, 2):
        die()

if sys.argv[2] == "half a checkpoint":
    runs._write_weights = write_or_die
elif sys.argv[2] == "between two names":
    os.replace = rename_and_die
else:
    runs.Recorder.on_train_batch_end = batch_end_and_die
digits.train_digits("smoke", sys.argv[1])
"""


def read_weights(path):
    weights = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: (
                weights.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
            )
        )
    return weights


def assert_same_weights(a, b):
    weights_a, weights_b = read_weights(a), read_weights(b)
    assert weights_a.keys() == weights_b.keys()
    assert weights_a
    for name, value in weights_a.items():
        np.testing.assert_array_equal(value, weights_b[name], err_msg=name)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return train_digits("smoke", tmp_path_factory.mktemp("runs") / "whole")


def test_a_run_leaves_its_record(finished):
    names = {path.name for path in finished.iterdir()} - {".lock"}
    assert names == {
        "config.json",
        "environment.json",
        "log.csv",
        "samples",
        "checkpoint.weights.h5",
        "previous.weights.h5",
        "generator.weights.h5",
        "discriminator.weights.h5",
    }
    run = read_run(finished)
    assert run.config["name"] == "smoke"
    assert run.config["seed"] == 0
    assert run.config["source"] == "embedded"
    assert {"python", "keras", "tensorflow", "processors"} <= run.environment.keys()
    np.testing.assert_array_equal(run.log["epoch"], [1, 2, 3])
    np.testing.assert_array_equal(run.log["step"], [4, 8, 12])
    assert np.isfinite(run.log["discriminator_loss"]).all()
    assert np.isfinite(run.log["kid"]).all()  # the first, every second and the last epoch
    assert list(run.samples) == [1, 2, 3]
    assert run.samples[3].shape == (8 * 28, 10 * 28, 3)
    assert run.generator().output_shape == (None, 28, 28, 1)
    assert run.discriminator()(np.zeros((2, 28, 28, 1))).shape == (2, 1)


def assert_same_runs(run, whole):
    results = ("generator.weights.h5", "discriminator.weights.h5")
    for name in ("previous.weights.h5", "checkpoint.weights.h5", *results):
        assert_same_weights(whole / name, run / name)
    resumed, uninterrupted = read_run(run).log, read_run(whole).log
    for column in set(uninterrupted) - {"seconds"}:
        np.testing.assert_array_equal(resumed[column], uninterrupted[column], err_msg=column)


@pytest.mark.parametrize(
    ("place", "rows"), [("mid-epoch", 1), ("half a checkpoint", 2), ("between two names", 2)]
)
def test_killed_and_resumed_equals_uninterrupted(finished, tmp_path, place, rows):
    folder = tmp_path / "a path with spaces 和汉字"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(folder), place], capture_output=True)
    assert killed.returncode < 0, killed.stderr.decode()
    assert not (folder / "generator.weights.h5").exists()
    # With a checkpoint that is not whole the log is a row ahead.
    assert len((folder / "log.csv").read_text().splitlines()) == 1 + rows
    train_digits("smoke", folder)
    assert_same_runs(folder, finished)


@pytest.fixture
def unfinished(finished, tmp_path):
    """All is trained, and the generator not yet saved."""
    folder = tmp_path / "run"
    shutil.copytree(finished, folder)
    (folder / "generator.weights.h5").unlink()
    return folder


def truncate(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def test_a_truncated_checkpoint_falls_back_to_the_one_before(finished, unfinished, capsys):
    truncate(unfinished / "checkpoint.weights.h5")
    train_digits("smoke", unfinished)
    out = capsys.readouterr().out
    assert "is damaged: the run goes on from the checkpoint before, after epoch 2.\n" in out
    assert out.count("epoch 3/3") == 1
    assert "epoch 2/3" not in out
    assert_same_runs(unfinished, finished)


def test_falling_back_cuts_the_log_and_keeps_the_good_checkpoint(finished, unfinished, monkeypatch):
    truncate(unfinished / "checkpoint.weights.h5")

    def interrupt(self, batch, logs=None):
        raise KeyboardInterrupt

    monkeypatch.setattr(runs.Recorder, "on_train_batch_end", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train_digits("smoke", unfinished)
    np.testing.assert_array_equal(read_run(unfinished).log["epoch"], [1, 2])
    assert_same_weights(finished / "previous.weights.h5", unfinished / "checkpoint.weights.h5")


def test_two_damaged_checkpoints_are_refused(unfinished):
    for name in ("checkpoint.weights.h5", "previous.weights.h5"):
        truncate(unfinished / name)
    with pytest.raises(UserError, match=r"and so is previous.weights.h5; delete both"):
        train_digits("smoke", unfinished)


@pytest.mark.parametrize(
    ("bad_epoch", "last"), [(0, "there is no good checkpoint yet"), (2, "after epoch 2, is ")]
)
def test_a_loss_that_is_not_finite_stops_at_once(finished, tmp_path, monkeypatch, bad_epoch, last):
    def poisoned(images, batch_size, **settings):
        batches = dataset(images, batch_size, **settings)
        bad = bad_epoch * 4 + 1
        return batches.enumerate().map(lambda i, x: x * np.nan if i == bad else x)

    dataset = digits.digit_dataset
    monkeypatch.setattr(digits, "digit_dataset", poisoned)
    folder = tmp_path / "run"
    with pytest.raises(UserError, match=f"diverged in epoch {bad_epoch + 1}, step 2 ") as stopped:
        train_digits("smoke", folder)
    assert "lower the profile's learning rate" in str(stopped.value)
    assert last in str(stopped.value)
    assert not (folder / "generator.weights.h5").exists()
    assert (folder / "log.csv").exists() == (bad_epoch > 0)
    if bad_epoch:
        assert_same_weights(finished / "previous.weights.h5", folder / "checkpoint.weights.h5")
        monkeypatch.setattr(digits, "digit_dataset", dataset)
        train_digits("smoke", folder)
        assert_same_runs(folder, finished)


def test_weights_that_are_not_finite_are_never_saved(unfinished, monkeypatch):
    truncate(unfinished / "checkpoint.weights.h5")
    good = (unfinished / "previous.weights.h5").read_bytes()
    batch_end = runs.Recorder.on_train_batch_end

    def spoil(self, batch, logs=None):
        batch_end(self, batch, logs)
        if batch == 3:
            weight = self.model.generator.trainable_variables[0]
            weight.assign(weight * np.inf)

    monkeypatch.setattr(runs.Recorder, "on_train_batch_end", spoil)
    with pytest.raises(UserError, match=r"weights are not finite.*after epoch 2"):
        train_digits("smoke", unfinished)
    assert (unfinished / "checkpoint.weights.h5").read_bytes() == good
    np.testing.assert_array_equal(read_run(unfinished).log["epoch"], [1, 2])


def events(folder):
    """Each value of TensorBoard's events: its step, name, kind and tensor."""
    for file in sorted((folder / "tensorboard").iterdir()):
        for record in tf.data.TFRecordDataset(str(file)):
            event = tf.compat.v1.Event.FromString(record.numpy())
            for value in event.summary.value:
                kind = value.metadata.plugin_data.plugin_name
                yield event.step, value.tag, kind, tf.make_ndarray(value.tensor)


def test_tensorboard_gets_the_whole_log_of_a_resumed_run_once(finished, unfinished):
    truncate(unfinished / "checkpoint.weights.h5")
    (unfinished / "tensorboard").mkdir()
    (unfinished / "tensorboard" / "events.of.a.killed.process").write_bytes(b"half a file")
    train_digits("smoke", unfinished, tensorboard=True)
    assert_same_runs(unfinished, finished)
    found = list(events(unfinished))
    log = read_run(unfinished).log
    kids = [(step, float(value)) for step, name, _, value in found if name == "kid"]
    assert kids == [
        (step, pytest.approx(kid)) for step, kid in zip(log["step"], log["kid"], strict=True)
    ]
    assert {kind for _, name, kind, _ in found if name != "samples"} == {"scalars"}
    pictures = [(step, kind, list(value)) for step, name, kind, value in found if name == "samples"]
    assert [picture[:2] for picture in pictures] == [(4, "images"), (8, "images"), (12, "images")]
    width, height, encoded = pictures[-1][2]
    assert (width, height) == (b"280", b"224")
    assert encoded == (unfinished / "samples" / "epoch-003.png").read_bytes()


def test_another_seed_gives_other_weights(finished, tmp_path):
    other = train_digits("smoke", tmp_path / "other", seed=1)
    a, b = (read_weights(folder / "generator.weights.h5") for folder in (finished, other))
    assert any(not np.array_equal(a[name], b[name]) for name in a)


def test_a_finished_run_is_left_alone(finished, capsys):
    before = (finished / "log.csv").read_bytes()
    train_digits("smoke", finished)
    assert "is finished" in capsys.readouterr().out
    assert (finished / "log.csv").read_bytes() == before


def test_the_prediction_leaves_the_compiled_step_out(tmp_path, monkeypatch, capsys):
    clock = iter([0.0, 50.0, *np.arange(53.0, 200.0, 3.0)])
    monkeypatch.setattr(runs.time, "perf_counter", lambda: next(clock))
    settings = replace(digit_profile("smoke"), epochs=2)
    pieces = runs.Pieces(None, None, 10, None, (), {})
    recorder = runs.Recorder(tmp_path, settings, pieces, 0)
    recorder.on_epoch_begin(0)
    for batch in (0, 5):
        recorder.on_train_batch_end(batch, {"loss": 1.0})
    assert "about 0.2 min on this machine: 20 steps of 0.6 s" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("gram", "structure", "stops"), [(6.3, 1.0, True), (6.3, 0.7, False), (1.2, 1.0, False)]
)
def test_finite_losses_far_above_where_they_began_stop_the_run(
    tmp_path, monkeypatch, gram, structure, stops
):
    names = ("gram", "structure")
    model = SimpleNamespace(metrics=[SimpleNamespace(name=name) for name in names], variables=[])
    sheet = np.zeros((8, 8, 3), "uint8")
    pieces = runs.Pieces(
        model, None, 4, lambda: (sheet, {}), (), {}, limits={"gram": 3.0, "structure": 0.95}
    )
    monkeypatch.setattr(runs, "save_checkpoint", lambda model, folder, epochs: None)
    (tmp_path / "samples").mkdir()
    recorder = runs.Recorder(tmp_path, digit_profile("smoke"), pieces, 0)
    recorder.set_model(model)
    recorder.on_epoch_begin(0)
    if not stops:
        recorder.on_epoch_end(0, {"gram": gram, "structure": structure})
        return
    with pytest.raises(UserError, match=r"step 4 \(gram is 6\.30 and structure is 1\.00\)"):
        recorder.on_epoch_end(0, {"gram": gram, "structure": structure})
    assert not (tmp_path / "log.csv").exists()


def test_another_configuration_is_refused(finished):
    with pytest.raises(UserError, match="holds a run with profile smoke, not cpu"):
        train_digits("cpu", finished)
    with pytest.raises(UserError, match="holds a run with seed 0, not 7"):
        train_digits("smoke", finished, seed=7)


def test_a_second_process_is_refused(finished):
    with (
        FileLock(finished / ".lock"),
        pytest.raises(UserError, match="Another process is training"),
    ):
        train_digits("smoke", finished)


def test_a_checkpoint_of_another_network_or_a_damaged_one_is_refused(finished, unfinished):
    (unfinished / "previous.weights.h5").unlink()
    shutil.copy(finished / "generator.weights.h5", unfinished / "checkpoint.weights.h5")
    with pytest.raises(UserError, match="damaged or belongs to another profile"):
        train_digits("smoke", unfinished)
    (unfinished / "checkpoint.weights.h5").write_bytes(b"not weights")
    with pytest.raises(UserError, match="damaged or belongs to another profile"):
        train_digits("smoke", unfinished)


def test_a_damaged_config_is_refused(finished, tmp_path):
    folder = tmp_path / "run"
    shutil.copytree(finished, folder)
    (folder / "config.json").write_text("{")
    with pytest.raises(UserError, match="can't be read"):
        train_digits("smoke", folder)


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("two years of work")
    with pytest.raises(UserError, match=r"holds other files and no run \(thesis.txt"):
        train_digits("smoke", tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_what_a_system_or_a_killed_process_leaves_is_in_nobodys_way(tmp_path):
    for name in (".DS_Store", ".part.config.json", "environment.json"):
        (tmp_path / name).write_text("{")
    runs._record_config(tmp_path, {"name": "smoke"})
    assert json.loads((tmp_path / "config.json").read_text()) == {"name": "smoke"}
    assert "python" in json.loads((tmp_path / "environment.json").read_text())


def test_a_run_whose_log_was_lost_goes_on_with_all_columns(tmp_path):
    recorder = runs.Recorder(tmp_path, digit_profile("smoke"), None, first_epoch=2)
    for row in ({"epoch": 3, "step": 12}, {"epoch": 4, "step": 16, "kid": 0.5}):
        recorder.rows.append(row)
        recorder._write_log()
    assert (tmp_path / "log.csv").read_text() == "epoch,step,kid\n3,12,\n4,16,0.5\n"


def test_checkpoints_that_are_there_need_no_room(finished, unfinished, monkeypatch):
    size = (unfinished / "checkpoint.weights.h5").stat().st_size
    disk = SimpleNamespace(free=2 * size)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: disk)
    train_digits("smoke", unfinished)
    assert_same_runs(unfinished, finished)


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(UserError, match="give another --output"):
        train_digits("smoke", tmp_path / "run")


def test_a_full_disk_is_one_sentence_and_leaves_no_half_file(finished, unfinished):
    folder = unfinished
    log = (folder / "log.csv").read_text()
    script = (
        "import resource, signal\n"
        "from pathlib import Path\n"
        "from abstractgan.errors import UserError\n"
        "from abstractgan.training import digits, runs\n"
        f"folder = Path({str(folder)!r})\n"
        "gan = digits.build_digit_gan(digits.digit_profile('smoke'))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "for write in (lambda: runs.save_checkpoint(gan, folder, 3),\n"
        "              lambda: runs._write_text(folder / 'log.csv', 'x' * 5000)):\n"
        "    try:\n"
        "        write()\n"
        "    except UserError as error:\n"
        "        print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.count("free some space and repeat the command to resume.") == 2, done.stderr
    assert (folder / "log.csv").read_text() == log
    assert not [path for path in folder.iterdir() if "part" in path.name]
    train_digits("smoke", folder)
    assert_same_runs(folder, finished)  # the earlier checkpoints are still whole


@pytest.mark.parametrize("profile", ["", "tpu"])
def test_unknown_profile(profile, tmp_path):
    with pytest.raises(UserError, match="choose one of smoke, cpu, gpu"):
        train_digits(profile, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_digits_that_cannot_be_had_leave_no_folder(tmp_path):
    with pytest.raises(UserError, match="There is no source of digits 'internet'"):
        train_digits("smoke", tmp_path / "run", source="internet")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_that_keras_would_not_take_is_refused(tmp_path, seed):
    with pytest.raises(UserError, match=f"0 or more, and below 4294967296, not {seed}"):
        train_digits("smoke", tmp_path / "run", seed=seed)
    assert not (tmp_path / "run").exists()


def test_the_command_line_trains_and_answers_in_one_sentence(finished, tmp_path, capsys):
    arguments = ["train", "digits", "--profile", "smoke", "--output"]
    with pytest.raises(SystemExit) as done:
        main([*arguments, str(tmp_path / "run")])
    assert not done.value.code
    out = capsys.readouterr().out
    assert "epoch 3/3, about 0.0 min left, discriminator " in out
    assert out.count(" min on this machine: 12 steps of ") == 1
    assert out.index("on this machine") < out.index("epoch 1/3")
    assert_same_weights(
        finished / "generator.weights.h5", tmp_path / "run" / "generator.weights.h5"
    )
    for wrong in (["--seed", "5"], ["--source", "internet"], ["--profile", "tpu"]):
        with pytest.raises(SystemExit) as done:
            main([*arguments, str(tmp_path / "run"), *wrong])
        error = capsys.readouterr().err
        assert done.value.code == 2
        assert error.startswith("Error: ")
        assert error.count("\n") == 1


def test_the_book_shows_a_finished_run_of_the_cpu_profile():
    run = digit_run()
    profile = digit_profile("cpu")
    assert {name: run.config[name] for name in vars(profile)} == vars(profile)
    assert run.log["epoch"][-1] == profile.epochs
    assert run.log["kid"][-1] < 0.25 * run.log["kid"][0]
    # The picture in the record is what the recorded generator draws.
    latents = np.random.default_rng(run.config["seed"]).standard_normal(
        (profile.evaluation_samples, profile.latent_dim)
    )
    digit = np.array(run.generator()(latents[:1].astype("float32")))[0, ..., 0]
    drawn = run.samples[profile.epochs][:28, :28, 0]
    assert np.abs((digit + 1) * 127.5 - drawn).max() < 2
    # The recorded discriminator is the one that learned against it.
    generated = np.array(run.generator()(latents[:200].astype("float32")))
    unseen = to_float(load_digits("test")[0][:200])
    real_score, fake_score = (
        float(np.mean(run.discriminator()(pictures))) for pictures in (unseen, generated)
    )
    assert fake_score < -0.3 < real_score
    assert json.loads((run.folder / "config.json").read_text()) == run.config
    assert load_image(run.folder / "samples" / f"epoch-{profile.epochs:03d}.png").ndim == 3


@pytest.mark.parametrize("name", ["cpu", "gpu"])
def test_the_book_shows_a_finished_style_run_of_the_profile(name):
    run = style_run(name)
    profile = json.loads(json.dumps(asdict(style_profile(name))))
    assert {name: run.config[name] for name in profile} == profile
    np.testing.assert_array_equal(run.log["epoch"], np.arange(profile["epochs"]) + 1)
    assert run.log["held_out_gram"][-1] < 0.75 * run.log["held_out_gram"][0]
    assert max(run.samples) == profile["epochs"]
    assert {picture.shape for picture in run.samples.values()} == {(4 * 128, 5 * 128, 3)}
    assert sum(path.stat().st_size for path in run.folder.rglob("*")) < 1_500_000
    assert all(len(file["sha256"]) == 64 for file in run.config["paintings"])
    # What may be used for research only is measured on, and never trained on.
    assert all(file["name"].startswith("kodim") for file in run.config["photographs"])
    assert run.config["weights"]["adversarial"] > 0


def test_the_style_gans_weights_and_vggs_are_light_enough_for_a_page():
    files = [
        ASSETS / "style_decoder.weights.h5",
        ASSETS / "style_discriminator.weights.h5",
        ASSETS / "vgg16_block1-4conv1_float16.npz",
    ]
    assert sum(file.stat().st_size for file in files) < 12_000_000


@pytest.mark.parametrize(("gpus", "fits"), [(2, True), (3, False)])
def test_gpus_must_share_a_batch_evenly(gpus, fits, monkeypatch):
    strategy = SimpleNamespace(num_replicas_in_sync=gpus)
    monkeypatch.setattr(runs, "device_strategy", lambda: strategy)
    if fits:
        runs.check_shares(16)
    else:
        with pytest.raises(UserError, match="16 can't be shared evenly by 3 GPUs"):
            runs.check_shares(16)

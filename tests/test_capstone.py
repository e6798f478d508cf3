"""The capstone's folder and its checklist, on small pictures and a run that is only written."""

import errno
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from abstractgan.capstone import ENOUGH, FEWEST, Capstone
from abstractgan.data.images import list_images, save_image
from abstractgan.errors import UserError

SIDE = 256


def plain(value, side=SIDE):
    """A picture in two greys, which its value tells from all others."""
    picture = np.full((side, side, 3), value, "uint8")
    picture[0] = 0
    return picture


def folder_of(path, pictures):
    path.mkdir()
    for name, picture in pictures.items():
        save_image(picture, path / f"{name}.png")
    return path


@pytest.fixture
def pictures(tmp_path):
    return folder_of(tmp_path / "mine", {f"p{n}": plain(n + 1) for n in range(ENOUGH)})


@pytest.fixture
def capstone(tmp_path, pictures):
    capstone = Capstone(tmp_path / "work")
    capstone.take(pictures)
    return capstone


def finish(capstone):
    """Write what a finished run and its owner leave."""
    capstone.run.mkdir()
    for name in ("decoder", "discriminator"):
        (capstone.run / f"{name}.weights.h5").write_bytes(name.encode())
    (capstone.run / "config.json").write_text('{"epochs": 3}')
    write_log(capstone, [(1, 0.9), (2, 0.8), (3, 0.7)])
    better, worse = {"gram": 0.5, "structure": 0.4}, {"gram": 0.9, "structure": 0.6}
    capstone.note({"mine": better, "untrained": worse, "nearer": 0.1})
    capstone.licence.write_text("Mine.")
    save_image(plain(9), capstone.picture)
    capstone.decoder.write_bytes(b"decoder")


def write_log(capstone, rows):
    lines = [f"{epoch},{gram}" for epoch, gram in rows]
    (capstone.run / "log.csv").write_text("\n".join(["epoch,gram", *lines]) + "\n")


def opened(capstone):
    """The numbers of the open items, from 1."""
    checklist = capstone.checklist()
    tasks = [item.task for item in checklist.items]
    return [1 + tasks.index(task) for task in checklist.open()]


def test_one_picture_in_four_is_held_out_whatever_the_names(tmp_path, pictures, capstone):
    assert [len(list_images(part)) for part in (capstone.training, capstone.held_out)] == [9, 3]
    kept = {path.read_bytes() for path in capstone.held_out.iterdir()}
    for n in range(ENOUGH):
        (pictures / f"p{n}.png").rename(pictures / f"q{-n % 7}{n}.png")
    taken = capstone.take(pictures)
    assert taken == (9, 3, [], [])
    assert {path.read_bytes() for path in capstone.held_out.iterdir()} == kept


def test_small_pictures_and_copies_are_left_out_and_named(tmp_path, pictures):
    save_image(plain(50, SIDE - 1), pictures / "small.png")
    save_image(plain(1), pictures / "again.png")
    save_image(plain(1), pictures / "again.bmp")
    taken = Capstone(tmp_path / "work").take(pictures)
    assert (taken.training, taken.held_out) == (9, 3)
    assert (taken.small, taken.copies) == (["small.png"], ["again.png", "p0.png"])


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({}, "no pictures"),
        ({"one": plain(1)}, "1 can be used, 0 have fewer than 256 pixels each way and 0 are"),
        ({f"p{n}": plain(n, 64) for n in range(FEWEST)}, "0 can be used, 4 have fewer"),
        ({f"p{n}": plain(1) for n in range(FEWEST)}, "1 can be used, 0 .* and 3 are copies"),
    ],
)
def test_a_folder_that_cannot_be_split_is_answered_by_a_sentence(tmp_path, found, sentence):
    capstone = Capstone(tmp_path / "work")
    with pytest.raises(UserError, match=sentence):
        capstone.take(folder_of(tmp_path / "bad", found))
    assert not capstone.training.exists()


def test_a_folder_that_is_absent_or_the_capstones_own_is_refused(tmp_path, capstone):
    with pytest.raises(UserError, match="There is no folder"):
        capstone.take(tmp_path / "absent")
    with pytest.raises(UserError, match="own folder"):
        capstone.take(capstone.training)
    assert len(list_images(capstone.training)) == 9


def test_a_drive_that_is_full_is_answered_by_a_sentence(pictures, capstone, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sentence = r"work can't be written \(No space left on device\): free some space, or give"
    finish(capstone)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(UserError, match=sentence):
            capstone.take(pictures)
        patch.setattr(Path, "write_text", full)
        with pytest.raises(UserError, match=sentence):
            capstone.note({})
    assert capstone.take(pictures) == (9, 3, [], [])


def test_the_items_are_open_until_the_files_are_there(tmp_path, capstone):
    assert opened(Capstone(tmp_path / "nothing")) == list(range(1, 12))
    assert opened(capstone) == list(range(4, 12))
    finish(capstone)
    assert opened(capstone) == []


def worse(capstone, **changes):
    noted = json.loads(capstone.measures.read_text())
    capstone.note({**noted, **changes})


def leak(capstone):
    save_image(plain(1), capstone.held_out / "other.png")
    save_image(plain(1), capstone.training / "another.png")


@pytest.mark.parametrize(
    ("spoil", "item"),
    [
        (lambda c: save_image(plain(99, 100), c.training / "small.png"), [1]),
        (lambda c: list_images(c.training)[0].unlink(), [2]),
        (leak, [3]),
        (lambda c: c.licence.write_text(" \n"), [4]),
        (lambda c: (c.run / "discriminator.weights.h5").unlink(), [5]),
        (lambda c: write_log(c, [(1, 0.9), (3, 0.7)]), [6]),
        (lambda c: write_log(c, [(1, 0.9)]), [6, 7]),
        (lambda c: write_log(c, []), [6, 7]),
        (lambda c: write_log(c, [(1, 0.9), (2, 0.8), (3, 0.9)]), [7]),
        (lambda c: worse(c, mine={"gram": 0.5, "structure": 0.7}), [8]),
        (lambda c: worse(c, nearer=0.8), [9]),
        (lambda c: c.picture.write_bytes(b""), [10]),
        (lambda c: c.decoder.write_bytes(b"another"), [11]),
        # Trained again: what was measured and kept is of the decoder before.
        (lambda c: (c.run / "decoder.weights.h5").write_bytes(b"new"), [8, 9, 11]),
    ],
)
def test_each_item_sees_what_it_is_for(capstone, spoil, item):
    finish(capstone)
    spoil(capstone)
    assert opened(capstone) == item

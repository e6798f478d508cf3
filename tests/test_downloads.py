"""Collections into folders, from streams that the tests make: no network."""

import sys
import types

import numpy as np
import pytest
from PIL import Image

from abstractgan.data.downloads import save_photographs, save_pictures, save_wikiart
from abstractgan.data.images import list_images, load_image
from abstractgan.errors import UserError


def stream(number, size=(40, 30), broken_at=None):
    """A stream of grey pictures, the n-th of the grey n, and what it was asked to leave out."""
    asked = []

    def pictures(skipped):
        asked.append(skipped)
        for grey in range(skipped, number):
            if grey == broken_at:
                raise ConnectionError("the network is gone")
            yield Image.new("L", size, grey)

    return pictures, asked


def greys(folder):
    return [int(load_image(path).mean().round()) for path in list_images(folder)]


def test_a_stream_becomes_a_folder_that_goes_on_where_it_stopped(tmp_path):
    pictures, _ = stream(9, broken_at=3)
    with pytest.raises(ConnectionError):
        save_pictures(pictures, tmp_path / "new", 6)
    assert greys(tmp_path / "new") == [0, 1, 2]
    pictures, asked = stream(9)
    for _ in range(2):
        folder = save_pictures(pictures, tmp_path / "new", 6)
        assert greys(folder) == [0, 1, 2, 3, 4, 5]
    assert asked == [3]


def test_large_pictures_are_made_smaller_and_small_ones_left(tmp_path):
    for size, shape in [((1024, 2000), (1000, 512, 3)), ((40, 30), (30, 40, 3))]:
        folder = save_pictures(stream(1, size)[0], tmp_path / str(size), 1)
        assert load_image(folder / "000000.jpg").shape == shape


def test_a_stream_that_ends_too_soon_is_answered(tmp_path):
    with pytest.raises(UserError, match="ended after 2 pictures"):
        save_pictures(stream(2)[0], tmp_path, 5)


@pytest.mark.parametrize(
    ("save", "package"), [(save_wikiart, "datasets"), (save_photographs, "tensorflow_datasets")]
)
def test_a_missing_package_is_named(save, package, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UserError, match=r"pip install \"abstractgan\[data\]\""):
        save(tmp_path, 1)


class Rows:
    """What is used of a streamed data set."""

    features = types.SimpleNamespace()

    def __init__(self, rows):
        self.rows = rows

    def filter(self, keep, input_columns):
        return Rows([row for row in self.rows if keep(row[input_columns])])

    def skip(self, number):
        return Rows(self.rows[number:])

    def __iter__(self):
        return iter(self.rows)


def test_only_the_wanted_styles_of_wikiart_are_saved(tmp_path, monkeypatch):
    rows = Rows([{"image": Image.new("RGB", (9, 9), (g, g, g)), "style": g % 3} for g in range(9)])
    rows.features = {"style": types.SimpleNamespace(str2int=["Baroque", "Cubism"].index)}
    asked = {}
    package = types.SimpleNamespace(load_dataset=lambda *a, **k: asked.update(k) or rows)
    monkeypatch.setitem(sys.modules, "datasets", package)
    assert greys(save_wikiart(tmp_path, 2, ["Cubism"])) == [1, 4]
    assert asked == {"split": "train", "streaming": True}
    assert greys(save_wikiart(tmp_path, 3, ["Cubism"])) == [1, 4, 7]


def test_photographs_come_from_a_named_data_set(tmp_path, monkeypatch):
    rows = Rows([{"image": np.full((9, 9, 3), grey, np.uint8)} for grey in range(4)])
    asked = []
    package = types.SimpleNamespace(
        load=lambda name, split: asked.append((name, split)) or rows, as_numpy=iter
    )
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", package)
    assert greys(save_photographs(tmp_path, 3, "clic")) == [0, 1, 2]
    assert asked == [("clic", "train")]

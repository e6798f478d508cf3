import socket
import subprocess
import sys

import numpy as np
import pytest

from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.errors import UserError


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_each_loads_with_every_socket_blocked_and_is_a_colour_picture(name, monkeypatch):
    def refuse(*arguments, **options):
        raise AssertionError("a photograph asked for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    picture = photograph(name)
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    assert min(picture.shape[:2]) >= 300
    assert picture.std() > 20
    red, green, blue = np.moveaxis(picture.astype(int), 2, 0)
    assert (abs(red - green) + abs(green - blue)).mean() > 4


def test_they_are_the_pictures_that_the_packages_themselves_return():
    import skimage.data
    from sklearn.datasets import load_sample_image

    np.testing.assert_array_equal(photograph("chelsea"), skimage.data.chelsea())
    np.testing.assert_array_equal(photograph("hubble"), skimage.data.hubble_deep_field())
    np.testing.assert_array_equal(photograph("flower"), load_sample_image("flower.jpg"))


def test_every_photograph_says_whose_it_is():
    for name, record in PHOTOGRAPHS.items():
        assert record.name == name
        assert record.title and record.credit
        assert record.licence in {"public domain", "CC0", "CC BY 2.0"}
        assert record.source.startswith("http")


def test_an_unknown_photograph_names_the_choices():
    with pytest.raises(UserError, match="astronaut, chelsea"):
        photograph("mona lisa")


def test_loading_one_imports_neither_package():
    code = "\n".join(
        [
            "import sys",
            "from abstractgan.data.photographs import photograph",
            "photograph('coffee'), photograph('china')",
            "print([m for m in ('skimage', 'sklearn', 'tensorflow') if m in sys.modules])",
        ]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

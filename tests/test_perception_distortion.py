"""The way from a pixel loss to a GAN: places, words, and the same in Python and JavaScript."""

import numpy as np
import pytest
import traitlets
from widget_checks import perception_distortion as make

from abstractgan.errors import UserError
from abstractgan.widgets import PerceptionDistortion, Place


def test_each_balance_has_a_picture_and_a_point():
    shown = set()
    for step in range(11):
        widget = make(balance=step / 10)
        assert widget.place == step
        assert widget.picture.shape == (48, 48, 3)
        shown.add((widget.picture.tobytes(), widget.measures))
    assert len(shown) == 11


def test_its_words():
    assert make().reading == (
        "Balance 0.0: the pixel loss alone. PSNR 26.00 dB, KID 0.400. "
        "bicubic: PSNR 24.50 dB, KID 0.450."
    )
    assert "Balance 0.5: between the two. PSNR 25.50 dB" in make(balance=0.5).reading
    widget = make(balance=1)
    assert "Balance 1.0: the GAN. PSNR 25.00 dB, KID 0.200." in widget.reading
    assert widget.reading in widget.alternative
    assert repr(widget) == "PerceptionDistortion(balance=1)"


def test_what_does_not_fit_is_answered():
    picture = np.zeros((8, 8, 3), np.uint8)
    place = Place(picture, 20.0, 0.5)
    with pytest.raises(UserError, match="Give 11 places on the way, not 10"):
        PerceptionDistortion([place] * 10, picture, place, "bicubic")
    with pytest.raises(UserError, match="square pictures of one size"):
        PerceptionDistortion([place] * 11, picture[:4], place, "bicubic")
    with pytest.raises(traitlets.TraitError, match=r"balance is a number from 0 to 1, not 1\.5"):
        make(balance=1.5)


def test_the_still_picture_has_three_pictures_and_the_plane():
    *pictures, plane = make(balance=0.3).figure().axes
    assert len(pictures) == 3
    way, plain, shown = plane.get_lines()
    assert len(way.get_xdata()) == 11 and len(plain.get_xdata()) == 1
    assert (shown.get_xdata()[0], shown.get_ydata()[0]) == make(balance=0.3).measures


def test_javascript_says_what_python_does_and_shows_its_place(alone):
    opened = alone(make())
    script = """async (all) => {
        const { reading } = await import("./widget.js");
        return all.map((balance) => reading(model.get("record"), { balance }));
    }"""
    balances = [step / 10 for step in range(11)]
    for balance, words in zip(balances, opened.page.evaluate(script, balances), strict=True):
        assert words == make(balance=balance).reading
    picture = opened.root.locator("figure div").nth(1)
    points = set()
    for step in (0, 3, 10):
        opened.set(balance=step / 10)
        at = picture.evaluate("(p) => p.style.backgroundPosition")
        assert float(at.split("%")[0]) == pytest.approx(100 * step / 12, abs=1e-3)
        assert picture.get_attribute("aria-label").endswith(opened.reading())
        circle = opened.root.locator(".here circle")
        points.add((circle.get_attribute("cx"), circle.get_attribute("cy")))
    assert len(points) == 3

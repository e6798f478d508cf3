"""The figures show what they are given, and everybody can read them."""

import io
from copy import deepcopy

import matplotlib

matplotlib.use("Agg")

import matplotlib.colors
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from abstractgan import plots
from abstractgan.data.photographs import photograph
from abstractgan.errors import UserError
from abstractgan.widgets import PlanarGAN

LOG = {
    "step": [10, 20, 30],
    "discriminator_loss": [1.4, 1.1, 1.2],
    "generator_loss": [0.7, 1.0, 0.9],
    "real_score": [0.1, 0.5, 0.4],
    "fake_score": [-0.1, -0.5, -0.3],
    "kid": [0.9, np.nan, 0.2],
}


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def mosaic(figure):
    (image,) = figure.axes[0].images
    return np.asarray(image.get_array())


def texts(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_a_grid_holds_every_picture_in_reading_order_on_white():
    pictures = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.ones((1, 8, 6, 1), np.uint8)
    drawn = mosaic(plots.image_grid(pictures, columns=3))
    assert drawn.shape == (2 * 8 + 1, 3 * 6 + 2, 3)
    for index in range(5):
        y, x = index // 3 * 9, index % 3 * 7
        assert (drawn[y : y + 8, x : x + 6] == index).all()
    assert (drawn[9:, 14:] == 255).all()  # the sixth place is empty
    assert (drawn[8] == 255).all()


def test_floats_are_scaled_and_colours_are_kept():
    pictures = np.zeros((1, 4, 4, 3), np.float32)
    pictures[..., 0], pictures[..., 2] = 1, -1
    drawn = mosaic(plots.image_grid(pictures, columns=1))
    assert (drawn == [255, 128, 0]).all()


def test_titles_stand_above_their_pictures_and_texts_left_of_their_rows():
    pictures = np.zeros((4, 28, 28, 1), np.uint8)
    figure = plots.image_grid(pictures, 2, titles=list("abcd"), rows=["step 1", "step 2"])
    assert texts(figure) == ["a", "b", "c", "d", "step 1", "step 2"]
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    to_pixels = figure.axes[0].transData.transform
    drawn = mosaic(figure)
    for box, corner in zip(boxes[:4], [(0, 0), (1, 0), (0, 1), (1, 1)], strict=True):
        tile_height = (drawn.shape[0] + 1) // 2
        top = to_pixels((0, corner[1] * tile_height + tile_height - 28))[1]
        assert box.y0 >= top - 1
    for box in boxes:  # nothing is cut off
        assert box.x0 >= 0
        assert box.y1 <= figure.bbox.height
    assert all(box.x1 <= to_pixels((0, 0))[0] for box in boxes[4:])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"images": np.zeros((28, 28), np.uint8), "columns": 1}, "Give pictures of shape"),
        ({"images": np.zeros((0, 28, 28, 1)), "columns": 1}, "at least one"),
        ({"images": np.zeros((2, 8, 8, 1)), "columns": 0}, "Give one column or more"),
        ({"images": np.zeros((2, 8, 8, 1)), "columns": 2, "titles": ["a"]}, "2 pictures, not 1"),
        ({"images": np.zeros((2, 8, 8, 1)), "columns": 1, "rows": ["a"]}, "2 rows, not 1"),
    ],
)
def test_a_grid_that_can_not_be_drawn_is_answered_by_a_sentence(arguments, sentence):
    with pytest.raises(UserError, match=sentence):
        plots.image_grid(**arguments)


@pytest.mark.parametrize(
    ("draw", "columns"),
    [
        (plots.loss_curves, ["discriminator_loss", "generator_loss"]),
        (plots.score_curves, ["real_score", "fake_score"]),
    ],
)
def test_curves_show_the_log_in_colours_and_dashes_that_differ(draw, columns):
    axes = draw(LOG).axes[0]
    lines = [line for line in axes.lines if not line.get_label().startswith("_")]
    for line, column in zip(lines, columns, strict=True):
        np.testing.assert_array_equal(line.get_xdata(), LOG["step"])
        np.testing.assert_array_equal(line.get_ydata(), LOG[column])
    assert len({line.get_color() for line in lines}) == 2
    assert len({line.get_linestyle() for line in lines}) == 2
    assert len(axes.get_legend().get_texts()) == 2
    assert axes.get_xlabel() == "step"


@pytest.fixture(scope="module")
def film():
    gan, film = PlanarGAN(hidden=4), []
    for _ in range(7):
        gan.train(2)
        film.append(deepcopy(gan))
    return film


def test_a_film_shows_first_and_last_moment_and_all_that_was_measured(film):
    *frames, losses, distance = plots.planar_film(film, frames=3).axes
    assert [axes.get_title("left") for axes in frames] == ["step 2", "step 8", "step 14"]
    for axes, gan in zip(frames, (film[0], film[3], film[6]), strict=True):
        real, fake = (line.get_xydata() for line in axes.lines)
        # To the last digit it depends on where numbers lie in memory.
        np.testing.assert_allclose(real, gan.real_samples(), rtol=1e-12)
        np.testing.assert_allclose(fake, gan.samples(), rtol=1e-12)
    drawn = [line.get_ydata().tolist() for line in losses.lines]
    assert drawn == list(film[-1].history)
    assert len({line.get_linestyle() for line in losses.lines}) == 2
    (line,) = distance.lines
    assert line.get_xdata().tolist() == [2, 4, 6, 8, 10, 12, 14]
    assert line.get_ydata()[-1] == film[-1].energy_distance()


def test_the_legend_of_a_film_covers_no_curve(film):
    figure = plots.planar_film(film)
    figure.canvas.draw()
    losses = figure.axes[-2]
    legend, place = losses.get_legend().get_window_extent(), losses.get_window_extent()
    assert legend.y0 >= place.y1
    assert legend.x1 <= place.x1 + 1


def test_a_film_colours_where_the_discriminator_believes(film):
    axes = plots.planar_film(film, frames=1).axes[0]
    (map_,) = axes.collections
    corners = np.array([(x, y) for x in axes.get_xlim() for y in axes.get_ylim()])
    drawn = {
        tuple(corner): level
        for level, path in enumerate(map_.get_paths())
        for corner in path.vertices
        if (np.abs(corner) == np.abs(corners)).all()
    }
    believed = 1 / (1 + np.exp(-film[-1].scores(corners)))
    for corner, belief in zip(corners, believed, strict=True):
        low, high = map_.levels[drawn[tuple(corner)] :][:2]
        assert low <= belief <= high


@pytest.mark.parametrize("frames", [0, 8])
def test_a_film_that_is_too_short_is_answered_by_a_sentence(film, frames):
    with pytest.raises(UserError, match="1 frame or more"):
        plots.planar_film(film, frames)


def test_a_measure_is_drawn_where_it_was_taken():
    axes = plots.metric_curve(LOG, "kid", "KID, lower is better").axes[0]
    (line,) = axes.lines
    np.testing.assert_array_equal(line.get_xdata(), [10, 30])
    np.testing.assert_array_equal(line.get_ydata(), [0.9, 0.2])
    assert axes.get_title(loc="left") == "KID, lower is better"
    assert axes.get_ylim()[0] == 0


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(UserError, match="no column 'generator_loss'; it has step, disc"):
        plots.loss_curves({"step": [1], "discriminator_loss": [1.0]})


def contrast_with_white(color):
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in matplotlib.colors.to_rgb(color)
    ]
    return 1.05 / (np.dot([0.2126, 0.7152, 0.0722], linear) + 0.05)


@pytest.mark.parametrize("color", [plots.BLUE, plots.ORANGE, plots.GREEN, plots.GREY])
def test_lines_stand_out_from_the_white_ground(color):
    assert contrast_with_white(color) >= 3  # WCAG 2.2, success criterion 1.4.11


def test_a_figure_is_shown_in_fewer_bytes_and_looks_the_same(film, monkeypatch):
    shown, drawn = [], []
    monkeypatch.setattr("IPython.display.display", lambda image: shown.append(image.data))
    figure = plots.planar_film(film)
    save = figure.savefig

    def noted(file, **options):
        save(file, **options)
        drawn.append(file.getvalue())

    monkeypatch.setattr(figure, "savefig", noted)
    plots.show(figure)
    assert not plt.fignum_exists(figure.number)
    assert len(shown[0]) < 0.5 * len(drawn[0])
    before, after = (
        np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float)
        for data in (drawn[0], shown[0])
    )
    assert np.abs(before - after).max() <= 16


def test_the_sky_of_a_photograph_keeps_its_shades(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda image: shown.append(image.data))
    china = photograph("china")[None]
    for photographs in (False, True):
        plots.show(plots.image_grid(china, 1, size=2), photographs=photographs)
    buffer = io.BytesIO()
    plots.image_grid(china, 1, size=2).savefig(buffer)
    few, many, drawn = (
        np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), float)
        for data in (*shown, buffer.getvalue())
    )
    assert np.abs(many - drawn).mean() < np.abs(few - drawn).mean()
    colours = [len(np.unique(each.reshape(-1, 3), axis=0)) for each in (few, many)]
    assert colours[0] <= 256 < 2000 < colours[1]


def test_the_ground_is_white_and_the_readers_own_settings_are_left_alone():
    before = dict(matplotlib.rcParams)
    for figure in (plots.loss_curves(LOG), plots.image_grid(np.zeros((1, 8, 8, 1)), 1)):
        assert matplotlib.colors.to_rgb(figure.get_facecolor()) == (1, 1, 1)
    assert dict(matplotlib.rcParams) == before

"""Is the style reached, is the content kept, is anything copied? Measures of style transfer.

All of them look at the square in the middle of a picture, at 256 pixels, through VGG16
(``features.vgg16``). ``gram5`` and ``content`` need layers that the embedded weights lack. What is
called *in form* follows a published measure with VGG16's features in the place of the networks
that its authors trained: such numbers compare with each other, not with those of papers.

Taught in the chapter ``notebooks/does_it_work``.
"""

import csv
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
from keras import ops
from scipy.spatial.distance import cdist

from abstractgan import ASSETS
from abstractgan.data.images import centre_square, to_float
from abstractgan.errors import UserError
from abstractgan.features import gram_matrix, named_maps, style_statistics
from abstractgan.losses import gram_distance, structure_loss
from abstractgan.metrics.distances import Features, fid
from abstractgan.networks import STYLE_LAYERS, style_vector

Maps = Mapping[str, Any]
"""Layer, such as ``relu4_1``, to feature maps (batch, height, width, channels)."""

SIDE = 256
"""Pixels of the square that is measured."""

EMBEDDED_LAYERS = STYLE_LAYERS
"""What ``gram`` and ``structure`` need: the embedded weights have them."""

REFERENCE_LAYERS = (*STYLE_LAYERS, "relu4_2", "relu5_1")
"""What all measures need."""

MEASURED = ASSETS / "measured" / "style.csv"
"""Means over pairs of photographs and paintings, written by ``benchmarks/style.py``."""


def look(network: keras.Model, picture: np.ndarray) -> Maps:
    """What VGG16 sees in the square in the middle of a picture.

    Args:
        network: A model of ``features.vgg16``.
        picture: uint8 (height, width, 3).

    Raises:
        UserError: If the picture is no uint8.
    """
    return named_maps(network, to_float(centre_square(picture, SIDE))[None])


def measure(result: Maps, photograph: Maps, painting: Maps) -> dict[str, float]:
    """The measures that the layers at hand allow, by the names of the functions below.

    Args:
        result: ``look`` at what a method made of the photograph and the painting.
        photograph: ``look`` at the photograph.
        painting: ``look`` at the painting.
    """
    measures = {
        "gram": gram(result, painting),
        "structure": structure(result, photograph),
    }
    if "relu5_1" in result:
        measures["gram5"] = gram5(result, painting)
    if "relu4_2" in result:
        measures["content"] = content(result, photograph)
    return measures


def gram(result: Maps, painting: Maps) -> float:
    """Distance in style: ``|G(result) - G(painting)| / |G(painting)|``, the mean of four layers.

    ``G = F'F / positions`` is the Gram matrix of Gatys et al. 2016, equation 3, over the number of
    positions; the norms are Frobenius norms, the layers ``networks.STYLE_LAYERS``. 0 is the
    painting itself; see ``losses.gram_distance``.

    Args:
        result: ``look`` at the result.
        painting: ``look`` at the painting whose style was asked for.
    """
    return float(np.mean([_gram_at(layer, result, painting) for layer in STYLE_LAYERS]))


def gram5(result: Maps, painting: Maps) -> float:
    """The same at relu5_1 alone, a layer that nothing here is trained on.

    Args:
        result: ``look`` at the result. It needs ``relu5_1``.
        painting: ``look`` at the painting whose style was asked for.
    """
    return _gram_at("relu5_1", result, painting)


def _gram_at(layer: str, result: Maps, painting: Maps) -> float:
    return float(gram_distance(gram_matrix(result[layer]), gram_matrix(painting[layer])))


def content(result: Maps, photograph: Maps) -> float:
    """Content lost: ``losses.structure_loss`` at relu4_2, which nothing here is trained on.

    1 less the mean product of the two pictures' features, each channel standardised over the
    positions: 0 for the photograph itself, about 1 for a picture that has nothing to do with it.

    Args:
        result: ``look`` at the result. It needs ``relu4_2``.
        photograph: ``look`` at the photograph.
    """
    return float(structure_loss(result["relu4_2"], photograph["relu4_2"]))


def structure(result: Maps, photograph: Maps) -> float:
    """The same at relu4_1, where the style GAN is trained on it.

    Args:
        result: ``look`` at the result.
        photograph: ``look`` at the photograph.
    """
    return float(structure_loss(result["relu4_1"], photograph["relu4_1"]))


def style_vectors(network: keras.Model, pictures: npt.ArrayLike, batch: int = 8) -> Features:
    """``networks.style_vector`` of pictures: VGG16's features pooled over the positions.

    They are the features of ``style_retrieval`` and of ``memorisation``, and those on which
    ``metrics.kid`` and ``metrics.fid`` tell results from paintings.

    Args:
        network: ``features.vgg16(STYLE_LAYERS)``, or with more layers.
        pictures: uint8 (n, height, width, 3), 16 pixels or more each way.
        batch: How many are looked at together.

    Returns:
        (n, 1920), near 1 in size.

    Raises:
        UserError: If the pictures are no uint8.
    """
    pictures = np.asarray(pictures)
    parts = []
    for start in range(0, len(pictures), batch):
        parts.append(pooled(named_maps(network, to_float(pictures[start : start + batch]))))
    return np.concatenate(parts)


def pooled(maps: Maps) -> Features:
    """``style_vectors`` of pictures that were looked at already.

    Args:
        maps: ``look`` at them, or more maps of that kind.
    """
    statistics = style_statistics([maps[layer] for layer in STYLE_LAYERS])
    vectors: Features = ops.convert_to_numpy(style_vector(statistics)).astype("float64")
    return vectors


def style_retrieval(
    results: npt.ArrayLike, paintings: npt.ArrayLike, asked: Sequence[int]
) -> float:
    """In which share of the results the nearest painting is the one that was asked for.

    A result that took the style of its painting is nearer to it than to the others. Chance is one
    over the number of paintings.

    Args:
        results: Style vectors of results (n, d).
        paintings: Style vectors of the paintings (m, d).
        asked: For each result, which painting was asked for, counted from 0.

    Raises:
        UserError: If there is not one number of a painting for each result.
    """
    distances = cdist(np.asarray(results), np.asarray(paintings))
    wanted = np.asarray(asked)
    if wanted.shape != (len(distances),) or not np.isin(wanted, range(distances.shape[1])).all():
        raise UserError(
            f"Give each of the {len(distances)} results the number of its painting, "
            f"0 to {distances.shape[1] - 1}."
        )
    return float((distances.argmin(axis=1) == wanted).mean())


def lpips_in_form(maps: Maps, others: Maps, layers: Sequence[str] = STYLE_LAYERS) -> float:
    """Perceptual distance of two pictures in the form of LPIPS, on VGG16 without learned weights.

    Zhang et al. 2018, equation 1: at each position, features are scaled to unit length along the
    channels; the squared distances are averaged over the positions and added over the layers. The
    learned weights of the channels, ``w_l``, are 1 here, and the layers are others.

    Args:
        maps: ``look`` at a picture, or maps of several.
        others: ``look`` at another of the same size, or at as many.
        layers: Which of the layers.

    Returns:
        0 for the same picture, at most 2 for each layer; the mean over the batch.
    """
    distances = [
        ops.mean(ops.sum(ops.square(_unit(maps[layer]) - _unit(others[layer])), axis=-1))
        for layer in layers
    ]
    return float(sum(distances))


def _unit(maps: Any) -> Any:
    # Where all channels are 0 there is no direction: the small term leaves the zeros.
    return maps / (ops.sqrt(ops.sum(ops.square(maps), axis=-1, keepdims=True)) + 1e-10)


def art_fid_in_form(lpips: float, results: npt.ArrayLike, paintings: npt.ArrayLike) -> float:
    """Content lost and style missed in one number: ``(1 + LPIPS) (1 + FID)``.

    Wright and Ommer 2022, who take LPIPS between each result and its photograph, and FID between
    all results and the paintings on an Inception network that they trained on art. Here both are on
    VGG16's features. FID is biased upwards for few samples: compare at equal counts.

    Args:
        lpips: Mean of ``lpips_in_form`` between results and their photographs.
        results: Style vectors of results (n, d), at least two.
        paintings: Style vectors of paintings (m, d), at least two.

    Raises:
        UserError: If the features do not fit together or are too few.
    """
    return (1 + lpips) * (1 + fid(results, paintings))


class Memorisation(NamedTuple):
    """What ``memorisation`` says of results."""

    results: float
    """Median distance from a result's part to the nearest part of a training painting."""
    held_out: float
    """The same for parts of paintings that were not trained on."""
    nearer: float
    """How often a result's part is nearer than a held-out painting's: 1 is copying."""


def memorisation(
    results: npt.ArrayLike, training: npt.ArrayLike, held_out: npt.ArrayLike
) -> Memorisation:
    """Are results nearer to the training paintings than unseen paintings are?

    The three-sample test of Meehan et al. 2020 in idea: of a network that copies, results lie
    nearer to the training set than new paintings do. ``nearer`` is the share of all pairs of a
    result's and a held-out part, ties counted half: the Mann-Whitney statistic over the number of
    pairs. About 1/2 or less is no sign of copying.

    Args:
        results: Style vectors (n, d) of ``tiles`` of results.
        training: Of the paintings that were trained on.
        held_out: Of paintings that were not.

    Raises:
        UserError: If one of them is empty or they do not fit together.
    """
    vectors = [np.asarray(each, "float64") for each in (results, training, held_out)]
    if len({each.shape[1:] for each in vectors}) > 1 or not all(
        each.ndim == 2 and len(each) for each in vectors
    ):
        raise UserError(
            "Give three arrays of style vectors (samples, dimensions), none of them empty, not "
            f"{', '.join(str(each.shape) for each in vectors)}."
        )
    ours, theirs = (cdist(each, vectors[1]).min(axis=1) for each in (vectors[0], vectors[2]))
    difference = theirs[None] - ours[:, None]
    nearer = (difference > 0).mean() + (difference == 0).mean() / 2
    return Memorisation(float(np.median(ours)), float(np.median(theirs)), float(nearer))


def tiles(pictures: npt.ArrayLike, side: int = 64) -> np.ndarray:
    """Pictures cut into squares that do not overlap; what is left at the far edges is dropped.

    Args:
        pictures: uint8 (n, height, width, 3).
        side: Of a square, in pixels.

    Returns:
        uint8 (n * rows * columns, side, side, 3), picture by picture and row by row.

    Raises:
        UserError: If a picture is smaller than a square.
    """
    pictures = np.asarray(pictures)
    count, height, width, channels = pictures.shape
    rows, columns = height // side, width // side
    if side < 1 or not rows or not columns:
        raise UserError(f"Pictures of {width} x {height} pixels have no squares of {side}.")
    cut = pictures[:, : rows * side, : columns * side]
    cut = cut.reshape(count, rows, side, columns, side, channels).swapaxes(2, 3)
    return cut.reshape(-1, side, side, channels)


def measured_style() -> list[dict[str, Any]]:
    """The recorded measures, a row for each method and strength, in the file's order.

    ``method``, ``key`` and ``vgg`` are text, all others float: ``strength``, ``pairs`` (how many),
    each measure's mean and, as ``gram_se``, its standard error; NaN where there is none.
    """
    with MEASURED.open(encoding="utf-8", newline="") as file:
        return [
            {
                name: text if name in ("method", "key", "vgg") else float(text or "nan")
                for name, text in row.items()
            }
            for row in csv.DictReader(file)
        ]

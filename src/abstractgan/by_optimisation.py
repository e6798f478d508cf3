"""Painting by optimisation: not a network learns but the pixels of one picture.

A ``Painter`` moves the pixels down the gradient of a weighted sum of losses, with Adam or L-BFGS.
The losses may be any function of the pixels. ``TransferLosses`` are those of Gatys et al. 2016:
content of a photograph, style of a painting, total variation.

Taught in the chapter ``notebooks/gatys``.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf
from keras import ops
from scipy.optimize import Bounds, minimize
from threadpoolctl import threadpool_limits

from abstractgan.data.images import SMALLEST
from abstractgan.errors import UserError, check_choice, shares
from abstractgan.features import Tensor, channel_statistics, gram_matrix, named_maps, paper_name
from abstractgan.losses import content_loss, gram_loss, statistics_loss, total_variation

Losses = Callable[[Tensor], Mapping[str, Tensor]]
"""Pixels to the losses, by their names."""

METHODS = ("adam", "l-bfgs")
"""How the pixels move downhill, see ``Painter.paint``."""
STARTS = ("content", "noise", "style")
"""Where a painting may begin: at one of its two pictures, or at noise."""
STYLE_LOSSES: dict[str, tuple[Callable[[Tensor], Any], Callable[[Tensor, Any], Tensor]]] = {
    "gram": (gram_matrix, gram_loss),
    "statistics": (channel_statistics, statistics_loss),
}
"""What a style loss keeps of the painting, and how it compares."""


class TransferLosses:
    """Content, style and variation of a picture, as a function of its pixels.

    ``losses(pixels)`` gives ``{"content": ..., "style": ..., "variation": ...}``, scalars, each
    loss the mean over its layers. Layers of the network that neither needs cost nothing inside a
    ``Painter``.

    Gatys et al. 2016, equations 1 to 7, as means relative to the target: see
    ``losses.content_loss`` and ``losses.gram_loss``.

    Args:
        network: A model of ``features.vgg16`` with all the layers named below.
        content: The photograph (1, height, width, 3), in [-1, 1].
        style: The painting (1, height, width, 3), in [-1, 1], of any size.
        content_layers: Where content is compared, position by position.
        style_layers: Where style is compared; without names, in all of the network's layers.
        style_loss: ``"gram"``, or ``"statistics"`` for mean and deviation of each channel.

    Raises:
        UserError: If a picture, a layer's name or the style loss is none of these.
    """

    def __init__(
        self,
        network: keras.Model,
        content: npt.ArrayLike,
        style: npt.ArrayLike,
        *,
        content_layers: Sequence[str] = ("relu4_1",),
        style_layers: Sequence[str] | None = None,
        style_loss: str = "gram",
    ) -> None:
        check_choice(style_loss, STYLE_LOSSES, "style loss")
        self._network = network
        self._names = [paper_name(name) for name in network.output_names]
        self.content_layers = self._known(content_layers)
        self.style_layers = self._known(self._names if style_layers is None else style_layers)
        summary, self._compare = STYLE_LOSSES[style_loss]
        content_maps = named_maps(network, _picture(content, "content picture"))
        style_maps = named_maps(network, _picture(style, "style picture"))
        self._content = [(name, content_maps[name]) for name in self.content_layers]
        self._style = [(name, summary(style_maps[name])) for name in self.style_layers]

    def __call__(self, pixels: Tensor) -> dict[str, Tensor]:
        """The three losses of pictures (batch, height, width, 3) in [-1, 1]."""
        maps = named_maps(self._network, pixels)
        content = [content_loss(maps[name], target) for name, target in self._content]
        style = [self._compare(maps[name], target) for name, target in self._style]
        return {
            "content": sum(content) / len(content),
            "style": sum(style) / len(style),
            "variation": total_variation(pixels),
        }

    def _known(self, layers: Sequence[str]) -> list[str]:
        wanted = [paper_name(name) for name in layers]
        unknown = [name for name in wanted if name not in self._names]
        if unknown or not wanted:
            raise UserError(
                f"The network does not give {unknown[0] if unknown else 'a layer without a name'}; "
                f"choose from {', '.join(self._names)}, or build it with more layers."
            )
        return wanted


def starting_picture(
    kind: str, content: npt.ArrayLike, style: npt.ArrayLike | None = None, seed: int = 0
) -> np.ndarray:
    """Where a painter may begin: from the photograph, from white noise, or from the painting.

    Args:
        kind: ``"content"``, ``"noise"`` (uniform, over half of the range) or ``"style"``.
        content: The photograph (1, height, width, 3), in [-1, 1]; it sets the size.
        style: The painting, needed for ``"style"``; cut and scaled to the photograph's size.
        seed: Of the noise: the same seed gives the same picture.

    Returns:
        float32 array (1, height, width, 3) in [-1, 1].

    Raises:
        UserError: If there is no such start, or a picture is missing or none.
    """
    check_choice(kind, STARTS, "start")
    photograph = _picture(content, "content picture")
    if kind == "content":
        return photograph
    if kind == "noise":
        noise = np.random.default_rng(seed).uniform(-0.5, 0.5, photograph.shape)
        return noise.astype("float32")
    painting = _picture([] if style is None else style, "style picture")
    return _resized(painting, photograph.shape[1:3], crop_to_aspect_ratio=True)


@dataclass(frozen=True)
class Painting:
    """What a painter made.

    Attributes:
        picture: float32 array (batch, height, width, 3) in [-1, 1]: the best that was evaluated.
        history: Each loss, unweighted, and ``"total"``, the weighted sum, at every evaluation.
        best: The evaluation that gave the picture, counted from 0.
    """

    picture: np.ndarray
    history: dict[str, np.ndarray]
    best: int

    @property
    def losses(self) -> dict[str, float]:
        """The losses of the picture."""
        return {name: float(values[self.best]) for name, values in self.history.items()}


class _Spent(Exception):
    """All evaluations are used up."""


class Painter:
    """Optimises pixels against losses.

    The graph of the losses is traced once for each size of picture, so keep one painter for many
    weights and starts. One *evaluation* is a forward and a backward pass, and that is what a step
    of Adam costs; a step of L-BFGS may need several.

    Args:
        losses: From pixels (batch, height, width, 3) in [-1, 1] to named scalars, in TensorFlow
            or ``keras.ops``; for example ``TransferLosses``.
    """

    def __init__(self, losses: Losses) -> None:
        @tf.function(autograph=False)  # errors in the losses reach the reader as they are
        def evaluate(pixels: Tensor, weights: dict[str, Tensor]) -> tuple[Any, Any, Any]:
            with tf.GradientTape() as tape:
                tape.watch(pixels)
                parts = dict(losses(pixels))
                unknown = [name for name in weights if name not in parts]
                if unknown:
                    raise UserError(
                        f"There is no loss {unknown[0]!r} to weigh; choose from {', '.join(parts)}."
                    )
                total = sum(weight * parts[name] for name, weight in weights.items())
            return parts, total, tape.gradient(total, pixels)

        self._evaluate = evaluate

    def paint(
        self,
        start: npt.ArrayLike,
        weights: Mapping[str, float],
        *,
        evaluations: int = 100,
        method: str = "adam",
        learning_rate: float = 0.05,
        progress: bool = False,
    ) -> Painting:
        """Move the pixels downhill.

        Args:
            start: Where to begin, (batch, height, width, 3) in [-1, 1].
            weights: Of some of the losses or all, 0 or more; one without a weight is recorded only.
            evaluations: How many times losses and gradient are computed.
            method: ``"adam"`` (Kingma and Ba 2014), pixels clipped to [-1, 1] after each step; or
                ``"l-bfgs"``, SciPy's L-BFGS-B with these bounds, which may end sooner.
            learning_rate: Of Adam, in units of a pixel's value.
            progress: Show a bar with the time left and the total loss.

        Raises:
            UserError: If an argument is none of these, or a loss or its gradient is not finite.
        """
        pixels = _picture(start, "start", smallest=1)
        check_choice(method, METHODS, "method")
        if isinstance(evaluations, bool) or not isinstance(evaluations, int) or evaluations < 1:
            raise UserError(f"Give a whole number of evaluations, 1 or more, not {evaluations!r}.")
        if not 0 < learning_rate <= 1:
            raise UserError(f"Give a learning rate above 0 and up to 1, not {learning_rate}.")
        shares(weights.values())  # refuses what is none
        run = _Run(self._evaluate, weights, evaluations, progress)
        if method == "adam":
            _adam(run, pixels, learning_rate)
        else:
            _lbfgs(run, pixels)
        return Painting(
            run.picture, {name: np.array(values) for name, values in run.history.items()}, run.best
        )


def paint_coarse_to_fine(
    network: keras.Model,
    content: npt.ArrayLike,
    style: npt.ArrayLike,
    weights: Mapping[str, float],
    *,
    scales: Sequence[float] = (0.5, 1.0),
    evaluations: int = 40,
    progress: bool = False,
) -> Painting:
    """Paint a small picture first, and refine it where it is enlarged.

    An evaluation at half the size costs a quarter, and strokes are laid out sooner, since what VGG
    sees at once is a larger part of the picture. Gatys et al. 2017, section 6, do so for pictures
    that are large. It begins at the photograph and uses L-BFGS.

    Args:
        network: A model of ``features.vgg16`` that has ``relu4_1``; style is taken from all its
            layers.
        content: The photograph (1, height, width, 3), in [-1, 1]; it sets the final size.
        style: The painting (1, height, width, 3), in [-1, 1], scaled by the same factors.
        weights: Of ``"content"``, ``"style"`` and ``"variation"``.
        scales: Shares of the final size, the last one 1, each leaving 16 pixels or more.
        evaluations: At each scale.
        progress: Show a bar for each scale.

    Returns:
        The painting at the last scale, with the history of that.

    Raises:
        UserError: If an argument is none of these.
    """
    if not scales or not all(0 < scale <= 1 for scale in scales) or scales[-1] != 1:
        raise UserError(f"Give scales above 0 and up to 1, the last one 1, not {list(scales)}.")
    photograph, pattern = _picture(content, "content picture"), _picture(style, "style picture")
    canvas = photograph
    for scale in scales:
        goals = [
            _resized(picture, [max(1, round(scale * side)) for side in picture.shape[1:3]])
            for picture in (photograph, pattern)
        ]
        painting = Painter(TransferLosses(network, *goals)).paint(
            _resized(canvas, goals[0].shape[1:3]),
            weights,
            method="l-bfgs",
            evaluations=evaluations,
            progress=progress,
        )
        canvas = painting.picture
    return painting


def _resized(picture: np.ndarray, size: Sequence[int], **options: Any) -> np.ndarray:
    """Pictures of another size (height, width), in [-1, 1]."""
    if picture.shape[1:3] == tuple(size):
        return picture
    scaled = ops.image.resize(picture, tuple(size), "bicubic", antialias=True, **options)
    return np.clip(ops.convert_to_numpy(scaled), -1, 1)


class _Run:
    """Counts and records evaluations, and keeps the best picture."""

    def __init__(
        self, evaluate: Any, weights: Mapping[str, float], evaluations: int, progress: bool
    ) -> None:
        self._evaluate = evaluate
        self._weights = {name: tf.constant(w, tf.float32) for name, w in weights.items()}
        self._bar = (
            keras.utils.Progbar(evaluations, stateful_metrics=["loss"]) if progress else None
        )
        self.left = evaluations
        self.history: dict[str, list[float]] = {}
        self.picture = np.empty(0, "float32")
        self.best = 0

    def __call__(self, pixels: np.ndarray) -> tuple[float, np.ndarray]:
        """The total loss of the pixels and its gradient."""
        if not self.left:
            raise _Spent
        parts, total, gradient = self._evaluate(tf.constant(pixels), self._weights)
        losses = {name: float(value) for name, value in {**parts, "total": total}.items()}
        gradient = gradient.numpy()
        number = len(self.history.get("total", ()))
        for name, value in losses.items():
            if not np.isfinite(value):
                raise _not_finite(f"The {name} loss", number)
            self.history.setdefault(name, []).append(value)
        if not np.isfinite(gradient).all():
            raise _not_finite("The gradient", number)
        if number == 0 or losses["total"] < self.history["total"][self.best]:
            self.best, self.picture = number, pixels.copy()
        self.left -= 1
        if self._bar:
            self._bar.update(number + 1, [("loss", losses["total"])])
        return losses["total"], gradient


def _not_finite(what: str, number: int) -> UserError:
    return UserError(
        f"{what} is not a finite number at evaluation {number + 1}: "
        "try smaller weights, a smaller learning rate or another start."
    )


def _adam(run: _Run, start: np.ndarray, learning_rate: float) -> None:
    pixels = keras.Variable(start)
    optimizer = keras.optimizers.Adam(learning_rate)
    while run.left:
        _, gradient = run(ops.convert_to_numpy(pixels))
        optimizer.apply([gradient], [pixels])
        pixels.assign(ops.clip(pixels, -1, 1))


_FIRST_STEP = 0.02  # mean change of a pixel that L-BFGS tries first, before it knows any curvature


def _lbfgs(run: _Run, start: np.ndarray) -> None:
    scale = 0.0

    def evaluate(flat: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal scale
        total, gradient = run(flat.reshape(start.shape).astype("float32"))
        # The first step is the gradient itself, so the loss is scaled to make that a sensible one.
        scale = scale or _FIRST_STEP / (float(np.abs(gradient).mean()) or 1.0)
        return scale * total, scale * gradient.ravel().astype("float64")

    # No tolerance ends it before the evaluations do, unless no step downhill is found any more.
    options = {"maxiter": run.left, "maxfun": run.left, "maxcor": 20, "ftol": 0, "gtol": 0}
    # SciPy's vectors gain nothing from many threads, which would wait on the cores that VGG needs.
    with threadpool_limits(1, "blas"), suppress(_Spent):
        minimize(
            evaluate,
            start.ravel().astype("float64"),
            method="L-BFGS-B",
            jac=True,
            bounds=Bounds(-1, 1),
            options=options,
        )


def _picture(value: npt.ArrayLike, name: str, smallest: int = SMALLEST) -> np.ndarray:
    """Check pictures, and return a float32 copy."""
    pixels = np.array(value, "float32")
    if pixels.ndim != 4 or pixels.shape[3] != 3 or min(pixels.shape[:3]) < 1:
        raise UserError(
            f"The {name} is of shape (batch, height, width, 3), such as (1, 128, 128, 3), "
            f"not {pixels.shape}."
        )
    if min(pixels.shape[1:3]) < smallest:
        raise UserError(
            f"The {name} is at least {smallest} pixels high and wide, not "
            f"{pixels.shape[1]} x {pixels.shape[2]}."
        )
    if not np.abs(pixels).max() <= 1 + 1e-3:  # resizing may go beyond by rounding; NaN is refused
        raise UserError(f"The {name} holds numbers from -1 to 1: scale uint8 pixels with to_float.")
    return np.clip(pixels, -1, 1)

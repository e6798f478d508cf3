"""The GAN lab: a GAN on the plane that trains in the page, with every setting in reach."""

import json
from dataclasses import fields
from functools import lru_cache
from math import isnan
from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from abstractgan.errors import UserError
from abstractgan.widgets.base import LiveWidget, decimal, say
from abstractgan.widgets.mathematics import GAMES, SMOOTHED, Array, sigmoid
from abstractgan.widgets.planar_gan import CHOICES, LIMITS, SHOWN, Experiment, PlanarGAN
from abstractgan.widgets.presets import PRESETS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_STEPS = 5000
"""Where a run ends, so that every state of the lab can be computed again."""
VIEW = 1.5
"""The picture shows x and y from -VIEW to VIEW."""
EVERY = 10
"""Steps between two values in the chart of the energy distance."""
STILL = 600
"""Steps behind the still picture of a lab that has not run yet."""

SHOWABLE = {"map": "Heat map", "arrows": "Arrows", "grid": "Generator's grid"}
"""What the picture can show besides the samples, with its name on the page."""
SPEEDS = {"turns": "Slow motion", "slow": "Slow", "normal": "Normal", "fast": "Fast"}
"""How fast it plays, with its name on the page."""
TURNS = {
    "discriminator": (
        "The discriminator's turn: it raises the scores of real samples and lowers those of "
        "generated ones."
    ),
    "generator": (
        "The generator's turn: its samples follow their arrows, as far as one network can move "
        "them all."
    ),
}
"""What the page says of each player's turn."""
DRAWING = (
    "Draw on the picture. With the keys: arrows move the ring, Enter puts a point there, Delete "
    "takes the nearest away."
)
"""What it says of drawing."""
TITLES = {
    "data": {"ring": "Ring", "grid": "Grid", "moons": "Moons", "line": "Line", "drawn": "Draw"},
    "loss": {name: game.title for name, game in GAMES.items()},
    "penalty": {"none": "None", "gradient": "Gradient penalty", "r1": "R1"},
    "optimizer": {"adam": "Adam", "sgd": "Plain descent (SGD)"},
}
"""What the page calls the choices of a setting."""
LABELS = {
    "smoothing": "Label smoothing",
    "penalty": "Penalty",
    "penalty_weight": "Weight of the penalty",
    "optimizer": "Optimizer",
    "discriminator_rate": "Learning rate of D",
    "generator_rate": "Learning rate of G",
    "discriminator_steps": "Steps of D for one of G",
    "batch": "Batch",
    "hidden": "Hidden units",
    "seed": "Seed",
}
"""Of the settings that the page keeps folded away, in their order."""
RATES = [0.0001, 0.0003, 0.001, 0.002, 0.005, 0.01, 0.03, 0.1, 0.3, 1.0]
"""The learning rates that the page offers."""
OFFERED = {
    "smoothing": [0.0, 0.1, 0.2, 0.3, 0.4],
    "penalty_weight": [0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0],
    "discriminator_rate": RATES,
    "generator_rate": RATES,
    "discriminator_steps": [1, 2, 3, 5, 10],
    "batch": [4, 8, 16, 32, 64, 128, 256],
    "hidden": [2, 4, 8, 16, 32, 64],
    "seed": list(range(10)),
}
"""The values of a setting that the page offers."""

# What a reader who wants to draw starts from: a heart.
_TURNS = np.arange(40) * np.pi / 20
HEART = tuple(
    (float(x), float(y))
    for x, y in zip(
        np.round(0.8 * np.sin(_TURNS) ** 3, 2),
        np.round(
            (13 * np.cos(_TURNS) - 5 * np.cos(2 * _TURNS) - 2 * np.cos(3 * _TURNS)) / 20 + 0.1, 2
        ),
        strict=True,
    )
)
"""What a reader who wants to draw starts from: points of a heart."""


class Setting(traitlets.Any):
    """A trait that holds one setting of an experiment, and allows what `Experiment` does."""

    def default(self, obj: Any = None) -> Any:
        """The experiment's default; for the points a heart to start from.

        Args:
            obj: Whose trait it is.
        """
        return HEART if self.name == "points" else getattr(Experiment, str(self.name))

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the setting; points are rounded to the step of the lab's pen, 0.01.

        Args:
            obj: Whose trait it is.
            value: What is to be held.

        Raises:
            traitlets.TraitError: If an experiment refuses it.
        """
        name = str(self.name)
        try:
            checked = getattr(Experiment(**{"points": HEART, name: value}), name)
        except UserError as error:
            raise traitlets.TraitError(str(error)) from None
        if name == "points":
            return tuple((round(x, 2) + 0.0, round(y, 2) + 0.0) for x, y in checked)
        return checked


class GanLab(LiveWidget):
    """A GAN on points of the plane that trains in the page.

    The reader chooses data, loss and every other setting of an ``Experiment``, plays, or goes turn
    by turn. The picture shows real and generated samples, the discriminator's verdict as a heat
    map, and for each generated sample the step that the generator's loss asks for; the charts show
    both losses and the energy distance to the data. A setting can be shared as a link and exported
    as Python.

    Every setting of an ``Experiment`` is an attribute: data, points, loss, smoothing, penalty,
    penalty_weight, optimizer, discriminator_rate, generator_rate, discriminator_steps, batch,
    hidden, seed. Points are kept to two decimals; a heart until the reader draws.

    Taught in the chapter ``notebooks/what_goes_wrong``; it opens ``notebooks/core_concepts``.

    Args:
        preset: The name of a preset in ``PRESETS``, whose settings are taken.
        **settings: Any of the attributes; what is named here goes before what the preset says.

    Attributes:
        steps: How many steps have been trained, 0 to 5000; the page sets it whenever it pauses.
        show: What the picture shows besides the samples: "map", "arrows", "grid", one or more.
        speed: "turns" (each player's turn by itself, two a second), "slow", "normal" or "fast".
        link: The lab's name in a shared link, ``#NAME=...``: small letters, digits and hyphens.
            Labs of one page that are to be shared need different names.
        facts: What the page needs to know: choices, limits, presets; cannot be set. It is JSON as
            text, because a saved notebook would sort the keys of a dictionary.

    Raises:
        traitlets.TraitError: If a setting is not allowed; it says what is.
    """

    size: ClassVar[tuple[float, float]] = (7.4, 4.0)

    data = Setting().tag(sync=True)
    points = Setting().tag(sync=True)
    loss = Setting().tag(sync=True)
    smoothing = Setting().tag(sync=True)
    penalty = Setting().tag(sync=True)
    penalty_weight = Setting().tag(sync=True)
    optimizer = Setting().tag(sync=True)
    discriminator_rate = Setting().tag(sync=True)
    generator_rate = Setting().tag(sync=True)
    discriminator_steps = Setting().tag(sync=True)
    batch = Setting().tag(sync=True)
    hidden = Setting().tag(sync=True)
    seed = Setting().tag(sync=True)

    steps = traitlets.Any(0).tag(sync=True)
    show = traitlets.List(traitlets.Enum(list(SHOWABLE)), ["map", "arrows"], minlen=1).tag(
        sync=True
    )
    speed = traitlets.Enum(list(SPEEDS), "normal").tag(sync=True)
    link = traitlets.Unicode("lab").tag(sync=True)
    facts = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(self, preset: str | None = None, **settings: Any) -> None:
        if preset is not None:
            if preset not in PRESETS:
                raise traitlets.TraitError(
                    f"preset is one of {', '.join(PRESETS)}, not {preset!r}."
                )
            settings = _plain(PRESETS[preset].experiment) | settings
        settings.pop("facts", None)  # of a state that the page has saved
        names = [name for name in self.setting_names() if name != "facts"]
        if unknown := set(settings) - set(names):
            raise traitlets.TraitError(
                f"There is no setting {min(unknown)!r}; there are preset, {', '.join(names)}."
            )
        super().__init__(**settings)

    @traitlets.default("facts")
    def _known(self) -> str:
        return json.dumps(_facts())

    def __repr__(self) -> str:
        named = {n: v for n, v in self.settings().items() if n != "facts"}
        usual = self.trait_defaults()
        changed = [f"{n}={v!r}" for n, v in named.items() if v != usual[n]]
        return f"GanLab({', '.join(changed)})"

    @traitlets.validate("steps")
    def _steps(self, proposal: Any) -> int:
        steps = proposal["value"]
        whole = isinstance(steps, Integral) and not isinstance(steps, bool)
        if not whole or not 0 <= steps <= MOST_STEPS:
            raise traitlets.TraitError(
                f"steps is a whole number from 0 to {MOST_STEPS}, not {steps!r}."
            )
        return int(steps)

    @traitlets.validate("link")
    def _link(self, proposal: Any) -> str:
        link = proposal["value"]
        if not link or set(link) - set("abcdefghijklmnopqrstuvwxyz0123456789-"):
            raise traitlets.TraitError(
                f"link is made of small letters, digits and hyphens, not {link!r}."
            )
        return link

    @traitlets.validate("data", "points", "loss", "smoothing")
    def _fits(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        settings = {key: getattr(self, key) for key in ("data", "points", "loss", "smoothing")}
        try:
            Experiment(**(settings | {name: value}))
        except UserError as error:
            raise traitlets.TraitError(str(error)) from None
        return value

    @property
    def experiment(self) -> Experiment:
        """The settings, as ``PlanarGAN`` takes them; without points where none are needed."""
        settings = {field.name: getattr(self, field.name) for field in fields(Experiment)}
        return Experiment(**(settings | ({} if self.data == "drawn" else {"points": ()})))

    @property
    def reading(self) -> str:
        """The lab's state in words, as the page shows and speaks it; Python trains for it."""
        return _reading(_run(self.experiment, self.steps)[0])

    @property
    def alternative(self) -> str:
        """What the still picture shows, in words."""
        gan, distances = _run(self.experiment, self.steps or STILL)
        share = distances[-1] / distances[0]
        way = (
            say("The generated samples have moved onto the data")
            if share < 0.1
            else say("The generated samples have come nearer to the data")
            if share < 1
            else say("The generated samples have not come nearer to the data")
        )
        return say(
            "A GAN on the plane; loss: {0}. {1}; their energy distance was {2} at the start. {3}",
            say(GAMES[self.loss].title),
            way,
            _measure(distances[0]),
            _reading(gan),
        )

    def _draw(self, figure: "Figure") -> None:
        from abstractgan.plots import BLUE, FAKE, GREEN, ORANGE, REAL, VERDICT

        gan, distances = _run(self.experiment, self.steps or STILL)
        grid = figure.add_gridspec(2, 2, width_ratios=(1, 1))
        plane = figure.add_subplot(grid[:, 0])
        axis = np.linspace(-VIEW, VIEW, 61)
        places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
        real, fake = gan.real_samples(), gan.samples()
        with np.errstate(all="ignore"):
            middle = (gan.scores(real).mean() + gan.scores(fake).mean()) / 2
            verdict = belief(self.loss, gan.scores(places), middle).reshape(61, 61)
            arrows = gan.pull(fake)
        reach = (-VIEW, VIEW, -VIEW, VIEW)
        picture: dict[str, Any] = {"origin": "lower", "interpolation": "bilinear", "extent": reach}
        plane.imshow(verdict, cmap=VERDICT, vmin=0, vmax=1, **picture)
        plane.contour(axis, axis, verdict, levels=[0.5], colors="#333333", linewidths=1)
        edge: dict[str, Any] = {"edgecolors": "white", "linewidths": 0.4}
        plane.scatter(real[:, 0], real[:, 1], s=14, c=REAL, marker="o", label="real", **edge)
        plane.scatter(fake[:, 0], fake[:, 1], s=16, c=FAKE, marker="^", label="generated", **edge)
        plane.quiver(
            *fake.T, *arrows.T, color=FAKE, angles="xy", scale_units="xy", scale=12, width=0.003
        )
        plane.set(xlim=(-VIEW, VIEW), ylim=(-VIEW, VIEW), aspect="equal", xticks=(), yticks=())
        plane.grid(False)
        plane.set_title(f"After {len(gan.history.generator)} steps")
        losses = figure.add_subplot(grid[0, 1], title="Loss of each player")
        losses.plot(gan.history.discriminator, color=BLUE, linewidth=1, label="discriminator")
        losses.plot(
            gan.history.generator, color=ORANGE, linewidth=1, linestyle="--", label="generator"
        )
        distance = figure.add_subplot(grid[1, 1], title="Energy distance to the data")
        distance.plot(np.arange(len(distances)) * EVERY, distances, color=GREEN)
        distance.set(xlabel="step", ylim=(0, None))
        figure.legend(loc="outside lower center", ncols=4, fontsize=9)


def belief(loss: str, scores: ArrayLike, middle: float) -> Array:
    """A discriminator's scores on a scale from 0, generated, to 1, real; 0.5 is indifference.

    Cross-entropy: the probability. Least squares: the score, whose targets are 0 and 1. Hinge: from
    margin to margin, -1 to 1. Wasserstein: scores mean something only next to each other, so the
    scale is centred at ``middle`` and as wide as the farthest score.

    Args:
        loss: A key of ``GAMES``.
        scores: Any shape.
        middle: Half way between the mean scores of real and of generated samples.
    """
    scores = np.asarray(scores, np.float64)
    if loss in SMOOTHED:
        return sigmoid(scores)
    if loss == "wasserstein":
        width = max(np.max(np.abs(scores - middle)), 1e-12)
        return 0.5 + (scores - middle) / (2 * width)
    return np.clip(scores if loss == "least_squares" else (scores + 1) / 2, 0, 1)


def _measure(value: float) -> str:
    if isnan(value):
        return say("no longer a number")
    if abs(value) >= 10_000:
        return "> 9999" if value > 0 else "< −9999"
    return decimal(value)


def _reading(gan: PlanarGAN) -> str:
    steps = len(gan.history.generator)
    with np.errstate(all="ignore"):
        outside = SHOWN - np.sum(np.all(np.abs(gan.samples()) <= VIEW, axis=1))
        sentences = [say("Step {0}.", steps)]
        if steps:
            d, g = (_measure(losses[-1]) for losses in gan.history)
            sentences.append(say("Discriminator's loss {0}, generator's {1}.", d, g))
        distance = _measure(gan.energy_distance())
        sentences.append(say("Energy distance to the data {0}.", distance))
        if modes := gan.modes_found():
            sentences.append(say("{0} of {1} heaps found.", *modes))
        if outside:
            sentences.append(
                say("{0} of {1} generated samples lie outside the picture.", outside, SHOWN)
            )
    return " ".join(sentences)


@lru_cache(maxsize=8)
def _run(experiment: Experiment, steps: int) -> tuple[PlanarGAN, list[float]]:
    """A GAN after so many steps, and its energy distance after 0, 10, 20, ... of them."""
    gan = PlanarGAN(experiment)
    with np.errstate(all="ignore"):
        distances = [gan.energy_distance()]
        for step in range(1, steps + 1):
            gan.step()
            if step % EVERY == 0:
                distances.append(gan.energy_distance())
    return gan, distances


def _plain(experiment: Experiment) -> dict[str, Any]:
    """The settings as traits take them; points only where there are some."""
    settings = experiment.settings()
    return settings if experiment.points else {k: v for k, v in settings.items() if k != "points"}


def _facts() -> dict[str, Any]:
    """What the script needs to know and Python decides."""
    return {
        "defaults": Experiment().settings(),
        "limits": LIMITS,
        "whole": [name for name, (low, _) in LIMITS.items() if isinstance(low, int)],
        "choices": {name: TITLES[name] for name in CHOICES},
        "labels": LABELS,
        "offered": OFFERED,
        "showable": SHOWABLE,
        "turns": TURNS,
        "drawing": DRAWING,
        "speeds": SPEEDS,
        "most_steps": MOST_STEPS,
        "every": EVERY,
        "view": VIEW,
        "presets": {
            name: {
                "title": preset.title,
                "question": preset.question,
                "answer": preset.answer,
                "steps": preset.steps,
                "settings": preset.experiment.settings(),
            }
            for name, preset in PRESETS.items()
        },
    }

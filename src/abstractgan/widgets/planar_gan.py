"""A GAN on points of the plane, in float64 and NumPy alone, that repeats exactly everywhere.

``planar_gan.js`` is its twin, behind the GAN lab: from the same experiment both give the same
losses, which a test compares over the first hundred steps. Nothing here is drawn from a library's
random generator; every random number is a hash of the seed, of what it is for, and of its place:

- ``mix`` is the 32-bit finaliser "lowbias32" (Wellons 2018, "Prospecting for hash functions");
- a stream's key is ``mix(mix(mix(seed) ^ purpose) ^ step)``;
- its word ``i`` is ``mix(key + i * 0x9E3779B9)``, modulo 2^32;
- a uniform number in (0, 1) is ``(word + 0.5) / 2^32``; two of them make two normal numbers by the
  transformation of Box and Muller (1958).

Both networks are ``2 -> hidden -> hidden -> out`` with LeakyReLU (slope 0.2 below 0), weights drawn
normal with variance ``2 / (1.04 * inputs)`` (He et al. 2015, equation 15) and biases 0. The latent
vector is uniform on the square from -1 to 1.

Taught in the chapter ``notebooks/what_goes_wrong``.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from itertools import pairwise
from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abstractgan.errors import UserError
from abstractgan.widgets.mathematics import GAMES, SMOOTHED, Array, smoothed

Words = NDArray[np.uint32]
"""Unsigned numbers of 32 bits."""

SLOPE = 0.2
"""Of LeakyReLU below 0."""
SHOWN = 200
"""Generated and real samples that are shown and measured."""

GENERATOR, DISCRIMINATOR, DATA, LATENT, GENERATOR_LATENT, ALPHA, SHOWN_DATA, SHOWN_LATENT = range(8)
"""What a stream of random numbers is for."""


def _mix(x: Words) -> Words:
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return x ^ (x >> np.uint32(16))


def uniform(seed: int, purpose: int, step: int, shape: tuple[int, ...]) -> Array:
    """Uniform numbers in (0, 1), a pure function of their place; the last axis varies fastest.

    Args:
        seed: Of the experiment.
        purpose: What they are for: ``GENERATOR`` ... ``SHOWN_LATENT``.
        step: Of the training, or a layer's number.
        shape: Of the result.
    """
    key = np.zeros(1, np.uint32)
    for part in (seed, purpose, step):
        key = _mix(key ^ np.uint32(part))
    places = np.arange(np.prod(shape), dtype=np.uint32)
    words = _mix(key + places * np.uint32(0x9E3779B9))
    return ((words + 0.5) / 2**32).reshape(shape)


def normal(uniform: Array) -> Array:
    """Standard normal numbers from as many uniform ones, pair by pair of the last axis.

    Args:
        uniform: (..., n) in (0, 1), n even.
    """
    radius, angle = np.sqrt(-2 * np.log(uniform[..., 0::2])), 2 * np.pi * uniform[..., 1::2]
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return pairs.reshape(uniform.shape)


# The data sets: where a sample lies without its noise, by two uniform numbers (n,) each.

RING = 0.7 * np.array([(np.cos(a), np.sin(a)) for a in np.arange(8) * np.pi / 4])
"""Where the eight heaps of "ring" lie, (8, 2)."""
GRID = np.array([(x, y) for y in range(-2, 3) for x in range(-2, 3)]) * 0.35
"""Where the 25 heaps of "grid" lie, (25, 2)."""


def _one_of(points: ArrayLike, u: Array) -> Array:
    points = np.asarray(points, np.float64)
    return points[np.floor(u * len(points)).astype(int)]


def _moons(u: Array, v: Array) -> Array:
    side, angle = np.where(u < 0.5, 1.0, -1.0), np.pi * v
    return 0.55 * side[:, None] * np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)


@dataclass(frozen=True)
class _DataSet:
    spread: float  # standard deviation of the noise in x and y
    place: Callable[[Array, Array, ArrayLike], Array]
    modes: Array | None = None


DATA_SETS = {
    "ring": _DataSet(0.05, lambda u, v, _: _one_of(RING, u), RING),
    "grid": _DataSet(0.03, lambda u, v, _: _one_of(GRID, u), GRID),
    "moons": _DataSet(0.05, lambda u, v, _: _moons(u, v)),
    "line": _DataSet(0.03, lambda u, v, _: (2 * u - 1)[:, None] * np.array([0.8, 0.5])),
    "drawn": _DataSet(0.03, lambda u, v, points: _one_of(points, u)),
}
"""How each kind of data is drawn, by its name."""

PENALTIES = ("none", "gradient", "r1")
"""On the discriminator's gradient."""
OPTIMIZERS = ("adam", "sgd")
"""What moves the parameters."""

LIMITS: dict[str, tuple[float, float]] = {
    "smoothing": (0.0, 0.4),
    "penalty_weight": (0.0, 100.0),
    "discriminator_rate": (0.0001, 1.0),
    "generator_rate": (0.0001, 1.0),
    "discriminator_steps": (1, 10),
    "batch": (4, 256),
    "hidden": (2, 64),
    "seed": (0, 999_999),
}
"""A setting's lowest and highest value; a whole number where both are."""
CHOICES: dict[str, tuple[str, ...]] = {
    "data": tuple(DATA_SETS),
    "loss": tuple(GAMES),
    "penalty": PENALTIES,
    "optimizer": OPTIMIZERS,
}
"""The names that a setting may have."""
MAX_POINTS = 500
"""Of drawn data."""


@dataclass(frozen=True)
class Experiment:
    """All that decides how a GAN on the plane trains.

    Taught in the chapter ``notebooks/what_goes_wrong``.

    Attributes:
        data: "ring" (eight Gaussians), "grid" (25), "moons", "line", or "drawn".
        points: For "drawn" data, up to 500 points (x, y), each from -1 to 1.
        loss: A key of ``GAMES``.
        smoothing: One-sided label smoothing, for the cross-entropy losses only, 0 to 0.4.
        penalty: On the discriminator: "none"; "gradient" (Gulrajani et al. 2017, equation 3);
            "r1" (Mescheder et al. 2018, equation 9).
        penalty_weight: What multiplies the penalty, 0 to 100.
        optimizer: "adam" (beta_1 0.5, beta_2 0.999, epsilon 1e-7) or "sgd".
        discriminator_rate: Learning rate, 0.0001 to 1.
        generator_rate: Learning rate, 0.0001 to 1.
        discriminator_steps: Steps of the discriminator for each of the generator, 1 to 10.
        batch: Samples of each kind in a step, 4 to 256.
        hidden: Units in each of the two hidden layers of both networks, 2 to 64.
        seed: 0 to 999999.

    Raises:
        UserError: If a setting is something else; it says what is allowed.
    """

    data: str = "ring"
    points: tuple[tuple[float, float], ...] = ()
    loss: str = "non_saturating"
    smoothing: float = 0.0
    penalty: str = "none"
    penalty_weight: float = 1.0
    optimizer: str = "adam"
    discriminator_rate: float = 0.002
    generator_rate: float = 0.002
    discriminator_steps: int = 1
    batch: int = 64
    hidden: int = 32
    seed: int = 0

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise UserError(
                    f"{name} is one of {', '.join(choices)}, not {getattr(self, name)!r}."
                )
        for name, (low, high) in LIMITS.items():
            value: Any = getattr(self, name)
            whole = isinstance(low, int)
            kind: Any = Integral if whole else Real
            if isinstance(value, bool) or not isinstance(value, kind) or not low <= value <= high:
                words = "a whole number" if whole else "a number"
                raise UserError(f"{name} is {words} from {low} to {high}, not {value!r}.")
            object.__setattr__(self, name, int(value) if whole else float(value))
        object.__setattr__(self, "points", _checked_points(self.points))
        if self.data == "drawn" and not self.points:
            raise UserError("Drawn data need at least one point (x, y) in points.")
        if self.smoothing and self.loss not in SMOOTHED:
            raise UserError(
                f"Label smoothing belongs to the cross-entropy losses {', '.join(SMOOTHED)}: set "
                f"it to 0 for {self.loss}."
            )

    def python(self) -> str:
        """The code that repeats this experiment: only what differs from the defaults is named."""
        changed = [
            f"{setting.name}={getattr(self, setting.name)!r}"
            for setting in fields(self)
            if getattr(self, setting.name) != setting.default
        ]
        return (
            "from abstractgan.widgets import Experiment, PlanarGAN\n\n"
            f"gan = PlanarGAN(Experiment({', '.join(changed)}))\n"
            "history = gan.train(100)\n"
            "for step, (d, g) in enumerate(zip(*history), start=1):\n"
            '    print(f"step {step}: discriminator {d:.6f}, generator {g:.6f}")\n'
        )

    def settings(self) -> dict[str, Any]:
        """All settings as plain values, as the widget stores them."""
        return asdict(self) | {"points": [list(point) for point in self.points]}


def _checked_points(points: Any) -> tuple[tuple[float, float], ...]:
    sentence = f"points are up to {MAX_POINTS} pairs (x, y) of numbers from -1 to 1."
    try:
        pairs = tuple((float(x), float(y)) for x, y in points)
    except (TypeError, ValueError):
        raise UserError(sentence) from None
    if len(pairs) > MAX_POINTS or not all(isfinite(c) and abs(c) <= 1 for p in pairs for c in p):
        raise UserError(sentence)
    return pairs


class Network:
    """Three dense layers with LeakyReLU between them, and their exact gradients.

    Args:
        seed: Of the first weights.
        purpose: ``GENERATOR`` or ``DISCRIMINATOR``.
        sizes: How many numbers go in, lie between, and come out.

    Attributes:
        parameters: Weights (inputs, outputs) and biases (outputs,) of each layer in turn.
    """

    def __init__(self, seed: int, purpose: int, sizes: tuple[int, ...]) -> None:
        self.parameters: list[Array] = []
        for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
            even = outputs + outputs % 2  # normal numbers come in pairs
            drawn = normal(uniform(seed, purpose, layer, (inputs, even)))[:, :outputs]
            scale = np.sqrt(2 / ((1 + SLOPE**2) * inputs))
            self.parameters += [drawn * scale, np.zeros(outputs)]

    def __call__(self, x: Array) -> Array:
        """The outputs (n, outputs) at inputs (n, inputs)."""
        return self.forward(x)[0]

    def forward(self, x: Array) -> tuple[Array, list[tuple[Array, Array]]]:
        """The outputs, and for each layer its input and the slope of what follows it.

        Args:
            x: Inputs (n, inputs).
        """
        memory = []
        layers = len(self.parameters) // 2
        for layer in range(layers):
            weights, biases = self.parameters[2 * layer : 2 * layer + 2]
            before = x @ weights + biases
            last = layer == layers - 1
            slopes = np.ones_like(before) if last else np.where(before > 0, 1.0, SLOPE)
            memory.append((x, slopes))
            x = before * slopes
        return x, memory

    def backward(
        self, memory: list[tuple[Array, Array]], gradient: Array
    ) -> tuple[list[Array], Array, list[Array]]:
        """From the gradient in the outputs: in the parameters, in the inputs, before each slope.

        Args:
            memory: Inputs and slopes of ``forward``.
            gradient: (n, outputs).
        """
        parameters: list[Array] = []
        signals: list[Array] = []
        for layer in reversed(range(len(memory))):
            x, slopes = memory[layer]
            signal = gradient * slopes
            signals.insert(0, signal)
            parameters[:0] = [x.T @ signal, signal.sum(axis=0)]
            gradient = signal @ self.parameters[2 * layer].T
        return parameters, gradient, signals

    def input_gradient(self, x: Array) -> Array:
        """The gradient of the (one) output in the input, (n, inputs).

        Args:
            x: Inputs (n, inputs).
        """
        output, memory = self.forward(x)
        return self.backward(memory, np.ones_like(output))[1]

    def penalty_gradients(self, x: Array, penalty: str) -> tuple[float, list[Array]]:
        """A penalty on the input gradient at ``x``, and its gradient in the parameters.

        LeakyReLU has no second derivative (away from 0), so the input gradient is a product of the
        weights and of slopes that do not move: its derivative in one weight matrix is what comes
        from the left times what comes from the right.

        Args:
            x: Inputs (n, inputs).
            penalty: ``"gradient"`` or ``"r1"``.
        """
        output, memory = self.forward(x)
        _, gradient, signals = self.backward(memory, np.ones_like(output))
        if penalty == "gradient":
            norms = np.sqrt(np.sum(gradient**2, axis=1, keepdims=True) + 1e-12)
            value, left = np.mean((norms - 1) ** 2), 2 * (norms - 1) * gradient / norms
        else:
            value, left = 0.5 * np.mean(np.sum(gradient**2, axis=1)), gradient
        left = left / len(x)
        parameters: list[Array] = []
        for layer, (_, slopes) in enumerate(memory):
            parameters += [left.T @ signals[layer], np.zeros_like(self.parameters[2 * layer + 1])]
            left = (left @ self.parameters[2 * layer]) * slopes
        return float(value), parameters


class Optimizer:
    """Adam (Kingma and Ba 2014, algorithm 1, with Keras's epsilon) or plain gradient descent.

    Args:
        name: One of ``OPTIMIZERS``.
        rate: The learning rate.
        parameters: What is moved, in place.
    """

    beta_1, beta_2, epsilon = 0.5, 0.999, 1e-7

    def __init__(self, name: str, rate: float, parameters: list[Array]) -> None:
        self.name, self.rate, self.steps = name, rate, 0
        self.parameters = parameters
        self.means = [np.zeros_like(parameter) for parameter in parameters]
        self.squares = [np.zeros_like(parameter) for parameter in parameters]

    def apply(self, gradients: list[Array]) -> None:
        """Move every parameter by one step, in place.

        Args:
            gradients: One for each parameter.
        """
        self.steps += 1
        rate = self.rate
        if self.name == "sgd":
            for parameter, gradient in zip(self.parameters, gradients, strict=True):
                parameter -= rate * gradient
            return
        rate *= np.sqrt(1 - self.beta_2**self.steps) / (1 - self.beta_1**self.steps)
        state = zip(self.parameters, gradients, self.means, self.squares, strict=True)
        for parameter, gradient, mean, square in state:
            mean += (1 - self.beta_1) * (gradient - mean)
            square += (1 - self.beta_2) * (gradient**2 - square)
            parameter -= rate * mean / (np.sqrt(square) + self.epsilon)


@dataclass
class History:
    """The losses of both players, one a step, taken before the step's update.

    Attributes:
        discriminator: Its loss, penalty included, in the last of its steps.
        generator: The generator's loss.
    """

    discriminator: list[float] = field(default_factory=list)
    generator: list[float] = field(default_factory=list)

    def __iter__(self) -> Any:
        return iter((self.discriminator, self.generator))


class PlanarGAN:
    """A GAN on the plane that trains step by step (Goodfellow et al. 2014, algorithm 1).

    Taught in the chapter ``notebooks/what_goes_wrong``.

    Args:
        experiment: The settings.
        **settings: Some of them by name, as in ``PlanarGAN(loss="hinge", seed=3)``; they go before
            those of the experiment.

    Attributes:
        experiment: The settings.
        generator: ``(n, 2) -> (n, 2)``.
        discriminator: ``(n, 2) -> (n, 1)``, scores.
        generator_optimizer: Its ``rate`` may be changed between two steps.
        discriminator_optimizer: The same for the discriminator.
        history: The losses so far.

    Raises:
        UserError: If a setting is not allowed.
    """

    def __init__(self, experiment: Experiment | None = None, **settings: Any) -> None:
        if unknown := set(settings) - {setting.name for setting in fields(Experiment)}:
            raise UserError(
                f"There is no setting {min(unknown)!r}; there are "
                f"{', '.join(setting.name for setting in fields(Experiment))}."
            )
        base: Mapping[str, Any] = asdict(experiment) if experiment else {}
        self.experiment = Experiment(**(dict(base) | settings))
        e = self.experiment
        self.generator = Network(e.seed, GENERATOR, (2, e.hidden, e.hidden, 2))
        self.discriminator = Network(e.seed, DISCRIMINATOR, (2, e.hidden, e.hidden, 1))
        self.generator_optimizer = Optimizer(
            e.optimizer, e.generator_rate, self.generator.parameters
        )
        self.discriminator_optimizer = Optimizer(
            e.optimizer, e.discriminator_rate, self.discriminator.parameters
        )
        self.game = GAMES[e.loss]
        self._real_term = smoothed(self.game.real, e.smoothing)
        self.history = History()

    def _latent(self, purpose: int, step: int, n: int) -> Array:
        return 2 * uniform(self.experiment.seed, purpose, step, (n, 2)) - 1

    def _data(self, purpose: int, step: int, n: int) -> Array:
        e = self.experiment
        u = uniform(e.seed, purpose, step, (n, 4))
        data_set = DATA_SETS[e.data]
        return data_set.place(u[:, 0], u[:, 1], e.points) + data_set.spread * normal(u[:, 2:])

    def step(self) -> tuple[float, float]:
        """Train both players by one step; return the discriminator's and the generator's loss."""
        e = self.experiment
        for _ in range(e.discriminator_steps):
            discriminator_loss = self._discriminator_step()
        z = self._latent(GENERATOR_LATENT, len(self.history.generator), e.batch)
        fake, memory = self.generator.forward(z)
        scores, seen = self.discriminator.forward(fake)
        term = self.game.generator
        _, gradient, _ = self.discriminator.backward(seen, term.gradient(scores) / e.batch)
        self.generator_optimizer.apply(self.generator.backward(memory, gradient)[0])
        generator_loss = float(np.mean(term.loss(scores)))
        self.history.discriminator.append(discriminator_loss)
        self.history.generator.append(generator_loss)
        return discriminator_loss, generator_loss

    def _discriminator_step(self) -> float:
        e, step = self.experiment, self.discriminator_optimizer.steps
        real = self._data(DATA, step, e.batch)
        fake = self.generator(self._latent(LATENT, step, e.batch))
        loss = 0.0
        gradients = [np.zeros_like(parameter) for parameter in self.discriminator.parameters]

        def add(new: list[Array], weight: float = 1.0) -> None:
            for gradient, more in zip(gradients, new, strict=True):
                gradient += weight * more

        for x, term in ((real, self._real_term), (fake, self.game.fake)):
            scores, memory = self.discriminator.forward(x)
            loss += float(np.mean(term.loss(scores)))
            add(self.discriminator.backward(memory, term.gradient(scores) / e.batch)[0])
        if e.penalty != "none":
            x = real
            if e.penalty == "gradient":
                alpha = uniform(e.seed, ALPHA, step, (e.batch, 1))
                x = alpha * real + (1 - alpha) * fake
            penalty, slopes = self.discriminator.penalty_gradients(x, e.penalty)
            loss += e.penalty_weight * penalty
            add(slopes, e.penalty_weight)
        self.discriminator_optimizer.apply(gradients)
        return loss

    def train(self, steps: int) -> History:
        """Train for a number of steps and return all losses so far.

        Args:
            steps: How many more.
        """
        for _ in range(steps):
            self.step()
        return self.history

    def samples(self, n: int = SHOWN) -> Array:
        """Generated samples (n, 2), always from the same latent vectors.

        Args:
            n: How many.
        """
        return self.generator(self._latent(SHOWN_LATENT, 0, n))

    def real_samples(self, n: int = SHOWN) -> Array:
        """Real samples (n, 2), always the same.

        Args:
            n: How many.
        """
        return self._data(SHOWN_DATA, 0, n)

    def scores(self, points: ArrayLike) -> Array:
        """The discriminator's score of each point: (n, 2) -> (n,).

        Args:
            points: Where, (n, 2).
        """
        return self.discriminator(np.asarray(points, np.float64))[:, 0]

    def pull(self, points: ArrayLike) -> Array:
        """Where a fake at each point is sent: minus the generator's gradient there, (n, 2).

        Args:
            points: Where, (n, 2).
        """
        points = np.asarray(points, np.float64)
        slopes = self.discriminator.input_gradient(points)
        return -self.game.generator.gradient(self.discriminator(points)) * slopes

    def energy_distance(self) -> float:
        """How far the shown samples are from the data: 0 where both distributions are one.

        ``2 E|x - y| - E|x - x'| - E|y - y'|`` (Székely and Rizzo 2013, equation 1.1).
        """
        fake, real = self.samples(), self.real_samples()

        def mean(a: Array, b: Array) -> float:
            return float(np.mean(np.linalg.norm(a[:, None] - b[None], axis=2)))

        return 2 * mean(fake, real) - mean(fake, fake) - mean(real, real)

    def modes_found(self) -> tuple[int, int] | None:
        """How many of the data's heaps the samples reach, and how many there are.

        A heap is found if at least a quarter of its fair share of the shown samples lies within
        three standard deviations of its centre. None where the data have no heaps.
        """
        data_set = DATA_SETS[self.experiment.data]
        if data_set.modes is None:
            return None
        distances = np.linalg.norm(self.samples()[:, None] - data_set.modes[None], axis=2)
        near = np.sum(distances <= 3 * data_set.spread, axis=0)
        modes = len(data_set.modes)
        return int(np.sum(4 * modes * near >= SHOWN)), modes

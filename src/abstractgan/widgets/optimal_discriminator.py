"""The best discriminator between two distributions on a line, and the value that it reaches.

``optimal_discriminator.js`` computes the same by the same rule; a test compares the two.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from abstractgan.widgets.base import LiveWidget, Number, fixed, say
from abstractgan.widgets.mathematics import Array, softplus

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PRESETS = {
    "equal": {"p_mean": 0, "p_spread": 1, "weight": 0, "q_mean": 0, "q_spread": 1},
    "apart": {"p_mean": 3, "p_spread": 0.5, "weight": 0, "q_mean": -3, "q_spread": 0.5},
    "one mode missed": {
        "p_mean": 2,
        "p_spread": 0.5,
        "weight": 0.5,
        "second_mean": -2,
        "second_spread": 0.5,
        "q_mean": 2,
        "q_spread": 0.5,
    },
}
"""Settings to begin with, by their names on the page."""


def _log_normal(x: Array, mean: float, spread: float) -> Array:
    return -0.5 * ((x - mean) / spread) ** 2 - np.log(spread) - 0.5 * np.log(2 * np.pi)


class Densities(NamedTuple):
    """What holds at places x, each an array of the shape of x.

    Attributes:
        p: The density of the real samples.
        q: The density of the generated samples.
        best: The optimal discriminator, ``p / (p + q)``.
        integrand: ``p log D* + q log(1 - D*)``, whose integral is ``V(D*, G)``.
        divergence: ``(p log(p/m) + q log(q/m)) / 2`` with ``m = (p + q) / 2``, whose integral is
            the Jensen-Shannon divergence.
    """

    p: Array
    q: Array
    best: Array
    integrand: Array
    divergence: Array


class OptimalDiscriminator(LiveWidget):
    """Two distributions on a line, the best discriminator between them, and what it is worth.

    Real samples have the density ``p``, a Gaussian or a mixture of two, generated ones the density
    ``q``, a Gaussian. The best discriminator says ``D*(x) = p / (p + q)``; the value of the game
    is then ``V(D*, G) = -log 4 + 2 JSD(p, q)`` (Goodfellow et al. 2014, proposition 1 and theorem
    1). Everything is computed from logarithms of densities, so that nothing is divided by 0 where
    both underflow.

    Taught in the chapter ``notebooks/minimax``. ``PRESETS`` holds the settings of its buttons, as
    in ``OptimalDiscriminator(**PRESETS["apart"])``.

    Attributes:
        p_mean: Mean of the real samples' first heap, from -4 to 4 in steps of 0.1.
        p_spread: Its standard deviation, from 0.2 to 2 in steps of 0.1.
        weight: Share of the second heap, from 0 (there is none) to 1 in steps of 0.01.
        second_mean: Mean of the second heap, as the first.
        second_spread: Its standard deviation, as the first.
        q_mean: Mean of the generated samples, as the first.
        q_spread: Their standard deviation, as the first.
        x: The place where densities and discriminator are read, from -6 to 6 in steps of 0.1.

    Raises:
        traitlets.TraitError: If one of them is given anything else; it says what is allowed.
    """

    size = (6.4, 5.6)

    p_mean = Number(1.0, -4.0, 4.0).tag(sync=True)
    p_spread = Number(1.0, 0.2, 2.0).tag(sync=True)
    weight = Number(0.0, 0.0, 1.0, digits=2).tag(sync=True)
    second_mean = Number(-2.0, -4.0, 4.0).tag(sync=True)
    second_spread = Number(0.5, 0.2, 2.0).tag(sync=True)
    q_mean = Number(-1.0, -4.0, 4.0).tag(sync=True)
    q_spread = Number(1.0, 0.2, 2.0).tag(sync=True)
    x = Number(0.0, -6.0, 6.0).tag(sync=True)

    def at(self, x: ArrayLike) -> Densities:
        """Densities, discriminator and integrands at places ``x``.

        Args:
            x: Of any shape.
        """
        x = np.asarray(x, np.float64)
        with np.errstate(divide="ignore"):  # log 0 of a heap that is not there
            first, second = np.log([1 - self.weight, self.weight])
        log_p = np.logaddexp(
            first + _log_normal(x, self.p_mean, self.p_spread),
            second + _log_normal(x, self.second_mean, self.second_spread),
        )
        log_q = _log_normal(x, self.q_mean, self.q_spread)
        p, q = np.exp(log_p), np.exp(log_q)
        log_m = np.logaddexp(log_p, log_q) - np.log(2)
        return Densities(
            p,
            q,
            np.exp(-softplus(log_q - log_p)),
            -p * softplus(log_q - log_p) - q * softplus(log_p - log_q),
            (p * (log_p - log_m) + q * (log_q - log_m)) / 2,
        )

    def _integral(self, name: str) -> float:
        # The trapezoidal rule on 4001 points. The ends weigh nothing, and on smooth functions that
        # vanish there its error falls faster than any power of the step.
        x = np.arange(-2000, 2001) / 100
        return float(np.sum(getattr(self.at(x), name)) / 100)

    @property
    def value(self) -> float:
        """The value of the game, ``V(D*, G)``, from -log 4 (equal) to 0 (apart)."""
        return self._integral("integrand")

    @property
    def divergence(self) -> float:
        """The Jensen-Shannon divergence of p and q, from 0 (equal) to log 2 (apart)."""
        return self._integral("divergence")

    def _favoured(self) -> str:
        # Where D* is above ½, to the nearest of the places that can be read: what counts is the
        # middle between two of them.
        above = self.at(np.arange(-119, 121, 2) / 20).best > 0.5 + 1e-9
        edges = np.flatnonzero(np.diff(above, prepend=False, append=False)) / 10 - 6
        spans = [
            say("x from {0} to {1}", fixed(a, 1), fixed(b, 1)) for a, b in edges.reshape(-1, 2)
        ]
        return say(" and ").join(spans) or say("no x")

    @property
    def reading(self) -> str:
        """What holds at x, and both integrals, as the page shows and speaks them."""
        here = self.at(self.x)
        sentences = (
            say(
                "At x = {0}: density p {1}, density q {2}, best discriminator {3}.",
                fixed(self.x, 1),
                *(fixed(float(value), 3) for value in (here.p, here.q, here.best)),
            ),
            say("D* favours real (is above ½) for {0}.", self._favoured()),
            say("Jensen-Shannon divergence JSD {0}.", fixed(self.divergence, 3)),
            say("Value of the game V(D*, G) = −log\xa04 + 2\xa0JSD = {0}.", fixed(self.value, 3)),
        )
        return " ".join(sentences)

    @property
    def alternative(self) -> str:
        """What the still picture shows: three panels over x, and the reading."""
        return say(
            "Densities of real and generated samples, the best discriminator, and the integrand "
            "whose area is the value. {0}",
            self.reading,
        )

    def _draw(self, figure: "Figure") -> None:
        x = np.linspace(-6.5, 6.5, 521)
        over, here = self.at(x), self.at(self.x)
        panels = figure.subplots(3, sharex=True, height_ratios=[3, 2, 2])
        panels[0].set_title("Densities")
        panels[0].plot(x, over.p, color="#0A6AA6", label="real, p")
        panels[0].plot(x, over.q, "--", color="#B8400C", label="generated, q")
        panels[0].plot([self.x] * 2, [here.p, here.q], "o", color="black")
        panels[0].legend(loc="best")
        panels[1].set_title("Best discriminator D* = p / (p + q)")
        panels[1].plot(x, over.best, "-.", color="#00755A")
        panels[1].plot(self.x, here.best, "o", color="black")
        panels[1].set_ylim(-0.05, 1.05)
        panels[2].set_title(f"Area V = {fixed(self.value, 3)}: p log D* + q log(1 − D*)")
        panels[2].fill_between(x, over.integrand, alpha=0.2, color="#9A3B75")
        panels[2].plot(x, over.integrand, ":", color="#9A3B75")
        panels[2].plot(self.x, here.integrand, "o", color="black")
        panels[2].set_ylim(min(-0.3, 1.05 * over.integrand.min()), 0.03)
        panels[2].set_xlabel("x")

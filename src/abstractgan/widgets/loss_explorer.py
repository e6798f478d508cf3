"""The loss explorer: the score of a sample on an axis, losses and their gradients above it.

``loss_explorer.js`` computes the same and says it in the same words; a test compares the two.
"""

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from abstractgan.widgets.base import LiveWidget, Number, decimal, fixed, say
from abstractgan.widgets.mathematics import GAMES, SMOOTHED, Term, sigmoid, smoothed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOW, HIGH = -8.0, 8.0
"""The lowest and the highest score."""
SHOWN = {"loss": ("loss",), "gradient": ("gradient",), "both": ("loss", "gradient")}
"""The charts that each choice of ``show`` has."""
PLAYERS = ("generator", "discriminator")
"""Whose loss can be shown."""
AXES = ("logit", "probability")
"""What samples can be placed by."""

_NAMES = {"real": "real sample", "fake": "fake"}
_COLOURS = {
    "minimax": "#B8400C",
    "non_saturating": "#0A6AA6",
    "least_squares": "#00755A",
    "wasserstein": "#9A3B75",
    "hinge": "#7A5C00",
    "article": "#49515D",
}
_DASHES: dict[str, Any] = {
    "minimax": (0, (4, 2.5)),
    "non_saturating": "-",
    "least_squares": (0, (1, 2)),
    "wasserstein": (0, (5, 2, 1, 2)),
    "hinge": (0, (8, 2)),
    "article": (0, (4, 1.5, 1, 1.5, 1, 1.5)),
}
_CAPS = {"loss": (-9.6, 12.6), "gradient": (-2.6, 2.6)}


class Losses(traitlets.List):
    """A trait that holds one or more of the games' names, in the order of ``GAMES``."""

    def validate(self, obj: Any, value: Any) -> list[str]:
        """Return the names in order, or raise ``TraitError`` with those that exist.

        Args:
            obj: Whose trait it is.
            value: What is to be held.

        Raises:
            traitlets.TraitError: If one is no game, or there twice, or there is none.
        """
        allowed = list(GAMES)
        names = value if isinstance(value, list | tuple) else []
        if not names or any(n not in allowed or names.count(n) > 1 for n in names):
            raise traitlets.TraitError(
                f"{self.name} is a list of one or more of {', '.join(allowed)}, not {value!r}."
            )
        return [name for name in allowed if name in names]


@dataclass
class Entry:
    """What a player minimises on the samples it learns from.

    Attributes:
        kind: The first game, in the order of ``GAMES``, that has these terms.
        title: The names of all such games that are shown; "Cross-entropy" for the discriminator of
            three of them.
        terms: The term of each sample: "real" (the discriminator's only) and "fake".
    """

    kind: str
    title: str
    terms: dict[str, Term]


class LossExplorer(LiveWidget):
    """Sliders move the score of a fake, and of a real sample; losses and their gradients follow.

    Where the discriminator rejects the fake, to the left, the saturating loss
    ``log(1 - sigmoid(s))`` is flat, while the non-saturating loss ``-log sigmoid(s)`` has a slope
    near -1 (Goodfellow et al. 2014, section 3). It answers in the rendered book, in JupyterLab and
    in Colab.

    Taught in the chapters ``notebooks/core_concepts`` and ``notebooks/loss_family``.

    Attributes:
        score: The score ``s`` that the discriminator gives the fake, from -8 to 8 in steps of 0.1.
        real_score: The same of the real sample, which only the discriminator learns from.
        losses: Which games are shown: one or more keys of ``mathematics.GAMES``.
        player: Whose loss is shown: "generator" or "discriminator".
        show: What is drawn: "loss", "gradient" (in the score) or "both".
        axis: What the samples are placed by: the score ("logit") or its sigmoid ("probability").
        smoothing: One-sided label smoothing of the discriminator's cross-entropy on the real
            sample, from 0 to 0.5 in steps of 0.01.

    Raises:
        traitlets.TraitError: If one of them is given anything else; it says what is allowed.
    """

    size = (6.4, 5.2)

    score = Number(-4.0, LOW, HIGH).tag(sync=True)
    real_score = Number(2.0, LOW, HIGH).tag(sync=True)
    losses = Losses(default_value=["minimax", "non_saturating"]).tag(sync=True)
    player = traitlets.Enum(PLAYERS, "generator").tag(sync=True)
    show = traitlets.Enum(list(SHOWN), "both").tag(sync=True)
    axis = traitlets.Enum(AXES, "logit").tag(sync=True)
    smoothing = Number(0.0, 0.0, 0.5, digits=2).tag(sync=True)

    @property
    def entries(self) -> list[Entry]:
        """What the player minimises, once where several of the losses have it in common."""
        found: list[Entry] = []
        seen: list[Term] = []
        for kind in self.losses:
            game = GAMES[kind]
            judges = self.player == "discriminator"
            decisive = game.real if judges else game.generator
            if decisive not in seen:
                title, real = say(game.title), game.real
                if judges and kind in SMOOTHED:
                    title, real = say("Cross-entropy"), smoothed(real, self.smoothing)
                terms = {"real": real, "fake": game.fake} if judges else {"fake": game.generator}
                seen.append(decisive)
                found.append(Entry(kind, title, terms))
            elif not judges:
                found[seen.index(decisive)].title += say(", ") + say(game.title)
        return found

    @property
    def reading(self) -> str:
        """The scores, and each loss and gradient there, as the page shows and speaks them."""
        scores = {"fake": self.score}
        if self.player == "discriminator":
            scores = {"real": self.real_score} | scores
        words = [self._scored(sample, score) for sample, score in scores.items()]
        for entry in self.entries:
            for sample, score in scores.items():
                values = say(", ").join(
                    f"{say(name)} {decimal(float(getattr(entry.terms[sample], name)(score)))}"
                    for name in SHOWN[self.show]
                )
                title = entry.title
                if len(scores) > 1:
                    title = say("{0} on the {1}", title, say(_NAMES[sample]))
                words.append(say("{0}: {1}.", title, values))
        if self.player == "generator":
            words += self._comparison()
        elif self.smoothing and set(self.losses) & set(SMOOTHED):
            best = fixed(log(1 / self.smoothing - 1), 2)
            words.append(
                say(
                    "Label smoothing {0}: on real samples the best score is {1}.",
                    fixed(self.smoothing, 2),
                    best,
                )
            )
        return " ".join(words)

    def _scored(self, sample: str, score: float) -> str:
        # only cross-entropy makes a logit of the score
        logits = set(self.losses) <= set(SMOOTHED)
        sample = say(_NAMES[sample])
        number, share = fixed(score, 1), decimal(float(sigmoid(score)))
        if self.axis == "probability":
            words = say("Probability") if logits else say("Sigmoid")
            return say("{0} of the {1} {2}: score {3}.", words, sample, share, number)
        words = say("taken for real with probability") if logits else say("sigmoid")
        return say("Score of the {0} {1}: {2} {3}.", sample, number, words, share)

    def _comparison(self) -> list[str]:
        pulls = {e.title: float(e.terms["fake"].gradient(self.score)) for e in self.entries}
        order = sorted(pulls, key=lambda title: abs(pulls[title]))
        weak, strong = order[0], order[-1]
        sentences = []
        if pulls[weak] == 0:
            sentences.append(say("{0} does not pull.", weak))
        elif (times := abs(pulls[strong] / pulls[weak])) > 1 + 1e-9:
            number = fixed(times, 1 if times < 10 else 0)
            sentences.append(say("{0} pulls {1} times as hard as {2}.", strong, number, weak))
        elif len(pulls) > 1:
            sentences.append(say("All pull equally hard."))
        if down := [title for title, gradient in pulls.items() if gradient > 0]:
            sentences.append(say("Downwards: {0}.", say(", ").join(down)))
        return sentences

    @property
    def alternative(self) -> str:
        """What the still picture shows: whose losses over what, and the reading."""
        what = say(" and ").join(map(say, SHOWN[self.show]))
        if self.player == "generator":
            return say("Curves of the generator's {0} over the score. {1}", what, self.reading)
        return say("Curves of the discriminator's {0} over the score. {1}", what, self.reading)

    def _draw(self, figure: "Figure") -> None:
        names = SHOWN[self.show]
        logit = self.axis == "logit"
        scores = {"fake": self.score}
        if self.player == "discriminator":
            scores["real"] = self.real_score
        s = np.linspace(LOW, HIGH, 161)

        def place(score: Any) -> Any:
            return score if logit else sigmoid(score)

        ratios = [3, 2][: len(names)]
        panels = figure.subplots(len(names), sharex=True, squeeze=False, height_ratios=ratios)[:, 0]
        for axes, name in zip(panels, names, strict=True):
            lowest, highest = 0.0, 0.0
            for entry in self.entries:
                for sample, term in entry.terms.items():
                    values = getattr(term, name)(s)
                    lowest, highest = min(lowest, values.min()), max(highest, values.max())
                    style = {"color": _COLOURS[entry.kind], "linestyle": _DASHES[entry.kind]}
                    filled = {"markerfacecolor": "white" if sample == "real" else None}
                    rings = {"marker": "o", "markersize": 4, "markevery": 20} | filled
                    axes.plot(
                        place(s),
                        values,
                        label=f"{entry.title}, {sample}" if len(scores) > 1 else entry.title,
                        **style | (rings if sample == "real" else {}),
                    )
                    value = getattr(term, name)(scores[sample])
                    axes.plot(place(scores[sample]), value, "o", color=style["color"], **filled)
            gap = 0.1 * (highest - lowest)
            low, high = _CAPS[name]
            axes.set_ylim(max(low, lowest) - gap, min(high, highest) + gap)
            axes.set_title(f"Loss of the {self.player}" if name == "loss" else "Gradient, d/ds")
            for sample, score in scores.items():
                axes.axvline(place(score), color="black", linestyle=":", linewidth=1)
                place_text = (place(score), 1.0)
                axes.annotate(
                    f" {sample}", place_text, xycoords=("data", "axes fraction"), va="top"
                )
        panels[0].legend(loc="best")
        panels[-1].set_xlabel("score s" if logit else "σ(s)")

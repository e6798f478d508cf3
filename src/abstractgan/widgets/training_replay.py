"""The training replay: one slider through a recorded run, its samples, losses, scores and KID."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import traitlets

from abstractgan.errors import UserError
from abstractgan.widgets.base import LiveWidget, decimal, say, webp

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@runtime_checkable
class Recorded(Protocol):
    """What the replay reads of a run; ``training.recorded.RecordedRun`` has it."""

    @property
    def log(self) -> Mapping[str, npt.ArrayLike]:
        """``epoch``, ``step`` and columns of ``PANELS``, one value an epoch, NaN if unmeasured."""

    @property
    def samples(self) -> Mapping[int, np.ndarray]:
        """Epoch to a picture, uint8 (height, width, 3), of the same latent vectors each time."""


PANELS: dict[str, dict[str, str]] = {
    "Loss": {
        "discriminator_loss": "Loss of the discriminator",
        "generator_loss": "Loss of the generator",
    },
    "Score, a logit": {
        "real_score": "Score of real samples",
        "fake_score": "Score of generated samples",
    },
    "KID, 0 is best": {"kid": "KID"},
}
"""Title of a chart to its columns of the log, and their names in the reading."""
_QUALITY = 50  # of the pictures as WebP: a quarter of a PNG, and no difference to the eye


class TrainingReplay(LiveWidget):
    """A recorded run, to go through forwards and backwards.

    A slider, buttons and a click into the charts choose an epoch; the samples of that epoch and
    all that was measured in it are shown. The pictures are kept in the notebook as WebP of
    quality 50.

    Taught in the chapter ``notebooks/digit_gan``.

    Args:
        run: A finished run with samples.
        epoch: Where the replay begins; without it, with the first samples.

    Attributes:
        epoch: The epoch that is shown, one of those with samples.
        record: The log and the pictures as plain values, for the script.

    Raises:
        UserError: If it is given no run, or one without samples, or with some of an epoch that its
            log lacks.
        traitlets.TraitError: If ``epoch`` is none of the recorded ones; it names them.
    """

    size = (6.0, 3.0)

    record = traitlets.Dict(read_only=True).tag(sync=True)
    epoch = traitlets.Int().tag(sync=True)

    def __init__(self, run: Recorded, epoch: int | None = None) -> None:
        if not isinstance(run, Recorded):
            raise UserError(
                f"Give a recorded run, as digit_run and read_run return it, not {run!r}."
            )
        epochs = [int(number) for number in np.asarray(run.log["epoch"])]
        recorded = sorted(run.samples)
        if not recorded or not set(recorded) <= set(epochs):
            raise UserError("Give a run with samples, each of an epoch that its log has.")
        super().__init__()
        self._samples = {number: run.samples[number] for number in recorded}
        steps = [int(step) for step in np.asarray(run.log["step"])]
        panels = [
            {
                "title": title,
                "lines": [
                    {"name": name, "values": _plain(run.log[column])}
                    for column, name in columns.items()
                    if column in run.log
                ],
            }
            for title, columns in PANELS.items()
        ]
        record = {
            "epochs": epochs,
            "steps": steps,
            "panels": [panel for panel in panels if panel["lines"]],
            "samples": [
                [number, webp(picture, _QUALITY)] for number, picture in self._samples.items()
            ],
        }
        self.set_trait("record", record)
        self.epoch = recorded[0] if epoch is None else epoch

    @traitlets.validate("epoch")
    def _recorded(self, proposal: Any) -> int:
        recorded = [number for number, _ in self.record["samples"]]
        if proposal["value"] not in recorded:
            raise traitlets.TraitError(
                f"epoch is one of those with samples, {', '.join(map(str, recorded))}, "
                f"not {proposal['value']!r}."
            )
        return int(proposal["value"])

    @property
    def reading(self) -> str:
        """What was measured in the epoch, as the page shows and speaks it."""
        place = self.record["epochs"].index(self.epoch)
        last, step = self.record["epochs"][-1], self.record["steps"][place]
        words = [say("Epoch {0} of {1}, step {2}.", self.epoch, last, step)]
        for panel in self.record["panels"]:
            for line in panel["lines"]:
                value, first = line["values"][place], line["values"][0]
                if value is None:
                    continue
                since = ""
                if len(panel["lines"]) == 1 and first is not None and value != first:
                    down, before = value < first, decimal(first)
                    since = say(", down from {0}", before) if down else say(", up from {0}", before)
                words.append(say("{0} {1}{2}.", line["name"], decimal(value), since))
        return " ".join(words)

    @property
    def alternative(self) -> str:
        """What the still picture shows: the samples of the epoch and the curves of the run."""
        return say("Samples of one epoch, beside the curves of the whole run. {0}", self.reading)

    def __repr__(self) -> str:
        return (
            f"TrainingReplay of {len(self.record['samples'])} recorded epochs, epoch={self.epoch}"
        )

    def _draw(self, figure: "Figure") -> None:
        from abstractgan.plots import BLUE, GREEN, GREY, ORANGE

        panels = self.record["panels"]
        grid = figure.add_gridspec(len(panels), 2)
        axes = figure.add_subplot(grid[:, 0], title=f"Samples of epoch {self.epoch}")
        axes.imshow(self._samples[self.epoch])
        axes.set_axis_off()
        for row, panel in enumerate(panels):
            chart = figure.add_subplot(grid[row, 1])
            chart.set_title(panel["title"], fontsize=9)
            chart.axvline(self.epoch, color=GREY, linestyle=":")
            curves = (("-", BLUE), ("--", ORANGE)) if len(panel["lines"]) == 2 else ((":", GREEN),)
            for line, (dash, color) in zip(panel["lines"], curves, strict=True):
                measured = [
                    (epoch, value)
                    for epoch, value in zip(self.record["epochs"], line["values"], strict=True)
                    if value is not None
                ]
                chart.plot(*zip(*measured, strict=True), dash, color=color)
        chart.set_xlabel("epoch")


def _plain(values: npt.ArrayLike) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in np.asarray(values, np.float64)]

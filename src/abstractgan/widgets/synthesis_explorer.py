"""The synthesis explorer: invented paintings by movement, seed, truncation and walk."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import traitlets

from abstractgan.errors import UserError
from abstractgan.widgets.base import LiveWidget, fixed, say, webp

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_QUALITY = 60  # of the sheet, as WebP


class SynthesisExplorer(LiveWidget):
    """Paintings that a generator invented, to choose from, and the walks between them.

    For each movement and truncation there is a closed walk: from the first seed's painting to the
    second's, and so on, and from the last back to the first. The pictures are kept in the notebook
    on one sheet, as WebP.

    Taught in the chapter ``notebooks/synthesis``.

    Args:
        pictures: uint8 (movements, truncations, seeds, steps, side, side, 3): step 0 is the seed's
            own painting, the others lie on the way to the next seed's.
        movements: Name to title, in the order of the pictures.
        truncations: Thresholds, in the order of the pictures.
        accuracy: For each threshold, which share of the paintings is nearest to its own movement.
        spread: For each threshold, how far apart two paintings of a movement are.
        **settings: The attributes below.

    Attributes:
        movement: The name of a movement.
        truncation: A threshold, written with one decimal.
        seed: Counted from 0.
        walk: Steps on the way to the next seed, counted from 0.
        record: The sheet and all that the words need as plain values, for the script.

    Raises:
        UserError: If pictures and names do not fit together.
        traitlets.TraitError: If a setting is none of those there are; it says which there are.
    """

    size = (6.4, 3.4)

    record = traitlets.Dict(read_only=True).tag(sync=True)
    movement = traitlets.Unicode().tag(sync=True)
    truncation = traitlets.Unicode().tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    walk = traitlets.Int(0).tag(sync=True)

    def __init__(
        self,
        pictures: npt.ArrayLike,
        movements: Mapping[str, str],
        truncations: Sequence[float],
        accuracy: Sequence[float],
        spread: Sequence[float],
        **settings: Any,
    ) -> None:
        sheet = np.asarray(pictures)
        counts = (len(movements), len(truncations))
        if sheet.ndim != 7 or sheet.shape[:2] != counts or sheet.dtype != np.uint8:
            raise UserError(
                f"Give pictures, uint8 {(*counts, 'seeds', 'steps', 'side', 'side', 3)}, not "
                f"{sheet.dtype} {sheet.shape}."
            )
        super().__init__()
        self._pictures = sheet
        seeds, steps, side = sheet.shape[2:5]
        rows = sheet.reshape(-1, seeds * steps, side, side, 3).swapaxes(1, 2)
        record = {
            # Pairs, because a saved notebook sorts names; the sheet's rows are in this order.
            "movements": [list(pair) for pair in movements.items()],
            "truncations": [f"{threshold:.1f}" for threshold in truncations],
            "accuracy": [f"{100 * share:.0f}" for share in accuracy],
            "spread": [fixed(distance, 1) for distance in spread],
            "seeds": seeds,
            "steps": steps,
            "sheet": webp(rows.reshape(-1, seeds * steps * side, 3), _QUALITY),
        }
        self.set_trait("record", record)
        self.movement, self.truncation = record["movements"][0][0], record["truncations"][-1]
        for name, value in settings.items():
            setattr(self, name, value)

    @traitlets.validate("movement", "truncation", "seed", "walk")
    def _one_of_those(self, proposal: Any) -> Any:
        name, value = proposal["trait"].name, proposal["value"]
        allowed = {
            "movement": [name for name, _ in self.record["movements"]],
            "truncation": self.record["truncations"],
            "seed": range(self.record["seeds"]),
            "walk": range(self.record["steps"]),
        }[name]
        if value not in allowed:
            raise traitlets.TraitError(
                f"{name} is one of {', '.join(map(str, allowed))}, not {value!r}."
            )
        return value

    @property
    def _row(self) -> tuple[int, int]:
        names = [name for name, _ in self.record["movements"]]
        return names.index(self.movement), self.record["truncations"].index(self.truncation)

    @property
    def picture(self) -> np.ndarray:
        """The painting that is shown, uint8 (side, side, 3)."""
        shown: np.ndarray = self._pictures[*self._row, self.seed, self.walk]
        return shown

    @property
    def reading(self) -> str:
        """Which painting it is, and what its truncation costs and gives."""
        (movement, threshold), record = self._row, self.record
        following, steps = (self.seed + 1) % record["seeds"], record["steps"]
        place = say("seed {0}", self.seed)
        if self.walk:
            walk = (self.walk, steps, self.seed, following)
            place = say("step {0} of {1} from seed {2} to seed {3}", *walk)
        sentences = (
            say("{0}, {1}.", record["movements"][movement][1], place),
            say("No entry of the latent vector is larger than {0}.", self.truncation),
            say(
                "At this truncation {0} % of the paintings are nearest to their own movement, and "
                "two of a movement are {1} apart.",
                record["accuracy"][threshold],
                record["spread"][threshold],
            ),
        )
        return " ".join(sentences)

    @property
    def alternative(self) -> str:
        """What the still picture shows: the painting and its walk."""
        return say("An invented painting above the walk that it lies on. {0}", self.reading)

    def __repr__(self) -> str:
        settings = {name: getattr(self, name) for name in self.setting_names() if name != "record"}
        return f"SynthesisExplorer({', '.join(f'{k}={v!r}' for k, v in settings.items())})"

    def _draw(self, figure: "Figure") -> None:
        walk = self._pictures[*self._row, self.seed]
        grid = figure.add_gridspec(2, len(walk), height_ratios=(3, 1))
        shown = [(figure.add_subplot(grid[0, :]), self.picture)]
        shown += [(figure.add_subplot(grid[1, at]), each) for at, each in enumerate(walk)]
        for axes, picture in shown:
            axes.imshow(picture)
            axes.set_axis_off()

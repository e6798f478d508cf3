"""The way from a pixel loss to a GAN: what each place on it looks like, and where it is measured.

``perception_distortion.js`` draws the same from the same record; a test compares their words.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import traitlets

from abstractgan.errors import UserError
from abstractgan.widgets.base import LiveWidget, Number, fixed, say, webp

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STEPS = 10
"""From one end of the way to the other."""
_QUALITY = 85  # of the pictures, as WebP


class Place(NamedTuple):
    """A picture and its two measures.

    Attributes:
        picture: uint8 (side, side, 3).
        psnr: ``metrics.psnr``, in decibels.
        kid: ``metrics.kid`` on the style vectors of small squares: how far results, as a set, can
            be told from originals.
    """

    picture: np.ndarray
    psnr: float
    kid: float


class PerceptionDistortion(LiveWidget):
    """Eleven pictures on the way from one network to another, beside the original and a plain one.

    A slider moves along the way. The picture changes, and so does the point on the plane of the two
    measures, where Blau and Michaeli 2018 say that no method can be good at both.

    Taught in the chapter ``notebooks/enhancement``.

    Args:
        way: Eleven places, for the balances 0, 0.1, ... 1.
        original: The picture that was wanted, uint8 (side, side, 3).
        plain: What was there before any learning.
        name: What to call that.
        **settings: The attribute below.

    Attributes:
        balance: From 0, the pixel loss alone, to 1, the GAN.
        record: All pictures as one sheet, and the measures, for the script.

    Raises:
        UserError: If there are not eleven places, or the pictures differ in size.
        traitlets.TraitError: If the balance is not a number from 0 to 1.
    """

    size = (6.8, 4.6)
    colours = 256

    balance = Number(0.0, 0, 1, digits=1).tag(sync=True)
    record = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(
        self,
        way: Sequence[Place],
        original: npt.ArrayLike,
        plain: Place,
        name: str,
        **settings: Any,
    ) -> None:
        if len(way) != STEPS + 1:
            raise UserError(f"Give {STEPS + 1} places on the way, not {len(way)}.")
        pictures = [np.asarray(place.picture) for place in way]
        pictures += [np.asarray(plain.picture), np.asarray(original)]
        side = len(pictures[-1])
        if any(each.shape != (side, side, 3) or each.dtype != np.uint8 for each in pictures):
            raise UserError("Give square pictures of one size, uint8 (side, side, 3).")
        super().__init__(**settings)
        self._pictures = pictures
        measures = [[float(each.psnr), float(each.kid)] for each in (*way, plain)]
        sheet = webp(np.concatenate(pictures, axis=1), _QUALITY)
        self.set_trait("record", {"name": name, "measures": measures, "sheet": sheet})

    @property
    def place(self) -> int:
        """Which of the places on the way is shown."""
        return round(STEPS * self.balance)

    @property
    def picture(self) -> np.ndarray:
        """The picture that is shown, uint8."""
        return self._pictures[self.place]

    @property
    def measures(self) -> tuple[float, float]:
        """PSNR and KID of the picture that is shown."""
        psnr, kid = self.record["measures"][self.place]
        return psnr, kid

    @property
    def reading(self) -> str:
        """The balance and the measures, as the page shows and speaks them."""
        ends = {0: say("the pixel loss alone"), STEPS: say("the GAN")}
        words = ends.get(self.place, say("between the two"))
        sentences = (
            say("Balance {0}: {1}.", fixed(self.balance, 1), words),
            say("{0}.", _measured(*self.measures)),
            say("{0}: {1}.", self.record["name"], _measured(*self.record["measures"][-1])),
        )
        return " ".join(sentences)

    @property
    def alternative(self) -> str:
        """What the still picture shows: three pictures and the plane of the two measures."""
        return say(
            "Three pictures: {0}, the network's and the original; below, the network's way on the "
            "plane of PSNR and KID. {1}",
            self.record["name"],
            self.reading,
        )

    def __repr__(self) -> str:
        return f"PerceptionDistortion(balance={self.balance:g})"

    def _draw(self, figure: "Figure") -> None:
        from abstractgan.plots import BLUE, GREY, ORANGE

        grid = figure.add_gridspec(2, 3, height_ratios=(1, 1))
        shown = {
            self.record["name"]: self._pictures[-2],
            f"balance {fixed(self.balance, 1)}": self.picture,
            "original": self._pictures[-1],
        }
        for column, (title, picture) in enumerate(shown.items()):
            axes = figure.add_subplot(grid[0, column])
            axes.imshow(picture)
            axes.set_title(title)
            axes.set_axis_off()
        axes = figure.add_subplot(grid[1, :])
        *way, plain = self.record["measures"]
        axes.plot(*np.transpose(way), "o-", color=BLUE, markersize=4, label="balance 0 to 1")
        axes.plot(*plain, "s", color=GREY, label=self.record["name"])
        axes.plot(*self.measures, "o", color=ORANGE, markersize=10, label="shown")
        axes.set(xlabel="PSNR in dB", ylabel="KID")
        axes.legend()


def _measured(psnr: float, kid: float) -> str:
    return say("PSNR {0} dB, KID {1}", fixed(psnr, 2), fixed(kid, 3))

"""The Gram explorer: maps of a few channels, the Gram matrix of a region, its change.

``gram_explorer.js`` computes the same by the same rule; a test compares the two.
"""

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import traitlets
from scipy.linalg import qr

from abstractgan.data.images import to_uint8
from abstractgan.errors import UserError
from abstractgan.widgets.base import LiveWidget, Number, fixed, say, webp

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SIDE = 96
"""Pixels of the picture each way."""
GRID = 12
"""Columns and rows of the deepest maps: where a region begins and ends."""
LETTERS = "abcdef"
"""What the channels of a layer are called."""
_QUALITY = 85  # of the picture, as WebP


class Comparison(NamedTuple):
    """A region beside the whole picture, in units of the whole picture.

    Attributes:
        whole: Gram matrix of the whole picture; each product is divided by the root mean squares of
            both channels, so that the diagonal is 1.
        here: That of the region, divided by the same.
        means: Each channel's mean in the region, as a multiple of its mean in the picture.
    """

    whole: np.ndarray
    here: np.ndarray
    means: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """What the region's matrix has more than the whole picture's."""
        return self.here - self.whole

    @property
    def distance(self) -> float:
        """The size (Frobenius norm) of the change over that of the whole picture's matrix."""
        return float(np.linalg.norm(self.change) / np.linalg.norm(self.whole))


class GramExplorer(LiveWidget):
    """A picture, a few channels of VGG's maps, and the Gram matrix of any region of it.

    Each layer brings six channels, called a to f: one after the other, the one that varies most
    where those before it do not explain it (QR decomposition with column pivoting). Their maps are
    kept in full size, in 256 steps each. Gram matrices (Gatys et al. 2016, equation 3, as a mean
    over the positions) are in units of the whole picture: see ``Comparison``.

    Taught in the chapter ``notebooks/vgg_features``.

    Args:
        picture: The picture (1, 96, 96, 3), in [-1, 1].
        maps: Feature maps (1, side, side, channels) of one layer or more, by the layer's name; the
            side is 96, 48, 24 or 12, and six channels or more are not 0 everywhere.
        **settings: The attributes below.

    Attributes:
        layer: The name of a layer.
        channels: Some of the letters "a" to "f", at least one.
        span: Columns and rows of the region, from 1 to 12; 12 is the whole picture.
        left: Columns to the left of the region, from 0 to 11; less if it would not lie inside.
        top: Rows above the region, in the same way.
        record: Picture and maps as plain values, for the script.

    Raises:
        UserError: If picture or maps have another form.
        traitlets.TraitError: If a setting is anything else; it says what is allowed.
    """

    size = (6.4, 5.2)

    layer = traitlets.Unicode().tag(sync=True)
    channels = traitlets.List(traitlets.Unicode(), ["a", "b", "c"]).tag(sync=True)
    span = Number(4, 1, GRID, digits=0).tag(sync=True)
    left = Number(4, 0, GRID - 1, digits=0).tag(sync=True)
    top = Number(4, 0, GRID - 1, digits=0).tag(sync=True)
    record = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(
        self, picture: npt.ArrayLike, maps: Mapping[str, npt.ArrayLike], **settings: Any
    ) -> None:
        pixels = np.asarray(picture)
        if pixels.shape != (1, SIDE, SIDE, 3):
            raise UserError(f"Give a picture of shape (1, {SIDE}, {SIDE}, 3), not {pixels.shape}.")
        if not maps:
            raise UserError("Give the feature maps of one layer or more.")
        layers = [_pack(name, np.asarray(values, np.float64)) for name, values in maps.items()]
        super().__init__()
        url = webp(to_uint8(pixels[0]), _QUALITY)
        self.set_trait("record", {"picture": url, "layers": layers})
        self.layer = layers[0]["name"]
        for name, value in settings.items():
            setattr(self, name, value)

    @traitlets.validate("layer")
    def _known_layer(self, proposal: Any) -> str:
        names = [layer["name"] for layer in self.record["layers"]]
        if proposal["value"] not in names:
            raise traitlets.TraitError(
                f"layer is one of {', '.join(names)}, not {proposal['value']!r}."
            )
        return str(proposal["value"])

    @traitlets.validate("channels")
    def _known_channels(self, proposal: Any) -> list[str]:
        chosen = sorted(set(proposal["value"]))
        if not chosen or not set(chosen) <= set(LETTERS):
            raise traitlets.TraitError(
                f"channels are one or more of {', '.join(LETTERS)}, not {proposal['value']!r}."
            )
        return chosen

    @property
    def region(self) -> tuple[int, int, int]:
        """First column, first row and size of the region, moved inwards until it lies inside."""
        span = int(self.span)
        return min(int(self.left), GRID - span), min(int(self.top), GRID - span), span

    @property
    def _now(self) -> dict[str, Any]:
        return next(layer for layer in self.record["layers"] if layer["name"] == self.layer)

    def _names(self) -> list[str]:
        numbers = dict(zip(LETTERS, self._now["channels"], strict=True))
        return [f"{letter} ({numbers[letter]})" for letter in self.channels]

    def _maps(self) -> np.ndarray:
        """The maps of the chosen channels (channels, side, side), from 0 to 255."""
        side = self._now["side"]
        stored = np.frombuffer(base64.b64decode(self._now["maps"]), np.uint8)
        return stored.reshape(-1, side, side)[[LETTERS.index(c) for c in self.channels]]

    def compare(self) -> Comparison:
        """Means and Gram matrix of the region beside those of the whole picture."""
        maps = self._maps().astype(np.float64)
        left, top, span = self.region
        unit = self._now["side"] // GRID
        part = maps[:, top * unit : (top + span) * unit, left * unit : (left + span) * unit]
        whole, here = (_gram(values) for values in (maps, part))
        lengths = np.sqrt(np.outer(np.diag(whole), np.diag(whole)))
        means = part.mean(axis=(1, 2)) / maps.mean(axis=(1, 2))
        return Comparison(whole / lengths, here / lengths, means)

    @property
    def reading(self) -> str:
        """Layer, channels and region, and what differs there, as the page shows and speaks it."""
        left, top, span = self.region
        names = ", ".join(self._names())
        words = say("{0}, channels {1} of {2}.", self.layer, names, self._now["of"])
        if span == GRID:
            return words + " " + say("The region is the whole picture: nothing differs.")

        def places(first: int) -> str:
            return f"{first + 1}" if span == 1 else say("{0} to {1}", first + 1, first + span)

        result = self.compare()
        lower = np.tril(np.abs(result.change)) - np.triu(np.ones_like(result.change), 1)
        two, one = np.unravel_index(np.argmax(lower), lower.shape)
        letter, other = self.channels[one], self.channels[two]
        pair = say("{0} with itself", letter) if one == two else say("{0} with {1}", letter, other)
        means = [
            f"{letter} {fixed(mean, 2)}"
            for letter, mean in zip(self.channels, result.means, strict=True)
        ]
        change = (fixed(matrix[two, one], 2) for matrix in (result.whole, result.here))
        sentences = (
            words,
            say("Region: column {0} and row {1} of {2}.", places(left), places(top), GRID),
            say(
                "Its Gram matrix differs from the whole picture's by {0} (0: equal).",
                fixed(result.distance, 2),
            ),
            say("Largest change: {0}, from {1} to {2}.", pair, *change),
            say("Means, as multiples of the whole picture's: {0}.", ", ".join(means)),
        )
        return " ".join(sentences)

    @property
    def alternative(self) -> str:
        """What the still picture shows: maps with the region, its Gram matrix, its change."""
        return say(
            "Maps of the channels with the region in a frame, the Gram matrix of the region, and "
            "its change against the whole picture. {0}",
            self.reading,
        )

    def __repr__(self) -> str:
        left, top, span = self.region
        return f"GramExplorer of {self.layer}, region {span} x {span} at ({left}, {top})"

    def _draw(self, figure: "Figure") -> None:
        from matplotlib.patches import Rectangle

        left, top, span = self.region
        maps, result = self._maps(), self.compare()
        columns = 2 * len(maps)
        grid = figure.add_gridspec(2, columns, height_ratios=[2, 3])
        panels = [figure.add_subplot(grid[0, 2 * k : 2 * k + 2]) for k in range(len(maps))]
        below = [figure.add_subplot(grid[1, half]) for half in np.s_[: len(maps), len(maps) :]]
        for axes, values, name in zip(panels, maps, self._names(), strict=True):
            axes.imshow(values, cmap="hot", vmin=0, vmax=255, extent=(0, GRID, GRID, 0))
            axes.add_patch(Rectangle((left, top), span, span, fill=False, edgecolor="white"))
            axes.set_title(name, fontsize=9)
            axes.set_axis_off()
        titles = ("Gram matrix of the region", "Change against the whole picture")
        for axes, title, matrix in zip(below, titles, (result.here, result.change), strict=True):
            axes.imshow(matrix, cmap="RdBu", vmin=-2, vmax=2)
            axes.set_title(title, fontsize=9)
            axes.set(xticks=range(len(maps)), yticks=range(len(maps)))
            axes.set(xticklabels=self.channels, yticklabels=self.channels)
            axes.grid(False)
            for (row, column), value in np.ndenumerate(matrix):
                axes.text(column, row, fixed(value, 2), ha="center", va="center", fontsize=8)


def _gram(maps: np.ndarray) -> np.ndarray:
    flat = maps.reshape(len(maps), -1)
    return np.asarray(flat @ flat.T / flat.shape[1])


def _pack(name: str, maps: np.ndarray) -> dict[str, Any]:
    """Six channels of a layer's maps, each scaled to bytes."""
    sides = [SIDE >> step for step in range(4)]
    if maps.ndim != 4 or maps.shape[0] != 1 or maps.shape[1] != maps.shape[2]:
        raise UserError(
            f"Give maps of {name} of shape (1, side, side, channels), not {maps.shape}."
        )
    if maps.shape[1] not in sides:
        raise UserError(
            f"The maps of {name} have a side of 96, 48, 24 or 12, not of {maps.shape[1]}."
        )
    flat = maps.reshape(-1, maps.shape[3])
    if not flat.min() >= 0 or (flat.max(axis=0) > 0).sum() < len(LETTERS):
        raise UserError(
            f"Give maps of {name} after the ReLU, with {len(LETTERS)} channels or more that are "
            "not 0 everywhere."
        )
    order = qr(flat - flat.mean(axis=0), mode="r", pivoting=True)[1]
    chosen = [int(c) for c in order if flat[:, c].max() > 0][: len(LETTERS)]
    bytes_ = np.rint(255 * flat[:, chosen] / flat[:, chosen].max(axis=0)).astype(np.uint8)
    return {
        "name": name,
        "of": maps.shape[3],
        "channels": chosen,
        "side": maps.shape[1],
        "maps": base64.b64encode(bytes_.T.tobytes()).decode(),
    }

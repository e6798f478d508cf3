"""The weight explorer: what content and style weight and the style's layers make of a picture."""

import base64
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets
from PIL import Image

from abstractgan.widgets.base import LiveWidget, decimal, say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RECORD = Path(__file__).parents[1] / "assets" / "runs" / "weights"
"""The pictures, computed by ``tools/record_weights.py``."""
CONFIG = "config.json"
"""The file of the losses, in ``RECORD``."""

WEIGHTS = (1, 4, 16, 64)
"""That content and style can have."""
LAYERS = {
    "fine": "relu1_1, relu2_1",
    "all": "all four",
    "coarse": "relu3_1, relu4_1",
}
"""The sets of style layers, and what the page calls them."""


class WeightExplorer(LiveWidget):
    """Pictures painted by optimisation under many weights, to choose from.

    Two sliders choose the weights of content and style, buttons the layers that style was taken
    from; the picture and both losses are shown. Only the ratio of the weights decides where the
    minimum is, so 7 ratios and 3 sets of layers make the 21 pictures that the package carries.

    Taught in the chapter ``notebooks/gatys``.

    Args:
        **settings: The attributes below.

    Attributes:
        content_weight: 1, 4, 16 or 64.
        style_weight: 1, 4, 16 or 64.
        layers: The layers of the style loss that was minimised: ``"fine"``, ``"all"`` or
            ``"coarse"``. The style loss that is shown is measured at all four.
        record: The losses as plain values and the sheet of all pictures, for the script.

    Raises:
        traitlets.TraitError: If a setting is none of these; it says which there are.
    """

    size = (6.4, 3.0)

    record = traitlets.Dict(read_only=True).tag(sync=True)
    content_weight = traitlets.Int(4).tag(sync=True)
    style_weight = traitlets.Int(16).tag(sync=True)
    layers = traitlets.Unicode("all").tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        config = json.loads((RECORD / CONFIG).read_text(encoding="utf-8"))
        sheet = (RECORD / "pictures.webp").read_bytes()
        self._sheet = np.asarray(Image.open(io.BytesIO(sheet)).convert("RGB"))
        kept = ("ratios", "photograph_style", "content", "style")
        record = {name: config[name] for name in kept}
        # Pairs, because a saved notebook sorts names; the sheet's rows are in this order.
        record |= {"weights": list(WEIGHTS), "layers": [list(pair) for pair in LAYERS.items()]}
        record["sheet"] = f"data:image/webp;base64,{base64.b64encode(sheet).decode()}"
        self.set_trait("record", record)

    @traitlets.validate("content_weight", "style_weight")
    def _a_weight(self, proposal: Any) -> int:
        return int(_one_of(WEIGHTS, proposal))

    @traitlets.validate("layers")
    def _a_set(self, proposal: Any) -> str:
        return str(_one_of(tuple(LAYERS), proposal))

    @property
    def losses(self) -> tuple[float, float]:
        """The content loss and the style loss of the picture that is shown."""
        row = (self.record[name][self.layers] for name in ("content", "style"))
        content, style = (values[self._place] for values in row)
        return content, style

    @property
    def picture(self) -> np.ndarray:
        """The picture that is shown, uint8 (128, 128, 3)."""
        side = self._sheet.shape[0] // len(LAYERS)
        top, left = side * list(LAYERS).index(self.layers), side * self._place
        return self._sheet[top : top + side, left : left + side]

    @property
    def _place(self) -> int:
        place: int = self.record["ratios"].index(self.style_weight / self.content_weight)
        return place

    @property
    def reading(self) -> str:
        """Weights, layers and losses, as the page shows and speaks them."""
        (content, style), before = self.losses, self.record["photograph_style"]
        ratio = self.style_weight / self.content_weight
        words, times = say("style and content weigh alike"), f"{max(ratio, 1 / ratio):g}"
        if ratio > 1:
            words = say("style weighs {0} times as much", times)
        elif ratio < 1:
            words = say("content weighs {0} times as much", times)
        weights = (self.content_weight, self.style_weight)
        sentences = (
            say("Content weight {0}, style weight {1}: {2}.", *weights, words),
            say("Style from {0}.", dict(self.record["layers"])[self.layers]),
            say("Content loss {0}.", decimal(content)),
            say("Style loss {0}, the photograph's {1}.", decimal(style), decimal(before)),
        )
        return " ".join(sentences)

    @property
    def alternative(self) -> str:
        """What the still picture shows: the picture, and both losses as bars."""
        return say(
            "A photograph of a pavilion, repainted, beside its two losses. {0}", self.reading
        )

    def __repr__(self) -> str:
        return (
            f"WeightExplorer(content_weight={self.content_weight}, "
            f"style_weight={self.style_weight}, layers={self.layers!r})"
        )

    def _draw(self, figure: "Figure") -> None:
        from abstractgan.plots import BLUE, ORANGE

        left, right = figure.subplots(1, 2)
        left.imshow(self.picture)
        left.set_axis_off()
        bars = right.barh(["content", "style"], self.losses, color=[BLUE, ORANGE], height=0.5)
        right.bar_label(bars, [decimal(value) for value in self.losses], padding=4)
        right.set(title="Loss", xlim=(0, 1.2 * self._longest), ylim=(1.6, -0.6))
        right.grid(False)

    @property
    def _longest(self) -> float:
        """The largest loss of all, which sets the scale of the bars."""
        losses = (self.record[name].values() for name in ("content", "style"))
        return max(value for rows in losses for values in rows for value in values)


def _one_of(allowed: tuple[Any, ...], proposal: Any) -> Any:
    if proposal["value"] not in allowed:
        raise traitlets.TraitError(
            f"{proposal['trait'].name} is one of {', '.join(map(str, allowed))}, "
            f"not {proposal['value']!r}."
        )
    return proposal["value"]

"""Compute the pictures of the weight explorer and put them into the package.

Run by hand: ``python tools/record_weights.py``; minutes on two cores. Nothing in it is random: all
pictures start from the photograph.
"""

import io
import json
import platform
from importlib.metadata import version
from typing import Any

import numpy as np
from keras import ops
from PIL import Image

from abstractgan.by_optimisation import Painter, TransferLosses
from abstractgan.data.images import to_float, to_uint8
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import photograph
from abstractgan.features import vgg16
from abstractgan.widgets.weight_explorer import CONFIG, RECORD, WEIGHTS

PHOTOGRAPH, MOVEMENT, SEED = "china", "rayonism", 0
SIZE = 128
EVALUATIONS = 40
CONTENT_LAYERS = ["relu4_1"]
STYLE_LAYERS = {
    "fine": ["relu1_1", "relu2_1"],
    "all": ["relu1_1", "relu2_1", "relu3_1", "relu4_1"],
    "coarse": ["relu3_1", "relu4_1"],
}


def main() -> None:
    """Paint one picture for each ratio of the weights and each set of layers."""
    ratios = sorted({style / content for style in WEIGHTS for content in WEIGHTS})
    content, style = _square(photograph(PHOTOGRAPH)), _square(paint(MOVEMENT, SEED))
    network = vgg16(STYLE_LAYERS["all"])
    measure = TransferLosses(network, content, style, content_layers=CONTENT_LAYERS)
    found: dict[str, Any] = {"content": {}, "style": {}}
    rows = []
    for name, layers in STYLE_LAYERS.items():
        painter = Painter(
            TransferLosses(
                network, content, style, content_layers=CONTENT_LAYERS, style_layers=layers
            )
        )
        row, losses = [], []
        for ratio in ratios:
            # Scaled so that the two weights add up to 1; only their ratio moves the minimum.
            weights = {"content": 1 / (1 + ratio), "style": ratio / (1 + ratio)}
            painting = painter.paint(content, weights, method="l-bfgs", evaluations=EVALUATIONS)
            row.append(to_uint8(painting.picture[0]))
            losses.append(measure(painting.picture))
            print(name, ratio, {key: round(float(value), 4) for key, value in losses[-1].items()})
        rows.append(np.concatenate(row, axis=1))
        for loss in found:
            found[loss][name] = [round(float(one[loss]), 4) for one in losses]
    config = {
        "photograph": PHOTOGRAPH,
        "painting": [MOVEMENT, SEED],
        "size": SIZE,
        "evaluations": EVALUATIONS,
        "method": "l-bfgs",
        "content_layers": CONTENT_LAYERS,
        "layers": STYLE_LAYERS,
        "ratios": ratios,
        "photograph_style": round(float(measure(content)["style"]), 4),
        **found,
        "environment": {
            "python": platform.python_version(),
            **{name: version(name) for name in ("keras", "numpy", "scipy", "tensorflow-cpu")},
        },
    }
    sheet = io.BytesIO()
    Image.fromarray(np.concatenate(rows)).save(sheet, "WEBP", quality=70, method=6)
    RECORD.mkdir(parents=True, exist_ok=True)
    (RECORD / "pictures.webp").write_bytes(sheet.getvalue())
    (RECORD / CONFIG).write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def _square(picture: np.ndarray) -> np.ndarray:
    """The middle of a picture, scaled to the size of all, (1, SIZE, SIZE, 3) in [-1, 1]."""
    size = (SIZE, SIZE)
    scaled = ops.image.resize(
        to_float(picture)[None], size, crop_to_aspect_ratio=True, antialias=True
    )
    return np.clip(ops.convert_to_numpy(scaled), -1, 1)


if __name__ == "__main__":
    main()

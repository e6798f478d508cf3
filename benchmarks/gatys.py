"""How long a painting by optimisation takes, and L-BFGS beside Adam at equal evaluations.

Seconds of the processor are printed too: they say something on a busy machine as well.

``python benchmarks/gatys.py``; about a minute and a half on two quiet cores.
"""

import time

import numpy as np
from keras import ops

from abstractgan.by_optimisation import Painter, TransferLosses, paint_coarse_to_fine
from abstractgan.data.images import to_float
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import photograph
from abstractgan.features import vgg16

SIZE = 256
PAIRS = (("china", "rayonism"), ("astronaut", "action-painting"), ("coffee", "magic-squares"))
WEIGHTS = {"content": 1, "style": 8, "variation": 0.1}
RACE = {"l-bfgs": {"method": "l-bfgs"}} | {
    f"adam {rate}": {"method": "adam", "learning_rate": rate} for rate in (0.01, 0.03, 0.1)
}


def main() -> None:
    """Print both tables as Markdown."""
    network = vgg16(["relu1_1", "relu2_1", "relu3_1", "relu4_1"])
    print("| pair | seconds | CPU seconds | content | style before | style |")
    print("|---|---|---|---|---|---|")
    for photo, movement in PAIRS:
        content, style = _pair(photo, movement, SIZE)
        before = float(TransferLosses(network, content, style)(content)["style"])
        started, used = time.perf_counter(), time.process_time()
        losses = paint_coarse_to_fine(network, content, style, WEIGHTS).losses
        seconds, used = time.perf_counter() - started, time.process_time() - used
        print(
            f"| {photo}, {movement} | {seconds:.0f} | {used:.0f} | {losses['content']:.2f} "
            f"| {before:.2f} | {losses['style']:.3f} |",
            flush=True,
        )
    content, style = _pair(*PAIRS[0], SIZE // 2)
    painter = Painter(TransferLosses(network, content, style))
    painter.paint(content, WEIGHTS, evaluations=1)  # traces the graph
    print("\n| method | evaluations | seconds | CPU seconds | lowest loss |")
    print("|---|---|---|---|---|")
    for name, settings in RACE.items():
        started, used = time.perf_counter(), time.process_time()
        painting = painter.paint(content, WEIGHTS, evaluations=60, **settings)
        seconds, used = time.perf_counter() - started, time.process_time() - used
        lowest = painting.losses["total"]
        print(f"| {name} | 60 | {seconds:.1f} | {used:.1f} | {lowest:.3f} |", flush=True)


def _pair(photo: str, movement: str, size: int) -> list[np.ndarray]:
    """The middle of a photograph and a drawn painting, (1, size, size, 3) in [-1, 1]."""
    pictures = (photograph(photo), paint(movement, seed=0, size=size))
    return [
        np.clip(
            ops.convert_to_numpy(
                ops.image.resize(
                    to_float(picture)[None],
                    (size, size),
                    crop_to_aspect_ratio=True,
                    antialias=True,
                )
            ),
            -1,
            1,
        )
        for picture in pictures
    ]


if __name__ == "__main__":
    main()

"""What the discriminator of the style GAN earns: four arms, one budget, a judge for each.

``python benchmarks/style_ablations.py --photos DIR --paintings DIR``; about an hour on two quiet
cores, resumes. An arm is trained by ``train_style`` with one thing taken away. Then a judge, a
patch discriminator that no loss contained, learns from the same data to tell parts of paintings
from the arm's results, and is asked about paintings and photographs that neither has seen
(``--unseen-photos``, ``--unseen-paintings``; without them drawn paintings only, and the embedded
photographs). The less the judge can tell, the better the arm.

Without folders it needs only the repository. The table, and log, settings and samples of each arm,
go to where the chapter ``notebooks/style_gan`` reads them.
"""

import argparse
import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import ops
from sklearn.metrics import roc_auc_score

from abstractgan.data.images import list_images
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.data.pipeline import style_dataset
from abstractgan.features import Statistics, vgg16
from abstractgan.losses import hinge_discriminator_loss
from abstractgan.networks import STYLE_LAYERS, StyleDecoder, style_discriminator
from abstractgan.training.profiles import STYLE_PROFILES, StyleProfile, StyleWeights
from abstractgan.training.runs import CONFIG, ENVIRONMENT, LOG, SAMPLES, load_weights
from abstractgan.training.style import DECODER, train_style
from abstractgan.training.style_objectives import Encoder
from abstractgan.training.style_pictures import (
    HELD_OUT_SEED,
    SQUARE,
    painting_squares,
    square_statistics,
)

MEASURED = Path(__file__).parent.parent / "src" / "abstractgan" / "assets" / "measured"
TABLE, ARM_FOLDERS = MEASURED / "style_ablations.csv", MEASURED / "style_ablations"

BUDGET = replace(
    STYLE_PROFILES["cpu"], name="ablation", size=96, epochs=7, evaluate_every=7, ramp=150
)
ARMS = {
    "full": BUDGET,
    "no adversarial loss": replace(BUDGET, weights=StyleWeights(adversarial=0)),
    "no projection": replace(BUDGET, projection=False),
    "no photographs": replace(BUDGET, photograph_negatives=False),
}
JUDGE_STEPS, JUDGE_BATCH, JUDGED_BATCHES, JUDGE_SEED = 400, 4, 40, 1


def main() -> None:
    """Train and judge every arm that the table lacks."""
    options = _options()
    MEASURED.mkdir(parents=True, exist_ok=True)
    done = set()
    if TABLE.exists():
        with TABLE.open(encoding="utf-8", newline="") as file:
            done = {row["arm"] for row in csv.DictReader(file)}
    encode = vgg16(STYLE_LAYERS)
    for arm, profile in ARMS.items():
        if arm in done:
            continue
        print(f"Arm: {arm}", flush=True)
        run = train_style(profile, options.runs / _slug(arm), options.photos, options.paintings)
        decoder = StyleDecoder()
        load_weights(decoder, run / DECODER)
        row = {"arm": arm, **_last(run / LOG), **_judge(encode, decoder, options)}
        _record(row)
        _keep(run, ARM_FOLDERS / _slug(arm))
        print(row, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, default=Path("runs") / "ablations")
    for name in ("photos", "paintings", "unseen-photos", "unseen-paintings"):
        parser.add_argument(f"--{name}", type=Path)
    return parser.parse_args()


def _slug(arm: str) -> str:
    return arm.replace(" ", "-")


def _last(log: Path) -> dict[str, object]:
    with log.open(encoding="utf-8", newline="") as file:
        *_, last = csv.DictReader(file)
    return {
        "steps": int(last["step"]),
        "seconds": round(float(last["seconds"])),
        "gram": float(last["held_out_gram"]),
        "structure": float(last["held_out_structure"]),
    }


def _judge(
    encode: Encoder, decoder: StyleDecoder, options: argparse.Namespace
) -> dict[str, object]:
    """Train a fresh patch discriminator on what was trained on, ask it about what was not."""
    seen = painting_squares(_files(options.paintings), BUDGET, seed=0)
    drawn = [paint(name, HELD_OUT_SEED, SQUARE) for name in MOVEMENTS]
    alone: StyleProfile = replace(BUDGET, drawn=0)
    unseen_files = _files(options.unseen_paintings)
    cut = [painting_squares(unseen_files, alone, seed=0)] if unseen_files else []
    unseen = np.concatenate([*cut, np.stack(drawn)])
    embedded: list[Path | np.ndarray] = [photograph(name) for name in PHOTOGRAPHS]
    photographs = [*embedded, *_files(options.photos)]
    unseen_photographs = _files(options.unseen_photos) or embedded

    keras.utils.set_random_seed(JUDGE_SEED)
    judge = style_discriminator(BUDGET.width, projection=False)
    optimizer = keras.optimizers.Adam(4e-4, beta_1=0.5)
    optimizer.build(judge.trainable_variables)

    @tf.function
    def step(real: tf.Tensor, fake: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            loss = hinge_discriminator_loss(_ask(judge, real, True), _ask(judge, fake, True))
        variables = judge.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)

    pairs = _pairs(encode, decoder, photographs, seen, seed=JUDGE_SEED)
    for _, (real, fake) in zip(range(JUDGE_STEPS), pairs, strict=False):
        step(real, fake)

    scores, labels = [], []
    pairs = _pairs(encode, decoder, unseen_photographs, unseen, seed=JUDGE_SEED + 1)
    for _, both in zip(range(JUDGED_BATCHES), pairs, strict=False):
        for pictures, label in zip(both, (1, 0), strict=True):
            logits = ops.convert_to_numpy(_ask(judge, pictures, False)).mean(axis=(1, 2, 3))
            scores += list(logits)
            labels += [label] * len(logits)
    right = np.mean((np.array(scores) > 0) == np.array(labels))
    return {
        "judge_auc": round(float(roc_auc_score(labels, scores)), 4),
        "judge_accuracy": round(float(right), 4),
        "judged": len(labels),
    }


def _ask(judge: keras.Model, pictures: tf.Tensor, training: bool) -> tf.Tensor:
    untold = ops.zeros((len(pictures), judge.inputs[1].shape[1]))
    return judge([pictures, untold], training=training)


def _pairs(
    encode: Encoder,
    decoder: StyleDecoder,
    photographs: Sequence[Path | np.ndarray],
    squares: np.ndarray,
    seed: int,
) -> Iterator[tuple[tf.Tensor, tf.Tensor]]:
    """Parts of paintings, and photographs that were repainted in the styles of others."""
    statistics = square_statistics(encode, squares)

    @tf.function
    def repaint(pictures: tf.Tensor, styles: Statistics) -> tf.Tensor:
        return decoder(encode(pictures), styles)

    for batch in style_dataset(photographs, squares, BUDGET.size, JUDGE_BATCH, 100, seed=seed):
        styles = [
            tuple(ops.take(each, batch["squares"], 0) for each in pair) for pair in statistics
        ]
        yield batch["paintings"], repaint(batch["photographs"], styles)


def _files(folder: Path | None) -> list[Path]:
    return list(list_images(folder)) if folder else []


def _record(row: dict[str, object]) -> None:
    new = not TABLE.exists()
    with TABLE.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, row)
        if new:
            writer.writeheader()
        writer.writerow(row)


def _keep(run: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in (CONFIG, ENVIRONMENT, LOG):
        shutil.copy(run / name, folder / name)
    *_, last = sorted((run / SAMPLES).iterdir())
    shutil.copy(last, folder / f"samples{last.suffix}")


if __name__ == "__main__":
    main()

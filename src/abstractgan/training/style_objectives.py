"""What the style GAN's two networks are trained for, in Keras alone: every backend's step uses it.

Taught in the chapter ``notebooks/style_gan``.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import keras
from keras import ops

from abstractgan.features import Statistics, Tensor, mean_and_deviation, style_statistics
from abstractgan.losses import (
    gram_distance,
    hinge_discriminator_loss,
    raise_score_generator_loss,
    statistics_distance,
    structure_loss,
)
from abstractgan.networks import style_vector
from abstractgan.training.profiles import StyleWeights

Encoder = Callable[[Tensor], Sequence[Tensor]]
"""Pictures to feature maps, one for each layer."""
Judge = Callable[[Tensor, Tensor], Tensor]
"""Pictures and style vectors to logits."""

LOSS_COLUMNS = (
    "gram",
    "statistics",
    "structure",
    "adversarial",
    "discriminator_loss",
    "real_score",
    "fake_score",
)
"""What a step reports, in a log's order."""


class Judges(NamedTuple):
    """The discriminator, as it is when it looks at each kind of picture.

    Attributes:
        real: Judges the paintings, after one more step of spectral normalisation.
        fake: Judges the results, after another one.
        others: Judges what else is to be called fake, as it is then.
    """

    real: Judge
    fake: Judge
    others: Judge


def perceptual_losses(
    result_maps: Sequence[Tensor], photograph_maps: Sequence[Tensor], statistics: Statistics
) -> dict[str, Tensor]:
    """The losses on VGG16's features by the names of ``StyleWeights``, without their weights.

    Args:
        result_maps: Of the results at ``networks.STYLE_LAYERS``.
        photograph_maps: Of the photographs.
        statistics: ``features.style_statistics`` of the paintings that were to be followed.
    """
    grams, moments = [], []
    for got, wanted in zip(style_statistics(result_maps), statistics, strict=True):
        grams.append(gram_distance(got[1], wanted[1]))
        moments.append(statistics_distance(mean_and_deviation(*got), mean_and_deviation(*wanted)))
    return {
        "gram": sum(grams) / len(grams),
        "statistics": sum(moments) / len(moments),
        "structure": structure_loss(result_maps[-1], photograph_maps[-1]),
    }


def discriminator_loss(real: Tensor, fake: Tensor, others: Sequence[Tensor]) -> Tensor:
    """The hinge loss with more than one kind of negative.

    Half of what is called fake are results; the rest, in equal parts, are pictures that no decoder
    made and that are still not the painting asked for: photographs (Sanakoyeu et al. 2018) and
    paintings of another style (Reed et al. 2016, section 4.1).

    Args:
        real: Logits of parts of paintings, each with the style of its painting.
        fake: Logits of results.
        others: Logits of the other negatives.
    """
    if not others:
        return hinge_discriminator_loss(real, fake)
    losses = [hinge_discriminator_loss(real, negative) for negative in others]
    return 0.5 * (hinge_discriminator_loss(real, fake) + sum(losses) / len(losses))


def adversarial_share(steps: Tensor, ramp: int) -> Tensor:
    """How much of the adversarial weight counts: 0 for ``ramp`` steps, then rising to 1 in as many.

    Args:
        steps: How many steps have been trained, float32.
        ramp: The discriminator judges pictures, so let there be some.
    """
    return ops.clip(steps / max(1, ramp) - 1, 0, 1)


def decoder_objective(
    encode: Encoder,
    paint: Callable[[Sequence[Tensor], Statistics], Tensor],
    judge: Judge,
    photographs: Tensor,
    statistics: Statistics,
    weights: StyleWeights,
    share: Tensor,
) -> tuple[dict[str, Tensor], Tensor, Tensor]:
    """The decoder's losses, the results and the weighted sum that it is trained for.

    Args:
        encode: Pictures to feature maps at ``networks.STYLE_LAYERS``.
        paint: Feature maps and statistics to pictures: the decoder.
        judge: The discriminator, not trained here.
        photographs: (batch, height, width, 3) in [-1, 1].
        statistics: ``features.style_statistics`` of as many paintings.
        weights: Of the losses.
        share: How much of the adversarial weight counts, see ``adversarial_share``.
    """
    maps = encode(photographs)
    results = paint(maps, statistics)
    losses = perceptual_losses(encode(results), maps, statistics)
    losses["adversarial"] = raise_score_generator_loss(judge(results, style_vector(statistics)))
    objective = (
        weights.gram * losses["gram"]
        + weights.statistics * losses["statistics"]
        + weights.structure * losses["structure"]
        + weights.adversarial * share * losses["adversarial"]
    )
    return losses, results, objective


def discriminator_objective(
    judges: Judges,
    paintings: Tensor,
    results: Tensor,
    vectors: Tensor,
    photographs: Tensor | None,
    mismatched: Tensor | None,
) -> dict[str, Tensor]:
    """The discriminator's loss, beside the mean logits that it gives.

    Args:
        judges: The discriminator.
        paintings: Parts of paintings (batch, height, width, 3) in [-1, 1].
        results: The decoder's pictures.
        vectors: ``networks.style_vector`` of the paintings.
        photographs: To be called fake too; None leaves them out.
        mismatched: Style vectors with which the paintings are to be called fake; None likewise.
    """
    real, fake = judges.real(paintings, vectors), judges.fake(results, vectors)
    others = []
    if photographs is not None:
        others.append(judges.others(photographs, vectors))
    if mismatched is not None:
        others.append(judges.others(paintings, mismatched))
    return {
        "discriminator_loss": discriminator_loss(real, fake, others),
        "real_score": ops.mean(real),
        "fake_score": ops.mean(fake),
    }


def style_optimizers(
    lr: float, steps: int, discriminator_lr: float = 4e-4
) -> tuple[keras.optimizers.Optimizer, keras.optimizers.Optimizer]:
    """Adam for the decoder and, slower, for the discriminator (Heusel et al. 2017).

    Args:
        lr: The decoder's highest learning rate, reached after 100 steps; it falls along a cosine to
            a twentieth (Loshchilov and Hutter 2017).
        steps: Of the whole training.
        discriminator_lr: The discriminator's, constant.
    """
    warm_up = min(100, steps // 10)
    schedule = keras.optimizers.schedules.CosineDecay(
        0.1 * lr, max(1, steps - warm_up), alpha=0.05, warmup_target=lr, warmup_steps=warm_up
    )
    return _optimizer(schedule, beta_1=0.5), _optimizer(discriminator_lr, beta_1=0.0)


def _optimizer(learning_rate: Any, beta_1: float) -> keras.optimizers.Optimizer:
    optimizer = keras.optimizers.Adam(learning_rate, beta_1=beta_1, beta_2=0.99)
    if keras.config.dtype_policy().compute_dtype == "float16":
        # Small gradients vanish in float16 unless the loss is scaled up (Micikevicius et al. 2018).
        return keras.optimizers.LossScaleOptimizer(optimizer)
    return optimizer

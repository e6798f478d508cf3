"""The style GAN as one Keras model, so that ``fit`` brings progress, callbacks and checkpoints.

Taught in the chapter ``notebooks/style_gan``.
"""

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from abstractgan.features import Statistics, mean_and_deviation, style_statistics
from abstractgan.losses import (
    gram_distance,
    hinge_discriminator_loss,
    raise_score_generator_loss,
    statistics_distance,
    structure_loss,
)
from abstractgan.networks import StyleDecoder, style_vector
from abstractgan.training.gan import mean_trackers, track, update_average
from abstractgan.training.profiles import StyleWeights

Tensor = Any
Encoder = Callable[[Tensor], Sequence[Tensor]]

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


class StyleTransferGAN(keras.Model):
    """Trains a ``StyleDecoder`` against losses on VGG16's features and against a discriminator.

    Each step paints a batch of photographs in the styles of as many squares of paintings, updates
    the decoder, then the discriminator. ``average`` is a copy of the decoder whose weights follow
    it as an exponential moving average: the one to use. The encoder is frozen and is no part of
    what is saved.

    Call ``compile`` first, then ``build`` (Keras adds the optimizers' state to checkpoints in this
    order only).

    Args:
        encoder: Pictures (batch, height, width, 3) in [-1, 1] to feature maps at
            ``networks.STYLE_LAYERS``.
        decoder: The network to be trained.
        discriminator: Pictures and style vectors to logits, see ``networks.style_discriminator``.
        statistics: ``features.style_statistics`` of all squares of paintings, (n, ...).
        weights: Of the decoder's losses; those of ``StyleWeights()`` if left out.
        photograph_negatives: Whether the discriminator is shown photographs, to call them fake.
        mismatched_negatives: Whether it is shown paintings with the wrong style.
        ramp: Steps without the adversarial loss, and then as many in which its weight rises: the
            discriminator judges pictures, so let there be some.
        ema: Decay of the moving average of the decoder's weights, for each step.
    """

    def __init__(
        self,
        encoder: Encoder,
        decoder: StyleDecoder,
        discriminator: keras.Model,
        statistics: Statistics,
        *,
        weights: StyleWeights | None = None,
        photograph_negatives: bool = True,
        mismatched_negatives: bool = True,
        ramp: int = 300,
        ema: float = 0.995,
    ) -> None:
        super().__init__(name="style_transfer_gan")
        # Functions, which Keras does not save with the model.
        self.encode = lambda pictures: encoder(pictures)
        self.look_up = lambda squares: [
            (ops.take(mean, squares, axis=0), ops.take(gram, squares, axis=0))
            for mean, gram in statistics
        ]
        self.decoder = decoder
        self.discriminator = discriminator
        self.average = StyleDecoder.from_config(decoder.get_config())
        self.average.set_weights(decoder.get_weights())
        self.average.trainable = False
        self.loss_weights = weights or StyleWeights()
        self.photograph_negatives = photograph_negatives
        self.mismatched_negatives = mismatched_negatives
        self.ramp = ramp
        self.ema = ema
        self.trackers = mean_trackers(LOSS_COLUMNS)

    def compile(self, lr: float, steps: int, discriminator_lr: float = 4e-4, **kwargs: Any) -> None:
        """Create the two Adam optimizers, the discriminator's slower (Heusel et al. 2017).

        Args:
            lr: The decoder's highest learning rate, reached after 100 steps; it falls along a
                cosine to a twentieth (Loshchilov and Hutter 2017).
            steps: Of the whole training.
            discriminator_lr: The discriminator's, constant.
            **kwargs: For ``keras.Model.compile``, such as ``jit_compile``.
        """
        super().compile(optimizer=None, **kwargs)
        warm_up = min(100, steps // 10)
        schedule = keras.optimizers.schedules.CosineDecay(
            0.1 * lr,
            max(1, steps - warm_up),
            alpha=0.05,
            warmup_target=lr,
            warmup_steps=warm_up,
        )
        self.g_optimizer = _optimizer(schedule, beta_1=0.5)
        self.d_optimizer = _optimizer(discriminator_lr, beta_1=0.0)

    def build(self, input_shape: Any = None) -> None:
        """Create the optimizers' variables: a checkpoint can be read before the first step."""
        self.g_optimizer.build(self.decoder.trainable_variables)
        self.d_optimizer.build(self.discriminator.trainable_variables)
        self.built = True

    @property
    def metrics(self) -> list[keras.Metric]:
        """The running means that ``fit`` resets at each epoch."""
        return list(self.trackers.values())

    def call(self, photographs: Tensor, paintings: Tensor) -> Tensor:
        """Photographs in the styles of paintings, both (batch, height, width, 3) in [-1, 1]."""
        return self.average(self.encode(photographs), style_statistics(self.encode(paintings)))

    def train_step(self, data: dict[str, Tensor]) -> dict[str, Tensor]:
        """One update of both networks, on a batch of ``data.pipeline.style_dataset``."""
        statistics = self.look_up(data["squares"])
        with tf.GradientTape() as tape:
            losses, results, objective = self.decoder_objective(data["photographs"], statistics)
            objective = self.g_optimizer.scale_loss(objective)
        variables = self.decoder.trainable_variables
        self.g_optimizer.apply(tape.gradient(objective, variables), variables)

        with tf.GradientTape() as tape:
            scores, objective = self.discriminator_objective(
                data["photographs"], data["paintings"], results, statistics
            )
            objective = self.d_optimizer.scale_loss(objective)
        variables = self.discriminator.trainable_variables
        self.d_optimizer.apply(tape.gradient(objective, variables), variables)
        update_average(self.average, self.decoder, self.steps_done, self.ema)
        return track(self.trackers, losses | scores)

    @property
    def steps_done(self) -> Tensor:
        """How many steps the decoder has been trained, float32."""
        return ops.cast(self.g_optimizer.iterations, "float32")

    def decoder_objective(
        self, photographs: Tensor, statistics: Statistics
    ) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """The decoder's losses, the results and the weighted sum."""
        maps = self.encode(photographs)
        results = self.decoder(maps, statistics)
        logits = self.discriminator([results, style_vector(statistics)], training=False)
        losses = perceptual_losses(self.encode(results), maps, statistics)
        losses["adversarial"] = raise_score_generator_loss(logits)
        weights = self.loss_weights
        ramp = ops.clip(self.steps_done / max(1, self.ramp) - 1, 0, 1)
        objective = (
            weights.gram * losses["gram"]
            + weights.statistics * losses["statistics"]
            + weights.structure * losses["structure"]
            + weights.adversarial * ramp * losses["adversarial"]
        )
        return losses, results, objective

    def discriminator_objective(
        self, photographs: Tensor, paintings: Tensor, results: Tensor, statistics: Statistics
    ) -> tuple[dict[str, Tensor], Tensor]:
        """The discriminator's loss, beside the mean logits that it gives."""
        vectors = style_vector(statistics)
        real = self.discriminator([paintings, vectors], training=True)
        fake = self.discriminator([results, vectors], training=True)
        others = []
        if self.photograph_negatives:
            others.append(self.discriminator([photographs, vectors], training=False))
        if self.mismatched_negatives:
            shifted = ops.roll(vectors, 1, axis=0)
            others.append(self.discriminator([paintings, shifted], training=False))
        loss = discriminator_loss(real, fake, others)
        scores = {
            "discriminator_loss": loss,
            "real_score": ops.mean(real),
            "fake_score": ops.mean(fake),
        }
        return scores, loss


def _optimizer(learning_rate: Any, beta_1: float) -> keras.optimizers.Optimizer:
    optimizer = keras.optimizers.Adam(learning_rate, beta_1=beta_1, beta_2=0.99)
    if keras.config.dtype_policy().compute_dtype == "float16":
        # Small gradients vanish in float16 unless the loss is scaled up (Micikevicius et al. 2018).
        return keras.optimizers.LossScaleOptimizer(optimizer)
    return optimizer

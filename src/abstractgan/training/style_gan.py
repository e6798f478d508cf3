"""The style GAN as one Keras model, so that ``fit`` brings progress, callbacks and checkpoints.

Taught in the chapter ``notebooks/style_gan``.
"""

from typing import Any

import keras
import tensorflow as tf
from keras import ops

from abstractgan.features import Statistics, Tensor, style_statistics
from abstractgan.networks import StyleDecoder, style_vector
from abstractgan.training.adversarial import AdversarialModel
from abstractgan.training.averaging import mean_trackers, track, update_average
from abstractgan.training.profiles import StyleWeights
from abstractgan.training.replicas import own_part, replicas, update
from abstractgan.training.style_objectives import (
    LOSS_COLUMNS,
    Encoder,
    Judges,
    adversarial_share,
    decoder_objective,
    discriminator_objective,
)


class StyleTransferGAN(AdversarialModel):
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
        # Variables, so that each replica has them where it computes.
        kept = [[keras.Variable(each, trainable=False) for each in pair] for pair in statistics]
        self.look_up = lambda squares: [
            tuple(ops.take(each, squares, axis=0) for each in pair) for pair in kept
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

    def build(self, input_shape: Any = None) -> None:
        """Create the optimizers' variables: a checkpoint can be read before the first step.

        Args:
            input_shape: Not used: the networks are built already.
        """
        self.g_optimizer.build(self.decoder.trainable_variables)
        self.d_optimizer.build(self.discriminator.trainable_variables)
        self.built = True

    def call(self, photographs: Tensor, paintings: Tensor) -> Tensor:
        """Photographs in the styles of paintings, both (batch, height, width, 3) in [-1, 1].

        Args:
            photographs: What is repainted.
            paintings: One for each photograph.
        """
        return self.average(self.encode(photographs), style_statistics(self.encode(paintings)))

    def train_step(self, data: dict[str, Tensor]) -> dict[str, Tensor]:
        """One update of both networks, on a batch of ``data.pipeline.style_dataset``.

        Under a ``tf.distribute`` strategy the batch is a replica's part of the whole one.

        Args:
            data: ``photographs``, and ``squares``: the numbers of those to follow.
        """
        statistics = self.look_up(data["squares"])
        with tf.GradientTape() as tape:
            losses, results, objective = self.decoder_objective(data["photographs"], statistics)
            objective = self.g_optimizer.scale_loss(objective)
        update(self.g_optimizer, tape, objective, self.decoder)

        with tf.GradientTape() as tape:
            scores = self.discriminator_objective(
                data["photographs"], data["paintings"], results, statistics
            )
            objective = self.d_optimizer.scale_loss(scores["discriminator_loss"])
        update(self.d_optimizer, tape, objective, self.discriminator)
        update_average(self.average, self.decoder, self.steps_done, self.ema)
        return track(self.trackers, losses | scores)

    def decoder_objective(
        self, photographs: Tensor, statistics: Statistics
    ) -> tuple[dict[str, Tensor], Tensor, Tensor]:
        """The decoder's losses, the results (batch, height, width, 3) and the weighted sum.

        Args:
            photographs: (batch, height, width, 3) in [-1, 1].
            statistics: ``features.style_statistics`` of as many paintings.
        """
        return decoder_objective(
            self.encode,
            self.decoder,
            lambda pictures, vectors: self.discriminator([pictures, vectors], training=False),
            photographs,
            statistics,
            self.loss_weights,
            adversarial_share(self.steps_done, self.ramp),
        )

    def discriminator_objective(
        self, photographs: Tensor, paintings: Tensor, results: Tensor, statistics: Statistics
    ) -> dict[str, Tensor]:
        """The discriminator's loss beside the mean logits that it gives, scalars.

        Args:
            photographs: (batch, height, width, 3) in [-1, 1].
            paintings: Parts of as many paintings, of the same shape.
            results: The photographs as the decoder painted them.
            statistics: ``features.style_statistics`` of the paintings.
        """

        def judge(training: bool) -> Any:
            return lambda pictures, vectors: self.discriminator(
                [pictures, vectors], training=training
            )

        vectors = style_vector(statistics)
        return discriminator_objective(
            Judges(judge(True), judge(True), judge(False)),
            paintings,
            results,
            vectors,
            photographs if self.photograph_negatives else None,
            _neighbours(vectors) if self.mismatched_negatives else None,
        )


def _neighbours(vectors: Tensor) -> Tensor:
    """The style vectors of the pair before, in the whole batch, whoever holds it."""
    if replicas() == 1:
        return ops.roll(vectors, 1, axis=0)
    whole = tf.distribute.get_replica_context().all_gather(vectors, axis=0)
    return own_part(ops.roll(whole, 1, axis=0))

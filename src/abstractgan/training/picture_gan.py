"""A GAN that makes sound pictures of spoilt ones, as one Keras model.

Taught in the chapter ``notebooks/restoration``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf
from keras import ops

from abstractgan.features import Tensor
from abstractgan.losses import (
    content_loss,
    hinge_discriminator_loss,
    raise_score_generator_loss,
)
from abstractgan.training.adversarial import AdversarialModel
from abstractgan.training.averaging import mean_trackers, track, update_average
from abstractgan.training.profiles import PictureWeights
from abstractgan.training.replicas import update
from abstractgan.training.style_objectives import adversarial_share

EYE_LAYERS = ("relu1_2", "relu2_2")
"""Where VGG16 compares a result with the picture that was wanted."""

GENERATOR_COLUMNS = ("pixel", "perceptual", "adversarial")
"""The generator's losses."""
DISCRIMINATOR_COLUMNS = ("discriminator_loss", "real_score", "fake_score")
"""The discriminator's loss and scores."""
PICTURE_COLUMNS = (*GENERATOR_COLUMNS, *DISCRIMINATOR_COLUMNS)
"""What a step reports, in a log's order; of losses without a weight it reports nothing."""


class PictureGAN(AdversarialModel):
    """Trains a network that is given a picture and is to give the one that belongs to it.

    Pathak et al. 2016 (context encoders), equation 3: the wanted picture is known, so that its
    pixels are a target; where many pictures would be right, the pixels' loss asks for their mean
    or median, which is blurred, and the discriminator for one that looks real. The third loss
    compares feature maps (Johnson et al. 2016).

    Each step updates the generator and then the discriminator. ``average`` is a copy of the
    generator whose weights follow it as an exponential moving average: the one to use. Call
    ``compile`` first, then ``build``.

    Args:
        generator: Given pictures (batch, ...) to pictures (batch, height, width, 3) in [-1, 1].
        discriminator: Pictures to logits, such as ``networks.picture_discriminator``; not used, and
            None will do, where the adversarial weight is 0.
        eye: Pictures to feature maps, such as ``features.vgg16(EYE_LAYERS)``.
        weights: Of the losses; those of ``PictureWeights()`` if left out.
        ramp: Steps without the adversarial loss, and as many in which its weight rises.
        ema: Decay of the moving average of the generator's weights, for each step.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model | None,
        eye: Callable[[Tensor], Sequence[Tensor]],
        *,
        weights: PictureWeights | None = None,
        ramp: int = 300,
        ema: float = 0.995,
    ) -> None:
        super().__init__(name="picture_gan")
        # A function, which Keras does not save with the model.
        self.look = lambda pictures: eye(pictures)
        self.loss_weights = weights or PictureWeights()
        self.generator = generator
        self.discriminator = discriminator if self.loss_weights.adversarial else None
        self.average = keras.models.clone_model(generator)
        self.average.set_weights(generator.get_weights())
        self.average.trainable = False
        self.ramp = ramp
        self.ema = ema
        left_out = () if self.loss_weights.perceptual else ("perceptual",)
        reported = PICTURE_COLUMNS if self.discriminator else GENERATOR_COLUMNS[:2]
        self.trackers = mean_trackers([name for name in reported if name not in left_out])

    def build(self, input_shape: Any = None) -> None:
        """Create the optimizers' variables: a checkpoint can be read before the first step.

        Args:
            input_shape: Not used: the networks are built already.
        """
        self.g_optimizer.build(self.generator.trainable_variables)
        if self.discriminator:
            self.d_optimizer.build(self.discriminator.trainable_variables)
        self.built = True

    def call(self, given: Tensor) -> Tensor:
        """What the averaged generator makes of pictures, (batch, height, width, 3) in [-1, 1].

        Args:
            given: The pictures to be mended, (batch, height, width, channels).
        """
        return self.average(given)

    def train_step(self, data: dict[str, Tensor]) -> dict[str, Tensor]:
        """One update, on a batch of ``data.pipeline.picture_dataset``.

        Args:
            data: ``given`` and ``wanted``, each (batch, height, width, channels).
        """
        with tf.GradientTape() as tape:
            results = self.generator(data["given"])
            losses, objective = self.generator_objective(results, data["wanted"])
            objective = self.g_optimizer.scale_loss(objective)
        update(self.g_optimizer, tape, objective, self.generator)

        if self.discriminator:
            with tf.GradientTape() as tape:
                scores = self.discriminator_objective(results, data["wanted"])
                objective = self.d_optimizer.scale_loss(scores["discriminator_loss"])
            update(self.d_optimizer, tape, objective, self.discriminator)
            losses |= scores
        update_average(self.average, self.generator, self.steps_done, self.ema)
        return track(self.trackers, losses)

    def distances(self, results: Tensor, wanted: Tensor) -> dict[str, Tensor]:
        """How far results are from the pictures that were wanted.

        Args:
            results: (batch, height, width, 3) in [-1, 1].
            wanted: Of the same shape.

        Returns:
            ``pixel``, the mean absolute difference, and ``perceptual``, the mean of
            ``losses.content_loss`` over the layers of the eye.
        """
        return {
            "pixel": pixel_distance(results, wanted),
            "perceptual": self.perceptual_distance(results, wanted),
        }

    def perceptual_distance(self, results: Tensor, wanted: Tensor) -> Tensor:
        """The mean of ``losses.content_loss`` over the layers of the eye, a scalar.

        Args:
            results: (batch, height, width, 3) in [-1, 1].
            wanted: Of the same shape.
        """
        pairs = zip(self.look(results), self.look(wanted), strict=True)
        apart = [content_loss(got, target) for got, target in pairs]
        return sum(apart) / len(apart)

    def generator_objective(
        self, results: Tensor, wanted: Tensor
    ) -> tuple[dict[str, Tensor], Tensor]:
        """The generator's losses and their weighted sum, scalars.

        Args:
            results: The generator's pictures (batch, height, width, 3) in [-1, 1].
            wanted: Those that it should have made, of the same shape.
        """
        weights = self.loss_weights
        losses = {"pixel": pixel_distance(results, wanted)}
        objective = weights.pixel * losses["pixel"]
        if weights.perceptual:
            losses["perceptual"] = self.perceptual_distance(results, wanted)
            objective += weights.perceptual * losses["perceptual"]
        if self.discriminator:
            logits = self.discriminator(results, training=False)
            losses["adversarial"] = raise_score_generator_loss(logits)
            share = adversarial_share(self.steps_done, self.ramp)
            objective += weights.adversarial * share * losses["adversarial"]
        return losses, objective

    def discriminator_objective(self, results: Tensor, wanted: Tensor) -> dict[str, Tensor]:
        """The discriminator's loss, beside the mean logits that it gives, scalars.

        Args:
            results: The generator's pictures (batch, height, width, 3) in [-1, 1].
            wanted: Sound ones, of the same shape.
        """
        assert self.discriminator is not None
        real = self.discriminator(wanted, training=True)
        fake = self.discriminator(results, training=True)
        return {
            "discriminator_loss": hinge_discriminator_loss(real, fake),
            "real_score": ops.mean(real),
            "fake_score": ops.mean(fake),
        }


def pixel_distance(results: Tensor, wanted: Tensor) -> Tensor:
    """The mean absolute difference of pictures of one shape, a scalar, in their own units.

    Args:
        results: What a network made.
        wanted: What it was to make.
    """
    return ops.mean(ops.abs(results - wanted))

"""A GAN as one Keras model, so that ``fit`` brings progress, callbacks and checkpoints.

Taught in the chapter ``notebooks/digit_gan``.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from abstractgan.losses import adversarial_loss, gradient_penalty, interpolate, r1_penalty
from abstractgan.training.averaging import mean_trackers, track, update_average
from abstractgan.training.replicas import own_part, replicas, update

# Gulrajani et al. 2017, section 4.
_GRADIENT_PENALTY_WEIGHT = 10.0

LOSS_COLUMNS = ("discriminator_loss", "generator_loss", "real_score", "fake_score")
"""What a step reports, in a log's order."""


class GAN(keras.Model):
    """Trains a generator against a discriminator (Goodfellow et al. 2014, algorithm 1).

    Each step draws latent vectors, updates the discriminator on real and generated samples, then
    the generator. ``ema_generator`` is a copy whose weights follow the generator's as an
    exponential moving average: the one to draw samples from.

    Call ``compile`` first, then ``build`` (Keras adds the optimizers' state to checkpoints in this
    order only).

    Args:
        generator: (batch, latent_dim) to samples; of a conditional GAN (Mirza and Osindero 2014),
            that and labels.
        discriminator: Samples, or samples and labels, to logits.
        loss: A name in ``losses.ADVERSARIAL_LOSSES``; ``"wasserstein"`` brings its gradient
            penalty.
        r1: Weight gamma of the R1 penalty on real samples; 0 leaves it out.
        ema: Decay of the moving average of the generator's weights, for each step.
        seed: Seed of the latent vectors.

    Raises:
        UserError: If there is no such loss.
    """

    def __init__(
        self,
        generator: keras.Model,
        discriminator: keras.Model,
        *,
        loss: str = "non_saturating",
        r1: float = 0.0,
        ema: float = 0.99,
        seed: int = 0,
    ) -> None:
        super().__init__(name="gan")
        self.generator = generator
        self.discriminator = discriminator
        self.ema_generator = keras.models.clone_model(generator)
        self.ema_generator.set_weights(generator.get_weights())
        self.ema_generator.trainable = False
        self.loss_name = loss
        self.adversarial_loss = adversarial_loss(loss)
        self.r1 = r1
        self.ema = ema
        self.latent_dim = generator.inputs[0].shape[-1]
        self.seed = seed
        self.noise = keras.random.SeedGenerator(seed)
        self.trackers = mean_trackers(LOSS_COLUMNS)

    def compile(
        self, discriminator_lr: float = 2e-4, generator_lr: float = 2e-4, **kwargs: Any
    ) -> None:
        """Create the two Adam optimizers, with beta_1 = 0.5 (Radford et al. 2015, section 4).

        Args:
            discriminator_lr: Its learning rate.
            generator_lr: Likewise.
            **kwargs: For ``keras.Model.compile``.
        """
        if replicas() > 1:
            kwargs["jit_compile"] = False  # XLA compiles for one device
        super().compile(optimizer=None, **kwargs)
        self.d_optimizer = keras.optimizers.Adam(discriminator_lr, beta_1=0.5)
        self.g_optimizer = keras.optimizers.Adam(generator_lr, beta_1=0.5)

    def build(self, input_shape: Any = None) -> None:
        """Create the optimizers' variables: a checkpoint can be read before the first step.

        Args:
            input_shape: Not used: the networks are built already.
        """
        self.d_optimizer.build(self.discriminator.trainable_variables)
        self.g_optimizer.build(self.generator.trainable_variables)
        self.built = True

    def reseed(self, epoch: int) -> None:
        """Start an epoch's random numbers: they depend on the seed and the epoch alone.

        Keras leaves the state of its seed generators out of checkpoints; with this, a resumed run
        draws what the uninterrupted one would have drawn.

        Args:
            epoch: Its number.
        """
        layers = self.generator.layers + self.discriminator.layers
        dropouts = [each for each in layers if isinstance(each, keras.layers.Dropout) and each.rate]
        generators = [self.noise] + [layer.seed_generator for layer in dropouts]
        states = np.random.default_rng((self.seed, epoch)).integers(
            2**31, size=(len(generators), 2)
        )
        for generator, state in zip(generators, states, strict=True):
            generator.state.assign(state)

    @property
    def metrics(self) -> list[keras.Metric]:
        """The running means that ``fit`` resets at each epoch."""
        return list(self.trackers.values())

    def call(self, latents: Any, training: bool = False) -> Any:
        """Samples (batch, ...) of the averaged generator for latent vectors (batch, latent_dim).

        Of a conditional GAN, for a list of these and labels.

        Args:
            latents: Latent vectors, or a list of these and labels.
            training: Not used: Keras hands it on.
        """
        return self.ema_generator(latents, training=training)

    def draw_latents(self, count: Any) -> Any:
        """Draw ``count`` latent vectors from a standard normal distribution.

        Args:
            count: A number, or a scalar tensor.
        """
        return keras.random.normal((count, self.latent_dim), seed=self.noise)

    def train_step(self, data: Any) -> dict[str, Any]:
        """One update of the discriminator and one of the generator on a batch of real samples.

        Of a conditional GAN, on a pair of real samples and their labels; samples are generated for
        the same labels.

        Under a ``tf.distribute`` strategy the batch is a replica's part of the whole one.

        Args:
            data: The batch, (batch, ...) in [-1, 1].
        """
        real, *labels = data if isinstance(data, tuple) else (data,)
        fake = self._generate(ops.shape(real)[0], labels)
        with tf.GradientTape() as tape:
            real_logits = self._score(real, labels)
            fake_logits = self._score(fake, labels)
            d_loss = self.adversarial_loss.discriminator(real_logits, fake_logits)
            objective = d_loss + self._penalty(real, fake, labels)
        update(self.d_optimizer, tape, objective, self.discriminator)

        with tf.GradientTape() as tape:
            fake_logits_g = self._score(self._generate(ops.shape(real)[0], labels), labels)
            g_loss = self.adversarial_loss.generator(fake_logits_g)
        update(self.g_optimizer, tape, g_loss, self.generator)
        steps = ops.cast(self.g_optimizer.iterations, "float32")
        update_average(self.ema_generator, self.generator, steps, self.ema)

        values = (d_loss, g_loss, ops.mean(real_logits), ops.mean(fake_logits))
        return track(self.trackers, dict(zip(LOSS_COLUMNS, values, strict=True)))

    def _generate(self, count: Any, labels: Sequence[Any]) -> Any:
        latents = own_part(self.draw_latents(count * replicas()))
        return self.generator(_given(latents, labels), training=True)

    def _score(self, samples: Any, labels: Sequence[Any]) -> Any:
        return self.discriminator(_given(samples, labels), training=True)

    def _penalty(self, real: Any, fake: Any, labels: Sequence[Any]) -> Any:
        if self.loss_name == "wasserstein":
            count = ops.shape(real)[0] * replicas()
            alpha = own_part(keras.random.uniform((count,), seed=self.noise))
            gradients = self._score_gradients(interpolate(real, fake, alpha), labels)
            return _GRADIENT_PENALTY_WEIGHT * gradient_penalty(gradients)
        if self.r1:
            return self.r1 * r1_penalty(self._score_gradients(real, labels))
        return 0.0

    def _score_gradients(self, samples: Any, labels: Sequence[Any] = ()) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(samples)
            scores = self._score(samples, labels)
        return tape.gradient(scores, samples)


def _given(inputs: Any, labels: Sequence[Any]) -> Any:
    """What a network takes: a tensor, or a list of it and the labels."""
    return [inputs, *labels] if labels else inputs

"""The style GAN's training step on JAX: the same game as ``StyleTransferGAN``, as a pure function.

Keras must run on JAX, ``KERAS_BACKEND=jax``, in a process of its own.

Taught in the chapter ``notebooks/full_training``.
"""

from collections.abc import Sequence
from typing import Any

import jax
import keras
from keras import ops

from abstractgan.features import Statistics, Tensor
from abstractgan.networks import StyleDecoder, style_vector
from abstractgan.training.averaging import average_decay, moved
from abstractgan.training.profiles import StyleWeights
from abstractgan.training.style_objectives import (
    Encoder,
    Judge,
    Judges,
    adversarial_share,
    decoder_objective,
    discriminator_objective,
    style_optimizers,
)

State = dict[str, list[Tensor]]
"""What a step changes, by names: weights, their average, and the optimizers'."""
Batch = dict[str, Any]
"""What a step is given, by names."""


class StyleStep:
    """Trains a ``StyleDecoder`` against a discriminator: from a state and a batch to the next one.

    ``start()`` gives the first state; ``step(state, batch)``, compiled by XLA, gives a step's
    losses and the next state; ``finish(state)`` puts the weights into the networks. A batch holds
    ``photographs`` and ``paintings`` (batch, height, width, 3) in [-1, 1] and ``statistics``,
    ``features.style_statistics`` of the paintings.

    Args:
        encoder: As for ``StyleTransferGAN``, like all that follow.
        decoder: Likewise.
        discriminator: Likewise.
        lr: The decoder's highest learning rate, as ``style_optimizers`` takes it.
        steps: Of the whole training.
        weights: Of the decoder's losses; those of ``StyleWeights()`` if left out.
        photograph_negatives: Whether the discriminator is shown photographs, to call them fake.
        mismatched_negatives: Whether it is shown paintings with the wrong style.
        ramp: Steps without the adversarial loss, and then as many in which its weight rises.
        ema: Decay of the moving average of the decoder's weights, for each step.
    """

    def __init__(
        self,
        encoder: Encoder,
        decoder: StyleDecoder,
        discriminator: keras.Model,
        lr: float,
        steps: int,
        *,
        weights: StyleWeights | None = None,
        photograph_negatives: bool = True,
        mismatched_negatives: bool = True,
        ramp: int = 300,
        ema: float = 0.995,
    ) -> None:
        self.encoder = encoder
        self.decoder = decoder
        self.discriminator = discriminator
        self.weights = weights or StyleWeights()
        self.photograph_negatives = photograph_negatives
        self.mismatched_negatives = mismatched_negatives
        self.ramp = ramp
        self.ema = ema
        self.g_optimizer, self.d_optimizer = style_optimizers(lr, steps)
        self.g_optimizer.build(decoder.trainable_variables)
        self.d_optimizer.build(discriminator.trainable_variables)
        self.step = jax.jit(self._step)

    def start(self) -> State:
        """The state before the first step, with the networks' present weights."""
        return {
            "decoder": _values(self.decoder.trainable_variables),
            "average": _values(self.decoder.trainable_variables),
            "discriminator": _values(self.discriminator.trainable_variables),
            "norms": _values(self.discriminator.non_trainable_variables),
            "g_optimizer": _values(self.g_optimizer.variables),
            "d_optimizer": _values(self.d_optimizer.variables),
        }

    def finish(self, state: State) -> None:
        """Put the averaged weights into the decoder, and the discriminator's into its own.

        Args:
            state: What the last step gave.
        """
        parts = (
            (self.decoder.trainable_variables, "average"),
            (self.discriminator.trainable_variables, "discriminator"),
            (self.discriminator.non_trainable_variables, "norms"),
        )
        for variables, name in parts:
            for variable, value in zip(variables, state[name], strict=True):
                variable.assign(value)

    def _step(self, state: State, batch: Batch) -> tuple[dict[str, Tensor], State]:
        (_, (losses, results)), gradients = jax.value_and_grad(self._decoder_loss, has_aux=True)(
            state["decoder"], state, batch
        )
        decoder, g_optimizer = self.g_optimizer.stateless_apply(
            state["g_optimizer"], gradients, state["decoder"]
        )
        # Keras's SpectralNormalization writes the normalised kernel into the weights at each call
        # in training, which no gradient passes. Here this is done before, once for each such call.
        first, norms = self._normalised(state["discriminator"], state["norms"])
        second, norms = self._normalised(first, norms)
        (_, scores), (at_first, at_second) = jax.value_and_grad(
            self._discriminator_loss, argnums=(0, 1), has_aux=True
        )(first, second, norms, state["d_optimizer"], results, batch)
        gradients = jax.tree.map(jax.numpy.add, at_first, at_second)
        discriminator, d_optimizer = self.d_optimizer.stateless_apply(
            state["d_optimizer"], gradients, second
        )
        decay = average_decay(self._steps_done(g_optimizer), self.ema)
        average = [
            moved(averaged, value, decay)
            for averaged, value in zip(state["average"], decoder, strict=True)
        ]
        return losses | scores, {
            "decoder": decoder,
            "average": average,
            "discriminator": discriminator,
            "norms": norms,
            "g_optimizer": g_optimizer,
            "d_optimizer": d_optimizer,
        }

    def _decoder_loss(self, weights: list[Tensor], state: State, batch: Batch) -> Any:
        def paint(maps: Sequence[Tensor], statistics: Statistics) -> Tensor:
            return self.decoder.stateless_call(weights, [], maps, statistics)[0]

        losses, results, objective = decoder_objective(
            self.encoder,
            paint,
            self._judge(state["discriminator"], state["norms"]),
            batch["photographs"],
            batch["statistics"],
            self.weights,
            adversarial_share(self._steps_done(state["g_optimizer"]), self.ramp),
        )
        return _scaled(self.g_optimizer, state["g_optimizer"], objective), (losses, results)

    def _discriminator_loss(
        self,
        first: list[Tensor],
        second: list[Tensor],
        norms: list[Tensor],
        optimizer: list[Tensor],
        results: Tensor,
        batch: Batch,
    ) -> Any:
        vectors = style_vector(batch["statistics"])
        judge = self._judge(second, norms)
        scores = discriminator_objective(
            Judges(self._judge(first, norms), judge, judge),
            batch["paintings"],
            results,
            vectors,
            batch["photographs"] if self.photograph_negatives else None,
            ops.roll(vectors, 1, axis=0) if self.mismatched_negatives else None,
        )
        return _scaled(self.d_optimizer, optimizer, scores["discriminator_loss"]), scores

    def _judge(self, weights: list[Tensor], norms: list[Tensor]) -> Judge:
        return lambda pictures, vectors: self.discriminator.stateless_call(
            weights, norms, [pictures, vectors], training=False
        )[0]

    def _normalised(
        self, weights: list[Tensor], norms: list[Tensor]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """One power iteration of each ``SpectralNormalization``: the new kernels and vectors."""
        trained = self.discriminator.trainable_variables
        kept = self.discriminator.non_trainable_variables
        now = zip([*trained, *kept], [*weights, *norms], strict=True)
        with keras.StatelessScope(state_mapping=now) as scope:
            for layer in self.discriminator.layers:
                if isinstance(layer, keras.layers.SpectralNormalization):
                    vector, kernel = layer.normalized_weights()
                    layer.vector_u.assign(vector)
                    layer.kernel.assign(kernel)
        new = [[scope.get_current_value(v) for v in variables] for variables in (trained, kept)]
        return new[0], new[1]

    def _steps_done(self, optimizer: list[Tensor]) -> Tensor:
        with _holding(self.g_optimizer, optimizer):
            return ops.cast(self.g_optimizer.iterations, "float32")


def _values(variables: Sequence[keras.Variable]) -> list[Tensor]:
    return [variable.value for variable in variables]


def _holding(optimizer: keras.optimizers.Optimizer, values: list[Tensor]) -> keras.StatelessScope:
    return keras.StatelessScope(state_mapping=zip(optimizer.variables, values, strict=True))


def _scaled(
    optimizer: keras.optimizers.Optimizer, values: list[Tensor], objective: Tensor
) -> Tensor:
    with _holding(optimizer, values):
        return optimizer.scale_loss(objective)

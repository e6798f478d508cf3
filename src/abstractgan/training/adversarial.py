"""What the GANs have in common that also have losses on VGG16's features.

Taught in the chapters ``notebooks/style_gan`` and ``notebooks/full_training``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from abstractgan.features import Tensor
from abstractgan.training.replicas import replicas
from abstractgan.training.style_objectives import style_optimizers


class AdversarialModel(keras.Model):
    """Two optimizers, and running means of what a step reports.

    A subclass sets the trackers, and builds the optimizers for its own networks.

    Attributes:
        trackers: See ``training.averaging.mean_trackers``.
    """

    trackers: dict[str, keras.metrics.Mean]

    def compile(
        self,
        lr: float,
        steps: int,
        discriminator_lr: float = 4e-4,
        jit_compile: bool = False,
        **kwargs: Any,
    ) -> None:
        """Create the two optimizers.

        Args:
            lr: As ``style_objectives.style_optimizers`` takes it.
            steps: Likewise.
            discriminator_lr: Likewise.
            jit_compile: Compile the step with XLA; left out where several devices share a batch.
            **kwargs: For ``keras.Model.compile``.
        """
        # XLA compiles for one device, and no step that waits for another.
        one_device = replicas() == 1
        super().compile(optimizer=None, jit_compile=jit_compile and one_device, **kwargs)
        self.g_optimizer, self.d_optimizer = style_optimizers(lr, steps, discriminator_lr)

    @property
    def metrics(self) -> list[keras.Metric]:
        """The running means that ``fit`` resets at each epoch."""
        return list(self.trackers.values())

    @property
    def steps_done(self) -> Tensor:
        """How many steps the network that paints has been trained, float32."""
        return ops.cast(self.g_optimizer.iterations, "float32")


@contextmanager
def computing(mixed_precision: bool) -> Iterator[None]:
    """What is built inside computes in float16 where that is safe, or all in float32.

    Args:
        mixed_precision: Whether float16 is wanted.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16" if mixed_precision else "float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)

"""One optimizer's step, on one device or on several that share a batch.

Taught in the chapter ``notebooks/full_training``.
"""

import keras
import tensorflow as tf

from abstractgan.features import Tensor


def replicas() -> int:
    """How many devices share a batch."""
    return tf.distribute.get_strategy().num_replicas_in_sync


def own_part(whole: Tensor) -> Tensor:
    """This device's part of what belongs to the whole batch, and what every device has.

    Keras's seed generators give all devices the same numbers: drawn for the whole batch and shared
    out, they are those of one device.

    Args:
        whole: (batch, ...), the same on all devices.
    """
    if replicas() == 1:
        return whole
    count = tf.shape(whole)[0] // replicas()
    return whole[tf.distribute.get_replica_context().replica_id_in_sync_group * count :][:count]


def update(
    optimizer: keras.optimizers.Optimizer,
    tape: tf.GradientTape,
    objective: Tensor,
    network: keras.Model,
) -> None:
    """Move a network's weights down the gradient of what was recorded.

    Args:
        optimizer: The network's own.
        tape: What recorded the objective.
        objective: A scalar, scaled by ``optimizer.scale_loss`` where the optimizer scales it.
        network: Whose trainable variables are moved.
    """
    variables = network.trainable_variables
    optimizer.apply(_shared_out(tape.gradient(objective, variables)), variables)


def _shared_out(gradients: list[Tensor]) -> list[Tensor]:
    """Each replica's share of the gradients: Keras's optimizers add up those of all replicas.

    Where one replica's gradients are not finite, all get NaN, since each decides for itself whether
    the step is to be left out (``LossScaleOptimizer``).
    """
    count = replicas()
    if count == 1:
        return gradients
    replica = tf.distribute.get_replica_context()
    local = sum(tf.reduce_sum(gradient) for gradient in gradients)
    nothing = replica.all_reduce(tf.distribute.ReduceOp.SUM, 0.0 * local)
    return [gradient / count + nothing for gradient in gradients]

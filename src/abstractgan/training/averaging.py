"""What a training step keeps beside its networks, whatever the backend: averages.

Taught in the chapter ``notebooks/digit_gan``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import ops


def average_decay(steps: Any, longest: float = 0.99) -> Any:
    """The decay of a moving average of weights, for each step.

    Args:
        steps: How many steps the weights were trained, a float32 scalar.
        longest: The decay later on; it is smaller in the first steps, or the average would remember
            the untrained weights for hundreds of them.
    """
    return ops.minimum(longest, steps / (steps + 10))


def moved(averaged: Any, value: Any, decay: Any) -> Any:
    """A variable's moving average after one more step.

    Args:
        averaged: The average so far.
        value: The variable, of the same shape.
        decay: See ``average_decay``.
    """
    return decay * averaged + (1 - decay) * ops.cast(value, averaged.dtype)


def update_average(
    average: keras.Model, current: keras.Model, steps: Any, longest: float = 0.99
) -> None:
    """Move the weights of ``average`` towards those of ``current``.

    Args:
        average: The exponential moving average.
        current: A network of the same shape, that is trained.
        steps: How many steps it was trained, a float32 scalar.
        longest: See ``average_decay``.
    """
    decay = average_decay(steps, longest)
    for averaged, value in zip(average.weights, current.weights, strict=True):
        averaged.assign(moved(averaged, value, decay))


def mean_trackers(names: Sequence[str]) -> dict[str, keras.metrics.Mean]:
    """A running mean for each of what a step reports; a model's ``metrics`` are its values.

    Args:
        names: Of what is reported.
    """
    return {name: keras.metrics.Mean(name=name) for name in names}


def track(trackers: Mapping[str, keras.metrics.Mean], values: Mapping[str, Any]) -> dict[str, Any]:
    """Add a step's values to their running means; the means, which ``train_step`` returns.

    Args:
        trackers: Of ``mean_trackers``.
        values: A scalar for each of their names, or more.
    """
    for name, tracker in trackers.items():
        tracker.update_state(values[name])
    return {name: tracker.result() for name, tracker in trackers.items()}

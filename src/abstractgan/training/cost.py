"""How long a run will take: its steps times the seconds of one.

These are measured in the first few steps, or follow from counted multiply-adds and the rate at
which a machine convolves.

Taught in the chapter ``notebooks/questions``.
"""

import math
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

_PRODUCTS = ("MatMul", "BatchMatMulV2", "BatchMatMulV3")
# Channels of VGG16's second convolutions, and their strides.
_REPRESENTATIVE = ((64, 1), (128, 2), (256, 4))


class Forecast(NamedTuple):
    """What a run will take, or took.

    Attributes:
        steps: How many there are.
        step_seconds: What one takes.
    """

    steps: int
    step_seconds: float

    @property
    def minutes(self) -> float:
        """What all of them take, evaluations not counted."""
        return self.steps * self.step_seconds / 60


def traced_step(gan: keras.Model, batch: Any) -> Any:
    """One training step as a ``tf.types.experimental.ConcreteFunction``; nothing is computed.

    Args:
        gan: A built model with a ``train_step``.
        batch: What it takes: tensors, or a ``tf.TensorSpec`` for each.
    """
    shapes = tf.nest.map_structure(lambda each: tf.TensorSpec(each.shape, each.dtype), batch)
    return tf.function(gan.train_step).get_concrete_function(shapes)


def multiply_adds(function: Any) -> int:
    """Of all convolutions and matrix products in a traced function with known shapes.

    Args:
        function: A ``tf.types.experimental.ConcreteFunction``.

    Raises:
        ValueError: If a shape is not known.
    """
    graph = function.graph
    graphs = [graph, *(inner.graph for inner in graph._functions.values() if inner.graph)]
    return sum(_of(operation) for each in graphs for operation in each.get_operations())


def _of(operation: Any) -> int:
    kind, inputs, [*outputs] = operation.type, operation.inputs, operation.outputs
    if kind == "Conv2D":
        return _size(outputs[0]) * math.prod(inputs[1].shape[:3])
    if kind == "Conv2DBackpropInput":  # each entry of the slope, once for each weight it met
        return _size(inputs[2]) * math.prod(inputs[1].shape[:3])
    if kind == "Conv2DBackpropFilter":
        return _size(inputs[2]) * math.prod(outputs[0].shape[:3])
    if kind in _PRODUCTS:
        turned = operation.get_attr("transpose_a" if kind == "MatMul" else "adj_x")
        return _size(outputs[0]) * inputs[0].shape[-2 if turned else -1]
    return 0


def _size(tensor: Any) -> int:
    size = tensor.shape.num_elements()
    if size is None:
        raise ValueError(f"The shape of {tensor.name} is not known: trace with fixed sizes.")
    return size


def convolution_rate(side: int, batch: int = 1) -> float:
    """Multiply-adds a second of this machine, in 3x3 convolutions at VGG16's sizes.

    Args:
        side: Of the pictures, in pixels.
        batch: Pictures at once.
    """
    count, seconds = 0, 0.0
    for channels, stride in _REPRESENTATIVE:
        maps = tf.random.normal((batch, side // stride, side // stride, channels))
        kernel = tf.random.normal((3, 3, channels, channels))
        seconds += median_seconds(partial(tf.nn.conv2d, maps, kernel, 1, "SAME"))
        count += maps.shape.num_elements() * 9 * channels
    return count / seconds


def median_seconds(function: Callable[[], Any], repeats: int = 9) -> float:
    """Of a function that gives an array or tensors, after two calls that are not counted.

    Args:
        function: Called without arguments.
        repeats: How many calls are counted.
    """
    seconds = []
    for _ in range(repeats + 2):
        started = time.perf_counter()
        np.asarray(tf.nest.flatten(function())[0])
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[2:])

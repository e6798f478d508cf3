"""What a computation must cost: its multiply-adds over the rate at which this machine convolves."""

import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import tensorflow as tf

_CONVOLUTIONS = ("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter")
_PRODUCTS = ("MatMul", "BatchMatMulV2", "BatchMatMulV3")


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


def convolution_rate(batch: int, size: int) -> float:
    """Multiply-adds a second of a 3x3 convolution of 128 channels, the kind that VGG16 has most of.

    Args:
        batch: Pictures at once.
        size: Their side in pixels; the convolution works at half of it, as VGG16's do.
    """
    maps = tf.random.normal((batch, size // 2, size // 2, 128))
    kernel = tf.random.normal((3, 3, 128, 128))
    convolve = tf.function(lambda: tf.nn.conv2d(maps, kernel, 1, "SAME"))
    return maps.shape.num_elements() * 9 * 128 / median_seconds(convolve)


def median_seconds(function: Callable[[], Any], repeats: int = 15) -> float:
    """Of a function that gives a tensor, after two calls that are not counted."""
    seconds = []
    for _ in range(repeats + 2):
        started = time.perf_counter()
        np.asarray(tf.nest.flatten(function())[0])
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[2:])

"""An ONNX graph, written as one writes a computation: each operator is a call.

Feature maps are (batch, channels, height, width) here, as ONNX wants them. Weights are stored in 16
or 8 bits and computed with as float32.
"""

from typing import Any, Literal

import keras
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

Value = str | np.ndarray | float
"""A value of the graph by its name, or a constant: floats become float32, integers stay."""

Shape = list[int | str]
"""Sides of a tensor; one of any length has a name."""

# Old enough for every runtime of these years, and named, so that a newer onnx writes the same.
_OPSET, _IR_VERSION = 17, 8


class Graph:
    """A graph that grows by a node at each call and gives that node's output by its name.

    Args:
        name: Of the graph.
        bits: What a weight is stored in. 16: float16. 8: one of 255 levels, which are as far apart
            as each output's largest weight asks for; biases stay float16.
        inputs: Their shapes; all are float32.

    Example:
        >>> graph = Graph("double", x=[1, "n"])
        >>> model = graph.model(y=(graph("Mul", "x", 2.0), [1, "n"]))
    """

    def __init__(self, name: str, bits: Literal[8, 16] = 16, /, **inputs: Shape) -> None:
        self._name = name
        self._bits = bits
        self._inputs = [_floats(each, shape) for each, shape in inputs.items()]
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def __call__(self, operator: str, *inputs: Value, **attributes: Any) -> str:
        """Add a node."""
        values = [each if isinstance(each, str) else self._constant(each) for each in inputs]
        name = f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, values, [name], **attributes))
        return name

    def weight(self, array: Any, outputs: int = -1) -> str:
        """Add weights, rounded to the graph's bits; ``outputs`` is their axis of outputs."""
        weights = np.asarray(array, np.float32)
        if self._bits == 16 or weights.ndim == 1:
            return self("Cast", weights.astype(np.float16), to=TensorProto.FLOAT)
        others = tuple({*range(weights.ndim)} - {outputs % weights.ndim})
        step = np.abs(weights).max(axis=others, keepdims=True) / 127
        levels = np.round(weights / step).astype(np.int8)
        return self("Mul", self("Cast", levels, to=TensorProto.FLOAT), step)

    def convolution(self, x: str, layer: keras.layers.Layer, **attributes: Any) -> str:
        """Add a ``Conv2D``, without its border and its activation."""
        kernel, bias = layer.get_weights()
        kernel = self.weight(kernel.transpose(3, 2, 0, 1), outputs=0)
        return self("Conv", x, kernel, self.weight(bias), **attributes)

    def mirrored_convolution(self, x: str, layer: keras.layers.Layer) -> str:
        """Add a 3x3 ``Conv2D`` that sees the mirror image beyond the border."""
        border = np.array([0, 0, 1, 1, 0, 0, 1, 1])
        return self.convolution(self("Pad", x, border, mode="reflect"), layer)

    def dense(self, x: str, layer: keras.layers.Layer) -> str:
        """Add a ``Dense`` with its bias, without its activation."""
        kernel, bias = layer.get_weights()
        return self("Gemm", x, self.weight(kernel), self.weight(bias))

    def reshape(self, x: str, *sides: int) -> str:
        """Add a change of shape: 0 keeps a side, and -1 stands for what is left."""
        return self("Reshape", x, np.array(sides))

    def split(self, x: str, sizes: list[int]) -> list[str]:
        """Add the cutting of the second side into parts.

        A node for each part: WebGPU gives a single ``Split`` ten buffers or fewer.
        """
        ends = np.cumsum(sizes)
        return [
            self("Slice", x, np.array([end - size]), np.array([end]), np.array([1]))
            for size, end in zip(sizes, ends, strict=True)
        ]

    def model(self, **outputs: tuple[str, Shape]) -> onnx.ModelProto:
        """Return the finished, checked model; outputs get the arguments' names, and have shapes."""
        nodes = [
            helper.make_node("Identity", [value], [name]) for name, (value, _) in outputs.items()
        ]
        graph = helper.make_graph(
            [*self._nodes, *nodes],
            self._name,
            self._inputs,
            [_floats(name, shape) for name, (_, shape) in outputs.items()],
            self._constants,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION
        )
        onnx.checker.check_model(model)
        return model

    def _constant(self, value: np.ndarray | float) -> str:
        array = np.asarray(value)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(array, name))
        return name


def _floats(name: str, shape: Shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

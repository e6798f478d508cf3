"""Multiply-adds against counts by hand, and the minutes that a forecast makes of them."""

import keras
import pytest
import tensorflow as tf

from abstractgan.training import cost


def traced(function, *shapes):
    return tf.function(function).get_concrete_function(*map(tf.TensorSpec, shapes))


def convolve(maps, kernel):
    return tf.nn.conv2d(maps, kernel, 2, "SAME")


CONVOLUTION = (2, 8, 6, 3), (3, 3, 3, 5)
BY_HAND = 2 * 4 * 3 * 5 * 3 * 3 * 3  # each entry of the result, times the weights that it meets


def test_a_convolution():
    assert cost.multiply_adds(traced(convolve, *CONVOLUTION)) == BY_HAND


def test_its_gradients_cost_as_much_again_each():
    def gradients(maps, kernel):
        with tf.GradientTape() as tape:
            tape.watch([maps, kernel])
            loss = tf.reduce_sum(convolve(maps, kernel) ** 2)
        return tape.gradient(loss, [maps, kernel])

    assert cost.multiply_adds(traced(gradients, *CONVOLUTION)) == 3 * BY_HAND


@pytest.mark.parametrize("transposed", [False, True])
def test_products_of_matrices(transposed):
    def product(one, other):
        return tf.matmul(one, other, transpose_a=transposed)

    left = (4, 7, 5) if transposed else (4, 5, 7)
    assert cost.multiply_adds(traced(product, left, (4, 7, 2))) == 4 * 5 * 7 * 2


def test_functions_inside_are_counted_and_unknown_shapes_refused():
    inner = tf.function(convolve)
    inside = traced(lambda maps, kernel: inner(maps, kernel) + 1, *CONVOLUTION)
    assert cost.multiply_adds(inside) == BY_HAND
    with pytest.raises(ValueError, match="trace with fixed sizes"):
        cost.multiply_adds(traced(convolve, (None, 8, 6, 3), (3, 3, 3, 5)))


def test_a_training_step_is_counted_without_being_run():
    class Product(keras.Model):
        def train_step(self, batch):
            return {"loss": tf.reduce_sum(tf.matmul(batch["left"], batch["right"]))}

    shapes = {"left": tf.TensorSpec((5, 7)), "right": tf.TensorSpec((7, 2))}
    assert cost.multiply_adds(cost.traced_step(Product(), shapes)) == 5 * 7 * 2


def test_a_forecast_in_minutes():
    assert cost.Forecast(steps=100, step_seconds=1.5).minutes == 2.5

import keras
import numpy as np
import pytest

from abstractgan.networks import digit_classifier, digit_discriminator, digit_generator


def test_shapes_and_ranges():
    rng = np.random.default_rng(0)
    generator, discriminator = digit_generator(8, 4), digit_discriminator(4)
    digits = np.array(generator(rng.standard_normal((3, 8))))
    assert digits.shape == (3, 28, 28, 1)
    assert np.abs(digits).max() <= 1
    assert discriminator(digits).shape == (3, 1)
    features, logits = digit_classifier()(digits)
    assert (features.shape, logits.shape) == ((3, 64), (3, 10))


def test_the_discriminator_gives_logits_and_not_probabilities():
    discriminator = digit_discriminator(4)
    discriminator.layers[-1].bias.assign([7.0])
    score = float(discriminator(np.zeros((1, 28, 28, 1)))[0, 0])
    assert score == pytest.approx(7)
    assert discriminator.layers[-1].activation is keras.activations.linear


def test_no_pooling_and_batch_normalisation_where_dcgan_has_it():
    generator, discriminator = digit_generator(), digit_discriminator()

    def kinds(model):
        return [type(layer).__name__ for layer in model.layers]

    assert not any("Pooling" in kind for kind in kinds(generator) + kinds(discriminator))
    assert kinds(generator).count("BatchNormalization") == 3
    assert kinds(generator)[-1] == "Conv2D"
    assert kinds(discriminator)[:2] == ["Conv2D", "LeakyReLU"]
    assert kinds(discriminator).count("BatchNormalization") == 2
    assert "ReLU" not in kinds(discriminator)


def test_the_edges_stay_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        generator, discriminator = digit_generator(8, 4), digit_discriminator(4)
        digits = generator(np.zeros((2, 8)))
        dtypes = {keras.backend.standardize_dtype(x.dtype) for x in (digits, discriminator(digits))}
    finally:
        keras.config.set_dtype_policy("float32")
    assert dtypes == {"float32"}

"""Train the digit classifier whose features KID and FID use, and write it into the package.

Run by hand, once: ``python tools/train_classifier.py``. The accuracy on the 1 000 test digits is
asserted by ``tests/test_metrics.py``.
"""

import keras
from keras import layers

from abstractgan.data.digits import load_digits
from abstractgan.data.images import to_float
from abstractgan.metrics import CLASSIFIER_WEIGHTS
from abstractgan.networks import digit_classifier

EPOCHS, BATCH_SIZE, SEED = 40, 64, 0


def main() -> None:
    """Train on shifted, turned and scaled digits; print the test accuracy."""
    keras.utils.set_random_seed(SEED)
    images, labels = load_digits("train")
    test_images, test_labels = load_digits("test")
    background = {"fill_mode": "constant", "fill_value": -1.0}
    augment = keras.Sequential(
        [
            layers.RandomTranslation(0.08, 0.08, **background),
            layers.RandomRotation(0.03, **background),
            layers.RandomZoom(0.1, **background),
        ]
    )
    classifier = digit_classifier()
    inputs = keras.Input((28, 28, 1))
    model = keras.Model(inputs, classifier(augment(inputs))[1])
    steps = EPOCHS * (len(images) // BATCH_SIZE)
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(to_float(images), labels, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=2)
    print("test loss, accuracy:", model.evaluate(to_float(test_images), test_labels, verbose=0))
    classifier.save_weights(CLASSIFIER_WEIGHTS)


if __name__ == "__main__":
    main()

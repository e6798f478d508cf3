# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The digit GAN: solutions
#
# They belong to [the chapter on the digit GAN](digit_gan.ipynb). Below each exercise a cell says whether it is solved:
# *Not done yet*, *Not right yet* with a hint, or *Right*.
#
# When you have done them, you will be able to
#
# - write a generator's loss that stays finite, whatever the score;
# - prepare digits so that nothing but their strokes tells real from fake;
# - use KID to find out that a class is missing;
# - say whether a generator copies what it was shown;
# - diagnose a sick GAN from its log.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 50 s and 1.1 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

# %% tags=["setup", "hide-input"]
# Set-up: nothing happens where the course is installed; elsewhere, as in Colab, this installs it.
import contextlib
import importlib.util
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

REPOSITORY = ""  # where the course is published and which version this notebook belongs to:
COMMIT = ""  # filled in by the publishing workflow

if importlib.util.find_spec("abstractgan") is None:
    if not COMMIT:
        raise ImportError(
            "The course's package is missing: in the course's folder run "
            "`pip install -r requirements.txt`, then restart the kernel and run this cell again."
        )
    kept = []  # naming the versions that are already here keeps pip from changing them
    for name in ("tensorflow", "tensorflow-cpu", "keras", "numpy", "ipywidgets"):
        with contextlib.suppress(PackageNotFoundError):
            kept.append(f"{name}=={version(name)}")
    extra = "" if importlib.util.find_spec("tensorflow") else "[cpu]"
    package = f"abstractgan{extra} @ git+{REPOSITORY}@{COMMIT}"
    command = [sys.executable, "-m", "pip", "install", "--quiet", package, *kept]
    pip = subprocess.run(command, capture_output=True, text=True)
    if pip.returncode != 0:
        on_kaggle = "KAGGLE_KERNEL_RUN_TYPE" in os.environ
        hint = 'On Kaggle, switch on "Internet" in the notebook\'s settings. ' if on_kaggle else ""
        raise ImportError(
            "The course's package could not be installed, and TensorFlow, Keras, NumPy and "
            f"ipywidgets were left as they are. {hint}pip says why:\n{pip.stderr}"
        )
    importlib.invalidate_caches()

if "ipykernel" in sys.modules:  # TensorFlow's start-up lines differ on each machine: drop them
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what Python itself reports is still shown
with contextlib.suppress(ImportError):  # Colab shows live widgets only when asked to
    from google.colab import output as colab_output

    colab_output.enable_custom_widget_manager()

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

from abstractgan import plots
from abstractgan.data.digits import load_digits
from abstractgan.data.images import to_float
from abstractgan.data.pipeline import digit_dataset
from abstractgan.losses import ADVERSARIAL_LOSSES
from abstractgan.metrics import classify_digits, kid
from abstractgan.networks import digit_discriminator, digit_generator
from abstractgan.teaching import check
from abstractgan.training.gan import GAN
from abstractgan.training.recorded import digit_run

digits, labels = load_digits("train")
test_digits, test_labels = load_digits("test")

# %% [markdown]
# ## 1. The generator's loss
#
# Write the non-saturating loss, the mean of $-\log \sigma(s)$, with NumPy. It gets scores (logits), not
# probabilities, and it must stay finite at a score of -1000. First mend the formula, then the code:
# $-\log \sigma(s) = \log(1 + e^{-s})$, and NumPy has a function for $\log(e^a + e^b)$.


# %%
def generator_loss(scores):
    """Return the non-saturating loss, a number."""
    # --- solution
    return np.mean(np.logaddexp(0, -scores))
    # --- end


# %%
scores = np.array([-1000.0, -6.0, 0.0, 3.0], "float32")
expected = ADVERSARIAL_LOSSES["non_saturating"].generator(scores)
check(
    "the generator's loss",
    lambda: generator_loss(scores),
    float(expected),
    "Is it the mean? Is the sign right? Does it stay finite at -1000? See numpy.logaddexp.",
)

# %% [markdown] tags=["solution"]
# `np.log(1 + np.exp(-s))` overflows at -1000. `np.logaddexp(0, -s)` takes the larger of the two exponents out
# first, as Keras does with `from_logits=True`.

# %% [markdown]
# ## 2. The input
#
# The article feeds digits as they come: uint8, 28x28, no channel axis (errata [15](#erratum-15), [19](#erratum-19) and
# [20](#erratum-20)). Its networks expect float32, 32x32x1, from -1 to 1. Prepare the digits for them. What value
# must the new border have?


# %%
def prepare(images):
    """Turn uint8 (n, 28, 28) into float32 (n, 32, 32, 1) in [-1, 1]."""
    # --- solution
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    return (padded[..., None].astype("float32") - 127.5) / 127.5
    # --- end


# %%
def is_prepared(pictures):
    same = np.allclose(pictures[:, 2:-2, 2:-2], to_float(digits[:50]), atol=1e-6)
    border = pictures[:, [0, 1, -2, -1]]
    return (
        pictures.shape == (50, 32, 32, 1)
        and pictures.dtype == "float32"
        and same
        and np.all(border == -1)
    )


check(
    "the input",
    lambda: prepare(digits[:50, :, :, 0]),
    is_prepared,
    "Check shape, dtype and range. The border is background, and background is black: -1 after scaling.",
)

# %% [markdown] tags=["solution"]
# Pad before you scale, with 0, which is black. Who pads afterwards with 0 puts a grey frame around every real digit,
# and the discriminator needs to look at nothing else.

# %% [markdown]
# ## 3. What KID sees
#
# `classify_digits(to_float(images))` returns features and probabilities, and `kid(a, b)` compares two sets of
# features. Find three numbers: the KID between the two halves of the test digits, between the test digits and the
# training digits without any 1, and between the test digits and the training digits 0 to 4 only. Guess before you
# run: which is the largest, and can one of them be negative?

# %%
test_features, _ = classify_digits(to_float(test_digits))
train_features, _ = classify_digits(to_float(digits))
# --- solution: halves = without_ones = low_digits = ...
halves = kid(test_features[:500], test_features[500:])
without_ones = kid(test_features, train_features[labels != 1])
low_digits = kid(test_features, train_features[labels < 5])
# --- end

# %%
features = {"1": train_features[labels != 1], "low": train_features[labels < 5]}
hint = "Select rows of the features with the labels, and give kid the features, not the images."
check("two halves", halves, kid(test_features[:500], test_features[500:]), hint)
check("without the ones", without_ones, kid(test_features, features["1"]), hint)
check("only 0 to 4", low_digits, kid(test_features, features["low"]), hint)

# %% tags=["solution", "nbval-ignore-output"]
print(f"halves {halves:.3f}, without 1: {without_ones:.3f}, 0 to 4 only: {low_digits:.3f}")
assert abs(halves) < without_ones < low_digits

# %% [markdown] tags=["solution"]
# Two halves of one set give about 0, and the estimate is unbiased, so it can be negative. Each picture in the second
# and third set is a perfect digit, and still KID finds fault with the set: a generator that leaves out a class can't
# hide it. A measure of single pictures, like confidence, would not notice.

# %% [markdown]
# ## 4. Does it copy?
#
# A generator that learned its digits by heart would get an excellent KID. So look for the nearest training digit of
# each generated one. Write the search: for each picture the index of the digit with the smallest squared distance
# over all pixels.


# %%
def nearest(pictures, pool):
    """Return for each picture (n, 28, 28, 1) the index of the closest one in the pool."""
    # --- solution
    a, b = pictures.reshape(len(pictures), -1), pool.reshape(len(pool), -1)
    distances = (a**2).sum(1)[:, None] - 2 * a @ b.T + (b**2).sum(1)
    return distances.argmin(axis=1)
    # --- end


# %%
pool = to_float(digits)
check(
    "the nearest digit",
    lambda: nearest(0.9 * pool[[7, 3, 1000]], pool),
    [7, 3, 1000],
    "Flatten the pictures, and compare each one with the whole pool.",
)

# %% tags=["solution"] mystnb={"image": {"alt": "Each generated digit in the upper row differs in slant, weight or ends of strokes from the training digit nearest to it in the lower row, so none is a copy."}}
painter = digit_run().generator()
z = np.random.default_rng(0).standard_normal((10, painter.input_shape[1]))
made = painter.predict(z, verbose=0)
pairs = np.concatenate([made, pool[nearest(made, pool)]])
plots.image_grid(pairs, columns=10, rows=["generated", "nearest real"])
plt.show()

# %% [markdown] tags=["solution"]
# They resemble each other, as a 3 resembles a 3, but no generated digit is the training digit. And the latent vectors
# between two digits give digits as well, which a list of copies would not.

# %% [markdown]
# ## 5. A latent vector of two numbers
#
# The chapter's generator takes 64 numbers. Build a `GAN` whose generator takes 2, with `width=8` in both networks and
# no dropout. Compile it with learning rates of 2e-3, then build it.

# %%
keras.utils.set_random_seed(0)
# --- solution: flat_gan = ...
flat_gan = GAN(
    digit_generator(latent_dim=2, width=8), digit_discriminator(width=8, dropout=0), ema=0.98
)
flat_gan.compile(discriminator_lr=2e-3, generator_lr=2e-3)
flat_gan.build()
# --- end

# %%
check(
    "two latent numbers",
    lambda: flat_gan,
    lambda gan: gan.built and gan.generator.input_shape == (None, 2),
    "digit_generator has an argument latent_dim; call compile first, then build.",
)

# %% [markdown] tags=["solution"]
# With two numbers we can see the whole latent space: let $z$ walk over a square.

# %% tags=["solution"] mystnb={"image": {"alt": "On the map of a two-dimensional latent space neighbours look alike, and the figure changes slowly from one corner to the other."}}
data = digit_dataset(digits, batch_size=32, seed=0)
flat_gan.fit(data, steps_per_epoch=200, shuffle=False, verbose=0)
ticks = np.linspace(-2, 2, 8)
plane = np.array([(x, y) for y in ticks for x in ticks], "float32")
plots.image_grid(flat_gan(plane), columns=8)
plt.show()

# %% [markdown] tags=["solution"]
# Neighbours in the square are neighbours as pictures. Two numbers are few for ten classes, so the map has to be
# crowded; 64 give the generator room, and nobody can draw their map.

# %% [markdown]
# ## 6. Three patients
#
# Three small GANs are trained for the same few steps. One is healthy. In one the discriminator *won*, as in the article's
# loop. In one the discriminator *sleeps*: it learns so slowly that the generator fools it with anything. The
# names are shuffled, so the settings below do not give the answer away. Read the logs.
#
# *The next cell takes about 15 s.*


# %%
def play(loss, discriminator_lr, generator_lr):
    keras.utils.set_random_seed(1)
    generator = digit_generator(width=8)
    gan = GAN(generator, digit_discriminator(width=8, dropout=0), loss=loss, seed=1)
    gan.compile(discriminator_lr, generator_lr)
    gan.build()
    options = {"steps_per_epoch": 20, "shuffle": False, "verbose": 0}
    history = gan.fit(digit_dataset(digits, 32, seed=1), epochs=6, **options).history
    return history | {"step": 20 * np.arange(1, 7)}


patients = {
    "healthy": ("non_saturating", 2e-3, 2e-3),
    "won": ("minimax", 1e-2, 2e-3),
    "sleeps": ("non_saturating", 1e-5, 1e-2),
}
order = np.random.default_rng(3).permutation(list(patients))
truth = dict(zip("ABC", map(str, order), strict=True))
logs = {letter: play(*patients[name]) for letter, name in truth.items()}

# %% [markdown]
# Draw the logs with `plots.score_curves(logs["A"])`, or look at other columns with `plots.loss_curves`. Then write your
# diagnosis as `{"A": ..., "B": ..., "C": ...}`, with the words `"healthy"`, `"won"` and `"sleeps"`.

# %% tags=["solution"] mystnb={"image": {"alt": "Patient A's generated digits score higher than the real ones at every point of the log."}}
plots.score_curves(logs["A"])
plt.show()

# %% tags=["solution"] mystnb={"image": {"alt": "Patient B's scores drift apart without end: real digits climb to about ten, generated ones sink to about minus ten."}}
plots.score_curves(logs["B"])
plt.show()

# %% tags=["solution"] mystnb={"image": {"alt": "Patient C's scores come towards each other and stay about one unit apart, real digits above 0 and generated ones below."}}
plots.score_curves(logs["C"])
plt.show()

# %%
# --- solution: diagnosis = ...
diagnosis = {"A": "sleeps", "B": "won", "C": "healthy"}
# --- end
check(
    "the diagnosis",
    diagnosis,
    lambda answer: answer == truth,
    "Who is scored higher, real or generated? And do the two curves drift apart?",
)

# %% tags=["solution", "nbval-ignore-output"]
gaps = {truth[x]: logs[x]["real_score"][-1] - logs[x]["fake_score"][-1] for x in "ABC"}
print({name: round(float(gap), 1) for name, gap in gaps.items()})
assert gaps["sleeps"] < 0 < gaps["healthy"] < 4 < gaps["won"]

# %% [markdown] tags=["solution"]
# - *sleeps*: generated digits score higher than real ones. The generator found a weak spot and nobody closes it. Give
#   the discriminator a larger learning rate.
# - *won*: the scores drift apart without end, and the saturating loss leaves the generator without a gradient. Take
#   the non-saturating loss, and slow the discriminator down.
# - *healthy*: real above 0, generated below, about one unit apart. The discriminator is right more often than not, and
#   in doubt.

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
# # The digit GAN: a loop that runs and learns nothing
#
# *The article's §4, 项目实践：代码实例和详细解释说明.*
#
# The article's practical part is four blocks of TensorFlow. We run them as they are printed. They crash. We mend
# the crashes, with three small edits, and they run: the loss falls and falls. Then we look at the pictures.
#
# That is the case of this chapter. Nothing stops, no message complains, and still nothing is learned. Who did it?
#
# After this page you will be able to
#
# - read a GAN's training loop and say what each line does to which network;
# - tell errors that stop a program from errors that do not, and look for the second kind;
# - explain why a falling loss is no evidence that a GAN learns, and name four things that are;
# - train a GAN on real handwritten digits and judge it by its pictures, its scores and its KID.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 80 s and 1.8 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import inspect
import warnings

import matplotlib.pyplot as plt
import numpy as np

from abstractgan import plots
from abstractgan.data.digits import load_digits
from abstractgan.teaching import expect_error

# %% [markdown]
# ## The scene
#
# The article begins with its data.
#
# > 首先，我们需要准备数据集。我们将使用Mnist数据集，它包含了60000个手写数字的灰度图像。
# >
# > *"First we must prepare the data set. We will use the MNIST data set; it contains 60000 grey-scale images of
# > handwritten digits."* (§4)
#
# We use the 5 000 of these digits that come with the course, so that nothing has to be downloaded.

# %% mystnb={"image": {"alt": "Twenty real digits, white strokes on black: thick and thin, upright and slanted, and no two alike."}}
digits, labels = load_digits()
plots.image_grid(digits[:20], columns=10)
plt.show()

# %%
test_digits, _ = load_digits("test")
print("to train on:", digits.shape, digits.dtype, "from", digits.min(), "to", digits.max())
print("to test on: ", test_digits.shape)

# %% [markdown]
# (erratum-30)=
# :::{admonition} Erratum 30: 60 000 is not all of MNIST
# :class: warning erratum
#
# **The article says** (§4)
#
# > Mnist数据集，它包含了60000个手写数字的灰度图像
# >
# > *"the MNIST data set; it contains 60000 grey-scale images of handwritten digits"*
#
# **What is right.** MNIST has 60 000 digits to train on and 10 000 more to test on {cite:p}`lecun1998`. For a GAN
# the difference matters: to measure whether its digits are good, or only copied, you need real digits that it never
# saw. `load_digits(source="keras")` downloads all 70 000.
#
# **See it.** Above: our 5 000 digits are split in the same spirit, 4 000 to train on and 1 000 to test on.
# :::
#
# Now the code, in four blocks. **What do you expect?** Read each block before you run it, and note what seems odd.
# Of the errors in them and in the sentences around them, this chapter takes up nineteen.
#
# > 生成网络的代码如下 — *"The code of the generator is as follows"*

# %%
# The article's code, as printed (1 of 4)
import tensorflow as tf
from tensorflow.keras import layers

def generator():
    model = tf.keras.Sequential()
    model.add(layers.Dense(128, input_shape=(100,)))
    model.add(layers.LeakyReLU(alpha=0.2))
    model.add(layers.BatchNormalization(momentum=0.8))
    model.add(layers.Reshape((4, 4, 1)))
    model.add(layers.Conv2DTranspose(128, (4, 4), strides=(1, 1), padding='same', activation='relu'))
    model.add(layers.Conv2DTranspose(128, (4, 4), strides=(2, 2), padding='same', activation='relu'))
    model.add(layers.Conv2DTranspose(128, (4, 4), strides=(2, 2), padding='same', activation='relu'))
    model.add(layers.Conv2DTranspose(1, (4, 4), strides=(2, 2), padding='same', activation='tanh'))
    return model

# %% [markdown]
# > 判别网络的代码如下 — *"The code of the discriminator is as follows"*

# %%
# The article's code, as printed (2 of 4)
def discriminator():
    model = tf.keras.Sequential()
    model.add(layers.Conv2D(128, (4, 4), strides=(2, 2), padding='same', input_shape=[32, 32, 1]))
    model.add(layers.LeakyReLU(alpha=0.2))
    model.add(layers.Dropout(0.3))
    model.add(layers.Conv2D(128, (4, 4), strides=(2, 2), padding='same', activation='relu'))
    model.add(layers.Conv2D(128, (4, 4), strides=(2, 2), padding='same', activation='relu'))
    model.add(layers.Flatten())
    model.add(layers.Dense(1, activation='sigmoid'))
    return model

# %% [markdown]
# > 接下来，我们需要定义损失函数和优化器。我们将使用交叉熵损失函数和Adam优化器。
# >
# > *"Next we must define the loss function and the optimizers. We will use cross-entropy and the Adam optimizer."*

# %%
# The article's code, as printed (3 of 4)
cross_entropy = tf.keras.losses.BinaryCrossentropy(from_logits=True)
generator_optimizer = tf.keras.optimizers.Adam(1e-4)
discriminator_optimizer = tf.keras.optimizers.Adam(1e-4)

# %% [markdown]
# > 最后，我们需要实现训练过程。我们将使用训练集中的图像作为真实图像，使用生成网络生成的图像作为伪造图像。
# >
# > *"Finally we must implement the training. We will use the images of the training set as real images and the
# > images that the generator makes as fake ones."*
#
# The fourth block is a bare loop. We will need it more than once, so the first line below, which is ours, makes a
# function of it. Every other line is the article's.


# %%
def article_loop():
    # The article's code, as printed (4 of 4)
    for epoch in range(epochs):
        for batch in train_dataset:
            real_images = batch[0]
            real_labels = batch[1]
            noise = tf.random.normal([BATCH_SIZE, NOISE_DIM])
            with tf.GradientTape() as gen_tape, tf.GradientTape() as disc_tape:
                generated_images = generator(noise, training=True)
                real_output = discriminator(real_images, training=True)
                generated_output = discriminator(generated_images, training=True)
                gen_loss = cross_entropy(tf.ones_like(real_output), real_output) + cross_entropy(tf.zeros_like(generated_output), generated_output)
                disc_loss = cross_entropy(tf.ones_like(real_output), real_output) + cross_entropy(tf.zeros_like(generated_output), generated_output)
            gradients_of_generator = gen_tape.gradient(gen_loss, generator.trainable_variables)
            gradients_of_discriminator = disc_tape.gradient(disc_loss, discriminator.trainable_variables)
            generator_optimizer.apply_gradients(zip(gradients_of_generator, generator.trainable_variables))
            discriminator_optimizer.apply_gradients(zip(gradients_of_discriminator, discriminator.trainable_variables))


# %% [markdown]
# ## Five ways to crash
#
# A crash is the kindest error: it says where it is. `expect_error` below asserts that a cell fails in the way we
# announce, and lets the notebook go on.
#
# **What do you expect?** What does the loop stumble over first?

# %%
with expect_error(NameError, "the loop uses `epochs`, and no line has given it a value."):
    article_loop()

# %%
for name in ("epochs", "train_dataset", "BATCH_SIZE", "NOISE_DIM"):
    print(f"{name:13} defined: {name in globals()}")

# %% [markdown]
# (erratum-18)=
# :::{admonition} Erratum 18: four names that nobody defined
# :class: warning erratum
#
# **The article says** (§4) `for epoch in range(epochs)`, `for batch in train_dataset`,
# `tf.random.normal([BATCH_SIZE, NOISE_DIM])`, and defines none of the four.
#
# **What is right.** Say how long, on what, how many at a time and from how much noise. These are decisions, and a
# reader can't repeat a run without them.
#
# **See it.** The two cells above.
# :::
#
# So we define them. The data go in as Keras would deliver them: `uint8`, without a channel axis, since the article
# prepares nothing. `NOISE_DIM` must be the generator's `input_shape`. The other values are ours, small, so that you
# need not wait.

# %%
epochs, BATCH_SIZE, NOISE_DIM = 1, 8, 100
images = digits[:, :, :, 0]
pairs = tf.data.Dataset.from_tensor_slices((images, labels)).batch(BATCH_SIZE)
train_dataset = pairs.take(120)

# %%
with expect_error(TypeError, "`generator` is a function that takes no arguments, not a network."):
    article_loop()

# %%
with expect_error(AttributeError, "a function has no weights to train."):
    generator.trainable_variables

# %% [markdown]
# (erratum-16)=
# :::{admonition} Erratum 16: the factory is called in place of the network
# :class: warning erratum
#
# **The article says** (§4) `generated_images = generator(noise, training=True)`, after `def generator(): ...`.
#
# **What is right.** `generator()` builds a network, a new one with each call. Build one of each kind, once, before
# the loop, and give factory and network different names.
#
# **See it.** Above: `TypeError`.
# :::
#
# (erratum-17)=
# :::{admonition} Erratum 17: the factory has no weights
# :class: warning erratum
#
# **The article says** (§4) `gen_tape.gradient(gen_loss, generator.trainable_variables)`
#
# **What is right.** `trainable_variables` belong to the network that the factory returns.
#
# **See it.** Above: `AttributeError`. The first crash hid this one.
# :::
#
# Then let us build the two networks. First the discriminator. It can be built; Keras has two things to say about it,
# which we catch, count and read.

# %%
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    discriminator()
for old, new in {"alpha": "negative_slope", "input_shape": "Input"}.items():
    complaint = any(old in str(w.message) and new in str(w.message) for w in caught)
    print(f"Keras warns about {old} and names {new}: {complaint}")
    assert complaint

# %% [markdown]
# (erratum-27)=
# :::{admonition} Erratum 27: `LeakyReLU(alpha=...)`
# :class: warning erratum
#
# **The article says** (§4) `layers.LeakyReLU(alpha=0.2)`
#
# **What is right.** Since Keras 3 the argument is called `negative_slope`. The old name still works, with a warning.
#
# **See it.** Above, and below: both give the same numbers.
# :::
#
# (erratum-28)=
# :::{admonition} Erratum 28: `input_shape=...`
# :class: warning erratum
#
# **The article says** (§4) `layers.Dense(128, input_shape=(100,))`
#
# **What is right.** Since Keras 3 a network begins with a layer of its own, `keras.Input((100,))`.
#
# **See it.** Above. Old names are no bug yet. They tell you how old the code is.
# :::

# %%
with warnings.catch_warnings(action="ignore"):
    old_slope = layers.LeakyReLU(alpha=0.2)
new_slope = layers.LeakyReLU(negative_slope=0.2)
x = np.linspace(-1, 1, 5)
print("old:", np.round(old_slope(x), 2))
print("new:", np.round(new_slope(x), 2))
assert np.allclose(old_slope(x), new_slope(x))

# %% [markdown]
# Now the generator. **What do you expect?** Follow the shapes: 100 random numbers go into `Dense(128)`, and its
# output into `Reshape((4, 4, 1))`.

# %%
with (
    warnings.catch_warnings(action="ignore"),
    expect_error(ValueError, "128 numbers do not fit into 4 x 4 x 1 = 16 places."),
):
    generator()

# %% [markdown]
# (erratum-14)=
# :::{admonition} Erratum 14: 128 numbers for 16 places
# :class: warning erratum
#
# **The article says** (§4) `Dense(128, ...)`, then `Reshape((4, 4, 1))`.
#
# **What is right.** `Dense(4 * 4 * C)`, then `Reshape((4, 4, C))`, with many channels `C`: the generator begins with
# small, deep feature maps {cite:p}`radford2015`.
#
# **See it.** Above: `ValueError`.
# :::
#
# We make the smallest edit that runs, one number in the article's third line: 16 in place of 128. It will come
# back to us, because now everything that the generator knows passes through 16 numbers.


# %%
def generator():
    model = tf.keras.Sequential()
    model.add(layers.Dense(16, input_shape=(100,)))  # was 128
    model.add(layers.LeakyReLU(alpha=0.2))
    model.add(layers.BatchNormalization(momentum=0.8))
    model.add(layers.Reshape((4, 4, 1)))
    model.add(layers.Conv2DTranspose(128, (4, 4), strides=(1, 1), padding='same', activation='relu'))
    model.add(layers.Conv2DTranspose(128, (4, 4), strides=(2, 2), padding='same', activation='relu'))
    model.add(layers.Conv2DTranspose(128, (4, 4), strides=(2, 2), padding='same', activation='relu'))
    model.add(layers.Conv2DTranspose(1, (4, 4), strides=(2, 2), padding='same', activation='tanh'))
    return model


# %%
tf.keras.utils.set_random_seed(0)
with warnings.catch_warnings(action="ignore"):
    generator = generator()
    discriminator = discriminator()
print("generator:    ", generator.input_shape[1:], "->", generator.output_shape[1:])
print("discriminator:", discriminator.input_shape[1:], "->", discriminator.output_shape[1:])
assert generator.input_shape == (None, 100)

# %% [markdown]
# (erratum-29)=
# :::{admonition} Erratum 29: the digits are not the generator's input
# :class: warning erratum
#
# **The article says** (§4)
#
# > 我们将使用这些图像作为生成网络的输入。
# >
# > *"We will use these images as the input of the generator."*
#
# **What is right.** The generator's input is noise. The digits are the discriminator's real samples, and the
# generator never sees one {cite:p}`goodfellow2014`.
#
# **See it.** Above: the article's own generator takes 100 numbers, which is no image.
# :::
#
# One crash is left, and it depends on what we feed. The labels are never used: the loop takes them out of the batch
# and forgets them. **What do you expect** if we leave them out, as most GAN code does?

# %%
images_only = tf.data.Dataset.from_tensor_slices(images).batch(BATCH_SIZE)
batch = next(iter(images_only))
print("the batch:", batch.shape, " batch[0]:", batch[0].shape)
with expect_error(ValueError, "`batch[0]` is now a single digit, and no batch of digits."):
    discriminator(batch[0], training=True)

# %% [markdown]
# (erratum-22)=
# :::{admonition} Erratum 22: labels that nobody uses
# :class: warning erratum
#
# **The article says** (§4) `real_images = batch[0]`, `real_labels = batch[1]`; the second name does not occur again.
#
# **What is right.** This GAN needs no labels. Drop them from the data set *and* from the loop: a batch then *is* the
# images, and `batch[0]` is the first of them.
#
# **See it.** Above: `ValueError`.
# :::
#
# ## It runs
#
# That was the last of the crashes. Three edits, `Dense(16)`, two networks, four names, and the loop is free to run.
# It prints nothing, so we hide a camera where the loop does not look: in its data set. After every tenth batch, the
# camera notes how the two networks stand, always on the same 16 noise vectors. The loop stays as printed.

# %%
probe = tf.random.stateless_normal([16, NOISE_DIM], seed=(0, 1))
diary = []


def look(step, real_images):
    with tf.GradientTape() as tape:
        real_output = discriminator(real_images)
        fake_output = discriminator(generator(probe))
        loss = cross_entropy(tf.ones_like(real_output), real_output)
        loss += cross_entropy(tf.zeros_like(fake_output), fake_output)
    pull = tf.linalg.global_norm(tape.gradient(loss, generator.trainable_variables))
    values = (step, loss, tf.reduce_mean(real_output), tf.reduce_mean(fake_output), pull)
    diary.append([float(value) for value in values])


# %%
def watched(dataset, every=10):
    step = 0
    for batch in dataset:
        if step % every == 0:
            look(step, batch[0])
        yield batch
        step += 1
    look(step, batch[0])


train_dataset = watched(pairs.take(120))

# %% [markdown]
# **What do you expect?** The loop does 120 steps. Will the loss fall?
#
# *The next cell takes about 15 s.*

# %% tags=["nbval-ignore-output"]
with warnings.catch_warnings(record=True) as said_in_the_loop:
    warnings.simplefilter("always")
    article_loop()
log = dict(zip(["step", "loss", "D(x)", "D(G(z))", "pull"], np.transpose(diary), strict=True))
for step, loss in zip(log["step"][::2], log["loss"][::2], strict=True):
    print(f"step {step:3.0f}   loss of the generator = loss of the discriminator = {loss:.4f}")
assert log["loss"][-1] < 0.1 < 1 < log["loss"][0]

# %% mystnb={"image": {"alt": "Within 120 steps the loss falls from about 3 to almost 0: judged by this curve alone, the training is a success."}}
plots.metric_curve(log, "loss", "The loss of both networks: what a success it seems to be")
plt.show()

# %% [markdown]
# No exception, no NaN, and a loss near zero. Many a project would stop here and report success.
#
# **What do you expect?** Sixteen noise vectors, sixteen pictures. What do they look like?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "The sixteen pictures that the generator makes of sixteen noise vectors are all the same lattice of dots, and nothing in it resembles a digit."}}
pictures = generator(probe).numpy()
plots.image_grid(pictures, columns=8)
plt.show()
contrast, variety = pictures.std(axis=(1, 2)).mean(), pictures.std(axis=0).mean()
print(f"spread within a picture {contrast:.3f}, between the pictures {variety:.3f}")
assert variety < 0.25 * contrast

# %% [markdown]
# One picture, sixteen times. Whatever noise goes in, the same comes out, and it is no digit. The loss
# fell to nothing, and the generator learned nothing.
#
# What else did the camera see?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "The discriminator is sure of every real digit at once and rejects every fake in the end, while the generator's gradient, after one peak, shrinks towards zero."}}
with plt.rc_context(plots.STYLE):
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.4, 2.8), layout="constrained")
    left.plot(log["step"], log["D(x)"], color=plots.BLUE, label="D(x)")
    left.plot(log["step"], log["D(G(z))"], "--", color=plots.ORANGE, label="D(G(z))")
    left.set(title="Probability of real", xlabel="step")
    left.legend()
    right.semilogy(log["step"], log["pull"], color=plots.GREEN)
    right.set(title="Norm of the generator's gradient", xlabel="step")
plt.show()
assert log["D(x)"][-1] > 0.99 and log["D(G(z))"][-1] < 0.1
assert log["pull"][-1] < 0.2 * log["pull"].max()

# %% [markdown]
# - $D(x) \to 1$: the discriminator is sure of every real digit, within the first steps.
# - $D(G(z)) \to 0$: it rejects every fake.
# - The generator's gradient fades away. No teacher is left.
#
# A game with a winner is over. **A GAN is healthy while its discriminator is in doubt.** But who let it win so fast?
#
# ## The suspects
#
# No error message will help us now. We question the lines one by one, and each time we ask for evidence.
#
# ### The objective: whose side is the generator on?
#
# Look again at `gen_loss` and `disc_loss`. They are the same expression. The camera could print one number for
# both networks because there is only one.
#
# **What do you expect?** A fake has the score 0, so the discriminator has no idea. In which direction does the
# article's loss push the generator?

# %%
score, slopes = tf.Variable([[0.0]]), {}
for name, label in {"the article's": tf.zeros, "a generator's": tf.ones}.items():
    with tf.GradientTape() as tape:
        loss = cross_entropy(label([1, 1]), score)
    slopes[name] = tape.gradient(loss, score).numpy().item()
    print(f"{name} loss: gradient {slopes[name]:+.1f}")
assert slopes["the article's"] > 0 > slopes["a generator's"]

# %% [markdown]
# Gradient *descent* goes against the gradient. With the article's loss the generator makes its score
# smaller. It works hard, in the wrong direction: it learns to be caught.
#
# And the loss's other half, on real digits? The generator is not in it at all:

# %%
with warnings.catch_warnings(action="ignore"), tf.GradientTape() as tape:
    real_output = discriminator(images[:8])
    real_half = cross_entropy(tf.ones_like(real_output), real_output)
gradients = tape.gradient(real_half, generator.trainable_variables)
moved = [gradient for gradient in gradients if gradient is not None]
print("weights of the generator that the real half moves:", len(moved))
assert not moved

# %% [markdown]
# (erratum-5)=
# :::{admonition} Erratum 5: the generator helps the discriminator
# :class: warning erratum
#
# **The article says** (§4)
# `gen_loss = cross_entropy(tf.ones_like(real_output), real_output) + cross_entropy(tf.zeros_like(generated_output), generated_output)`,
# and the same for `disc_loss`.
#
# **What is right.** `gen_loss = cross_entropy(tf.ones_like(generated_output), generated_output)`: the generator wants
# its fakes to be called real {cite:p}`goodfellow2014`.
#
# **See it.** Above: the gradient has the wrong sign, and the real half has none.
# :::
#
# (looks-wrong-order)=
# :::{admonition} It looks wrong, and is not
# :class: tip
# `cross_entropy(tf.ones_like(o), o)`: should the network's output not come first? No. Keras takes the truth first, as
# the cell below shows. In the article this order is right.
# :::

# %%
order = list(inspect.signature(cross_entropy.call).parameters)
print("order of the arguments:", *order)
assert order == ["y_true", "y_pred"]

# %% [markdown]
# This is the main culprit. But the discriminator was sure of the *real* digits after a few steps, long before the
# generator had changed. It had an accomplice.
#
# ### The data: what gives the digits away?
#
# **What do you expect?** A `tanh` gives numbers between -1 and 1. The digits went in as `uint8`. Write a
# discriminator in one line.


# %%
def is_real(pictures):
    return np.max(pictures, axis=(1, 2)) > 1


fakes = generator(tf.random.normal([1000, NOISE_DIM])).numpy()[..., 0]
print(f"right on real digits: {is_real(images).mean():.0%}, on fakes: {1 - is_real(fakes).mean():.0%}")
assert is_real(images).all() and not is_real(fakes).any()

# %% [markdown]
# (erratum-19)=
# :::{admonition} Erratum 19: pixels from 0 to 255 against pixels from -1 to 1
# :class: warning erratum
#
# **The article says** nothing about scaling. Its generator ends in `activation='tanh'`.
#
# **What is right.** Bring the real digits to the range of the fakes: `(x - 127.5) / 127.5`.
#
# **See it.** Above: one comparison tells them apart without fail, so a network need not look at any stroke. In
# the curves, $D(x)$ is 1 from the second point on.
# :::
#
# There is more to see in the shapes. The discriminator was built for 32x32 with one channel; our digits are 28x28
# with none. Why did nothing crash?

# %%
for size in (28, 32):
    x = np.zeros((1, size, size, 1), "float32")
    sides = [size]
    for layer in discriminator.layers[:-1]:
        x = layer(x)
        sides += [x.shape[1]] if isinstance(layer, layers.Conv2D) else []
    print(" -> ".join(map(str, sides)), "->", x.shape[1], "features")
    assert sides[-1] == 4

# %% [markdown]
# (erratum-15)=
# :::{admonition} Erratum 15: fakes of 32x32, digits of 28x28
# :class: warning erratum
#
# **The article says** (§4) `input_shape=[32, 32, 1]`, and doubles 4x4 three times in the generator. MNIST digits
# are 28x28.
#
# **What is right.** Pad the digits to 32x32, or let the generator start from 7x7: doubled twice, that is 28.
#
# **See it.** Above: each layer halves and rounds up, so both sizes end at 4x4. The mistake leaves no trace, except
# that real and fake differ in the size of their strokes.
# :::

# %%
flat, with_axis = discriminator(images[:8]), discriminator(images[:8, :, :, None])
print("with and without a channel axis, the same scores:", np.allclose(flat, with_axis))
assert np.allclose(flat, with_axis)

# %% [markdown]
# (erratum-20)=
# :::{admonition} Erratum 20: no channel axis
# :class: warning erratum
#
# **The article says** nothing about it; Keras delivers MNIST as (60000, 28, 28).
#
# **What is right.** `x[..., None]`: a convolution expects (batch, height, width, channels).
#
# **See it.** Above: Keras adds the axis without a word. It works here, by courtesy; it is better to say what
# you mean.
# :::
#
# ### The output: a probability posing as a logit
#
# The discriminator ends in `activation='sigmoid'`, so it returns probabilities. The loss was told
# `from_logits=True`, so it applies another sigmoid. Did nobody notice? The camera ran inside the loop, and we kept
# what Keras said there.

# %%
print("Keras noticed:", any("from_logits" in str(w.message) for w in said_in_the_loop))

# %% [markdown]
# Keras saw that the output came from a sigmoid, ignored it and took the number before it. So in this run the mistake
# was mended for us, with a warning. Is that to be relied on?
#
# **What do you expect?** A real digit gets the score -0.06. Its loss is $-\log \sigma(-0.06) = 0.724$. The same in
# mixed precision, where layers compute in 16 bits, which many switch on to train faster on a GPU?


# %%
def last_layer(policy):
    sigmoid = layers.Activation("sigmoid", dtype=policy)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loss = cross_entropy(tf.ones([1, 1]), sigmoid(tf.constant([[-0.06]])))
    print(f"{policy:13}  loss {loss:.3f}   warnings: {len(caught)}")
    return round(float(loss), 3), len(caught)


assert last_layer("float32") == (0.724, 1)
assert last_layer("mixed_float16") == (0.480, 0)

# %% [markdown]
# (erratum-21)=
# :::{admonition} Erratum 21: a sigmoid, and `from_logits=True`
# :class: warning erratum
#
# **The article says** (§4) `Dense(1, activation='sigmoid')` and `BinaryCrossentropy(from_logits=True)`.
#
# **What is right.** `Dense(1)`, which returns logits, with `from_logits=True`.
#
# **See it.** Above: in float32 Keras rescues it, with a warning. Under mixed precision a cast hides the sigmoid,
# nobody warns, and the loss is 0.480 in place of 0.724.
# :::
#
# How bad is a doubled sigmoid? Take a perfect discriminator, with probabilities 1 and 0. Its loss should be
# 0. Through the second sigmoid it is

# %%
print(f"{-np.log(1 / (1 + np.exp(-1))) - np.log(1 - 1 / (1 + np.exp(0))):.3f}")

# %% [markdown]
# ### The last batch
#
# We fed 120 full batches of 8. **What do you expect** of 100 digits in batches of 32?

# %%
*_, last = tf.data.Dataset.from_tensor_slices(images[:100]).batch(32)
noise = tf.random.normal([32, NOISE_DIM])
print("digits in the last batch:", len(last), " fakes beside them:", len(noise))

# %% [markdown]
# The article's loss does not mind: it takes the mean over 4 and the mean over 32. Losses that compare
# digit with fake do. The gradient penalty looks at points *between* the two {cite:p}`gulrajani2017`:

# %%
real, fake = tf.zeros([4, 28, 28, 1]), tf.zeros([32, 28, 28, 1])
with expect_error(tf.errors.InvalidArgumentError, "4 digits and 32 fakes do not make pairs."):
    0.5 * real + 0.5 * fake

# %% [markdown]
# (erratum-23)=
# :::{admonition} Erratum 23: the last batch may be smaller
# :class: warning erratum
#
# **The article says** (§4) `noise = tf.random.normal([BATCH_SIZE, NOISE_DIM])`
#
# **What is right.** As many fakes as there are digits, `tf.shape(real_images)[0]`, or
# `batch(..., drop_remainder=True)`.
#
# **See it.** Above: 4 digits against 32 fakes, silently, until a loss pairs them.
# :::
#
# ### The architecture: is the loss the whole story?
#
# Suppose we mend all this, objective, range, sizes, logits, and keep the two networks. **What do you expect?** Will
# they learn now?
#
# We build them again, with 32 channels in place of 128 so that it takes seconds, and train them by the rules. `GAN`
# is the course's training step; you will read it in a moment. `shuffle=False`, because `digit_dataset` has shuffled.


# %%
def article_generator(width):
    model = tf.keras.Sequential([tf.keras.Input((100,)), layers.Dense(16)])
    model.add(layers.LeakyReLU(negative_slope=0.2))
    model.add(layers.BatchNormalization(momentum=0.8))
    model.add(layers.Reshape((4, 4, 1)))
    for stride in (1, 2, 2):
        model.add(layers.Conv2DTranspose(width, 4, stride, padding="same", activation="relu"))
    model.add(layers.Conv2DTranspose(1, 4, 2, padding="same", activation="tanh"))
    return model


# %%
def article_discriminator(width):
    model = tf.keras.Sequential([tf.keras.Input((32, 32, 1))])
    model.add(layers.Conv2D(width, 4, 2, padding="same"))
    model.add(layers.LeakyReLU(negative_slope=0.2))
    model.add(layers.Dropout(0.3))
    for _ in range(2):
        model.add(layers.Conv2D(width, 4, 2, padding="same", activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(1))
    return model


# %%
from abstractgan.data.pipeline import digit_dataset
from abstractgan.training.gan import GAN

tf.keras.utils.set_random_seed(0)
mended = GAN(article_generator(32), article_discriminator(32))
mended.compile(discriminator_lr=1e-4, generator_lr=1e-4)
mended.build()

# %% tags=["nbval-ignore-output"]
padded = np.pad(digits, ((0, 0), (2, 2), (2, 2), (0, 0)))
data = digit_dataset(padded, batch_size=32, seed=0, size=32)
scores = mended.fit(data, epochs=6, steps_per_epoch=50, shuffle=False, verbose=0)
for name in ("real_score", "fake_score"):
    print(f"{name}:", "  ".join(f"{value:5.1f}" for value in scores.history[name]))
assert scores.history["real_score"][-1] - scores.history["fake_score"][-1] > 4

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "With a correct loss the article's networks still make sixteen pictures that are nearly the same, with no stroke of a digit in them."}}
pictures = mended.generator(probe).numpy()
plots.image_grid(pictures, columns=8)
plt.show()
spread = (padded / 127.5).std(axis=0).mean()
print(f"spread between the pictures: {pictures.std(axis=0).mean():.3f}, between real digits {spread:.3f}")
assert pictures.std(axis=0).mean() < 0.4 * spread

# %% [markdown]
# The loss was guilty, but not alone. The discriminator wins again: the scores of real and fake drift apart, and the
# pictures hardly differ from one another. The noise enters the generator and does not arrive at the other end.
#
# Where does it get lost? Let us not train at all, and compare the newborn generator with one after the
# rules of DCGAN {cite:p}`radford2015`: 7x7 places with many channels in place of 16 numbers, and batch
# normalisation after each layer.

# %% tags=["nbval-ignore-output"]
from abstractgan.networks import digit_discriminator, digit_generator

for build in (article_generator, digit_generator):
    newborn = build(width=32)
    born = newborn(np.random.default_rng(0).normal(size=(64, newborn.input_shape[1])), training=True)
    variety = np.std(born, axis=0).mean()
    print(f"{build.__name__:17}  spread between 64 pictures at birth: {variety:.4f}")
    assert (variety > 0.05) == (build is digit_generator)

# %%
def outline(model):
    names = [type(layer).__name__ for layer in model.layers]
    return " ".join(name for name in names if name.startswith(("Dense", "Conv", "Batch")))


print("article:", outline(article_generator(32)))
print("DCGAN:  ", outline(digit_generator()))

# %% [markdown]
# (erratum-24)=
# :::{admonition} Erratum 24: one batch normalisation, in the wrong place
# :class: warning erratum
#
# **The article says** (§4) `Dense`, `LeakyReLU`, `BatchNormalization`, and then four transposed convolutions without
# any.
#
# **What is right.** Batch normalisation in every layer but the generator's output and the discriminator's input,
# before the activation {cite:p}`radford2015,ioffe2015`.
#
# **See it.** Above: with a correct loss these networks still collapse. At birth, noise hardly reaches the article's
# picture; it does reach ours.
# :::
#
# The discriminator has a smaller flaw of the same kind. It begins with `LeakyReLU` and goes on with `relu`. What
# becomes of the gradient where a unit is switched off?

# %%
x = tf.Variable(-1.0)
for slope in (0.0, 0.2):
    with tf.GradientTape() as tape:
        y = layers.LeakyReLU(negative_slope=slope)(x)
    pull = tape.gradient(y, x).numpy()
    print(f"slope {slope}: gradient {pull:.1f}")
    assert np.isclose(pull, slope)

# %% tags=["nbval-ignore-output"]
features = generator(probe)
for layer in discriminator.layers[:-2]:
    features = layer(features)
silent = np.all(features.numpy() == 0, axis=(0, 1, 2)).mean()
print(f"channels of the article's last convolution that are 0 on all fakes: {silent:.0%}")
assert silent > 0.02

# %% [markdown]
# (erratum-25)=
# :::{admonition} Erratum 25: ReLU in the discriminator
# :class: warning erratum
#
# **The article says** (§4) `layers.Conv2D(128, (4, 4), ..., activation='relu')`, twice, in the discriminator.
#
# **What is right.** `LeakyReLU` in all its layers {cite:p}`radford2015`. The generator learns through the
# discriminator: where a ReLU is off, no gradient comes back.
#
# **See it.** Above: gradient 0.0 against 0.2, and channels that are silent on every fake (by now nearly one picture).
# :::
#
# ### The optimizer: a long memory
#
# Adam follows a running average of gradients, and $\beta_1$ sets how long it remembers {cite:p}`kingma2014`. In a
# GAN the other player moves, so the right direction changes.
#
# **What do you expect?** The gradient was +1 for a long time and turns to -1. How many steps until the average
# stops pulling the old way?


# %%
def steps_to_turn(beta):
    average, steps = 1.0, 0
    while average > 0:
        average = beta * average + (1 - beta) * -1
        steps += 1
    return steps


print("Adam's default, 0.9:", steps_to_turn(0.9), "steps. DCGAN's 0.5:", steps_to_turn(0.5), "step.")
assert steps_to_turn(0.9) == 7 and steps_to_turn(0.5) == 1

# %% [markdown]
# (erratum-26)=
# :::{admonition} Erratum 26: Adam's default memory
# :class: warning erratum
#
# **The article says** (§4) `tf.keras.optimizers.Adam(1e-4)`
#
# **What is right.** This is weak rather than wrong. DCGAN takes 2e-4 with `beta_1=0.5` {cite:p}`radford2015`: in a
# game, old gradients are stale.
#
# **See it.** Above: it takes 7 steps to turn, against 1.
# :::
#
# ### The claim
#
# One sentence of the article is left. It follows the loop.

# %%
print("inputs of the generator:", [tuple(x.shape[1:]) for x in generator.inputs])
print("kinds of layers:", *sorted({type(layer).__name__ for layer in generator.layers}))
assert [x.shape[1:] for x in generator.inputs] == [(100,)]

# %% [markdown]
# (erratum-31)=
# :::{admonition} Erratum 31: this is not style transfer
# :class: warning erratum
#
# **The article says** (§4)
#
# > 经过一定的训练，生成网络和判别网络可以相互学习，从而实现抽象艺术风格迁移。
# >
# > *"After some training, generator and discriminator can learn from each other and thereby achieve abstract-art
# > style transfer."*
#
# **What is right.** It is a GAN for digits without any condition. It takes no photograph and no painting, it has no
# VGG and no content or style loss. Even in perfect health it would make digits.
#
# **See it.** Above: one input, 100 random numbers.
# :::
#
# The case is closed, so we clear the desk of the article's names.

# %%
del epochs, train_dataset, BATCH_SIZE, NOISE_DIM, generator, discriminator

# %% [markdown]
# ## The version that learns
#
# Here is the whole verdict. Each row is one change, and the code that follows has them all.
#
# | what | the article | now | erratum |
# |---|---|---|---|
# | generator's objective | the discriminator's loss | $-\log \sigma(s_{\text{fake}})$ | [5](#erratum-5) |
# | range of the digits | 0 ... 255 | -1 ... 1 | [19](#erratum-19) |
# | size of the fakes | 32x32 | 28x28, from 7x7 | [14](#erratum-14), [15](#erratum-15) |
# | channel axis | left out | given | [20](#erratum-20) |
# | discriminator's output | probability | logit | [21](#erratum-21) |
# | batches | with labels, the last one smaller | images, all alike | [22](#erratum-22), [23](#erratum-23) |
# | batch normalisation | once | all but G's output and D's input | [24](#erratum-24) |
# | discriminator's activation | ReLU | LeakyReLU | [25](#erratum-25) |
# | Adam | $\beta_1 = 0.9$ | $\beta_1 = 0.5$ | [26](#erratum-26) |
# | networks | factories | built once, before the loop | [16](#erratum-16), [17](#erratum-17) |
# | settings | undefined | written down | [18](#erratum-18) |
#
# ### Build
#
# `digit_generator` and `digit_discriminator` follow DCGAN. `GAN` is a `keras.Model` whose training step plays one
# round. Read it with the article's loop in mind; `update` asks the tape for the gradient of an objective and lets the
# optimizer move the network's weights.

# %%
print(inspect.getsource(GAN.train_step))

# %% [markdown]
# Two differences of design are worth a second look. The discriminator moves first, and the generator then answers
# with *new* fakes, judged by the discriminator as it is now. And there is a third network: `ema_generator` follows
# the generator as a moving average, and its pictures are steadier than those of any single step.

# %%
tf.keras.utils.set_random_seed(0)
generator, discriminator = digit_generator(width=16), digit_discriminator(width=16, dropout=0)
gan = GAN(generator, discriminator, ema=0.98)
gan.compile(discriminator_lr=2e-3, generator_lr=2e-3)
gan.build()

# %% [markdown]
# ### Run one batch
#
# **What do you expect?** A discriminator that knows nothing gives every digit a score near 0. Then its loss
# is $2 \log 2 = 1.386$ and the generator's is $\log 2 = 0.693$. If your own GAN starts elsewhere, something is wrong
# before training begins.

# %% tags=["nbval-ignore-output"]
data = digit_dataset(digits, batch_size=32, seed=0)
first = gan.train_step(next(iter(data)))
print({name: round(float(value), 2) for name, value in first.items()})
assert abs(float(first["discriminator_loss"]) - 1.386) < 0.3
assert abs(float(first["generator_loss"]) - 0.693) < 0.3

# %% [markdown]
# ### Train briefly
#
# 500 steps. After every 50 we keep the pictures of the same ten latent vectors, and ask for a report on 500
# others.
#
# The report needs a judge from outside, since the discriminator is a party to the game. It is a small classifier
# that was trained on real digits and never saw a generated one. From its features we get the **KID**, the kernel
# distance between generated digits and real test digits {cite:p}`binkowski2018`: about 0 if they can't be told
# apart.

# %%
from abstractgan.metrics import digit_report

latents = np.random.default_rng(0).standard_normal((500, 64)).astype("float32")
album, reports = [gan(latents[:10])], [digit_report(gan(latents))]


def keep(epoch, logs):
    album.append(gan(latents[:10]))
    reports.append(digit_report(gan(latents)))


# %% [markdown]
# **What do you expect?** The article's loss fell to zero. Where will these two losses go?
#
# *The next cell takes about 15 s.*

# %% tags=["nbval-ignore-output"]
callback = tf.keras.callbacks.LambdaCallback(on_epoch_end=keep)
options = {"steps_per_epoch": 50, "shuffle": False, "verbose": 0, "callbacks": [callback]}
history = gan.fit(data, epochs=10, **options).history
history["step"] = 50 * np.arange(1, 11)
for name in ("discriminator_loss", "generator_loss"):
    print(f"{name} at the end: {history[name][-1]:.2f}")
    assert history[name][-1] > 0.4

# %% mystnb={"image": {"alt": "From top to bottom each column turns from grey into a blob and then into thin strokes, some of which are digits already, and no two columns are alike."}}
shown = [0, 1, 2, 4, 7, 10]
plots.image_grid(
    np.concatenate([album[i] for i in shown]), columns=10, rows=[f"step {50 * i}" for i in shown]
)
plt.show()

# %% [markdown]
# Read it column by column: one latent vector, one figure, growing. The columns differ, so the noise arrives. Some
# are digits, some are only strokes: 500 steps are not many.

# %% mystnb={"image": {"alt": "Both losses swing and then stay at a level far from zero: neither network wins, and neither curve tells that the pictures get better."}}
plots.loss_curves(history)
plt.show()

# %% [markdown]
# Compare with the article's curve. *These* losses do not go to zero, and must not: each network is as good as
# the other makes it. They say that the game goes on. They do not say that the digits get better.

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "The discriminator scores real digits above 0 and generated ones below, but the two stay within a few units of each other, so it stays in doubt."}}
plots.score_curves(history)
plt.show()
gap = history["real_score"][-1] - history["fake_score"][-1]
print(f"distance between the scores: {gap:.1f}")
assert 0 < gap < 4

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "KID falls steeply in the first steps and goes on falling: measured from outside, the generated digits come closer to real ones."}}
kids = {"step": 50 * np.arange(11), "KID": [report.kid for report in reports]}
plots.metric_curve(kids, "KID", "KID to the test digits: 0 is best")
plt.show()
print("   ".join(f"{kid:.2f}" for kid in kids["KID"]))
assert kids["KID"][-1] < 0.7 * kids["KID"][1] < 0.7 * kids["KID"][0]

# %% [markdown]
# How good is that? Put it between two others: the article's architecture with the right loss, from above, and the
# training digits, which are as real as the test digits.

# %% tags=["nbval-ignore-output"]
from abstractgan.data.images import to_float

collapsed = mended.generator(np.random.default_rng(0).standard_normal((500, 100)))[:, 2:30, 2:30]
for name, pictures in {"collapsed": collapsed, "ours": gan(latents), "real": to_float(digits)}.items():
    report = digit_report(pictures)
    print(f"{name:10} KID {report.kid:6.2f}   confidence {report.confidence:.2f}")
assert digit_report(collapsed).kid > 4 * reports[-1].kid > 0
assert digit_report(collapsed).confidence > 0.5

# %% [markdown]
# Far from the collapse, and not yet at the goal. Look at the confidence of the collapsed pictures, too: a classifier
# that must name one of ten digits can be sure of a pattern that is none. One number is never enough.
#
# What does patience buy?
#
# ## A longer run
#
# The same networks and rules, for longer: the command
#
# ```
# abstractgan train digits --profile cpu --output runs/digits
# ```
#
# writes a folder with its settings, the versions and the hardware, one row of a log for each epoch, grids of samples
# and the weights. Stop it whenever you like: the same command goes on where it stopped. One such folder comes with the
# course, and everything in this section is read from its files.

# %%
from abstractgan.training.recorded import digit_run

run = digit_run()
print({name: run.config[name] for name in ("name", "seed", "batch_size", "latent_dim", "lr", "ema")})
print({name: run.environment[name] for name in ("tensorflow", "keras", "processor", "processors")})
print(f"{run.log['step'][-1]:.0f} steps in {run.log['seconds'][-1] / 60:.1f} minutes")

# %% mystnb={"image": {"alt": "In the recorded run the same ten latent vectors become clear handwritten digits of several classes, and late epochs change them less and less."}}
recorded = sorted(run.samples)
shown = [recorded[round(i * (len(recorded) - 1) / 6)] for i in range(7)]
first_rows = np.stack([run.samples[epoch][:28] for epoch in shown])
plots.image_grid(first_rows, columns=1, rows=[f"epoch {epoch}" for epoch in shown], size=5.6)
plt.show()

# %% [markdown]
# **What do you expect** of the KID, which after our 500 steps was still well above 0?

# %% mystnb={"image": {"alt": "In the recorded run KID falls by more than nine tenths, fast at first and then slowly, to a level near zero."}}
plots.metric_curve(run.log, "kid", "KID to the test digits, recorded run: 0 is best")
plt.show()

# %%
measured = np.isfinite(run.log["kid"])
for name in ("kid", "confidence", "coverage"):
    first, *_, last = run.log[name][measured]
    print(f"{name:10}  epoch 1: {first:.2f}   at the end: {last:.2f}")
assert run.log["kid"][measured][-1] < 0.1 * run.log["kid"][measured][0]

# %% [markdown]
# KID says how close the digits are to real ones as a whole. *Confidence* says how sure the classifier is of a
# single digit. *Coverage* is the share of the rarest class, where 0.10 is even: with a collapse on one class it would
# be 0.
#
# Now go through the run yourself. **What do you expect?** Find the epoch from which on the losses hardly move. Are the
# digits finished by then? Which of the curves knows?

# %%
from abstractgan.widgets import TrainingReplay

TrainingReplay(run)

# %%
for name in ("discriminator_loss", "generator_loss", "kid"):
    tenth, last = run.log[name][[9, -1]]
    print(f"{name:18}  epoch 10: {tenth:.2f}   epoch 40: {last:.2f}")
assert last < 0.5 * tenth

# %% [markdown]
# The losses are at rest after ten epochs; the generator's even rises a little. The digits go on improving for the
# thirty epochs that follow, and of all the curves only KID says so.
#
# The weights of this run are in the package too. So draw digits that nobody has written:

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "Forty new digits from the recorded generator: most can be read at once, and a few stand between two digits."}}
painter = run.generator()
z = np.random.default_rng(1).standard_normal((1000, painter.input_shape[1]))
new_digits = painter.predict(z, batch_size=500, verbose=0)
plots.image_grid(new_digits[:40], columns=10)
plt.show()
report = digit_report(new_digits)
print(*(f"{name} {value:.2f}  " for name, value in report._asdict().items()))
assert report.confidence > 0.85 and report.coverage > 0.02

# %% [markdown]
# And walk from one latent vector to another. **What do you expect** half-way between two digits: both of them,
# faintly, on top of each other?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "On the way between two latent vectors one digit bends into another, and the pictures between are made of full strokes, not of two faint digits on top of each other."}}
share = np.linspace(0, 1, 10)[:, None]
ways = np.concatenate([(1 - share) * z[i] + share * z[i + 1] for i in (0, 2, 4)])
pictures = painter.predict(ways, verbose=0)
plots.image_grid(pictures, columns=10)
plt.show()
# A double exposure would be grey; strokes are black or white.
exposure = (pictures[0] + pictures[9]) / 2
assert np.abs(pictures[4:6]).mean() > np.abs(exposure).mean()

# %% [markdown]
# ## How to read a GAN's loop
#
# Take this list to the next loop that you meet.
#
# 1. **Two losses.** Does the generator's loss contain its fakes, with the label *real*? Is it another expression than
#    the discriminator's?
# 2. **Two sets of weights.** Which gradient goes to which network? Does the other one hold still?
# 3. **Same range, same size, same channels** for real and fake. Could one `max` tell them apart?
# 4. **Logits or probabilities?** Does the last layer agree with `from_logits`?
# 5. **As many fakes as digits**, from fresh noise, in the last batch too.
# 6. **First values.** An undecided discriminator: 1.386; its generator: 0.693.
# 7. **Does the noise arrive?** Spread between pictures, at birth and after.
# 8. **Is the game open?** Scores of real and fake a few units apart, a generator's gradient that does not fade.
# 9. **A judge from outside.** Pictures of fixed latent vectors, and KID. Never the loss.
#
# ## Summary
#
# - The article's code can crash in five ways. Such errors cost minutes. The ones that do not crash, objective, range,
#   size, logits, architecture, cost weeks.
# - Its loop runs after three edits. Its loss falls to nothing *because* nothing is learned: the generator was told to
#   lose.
# - A correct loss alone did not save it. The noise must reach the picture, and the gradient must come back.
# - A GAN's loss says whether the game goes on. Whether it leads anywhere, four other things say: pictures of fixed
#   latent vectors, the scores, the spread between pictures, and a distance such as KID.
# - What we trained draws digits from noise. Style transfer it is not.
#
# **Now you.** The [exercises](digit_gan_exercises.ipynb) let you write the losses, prepare the data, measure, and
# diagnose three sick runs from their logs. [Solutions](digit_gan_solutions.ipynb) are there when you want them.

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.losses import cross_entropy_discriminator_loss
from abstractgan.widgets import Question, Quiz

kids = {"the collapsed network": digit_report(collapsed).kid, "ours": reports[-1].kid}
one_class = np.bincount(np.zeros(500, int), minlength=10) / 500
Quiz(
    [
        Question(
            "An undecided discriminator gives every digit the score 0. What is its loss?",
            [0, np.log(2), 2 * np.log(2)],
            answer=float(cross_entropy_discriminator_loss(np.zeros(8), np.zeros(8))),
            feedback="Real and fake each cost log 2.",
        ),
        Question(
            "Which one's digits are closer to real test digits, by KID?",
            list(kids),
            answer=min(kids, key=kids.get),
            feedback="KID is a distance: lower is closer.",
        ),
        Question(
            "A generator writes nothing but zeros. How large is its coverage?",
            [0, 0.1, 1],
            answer=one_class.min(),
            feedback="Coverage is the share of the rarest class, and nine classes never occur.",
        ),
    ]
)

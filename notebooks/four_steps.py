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
# # The algorithm in four steps
#
# *The article's §3, 核心算法原理具体操作步骤.*
#
# What happens to a photograph on its way to becoming a painting? The article gives four steps and no code for them.
# On this page the data really travels all four.
#
# After this page you will be able to
#
# - measure style, with channel statistics and Gram matrices, and content, with feature maps of VGG;
# - swap the style of a feature map with AdaIN, and say why a decoder has to follow;
# - transfer a style without any discriminator, and say what a discriminator adds;
# - name the three losses of a style GAN, and follow where the gradient of each one flows.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 35 s and 1.4 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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

# %% [markdown]
# ## The way of the data
#
# > 1. 从源图像中提取风格特征。 *Extract style features from the source image.*
# > 2. 从目标图像中提取内容特征。 *Extract content features from the target image.*
# > 3. 使用生成网络将内容特征和风格特征结合，并生成新的图像。 *Use the generator to combine content and style
# >    features, and generate a new image.*
# > 4. 使用判别网络评估生成网络生成的图像的真伪。 *Use the discriminator to judge whether the generated image is
# >    real or fake.* (§3)
#
# The order is right. Follow the arrows: numbers 1 to 4 are the article's steps, the three coloured boxes are the
# losses that it leaves out.
#
# ![A photograph and a painting pass through one frozen VGG. Content features and style features meet in AdaIN, a decoder makes the picture, a discriminator scores it against real paintings. Content, style and adversarial loss send their gradients back to the decoder; only the discriminator's own loss trains the discriminator.](../book/figures/four-steps.svg)
#
# (erratum-8)=
# :::{admonition} Erratum 8: which picture is the source, and which the target?
# :class: warning erratum
#
# **The article says** (§3) that style comes from the 源图像, the *source image*, and content from the 目标图像, the
# *target image*.
#
# **What is right.** Say *style image* and *content image* {cite:p}`gatys2016`. Papers on image translation use source
# and target the other way round: the source is the picture to be changed {cite:p}`zhu2017`. Whoever mixes the two
# conventions restyles the painting.
#
# **See it.** In the last chapter, where [the two pictures change roles](core_concepts.ipynb) and the result is another
# one.
# :::

# %%
from abstractgan.data.images import to_float, to_uint8
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.features import adain, channel_statistics, gram_matrix, vgg16
from abstractgan.losses import non_saturating_generator_loss
from abstractgan.networks import digit_generator

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers, ops

# %%
SIZE = 160


def load(picture):
    batch, square = to_float(picture)[None], (SIZE, SIZE)
    return ops.image.resize(batch, square, crop_to_aspect_ratio=True, antialias=True)


content = load(photograph("chelsea"))
style = load(paint("orphism", seed=1))
print(content.shape, f"from {ops.min(content):.2f} to {ops.max(content):.2f}")


# %% mystnb={"image": {"alt": "The content image is a cat seen from near by, with clear eyes and nose; the style image is a painting of ringed discs in strong colours, and shows no thing at all."}}
def show(pictures, height=2.8):
    size = (height * len(pictures), height)
    figure = plt.figure(figsize=size, dpi=64, layout="constrained")
    axes = figure.subplots(1, len(pictures), squeeze=False)[0]
    for axis, (title, picture) in zip(axes, pictures.items(), strict=True):
        axis.imshow(to_uint8(picture[0]))
        axis.set(title=title, xticks=[], yticks=[])
    plt.show()


show({"content image": content, "style image": style})

# %% [markdown]
# ## The measuring device: VGG
#
# Pixels say little: shift a picture by one, and every number changes. So both extractions use the
# {term}`feature maps <feature map>` of VGG16 {cite:p}`simonyan2014`, a network that was trained to name the things in
# photographs. We never train it. This package carries its first eight convolutions.

# %%
LAYERS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1"]
vgg = vgg16(LAYERS)
content_maps, style_maps = vgg(content), vgg(style)
for name, maps in zip(LAYERS, style_maps, strict=True):
    print(name, tuple(maps.shape))

# %% [markdown]
# Each layer sees larger patches than the one before, through more channels, on a coarser grid. Three channels of
# each, bright where the channel responds:

# %% mystnb={"image": {"alt": "In the first layer the painting's outlines are still sharp; from layer to layer the maps get coarser, until in the fourth only a few spots answer to larger patterns."}}
figure, axes = plt.subplots(3, 4, figsize=(7, 5.4), dpi=56, layout="constrained")
for column, name, maps in zip(axes.T, LAYERS, style_maps, strict=True):
    strongest = np.argsort(-ops.mean(maps, axis=(0, 1, 2)).numpy())[:3]
    for axis, channel in zip(column, strongest, strict=True):
        axis.imshow(maps[0, :, :, channel], cmap="magma")
        axis.set(xticks=[], yticks=[])
    column[0].set_title(name)
plt.show()

# %% [markdown]
# ## Step 1: style features
#
# > 从源图像中提取风格特征。通常使用卷积神经网络（如VGG）来提取风格特征。 (§3)
#
# VGG gives feature maps. How do they become *style*? Style is how a picture is made, anywhere in it. So we
# average over all positions. Two ways are in use:
#
# - mean and standard deviation of each channel {cite:p}`huang2017`: *how much of each pattern?*
# - the {term}`Gram matrix`, the mean product of each pair of channels {cite:p}`gatys2016`: *which patterns occur
#   together?*
#
# $$\operatorname{Gram}(f)_{ij} = \frac{1}{HW} \sum_{h, w} f_{hwi} \, f_{hwj}$$
#
# **What do you expect?** We shuffle the 400 positions of the deepest map, as one shuffles cards. By how much does
# its Gram matrix change?

# %%
deepest = style_maps[-1].numpy()
cards = deepest.reshape(-1, deepest.shape[-1])
shuffled = np.random.default_rng(0).permutation(cards).reshape(deepest.shape)
gram, gram_shuffled = gram_matrix(deepest).numpy(), gram_matrix(shuffled).numpy()
print("Gram matrix:", gram.shape)

# %%
same_map = np.allclose(deepest, shuffled)
same_gram = np.allclose(gram, gram_shuffled, atol=1e-3 * gram.max())
print(f"maps equal: {same_map}, Gram matrices equal: {same_gram}")
assert same_gram and not same_map

# %% [markdown]
# It does not change at all: a sum does not ask for the order. This is what makes it a measure of style, and it is
# also its limit. It knows that there are rings, and not where; it cannot tell a balanced composition from a heap.
#
# (erratum-9)=
# :::{admonition} Erratum 9: "extract style features" is not yet an instruction
# :class: warning erratum
#
# **The article says** (§3)
#
# > 从源图像中提取风格特征。通常使用卷积神经网络（如VGG）来提取风格特征。
# >
# > *"Extract style features from the source image. Usually a convolutional network (such as VGG) is used to extract
# > style features."*
#
# and, with the same words, content features. Nothing tells the two apart.
#
# **What is right.** Content features are the maps themselves. Style features are statistics of the maps over all
# positions: Gram matrices, or means and standard deviations of the channels.
#
# **See it.** Above: shuffle the positions, and the maps are others, the Gram matrix is the same.
# :::
#
# ## Step 2: content features
#
# > 从目标图像中提取内容特征。同样使用卷积神经网络（如VGG）来提取内容特征。 (§3)
#
# For content we compare maps position by position, usually in one deep layer, `relu4_1` here. Both distances are
# divided by the size of what they are compared with, so that 0 means equal.


# %%
def distance(a, b):
    return ops.mean(ops.square(a - b)) / ops.mean(ops.square(b))


def content_distance(maps, reference):
    return distance(maps[-1], reference[-1])


def gram_distance(maps, reference):
    grams = [map(gram_matrix, pair) for pair in zip(maps, reference, strict=True)]
    return sum(distance(a, b) for a, b in grams) / len(grams)


# %% [markdown]
# Now we ask both about five pictures. Each is compared with our painting.


# %%
def cut_up(picture, n=5, seed=0):
    side = picture.shape[1] // n
    tiles = picture.numpy().reshape(n, side, n, side, 3).swapaxes(1, 2)
    tiles = np.random.default_rng(seed).permutation(tiles.reshape(-1, side, side, 3))
    return tiles.reshape(n, n, side, side, 3).swapaxes(1, 2).reshape(picture.shape)


grey = ops.mean(style, axis=-1, keepdims=True)
candidates = {
    "itself, cut up": cut_up(style),
    "itself, in grey": ops.repeat(grey, 3, axis=-1),
    "another orphism": load(paint("orphism", seed=3)),
    "neoplasticism": load(paint("neoplasticism", seed=0)),
    "the cat": content,
}

# %% mystnb={"image": {"alt": "The cut-up painting has every colour and brush mark of the original and none of its rings whole, while the grey one has all rings in place and no colour."}}
show({"our painting": style, **candidates}, height=1.8)

# %% [markdown]
# **What do you expect?** Which of the five is nearest to our painting in style (first number)? And which in content
# (second number)?

# %% tags=["nbval-ignore-output"]
style_distances, content_distances = {}, {}
for name, picture in candidates.items():
    maps = vgg(picture)
    style_distances[name] = float(gram_distance(maps, style_maps))
    content_distances[name] = float(content_distance(maps, style_maps))
    print(f"{name:16} {style_distances[name]:.2f} {content_distances[name]:.2f}")

assert min(style_distances, key=style_distances.get) == "itself, cut up"
assert min(content_distances, key=content_distances.get) == "itself, in grey"
assert style_distances["another orphism"] < style_distances["neoplasticism"]

# %% [markdown]
# The two rulers disagree, and that is why we need both. For style, the heap of snippets is nearly the same
# painting, another orphist picture is a close relative, and the neoplastic grid is far away, farther than the cat. (So the
# ruler does not tell paintings from photographs.) For content, the grey copy is nearest, and the heap of snippets is no
# nearer than the cat.
#
# ## Step 3: the generator combines
#
# > 使用生成网络将内容特征和风格特征结合，并生成新的图像。 (§3)
#
# How does one combine them? You have done it in the last chapter, with colours: take the mean and the standard
# deviation out of the content, put those of the style in. {term}`AdaIN` does the same with the 512 channels of
# `relu4_1` {cite:p}`huang2017`:
#
# $$t = \operatorname{std}(f_s) \, \frac{f_c - \operatorname{mean}(f_c)}{\operatorname{std}(f_c)} + \operatorname{mean}(f_s)$$

# %%
target = adain(content_maps[-1], style_maps[-1])
got, wanted = channel_statistics(target), channel_statistics(style_maps[-1])
for name, a, b in zip(["mean", "std"], got, wanted, strict=True):
    print(f"{name} of each channel as in the style:", np.allclose(a, b, atol=0.01))

# %% [markdown]
# So $t$ has the style's statistics exactly, and the content's pattern in each channel. But $t$ is no picture. It
# has 512 channels on a grid of 20 by 20. Something must turn it back into pixels: the {term}`decoder`, and it is
# the only part of the generator that learns.


# %%
def make_decoder():
    model = keras.Sequential([keras.Input((None, None, 512))], name="decoder")
    model.add(layers.Rescaling(0.001))  # VGG's numbers go into the thousands
    for filters in (128, 64, 32):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.UpSampling2D())
    model.add(layers.Conv2D(3, 3, padding="same", activation="tanh"))
    return model


keras.utils.set_random_seed(1)
decoder = make_decoder()
picture = decoder(target)
print(tuple(target.shape), "->", tuple(picture.shape))

# %% [markdown]
# **What do you expect** to see? The target is exact, but nobody has trained the decoder yet.

# %% mystnb={"image": {"alt": "The untrained decoder turns the exact target into a woven fog of blotches, in which neither the cat nor the painting can be recognised."}}
show({"untrained decoder": picture})

# %% [markdown]
# Fog. The information is in $t$, and nothing has learned to read it. Training a decoder takes more than a page; at the
# end of this one stands a decoder that was trained, [in a chapter of its own](style_gan.ipynb). What went in, though,
# needs two corrections.
#
# (erratum-7)=
# :::{admonition} Erratum 7: the generator's input is not noise
# :class: warning erratum
#
# **The article says** (§3, a few lines above step 3)
#
# > 生成网络的输入是一个随机向量，输出是一幅图像。
# >
# > *"The generator's input is a random vector, its output is an image."*
#
# **What is right.** For style transfer the input is a pair of pictures, or of their features: $G(f_c, f_s)$. A random
# vector $z$ may be added, to get several results for one pair, but a generator that gets *only* $z$ cannot know which
# photograph you mean. The article's step 3 says so itself, and then its code feeds noise.
#
# **See it.** Below: the shape of what our generator takes, and of what a digit GAN's takes.
# :::

# %%
print("style transfer:", decoder.input_shape)
print("digit GAN:     ", digit_generator().input_shape)
assert decoder.input_shape[-1] == 512 and len(digit_generator().input_shape) == 2

# %% [markdown]
# (erratum-11)=
# :::{admonition} Erratum 11: a generator does not pool
# :class: warning erratum
#
# **The article says** (§3)
#
# > 生成网络通常采用卷积神经网络（CNN）架构。卷积神经网络是一种深度学习模型，通过卷积和池化层来学习图像特征。
# >
# > *"The generator usually has the architecture of a convolutional neural network (CNN), a deep-learning model that
# > learns image features with convolution and pooling layers."*
#
# **What is right.** Pooling makes maps smaller. What paints has to make them larger, with transposed convolutions
# {cite:p}`radford2015` or with upsampling followed by a convolution. Pooling belongs to networks that look at
# pictures, like VGG; it can sit in a generator's encoder, never in the half that makes the picture. The article's own
# generator has none.
#
# **See it.** The layers of all three, listed below.
# :::

# %%
for model in (vgg, decoder, digit_generator()):
    kinds = {type(layer).__name__ for layer in model.layers}
    print(f"{model.name}:", *sorted(kinds))
    assert any("Pool" in kind for kind in kinds) == (model is vgg)

# %% [markdown]
# ### What does the target hold?
#
# Is there really a picture in those statistics, or is there only fog? There is a way to find out that needs
# no decoder: **let the pixels learn.** Start from the photograph, and change its pixels, step by step, until its
# statistics are the painting's. The features of the photograph keep watch over the content. This is what
# Gatys et al. did {cite:p}`gatys2016`, here with the means and standard deviations of AdaIN.
#
# Two losses, then, and a weight between them:
#
# $$\min_x \; L_c(x) + \lambda_s L_s(x)$$


# %%
def statistics(features):
    return ops.hstack(channel_statistics(features))


def style_loss(maps, reference):
    pairs = [map(statistics, pair) for pair in zip(maps, reference, strict=True)]
    return sum(distance(a, b) for a, b in pairs) / len(pairs)


def losses(pixels):
    maps = vgg(pixels)
    return content_distance(maps, content_maps), style_loss(maps, style_maps)


@tf.function
def gradient(pixels, style_weight):
    with tf.GradientTape() as tape:
        tape.watch(pixels)
        content_loss, style_loss_value = losses(pixels)
        loss = content_loss + style_weight * style_loss_value
    return tape.gradient(loss, pixels)


# %% [markdown]
# **What do you expect** after 30 steps on the pixels, without a generator, without a discriminator, without any
# training?

# %% tags=["nbval-ignore-output"]
optimizer = keras.optimizers.Adam(0.05)
pixels = tf.Variable(content)
for _ in range(30):
    optimizer.apply([gradient(pixels, 16.0)], [pixels])
    pixels.assign(ops.clip(pixels, -1, 1))

before, after = (float(losses(x)[1]) for x in (content, pixels))
print(f"style loss {before:.2f} -> {after:.2f}")
assert after < before / 4

# %% mystnb={"image": {"alt": "After thirty steps the cat is still a cat, eyes, nose and whiskers in place, and its fur is made of the painting's coloured arcs and brush marks: style was transferred with no discriminator at all."}}
show({"before": content, "after thirty steps": pixels.numpy()}, height=2.8)

# %% [markdown]
# That is style transfer, and no GAN was anywhere near it.
#
# (erratum-33-seen)=
# :::{admonition} Erratum 33, seen
# :class: warning erratum
# The article's summary says that style transfer *is an application of GANs*. Search the cells above for a
# discriminator: there is none. [The background chapter](../book/background.md) puts it right.
# :::
#
# Why then train a decoder at all? Because it is fast: Gatys' way begins anew for every picture, while a trained
# decoder does all steps in one pass {cite:p}`johnson2016,huang2017`. And why a discriminator? Because our two rulers are
# blind to much. Look closely at the cat: the strokes are the painting's, but between them lies a fine coloured
# speckle that no brush would leave. The statistics do not mind. We need a judge who has seen paintings.
#
# ## Step 4: the discriminator scores
#
# > 使用判别网络评估生成网络生成的图像的真伪。 (§3)
#
# Our discriminator has no dense layer. It is a {term}`PatchGAN` {cite:p}`isola2017`: it slides over the picture
# and gives one score for each patch.


# %%
def make_discriminator():
    model = keras.Sequential([keras.Input((None, None, 3))], name="discriminator")
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 4, strides=2, padding="same"))
        model.add(layers.LeakyReLU(negative_slope=0.2))
    model.add(layers.Conv2D(1, 3, padding="same"))
    return model


discriminator = make_discriminator()
scores = discriminator(style)
print(tuple(style.shape), "->", tuple(scores.shape))

# %% [markdown]
# 400 scores, each for a patch 38 pixels wide. **What do you expect** of their values, fresh from the factory?

# %% tags=["nbval-ignore-output"]
views = {"painting": style, "photograph": content, "untrained decoder": picture}
for name, x in views.items():
    untrained = discriminator(x)
    print(f"{name:17} mean score {ops.mean(untrained):5.2f}")
    assert ops.max(ops.abs(untrained)) < 2

# %% [markdown]
# All near 0, a probability of one half: an untrained discriminator says nothing. So train one, briefly, to tell two piles
# apart; the generator keeps still for now. Real are paintings, generated is what the untrained decoder makes.


# %%
def load_all(pictures):
    return ops.concatenate([load(picture) for picture in pictures])


paintings = load_all(paint(name, seed, SIZE) for name in MOVEMENTS for seed in (0, 1))
unseen = ("chelsea", "astronaut")
photographs = load_all(photograph(name) for name in PHOTOGRAPHS if name not in unseen)
some_paintings = paintings[: len(photographs)]
generated = decoder(adain(vgg(photographs)[-1], vgg(some_paintings)[-1]))
for name, pile in [("real", paintings), ("photographs", photographs), ("fake", generated)]:
    print(f"{name}: {len(pile)}")


# %%
def train(real, fake):
    model = make_discriminator()
    another_look = [layers.RandomFlip("horizontal"), layers.RandomCrop(96, 96)]
    training = keras.Sequential([*another_look, model])
    training.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    labels = np.repeat([1.0, 0.0], [len(real), len(fake)])
    labels = labels[:, None, None, None] * np.ones((12, 12, 1))  # one for each patch
    pictures = ops.concatenate([real, fake])
    training.fit(pictures, labels, batch_size=16, epochs=20, verbose=0)
    return model


# %% [markdown]
# **What do you expect?** We show it things that it has not seen: new paintings, and photographs. A photograph is
# surely no painting. But the discriminator was asked for "real or generated". What will it say?

# %% tags=["nbval-ignore-output"]
tests = {
    "new paintings": load_all(paint(name, 100, SIZE) for name in MOVEMENTS),
    "photographs": load_all(photograph(name) for name in unseen),
    "generated": generated,
}
first = train(paintings, ops.tile(generated, (3, 1, 1, 1)))
first_scores = {name: float(ops.mean(first(x))) for name, x in tests.items()}
print({name: f"{score:+.1f}" for name, score in first_scores.items()})

assert first_scores["generated"] < 0 < first_scores["new paintings"]
assert first_scores["photographs"] > 0

# %% [markdown]
# It takes photographs for real. Why should it not? They *are* real, sharper than fog, full of edges. A generator
# that is trained against this judge can please it with the photograph itself, unpainted. So tell the judge
# what we mean: photographs go on the other pile.

# %% tags=["nbval-ignore-output"]
fakes = ops.concatenate([generated, generated, photographs, photographs])
second = train(paintings, fakes)
second_scores = {name: float(ops.mean(second(x))) for name, x in tests.items()}
print({name: f"{score:+.1f}" for name, score in second_scores.items()})

assert second_scores["photographs"] < second_scores["new paintings"]
assert second_scores["photographs"] < first_scores["photographs"] / 2

# %% mystnb={"image": {"alt": "The first discriminator scores patches of the cat as real nearly everywhere; the second, which saw photographs on the other pile, scores the cat's patches lower than the painting's."}}
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8), dpi=72, layout="constrained")
views = [(first, style), (first, content), (second, style), (second, content)]
titles = ["first: painting", "first: cat", "second: painting", "second: cat"]
for axis, (judge, x), title in zip(axes, views, titles, strict=True):
    probabilities = ops.sigmoid(judge(x))[0, ..., 0]
    axis.imshow(probabilities, vmin=0, vmax=1, cmap="coolwarm_r")
    axis.set(title=title, xticks=[], yticks=[])
figure.colorbar(axes[0].images[0], ax=axes, label="probability of real")
plt.show()

# %% [markdown]
# (erratum-13)=
# :::{admonition} Erratum 13: real or fake is the wrong question
# :class: warning erratum
#
# **The article says** (§3, step 4)
#
# > 使用判别网络评估生成网络生成的图像的真伪。
# >
# > *"Use the discriminator to judge whether the generated image is real or fake."*
#
# **What is right.** The discriminator must tell *art* from everything else: paintings are the positive samples,
# generated pictures the negative ones, and photographs should be negative too, as in the published code of Sanakoyeu et
# al. {cite:p}`sanakoyeu2018`. Even then it looks at one picture only. Whether this picture shows the cat, and whether it
# is in *this* painting's style, other losses must say.
#
# **See it.** Above: the first discriminator gives photographs a score above 0; with photographs among its fakes, the
# score falls to less than half.
# :::
#
# :::{admonition} It looks wrong, and is not
# :class: tip
# > 同样使用卷积神经网络（如VGG）来提取内容特征 — *"the content features are extracted with a convolutional network (such as
# > VGG) too"* (§3)
#
# One and the same network for two opposite things? Yes. One pass through one VGG gives the maps; content
# and style are two ways to read them.
# :::
#
# ## Three losses for one decoder
#
# Now everything that the decoder has to satisfy is on the table:
#
# $$\min_{\theta} \; \lambda_c L_c + \lambda_s L_s + \lambda_{\text{adv}} L_{\text{adv}}$$
#
# - $L_c$, content: does VGG still see the cat?
# - $L_s$, style: are the statistics those of the painting?
# - $L_{\text{adv}}$, adversarial: does the discriminator take it for a painting?
#
# **What do you expect?** One forward pass, then each loss alone sends its gradient back. VGG is frozen: does anything
# get through it?

# %% tags=["nbval-ignore-output"]
with tf.GradientTape(persistent=True) as tape:
    picture = decoder(target)
    maps = vgg(picture)
    terms = {
        "content": content_distance(maps, content_maps),
        "style": style_loss(maps, style_maps),
        "adversarial": non_saturating_generator_loss(second(picture)),
    }
for name, loss in terms.items():
    pull = tape.gradient(loss, decoder.trainable_variables)
    norm = float(ops.sqrt(sum(ops.sum(ops.square(g)) for g in pull)))
    print(f"{name:12} loss {float(loss):6.3f}   gradient at the decoder {norm:.1e}")
    assert norm > 0

# %%
models = {"VGG": vgg, "decoder": decoder, "discriminator": second}
for name, model in models.items():
    print(f"{name}: {len(model.trainable_variables)} arrays of weights that learn")

# %% [markdown]
# Nothing in VGG learns, but gradients pass *through* it, to the picture and on to the decoder. They pass through the
# discriminator in the same way, whose weights hold still while the decoder learns. They learn at their own turn, from
# the discriminator's own loss, and then the picture counts as given.
#
# The article's formula has only the last of the three. **What do you expect?** We hand in the photograph, the cat restyled
# by thirty steps, and the painting itself, with no cat at all. Which of them does the adversarial loss take, and which the
# content loss?

# %% tags=["nbval-ignore-output"]
answers = {"the cat": content, "the cat restyled": tf.constant(pixels), "the painting": style}
adversarial, lost = {}, {}
for name, x in answers.items():
    adversarial[name] = float(non_saturating_generator_loss(second(x)))
    lost[name] = float(content_distance(vgg(x), content_maps))
    print(f"{name:16} adversarial {adversarial[name]:.2f}, content {lost[name]:.2f}")
assert adversarial["the painting"] < adversarial["the cat"]
assert lost["the painting"] > 2 * lost["the cat restyled"]

# %% [markdown]
# (erratum-6)=
# :::{admonition} Erratum 6: the objective has no content and no style
# :class: warning erratum
#
# **The article says** (§4; its formula for the generator, with the missing bracket closed)
#
# > $$\min_{\theta} \mathbb{E}_{\mathbf{x} \sim p_{\text{data}}(\mathbf{x})} [\log D(\mathbf{x};\phi)] + \mathbb{E}_{\mathbf{z} \sim p_{\text{z}}(\mathbf{z})} [\log (1 - D(G(\mathbf{z};\theta);\phi))]$$
#
# and nothing else: no VGG, no content, no style.
#
# **What is right.** $\lambda_c L_c + \lambda_s L_s + \lambda_{\text{adv}} L_{\text{adv}}$. The first two are from Gatys et
# al. {cite:p}`gatys2016` and Johnson et al. {cite:p}`johnson2016`, the third makes it a GAN. With the third alone, every
# picture that looks like a painting is perfect, whatever the photograph was.
#
# **See it.** Above: three losses, three gradients. To the adversarial loss the painting itself is a good answer, since the
# discriminator is never shown the photograph. Only the content loss misses the cat.
# :::
#
# :::{admonition} It looks wrong, and is not
# :class: tip
# > 生成网络的训练目标是最小化判别网络对生成网络生成的图像的预测概率 — *"the generator is trained to minimise the probability that
# > the discriminator predicts for its images"* (§4, just before the formula)
#
# The sentence has it upside down. The formula that follows it is right all the same: $\log(1 - D)$ falls when $D$
# rises, so to minimise it is to be taken for real.
# :::
#
# ## And with a trained decoder?
#
# These are the four steps and the three losses. [The style GAN](style_gan.ipynb) is made of them; it was trained for
# minutes on a GPU, where two processor cores take [most of an hour](full_training.ipynb), and the package carries its weights.
# **What do you expect** of the same cat and the same painting?

# %% mystnb={"image": {"alt": "The trained decoder paints the whole cat in the colours and with the arcs of the ringed discs, eyes and whiskers in place, where the untrained one gave fog."}}
from abstractgan.stylize import Stylizer

stylizer = Stylizer.load()
trained = stylizer.stylize(to_uint8(content[0]), stylizer.style(to_uint8(style[0])))
show(
    {"content image": content, "style image": style, "trained decoder": to_float(trained)[None]},
    height=1.9,
)

# %% [markdown]
# ## Summary
#
# - One frozen VGG measures both. Content is its maps, compared place by place; style is statistics of the maps that
#   ignore places.
# - AdaIN gives content features the style's statistics, exactly. The decoder that turns them into a picture is what
#   learns.
# - Style transfer needs no GAN. The discriminator adds a judge who has seen paintings, and must be told that
#   photographs are none.
# - Three losses reach the decoder: content, style, adversarial. The article's formula has only the last.
#
# ## Exercises
#
# **1. How long is a style?** Count the numbers in the means and standard deviations of the four layers, and the
# different numbers in their Gram matrices (they are symmetric). Compare with the numbers in our picture. Which of the
# two is a summary?
#
# :::{admonition} Solution
# :class: dropdown
# The layers have 64, 128, 256 and 512 channels. Means and standard deviations: 2 × 960 = 1 920 numbers. A symmetric
# matrix of $C$ channels has $C(C+1)/2$ different numbers, 174 560 in all. The picture has 160 × 160 × 3 = 76 800.
# So only the first is a summary. The Gram matrices hold more numbers than the picture, and yet they cannot say where
# anything is.
# :::

# %% tags=["hide-cell"]
channels = [maps.shape[-1] for maps in style_maps]
print("means and stds:", sum(2 * c for c in channels))
print("Gram matrices: ", sum(c * (c + 1) // 2 for c in channels))
print("picture:       ", np.prod(style.shape))

# %% [markdown]
# **2. Half a style.** For a weaker effect one mixes $t_\alpha = \alpha t + (1 - \alpha) f_c$. What are the mean and the
# standard deviation of a channel at $\alpha = \frac{1}{2}$? First guess, then compute.
#
# :::{admonition} Solution
# :class: dropdown
# In each channel, $t$ is $f_c$ stretched by a positive factor and shifted. So is the mixture, and both its mean and its
# standard deviation lie half-way between those of content and style. (For two unrelated maps only the mean would.)
# :::

# %% tags=["hide-cell"]
half = 0.5 * target + 0.5 * content_maps[-1]
of_style, of_content, mixed = map(channel_statistics, (target, content_maps[-1], half))
for i, name in enumerate(["mean", "std"]):
    expected = (of_style[i] + of_content[i]) / 2
    print(f"{name} half-way:", np.allclose(mixed[i], expected, atol=0.01))

# %% [markdown]
# **3. How far does one score see?** We said that each score of our discriminator is about a patch 38 pixels wide.
# Derive it from the layers, and check it with a gradient: which pixels can change the score in the middle?
#
# :::{admonition} Solution
# :class: dropdown
# Go from the score back to the pixels. The last filter, 3 wide, sees 3 positions. A filter 4 wide with stride 2 turns
# $n$ positions into $2(n - 1) + 4$: 3 → 8 → 18 → 38. The cell below finds the same width from the pixels with a
# gradient other than zero.
# :::

# %% tags=["hide-cell"]
pixels = tf.Variable(style)
with tf.GradientTape() as tape:
    middle = discriminator(pixels)[0, 10, 10, 0]
touched = np.abs(tape.gradient(middle, pixels).numpy()[0]).max(axis=(0, 2)) > 0
print("pixels across:", touched.sum())

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

learning = {name: len(model.trainable_variables) for name, model in models.items()}
Quiz(
    [
        Question(
            "Our picture is 160 pixels wide. How many positions across has its relu4_1 map?",
            [160, 40, 20],
            answer=style_maps[-1].shape[2],
            feedback="Three poolings halve the width three times.",
        ),
        Question(
            "You shuffle the positions of a feature map. What stays as it was?",
            ["the map", "the Gram matrix", "both", "neither"],
            answer={(False, True): "the Gram matrix", (True, True): "both"}[same_map, same_gram],
            feedback="A mean over positions does not know their order.",
        ),
        Question(
            "Which of the three networks does not learn?",
            list(learning),
            answer=min(learning, key=learning.get),
            feedback="VGG measures; a measuring device that changes measures nothing.",
        ),
    ]
)

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
# # Painting by optimisation
#
# *To the article's §3, steps 1 to 3, without its step 4.*
#
# Can two losses alone turn a photograph into a painting: no generator, no discriminator, nothing that learns but the
# pixels themselves? Gatys et al. did it {cite:p}`gatys2016`, and everything in a style GAN that is not adversarial
# comes from there. On this page we take it apart, turn each screw, and hang up the result.
#
# After this page you will be able to
#
# - take one step on the pixels by hand, and predict how far the loss will fall;
# - say what total variation does to a picture, and what it costs;
# - choose weights, layers and a starting point, and say what each one changes;
# - compare L-BFGS with Adam fairly;
# - paint a picture of your own in less than two minutes.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 50 s and 1.2 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import ops

from abstractgan import plots
from abstractgan.by_optimisation import Painter, TransferLosses, starting_picture
from abstractgan.data.images import to_float
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import photograph
from abstractgan.features import gram_matrix, vgg16
from abstractgan.losses import content_loss, gram_loss, total_variation

plt.style.use(plots.STYLE)

# %% [markdown]
# ## Two pictures, two rulers
#
# A pavilion above a lake, and a painting of nothing but rays of light. Small pictures: at 96 pixels a step takes a
# fraction of a second.


# %%
def load(picture, size=96):
    batch, square = to_float(picture)[None], (size, size)
    scaled = ops.image.resize(batch, square, crop_to_aspect_ratio=True, antialias=True)
    return np.clip(scaled, -1, 1)


content = load(photograph("china"))
style = load(paint("rayonism", seed=0))


# %% mystnb={"image": {"alt": "The photograph shows a pavilion with three roofs above a pale lake; the painting shows no thing, only slanting strokes of green, white, yellow and dark red."}}
def show(pictures, enlarged=2, columns=3):
    stack, columns = np.concatenate(list(pictures.values())), min(columns, len(pictures))
    grid = plots.image_grid(stack, columns, list(pictures), size=0.96 * enlarged)
    plots.show(grid, photographs=True)


show({"photograph": content, "painting": style})

# %% [markdown]
# [The four steps](four_steps.ipynb) gave us both rulers. {term}`Content <content loss>` compares feature maps of VGG
# place by place, {term}`style <style loss>` compares their {term}`Gram matrices <Gram matrix>`, which know no places:
#
# $$L_c = \frac{\operatorname{mean}\,(f - f_c)^2}{\operatorname{mean}\,f_c^2}, \qquad
# L_s = \frac{1}{4} \sum_{\text{layers}} \frac{\operatorname{mean}\,(\operatorname{Gram}(f) - \operatorname{Gram}(f_s))^2}{\operatorname{mean}\,\operatorname{Gram}(f_s)^2}.$$
#
# 0 means equal. Gatys et al. divide otherwise. Their content loss is a plain sum (equation 1), which grows with the
# picture; their style loss is divided by the size of the maps (equations 4 and 5), and not by that of the numbers in
# them, which differ from layer to layer. **What do you expect:** by how much do the layers' Gram matrices differ in size?

# %%
LAYERS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1"]
vgg = vgg16(LAYERS)
content_maps, style_maps = vgg(content), vgg(style)
sizes = [float(ops.mean(ops.square(gram_matrix(maps)))) for maps in style_maps]
for name, size in zip(LAYERS, sizes, strict=True):
    print(f"{name}: mean square of the Gram matrix about 10^{np.log10(size):.0f}")

# %% [markdown]
# Without the division, one layer would drown out the others. With it, `gram_loss` and `content_loss` give numbers
# that can be compared, and the photograph tells us where we stand:

# %% tags=["nbval-ignore-output"]
for name, maps, target in zip(LAYERS, content_maps, style_maps, strict=True):
    loss = float(gram_loss(maps, gram_matrix(target)))
    print(f"{name}: style loss of the photograph {loss:.2f}")
    assert 0.1 < loss < 10
assert float(content_loss(content_maps[-1], content_maps[-1])) == 0

# %% [markdown]
# ## One step by hand
#
# Now the picture learns. Its pixels $x$ take the place that weights have in a network, and gradient descent is the
# same as ever:
#
# $$x \leftarrow x - \eta \, \nabla_x \left( \lambda_c L_c(x) + \lambda_s L_s(x) \right)$$
#
# We begin at the photograph. **What do you expect?** One of the two gradients is exactly 0 there. Which?

# %%
losses = TransferLosses(vgg, content, style, content_layers=["relu4_1"])
pixels = tf.Variable(content)
gradients = {}
for name in ("content", "style"):
    with tf.GradientTape() as tape:
        loss = losses(pixels)[name]
    gradients[name] = tape.gradient(loss, pixels).numpy()
    print(f"gradient of the {name} loss is 0:", not gradients[name].any())

# %% [markdown]
# The content's: the photograph *is* its minimum. So the first step is for style alone, and only once the picture has
# moved does content pull back, like a spring.
#
# How far to go? The gradient makes a promise: a small step $-\eta g$ lowers the loss by $\eta \lVert g \rVert^2$.
# **What do you expect** for long steps?

# %% tags=["nbval-ignore-output"]
g = gradients["style"]
before = float(losses(content)["style"])
kept = {}
for change in (0.001, 0.01, 0.1, 0.5):  # mean change of a pixel
    rate = change / np.abs(g).mean()
    fall = before - float(losses(content - rate * g)["style"])
    kept[change] = fall / (rate * np.sum(g**2))
    print(f"pixels move by {change}: {kept[change]:6.2f} of the promise kept")

assert kept[0.001] > 0.8
assert kept[0.5] < 0.1

# %% [markdown]
# The shortest step keeps its promise nearly in full. Long ones do not: the loss is no plane. So we need many steps of
# a sensible length, and that is an optimiser's business.
#
# ## Many steps
#
# The package's `Painter` does what you just did, over and over. Adam chooses the length of the step for each pixel,
# and after each step the pixels are clipped to [-1, 1].

# %% tags=["nbval-ignore-output"]
painter = Painter(losses)
weights = {"content": 1, "style": 4}
first = painter.paint(content, weights, evaluations=30)
for name in weights:
    history = first.history[name]
    print(f"{name}: {history[0]:.2f} -> {first.losses[name]:.2f}")

assert first.losses["style"] < first.history["style"][0] / 4
assert 0 < first.losses["content"] < 1

# %% mystnb={"image": {"alt": "The pavilion still stands where it stood, and it is painted now: green and white rays cross the sky and the lake, and the roofs have turned into strokes."}}
show({"photograph": content, "after 30 steps": first.picture}, enlarged=3)

# %% [markdown]
# That is the whole method. What follows are the screws to turn.
#
# ## Total variation
#
# Look closely: between the strokes lies a fine speckle. Neither loss minds it, so nothing removes it. {term}`Total
# variation <total variation>` does: the mean squared difference of neighbours {cite:p}`mahendran2015,johnson2016`.
# Small cases can be worked out on paper. **What do you expect** of a ramp from -1 to 1 over five pixels, and of
# stripes that alternate between -1 and 1?

# %%
ramp = np.tile(np.linspace(-1, 1, 5), (5, 1))[None, ..., None]
stripes = np.tile([-1.0, 1, -1, 1, -1], (5, 1))[None, ..., None]
print("ramp:   ", float(total_variation(ramp)))
print("stripes:", float(total_variation(stripes)))

# %% [markdown]
# Both reach from -1 to 1; the stripes cost sixteen times as much. Squaring is what makes the difference: one way up
# in four small steps is cheap, the same way in one leap is dear. So is every honest edge of a painting. **What do you
# expect** as its weight grows?

# %% tags=["nbval-ignore-output"]
smooth = {0: first}
for weight in (2, 20):
    settings = weights | {"variation": weight}
    smooth[weight] = painter.paint(content, settings, evaluations=30)
for weight, painting in smooth.items():
    found = painting.losses
    print(f"{weight:2}: variation {found['variation']:.3f}, style {found['style']:.2f}")

variations = [painting.losses["variation"] for painting in smooth.values()]
assert variations[0] > variations[1] > variations[2]
assert smooth[20].losses["style"] > first.losses["style"]

# %% mystnb={"image": {"alt": "With a little total variation the speckle fades and the strokes stay; with ten times as much the strokes melt into a blur."}}
show({f"variation {weight}": painting.picture for weight, painting in smooth.items()})

# %% [markdown]
# A little cleans, much washes the painting out, and the style loss says so. It is a brush for noise, not a judge of
# paint: that it cannot tell a speckle from an edge is one reason why a style GAN brings in a discriminator.
#
# ## Weights
#
# $\lambda_c$ and $\lambda_s$ are two numbers. **What do you expect** if both are ten times as large?

# %%
pair = [
    painter.paint(content, {"content": factor, "style": 4 * factor}, evaluations=8)
    for factor in (1, 10)
]
difference = np.abs(pair[0].picture - pair[1].picture).mean()
print("the same picture:", difference < 0.01)

# %% [markdown]
# Nothing changes: a factor on the whole sum does not move its minimum. (It would make the steps of plain gradient
# descent ten times as long; Adam and L-BFGS correct for that.) So one number matters, the ratio. Seven ratios, from 1
# to 64 in favour of content to 64 to 1 in favour of style, have been computed beforehand. **What do you expect** of the
# two bars, as you move the weights?

# %%
from abstractgan.widgets import WeightExplorer

WeightExplorer(content_weight=4, style_weight=16)

# %% [markdown]
# One bar grows as the other shrinks: no setting wins both. Where to stop is a matter of taste, and the formula leaves
# it open. The article's formula has neither term ([erratum 6](#erratum-6)).
#
# ## Layers
#
# The buttons in the explorer choose where style is taken from. Fine layers alone recolour the photograph and roughen
# it; coarse layers alone bring the strokes, and leave the sky its light. To see what each layer knows, ask it alone:
# start from noise, no photograph at all, one layer of style.
#
# **What do you expect** of `relu1_1`, and of `relu4_1`?

# %%
noise = starting_picture("noise", content, seed=0)


def from_noise(layer):
    only = TransferLosses(vgg, content, style, style_layers=[layer])
    return Painter(only).paint(
        noise, {"style": 1, "variation": 0.1}, method="l-bfgs", evaluations=30
    )


textures = {layer: from_noise(layer) for layer in LAYERS}

# %% mystnb={"image": {"alt": "The first layer alone gives blobs in the painting's colours, the second short strokes, the third long slanting rays, the fourth a web of crisp lines whose colours have gone grey and violet."}}
show({layer: painting.picture for layer, painting in textures.items()}, columns=2)

# %% tags=["nbval-ignore-output"]
for layer, painting in textures.items():
    start, end = painting.history["style"][0], painting.losses["style"]
    print(f"{layer}: style loss {start:.2f} -> {end:.4f}")
    assert end < start / 10

# %% [markdown]
# Each reached its goal, as far as its own layer can tell. The first knows the palette and nothing wider than a few
# pixels; with depth the strokes get longer, until the colours are lost. All four together make the style, and this is
# why Gatys et al. add layers up.
#
# For content one layer is enough. Which? **What do you expect** if it is held at `relu1_1`, nearly the pixels
# themselves? The second number is measured at `relu4_1` for both.

# %% tags=["nbval-ignore-output"]
shallow = TransferLosses(vgg, content, style, content_layers=["relu1_1"])
held = Painter(shallow).paint(content, weights, evaluations=30)
for layer, painting in {"relu1_1": held, "relu4_1": first}.items():
    found = losses(painting.picture)
    print(f"{layer}: style {found['style']:.2f}, content {found['content']:.2f}")

assert held.losses["style"] < held.history["style"][0] / 4
assert losses(held.picture)["content"] > first.losses["content"]

# %% mystnb={"image": {"alt": "With content held at the first layer light and dark stay in their places, but the roofs lose their outlines and dissolve into strokes; held at the fourth, the three roofs stand."}}
show({"content at relu1_1": held.picture, "content at relu4_1": first.picture}, enlarged=3)

# %% [markdown]
# Style is reached in both. Held at its pixels, the picture keeps light and dark in their places, and loses what they
# made: the pavilion is a ghost. The deep layer knows *that there is a roof*, and leaves open how it is painted.
#
# ## Where to begin
#
# Gatys et al. begin with white noise. We began with the photograph. One could begin with the painting. The losses are
# the same; but they are not convex, so the ends need not be. **What do you expect** of the three, after 30
# evaluations each?

# %% tags=["nbval-ignore-output"]
starts = {}
for kind in ("content", "style", "noise"):
    start = starting_picture(kind, content, style, seed=0)
    starts[kind] = painter.paint(start, weights, method="l-bfgs", evaluations=30)
for kind, painting in starts.items():
    found = painting.losses
    print(f"{kind:7} content {found['content']:.2f}, style {found['style']:.3f}")
totals = [painting.losses["total"] for painting in starts.values()]
assert max(totals) < 1.3 * min(totals)

# %% tags=["nbval-ignore-output"]
pictures = [painting.picture for painting in starts.values()]
apart = [np.abs(pictures[0] - other).mean() for other in pictures[1:]]
print("mean difference of a pixel:", np.round(apart, 2))
assert min(apart) > 0.1

# %% mystnb={"image": {"alt": "From the photograph some orange of the roofs is left, from the painting long strokes run across the walls, and from noise the sky is covered by a fine grain; the pavilion stands in all three."}}
names = ("from the photograph", "from the painting", "from noise")
show(dict(zip(names, pictures, strict=True)))

# %% [markdown]
# By their losses the three are nearly equal, and by eye they are not: the start leaves its trace, the photograph its
# colours, the painting its strokes, the noise its grain. So the losses do not name *the* picture but a family, and
# the start picks one. Noise has a merit of its own: another seed, another picture.
#
# ## L-BFGS against Adam
#
# Gatys et al. used L-BFGS, a method that learns the curvature of the loss from the last few gradients
# {cite:p}`zhu1997`. Adam looks at each pixel by itself {cite:p}`kingma2014`. Which is better? Count fairly: the cost
# lies in VGG, forwards and backwards, so equal *evaluations* and not equal steps, for a step of L-BFGS may take
# several. And give Adam a fair learning rate: the 0.05 that it had above, a smaller one and a larger one. **What do you
# expect?**

# %% tags=["nbval-ignore-output"]
races = {"L-BFGS": starts["content"], "Adam, 0.05": first}  # both have been painted above
for rate in (0.01, 0.1):
    races[f"Adam, {rate}"] = painter.paint(content, weights, evaluations=30, learning_rate=rate)
for name, painting in races.items():
    print(f"{name:10} {painting.losses['total']:.3f}")
reached = [painting.losses["total"] for painting in races.values()]
assert reached[0] < 1.1 * min(reached)  # as good as the best of Adam, without a search
assert reached[0] < 0.8 * races["Adam, 0.01"].losses["total"]

# %% mystnb={"image": {"alt": "After ten evaluations L-BFGS lies lowest and stays there; Adam with the largest learning rate comes near it in the end, with the smallest one it is still far above."}}
plt.figure(figsize=(7, 3.2))
for (name, painting), dash in zip(races.items(), ["-", "--", "-.", ":"], strict=True):
    lowest = np.minimum.accumulate(painting.history["total"])
    plt.plot(np.arange(1, len(lowest) + 1), lowest, dash, label=name, linewidth=2)
plt.yscale("log")
plt.minorticks_off()
plt.yticks([0.6, 1, 2, 4], ["0.6", "1", "2", "4"])
plt.xlabel("evaluations")
plt.ylabel("lowest loss so far")
plt.legend()
plt.show()

# %% [markdown]
# L-BFGS is at least as good as the best of the three Adams, and nobody had to look for its learning rate; Adam with
# the wrong one is far behind. So why does everyone who trains a *network* take Adam? L-BFGS compares gradients of
# successive steps, and needs them to be gradients of one and the same function. Here they are. In training each step
# sees another batch, and the differences would be noise.
#
# ## A picture to hang up
#
# All screws are set. One thing is left, size. At 256 pixels an evaluation costs seven times as much as at 96, and the
# strokes must travel further. So `paint_coarse_to_fine` paints at half the size first, enlarges, and refines what is
# there {cite:p}`gatys2017`. On two cores that takes less than two minutes. How long did it take here?
#
# *The next cell takes about 15 s.*

# %% tags=["nbval-ignore-output"]
from time import perf_counter

from abstractgan.by_optimisation import paint_coarse_to_fine

started = perf_counter()
large = paint_coarse_to_fine(
    vgg,
    load(photograph("china"), 256),
    load(paint("rayonism", seed=0), 256),
    {"content": 1, "style": 8, "variation": 0.1},
    evaluations=25,
)
print(f"content {large.losses['content']:.2f}, style {large.losses['style']:.3f}")
print(f"painted in {perf_counter() - started:.0f} seconds")
assert large.losses["style"] < 0.1

# %% mystnb={"image": {"alt": "At 256 pixels the pavilion, its roofs and the trees below can be told at a glance, and the sky, the lake and the walls are made of the painting's long slanting rays."}}
plots.show(plots.image_grid(large.picture, 1, size=4), photographs=True)

# %% [markdown]
# Put in what you like: a photograph of your own with `abstractgan.data.images.load_image`, any of the drawn
# movements.
#
# And note what was not needed: a generator, a discriminator, a data set. Gatys' way is style transfer and not a GAN
# ([erratum 33](#erratum-33)). No way that we know brings the two losses lower, and it pays for
# that with an optimisation for each picture. The style GAN keeps these losses, and trains a network that needs one
# pass. What it adds is the judge, for what you saw on this page: losses that do not mind speckle, and total variation
# that minds edges.
#
# ## Summary
#
# - The pixels are what is optimised. From the photograph, the first step is for style alone.
# - Losses are relative, so that layers and sizes weigh alike; of the weights only the ratio counts.
# - Fine layers give palette and grain, coarse ones strokes; content is held at one deep layer.
# - Many pictures are equally good by these losses; the start picks one.
# - At equal evaluations L-BFGS matches the best Adam without a learning rate, because the function stays the same.
# - Total variation removes speckle, and strokes with it.
#
# ## Exercises
#
# **1. The spring.** Derive the gradient of $L_c$ in the features $f$, and say why content pulls harder the further
# the picture has moved.
#
# :::{admonition} Solution
# :class: dropdown
# $L_c = \sum (f - f_c)^2 / \sum f_c^2$, so $\partial L_c / \partial f = 2 (f - f_c) / \sum f_c^2$: in proportion to
# the distance, like a spring. At $f = f_c$ it is 0.
# :::

# %% tags=["hide-cell"]
f, f_c = style_maps[-1], content_maps[-1]
with tf.GradientTape() as tape:
    tape.watch(f)
    loss = content_loss(f, f_c)
by_hand = 2 * (f - f_c) / ops.sum(ops.square(f_c))
agree = np.allclose(tape.gradient(loss, f), by_hand, rtol=1e-3, atol=1e-9)
print("the tape agrees:", agree)

# %% [markdown]
# **2. Two painters.** A `Painter` takes any function that gives named losses. Write one with *two* paintings, the
# rays and the curls of action painting, and give both styles the weight 2. Is the result near to both?
#
# :::{admonition} Solution
# :class: dropdown
# Style losses add up like all others. The result is nearer to each of the two than the photograph is, and to neither
# as near as with that style alone.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
curls = TransferLosses(vgg, content, load(paint("action-painting", seed=1)))


def two_styles(pixels):
    one, other = losses(pixels), curls(pixels)
    return {"content": one["content"], "rays": one["style"], "curls": other["style"]}


mixed = Painter(two_styles).paint(
    content, {"content": 1, "rays": 2, "curls": 2}, method="l-bfgs", evaluations=30
)
for name in ("rays", "curls"):
    print(f"{name}: {mixed.history[name][0]:.2f} -> {mixed.losses[name]:.2f}")
    assert mixed.losses[name] < mixed.history[name][0]
assert mixed.losses["rays"] > first.losses["style"]

# %% tags=["hide-cell"] mystnb={"image": {"alt": "Pale slanting rays cross the trees and dark curls fill the sky: the pavilion carries both hands at once."}}
show({"two styles": mixed.picture}, enlarged=3)

# %% [markdown]
# **3. Keep the colours.** Paint with the strokes of the painting and the colours of the photograph. A hint: the eye
# sees strokes in the *brightness*. Which of the three losses has to change for it?
#
# :::{admonition} Solution
# :class: dropdown
# None of them. Optimise in grey: photograph and painting as grey pictures. Then put the photograph's colours
# back: to each of its pixels add the change in brightness {cite:p}`gatys2017`.
# :::


# %% tags=["hide-cell", "nbval-ignore-output"]
def grey(picture):
    brightness = picture @ np.float32([0.299, 0.587, 0.114])
    return np.repeat(brightness[..., None], 3, axis=-1)


in_grey = Painter(TransferLosses(vgg, grey(content), grey(style)))
strokes = in_grey.paint(grey(content), weights, method="l-bfgs", evaluations=30)
coloured = np.clip(content + grey(strokes.picture) - grey(content), -1, 1)
assert np.abs(coloured.mean((1, 2)) - content.mean((1, 2))).max() < 0.4

# %% tags=["hide-cell"] mystnb={"image": {"alt": "In grey the slanting strokes are all light and shade; with the colours put back the pavilion keeps its orange roofs and blue sky under them."}}
show({"strokes in grey": strokes.picture, "in the photograph's colours": coloured}, enlarged=3)

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

at_rest = [name for name, gradient in gradients.items() if not gradient.any()]
Quiz(
    [
        Question(
            "You begin at the photograph. Which loss has no say in the first step?",
            ["content", "style", "neither has"],
            answer=at_rest[0],
            feedback="The photograph is the content loss's minimum: its gradient is 0 there.",
        ),
        Question(
            "Weights 2 and 8 gave a picture you like. Content gets 5: what must style get?",
            [8, 11, 20],
            answer=5 * 8 / 2,
            feedback="Only the ratio counts.",
        ),
        Question(
            "Stripes from -1 to 1 against a ramp over five pixels: how much more variation?",
            [2, 4, 16],
            answer=float(total_variation(stripes) / total_variation(ramp)),
            feedback="One leap is four times a small step, and squares count sixteen times.",
        ),
    ]
)

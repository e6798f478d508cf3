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
# # What goes wrong
#
# *The article's §2, 核心概念与联系, and what its §4 does not mention.*
#
# A program that fails stops. A GAN that fails goes on. It prints its losses, it uses your electricity, and often
# nothing but the samples tell that it has failed. On this page we make a GAN fail in six ways, on purpose, and learn
# to tell them apart. For each way there is a cure, and we let it work.
#
# After this page you will be able to
#
# - name six failures from a few curves and samples, and say which number gives each of them away;
# - tell which failures the losses show and which they hide;
# - choose the first thing to try, and change one thing at a time;
# - diagnose runs whose settings you do not know.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 25 s and 0.9 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
from copy import deepcopy
from dataclasses import asdict, replace

import matplotlib.pyplot as plt
import numpy as np
from keras import initializers, layers

from abstractgan import plots
from abstractgan.widgets import Experiment, PlanarGAN
from abstractgan.widgets.mathematics import GAMES, sigmoid
from abstractgan.widgets.presets import PRESETS

# %% [markdown]
# ## A healthy run
#
# Our patient is a GAN on points of the plane. It is small enough to train in a second or two, and it falls ill in the
# ways in which large GANs do. `PlanarGAN` is written in NumPy; its losses are those of [the loss
# family](loss_family.ipynb).
#
# The real samples lie in eight heaps on a ring. Two instruments measure how far the generated ones are from them:
#
# - the *heaps found*: how many of the eight are reached by a fair number of generated samples;
# - the {term}`energy distance`, 0 only where both distributions are the same {cite:p}`szekely2013`.
#
# We stop the training fifty times and keep a copy of the GAN each time: a film. `PRESETS` holds the experiments of
# this page. That they fail, or don't, is the settings' doing and not the seed's: the course's tests repeat the failures
# and the cures with three seeds.


# %%
def watch(experiment, steps, moments=50):
    gan, film = PlanarGAN(experiment), []
    for _ in range(moments):
        gan.train(steps // moments)
        film.append(deepcopy(gan))
    return film


def run(name):
    return watch(PRESETS[name].experiment, PRESETS[name].steps)


# %%
def tell_changes(name, since=None):
    """Print the settings that are not the usual ones, or not those of another run."""
    base = PRESETS[since].experiment if since else Experiment()
    for key, value in asdict(PRESETS[name].experiment).items():
        if value != getattr(base, key):
            print(f"{key}: {value}")


# %%
def end(film):
    """The mean losses of the last 100 steps, and the last distance."""
    d, g = (np.mean(losses[-100:]) for losses in film[-1].history)
    return d, g, film[-1].energy_distance()


def report(film):
    d, g, distance = end(film)
    print(f"D {d:.2f}, G {g:.2f}, distance {distance:.2f}", end="")
    print(f", heaps found: {film[-1].modes_found()}" if film[-1].modes_found() else "")


# %% [markdown]
# **What do you expect?** Both losses are cross-entropies. A generator that has succeeded leaves the discriminator
# nothing to do but guess. Will the losses be 0 then? Work out their values for $D = \frac{1}{2}$ before you go on.

# %%
print(f"discriminator: -2 log(1/2) = {2 * np.log(2):.2f}")
print(f"generator:      - log(1/2) = {np.log(2):.2f}")

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "A healthy run: the samples spread from a shapeless cloud over all eight heaps, both losses stay level near 1.39 and 0.69, and the distance to the data falls to almost nothing."}}
healthy = run("it-works")
plots.show(plots.planar_film(healthy))
report(healthy)
d, g, distance = end(healthy)
assert abs(d - 2 * np.log(2)) < 0.1 and abs(g - np.log(2)) < 0.1 and distance < 0.1

# %% [markdown]
# Read the pictures row by row. Blue dots are real, orange triangles generated. The ground shows the discriminator's opinion: blue where it says
# "real", orange where it says "fake", white where it can't tell. At the end it can hardly tell anywhere.
#
# Keep this picture in mind: **in a healthy GAN the losses do not fall. Here they rest near 1.39 and 0.69, and the samples
# get better.** So do not wait for a loss to go to zero. Wherever that happens on this page, the patient is ill. (On pictures
# a healthy discriminator keeps a lead, and the losses rest farther apart, as in [the digit GAN](digit_gan.ipynb). They are
# level all the same.)
#
# ## Mode collapse
#
# The first patient differs in one thing that matters. Its generator learns 25 times as fast as its discriminator. (It
# is also a little smaller, and has another seed.)

# %%
tell_changes("mode-collapse")

# %% [markdown]
# **What do you expect?** A fast learner needs fewer steps. Will it find the eight heaps sooner, later, or not at all?
# And will you see it in the losses?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "Mode collapse: all samples sit in one small bunch that wanders from place to place, and the distance to the data stays high, while both losses look like those of the healthy run."}}
collapsed = run("mode-collapse")
plots.show(plots.planar_film(collapsed))
report(collapsed)
d, g, distance = end(collapsed)
assert abs(d - 2 * np.log(2)) < 0.1 and abs(g - np.log(2)) < 0.1

# %% [markdown]
# Look at the losses alone: a few spikes, and otherwise the picture of health! Yet two hundred latent vectors give
# nearly one and the same sample. (At step 30 the bunch is out of the picture; at step 1500 it is just moving on, and
# stretched.) This is {term}`mode collapse`, and Goodfellow et al. warn of just this
# cause: the generator must not be trained too much without updating the discriminator {cite:p}`goodfellow2014`. A
# fast generator moves *all* its samples to the one place that the slow discriminator likes best today. When the
# discriminator has understood, the bunch moves on.
#
# **Its signature**: the *variety* of the samples. Here as the heaps found, and as the samples' standard deviation.


# %% tags=["nbval-ignore-output"]
def variety(film):
    """Most heaps found, and the median spread, in the second half of a film."""
    late = film[len(film) // 2 :]
    heaps = max(gan.modes_found()[0] for gan in late)
    return heaps, np.median([gan.samples().std(axis=0).mean() for gan in late])


for name, film in {"healthy": healthy, "collapsed": collapsed}.items():
    heaps, spread = variety(film)
    print(f"{name:9}  heaps found, at best: {heaps}   spread: {spread:.2f}")
assert variety(collapsed)[0] <= 4 and variety(collapsed)[1] < 0.25

# %% [markdown]
# **The cure**: slow the generator down, to the discriminator's rate.

# %%
tell_changes("mode-collapse-cured", since="mode-collapse")

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "With equal learning rates the same networks spread their samples over the eight heaps and the distance to the data falls, though the losses are nearly what they were before."}}
cured = run("mode-collapse-cured")
plots.show(plots.planar_film(cured))
report(cured)
assert cured[-1].modes_found()[0] >= 5 and end(cured)[2] < 0.1

# %% [markdown]
# ## Oscillation
#
# New data, a line, and the simplest optimizer there is: plain gradient descent, with long steps.

# %%
tell_changes("oscillation")

# %% [markdown]
# **What do you expect?** Gradient descent with long steps may overshoot; you know that from a single network.
# Overshooting *what*, here? Each player aims at a goal that the other one moves.

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "Oscillation: the samples reach the line, shoot past it and swing from side to side, ever further, while the generator's loss grows spikes and the distance goes up and down."}}
swinging = run("oscillation")
plots.show(plots.planar_film(swinging))
distances = [gan.energy_distance() for gan in swinging]
print(f"closest: {min(distances):.2f} at step {8 * (1 + np.argmin(distances))}")
late = distances[25:]
print(f"in the second half: from {min(late):.2f} to {max(late):.2f}")
assert max(late) > 3 * min(late) and np.argmin(distances) < 15

# %% [markdown]
# The samples had the right shape and the right place after a few dozen steps. Then they crossed the line, the
# discriminator turned round, they crossed it again, and the swings grew. This is {term}`oscillation`.
#
# **Its signature**: what goes away comes back. The distance rises and falls; the generator's loss grows spikes; and
# the best samples lie *behind* us.
#
# (erratum-32)=
# :::{admonition} Erratum 32: more training does not always help
# :class: warning erratum
#
# **The article says** (§2, and again in §1 and §3)
#
# > 通过不断训练，这两个网络可以相互学习，从而提高它们的性能。
# >
# > *"Through continued training, these two networks can learn from each other and thereby improve their performance."*
#
# **What is right.** They can, and nothing makes them. Two players who descend on two losses need not come to rest
# anywhere {cite:p}`mescheder2018`: they may circle, drift apart or collapse. So measure the samples as you train,
# keep checkpoints, and stop at the best one, not at the last.
#
# **See it.** Above: at step 48 the distance was 0.03. In the whole second half of the run it never came as near again,
# and it went up to more than 2.
# :::
#
# **The cure**: a discriminator that is flat where the real samples are, so that a generator which has arrived is no
# longer pushed about. That is what the {term}`R1 penalty` does; [the last chapter](loss_family.ipynb) saw it stop a
# swing in one dimension. The steps stay as long as they were.

# %%
tell_changes("oscillation-cured", since="oscillation")

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "With a weak R1 penalty and the same long steps the samples settle on the line, both losses are level and the distance stays near zero."}}
settled = run("oscillation-cured")
plots.show(plots.planar_film(settled))
late = [gan.energy_distance() for gan in settled[25:]]
print(f"in the second half: from {min(late):.2f} to {max(late):.2f}")
assert max(late) < 0.1

# %% [markdown]
# ## A discriminator that wins
#
# Then make the judge as good as can be! Four heaps in the four corners; the discriminator takes five steps to the
# generator's one, and each is ten times as long.

# %%
tell_changes("discriminator-wins")

# %% [markdown]
# **What do you expect?** Does a better judge make a better teacher? Which loss falls, and which one rises?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "A discriminator that wins: its loss drops to well below 1, the generator's climbs above 3, the samples leave one corner out and the distance to the data rises."}}
beaten = run("discriminator-wins")
plots.show(plots.planar_film(beaten))
report(beaten)
scores = beaten[-1].scores(beaten[-1].samples())
belief = np.median(sigmoid(scores[scores < 0]))
print(f"caught: {np.mean(scores < 0):.0%} of the fakes")
print(f"median of their D(G(z)): {belief:.4f}")
assert end(beaten)[0] < 1 and end(beaten)[1] > 2.5 and belief < 0.05

# %% [markdown]
# The fakes that it catches, it catches with near certainty. The loss pulls on each of them almost as hard as it can,
# with $1 - D(G(z))$, but not towards what is missing: the lower left corner is left to the real samples, the ground
# there is blue far and wide, and the distance rises.
#
# **Its signature**: the losses *part*. The discriminator's falls far below 1.39, the generator's rises far above
# 0.69, and both stay there.
#
# **The cure**: less of a judge. It has two advantages, more steps and longer ones. **What do you expect** if we take
# away one of them, or both?

# %% tags=["nbval-ignore-output"]
fairer = [
    replace(PRESETS["discriminator-wins"].experiment, **changes)
    for changes in (
        {"discriminator_steps": 1},
        {"discriminator_rate": 0.002},
        {"discriminator_steps": 1, "discriminator_rate": 0.002},
    )
]
fairer = [watch(experiment, 400) for experiment in fairer]
for film in fairer:
    report(film)
assert end(fairer[2])[0] > 1.2 > 1 > max(end(film)[0] for film in fairer[:2])

# %% [markdown]
# Half a cure is not enough: the losses stay apart. Both halves together work. Or keep all the steps, and forbid steep
# scores near the data: that is R1 again.

# %%
tell_changes("discriminator-wins-cured", since="discriminator-wins")

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "With an R1 penalty the eager discriminator stays in doubt, the losses stay level and the samples stretch towards all four corners while the distance falls."}}
fair = run("discriminator-wins-cured")
plots.show(plots.planar_film(fair))
report(fair)
d, g, distance = end(fair)
assert abs(d - 2 * np.log(2)) < 0.1 and distance < 0.15

# %% [markdown]
# ## Vanishing gradient
#
# Now a judge who wins against the saturating loss, $\log(1 - D(G(z)))$. All real samples lie in a far corner. Plain
# gradient descent again, so that a small gradient is a small step. (Adam would scale it up, which does not always
# help: see exercise 2 of [the loss family](loss_family.ipynb).)

# %%
tell_changes("vanishing-gradient")

# %% [markdown]
# **What do you expect?** The samples are far from the corner, so a few steps teach the discriminator to tell them
# apart. What reaches the generator then?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "Vanishing gradient: both losses go to zero within a few dozen steps and from then on the samples stand still, far from the only heap of the data."}}
stuck = run("vanishing-gradient")
plots.show(plots.planar_film(stuck))
moved = np.abs(stuck[-1].samples() - stuck[24].samples()).max()
print(f"from step 250 to step 500 no sample moves further than {moved:.3f}")
assert moved < 0.05

# %% [markdown]
# Both losses at zero, and nothing moves. (The view had to grow, so the corner of the data now lies well inside it.) Is
# the discriminator flat out there, or does the loss not pull? We compute the norm of the generator's gradient at each
# moment twice: for the loss that it was trained with, and for the {term}`non-saturating loss`, on the same fakes and
# with the same discriminator.


# %%
def gradient_norm(gan, loss):
    """The norm of the gradient in the generator's weights."""
    z = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    fake, memory = gan.generator.forward(z)
    scores, seen = gan.discriminator.forward(fake)
    in_scores = GAMES[loss].generator.gradient(scores) / len(z)
    in_fakes = gan.discriminator.backward(seen, in_scores)[1]
    in_weights = gan.generator.backward(memory, in_fakes)[0]
    return np.sqrt(sum(np.sum(gradient**2) for gradient in in_weights))


# %% [markdown]
# **What do you expect?** By what factor do the two norms differ at the end: 2, 50, more?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "On the same fakes and discriminators the gradient of the saturating loss falls far below that of the non-saturating loss, which stays large throughout."}}
steps = np.arange(1, 51) * 10
norms = {loss: [gradient_norm(gan, loss) for gan in stuck] for loss in list(GAMES)[:2]}
with plt.rc_context(plots.STYLE):
    figure = plt.figure(figsize=(5.6, 2.8), layout="constrained")
    plt.semilogy(steps, norms["minimax"], color=plots.BLUE, label="minimax")
    dashed = {"linestyle": "--", "color": plots.ORANGE, "label": "non-saturating"}
    plt.semilogy(steps, norms["non_saturating"], **dashed)
    plt.title("Norm of the generator's gradient")
    plt.xlabel("step")
    plt.legend()
plots.show(figure)
for loss, values in norms.items():
    print(f"{loss:14} {values[0]:8.4f} at step 10 {values[-1]:8.4f} at step 500")
assert norms["non_saturating"][-1] > 100 * norms["minimax"][-1]

# %% [markdown]
# So the discriminator is not flat. It is the loss that does not pull.
#
# **Its signature**: losses at zero *and samples that stand still*. The number that proves it is the norm of the
# generator's gradient: log it.
#
# **The cure** is a word: the other loss.

# %%
tell_changes("vanishing-gradient-cured", since="vanishing-gradient")

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "With the non-saturating loss and all else equal the samples leave their place, reach the corner and gather around the data, and the distance falls from above 1 to near zero."}}
freed = run("vanishing-gradient-cured")
plots.show(plots.planar_film(freed))
print(f"distance: stuck {end(stuck)[2]:.2f}, freed {end(freed)[2]:.2f}")
assert end(freed)[2] < 0.2 < 1 < end(stuck)[2]

# %% [markdown]
# ## Checkerboards
#
# The next failure is not in the game. It is in the layer that enlarges: the {term}`transposed convolution`, which
# paints a small filter around each position of its input. Where filters overlap, their paint adds up.
#
# **What do you expect?** The input is constant, with 16 channels of 1/16 each. The filter is all ones, 3 wide, and
# moves by 2. Is the output constant?


# %%
def paint(kernel, weights="ones"):
    layer = layers.Conv2DTranspose(
        1, kernel, 2, padding="same", use_bias=False, kernel_initializer=weights
    )
    return layer(constant)[0, :, :, 0].numpy()


constant = np.full((1, 8, 8, 16), 1 / 16)
for kernel in (3, 4):
    print(f"kernel {kernel}, stride 2: how many filters paint each pixel")
    print(paint(kernel)[4:8, 4:10].astype(int))

# %% [markdown]
# Since 3 is not a multiple of 2, some pixels are painted once, some twice, some four times: a {term}`checkerboard
# artefact` {cite:p}`odena2016`. **Its signature** is a pattern of the period of the stride, the same in every sample,
# and easiest to see where the picture should be plain.
#
# With a kernel that the stride divides, each pixel gets its fair share. Is that the whole cure? Networks do not have
# filters of ones. **What do you expect** with random weights: kernel 3, kernel 4, and a third way, which first
# enlarges by repeating pixels and then convolves with stride 1?


# %%
def resize(weights):
    options = {"padding": "same", "use_bias": False, "kernel_initializer": weights}
    large = layers.UpSampling2D(2)(constant)
    return layers.Conv2D(1, 3, **options)(large)[0, :, :, 0].numpy()


weights = initializers.RandomUniform(0, 1, seed=0)
pictures = {
    "kernel 3": paint(3, weights),
    "kernel 4": paint(4, weights),
    "resize": resize(weights),
}
inside = {name: picture[2:-2, 2:-2] for name, picture in pictures.items()}
uneven = {name: inner.std() / inner.mean() for name, inner in inside.items()}
for name, value in uneven.items():
    print(f"{name}: unevenness {value:.2f}")

# %% mystnb={"image": {"alt": "From one constant input kernel 3 paints a strong checkerboard, kernel 4 a weaker one, and resizing before the convolution none at all inside the border."}}
figure, axes = plt.subplots(1, 3, figsize=(7, 2.6), layout="constrained")
for axis, (name, picture) in zip(axes, pictures.items(), strict=True):
    axis.imshow(picture / picture.mean(), cmap="gray", vmin=0, vmax=2)
    axis.set_title(name, loc="left")
    axis.set_axis_off()
plots.show(figure)
assert uneven["kernel 3"] > 2 * uneven["kernel 4"] > 0.05 and uneven["resize"] < 1e-6

# %% [markdown]
# A kernel that the stride divides removes the pattern that geometry forces on every network. It still *allows* one:
# neighbours are painted by different weights, and training must keep them in step. Resizing first allows none on a
# plain ground: inside, each output pixel sees the same weights. (The darker rim is another matter: beyond the border
# there is nothing.)
#
# :::{admonition} It looks wrong, and is not
# :class: tip
# The article enlarges with `layers.Conv2DTranspose(128, (4, 4), strides=(2, 2), padding='same', activation='relu')`.
# An even kernel looks odd: convolutions mostly have odd ones, which have a centre. Here it is right, since 2 divides
# 4. The course's `digit_generator` does the same.
# :::
#
# ## The article's own loop
#
# One patient is left, the article's. In its code, both players minimise the discriminator's loss
# ([erratum 5](#erratum-5)). We take the healthy run and change this one setting.

# %%
tell_changes("article")

# %% [markdown]
# **What do you expect?** The generator lowers the scores of its own fakes. Where on the plane are low scores? And
# what will the two losses look like?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "The article's game: the samples flee from the data, which shrink to a dot in the view, while both losses fall smoothly to zero as if all were well."}}
fled = run("article")
plots.show(plots.planar_film(fled))
report(fled)
d, g, distance = end(fled)
assert d + g < 0.05 and distance > 5 and fled[-1].modes_found()[0] == 0

# %% [markdown]
# The samples flee. (The blue dot is the whole ring: the view had to grow.) The two players are not opponents any
# more: together they make real and generated easy to tell apart, and both losses fall, smoothly, to 0.
#
# On digits [the same loop](digit_gan.ipynb) does the same: a loss that falls to nothing, and sixteen times one
# picture. There the generator's `tanh` fences the samples in, so that they cannot flee.
#
# **Its signature**: both losses fall to zero *and the samples get worse*. It takes the samples, or the distance, to
# see it. **The cure** is the one setting that we changed: with `non_saturating` it is the healthy run again.
#
# ## Signatures
#
# Here are the last losses of all the ill runs, beside the healthy one. **What do you expect?** Which failures can you
# name from the first two columns alone?

# %% tags=["nbval-ignore-output"]
films = {
    "healthy": healthy,
    "mode collapse": collapsed,
    "oscillation": swinging,
    "D wins": beaten,
    "vanishing gradient": stuck,
    "article": fled,
}
print(f"{'':20}{'D':>6}{'G':>7}{'distance':>10}")
for name, film in films.items():
    d, g, distance = end(film)
    print(f"{name:20}{d:6.2f}{g:7.2f}{distance:10.2f}")
assert end(healthy)[2] == min(end(film)[2] for film in films.values())

# %% [markdown]
# | Failure | Losses | Samples |
# | --- | --- | --- |
# | Mode collapse | nearly as in health | one bunch that wanders |
# | Oscillation | growing spikes | right at times, then wrong again |
# | D wins | level, far apart | pushed about, no better |
# | Vanishing gradient | at zero | stand still |
# | Checkerboards | tell nothing | one fine pattern in all |
# | The article's loop | fall to zero | ever further away |
#
# And the first thing to try:
#
# - *Mode collapse*: slow the generator down, or train D more often.
# - *Oscillation*: R1.
# - *D wins*: fewer *and* shorter steps of D, or R1.
# - *Vanishing gradient*: the non-saturating loss.
# - *Checkerboards*: a kernel that the stride divides; or resize, then convolve.
# - *The article's loop*: a loss of the generator's own.
#
# Two failures show in the losses: oscillation, and a discriminator that wins. (Their last values are of one kind; it
# takes the curves to tell spikes from a level.) Two share their losses, at zero, and differ in what the samples do. And
# two do not show in the losses at all.
#
# ## Try it yourself
#
# The same GAN, training in the page, with the settings of the mode collapse. **What do you expect:** does it help to
# raise the discriminator's learning rate to 0.01? To give it five steps? Then choose another preset, and look for a cure
# that this page has not tried.

# %%
from abstractgan.widgets import GanLab

GanLab(preset="mode-collapse", link="wrong")

# %% [markdown]
# :::{admonition} What helps
# :class: dropdown
# The rate does not: the bunch stays a bunch. With five steps it opens after a while, and more heaps are found, though
# not all. How well the discriminator is trained *between* two steps of the generator counts, not how fast it moves.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
tried = {}
for change in ({"discriminator_rate": 0.01}, {"discriminator_steps": 5}):
    experiment = replace(PRESETS["mode-collapse"].experiment, **change)
    heaps, spread = tried[min(change)] = variety(watch(experiment, 1000))
    print(f"{change}: heaps found, at best: {heaps}")
assert tried["discriminator_rate"][0] < tried["discriminator_steps"][0]

# %% [markdown]
# ## Summary
#
# - A healthy GAN has level losses, under cross-entropy at best near $2 \log 2$ and $\log 2$, and samples that get better.
# - Losses that fall to zero are a symptom: of a vanishing gradient, or of two players on one side.
# - Mode collapse hides from the losses. Look at the variety of the samples.
# - Oscillation makes later samples worse than earlier ones. Keep checkpoints and measure each of them.
# - Change one thing at a time, or you will not know what has cured the patient. Here it was R1 twice, the loss twice, a
#   learning rate once; and the checkerboard was a matter of layers.
#
# No curve replaces a look at the samples. In [the digit GAN](digit_gan.ipynb) the samples are pictures, the loop is
# the article's, and you are the one who has to find out what is wrong with it.

# %% [markdown]
# ## Exercises
#
# Four runs whose settings you are not told. (They are in a hidden cell. Do not look.) Name the failure, if there is
# one, and say what gave it away. Then open the solution.

# %% tags=["hide-input"]
descent = {"optimizer": "sgd", "discriminator_rate": 0.2, "generator_rate": 0.05}
gentle = {
    "loss": "minimax",
    "optimizer": "sgd",
    "discriminator_rate": 0.5,
    "generator_rate": 0.001,
}
above = ((-0.5, 0.3), (0.5, 0.3))
aside = ((-1, -0.2), (-1, 0.2))
cases = [
    watch(Experiment(data="drawn", points=above, seed=3, **descent), 400),
    watch(Experiment(data="moons", seed=4), 1500),
    watch(Experiment(data="grid", generator_rate=0.02, hidden=16, seed=1), 1000),
    watch(Experiment(data="drawn", points=aside, seed=1, **gentle), 300),
]

# %% [markdown]
# **1. Two heaps.** The data lie in two heaps, above the middle. Look at the distance first.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Case 1: the samples move away from two heaps and back again, the generator's loss grows spikes, and the distance rises and falls with growing strength."}}
plots.show(plots.planar_film(cases[0]))

# %% [markdown]
# :::{admonition} Solution
# :class: dropdown
# Oscillation. The distance goes up and down, more and more; in the generator's loss there are spikes that grow. The
# discriminator's loss is low as well, so "a discriminator that wins" is half an answer, but then the samples would
# not keep coming back.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
late = [gan.energy_distance() for gan in cases[0][25:]]
print(f"in the second half: from {min(late):.2f} to {max(late):.2f}")
assert max(late) > 3 * min(late)

# %% [markdown]
# **2. Two moons.** An alarming start. Does it matter?

# %% tags=["hide-input"] mystnb={"image": {"alt": "Case 2: the losses shake at first and stay level afterwards, the distance has an early peak and then falls, and the samples come to lie along two moons."}}
plots.show(plots.planar_film(cases[1]))

# %% [markdown]
# :::{admonition} Solution
# :class: dropdown
# Healthy. The early peak of the distance looks alarming, but the losses are level near 1.39 and 0.69 *and* the
# distance goes down: both together mean health. A level loss that does not fall is no symptom.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
report(cases[1])
d, g, distance = end(cases[1])
assert abs(d - 2 * np.log(2)) < 0.1 and distance < 0.1

# %% [markdown]
# **3. A grid.** Twenty-five heaps, and losses like those of the moons.

# %% tags=["hide-input"] mystnb={"image": {"alt": "Case 3: on a grid of 25 heaps the samples form one narrow bunch that moves about, while the losses keep returning to their resting values and the distance does not fall."}}
plots.show(plots.planar_film(cases[2]))

# %% [markdown]
# :::{admonition} Solution
# :class: dropdown
# Mode collapse. The losses rest near 1.39 and 0.69, as in case 2, but the distance does not fall, and the samples
# make one narrow bunch: of 25 heaps a few are found at best.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
heaps, spread = variety(cases[2])
print(f"heaps found, at best: {heaps} of 25; spread {spread:.2f}")
assert heaps <= 8 and spread < 0.25

# %% [markdown]
# **4. Beside the data.** Two failures have losses at zero. Which of them is it, and what second clue does the
# generator's loss give?

# %% tags=["hide-input"] mystnb={"image": {"alt": "Case 4: both losses are at zero after a few steps, the samples keep their place beside the two heaps, and the distance stays where it is."}}
plots.show(plots.planar_film(cases[3]))

# %% [markdown]
# :::{admonition} Solution
# :class: dropdown
# Vanishing gradient. Losses at zero leave two failures to choose from. In the article's game the samples would flee
# and the distance would grow; here both stand still. (A second clue: the generator's loss comes from *below* zero, so
# it is the saturating one.)
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
moved = np.abs(cases[3][-1].samples() - cases[3][24].samples()).max()
print(f"in the second half no sample moves further than {moved:.3f}")
norms = [gradient_norm(cases[3][-1], loss) for loss in ("minimax", "non_saturating")]
print("gradient, saturating and non-saturating:", np.round(norms, 4).tolist())
assert moved < 0.1 and norms[1] > 100 * norms[0]

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

counts = np.unique(paint(5)[4:8, 4:8].astype(int)).tolist()
Quiz(
    [
        Question(
            "Both losses of a cross-entropy GAN are level. What is that of a "
            "discriminator that can only guess?",
            choices=[0.0, np.log(2), np.log(4)],
            answer=-2 * np.log(1 / 2),
            feedback="It pays log 2 on the real samples and log 2 on the fakes; "
            "only the generator's rests at log 2.",
        ),
        Question(
            "Which run has losses like a healthy one?",
            choices=["mode collapse", "D wins", "article"],
            answer=min(
                ["mode collapse", "D wins", "article"],
                key=lambda name: abs(end(films[name])[0] - end(healthy)[0]),
            ),
            feedback="A bunch that moves on in time keeps the discriminator in doubt: "
            "only the samples show it.",
        ),
        Question(
            "A transposed convolution has kernel 5 and stride 2. How many filters "
            "paint a pixel, at the least and at the most?",
            choices=["4 and 4", "4 and 9", "1 and 4"],
            answer=f"{counts[0]} and {counts[-1]}",
            feedback="In each direction 2 or 3 filters overlap, so 2 x 2 to 3 x 3: "
            "uneven, since 2 does not divide 5.",
        ),
    ]
)

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
# # Restoration
#
# *The article's §5.2, 图像修复.*
#
# An old photograph has scratches and holes, a corner is torn off, and its colours have faded. The article says that a
# style mends it. On this page we run that recipe, see why it can't work, and train a network that does something
# else: it *reconstructs* what is known, under a mask, and a discriminator judges what it has made up.
#
# After this page you will be able to
#
# - say why a style cannot mend a hole, and show it with a shuffle;
# - write down the losses of masked reconstruction, and what each one asks for;
# - undo fading with one affine map of the colours;
# - read a table of PSNR, SSIM and a distance of VGG's features, beside classical inpainting, and say what the
#   discriminator has brought and what it has cost;
# - restore a photograph of your own.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 45 s and 1.5 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
from dataclasses import replace

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import ops
from skimage.restoration import inpaint_biharmonic

# %%
from abstractgan import plots
from abstractgan.data.damage import FADING, KINDS, damage, fade, masked
from abstractgan.data.images import centre_square, to_float, to_uint8
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import HELD_OUT, photograph
from abstractgan.data.pipeline import picture_dataset
from abstractgan.errors import UserError
from abstractgan.features import gram_matrix, vgg16
from abstractgan.losses import gram_distance
from abstractgan.metrics import psnr, ssim, vgg_distance
from abstractgan.networks import STYLE_LAYERS, restorer
from abstractgan.restore import Restorer
from abstractgan.stylize import Stylizer
from abstractgan.teaching import check, expect_error
from abstractgan.training.pictures import build_picture_gan, training_photographs
from abstractgan.training.profiles import restoration_profile
from abstractgan.training.recorded import RESTORATION_PIXEL_RUN, RESTORATION_RUN, read_run
from abstractgan.training.restoration import RESTORATION, damaged

# %% [markdown]
# ## Damage
#
# Three photographs that no network of this page was trained on. `damage` draws scratches, holes and a torn corner: there
# nothing is left, and a *mask* says where. It also fades: there everything is left, in other colours, and no mask is
# needed.

# %%
originals = {name: centre_square(photograph(name), 256) for name in HELD_OUT}
LOST = KINDS[:3]
print("lost:", ", ".join(LOST), "  changed:", FADING)
torn = {name: damage(p, LOST, seed) for seed, (name, p) in enumerate(originals.items(), 1)}
faded = {name: damage(p, KINDS, seed) for seed, (name, p) in enumerate(originals.items(), 1)}

# %% mystnb={"image": {"alt": "An astronaut before a flag; the same photograph with white scratches, holes and a white corner; the same in pale, yellowish colours; and the mask, white on black where the photograph is lost."}}
sitter, spoilt = originals["astronaut"], faded["astronaut"]
mask_seen = np.repeat(np.uint8(255 * spoilt.mask)[..., None], 3, axis=2)
shown = [sitter, torn["astronaut"].picture, spoilt.picture, mask_seen]
titles = ["original", "scratches, holes", "faded as well", "mask"]
plots.show(plots.image_grid(shown, 4, titles, size=1.8), photographs=True)

# %% [markdown]
# ## The article's recipe
#
# > 图像修复：可以使用抽象艺术风格迁移技术来修复损坏的图像。例如，可以将一幅未损坏的图像的风格应用到损坏的图像中，从而生成具有新的风格的修复图像。
#
# *"Image restoration: abstract-art style transfer can be used to restore damaged images. For example, the style of an
# undamaged image can be applied to the damaged one, which gives a restored image with a new style."* So: the style of an
# undamaged photograph, laid on the damaged one by [the style GAN](style_gan.ipynb). We try two: a pavilion, and what
# nobody has who needs a restorer, the undamaged astronaut herself.
#
# **What do you expect?** What becomes of the holes, and what of the faded colours?

# %%
stylizer = Stylizer.load()
styles = {
    "style: pavilion": stylizer.style(photograph("china")),
    "style: original": stylizer.style(sitter),
}
recipes = {name: stylizer.stylize(spoilt.picture, style) for name, style in styles.items()}

# %% mystnb={"image": {"alt": "The damaged astronaut, and the same photograph twice in the style of another one: the colours have changed, and every scratch and hole is still where it was."}}
shown = {"damaged": spoilt.picture, **recipes, "original": sitter}
plots.show(plots.image_grid([*shown.values()], 4, [*shown], size=1.8), photographs=True)

# %% [markdown]
# The holes are still there, repainted. To the network a white hole is content like everything else, and it keeps content.
# Three numbers say how far a picture is from its original. PSNR is the mean squared error in decibels, more is better.
# SSIM compares structure in a small window, 1 at best {cite:p}`wang2004`. The third is the relative distance of VGG's
# feature maps, 0 at best; it is nearer to what an eye minds.

# %%
vgg = vgg16(STYLE_LAYERS)


def measure(pictures, wanted):
    got, wanted = to_float(np.stack([*pictures])), to_float(np.stack([*wanted]))
    return psnr(got, wanted), ssim(got, wanted), vgg_distance(vgg, got, wanted)


def tell(name, numbers):
    print(f"{name:18} PSNR {numbers[0]:5.2f} dB   SSIM {numbers[1]:.3f}   VGG {numbers[2]:.3f}")


# %% tags=["nbval-ignore-output"]
measured = {name: measure([p], [sitter]) for name, p in shown.items() if name != "original"}
for name, numbers in measured.items():
    tell(name, numbers)
assert all(measured[name][1] < measured["damaged"][1] for name in styles)
assert all(measured[name][2] > measured["damaged"][2] for name in styles)

# %% [markdown]
# By SSIM and VGG the "restored" picture is further from the original than the damaged one was, even in the original's own
# style. (The box with the article's words and what is right is [erratum 34](#erratum-34), where the same is tried by
# optimisation.)
#
# ### Why: a style knows no place
#
# A style is a Gram matrix: the mean product of two channels over all *positions*. The order in which a mean is taken does
# not matter. **What do you expect:** we shuffle all positions of VGG's feature maps of the original, as one shuffles cards.
# How far is the Gram matrix from what it was, and how far are the maps?

# %% tags=["nbval-ignore-output"]
rng = np.random.default_rng(0)
for layer, maps in zip(STYLE_LAYERS, vgg(to_float(sitter)[None]), strict=True):
    flat = np.reshape(maps, (-1, maps.shape[-1]))
    shuffled = np.reshape(rng.permutation(flat), maps.shape)
    grams = float(gram_distance(gram_matrix(shuffled), gram_matrix(maps)))
    apart = np.linalg.norm(shuffled - maps) / np.linalg.norm(maps)
    print(f"{layer}: Gram matrices {grams:.0e} apart, maps {apart:.2f}")
    assert grams < 1e-4 < 0.5 < apart

# %% [markdown]
# An eye in the middle of the face and an eye in a corner of the sky are the same style. So no style loss can ask for *this
# eye, here*. Only a loss that compares position by position can, and it needs to know what belongs there.
#
# ## Masked reconstruction
#
# While we train, we know: we take sound photographs and damage them ourselves {cite:p}`pathak2016`. Let $x$ be the original,
# $m$ the mask, 1 where the picture is lost, and $\tilde{x}$ the damaged picture. The network $G$ is given both, and its result
# is compared with $x$:
#
# $$L = \underbrace{\operatorname{mean}\lvert G(\tilde{x}, m) - x \rvert}_{\text{pixel}} + 0.5 \, \underbrace{\operatorname{mean}_l \frac{\lVert f_l(G(\tilde{x}, m)) - f_l(x) \rVert^2}{\lVert f_l(x) \rVert^2}}_{\text{perceptual}} - 0.02 \, \underbrace{\operatorname{mean}\, s(G(\tilde{x}, m))}_{\text{adversarial}}$$
#
# Here $f_l$ are feature maps of VGG16, and $s$ is the discriminator's score of each patch. It is not told where the holes were.
#
# ### What a pixel loss asks for
#
# Why is the first term not enough? Say that from outside five holes look alike, and that behind three of them it was black
# and behind two white. One answer has to serve all five. **What do you expect** is the best answer for the mean absolute
# difference, and for the mean square?

# %%
behind = np.float32([-1, -1, -1, 1, 1])
answers = np.linspace(-1, 1, 201)
misses_by_hand = answers[:, None] - behind
for name, loss in {"absolute": np.abs(misses_by_hand), "square": misses_by_hand**2}.items():
    print(f"{name:8} asks for {answers[loss.mean(axis=1).argmin()]:.1f}")

# %% [markdown]
# The square asks for the mean, a grey that was behind none of them; the absolute difference for the median. With many
# pixels and many possible pictures both are smooth: blur is the right answer to that question. A discriminator asks
# another one: *does it look like a photograph?* Grey where there should be hair does not.
#
# ### Colours: one map for the whole picture
#
# Our fading mixes each colour with its own grey and with the tint of yellowed paper. All of that is affine: a matrix and a
# shift. So another matrix and another shift undo it. **What do you expect:** how many numbers have to be found, and how
# exactly can they bring the colours back?

# %%
pale = fade(sitter, veil=0.4, grey=0.5)
known = np.column_stack([pale.reshape(-1, 3), np.ones(pale.size // 3)])
colours = np.linalg.lstsq(known, sitter.reshape(-1, 3).astype(float), rcond=None)[0]
off = np.abs(known @ colours - sitter.reshape(-1, 3)).max()
print(f"{colours.size} numbers; at most {off:.1f} of 255 levels off")

# %% [markdown]
# What is left is rounding. Here the original was known; the network must guess those numbers from the faded picture alone.
#
# ## Build
#
# `restorer` is a {term}`U-Net` {cite:p}`ronneberger2015`: three times half the size, and back, with
# {term}`skip connections <skip connection>`. At the bottom are four {term}`dilated convolutions <dilated convolution>`
# {cite:p}`iizuka2017`, whose nine weights lie 1, 2, 4 and 8 positions apart. Two things come out, a painted picture and
# an affine map of colours. They are put together under the mask:
#
# $$G(\tilde{x}, m) = (1 - m)\,(A \tilde{x} + b) + m \, \text{fill}$$
#
# So what is known keeps every detail. **What do you expect** of an untrained restorer, whose map begins as the identity,
# outside the holes? And how far from a hole's middle does it look?

# %%
keras.utils.set_random_seed(0)
untrained = restorer()
given = masked(*torn["astronaut"])[None]
first = untrained(given)[0]
outside = ~torn["astronaut"].mask
print("weights:", untrained.count_params(), "  takes", given.shape[1:], " gives", first.shape)
print("outside the holes as given:", np.allclose(first[outside], given[0][outside][:, :3]))

# %%
asked = tf.Variable(np.ones((1, 384, 384, 4), "float32"))
with tf.GradientTape() as tape:
    middle = ops.sum(untrained(asked)[0, 192, 192])
rows, columns = np.nonzero(np.abs(tape.gradient(middle, asked)[0, ..., :3]).sum(-1))
print(f"a filled pixel sees {np.ptp(rows) + 1} x {np.ptp(columns) + 1} pixels")

# %% [markdown]
# ## One batch
#
# `picture_dataset` cuts squares from photographs and drawn paintings, and damages each anew. A seed and the number of
# the epoch decide it all, so that a run that was stopped goes on with what it would have seen.

# %% mystnb={"image": {"alt": "Above, four squares cut from photographs and a painting, some faded, all with holes, scratches or a missing corner in grey; below, the same four squares unharmed."}}
sources = [*map(photograph, training_photographs()), *(paint(name, 0, 256) for name in MOVEMENTS)]
batch = next(iter(picture_dataset(sources, damaged, 128, 4, steps=1, seed=2)))
print({name: tuple(values.shape) for name, values in batch.items()})
pairs = np.concatenate([batch["given"][..., :3], batch["wanted"]])
plots.show(plots.image_grid(pairs, 4, size=1.4), photographs=True)

# %% [markdown]
# The network is the smallest, `smoke`, with more steps than it has. One step's losses, by name:

# %% tags=["nbval-ignore-output"]
smoke = replace(restoration_profile("smoke"), batch_size=4, epochs=3, steps_per_epoch=25, ramp=25)
gan = build_picture_gan(RESTORATION, smoke)
results = gan.generator(batch["given"])
losses, objective = gan.generator_objective(results, batch["wanted"])
for name, value in losses.items():
    print(f"{name:12} {float(value):6.3f}")
counted = float(losses["pixel"] + 0.5 * losses["perceptual"])
assert np.isclose(float(objective), counted, rtol=1e-4)

# %% [markdown]
# As in [the style GAN](style_gan.ipynb) the adversarial loss has no say at first, and then rises on a ramp.
#
# ## Train briefly

# %% tags=["nbval-ignore-output"]
data = picture_dataset(sources, damaged, smoke.size, smoke.batch_size, 25, seed=0, short_side=96)
history = gan.fit(data, epochs=3, steps_per_epoch=25, shuffle=False, verbose=0).history
for name in ("pixel", "perceptual", "adversarial", "discriminator_loss"):
    print(f"{name:19}", *(f"{value:6.3f}" for value in history[name]))
assert history["pixel"][-1] < history["pixel"][0]

# %% [markdown]
# ## The recorded runs
#
# The package carries two runs of the same network, on the same squares with the same damage, from the same first weights.
# One has all three losses. Its *twin* was trained for its pixels alone, without a discriminator.

# %%
run, twin = read_run(RESTORATION_RUN), read_run(RESTORATION_PIXEL_RUN)
for each in (run, twin):
    config, minutes = each.config, each.log["seconds"][-1] / 60
    steps = config["epochs"] * config["steps_per_epoch"]
    print(f"{config['name']:9} {steps} steps, {minutes:.0f} minutes, weights {config['weights']}")
print("not trained on:", *run.config["held_out"])
assert run.config["photographs"] == twin.config["photographs"]

# %% [markdown]
# **What do you expect** of the two on held-out photographs: which has the lower pixel loss, and which the lower perceptual
# one?

# %% mystnb={"image": {"alt": "On both charts the line of the network with all three losses ends below that of its twin; all four fall, unevenly, to about half."}}
with plt.rc_context(plots.STYLE):
    figure, axes = plt.subplots(1, 2, figsize=(7.4, 2.6), layout="constrained")
    for axis, loss in zip(axes, ("pixel", "perceptual"), strict=True):
        for each, mark, label in ((run, "o-", "all three losses"), (twin, "s--", "pixels alone")):
            values = each.log[f"held_out_{loss}"]
            there = np.isfinite(values)
            axis.plot(each.log["step"][there], values[there], mark, label=label, markersize=4)
        axis.set(title=f"{loss}, held out", xlabel="step", ylim=(0, None))
    axes[0].legend()
plots.show(figure)

# %% tags=["nbval-ignore-output"]
for loss in ("pixel", "perceptual"):
    last = [each.log[f"held_out_{loss}"][-1] for each in (run, twin)]
    print(f"{loss:10} all three losses {last[0]:.3f}, pixels alone {last[1]:.3f}")
    assert last[0] < last[1]

# %% [markdown]
# A surprise: the twin, which minimises nothing but the pixel loss, has the *higher* pixel loss on photographs that it has
# not seen. The other two losses cost nothing here; they taught something that the pixels alone did not, in so few steps.
# Which of the two did it, this pair of runs can't say: the twin lacks both. (The minutes above are those of a machine that
# was busy with other work too.)
#
# ## Side by side
#
# Four that mend, beside the damaged picture as it is:
#
# - *the article*: the pavilion's style;
# - *classical*: holes filled by the biharmonic equation, the smoothest surface that fits the rim, from scikit-image; and
#   where the picture has faded, each channel stretched between its first and its last percent;
# - *pixels alone*: the twin;
# - *ours*: the network with all three losses.
#
# **What do you expect?** Who has the best PSNR, who the best VGG distance, and who is best where the picture has faded?


# %%
def classical(picture, mask, stretch):
    filled = inpaint_biharmonic(picture / 255, mask, channel_axis=-1)
    if stretch:
        low, high = np.percentile(filled, (1, 99), axis=(0, 1))
        filled = (filled - low) / (high - low)
    return to_uint8(2 * filled - 1)


# %%
restorers = {"pixels alone": Restorer.load(RESTORATION_PIXEL_RUN), "ours": Restorer.load()}


def mend(spoilt, stretch):
    picture, mask = spoilt
    return {
        "damaged": picture,
        "the article": stylizer.stylize(picture, styles["style: pavilion"]),
        "classical": classical(picture, mask, stretch),
        **{name: each.restore(picture, mask) for name, each in restorers.items()},
    }


# %%
mended = {
    "torn": [mend(each, stretch=False) for each in torn.values()],
    "torn and faded": [mend(each, stretch=True) for each in faded.values()],
}

# %% tags=["nbval-ignore-output"]
table = {}
for kind, rows in mended.items():
    print(kind)
    for name in rows[0]:
        table[kind, name] = measure([row[name] for row in rows], originals.values())
        tell(name, table[kind, name])
assert table["torn and faded", "ours"][0] > table["torn and faded", "classical"][0]

# %% mystnb={"image": {"alt": "In each row the article's column still has every hole and new colours; the classical one has smooth fillings and colours that are too cold; both networks have nearly the colours of the original and stains where the holes were."}}
grid, names = [], [*mended["torn"][0], "original"]
for row, original in zip(mended["torn and faded"], originals.values(), strict=True):
    grid += [*row.values(), original]
titles = names + 2 * len(names) * [""]
plots.show(plots.image_grid(np.stack(grid)[:, ::2, ::2], 6, titles, size=1.25), photographs=True)

# %% [markdown]
# Read it in two parts. Where nothing has faded, *classical* wins all three columns, and clearly. Where the colours have faded
# as well, both networks are ahead of it, and by far in PSNR and VGG distance: a stretch of each channel takes yellowed
# paper and a brown table for the same thing, while the network has seen what photographs look like. *Ours* is ahead of
# its twin everywhere. And *the article* is last in every column, behind the damaged picture itself.

# %% tags=["nbval-ignore-output"]
for at, sign in ((0, 1), (1, 1), (2, -1)):
    torn_row, faded_row = ({n: sign * table[k, n][at] for n in mended[k][0]} for k in mended)
    assert max(torn_row, key=torn_row.get) == "classical"
    assert max(faded_row, key=faded_row.get) == "ours"
    assert torn_row["ours"] > torn_row["pixels alone"]
    assert at == 0 or min(faded_row, key=faded_row.get) == "the article"

# %% [markdown]
# ### What is in the holes
#
# The table mixes two jobs. To see the second alone, we keep the original outside the holes and look at what each has put
# inside:


# %% tags=["nbval-ignore-output"]
def inside(row, original, mask):
    return {name: np.where(mask[..., None], picture, original) for name, picture in row.items()}


cases = list(zip(mended["torn"], originals.values(), (d.mask for d in torn.values()), strict=True))
filled = [inside(*case) for case in cases]
fills = {}
for name in filled[0]:
    fills[name] = measure([row[name] for row in filled], originals.values())
    tell(name, fills[name])
assert fills["classical"][0] > fills["ours"][0] > fills["pixels alone"][0]

# %% mystnb={"image": {"alt": "Close up, the classical filling is a smooth blur without an edge around it; those of the networks are blurred as well and have a wrong tint, stronger for the twin; the article's are white and blue patches."}}
close = []
for picture, (_, _, mask) in zip([*filled], cases, strict=True):
    # the square of 64 pixels with most that is lost
    corners = [(down, along) for down in range(0, 193, 16) for along in range(0, 193, 16)]
    top, left = max(corners, key=lambda at: mask[at[0] : at[0] + 64, at[1] : at[1] + 64].sum())
    row = [*picture.values(), originals[HELD_OUT[len(close) // 6]]]
    close += [each[top : top + 64, left : left + 64] for each in row]
plots.show(plots.image_grid(np.stack(close), 6, titles, size=1.25), photographs=True)

# %% [markdown]
# *Classical* wins inside the holes. It has one rule, "continue the rim as smoothly as you can", and no photograph to learn
# from; in holes of this size that is nearly all that can be known. Our network has to learn even this rule from examples, and
# a quarter of a million weights, a few thousand steps and a few dozen pictures are not enough for it: its fillings are
# blurred, and stained. A discriminator that sees mostly sound patches says little about the few that are not; its loss stays
# close to 2, where it cannot tell real from fake. Published networks that invent a convincing eye are trained on
# thousands of times as many pictures {cite:p}`pathak2016,iizuka2017`.
#
# So who has a scratched picture with good colours should take the biharmonic equation. For a faded one the network is worth
# its weights. Both can be had: undo the fading with the one, and fill the holes with the other.
#
# ## A photograph of your own
#
# The mask is white where the photograph is lost; any painting program makes one. On the command line:
#
# ```sh
# abstractgan restore old.jpg --mask lost.png --output new.png
# ```
#
# Or here. Sizes need not be multiples of anything: the picture is continued by its mirror image to the next multiple of 8,
# and what is larger than `LARGEST` pixels is looked at in a smaller copy. An empty mask is allowed and leaves the colours to mend. What can't be done is answered by a sentence:

# %%
small, hole = originals["coffee"][:61, :47], np.zeros((61, 47), bool)
hole[20:30, 10:20] = True
print("restored:", restorers["ours"].restore(small, hole).shape)
with expect_error(UserError, "A mask has the size of its picture.", match="47 x 61"):
    restorers["ours"].restore(small, hole[:40])
with expect_error(UserError, "From nothing, nothing can be restored.", match="leave some"):
    restorers["ours"].restore(small, np.ones((61, 47), bool))

# %% [markdown]
# ## Summary
#
# - A style is a mean over all positions: it cannot say what belongs into *this* hole, and it repaints what was sound.
# - Masked reconstruction: damage sound pictures, give network the damaged one and the mask, compare with the original.
# - A pixel loss alone asks for the middle of all that could have been there; a discriminator asks for one of them.
# - Fading is an affine map of the colours, and another one undoes it without touching a detail.
# - PSNR is a pixel loss in decibels. A network is not to be judged by the loss that it was trained for.
#
# ## Exercises
#
# **1. Count the holes only.** Write a pixel loss that looks at nothing but what was lost: the mean absolute difference over
# all pixels and channels under the mask.
#
# :::{admonition} Solution
# :class: dropdown
# Index with the mask first, then take the mean. The difference to the mean over the whole picture is the share of it that is
# lost: a network could otherwise do well by copying.
# :::


# %% tags=["hide-cell"]
def hole_loss(result, wanted, mask):
    return np.abs(result[mask] - wanted[mask]).mean()


# %%
tiny = np.zeros((2, 2, 3)), np.full((2, 2, 3), 0.5)
check("1", lambda: hole_loss(*tiny, np.array([[True, False], [False, False]])), 0.5, "Index first.")

# %% [markdown]
# **2. Which damage is hardest?** Damage the astronaut with one kind at a time, and compare what *ours* puts inside, per lost
# pixel. Guess first: scratches, holes, or the torn corner?
#
# :::{admonition} Solution
# :class: dropdown
# A scratch has known pixels close by on both sides. A corner has them on one side only, and far away.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
per_kind = {}
for kind in LOST:
    misses = []
    for seed in range(4):
        spoilt = damage(sitter, [kind], seed)
        restored = restorers["ours"].restore(*spoilt)
        misses.append(hole_loss(to_float(restored), to_float(sitter), spoilt.mask))
    per_kind[kind] = float(np.mean(misses))
    print(f"{kind:12} {per_kind[kind]:.3f}")
check("2", min(per_kind, key=per_kind.get), "scratches", "Which lost pixels have known neighbours?")
assert min(per_kind, key=per_kind.get) == "scratches"

# %% [markdown]
# **3. Too large a hole.** Cut squares of 16, 48 and 96 pixels out of the cat's face. From which size on does the network
# no longer help, and why?
#
# :::{admonition} Solution
# :class: dropdown
# Holes in training were at most 44 pixels across. In a larger one the middle has no known pixel near it, and the network was
# never asked for anything like it.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"] mystnb={"image": {"alt": "A cat with a small square mended almost without a trace, a larger one that is a reddish stain, and a large one that is a pinkish block with dark bars."}}
cat, attempts, per_size = originals["chelsea"], [], {}
for side in (16, 48, 96):
    hole = np.zeros((256, 256), bool)
    hole[128 - side // 2 : 128 + side // 2, 128 - side // 2 : 128 + side // 2] = True
    attempts.append(restorers["ours"].restore(cat, hole))
    per_size[side] = float(hole_loss(to_float(attempts[-1]), to_float(cat), hole))
    print(f"{side:3} pixels {per_size[side]:.3f}")
assert per_size[16] < per_size[96]
plots.show(
    plots.image_grid(attempts, 3, [f"{s} pixels" for s in per_size], size=2), photographs=True
)

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

Quiz(
    [
        Question(
            "All positions of a feature map change places. What happens to its Gram matrix?",
            ["nothing", "it is shuffled too", "it becomes 0"],
            answer="nothing" if grams < 1e-4 else "it is shuffled too",
            feedback="A mean does not know the order of what it was taken of.",
        ),
        Question(
            "Behind a hole it was black three times and white twice. What does the square ask for?",
            [-1.0, -0.2, 0.0],
            answer=round(float(answers[(misses_by_hand**2).mean(axis=1).argmin()]), 1),
            feedback="The mean: a grey that was behind none of them.",
        ),
        Question(
            "How many numbers undo the fading of a whole picture?",
            [3, 12, 256],
            answer=int(colours.size),
            feedback="A matrix of 3 by 3 and a shift of 3.",
        ),
    ]
)

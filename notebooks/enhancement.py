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
# # Enhancement
#
# *The article's §5.3, 图像增强.*
#
# A small photograph is to become large, a noisy one clean. What is missing can't be computed from what is there: many
# photographs give the same small one. Which of them should a network choose, and what does a GAN change about the
# choice?
#
# After this page you will be able to
#
# - say what enhancement asks for, and show by a number that a style does not give it;
# - compute a PSNR by hand, and name two pictures that it can't judge;
# - explain why a loss on pixels blurs, and what that has to do with a mean;
# - build a small SRGAN, train a denoiser for a minute, and read the records of the long runs;
# - find a picture's place between distortion and perception, and choose one for your purpose;
# - enlarge or denoise a photograph of your own.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 75 s and 1.8 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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

import matplotlib.pyplot as plt
import numpy as np
from skimage.restoration import denoise_nl_means

# %%
from abstractgan import plots
from abstractgan.data.degrade import add_noise, enlarge, shrink
from abstractgan.data.images import centre_square, to_float, to_uint8
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import HELD_OUT, photograph
from abstractgan.data.pipeline import picture_dataset
from abstractgan.enhance import Enhancer
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.metrics import kid, psnr, ssim, style_vectors, tiles, vgg_distance
from abstractgan.networks import STYLE_LAYERS, enhancer
from abstractgan.networks.enhancement import DepthToSpace
from abstractgan.stylize import Stylizer
from abstractgan.teaching import check, expect_error
from abstractgan.training.enhancement import SIGMA, enhancement
from abstractgan.training.pictures import build_picture_gan, training_photographs
from abstractgan.training.profiles import enhancement_profile
from abstractgan.training.recorded import enhancement_run
from abstractgan.widgets import PerceptionDistortion, Place

# %% [markdown]
# ## Better than what?
#
# To *enhance* a picture is to make this very picture better: larger, cleaner, brighter. So there is something that it
# should be like, even if nobody has it any more. To be able to measure, we go the other way round. We take good
# photographs, which no network on this page was trained on, and make them worse: {term}`super-resolution` gets a
# quarter of the pixels each way.

# %%
originals = np.stack([centre_square(photograph(name), 256) for name in HELD_OUT])
small = np.stack([shrink(picture) for picture in originals])
plain = np.stack([enlarge(picture) for picture in small])
print(dict(zip(HELD_OUT, (each.shape for each in small), strict=True)))

# %% mystnb={"image": {"alt": "Astronaut, cat and cup of coffee. Above, enlarged from sixty-four pixels by interpolation, they are soft and without hair or threads; below, the originals are crisp."}}
plots.show(
    plots.image_grid([*plain, *originals], 3, rows=["enlarged", "original"], size=2.0),
    photographs=True,
)

# %% [markdown]
# The upper row is what every program does that enlarges a picture: *bicubic* interpolation {cite:p}`keys1981` lays a
# smooth surface through the pixels. It is the one to beat.
#
# ### PSNR
#
# How far from the original is that? The usual measure is the {term}`PSNR`, the mean squared error on a logarithmic
# scale: with pixels in $[-1, 1]$ their range is 2, and
#
# $$\text{PSNR} = 10 \log_{10} \frac{2^2}{\text{MSE}} \quad \text{in decibels (dB).}$$
#
# **What do you expect?** A picture is off by 0.2 at every pixel. What is its PSNR, and what is it if the error halves?

# %%
grey = np.zeros((1, 16, 16, 3), "float32")
for error in (0.2, 0.1):
    print(
        f"off by {error}: {psnr(grey + error, grey):.2f} dB, by hand {10 * np.log10(4 / error**2):.2f}"
    )

# %% [markdown]
# Half the error is always about 6 dB more. Higher is better; two pictures that one can't tell apart have more than
# forty.
#
# (erratum-35)=
# :::{admonition} Erratum 35: to make a photograph look like art is not to enhance it
# :class: warning erratum
#
# **The article says** (§5)
#
# > 图像增强：可以使用抽象艺术风格迁移技术来增强图像的视觉效果。例如，可以将一幅具有美术风格的图像的风格应用到普通照片中，从而生成具有美术风格的新图像。
# >
# > *"Image enhancement: abstract-art style transfer can be used to enhance the visual effect of images. For example, the
# > style of an artistic image can be applied to an ordinary photograph, which gives a new image in that artistic style."*
#
# **What is right.** That is the example of image synthesis once more. To enhance means to make *this* picture better:
# larger, less noisy, brighter. One way to do so with a GAN is super-resolution.
#
# **See it.** Below: the cat, enlarged and given the style of a painting as the article asks, is far further from the
# cat than what interpolation gives for nothing.
# :::

# %%
stylizer = Stylizer.load()
painting = paint("orphism", seed=1_000)
repainted = stylizer.stylize(plain[1], stylizer.style(painting))


# %% tags=["nbval-ignore-output"]
def decibels(pictures, wanted):
    return psnr(to_float(np.atleast_1d(pictures)), to_float(np.atleast_1d(wanted)))


enlarged, styled = (decibels(each[None], originals[1:2]) for each in (plain[1], repainted))
print(f"enlarged {enlarged:.1f} dB, in the painting's style {styled:.1f} dB")
assert styled < enlarged - 6

# %% mystnb={"image": {"alt": "The soft, enlarged cat; the same cat in the bright colours and arcs of an abstract painting; and the original cat with every whisker. The repainted one has no more detail of the cat than the enlarged one."}}
row = [plain[1], repainted, originals[1]]
titles = ["enlarged", "the article's recipe", "original"]
plots.show(plots.image_grid(row, 3, titles, size=2.2), photographs=True)

# %% [markdown]
# A handsome picture, perhaps, and a new one: it has the colours of a painting, and no whisker more than before. So let us
# look for what the word means.
#
# ## Why pixels blur
#
# What does a network learn that is trained for PSNR? Take two originals of fine stripes. One begins with dark, the other
# with light. **What do you expect** of their small versions?

# %%
stripes = np.tile(np.uint8([88, 88, 168, 168]), (64, 16))[..., None].repeat(3, axis=2)
both = stripes, stripes[:, ::-1]
tiny = [shrink(each) for each in both]
middle = np.abs(tiny[0].astype(int) - tiny[1])[:, 2:-2].max()
print(f"the small ones differ by {middle} of 255 at most, the originals by {np.ptp(stripes)}")
assert middle <= 8 < np.ptp(stripes)

# %% [markdown]
# They are the same grey. A network that gets this grey has no way to know which of the two it was. It may guess one, and
# be right every other time. Or it may answer with the mean of both. **What do you expect:** which has the smaller
# mean squared error, and by how many decibels?

# %%
mse = {
    "one of the two": np.mean([np.square(to_float(both[0]) - to_float(b)).mean() for b in both]),
    "their mean": np.mean([np.square(to_float(b).mean() - to_float(b)).mean() for b in both]),
}
for answer, error in mse.items():
    print(f"{answer:15} MSE {error:.3f}")
gap = 10 * np.log10(mse["one of the two"] / mse["their mean"])
print(f"the mean is {gap:.1f} dB better")
assert 2.9 < gap < 3.1

# %% [markdown]
# The mean wins by 3 dB, and it is the only answer that is *certainly* wrong: no original is grey. That is why a loss on
# pixels blurs. Where many pictures are possible, it asks for their mean (of a squared loss) or their median (of an
# absolute one), and that is a picture which is none of them.
#
# Blau and Michaeli proved that this is no weakness of one loss {cite:p}`blau2018`. Call *distortion* what compares a
# result with its original, and *perception* how far the results, as a whole, can be told from originals. Then
# there is a bound: near it the one can only get better if the other gets worse. They also show what perfect perception
# costs at most, in mean squared error: a factor of two, which is the 3 dB of the stripes {cite:p}`blau2018`.
#
# So there is no best picture, there is a *curve*, and where on it one wants to be depends on what the picture is for. A
# doctor wants no invented vessel. A poster may have invented threads.
#
# ## Build
#
# Our network is a small SRResNet {cite:p}`ledig2017`: {term}`residual blocks <residual block>` that work on the *small*
# picture, where pixels are few. Only at the end do channels become pixels: {term}`sub-pixel upsampling`
# {cite:p}`shi2016` reads sixteen channels of one position as four by four pixels. **What do you expect** of eight
# channels, at a factor of two?

# %%
one_position = np.arange(8, dtype="float32").reshape(1, 1, 1, 8)
spread = DepthToSpace(2)(one_position)
print(tuple(spread.shape))
print(np.array(spread)[0].tolist())

# %% [markdown]
# Two by two pixels of two channels. What the network makes is *added* to the bicubic enlargement: it need not learn what
# interpolation knows. Its last layer begins with zeros, so untrained it is interpolation.

# %%
network = enhancer()
given = to_float(small[:1])
untrained = to_uint8(network(given))
off = np.abs(untrained.astype(int) - plain[:1]).mean()
print(f"{network.count_params()} weights; differs from bicubic by {off:.2f} of 255 on average")
assert off < 0.5

# %% [markdown]
# Denoising takes the same network with a factor of one: nothing is enlarged, and the blocks work on every pixel.
#
# ## Two losses, one start
#
# The **pixel** network minimises the mean absolute difference, and nothing else.
#
# The **GAN** goes on from there, as SRGAN does {cite:p}`ledig2017`: it begins with the weights of the pixel network, and
# then three losses have a say.

# %%
stages = enhancement_profile("super_resolution", "cpu")
for stage in (stages.pixel, stages.gan):
    print(stage.weights)

# %% [markdown]
# - **pixel** is the same loss, with a smaller weight. It keeps colours in their place.
# - **perceptual** compares VGG's feature maps of result and original, at `relu1_2` and `relu2_2`
#   {cite:p}`johnson2016`. Texture of the right kind in not quite the right place costs less there than grey does.
# - **adversarial** is minus the score of a patch discriminator, which is shown crops of originals and of results.
#
# One batch. **What do you expect:** which of the three losses minds most that the untrained result is blurred?

# %%
kind = enhancement("super_resolution")
brief = replace(
    enhancement_profile("super_resolution", "smoke").gan,
    width=16,
    discriminator_width=16,
    ramp=0,
    lr=3e-4,
)
gan = build_picture_gan(kind.task(), brief, seed=0)
teachers = [*map(photograph, training_photographs())]
data = picture_dataset(teachers, kind.task().spoil, 96, 8, steps=60, seed=0)
batch = next(iter(data))
print({name: tuple(values.shape) for name, values in batch.items()})

# %% tags=["nbval-ignore-output"]
losses, objective = gan.generator_objective(gan.generator(batch["given"]), batch["wanted"])
judged = gan.discriminator_objective(gan.generator(batch["given"]), batch["wanted"])
for name, value in {**losses, **judged}.items():
    print(f"{name:19} {float(value):6.3f}")
assert float(losses["pixel"]) < float(losses["perceptual"])

# %% [markdown]
# Both of the first two would be 0 for the original. Blur costs little in pixels, and several times as much in features,
# of which it misses what is fine. The judge is new and knows nothing.
#
# ## Train briefly
#
# Super-resolution has to learn textures from many pictures before it beats interpolation; a minute on five photographs
# is not enough. *Denoising* is learned sooner: what is noise shows in a few pixels. So we take that, with
# the pixel loss alone. (To enlarge was the harder task; nothing else in the code differs.)

# %% tags=["nbval-ignore-output"]
quieter = enhancement("denoising")
alone = replace(
    enhancement_profile("denoising", "smoke").pixel, width=16, epochs=2, steps_per_epoch=60, lr=3e-3
)
student = build_picture_gan(quieter.task(), alone, seed=0)
data = picture_dataset(teachers, quieter.task().spoil, 64, 8, steps=60, seed=0)
history = student.fit(data, epochs=2, steps_per_epoch=60, shuffle=False, verbose=0).history
print("pixel", *(f"{value:.4f}" for value in history["pixel"]))
assert history["pixel"][1] < history["pixel"][0]

# %% tags=["nbval-ignore-output"]
rng = np.random.default_rng(0)
noisy = np.stack([add_noise(picture, SIGMA, rng) for picture in originals])
before, after = (
    decibels(pictures, originals) for pictures in (noisy, to_uint8(student(to_float(noisy))))
)
print(f"noisy {before:.2f} dB, after {2 * 60} steps {after:.2f} dB")
assert after > before + 0.3

# %% [markdown]
# ## The recorded run
#
# The package carries the networks that `abstractgan train enhancement` gave, and the record of both stages.

# %%
pixel_run, gan_run = enhancement_run("super_resolution")
for run in (pixel_run, gan_run):
    settings = {
        name: run.config[name] for name in ("size", "batch_size", "epochs", "steps_per_epoch")
    }
    print(settings, f"{run.log['seconds'][-1] / 60:.0f} minutes")
print(len(pixel_run.config["photographs"]), "photographs of a folder; never trained on:", *HELD_OUT)
print(pixel_run.environment["processors"], "processors,", pixel_run.environment["processor"])

# %% [markdown]
# **What do you expect** of the second stage: what happens to the pixel loss of the held-out photographs when the other
# two losses begin to count?

# %% mystnb={"image": {"alt": "In the first stage both held-out losses fall and level off. In the second both rise again, the pixel loss far above where the first stage began."}}
with plt.rc_context(plots.STYLE):
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.4, 2.8), layout="constrained")
    start = pixel_run.log["step"][-1]
    for axes, name in ((left, "held_out_pixel"), (right, "held_out_perceptual")):
        for run, shift, mark, colour in (
            (pixel_run, 0, "o-", plots.BLUE),
            (gan_run, start, "s--", plots.ORANGE),
        ):
            measured = np.isfinite(run.log[name])
            label = "pixel stage" if shift == 0 else "GAN stage"
            axes.plot(
                run.log["step"][measured] + shift,
                run.log[name][measured],
                mark,
                color=colour,
                label=label,
            )
        axes.set(title=name.replace("held_out_", "held out: "), xlabel="step")
    left.legend()
plots.show(figure)

# %% [markdown]
# The judge has its price, and what the second stage gains does not show here: both losses compare with the original. It shows
# where nobody compares, as the next section measures.
#
# ## Four rulers
#
# Now the photographs that no stage has seen. Four measures:
#
# - **PSNR**, higher is better;
# - **SSIM** {cite:p}`wang2004`, which compares means, deviations and correlation in small windows: 1 is the original;
# - **VGG distance**: $\lVert f_r - f_o \rVert / \lVert f_o \rVert$ with the feature maps of result and original, the mean
#   of four layers; 0 is the original. Two of these layers, `relu3_1` and `relu4_1`, were in no loss. It is *not*
#   {term}`LPIPS` {cite:p}`zhang2018`, whose weights were fitted to what people see;
# - **KID** in form, on the style vectors of small squares. It alone does not compare a result with its own original:
#   it asks whether squares of results, as a set, are like squares of originals. So it is *perception* in the sense of
#   Blau and Michaeli, where the VGG distance is one more distortion. They found the trade-off to be weaker for
#   distances of deep features than for squared errors {cite:p}`blau2018`.
#
# **What do you expect:** who wins which?

# %%
vgg = vgg16(STYLE_LAYERS)


def vectors(pictures):
    return style_vectors(vgg, tiles(pictures, 32), batch=64)


squares = vectors(originals)


def rulers(pictures):
    result, wanted = to_float(pictures), to_float(originals)
    return {
        "PSNR": psnr(result, wanted),
        "SSIM": ssim(result, wanted),
        "VGG distance": vgg_distance(vgg, result, wanted),
        "KID": kid(vectors(pictures), squares),
    }


def table(rows):
    print(f"{'':14}", *(f"{name:>13}" for name in next(iter(rows.values()))))
    for name, row in rows.items():
        print(f"{name:14}", *(f"{value:13.3f}" for value in row.values()))


# %% tags=["nbval-ignore-output"]
larger = Enhancer.load("super_resolution")
results = {
    "bicubic": plain,
    "pixel network": np.stack([larger.enhance(picture, balance=0) for picture in small]),
    "GAN": np.stack([larger.enhance(picture, balance=1) for picture in small]),
}
measured = {name: rulers(pictures) for name, pictures in results.items()}
table(measured)
assert measured["pixel network"]["PSNR"] > measured["bicubic"]["PSNR"]
assert measured["pixel network"]["PSNR"] > measured["GAN"]["PSNR"]
assert measured["GAN"]["KID"] < measured["pixel network"]["KID"] < measured["bicubic"]["KID"]

# %% mystnb={"image": {"alt": "The cat's brow above an eye, four times: blurred after interpolation; with firmer stripes but smooth from the pixel network; with sharp stripes and a mottled texture between them from the GAN; and the original, where every hair can be seen."}}
crop = np.s_[0:96, 60:156]
row = [pictures[1][crop] for pictures in [*results.values(), originals]]
plots.show(plots.image_grid(row, 4, [*results, "original"], size=1.7), photographs=True)

# %% [markdown]
# The pixel network is the most faithful, and smooth. The GAN is further away by all three that compare with *this* original,
# and its squares are much harder to tell from squares of originals.
#
# Now look closely at what it added. Edges are crisp, and between them is texture, but no hair: by the *statistics* of
# small squares it is like fur, and our KID sees no more than that. Along hard edges, such as the rocket's behind the
# astronaut, it sets beads of light and dark. To see such things takes an eye.
#
# ## The way between
#
# Both networks have the same shape, and one began as the other. So their weights can be mixed, one by one
# {cite:p}`wang2018`: a *balance* of 0 is the pixel network, 1 the GAN. **What do you expect** of the
# networks in between? And of a mixture of the *pictures*, which is easier still?

# %%
BALANCES = np.linspace(0, 1, 11)


def along(enhancer, given):
    return [np.stack([enhancer.enhance(picture, b) for picture in given]) for b in BALANCES]


way = along(larger, small)


# %% tags=["nbval-ignore-output"]
def plane(pictures):
    result, wanted = to_float(pictures), to_float(originals)
    return psnr(result, wanted), kid(vectors(pictures), squares)


points = np.array([plane(pictures) for pictures in way])
bicubic = measured["bicubic"]["PSNR"], measured["bicubic"]["KID"]
first, last = way[0].astype(float), way[-1].astype(float)
mixtures = np.array(
    [plane(np.uint8(np.rint((1 - b) * first + b * last))) for b in (0.25, 0.5, 0.75)]
)
for balance, (decibel, apart) in zip(BALANCES[::2], points[::2], strict=True):
    print(f"balance {balance:.1f}: PSNR {decibel:.2f} dB, KID {apart:.3f}")
assert points[0, 0] > points[-1, 0] and points[0, 1] > points[-1, 1]

# %% mystnb={"image": {"alt": "On the plane of PSNR and KID bicubic interpolation lies high above a curve. The curve begins at the right with the pixel network, which has the highest PSNR, and leads down to the left to the GAN, which has the lowest KID: each step gives up one and gains in the other. Mixtures of pictures lie close to it."}}
with plt.rc_context(plots.STYLE):
    figure, axes = plt.subplots(figsize=(6.4, 3.4), layout="constrained")
    axes.plot(*points.T, "o-", color=plots.BLUE, label="weights mixed, balance 0 to 1")
    axes.plot(*mixtures.T, "x:", color=plots.GREEN, label="pictures mixed")
    for name, mark, place in zip(
        ("bicubic", "pixel network", "GAN"),
        "s^D",
        (bicubic, points[0], points[-1]),
        strict=True,
    ):
        axes.plot(*place, mark, color=plots.ORANGE, markersize=9)
        axes.annotate(name, place, (8, 8), textcoords="offset points")
    axes.set(xlabel="PSNR in dB (higher is better)", ylabel="KID (lower is better)")
    axes.margins(0.15)
    axes.legend()
plots.show(figure)

# %% [markdown]
# Nobody is at the lower right, where both would be good. Most of the way beats bicubic interpolation in both at once:
# *there* is something to be had for nothing. From the pixel network on, everything has its price. And the mixed pictures
# lie close to the curve of the mixed networks: to lay two results over each other is nearly as good.
#
# Move the slider. The picture is a part of the cat, enlarged; the point is the mean of all three photographs. Which
# balance would you take for a poster? And which for evidence?

# %%
places = [Place(pictures[1][crop], *point) for pictures, point in zip(way, points, strict=True)]
PerceptionDistortion(
    places, originals[1][crop], Place(plain[1][crop], *bicubic), "bicubic", balance=0.5
)

# %% [markdown]
# ## Is it invented?
#
# Of course: fifteen pixels of sixteen were not there. But an honest guess should at least agree with what *was*
# there. So shrink the results again, and compare with what the network was given. **What do you expect:** does the
# GAN respect it as well as the pixel network?

# %% tags=["nbval-ignore-output"]
agree = {
    name: decibels(np.stack([shrink(picture) for picture in pictures]), small)
    for name, pictures in results.items()
}
for name, decibel in agree.items():
    print(f"{name:14} shrunk again: {decibel:.1f} dB from what was given")
assert min(agree.values()) > measured["pixel network"]["PSNR"]

# %% [markdown]
# All of them agree with the evidence far better than they agree with the truth. What they differ in is just what nobody
# can check. Keep that in mind where a sharpened face is to be recognised: the eyes are somebody's, out of the training
# set, and not this person's.
#
# ## Denoising
#
# The same two stages, for another damage: white noise, as of a camera in the dark. What can be had without learning is
# older and better than bicubic interpolation: *non-local means* {cite:p}`buades2005` averages patches that look
# alike, wherever they are in the picture. It is told how strong the noise is.

# %%
by_hand = np.stack([
    to_uint8(2 * denoise_nl_means(
        picture / 255, patch_size=5, patch_distance=6, h=0.6 * SIGMA / 255, sigma=SIGMA / 255,
        fast_mode=True, channel_axis=-1,
    ) - 1)
    for picture in noisy
])  # fmt: skip

# %% tags=["nbval-ignore-output"]
cleaner = Enhancer.load("denoising")
cleaned = {
    "noisy": noisy,
    "non-local means": by_hand,
    "pixel network": np.stack([cleaner.enhance(picture, balance=0) for picture in noisy]),
    "GAN": np.stack([cleaner.enhance(picture, balance=1) for picture in noisy]),
}
quiet = {name: rulers(pictures) for name, pictures in cleaned.items()}
table(quiet)
assert quiet["pixel network"]["PSNR"] > quiet["non-local means"]["PSNR"]
assert quiet["pixel network"]["PSNR"] > quiet["GAN"]["PSNR"]

# %% mystnb={"image": {"alt": "The cat's whiskers five times: under coloured grain; with few whiskers left after non-local means; with most whiskers, thinner, from the pixel network; about the same, a little crisper, from the GAN; and the original."}}
whiskers = np.s_[150:246, 10:106]
row = [pictures[1][whiskers] for pictures in [*cleaned.values(), originals]]
plots.show(plots.image_grid(row, 5, [*cleaned, "original"], size=1.45), photographs=True)

# %% [markdown]
# The pixel network beats the classical method in all four. And the GAN pays hardly anything for a lower KID: of a noisy
# picture every pixel is known a little, so few originals are possible, and their mean is less blurred. The bound depends
# on how much was lost.
#
# ### What it was not trained for
#
# The networks know one strength of noise. **What do you expect** of one that is weaker, and of one that is
# stronger?

# %% tags=["nbval-ignore-output"]
gains = {}
for sigma in (SIGMA // 5, SIGMA, 2 * SIGMA):
    worse = np.stack([add_noise(picture, sigma, rng) for picture in originals])
    better = np.stack([cleaner.enhance(picture, balance=0) for picture in worse])
    gains[sigma] = decibels(better, originals) - decibels(worse, originals)
    print(f"noise of {sigma}: {gains[sigma]:+.1f} dB")
assert gains[SIGMA // 5] < 0 < gains[2 * SIGMA] < gains[SIGMA]

# %% [markdown]
# A network is good at what it was shown. It takes weak noise for strong, and details for noise, so that the picture is
# worse than before. Of noise twice as strong it takes away about what it always does, and leaves the rest. Others train on
# many strengths at once {cite:p}`zhang2017`, or tell the network which one it is.
#
# ## Use it
#
# In Python it is one line, for a photograph of any size and shape: a large one is worked on in tiles that overlap, so
# that memory stays bounded and no seam is left. On the command line:
#
# ```sh
# abstractgan enhance small.png --output large.png
# ```
#
# Add `--task denoising` to take noise away, and `--balance` to choose the place on the curve.

# %%
for shape in ((1, 1), (5, 3), (37, 50)):
    picture = photograph("coffee")[: shape[0], : shape[1]]
    print(shape, "->", larger.enhance(picture).shape[:2], " ", cleaner.enhance(picture).shape[:2])

# %%
with expect_error(UserError, "The result would have more pixels than fit.", match="million"):
    larger.enhance(np.zeros((9_000, 9_000, 3), "uint8"))

# %% [markdown]
# ## Summary
#
# - To enhance is to come nearer to an original. A style leads away from it.
# - Where many originals are possible, a loss on pixels asks for their mean, and the mean is blurred.
# - A perceptual and an adversarial loss ask for one of them instead. It costs PSNR, and results look more like originals.
# - Between distortion and perception there is a curve, and weights that are mixed lead along it.
# - What a GAN adds agrees with what was given, and is invented all the same.
#
# ## Exercises
#
# **1. Decibels.** A network makes the mean squared error four times smaller. How many decibels is that?

# %%
my_decibels = ...  # your answer, a number
check(
    "decibels",
    my_decibels,
    lambda x: abs(x - 10 * np.log10(4)) < 0.05,
    "It is 10 log10 of the ratio.",
)

# %% [markdown]
# :::{admonition} Solution
# :class: dropdown
# $10 \log_{10} 4$, about 6: halving the error quarters its square.
# :::
#
# **2. Eight eyes.** Enlarge a picture and its mirror image, mirror the second result back, and average the two. Is the
# mean better in PSNR? In KID? For the pixel network, and for the GAN? Say first what you expect.
#
# :::{admonition} Solution
# :class: dropdown
# PSNR rises for both, and most for the GAN: what the two guesses do not agree on is averaged away. That is blur once more,
# so both lose in KID. See the cell below.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
gained = {}
for name, balance in (("pixel network", 0), ("GAN", 1)):
    mirrored = [larger.enhance(picture[:, ::-1], balance)[:, ::-1] for picture in small]
    mean = np.uint8(np.rint((np.stack(mirrored).astype(float) + results[name]) / 2))
    gained[name] = np.subtract(plane(mean), [measured[name][key] for key in ("PSNR", "KID")])
    print(f"{name}: PSNR {gained[name][0]:+.2f} dB, KID {gained[name][1]:+.3f}")
assert gained["GAN"][0] > gained["pixel network"][0] > 0
assert min(change[1] for change in gained.values()) > 0

# %% [markdown]
# **3. Larger still.** Enlarge a result once more, by four again. Which network's second result looks worse, and
# why? (Shrink a held-out photograph twice, so that you have an original.)
#
# :::{admonition} Solution
# :class: dropdown
# The second pass gets an input of another kind than in training: a picture that was *made*. The pixel network's is too
# smooth, so the second pass finds little to sharpen; it is still better than one bicubic enlargement. The GAN's texture is
# taken for true and enlarged, and it ends below bicubic interpolation. See the cell below.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
tinier = np.stack([shrink(picture) for picture in small])
simple = np.stack([enlarge(picture, 16) for picture in tinier])
again = {"bicubic": decibels(simple, originals)}
for name, balance in (("pixel network", 0), ("GAN", 1)):
    twice = np.stack([larger.enhance(larger.enhance(p, balance), balance) for p in tinier])
    again[name] = decibels(twice, originals)
for name, decibel in again.items():
    print(f"{name:14} PSNR {decibel:.2f} dB")
assert again["GAN"] < again["bicubic"] < again["pixel network"]

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

Quiz(
    [
        Question(
            "Two originals have the same small picture. Which answer has the smallest mean squared error?",
            list(mse),
            answer=min(mse, key=mse.get),
            feedback="The mean is nearest to both, and is neither.",
        ),
        Question(
            "Which of these has the highest PSNR?",
            list(measured),
            answer=max(measured, key=lambda name: measured[name]["PSNR"]),
            feedback="It is what it was trained for.",
        ),
        Question(
            "And which has the lowest KID?",
            list(measured),
            answer=min(measured, key=lambda name: measured[name]["KID"]),
            feedback="It was trained so that its patches look real, wherever they lie.",
        ),
    ]
)

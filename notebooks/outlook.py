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
# # Outlook: what is not solved, and what it costs
#
# *The article's §7, 总结：未来发展趋势与挑战.*
#
# The article ends with two hopes and two worries. It hopes for film and games, and that progress will come with time.
# It worries about computation, and about pictures that "do not correspond to reality". None of the four has a number.
# Some of them can be measured in a minute, for others there are good sources, and one great question the article
# doesn't ask at all: whose style is it?
#
# After this page you will be able to
#
# - estimate the energy of a run from its time, with every assumption in a variable, and say which of them decides;
# - measure why a repainted film flickers;
# - explain what a diffusion model does in each step, and why a perfect one could only copy;
# - tell what is settled and what is open about the rights in paintings, styles and results, and where to read on.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 20 s and 1.1 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import re
import time
from importlib.resources import files
from itertools import pairwise
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
from scipy.ndimage import uniform_filter
from scipy.special import softmax

# %%
from abstractgan import plots
from abstractgan.data.images import to_float
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import photograph
from abstractgan.metrics.style import measured_style
from abstractgan.stylize import Stylizer
from abstractgan.training.recorded import digit_run, style_run

# %% [markdown]
# ## "A lot of computation"
#
# > 首先，生成对抗网络的训练过程需要大量的计算资源和时间。
# >
# > *"First, training a GAN needs a great deal of computing resources and time."* (§7)
#
# How much is a great deal? This course has kept the time of everything that it shows. The four arms are the
# experiment at the end of [the style GAN](style_gan.ipynb).

# %% tags=["nbval-ignore-output"]
arms = files("abstractgan") / "assets" / "measured" / "style_ablations.csv"
seconds = {
    "digit GAN": digit_run().log["seconds"][-1],
    "style GAN": style_run("cpu").log["seconds"][-1],
    "its four arms": np.genfromtxt(arms, delimiter=",", names=True)["seconds"].sum(),
    "all chapters, run once": 17 * 60,  # the times at their tops, added up
}
for name, spent in seconds.items():
    print(f"{name:24}{spent / 60:6.0f} minutes")
assert not digit_run().environment["gpus"] and not style_run("cpu").environment["gpus"]

# %% [markdown]
# All of that on two processor cores. One run had a GPU, the one whose weights the course paints with:

# %%
on_gpu = style_run("gpu")
gpu_seconds = on_gpu.log["seconds"][-1] + on_gpu.environment["preparation_seconds"]
print(*on_gpu.environment["gpus"], f"{gpu_seconds / 60:.1f} minutes, compiling included")

# %% [markdown]
# So the worry needs an answer in two parts. To learn, and to paint a
# photograph that one can hang up, one needs a laptop and some hours. What needs a great deal is size: more pixels,
# more pictures, more variety. [The full training run](full_training.ipynb) tells what a GPU changes, and how to know
# the time before it is spent.
#
# ## What it costs in energy
#
# Time is what one notices. Behind it stand watts. We couldn't read a meter, so this is an *estimate*; the formula is
# that of {cite:t}`lannelongue2021`: time, times power of cores and memory, times what the building needs on top, its
# {term}`power usage effectiveness`.
#
# Each assumption has a low and a high value. **Change them**: they are yours as much as ours.

# %%
CORES = 2
WATTS_A_CORE = np.array([250 / 64, 12])  # one of 64 in a server; a core of unknown make
WATTS_A_GPU = np.array([350, 700])  # half of an H100's limit; all of it
GIGABYTES = np.array([2, 4])
WATTS_A_GIGABYTE = np.array([0.3725, 0.3725])
BUILDING = np.array([1, 1.67])  # at home; an average computing centre
GRAMS_A_KWH = np.array([24, 820])  # of CO2: all from water; all from coal

# %%
watts = CORES * WATTS_A_CORE + GIGABYTES * WATTS_A_GIGABYTE
print(f"two cores and their memory: {watts[0]:.0f} to {watts[1]:.0f} watts")


def watt_hours(seconds, watts=watts):
    return seconds / 3600 * watts * BUILDING


# %% [markdown]
# The high value of a core, the watts of memory and the high value of the building are what the calculator of
# {cite:t}`lannelongue2021` takes where nothing better is known. The two ends of the grid are the medians for
# hydropower and coal over the whole life of a power station {cite:p}`schlomer2014`. The limit of the GPU is its maker's
# {cite:p}`nvidiah100`; beside it we count its sixteen cores. The server is our own guess, and so is half of the limit.
#
# **What do you expect?** How much is the style GAN's whole training beside boiling a litre of water: a hundredth,
# about as much, or a hundred times as much?

# %% tags=["nbval-ignore-output"]
kettle = 4.19 * (100 - 20) / 3.6  # kJ for each kg and degree; 3.6 kJ are a watt-hour
lamp = 10 * 5  # ten watts, five hours
ours = {name: watt_hours(spent) for name, spent in seconds.items()}
beside = on_gpu.environment["processors"] * WATTS_A_CORE
ours["style GAN on a GPU"] = watt_hours(gpu_seconds, WATTS_A_GPU + beside)
ours["all of these"] = sum(ours.values())
for name, (low, high) in ours.items():
    print(f"{name:24}{low:5.0f} to {high:3.0f} Wh")
print(f"{'a litre to the boil':24}{kettle:5.0f} Wh")
assert ours["all of these"][1] < 20 * kettle
assert ours["style GAN on a GPU"][0] > ours["style GAN"][0]

# %%
painted = {
    name: run.config["size"] ** 2 * run.config["batch_size"] * run.log["step"][-1]
    for name, run in {"two cores": style_run("cpu"), "GPU": on_gpu}.items()
}
print(f"the GPU painted {painted['GPU'] / painted['two cores']:.0f} times as many pixels")

# %% [markdown]
# Fast is not frugal: the GPU's few minutes took more than the two cores' long run. For a pixel painted it is the other way
# round. The usual end of a faster machine is a larger run.
#
# Kettles, then, and not power stations. What is that beside larger work? Some have counted. StyleGAN2 is a GAN for
# faces: one training took 0.68 MWh, and the whole project 131.61 MWh {cite:p}`karras2020`. The first Stable Diffusion
# took 150 000 GPU hours {cite:p}`stablediffusion2022`; at 250 W for each GPU, the limit of that board, one can work
# out the rest.

# %% mystnb={"image": {"alt": "On a scale where each line means ten times more, this course's runs lie around the lamp and the kettle; one training of StyleGAN2 lies thousands of times further right, and its whole project and Stable Diffusion lie further still."}}
others = {
    "a lamp, one evening": (lamp, lamp),
    "a litre to the boil": (kettle, kettle),
    "StyleGAN2, one training": (0.68e6, 0.68e6),
    "StyleGAN2, the project": (131.61e6, 131.61e6),
    "Stable Diffusion": (150_000 * 250, 150_000 * 250),
}
figure, axis = plt.subplots(figsize=(7, 3.4), layout="constrained")
for row, (name, (low, high)) in enumerate((ours | others).items()):
    colour = plots.BLUE if name in ours else plots.GREY if high < 1000 else plots.ORANGE
    axis.plot([low, high], [row, row], "o-", color=colour, linewidth=6, markersize=6)
axis.set_yticks(range(len(ours | others)), [*ours, *others])
axis.invert_yaxis()
axis.set(xscale="log", xlabel="watt-hours")
axis.grid(axis="x", color="#DDDDDD")
plots.show(figure)

# %% tags=["nbval-ignore-output"]
times = 0.68e6 / ours["style GAN"]
print(f"StyleGAN2: {round(times[1], -3):.0f} to {round(times[0], -3):.0f} times ours")
assert times[1] > 1000

# %% [markdown]
# ### What decides
#
# **What do you expect?** Which of the assumptions moves the result most, once it is counted in grams of CO₂?

# %%
spread = {
    "the grid": GRAMS_A_KWH,
    "watts of cores and memory": watts,
    "the building": BUILDING,
}
for name, (low, high) in spread.items():
    print(f"{name:26} high / low = {high / low:.1f}")

# %% tags=["nbval-ignore-output"]
grams = ours["style GAN"] / 1000 * GRAMS_A_KWH
print(f"style GAN: {grams[0]:.2g} to {grams[1]:.2g} g")
assert grams[1] / grams[0] > 50

# %% [markdown]
# *Where and when* one computes decides more than all the rest together.
#
# Three things are not in these numbers, and all of them would raise them. To make the computer took energy too. The
# copies of this page on many desks count as often as they are run. And **the runs that nobody sees**: those that
# failed, and those that came before the one that is shown. We didn't record ours. StyleGAN2's authors did record
# theirs:

# %%
tries = 131.61 / 0.68
print(f"the whole project: {tries:.0f} times the training that is shown")

# %% [markdown]
# If you publish a run, write down the tries too. It is one line in a log, and nobody can find it out afterwards.
#
# ## "Pictures that do not correspond to reality"
#
# > 其次，生成对抗网络可能会生成一些不符合实际的图像，需要进一步的处理和修正。
# >
# > *"Second, a GAN may generate images that do not correspond to reality, which need further processing and correction."* (§7)
#
# For abstract art that is no fault. But there are others, and most have a cause that one can name. It is not always
# the GAN:
#
# - a regular grid comes from the overlap of transposed convolutions {cite:p}`odena2016`;
# - a dark frame comes from {term}`zero padding`, as [the style GAN](style_gan.ipynb) measures on a plain grey wall;
# - one and the same picture again and again is {term}`mode collapse`, and [What goes wrong](what_goes_wrong.ipynb)
#   provokes it.
#
# None of these is mended by "further processing". Each is mended where it comes from.
#
# ## Film and games
#
# > 未来，抽象艺术风格迁移技术可能会应用于更多领域，如电影制作、游戏开发等。
# >
# > *"In future, abstract-art style transfer may be applied in more fields, such as film making and game development."* (§7)
#
# Film came early: scenes of *Come Swim* were repainted from the director's own painting {cite:p}`joshi2017`. What
# stands in the way of doing this with our network, picture by picture? A camera that pans over a photograph is the
# simplest film. Each frame is the last one, moved by some pixels.


# %%
def frame(moved, side=160):
    return photograph("china")[100 : 100 + side, 200 + moved : 200 + moved + side]


# %%
stylizer = Stylizer.load()
style = stylizer.style(paint("rayonism", seed=1_000, size=256))
first, second = (
    stylizer.stylize(frame(moved), style)[:, 1 - moved : 160 - moved] for moved in (0, 1)
)
apart = np.abs(first.astype(int) - second)

# %% mystnb={"image": {"alt": "A roof with a golden edge, and twice the same roof in slanting strokes. The camera has moved by one pixel between the two; their difference shows every edge and many a stroke."}}
titles = ["a frame", "repainted", "the next", "difference"]
shown = [frame(0)[:, 1:], first, second, np.clip(255 - 3 * apart, 0, 255).astype("uint8")]
plots.show(plots.image_grid(shown, 4, titles, size=1.8), photographs=True)

# %% [markdown]
# The next frame is laid on the first one here, so that each roof tile lies on itself; in the difference, white is
# none. As a number: the mean over all pixels, in grey levels of 256, without the margin; 0 would be no flicker.
#
# **What do you expect?** The further the camera moves, the larger the difference?


# %%
def flicker(moved, margin=40):
    first, second = (stylizer.stylize(frame(m), style).astype(float) for m in (0, moved))
    inside = slice(margin, -margin)
    first, second = (
        first[inside, margin + moved : -margin],
        second[inside, margin : -margin - moved],
    )
    return np.abs(first - second).mean()


# %% tags=["nbval-ignore-output"]
steps = [1, 2, 3, 4, 6, 8, 12, 16]
changes = {moved: flicker(moved) for moved in steps}
print(*(f"{moved}: {change:.1f}" for moved, change in changes.items()), sep="   ")
assert min(changes, key=changes.get) == 8

# %% mystnb={"image": {"alt": "The flicker is large after a step of one, two or three pixels, lower after four, lowest after eight, and low again after sixteen."}}
figure, axis = plt.subplots(figsize=(6, 2.8), layout="constrained")
axis.plot(steps, changes.values(), "o-", color=plots.BLUE)
axis.set(xlabel="pixels that the camera moves", ylabel="flicker", ylim=(0, None), xticks=steps)
plots.show(figure)

# %% [markdown]
# Not at all. A step of eight pixels does least harm, and a step of one nearly the most. VGG halves its maps three
# times before `relu4_1`, so the network looks at the photograph through a grid of eight pixels. Move the photograph
# by eight, and all falls into the same meshes; move it by one, and none does. {term}`Flicker <flicker>` is not noise:
# it is a grid, and the second exercise takes nearly all of it away, at a price. Those who repaint films tell the
# network what moved where, and train or optimise for frames that agree {cite:p}`ruder2016`.
#
# And games? There the time is short.

# %% tags=["nbval-ignore-output"]
started = time.perf_counter()
stylizer.stylize(frame(0), style)
spent = time.perf_counter() - started
pixels = 1920 * 1080 / frame(0)[..., 0].size
print(f"a frame of 160 x 160: {1000 * spent:.0f} ms; of a large screen: {pixels * spent:.0f} s")
print(
    f"a game has {1000 / 60:.0f} ms; an hour of film takes {3600 * 24 * pixels * spent / 86400:.0f} days"
)
low, high = watt_hours(pixels * spent)
print(f"and its energy: {low:.2g} to {high:.2g} Wh a frame")
assert pixels * spent > 1 / 60

# %% [markdown]
# On two cores, that is: a GPU does many such frames at once, and the first fast networks for one style already ran in
# real time on one {cite:p}`johnson2016`.
#
# ## "It keeps improving"
#
# > 随着深度学习技术的不断发展和进步，抽象艺术风格迁移技术也会不断提高其性能和效率。
# >
# > *"As deep learning goes on developing, the technique of abstract-art style transfer will go on improving its performance
# > and efficiency."* (§7)
#
# [Erratum 39](#erratum-39) asked: measured by what? Now that there is a measure, does it get better by itself? First
# within one run. The recorded training has measured held-out paintings as it went.

# %% tags=["nbval-ignore-output"]
held_out = style_run("cpu").log["held_out_gram"]
held_out = held_out[np.isfinite(held_out)]
gained = (held_out[0] - held_out) / (held_out[0] - held_out.min())
half = len(gained) // 2
print(f"of all that was gained, {gained[half]:.0%} came in the first half of the run")
assert gained[half] > 0.5

# %% [markdown]
# Then over the years. Three methods, each at the greatest strength that was measured, on pairs of a photograph and a
# painting; lower is better. (Magenta's is the small edition for telephones, as in
# [Does it work?](does_it_work.ipynb#side-by-side).)
#
# **What do you expect:** does the newest win?

# %% tags=["nbval-ignore-output"]
this_year = int(style_run("gpu").environment["started"][:4])
years = {"Gatys": 2016, "Magenta": 2017, "ours": this_year}
rows = {row["method"]: row for row in sorted(measured_style(), key=lambda row: row["strength"])}
for name, year in years.items():
    row = rows[name]
    print(f"{year} {name:8} {row['pairs']:2.0f} pairs: style missed {row['gram5']:.2f}", end="   ")
    print(f"content lost {row['content']:.2f}")
assert rows["Gatys"]["gram5"] < min(rows["Magenta"]["gram5"], rows["ours"]["gram5"])
assert rows["Gatys"]["content"] < min(rows["Magenta"]["content"], rows["ours"]["content"])

# %% [markdown]
# The oldest wins in both numbers, and by more than a few pairs can blur. What the years have brought is *speed*: its
# pictures take dozens of passes each, the others one pass. What they have not brought is a measure that all agree on;
# [Does it work?](does_it_work.ipynb) fools those that we have. Nothing improves by itself, and least of all what
# isn't measured.
#
# ## Diffusion: what came after
#
# Much has improved elsewhere. The pictures that most people now call "AI art" come from {term}`diffusion models
# <diffusion model>`, which overtook GANs in image quality {cite:p}`dhariwal2021`. The idea fits on this page
# {cite:p}`sohldickstein2015,ho2020`. Destroying a picture is easy: mix in noise, level by level, until nothing else
# is left.

# %%
SIDE = 32
known = np.stack([to_float(paint(name, seed=0, size=SIDE)) for name in MOVEMENTS])
noise = np.random.default_rng(0).normal(size=known[0].shape)
levels = (0, 0.5, 0.8, 0.95, 1)

# %% mystnb={"image": {"alt": "From left to right the same small painting sinks into coloured noise, until on the far right nothing of it can be seen."}}
example = known[list(MOVEMENTS).index("orphism")]
sinking = [np.sqrt(1 - level**2) * example + level * noise for level in levels]
titles = [f"noise {level:g}" for level in levels]
plots.show(plots.image_grid(np.clip(sinking, -1, 1), 5, titles, size=1.4))

# %% [markdown]
# A diffusion model learns the way back: a {term}`denoiser` sees a noisy picture and says what it thinks was there.
# Making a picture then means to start from pure noise, ask, go a small step towards the answer, and ask again. There
# is no second network, and so no game: one loss, which falls. The price is the asking. Ho et al. ask 1000 times for
# one picture {cite:p}`ho2020`, a GAN paints in one pass.
#
# Which denoiser would be best? With a few paintings one need not train it, one can *compute* it. What was there? Each
# known painting is a candidate, and weighs the more, the better it fits what is seen. The mean over all candidates
# makes the least error on average. In `fit`, `reach` says how much of the picture is compared: with the whole side it
# is all of it.


# %%
def denoise(seen, level, reach):
    errors = (seen - np.sqrt(1 - level**2) * known) ** 2
    misfit = reach**2 * uniform_filter(errors.sum(axis=3), (0, reach, reach), mode="wrap")
    fit = softmax(-misfit / (2 * level**2), axis=0)
    return (fit[..., None] * known).sum(axis=0)


# %%
def diffuse(seed, reach=SIDE, steps=40):
    picture, film = np.random.default_rng(seed).normal(size=known[0].shape), []
    for level, lower in pairwise(np.linspace(0.999, 0, steps + 1)):
        answer = denoise(picture, level, reach)
        film.append((picture, answer))
        left = (picture - np.sqrt(1 - level**2) * answer) / level  # the noise, as it must then be
        picture = np.sqrt(1 - lower**2) * answer + lower * left
    return picture, film


# %% mystnb={"image": {"alt": "Above, coloured noise clears up within forty steps and becomes a small abstract painting. Below, what the denoiser answers at each of these steps: first a mixture of several paintings, soon one of them alone."}}
picture, film = diffuse(seed=4)
shown = [0, 2, 5, 20, 39]
frames = [film[step][row] for row in (0, 1) for step in shown]
titles = [f"step {step}" for step in shown] + [""] * len(shown)
plots.show(
    plots.image_grid(np.clip(frames, -1, 1), len(shown), titles, rows=["seen", "answer"], size=1.2)
)

# %% [markdown]
# It works, and nothing was trained. The denoiser is the best that there can be. **What do you expect:** twenty seeds,
# twenty pictures. How many of them are new?

# %%
results = np.stack([diffuse(seed)[0] for seed in range(20)])
apart = np.abs(results[:, None] - known).mean(axis=(2, 3, 4))
copies = apart.min(axis=1) < 0.01
print(f"{copies.sum()} of {len(copies)} are copies, of {len(set(apart.argmin(axis=1)))} paintings")

# %% [markdown]
# Not one. **The perfect denoiser can only copy.** Whatever real diffusion models make that is new, they make it
# because they are *not* perfect. In what way? Kamb and Ganguli point to one: a convolution sees only a small piece of
# the picture at a time {cite:p}`kamb2025`. In our code that is one number.

# %% mystnb={"image": {"alt": "Five small pictures that are in no collection: each is a patchwork of pieces of several paintings that run into each other."}}
new = [diffuse(seed, reach=9)[0] for seed in range(5)]
plots.show(plots.image_grid(np.clip(new, -1, 1), 5, size=1.4))

# %%
apart = np.abs(np.stack(new)[:, None] - known).mean(axis=(2, 3, 4))
print(f"{(apart.min(axis=1) < 0.01).sum()} of {len(new)} are copies")

# %% [markdown]
# Each piece is from a known painting, and no whole is. Call it a collage, or a composition: whether such a model
# copies depends on how large the pieces are. And real models do copy now and then. Carlini et al. drew over a
# thousand training pictures out of large diffusion models, and found them to give away more than GANs do
# {cite:p}`carlini2023`. Test yours: [Does it work?](does_it_work.ipynb#does-it-copy) has the test.
#
# Are GANs dead? Three observations.
#
# - Style transfer has moved too: InST learns a painting's style as a new word of a large model's language
#   {cite:p}`zhang2023`, StyleID exchanges keys and values of its attention and needs no training {cite:p}`chung2024`.
#   Both need that large model.
# - The discriminator came back to make diffusion fast: with an adversarial loss a diffusion model paints in one to
#   four steps {cite:p}`sauer2024`.
# - A GAN with a well-behaved loss and a modern network, and without the old tricks, keeps up with diffusion models on
#   several data sets {cite:p}`huang2024`.
#
# ## Whose style?
#
# *This section is no legal advice, and it will age.* It tells what its sources say; laws differ between countries,
# and courts are still deciding. If you want to publish or sell, ask a lawyer where you live.
#
# Our network was trained on other people's pictures. Which?

# %% tags=["nbval-ignore-output"]
config = style_run("gpu").config
artists = sorted({picture["name"].split("-")[0] for picture in config["paintings"]})
print(f"{len(config['paintings'])} paintings of a folder, by")
print(fill(", ".join(artists)))
newest = max(re.search(r"\d{4}", picture["name"])[0] for picture in config["paintings"])
print(f"the newest of {newest}; {len(config['photographs'])} photographs of a folder")
assert all(len(picture["sha256"]) == 64 for picture in config["paintings"])

# %% [markdown]
# Each is in the run's `config.json` with its SHA-256. No painting of the folder is younger than the year that is
# printed, and the rest are drawn by code. That is a choice. It costs something: no living painter's manner is in
# there. It gives something too: nobody who could have been asked was passed over.
#
# "Free" has a country, though. The EU counts from the artist's death {cite:p}`eu2006`, other laws count old works
# from their publication. So a name in this list may be free where you read this, and protected where your neighbour
# does.
#
# **Does a style belong to someone?** In the United States copyright doesn't extend to ideas or methods
# {cite:p}`usc102`, and protects no artist's style as something apart from the works {cite:p}`usco2024`. *Open:* a
# result can still come too close to one *work*, and names and trade marks have laws of their own.
#
# **May one train on protected works?** In the EU, {term}`text and data mining` is allowed to research organisations,
# and to anyone else unless the right holder has reserved it, for works on the web in a form that machines can read
# {cite:p}`eu2019`. Providers of general-purpose models must have a policy that respects this, and publish a summary
# of what they trained on {cite:p}`eu2024`. The US Copyright Office finds that some of it will be {term}`fair use` and
# some not, case by case {cite:p}`usco2025training`. *Open:* artists have sued Stability AI and others; in 2024 the
# court let their claim of direct infringement go on {cite:p}`andersen2024`. Look up where it stands.
#
# **Is the model itself a copy?** The High Court in London found that the weights of Stable Diffusion don't store the
# works, and so are no infringing copy {cite:p}`getty2025`. *Open:* leave to appeal was given, and whether the
# training infringed was not decided. And extraction, above, shows that pictures can come out.
#
# **Who owns the result?** For the US Copyright Office a human must have determined its expressive elements, and a
# prompt alone isn't enough {cite:p}`usco2025works`. The Beijing Internet Court protected a picture from Stable
# Diffusion, since its user's choice of words and settings had made it his own expression {cite:p}`liliu2023`. *Open:*
# where the line runs, and whether it is one line.
#
# ### Living artists
#
# What the law leaves open, decency need not. Whoever can be asked can say no. A style is a living painter's
# livelihood in another way than it is Kandinsky's, and a network that paints like her competes with her. Artists have
# begun to defend themselves: Glaze changes a picture hardly visibly, so that a model that is trained on it learns
# another style {cite:p}`shan2023`. It uses style transfer, by the way, to compute that change.
#
# So before you publish a model or a picture, four questions:
#
# 1. Can I name each picture that was trained on, and say why I may?
# 2. Is somebody among the artists whom I could have asked?
# 3. Does the result say how it was made, and after whom?
# 4. Have I tested that it doesn't copy?
#
# ## Summary
#
# - The article's four sentences have numbers now. The training that it fears costs about what a kettle costs here,
#   and thousands of times that where size matters. The grid decides about the carbon.
# - Flicker is a grid of eight pixels and not bad luck; grids, frames and collapse have causes as well.
# - On our measures the oldest method still has the best pictures. The years have brought speed.
# - Diffusion models ask a denoiser many times. A perfect one copies; what is new comes from what it cannot see.
# - Style, training, weights, results: four different questions of law, and each has another answer in each country.
#
# ## Exercises
#
# **1. Your own machine.** Look up the watts of your processor and the grams of your grid, and put both ends of each
# range on them. How much narrower is the result, and what is left of the range?
#
# :::{admonition} Solution
# :class: dropdown
# The grid's factor is gone at once, and with it most of the range. What is left is the power under *this* load, which
# only a meter at the socket knows.
# :::
#
# **2. A calmer film.** From left to right the grid can lie in eight ways. Repaint a frame in each of them, move the
# results back, and take the mean: how much does it flicker, and what does it cost?
#
# :::{admonition} Solution
# :class: dropdown
# Hardly at all: wherever the camera stands, the mean is over the same eight. In return each frame takes eight passes,
# and its strokes become softer. See the cell below.
# :::


# %% tags=["hide-cell", "nbval-ignore-output"]
def calmer(moved, side=160):
    passes = [stylizer.stylize(frame(moved - back, side + 8), style) for back in range(8)]
    return np.mean([p[:side, back : back + side] for back, p in enumerate(passes)], axis=0)


first, second = calmer(0), calmer(1)
calm = np.abs(first[40:-40, 41:-40] - second[40:-40, 40:-41]).mean()
print(f"one pass: {changes[1]:.1f}   eight passes: {calm:.1f}")
assert calm < changes[1] / 2

# %% [markdown]
# **3. How large is a piece?** Draw the share of copies against `reach`. Where does the model stop to copy?
#
# :::{admonition} Solution
# :class: dropdown
# A model that sees nearly the whole copies, one that sees little doesn't, and in between the change is quick. See the
# cell below.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
shares = {}
for reach in (3, 7, 15, 23, SIDE):
    made = np.stack([diffuse(seed, reach)[0] for seed in range(8)])
    apart = np.abs(made[:, None] - known).mean(axis=(2, 3, 4))
    shares[reach] = float((apart.min(axis=1) < 0.01).mean())
print(shares)
assert shares[3] == 0 and shares[SIDE] == 1

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

Quiz(
    [
        Question(
            "Which assumption moves the estimate of CO2 most?",
            [*spread],
            answer=max(spread, key=lambda name: spread[name][1] / spread[name][0]),
            feedback="Between water and coal lies a factor of more than thirty.",
        ),
        Question(
            "After which step of the camera does our network's picture flicker least?",
            [1, 3, 8],
            answer=min([1, 3, 8], key=changes.get),
            feedback="Three times VGG halves its maps: its grid has a mesh of eight pixels.",
        ),
        Question(
            "Of twenty pictures by the perfect denoiser, how many were new?",
            [0, 10, 20],
            answer=int((~copies).sum()),
            feedback="It weighs the paintings that it knows, and in the end one of them has all the weight.",
        ),
    ]
)

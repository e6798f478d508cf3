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
# # The full training run
#
# *The article's §4, 项目实践, on hardware that its code was written for.*
#
# One command trains the style GAN on anything from two CPU cores to several GPUs. This page goes through it, and opens in
# Colab with a GPU selected. Two recorded runs are shown: the cpu profile on two cores with TensorFlow, and the gpu profile on
# an NVIDIA H100 with JAX, whose weights the course uses. **TensorFlow was not run on a GPU when the book was made**: what is
# said of it there is reasoning that the cells check as far as a CPU can.
#
# After this page you will be able to
#
# - choose a profile for your device, and know how long the run will take before it starts;
# - say what float16 breaks, and which parts of the GAN must not be computed in it;
# - kill a run, resume it, and watch it in TensorBoard;
# - train on thousands of pictures, and on several GPUs, and name what limits each.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 95 s and 1.0 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import os
import tempfile

# This kernel and the command that it starts share one GPU: let neither take all of its memory.
os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"
os.chdir(tempfile.mkdtemp())

# %%
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from PIL import Image

# %%
from abstractgan import plots
from abstractgan.data.images import load_image, to_float
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.data.pipeline import style_dataset
from abstractgan.features import gram_matrix, vgg16
from abstractgan.networks import STYLE_LAYERS, StyleDecoder, style_discriminator
from abstractgan.training.profiles import STYLE_PROFILES
from abstractgan.training.recorded import style_run
from abstractgan.training.style_pictures import squares_of_each

# %% [markdown]
# ## One code path, three profiles
#
# A profile is data: sizes and settings, and no code of its own. So what the smoke profile shows in a minute on a CPU is
# what the gpu profile does on a GPU.
#
# **What do you expect?** Which settings must change on a GPU, and which would you leave alone?

# %%
profiles = {name: asdict(profile) for name, profile in STYLE_PROFILES.items()}
print(f"{'':20}", *(f"{name:>8}" for name in profiles))
for setting in profiles["cpu"]:
    row = [profile[setting] for profile in profiles.values()]
    if len(set(map(str, row))) > 1 and setting != "name":
        print(f"{setting:20}", *(f"{value!s:>8}" for value in row))
print(
    "in common:", *(k for k in profiles["cpu"] if len({str(p[k]) for p in profiles.values()}) == 1)
)

# %% [markdown]
# The losses' weights are the same everywhere: what the GAN is *for* does not depend on the machine. Crops, batches and the
# length of the run grow; so does the discriminator, which has more pictures to learn from. The last two lines are the
# only ones about the device itself.
#
# Which one is for you? The rest of the page asks the device. In Colab, *Runtime > Change runtime type* gives it a GPU, as long
# as there are some left; without one, the smoke profile shows that all works.

# %%
gpus = tf.config.list_physical_devices("GPU")
PROFILE = "gpu" if gpus else "smoke"
print(f"{len(gpus)} GPUs in sight: profile {PROFILE}")

# %% [markdown]
# ## What changes on a GPU, and why
#
# ### Mixed precision
#
# Tensor cores multiply float16 several times as fast as float32, and half the bytes travel. Keras's policy
# `mixed_float16` keeps the weights in float32 and computes in float16 {cite:p}`micikevicius2018`. But the largest float16
# number is small.
#
# **What do you expect** of VGG's feature maps, with numbers in the hundreds and thousands, in float16? And of their Gram
# matrices?

# %% tags=["nbval-ignore-output"]
vgg = vgg16(STYLE_LAYERS)
cat = to_float(photograph("chelsea"))[None, :128, 100:228]
print("largest float16:", int(np.finfo("float16").max))
for name, maps in zip(STYLE_LAYERS, vgg(cat), strict=True):
    half = np.array(maps, "float16").reshape(-1, maps.shape[-1])
    with np.errstate(over="ignore"):
        lost = np.isinf(half**2).mean()
    print(f"{name}: largest feature {half.max():.0f}, squares that overflow: {lost:.1%}")
    assert np.isfinite(half).all() and lost > 0

# %% [markdown]
# The maps fit, their products do not. One infinite product makes a Gram matrix infinite, the loss with it, and the
# weights are lost after one step. So `gram_matrix` casts to float32 first, and so do all losses:

# %%
maps = keras.ops.cast(vgg(cat)[2], "float16")
gram = np.array(gram_matrix(maps))
print(gram.dtype, "finite" if np.isfinite(gram).all() else "infinite")
assert gram.dtype == "float32" and gram.max() > np.finfo("float16").max

# %% [markdown]
# The discriminator's *logits* stay in float32 too. Its score is a small difference of large sums, and the hinge loss asks
# on which side of 1 it lies. The policy leaves the choice to each layer:

# %%
keras.config.set_dtype_policy("mixed_float16")
judge, painter = style_discriminator(64), StyleDecoder().painter
keras.config.set_dtype_policy("float32")
for network in (judge, painter):
    kinds = [layer.compute_dtype for layer in network.layers if layer.weights]
    print(
        network.name, {kind: kinds.count(kind) for kind in sorted(set(kinds))}, network.output.dtype
    )
assert judge.output.dtype == painter.output.dtype == "float32"

# %% [markdown]
# At the other end, small gradients vanish. A `LossScaleOptimizer` multiplies the loss before the gradient is taken, and
# divides afterwards:

# %%
gradient, scale = 1e-8, 2.0**15
print(np.float16(gradient), np.float32(np.float16(gradient * scale)) / scale)

# %% [markdown]
# If a scaled gradient overflows, it leaves the step out and halves the scale.
#
# ### XLA
#
# `jit_compile` lets XLA compile the whole step, and fuse what is elementwise: between two convolutions of the decoder lie
# a padding, a scaling, a shift and a LeakyReLU, and each of them alone reads and writes every number once. On a CPU
# compiling takes longer than a smoke run, so the profile leaves it out there. And XLA compiles for one device: where
# several share a batch, the command leaves it out too.
#
# ### The batch, and what fills the memory
#
# A larger batch makes the gradient less noisy and keeps a GPU busy. Its pictures take memory, but there is
# another table that few think of: mean and Gram matrix of each square of a painting, at four layers, kept on the device.
#
# **What do you expect?** How many squares fit in a gigabyte: hundreds, or a hundred thousand?

# %%
numbers = sum(channels + channels**2 for channels in (64, 128, 256, 512))
print(f"{4 * numbers / 1e6:.2f} MB a square, {1e9 / (4 * numbers):.0f} squares a gigabyte")
drawn = len(MOVEMENTS) * STYLE_PROFILES["gpu"].drawn
print(f"gpu profile: {drawn} drawn squares, {drawn * 4 * numbers / 1e9:.2f} GB")
for paintings in (25, 2500, 10_000):
    each = squares_of_each(paintings, STYLE_PROFILES["gpu"])
    size = paintings * each * 4 * numbers / 1e9
    print(f"a folder of {paintings:5}: {each:2} squares of each, {size:.1f} GB")

# %% [markdown]
# So the command cuts fewer squares from each where there are many. At least one it cuts of each: how large a folder may be,
# the device's memory decides. Photographs cost the host's memory only.
#
# ### The input pipeline
#
# A GPU that waits for pictures is a heater. Every picture is decoded once; cropping and mirroring run in parallel, ahead of
# the step. Is it fast enough? The yardstick is the recorded run of the cpu profile, below.

# %% tags=["nbval-ignore-output"]
import time

some = np.stack([paint(name, 0, 256) for name in list(MOVEMENTS)[:4]])
pairs = iter(style_dataset([*map(photograph, PHOTOGRAPHS)], some, 128, 4, 200, seed=0))
next(pairs)
started = time.perf_counter()
for _ in range(100):
    next(pairs)
pipeline = 400 / (time.perf_counter() - started)
run = style_run("cpu")
trained = run.log["step"][-1] * run.config["batch_size"] / run.log["seconds"][-1]
print(f"pairs a second: {pipeline:.0f} read, {trained:.1f} trained on")
assert pipeline > 3 * trained

# %% [markdown]
# ## Data at scale
#
# Eight photographs and drawn paintings are in the package. A long run wants more: paintings of WikiArt, streamed through
# Hugging Face `datasets`, and photographs through TensorFlow Datasets. Both come into folders of pictures, which the same
# command reads. They need a network, and the package with its extra
# `data`:
#
# ```python
# from abstractgan.data.downloads import save_photographs, save_wikiart
#
# save_wikiart("data/paintings", 2000)
# save_photographs("data/photographs", 8000)
# ```
#
# **These two downloads were not run for this book**: the machine that made it had no network to reach them. The code
# that writes the folders was, on streams of other pictures. Here is one. The stream breaks, and the same call goes on.

# %%
from abstractgan.data.downloads import save_pictures


def stream(skipped):
    for seed in range(skipped, 100):
        print(f"painting {seed}")
        yield Image.fromarray(paint("orphism", seed, 320))


for wanted in (2, 4):  # the first call has no more time
    folder = save_pictures(stream, "data/paintings", wanted, progress=False)
    print(f"{len(list(folder.iterdir()))} pictures")

# %% [markdown]
# `save_wikiart` takes the styles that are abstract or on the way there, and cuts nothing. Whose pictures are they? WikiArt
# shows many that are not free: look up your rights before you publish what was trained on them.
#
# ## The run, killed and resumed
#
# Colab ends a session when it likes. In Colab, therefore, let the output lie on your Drive:
#
# ```python
# from google.colab import drive
#
# drive.mount("/content/drive")
# os.chdir("/content/drive/MyDrive")
# ```
#
# What a run lacks, it says before the first step: a GPU for its profile, a Drive that is mounted, room for its
# checkpoints, memory for the paintings' statistics. If the disk fills later, the last checkpoint stays.
#
# After each epoch the run writes its log and a checkpoint, under another name first, so that a half-written file never takes
# the place of a whole one. The epoch's number decides what is drawn at random. So a resumed run reads the same pictures
# that it would have read.
#
# We start the command, and kill it in the second epoch with the signal that no program can answer.

# %%
COMMAND = [sys.executable, "-m", "abstractgan", "train", "style", "--profile", PROFILE]
COMMAND += ["--paintings", "data/paintings", "--output", "runs/mine", "--tensorboard"]

# %% [markdown]
# *The next cell takes about 20 s.*

# %% tags=["nbval-ignore-output"]
process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
for line in process.stdout:
    print(line, end="")
    if line.startswith("epoch 1/"):
        process.kill()
print("exit status:", process.wait())
assert process.returncode == -9 and not Path("runs/mine/decoder.weights.h5").exists()

# %% [markdown]
# Before the first epoch it said how long the whole will take: a few steps are measured, without the first, which is
# compiled, and multiplied. After each epoch it says what is left.
#
# **What do you expect** of the same command now? Which line will be missing?
#
# *The next cell takes about 25 s.*

# %% tags=["nbval-ignore-output"]
process = subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
said = []
for line in process.stdout:
    print(line, end="")
    said.append(line)
assert process.wait() == 0 and not any(line.startswith("epoch 1/") for line in said)

# %%
rows = Path("runs/mine/log.csv").read_text().splitlines()[1:]
epochs = [int(row.split(",")[0]) for row in rows]
print(epochs == list(range(1, STYLE_PROFILES[PROFILE].epochs + 1)))
print(*sorted(path.name for path in Path("runs/mine").iterdir() if path.name != ".lock"))

# %% [markdown]
# Each epoch once, no hole. And samples, of photographs in styles that the run does not train on. After so few steps the
# smoke profile's are no art, but everything has run.

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "After a smoke run each photograph is a dull relief of its own outlines, and the four styles hardly differ yet."}}
newest = sorted(Path("runs/mine/samples").iterdir())[-1]
plots.show(plots.image_grid(load_image(newest)[None], 1, size=5))
assert len(epochs) == STYLE_PROFILES[PROFILE].epochs

# %% [markdown]
# ### TensorBoard
#
# With `--tensorboard` the log is written a second time, as events. In Colab, or wherever the package `tensorboard` is
# installed:
#
# ```
# %load_ext tensorboard
# %tensorboard --logdir runs
# ```
#
# What did the resumed run write? A killed process may have left events of an epoch that no checkpoint has. So the log is
# the record, and the events are written anew from it.

# %%
[file] = Path("runs/mine/tensorboard").iterdir()
events = [tf.compat.v1.Event.FromString(e.numpy()) for e in tf.data.TFRecordDataset(str(file))]
grams = [e.step for e in events for value in e.summary.value if value.tag == "gram"]
per_epoch = STYLE_PROFILES[PROFILE].steps_per_epoch
print(grams == [per_epoch * epoch for epoch in epochs])
print(*sorted({value.tag for e in events for value in e.summary.value}))

# %% [markdown]
# ## The recorded runs
#
# First the cpu profile, from the command above with photographs and paintings of two folders. Its files are in the package,
# and everything in this section is read from them; `config.json` has the name and the SHA-256 of each picture trained on. The
# repository's benchmarks list the paintings by title, with those that were kept for measuring.

# %%
config, machine, log = run.config, run.environment, run.log
print({name: config[name] for name in ("name", "seed", "size", "batch_size", "steps_per_epoch")})
print({name: machine[name] for name in ("tensorflow", "keras", "processor", "processors", "gpus")})
print(
    f"{len(config['photographs'])} photographs and {len(config['paintings'])} paintings of folders"
)
minutes, steps = log["seconds"][-1] / 60, log["step"][-1]
print(f"{steps:.0f} steps in {minutes:.1f} minutes: {log['seconds'][-1] / steps:.2f} s a step")

# %% [markdown]
# The processor was not its alone for all of that time.
#
# **What do you expect?** Two measures on photographs in paintings that were not trained on. `held_out_gram` is the
# distance from the painting's style, and `held_out_structure` how much of the photograph is lost. Will both
# fall?

# %% mystnb={"image": {"alt": "The distance from the unseen paintings' style falls quickly at first and then slowly through the whole recorded run."}}
plots.metric_curve(log, "held_out_gram", "Distance from the style, held-out paintings: 0 is best")
plt.show()

# %%
measured = np.isfinite(log["held_out_gram"])
for name in ("held_out_gram", "held_out_structure"):
    first, *_, last = log[name][measured]
    print(f"{name:20} epoch 1: {first:.2f}   at the end: {last:.2f}")
assert log["held_out_gram"][measured][-1] < log["held_out_gram"][0]

# %% [markdown]
# (erratum-36)=
# :::{admonition} Erratum 36: "from minutes to hours"
# :class: warning erratum
#
# **The article says** (§8)
#
# > 根据实际情况，训练时间可能从几分钟到几小时不等。
# >
# > *"Depending on the circumstances, training may take from minutes to hours."*
#
# **What is right.** That is true of nearly everything, and helps nobody to plan a night. The time is the number of steps
# times the time of a step, and a step can be measured before the run starts.
#
# **See it.** The command says it in its second line, above; the recorded runs' own times and steps are printed with their
# settings. [How much compute and time does training take?](questions.ipynb#how-much-compute-and-time-does-training-take)
# has a table of measured and predicted times.
# :::
#
# The two measures pull in opposite directions. A picture that keeps all of a photograph has none of the painting's style, and training
# moves along the trade between the two.
#
# ### On a GPU
#
# The gpu profile ran where there is an H100 and no TensorFlow: the same losses and networks, trained by the package's step for
# JAX, which from equal weights and batches gives TensorFlow's losses. One of the repository's tools is the whole of it.
# All pictures lie in the GPU's memory, which draws the pairs itself.
#
# **What do you expect?** A step of the gpu profile paints sixteen pictures of 256 pixels where one of the cpu profile
# paints four of 128. How many times as long does it take, on that GPU?


# %%
def backend(run):
    found = run.environment
    return f"JAX {found['jax']}" if "jax" in found else f"TensorFlow {found['tensorflow']}"


# %%
gpu = style_run("gpu")
print("GPU:", *gpu.environment["gpus"])
print(f"{'':20}{'two cores':>20}{'H100':>20}")
for title, value in {
    "backend": backend,
    "seed": lambda r: f"{r.config['seed']}",
    "steps": lambda r: f"{r.log['step'][-1]:.0f}",
    "minutes of training": lambda r: f"{r.log['seconds'][-1] / 60:.1f}",
    "ms a step": lambda r: f"{1e3 * r.log['seconds'][-1] / r.log['step'][-1]:.1f}",
    "pairs a second": lambda r: (
        f"{r.config['batch_size'] * r.log['step'][-1] / r.log['seconds'][-1]:.1f}"
    ),
    "held-out gram": lambda r: f"{r.log['held_out_gram'][-1]:.3f}",
    "held-out structure": lambda r: f"{r.log['held_out_structure'][-1]:.3f}",
}.items():
    print(f"{title:20}{value(run):>20}{value(gpu):>20}")
print(
    f"before the first step: {gpu.environment['preparation_seconds']} s;",
    f"memory at most {gpu.environment['peak_gpu_gigabytes']} GB",
)
assert gpu.log["held_out_gram"][-1] < run.log["held_out_gram"][-1]

# %% [markdown]
# A step takes a fraction of the time and paints sixteen times as many pixels. What is there before the first step is as long as
# the training, nearly: drawing and cutting the squares, and XLA, which compiles the step and tries ways to convolve.
#
# The held-out pairs' style improved much, and a little of the photographs' structure was paid for it. Both samples in the
# same order, the cpu profile's and the gpu profile's:

# %% mystnb={"image": {"alt": "Two sheets of an astronaut, a cat and a pagoda in the manner of four unseen paintings. The lower one, the GPU's, has the paintings' own colours: the black lines, blue and yellow of a grid of rectangles, where the upper one has violet. There the astronaut and the pagoda can hardly be made out; in the other styles all can be recognised."}}
sheets = [each.samples[max(each.samples)] for each in (run, gpu)]
plots.show(plots.image_grid(np.stack(sheets), 1, size=5), photographs=True)

# %% [markdown]
# ## Several GPUs
#
# If more than one GPU is in sight, the command uses all of them with `tf.distribute.MirroredStrategy`: each holds a
# copy of the networks and takes an equal part of the batch, and gradients are exchanged before the update. How? Keras's
# optimizers *add up* what the copies send. Our losses are means over the batch.
#
# **What do you expect?** What happens to the learning rate, in effect, if each of two copies sends the gradient of its own
# mean?

# %%
values = np.array([1.0, 2.0, 3.0, 6.0])
whole = np.mean(2 * values)
halves = [np.mean(2 * half) for half in np.split(values, 2)]
print(
    f"whole batch {whole}, sum of the halves {sum(halves)}, shared out {sum(half / 2 for half in halves)}"
)

# %% [markdown]
# Twice the gradient. (Adam would hide it, since it divides by the gradient's size; a loss scale or a clipped norm would
# not.) So each copy divides by their number. Two more things are global: the paintings of *another* style that
# the discriminator is shown are the neighbours in the whole batch, and if float16 overflows in one copy, all leave
# the step out together.
#
# A test of the package plays three steps on two logical CPU devices and on one, from the same
# weights and batches: every loss must agree to a ten-thousandth. Speed on several GPUs was not measured.
# `environment.json` records how many copies there were.
#
# ## Several machines
#
# The same class trains in a process on each machine, under the strategy of `tf.distribute` for several workers. Each is told
# in the environment variable `TF_CONFIG` who the others are and which of them it is itself, and plays the steps in a loop of
# its own:
#
# ```python
# strategy = tf.distribute.MultiWorkerMirroredStrategy()
# with strategy.scope():
#     gan = build_style_gan(profile, squares)
# batches = iter(strategy.experimental_distribute_dataset(pairs))
# step = tf.function(lambda batch: strategy.run(gan.train_step, args=(batch,)))
# for _ in range(steps):
#     losses = step(next(batches))
# ```
#
# A test runs this in two processes on one machine, and compares their losses with those of one device. The loop is needed:
# Keras's own `fit` was tried under this strategy, and stopped with a `ValueError` before the first step, because it wanted to
# make one tensor of a batch whose parts lie on several replicas. The command itself stays with one machine: its log and
# its checkpoints are one process's.
#
# ## JAX
#
# Networks and losses are written in Keras alone, so the step is the only part that knows its backend. On JAX it is a
# function from a state and a batch to losses and the next state:
#
# ```python
# step = StyleStep(encoder, decoder, discriminator, lr=1e-3, steps=4000)
# state = step.start()
# losses, state = step.step(state, batch)
# ```
#
# One line of Keras has to be said twice. Its `SpectralNormalization` *writes* the normalised kernel into the
# weights, and no gradient passes there. In a pure function nothing is written, and the gradient would pass. `StyleStep`
# normalises before it differentiates, and a test has it give the losses of TensorFlow's step for ten steps, from the
# same weights and batches.
#
# ## Summary
#
# - A profile is data. What was tested on a CPU in a minute is what runs on a GPU.
# - Float16 holds VGG's features and not their products: Gram matrices, losses and logits stay in float32, small gradients
#   are scaled.
# - Memory is spent on Gram matrices before it is spent on pictures.
# - Log and checkpoint after each epoch, whole or not at all, and randomness that depends on the epoch: kill it when you like.
# - Optimizers add up, losses are means: divide by the number of copies.
# - A GPU needs minutes where two cores need most of an hour, and compiling takes nearly as long as the training.
#
# ## Exercises
#
# **1. Ten minutes.** A machine takes 0.8 s for a step of the profile `cpu`. Make a profile with `dataclasses.replace` whose
# run ends there within ten minutes, evaluations not counted, and writes as many checkpoints as the profile does.
#
# :::{admonition} Solution
# :class: dropdown
# After each epoch there is a checkpoint, so the epochs stay. Ten minutes over 0.8 s, shared out to them and rounded down, are
# the steps of each.
# :::

# %% tags=["hide-cell"]
from dataclasses import replace

from abstractgan.teaching import check
from abstractgan.training.cost import Forecast

cpu = STYLE_PROFILES["cpu"]
short = replace(cpu, steps_per_epoch=int(10 * 60 / 0.8) // cpu.epochs)
took = Forecast(short.epochs * short.steps_per_epoch, 0.8)
print(f"{short.steps_per_epoch} steps an epoch, {took.minutes:.1f} min")
check("ten minutes", took.minutes, lambda minutes: 9 < minutes <= 10, "Steps times seconds.")
assert took.minutes <= 10 and short.epochs == cpu.epochs

# %% [markdown]
# **2. The largest folder.** A device has room for 24 GB of means and Gram matrices. How many paintings may a folder have at
# most under the profile `gpu`, and how many squares are cut of each then?
#
# :::{admonition} Solution
# :class: dropdown
# The drawn squares come first, the rest is the folder's. As long as several are cut from each painting, their sum is
# limited, and it fits; with more paintings each gives one square, and the room decides.
# :::


# %% tags=["hide-cell"]
def squares_in_memory(paintings):
    profile = STYLE_PROFILES["gpu"]
    cut = paintings * squares_of_each(paintings, profile)
    return cut + len(MOVEMENTS) * profile.drawn


room = int(24e9 / (4 * numbers))
largest = max(count for count in range(1, 2 * room) if squares_in_memory(count) <= room)
print(f"{largest} paintings, {squares_of_each(largest, STYLE_PROFILES['gpu'])} square of each")
check("the largest folder", largest, room - drawn, "One square of each is the least.")
assert squares_in_memory(largest) <= room < squares_in_memory(largest + 1)

# %% [markdown]
# **3. The scale, by hand.** A `LossScaleOptimizer` halves the scale and leaves the step out if a gradient is not finite, and
# doubles it after so many good steps in a row. Write that as a function of the scale, the good steps so far and whether
# the gradient is finite. Compare it with Keras's, told to double after two good steps.
#
# :::{admonition} Solution
# :class: dropdown
# Two numbers are the whole state. A bad step sets the count back to 0, and so does a doubling.
# :::


# %% tags=["hide-cell"]
def next_scale(scale, good, finite, growth=2):
    if not finite:
        return scale / 2, 0
    return (2 * scale, 0) if good + 1 == growth else (scale, good + 1)


# %% tags=["hide-cell"]
weight = keras.Variable([1.0])
scaled = keras.optimizers.LossScaleOptimizer(
    keras.optimizers.SGD(0.0), initial_scale=1024.0, dynamic_growth_steps=2
)
scaled.build([weight])
by_hand, by_keras, state = [], [], (1024.0, 0)
for gradient in (1.0, np.inf, 1.0, 1.0, 1.0, np.nan, 1.0):
    state = next_scale(*state, np.isfinite(gradient))
    scaled.apply([keras.ops.convert_to_tensor([gradient])])
    by_hand.append(state[0])
    by_keras.append(float(scaled.dynamic_scale))
print(by_hand)
check("the scale", by_hand, by_keras, "What becomes of the count after a bad step?")
assert by_hand == by_keras

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

fit = 1e9 / (4 * numbers)
with np.errstate(over="ignore"):
    product = float(np.float16(200) * np.float16(400))
Quiz(
    [
        Question(
            "Two features of 200 and 400 at the same place: what is their product in float16?",
            [0.0, 80000.0, float("inf")],
            answer=product,
            feedback="80000 is larger than the largest float16 number.",
        ),
        Question(
            "Your GPU has room for one gigabyte of Gram matrices. About how many squares is that?",
            [70, 700, 7000],
            answer=min([70, 700, 7000], key=lambda count: abs(np.log(count / fit))),
            feedback="Each square keeps four Gram matrices, of which the largest has 512 x 512 numbers.",
        ),
        Question(
            "Four copies add up the gradients of their own means. How many times too large is the sum?",
            [1, 2, 4],
            answer=int(sum(np.full(4, 1.0)) / np.full(4, 1.0).mean()),
            feedback="Each copy's gradient is already that of a mean: divide by the number of copies.",
        ),
    ]
)

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
# # Train your own style
#
# *The capstone: your pictures, your run, your decoder.*
#
# The other chapters explain; on this page you do it. *Run all* works as it stands, in Colab or on your own computer, with
# paintings that are drawn for it. Then you name a folder of your own, and run all again. A checklist at the end, which
# reads your files, says what is done and what is left.
#
# After this page you will be able to
#
# - split your pictures so that what you measure with was never trained on;
# - choose a profile, and know before the run starts how long it will take;
# - train a decoder, resume it, and place it between one that knows nothing and the course's own;
# - keep it, repaint with it on the command line, and say whose pictures it has learned from.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 115 s and 2.6 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

# This kernel and the command that it starts share one GPU: let neither take all of its memory.
os.environ["TF_FORCE_GPU_ALLOW_GROWTH"] = "true"

import keras
import numpy as np
import tensorflow as tf

# %%
from abstractgan import plots
from abstractgan.capstone import COPYING, FEWEST, Capstone
from abstractgan.data.images import centre_square, list_images, load_image, save_image
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import photograph
from abstractgan.errors import UserError
from abstractgan.metrics.style import look, measure, memorisation, style_vectors, tiles
from abstractgan.networks import StyleDecoder
from abstractgan.stylize import Stylizer
from abstractgan.teaching import Item, check, expect_error
from abstractgan.training.cost import Forecast, convolution_rate
from abstractgan.training.profiles import STYLE_PROFILES
from abstractgan.training.recorded import read_run
from abstractgan.training.style import DECODER, counted_step, train_style

# %% [markdown]
# ## What you bring
#
# Four lines are yours. As they stand, paintings are drawn, a photograph of the package is repainted, and all of it lies in a
# temporary folder.

# %%
FOLDER = None  # your pictures' folder, such as "my-paintings"
PHOTO = None  # a photograph to repaint, such as "me.jpg"
WORK = None  # where everything is kept, such as "my-style"
LICENCE = ""  # who made the pictures, and why you may train on them

# %% [markdown]
# In Colab, pictures are uploaded in the panel *Files* at the left, or they lie on your Drive. Let `WORK` lie there too: a
# session ends when it likes, and the next one goes on where this one was.
#
# ```python
# from google.colab import drive
#
# drive.mount("/content/drive")
# FOLDER = "/content/drive/MyDrive/my-paintings"
# WORK = "/content/drive/MyDrive/my-style"
# ```
#
# ### Whose pictures are they?
#
# Your own paintings, or your child's with its consent, are the best ones. Museums mark what is free. A living artist whom
# you admire can be asked, and can say no. *Style*, *training*, *weights* and *result* are four different questions of law:
# [Whose style?](outlook.ipynb#whose-style) has them, with the sources, and is no legal advice either. Whatever the answer
# is, write it into `LICENCE`: in a year you won't know any more where the pictures came from.

# %%
if FOLDER is None:  # by one painter, and with seeds that no profile trains on
    FOLDER = Path(tempfile.mkdtemp())
    LICENCE = "Drawn by the course's painter of Rayonism; MIT licence."
    for seed in range(2000, 2016):
        save_image(paint("rayonism", seed, 288), FOLDER / f"{seed}.png")

capstone = Capstone(Path(WORK or tempfile.mkdtemp()))
capstone.folder.mkdir(parents=True, exist_ok=True)
capstone.licence.write_text(LICENCE, "utf-8")
checklist = capstone.checklist()
checklist

# %% [markdown]
# ## Two parts
#
# A decoder is not to be judged by pictures that it has learned from. So one picture in four is held out. Two files with the
# same pixels would be a leak, so copies are found, by the SHA-256 of their pixels, whatever their names.
#
# **What do you expect** of these folders: an empty one, one with a single picture, and one where all pictures are tiny?

# %%
bad = {name: Path(tempfile.mkdtemp()) for name in ("empty", "single", "tiny")}
save_image(paint("orphism", 0, 288), bad["single"] / "one.png")
for seed in range(FEWEST):
    save_image(paint("orphism", seed, 64), bad["tiny"] / f"{seed}.png")
sentences = {
    "empty": ("There are no pictures", "An empty folder has nothing to learn from."),
    "single": ("1 can be used", "One picture can't be split."),
    "tiny": (f"{FEWEST} have fewer", "Small pictures are counted, and not used."),
}
for name, (said, meaning) in sentences.items():
    with expect_error(UserError, meaning, match=said):
        capstone.take(bad[name])

# %%
taken = capstone.take(FOLDER)
print(f"{taken.training} to train on, {taken.held_out} held out")
print(f"left out: {len(taken.small)} too small, {len(taken.copies)} copies")
assert taken.training + taken.held_out >= FEWEST

# %% mystnb={"image": {"alt": "Eight paintings to train on have one manner: bundles of slanting rays in white, red and yellow cross a blue, green, orange or brown ground."}}
shown = [centre_square(load_image(file), 256) for file in list_images(capstone.training)[:8]]
plots.show(plots.image_grid(shown, 4, size=1.3))

# %% [markdown]
# ## How long?
#
# The device decides on the profile: `gpu` where there is one, else `smoke`, which only shows that all works. On a CPU, take
# `cpu` when you have an evening: exchange the name in the cell. In Colab, *Runtime > Change runtime type* gives a GPU, as
# long as there are some left.

# %%
gpus = tf.config.list_physical_devices("GPU")
profile = STYLE_PROFILES["gpu" if gpus else "smoke"]
print(f"{len(gpus)} GPUs in sight: profile {profile.name}, {profile.epochs} epochs")

# %% [markdown]
# The multiply-adds of a step are counted, the rate of this device is measured, and
# [steps times seconds](questions.ipynb#how-much-compute-and-time-does-training-take) is a forecast. **What do you
# expect** for the profile `cpu` on this machine: minutes, an hour, a night?

# %% tags=["nbval-ignore-output"]
forecasts = {}
for name in dict.fromkeys((profile.name, "cpu")):
    sizes = STYLE_PROFILES[name]
    seconds = counted_step(sizes) / convolution_rate(sizes.size, sizes.batch_size)
    forecasts[name] = Forecast(sizes.epochs * sizes.steps_per_epoch, seconds)
    print(f"{name:6} {forecasts[name].minutes:7.1f} min, {forecasts[name].steps} steps")
assert all(0 < each.minutes < np.inf for each in forecasts.values())

# %% [markdown]
# A count leaves out what is not a convolution or a product, and the first step, which is compiled. The run itself
# measures a few steps and says more exactly in its second line.
#
# ## Train
#
# Besides your pictures the run trains on the package's photographs and on drawn paintings: few styles alone would be
# learned by heart. Interrupted? Run the cell again: it goes on after the last whole epoch, as
# [the full training run](full_training.ipynb#the-run-killed-and-resumed) shows.
#
# *The next cell takes about 35 s.*

# %% tags=["nbval-ignore-output"]
train_style(profile, capstone.run, paintings=capstone.training)
run = read_run(capstone.run)
minutes = run.log["seconds"][-1] / 60
print(f"trained for {minutes:.1f} min, forecast {forecasts[profile.name].minutes:.1f} min")
assert len(run.log["epoch"]) == profile.epochs

# %% tags=["nbval-ignore-output"]
trained = {row["name"] for row in run.config["paintings"]}
print(f"{len(trained)} paintings of yours are in the run's record, with their SHA-256")
print(f"gram, first epoch and last: {run.log['gram'][0]:.2f} {run.log['gram'][-1]:.2f}")
assert trained == {file.name for file in list_images(capstone.training)}
assert np.isfinite(run.log["gram"]).all()

# %% [markdown]
# ## Is it any good?
#
# Three decoders repaint two photographs in the style of your held-out pictures: one that was never trained, yours, and
# the package's own. The photograph untouched is the fourth row, and costs nothing. As in
# [Does it work?](does_it_work.ipynb), *gram* is the style that was missed, *structure* the photograph that was lost, and
# lower is better.
#
# **What do you expect** of your decoder in each column, after so short a run? Where will it lie?

# %%
photo = load_image(PHOTO) if PHOTO else photograph("chelsea")
photos = [centre_square(picture, 256) for picture in (photo, photograph("astronaut"))]
mine = [load_image(file) for file in list_images(capstone.held_out)[:4]]
keras.utils.set_random_seed(0)
stylizers = {
    "untrained": Stylizer(StyleDecoder()),
    "mine": Stylizer.load(capstone.run / DECODER),
    "package": Stylizer.load(),
}

# %%
results = {"untouched": photos * len(mine)}
for name, stylizer in stylizers.items():
    styles = [stylizer.style(painting) for painting in mine]
    results[name] = [stylizer.stylize(each, style) for style in styles for each in photos]


# %%
def measured(pictures, vgg=stylizers["mine"].encoder):
    seen = [[look(vgg, picture) for picture in group] for group in (pictures, photos, mine)]
    pairs = [(shot, painting) for painting in seen[2] for shot in seen[1]]
    each = [measure(result, *pair) for result, pair in zip(seen[0], pairs, strict=True)]
    return {name: float(np.mean([row[name] for row in each])) for name in each[0]}


# %% tags=["nbval-ignore-output"]
measures = {name: measured(pictures) for name, pictures in results.items()}
for name, row in measures.items():
    print(f"{name:10}", *(f"{column} {value:.2f}  " for column, value in row.items()))
assert measures["untouched"]["structure"] < 0.01

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "Beside a held-out painting of red and white rays, the untrained decoder's cat is a glaring green, yours of a few steps a violet relief, and only the package's has the painting's red and white strokes."}}
titles = ["held out", *results]
row = [centre_square(mine[0], 256), *(pictures[0] for pictures in results.values())]
plots.show(plots.image_grid(row, len(row), titles, size=1.5), photographs=True)
assert not np.array_equal(results["mine"][0], results["untrained"][0])

# %% [markdown]
# A smoke run has to beat the untrained decoder, and no more. Beside the package's, which has never seen a picture of yours
# and has taken a thousand times as many steps, it is a beginning. Whether *yours* gets nearer to *your* pictures with the
# profile `cpu` or `gpu`, this table will tell you; it was not measured for this book.
#
# ### Does it copy?
#
# As in [the nearest-tile test](does_it_work.ipynb#does-it-copy): are the results' tiles nearer to pictures that were trained
# on than tiles of held-out pictures are? Chance is one half, and with few held-out pictures it scatters: the list draws the
# line at `COPYING`, half way to 1. Beside yours stand the two ends, the decoder that was never trained and so can't copy, and
# the pictures that were trained on, which are copies.
#
# **What do you expect** of the untrained one: exactly one half?

# %% tags=["nbval-ignore-output"]
squares = {
    "training": [centre_square(load_image(f), 256) for f in list_images(capstone.training)[:12]],
    "held out": [centre_square(picture, 256) for picture in mine],
    "mine": results["mine"],
    "untrained": results["untrained"],
}
vectors = {
    name: style_vectors(stylizers["mine"].encoder, tiles(pictures), batch=32)
    for name, pictures in squares.items()
}
nearer = {
    name: memorisation(vectors[name], vectors["training"], vectors["held out"]).nearer
    for name in ("untrained", "mine", "training")
}
print({name: f"{share:.2f}" for name, share in nearer.items()}, "line:", COPYING)
assert 0 <= nearer["mine"] <= 1 and nearer["training"] > 0.9

# %% [markdown]
# Which way it scatters, the pictures decide: dull tiles lie near many others, lively ones near few.
#
# What was measured is written down, with the decoder's SHA-256: if you train again, the list will know that it is old.

# %%
capstone.note({**measures, "nearer": nearer["mine"]})
print("still open:", *checklist.open(), sep="\n- ")

# %% [markdown]
# ## Keep it, and paint
#
# A decoder is one file. With it, the command paints without this notebook:

# %% tags=["nbval-ignore-output"]
save_image(np.asarray(photo), capstone.folder / "photo.png")
capstone.decoder.write_bytes((capstone.run / DECODER).read_bytes())
command = [sys.executable, "-m", "abstractgan", "stylize", capstone.folder / "photo.png"]
command += ["--style", list_images(capstone.held_out)[0], "--decoder", capstone.decoder]
command += ["--output", capstone.picture]
done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
print(f"{capstone.decoder.name}: {capstone.decoder.stat().st_size / 1e6:.1f} MB")
assert done.returncode == 0 and load_image(capstone.picture).shape == photo.shape

# %% [markdown]
# In Colab, this brings both to your computer:
#
# ```python
# from google.colab import files
#
# files.download(str(capstone.decoder))
# files.download(str(capstone.picture))
# ```
#
# On your computer: `abstractgan stylize PHOTO --style PAINTING --decoder DECODER --output PICTURE`.
#
# ## The checklist
#
# **What do you expect?** Which items could a reader tick who has written none of their own text?

# %%
checklist

# %% [markdown]
# It ticks what files say. No code can see whether what you wrote into `LICENCE` is true, or whether the picture pleases
# you.
#
# ## Summary
#
# - Split before anything is trained, by content and not by name.
# - Know the time before you start: choose the profile by it, and let the run lie where a session's end can't take it.
# - A decoder has a place between the untrained one and the best you can get: measure both ends, on held-out pictures.
# - Nearest tiles tell whether it copies, on your pictures as on the course's.
# - Note whose pictures they were. The list asks for it; the answer is yours.
#
# ## Exercises
#
# **1. A leak.** Put a picture that is trained on among the held-out ones, under another name. Which item notices, and by
# what? Then take it out again.
#
# :::{admonition} Solution
# :class: dropdown
# *None is in both parts* is open: the name differs, the pixels don't.
# :::

# %% tags=["hide-cell"]
leak = capstone.held_out / "quite-new.png"
save_image(load_image(list_images(capstone.training)[0]), leak)
with_leak = checklist.open()
leak.unlink()
[noticed] = set(with_leak) - set(checklist.open())
check("the leak", noticed, "None is in both parts", "Compare pixels, not names.")

# %% [markdown]
# **2. An item of your own.** Write an `Item` that is done if the repainted picture has the photograph's size. It takes the task,
# a function that says whether it is done, and a hint; the function may look at files only.
#
# :::{admonition} Solution
# :class: dropdown
# `photo.png` lies in the folder beside the picture: compare the shapes of both. Before they are there, `load_image` raises a
# `UserError`, and the item is open.
# :::


# %% tags=["hide-cell"]
def has_photographs_size():
    photograph = load_image(capstone.folder / "photo.png")
    return load_image(capstone.picture).shape == photograph.shape


size = Item(
    "The picture has the photograph's size", has_photographs_size, "Repaint without --size."
)
checklist.items.append(size)
check("an item of your own", size.task not in checklist.open(), True, "Compare the shapes.")

# %% [markdown]
# **3. A run for half an hour.** A step of the profile `cpu` takes 0.8 s on some machine. Make a profile with `replace` that
# is done there within half an hour, and has as many epochs, since each brings a checkpoint.
#
# :::{admonition} Solution
# :class: dropdown
# Half an hour over 0.8 s is the number of steps. Share them out to the profile's epochs, and round down.
# :::

# %% tags=["hide-cell"]
cpu = STYLE_PROFILES["cpu"]
shorter = replace(cpu, steps_per_epoch=int(30 * 60 / 0.8) // cpu.epochs)
minutes = Forecast(shorter.epochs * shorter.steps_per_epoch, 0.8).minutes
check("half an hour", minutes, lambda taken: 29 < taken <= 30, "Steps times seconds.")
print(f"{shorter.steps_per_epoch} steps an epoch, {minutes:.0f} min")
assert minutes <= 30

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

Quiz(
    [
        Question(
            "A picture that was trained on lies among the held-out ones under another name. Which item is open?",
            ["The run is finished", "None is in both parts", "none: the names differ"],
            answer=noticed,
            feedback="The split is checked by the pixels.",
        ),
        Question(
            "45 epochs of 100 steps, 0.8 s each: for how many minutes do you leave?",
            [6, 60, 600],
            answer=round(Forecast(45 * 100, 0.8).minutes),
            feedback="Steps times seconds a step, over 60.",
        ),
        Question(
            "How often is a piece that was trained on nearer than a held-out one?",
            [0, 1 / 2, 1],
            answer=round(nearer["training"]),
            feedback="Its nearest neighbour is itself: that is what copying looks like.",
        ),
    ]
)

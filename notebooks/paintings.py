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
# # Paintings drawn by code
#
# A style GAN has to see paintings, many of them. This course draws its own. Here you meet the painters.
#
# After this page you will be able to
#
# - draw an abstract picture in the manner of a movement, the same one again at any size, and as many others as you like;
# - say how such a painter works, and write one;
# - measure whether pictures of a movement have something in common, with a classifier that needs no training;
# - say what these pictures cannot replace, and put a folder of your own in their place.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 30 s and 0.7 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import Markdown

from abstractgan.data.images import list_images, load_image, save_image
from abstractgan.data.paintings import MOVEMENTS, neoplasticism, paint
from abstractgan.data.paintings.canvas import FLAT, Brush, Canvas
from abstractgan.data.paintings.colour import palette, vary
from abstractgan.data.paintings.shapes import arc, by_hand, rectangle
from abstractgan.data.paintings.statistics import COLOURS, picture_statistics
from abstractgan.errors import UserError
from abstractgan.plots import image_grid
from abstractgan.teaching import expect_error

# %% [markdown]
# ## Why not real paintings?
#
# Three things that a course wants from its pictures:
#
# - **Rights.** You may copy, change and publish what this course draws. Most abstract paintings are younger than a
#   copyright, and a photograph of an old one can have rights of its own.
# - **Labels.** Each picture knows its movement. So we can ask a network for *suprematism* and check what it gives.
# - **No end.** A seed more is a picture more. Nothing is downloaded, and the pictures for a test can be ones that
#   nobody has ever seen.
#
# What is lost in exchange comes [further down](#what-these-pictures-are-not).
#
# ## Fourteen movements
#
# One call, one picture: uint8, height, width and three colours.

# %%
picture = paint("orphism", seed=1, size=256)
print(picture.shape, picture.dtype)

# %% [markdown]
# **What do you expect?** How many of these would you recognise on a wall, without the title? First those that began
# by the early 1920s, most of them in Paris, in Moscow and at the Bauhaus:


# %% mystnb={"image": {"alt": "Eight small paintings that differ at first sight: brown facets, rings of pure colour, blue splinters, bars afloat on white, a grid of primary colours, a red disc with black beams, circles glowing on black, and warm squares."}}
def hang(seeds):
    pictures = [paint(name, seed, 104) for name, seed in seeds.items()]
    titles = [MOVEMENTS[name].title for name in seeds]
    return image_grid(pictures, 4, titles, size=1.04)


early = {"cubism": 5, "orphism": 1, "rayonism": 5, "suprematism": 5}
early |= {"neoplasticism": 9, "constructivism": 3, "bauhaus": 7, "magic-squares": 2}
hang(early)
plt.show()

# %% [markdown]
# And those that came later, most of them in New York and Paris:

# %% mystnb={"image": {"alt": "Six more small paintings: soft forms with thin lines on blue, a web of drips, broad black and yellow strokes, two glowing fields one above the other, flat quarter discs in a grid, and warped black rings."}}
late = {"biomorphism": 6, "action-painting": 5, "tachisme": 3, "colour-field": 3}
hang(late | {"hard-edge": 7, "op-art": 4})
plt.show()

# %% [markdown]
# Each has a label, as in a museum. The names in the first column are those that `paint` takes.

# %%
rows = [f"| `{m.name}` | {m.title} | {m.years} | {m.sentence} |" for m in MOVEMENTS.values()]
Markdown("\n".join(["| name | movement | years | |", "|---|---|---|---|", *rows]))

# %% [markdown]
# A name that is none of these is answered by one sentence, which lists the names.

# %%
with expect_error(UserError, "fauvism has no painter here; the message lists those that have."):
    paint("fauvism", seed=0)

# %% [markdown]
# ## A seed is a picture
#
# The seed decides everything that is left to chance. **What do you expect:** is a picture with 32 pixels the same as one
# with 384, only smaller?

# %% mystnb={"image": {"alt": "The same composition of a large circle, crossing lines and small rings three times: at 32 pixels it is a rough mosaic, at 96 the lines are clear, at 384 even the weave of the canvas shows."}}
_, axes = plt.subplots(1, 3, figsize=(5.7, 2.1), dpi=80, layout="constrained")
for axis, size in zip(axes, (32, 96, 384), strict=True):
    axis.imshow(paint("bauhaus", seed=1, size=size), interpolation="nearest")
    axis.set(title=f"{size} pixels", xticks=[], yticks=[])
plt.show()

# %% [markdown]
# It is, because the painters work in *unit coordinates*: the canvas goes from 0 to 1, whatever its size. What a small
# picture has no pixels for (grain, brush marks, the weave) is left out. And the same call gives the same bytes:

# %%
print(np.array_equal(paint("bauhaus", seed=1, size=96), paint("bauhaus", seed=1, size=96)))

# %% [markdown]
# One movement, six seeds. What changes, and what stays?

# %% mystnb={"image": {"alt": "Six suprematist pictures: each has bars along one diagonal over an off-white ground and one heavy form, but direction, colours, number of bars and balance differ every time."}}
image_grid([paint("suprematism", seed, 104) for seed in range(6)], 3, size=1.04)
plt.show()

# %% [markdown]
# ## How a painter is built
#
# Take neoplasticism: black lines, three primary colours, much white. It looks easy. Where would you begin?
#
# **Divide.** One line splits the canvas, and not in the middle. Then each part is split again, until a part is small
# enough or chance says stop. The package's painter has a function for that.

# %%
whole = (-0.02, -0.02, 1.02, 1.02)
cells, lines = neoplasticism.divide(np.random.default_rng(41), whole, 0)
print(len(cells), "cells,", len(lines), "lines; the first line:", np.round(lines[-1], 2))

# %% [markdown]
# **Draw the lines.** A `Canvas` takes polygons; `rectangle` makes one from its left, top, right and bottom.


# %%
def draw_lines(canvas, half=0.01):
    bars = [rectangle(a - half, b - half, c + half, d + half) for a, b, c, d in lines]
    canvas.paint(bars, neoplasticism.BLACK, brush=FLAT)


ruled = Canvas(144, np.random.default_rng(0))
draw_lines(ruled)

# %% [markdown]
# **Colour a few cells.** `accents` picks three that lie near the edge and far from each other. The rest stays white:
# that is where the tension comes from.


# %%
def colour_cells(canvas, brushes):
    colours = np.repeat(neoplasticism.WHITES[:1], len(cells), axis=0)
    colours[neoplasticism.accents(np.random.default_rng(2), cells)] = neoplasticism.PRIMARIES
    for cell, colour, brush in zip(cells, colours, brushes, strict=True):
        canvas.paint(rectangle(*cell), colour, brush=brush)


flat = Canvas(144, np.random.default_rng(0))
colour_cells(flat, [FLAT] * len(cells))
draw_lines(flat)

# %% [markdown]
# **Paint it.** So far a printer could have made it. A brush leaves marks, in the direction of its stroke, and the paint
# is thick enough to catch the light. The full painter also lets each line waver and gives it a width of its own.

# %% mystnb={"image": {"alt": "Four stages of one picture: black lines on white; the same with a blue, a red and a yellow cell, flat as a print; the same again with visible brush marks; and a finished painting whose lines differ in width."}}
painted = Canvas(144, np.random.default_rng(0))
directions = np.random.default_rng(3).choice([0, np.pi / 2], len(cells))
colour_cells(painted, [Brush(angle, marks=0.03, impasto=0.4) for angle in directions])
draw_lines(painted)
stages = [canvas.finish() for canvas in (ruled, flat, painted)]
stages.append(paint("neoplasticism", seed=9, size=144))
image_grid(stages, 4, ["1 divide", "2 colour", "3 brush", "the painter, seed 9"], size=1.44)
plt.show()

# %% [markdown]
# Every painter has this shape: a ground, a composition, a palette with few colours, and the traces of the hand. The
# other thirteen are in the folder `abstractgan/data/paintings`, one short file each.
#
# ## Can a nearest neighbour name the movement?
#
# The label says what the painter meant. Does the picture show it? We ask a classifier too simple to cheat: it keeps
# twelve pictures of each movement, and gives a new picture the label of the one that is most like it.
#
# *Like* needs numbers. `picture_statistics` counts colours and edges, and forgets where they are.

# %%
statistics = picture_statistics(picture)
print(statistics.shape, "the first three, mean colours:", np.round(statistics[:3], 2))

# %% [markdown]
# **What do you expect?** Guessing is right once in fourteen times. And the nearest neighbour, on seeds it has not seen?


# %%
def measure(seeds):
    pictures = [paint(name, seed, 64) for name in MOVEMENTS for seed in seeds]
    return np.array([picture_statistics(picture) for picture in pictures])


known, unseen = measure(range(12)), measure(range(500, 508))
known_labels = np.repeat(np.arange(len(MOVEMENTS)), 12)
unseen_labels = np.repeat(np.arange(len(MOVEMENTS)), 8)
print(known.shape, unseen.shape)

# %% [markdown]
# Each number is divided by its spread over the known pictures; otherwise those with large values alone would decide.
# The distance of two pictures is the sum of all differences.


# %%
def name_them(columns=slice(None), kept=12):
    spread = known.std(axis=0)[columns]
    use = np.arange(len(known)) % 12 < kept
    gaps = (unseen[:, None, columns] - known[None, use][..., columns]) / spread
    return known_labels[use][np.abs(gaps).sum(axis=2).argmin(axis=1)]


named = name_them()

# %% tags=["nbval-ignore-output"]
accuracy = np.mean(named == unseen_labels)
print(f"{accuracy:.0%} of {len(named)} pictures are named rightly")
assert accuracy >= 0.9

# %% [markdown]
# Where does it err? A row is a movement; the columns say what its eight pictures were called.

# %% mystnb={"image": {"alt": "A table of fourteen movements against the names given: on the diagonal thirteen of them have eight of eight; one op-art picture is called action painting."}} tags=["nbval-ignore-output"]
counts = np.zeros((len(MOVEMENTS), len(MOVEMENTS)), int)
np.add.at(counts, (unseen_labels, named), 1)
figure, axes = plt.subplots(figsize=(6.2, 5.2), dpi=80, layout="constrained")
axes.imshow(counts, cmap="Blues")
for row, column in np.argwhere(counts):
    shade = "white" if counts[row, column] > 4 else "black"
    axes.text(column, row, counts[row, column], ha="center", va="center", color=shade)
axes.set_xticks(range(len(MOVEMENTS)), MOVEMENTS, rotation=90)
axes.set_yticks(range(len(MOVEMENTS)), MOVEMENTS)
axes.set(xlabel="named by the nearest neighbour", ylabel="painted as")
plt.show()
assert counts.trace() == np.sum(named == unseen_labels)

# %% [markdown]
# What carries the label, the colours or the edges? We can hide either one.

# %% tags=["nbval-ignore-output"]
for name, columns in {"colours": slice(COLOURS), "edges": slice(COLOURS, None)}.items():
    share = np.mean(name_them(columns) == unseen_labels)
    print(f"{name} alone: {share:.0%}")
    assert 3 / len(MOVEMENTS) < share < accuracy

# %% [markdown]
# Either one alone is far better than guessing; together they are the best. Keep this number in mind: when a
# network has learned to paint in these manners, the same question tells whether it has.
#
# ## What these pictures are not
#
# They imitate a surface. Malevich wanted painting to do without things, and meant something by every bar. Our
# suprematist has one idea, put down in a page of code, and repeats it with other numbers for ever.
#
# That has consequences for what you will measure:
#
# - **They are easy.** A nearest neighbour on 57 numbers tells them apart. With real paintings one movement holds many
#   hands, and one hand many movements; do not expect the same accuracy there.
# - **They are narrow.** All pictures of a movement come from one program. A GAN that paints like it has learned
#   a program's habits, not the movement's.
# - **They are flat.** No photograph's light, no varnish, no crack, no frame: a network trained on them has seen none of
#   what a photograph of a canvas shows.
#
# Go and see the real ones.
#
# ## Your own pictures instead
#
# Wherever the course draws, a folder of yours will do: photographs of your own paintings, or of works that are free
# to use. Any mix of JPEG, PNG and other kinds, in any size. To have one to try, we fill a folder:

# %%
folder = Path(tempfile.mkdtemp())
for seed in range(4):
    save_image(paint("tachisme", seed, 200), folder / f"my picture {seed}.jpg")
print([path.name for path in list_images(folder)])
print(load_image(list_images(folder)[0]).shape)

# %% [markdown]
# `image_dataset` turns a folder into batches for training: float32 in [-1, 1], cropped, mirrored and shuffled under a seed.

# %%
from abstractgan.data.pipeline import image_dataset

batches = image_dataset(folder, size=64, batch_size=4, seed=0)
batch = next(iter(batches))
print(batch.shape, batch.dtype.name)

# %% [markdown]
# It takes a list of pictures as well as a folder, so our paintings go the same way, without a file:

# %%
drawn = [paint("colour-field", seed, 96) for seed in range(8)]
print(next(iter(image_dataset(drawn, size=64, batch_size=8, seed=0))).shape)

# %% [markdown]
# And from a terminal, without a notebook, `abstractgan paint MOVEMENT --seed N --size 512 --output FILE`:

# %%
command = "paint op-art --seed 4 --size 512 --output rings.png"
done = subprocess.run(
    [sys.executable, "-m", "abstractgan", *command.split()],
    cwd=folder, capture_output=True, text=True, check=True,
)  # fmt: skip
print(done.stdout)

# %% [markdown]
# ## Summary
#
# - `paint(movement, seed, size)` draws a picture: free of rights, labelled, as many as you like. The same seed is the same
#   composition at every size.
# - A painter is a ground, a composition, a restrained palette and the traces of a hand, in unit coordinates.
# - Colour and edge statistics with a nearest neighbour name the movement of unseen pictures at least nine times in ten.
# - They imitate surfaces. Results on them are results on fourteen programs, not on art.
#
# ## Exercises
#
# **1. In the middle.** Mondrian kept away from the middle. Write a `divide` that cuts there, and compare. What is lost?
#
# :::{admonition} Solution
# :class: dropdown
# Equal halves are calm: every part is like every other, no cell is heavy and none is light, and the eye has nowhere to
# go. Uneven parts have to be balanced by something, a colour here, a thick line there. That is the composition.
# :::


# %% mystnb={"image": {"alt": "Left, a grid of equal rectangles, regular as a tiled floor; right, the painter's uneven division with large and small cells, which looks far livelier."}} tags=["hide-input"]
def halve(cell, depth):
    left, top, right, bottom = cell
    if depth == 0:
        return [cell]
    x, y = (left + right) / 2, (top + bottom) / 2
    parts = [(left, top, x, bottom), (x, top, right, bottom)]
    if depth % 2:
        parts = [(left, top, right, y), (left, y, right, bottom)]
    return [small for part in parts for small in halve(part, depth - 1)]


outcomes = []
for parts in (halve((0, 0, 1, 1), 4), cells):
    canvas = Canvas(144, np.random.default_rng(0))
    canvas.paint(rectangle(0, 0, 1, 1), neoplasticism.BLACK, brush=FLAT)
    for a, b, c, d in parts:
        inside = rectangle(a + 0.01, b + 0.01, c - 0.01, d - 0.01)
        canvas.paint(inside, neoplasticism.WHITES[0], brush=FLAT)
    outcomes.append(canvas.finish())
image_grid(outcomes, 2, ["halves", "off the middle"], size=1.44)
plt.show()

# %% [markdown]
# **2. A painter of your own.** Write `moons(canvas, rng)`: a dark ground, a few pale discs of different size, one of
# them partly hidden. Use unit coordinates, and draw it at 48 and at 144 pixels to see that it is one picture.
#
# :::{admonition} Solution
# :class: dropdown
# One of many. A disc in the colour of the ground, a little to the side, turns a full moon into a crescent.
# :::


# %% mystnb={"image": {"alt": "Four night pictures by a painter of ten lines: pale discs of different sizes on a dark ground, one of them a crescent; the first two are the same picture at 48 and at 144 pixels."}} tags=["hide-input"]
def moons(canvas, rng):
    night, *pale = palette("1d2233 efe6cf d9b36a b9c4d6")
    canvas.prime(night, Brush(rng.uniform(0, 3), marks=0.05), weave=0.05)
    for radius in rng.uniform(0.04, 0.2, rng.integers(3, 6)):
        moon = by_hand(rng, arc(rng.uniform(0.15, 0.85, 2), radius))
        canvas.paint(moon, vary(rng, pale[rng.integers(3)]))
    canvas.paint(moon + 0.35 * radius, night)


nights = []
for seed, size in [(0, 48), (0, 144), (1, 144), (2, 144)]:
    rng = np.random.default_rng(seed)
    canvas = Canvas(size, rng)
    moons(canvas, rng)
    nights.append(canvas.finish().repeat(144 // size, axis=0).repeat(144 // size, axis=1))
image_grid(nights, 4, ["seed 0, 48 px", "seed 0, 144 px", "seed 1", "seed 2"], size=1.44)
plt.show()

# %% [markdown]
# **3. How many does one have to know?** The neighbour had twelve pictures of each movement. How well does it do with one,
# with three, with six? `name_them(kept=...)` is prepared for it.
#
# :::{admonition} Solution
# :class: dropdown
# One picture each is already far above guessing; each further one helps less than the one before it.
# :::

# %% tags=["hide-input", "nbval-ignore-output"]
shares = {kept: np.mean(name_them(kept=kept) == unseen_labels) for kept in (1, 3, 6, 12)}
print({kept: f"{share:.0%}" for kept, share in shares.items()})
assert 3 / len(MOVEMENTS) < shares[1] < shares[12]
assert shares[3] - shares[1] > shares[12] - shares[6]

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

columns = {"colours": slice(COLOURS), "edges": slice(COLOURS, None), "both": slice(None)}
shares = {name: np.mean(name_them(use) == unseen_labels) for name, use in columns.items()}
small, large = (paint("bauhaus", seed=1, size=size) for size in (32, 384))
shrunk = large.reshape(32, 12, 32, 12, 3).mean((1, 3))
alike = np.corrcoef(small.ravel(), shrunk.ravel())[0, 1] > 0.9
Quiz(
    [
        Question(
            "One seed, painted with 32 and with 384 pixels: what do you get?",
            ["the same composition", "two compositions"],
            answer="the same composition" if alike else "two compositions",
            feedback="Painters work in unit coordinates, whatever the size.",
        ),
        Question(
            "How often is a guess at the movement right?",
            [1 / 2, 1 / 14, 1 / 57],
            answer=1 / len(MOVEMENTS),
            feedback="There are fourteen movements, and each has as many pictures.",
        ),
        Question(
            "By what does the nearest neighbour tell the movements apart best?",
            list(columns),
            answer=max(shares, key=shares.get),
            feedback="Each alone beats guessing; together they are the best.",
        ),
    ]
)

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
# # Synthesis
#
# *The article's §5.1, 图像合成.*
#
# "Image synthesis: style transfer for abstract art can make images with a new style. One can, for example, apply the
# style of an ancient painting to a modern photograph." That is the article's whole section. Its example *repaints*: a
# photograph goes in, and what is in it comes out again. But a GAN can do more. It can *invent*: noise goes in, and a
# painting comes out that nobody has photographed or drawn. This page does both, and asks of the second: are these new
# paintings, or does the network repeat what it was shown?
#
# After this page you will be able to
#
# - repaint a photograph of your own after a painting of your own, and say why that is not yet invention;
# - tell a generator and a discriminator which movement is wanted, and compute the discriminator's answer by hand;
# - train such a conditional GAN for a moment, and read the record of the long run;
# - walk from one painting to another through latent space, and say why the way is curved;
# - trade variety for quality by truncation, and measure both sides of the trade;
# - check whether a generator copies, and say what the check cannot show.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 85 s and 1.5 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import csv
import tempfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from scipy.spatial.distance import pdist

# %%
from abstractgan import plots
from abstractgan.data.images import centre_square, load_image, to_float
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import photograph
from abstractgan.data.pipeline import labelled_dataset
from abstractgan.features import vgg16
from abstractgan.invent import Inventor, latent_vectors, spherical_interpolation
from abstractgan.metrics import kid, style_retrieval, style_vectors
from abstractgan.metrics.style import MEASURED
from abstractgan.networks import STYLE_LAYERS
from abstractgan.stylize import Stylizer
from abstractgan.teaching import check
from abstractgan.training.profiles import synthesis_profile
from abstractgan.training.recorded import synthesis_run
from abstractgan.training.synthesis import HELD_OUT_SEED, build_synthesis_gan, train_synthesis

# %% [markdown]
# ## The article's example: an old manner, a modern photograph
#
# The oldest manner that this course draws is analytic cubism. The style GAN of
# [its own chapter](style_gan.ipynb) repaints in one pass. Here are a modern cup of coffee and two old manners. To try
# files of your own, an old master on a picture from your telephone, put their names between quotation marks in the
# first two lines and run the two cells again.

# %%
MY_PHOTOGRAPH = None  # such as "holiday.jpg"
MY_PAINTING = None  # such as "old-master.jpg"

stylizer = Stylizer.load()
modern = load_image(MY_PHOTOGRAPH) if MY_PHOTOGRAPH else photograph("coffee")
old = {name: paint(name, HELD_OUT_SEED, 256) for name in ("cubism", "orphism")}
if MY_PAINTING:
    old = {"yours": load_image(MY_PAINTING)}

# %% mystnb={"image": {"alt": "A cup of coffee stands between two paintings: in the manner of the facets it is drawn in thin brown lines on beige, in that of the rings it is pink, blue and yellow. Cup, saucer and spoon stay where they were."}}
shown = {"photograph": modern}
for name, painting in old.items():
    shown[name] = painting
    shown[f"as {name}"] = stylizer.stylize(modern, stylizer.style(painting))
squares = [centre_square(picture, 256) for picture in shown.values()]
plots.show(
    plots.image_grid(squares, 5 if len(squares) == 5 else 3, [*shown], size=1.5), photographs=True
)

# %% [markdown]
# The same from the command line, for any size:
#
# ```sh
# abstractgan stylize photograph.jpg --style painting.jpg --output new.png
# ```
#
# The picture is new, and little in it is the network's own: cup and spoon are the photograph's, colours and strokes
# are the painting's. There is no noise anywhere, so the same two pictures always give the same third. What if there is
# no photograph?
#
# ## To invent: noise and a label
#
# A generator in the sense of Goodfellow {cite:p}`goodfellow2014` starts from a {term}`latent vector` $z$ of random
# numbers. If both players are told a label $y$ beside it, it is a {term}`conditional GAN` {cite:p}`mirza2014`, and we
# can ask for a movement:
#
# $$\min_G \max_D \; \mathbb{E}_{x, y}\left[\log D(x, y)\right] + \mathbb{E}_{z, y}\left[\log\left(1 - D(G(z, y), y)\right)\right]$$
#
# *The generator* gets $z$ and $y$ as one vector. From it, a linear map for each layer computes gains and shifts of the
# layer's {term}`batch normalisation` {cite:p}`brock2019`. So noise and movement have a say at every scale, in the
# layout as in the last stroke. Each scale adds its own colours to the picture so far {cite:p}`karras2020`.
#
# *The discriminator* has two questions to answer: is this a painting at all, and is it one of *this* movement? The
# {term}`projection discriminator` {cite:p}`miyatokoyama2018` gives each a term of its own. With the features $h(x)$ of
# the picture and a learned vector $v_y$ for each movement, its {term}`logit` is
#
# $$s(x, y) = a(h(x)) + v_y \cdot h(x).$$
#
# Why a sum? The best logit is the logarithm of how much more often the real paintings show this pair than the
# generator does, and by Bayes' rule
#
# $$\log \frac{p(x, y)}{q(x, y)} = \log \frac{p(x)}{q(x)} + \log \frac{p(y \mid x)}{q(y \mid x)}.$$
#
# The first term does not know of $y$; that is $a$. The second compares two classifiers, and the logits of a linear
# classifier are inner products; that is $v_y \cdot h$. (What a classifier divides by is the same for all $y$, so $a$ takes it
# over.)
#
# Take two features: how round a picture is, and how striped. **What do you expect:** is this picture, round and not
# very striped, called real as a work of Orphism? And as one of Op art? Work out both logits first.

# %%
h = np.array([2.0, 1.0])  # round, striped
told_vectors = {"orphism": np.array([1.0, -1.0]), "op-art": np.array([-1.0, 2.0])}
alone = 0.5 * h.sum() - 2

for name, v in told_vectors.items():
    score = alone + v @ h
    print(f"{name:8} {alone:.1f} + {v @ h:.1f} = {score:.1f}, D = {1 / (1 + np.exp(-score)):.2f}")

# %% [markdown]
# The same picture is real as one thing and fake as the other. That is what the generator needs to hear: not "be
# better", but "be rounder if Orphism is what you were asked for".
#
# ### Build it, and send one batch through
#
# One painting of each of the 14 movements, at the size of the profile `smoke`. **What do you expect** of the shapes?

# %%
smoke = synthesis_profile("smoke")
pictures = np.stack([paint(name, 0, smoke.size) for name in MOVEMENTS])
pairs = labelled_dataset(pictures, np.arange(len(MOVEMENTS)), len(MOVEMENTS), 14, seed=0)
real, labels = next(iter(pairs))

# %%
gan = build_synthesis_gan(smoke)
latents = gan.draw_latents(14)
fake = gan.generator([latents, labels])
print("latent vectors", latents.shape, " labels", labels.shape)
print("paintings     ", fake.shape, " logits", gan.discriminator([fake, labels]).shape)

# %% [markdown]
# A label is a row of zeros with a single 1. Does it matter to the two networks? An untrained one hardly listens, but it
# does listen. We give each painting its neighbour's label and see whether the logits change.

# %%
wrong = tf.roll(labels, 1, axis=0)
change = gan.discriminator([real, wrong]) - gan.discriminator([real, labels])
print("every logit depends on the label:", bool(np.all(np.abs(change) > 0)))

# %% [markdown]
# ### Train briefly
#
# `train_synthesis` is the command `abstractgan train synthesis` and draws its own paintings. Eight steps take a
# moment. **What do you expect** to see?

# %% tags=["nbval-ignore-output"]
folder = train_synthesis("smoke", Path(tempfile.mkdtemp()) / "smoke")
assert sorted(path.suffix for path in folder.glob("*.weights.h5")) == [".h5"] * 4

# %% mystnb={"image": {"alt": "Grey and brownish clouds without any form: one could not say which movement was asked for."}}
sheets = [load_image(path) for path in sorted((folder / "samples").iterdir())]
plots.show(
    plots.image_grid([sheet[:128] for sheet in sheets], 2, ["epoch 1", "epoch 2"], size=1.2),
    photographs=True,
)

# %% [markdown]
# Fog, of course. To learn fourteen manners takes longer.
#
# ## The recorded run
#
# The package carries the record of the profile `cpu`, and both networks as it left them.

# %%
run = synthesis_run()
wanted = ("name", "size", "drawn", "epochs", "batch_size", "latent_dim", "r1", "lr")
print({name: run.config[name] for name in wanted})
machine = run.environment
seconds = np.diff(run.log["seconds"], prepend=0)
print(f"{machine['processors']} processors, {seconds.sum() / 60:.0f} minutes of steps;", end=" ")
print(f"at the pace of the fastest epoch {seconds.min() * len(seconds) / 60:.0f}")

# %%
inventor = Inventor.load()
print(f"generator: {inventor.generator.count_params():,} weights")
print(f"{run.config['drawn'] * len(MOVEMENTS):,} drawn paintings, {run.log['step'][-1]:.0f} steps")

# %% [markdown]
# The two cores were busy with other work for much of the run, hence the two times.
#
# Each evaluation measured three things on paintings that are never trained on. *KID* says how far invented and drawn
# paintings are apart in VGG's features, 0 for one distribution. *Movement accuracy*: is an invented painting nearest to
# the mean of the movement it was asked for? Guessing would be right once in 14 times. And the discriminator's score of
# held-out paintings, beside that of the training paintings: if it knows those by heart, the two part. **What do you
# expect** of the three?

# %% mystnb={"image": {"alt": "On the left KID falls steeply and then slowly, and the accuracy climbs from chance to nearly three quarters. On the right the scores of training paintings and of invented ones draw apart slowly; the dots of held-out paintings lie on both sides of the line of the training paintings."}}
log, at = run.log, np.isfinite(run.log["kid"])
with plt.rc_context(plots.STYLE):
    figure, (left, right) = plt.subplots(1, 2, figsize=(7.4, 3), layout="constrained")
    left.plot(log["step"][at], log["kid"][at], "-o", color=plots.BLUE, label="KID")
    left.plot(
        log["step"][at], log["movement_accuracy"][at], "--s", color=plots.ORANGE, label="accuracy"
    )
    left.set(title="Measured, not trained on", xlabel="step", ylim=(0, None))
    left.legend()
    right.plot(log["step"], log["real_score"], color=plots.BLUE, label="training paintings")
    right.plot(log["step"], log["fake_score"], "--", color=plots.ORANGE, label="invented")
    right.plot(log["step"][at], log["held_out_score"][at], "o", color=plots.GREEN, label="held out")
    right.set(title="The discriminator's mean score", xlabel="step")
    right.legend()
plots.show(figure)

# %%
for column in ("kid", "movement_accuracy", "held_out_score"):
    print(f"{column:18} {log[column][at][0]:6.2f} at first, {log[column][at][-1]:6.2f} at the end")
print(
    f"{'real_score':18} {log['real_score'][0]:6.2f} at first, {log['real_score'][-1]:6.2f} at the end"
)

# %% [markdown]
# KID falls and accuracy rises to the end of the run, so a longer one would go further. The discriminator tells invented
# paintings from real ones all along, and gets surer of it. Its scores of held-out paintings jump about, around those of
# the training paintings and not steadily below them: it has not learned these by heart.
#
# ## Look at them
#
# Five invented paintings of each movement, and at the right one that the course draws, held out. **Before you look:**
# which movements will be easy for a small network, and which hard?

# %%
names = list(MOVEMENTS)


def gallery(some):
    rows = []
    for name in some:
        rows += [inventor.invent(name, seed) for seed in range(5)]
        rows += [paint(name, HELD_OUT_SEED, 64)]
    plots.show(plots.image_grid(rows, 6, rows=some, size=0.66), photographs=True)


# %% mystnb={"image": {"alt": "Seven rows, cubism to bauhaus. Each invented painting has its movement's colours: beige haze, a red, blue and white tangle, slanting strokes, dark blocks on white, white planes with blue and yellow, red and black, pale specks. The drawn painting at the right has sharp edges, and they have none."}}
gallery(names[:7])

# %% mystnb={"image": {"alt": "Seven rows, magic squares to op art: dark checks melted together, blobs on blue and ochre, grey tangle, dark gestures, soft bands of colour, flat shapes with round corners, fine stripes. Only the soft bands could be taken for the drawn painting at the right."}}
gallery(names[7:])

# %% [markdown]
# Colours and layout are right nearly everywhere, and no two are the same. What is soft by nature is learned best: a
# colour field could hang beside the drawn one. Where straight lines, circles and right angles make the painting, there
# are wavering edges and blobs: Orphism without a single circle, op art that shimmers and has neither squares nor
# rings. A convolution sees little at once, and the run was short. These are paintings *in the colours
# of* a movement; do not take them for more.
#
# ## Walks
#
# A generator is a function: two latent vectors that lie close together give two paintings that look alike. So one can
# walk from one painting to another, and each step is a painting. Which way to go? The straight line is the obvious
# one. **What do you expect:** how long is the vector half-way, compared with both ends?

# %%
many = latent_vectors(1_000, inventor.latent_dim)
lengths = np.linalg.norm(many, axis=1)
print(
    f"of 1000 latent vectors the shortest is {lengths.min():.1f} long, the longest {lengths.max():.1f}"
)
print(f"half-way between two: {np.linalg.norm((many[::2] + many[1::2]) / 2, axis=1).mean():.1f}")

# %% [markdown]
# In many dimensions a normal distribution is a shell: nearly all of its vectors are about $\sqrt{d}$ long, and two of
# them stand at about a right angle. Half-way along the straight line a vector is $\sqrt{2}$ times shorter, as short as
# the very shortest of the thousand: the generator was hardly ever trained there. {term}`Spherical interpolation`
# {cite:p}`shoemake1985,white2016` goes along the shell instead. With the angle $\omega$ between the two vectors,
#
# $$z(t) = \frac{\sin((1 - t)\,\omega)}{\sin \omega} \, z_0 + \frac{\sin(t\,\omega)}{\sin \omega} \, z_1.$$

# %%
start, end = many[:2]
ways = {
    "straight": [(1 - t) * start + t * end for t in np.linspace(0, 1, 8)],
    "spherical": [spherical_interpolation(start, end, t) for t in np.linspace(0, 1, 8)],
}
for name, way in ways.items():
    print(f"{name:9}", *(f"{np.linalg.norm(z):.1f}" for z in way))

# %% mystnb={"image": {"alt": "In each row the first painting turns into the last in eight small steps; half-way, the straight row is a little paler than the spherical one below it."}}
walks = [inventor.paint(way, ["colour-field"] * 8) for way in ways.values()]
walks += [inventor.paint(ways["spherical"], [name] * 8) for name in ("hard-edge", "neoplasticism")]
titles = ["straight", "spherical", "spherical", "spherical"]
plots.show(plots.image_grid(np.concatenate(walks), 8, rows=titles, size=0.62), photographs=True)

# %% [markdown]
# By eye the first two rows hardly differ. Does the shell matter to *this* generator? Measure: KID between held-out
# paintings and those half-way, on both ways. **What do you expect?**

# %%
EACH = 8
vgg = vgg16(STYLE_LAYERS)
numbers = np.tile(np.arange(14), EACH)
drawn = np.stack([paint(name, HELD_OUT_SEED + i, 64) for i in range(EACH) for name in names])
looked = style_vectors(vgg, drawn, 32)
centres = np.stack([looked[numbers == number].mean(axis=0) for number in range(14)])

# %% tags=["nbval-ignore-output"]
one, other = latent_vectors(2 * len(numbers), inventor.latent_dim, seed=1).reshape(
    2, -1, inventor.latent_dim
)
places = {
    "ends": one,
    "straight": (one + other) / 2,
    "spherical": spherical_interpolation(one, other, 0.5),
}
far = {}
for name, z in places.items():
    far[name] = kid(style_vectors(vgg, inventor.paint(z, names * EACH), 32), looked)
    print(f"{name:9} KID {far[name]:.3f}")
assert far["straight"] > far["spherical"]

# %% [markdown]
# It does. On the shell, half-way is as good as the ends; inside it, the paintings are further from the drawn ones.
#
# ## Between movements
#
# The movement is a vector too: its embedding. Half of one row of the table and half of another is a movement that
# nobody founded. **What do you expect** half-way between Op art and colour field, a mixture, or a sudden change?

# %% mystnb={"image": {"alt": "Three rows of eight paintings: each begins in one movement and ends in another, and every step looks like the one before it, a little changed."}}
PAIRS = [("op-art", "colour-field"), ("suprematism", "neoplasticism"), ("magic-squares", "orphism")]
shares = np.linspace(0, 1, 8)
z = latent_vectors(1, inventor.latent_dim, seed=2).repeat(8, axis=0)
crossings = [inventor.paint(z, [{a: 1 - t, b: t} for t in shares]) for a, b in PAIRS]
plots.show(
    plots.image_grid(np.concatenate(crossings), 8, rows=[a for a, _ in PAIRS], size=0.62),
    photographs=True,
)

# %% tags=["nbval-ignore-output"]
for (a, b), pictures in zip(PAIRS, crossings, strict=True):
    both = np.linalg.norm(
        style_vectors(vgg, pictures)[:, None] - centres[[names.index(a), names.index(b)]], axis=2
    )
    print(f"{a} to {b}: nearer to the second", *np.where(both[:, 1] < both[:, 0], "yes", "no"))
assert both[0, 0] < both[0, 1] and both[-1, 1] < both[-1, 0]

# %% [markdown]
# Nothing jumps. Whether VGG sees a change is another matter. In the third row it does, half-way; in the other two one
# movement is the nearer one all along, even at the end that was asked to be all of the other: a third of the invented
# paintings miss their movement. And the embedding was only ever trained at its fourteen rows; nothing in the losses says what
# should lie between.
#
# ## Truncation
#
# A number near 0 is frequent in a latent vector and a large one is rare, so the generator should know the middle best. The
# {term}`truncation trick` {cite:p}`brock2019` draws vectors without large entries: each number is drawn again until
# its size is below a threshold. `latent_vectors` gets the same distribution in one draw, from the inverse of its
# distribution function, and so a seed's paintings change smoothly as the threshold moves.
#
# Two measures, for the two sides of the trade: *accuracy*, how many paintings are nearest to their own movement, and
# *spread*, how far two paintings of the same movement are apart in VGG's features, on average. **What do you expect**
# of both as the threshold falls? And of KID?


# %%
def spread(vectors):
    return np.mean([pdist(vectors[numbers == number]).mean() for number in range(14)])


THRESHOLDS = (0.5, 1.0, 2.0)

# %% tags=["nbval-ignore-output"]
print(f"drawn, held out: spread {spread(looked):.1f}")
measured = {}
for threshold in (*THRESHOLDS, None):
    z = latent_vectors(len(numbers), inventor.latent_dim, 1, threshold)
    vectors = style_vectors(vgg, inventor.paint(z, names * EACH), 32)
    accuracy = style_retrieval(vectors, centres, numbers.tolist())
    measured[threshold] = accuracy, spread(vectors), kid(vectors, looked)
    print(
        f"threshold {threshold}: accuracy {accuracy:.2f}, spread {spread(vectors):.1f}, KID {measured[threshold][2]:.3f}"
    )
assert measured[0.5][1] < measured[1.0][1] < measured[2.0][1] < spread(looked)
assert measured[0.5][2] > measured[None][2]

# %% [markdown]
# One side of the trade is there: the smaller the threshold, the more alike the paintings. The other is not. Accuracy
# and KID get *worse*, so here truncation buys nothing. Two things explain it. The first is the shell: in so many
# dimensions a typical vector is not near 0, however dense the distribution is there. The second stands in the paper:
# Brock et al. found that most of their models could not be truncated either, 16 % could without help, and added a
# term to the loss that makes the generator smooth {cite:p}`brock2019`. Truncation is no law, and one has to measure.
#
# And even untruncated, the invented paintings of a movement are more alike than the drawn ones.

# %% mystnb={"image": {"alt": "Five rows of eight colour fields. At truncation 0 all are one picture; row by row downwards they differ more, in their colours and in where the bands lie."}}
truncated = [
    inventor.invent("colour-field", seed, t) for t in (0, *THRESHOLDS, None) for seed in range(8)
]
plots.show(
    plots.image_grid(truncated, 8, rows=["0", "0.5", "1", "2", "none"], size=0.62), photographs=True
)

# %% [markdown]
# ### Try it
#
# All of it in one place: pick a movement and a truncation, and walk from seed to seed. The seeds are those of
# `abstractgan invent MOVEMENT --seed SEED`.

# %%
SEEDS, STEPS = 3, 3


def closed_walk(threshold):
    ends = np.concatenate(
        [latent_vectors(1, inventor.latent_dim, s, threshold) for s in range(SEEDS)]
    )
    following = np.roll(ends, -1, axis=0)
    steps = [spherical_interpolation(ends, following, step / STEPS) for step in range(STEPS)]
    return np.stack(steps, axis=1).reshape(-1, inventor.latent_dim)


# %% tags=["nbval-ignore-output"]
from abstractgan.widgets import SynthesisExplorer

loops = np.concatenate([closed_walk(threshold) for threshold in THRESHOLDS])
grid = np.stack([inventor.paint(loops, [name] * len(loops)) for name in names])
explorer = SynthesisExplorer(
    grid.reshape(14, len(THRESHOLDS), SEEDS, STEPS, 64, 64, 3),
    {name: movement.title for name, movement in MOVEMENTS.items()},
    THRESHOLDS,
    *zip(*(measured[threshold][:2] for threshold in THRESHOLDS), strict=True),
)
assert explorer.picture.shape == (64, 64, 3)
explorer

# %% [markdown]
# ## Is it new?
#
# A generator that stored its training paintings would also look good on all of the measures above. So look for the
# nearest training painting of each invented one, in VGG's features, among all of them. But how near is too near? The
# answer needs two rulers {cite:p}`meehan2020`: drawn paintings that were *not* trained on, which cannot be copies, and
# copies, training paintings mirrored and with a little noise. The repository's benchmark of synthesis measured all three.
#
# **What do you expect:** are invented paintings nearer to the training set than held-out ones, or further away?

# %%
with MEASURED.with_name("synthesis_neighbours.csv").open(encoding="utf-8", newline="") as file:
    table = list(csv.DictReader(file))
near = {
    kind: np.array([float(row["distance"]) for row in table if row["kind"] == kind])
    for kind in ("copy", "held out", "invented")
}
for kind, distances in near.items():
    print(f"{kind:8} {len(distances)} pictures, median distance {np.median(distances):.2f}")
    near[kind] = distances.reshape(len(names), -1)  # the table goes through the movements


# %%
def nearer(kind):
    return np.mean(near["held out"][:, None] > near[kind][:, :, None])


for kind in ("copy", "invented"):
    print(f"{kind}: nearer than a held-out painting in {nearer(kind):.0%} of a movement's pairs")
assert nearer("copy") > 0.7 and nearer("invented") < 0.1

# %% [markdown]
# Most copies are found out, so the ruler works, though it is blunt: to VGG a mirrored stroke is another stroke. And of copying
# there is no sign: hardly ever is an invented painting
# nearer to the training set than a new one by the same hand. Be careful, though, what that proves. They are further away
# because they are worse: no drawn painting is as blurred.
#
# Numbers can deceive; look at the nearest of all. Above, the invented paintings that lie closest to a training
# painting, one for each of seven movements, and below, that training painting.

# %% mystnb={"image": {"alt": "Seven invented paintings above their nearest training paintings: the pairs share a palette and, but for the last, a movement, and no shape of one is at its place in the other."}}
first = {}
for row in sorted(
    (row for row in table if row["kind"] == "invented"), key=lambda row: float(row["distance"])
):
    first.setdefault(row["movement"], row)
closest = list(first.values())[:7]
invented = [inventor.invent(row["movement"], int(row["seed"])) for row in closest]
trained = [paint(row["nearest_movement"], int(row["nearest_seed"]), 64) for row in closest]
plots.show(
    plots.image_grid(invented + trained, 7, rows=["invented", "training"], size=0.8),
    photographs=True,
)

# %% [markdown]
# The same movement in all pairs but the last, similar colours, another picture.
#
# What this check can't show. It is blind to a part that is copied, a circle here or a palette there, and to anything
# that VGG does not see. And a poor generator passes it with ease: fog is far from every painting. It speaks only
# together with KID.
#
# And what the whole page can't show: the paintings it learned from are drawn by code, in fourteen recipes. A network
# that learned all of them perfectly would have learned fourteen programs, and not what Delaunay or Riley saw. To learn
# from real paintings takes tens of thousands of them, which this course may not carry.

# %% [markdown]
# ## Summary
#
# - Repainting takes a picture's content from a photograph. Inventing takes everything from noise and a label.
# - A conditional GAN tells both players the label; the projection discriminator adds an inner product to its logit, one
#   term for "real", one for "of this movement".
# - Latent vectors lie on a shell, so walks between them are curved; movements are vectors too, and mix.
# - Truncation gives up variety. Whether it buys quality has to be measured.
# - A generator copies if it is nearer to its training set than new paintings are. Two rulers make the distance speak.
#
# ## Exercises
#
# **1. A picture of no movement.** In the example by hand, which features $h$ does the discriminator score alike for both
# movements? Give one with a length of 1, both numbers positive.
#
# :::{admonition} Solution
# :class: dropdown
# The two logits differ by $(v_1 - v_2) \cdot h$; it is 0 where $h$ is at a right angle to the difference, $(2, -3)$.
# :::

# %% tags=["hide-cell"]
neutral = np.array([3.0, 2.0]) / np.sqrt(13)
check(
    "no movement",
    lambda: (told_vectors["orphism"] - told_vectors["op-art"]) @ neutral,
    0.0,
    "At a right angle.",
)

# %% [markdown]
# **2. Truncation without drawing.** StyleGAN {cite:p}`karras2020` pulls the vectors that its first layers make of $z$ towards
# their mean, by a factor. Ours has no such layers, so shorten $z$ itself: $z \mapsto z / 2$. Measure accuracy, spread
# and KID for it, and find the row of the table above that it resembles most.
#
# :::{admonition} Solution
# :class: dropdown
# Half as long is what a threshold near 1 gives: its entries have a deviation of about one half. Both take the
# generator's inputs towards the middle.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
z = latent_vectors(len(numbers), inventor.latent_dim, seed=1) / 2
vectors_half = style_vectors(vgg, inventor.paint(z, names * EACH), 32)
print(f"spread {spread(vectors_half):.1f}, KID {kid(vectors_half, looked):.3f}")
print(f"deviation at threshold 1: {latent_vectors(1_000, 64, 0, 1.0).std():.2f}")
assert measured[0.5][1] < spread(vectors_half) < measured[2.0][1]

# %% [markdown]
# **3. Can it paint that one?** Another check for copies {cite:p}`webster2019`: look for the latent vector whose painting
# comes nearest to a given one, by gradient descent through the generator. If training paintings can be found again much
# better than held-out ones, they are stored in the weights. Do it for twelve of each.
#
# :::{admonition} Solution
# :class: dropdown
# Adam on the vectors, the mean squared difference of the pixels as the loss. Compare the two means.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
asked = [(name, seed) for seed in (0, HELD_OUT_SEED) for name in names[:12]]
goals = to_float(np.stack([paint(name, seed, 64) for name, seed in asked]))
told = tf.tile(tf.eye(14)[:12], (2, 1))
z = keras.Variable(np.zeros((24, inventor.latent_dim), "float32"))
adam = keras.optimizers.Adam(0.1)


@tf.function
def descend():
    with tf.GradientTape() as tape:
        painted = inventor.generator([tf.identity(z.value), told])
        misses = tf.reduce_mean((painted - goals) ** 2, axis=(1, 2, 3))
    adam.apply([tape.gradient(misses, z.value)], [z])
    return misses


for _ in range(100):
    misses = descend()
means = np.mean(np.reshape(misses, (2, 12)), axis=1)
print(f"training {means[0]:.3f}, held out {means[1]:.3f}")
assert means[0] > 0.5 * means[1]

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

nearest_to_shell = min(ways, key=lambda name: abs(np.linalg.norm(ways[name][4]) - 8))
Quiz(
    [
        Question(
            "The vectors of all movements are 0. What does the discriminator still ask?",
            ["real or not", "which movement", "nothing"],
            answer="real or not" if alone != 0 else "nothing",
            feedback="The logit is a(h) alone: the label has no say.",
        ),
        Question(
            "Which way between two latent vectors keeps their length?",
            list(ways),
            answer=nearest_to_shell,
            feedback="Half-way along the straight line a vector is too short.",
        ),
        Question(
            "The threshold of the truncation falls. What happens to the spread?",
            ["it falls", "it stays", "it rises"],
            answer="it falls" if measured[0.5][1] < measured[2.0][1] else "it rises",
            feedback="Vectors near 0 give paintings that are alike.",
        ),
    ]
)

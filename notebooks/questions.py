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
# # Questions and answers
#
# *The article's §8, 附录：常见问题与解答: its three questions, and others that learners ask.*
#
# Each answer comes first in one sentence. Then something shows it: a cell where one can, else a recorded run, else a
# paper. The chapter that has more is linked.
#
# After this page you will be able to
#
# - say before a run starts how long it will take, on this machine and on another one;
# - say what a discriminator can do about a bad picture, and what it can't;
# - find the cell that answers the question which you have right now.
#
# **The article's three**
#
# - [Why use a GAN for style transfer?](#why-use-a-gan-for-style-transfer)
# - [How much compute and time does training take?](#how-much-compute-and-time-does-training-take)
# - [What is to be done about unrealistic pictures?](#what-is-to-be-done-about-unrealistic-pictures)
#
# **Training**
#
# - [Do I need a GPU?](#do-i-need-a-gpu)
# - [How many paintings and photographs do I need?](#how-many-paintings-and-photographs-do-i-need)
# - [Why doesn't my loss fall?](#why-doesnt-my-loss-fall)
# - [When has it trained enough?](#when-has-it-trained-enough)
# - [Which loss should I choose?](#which-loss-should-i-choose)
# - [Is it the same each time?](#is-it-the-same-each-time)
# - [Colab ended my session: is all lost?](#colab-ended-my-session-is-all-lost)
#
# **Pictures**
#
# - [Can I take a painting of my own?](#can-i-take-a-painting-of-my-own)
# - [What do strength and keep_color do?](#what-do-strength-and-keep_color-do)
# - [What size may a picture have?](#what-size-may-a-picture-have)
# - [Can it do video?](#can-it-do-video)
# - [Why is a result blurred?](#why-is-a-result-blurred)
# - [Why does it have checkerboards?](#why-does-it-have-checkerboards)
# - [Why does it have a frame?](#why-does-it-have-a-frame)
#
# **The method**
#
# - [Why VGG, and no newer network?](#why-vgg-and-no-newer-network)
# - [Why Gram matrices?](#why-gram-matrices)
# - [How do I know that it is good?](#how-do-i-know-that-it-is-good)
# - [Does it learn pictures by heart?](#does-it-learn-pictures-by-heart)
# - [May I sell the result?](#may-i-sell-the-result)

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 55 s and 1.7 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import json
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from IPython.display import Markdown
from keras import ops
from PIL import Image
from scipy.stats import norm

# %%
from abstractgan import plots
from abstractgan.data.digits import load_digits
from abstractgan.data.images import centre_square, to_float
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.losses import ADVERSARIAL_LOSSES
from abstractgan.metrics import classify_digits, digit_report, memorisation
from abstractgan.metrics.style import MEASURED, gram, look, measured_style
from abstractgan.networks import digit_discriminator
from abstractgan.stylize import RECEPTIVE_FIELD, TILE, Stylizer
from abstractgan.teaching import check, expect_error
from abstractgan.training.cost import Forecast, convolution_rate, median_seconds
from abstractgan.training.digits import build_digit_gan
from abstractgan.training.profiles import DIGIT_PROFILES, STYLE_PROFILES
from abstractgan.training.recorded import digit_run, style_run
from abstractgan.training.style import counted_step
from abstractgan.training.style_pictures import squares_of_each

# %% [markdown]
# ## Why use a GAN for style transfer?
#
# **For what no formula of ours says about a painting: style transfer works without a GAN, and with one its results are
# harder to tell from paintings.**
#
# The article answers that a GAN "learns the distribution". [Painting by optimisation](gatys.ipynb) learns none, has no
# discriminator, and paints well ([erratum 33](#erratum-33)). So take the adversarial loss away, train again with all
# else equal, and ask somebody who had no part in it: a *fresh judge* learns to tell results from paintings. It scores 1 if
# it always can, one half if it has to guess.

# %%
path = MEASURED.parent / "style_ablations.csv"
table = np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding="utf-8")
arms = {str(row["arm"]): row for row in table}
for name in ("full", "no adversarial loss"):
    arm = arms[name]
    print(f"{name:20} gram {arm['gram']:.2f}   fresh judge {arm['judge_auc']:.2f}")
assert arms["full"]["judge_auc"] < arms["no adversarial loss"]["judge_auc"]

# %% [markdown]
# The measure of style sees no difference. The fresh judge does, and it still wins. That was a short training with one seed:
# [Is the GAN earned?](style_gan.ipynb#is-the-gan-earned) has all four arms and what they don't show.
#
# ## How much compute and time does training take?
#
# **The number of steps times what one step takes: the first is in the profile, and the second can be measured or
# counted before the run starts.**
#
# "From minutes to hours", says the article ([erratum 36](#erratum-36)). First what was measured, with the machine that it was
# measured on. The style GAN's runs shared their processors with other work.


# %%
def table_of(rows):
    lines = ["| run | how known | pixels | steps | s a step | time |", "|---|---|---|---|---|---|"]
    for name, how, size, took in rows:
        long = took.minutes >= 120
        time = f"{took.minutes / 60:.0f}&nbsp;h" if long else f"{took.minutes:.0f}&nbsp;min"
        lines.append(
            f"| {name} | {how} | {size} | {took.steps} | {took.step_seconds:.2f} | {time} |"
        )
    return Markdown("\n".join(lines))


def machine_of(environment):
    devices = environment["gpus"] or [f"{environment['processors']} x {environment['processor']}"]
    return f"measured on {devices[0]}, {'JAX' if 'jax' in environment else 'TensorFlow'}"


# %%
digits, style, gpu = digit_run(), style_run("cpu"), style_run("gpu")
measured = []
for name, run, size in (
    ("digit", digits, 28),
    ("style", style, style.config["size"]),
    ("style", gpu, gpu.config["size"]),
):
    steps, seconds = int(run.log["step"][-1]), run.log["seconds"][-1]
    took, where = Forecast(steps, seconds / steps), machine_of(run.environment)
    measured.append((f"{name} GAN, {run.config['name']}", where, size, took))

# %%
folder, arm = MEASURED.parent / "style_ablations" / "full", arms["full"]
size = json.loads((folder / "config.json").read_text("utf-8"))["size"]
where = machine_of(json.loads((folder / "environment.json").read_text("utf-8")))
took = Forecast(int(arm["steps"]), float(arm["seconds"]) / int(arm["steps"]))
table_of([*measured, ("style GAN, ablation", where, size, took)])

# %% [markdown]
# `abstractgan train` measures its first steps, without the one that is compiled, and multiplies: its second line is such
# a `Forecast`. For a machine that you don't have, count. The multiply-adds of a step follow from the shapes alone, and nothing
# is computed to get them.
#
# **What do you expect:** how many times a step of the profile `cpu` does one of the profile `gpu` cost?

# %%
counts = {name: counted_step(STYLE_PROFILES[name]) for name in ("cpu", "gpu")}
print({name: f"{count / 1e9:.0f} G" for name, count in counts.items()})
assert counts["gpu"] > 10 * counts["cpu"]

# %% [markdown]
# Now a rate. This machine's is measured, in convolutions of the sizes that VGG16 has. A GPU's is *assumed*: NVIDIA gives
# 65 TFLOPS at best for a T4 in mixed precision {cite:p}`nvidiat4`, a multiply-add is two operations, and no network
# reaches the best. We take a third and a tenth of it. **No T4 was measured for this book**; the GPU of the table above is
# another one.

# %% tags=["nbval-ignore-output"]
cpu = STYLE_PROFILES["cpu"]
here, best = convolution_rate(cpu.size, cpu.batch_size), 65e12 / 2
asked = [
    ("cpu", here, "predicted: this machine's convolutions"),
    ("gpu", here, "predicted: this machine's convolutions"),
    ("gpu", best / 3, "predicted: a T4 at a third of its best, assumed"),
    ("gpu", best / 10, "predicted: a T4 at a tenth of its best, assumed"),
]
rows = []
for name, rate, how in asked:
    profile = STYLE_PROFILES[name]
    took = Forecast(profile.epochs * profile.steps_per_epoch, counts[name] / rate)
    rows.append((f"style GAN, {name}", how, profile.size, took))
assert all(0 < took.minutes < np.inf for *_, took in rows)
table_of(rows)

# %% [markdown]
# Compare the first row with the one that was measured. A count leaves out all that is not a convolution or a matrix
# product, so a step can take longer; and a library that convolves cleverly needs fewer multiplications, so it can take
# less. And if the machine is busy with other work, its rate comes out too low. So a count tells hours from days, and no more.
# Better is what your own run says after its first steps.
#
# Repainting is another matter: one pass. Two sizes are measured here, and the seconds a pixel predict two more.

# %%
stylizer = Stylizer.load()
orphism = stylizer.style(paint("orphism", seed=1_000, size=256))

# %% tags=["nbval-ignore-output"]
for side in (256, 512):
    photo = centre_square(photograph("china"), side)
    seconds = median_seconds(partial(stylizer.stylize, photo, orphism), repeats=1)
    print(f"{side:4} x {side:<4} {seconds:6.1f} s   measured")
for width, height, how in ((1024, 1024, "predicted"), (6000, 4000, "predicted, at least")):
    took = Forecast(width * height, seconds / side**2)
    print(f"{width:4} x {height:<4} {60 * took.minutes:6.1f} s   {how}")
assert 0 < seconds < 60 * took.minutes

# %% [markdown]
# A picture larger than a tile, 1024 pixels, is looked at twice, once to measure and once to paint, and its tiles overlap:
# the last line is a lower bound.
#
# [The full training run](full_training.ipynb) tells what changes on a GPU, and every page says at its top what it takes.
#
# ## What is to be done about unrealistic pictures?
#
# **Leave out the ones that a discriminator scores low: it can reject a picture, and it can't correct one.**
#
# The article would have it correct pictures "as needed" ({ref}`erratum 37 <erratum-37>`). Its output is a number for
# each picture, and one can reject by it. Keeping each picture with a chance in proportion to the exponential of its logit,
# {term}`rejection sampling`, would even give the distribution of the data, if the discriminator were perfect and the
# generator could make everything {cite:p}`azadi2019`.
#
# First where everything is known. Real samples lie in two heaps, this generator has put a third heap between them, and the
# discriminator is perfect: its logit is the logarithm of the two densities' ratio. **What do you expect** of what is
# kept?


# %%
def density(x, centres):
    return np.mean([norm.pdf(x, centre, 0.3) for centre in centres], axis=0)


# %%
rng = np.random.default_rng(0)
made = rng.normal(rng.choice([-2, 0, 2], 10_000), 0.3)
logits = np.log(density(made, [-2, 2]) / density(made, [-2, 0, 2]))
kept = made[rng.random(len(made)) < np.exp(logits - logits.max())]
for name, samples in (("made", made), ("kept", kept)):
    between = np.mean(np.abs(samples) < 1)
    print(f"{name}: {len(samples):5}, of which {between:.0%} between the heaps")
assert between < 0.01

# %% [markdown]
# And with a discriminator that had to learn? Train a new judge for some seconds, on real digits and on generated ones, and
# let it score two thousand that are *new*.

# %%
latents = rng.standard_normal((6000, digits.config["latent_dim"])).astype("float32")
generated = digits.generator().predict(latents, batch_size=500, verbose=0)
shown, new = generated[:4000], generated[4000:]
real, unseen = (to_float(load_digits(split)[0]) for split in ("train", "test"))

# %%
keras.utils.set_random_seed(0)
judge = digit_discriminator(width=16, dropout=0.2)
judge.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
labels = np.repeat([1.0, 0.0], [len(real), len(shown)])[:, None]
judge.fit(np.concatenate([real, shown]), labels, batch_size=64, epochs=5, verbose=0)
scores, real_scores = (judge.predict(each, verbose=0)[:, 0] for each in (new, unseen))

# %% [markdown]
# **What do you expect** of a hundred new digits: will you agree with the judge about the worst twenty and the best?

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "The twenty digits that are scored lowest are broad, full strokes, and most of them can be read; the twenty highest are thin, and some are hardly more than one slanting stroke."}}
order = np.argsort(scores[:100])
both = np.concatenate([order[:20], order[-20:]])
plots.show(plots.image_grid(new[both], 10, rows=["lowest", "", "highest", ""]))
told = (real_scores[:, None] > scores).mean()
by_ink = np.corrcoef(new.mean(axis=(1, 2, 3)), scores)[0, 1]
print(f"a real digit is scored above a generated one in {told:.0%} of all pairs")
print(f"correlation of the score with the amount of white: {by_ink:.2f}")
assert told > 0.5 and by_ink < -0.3

# %% tags=["nbval-ignore-output"]
chance = np.exp(np.minimum(scores - np.quantile(scores, 0.9), 0))
choices = {
    "all": np.arange(len(new)),
    "the highest fifth": np.argsort(scores)[-400:],
    "kept by chance": np.flatnonzero(rng.random(len(new)) < chance),
}
reports = {name: digit_report(new[chosen]) for name, chosen in choices.items()}
for name, report in reports.items():
    count, rarest = len(choices[name]), f"{report.coverage:.1%}"
    print(f"{name:18} {count:5}   KID {report.kid:.2f}   rarest class {rarest}")
assert reports["the highest fifth"].coverage < reports["kept by chance"].coverage / 2
assert reports["kept by chance"].kid > 0.9 * reports["all"].kid

# %% [markdown]
# Of the twenty lowest you can read most, and of the twenty highest fewer. A score is no mark for handwriting: it says what
# gives *this* generator away to *this* judge, who tells little more than half of all pairs rightly. Here it is ink, the less
# the better.
#
# If you keep the highest scores only, you keep a few kinds of digit: the rarest class is all but gone, and {term}`KID`, the
# distance from real digits, has grown. Keep each by chance, and the classes stay. But nothing is gained by it here, for KID doesn't
# fall: the judge would have to be better than this. A strong one pays: it brought the FID of a large GAN from 14.79 to
# 13.75 {cite:p}`azadi2019`. So train better first, and reject what is left.
#
# [Handling unrealistic images](unrealistic.ipynb) takes the discriminator that the digit GAN was trained against. It is a
# better judge, and is calibrated first; the chapter tells what that gains and what it loses, over several draws.
# [Step 4](four_steps.ipynb#step-4-the-discriminator-scores) has the style GAN's discriminator, which scores every patch of a
# picture.
#
# ## Do I need a GPU?
#
# **No: only the run whose weights `abstractgan stylize` uses had one. The same network from two cores comes
# [close](does_it_work.ipynb#side-by-side), and every page of this book was made without a GPU.**

# %%
for name, run in (("digit GAN", digits), ("style GAN, cpu", style), ("style GAN, gpu", gpu)):
    machine = run.environment
    print(f"{name}: {machine['processors']} processors, {len(machine['gpus'])} GPUs")
assert not any(run.environment["gpus"] for run in (digits, style))

# %% [markdown]
# It is the profile `gpu` that wants one: the tables above say why.
#
# ## How many paintings and photographs do I need?
#
# **To repaint, one of each; to train, ours made do with a few dozen photographs and paintings beside drawn ones.**

# %%
config = style.config
paintings, drawn = len(config["paintings"]), config["drawn"] * len(MOVEMENTS)
squares = squares_of_each(paintings, STYLE_PROFILES[config["name"]]) * paintings + drawn
photographs = len(config["photographs"])
print(f"photographs: {photographs} of a folder, {len(PHOTOGRAPHS)} of the package")
print(f"paintings: {paintings} of a folder, {drawn} drawn; {squares} squares of both")
assert squares > paintings + drawn

# %% [markdown]
# A painting of a folder is cut into several squares, zoomed and recoloured, so that few paintings stand for many. How the
# result depends on their number was not measured. A *measure* wants more pictures than a painter does: see
# [how many KID and FID need](does_it_work.ipynb#whole-sets-kid-fid-and-how-many-pictures-they-need).
#
# ## Why doesn't my loss fall?
#
# **Because it isn't meant to: each network's loss says how it does against the other, and both get better.**
#
# In the recorded digit run, from epoch 10 to the end:

# %%
log = digits.log
for name in ("discriminator_loss", "generator_loss", "kid"):
    print(f"{name:18} {log[name][9]:.2f} -> {log[name][-1]:.2f}")
assert log["generator_loss"][-1] > log["generator_loss"][9]
assert log["kid"][-1] < log["kid"][9] / 2

# %% [markdown]
# The generator's loss has *risen*, and its digits are much nearer to real ones. A loss that goes to 0 is the bad sign:
# somebody has won. What to look at instead: [how to read a GAN's loop](digit_gan.ipynb#how-to-read-a-gans-loop), and
# [the signatures of what goes wrong](what_goes_wrong.ipynb#signatures).
#
# ## When has it trained enough?
#
# **When a measure on pictures that it doesn't train on has stopped falling.**
#
# Of the recorded style run, the distance from the style of paintings that it never saw:

# %%
held_out = style.log["held_out_gram"]
held_out = held_out[np.isfinite(held_out)]
half = len(held_out) // 2
first, second = held_out[0] - held_out[half], held_out[half] - held_out[-1]
print(f"gained in the first half: {first:.3f}, in the second: {second:.3f}")
assert first > second

# %% [markdown]
# Each further hour buys less. [The recorded run](style_gan.ipynb#the-recorded-run) shows the whole curve, and what is
# paid for it in structure.
#
# ## Which loss should I choose?
#
# **The non-saturating one, until you can name a reason for another.**
#
# A large and neutral comparison found no loss that beats it consistently {cite:p}`lucic2018`. One to avoid is the formula
# that the article prints, minimax. How hard does each loss pull at a fake that is scored -6, clearly rejected?

# %%
rejected, pulls = tf.constant(-6.0), {}
for name, game in ADVERSARIAL_LOSSES.items():
    with tf.GradientTape() as tape:
        tape.watch(rejected)
        loss = game.generator(rejected)
    pulls[name] = -float(tape.gradient(loss, rejected))
    print(f"{name:15} {pulls[name]:.4f}")
assert pulls["minimax"] < 0.01 < 0.99 < pulls["non_saturating"]

# %% [markdown]
# Minimax hardly pulls where pulling is needed most. [So which one?](loss_family.ipynb#so-which-one) compares what each loss
# needs; our style GAN has hinge, with spectral normalisation.
#
# ## Is it the same each time?
#
# **Whatever is drawn from a seed is, to the last bit; trainings repeat on one machine, and on another their last digits
# differ and grow apart.**

# %%
pictures = [paint("bauhaus", seed=5, size=64) for _ in range(2)]
smoke = DIGIT_PROFILES["smoke"]
births = [build_digit_gan(smoke, seed=3).get_weights() for _ in range(2)]
same = [np.array_equal(*pictures), all(map(np.array_equal, *births))]
print("paintings alike:", same[0], "  initial weights alike:", same[1])
assert all(same)

# %% [markdown]
# The package's tests kill and resume a training, and find each weight of the one that ran through. But other processors add
# up in another order. So when this book is tested, some outputs are compared with what is stored, and those that come out of
# a training only with what the text claims of them.
#
# ## Colab ended my session: is all lost?
#
# **No: give the same command again, and the run goes on after its last whole epoch.**
#
# Provided that its folder lies on your Drive, which outlives the session. Checkpoint and log are written after each epoch,
# under another name first, so that a half-written file never takes the place of a whole one.
# [The run, killed and resumed](full_training.ipynb#the-run-killed-and-resumed) does it before your eyes.
#
# ## Can I take a painting of my own?
#
# **Any picture is a style, without training: the decoder has learned to paint in the style that it is given.**
#
# With a file it is `load_image("mine.jpg")`, or `abstractgan stylize cat.jpg --style mine.jpg --output painted.png`. Here
# is a painting that no painter of this course knows:

# %%
mine = np.full((256, 256, 3), (235, 220, 190), "uint8")
rows, columns = np.mgrid[:256, :256]
mine[(rows + columns) // 20 % 3 == 0] = (190, 40, 60)
mine[(rows - 128) ** 2 + (columns - 128) ** 2 < 70**2] = (20, 70, 90)

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "The painting is cream with slanting red stripes and a dark blue disc; in the result the cat's eyes, nose and whiskers are where they were, in patches of these three colours."}}
cat = centre_square(photograph("chelsea"), 256)
painted = stylizer.stylize(cat, stylizer.style(mine))
titles = ["photograph", "mine", "result"]
plots.show(plots.image_grid([cat, mine, painted], 3, titles, size=2), photographs=True)
seen = [look(stylizer.encoder, picture) for picture in (cat, painted, mine)]
missed = [gram(maps, seen[2]) for maps in seen[:2]]
print(f"distance from the style: untouched {missed[0]:.2f}, painted {missed[1]:.2f}")
assert missed[1] < missed[0]

# %% [markdown]
# Several paintings at once, with `weights`, go too. To have your paintings *trained on*, give their folder to
# `abstractgan train style --paintings`. [Your own pictures instead](paintings.ipynb#your-own-pictures-instead) says what may
# lie in it.
#
# ## What do strength and keep_color do?
#
# **`strength` mixes the photograph's own style in, and `keep_color` takes only the lightness from the result.**

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "At strength 0 the cat is in its own browns, at one half it has some of the painting's greens, blues and oranges, at 1 it is made of them; with keep_color its strokes are those of strength 1 in the cat's own browns."}}
options = {"0": (0, False), "0.5": (0.5, False), "1": (1, False), "1, keep_color": (1, True)}
variants = [stylizer.stylize(cat, orphism, *each) for each in options.values()]
titles = [f"strength {name}" for name in options]
plots.show(plots.image_grid(variants, 4, titles, size=1.7), photographs=True)
*_, full, kept_own, own = (
    np.asarray(Image.fromarray(picture).convert("YCbCr"), float)[..., 1:]
    for picture in (*variants, cat)
)
assert np.abs(kept_own - own).mean() < 0.5 * np.abs(full - own).mean()

# %% [markdown]
# [The trade](does_it_work.ipynb#the-trade) draws what each strength costs in content.
#
# ## What size may a picture have?
#
# **Any, from 16 pixels each way: the result has the photograph's size.**

# %%
for height, width in ((16, 24), (131, 57)):
    part = cat[:height, :width]
    assert stylizer.stylize(part, orphism).shape == part.shape
with expect_error(UserError, "15 pixels are too few."):
    stylizer.stylize(cat[:15], orphism)
print(f"tiles of at most {TILE} pixels; {RECEPTIVE_FIELD} pixels each way decide on one")

# %% [markdown]
# A larger one is painted in tiles, which overlap by what decides on a pixel: memory stays bounded, and no seam is left.
# Strokes keep their size in pixels, so on a large photograph they are finer. If you want them bolder, make the photograph
# smaller first.
#
# ## Can it do video?
#
# **Frame by frame yes, and it will flicker: nothing tells one frame of the next.**
#
# The camera moves by some pixels. The wall in both frames is the same to the last bit, and painted twice:

# %% tags=["nbval-ignore-output"]
wide = photograph("china")[100:356]
frames = [stylizer.stylize(wide[:, start : start + 256], orphism) for start in (0, 3)]
seen_twice = [frames[0][32:-32, 35:-32], frames[1][32:-32, 32:-35]]
flicker = np.abs(np.subtract(*seen_twice, dtype=float)).mean()
print(f"mean difference of the same points: {flicker:.1f} of 255")
assert flicker > 1

# %% [markdown]
# The remedy is a loss that compares a frame with the one before, moved along with what it shows {cite:p}`ruder2016`. This
# course has none.
#
# ## Why is a result blurred?
#
# **Because a loss on pixels is smallest for the mean of all answers that are possible, and a mean has no sharp edge.**
#
# Here an edge may lie at eight places. Which answer has the smaller error, one that might be true or the mean that never
# is?

# %%
edges = np.stack([np.arange(32) >= 12 + place for place in range(8)]).astype(float)
for name, answer in (("one of them", edges[4]), ("the mean", edges.mean(axis=0))):
    error, steepest = np.mean((edges - answer) ** 2), np.abs(np.diff(answer)).max()
    print(f"{name:12} squared error {error:.3f}, steepest step {steepest:.3f}")
assert error < np.mean((edges - edges[4]) ** 2)

# %% [markdown]
# A judge of patches refuses such a mean, and that is what a discriminator is added to a pixel loss for {cite:p}`isola2017`.
# Our decoder has no loss on pixels. If its results look foggy, it has trained too briefly:
# [a minute of it](style_gan.ipynb#train-briefly) looks like that.
#
# ## Why does it have checkerboards?
#
# **Because a transposed convolution whose kernel the stride doesn't divide paints some pixels more often than others**
# {cite:p}`odena2016`.

# %%
times = {}
for kernel in (3, 4):
    ones, once = (np.ones(shape, "float32") for shape in ((1, 6, 6, 1), (kernel, kernel, 1, 1)))
    large = np.array(ops.conv_transpose(ones, once, strides=2, padding="same"))
    times[kernel] = large[0, 4:6, 3:9, 0].astype(int)
    print(f"kernel {kernel}, stride 2:", *map(str, times[kernel]))
assert np.ptp(times[3]) > 0 == np.ptp(times[4])

# %% [markdown]
# Repeat pixels and convolve with stride 1 instead, as our decoder does: [Checkerboards](what_goes_wrong.ipynb#checkerboards).
#
# ## Why does it have a frame?
#
# **Because convolutions pad with zeros, to VGG these are a frame, and a decoder paints what it sees.**
#
# A wall of one colour, with nothing on it. What does VGG see, with zeros beyond the border and with a mirror?

# %% tags=["nbval-ignore-output"]
wall = np.full((1, 64, 64, 3), 0.2, "float32")
spread = {}
for beyond, mirrored in (("zeros", False), ("a mirror", True)):
    maps = np.array(vgg16(["relu2_1"], mirrored=mirrored)(wall))[0]
    spread[beyond] = maps.std(axis=(0, 1)).max()
    print(f"beyond the border {beyond}: features differ by up to {spread[beyond]:.1f}")
assert spread["a mirror"] < 0.01 * spread["zeros"]

# %% [markdown]
# So mirror, in the decoder and in the encoder: [No frame](style_gan.ipynb#no-frame).
#
# ## Why VGG, and no newer network?
#
# **Because its features carry style in their statistics, and those of residual networks do so less well.**
#
# Stylisation often gets worse with the features of more advanced networks, such as ResNets, and their residual connections
# were found to be the cause: they make feature maps of small entropy {cite:p}`wang2021`. And what is needed of VGG16 is
# small:

# %%
print(f"{stylizer.encoder.count_params() / 1e6:.1f} million weights, frozen")
assert not stylizer.encoder.trainable_weights

# %% [markdown]
# [Does it have to be trained?](vgg_features.ipynb#does-it-have-to-be-trained) puts random weights in the place of VGG's.
#
# ## Why Gram matrices?
#
# **Because they keep which patterns occur together, and forget where.**
#
# Shuffle all positions of the cat's feature maps:

# %%
maps = np.array(stylizer.encoder(to_float(cat)[None])[2])[0]
before = maps.reshape(-1, maps.shape[-1])
after = np.random.default_rng(0).permutation(before)
matrices = [each.T @ each / len(each) for each in (before, after)]
for name, (one, other) in (("Gram matrix", matrices), ("feature maps", (before, after))):
    apart = np.linalg.norm(one - other) / np.linalg.norm(one)
    print(f"{name:12} changed by {apart:.0%}")
assert np.allclose(*matrices, rtol=1e-3)

# %% [markdown]
# No cat is left, and the style measure sees no change. That is what makes it one, and also what it can't do:
# [Two ways to forget where](vgg_features.ipynb#two-ways-to-forget-where) and
# [what a style cannot mend](vgg_features.ipynb#what-a-style-cannot-mend).
#
# ## How do I know that it is good?
#
# **By two measures at once, beside what can be had for nothing and beside others.**
#
# `gram` is the style that was missed, `content` the photograph that was lost, on pairs that ours never saw; lower is
# better. Magenta is a pretrained network, in its small edition for telephones. Gatys was measured on fewer of the pairs.

# %%
best = {row["method"]: row for row in measured_style() if row["strength"] in (0.9, 1)}
for method in ("photograph untouched", "ours", "Magenta", "Gatys"):
    row = best[method]
    print(f"{method:21} gram {row['gram']:.2f}   content {row['content']:.2f}")
ours, untouched = best["ours"], best["photograph untouched"]
assert ours["gram"] < untouched["gram"] and ours["content"] > untouched["content"]

# %% [markdown]
# Whoever shows you one of the two numbers hides the other. [Does it work?](does_it_work.ipynb) explains the rulers, fools
# them, and adds judges that nobody trained on.
#
# ## Does it learn pictures by heart?
#
# **A copier's pictures lie nearer to the training set than new pictures do; ours don't.**
#
# In which share of comparisons is a generated digit nearer to some training digit than a real one that was not trained
# on, in the features of the digits' classifier? One half or less is no sign of copying; 1 is copying.

# %% tags=["nbval-ignore-output"]
made, taught, untaught = (classify_digits(each)[0] for each in (new[:1000], real, unseen))
nearer = [memorisation(each, taught, untaught).nearer for each in (made, taught[:1000])]
print(f"generated digits: {nearer[0]:.2f}   a copier: {nearer[1]:.2f}")
assert nearer[0] < 0.6 < 0.9 < nearer[1]

# %% [markdown]
# The same test on the style GAN, with its copier: [Does it copy?](does_it_work.ipynb#does-it-copy)
#
# ## May I sell the result?
#
# **As far as this course is concerned yes; the photograph and the painting that you put in may belong to somebody.**
#
# Code, text and pictures that the course's painters draw are under the MIT licence, and VGG16's weights under CC BY 4.0.
# The photographs of this page come with terms of their own:

# %%
for licence in sorted({each.licence for each in PHOTOGRAPHS.values()}):
    named = [name for name, each in PHOTOGRAPHS.items() if each.licence == licence]
    print(f"{licence:14}", *named)
assert all(each.credit for each in PHOTOGRAPHS.values())

# %% [markdown]
# CC BY asks you to name the author: `PHOTOGRAPHS` has each credit. Whether a picture that a program drew can be anybody's
# property, your country's law decides and this page can't. Most abstract paintings are younger than a copyright:
# [Why not real paintings?](paintings.ipynb#why-not-real-paintings)

# %% [markdown]
# ## Exercises
#
# **1. A night.** On some machine a step of the profile `cpu` takes 0.5 s. By the counted multiply-adds, how many steps of the
# profile `gpu` does it do in eight hours, and which share of the run is that?
#
# :::{admonition} Solution
# :class: dropdown
# The seconds of a step grow as the multiply-adds do. A night is less than half of the run: that is why it wants a GPU.
# :::

# %% tags=["hide-cell"]
gpu = STYLE_PROFILES["gpu"]
slow = 0.5 * counts["gpu"] / counts["cpu"]
night, whole = int(8 * 3600 / slow), gpu.epochs * gpu.steps_per_epoch
print(f"{night} steps of {slow:.0f} s, {night / whole:.0%} of {whole}")
check("a night", Forecast(night, slow).minutes / 60, lambda hours: 7.9 < hours <= 8, "Seconds.")
assert night < 0.5 * whole

# %% [markdown]
# **2. How much is kept?** In the example of the heaps, one third of what the generator made is wrong, and the discriminator
# is perfect. Which share of all samples does rejection keep? And if only one of *five* heaps is right? Say it before you
# compute it.
#
# :::{admonition} Solution
# :class: dropdown
# A right sample has the highest ratio of the densities and is kept for sure, a wrong one never. So what is kept is the share of
# the right ones: two thirds, and one fifth. The worse the generator, the more pictures are made for nothing.
# :::


# %% tags=["hide-cell"]
def share_kept(right, all_heaps, samples=10_000):
    rng = np.random.default_rng(1)
    made = rng.normal(rng.choice(all_heaps, samples), 0.3)
    ratio = density(made, right) / density(made, all_heaps)
    return np.mean(rng.random(samples) < ratio / ratio.max())


# %% tags=["hide-cell"]
shares = [share_kept([-2, 2], [-2, 0, 2]), share_kept([4], [-4, -2, 0, 2, 4])]
print([f"{share:.2f}" for share in shares])
check("the share", np.round(shares, 1), [0.7, 0.2], "What becomes of a right sample?")
assert np.allclose(shares, [2 / 3, 1 / 5], atol=0.02)

# %% [markdown]
# **3. When to stop.** Write `stop(values, patience)`: the number of the evaluation after which one stops, as that many
# in a row have brought no new best, or `None`. Would a patience of one have stopped the recorded style run?
#
# :::{admonition} Solution
# :class: dropdown
# Count since the best so far. In the recorded run each evaluation was a new best: it ended because its profile says so, and
# not because it had learned all it could.
# :::


# %% tags=["hide-cell"]
def stop(values, patience):
    for number in range(1, len(values) + 1):
        if number - (1 + int(np.argmin(values[:number]))) >= patience:
            return number
    return None


check("stop", stop([5, 4, 4.5, 4.2, 3], 2), 4, "Count since the best so far.")
print("the recorded run:", stop(held_out, 1))
assert stop([3, 2, 1], 1) is None and stop(held_out, 1) is None

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

weakest = min(pulls, key=pulls.get)
Quiz(
    [
        Question(
            "3000 steps, the first five of which took 0.4 s each: for how many minutes do you leave?",
            [12, 20, 75],
            answer=round(Forecast(3000, 0.4).minutes),
            feedback="Steps times seconds a step, over 60.",
        ),
        Question(
            "Which loss hardly pulls at a fake that is clearly rejected?",
            ["minimax", "non-saturating", "hinge"],
            answer=weakest,
            feedback="Its slope is the discriminator's belief in the fake, which is nearly 0 there.",
        ),
        Question(
            "Shuffle the positions of a feature map: what stays the same?",
            ["the Gram matrix", "the content loss", "the picture"],
            answer="the Gram matrix" if np.allclose(*matrices, rtol=1e-3) else "the picture",
            feedback="A sum over positions doesn't ask for their order.",
        ),
    ]
)

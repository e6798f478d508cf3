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
# # Handling unrealistic images
#
# *The article's §7, 总结：未来发展趋势与挑战, and the third question of its §8.*
#
# A generator makes good pictures and bad ones, and it can't tell which is which. Its opponent was trained for nothing
# else. When the training is over, most people throw the discriminator away. What is it still good for?
#
# After this page you will be able to
#
# - say what a discriminator's score means after the training, and test whether its probabilities come true;
# - choose among generated pictures by rejection sampling, and say what that costs;
# - judge such a choice fairly: at equal count, over several draws, by its classes and by a second judge;
# - say why a discriminator can't correct a picture, and show what comes out if one tries.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 30 s and 1.2 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from abstractgan import plots
from abstractgan.data.digits import load_digits
from abstractgan.data.images import to_float
from abstractgan.metrics import classify_digits, kid
from abstractgan.networks import digit_classifier
from abstractgan.teaching import check
from abstractgan.training.recorded import digit_run
from abstractgan.training.rejection import (
    best_scored,
    calibrate,
    metropolis_hastings,
    rejection_sample,
    reliability,
)

plt.style.use(plots.STYLE)

# %% [markdown]
# ## What is left after the training
#
# The run of [the digit GAN](digit_gan.ipynb) that the package carries has kept both players as they were at the end. (Its
# generator is the averaged one, as always. The discriminator played against the one that was trained.)

# %%
run = digit_run()
generator, discriminator = run.generator(), run.discriminator()


# %%
def drawn(count, seed, spread=1.0):
    shape = (count, run.config["latent_dim"])
    latents = spread * np.random.default_rng(seed).standard_normal(shape)
    return generator.predict(latents.astype("float32"), batch_size=500, verbose=0)


def scored(pictures):
    return discriminator.predict(pictures, batch_size=500, verbose=0)[:, 0]


# %% [markdown]
# Three kinds of digit come before it: the real ones that it was trained on, real ones that it never saw, and new
# generated ones. Half of the unseen ones, `held`, we shall use up; the other half, `reference`, stays for the measures.
#
# **What do you expect:** which of the three gets the highest scores? Does it treat the first two alike?

# %% mystnb={"image": {"alt": "Three humps that overlap widely: the scores of generated digits lie lowest, those of unseen real digits higher, those of the digits it was trained on highest."}}
taught, unseen = (to_float(load_digits(split)[0]) for split in ("train", "test"))
held, reference = unseen[:500], unseen[500:]
first = drawn(2000, seed=0)
scores = {"trained on": scored(taught), "unseen": scored(held), "generated": scored(first)}
plt.figure(figsize=(7, 3.2), layout="constrained")
for (kind, values), dash in zip(scores.items(), ["-", "--", ":"], strict=True):
    plt.hist(values, 40, density=True, histtype="step", linestyle=dash, linewidth=2, label=kind)
plt.xlabel("score (logit): above 0 it says real")
plt.legend()
plots.show(plt.gcf())


# %% tags=["nbval-ignore-output"]
def told_apart(real, generated):
    return (real[:, None] > generated).mean()


for kind in ("trained on", "unseen"):
    share = told_apart(scores[kind], scores["generated"])
    print(f"{kind:10} scored above a generated one in {share:.0%} of all pairs")
    assert 0.6 < share < 0.95
assert scores["trained on"].mean() > scores["unseen"].mean() + 0.1
assert scores["unseen"].mean() > scores["generated"].mean() + 0.3

# %% [markdown]
# It has not given up: guessing would be one half. But it knows its own digits by heart to some extent, and takes a new real
# one for real less readily. So whatever we fit to its scores has to be fitted on digits that it has *not* seen.
#
# What does it dislike? The lowest twenty of two hundred, and the highest. **What do you expect** to see?

# %% mystnb={"image": {"alt": "Among the twenty digits that are scored lowest are broken strokes that are no digit; the twenty highest are mostly clean, with many zeros and ones and not one four."}}
order = np.argsort(scores["generated"][:200])
both = np.concatenate([order[:20], order[-20:][::-1]])
plots.show(plots.image_grid(first[both], 10, rows=["lowest", "", "highest", ""]))

# %% [markdown]
# ## Do its probabilities come true?
#
# The {term}`optimal discriminator` has the logit
#
# $$s(x) = \log \frac{p_{\text{data}}(x)}{p_g(x)}$$
#
# (see [Minimax](minimax.ipynb)): it knows by which factor the generator makes a picture too rarely or too often. Ours had to
# learn, with dropout, from a few thousand digits, against an opponent that moved. But whether its numbers can be trusted
# is no matter of belief. Take all pictures that it calls real with a chance of seven tenths. Are seven in ten of them real?
# If so, for this chance and all others, it is *calibrated* ({term}`calibration`).
#
# If not, two numbers often mend it {cite:p}`platt1999`: a scale and a shift of the logit, fitted by logistic regression to
# pictures that it hasn't seen. **What do you expect:** was it too sure, or too timid? Does it say "fake" too often?

# %% tags=["nbval-ignore-output"]
calibration = calibrate(scores["unseen"], scores["generated"])
real, made = scored(reference), scored(drawn(2000, seed=1))
diagrams = {
    "as trained": reliability(real, made),
    "calibrated": reliability(calibration(real), calibration(made)),
}
print(f"scale {calibration.scale:.2f}, shift {calibration.shift:+.2f}")
for name, diagram in diagrams.items():
    print(f"{name}: wrong by {diagram.error:.3f} on average")
assert 0.8 < calibration.scale < 1.4 and calibration.shift > 0.2
assert diagrams["calibrated"].error < 0.7 * diagrams["as trained"].error

# %% mystnb={"image": {"alt": "The points of the discriminator as it was trained lie above the diagonal all along: more is real than it says. Those of the calibrated one lie along the diagonal."}}
plt.figure(figsize=(3.6, 3.6), layout="constrained")
plt.plot([0, 1], [0, 1], color=plots.GREY, linewidth=1)
for (name, diagram), mark in zip(diagrams.items(), ["s--", "o-"], strict=True):
    plt.plot(diagram.predicted, diagram.observed, mark, label=name)
plt.xlabel('probability of "real" that it gives')
plt.ylabel("share that is real")
plt.legend()
plots.show(plt.gcf())

# %% [markdown]
# Such a picture is a {term}`reliability diagram`, on other pictures than the fit. The scale was right nearly from the start;
# it was the shift: more is real than it says, because new handwriting looks to it less real than the digits that it
# knows.
#
# There is a second test, and it needs no real pictures. Averaged over the *generator's* pictures, $e^{s(x)}$ is
#
# $$\mathbb{E}_{x \sim p_g} \frac{p_{\text{data}}(x)}{p_g(x)} = 1,$$
#
# for what the one makes too often it must make another too rarely.

# %% tags=["nbval-ignore-output"]
ratios = {"as trained": np.exp(made).mean(), "calibrated": np.exp(calibration(made)).mean()}
print({name: f"{ratio:.2f}" for name, ratio in ratios.items()})
assert abs(ratios["calibrated"] - 1) < 0.15 < abs(ratios["as trained"] - 1)

# %% [markdown]
# So this logit can be read as what it ought to be. On average: that is all that a calibration can promise. Whether the
# ratio is right for *each* picture, no diagram says.
#
# ## Keep each by chance
#
# If $e^{s(x)}$ says by which factor a picture is too rare, keep each in proportion to it. That is
# {term}`rejection sampling`: with $M$ the largest ratio of all, keep $x$ with the chance $e^{s(x)} / M$, and what is kept is
# distributed as the data are. *Discriminator rejection sampling* {cite:p}`azadi2019` takes $M$ from the largest logit of
# some pictures drawn before, the *burn-in*, and lifts it whenever one goes beyond. [Questions and
# answers](questions.ipynb#what-is-to-be-done-about-unrealistic-pictures) has it with a perfect discriminator, in one dimension,
# where it works as the theorem says.
#
# **What do you expect:** how many of a hundred digits are kept?

# %% tags=["nbval-ignore-output"]
burn_in, fresh = calibration(scores["generated"]), calibration(made)
print(f"largest ratio in the burn-in: {np.exp(burn_in.max()):.0f}")
for percentile in (None, 95, 80, 50):
    share = len(rejection_sample(fresh, burn_in, percentile)) / len(fresh)
    print(f"percentile {percentile!s:4}  kept {share:.0%}")
assert len(rejection_sample(fresh, burn_in)) < 0.2 * len(fresh)

# %% [markdown]
# The price is set by *one* picture, the one with the largest ratio. That is why Azadi et al. ease it: with a percentile, a
# picture at that percentile of the burn-in is kept with one half, those above more often, those below less. Eased, it keeps
# more and no longer aims at the data's distribution, only in its direction.
#
# *Metropolis-Hastings* {cite:p}`turner2019` does without a largest ratio: a chain stands at one picture, is offered the next,
# and moves to it with the chance $e^{s(x') - s(x)}$, or surely if that is above 1. The chain's last picture is kept.
#
# ## A fair comparison
#
# Now does it help? Three things make the answer fair. All is measured at *equal count*. All is done *five times*, each with
# new latent vectors, and what counts is the difference from the untouched pictures of the same draw, with its standard
# error. And there are *two judges*. {term}`KID` looks through the classifier that the package carries. If a gain is one, another network
# should see it too; so we train a second classifier, with another seed.

# %% tags=["nbval-ignore-output"]
keras.utils.set_random_seed(1)
second = digit_classifier()
student = keras.Model(second.input, second.outputs[1])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
student.compile(keras.optimizers.Adam(2e-3), loss, metrics=["accuracy"])
student.fit(taught, load_digits("train")[1], batch_size=64, epochs=3, verbose=0)
_, accuracy = student.evaluate(unseen, load_digits("test")[1], verbose=0)
print(f"the second judge names {accuracy:.1%} of the unseen digits rightly")
assert accuracy > 0.95


# %%
class Draw:
    def __init__(self, pictures):
        features, probabilities = classify_digits(pictures)
        self.features = features, second.predict(pictures, batch_size=500, verbose=0)[0]
        self.winners, self.confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
        self.logits = calibration(scored(pictures))


# %%
goal = Draw(reference)
draws = [Draw(drawn(2500, seed)) for seed in range(2, 7)]

# %% [markdown]
# Four ways to choose, and one line of the table for each. `kept` is the share that is left of all that was drawn. The two
# changes of KID are means over the five draws with their standard errors; *below* zero is better. The last column is the
# share of the rarest class, which would be a tenth if all were even.
#
# **What do you expect:** which lowers KID? And what does keeping only the highest scores do to the classes?

# %%
COUNT = 800


def distances(draw, places):
    pairs = zip(draw.features, goal.features, strict=True)
    return np.array([kid(features[places], wanted) for features, wanted in pairs])


def classes(draw, places):
    return np.bincount(draw.winners[places], minlength=10) / len(draw.winners[places])


# %%
def with_error(values):
    return np.mean(values, axis=0), np.std(values, axis=0, ddof=1) / np.sqrt(len(values))


# %%
def compared(name, choose):
    chosen = [choose(draw, seed) for seed, draw in enumerate(draws)]
    kept = np.mean([len(places) / len(draws[0].logits) for places in chosen])
    count = min(COUNT, *map(len, chosen))
    pairs = [(draw, places[:count]) for draw, places in zip(draws, chosen, strict=True)]
    change, error = with_error(
        [distances(*pair) - distances(pair[0], slice(count)) for pair in pairs]
    )
    shares = np.mean([classes(*pair) for pair in pairs], axis=0)
    both = "   ".join(f"{c:+.3f} ± {e:.3f}" for c, e in zip(change, error, strict=True))
    print(f"{name:22}{kept:5.0%}{count:6}   {both}   {shares.min():.1%}")
    return change, error, shares


# %%
def chained(draw, seed):
    threes = draw.logits[: len(draw.logits) // 3 * 3].reshape(-1, 3)
    return 3 * np.arange(len(threes)) + metropolis_hastings(threes, seed)


ways = {
    "all": lambda draw, seed: np.arange(len(draw.logits)),
    "rejection, exact": lambda draw, seed: rejection_sample(draw.logits, burn_in, None, seed),
    "rejection, eased": lambda draw, seed: rejection_sample(draw.logits, burn_in, 80, seed),
    "chains of three": chained,
    "highest scores": lambda draw, seed: best_scored(draw.logits, COUNT),
}

# %% tags=["nbval-ignore-output"]
print(
    "KID of all, by either judge:", np.mean([distances(d, slice(COUNT)) for d in draws], 0).round(3)
)
print(f"{'':22} kept count   {'KID':15}   {'second judge':15}   rarest")
verdicts = {name: compared(name, choose) for name, choose in ways.items()}
change, error, shares = verdicts["rejection, eased"]
assert change[0] < -2 * error[0]
assert change[1] > -error[1]
assert shares.min() < 0.9 * verdicts["all"][2].min()
assert verdicts["highest scores"][2].min() < 0.5 * verdicts["all"][2].min()

# %% [markdown]
# Had we stopped at the first column of changes, this page would end with a success: eased rejection lowers KID by more than
# two standard errors, and the chains point the same way. The second judge, who looks at the same pictures through another network, sees no
# gain: for it they are as far from real digits as before, or farther. What then has happened? The last column says it.

# %% mystnb={"image": {"alt": "Bars of the ten classes' shares: generated digits are near one tenth each; with eased rejection, and far more with the highest scores only, the fours shrink and the zeros and ones grow."}}
plt.figure(figsize=(7, 3.2), layout="constrained")
for offset, name in {-0.27: "all", 0: "rejection, eased", 0.27: "highest scores"}.items():
    plt.bar(np.arange(10) + offset, verdicts[name][2], 0.25, label=name)
plt.axhline(0.1, color=plots.GREY, linewidth=1)
plt.xticks(range(10))
plt.xlabel("class")
plt.ylabel("share")
plt.ylim(0, 0.2)
plt.legend(loc="upper center", ncols=3)
plots.show(plt.gcf())
rarest = int(verdicts["highest scores"][2].argmin())
print("the class that the highest scores have lost:", rarest)

# %% [markdown]
# The discriminator likes some kinds of digit better than others, and its mistrust of a whole class counts as if each of
# them were badly written. The pictures that are kept are cleaner, and there are too few of one kind. One judge gives more weight
# to the first, the other to the second. Keep the highest scores only, and a class loses more than half of its share: the
# beginning of a collapse, made after the training.
#
# So the verdict for this discriminator is: **rejection makes the set cleaner and less complete, and whether it is nearer to
# real digits depends on who measures.** Why does the theorem not help? It asks for $p_{\text{data}} / p_g$ at each picture, and for a
# generator that can make everything. A discriminator is calibrated on average over *all* pictures, and can be wrong about
# each class in turn. A strong one pays: the FID of a large GAN went from 14.79 to 13.75 {cite:p}`azadi2019`. There, the
# discriminator had been trained further first, with the generator standing still.
#
# ## Ask somebody else
#
# A classifier knows something that no discriminator was told: labels. Keep a digit if the classifier is sure what it is. It
# has nothing to do with the game, so it has no dislikes to carry over from it. **What do you expect** of "surer than
# 0.9", and of "the surest eight hundred"?

# %% tags=["nbval-ignore-output"]
filters = {
    "surer than 0.9": lambda draw, seed: np.flatnonzero(draw.confidence > 0.9),
    "the surest": lambda draw, seed: best_scored(draw.confidence, COUNT),
}
verdicts |= {name: compared(name, choose) for name, choose in filters.items()}
change, error, shares = verdicts["surer than 0.9"]
assert (change < -2 * error).all()
assert shares.min() > 0.85 * verdicts["all"][2].min()
by_itself, by_second = verdicts["the surest"][0]
assert by_itself < 0 < by_second
agreement = np.corrcoef(draws[0].logits, draws[0].confidence)[0, 1]
print(f"correlation of score and confidence: {agreement:.2f}")
assert agreement < 0.4

# %% [markdown]
# The mild filter keeps three digits in four and brings *both* judges nearer, with the classes as they were. (The first
# judge is the filter itself: [a measure that was a goal is a poor judge](does_it_work.ipynb#fool-the-rulers). The second one
# is not, and it is his column that counts.) Score and confidence have little to do with each other: the discriminator asks
# whether a picture comes from the data, the classifier what it can be read as.
#
# And of the strict filter the two think differently. The first judge, the filter itself, praises it as well; the second
# one sees the set move away from the data. What is surest is what is most ordinary, and a set of ordinary digits is no set of
# handwriting. Every filter has such an end.
#
# ## Why it can't correct
#
# (erratum-37)=
# :::{admonition} Erratum 37: a discriminator corrects nothing
# :class: warning erratum
#
# **The article says** (§8)
#
# > 为了解决这个问题，可以使用判别网络来评估生成网络生成的图像的真伪，并根据需要进行修正。
# >
# > *"To solve this, the discriminator can be used to judge whether the generated images are real, and they can be corrected
# > as needed."*
#
# **What is right.** The discriminator's output is a number for each picture. In training its gradient corrects the
# *generator*. Afterwards one can reject by it, or resample with a chance in proportion to the exponential of its
# logit {cite:p}`azadi2019`. A picture that is kept is as the generator made it, and so is one that is rejected.
#
# **See it.** Below, someone tries: the pixels are changed until the discriminator is content. Its score rises, on
# average beyond that of any real digit that it had not seen, and the pictures get worse.
# :::
#
# A score has a gradient, though. Could one not follow it, from the *pixels* of a bad picture, uphill? **What do you expect**
# of the worst ten digits, when each pixel may move by a tenth of the way from black to white?


# %%
def slope(score, x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = tf.reduce_sum(score(x))
    return tape.gradient(total, x)


# %%
LIMIT = 0.2  # of the 2 from black to white
before = first[:500]
pushed = tf.constant(before)
for _ in range(10):
    pushed = pushed + LIMIT / 5 * tf.sign(slope(discriminator, pushed))
    pushed = tf.clip_by_value(pushed, before - LIMIT, before + LIMIT)
    pushed = tf.clip_by_value(pushed, -1, 1)

# %% mystnb={"image": {"alt": "Ten digits that are scored lowest, and below them the same with a grey grain on the black around them; their broken strokes are as broken as before."}}
worst = np.argsort(scores["generated"][:500])[:10]
rows = np.concatenate([before[worst], pushed.numpy()[worst]])
plots.show(plots.image_grid(rows, 10, rows=["before", "after"]))


# %%
def told_of(name, pictures):
    draw = Draw(pictures)
    both, score = distances(draw, slice(None)), scored(pictures).mean()
    values = (
        f"KID {both[0]:.2f}   second judge {both[1]:.2f}   confidence {draw.confidence.mean():.2f}"
    )
    print(
        f"{name:14} score {score:+.2f}   {values}   rarest {classes(draw, slice(None)).min():.1%}"
    )
    return draw, both


# %% tags=["nbval-ignore-output"]
start, at_start = told_of("before", before)
end, at_end = told_of("pixels pushed", pushed.numpy())
print(
    f"real digits: highest score {scores['unseen'].max():+.2f}, mean {scores['unseen'].mean():+.2f}"
)
print(f"still read as the same digit: {np.mean(start.winners == end.winners):.0%}")
assert scored(pushed.numpy()).mean() > scores["unseen"].mean() + 2
assert (at_end > 2 * at_start).all()

# %% [markdown]
# To the discriminator they are now more real than reality. To the eye nothing has been mended: the broken strokes are as
# broken, and a grain has come up that no handwriting has. Both judges are farther off than before. Such a picture is an
# {term}`adversarial example` {cite:p}`goodfellow2015`. Off the pictures that it was trained on, a network's score can't be relied on, and
# uphill is a short way off.
#
# In training the same gradient goes on through the generator into its *weights*, and the discriminator answers each step with one
# of its own. Without an answer, the one who climbs wins, and has won nothing.
#
# ## Another picture instead
#
# Climb by the *latent vector* then: whatever it is, the result is a picture that the generator can make. **What do you
# expect** of five such steps?


# %%
def by_latents(z):
    return discriminator(generator(z))


latents = np.random.default_rng(0).standard_normal((2000, run.config["latent_dim"]))[:500]
climbed = tf.constant(latents, "float32")
for _ in range(5):
    climbed = climbed + 0.2 * slope(by_latents, climbed)

# %% [markdown]
# Climbing is greedy: it ends at what is scored highest. Its honest neighbour draws *by chance* from all latent vectors, in
# proportion to their own density times $e^{s}$: discriminator driven latent sampling {cite:p}`che2020`. A step of it climbs
# both, by half a step size, and adds noise ({term}`Langevin dynamics`):
#
# $$z \leftarrow z + \frac{\varepsilon}{2} \nabla_z \left(s(G(z)) - \tfrac{1}{2} \lVert z \rVert^2\right) + \sqrt{\varepsilon} \, n, \qquad n \sim \mathcal{N}(0, I).$$

# %%
STEP, rng = 0.1, np.random.default_rng(1)
walked = tf.constant(latents, "float32")
for _ in range(10):
    uphill = calibration.scale * slope(by_latents, walked) - walked
    noise = rng.standard_normal(walked.shape).astype("float32")
    walked = walked + STEP / 2 * uphill + STEP**0.5 * noise

# %% tags=["nbval-ignore-output"] mystnb={"image": {"alt": "Ten digits that are scored lowest, the digits to which their latent vectors climbed, and those to which they walked by chance: most are cleaner, and several have become another digit."}}
climbs, walks = (generator.predict(z, batch_size=500, verbose=0) for z in (climbed, walked))
rows = np.concatenate([before[worst], climbs[worst], walks[worst]])
plots.show(plots.image_grid(rows, 10, rows=["before", "climbed", "by chance"]))
ends = {name: told_of(name, x) for name, x in {"climbed": climbs, "by chance": walks}.items()}
for name, (draw, _) in ends.items():
    print(f"{name}: {np.mean(draw.winners != start.winners):.0%} are read as another digit now")
assert ends["climbed"][1][0] < at_start[0]
assert ends["climbed"][0].confidence.mean() > start.confidence.mean()
assert np.mean(ends["by chance"][0].winners != start.winners) > 0.1

# %% [markdown]
# The pictures have become cleaner, and *others*. Nothing was corrected here either: another vector was looked for, and
# what was asked of the first one is forgotten. For digits out of nothing that is as good. Where a picture was asked *for*, a
# portrait repainted, it is no answer. And what a discriminator dislikes, a search by its scores avoids: look at the rarest
# class.
#
# ## What people do
#
# - **Train better first.** No choice among pictures adds one that the generator can't make.
# - **Draw again, and leave out.** By a discriminator {cite:p}`azadi2019`, or by a classifier that knows the labels
#   {cite:p}`razavi2019`. Say how many were left out: a hand-picked sheet of samples is a filter too.
# - **Draw from the middle.** The {term}`truncation trick` takes latent vectors of less spread, and trades variety for clean
#   pictures {cite:p}`brock2019`: the second exercise.
# - **Mend with a network that is trained for it**, on pairs of broken and whole pictures. A discriminator may be its
#   teacher, and never is the mender.
# - **In style transfer** there is no latent vector to draw again. Change the strength, the painting, or the photograph
#   ([Questions and answers](questions.ipynb#what-do-strength-and-keep_color-do)). The style GAN's discriminator
#   scores every patch, so it can say *where* a result looks wrong:
#   [Step 4](four_steps.ipynb#step-4-the-discriminator-scores).
#
# ## Summary
#
# - After the training a discriminator is a scorer. Calibrated on pictures that it hasn't seen, its logit estimates
#   $\log (p_{\text{data}} / p_g)$, right on average and not for each picture.
# - Rejection sampling keeps each picture by chance. Its price is set by the largest ratio, so it is eased in practice.
# - For the digit GAN it makes a cleaner set with fewer of one class: nearer by one judge, and not by the other.
# - Keeping the highest scores only begins a collapse by hand.
# - Uphill over pixels leads to adversarial examples, over latent vectors to other pictures. Neither corrects.
#
# ## Exercises
#
# **1. A discriminator with a bias.** One says 3 more of every picture. How many of the first draw's pictures does exact
# rejection keep, compared with before? Answer first, then run it.
#
# :::{admonition} Solution
# :class: dropdown
# As many, and the same ones: only differences of logits matter, and the largest has grown by 3 too. So a calibration's
# shift is needed to read a logit as a ratio, and for choosing the scale is all.
# :::


# %% tags=["hide-cell"]
def kept_with_bias(bias):
    return rejection_sample(draws[0].logits + bias, burn_in + bias)


check("bias", kept_with_bias(3.0), kept_with_bias(0.0), "Add the bias to the burn-in as well.")
assert np.array_equal(kept_with_bias(3.0), kept_with_bias(0.0))

# %% [markdown]
# **2. Truncation.** `drawn` takes a `spread`. Draw with 0.6 instead of 1. What happens to the confidence, and to the distances
# of both judges?
#
# :::{admonition} Solution
# :class: dropdown
# The classifier is a little surer, and by both judges the set is farther from real digits, and the rarest class is rarer. So
# the trick has a limit. A vector of so many random numbers has nearly always about the same length, and one that is drawn
# with spread 0.6 is shorter than nearly all that the generator was trained on.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
wide, _ = told_of("spread 1", drawn(COUNT, seed=8))
narrow, _ = told_of("spread 0.6", drawn(COUNT, seed=8, spread=0.6))
surer = narrow.confidence.mean() - wide.confidence.mean()
check("truncation", surer, lambda value: value > 0, "Compare the means of the confidence.")
assert surer > 0

# %% [markdown]
# **3. Too sure of itself.** Multiply all calibrated logits by 3, and choose by eased rejection. What becomes of the share
# that is kept, of both distances and of the rarest class? Why is that no longer the data's distribution, even if the
# calibrated logits were perfect?
#
# :::{admonition} Solution
# :class: dropdown
# The largest ratio becomes its own cube, and what is kept is $p_g$ times the *cube* of the ratio: it goes past the data.
# Where a ratio of one half was right, its cube leaves one eighth: what the discriminator dislikes all but disappears.
# :::

# %% tags=["hide-cell", "nbval-ignore-output"]
sure = compared(
    "logits times 3",
    lambda draw, seed: rejection_sample(3 * draw.logits, 3 * burn_in, 80, seed),
)
hint = "Look at the rarest class."
check("too sure", sure[2].min(), lambda share: share < verdicts["rejection, eased"][2].min(), hint)
assert sure[2].min() < verdicts["rejection, eased"][2].min()

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

Quiz(
    [
        Question(
            "Perfect logits, and the largest ratio is 20. What share does exact rejection keep?",
            ["5 %", "20 %", "95 %"],
            answer=f"{1 / 20:.0%}".replace("%", " %"),
            feedback="The mean of the ratio over generated pictures is 1, and it is divided by 20.",
        ),
        Question(
            "Which choice lost most of a class?",
            ["all", "rejection, eased", "highest scores"],
            answer=min(
                ["all", "rejection, eased", "highest scores"],
                key=lambda name: verdicts[name][2].min(),
            ),
            feedback="What is rare and disliked has no high scores.",
        ),
        Question(
            "Ten steps uphill over the pixels: what became of the distance from real digits?",
            ["it fell", "it stayed", "it rose"],
            answer="it rose" if (at_end > 2 * at_start).all() else "it fell",
            feedback="The score rose, and the picture left everything that the score was learned on.",
        ),
    ]
)

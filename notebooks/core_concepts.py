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
# # Core concepts: a game, a score and two pictures
#
# *The article's §2, 核心概念与联系.*
#
# A network learns from its mistakes. But when a network paints, what is a mistake? There is no right answer to
# compare a new picture with. This page shows the way out: let a second network judge, and let both learn.
#
# After this page you will be able to
#
# - say what "learning a distribution" means, and let two players do it in a few lines of NumPy;
# - read a discriminator's score as a logit and as a probability, and tell when it is neither;
# - explain why the first loss that comes to mind leaves a bad generator stuck;
# - tell content from style, and do a first style transfer, of colour alone.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 5 s and 0.2 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import matplotlib.pyplot as plt
import numpy as np

from abstractgan import plots
from abstractgan.data.paintings import paint
from abstractgan.data.photographs import photograph
from abstractgan.widgets import GanLab, LossExplorer, Question, Quiz

plt.style.use(plots.STYLE)

# %% [markdown]
# (gan-lab)=
# ## First, watch one learn
#
# Before any formula, here is a whole GAN. Its "paintings" are only points on a sheet, so that everything can be seen.
#
# - The blue dots are *real*: what there is to learn. They lie in eight heaps.
# - The triangles are *generated*: what the first network, the {term}`generator`, makes of random numbers. It has never
#   seen a blue dot.
# - The colours of the sheet are the opinion of the second network, the {term}`discriminator`: bluish where it takes a
#   point for real, reddish where it takes it for a fake. On the thin line it can't tell.
#
# The short stroke at a triangle shows where the generator wants to have it next. A triangle at the very edge lies
# outside the picture.
#
# **What do you expect?** Will the triangles find all eight heaps? And once they have, what is left of the colours?
# Decide, then press **Play**.

# %%
GanLab()

# %% [markdown]
# What to look for:
#
# - Nobody shows the generator where to go. The strokes run uphill in the discriminator's opinion, that is all.
# - The discriminator moves too: where triangles crowd without dots, the sheet turns reddish, and they have to leave.
# - Both losses settle at a level, and neither goes to zero: it is a game, and it goes on.
# - The count of heaps wavers even at the end: a heap counts only while enough triangles are in it.
# - At the end the colours are pale. Where both kinds are mixed, the discriminator has nothing to say any more.
#
# Under **Try** there are runs that fail, each with a question; the chapter on
# [what goes wrong](what_goes_wrong.ipynb) explains them. The rest of this page takes the lab apart: what is learned, what a
# score is, what each network lowers.
#
# ## What is there to learn?
#
# > 其核心思想是通过两个相互竞争的网络来学习数据的分布。
# >
# > *"Its core idea is to learn the distribution of the data with two networks that compete."* (§2)
#
# This sentence is right, and everything rests on one word in it. A *distribution* says what is likely. Paintings
# have one: most arrangements of pixels look like noise, a few look like a Mondrian. To learn it is to be able to
# draw new samples from it.
#
# We cannot look at a distribution over pictures, so we begin with numbers. Each real "painting" is one number,
# drawn around 1. Our first generator draws numbers too, around -1.

# %%
rng = np.random.default_rng(0)
real = rng.normal(1, 1, 2000)
fake = rng.normal(-1, 1, 2000)

# %% mystnb={"image": {"alt": "Real samples pile up around 1 and generated ones around minus 1, yet between them the two heaps overlap, so no judge can always be right."}}
bins = np.linspace(-5, 5, 41)
plt.figure(figsize=(7, 2.6))
plt.hist(real, bins, histtype="step", linewidth=2, label="real")
plt.hist(fake, bins, histtype="step", linewidth=2, linestyle="--", label="generated")
plt.xlabel("x")
plt.ylabel("samples")
plt.legend()
plt.show()

# %% [markdown]
# **What do you expect?** A judge who knows both heaps sees the number 3. What should it say? And what about 0?
#
# ## The discriminator: how much more often is it real?
#
# Let the {term}`discriminator` be as small as can be: it multiplies $x$ by a weight $a$ and adds $b$. The result is
# its score, $s(x) = a x + b$. The sigmoid squeezes a score into a probability of "real":
#
# $$D(x) = \sigma(s(x)) = \frac{1}{1 + e^{-s(x)}}$$
#
# The discriminator wants to give a high probability to real samples and a low one to generated samples. Its
# objective {cite:p}`goodfellow2014`:
#
# $$\max_{a, b} \; \mathbb{E}_{x \sim p_{\text{data}}} \log D(x) + \mathbb{E}_{\hat{x} \sim p_g} \log (1 - D(\hat{x}))$$
#
# The slopes of this objective have a simple reading: every real sample asks for a higher score, the more so the
# less it was believed; every generated sample asks for a lower score, the more so the more it was believed.


# %%
def sigmoid(s):
    return 1 / (1 + np.exp(-s))


a, b = 0.0, 0.0
for _ in range(400):
    pull = 1 - sigmoid(a * real + b)
    push = sigmoid(a * fake + b)
    a += 0.5 * (np.mean(pull * real) - np.mean(push * fake))
    b += 0.5 * (np.mean(pull) - np.mean(push))
print(f"s(x) = {a:.2f} x + {b:.2f}")

# %% [markdown]
# What has it learned? Here we know both distributions, so we can check. The best possible judge answers with a
# share: of all samples found at $x$, how many are real?
#
# $$D^*(x) = \frac{p_{\text{data}}(x)}{p_{\text{data}}(x) + p_g(x)}$$


# %%
def density(x, mean):
    return np.exp(-((x - mean) ** 2) / 2) / np.sqrt(2 * np.pi)


x = np.linspace(-4, 4, 201)
best = density(x, 1) / (density(x, 1) + density(x, -1))
learned = sigmoid(a * x + b)
print(f"largest difference: {np.abs(best - learned).max():.2f}")

# %% mystnb={"image": {"alt": "The learned discriminator lies on the curve of the exact share of real samples: near 0 at the left, one half at x = 0, near 1 at the right."}}
plt.figure(figsize=(7, 2.6))
plt.plot(x, best, linewidth=6, label="exact share of real samples")
plt.plot(x, learned, label="learned D(x)")
plt.xlabel("x")
plt.ylabel("probability of real")
plt.legend()
plt.show()

# %% [markdown]
# So at 3 it says "surely real", and at 0 it says one half: there, real and generated samples are equally common.
# **A discriminator does not know what a painting is. It knows where real samples are more common than
# generated ones.** That is just what a generator needs to be told.
#
# ## A score is not yet a probability
#
# The number that the discriminator computes first, $s = a x + b$, is a {term}`logit`. It can be any number. Each
# step to the right multiplies the odds of "real" by $e$:

# %%
for s in (-4, -2, 0, 2, 4):
    print(f"logit {s:2}   odds {np.exp(s):5.2f} : 1   probability {sigmoid(s):.3f}")

# %% [markdown]
# Why keep the logit at all? **What do you expect** of a discriminator that is sure, with logit 20, about a fake?
# Its loss should be about 20. Computed through the probability, in the `float32` that networks use:

# %%
s = np.float32(20)
with np.errstate(divide="ignore"):
    print("through the probability:", -np.log(1 - sigmoid(s)))
print("from the logit:         ", np.logaddexp(0, s))

# %% [markdown]
# The probability was rounded to exactly 1, and the loss, and with it every gradient, is lost. So the networks in
# this course return scores, and the losses take scores.
#
# There is a second reason. Not every loss makes a logit out of the score. Take a place where four samples of five
# are real. Which score is best there?
#
# **What do you expect?** Three well-known losses: will they agree on the score?

# %%
s = np.linspace(-4, 4, 8001)
losses = {  # of a real sample, and of a generated one
    "cross-entropy": (np.logaddexp(0, -s), np.logaddexp(0, s)),
    "least squares": ((s - 1) ** 2 / 2, s**2 / 2),
    "hinge": (np.maximum(0, 1 - s), np.maximum(0, 1 + s)),
}
best = {}
for name, (loss_real, loss_fake) in losses.items():
    best[name] = s[np.argmin(0.8 * loss_real + 0.2 * loss_fake)]
    print(f"{name}: best score {best[name]:.2f}, its sigmoid {sigmoid(best[name]):.2f}")
assert [name for name in best if abs(sigmoid(best[name]) - 0.8) < 0.01] == ["cross-entropy"]

# %% [markdown]
# Only cross-entropy gives a score whose sigmoid is the share, 0.8. With least squares
# the score itself is the share, though nothing keeps it between 0 and 1. With the hinge loss it says only
# "mostly real". A fourth, the Wasserstein loss, compares nothing but means, so that adding 100 to every
# score changes nothing:

# %%
scores_real, scores_fake = a * real + b, a * fake + b
before = np.mean(scores_fake) - np.mean(scores_real)
after = np.mean(scores_fake + 100) - np.mean(scores_real + 100)
print(f"Wasserstein loss: {before:.3f}, with all scores raised by 100: {after:.3f}")

# %% [markdown]
# (erratum-12)=
# :::{admonition} Erratum 12: the discriminator's output is not always a probability
# :class: warning erratum
#
# **The article says** (§3, and again in §4)
#
# > 判别网络的输入是一幅图像，输出是一个概率值，表示图像是真实的还是伪造的。
# >
# > *"The discriminator's input is an image, its output is a probability that says whether the image is real or
# > fake."*
#
# **What is right.** The output is a score. With cross-entropy it is a logit, and its sigmoid is a probability. For
# the least-squares {cite:p}`mao2017`, Wasserstein {cite:p}`arjovsky2017` and hinge {cite:p}`lim2017` losses it is
# not.
#
# **See it.** Above: the same evidence, four of five real, has the best scores 1.39, 0.80 and 1.00, and only the
# first becomes 0.80 through the sigmoid.
# :::
#
# ## The generator: follow the judge
#
# Now the {term}`generator` may move. It takes random numbers $z$, the {term}`latent vector`, and makes a sample
# of them. Ours adds one number to what it gets, $G(z) = z + \theta$: it can shift its heap, no more. It sees no
# real sample, ever. All that it learns comes through the discriminator:
#
# $$\min_{\theta} \; - \mathbb{E}_{z} \log D(G(z))$$
#
# In words: *be taken for real.* In each round, the discriminator takes one step and then the generator takes one.


# %%
def play(rounds, rate=0.1, seed=0):
    rng = np.random.default_rng(seed)
    a, b, theta = 0.0, 0.0, -1.0
    for _ in range(rounds):
        real, fake = rng.normal(1, 1, 256), rng.normal(0, 1, 256) + theta
        pull, push = 1 - sigmoid(a * real + b), sigmoid(a * fake + b)
        a += rate * (np.mean(pull * real) - np.mean(push * fake))
        b += rate * (np.mean(pull) - np.mean(push))
        theta += rate * a * np.mean(1 - sigmoid(a * fake + b))
        yield theta, a


# %% [markdown]
# **What do you expect?** The generator starts at -1, the real samples lie around 1. Will it walk to 1 and stop? And
# the discriminator's slope $a$, which was about 2 when it played alone: where will that end?

# %%
history = np.array(list(play(400)))
for n in (1, 20, 70, 400):
    theta, slope = history[n - 1]
    print(f"round {n:3}: generator at {theta:5.2f}, discriminator's slope {slope:5.2f}")

# %% mystnb={"image": {"alt": "The generator walks from minus 1 to 1, overshoots and swings back, while the discriminator's slope rises first and ends at 0, where it can no longer tell the two apart."}}
plt.figure(figsize=(7, 2.8))
plt.plot(history[:, 0], label="generator's shift θ")
plt.plot(history[:, 1], label="discriminator's slope a")
plt.axhline(1, color=plots.GREY, linestyle=":", label="mean of the real samples")
plt.xlabel("round")
plt.legend()
plt.show()

# %% [markdown]
# Three things to take along, because they come back with pictures:
#
# - **It works.** The generator found the real distribution and never saw a sample of it.
# - **It swings.** The generator ran past the goal, since the judge's opinion was out of date. Two learners who
#   chase each other do not go downhill like one who learns alone.
# - **At the end the judge knows nothing.** Slope 0 means $D(x) = \frac{1}{2}$ everywhere. The better the generator,
#   the less is left to tell apart. (On pictures the judge keeps a lead, as [the digit GAN](digit_gan.ipynb) shows.)
#
# :::{admonition} It looks wrong, and is not
# :class: tip
# > 这两个网络可以相互学习 — *"the two networks can learn from each other"* (§2)
#
# How can they compete *and* learn from each other? Because the only teacher that each of them has is the other one:
# the generator climbs along the discriminator's score, and the discriminator needs fakes that get better. What
# the article adds, that training on improves both, is not right: here the discriminator ends no better than a coin.
# :::
#
# (loss-explorer)=
# ## What should the generator lower?
#
# We let the generator minimise $-\log D(G(z))$. The discriminator's objective suggests something else. Where it
# maximises $\log(1 - D(G(z)))$, the generator could simply minimise the same thing. Both ask for a higher score.
# Why prefer one?
#
# **What do you expect?** A bad fake has the score -6: the discriminator is sure that it is fake. Under which loss
# does the generator get the stronger push? Who pushes harder once the score is +6? Decide, then move the slider.

# %%
explorer = LossExplorer()
explorer

# %% [markdown]
# What to look for:
#
# - The arrow is one step of descent. To the left, where the discriminator rejects the fake, the arrow of the
#   *saturating* loss $\log(1 - D)$ is hidden by its own point: the loss is flat, there is next to no step. The
#   generator gets no push exactly when it needs one most.
# - The {term}`non-saturating loss` $-\log D$ pushes hardest there, and lets go where the discriminator is fooled
#   {cite:p}`goodfellow2014`.
# - At 0 both push equally hard.
#
# The same in numbers:

# %%
print("score   saturating   non-saturating")
for s in (-6, 0, 6):
    print(f"{s:5} {-sigmoid(s):12.4f} {sigmoid(s) - 1:16.4f}")

# %% [markdown]
# ## Content and style
#
# The game is one half of this course. The other half is the picture that we want from it: what a photograph shows,
# in the manner of a painting. That needs two words.
#
# - *Content* is what is where: the cup in the middle, the spoon beside it.
# - *Style* is how it is made, anywhere in the picture: palette, strokes, textures.
#
# "Anywhere" is the useful part. It says that style can be measured by statistics that forget positions. The simplest
# ones: the mean and the standard deviation of red, green and blue. Reinhard et al. used just these (in a colour
# space other than RGB) to carry colours from one picture to another {cite:p}`reinhard2001`.


# %%
def recolour(content, style):
    normalised = (content - content.mean((0, 1))) / content.std((0, 1))
    return normalised * style.std((0, 1)) + style.mean((0, 1))


photo = photograph("coffee")[::2, ::2] / 255
painting = paint("magic-squares", seed=0, size=200) / 255

# %% [markdown]
# **What do you expect** if the photograph takes the painting's colours? And if they change roles?

# %% mystnb={"image": {"alt": "The photograph with the painting's colours still shows the cup, and the painting with the photograph's colours still shows the painting's shapes: the first picture gives what is where, the second gives the palette."}}
figure, axes = plt.subplots(2, 3, figsize=(7, 4.3), dpi=80, layout="constrained")
rows = [(photo, painting), (painting, photo)]
titles = ["content image", "style image", "result"]
for (content, style), row in zip(rows, axes, strict=True):
    pictures = [content, style, recolour(content, style)]
    for axis, title, picture in zip(row, titles, pictures, strict=True):
        axis.imshow(picture.clip(0, 1))
        axis.set(title=title, xticks=[], yticks=[])
plt.show()

# %% [markdown]
# The roles are not symmetric. The result *is* the first picture, in the second one's colours. Measured in red:

# %%
red_photo, red_painting = photo[..., 0], painting[..., 0]
red = recolour(photo, painting)[..., 0]
follows = np.corrcoef(red.ravel(), red_photo.ravel())[0, 1]
print(f"result and content image, place by place: correlation {follows:.2f}")
print(f"result and style image: mean {red.mean():.3f} and {red_painting.mean():.3f},")
print(f"                        std  {red.std():.3f} and {red_painting.std():.3f}")
assert follows > 0.999
assert np.allclose([red.mean(), red.std()], [red_painting.mean(), red_painting.std()])

# %% [markdown]
# (erratum-10)=
# :::{admonition} Erratum 10: not "one style into another"
# :class: warning erratum
#
# **The article says** (§1)
#
# > 抽象艺术图像风格迁移是一种将一种风格转换到另一种风格的技术。
# >
# > *"Abstract-art image style transfer is a technique that converts one style into another style."*
#
# **What is right.** Style transfer keeps the content of one picture and replaces its style by that of another
# {cite:p}`gatys2016`. Without the word content, nothing in the definition stops a method from throwing the
# photograph away.
#
# **See it.** Above: in each channel the result follows the content image perfectly, place by place, and has the
# mean and the standard deviation of the style image.
# :::
#
# Colour is only the surface. The cup has the painting's greens but not its squares. Here is the same cup from the network
# that this course builds, beside four paintings that it was not trained on:
#
# ![The photograph of the cup hangs beside four copies, each made of the strokes and the colours of the small painting in its corner; cup, spoon and plank stand in all of them.](../book/figures/repainted-coffee.jpg)
#
# For strokes we need measurements that see more than one pixel: the features of a network. They are the next chapter, and the function above comes
# back in it, unchanged, under the name {term}`AdaIN`.
#
# ## Summary
#
# - A generator learns a distribution that it never sees, from a discriminator that knows only where real samples
#   are more common than generated ones.
# - A discriminator returns a score. It is a logit under cross-entropy; elsewhere it is not.
# - The two swing around each other; at the goal the discriminator says one half everywhere.
# - The saturating loss gives a rejected generator no gradient, the non-saturating one does.
# - Content is what is where. Style is what statistics without positions can measure.
#
# ## Exercises
#
# **1. A number to remember.** A discriminator that knows nothing gives every picture the score 0. What is its
# cross-entropy loss, the negative of the objective above? What is the generator's non-saturating loss?
#
# :::{admonition} Solution
# :class: dropdown
# $\sigma(0) = \frac{1}{2}$. The discriminator's loss is $-\log \frac{1}{2} - \log \frac{1}{2} = 2 \log 2 \approx 1.386$, the
# generator's is $\log 2 \approx 0.693$. When you watch a GAN train, 1.386 is the level at which the
# discriminator does no better than a coin.
# :::
#
# **2. A judge who cannot see it.** Let the real samples be drawn from a normal distribution with mean 0 and standard
# deviation 0.5, the generated ones with mean 0 and standard deviation 1. Train the discriminator $s(x) = a x + b$
# again. Does it tell them apart? What could you add to its input?
#
# :::{admonition} Solution
# :class: dropdown
# It cannot: both heaps have the same mean, and a straight line has nothing else to go by. Its score stays near 0
# although the distributions differ, and a generator would learn nothing from it. Given $x^2$ too, it can. The cell
# below shows both: a generator can only become as good as its discriminator can see.
# :::


# %% tags=["hide-cell"]
rng = np.random.default_rng(1)
narrow, wide = rng.normal(0, 0.5, 2000), rng.normal(0, 1, 2000)


def train(real, fake, rounds=2000):
    weights = np.zeros(len(real))
    for _ in range(rounds):
        pull, push = 1 - sigmoid(weights @ real), sigmoid(weights @ fake)
        weights += 0.5 * (real @ pull - fake @ push) / pull.size
    return np.mean(weights @ real), np.mean(weights @ fake)


def powers(x, highest):
    return np.stack([x**n for n in range(highest + 1)])


for highest, name in ((1, "x"), (2, "x and x²")):
    scores = train(powers(narrow, highest), powers(wide, highest))
    print(f"given {name}: mean score {scores[0]:+.2f} on real, {scores[1]:+.2f} on fake")

# %% [markdown]
# **3. What style forgets.** Shuffle all pixels of the painting before it gives its colours to the photograph. What
# changes in the result?
#
# :::{admonition} Solution
# :class: dropdown
# Nothing. A mean and a standard deviation do not depend on the order of the pixels. The cell below checks it. So
# "style" in this sense is what is left of a picture when all positions are forgotten; the next chapter asks the same
# of richer statistics.
# :::

# %% tags=["hide-cell"]
pixels = painting.reshape(-1, 3)
shuffled = np.random.default_rng(0).permutation(pixels).reshape(painting.shape)
same = np.allclose(recolour(photo, shuffled), recolour(photo, painting))
print("same result:", same)

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
roles = {"the content image": red_photo[:, :200], "the style image": red_painting}
place_by_place = red[:, :200].ravel()
likeness = {role: np.corrcoef(place_by_place, x.ravel())[0, 1] for role, x in roles.items()}
Quiz(
    [
        Question(
            "Of the samples at some place, 3 in 4 are real. Which logit is best there?",
            [0.75, np.log(3), 3],
            answer=np.log(0.75 / (1 - 0.75)),
            feedback="The odds are 3 to 1, and a logit is the logarithm of the odds.",
        ),
        Question(
            "A fake has the score −4. How many times as hard as the saturating loss does the "
            "non-saturating loss pull?",
            [1, 4, np.exp(4)],
            answer=(1 - sigmoid(-4)) / sigmoid(-4),
            feedback="The slopes are σ(s) − 1 and −σ(s); their ratio grows like exp(−s).",
        ),
        Question(
            "Which picture decides what is where in the result of a style transfer?",
            list(roles),
            answer=max(likeness, key=likeness.get),
            feedback="Place by place, the result follows the content image.",
        ),
    ]
)

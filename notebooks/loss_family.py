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
# # The loss family: what should each player minimise?
#
# *The article's §4, 数学模型和公式详细讲解举例说明, continued.*
#
# The [last chapter](minimax.ipynb) left the generator on a plain: the discriminator is right about nearly every fake, and
# there is next to no slope to follow. But the discriminator does more than say "fake". It returns a number, a score, and both
# networks learn from it. So what should each of them minimise, and how hard does that pull?
#
# Papers give five answers, and the article's code a sixth, a bad one. They fit into one table, and how hard each one
# pulls is one curve.
#
# After this page you will be able to
#
# - say, for each loss, what a score means and which score is the best one;
# - see from a loss's gradient where it leaves the generator without a pull, and why;
# - tell why the article's loss cannot train a generator;
# - hold a discriminator back with a gradient penalty, with R1 and with label smoothing, and say what each one does.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 15 s and 0.8 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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

from abstractgan import losses, plots
from abstractgan.widgets import LossExplorer
from abstractgan.widgets.mathematics import GAMES, sigmoid, smoothed

plt.style.use(plots.STYLE)

# %% [markdown]
# ## The family
#
# Let $s$ be the score of one sample and $\sigma(s)$ its sigmoid. Each loss is a game with three entries: what the
# discriminator minimises on a real sample, what it minimises on a fake, and what the generator minimises on the same
# fake. Both minimise the mean over their samples.
#
# | | $D$, on a real sample | $D$, on a fake | $G$, on a fake |
# | --- | --- | --- | --- |
# | Minimax {cite:p}`goodfellow2014` | $-\log \sigma(s)$ | $-\log (1 - \sigma(s))$ | $\log (1 - \sigma(s))$ |
# | Non-saturating {cite:p}`goodfellow2014` | $-\log \sigma(s)$ | $-\log (1 - \sigma(s))$ | $-\log \sigma(s)$ |
# | Least squares {cite:p}`mao2017` | $\frac{1}{2} (s - 1)^2$ | $\frac{1}{2} s^2$ | $\frac{1}{2} (s - 1)^2$ |
# | Wasserstein {cite:p}`arjovsky2017` | $-s$ | $s$ | $-s$ |
# | Hinge {cite:p}`lim2017` | $\max(0, 1 - s)$ | $\max(0, 1 + s)$ | $-s$ |
# | The article's code | $-\log \sigma(s)$ | $-\log (1 - \sigma(s))$ | $-\log (1 - \sigma(s))$ |
#
# **What do you expect?** A generator wants its fakes to be taken for real. Read the last column and ask of each row:
# does it ask for a higher score? One row does not.
#
# This course holds the family twice. `abstractgan.losses` trains networks, on tensors, in `float32`.
# `abstractgan.widgets.mathematics` draws curves, with NumPy in `float64`, and has each gradient written down by hand. Do
# they agree? We let TensorFlow differentiate the first and compare. (The article's loss is in the second only: nobody
# should train with it.)


# %%
def tape_gradient(loss, s):
    s = tf.Variable(s, dtype="float32")
    with tf.GradientTape() as tape:
        total = loss(s) * s.shape[0]  # a loss is the mean over the batch
    return tape.gradient(total, s).numpy()


# %%
def largest_difference(loss, game, s):
    judge, other = loss.discriminator, np.zeros(1)
    pairs = [
        (tape_gradient(lambda t: judge(t, other), s), game.real.gradient(s)),
        (tape_gradient(lambda t: judge(other, t), s), game.fake.gradient(s)),
        (tape_gradient(loss.generator, s), game.generator.gradient(s)),
        (float(loss.generator(s)), np.mean(game.generator.loss(s))),
    ]
    return max(np.abs(computed - by_hand).max() for computed, by_hand in pairs)


# %%
scores = np.linspace(-8, 8, 65)
for name, loss in losses.ADVERSARIAL_LOSSES.items():
    small = largest_difference(loss, GAMES[name], scores) < 1e-5
    print(f"{name}: largest difference below 0.00001: {small}")

# %% [markdown]
# ## What does a score mean?
#
# Take one place where real samples and fakes both occur. Let the share $p$ of the samples there be real. The
# discriminator cannot tell them apart and gives them one score, so it minimises a mixture of its two entries:
#
# $$\min_s \; p \, L_{\text{real}}(s) + (1 - p) \, L_{\text{fake}}(s)$$
#
# **What do you expect?** At $p = \frac{1}{2}$ the place tells nothing. Which score is best there? And as $p$ goes to 1?
#
# For cross-entropy we know the answer from the last chapter: $D^* = p$. For the others we need no calculus. Try every
# score on a grid and keep the best.

# %%
grid = np.linspace(-5, 5, 10001)


def best_score(real, fake, share, grid=grid):
    cost = share * real.loss(grid) + (1 - share) * fake.loss(grid)
    return grid[np.argmin(cost)]


families = ["minimax", "least_squares", "hinge", "wasserstein"]
for share in (0.2, 0.4, 0.6, 0.8):
    best = [best_score(GAMES[k].real, GAMES[k].fake, share) for k in families]
    print(share, dict(zip(families, np.round(best, 2).tolist(), strict=True)))

# %% mystnb={"image": {"alt": "The best score under cross-entropy grows without bound as the share of real samples nears 0 or 1, under least squares it is the share itself, under hinge it jumps from minus 1 to 1 at one half, and under Wasserstein it jumps from one end of the searched grid to the other."}}
shares = np.linspace(0.01, 0.99, 50)
plt.figure(figsize=(7, 3.4))
for name, dash in zip(families, ["-", "--", "-.", ":"], strict=True):
    game = GAMES[name]
    best = [best_score(game.real, game.fake, share) for share in shares]
    label = "Cross-entropy" if name == "minimax" else game.title
    plt.plot(shares, best, dash, label=label, linewidth=2)
plt.xlabel("share of real samples")
plt.ylabel("best score")
plt.legend()
plt.show()

# %% [markdown]
# Four losses, four meanings:
#
# - **Cross-entropy** (minimax, non-saturating, the article): a {term}`logit`, $\log \frac{p}{1 - p}$. As $p$ goes to 1,
#   it grows without bound.
# - **Least squares**: the share itself, an average of the two targets 1 and 0. Nothing keeps a network's score between
#   them, though.
# - **Hinge**: which kind is in the majority, with a margin of 1. A score beyond the margin earns nothing more. At one
#   half, all scores from -1 to 1 are equally good.
# - **Wasserstein**: nothing by itself. It runs to the edge of the grid, whichever grid we take (at one half, no score is
#   better than another). This loss needs a limit
#   from outside, and [gets one below](#gradient-penalty). A discriminator that judges in this way is called a {term}`critic`.
#
# ## How hard does it pull?
#
# Now the generator. It moves along the negative gradient, so for one fake its pull is $-\frac{dL}{ds}$. Positive means:
# up, towards a higher score. Begin with the minimax loss, in three steps.
#
# 1. $\log(1 - \sigma(s)) = -\log(1 + e^s)$, since $1 - \sigma(s) = \frac{1}{1 + e^s}$.
# 2. Its derivative is $-\frac{e^s}{1 + e^s}$,
# 3. which is $-\sigma(s)$. So the pull is $\sigma(s)$: *the discriminator's belief that this fake is real.*
#
# Where the discriminator rejects the fake, that belief is near 0, and so is the pull. This is {term}`saturation`. Note
# which fakes it strikes: the bad ones, which have most to learn.
#
# In the same way $-\log \sigma(s)$ has the pull $1 - \sigma(s)$: *the discriminator's disbelief.* Both ask for a higher
# score; one listens to the best fakes, the other to the worst.
#
# (erratum-4)=
# :::{admonition} Erratum 4: the generator's formula
# :class: warning erratum
#
# **The article says** (§4)
#
# > $$\min_{\theta} \mathbb{E}_{\mathbf{x} \sim p_{\text{data}}(\mathbf{x})} [\log D(\mathbf{x};\phi)] + \mathbb{E}_{\mathbf{z} \sim p_{\text{z}}(\mathbf{z})} [\log (1 - D(G(\mathbf{z};\theta);\phi))$$
#
# **What is right.** The last square bracket is never closed. The first term does not contain $\theta$, so that the
# generator can't change it; drop it. What is left, $\log (1 - D(G(z)))$, pulls in the right direction, but it is the
# saturating loss. In practice one minimises $-\log D(G(z))$ {cite:p}`goodfellow2014`. The words around the formula
# are another matter: [erratum 1](#erratum-1).
#
# **See it.** The two cells below count the brackets, ask for the first term's gradient in $\theta$ (there is none), and
# compare: a fake with score -6 gets a pull of 0.0025 from the article's formula and of 0.9975 from the other loss.
# :::

# %%
formula = r"""\mathbb{E}_{\mathbf{x} \sim p_{\text{data}}(\mathbf{x})}
[\log D(\mathbf{x};\phi)]
+ \mathbb{E}_{\mathbf{z} \sim p_{\text{z}}(\mathbf{z})}
[\log (1 - D(G(\mathbf{z};\theta);\phi))"""
print("square brackets:", formula.count("["), "and", formula.count("]"))
assert formula.count("[") == formula.count("]") + 1

theta, x, z = tf.Variable(-1.0), tf.random.normal([8]), tf.random.normal([8])
with tf.GradientTape(persistent=True) as tape:
    on_real = tf.reduce_mean(tf.math.log_sigmoid(x))  # with the score s(x) = x
    on_fake = tf.reduce_mean(tf.math.log_sigmoid(-(z + theta)))
print("gradient of the first term in theta:", tape.gradient(on_real, theta))
assert tape.gradient(on_real, theta) is None
assert tape.gradient(on_fake, theta) < 0  # so descent raises the score

# %%
pulls = {name: -GAMES[name].generator.gradient(-6.0) for name in ("minimax", "non_saturating")}
for name, pull in pulls.items():
    print(f"{name}: pull {pull:.4f} on a fake with score -6")
assert pulls["non_saturating"] > 100 * pulls["minimax"]

# %% [markdown]
# **What do you expect** of the other losses? Sketch the pull of least squares, Wasserstein, hinge and of the
# article's code over the score, from -6 (surely fake) to 6 (surely real). Which pulls grow without bound, which never
# change, and which points down?

# %% mystnb={"image": {"alt": "For rejected fakes, at negative scores, the saturating pull vanishes, the non-saturating one nears 1, the least-squares one grows without bound, Wasserstein and hinge stay at 1; the article's pull is never positive and lowers the score wherever the fake is believed."}}
s = np.linspace(-6, 6, 241)
size, shared = (5, 5.6), {"sharex": True, "sharey": True}
figure, axes = plt.subplots(3, 2, figsize=size, layout="constrained", **shared)
for axis, game in zip(axes.flat, GAMES.values(), strict=True):
    pull = -game.generator.gradient(s)
    axis.axvspan(-6, 0, color="0.93")
    axis.axhline(0, color=plots.GREY, linewidth=1)
    axis.plot(s, pull, linewidth=2)
    axis.fill_between(s, np.maximum(pull, 0), alpha=0.3)
    axis.fill_between(s, np.minimum(pull, 0), color=plots.ORANGE)
    axis.set(title=game.title, xlim=(-6, 6), ylim=(-1.7, 3.2))
    axis.set_xticks((-6, -3, 0, 3, 6))
figure.supxlabel("score of the fake (grey: below 0)", fontsize=10)
figure.supylabel("pull on the score", fontsize=10)
plt.show()

# %% [markdown]
# - **Least squares** pulls in proportion to the distance from its target 1: without bound on bad fakes, and *down* on
#   those beyond 1. What is too good is pulled back.
# - **Wasserstein** and **hinge** pull with 1 on every fake, good or bad. They leave all judgement to the
#   discriminator.
# - **The article's** code pulls down, everywhere.
#
# Move the score yourself. (The explorer draws the gradient, so a pull upwards is a negative number.) The discriminator
# is fooled and gives a fake the score 3. **What do you expect:** which of these three still pulls it up, which has
# nearly let go, and which pulls it back? And at -3?

# %%
LossExplorer(losses=["non_saturating", "least_squares", "hinge"], score=3.0)

# %% [markdown]
# At 3, hinge still pulls up as hard as anywhere, the non-saturating loss has nearly let go, and least squares pulls
# back down. At -3 all three pull up, least squares hardest.
#
# ## What the article's loss does
#
# In the article's code both players minimise the same expression ([erratum 5](#erratum-5)). On a fake
# that is $-\log(1 - \sigma(s))$. The discriminator should lower it. The generator lowers it too. That is the
# minimax loss with its sign turned round: the pull is $-\sigma(s)$, and the generator helps to get its own fakes rejected.
#
# Watch it in the smallest game, that of the [core concepts](core_concepts.ipynb): real samples around 1, a generator
# $G(z) = z + \theta$ that starts at -1, a discriminator $s(x) = a x + b$. The three gradients come from the table, so
# that any loss can be put in.


# %%
def discriminator_step(game, a, b, real, fake, leash=0.0, rate=0.1):
    on_real = game.real.gradient(a * real + b)
    on_fake = game.fake.gradient(a * fake + b)
    a_slope = np.mean(on_real * real) + np.mean(on_fake * fake) + leash
    return a - rate * a_slope, b - rate * (np.mean(on_real) + np.mean(on_fake))


def play(game, rounds=400, r1=0.0, rate=0.1):
    rng = np.random.default_rng(0)
    a, b, theta = 0.0, 0.0, -1.0
    for _ in range(rounds):
        real, fake = rng.normal(1, 1, 256), rng.normal(0, 1, 256) + theta
        a, b = discriminator_step(game, a, b, real, fake, leash=r1 * a)
        pull = -np.mean(game.generator.gradient(a * fake + b))
        theta += rate * a * pull
        yield theta, pull, np.mean(sigmoid(a * fake + b))


# %% [markdown]
# **What do you expect?** With the non-saturating loss the generator walked to 1. Where does the article's walk, and
# does it ever stop?

# %%
right = np.array(list(play(GAMES["non_saturating"])))
wrong = np.array(list(play(GAMES["article"])))
for n in (1, 20, 70, 400):
    theta, pull, belief = wrong[n - 1]
    print(f"round {n:3}: at {theta:5.2f}, pull {pull:6.3f}, D(G(z)) {belief:.3f}")
assert np.all(np.diff(wrong[:, 0]) < 0)  # in every round it moves away

# %% mystnb={"image": {"alt": "With the non-saturating loss the generator reaches the mean of the real samples, with the article's loss it walks away from them in every round, ever more slowly."}}
plt.figure(figsize=(7, 2.8))
plt.plot(right[:, 0], label="non-saturating")
plt.plot(wrong[:, 0], "--", label="the article's")
plt.axhline(1, color=plots.GREY, linestyle=":", label="mean of the real samples")
plt.xlabel("round")
plt.ylabel("generator's shift θ")
plt.legend()
plt.show()

# %% [markdown]
# It walks *away* from the data, in every round. It slows down only because its pull, $-\sigma(s)$, dies out as its
# fakes get rejected: the discriminator has won, and the generator helped. From outside this looks like success.
# Both players have the same loss, and it falls.
#
# ## The other half of the pull
#
# The loss decides how hard to pull on the *score*. The generator's weights feel more than that. By the chain rule,
#
# $$\frac{dL}{d\theta} = \frac{dL}{ds} \cdot \frac{ds}{dx} \cdot \frac{dx}{d\theta},$$
#
# and the factor in the middle is the discriminator's slope. In our game it is $a$. Its size depends on the loss as well,
# since the loss trained the discriminator.
#
# Put the generator out on the plain, at -5. For each loss train a discriminator almost to its best, then let the
# generator take one step. (The Wasserstein critic gets a limit on $a$, which the next section explains.)
#
# **What do you expect?** Under which loss does the generator move furthest? Least squares can pull hardest on the score:
# will it win?


# %%
def trained(game, real, fake, penalty, steps=5000):
    a = b = 0.0
    for _ in range(steps):
        leash = penalty * 2 * (a - 1)  # of penalty (a - 1)², for a > 0
        a, b = discriminator_step(game, a, b, real, fake, leash, rate=0.05)
    return a, b


rng = np.random.default_rng(0)
real, fake = rng.normal(1, 1, 1000), rng.normal(-5, 1, 1000)
moved = {}
for name, game in GAMES.items():
    a, b = trained(game, real, fake, penalty=10 if name == "wasserstein" else 0)
    pull = -np.mean(game.generator.gradient(a * fake + b))
    moved[name] = 0.1 * a * pull
    print(f"{name:14} pull {pull:6.3f}  slope {a:.2f}  step {moved[name]:7.4f}")

# %%
ranking = sorted(moved, key=moved.get, reverse=True)
print(" > ".join(ranking))
assert ranking[0] == "non_saturating" and moved["article"] < 0
assert abs(moved["minimax"]) < moved["non_saturating"] / 100

# %% [markdown]
# Two things to learn from it:
#
# - The saturating loss moves less than a hundredth as far as the non-saturating one, *with the same discriminator*.
#   The plain was not the discriminator's fault: the first factor is missing.
# - Least squares pulls on the score like the others and moves little. Here the second factor is small: its
#   discriminator need only climb from 0 to 1 on the long way between the heaps. And no fake with a score near 0 is far
#   from the target 1, so the large pull never comes.
#
# So a discriminator must not only be right. Its slope is the generator's road, and should be neither flat nor a cliff.
# Three tools see to that.
#
# (gradient-penalty)=
# ## A leash for the critic: gradient penalty
#
# The Wasserstein {term}`critic` compares mean scores and has no reason to stop: twice the scores, twice the difference.
# So let its slope be nowhere above 1; the word for this is {term}`1-Lipschitz <Lipschitz continuity>`. Now the largest difference that any such
# critic can show has a meaning. It is the *Wasserstein distance*: the shortest way, on average, that
# samples must travel to turn one heap into the other {cite:p}`arjovsky2017`.
#
# **What do you expect?** The value of the last chapter saw next to no difference between -5 and -7: too far is
# too far. Will this distance? On a line the cheapest transport matches the two heaps in sorted order.

# %%
z = fake + 5  # the generator's noise, around 0
for mean in (-1, -3, -5, -7):
    heap = z + mean
    way = np.mean(np.abs(np.sort(real) - np.sort(heap)))
    difference = real.mean() - heap.mean()  # of the critic s(x) = x
    print(f"mean {mean:2}: way {way:.2f}, difference {difference:.2f}")
    assert np.isclose(way, difference, atol=0.01)

# %% [markdown]
# It does. Here is a valley without a plain, and the simple critic $s(x) = x$ shows all of it.
#
# How does one keep the slope of a network at 1? The first paper cut all weights off at 0.01 and called this "a clearly
# terrible way" {cite:p}`arjovsky2017`; exercise 3 shows why. The better way is to *ask* for the slope,
# with a {term}`gradient penalty` {cite:p}`gulrajani2017`. Take points between real samples and fakes, and add to the critic's loss
#
# $$\lambda \; \mathbb{E} \left( \lVert \nabla s(\tilde{x}) \rVert - 1 \right)^2, \qquad
# \tilde{x} = \alpha x + (1 - \alpha) \hat{x}, \qquad \alpha \text{ uniform on } [0, 1],$$
#
# with one $\alpha$ for each pair of a real sample $x$ and a fake $\hat{x}$, and $\lambda = 10$.
#
# - *Why between?* A slope cannot be checked everywhere, and between the heaps is where the generator has to walk.
# - *Why 1, and not at most 1?* From a fake to the sample that it should travel to, the best critic climbs as
#   steeply as it may.
#
# **What do you expect?** A critic in three dimensions, $s(x) = x_1 + 2 x_2 + 2 x_3$. How long is its gradient, and how
# large is the penalty, without $\lambda$?


# %%
def input_gradient(critic, x):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        scores = critic(x)
    return tape.gradient(scores, x)


# %%
weights = np.array([[1], [2], [2]], np.float32)
x, fakes = rng.normal(size=(2, 8, 3)).astype(np.float32)
points = losses.interpolate(x, fakes, rng.uniform(size=8).astype(np.float32))
gradients = input_gradient(lambda x: x @ weights, points)
print(f"gradient penalty {float(losses.gradient_penalty(gradients)):.2f}")
print(f"R1 penalty       {float(losses.r1_penalty(gradients)):.2f}")

# %% [markdown]
# A linear critic has the same gradient everywhere, of length $\sqrt{1 + 4 + 4} = 3$. So the penalty is
# $(3 - 1)^2 = 4$. (The other line is for later.)
#
# Now a critic that can bend: a small network on the two heaps.

# %%
heap_real = real[:256, None].astype(np.float32)
heap_fake = fake[:256, None].astype(np.float32)


def critic_loss(critic, weight):
    alpha = tf.random.uniform([len(heap_real)])
    points = losses.interpolate(heap_real, heap_fake, alpha)
    penalty = losses.gradient_penalty(input_gradient(critic, points))
    scores = critic(heap_real), critic(heap_fake)
    return losses.wasserstein_discriminator_loss(*scores) + weight * penalty


# %%
def new_critic():
    hidden = keras.layers.Dense(32, "tanh")
    score = keras.layers.Dense(1, kernel_initializer="zeros")  # flat at first
    return keras.Sequential([keras.Input((1,)), hidden, score])


def train(critic, weight, steps=200):
    optimizer = keras.optimizers.Adam(0.01)
    optimizer.build(critic.trainable_variables)

    @tf.function  # compiled: a step takes a fraction of the time
    def step():
        with tf.GradientTape() as tape:
            loss = critic_loss(critic, weight)
        gradients = tape.gradient(loss, critic.trainable_variables)
        optimizer.apply(gradients)

    for _ in range(steps):
        step()


# %% [markdown]
# **What do you expect?** We train two such critics equally long on the same heaps, without and with the penalty. Which
# one separates the heaps by more? And which would you rather follow uphill, blindfolded?

# %% mystnb={"image": {"alt": "Without the penalty the critic is a cliff between two plateaus, with the penalty it is a ramp whose slope stays near 1 all the way from the fakes to the real samples."}}
keras.utils.set_random_seed(0)
free, held = new_critic(), new_critic()
train(free, weight=0)
train(held, weight=10)

x = np.linspace(-7, 3, 101, dtype=np.float32)[:, None]
figure, axes = plt.subplots(2, 1, figsize=(5, 4.8), layout="constrained")
for critic, dash, label in ((free, "--", "without"), (held, "-", "with")):
    axes[0].plot(x, critic(x), dash, label=f"{label} penalty")
    axes[1].plot(x, input_gradient(critic, x), dash)
axes[0].set(title="the critic's score")
axes[1].set(title="its slope", xlabel="x", yscale="log")
axes[0].legend()
plt.show()

# %% tags=["nbval-ignore-output"]
between = x[(x > -5) & (x < 1)][:, None]
slopes = [np.array(input_gradient(critic, between)) for critic in (free, held)]
for name, slope in zip(("free", "held"), slopes, strict=True):
    print(f"{name}: slope from {slope.min():.2f} to {slope.max():.2f}")
assert slopes[0].max() > 10 * slopes[1].max()
assert slopes[1].min() > 0.5 and slopes[1].max() < 2

# %% [markdown]
# The free critic separates the heaps by far more, but its slope has no meaning. It depends on how long we trained, and it is a cliff in one place and flat
# in others. The held one is a ramp: wherever a fake lies, a slope near 1 leads it to the real samples. Near 1 and not
# just 1, since a penalty asks and does not force. (And it asks for the length 1, not for the direction: on a line, a
# critic that begins with a slope near -1 may be kept there. Ours therefore begins flat.)
#
# The price is a gradient of a gradient at each step. And because the penalty speaks about single samples, the critic
# may not mix them: no batch normalisation in it {cite:p}`gulrajani2017`. {term}`Spectral normalisation
# <spectral normalisation>`, built into the layers, is a cheaper leash {cite:p}`miyato2018`.
#
# ## Be flat at the goal: R1
#
# The gradient penalty asks for slope 1, for ever. But when the generator has reached the data, there is nothing to tell
# apart. A discriminator that is not flat then pushes a generator that is already right, and both go on swinging
# around the goal. The {term}`R1 penalty` asks for slope 0, at real samples only {cite:p}`mescheder2018`:
#
# $$\frac{\gamma}{2} \; \mathbb{E}_{x \sim p_{\text{data}}} \lVert \nabla s(x) \rVert^2$$
#
# For the linear critic above that is $\frac{1}{2} \cdot 3^2 = 4.5$, without $\gamma$: the line left for later. In our game
# the slope is $a$, so R1 adds $\gamma a$ to the gradient in $a$.
#
# **What do you expect?** With the non-saturating loss the generator ran past 1, swung back and settled. What will R1 do
# to the swing? And what will it cost?

# %%
for r1 in (0, 0.3, 1):
    theta = np.array(list(play(GAMES["non_saturating"], r1=r1)))[:, 0]
    arrival = 1 + np.argmax(theta > 0.9)
    print(f"gamma {r1}: at 0.9 in round {arrival}, furthest {theta.max():.2f}")

# %% [markdown]
# The swing goes, and the way there takes longer: a flatter road.
#
# ## Do not be too sure: label smoothing
#
# Under cross-entropy, the best logit at a place with real samples only is infinite. One-sided {term}`label smoothing`
# {cite:p}`salimans2016` trains the discriminator towards $1 - a$ instead of 1 on real samples, and leaves the fakes at 0:
#
# $$-(1 - a) \log \sigma(s) - a \log (1 - \sigma(s)) = -\log \sigma(s) + a s$$
#
# **What do you expect?** For $a = 0.1$: what is the best logit where all samples are real?

# %%
a = 0.1
plain, on_fake = GAMES["minimax"].real, GAMES["minimax"].fake
smooth = smoothed(plain, a)
for share in (0.5, 0.9, 0.99, 1):
    best, held_back = (best_score(term, on_fake, share) for term in (plain, smooth))
    print(f"share {share}: best logit {best:5.2f}, smoothed {held_back:5.2f}")
print(f"log((1 - a) / a) = {np.log((1 - a) / a):.2f}")

# %% [markdown]
# It is finite now: $\log \frac{1 - a}{a}$. (Without smoothing the last row shows the edge of our grid.) Why one-sided?
# If fakes were smoothed too, the discriminator would be asked to believe a little in places where there are only fakes,
# and the generator would have less reason to leave them {cite:p}`salimans2016`.
#
# Here is the discriminator's side of the game, with a real sample at 5. **What do you expect** of the pull there:
# up, because the sample is real, or down, because 5 is too sure? Then move the smoothing to 0.

# %%
settings = {"player": "discriminator", "real_score": 5.0, "smoothing": 0.1}
LossExplorer(losses=["non_saturating"], **settings)

# %% [markdown]
# Down, if only a little: the score 5 lies beyond the best logit with smoothing, 2.20, and a positive gradient pulls down.
# Without smoothing the pull is up again, and it never ends.
#
# ## So which one?
#
# First the numbers of this page in one place. (Wasserstein's 5.00 is the edge of our grid.)

# %%
print(" " * 16 + "best score           pull on a fake with score")
print(" " * 16 + "at share 0.8         -6         0         6")
for name, game in GAMES.items():
    best = best_score(game.real, game.fake, 0.8)
    pulls = [-game.generator.gradient(score) for score in (-6.0, 0.0, 6.0)]
    print(f"{name:16}{best:12.2f}" + "".join(f"{pull:10.4f}" for pull in pulls))

# %% [markdown]
# | Loss | The score is | Pull on a rejected fake (-6) | What it needs |
# | --- | --- | --- | --- |
# | Minimax {cite:p}`goodfellow2014` | a logit | 0.0025: vanishes | good for proofs; train with the next |
# | Non-saturating {cite:p}`goodfellow2014` | a logit | 0.9975: at most 1 | often R1 {cite:p}`mescheder2018` or label smoothing {cite:p}`salimans2016` |
# | Least squares {cite:p}`mao2017` | a share | 7.0000: grows | nothing more; a flat discriminator moves the generator slowly |
# | Wasserstein {cite:p}`arjovsky2017` | known up to a constant | 1.0000: constant | a leash, such as the gradient penalty {cite:p}`gulrajani2017`, and a critic trained near its best |
# | Hinge {cite:p}`lim2017` | a side, with margin | 1.0000: constant | often spectral normalisation {cite:p}`miyato2018` |
# | The article's code | a logit | -0.0025: wrong way | to be replaced |
#
# No row wins. The table tells how each loss can fail, not how well it does. In a large and neutral comparison, most GANs
# reached similar scores once they were tuned enough, and none was found to beat the non-saturating one consistently
# {cite:p}`lucic2018`. So begin with the non-saturating loss, and change it for a reason that you can name.
#
# ## Summary
#
# - A loss gives the score its meaning: a logit, a share, a side, or only a difference.
# - The generator's pull has two factors: the loss's slope in the score, and the discriminator's slope in the sample.
# - The first factor vanishes under the saturating loss where the discriminator rejects the fake, because there the pull
#   *is* the discriminator's belief. Under the non-saturating loss it is the disbelief.
# - The article's loss has the wrong sign: its generator walks away from the data until nobody believes it.
# - Gradient penalty, R1 and label smoothing hold the discriminator: slope 1 on the way, slope 0 at the data, a finite
#   logit.
#
# A loss with a good pull is no promise that the game ends well. Two players can still circle each other, or agree on a
# single sample. [What goes wrong](what_goes_wrong.ipynb) collects how GANs fail, and how to see it coming.
#
# ## Exercises
#
# **1. A new number to remember.** A discriminator that knows nothing has the cross-entropy loss $2 \log 2$. With label
# smoothing $a = 0.1$, which probability does the best discriminator give when half of the samples are real everywhere?
# And what is its loss then?
#
# :::{admonition} Solution
# :class: dropdown
# Of two samples, the real one asks for 0.9 and the fake for 0, so the best probability is 0.45, and no longer one
# half. The loss is 1.376, next to the 1.386 without smoothing: watch the probability, the loss hardly tells.
# :::

# %% tags=["hide-cell"]
s = np.log(0.45 / 0.55)
level = smooth.loss(s) + on_fake.loss(s)
found = best_score(smooth, on_fake, 0.5)
print(f"best score {found:.2f}, by hand {s:.2f}: probability {sigmoid(s):.2f}")
print(f"loss {level:.3f}, without smoothing {2 * np.log(2):.3f}")

# %% [markdown]
# **2. Does Adam save the saturating loss?** Adam divides each gradient by its usual size {cite:p}`kingma2014`. A pull of
# 0.0025 would then do as well as one of 0.9975. Find a batch of two fakes in which it still goes wrong.
#
# :::{admonition} Solution
# :class: dropdown
# Take one fake that is believed, with score 2, and one that is rejected, with score -6. Adam scales their *sum*. It does
# not change who speaks in it: under the saturating loss nearly the whole sum comes from the fake that is good already.
# :::

# %% tags=["hide-cell"]
for name in ("minimax", "non_saturating"):
    pulls = -GAMES[name].generator.gradient(np.array([2.0, -6.0]))
    share = pulls[1] / pulls.sum()
    print(f"{name}: {share:.1%} of the pull comes from the rejected fake")

# %% [markdown]
# **3. A limit on weights is not a limit on slope.** Our critic has 32 tanh units. All its weights are cut off at $c$. How
# steep can it be at most, for $c = 0.01$ and for $c = 1$?
#
# :::{admonition} Solution
# :class: dropdown
# Each unit adds at most $c \cdot c$ to the slope, because tanh has slope 1 at most. With 32 units that makes $32 c^2$:
# 0.0032 for the first, and the generator is out on the plain again; 32 for the second, a cliff. Which $c$ gives 1 depends
# on the width, and on the depth even more.
# :::

# %% tags=["hide-cell"]
critic, origin = new_critic(), np.zeros((1, 1), np.float32)
for c in (0.01, 1):
    limit = [np.full_like(w, c) * (w.ndim > 1) for w in critic.get_weights()]
    critic.set_weights(limit)  # no bias: at 0 each tanh is at its steepest
    print(f"c = {c}: slope {float(input_gradient(critic, origin)[0, 0]):.4f}")

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

squares = GAMES["least_squares"]
pulls = {name: -game.generator.gradient(-4.0) for name, game in GAMES.items()}
Quiz(
    [
        Question(
            "A fake has the score -4. How many times as hard as the saturating loss "
            "does the non-saturating one pull?",
            choices=["once", "about 4 times", "about 55 times"],
            answer=f"about {pulls['non_saturating'] / pulls['minimax']:.0f} times",
            feedback="Disbelief over belief, (1 - D) / D, is exp(4) at the score -4.",
        ),
        Question(
            "9 of 10 samples at a place are real. What is the least-squares optimum?",
            choices=[0.9, 1.0, np.log(9)],
            answer=best_score(squares.real, squares.fake, 0.9),
            feedback="It is the share itself; under cross-entropy it would be log 9.",
        ),
        Question(
            "A critic gives every picture the same score. How large is its gradient "
            "penalty, without lambda?",
            choices=[0, 1, 10],
            answer=round(float(losses.gradient_penalty(np.zeros((8, 3)))), 3),
            feedback="A flat critic pays (0 - 1)²; under R1 it would pay nothing.",
        ),
    ]
)

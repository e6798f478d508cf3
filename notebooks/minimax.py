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
# # Minimax and the optimal discriminator
#
# *The article's §4, 数学模型和公式详细讲解举例说明.*
#
# The article puts the whole game into two sentences and two formulas. Each sentence introduces its formula, and each
# says the opposite of it. Which one should you believe?
#
# To judge, we need to know what the game is about. So we first ask two questions that have exact answers. How well
# can a discriminator do? And against such a perfect opponent, what is left for the generator? Then we go back and
# read the article word by word.
#
# After this page you will be able to
#
# - read the value function $V(D, G)$ aloud, and say who pulls which part of it where;
# - show in a few steps that the best discriminator is $p / (p + q)$, and what it leaves to the generator;
# - explain why a perfect discriminator can be a useless teacher;
# - test a sentence or a formula about a GAN by the direction in which it pushes.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 10 s and 0.2 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
from scipy.integrate import quad
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import norm

from abstractgan import plots
from abstractgan.widgets import OptimalDiscriminator
from abstractgan.widgets.mathematics import sigmoid, softplus
from abstractgan.widgets.optimal_discriminator import PRESETS

plt.style.use(plots.STYLE)

# %% [markdown]
# ## One number, two players
#
# The two networks play for one number, the value of the {term}`value function` {cite:p}`goodfellow2014`:
#
# $$\min_G \max_D V(D, G), \qquad
# V(D, G) = \mathbb{E}_{x \sim p_{\text{data}}} \log D(x) + \mathbb{E}_{z} \log (1 - D(G(z)))$$
#
# Read aloud: *a judge sees a real sample, and its mark is the logarithm of the probability that it gave to "real". It
# sees a fake, and its mark is the logarithm of the probability that it gave to "fake". $V$ adds the two average marks.*
#
# A mark of $\log 1 = 0$ is perfect, and all others are negative: to be sure and wrong costs without limit. The judge
# is the {term}`discriminator`: it makes $V$ as large as it can. The {term}`generator` makes it as small as
# it can, and can touch only the second part: real samples are not its business. Such a game is called {term}`minimax`.
#
# For now the generator stands still. Let $p$ be the density of the real samples and $q$ that of the generated ones.
# We keep the two heaps of the [core concepts](core_concepts.ipynb): real samples lie around 1, generated ones around
# -1. And as there, a judge is given by its score $s(x)$, with $D(x) = \sigma(s(x))$. Then $\log D = -\log(1 + e^{-s})$ and
# $\log(1 - D) = -\log(1 + e^s)$. In the code, `softplus(s)` is $\log(1 + e^s)$.


# %%
real, fake = norm(1, 1), norm(-1, 1)


def value(score):
    """V of the discriminator whose probability of "real" is sigmoid(score(x))."""

    def marks(x):
        s = score(x)  # log D = -softplus(-s) and log(1 - D) = -softplus(s)
        return -real.pdf(x) * softplus(-s) - fake.pdf(x) * softplus(s)

    return quad(marks, -12, 12)[0]


# %% [markdown]
# **What do you expect?** Four judges. One always says one half. The others have the scores $x$, $2x$ and $10x$: they
# agree on which samples look real, and differ in how sure they are. Who wins? Who comes last?

# %%
judges = {
    "one half": lambda x: 0 * x,
    "score x": lambda x: x,
    "score 2x": lambda x: 2 * x,
    "score 10x": lambda x: 10 * x,
}
for name, score in judges.items():
    print(f"{name:10} V = {value(score):.3f}")

# %% [markdown]
# The judge that is too sure does worse than the one that knows nothing. And -1.386, the value of saying one half, is
# a number to remember: $\log \frac{1}{2} + \log \frac{1}{2} = -\log 4$. It will come back.
#
# ## What is the best that a discriminator can say?
#
# The winner had the slope 2. Could a cleverer curve beat it?
#
# **Step 1: each place can be judged on its own.** Both expectations are integrals over $x$, so they can be written as
# one:
#
# $$V = \int \big( p(x) \log D(x) + q(x) \log (1 - D(x)) \big) \, dx$$
#
# What $D$ says at one place changes nothing at the others. Check: cut the line into 3001 places, judge each one, and
# add up.

# %%
x = np.linspace(-15, 15, 3001)
dx = x[1] - x[0]
p, q = real.pdf(x) * dx, fake.pdf(x) * dx  # the share of samples at each place
at_each_place = -p * softplus(-x) - q * softplus(x)
print(f"sum {at_each_place.sum():.6f}   integral {value(lambda x: x):.6f}")

# %% [markdown]
# **Step 2: find where the mark is level.** Stay at one place. Write $y$ for what the discriminator says there, and
# $a$ and $b$ for the densities $p$ and $q$ there, both positive. Then
#
# $$f(y) = a \log y + b \log (1 - y), \qquad f'(y) = \frac{a}{y} - \frac{b}{1 - y} = 0
# \quad\Longleftrightarrow\quad y = \frac{a}{a + b}$$
#
# Check at $x = 0.5$: search 9999 candidates for the best one, and measure the slope at $a / (a + b)$.


# %%
def f(y, a, b):
    return a * np.log(y) + b * np.log(1 - y)


# %%
a, b, h = real.pdf(0.5), fake.pdf(0.5), 1e-4
y, share = np.linspace(0.0001, 0.9999, 9999), a / (a + b)
slope = (f(share + h, a, b) - f(share - h, a, b)) / (2 * h)
print(f"best candidate {y[np.argmax(f(y, a, b))]:.4f}, a / (a + b) = {share:.4f}")
print(f"slope there: {abs(slope):.4f}")

# %% [markdown]
# **Step 3: it is the top, not the bottom.** The second derivative is negative for every $y$ between 0 and 1:
#
# $$f''(y) = -\frac{a}{y^2} - \frac{b}{(1 - y)^2} < 0$$
#
# Check: compare the formula with differences of $f$, and look at its largest value.

# %%
bend = -a / y**2 - b / (1 - y) ** 2
measured = np.diff(f(y, a, b), 2) / (y[1] - y[0]) ** 2
assert np.allclose(measured[1000:-1000], bend[1001:-1001], rtol=1e-3)
print(f"the largest second derivative is {bend.max():.2f}")

# %% mystnb={"image": {"alt": "At each of three places the mark is a hill with one top, and the top stands at the share of real samples there: 0.12, 0.50 and 0.73."}}
plt.figure(figsize=(7, 3))
for place, line in ((-1, "-"), (0, "--"), (0.5, "-.")):
    a, b = real.pdf(place), fake.pdf(place)
    plt.plot(y, f(y, a, b), line, label=f"x = {place}, share {a / (a + b):.2f}")
    plt.plot(a / (a + b), f(a / (a + b), a, b), "ko")
plt.ylim(-1.2, 0)
plt.xlabel("what the discriminator says, y")
plt.ylabel("f(y)")
plt.legend()
plt.show()

# %% [markdown]
# **Step 4: do so at every place.** The {term}`optimal discriminator` says the share of real samples:
#
# $$D^*(x) = \frac{p(x)}{p(x) + q(x)}$$
#
# Its logit is $\log p(x) - \log q(x)$. Check: bend this score in three ways. Does any of them raise $V$?


# %%
def best(x):
    return real.logpdf(x) - fake.logpdf(x)


highest = value(best)
print(f"V of the best discriminator: {highest:.3f}")
bent = {
    "shifted": lambda x: best(x) + 1,
    "waved": lambda x: best(x) + np.sin(x),
    "steeper": lambda x: 1.5 * best(x),
}
for name, score in bent.items():
    print(f"{name}: {value(score) - highest:+.3f}")

# %% [markdown]
# All of them lose. No cleverer curve beats slope 2, because for these two heaps $D^*$ *is* the line $2x$:
# $\log p - \log q = -\frac{1}{2}(x - 1)^2 + \frac{1}{2}(x + 1)^2 = 2x$.
#
# The same by hand, in a world of three motifs. Of the real paintings one half show a circle, a quarter a square and
# a quarter a line; the generator makes a quarter circles, a quarter squares, and lines for the rest.
#
# **What do you expect?** You see a circle. What should you say? And to a line?

# %%
motifs = np.array([1 / 2, 1 / 4, 1 / 4])  # circle, square, line: real
drawn = np.array([1 / 4, 1 / 4, 1 / 2])  # generated
print(motifs / (motifs + drawn))

# %% [markdown]
# Two thirds, one half, one third. Nothing needs to be learned about circles to say so, only how often they occur on
# either side.
#
# ## What is left for the generator?
#
# Now let the generator move, against the best discriminator there is. It wants to lower $V(D^*, G)$. What is that?
#
# **Step 5: put $D^*$ in.**
#
# $$V(D^*, G) = \mathbb{E}_{p} \log \frac{p}{p + q} + \mathbb{E}_{q} \log \frac{q}{p + q}$$
#
# **Step 6: compare with the average.** Let $m = \frac{1}{2}(p + q)$ be the mixture of both. Then $p + q = 2m$, and each
# logarithm gives away a $\log 2$:
#
# $$V(D^*, G) = -2 \log 2 + \mathbb{E}_{p} \log \frac{p}{m} + \mathbb{E}_{q} \log \frac{q}{m}$$
#
# **Step 7: give it its name.** $\mathbb{E}_p \log \frac{p}{m}$ is the {term}`Kullback-Leibler divergence` of $p$ from
# $m$, $\text{KL}(p \,\|\, m)$. The mean of the two is the {term}`Jensen-Shannon divergence` of $p$ and $q$:
#
# $$\text{JSD}(p \,\|\, q) = \tfrac{1}{2} \text{KL}(p \,\|\, m) + \tfrac{1}{2} \text{KL}(q \,\|\, m),
# \qquad V(D^*, G) = -\log 4 + 2 \, \text{JSD}(p \,\|\, q)$$
#
# Check all three on the two heaps. In the code, `rel_entr(p, m)` is $p \log \frac{p}{m}$.


# %%
def jsd(p, q):
    """Jensen-Shannon divergence of shares, along the last axis."""
    m = (p + q) / 2
    return (rel_entr(p, m) + rel_entr(q, m)).sum(-1) / 2


# %%
m = (p + q) / 2
step_5 = p @ np.log(p / (p + q)) + q @ np.log(q / (p + q))
step_6 = -2 * np.log(2) + p @ np.log(p / m) + q @ np.log(q / m)
step_7 = -np.log(4) + 2 * jsd(p, q)
print(f"{highest:.6f}  {step_5:.6f}  {step_6:.6f}  {step_7:.6f}")

# %% [markdown]
# And by hand on the motifs. The mixture is $(\frac{3}{8}, \frac{1}{4}, \frac{3}{8})$, the square cancels, and both
# halves are equal:
#
# $$\text{JSD} = \tfrac{1}{2} \log \tfrac{4}{3} + \tfrac{1}{4} \log \tfrac{2}{3}$$

# %%
by_hand = np.log(4 / 3) / 2 + np.log(2 / 3) / 4
by_scipy = jensenshannon(motifs, drawn) ** 2  # SciPy returns the square root
print(f"by hand {by_hand:.6f}")
print(f"by jsd  {jsd(motifs, drawn):.6f}")
print(f"SciPy   {by_scipy:.6f}")

# %% [markdown]
# **Step 8: it is never negative, and 0 only if $p = q$.** The reason is that $\log t \leq t - 1$, with equality only at
# $t = 1$. So
#
# $$\text{KL}(p \,\|\, m) = -\mathbb{E}_p \log \frac{m}{p} \geq -\mathbb{E}_p \Big( \frac{m}{p} - 1 \Big) \geq 0$$
#
# (the last step: $\mathbb{E}_p \frac{m}{p}$ adds up $m$ over the places where $p > 0$, at most 1). It is 0 only if
# $m = p$ at all these places, and then $q = p$.
#
# **Step 9: it is never more than $\log 2$.** Since $m \geq \frac{1}{2} p$, the fraction $\frac{p}{m}$ is at most 2, and its
# logarithm at most $\log 2$. The same holds for $\frac{q}{m}$, and so for the mean of both divergences.
#
# Check both on ten thousand random pairs of distributions over three motifs, and on one paired with itself.

# %%
t = np.linspace(0.01, 5, 500)
assert np.all(np.log(t) <= t - 1)
one, other = np.random.default_rng(0).dirichlet([0.5] * 3, (2, 10_000))
divergences = jsd(one, other)
assert divergences.min() > 0 and divergences.max() < np.log(2)
print(f"different: from {divergences.min():.6f} to {divergences.max():.6f}")
print(f"equal: {jsd(one[0], one[0]):.6f}   log 2 = {np.log(2):.6f}")

# %% [markdown]
# That is the main theorem of the first GAN paper {cite:p}`goodfellow2014`: **against a perfect discriminator the generator
# lowers a divergence, a measure of how different $p$ and $q$ are. $V$ is least, $-\log 4$, where $q = p$, and nowhere
# else.** And there $D^*$ says one half everywhere. This is where -1.386 comes back.
#
# ## Move the heaps yourself
#
# Below are our two heaps, the best discriminator for them, and what each place adds to $V$. **What do you expect?**
# Decide first, then move.
#
# 1. *Equal.* What does $D^*$ look like, and what is $V$?
# 2. Give $q$ the mean of $p$ and twice its spread. Does $D^*$ still rise from left to right?
# 3. *Apart*, and then still farther apart. Does $V$ go on growing, or the divergence?
# 4. *One mode missed*: the real samples lie in two heaps, and the generator covers one of them perfectly. What does
#    $D^*$ say at the heap that it does cover?

# %%
OptimalDiscriminator()

# %% [markdown]
# The same in numbers, with $D^*$ read at the mean of $p$'s first heap. For each setting we also check the result of step 7.

# %%
settings = {"q twice as wide": {"q_mean": 1, "q_spread": 2}} | PRESETS
w = OptimalDiscriminator()
for name, setting in settings.items():
    for control, number in setting.items():
        setattr(w, control, number)
    assert np.isclose(w.value, -np.log(4) + 2 * w.divergence)
    V, there = round(w.value, 3) + 0, w.at(w.p_mean).best  # + 0 makes 0 of -0
    print(f"{name:15}  V {V:6.3f}  JSD {w.divergence:.3f}  D* there {there:.3f}")

# %% [markdown]
# - *Equal*: one half everywhere, and $V = -1.386$.
# - *q twice as wide*: no. $D^*$ is a hump, since on both sides fakes are more common.
# - *Apart*: neither. Both have reached their end, 0 and 0.693.
# - *One mode missed*: one third, though the fakes there are perfect. All of them lie where only half of the real
#   samples lie, so they are twice as common. The best discriminator sees what no single picture shows: that the
#   generator repeats itself.
#
# ## How does the valley look from far away?
#
# The minimum is where we want it. But a generator does not jump to the minimum, it walks, and it needs a slope.
#
# **What do you expect?** Move the generated heap away to the left, from 1 to -7. What happens to $V(D^*, G)$ and to
# its slope?


# %%
def valley(mean):
    return -np.log(4) + 2 * jsd(p, norm.pdf(x, mean, 1) * dx)


def slope_at(mean, h=1e-4):
    return (valley(mean + h) - valley(mean - h)) / (2 * h)


for mean in (1, -1, -3, -5, -7):
    V, steepness = valley(mean), abs(slope_at(mean))
    print(f"mean {mean:2}:  V = {V:.4f}, steepness {steepness:.4f}")

# %% mystnb={"image": {"alt": "The value has its minimum of minus log 4 where the generated heap covers the real one, rises on both sides, and is flat at 0 once the heaps no longer overlap."}}
means = np.linspace(-9, 11, 201)
plt.figure(figsize=(7, 2.8))
plt.plot(means, [valley(mean) for mean in means], label="V(D*, G)")
plt.axhline(0, color=plots.GREY, linestyle=":", label="0")
plt.axhline(-np.log(4), color=plots.GREY, linestyle="--", label="-log 4")
plt.xlabel("mean of the generated samples (the real ones lie around 1)")
plt.legend()
plt.show()

# %% [markdown]
# It is a valley in a plain. At -7 the two heaps hardly overlap any more, the best discriminator is right nearly every
# time, and $V$ is as good as 0 with next to no slope. Step 9 said so: this divergence is never greater than $\log 2$.
# Once it has come that far, farther makes no difference {cite:p}`arjovsky2017`.
#
# Four motifs show the extreme case. The real paintings are all circles. Is a generator that draws only squares
# nearer to them than one that draws only lines?

# %%
only = np.eye(4)  # row n: only motif n
print([f"{divergence:.3f}" for divergence in jsd(only[0], only)])

# %% [markdown]
# Right or wrong, and nothing in between. Pictures are more like the motifs than like the wide heaps: a generated
# picture hardly ever hits a real one by chance. This is the first crack in the theory. The
# [next chapter](loss_family.ipynb) mends it with other losses.
#
# ## A discriminator has to learn
#
# Nobody gives us $p$ and $q$. There are only samples, and a discriminator that climbs $V$ step by step. Does it
# come near $D^*$?
#
# Let us give it something that no line can judge: real samples in two heaps, generated ones in a wide heap between
# them. Our discriminator has thirteen soft bumps along the line. Each gets a weight, and the score is their sum.

# %%
rng = np.random.default_rng(0)
real_samples = rng.normal(rng.choice([-2, 2], 4000), 0.5)
fake_samples = rng.normal(0, 1.5, 4000)
p_two = (norm.pdf(x, -2, 0.5) + norm.pdf(x, 2, 0.5)) / 2 * dx
q_wide = norm.pdf(x, 0, 1.5) * dx


def bumps(x):
    return np.exp(-2 * (x[:, None] - np.linspace(-5, 5, 13)) ** 2)


# %% [markdown]
# **What do you expect?** $V(D^*, G)$ is the ceiling. Will the discriminator reach it? Will it look like $D^*$ then?

# %%
on_real, on_fake = bumps(real_samples), bumps(fake_samples)
weights, learned = np.zeros(13), {}
for step in range(1, 1001):
    pull, push = 1 - sigmoid(on_real @ weights), sigmoid(on_fake @ weights)
    weights = weights + 4 * (pull @ on_real - push @ on_fake) / 4000
    if step in (1, 10, 1000):
        s = learned[step] = bumps(x) @ weights
        print(f"step {step:4}:  V = {-p_two @ softplus(-s) - q_wide @ softplus(s):.3f}")
print(f"ceiling:    V = {-np.log(4) + 2 * jsd(p_two, q_wide):.3f}")

# %% mystnb={"image": {"alt": "After 10 steps the learned discriminator has both humps of the exact share, and after 1000 steps it lies close to it, except at the far ends where there are hardly any samples."}}
plt.figure(figsize=(6, 3.4), layout="constrained")
near = np.abs(x) < 5
exact = p_two[near] / (p_two + q_wide)[near]
plt.plot(x[near], exact, linewidth=6, label="D*, the exact share")
for (step, s), line in zip(learned.items(), (":", "--", "-"), strict=True):
    plt.plot(x[near], sigmoid(s[near]), line, label=f"after step {step}")
plt.xlabel("x")
plt.ylabel("probability of real")
plt.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
plt.show()

# %% [markdown]
# It comes close, and always from below. The value is nearly there after ten steps, the curve takes much longer at
# the ends: $V$ counts each place by its samples, and where there are none, nothing is asked of $D$. A generator that
# wanders off to such a place gets an answer that nobody ever checked.
#
# ## Why is D never perfect in practice?
#
# Because nobody waits for it. A step of the generator moves $q$, and $D^*$ with it; to train $D$ to the end each time
# would cost too much. So the two take turns: $k$ steps of $D$, one step of $G$. Goodfellow et al. took $k = 1$
# {cite:p}`goodfellow2014`.
#
# **What do you expect?** The discriminator is the line $ax + b$ again, the generator shifts its heap by $\theta$ and
# lowers $V$. What changes if $D$ takes 50 steps each time instead of one? Try both from -1, and from -5, out on the
# plain.


# %%
def take_turns(theta, k, rounds=300, rate=0.1):
    a = b = 0.0
    for _ in range(rounds):
        q = norm.pdf(x, theta, 1) * dx
        for _ in range(k):
            D = sigmoid(a * x + b)
            error = p * (1 - D) - q * D
            a, b = a + rate * error @ x, b + rate * error.sum()
        theta += rate * a * (q @ sigmoid(a * x + b))
        yield theta


def roll_down(theta, rounds=300, rate=0.1):
    for _ in range(rounds):
        theta -= rate * slope_at(theta)
        yield theta


# %%
paths = {(start, k): list(take_turns(start, k)) for start in (-1, -5) for k in (1, 50)}
for (start, k), path in paths.items():
    farthest, end = max(path), path[-1]
    print(f"from {start}, k = {k:2}:  farthest {farthest:5.2f}, at the end {end:5.2f}")

# %% mystnb={"image": {"alt": "From minus 1 the generator overshoots with one step of the discriminator and rolls straight down the valley with fifty, while from minus 5 it hardly moves with either."}}
plt.figure(figsize=(7, 3))
for (start, k), path in paths.items():
    plt.plot(path, "-" if k == 1 else "--", label=f"from {start}, k = {k}")
plt.plot(list(roll_down(-1)), "k:", label="rolling down V(D*, G)")
plt.axhline(1, color=plots.GREY, linewidth=0.8)
plt.xlabel("round")
plt.ylabel("generator's shift θ")
plt.legend()
plt.show()

# %% [markdown]
# Two things to take along:
#
# - **With a stale discriminator the generator swings.** With a fresh one it follows the valley that we computed. So
#   the theory is about something real.
# - **On the plain a better discriminator does not help.** $V$ has hardly any slope there, however well $D$ plays.
#
# In a network more is missing: $D$ has only so many weights, and it sees samples, not $p$ and $q$. So in practice
# $V$ is a game with a moving opponent, not a distance on a ruler.
#
# ## Now read the article
#
# We have what we need to judge. First the generator:
#
# > 生成网络的训练目标是最小化判别网络对生成网络生成的图像的预测概率。
# >
# > *"The generator's training objective is to minimise the probability that the discriminator predicts for the images
# > that the generator makes."* (§4)
#
# and then, with "即", *that is*, the formula (its last bracket, missing in the article, is added here, and its first
# term does not contain $\theta$: [erratum 4](#erratum-4)):
#
# $$\min_{\theta} \mathbb{E}_{\mathbf{x} \sim p_{\text{data}}(\mathbf{x})} [\log D(\mathbf{x};\phi)] + \mathbb{E}_{\mathbf{z} \sim p_{\text{z}}(\mathbf{z})} [\log (1 - D(G(\mathbf{z};\theta);\phi))]$$
#
# Then the discriminator:
#
# > 判别网络的训练目标是最大化生成网络生成的图像的预测概率。
# >
# > *"The discriminator's training objective is to maximise the predicted probability of the images that the generator
# > makes."* (§4)
#
# $$\min_{\phi} \mathbb{E}_{\mathbf{x} \sim p_{\text{data}}(\mathbf{x})} [\log (1 - D(\mathbf{x};\phi))] + \mathbb{E}_{\mathbf{z} \sim p_{\text{z}}(\mathbf{z})} [\log D(G(\mathbf{z};\theta);\phi)]$$
#
# Let us be careful, and fair. "The predicted probability": of what? The article says only 表示图像是真实的还是伪造的, that
# it tells *"whether the image is real or fake"*. So we try both readings. In the code, $s$ says how real a sample looks to the judge. Each
# line is something to *maximise*, and we ask whether that drives $s$ up or down.
#
# **What do you expect?** In a working game $G$ drives the $s$ of its fakes up, and $D$ drives it down for fakes and
# up for real samples. Which of the five lines do so, if $D$ is the probability of "real"? And if it is that of "fake"?


# %%
def demands(D):
    return {
        "G, sentence": -D,
        "G, formula": -np.log(1 - D),
        "D, sentence, on fakes": D,
        "D, formula, on fakes": -np.log(D),
        "D, formula, on real": -np.log(1 - D),
    }


def direction(goal):
    steps = np.diff(goal)
    assert np.all(steps > 0) or np.all(steps < 0)
    return "up" if steps[0] > 0 else "down"


s = np.linspace(-6, 6, 121)
if_real = {name: direction(goal) for name, goal in demands(sigmoid(s)).items()}
if_fake = {name: direction(goal) for name, goal in demands(sigmoid(-s)).items()}

# %%
wanted = dict(zip(if_real, ("up", "up", "down", "down", "up"), strict=True))
print(f"{'':24}wanted   if D = P(real)   if D = P(fake)")
for name in wanted:
    print(f"{name:24}{wanted[name]:9}{if_real[name]:17}{if_fake[name]}")
for name in wanted:
    assert (wanted[name] == if_real[name]) == ("formula" in name)
    assert (wanted[name] == if_fake[name]) == ("sentence" in name)

# %% [markdown]
# With $D$ as the probability of "real", both formulas push where they should and both sentences push the other way.
# With $D$ as the probability of "fake" it is just the reverse. **No reading saves both.** The article's own code
# decides: it labels real images with ones and fakes with zeros, as the [digit GAN](digit_gan.ipynb) shows, so its $D$
# is the probability of "real". Then the formulas keep their direction, and each sentence says what the *other* player wants.
#
# (erratum-1)=
# :::{admonition} Erratum 1: the generator does not lower D's probability on its fakes
# :class: warning erratum
#
# **The article says** (§4)
#
# > 生成网络的训练目标是最小化判别网络对生成网络生成的图像的预测概率。
# >
# > *"The generator's training objective is to minimise the probability that the discriminator predicts for the images
# > that the generator makes."*
#
# **What is right.** The generator wants its images to be taken for real: it makes $D(G(z))$ as *large* as it can
# {cite:p}`goodfellow2014`. The formula after the sentence does ask for that, as it minimises $\log(1 - D(G(z)))$.
#
# **See it.** Above: the sentence drives a fake's $s$ down, the formula drives it up. Below: which of the two brings
# the generator to the real samples.
# :::

# %%
theta = -1.0
D = sigmoid(best(x))  # the best discriminator for this theta
slope_of_D = q @ (2 * D * (1 - D))  # of E D(G(z)) in theta; the score is 2 x
slope_of_log = q @ (-2 * D)  # of E log(1 - D(G(z)))
print(f"one step of the sentence: from {theta} to {theta - slope_of_D:.2f}")
print(f"one step of the formula:  from {theta} to {theta - slope_of_log:.2f}")
assert -slope_of_D < 0 < -slope_of_log

# %% [markdown]
# The real samples lie at 1. The sentence sends the generator away from them.
#
# Next, the discriminator's sentence. It has a second gap: real images do not occur in it. **What do you expect** of a
# judge that is told only to believe in fakes?


# %%
def train(pull, push, steps):
    """Train the score a x + b; pull and push say how hard D raises and lowers it."""
    a = b = 0.0
    for _ in range(steps):
        D = sigmoid(a * x + b)
        error = p * pull(D) - q * push(D)
        a, b = a + error @ x, b + error.sum()
    return a, a * x + b


# %%
rules = {
    "sentence": (lambda D: 0 * D, lambda D: -D * (1 - D)),  # max E D(fake)
    "correct": (lambda D: 1 - D, lambda D: D),  # max V
}
told = {name: train(*rule, steps=1000)[1] for name, rule in rules.items()}
for name, s in told.items():
    V = -p @ softplus(-s) - q @ softplus(s)
    D_real, D_fake = p @ sigmoid(s), q @ sigmoid(s)
    print(f"{name:8}  D on real {D_real:.2f}, on fakes {D_fake:.2f}, V = {V:.2f}")
assert q @ sigmoid(told["sentence"]) > p @ sigmoid(told["sentence"])

# %% [markdown]
# (erratum-2)=
# :::{admonition} Erratum 2: the discriminator does not raise the probability of generated images
# :class: warning erratum
#
# **The article says** (§4)
#
# > 判别网络的训练目标是最大化生成网络生成的图像的预测概率。
# >
# > *"The discriminator's training objective is to maximise the predicted probability of the images that the generator
# > makes."*
#
# **What is right.** High on real images *and* low on generated ones: it maximises
# $\mathbb{E} \log D(x) + \mathbb{E} \log (1 - D(G(z)))$ {cite:p}`goodfellow2014`. A sentence about fakes alone cannot
# be the objective, in whichever direction.
#
# **See it.** Above: the judge that follows the sentence calls everything real, and a fake even more so than a real
# sample. Its $V$ is -7.42, far below the -1.386 of one that always says one half.
# :::
#
# ### The direction is right. Is the formula?
#
# The discriminator's formula pushes each sample the right way. It is tempting to stop here: the signs agree, so it
# should train. Compare it with the correct one, both written as something to minimise:
#
# | | on a real sample | on a fake |
# |---|---|---|
# | article | $\log (1 - D)$ | $\log D$ |
# | correct | $-\log D$ | $-\log (1 - D)$ |
#
# Each pair slopes the same way. **What do you expect** of the article's, on the heaps where the correct one finds slope
# 2? Look at what a real sample contributes once $D$ is nearly sure of it.

# %%
rules["article"] = (lambda D: D, lambda D: 1 - D)  # min E log(1 - D) + E log D
print("steps    correct    article")
for steps in (10, 100, 1000):
    slopes = {name: train(*rules[name], steps)[0] for name in ("correct", "article")}
    print(f"{steps:5} {slopes['correct']:10.2f} {slopes['article']:10.2f}")
assert abs(slopes["correct"] - 2) < 0.01 and slopes["article"] > 1000

# %% mystnb={"image": {"alt": "The correct loss gives the soft curve of the exact share; the article's formula gives a cliff at 0, where every sample counts as surely real or surely fake."}}
plt.figure(figsize=(7, 2.6))
for name, line, width in (("correct", "-", 5), ("article", "--", 1.8)):
    D = sigmoid(train(*rules[name], steps=1000)[1])
    plt.plot(x, D, line, linewidth=width, label=name)
plt.xlim(-4, 4)
plt.xlabel("x")
plt.ylabel("probability of real")
plt.legend()
plt.show()

# %% [markdown]
# The slope does not settle: ten times the steps, about ten times the slope. The reason is at hand: for a real sample
# $\log(1 - D)$ goes to minus infinity as $D$ goes to 1. There is always something to gain by being surer, so there is
# no best $D$, and no share to be found.
#
# The pushes are also the wrong way round. The correct loss pushes a real sample by $1 - D$, hard where the judge is
# wrong. The article's pushes by $D$: hard where it is right already, and hardly at all where it is wrong.
#
# (erratum-3)=
# :::{admonition} Erratum 3: the discriminator's formula has no optimum
# :class: warning erratum
#
# **The article says** (§4)
#
# $$\min_{\phi} \mathbb{E}_{\mathbf{x} \sim p_{\text{data}}(\mathbf{x})} [\log (1 - D(\mathbf{x};\phi))] + \mathbb{E}_{\mathbf{z} \sim p_{\text{z}}(\mathbf{z})} [\log D(G(\mathbf{z};\theta);\phi)]$$
#
# **What is right.** $\max_{\phi} \mathbb{E} \log D(x) + \mathbb{E} \log (1 - D(G(z)))$ {cite:p}`goodfellow2014`. The
# article's formula pushes in the right direction, but it is unbounded below. To swap $D$ and $1 - D$ is not the same
# as to swap the sign.
#
# **See it.** Above: the correct loss finds the slope 2.00. With the article's it is 214.89 after 100 steps and 2164.85
# after 1000.
# :::
#
# :::{admonition} It looks wrong, and is not
# :class: tip
# The generator's formula says *min*, and yet it raises $D(G(z))$: what it lowers is $\log(1 - D(G(z)))$. It is the
# saturating loss of the [core concepts](#loss-explorer), and once the bracket is closed it is right. Whether it is
# *wise* is the next chapter's question.
# :::
#
# ## Summary
#
# - $V(D, G)$ adds the judge's mean marks on real samples and on fakes. $D$ raises it, $G$ lowers it.
# - For a fixed generator the best judge says the share of real samples, $D^* = p / (p + q)$.
# - Against it the generator lowers $-\log 4 + 2 \, \text{JSD}(p \,\|\, q)$: least, $-\log 4$, exactly where $q = p$.
# - The divergence is at most $\log 2$. Where real and generated samples do not overlap, $V(D^*, G)$ is flat and
#   teaches nothing.
# - In practice $D$ is a few steps old. The generator follows it, and swings.
# - The article's sentences swap the two players. Its formula for $G$ is right but for a bracket. Its formula for $D$
#   points the right way and has no optimum.
#
# Pushing the right way, then, is not enough: how hard a loss pushes, and where it stops, decides what is learned. The
# next chapter, [The loss family](loss_family.ipynb), compares losses by just that.
#
# ## Exercises
#
# **1. By hand.** One half of the real paintings are circles and one half squares. The generator makes one half squares and
# one half lines. Find $D^*$ for the three motifs, the divergence, and $V(D^*, G)$.
#
# :::{admonition} Solution
# :class: dropdown
# $D^* = (1, \frac{1}{2}, 0)$. The mixture is $(\frac{1}{4}, \frac{1}{2}, \frac{1}{4})$, so
# $\text{KL}(p \,\|\, m) = \frac{1}{2} \log 2 + \frac{1}{2} \log 1$. The other half is the same:
# $\text{JSD} = \frac{1}{2} \log 2$, which is half of the greatest possible, as half of the samples overlap. Then
# $V = -2 \log 2 + \log 2 = -\log 2$. The cell below checks it.
# :::

# %% tags=["hide-cell"]
circles, lines = np.array([1 / 2, 1 / 2, 0]), np.array([0, 1 / 2, 1 / 2])
assert np.isclose(jsd(circles, lines), np.log(2) / 2)
assert np.isclose(-np.log(4) + 2 * jsd(circles, lines), -np.log(2))
print("D* =", circles / (circles + lines))

# %% [markdown]
# **2. The opponent moves too.** When $\theta$ changes, $D^*$ changes with it. But the generator computes its
# gradient as if the discriminator stood still. At $\theta = -1$, does it get the wrong slope?
#
# :::{admonition} Solution
# :class: dropdown
# No. $D^*$ stands on the top of a hill (step 2), and near a top a small move of $D$ changes $V$ by next to nothing. So
# the part of the slope that comes through $D$ is 0. That is why fifty steps of $D$ made the generator roll down the
# valley. The cell below measures both slopes.
# :::


# %% tags=["hide-cell"]
def value_for_frozen_judge(theta):
    q = norm.pdf(x, theta, 1) * dx
    return -p @ softplus(-2 * x) - q @ softplus(2 * x)


frozen = (value_for_frozen_judge(-1 + h) - value_for_frozen_judge(-1 - h)) / (2 * h)
assert np.isclose(frozen, slope_at(-1))
print(f"slope with D frozen: {frozen:.4f}, with D following: {slope_at(-1):.4f}")

# %% [markdown]
# **3. A judge with a prejudice.** At some place 3 of 10 samples are real. There the article's formula for $D$ asks to
# minimise $0.3 \log (1 - y) + 0.7 \log y$. Where is its slope 0? What is found by a discriminator that starts with the
# logit 0, and by one that starts with 2?
#
# :::{admonition} Solution
# :class: dropdown
# The slope is 0 at $y = 0.7$, the share of *fakes*, and that is the top of the hill that $D$ should go down. From
# there it runs away on the side on which it stands. With the logit 0 it becomes ever surer of "fake", with 2 ever
# surer of "real", though most samples here are fakes. The correct loss finds the share, 0.30, from both.
# :::

# %% tags=["hide-cell"]
for start in (0.0, 2.0):
    ends = {}
    for name in ("correct", "article"):
        pull, push = rules[name]
        s = start
        for _ in range(300):
            s += 0.3 * pull(sigmoid(s)) - 0.7 * push(sigmoid(s))
        ends[name] = sigmoid(s)
    correct, article = ends["correct"], ends["article"]
    print(f"from logit {start}: correct {correct:.2f}, article {article:.2f}")
    assert np.isclose(correct, 0.3) and (article > 0.5) == (start == 2)

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

pushes = {name: rules[name][0](0.001) for name in ("article", "correct")}
Quiz(
    [
        Question(
            "Half of the real paintings show a circle, but only one in ten of the "
            "generated ones. You see a circle. What does the best discriminator say?",
            [0.5, 5 / 6, 5],
            answer=0.5 / (0.5 + 0.1),
            feedback="Of six circles five are real, one is generated: p / (p + q).",
        ),
        Question(
            "The generator has copied the real distribution exactly. What is V then, "
            "against the best discriminator?",
            [0, -np.log(2), -np.log(4)],
            answer=-np.log(4) + 2 * jsd(p, p),
            feedback="The divergence is 0, and −log 4 is left: log ½ for each half.",
        ),
        Question(
            "The discriminator says 0.001 about a real sample: it is badly wrong. How "
            "hard does the article's formula push, as a multiple of the correct one?",
            [1 / 999, 1, 999],
            answer=pushes["article"] / pushes["correct"],
            feedback="By D, not by 1 − D: it hardly pushes where D is wrong.",
        ),
    ]
)

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
# # Build your own controls
#
# *Beyond the article: the training loop of its §4 shows nothing until it ends.*
#
# You have moved many sliders in this course. Behind each of them stands a small program in the browser, which is why
# they answer even on a printed-looking page like this one. Now it is your turn, and you want it in Python: a form, a
# button that starts a training, a plot that grows, and a button that stops it all. How do you stop a program that is
# busy?
#
# After this page you will be able to
#
# - build a form from `ipywidgets`, link its controls, and react to a change;
# - run a training that can be watched, changed and stopped while it runs, in JupyterLab and in Colab;
# - explain why a loop in a button's callback freezes everything, and choose among four ways out;
# - show an error where the reader looks, also one from a background thread;
# - watch and stop a Keras `fit` with a callback.
#
# :::{note}
# The controls on this page compute in Python and need a kernel, unlike the course's other widgets: on the rendered
# page you can move them, but no Python answers. Open the page in Colab (the rocket button of a published copy) or in
# JupyterLab (`make lab`) to use them.
# :::

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 40 s and 0.9 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
import base64
import html
import io
import textwrap
import threading
import time

import anywidget
import ipywidgets as widgets
import matplotlib.pyplot as plt
import traitlets
from IPython.display import Image
from matplotlib.figure import Figure

from abstractgan import plots
from abstractgan.errors import UserError
from abstractgan.teaching import expect_error
from abstractgan.widgets import Experiment, PlanarGAN
from abstractgan.widgets.mathematics import GAMES

# %% [markdown]
# ## One control
#
# A control from `ipywidgets` has two halves. One is a Python object in the kernel; the other is drawn by the browser.
# They share a value, and keep it equal by sending messages. A learning rate lives on a logarithmic scale, and there
# is a slider for that:

# %%
rate = widgets.FloatLogSlider(
    0.002, base=10, min=-4, max=-1, step=0.05, readout=False, description="Rate"
)
rate

# %% [markdown]
# Move it, then run the next cell. It prints what the kernel knows. (A slider in a browser snaps to its own steps, so you
# may see a number near 0.002 even if you left it alone.)

# %%
print("rate:", rate.value)

# %% [markdown]
# The value can be set from Python too, and the slider moves. **What do you expect** if you ask for a rate of 5, where
# the slider ends at $10^{-1}$? An error?

# %%
rate.value = 5
print("rate:", rate.value)
rate.value = 0.002

# %% [markdown]
# No error: a slider pulls a wrong number to its end and says nothing. That is handy for a finger on a slider, and
# treacherous for a script. Check what you got.
#
# ## Two that move together
#
# A slider is quick, and coarse. A field takes exact numbers. Why not both? And there is a better reason: the slider
# of `ipywidgets` has no name that a screen reader could say, the field has one, its `description`. Since the slider
# rests on uneven numbers, the field rounds what it gets.

# %%
exact = widgets.BoundedFloatText(
    rate.value,
    min=0.0001,
    max=0.1,
    step=0.0005,
    description="Rate",
    tooltip="Learning rate",
)
rounded = [lambda value: float(f"{value:.3g}"), lambda value: value]
linked = widgets.link((rate, "value"), (exact, "value"), transform=rounded)
widgets.HBox([rate, exact])

# %%
exact.value = 0.01
print("slider:", rate.value)
rate.value = 0.005
print("field: ", exact.value)

# %% [markdown]
# `link` ties the two *Python* halves, so each move travels to the kernel and back. `jslink` ties the two halves in
# the *browser* and needs no kernel. So on the rendered page the pair below moves together, and the pair above does
# not.

# %%
smoothing = widgets.FloatSlider(
    max=0.4,
    step=0.05,
    readout=False,
    description="Smoothing",
)
share = widgets.BoundedFloatText(
    max=0.4, step=0.05, description="Smoothing", tooltip="Label smoothing"
)
tied = widgets.jslink((smoothing, "value"), (share, "value"))
widgets.HBox([smoothing, share])

# %% [markdown]
# **What do you expect?** We set the field from Python, and ask for the slider's value in the same breath.

# %%
share.value = 0.1
print("slider, in the kernel:", smoothing.value)
assert smoothing.value == 0
share.value = 0

# %% [markdown]
# The kernel's slider has not moved: nobody told it. With a browser, the message would come after the cell. Whatever
# Python must know at once, tie with `link`.
#
# ## Hear a change
#
# `observe` calls a function whenever a value changes. It gets the old and the new value.

# %%
heard = []


def listen(change):
    heard.append(f"{change['old']} -> {change['new']}")


rate.observe(listen, names="value")
rate.value = 0.01
rate.value = 0.01
rate.value = 0.002
rate.unobserve(listen, names="value")
print(heard)

# %% [markdown]
# Three times set, twice changed, twice called.
#
# ## A form
#
# A form is a column of controls. Ours holds what decides how a small {term}`GAN` trains: `PlanarGAN`, which learns
# points of the plane. The list of losses is not typed; it comes from the place that defines them.

# %%
loss = widgets.Dropdown(
    options=[(game.title, key) for key, game in GAMES.items()],
    value="non_saturating",
    description="Loss",
    tooltip="The game that the two networks play",
)
steps = widgets.BoundedIntText(
    600,
    min=50,
    max=5000,
    step=50,
    description="Steps",
    tooltip="Length of the training",
)
form = [loss, widgets.HBox([rate, exact]), widgets.HBox([smoothing, share]), steps]
widgets.VBox(form)

# %% [markdown]
# Not all combinations make sense. **What do you expect** of label smoothing with a Wasserstein loss, whose scores have
# no labels that one could smooth?

# %%
with expect_error(UserError, "not every loss has labels to smooth."):
    Experiment(loss="wasserstein", smoothing=0.1)

# %% [markdown]
# The form lets you choose it all the same. So the panel below must be able to show an error.
#
# ## A loop that lets go
#
# **What do you expect?** A button's callback trains for a minute. After a second you press *Stop*. What happens?
#
# Nothing, for fifty-nine seconds. Your click is a message, and as a rule the kernel answers the messages of controls
# one by one: yours waits until the callback returns. The plot waits too, in many places. A training that can be
# stopped must let go of the kernel, again and again.
#
# Python has functions that let go: generators. This one trains one step each time it is asked for the next pair of
# losses, and stands still in between.


# %%
def planar_training():
    gan = PlanarGAN(loss=loss.value, smoothing=smoothing.value)
    for _ in range(steps.value):
        gan.generator_optimizer.rate = gan.discriminator_optimizer.rate = exact.value
        yield gan.step()


# %% [markdown]
# It reads the rate at *every* step, so a slider that moves during the training acts at once. The loss it reads once.

# %%
training = planar_training()
for _ in range(3):
    d, g = next(training)
    print(f"discriminator {d:.3f}   generator {g:.3f}")
training.close()

# %% [markdown]
# Who asks for the next step? If the kernel asks, it is busy again. Let the *browser* ask: up to ten times a second it
# sends a short message, a heartbeat. Each beat is answered by a slice of training and a fresh plot; between two beats
# the kernel is free, and clicks and sliders get their turn. `ipywidgets` has a metronome, its Play control, but it
# brings its own buttons, and counts on whether or not the kernel has answered. So we build one. With `anywidget` that
# takes a dozen lines of JavaScript.


# %%
class Heartbeat(anywidget.AnyWidget):
    """While ``running``, sends a message 100 ms after the last one was answered."""

    running = traitlets.Bool(False).tag(sync=True)
    _esm = """
    function render({ model }) {
      let timer;
      const beat = () => model.get("running") && model.send("beat");
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(beat, 100);
      };
      model.on("change:running", wait);
      model.on("msg:custom", wait);
      wait();
      return () => {
        clearTimeout(timer);
        model.off("change:running", wait);
        model.off("msg:custom", wait);
      };
    }
    export default { render };
    """


# %% [markdown]
# It waits for the answer, so that a slow kernel is not buried in beats.
#
# ## The plot
#
# One figure is made, and at each beat its two lines get longer. It goes into an `HTML` control as an `img` with an
# alternative text, which `widgets.Image` can't carry.


# %%
class LossPlot(widgets.HTML):
    """The losses so far, and the same in words."""

    def __init__(self):
        super().__init__()
        with plt.rc_context(plots.STYLE):
            self.figure = Figure(figsize=(6.4, 2.6), dpi=80)
            self.axes = self.figure.add_axes((0.1, 0.22, 0.88, 0.74))
        self.axes.set(xlabel="step", ylabel="loss")
        (self.d_line,) = self.axes.plot([], [], color=plots.BLUE, label="D")
        (self.g_line,) = self.axes.plot([], [], "--", color=plots.ORANGE, label="G")
        self.axes.legend(loc="upper right")

    def draw(self, losses):
        numbers = range(1, len(losses) + 1)
        self.d_line.set_data(numbers, [d for d, _ in losses])
        self.g_line.set_data(numbers, [g for _, g in losses])
        self.axes.relim()
        self.axes.autoscale()
        source = base64.b64encode(self.picture()).decode()
        d, g = losses[-1]
        self.words = f"Step {len(losses)}: the loss of D is {d:.3f}, that of G {g:.3f}."
        self.value = f'<img alt="{self.words}" src="data:image/png;base64,{source}">'

    def picture(self):
        file = io.BytesIO()
        self.figure.savefig(file, format="png")
        return file.getvalue()


# %% [markdown]
# ## The panel
#
# Now put it together. Read it from the bottom: `tick` is what a beat does, and all else is about its two ends. The
# lock is there because recent versions of JupyterLab may answer controls in another thread than the one that runs
# your cells: whoever comes second waits.


# %%
class Panel(widgets.VBox):
    """A form, two buttons and a plot around a training.

    Args:
        controls: What stands in the form.
        training: Called at each start; returns a generator of pairs of losses, or
            None where there is no news yet.
        steps: The control that holds the number of steps.
    """

    def __init__(self, controls, training, steps):
        self.training, self.steps, self.run, self.losses = training, steps, None, []
        self.lock = threading.RLock()
        tall = {"height": "44px"}  # easy to hit with a finger
        self.start_button = widgets.Button(
            description="Start", tooltip="Start a new training", layout=tall
        )
        self.stop_button = widgets.Button(
            description="Stop", tooltip="Stop the training", layout=tall, disabled=True
        )
        self.progress = widgets.IntProgress(description="Progress")
        self.message, self.plot = widgets.HTML(), LossPlot()
        self.heartbeat = Heartbeat()
        self.start_button.on_click(self.start)
        self.stop_button.on_click(self.stop)
        self.heartbeat.on_msg(self.answer)
        buttons = widgets.HBox([self.start_button, self.stop_button])
        rest = [self.progress, self.message, self.plot, self.heartbeat]
        super().__init__([*controls, buttons, *rest])

    def start(self, *_):
        with self.lock:
            if self.run is None:  # one training at a time
                self.run, self.losses = self.training(), []
                self.progress.max = self.steps.value
                self.show("Training.", running=True)
                self.tick()

    def stop(self, *_):
        with self.lock:
            if self.run is not None:
                self.finish(f"Stopped at step {len(self.losses)}.")

    def finish(self, text):
        self.run.close()
        self.run = None
        self.show(text, running=False)

    def show(self, text, running):
        self.said = text
        self.message.value = f'<p role="status">{html.escape(text)}</p>'
        self.start_button.disabled = self.heartbeat.running = running
        self.stop_button.disabled = not running

    def answer(self, *_):
        self.tick()
        self.heartbeat.send("answered")

    def tick(self):
        """Train for up to 25 steps and draw; say so at the end, or if it fails."""
        with self.lock:
            if self.run is None:
                return
            try:
                for _ in range(25):
                    news = next(self.run)
                    if news is None:
                        break
                    self.losses.append(news)
            except StopIteration:
                self.finish(f"Finished at step {len(self.losses)}.")
            except UserError as error:
                self.finish(str(error))
            except Exception as error:
                self.finish(f"{type(error).__name__}: {error}")
            self.progress.value = len(self.losses)
            if self.losses:
                self.plot.draw(self.losses)


# %%
panel = Panel(form, planar_training, steps)
panel

# %% [markdown]
# **These controls need a kernel.** On the rendered page *Start* does nothing: open this chapter in Colab (the rocket
# button of a published copy) or in JupyterLab (`make lab`). There, press *Start*, and move the rate while it runs. Press
# *Stop*. Choose another loss and start again.
#
# ## The panel without hands
#
# What a button can do, a cell can do: the callback is a method. That is how you test a panel. We make a second one on
# the same form and show it nowhere: no browser, so no beats, and the cells ask for each slice themselves. First they
# put the form back to where it was.

# %%
loss.value, smoothing.value, rate.value, steps.value = "non_saturating", 0, 0.002, 600
panel = Panel(form, planar_training, steps)
panel.start()
for _ in range(3):
    panel.tick()
print(panel.plot.words)

# %% [markdown]
# **What do you expect?** The training is under way. We press *Start* a second time: will two trainings run?

# %%
run = panel.run
panel.start()
assert panel.run is run
print("steps so far:", len(panel.losses))

# %% [markdown]
# The button is grey while a training runs, but a grey button is a picture. The question in `start` is what counts.
#
# Next, *Stop*. It closes the generator, and the beat that may still be on its way finds nothing to do.

# %%
panel.stop()
panel.tick()
print(panel.said)
assert not panel.heartbeat.running

# %% [markdown]
# And the wrong combination from above?

# %%
loss.value, smoothing.value = "wasserstein", 0.1
panel.start()
print(textwrap.fill(panel.said, 60))
assert panel.run is None and not panel.start_button.disabled
loss.value, smoothing.value = "non_saturating", 0

# %% [markdown]
# One sentence, in the panel, and the form is ready for the next try. Without the last two `except` clauses the error
# would appear in a log that few readers know of, and the panel would just hang.
#
# ### A slider that acts at once
#
# **What do you expect** of the plot if the rate goes from 0.002 to 0.01 after 200 of the 600 steps? The two networks
# were calm by then.


# %%
def until_the_end():
    while panel.run is not None:
        panel.tick()


panel.start()
for _ in range(7):
    panel.tick()
assert len(panel.losses) == 200
rate.value = 0.01
until_the_end()
rate.value = 0.002
print(panel.said)
print(panel.plot.words)

# %% mystnb={"image": {"alt": "Both losses start far apart and calm down, and swing again as soon as the rate is raised at step 200: the slider acts while the training runs."}}
panel.plot.axes.axvline(200, color=plots.GREY, linestyle=":")
panel.plot.axes.set_ylim(0, 2.5)
Image(panel.plot.picture())

# %%
g = [g for _, g in panel.losses]
calm, lively = g[150:200], g[200:250]
print(f"50 steps before: G's loss goes from {min(calm):.2f} to {max(calm):.2f}")
print(f"50 steps after:  from {min(lively):.2f} to {max(lively):.2f}")
assert max(lively) - min(lively) > 2 * (max(calm) - min(calm))

# %% [markdown]
# ## Four ways, and when to take which
#
# | who asks for the next step | the kernel meanwhile | take it when |
# |---|---|---|
# | a loop in the callback | is busy: no click arrives | it takes a second |
# | an asyncio task that awaits `sleep(0)` | is free between steps | all your readers use JupyterLab |
# | a thread | is free | the loop is not yours to cut |
# | the browser, by a heartbeat | is free between beats | in all other cases |
#
# The heartbeat is not the usual advice; a thread is. But a thread, or a task, changes controls when no message from
# the browser is being answered, and front ends do not agree on what to do then. Colab
# [shows nothing](https://github.com/googlecolab/colabtools/issues/3373) until something else asks the kernel, and
# JupyterLab has [kept output back](https://github.com/jupyter-widgets/ipywidgets/issues/4012) until the next cell. A
# beat is a message like that of any slider, and so is its answer.
#
# It has its price. The training goes on only while the page is open, and slowly in a hidden tab. It takes at most 25
# steps a beat, and a beat has 100 ms of rest in it. And one *step* that takes seconds still blocks for seconds.
#
# ## Outlook: Keras has a loop of its own
#
# `fit` can't be cut into slices: its loop is not ours. So it gets a thread, and the panel stays as it is. One rule
# keeps the peace: **the thread never touches a control.** It puts its news into a queue; the beat takes them out.
#
# Inside the thread, a callback has the floor after each batch. It reports, and it hands on the wish to stop.

# %%
import queue
from concurrent.futures import ThreadPoolExecutor

import keras

from abstractgan.data.digits import load_digits
from abstractgan.data.pipeline import digit_dataset
from abstractgan.networks import digit_discriminator, digit_generator
from abstractgan.training.gan import GAN


# %%
class Reporter(keras.callbacks.Callback):
    """Puts both losses into a queue after each batch, and stops when told to."""

    def __init__(self):
        super().__init__()
        self.news, self.told_to_stop = queue.SimpleQueue(), threading.Event()

    def on_train_batch_end(self, batch, logs):
        self.news.put((logs["discriminator_loss"], logs["generator_loss"]))
        self.model.stop_training = self.told_to_stop.is_set()


# %% [markdown]
# And a generator makes of it what the panel knows. When the panel closes it, `finally` passes the wish on. Its last
# line fetches the result, and with it an error that `fit` may have met: raised here, it is shown in the panel. In a
# bare thread it would be lost.


# %%
batches = widgets.BoundedIntText(6, min=2, max=200, description="Batches")
digits, _ = load_digits()


def digit_training():
    gan = GAN(digit_generator(width=16), digit_discriminator(width=16))
    gan.compile()
    gan.build()
    data, reporter = digit_dataset(digits, 32, seed=0), Reporter()
    options = {"steps_per_epoch": batches.value, "shuffle": False, "verbose": 0}
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fit")
    fit = pool.submit(gan.fit, data, callbacks=[reporter], **options)
    try:
        while not (fit.done() and reporter.news.empty()):
            yield None if reporter.news.empty() else reporter.news.get()
    finally:
        reporter.told_to_stop.set()
        pool.shutdown(wait=False)
    fit.result()


# %% tags=["nbval-ignore-output"]
panel = Panel([batches], digit_training, batches)
assert panel.run is None
panel

# %% [markdown]
# **What do you expect?** Again we play the browser. The first batch takes long, since Keras compiles; will the panel
# wait for it?

# %% tags=["nbval-ignore-output"]
panel.start()
empty = 0
while panel.run and not panel.losses:
    empty += 1
    time.sleep(0.1)
    panel.tick()
print("beats without news:", empty)
assert empty > 1

# %%
until_the_end()
print(panel.said)
assert len(panel.losses) == 6

# %% [markdown]
# It did not wait: while Keras was busy, the beats found the queue empty and went home. Now *Stop*, in the midst of a
# training of 200 batches:

# %% tags=["nbval-ignore-output"]
batches.value = 200
panel.start()
while panel.run and len(panel.losses) < 3:
    panel.tick()
panel.stop()
print(panel.said)
while any(thread.name.startswith("fit") for thread in threading.enumerate()):
    time.sleep(0.1)
assert len(panel.losses) < 200

# %% [markdown]
# ## Summary
#
# - A control is a value with two halves. `link` ties values in the kernel, `jslink` in the browser; `observe` hears
#   changes. A wrong number is pulled to the end of the scale without a word.
# - As a rule, messages of controls are answered one by one. A training that can be watched and stopped lets go of the
#   kernel; a generator does that, and a heartbeat from the browser asks it to go on.
# - All that a button does, a method does. So a panel can be tested without a browser.
# - Errors are caught where the work is done and shown where the reader looks.
# - A loop that is not yours gets a thread. The thread never touches a control: its news come by a queue, its errors by
#   its result.
#
# ## Exercises
#
# **1. Hold on.** Give the first panel a *Pause* button: a `ToggleButton` that holds the training and lets it go on.
# Which attribute must it change? Does `tick` have to know? And what happens to a pressed *Pause* at *Stop*?
#
# :::{admonition} Solution
# :class: dropdown
# Only `heartbeat.running`. Without beats nobody asks for the next step, and the generator waits as long as you like.
# `tick` need not know. *Start* and *Stop* set the toggle back, or the next training would begin under a pressed *Pause*.
# :::


# %% tags=["hide-cell"]
panel = Panel(form, planar_training, steps)
pause = widgets.ToggleButton(description="Pause", tooltip="Hold the training")


def hold(change):
    panel.heartbeat.running = panel.run is not None and not change["new"]


def let_go(*_):
    pause.value = False


pause.observe(hold, names="value")
for button in (panel.start_button, panel.stop_button):
    button.on_click(let_go)
panel.children += (pause,)

panel.start_button.click()
for pressed in (True, False, True):
    pause.value = pressed
    print("pause" if pressed else "go on", "- beats:", panel.heartbeat.running)
panel.stop_button.click()
panel.start_button.click()
print("start again - beats:", panel.heartbeat.running, "- pressed:", pause.value)
assert panel.heartbeat.running and not pause.value
panel.stop_button.click()

# %% [markdown]
# **2. A training that breaks.** Write a training that yields ten pairs of losses and then divides by zero. What does
# the panel say, and what becomes of the ten pairs?
#
# :::{admonition} Solution
# :class: dropdown
# `tick` catches what `next` raises. The ten pairs were appended before, and stay in the plot; the sentence names the
# error, and *Start* is free again.
# :::


# %% tags=["hide-cell"]
def broken_training():
    for number in range(10):
        yield 1.0, number / 10
    1 / 0


panel = Panel([], broken_training, steps)
panel.start()
print(panel.said, "Pairs kept:", len(panel.losses))
assert panel.run is None and not panel.start_button.disabled

# %% [markdown]
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

told = widgets.FloatLogSlider(0.002, base=10, min=-4, max=-1)
told.value = 0.3

panel = Panel(form, planar_training, steps)
panel.start()
panel.stop()
before = len(panel.losses)
panel.tick()

Quiz(
    [
        Question(
            "A slider from 0.0001 to 0.1 is told 0.3. What is its value then?",
            choices=[0.002, 0.1, 0.3],
            answer=told.value,
            feedback="Controls pull a number that is out of range to the nearer end.",
        ),
        Question(
            "A training has 600 steps. How many slices of 25 steps does it need?",
            choices=[6, 24, 60],
            answer=steps.value / 25,
            feedback="One slice for each beat, and the kernel is free in between.",
        ),
        Question(
            "After Stop, one more beat arrives. How many steps does it train?",
            choices=[0, 1, 25],
            answer=len(panel.losses) - before,
            feedback="Stop closes the generator, and tick finds no run to go on with.",
        ),
    ]
)

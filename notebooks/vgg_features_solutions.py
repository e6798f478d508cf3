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
# # What VGG sees: solutions
#
# They belong to [the chapter on what VGG sees](vgg_features.ipynb). Below each exercise a cell says whether it is
# solved: *Not done yet*, *Not right yet* with a hint, or *Right*.
#
# When you have done them, you will be able to
#
# - compute a Gram matrix with nothing but NumPy;
# - work out how far a layer looks, for layers that you have never run;
# - take the frame that zero padding paints out of a style;
# - build two sets of maps that one style measure cannot tell apart, and the other can.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 10 s and 0.7 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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
from abstractgan.data.images import to_float
from abstractgan.data.paintings import paint
from abstractgan.features import channel_statistics, gram_matrix, vgg16
from abstractgan.teaching import check

import matplotlib.pyplot as plt
import numpy as np

# %%
vgg = vgg16(["relu3_1"])
painting = to_float(paint("orphism", seed=1, size=96))[None]
maps = vgg(painting).numpy()
print(maps.shape)

# %% [markdown]
# ## 1. A Gram matrix by hand
#
# Write the Gram matrix of one picture's maps with NumPy, without `gram_matrix`: for each pair of channels, the mean
# over all positions of their product.


# %%
def my_gram(maps):
    """Gram matrix (channels, channels) of maps (height, width, channels)."""
    # --- solution: raise NotImplementedError
    cards = maps.reshape(-1, maps.shape[-1])
    return cards.T @ cards / len(cards)
    # --- end


# %%
tiny = np.array([[[1.0, 0.0], [1.0, 2.0]], [[0.0, 2.0], [0.0, 0.0]]])
check(
    "the Gram matrix of a tiny picture",
    lambda: my_gram(tiny),
    [[0.5, 0.5], [0.5, 2.0]],
    "Four positions, two channels: make rows of the positions, then multiply, then divide by 4.",
)

# %%
check(
    "the Gram matrix of a painting",
    lambda: my_gram(maps[0]) / np.max(maps) ** 2,
    gram_matrix(maps)[0].numpy() / np.max(maps) ** 2,
    "It works for two channels; does it for 256?",
)

# %% [markdown] tags=["solution"]
# Positions become rows, so the sum over them is one matrix product. It is symmetric, and its diagonal holds mean squares.

# %% [markdown]
# ## 2. How far does it look?
#
# A layer's receptive field grows with each convolution and pooling before it. Write a function for a list of layers, where
# `"conv"` is a 3×3 convolution with stride 1 and `"pool"` a 2×2 pooling with stride 2.


# %%
def receptive_field(layers):
    """Width in pixels of the patch behind one number of the last layer."""
    # --- solution: raise NotImplementedError
    field, step = 1, 1
    for layer in layers:
        if layer == "conv":
            field += 2 * step
        else:
            field, step = field + step, 2 * step
    return field
    # --- end


# %%
block = ["conv", "conv", "pool"]
check(
    "relu3_1",
    lambda: receptive_field([*block, *block, "conv"]),
    24,
    "Keep two numbers: the field, and the pixels between neighbours of the current grid.",
)

# %%
to_block_5 = [*block, *block, *["conv", "conv", "conv", "pool"] * 2, "conv"]
check(
    "relu5_1, which no embedded layer reaches",
    lambda: receptive_field(to_block_5),
    132,
    "A pooling adds one step, and then doubles it; a convolution adds two steps.",
)

# %% [markdown] tags=["solution"]
# One number of `relu5_1` looks at a patch of 132 pixels: more than the whole of the pictures in the chapter.

# %% [markdown]
# ## 3. The painted frame
#
# VGG pads its maps with zeros, and some channels see that frame. First find the channel of `relu3_1` that sees it most: with
# the largest ratio of its mean along the frame to its mean inside, among channels whose mean over the whole map is above 10.

# %%
frame = np.ones(maps.shape[1:3], bool)
frame[2:-2, 2:-2] = False
# --- solution: frame_channel = ...
along, inside = maps[0][frame].mean(axis=0), maps[0][~frame].mean(axis=0)
ratio = np.where(maps[0].mean(axis=(0, 1)) > 10, along / (inside + 1e-6), 0)
frame_channel = int(ratio.argmax())
# --- end


# %%
def along_frame(maps, channel):
    """How many times stronger a channel is along the frame than inside."""
    return maps[0, frame, channel].mean() / (maps[0, ~frame, channel].mean() + 1e-6)


# %%
busy = [c for c in range(256) if maps[0, :, :, c].mean() > 10]
most = max(busy, key=lambda c: along_frame(maps, c))
check(
    "the channel that sees the frame",
    frame_channel,
    lambda channel: channel == most,
    "maps[0][frame] has a row for each position of the frame and a column for each channel.",
)

# %% [markdown]
# Now take the frame out. Give VGG a picture that goes on beyond its edge, mirrored, and cut the maps back to the size that they
# had. (`np.pad` has a mode for that. One step of `relu3_1` is 4 pixels.)


# %%
def maps_without_frame(picture):
    """Maps of relu3_1 (1, height / 4, width / 4, 256) that no padding has touched."""
    # --- solution: raise NotImplementedError
    around = [(0, 0), (16, 16), (16, 16), (0, 0)]
    wide = vgg(np.pad(picture, around, mode="reflect")).numpy()
    return wide[:, 4:-4, 4:-4]
    # --- end


# %%
check(
    "maps without a frame",
    lambda: maps_without_frame(painting),
    lambda clean: (
        clean.shape == maps.shape
        and along_frame(clean, most) < 3
        and np.allclose(clean[:, 4:-4, 4:-4], maps[:, 4:-4, 4:-4], rtol=1e-3, atol=0.1)
    ),
    "Pad by at least 12 pixels, a multiple of 4, and cut a fourth of that from each side of the maps.",
)

# %% tags=["solution"] mystnb={"image": {"alt": "A channel that is bright all around the picture's edge and dark inside turns dark at the edge, too, once the picture goes on beyond it in a mirror."}}
clean = maps_without_frame(painting)
figure, axes = plt.subplots(1, 2, figsize=(5, 2.6), layout="constrained")
for axis, (title, values) in zip(axes, {"zeros": maps, "mirror": clean}.items(), strict=True):
    axis.imshow(
        values[0, ..., frame_channel], cmap="magma", vmin=0, vmax=maps[..., frame_channel].max()
    )
    axis.set(title=f"beyond the edge: {title}", xticks=[], yticks=[])
plt.show()

# %% [markdown] tags=["solution"]
# Inside nothing changes; at the edge the frame is gone. A decoder that is trained with zero padding learns dark borders in the
# same way.

# %% [markdown]
# ## 4. Alike to one, different to the other
#
# Change the painting's maps so that mean and standard deviation of every channel stay exactly what they are, while its Gram
# matrix moves by more than a tenth of its size. Not by noise: by moving numbers that are already there.


# %%
def torn_apart(maps):
    """Maps of the same shape with the same channel statistics and another Gram matrix."""
    # --- solution: raise NotImplementedError
    shifts = np.random.default_rng(0).integers(maps.shape[1], size=maps.shape[-1])
    moved = [np.roll(maps[..., c], shift, axis=1) for c, shift in enumerate(shifts)]
    return np.stack(moved, axis=-1)
    # --- end


def relative(new, old):
    return float(np.linalg.norm(np.subtract(new, old)) / np.linalg.norm(old))


# %%
check(
    "torn apart",
    lambda: torn_apart(maps),
    lambda torn: (
        relative(np.hstack(channel_statistics(torn)), np.hstack(channel_statistics(maps))) < 1e-3
        and relative(gram_matrix(torn), gram_matrix(maps)) > 0.1
    ),
    "A mean does not notice when one channel is moved, and a product of two channels does.",
)

# %% [markdown] tags=["solution"]
# Each channel is moved down as a whole, by a step of its own. Every channel still shows the same picture, and what
# used to coincide no longer does. Huang and Belongie's statistics {cite:p}`huang2017` call this the same style.

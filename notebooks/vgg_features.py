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
# # What VGG sees
#
# *The article's §3, 核心算法原理具体操作步骤: the network that both extractions use.*
#
# "Usually a convolutional network (such as VGG) is used", the article says, and goes on. What does such a network see
# in a picture? Which of it is style, which content, and would any network do?
#
# After this page you will be able to
#
# - say what a feature map holds at each depth, and how far it looks;
# - turn features back into a picture, and see what a layer keeps and what it loses;
# - measure style in two ways, and say what each of them throws away;
# - tell what VGG owes to its training and what to its architecture, with a number.

# %% [markdown] tags=["budget"]
# *Time and memory: Run all takes about 40 s and 2.3 GB of memory (measured on 2 CPU cores without a GPU, Linux x86_64, Python 3.11, TensorFlow 2.21).*

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

# %% [markdown]
# ## Deeper means wider and coarser
#
# Our VGG16 {cite:p}`simonyan2014` is embedded in the package, up to its eighth convolution. We look at the first
# layer of each block. (`relu3_1` is the map after the first convolution of block 3, `block3_conv1` in Keras.)

# %%
from abstractgan import plots
from abstractgan.by_optimisation import Painter, TransferLosses, starting_picture
from abstractgan.data.images import to_float
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import PHOTOGRAPHS, photograph
from abstractgan.features import channel_statistics, gram_matrix, vgg16
from abstractgan.losses import content_loss, total_variation
from abstractgan.widgets import GramExplorer

# %%
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import ops
from scipy.spatial.distance import cdist

plt.style.use(plots.STYLE)

# %%
LAYERS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1"]
vgg = vgg16(LAYERS)


# %%
def load(picture, size=128):
    batch, square = to_float(picture)[None], (size, size)
    return ops.image.resize(batch, square, crop_to_aspect_ratio=True, antialias=True)


cat = load(photograph("chelsea"))
painting = load(paint("orphism", seed=1))
cat_maps, painting_maps = vgg(cat), vgg(painting)

# %% [markdown]
# One number in a map depends on a patch of the picture, its {term}`receptive field`. A 3×3 convolution widens it by two
# steps of its grid. A pooling widens it by one, and then the steps double.
#
# **What do you expect?** How many pixels wide is the patch behind one number of `relu4_1`? And how many numbers does
# each layer need to describe our cat, compared with its pixels?

# %%
field, step, fields = 1, 1, {}
for layer in vgg.layers:
    if layer.name.endswith("pool"):
        field, step = field + step, 2 * step
    elif "conv" in layer.name:
        field = field + 2 * step
        fields[layer.name] = field

print(f"pixels: {np.size(cat)} numbers")
for name, maps in zip(LAYERS, cat_maps, strict=True):
    width = fields[name.replace("relu", "block").replace("_", "_conv")]
    print(f"{name}: {tuple(maps.shape[1:])}, {np.size(maps)} numbers, patch of {width} pixels")

# %% [markdown]
# From layer to layer fewer places, more channels, larger patches. Arithmetic is one thing. Does it hold? We ask the
# network itself: which pixels can move one place in the middle of `relu4_1` at all?

# %% tags=["nbval-ignore-output"]
with tf.GradientTape() as tape:
    pixels = tf.Variable(cat)
    place = ops.sum(vgg(pixels)[-1][:, 8, 8])
rows, columns = np.nonzero(np.abs(tape.gradient(place, pixels)[0]).sum(-1))
print(f"{np.ptp(rows) + 1} x {np.ptp(columns) + 1} pixels")
assert 50 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= width

# %% [markdown]
# ## What does a channel wait for?
#
# A channel answers to some patterns more than to others. To find out which it likes best, we show it many pictures, eight
# photographs and a painting of each movement, and keep the patches that it answers to most strongly.
#
# **What do you expect** of a channel in `relu2_1`, where patches are 10 pixels wide? And in `relu4_1`?

# %%
library = [photograph(name) for name in PHOTOGRAPHS]
library += [paint(name, seed=0, size=192) for name in MOVEMENTS]
pictures = ops.concatenate([load(picture) for picture in library])
library_maps = vgg.predict(pictures, batch_size=4, verbose=0)
print(pictures.shape)


# %%
def favourite_patches(layer, channel, count=6):
    """What lies behind the strongest answers: one patch a picture, strongest first."""
    maps = library_maps[LAYERS.index(layer)][..., channel]
    flat = maps.reshape(len(maps), -1)
    side, field = maps.shape[1], FIELDS[layer]
    frame = [(0, 0), (field // 2, field // 2), (field // 2, field // 2), (0, 0)]
    framed = np.pad(pictures, frame, constant_values=1)
    patches = []
    for picture in np.argsort(-flat.max(axis=1))[:count]:
        y, x = (int((at + 0.5) * 128 / side) for at in divmod(flat[picture].argmax(), side))
        patch = framed[None, picture, y : y + field, x : x + field]
        patches.append(ops.image.resize(patch, (60, 60), interpolation="nearest")[0])
    return patches


# %% mystnb={"image": {"alt": "Two channels of relu2_1 answer to plain edges, such as red beside another colour; two of relu3_1 to arcs and small dark-and-light figures; one of relu4_1 to a ring around a dark middle, be it a cat's eye, a cup, or the centre of a painted disc, and one to large curved outlines."}}
FIELDS = dict(zip(LAYERS, (3, 10, 24, 60), strict=True))
channels = {"relu2_1": (32, 76), "relu3_1": (210, 102), "relu4_1": (375, 117)}
rows = [(layer, channel) for layer, both in channels.items() for channel in both]
patches = np.stack([patch for row in rows for patch in favourite_patches(*row)])
names = [f"{layer}, {channel}" for layer, channel in rows]
plots.show(plots.image_grid(patches, columns=6, rows=names, size=0.75), photographs=True)

# %% [markdown]
# Each row is a channel; white lies beyond a picture's edge. Block 2 knows edges and colours, block 3 arcs and small
# figures. Channel 375 of `relu4_1` answers to a ring around a dark
# middle, and does not care whether that is the eye of a cat or the centre of a painted disc. This is why a network
# that has learned to name things in photographs is of use for paintings at all.
#
# ## Content, at several layers
#
# Content is compared position by position: `content_loss` is the mean squared difference of two maps, divided by the mean
# square of the reference. What counts as a small change depends on the layer, so we measure everything against one
# yardstick: the distance from our cat to another photograph.
#
# **What do you expect?** We turn the cat's brightness upside down, as in a photographic negative. We take its colours away.
# We shift it by 2 pixels, and by 8: what leaves on one side comes back on the other. For which is each of these changes
# large: for pixels, or for `relu4_1`?

# %%
pixels = np.array(cat)
changed = {
    "negative": -pixels,
    "grey": np.repeat(pixels.mean(axis=-1, keepdims=True), 3, axis=-1),
    "shifted by 2": np.roll(pixels, (2, 2), axis=(1, 2)),
    "shifted by 8": np.roll(pixels, (8, 8), axis=(1, 2)),
}
astronaut = load(photograph("astronaut"))


# %% mystnb={"image": {"alt": "A cat's face; as a negative, dark blue with light eyes; in grey; shifted by two pixels, which hardly shows; shifted by eight, with strips of its right and lower sides at the opposite edges; and the portrait of an astronaut."}}
def show(pictures, columns=3, size=1.92):
    stack = np.concatenate(list(pictures.values()))
    grid = plots.image_grid(stack, columns, list(pictures), size=size)
    plots.show(grid, photographs=True)


show({"the cat": cat, **changed, "an astronaut": astronaut}, size=1.28)


# %%
def contents(picture, network=vgg):
    """How far from the cat, in pixels and in each layer; the astronaut is at 1."""
    views = [[x, *network(x)] for x in (picture, cat, astronaut)]
    return [
        float(content_loss(one, cat_view) / content_loss(other, cat_view))
        for one, cat_view, other in zip(*views, strict=True)
    ]


# %% tags=["nbval-ignore-output"]
print(" " * 12, "pixels", *LAYERS)
table = {name: contents(picture) for name, picture in changed.items()}
for name, values in table.items():
    print(f"{name:12}", *(f"{value:7.2f}" for value in values))

assert table["negative"][0] > 1 and table["negative"][-1] < 0.3
assert table["grey"][-1] < table["grey"][0]
assert table["shifted by 8"][-1] > 2 * table["shifted by 2"][-1]

# %% [markdown]
# To its pixels, the negative is farther from the cat than an astronaut is. To `relu4_1` it is still mostly the cat. A
# deep layer asks less than pixels do *how* something is drawn. But *where* it is matters in every layer: shift the
# cat by 8 pixels, and no layer takes it for the same picture. That is what makes these maps a measure of content.
#
# ## Back into a picture
#
# A table tells little about what is *in* the maps. So throw the picture away, keep one layer's maps, and look for a
# picture that gives the same maps: {term}`feature inversion` {cite:p}`mahendran2015`. It is done without any
# network that has learned to draw. Start from noise, and let the pixels learn. `Painter` does that; how,
# [painting by optimisation](gatys.ipynb) tells.
#
# $$\min_x \; \frac{\lVert f(x) - f(x_c) \rVert^2}{\lVert f(x_c) \rVert^2} + \lambda \, \operatorname{TV}(x)$$
#
# The second term asks neighbours to be alike, a little: without it, every layer after a pooling leaves a fine speckle that
# it cannot see.


# %%
def invert(network, picture):
    """A picture with the same maps, found from noise."""
    target = network(picture)

    def losses(x):
        return {"features": content_loss(network(x), target), "variation": total_variation(x)}

    weights = {"features": 1.0, "variation": 0.02}
    noise = starting_picture("noise", picture, seed=0)
    return Painter(losses).paint(noise, weights, evaluations=50, method="l-bfgs")


# %% [markdown]
# **What do you expect?** We invert each of the four layers, on a smaller picture, 96 pixels wide. Which one is the first
# in which you see a loss? What happens to the colours, which `relu4_1` cared so little about?


# %% tags=["nbval-ignore-output"]
def difference(picture, other):
    return float(np.sqrt(np.mean((picture - other) ** 2)))


small_cat = np.array(load(photograph("chelsea"), size=96))
inverted, errors = {}, {}
for layer in LAYERS:
    found = invert(vgg16([layer]), small_cat)
    inverted[layer] = found.picture
    errors[layer] = difference(found.picture, small_cat)
    print(f"{layer}: features {found.losses['features']:.4f}, pixels off by {errors[layer]:.2f}")

assert sorted(errors, key=errors.get) == LAYERS
assert errors["relu1_1"] < 0.05 < 0.2 < errors["relu4_1"]

# %% mystnb={"image": {"alt": "From relu1_1 and relu2_1 the cat comes back as it was; from relu3_1 it is a little grainy; from relu4_1 eyes, nose and stripes are still where they were, but the fur has turned from orange to a pale grey and is full of speckle."}}
show({"the cat": small_cat, **inverted})

# %% [markdown]
# No layer up to here has thrown the cat away. `relu1_1` keeps everything. In `relu4_1` eyes, nose and stripes are
# where they were, while the orange has paled and the grain of the noise, from which we started, has stayed: the layer does
# not mind. It is a good place to keep content: it holds on to what is where, and leaves *how it looks* free to be changed.
#
# ## Two ways to forget where
#
# For style we forget the positions. There are two ways in use, and we have met both in
# [the four steps](four_steps.ipynb):
#
# - the mean and the standard deviation of each {term}`channel` {cite:p}`huang2017`: for `relu3_1`, 512 numbers;
# - the {term}`Gram matrix`, the mean product of each pair of channels {cite:p}`gatys2015`: 65 536 numbers.
#
# What does each of them throw away? We shuffle the maps of our painting, twice. *Together*: every position is
# moved as a whole, with all its channels. *Each alone*: every channel is shuffled by itself.
#
# **What do you expect?** Which of the two measures notices which of the two shuffles?


# %%
def change(measure, maps, reference):
    """How far a measure has moved, as a share of its size."""
    new, old = (np.ravel(measure(ops.reshape(m, (1, 32, 32, 256)))) for m in (maps, reference))
    return np.linalg.norm(new - old) / np.linalg.norm(old)


# %%
maps = painting_maps[2].numpy().reshape(-1, 256)
rng = np.random.default_rng(0)
shuffles = {"together": rng.permutation(maps), "each alone": rng.permuted(maps, axis=0)}
measures = {"maps": np.asarray, "statistics": channel_statistics, "Gram": gram_matrix}
print(f"numbers: {2 * 256} and {256 * 256}")
for name, shuffled in shuffles.items():
    values = {key: change(measure, shuffled, maps) for key, measure in measures.items()}
    print(f"{name:10}", *(f"{key} {value:.2f}" for key, value in values.items()))

# %% [markdown]
# Both throw *position* away, without a rest. The statistics throw away *co-occurrence* as well: that red patches
# and arcs come in the same places is nothing to them. The Gram matrix sees that the channels have been torn apart.
#
# (Even the Gram matrix knows pairs only. Which three channels occur together it cannot say.)
#
# What is left, then? Invert it! We start from noise once more, and ask for the style measures of all four layers.
#
# **What do you expect?** Will there be rings?

# %%
small = load(paint("orphism", seed=1), size=96)
kinds = ("statistics", "gram")
rulers = {kind: TransferLosses(vgg, small, small, style_loss=kind) for kind in kinds}
noise = starting_picture("noise", small, seed=0)

# %% tags=["nbval-ignore-output"]
textures = {}
for kind, ruler in rulers.items():
    found = Painter(ruler).paint(noise, {"style": 1.0}, evaluations=50, method="l-bfgs")
    textures[kind] = found.picture

for name, picture in {"noise": noise, **textures}.items():
    styles = [float(rulers[kind](picture)["style"]) for kind in kinds]
    content = float(rulers["gram"](picture)["content"])
    print(f"{name:10} statistics {styles[0]:.3f}, Gram {styles[1]:.3f}, content {content:.1f}")
    if name != "noise":
        assert max(styles) < 0.2 and content > 0.8

# %% mystnb={"image": {"alt": "Both textures have the painting's colours, its strokes, its swirls and scraps of its rings, all in other places than in the painting, and at first sight the one of statistics and the one of Gram matrices can hardly be told apart."}}
show(
    {
        "the painting": small,
        "from statistics": textures["statistics"],
        "from Gram matrices": textures["gram"],
    }
)

# %% [markdown]
# The palette is there, the strokes are there, even scraps of rings, since a patch of `relu4_1` is large enough for one. But
# nothing is where it was. To these measures, each of the two *is* the painting. And they look much alike: of this
# painting, the few numbers of the statistics hold nearly as much as the many of the Gram matrices. {term}`AdaIN` gets by
# with them.
#
# (erratum-9-measured)=
# :::{admonition} Erratum 9, measured
# :class: warning erratum
#
# **The article says** (§3) of style, and in the same words of content, only this:
#
# > 通常使用卷积神经网络（如VGG）来提取风格特征。
# >
# > *"Usually a convolutional network (such as VGG) is used to extract style features."*
#
# **What is right.** Name the layers, and name the measure. Content: the maps of one deep layer, `relu4_1` say, position by
# position. Style: statistics over all positions of several layers. One network gives both, and they are opposites: what one
# keeps the other throws away.
#
# **See it.** Above: the textures agree with the painting in style, and in content they are as far from it as if they
# showed something else (a content loss of 1 is that of an empty map). [Erratum 9](#erratum-9) has the definition.
# :::
#
# ## Explore it
#
# The explorer carries a painting, its four layers, and six channels of each. Move the frame: the matrix of the
# region is compared with that of the whole picture, which has 1 on its diagonal.
#
# **What do you expect?** How small may a region be and still have the style of the whole painting? Try it with the
# large and with the small layers. Then look for a channel that is busy along the frame of the picture, and nowhere
# else.

# %%
explorer = GramExplorer(small, dict(zip(LAYERS, vgg(small), strict=True)), layer="relu3_1")
explorer

# %% [markdown]
# Some channels hardly notice: their matrix is nearly the same in any region. Others have all their answers in one place,
# and a region without it has another style.
#
# And channel 2 of `relu3_1`? It sees the {term}`zero padding` around the picture. Beyond the edge every map is 0, for all
# channels at once, and to VGG that is a frame which no painter painted. The Gram matrix counts it as style:

# %%
frame = np.ones((24, 24), bool)
frame[2:-2, 2:-2] = False
channel = vgg(small)[2][0, :, :, 2].numpy()
times = channel[frame].mean() / channel[~frame].mean()
print(f"more than ten times as strong along the frame: {times > 10}")

# %% [markdown]
# The exercises take this frame out, and the style GAN's encoder never sees it: it is a `vgg16` that was made with the option
# `mirrored`, where a mirror image lies beyond the edge in place of zeros.
#
# ## What a style cannot mend
#
# Now we know what the measures forget, we can judge a promise of the article.
#
# (erratum-34)=
# :::{admonition} Erratum 34: a style does not restore
# :class: warning erratum
#
# **The article says** (§5)
#
# > 图像修复：可以使用抽象艺术风格迁移技术来修复损坏的图像。例如，可以将一幅未损坏的图像的风格应用到损坏的图像中，从而生成具有新的风格的修复图像。
# >
# > *"Image restoration: abstract-art style transfer can be used to restore damaged images. For example, the style of an
# > undamaged image can be applied to the damaged one, which gives a restored image with a new style."*
#
# **What is right.** The style of another picture says which patterns occur *there*, and nothing of what belongs into this hole. Restoring
# needs a loss on what is known around the hole, and a judge of what looks real: reconstruction under a mask, with an
# adversarial loss.
#
# **See it.** Below: an eye is cut out, and the style of another portrait brings back none, but shreds worse than grey.
# :::
#
# We cut an eye out of the cat. Then only the pixels of the hole learn, until the style of the whole picture is that of an
# undamaged one. Which one? The article means another picture; we take the portrait of the astronaut, who has eyes, too. And we
# try what nobody has who needs a restorer: the statistics of the undamaged cat itself.
#
# **What do you expect?** Does the eye come back, from the one or from the other?

# %%
portrait = np.array(load(photograph("astronaut"), size=96))
hole = np.zeros((1, 96, 96, 1), bool)
hole[:, 26:50, 19:43] = True
damaged = np.where(hole, 0.0, small_cat).astype("float32")


# %%
def fill(undamaged):
    """Let the hole learn until the whole has the style of another picture."""
    style = TransferLosses(vgg, small_cat, undamaged)
    painter = Painter(lambda x: style(ops.where(hole, x, damaged)))
    found = painter.paint(damaged, {"style": 1.0}, evaluations=50, method="l-bfgs")
    return np.where(hole, found.picture, small_cat)


# %% tags=["nbval-ignore-output"]
def error_in_hole(picture):
    return difference(picture[:, 26:50, 19:43], small_cat[:, 26:50, 19:43])


fillings = {
    "damaged": damaged,
    "style of the portrait": fill(portrait),
    "its own style": fill(small_cat),
}
for name, picture in fillings.items():
    print(f"{name:21} off by {error_in_hole(picture):.2f}")
grey, other, own = map(error_in_hole, fillings.values())
assert own < grey < other

# %% mystnb={"image": {"alt": "With the style of the astronaut's portrait the hole in place of an eye fills with hard shreds of black, white, red and blue; with the cat's own style, measured on the eye that is missing, something much like an eye comes back."}}
show({"undamaged": small_cat, **fillings}, columns=2)

# %% [markdown]
# With the style of the portrait the hole fills with hard shreds of black, white, red and blue, farther from the lost eye than plain
# grey. With the cat's own style something much like the eye comes back: four Gram matrices are far more numbers than
# the pixels of a small hole. But that style was measured on the very eye that is missing. Who has it needs no restorer.
#
# ## Does it have to be trained?
#
# Would a network with random weights do? It has the same convolutions and poolings, and has seen nothing. We fill VGG
# with random numbers of a suitable size.


# %%
def with_random_weights(network, seed=0):
    """Replace the weights of a network, which is returned (He et al. 2015: normal, no bias)."""
    rng = np.random.default_rng(seed)
    for layer in network.layers:
        if layer.weights:
            kernel, bias = layer.get_weights()
            scale = np.sqrt(2 / kernel[..., 0].size)
            layer.set_weights([rng.normal(0, scale, kernel.shape), 0 * bias])
    return network


# %%
random_vgg = with_random_weights(vgg16(LAYERS))

# %% [markdown]
# First, content. **What do you expect** of random `relu3_1`, inverted with the same recipe? And of the negative, which a
# trained `relu4_1` takes for nearly the same cat?

# %% tags=["nbval-ignore-output"]
found = invert(with_random_weights(vgg16(["relu3_1"])), small_cat)
random_error = difference(found.picture, small_cat)
random_negative = contents(changed["negative"], random_vgg)[-1]
print(f"inverted relu3_1 off by: trained {errors['relu3_1']:.2f}, random {random_error:.2f}")
print(f"negative: trained {table['negative'][-1]:.2f}, random {random_negative:.2f}")
assert random_error > errors["relu3_1"]
assert random_negative < 0.4

# %% mystnb={"image": {"alt": "With the same recipe the trained features give the cat back and the random ones only its outline: dark eyes and nose in a grey haze of speckle."}}
trained = inverted["relu3_1"]
show({"the cat": small_cat, "trained relu3_1": trained, "random relu3_1": found.picture})

# %% [markdown]
# Two answers, and both are to be taken with care. The random layer gives back a shadow, but that is what 50 evaluations
# find, not all that is in there: others have had good pictures out of random weights {cite:p}`he2016random`. And the negative
# is near to a network that has never seen a cat. So part of what we admired above is due to convolution and pooling, and not to
# training. We need a better question.
#
# Then, style. A good measure of style puts paintings of one movement next to each other. We draw four paintings of each of the
# fourteen movements, and ask of each one whether its nearest neighbour among the other 55, by the Gram matrix of one layer, is
# of the same movement. Guessing would be right in 3 of 55 cases.
#
# **What do you expect?** How does the share of right answers change with depth, for trained and for random weights?

# %%
movements = np.repeat(list(MOVEMENTS), 4)
gallery = ops.concatenate([load(paint(m, seed, 96), 96) for m in MOVEMENTS for seed in range(4)])


def right_neighbours(values):
    """Share of the paintings whose nearest neighbour is of the same movement."""
    values = np.reshape(values, (len(movements), -1))
    distances = cdist(values, values)
    np.fill_diagonal(distances, np.inf)
    return np.mean(movements[distances.argmin(axis=1)] == movements)


print(gallery.shape, len(movements) - 1)

# %% tags=["nbval-ignore-output"]
colours = right_neighbours(np.hstack(channel_statistics(gallery)))
random_again = with_random_weights(vgg16(LAYERS), seed=1)
networks = {"trained": vgg, "random": random_vgg, "random again": random_again}
shares = {}
for name, network in networks.items():
    answers = network.predict(gallery, batch_size=8, verbose=0)
    shares[name] = [right_neighbours(gram_matrix(maps)) for maps in answers]
    print(f"{name:12}", *(f"{share:.2f}" for share in shares[name]))
print(f"mean and deviation of the colours: {colours:.2f}")

assert shares["trained"][3] > shares["trained"][0] + 0.1
assert all(shares[name][3] < shares[name][0] for name in ("random", "random again"))
assert shares["trained"][3] > 1.5 * max(shares["random"][3], shares["random again"][3])

# %% mystnb={"image": {"alt": "With depth the trained network's Gram matrices find the movement more and more often, in four cases of five at relu4_1, while those of random networks start equally well and sink below what mere colours achieve."}}
figure, axis = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
for (name, values), dash in zip(shares.items(), ["o-", "s--", "^:"], strict=True):
    axis.plot(LAYERS, values, dash, label=name)
axis.axhline(colours, color=plots.GREY, linestyle="-.", label="colours alone")
axis.set(ylim=(0, 1), ylabel="share with the right neighbour")
axis.legend(ncols=2, loc="lower left")
plt.show()

# %% [markdown]
# There it is. In the first layer random filters are nearly as good as learned ones. From there on the two part: trained,
# each layer tells the movements apart better than the one before; random, each tells them apart worse, and the deepest does
# worse than the colours alone. What has been *learned* is what belongs together.
#
# (Our movements are fourteen programs. A museum is harder.)
#
# ## Summary
#
# - Deeper layers of VGG look at larger patches, on a coarser grid, through more channels: edges, then arcs, then parts
#   of things.
# - Content is in the maps. Inverted, `relu1_1` gives the picture back, and `relu4_1` what is where, with colours and texture
#   left free.
# - Style is in statistics over all positions. Means and deviations forget where and what occurs together; Gram matrices forget
#   where.
# - The style of one picture cannot restore another.
# - With random weights, deeper layers know less of style than shallow ones; with trained weights they know more.
#
# Try it yourself: [exercises](vgg_features_exercises.ipynb). Then the two losses will paint a picture together.
#
# ## Check yourself

# %% tags=["hide-input"]
from abstractgan.widgets import Question, Quiz

together = shuffles["together"]
moved = {name: change(measure, together, maps) > 0.01 for name, measure in measures.items()}
Quiz(
    [
        Question(
            "How many pixels wide is the patch behind one number of relu3_1?",
            choices=[10, 24, 60],
            answer=fields["block3_conv1"],
            feedback="Block 2 ends at a field of 14, pooling makes it 16, and two steps of 4 are added.",
        ),
        Question(
            "All positions of a map are shuffled, channels together. What changes?",
            choices=["the Gram matrix", "the maps", "the Gram matrix and the maps"],
            answer=" and ".join(
                f"the {n}".replace("Gram", "Gram matrix") for n in ("Gram", "maps") if moved[n]
            ),
            feedback="A mean over all positions does not ask for their order; a comparison of maps does.",
        ),
        Question(
            "Whose Gram matrices of relu4_1 tell movements apart better?",
            choices=["trained weights", "random weights"],
            answer="trained weights"
            if shares["trained"][3] > shares["random"][3]
            else "random weights",
            feedback="With depth the trained network improves and a random one gets worse.",
        ),
    ]
)

"""Profiles: the sizes of a run, as data. The code path is the same for all of them.

The numbers stand in ``profiles.toml`` beside this module.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from abstractgan.errors import check_choice

_Profile = TypeVar("_Profile")

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _read(training: str, kind: Callable[..., _Profile]) -> dict[str, _Profile]:
    """The profiles of a training, by name."""
    return {name: kind(name=name, **sizes) for name, sizes in _TABLES[training].items()}


@dataclass(frozen=True)
class GANProfile:
    """Sizes and settings of every run of a ``training.gan.GAN``.

    Attributes:
        name: The key in the training's profiles.
        epochs: Passes over the pictures.
        batch_size: Pictures a step.
        latent_dim: Length of the latent vector.
        generator_width: Channels of the generator's narrowest hidden layer.
        discriminator_width: Channels of the discriminator's narrowest layer.
        loss: A name in ``losses.ADVERSARIAL_LOSSES``.
        r1: Weight of the R1 penalty.
        lr: Learning rate of both networks.
        ema: Decay of the generator's moving average, for each step.
        evaluate_every: Epochs between two evaluations and sample sheets.
        evaluation_samples: Generated digits of one evaluation; or invented paintings of each
            movement, and as many drawn ones that are not trained on.
        jit_compile: Compile the step with XLA.
    """

    name: str
    epochs: int
    batch_size: int
    latent_dim: int
    generator_width: int
    discriminator_width: int
    loss: str
    r1: float
    lr: float
    ema: float
    evaluate_every: int
    evaluation_samples: int
    jit_compile: bool


@dataclass(frozen=True)
class DigitProfile(GANProfile):
    """Every size and setting of a digit run.

    Its name is a key in ``DIGIT_PROFILES``; what most settings mean stands at ``GANProfile``.

    Attributes:
        source: Where the digits come from, see ``data.digits.load_digits``.
        digits: How many of the training digits are used at most.
        dropout: Dropout rate of the discriminator.
    """

    source: str
    digits: int
    dropout: float


DIGIT_PROFILES = _read("digits", DigitProfile)
"""The digit GAN's, by their names."""


def digit_profile(name: str) -> DigitProfile:
    """The profile called ``name``.

    Args:
        name: A key of ``DIGIT_PROFILES``.

    Raises:
        UserError: If there is no such profile.
    """
    return _named(name, DIGIT_PROFILES)


@dataclass(frozen=True)
class StyleWeights:
    """What each loss of the style GAN's decoder counts.

    Attributes:
        gram: ``losses.gram_distance``, the mean over the four layers.
        statistics: ``losses.statistics_distance``, the mean over the four layers.
        structure: ``losses.structure_loss`` at relu4_1.
        adversarial: Minus the discriminator's logit of the result.
    """

    gram: float = 1.0
    statistics: float = 1.0
    structure: float = 0.2
    adversarial: float = 0.05


@dataclass(frozen=True)
class StyleProfile:
    """Every size and setting of a run of the style GAN.

    Attributes:
        name: The key in ``STYLE_PROFILES``.
        size: Side of the crops, in pixels; a multiple of 8.
        batch_size: Pairs a step.
        epochs: How often the log is written, and the checkpoint.
        steps_per_epoch: Steps between two of these.
        drawn: Paintings that are drawn of each movement.
        squares: Squares that are cut from each painting of a folder, fewer if it has many.
        width: Channels of the discriminator's first layer.
        lr: Highest learning rate of the decoder.
        ramp: Steps without the adversarial loss, and as many in which it rises.
        ema: Decay of the decoder's moving average, for each step.
        evaluate_every: Epochs between two evaluations and sample sheets.
        mixed_precision: Compute in float16 where that is safe.
        jit_compile: Compile the step with XLA.
        weights: Of the decoder's losses.
        projection: Whether the discriminator is told the style.
        photograph_negatives: Whether it is shown photographs, to call them fake.
    """

    name: str
    size: int
    batch_size: int
    epochs: int
    steps_per_epoch: int
    drawn: int
    squares: int
    width: int
    lr: float
    ramp: int
    ema: float
    evaluate_every: int
    mixed_precision: bool
    jit_compile: bool
    weights: StyleWeights = field(default_factory=StyleWeights)
    projection: bool = True
    photograph_negatives: bool = True


STYLE_PROFILES = _read("style", StyleProfile)
"""The style GAN's, by their names."""


def style_profile(name: str | StyleProfile) -> StyleProfile:
    """The profile of the style GAN called ``name``; one of one's own is given back.

    Args:
        name: A key of ``STYLE_PROFILES``, or a profile.

    Raises:
        UserError: If there is no such profile.
    """
    return _named(name, STYLE_PROFILES)


@dataclass(frozen=True)
class PictureWeights:
    """What each loss of a ``PictureGAN``'s generator counts.

    Attributes:
        pixel: Mean absolute difference from the wanted picture, in [-1, 1].
        perceptual: ``losses.content_loss``, the mean over VGG16's layers.
        adversarial: Minus the discriminator's logit; at 0 there is no discriminator.
    """

    pixel: float = 1.0
    perceptual: float = 0.5
    adversarial: float = 0.02


@dataclass(frozen=True)
class PictureProfile:
    """Every size and setting of a run of a ``PictureGAN``.

    Attributes:
        name: The key in the task's profiles.
        size: Side of the crops, in pixels; a multiple of 8.
        short_side: What photographs are resized to before they are cropped, in pixels.
        batch_size: Crops a step.
        epochs: How often the log is written, and the checkpoint.
        steps_per_epoch: Steps between two of these.
        drawn: Paintings that are drawn of each movement, beside the photographs.
        width: Of the generator, see ``networks.restorer`` and ``networks.enhancer``.
        discriminator_width: Channels of the discriminator's first layer.
        lr: Highest learning rate of the generator.
        ramp: Steps without the adversarial loss, and as many in which it rises.
        ema: Decay of the generator's moving average, for each step.
        evaluate_every: Epochs between two evaluations and sample sheets.
        mixed_precision: Compute in float16 where that is safe.
        jit_compile: Compile the step with XLA.
        weights: Of the generator's losses.
    """

    name: str
    size: int
    short_side: int
    batch_size: int
    epochs: int
    steps_per_epoch: int
    drawn: int
    width: int
    discriminator_width: int
    lr: float
    ramp: int
    ema: float
    evaluate_every: int
    mixed_precision: bool
    jit_compile: bool
    weights: PictureWeights = field(default_factory=PictureWeights)


_PIXELS_ALONE = PictureWeights(pixel=1.0, perceptual=0.0, adversarial=0.0)

RESTORATION_PROFILES = _read("restoration", PictureProfile)
"""The restoration's, by their names; ``cpu-pixel`` is trained for its pixels alone."""
RESTORATION_PROFILES["cpu-pixel"] = replace(
    RESTORATION_PROFILES["cpu"], name="cpu-pixel", weights=_PIXELS_ALONE
)


def restoration_profile(name: str | PictureProfile) -> PictureProfile:
    """The profile of the restoration called ``name``; one of one's own is given back.

    Args:
        name: A key of ``RESTORATION_PROFILES``, or a profile.

    Raises:
        UserError: If there is no such profile.
    """
    return _named(name, RESTORATION_PROFILES)


@dataclass(frozen=True)
class EnhancementProfile:
    """The two stages of a run of an enhancement.

    Attributes:
        name: The key in its task's ``ENHANCEMENT_PROFILES``.
        pixel: The stage with the pixels' loss alone.
        gan: The stage with all three losses, which begins with the other one's weights.
    """

    name: str
    pixel: PictureProfile
    gan: PictureProfile


def _stages(gan: Mapping[str, Any], **pixel: Any) -> EnhancementProfile:
    """A pixel stage, and a GAN stage that differs from it as said."""
    first = PictureProfile(**pixel, weights=_PIXELS_ALONE)
    together = PictureWeights(pixel=0.5, perceptual=0.1, adversarial=0.05)
    return EnhancementProfile(first.name, first, replace(first, weights=together, **gan))


def _denoising(stages: EnhancementProfile) -> EnhancementProfile:
    """The same on smaller crops in fewer epochs: what is noise shows in a few pixels."""

    def shorter(profile: PictureProfile) -> PictureProfile:
        return replace(profile, size=profile.size // 2, epochs=profile.epochs * 3 // 5)

    return replace(stages, pixel=shorter(stages.pixel), gan=shorter(stages.gan))


_SUPER_RESOLUTION = _read("enhancement", _stages)

ENHANCEMENT_PROFILES = {
    "super_resolution": _SUPER_RESOLUTION,
    "denoising": {name: _denoising(stages) for name, stages in _SUPER_RESOLUTION.items()},
}
"""Of each enhancement, by name."""


def enhancement_profile(task: str, name: str | EnhancementProfile) -> EnhancementProfile:
    """The profile of an enhancement called ``name``; one of one's own is given back.

    Args:
        task: A key in ``ENHANCEMENT_PROFILES``.
        name: Of the profile.

    Raises:
        UserError: If there is no such profile.
    """
    return _named(name, ENHANCEMENT_PROFILES[task])


@dataclass(frozen=True)
class SynthesisProfile(GANProfile):
    """Every size and setting of a run that learns to invent paintings.

    Its name is a key in ``SYNTHESIS_PROFILES``; what most settings mean stands at ``GANProfile``.

    Attributes:
        size: Side of the paintings in pixels: 4 times a power of 2.
        drawn: Paintings that are drawn of each movement.
    """

    size: int
    drawn: int


SYNTHESIS_PROFILES = _read("synthesis", SynthesisProfile)
"""Those of synthesis, by their names."""


def synthesis_profile(name: str | SynthesisProfile) -> SynthesisProfile:
    """The profile of synthesis called ``name``; one of one's own is given back.

    Args:
        name: A key of ``SYNTHESIS_PROFILES``, or a profile.

    Raises:
        UserError: If there is no such profile.
    """
    return _named(name, SYNTHESIS_PROFILES)


Profile = GANProfile | StyleProfile | PictureProfile
"""What a run may be of: ``training.runs.train_run`` needs what they have in common."""


def _named(name: str | _Profile, profiles: Mapping[str, _Profile]) -> _Profile:
    if not isinstance(name, str):
        return name
    check_choice(name, profiles, "profile")
    return profiles[name]

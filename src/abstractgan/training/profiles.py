"""Profiles: the sizes of a run, as data. The code path is the same for all of them."""

from dataclasses import dataclass

from abstractgan.errors import UserError


@dataclass(frozen=True)
class DigitProfile:
    """Every size and setting of a digit run.

    Attributes:
        name: The key in ``DIGIT_PROFILES``.
        source: Where the digits come from, see ``data.digits.load_digits``.
        digits: How many of the training digits are used at most.
        epochs: Passes over the digits.
        batch_size: Digits a step.
        latent_dim: Length of the latent vector.
        generator_width: Channels of the generator's narrowest hidden layer.
        discriminator_width: Channels of the discriminator's narrowest layer.
        dropout: Dropout rate of the discriminator.
        loss: A name in ``losses.ADVERSARIAL_LOSSES``.
        r1: Weight of the R1 penalty.
        lr: Learning rate of both networks.
        ema: Decay of the generator's moving average, for each step.
        evaluate_every: Epochs between two evaluations and sample grids.
        evaluation_samples: Generated digits of one evaluation.
        jit_compile: Compile the step with XLA.
    """

    name: str
    source: str
    digits: int
    epochs: int
    batch_size: int
    latent_dim: int
    generator_width: int
    discriminator_width: int
    dropout: float
    loss: str
    r1: float
    lr: float
    ema: float
    evaluate_every: int
    evaluation_samples: int
    jit_compile: bool


DIGIT_PROFILES: dict[str, DigitProfile] = {
    profile.name: profile
    for profile in (
        DigitProfile(
            name="smoke",
            source="embedded",
            digits=128,
            epochs=3,
            batch_size=32,
            latent_dim=16,
            generator_width=4,
            discriminator_width=4,
            dropout=0.3,
            loss="non_saturating",
            r1=0.0,
            lr=2e-4,
            ema=0.9,
            evaluate_every=2,
            evaluation_samples=100,
            jit_compile=False,
        ),
        DigitProfile(
            name="cpu",
            source="embedded",
            digits=4_000,
            epochs=40,
            batch_size=64,
            latent_dim=64,
            generator_width=16,
            discriminator_width=32,
            dropout=0.2,
            loss="non_saturating",
            r1=0.0,
            lr=1e-3,
            ema=0.998,
            evaluate_every=5,
            evaluation_samples=1_000,
            jit_compile=False,
        ),
        DigitProfile(
            name="gpu",
            source="keras",
            digits=60_000,
            epochs=60,
            batch_size=128,
            latent_dim=64,
            generator_width=64,
            discriminator_width=64,
            dropout=0.2,
            loss="non_saturating",
            r1=0.0,
            lr=2e-4,
            ema=0.999,
            evaluate_every=2,
            evaluation_samples=10_000,
            jit_compile=True,
        ),
    )
}


def digit_profile(name: str) -> DigitProfile:
    """The profile called ``name``.

    Raises:
        UserError: If there is no such profile.
    """
    if name not in DIGIT_PROFILES:
        raise UserError(f"There is no profile {name!r}; choose one of {', '.join(DIGIT_PROFILES)}.")
    return DIGIT_PROFILES[name]

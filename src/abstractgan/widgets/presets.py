"""Experiments on the plane that fail in a known way, each beside the one that cures it.

They were found by trying; ``tests/test_presets.py`` asserts every signature, and over several
seeds where luck could do the same.

Taught in the chapter ``notebooks/what_goes_wrong``.
"""

from dataclasses import dataclass, replace

from abstractgan.widgets.planar_gan import Experiment


@dataclass(frozen=True)
class Preset:
    """An experiment with a question to be answered before it runs.

    Attributes:
        title: A name for people.
        question: What to decide before the run.
        answer: What is to be seen, and by which signature to know it again.
        steps: How long to train until it is plain.
        experiment: The settings.
    """

    title: str
    question: str
    answer: str
    steps: int
    experiment: Experiment


_COLLAPSE = Experiment(generator_rate=0.05, hidden=16, seed=1)
_OSCILLATION = Experiment(data="line", optimizer="sgd", discriminator_rate=0.2, generator_rate=0.05)
_WINNER = Experiment(
    data="drawn",
    points=((0.9, 0.9), (-0.9, 0.9), (-0.9, -0.9), (0.9, -0.9)),
    discriminator_rate=0.02,
    discriminator_steps=5,
)
_VANISHING = Experiment(
    data="drawn",
    points=((1.0, 1.0),),
    loss="minimax",
    optimizer="sgd",
    discriminator_rate=0.5,
    generator_rate=0.001,
    seed=1,
)

PRESETS: dict[str, Preset] = {
    "it-works": Preset(
        "It works",
        "The data lie in eight heaps on a ring. Will the generator find all of them, and where "
        "will both losses end?",
        "The samples find the heaps (the count may waver by one), and the distance to the data "
        "falls. The losses do not fall to zero: they settle near 1.39 and 0.69, the values of a "
        "discriminator that can only guess.",
        1000,
        Experiment(),
    ),
    "mode-collapse": Preset(
        "Mode collapse",
        "The generator learns 25 times as fast as the discriminator. Does that help it to find all "
        "eight heaps?",
        "All samples sit in one small bunch and wander together from place to place. The losses "
        "stay near 1.39 and 0.69, as if all were well: only the samples, and the number of heaps "
        "found, give it away.",
        1500,
        _COLLAPSE,
    ),
    "mode-collapse-cured": Preset(
        "Mode collapse, cured",
        "Only the generator's learning rate is changed: it is now that of the discriminator. How "
        "many heaps will be found?",
        "The bunch opens and the samples reach nearly all of the heaps, with almost the same "
        "losses as before.",
        1500,
        replace(_COLLAPSE, generator_rate=0.002),
    ),
    "oscillation": Preset(
        "Oscillation",
        "The data are a line, and both players take long steps of plain gradient descent. Will the "
        "samples settle on the line?",
        "The samples reach the line, overshoot, and swing to and fro across it, further and "
        "further. The distance to the data rises and falls and the generator's loss grows spikes.",
        400,
        _OSCILLATION,
    ),
    "oscillation-cured": Preset(
        "Oscillation, cured",
        "A weak R1 penalty keeps the discriminator flat where the real samples are. What becomes "
        "of the swing?",
        "It dies out: the samples lie on the line and stay there, and both losses are flat at 1.39 "
        "and 0.69.",
        400,
        replace(_OSCILLATION, penalty="r1", penalty_weight=0.1),
    ),
    "discriminator-wins": Preset(
        "A discriminator that wins",
        "The discriminator takes five steps to the generator's one, each ten times as long. Does a "
        "better judge make a better teacher?",
        "The discriminator's loss falls far below 1.39 and the generator's climbs above 3: what is "
        "caught is caught with near certainty. The samples are pushed hard and do not get better.",
        400,
        _WINNER,
    ),
    "discriminator-wins-cured": Preset(
        "A discriminator that wins, cured",
        "An R1 penalty forbids steep scores near the data; the discriminator keeps its five long "
        "steps. Who will win?",
        "Nobody: the losses stay near 1.39 and 0.69, and the samples keep moving towards all four "
        "corners.",
        400,
        replace(_WINNER, penalty="r1"),
    ),
    "vanishing-gradient": Preset(
        "Vanishing gradient",
        "The data lie in a far corner, and the generator minimises log(1 - D). What moves it once "
        "the discriminator is sure?",
        "Nothing does. Both losses go to zero, and so does the gradient that reaches the "
        "generator: the samples stand still, far from the data.",
        500,
        _VANISHING,
    ),
    "vanishing-gradient-cured": Preset(
        "Vanishing gradient, cured",
        "The same players, the same rates; the generator now minimises -log D. Will it reach the "
        "corner?",
        "It does: the surer the discriminator, the stronger the push. The samples end at the data, "
        "and the losses near those of a guess.",
        500,
        replace(_VANISHING, loss="non_saturating"),
    ),
    "article": Preset(
        "The article's game",
        "The generator minimises the discriminator's loss, as in the article's code. Where will "
        "the samples go?",
        "Away from the data, for good. Both losses fall to zero, which looks like success: the two "
        "players work together at telling real from generated.",
        500,
        Experiment(loss="article"),
    ),
}
"""The lab's experiments by their names."""

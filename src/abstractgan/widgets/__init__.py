"""Live pictures of the mathematics: a Python class and an ES module that computes and draws.

Since the ES module computes, a widget answers on a page without a kernel. Importing this package
does not import TensorFlow.
"""

from abstractgan.widgets.gan_lab import GanLab
from abstractgan.widgets.gram_explorer import GramExplorer
from abstractgan.widgets.loss_explorer import LossExplorer
from abstractgan.widgets.optimal_discriminator import OptimalDiscriminator
from abstractgan.widgets.perception_distortion import PerceptionDistortion, Place
from abstractgan.widgets.planar_gan import Experiment, PlanarGAN
from abstractgan.widgets.quiz import Question, Quiz
from abstractgan.widgets.synthesis_explorer import SynthesisExplorer
from abstractgan.widgets.training_replay import TrainingReplay
from abstractgan.widgets.weight_explorer import WeightExplorer

__all__ = [
    "Experiment",
    "GanLab",
    "GramExplorer",
    "LossExplorer",
    "OptimalDiscriminator",
    "PerceptionDistortion",
    "Place",
    "PlanarGAN",
    "Question",
    "Quiz",
    "SynthesisExplorer",
    "TrainingReplay",
    "WeightExplorer",
]

"""Live pictures of the mathematics: a Python class and an ES module that computes and draws.

Since the ES module computes, a widget answers on a page without a kernel. Importing this package
does not import TensorFlow.
"""

from abstractgan.widgets.loss_curves import loss_reading
from abstractgan.widgets.loss_explorer import LossExplorer
from abstractgan.widgets.loss_picture import static_picture
from abstractgan.widgets.planar_gan import Experiment, PlanarGAN

__all__ = ["Experiment", "LossExplorer", "PlanarGAN", "loss_reading", "static_picture"]

"""The package behind the course on GAN-based abstract-art style transfer.

Import the part you need, for example ``from abstractgan import losses``. Importing the package
itself is cheap: TensorFlow is loaded by the first module that computes with it.
"""

import os
from pathlib import Path

# TensorFlow reads this when it is imported; without it every notebook starts with a page of log
# lines.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

__version__ = "0.1.0"

ASSETS = Path(__file__).parent / "assets"
"""The weights and recorded runs that the package carries."""

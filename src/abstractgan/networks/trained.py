"""Weights of trained networks, for those who use them: wrong files are answered by a sentence.

Taught in the chapter ``notebooks/style_gan``.
"""

import os
import warnings
from pathlib import Path
from typing import TypeVar

import keras

from abstractgan.data.weights import check_weights
from abstractgan.errors import UserError

_Network = TypeVar("_Network", bound=keras.Model)


def given_or_own(
    given: str | os.PathLike[str] | None, own: Path, what: str, training: str
) -> tuple[Path, str]:
    """Where weights are, and what to do if they are unusable.

    Args:
        given: The path that was asked for, if one was.
        own: The one that the package carries.
        what: It is, such as "the folder".
        training: Whose, as ``abstractgan train`` takes it.
    """
    if given:
        return Path(given), f"give {what} of a finished run of 'abstractgan train {training}'"
    return own, f"install abstractgan again, or give {what} of a run of your own"


def load_trained(network: _Network, path: Path, what: str, advice: str) -> _Network:
    """The network, with the weights of a file.

    Args:
        network: Of the same sizes as the one that was saved.
        path: The file.
        what: What to call the network.
        advice: What to do if there is no such file or it is unusable.

    Raises:
        UserError: If it is missing, damaged, of another network, or not by name a file of weights.
    """
    if not path.is_file():
        raise UserError(f"There are no {what}'s weights {path}: {advice}.")
    try:
        # By this name Keras takes a file for weights; others may be whole models.
        if not path.name.endswith(".weights.h5"):
            raise ValueError("its name does not end in .weights.h5")
        check_weights(path, network.count_params())
        with warnings.catch_warnings():
            # Keras warns where it leaves a layer as it was initialised.
            warnings.simplefilter("error", UserWarning)
            network.load_weights(path)
    except (OSError, ValueError, KeyError, RuntimeError, UserWarning) as error:
        raise UserError(f"{path} is damaged or holds no {what}'s weights: {advice}.") from error
    return network

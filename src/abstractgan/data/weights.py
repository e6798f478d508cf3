"""Files of weights, looked at before Keras reads them.

Keras reads numbers only from such a file, and no code. But a file of HDF5 can name other files,
whose bytes would become weights, and claim arrays that are many times larger than itself.
"""

from pathlib import Path

import h5py
import numpy as np

_BESIDE = 100_000  # bytes for counters and seeds


def check_weights(path: Path, numbers: int) -> None:
    """Refuse a file that holds more than a network does, or names other files.

    Args:
        path: A file of HDF5.
        numbers: How many the network has. The file may hold twice as many, as a checkpoint has a
            little beside its network.

    Raises:
        OSError: If it is no such file.
        ValueError: If it is refused.
    """
    left = 2 * numbers * np.dtype(np.float32).itemsize + _BESIDE

    names: list[str] = []
    with h5py.File(path) as file:
        file.visit_links(names.append)  # and nothing else: some h5py mistake what a visitor raises
        for name in names:
            if not isinstance(file.get(name, getlink=True), h5py.HardLink):
                raise ValueError(f"{name} leads to another place")
            item = file[name]
            if not isinstance(item, h5py.Dataset):
                continue
            if item.external or item.is_virtual:
                raise ValueError(f"{name} lies in another file")
            if item.dtype.kind not in "biuf":
                raise ValueError(f"{name} holds no numbers")
            left -= item.nbytes
            if left < 0:
                raise ValueError("it claims more numbers than the network has")

"""What a session may lack: its Drive, a GPU, memory, room on the disk. One sentence and a way on.

Taught in the chapter ``notebooks/full_training``.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tensorflow as tf

from abstractgan.errors import UserError

DRIVE = Path("/content/drive")
"""Where Colab shows a reader's Drive."""

_MEMORY = Path("/proc/meminfo")
_CONTAINER = Path("/sys/fs/cgroup")


def check_drive(folder: Path) -> None:
    """Refuse a folder on a Drive that is not there: it would lie in the session, and end with it.

    Args:
        folder: Where something is to be kept.

    Raises:
        UserError: If Colab's Drive is not mounted, and the folder is meant to lie on it.
    """
    if folder.absolute().is_relative_to(DRIVE) and not os.path.ismount(DRIVE):
        raise UserError(
            f"{folder} is to lie on your Drive, which is not mounted: run "
            f"`from google.colab import drive; drive.mount('{DRIVE}')`, and then this again."
        )


def say_what_is_missing(profile: str, folder: Path) -> None:
    """Print what will be regretted later: a GPU's profile without one, a folder that ends soon.

    Args:
        profile: Its name.
        folder: Where the run is kept.
    """
    if profile.endswith("gpu") and not tf.config.list_physical_devices("GPU"):
        print(
            f"No GPU is in sight, and the profile {profile} is meant for one: take another profile,"
            " or in Colab choose Runtime > Change runtime type > GPU.",
            flush=True,
        )
    if "COLAB_RELEASE_TAG" in os.environ and not folder.absolute().is_relative_to(DRIVE):
        print(
            f"{folder} is lost when this Colab session ends: to resume in the next one, mount your "
            f"Drive and give a folder in {DRIVE}/MyDrive.",
            flush=True,
        )


def free_memory() -> int | None:
    """How many bytes of memory are left to processes here, or None where nothing tells."""
    found = []
    if _MEMORY.exists():
        kilobytes = _numbers(_MEMORY, "MemAvailable:")
        found += [1024 * number for number in kilobytes]
    try:  # a container, as Binder's, may have less than its machine
        limit = int((_CONTAINER / "memory.max").read_text("utf-8"))
        used = int((_CONTAINER / "memory.current").read_text("utf-8"))
        cached = sum(_numbers(_CONTAINER / "memory.stat", "inactive_file"))  # given back on demand
        found.append(limit - used + cached)
    except (OSError, ValueError):
        pass
    return min(found, default=None)


def _numbers(path: Path, name: str) -> list[int]:
    rows = (line.split() for line in path.read_text("utf-8").splitlines())
    return [int(row[1]) for row in rows if row[:1] == [name]]


def check_memory(needed: int, what: str) -> None:
    """Refuse what would fill the host's memory, where a system ends the process without a word.

    Where there is a GPU, tensors lie in its memory, and ``enough_memory`` answers.

    Args:
        needed: In bytes.
        what: Needs it, in the plural.

    Raises:
        UserError: If less is free.
    """
    free = free_memory()
    if tf.config.list_physical_devices("GPU") or free is None or needed <= free:
        return
    raise UserError(
        f"{what} take {needed / 1e9:.1f} GB of memory and {free / 1e9:.1f} GB are free: give fewer "
        "pictures, or end what else is running (in Colab: Runtime > Manage sessions)."
    )


def check_room(needed: int, folder: Path) -> None:
    """Refuse a run whose checkpoints will not fit, before hours are spent on it.

    Args:
        needed: In bytes.
        folder: Where they go.

    Raises:
        UserError: If there is less room.
    """
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise UserError(
            f"The run's checkpoints take {needed / 1e9:.2f} GB and {folder} has room for "
            f"{free / 1e9:.2f} GB: free some space, or give another --output."
        )


@contextmanager
def enough_memory() -> Iterator[None]:
    """Answer with a sentence if memory, the host's or a GPU's, is full.

    Raises:
        UserError: If so.
    """
    try:
        yield
    except (MemoryError, tf.errors.ResourceExhaustedError) as error:
        raise UserError(
            "The memory is full: end what else is running (in Colab: Runtime > Manage sessions), "
            "or take a smaller profile or fewer pictures; the same command resumes."
        ) from error

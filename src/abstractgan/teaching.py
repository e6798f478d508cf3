"""Helpers for the chapters' cells: an error that is meant to happen, and the check of an exercise.

Used by every chapter that shows a mistake or asks for an answer, first in ``notebooks/digit_gan``.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


@contextmanager
def expect_error(
    error: type[BaseException], sentence: str, *, match: str | None = None
) -> Iterator[None]:
    """Assert that the block raises ``error``, and print what that teaches, so that Run all goes on.

    Taught in the chapter ``notebooks/digit_gan``.

    Args:
        error: the type that must be raised; neither a subclass nor a base class will do.
        sentence: what the reader should take from the mistake, in our own words.
        match: a regular expression that must be found in the error's own message.

    Raises:
        AssertionError: nothing was raised, or another error than the one announced.
    """
    try:
        yield
    except BaseException as raised:
        if type(raised) is not error:
            if not isinstance(raised, Exception):  # the reader's interrupt must stay one
                raise
            raise AssertionError(
                f"{error.__name__} was expected, {type(raised).__name__} was raised: {raised}"
            ) from raised
        if match is not None and not re.search(match, str(raised)):
            raise AssertionError(
                f"{error.__name__} was raised as expected, but its message does not contain "
                f"{match!r}: {raised}"
            ) from raised
        print(f"{error.__name__}: {sentence}")
    else:
        raise AssertionError(f"{error.__name__} was expected, but nothing was raised.")


def check(task: str, answer: object, expected: object, hint: str) -> None:
    """Print whether an exercise is solved; never stop the notebook because it is not solved yet.

    Taught in the chapter ``notebooks/digit_gan_exercises``.

    Args:
        task: a short name of the exercise, for the printed line.
        answer: the answer, or a function without arguments that computes it. ``None``, ``...``
            and a raised ``NotImplementedError`` mean that the exercise was not begun.
        expected: the value (a number or an array is compared to within 0.001), or a function
            that takes the answer and returns whether it is right.
        hint: what to look at when the answer is wrong.
    """
    try:
        given = answer() if callable(answer) else answer
    except NotImplementedError:
        given = None
    if given is None or given is ...:
        print(f"Not done yet: {task}.")
    elif _agrees(given, expected):
        print(f"Right: {task}.")
    else:
        print(f"Not right yet: {task}. {hint}")


def _agrees(given: Any, expected: object | Callable[[Any], object]) -> bool:
    if callable(expected):
        return bool(expected(given))
    given, wanted = np.asarray(given), np.asarray(expected)
    if given.shape != wanted.shape:
        return False
    if np.issubdtype(given.dtype, np.number) and np.issubdtype(wanted.dtype, np.number):
        return bool(np.allclose(given, wanted, rtol=1e-3, atol=1e-3))
    return bool(np.array_equal(given, wanted))

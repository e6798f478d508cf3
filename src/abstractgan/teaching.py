"""Helpers for the chapters' cells: an expected error, the check of an exercise, a checklist.

Used by every chapter that shows a mistake or asks for an answer, first in ``notebooks/digit_gan``.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from abstractgan.errors import UserError


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
    try:
        given, wanted = np.asarray(given), np.asarray(expected)
    except ValueError:  # lists of unequal lengths are no arrays
        return bool(given == expected)
    if given.shape != wanted.shape:
        return False
    if np.issubdtype(given.dtype, np.number) and np.issubdtype(wanted.dtype, np.number):
        return bool(np.allclose(given, wanted, rtol=1e-3, atol=1e-3))
    return bool(given.tolist() == wanted.tolist())


class Item(NamedTuple):
    """One thing to do, and how one sees that it is done.

    Attributes:
        task: What is so once it is done, in a few words.
        done: Looks whether it is. An ``OSError`` or a ``UserError`` means that it is not, as where
            a file is not there yet.
        advice: What to do as long as it is not, in one sentence.
    """

    task: str
    done: Callable[[], bool]
    advice: str


class Checklist:
    """Things to do, each of which looks for itself whether it is done, whenever the list is shown.

    A notebook shows a table; elsewhere there is a line for each item.

    Taught in the chapter ``notebooks/capstone``.

    Args:
        items: What is to be done, in its order.

    Raises:
        UserError: If there is no item, or two have the same task.
    """

    def __init__(self, items: Sequence[Item]) -> None:
        tasks = [item.task for item in items]
        if not tasks or len(set(tasks)) < len(tasks):
            raise UserError("Give the checklist one item or more, each with a task of its own.")
        self.items = list(items)

    def open(self) -> list[str]:
        """The tasks that are not done."""
        return [item.task for item in self.items if not _is_done(item)]

    def __repr__(self) -> str:
        left = self.open()
        lines = [
            f"[ ] {item.task}: {item.advice}" if item.task in left else f"[x] {item.task}"
            for item in self.items
        ]
        return "\n".join([self._heading(left), *lines])

    def _repr_html_(self) -> str:
        left = self.open()
        titles = [_cell(title, "col") for title in ("State", "Task", "What is left to do")]
        rows = [
            [
                _cell("open" if item.task in left else "\N{CHECK MARK} done"),
                _cell(item.task, "row"),
                _cell(item.advice if item.task in left else "nothing"),
            ]
            for item in self.items
        ]
        head, *body = (f"<tr>{''.join(cells)}</tr>" for cells in (titles, *rows))
        return (
            f"<table><caption>{self._heading(left)}</caption>"
            f"<thead>{head}</thead><tbody>{''.join(body)}</tbody></table>"
        )

    def _heading(self, left: Sequence[str]) -> str:
        return f"Checklist: {len(self.items) - len(left)} of {len(self.items)} done"


def _is_done(item: Item) -> bool:
    try:
        return bool(item.done())
    except (OSError, UserError):
        return False


def _cell(text: str, scope: str | None = None) -> str:
    start, end = (f'th scope="{scope}"', "th") if scope else ("td", "td")
    return f'<{start} style="text-align: left">{html.escape(text)}</{end}>'

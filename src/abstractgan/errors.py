"""The one exception that carries a message meant for the reader, and two checks that raise it."""

from collections.abc import Collection, Iterable
from math import isfinite


class UserError(ValueError):
    """A mistake that the reader can mend; its message is one sentence that says what to do.

    The command line prints the sentence and exits with status 2, without a traceback.
    """


def check_choice(name: str, choices: Collection[str], what: str) -> None:
    """Refuse a name that is none of the choices.

    Args:
        name: Asked for.
        choices: Those that there are.
        what: They are, such as "profile".

    Raises:
        UserError: If it is none of them.
    """
    if name not in choices:
        raise UserError(f"There is no {what} {name!r}; choose one of {', '.join(choices)}.")


def shares(weights: Iterable[float]) -> list[float]:
    """Weights as shares of a whole: the same over their sum.

    Args:
        weights: 0 or more each.

    Raises:
        UserError: If a weight is negative or not finite, or all are 0.
    """
    values = [float(weight) for weight in weights]
    total = sum(values)
    if not isfinite(total) or total <= 0 or any(value < 0 for value in values):
        raise UserError(f"Give weights of 0 or more, at least one of them above 0, not {values}.")
    return [value / total for value in values]

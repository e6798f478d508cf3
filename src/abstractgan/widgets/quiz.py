"""A few questions at the end of a chapter, whose right answers a cell computes."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isclose
from numbers import Real
from typing import Any

import traitlets

from abstractgan.errors import UserError
from abstractgan.widgets.base import LiveWidget, minus, say

Choice = str | float
"""An answer to choose, in words or a number."""


def _same(a: Choice, b: Choice) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)


@dataclass(frozen=True)
class Question:
    """One question with a few answers to choose from, of which exactly one is right.

    Attributes:
        text: The question.
        choices: Two answers or more, words or numbers.
        answer: The right one, computed; numbers agree to a relative 1e-6.
        feedback: One sentence that says why, shown once the right answer is given.

    Raises:
        UserError: If ``answer`` is not exactly one of the choices, or two of them read the same.
    """

    text: str
    choices: Sequence[Choice]
    answer: Choice
    feedback: str

    def __post_init__(self) -> None:
        if len(self.choices) < 2 or len(set(self.shown)) < len(self.choices):
            raise UserError(f"Give two different choices or more, not {list(self.choices)}.")
        if sum(_same(choice, self.answer) for choice in self.choices) != 1:
            raise UserError(
                f"The answer {self.answer!r} must be exactly one of the choices "
                f"{list(self.choices)}."
            )

    @property
    def shown(self) -> list[str]:
        """The choices as they are read; numbers with four significant digits."""
        return [minus(f"{c:.4g}") if isinstance(c, Real) else str(c) for c in self.choices]

    @property
    def right(self) -> int:
        """The place of the right choice."""
        return [_same(choice, self.answer) for choice in self.choices].index(True)


class Quiz(LiveWidget):
    """Questions to check oneself with: choose, press "Check", read why, or try again.

    Used at the end of every chapter.

    Args:
        questions: The questions.
        given: For each question the place of the answer given so far, or -1.

    Attributes:
        given: The same; it is kept when the notebook is saved.
        questions: The questions as plain values, for the script.

    Raises:
        UserError: If there is no question.
        traitlets.TraitError: If ``given`` is not one place for each question.
    """

    questions = traitlets.List(traitlets.Dict(), read_only=True).tag(sync=True)
    given = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, questions: Sequence[Question], given: Sequence[int] | None = None) -> None:
        if not questions:
            raise UserError("Give the quiz one question or more.")
        super().__init__()
        plain = [
            {"text": q.text, "choices": q.shown, "right": q.right, "feedback": q.feedback}
            for q in questions
        ]
        self.set_trait("questions", plain)
        self.given = [-1] * len(questions) if given is None else list(given)

    @traitlets.validate("given")
    def _places(self, proposal: Any) -> list[int]:
        given = proposal["value"]
        counts = [len(question["choices"]) for question in self.questions]
        fits = len(given) == len(counts)
        if not fits or not all(-1 <= g < n for g, n in zip(given, counts, strict=True)):
            raise traitlets.TraitError(
                f"given has {len(counts)} whole numbers, each the place of a choice, counted from "
                f"0, or -1, not {given!r}."
            )
        return given

    @property
    def reading(self) -> str:
        """What has been answered so far, in words."""
        return " ".join(
            say("Question {0}: {1}", number, self._verdict(question, given))
            for number, (question, given) in enumerate(
                zip(self.questions, self.given, strict=True), start=1
            )
        )

    @staticmethod
    def _verdict(question: dict[str, Any], given: int) -> str:
        if given < 0:
            return say("not answered yet.")
        if given == question["right"]:
            return say("right. {0}", say(question["feedback"]))
        return say("not right. Try again.")

    def __repr__(self) -> str:
        return f"Quiz of {len(self.questions)} questions"

    def _without_script(self) -> tuple[dict[str, str], str]:
        return {}, unfolding(self.questions)


def unfolding(questions: Sequence[dict[str, Any]], say: Callable[[str], str] = html.escape) -> str:
    """Questions as HTML without a script, whose answers the reader unfolds.

    Args:
        questions: As in ``Quiz.questions``.
        say: Gives each text as HTML, in the reader's language.
    """
    answer, stop = say("Answer"), say(". ")
    items = [
        f"<li>{say(q['text'])}<ul>"
        + "".join(f"<li>{say(choice)}</li>" for choice in q["choices"])
        + f"</ul><details><summary>{answer}</summary>"
        f"{say(q['choices'][q['right']])}{stop}{say(q['feedback'])}</details></li>"
        for q in questions
    ]
    return f"<ol>{''.join(items)}</ol>"

from xml.etree import ElementTree

import numpy as np
import pytest

from abstractgan.errors import UserError
from abstractgan.teaching import Checklist, Item, check, expect_error


def test_an_announced_error_prints_our_sentence(capsys):
    with expect_error(ZeroDivisionError, "Nothing can be shared among nobody.", match="zero"):
        1 / 0  # noqa: B018
    assert capsys.readouterr().out == "ZeroDivisionError: Nothing can be shared among nobody.\n"


def test_a_block_that_does_not_fail_fails_the_cell(capsys):
    with (
        pytest.raises(AssertionError, match="nothing was raised"),
        expect_error(ValueError, "never printed"),
    ):
        pass
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("announced", [ArithmeticError, ValueError, Exception])
def test_only_the_very_type_counts(announced, capsys):
    with (
        pytest.raises(AssertionError, match="ZeroDivisionError was raised") as caught,
        expect_error(announced, "never printed"),
    ):
        1 / 0  # noqa: B018
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert capsys.readouterr().out == ""


def test_another_message_of_the_same_type_does_not_count(capsys):
    with (
        pytest.raises(AssertionError, match="does not contain 'shape'"),
        expect_error(ValueError, "never printed", match="shape"),
    ):
        int("seven")
    assert capsys.readouterr().out == ""


def test_the_readers_interrupt_stays_an_interrupt():
    with pytest.raises(KeyboardInterrupt), expect_error(ValueError, "never printed"):
        raise KeyboardInterrupt


def unfinished():
    raise NotImplementedError


@pytest.mark.parametrize("answer", [None, ..., lambda: None, lambda: ..., unfinished])
def test_an_exercise_that_was_not_begun_does_not_stop_the_notebook(answer, capsys):
    check("exercise 1", answer, 3.0, "Add.")
    assert capsys.readouterr().out == "Not done yet: exercise 1.\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0.6934, np.log(2)),
        (lambda: np.float32(0.6931), np.log(2)),
        ([[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]])),
        ("minimax", "minimax"),
        ([(1,), (2, 3)], [(1,), (2, 3)]),
        (True, True),
        (8, lambda n: n % 2 == 0),
    ],
)
def test_a_right_answer(answer, expected, capsys):
    check("exercise 1", answer, expected, "Add.")
    assert capsys.readouterr().out == "Right: exercise 1.\n"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0.70, np.log(2)),
        (float("nan"), 0.0),
        ([1.0, 1.0], 1.0),  # the right number in the wrong shape
        ("least squares", "minimax"),
        ([(1,), (2, 3)], [(1, 2), (2, 3)]),
        ("1", 1),
        (False, True),
        (7, lambda n: n % 2 == 0),
    ],
)
def test_a_wrong_answer_gets_the_hint(answer, expected, capsys):
    check("exercise 1", answer, expected, "Mind the sign.")
    assert capsys.readouterr().out == "Not right yet: exercise 1. Mind the sign.\n"


def test_an_error_in_the_answer_is_shown_to_its_author():
    with pytest.raises(ZeroDivisionError):
        check("exercise 1", lambda: 1 / 0, 3.0, "Add.")


def missing():
    raise FileNotFoundError("decoder.weights.h5")


def unreadable():
    raise UserError("It cannot be read.")


LIST = Checklist(
    [
        Item("Done & ticked", lambda: True, "never shown"),
        Item("Wrong", lambda: 0, "Mend it <soon>."),
        Item("Not there", missing, "Make it."),
        Item("Damaged", unreadable, "Make it again."),
    ]
)


def test_a_checklist_says_what_is_done_and_what_to_do():
    assert LIST.open() == ["Wrong", "Not there", "Damaged"]
    assert repr(LIST).splitlines() == [
        "Checklist: 1 of 4 done",
        "[x] Done & ticked",
        "[ ] Wrong: Mend it <soon>.",
        "[ ] Not there: Make it.",
        "[ ] Damaged: Make it again.",
    ]


def test_its_table_can_be_read_without_seeing_it():
    table = ElementTree.fromstring(LIST._repr_html_())
    assert table.findtext("caption") == "Checklist: 1 of 4 done"
    assert [cell.get("scope") for cell in table.findall("thead/tr/th")] == ["col"] * 3
    rows = table.findall("tbody/tr")
    assert [cell.text for cell in rows[0]] == ["✓ done", "Done & ticked", "nothing"]
    assert [cell.text for cell in rows[1]] == ["open", "Wrong", "Mend it <soon>."]
    assert [row.find("th").get("scope") for row in rows] == ["row"] * 4


def test_an_item_that_breaks_is_shown_to_its_author():
    with pytest.raises(ZeroDivisionError):
        Checklist([Item("Broken", lambda: 1 / 0, "")]).open()


@pytest.mark.parametrize("tasks", [[], ["one", "two", "one"]])
def test_a_checklist_needs_tasks_that_differ(tasks):
    with pytest.raises(UserError, match="a task of its own"):
        Checklist([Item(task, missing, "") for task in tasks])

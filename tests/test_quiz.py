"""The quiz: answers that are computed, in words, by mouse and keyboard, and without JavaScript."""

import ast
import re

import numpy as np
import pytest
import traitlets

import notebooks
from abstractgan.errors import UserError
from abstractgan.widgets import Question, Quiz

LESSONS = [n for n in notebooks.names() if not n.endswith(("_exercises", "_solutions"))]


def two_questions(**settings):
    questions = [
        Question("At x, 3 of 4 are <real>. D*?", [0.25, 0.75], 3 / (3 + 1), "It is the share."),
        Question("Which loss?", ["hinge", "minimax", "both"], "min" + "imax", "It saturates."),
    ]
    return Quiz(questions, **settings)


def test_numbers_need_not_be_exact_and_words_must():
    third = Question("1/3?", [0.3333333333, 0.5], 1 / 3, "Yes.")
    assert (third.right, third.shown) == (0, ["0.3333", "0.5"])
    assert Question("?", [-1e-5, 0.5], np.float64(0.5), "Yes.").shown == ["−1e−05", "0.5"]
    assert Question("?", ["0.5", 1], 1, "Yes.").right == 1


@pytest.mark.parametrize(
    ("choices", "answer", "sentence"),
    [
        ([0.25, 0.5], 0.75, "0.75 must be exactly one of the choices"),
        ([0.5, 0.5 + 1e-9], 0.5, "two different choices"),
        ([1.00004, 1.0000401], 1.00004, "two different choices"),
        (["yes"], "yes", "two different choices or more"),
        (["yes", "no"], "maybe", "must be exactly one"),
    ],
)
def test_a_wrong_question_is_answered_by_one_sentence(choices, answer, sentence):
    with pytest.raises(UserError, match=sentence):
        Question("?", choices, answer, "Why.")


def test_a_quiz_needs_questions_and_places_that_exist():
    with pytest.raises(UserError, match="one question or more"):
        Quiz([])
    for given in ([0], [0, 3], [-2, 0], [0, 0, 0]):
        with pytest.raises(traitlets.TraitError, match="2 whole numbers"):
            two_questions(given=given)


def test_the_reading_says_what_was_answered():
    assert two_questions().reading == "Question 1: not answered yet. Question 2: not answered yet."
    assert two_questions(given=[1, 0]).reading == (
        "Question 1: right. It is the share. Question 2: not right. Try again."
    )


def test_without_javascript_the_answers_can_be_unfolded():
    _, text = two_questions()._without_script()
    assert "&lt;real&gt;" in text
    assert "<summary>Answer</summary>0.75. It is the share.</details>" in text
    assert text.count("<details>") == 2


# The quizzes of the chapters.


def quiz_cells(name):
    cells = notebooks.read_twin(notebooks.FOLDER / f"{name}.py").cells
    return [c for c in cells if c.cell_type == "code" and "Quiz(" in c.source]


@pytest.mark.parametrize("name", LESSONS)
def test_a_chapter_ends_with_three_questions_whose_answers_are_computed(name):
    (cell,) = quiz_cells(name)
    assert "hide-input" in cell.metadata.get("tags", []), "the code gives the answers away"
    assert "$" not in cell.source, "a quiz shows no formulas"
    questions = [
        node
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Question"
    ]
    assert len(questions) == 3
    for question in questions:
        (answer,) = [k.value for k in question.keywords if k.arg == "answer"]
        computed = [
            n
            for n in ast.walk(answer)
            if isinstance(n, ast.Name | ast.Call | ast.BinOp | ast.IfExp)
        ]
        assert computed, ast.unparse(answer)


# In Chromium.


@pytest.fixture
def quiz(alone):
    return alone(two_questions())


def spoken(page):
    return page.locator(".ag-quiz [role=status]")


def test_mouse(quiz):
    from playwright.sync_api import expect

    page = quiz.page
    first = page.get_by_role("group", name=re.compile("^1. At x, 3 of 4 are <real>"))
    check = page.get_by_role("button", name="Check question 1")
    assert check.is_disabled()
    first.get_by_text("0.25").click()
    check.click()
    expect(first.locator("p")).to_have_text("Not right. Try again.")
    expect(spoken(page)).to_have_text(two_questions(given=[0, -1]).reading)
    first.get_by_text("0.75").click()
    assert first.locator("p").text_content() == ""
    check.click()
    expect(first.locator("p")).to_have_text("Right. It is the share.")
    expect(spoken(page)).to_have_text(two_questions(given=[1, -1]).reading)


def test_keyboard(quiz):
    from playwright.sync_api import expect

    page = quiz.page
    page.get_by_role("radio", name="hinge").focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("radio", name="minimax").is_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Check question 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(spoken(page)).to_have_text(two_questions(given=[-1, 1]).reading)


def test_a_choice_that_is_not_checked_yet_survives_another_answer(quiz):
    page = quiz.page
    page.get_by_text("hinge").click()
    page.get_by_text("0.25").click()
    page.get_by_role("button", name="Check question 1").click()
    assert page.get_by_role("radio", name="hinge").is_checked()

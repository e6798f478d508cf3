"""The list of the article's errata: complete, in its own words, shown by code or by a source."""

import ast
import re

import pytest
import test_prose
from test_book_build import Page

import errata
import notebooks

# Not ours to publish, so it lies beside the repository, if at all.
ARTICLE = notebooks.ROOT.parent / "shared" / "article.md"
ROWS = errata.rows()
REFERENCE = re.compile(r"\{ref\}`[^`<]*<([^>]+)>`")
HEADING = re.compile(r"^##+ ", re.MULTILINE)


def label(row):
    """Return the label to which the first link of a row's evidence leads."""
    found = REFERENCE.search(row["evidence"])
    return found[1] if found else None


def labelled():
    """Return the page, the chapter's name or the book's file, that has each label."""
    pages = {name: notebooks.FOLDER / f"{name}.py" for name in notebooks.names()}
    pages |= {path.name: path for path in test_prose.PAGES}
    return {
        found: name
        for name, path in pages.items()
        for found in re.findall(r"^(?:# )?\(([\w-]+)\)=$", path.read_text("utf-8"), re.MULTILINE)
    }


LABELS = labelled()


def section(chapter, label):
    """Return the code cells of a chapter between the headings around a label."""
    sections = [[]]
    found = None
    for cell in notebooks.read_notebook(notebooks.FOLDER / f"{chapter}.ipynb").cells:
        if cell.cell_type == "code":
            sections[-1].append(cell.source)
            continue
        for part in re.split(r"(?m)^(?=##+ )", cell.source):
            if HEADING.match(part):
                sections.append([])
            if f"({label})=" in part:
                found = sections[-1]
    return found


def statements(code):
    return [ast.dump(node) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.stmt)]


def claims(code):
    """Whether each statement can fail where the claim is wrong."""
    return all(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.With) and "expect_error(" in ast.unparse(node.items))
        for node in ast.parse(code).body
    )


def faults(row):
    """Return what a row lacks."""
    if not row.get("right"):
        yield "no correction"
    if not row.get("says"):
        yield "no quotation"
    for says in row.get("says", []):
        if set(says) not in ({"zh", "en"}, {"tex"}, {"code"}):
            yield f"a quotation without its translation, or of no known kind: {says}"
    if not row.get("evidence"):
        yield "no evidence"
        return
    for found in REFERENCE.findall(row["right"] + row["evidence"]):
        if found not in LABELS:
            yield f"no page has the label {found}"
    if "asserts" not in row:
        if "{cite:" not in row["evidence"]:
            yield "neither an assertion nor a source"
    elif LABELS.get(label(row)) not in notebooks.names():
        yield "the evidence leads to no chapter"
    elif not claims(row["asserts"]):
        yield "what stands as assertion asserts nothing"
    else:
        there = statements("\n".join(section(LABELS[label(row)], label(row))))
        for node in ast.parse(row["asserts"]).body:
            if ast.dump(node) not in there:
                yield f"not in the section of {label(row)}: {ast.unparse(node)}"


def test_they_are_numbered_in_order():
    assert [row["number"] for row in ROWS] == list(range(1, 40))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["number"]))
def test_each_has_quotation_correction_and_evidence(row):
    assert list(faults(row)) == []


def test_each_box_of_a_chapter_is_in_the_list():
    boxes = {found for found in LABELS if re.fullmatch(r"erratum-\d+", found)}
    assert boxes <= {f"erratum-{row['number']}" for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["number"]))
def test_each_number_and_name_has_a_source(row):
    chapter = LABELS.get(label(row))
    known = test_prose.numbers_of(str(row["says"]) + row.get("asserts", ""))
    if chapter in notebooks.names():
        known |= test_prose.numbers_of(test_prose.code_of(chapter))
    assert test_prose.without_source(f"{row['right']}\n\n{row['evidence']}", known) == []


@pytest.mark.skipif(not ARTICLE.exists(), reason="The article is not at hand.")
def test_the_quotations_are_the_articles_words():
    article = ARTICLE.read_text("utf-8")
    quoted = [
        (row["number"], line)
        for row in ROWS
        for says in row["says"]
        for kind, text in says.items()
        if kind != "en"
        for line in map(str.strip, text.splitlines())
    ]
    assert [quote for quote in quoted if quote[1] not in article] == []


def test_the_page_has_each_of_them_once_with_its_anchor(html):
    page = html / "book" / "errata.html"
    assert {f"errata-{row['number']}" for row in ROWS} <= Page(page).anchors
    headings = re.findall(r"<h3>(\d+)\. ", page.read_text("utf-8"))
    assert sorted(map(int, headings)) == [row["number"] for row in ROWS]


def test_chinese_is_marked_as_chinese(html):
    text = (html / "book" / "errata.html").read_text("utf-8")
    assert '<span lang="zh">我们将使用这些图像作为生成网络的输入。</span>' in text
    assert '<span lang="zh">基于GANs的抽象艺术图像风格迁移机制</span>' in (
        html / "book" / "references.html"
    ).read_text("utf-8")


# That these tests can fail.

GOOD = next(row for row in ROWS if row["number"] == 3)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"right": ""}, "no correction"),
        ({"says": []}, "no quotation"),
        ({"says": [{"zh": "判别网络"}]}, "without its translation"),
        ({"evidence": ""}, "no evidence"),
        ({"evidence": "{ref}`Minimax <erratum-77>`."}, "no page has the label erratum-77"),
        ({"evidence": "{ref}`Background <erratum-33>`."}, "leads to no chapter"),
        ({"evidence": "{ref}`Minimax <erratum-1>`."}, "not in the section"),
        ({"asserts": "print(slopes)"}, "asserts nothing"),
        ({"asserts": "assert slopes"}, "not in the section"),
    ],
)
def test_a_row_that_lacks_something_is_found(change, fault):
    assert any(fault in found for found in faults(GOOD | change))


def test_a_row_without_assertion_needs_a_source():
    row = {key: value for key, value in GOOD.items() if key != "asserts"}
    assert "neither an assertion nor a source" in list(faults(row))

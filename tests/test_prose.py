"""Prose, code and equations agree: where a page's numbers, and its names in code font, come from.

A number stands in a cell of the chapter or in what a cell printed, in the recorded run, in a
sentence that cites its source, or in the file that a comment ``% source: FILE`` in the paragraph
names. A name stands in a cell of the chapter, in the package's code or in Keras.
"""

import ast
import csv
import functools
import inspect
import re
from pathlib import Path

import keras
import pytest

import notebooks

RUN = notebooks.ROOT / "src" / "abstractgan" / "assets" / "runs" / "digits"
PAGES = sorted((notebooks.ROOT / "book").rglob("*.md"))
CHAPTERS = notebooks.names()
EVERYDAY = range(13)  # whole numbers that count what is seen on the page

FENCE = re.compile(r"^ *(```+)(?!\{).*?^ *\1 *$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
ROLE = re.compile(r"\{[a-z:]+\}`[^`]*`")
SOURCE = re.compile(r"^% source: (\S+)$", re.MULTILINE)
NOT_PROSE = re.compile(
    r"\$\$.*?\$\$"
    r"|(?<!\\)\$[^$]+\$"
    r"|`[^`]*`"
    r"|^>.*$"  # the article's words
    r"|\[\d+\]\([^)]*\)|\]\([^)]*\)"  # a number that is a link, and where a link leads
    r"|<[^>]+>"
    r"|^%.*$|^\(.*\)=$|^:.*$|^```.*$"  # comments, labels, directives and their options
    r"|\b[Ee]rrat(?:um|a) [\d, and]+",
    re.DOTALL | re.MULTILINE,
)
BREAK = re.compile(r"(?<=[.?!;])(?<!al\.)\s+|\n\s*\n|\n(?=\s*(?:- |\|))")
ITEM = re.compile(r"^\s*\d+\. ", re.MULTILINE)
NUMBER = re.compile(r"(?<![\w.,§#/-])[−-]?(?:\d{1,3}(?: \d{3})+|\d+(?:\.\d+)?)(?!\w|\.\d|-\d|/\d)")
WRITTEN = re.compile(r"(?<![\w.])[−-]?\d[\d_]*(?:\.\d+)?(?:e-?\d+)?")
NAME = re.compile(r"[A-Za-z_]\w+")


def value(text):
    return float(re.sub(r"[ _]", "", text).replace("−", "-"))


def numbers_of(text):
    return {value(found) for found in WRITTEN.findall(re.sub(r"(?<=\d) (?=\d{3}\b)", "", text))}


def claimed(markdown):
    """Yield each number of the prose that has to come from somewhere, and its sentence."""
    prose = ITEM.sub("- ", NOT_PROSE.sub(" ", FENCE.sub("", markdown)))
    for sentence in BREAK.split(prose):
        for found in NUMBER.findall(sentence):
            if value(found) not in EVERYDAY:
                yield found, " ".join(sentence.split())


def cited(markdown):
    """Return the numbers in sentences that cite a source."""
    text = FENCE.sub("", markdown)
    return numbers_of(" ".join(s for s in BREAK.split(text) if re.search(r"\{cite:[pt]\}`", s)))


def without_source(markdown, known):
    """Return the numbers, with their sentences, that neither `known` nor a citation has."""
    known = known | cited(markdown)
    known |= {100 * number for number in known}  # a share, said in percent
    return [
        f"{number}: {sentence}"
        for number, sentence in claimed(markdown)
        if not any(abs(abs(value(number)) - abs(one)) < 1e-9 for one in known)
    ]


def code_of(name):
    """Return a chapter's code and what it printed, without the set-up that all share."""
    return "\n".join(
        "".join([cell.source, *(printed(output) for output in cell.outputs)])
        for cell in notebooks.read_notebook(notebooks.FOLDER / f"{name}.ipynb").cells
        if cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", [])
    )


def printed(output):
    data = output.get("data", {})
    return "\n" + output.get("text", "") + "".join(data.get("text/plain", ""))


def prose_of(name):
    return [
        notebooks.ANNOUNCED.sub("", cell.source)
        for cell in notebooks.read_twin(notebooks.FOLDER / f"{name}.py").cells
        if cell.cell_type == "markdown" and "budget" not in cell.metadata.get("tags", [])
    ]


@pytest.fixture(scope="module")
def recorded():
    """The numbers of the recorded run."""
    found = set()
    for path in RUN.glob("*.json"):
        found |= numbers_of(path.read_text("utf-8"))
    for row in csv.reader((RUN / "log.csv").open(encoding="utf-8")):
        found |= numbers_of(" ".join(row))
    return found


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_number_of_a_chapter_has_a_source(name, recorded):
    known = recorded | numbers_of(code_of(name))
    assert [found for cell in prose_of(name) for found in without_source(cell, known)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_number_of_a_page_has_a_source(page, recorded):
    missing = []
    for paragraph in re.split(r"\n\s*\n", page.read_text("utf-8")):
        known = set(recorded)
        for source in SOURCE.findall(paragraph):
            known |= numbers_of((notebooks.ROOT / source).read_text("utf-8"))
        missing += without_source(paragraph, known)
    assert missing == []


@pytest.fixture(scope="module")
def package():
    """The names in the package's code, and its texts that are names, such as the losses' keys."""
    found = set()
    for path in (notebooks.ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for attribute in ("name", "id", "arg", "attr", "value", "module"):
                word = getattr(node, attribute, None)
                if isinstance(word, str) and " " not in word:
                    found |= set(NAME.findall(word))
    return found


def in_keras(name):
    """Whether Keras has the name, or an argument of it where a layer or a loss is made."""
    places = (keras, keras.layers, keras.losses, keras.ops, keras.callbacks, keras.optimizers)
    return any(hasattr(place, name) for place in places) or name in keras_arguments()


@functools.cache
def keras_arguments():
    classes = [*vars(keras.layers).values(), *vars(keras.losses).values()]
    return {
        argument
        for one in classes
        if inspect.isclass(one)
        for argument in inspect.signature(one).parameters
    }


def unknown_names(markdown, known):
    """Return the spans in code font with a name that nothing has; placeholders are in capitals."""
    spans = SPAN.findall(ROLE.sub(" ", FENCE.sub("", markdown)))
    return [
        span
        for span in spans
        if not all(n in known or n.isupper() or in_keras(n) for n in NAME.findall(span))
    ]


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_name_in_code_font_exists(name, package):
    known = package | set(NAME.findall(code_of(name)))
    assert [span for cell in prose_of(name) for span in unknown_names(cell, known)] == []


# That these tests can fail.


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        ("It took 259 s.", ["259"]),
        ("A loss of 1.386, or −0.25.", ["1.386", "−0.25"]),
        ("About 60 000 digits, 28x28, in the 1 920 numbers.", ["60 000", "1 920"]),
        ("Twelve of 12, as in §2.3 and $x = 77$ and `77` and [77](page.md#erratum-77).", []),
        ("> the article's 60000\n\n:::{admonition} Erratum 31: x\n(erratum-31)=", []),
        ("1. First, 50 steps.\n20. Then, 30.", ["50", "30"]),
    ],
)
def test_numbers_of_prose_are_found(markdown, found):
    assert [number for number, _ in claimed(markdown)] == found


def test_a_number_needs_a_source():
    assert without_source("In 2015 it took 259 s.", {2015.0}) == ["259: In 2015 it took 259 s."]
    assert without_source("It took 259 s {cite:p}`gatys2016`.", set()) == []
    assert without_source("Chance is 10 %, here 41 %.", {0.41}) == []
    assert without_source("It took 259 s. He said so {cite:p}`gatys2016`.", set()) != []


def test_an_invented_name_is_found(package):
    assert unknown_names("The `hinge` loss, a `Conv2DTranspose`, `GAN.fit`.", package) == []
    assert unknown_names("The `relativistic_loss` {cite:p}`nobody`.", package) == [
        "relativistic_loss"
    ]
    assert unknown_names("Run `abstractgan paint MOVEMENT`.", package) == []


def test_the_source_that_a_page_names_exists():
    for page in PAGES:
        for source in SOURCE.findall(page.read_text("utf-8")):
            assert Path(notebooks.ROOT / source).is_file()

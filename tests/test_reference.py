"""The reference pages agree with their sources: docstrings, notebooks and measurements."""

import ast
import csv
import json
import re
from itertools import pairwise

import pytest
from conftest import ROOT
from sphinx.util.inventory import InventoryFile
from test_prose import prose_of

import book_reference
import notebooks
from abstractgan.cli import cli

PACKAGE = ROOT / "src"
CHAPTERS = [p for p in book_reference.chapters(ROOT) if p.startswith("notebooks/")]


def module_name(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def name_of(page):
    return page.removeprefix("notebooks/")


def is_command(function):
    return any(re.search(r"\.(command|group)\(", ast.unparse(d)) for d in function.decorator_list)


def definitions(path):
    """Yield name and node of a module's public functions and classes, and of their methods.

    A class's ``__init__`` stands for the class, whose docstring says what it takes.
    """
    module = module_name(path)
    for node in ast.parse(path.read_text("utf-8")).body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or is_command(node):
            continue
        members = node.body if isinstance(node, ast.ClassDef) else []
        methods = [m for m in members if isinstance(m, ast.FunctionDef)]
        for owner, one in ((module, node), *((f"{module}.{node.name}", m) for m in methods)):
            if not one.name.startswith("_") and not node.name.startswith("_"):
                yield f"{owner}.{one.name}", one


def constants(path):
    """Yield the full names of a module's constants and types."""
    for node in ast.parse(path.read_text("utf-8")).body:
        targets = getattr(node, "targets", [node.target] if isinstance(node, ast.AnnAssign) else [])
        for name in (name for target in targets for name in ast.walk(target)):
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store):
                yield f"{module_name(path)}.{name.id}"


def public_names(path):
    """Yield the full names of all that a module has for others."""
    yield from (name for name, _ in definitions(path))
    yield from (name for name in constants(path) if "._" not in name)


FILES = {
    module_name(path): path
    for path in (PACKAGE / "abstractgan").rglob("*.py")
    if path.name != "__main__.py"
}
MODULES = {module: set(public_names(path)) for module, path in FILES.items()}


@pytest.fixture(scope="module")
def entries(html):
    """The names with an entry, and the page of each."""
    with (html / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda folder, page: page)
    return {
        name: entry[2]
        for kind, names in inventory.items()
        if kind.startswith("py:")
        for name, entry in names.items()
    }


@pytest.fixture
def read(html):
    """A function that returns the text of a page's main part, with or without its tags."""

    def read_page(page, tags=True):
        text = (html / f"{page}.html").read_text("utf-8")
        article = re.search(r"<article.*?</article>", text, re.DOTALL)[0]
        return article if tags else re.sub(r"<[^>]+>|¶|#(?=\n)", "", article)

    return read_page


def test_every_module_is_on_exactly_one_page():
    pages = "".join(p.read_text("utf-8") for p in sorted((ROOT / "book" / "api").iterdir()))
    listed = re.findall(r"automodule:: (\S+)", pages)
    assert sorted(listed) == sorted(MODULES)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_public_name_has_an_entry(entries, module):
    assert module in entries
    assert sorted(MODULES[module] - set(entries)) == []


def test_a_constants_value_is_shown_where_it_is_plain_and_short(read):
    shown = read("book/api/training", tags=False)
    assert "TIME_COLUMNS = ('epoch', 'step', 'seconds')" in shown
    assert not re.search(r"^RUNS = ", shown, re.MULTILINE) and "PosixPath" not in shown
    assert not book_reference.is_short("array([1.0, 2.0])")
    assert not book_reference.is_short(repr(list(range(30))))


def parameters(function):
    """Return the names of what a function takes, as docstrings write them."""
    taken = function.args
    names = [each.arg for each in (*taken.posonlyargs, *taken.args, *taken.kwonlyargs)]
    names += [f"*{each.arg}" for each in [taken.vararg] if each]
    names += [f"**{each.arg}" for each in [taken.kwarg] if each]
    return [name for name in names if name not in ("self", "cls")]


def raised(function):
    """Return the errors for readers that a function's own lines raise, not those within it."""
    names, waiting = set(), list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            names.add(ast.unparse(node.exc.func))
        if not isinstance(node, ast.FunctionDef):
            waiting += ast.iter_child_nodes(node)
    return names & {"UserError", "traitlets.TraitError"}


def untold(node):
    """Return what the docstring of a function or a class does not tell."""
    told = ast.get_docstring(node) or ""
    if isinstance(node, ast.FunctionDef):
        function, fields = node, []
    else:
        starts = ("__init__", "__post_init__")
        function = next((m for m in node.body if getattr(m, "name", "") in starts), None)
        fields = [
            field.target.id
            for field, after in pairwise([*node.body, ast.Pass()])
            if isinstance(field, ast.AnnAssign)
            and not field.target.id.startswith("_")
            and "ClassVar" not in ast.unparse(field.annotation)
            and not isinstance(after, ast.Expr)  # its own docstring
        ]
    wanted = [f"    {name}:" for name in [*(parameters(function) if function else []), *fields]]
    wanted += [f"    {name}:" for name in (raised(function) if function else ())]
    return [each.strip() for each in wanted if f"\n{each}" not in told] if told else ["anything"]


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_docstring_tells_what_is_taken_and_what_is_raised(module):
    found = {name: untold(node) for name, node in definitions(FILES[module])}
    assert {name: missing for name, missing in found.items() if missing} == {}


def test_a_docstring_that_does_not_tell_is_found():
    code = """
def f(a, *b, **c):
    '''Do it.

    Args:
        a: One.
    '''
    raise UserError("No.")
"""
    (node,) = ast.parse(code).body
    assert untold(node) == ["*b:", "**c:", "UserError:"]


def test_the_overview_names_every_part(read):
    page = read("book/api/index", tags=False)
    parts = {name for name in MODULES if name.count(".") == 1} - {"abstractgan.errors"}
    assert [part for part in sorted(parts) if part not in page] == []


def test_a_docstring_and_its_chapter_lead_to_each_other(read):
    entry = (
        read("book/api/features").split('id="abstractgan.losses.gram_loss"')[1].split("</dl>")[0]
    )
    assert 'href="../../notebooks/gatys.html"' in entry
    last = read("notebooks/gatys").split("In the package:")[1]
    assert 'href="../book/api/features.html#abstractgan.losses.gram_loss"' in last


def test_every_chapter_that_a_docstring_names_leads_back(read):
    for path in (PACKAGE / "abstractgan").rglob("*.py"):
        for chapter in book_reference.CHAPTER.findall(
            ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        ):
            name = module_name(path).removeprefix("abstractgan.")
            last = read(f"notebooks/{chapter}", tags=False).split("In the package:")[1]
            assert name in re.findall(r"[\w.]*\w", last), (chapter, name)


def test_prose_leads_to_what_the_chapter_imports(entries, read):
    known = {name.rpartition(".")[2] for name in entries}
    linked = set()
    for page in CHAPTERS:
        cells = notebooks.read_twin(ROOT / f"{page}.py").cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        prose, shown = "\n".join(prose_of(name_of(page))), read(page)
        imported = {
            alias.name
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("abstractgan")
            for alias in node.names
        }
        for name in imported & known & set(re.findall(r"(?<!\})`(\w+)`", prose)):
            assert re.search(rf'href="../book/api/[^"]*\.{name}"', shown), (page, name)
            linked.add(name)
    assert len(linked) > 10


def test_no_docstring_shows_a_chapter_as_a_path(read):
    for page in book_reference.chapters(ROOT):
        if page.startswith("book/api/"):
            assert re.findall(r">/?notebooks/\w+<", read(page)) == []


def test_every_command_and_option_is_shown(read):
    page = read("book/api/command_line", tags=False)
    for words in book_reference.commands(cli):
        assert " ".join(["Usage: abstractgan", *words]) in page
        command = cli
        for word in words:
            command = command.commands[word]
        for parameter in command.params:
            assert all(option in page for option in parameter.opts if option.startswith("-"))


def exercises_of(page):
    """Return the numbers of a chapter's exercises, as its cells have them."""
    text = "\n\n".join(prose_of(name_of(page)))
    if page.endswith("_exercises"):
        return re.findall(r"^## (\d+)\. ", text, re.MULTILINE)
    return re.findall(r"^\*\*(\d+)\. ", text.partition("## Exercises\n")[2], re.MULTILINE)


def test_every_exercise_is_listed_with_its_solution(read):
    listed = read("book/exercises")
    for page in CHAPTERS:
        if page.endswith("_solutions"):
            continue
        solutions, mark = page, "solution"
        if page.endswith("_exercises"):
            solutions, mark = page.replace("_exercises", "_solutions"), "exercise"
        numbers = exercises_of(page)
        assert listed.count(f'"../{page}.html#exercise-') == len(numbers)
        for number in numbers:
            assert f'"../{page}.html#exercise-{number}"' in listed
            assert f'"../{solutions}.html#{mark}-{number}"' in listed


def rows(page):
    """Return the texts of a page's table rows, cell by cell."""
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    ]


def seconds_of(text):
    number, unit = text.split()
    return float(number) * {"s": 1, "min": 60}[unit]


def test_the_timings_are_those_that_were_measured(read):
    page = read("book/timings")
    timings = json.loads((notebooks.FOLDER / "timings.json").read_text("utf-8"))
    found = re.findall(r"<tr.*?notebooks/(\w+)\.html.*?</tr>", page, re.DOTALL)
    assert sorted(found) == sorted(set(timings) & set(map(name_of, CHAPTERS)))
    measured = dict(zip(found, [r for r in rows(page) if len(r) == 3], strict=True))
    for name, (_, time, memory) in measured.items():
        assert seconds_of(time) == pytest.approx(timings[name]["seconds"], abs=3)
        assert float(memory.split()[0]) == pytest.approx(
            timings[name]["megabytes"] / 1000, abs=0.051
        )
        assert timings[name]["machine"] in page


def test_the_runs_are_those_that_were_recorded(read):
    assets = PACKAGE / "abstractgan" / "assets"
    shown = {row[0]: row for row in rows(read("book/timings")) if len(row) == 5}
    logs = {p.parent.relative_to(assets).as_posix(): p for p in assets.rglob("log.csv")}
    assert set(shown) == set(logs)
    for name, log in logs.items():
        last = list(csv.DictReader(log.open(encoding="utf-8")))[-1]
        assert shown[name][2] == last["step"]
        assert seconds_of(shown[name][3]) == pytest.approx(float(last["seconds"]), abs=3.1)


def test_a_time_is_said_in_words():
    assert [book_reference.duration(s) for s in (5.4, 119, 259.1)] == ["6 s", "119 s", "4.3 min"]
    environment = {"gpus": [], "processors": 2, "processor": "X", "python": "3.11.7"}
    text = book_reference.hardware(environment | {"tensorflow": "2.21.0"})
    assert text == "2 cores of X, no GPU, Python 3.11, TensorFlow 2.21"
    environment = {"gpus": ["Y"], "processors": 16, "python": "3.12.3", "jax": "0.11.2"}
    assert book_reference.hardware(environment) == "16 cores, Y, Python 3.12, JAX 0.11"

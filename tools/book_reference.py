"""The book's reference pages, made from their sources whenever the book is built.

- A docstring's ``notebooks/NAME`` becomes a link to that chapter, and the chapter's last line leads
  back. A name that a chapter imports from the package leads to its entry where prose first uses it.
- ``command-help`` shows what every command answers to ``--help``.
- ``exercises`` lists the exercises of all chapters, with links to them and to their solutions.
- ``notebook-timings`` and ``recorded-runs`` tabulate what was measured.
"""

import ast
import csv
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any, cast

import click
import yaml
from click.testing import CliRunner
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.domains.python import ObjectEntry, PythonDomain
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.ext.autodoc.mock import MockFinder
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

import abstractgan
from abstractgan.cli import cli
from catalogues import LANGUAGE, catalogue, in_language

ASSETS = Path(abstractgan.__file__).parent / "assets"


def chapters(source: str | Path) -> Iterator[str]:
    """Yield the book's pages after the first, in their order."""

    def files(entries: list[dict[str, Any]]) -> Iterator[str]:
        for entry in entries:
            yield entry["file"]
            yield from files(entry.get("sections", []))

    contents = yaml.safe_load(Path(source, "_toc.yml").read_text("utf-8"))
    for part in contents["parts"]:
        yield from files(part["chapters"])


class Generated(SphinxDirective):
    """A directive whose content is MyST text, made from files that the page then depends on.

    Attributes:
        as_is: Whether the text is no matter for translators.
    """

    as_is = False

    def run(self) -> list[nodes.Node]:
        """Return the nodes of the text."""
        made = self.parse_text_to_nodes("\n".join(self.lines()), allow_section_headings=True)
        for node in made if self.as_is else ():
            node["classes"].append("as-is")
        return made

    def lines(self) -> Iterator[str]:
        """Yield the lines of the text."""
        raise NotImplementedError

    def read(self, path: Path) -> str:
        """Read a file, and build the page again when it changes."""
        self.env.note_dependency(str(path))
        return path.read_text("utf-8")


# The package and the chapters, linked both ways.

CHAPTER = re.compile(r"``notebooks/(\w+)``")
CODE = re.compile(r"(\w+)((?:\.\w+)*)(?:\(.*\))?", re.DOTALL)


def mock_imports(app: Sphinx, config: Config) -> None:
    """Keep from being loaded, at any time, what autodoc replaces while it imports the package.

    It looks into the modules of base classes later, too.
    """
    sys.meta_path.insert(0, MockFinder(config.autodoc_mock_imports))


def skip_field(app: Sphinx, what: str, name: str, thing: Any, skip: bool, options: Any) -> Any:
    """Leave out the fields of named tuples, which the docstring of the class describes."""
    return True if type(thing).__name__ == "_tuplegetter" else None


class Qualified(ast.NodeTransformer):
    """Gives the package's classes their full names, so that a signature leads to their entries."""

    def __init__(self, module: str) -> None:
        self.names = vars(sys.modules[module])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return the name as it is, or in full."""
        found = self.names.get(node.id)
        if isinstance(found, type) and found.__module__.startswith("abstractgan."):
            return ast.parse(f"{found.__module__}.{found.__qualname__}", mode="eval").body
        return node


def written_signature(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, signature: str, returns: str
) -> tuple[str, str | None] | None:
    """Show arguments as the code has them: ``Tensor`` and ``ArrayLike``, not what these stand for.

    What is generated, as for a dataclass, stays as it is; what another package defines is left out.
    """
    function = thing.__init__ if what == "class" else thing
    if not isinstance(function, FunctionType | MethodType):
        return None
    if not function.__module__.startswith("abstractgan"):
        return "", None
    try:
        written = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except OSError:
        return signature.replace("~", "").replace("<factory>", "..."), None
    assert isinstance(written, ast.FunctionDef)
    if what in ("class", "method"):
        del written.args.args[0]  # self
    Qualified(function.__module__).visit(written)
    result = ast.unparse(written.returns) if written.returns and what != "class" else None
    return f"({ast.unparse(written.args)})", result


LONGEST_VALUE = 60
PARAMETERS = re.compile(r"<dl>\s*((?:<dd>.*</dd>\s*)+)</dl>")


def mend_parameters(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Make boxes of a long signature's lines, which Sphinx makes definitions without terms."""

    def boxes(found: re.Match[str]) -> str:
        return f'<div class="sig-parameters">{re.sub("(?<=[</])dd>", "div>", found[1])}</div>'

    if "body" in context:
        context["body"] = PARAMETERS.sub(boxes, context["body"])


def keep_short_values(app: Sphinx, doctree: nodes.document) -> None:
    """Show what a constant holds where that is short and the same on every machine."""
    for annotation in list(doctree.findall(addnodes.desc_annotation)):
        value = annotation.astext().removeprefix(" = ")
        if value != annotation.astext() and not is_short(value):
            annotation.parent.remove(annotation)


def is_short(value: str) -> bool:
    """Whether a value is a few plain numbers or texts: no path, no object, no long table."""
    try:
        ast.literal_eval(value)
    except (SyntaxError, ValueError):
        return False
    return len(value) <= LONGEST_VALUE


def link_docstring(
    app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]
) -> None:
    """Turn the chapters that a docstring names into links, and note them for the way back."""
    text = "\n".join(lines)
    taught = vars(app.env).setdefault("taught_in", {})
    taught[name] = {f"notebooks/{chapter}" for chapter in CHAPTER.findall(text)}
    lines[:] = CHAPTER.sub(r":doc:`/notebooks/\1`", text).split("\n")


def link_chapter(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Link a chapter to the entries of what it imports, and of what names it in its docstring."""
    twin = Path(app.srcdir, f"{page}.py")
    if not twin.exists():
        return
    taught = [e for e, pages in vars(app.env).get("taught_in", {}).items() if page in pages]
    known = classes(app.env, taught) | imports(app.env, twin.read_text("utf-8"))
    for literal in list(doctree.findall(nodes.literal)):
        parts = CODE.fullmatch(literal.astext())
        if not parts or parts[1] not in known:
            continue
        link = reference_to(app, page, known[parts[1]] + parts[2], literal)
        if link and not isinstance(literal.parent, nodes.reference | nodes.title):
            literal.replace_self(link)
            del known[parts[1]]  # the first time is enough
    start = in_language(app.config.language, "In the package: ")
    line = nodes.paragraph("", "", nodes.strong("", start))
    for entry in taught:
        name = nodes.literal("", entry.removeprefix("abstractgan."))
        if link := reference_to(app, page, entry, name):
            line += [link, nodes.Text(", ")]
    if len(line) > 1:
        line[-1] = nodes.Text(".")
        doctree[0] += line


def classes(env: BuildEnvironment, modules: list[str]) -> dict[str, str]:
    """Return the names of the classes in some modules, and their full names."""
    return {
        name: entry
        for entry, found in entries_of(env).items()
        for module, _, name in [entry.rpartition(".")]
        if found.objtype == "class" and module in modules
    }


def imports(env: BuildEnvironment, code: str) -> dict[str, str]:
    """Return the names that some code imports from the package, and their full names."""
    imported = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("abstractgan"):
            for alias in node.names:
                # A package hands on what its modules define.
                start, end = f"{node.module}.", f".{alias.name}"
                found = [e for e in entries_of(env) if e.startswith(start) and e.endswith(end)]
                if found:
                    imported[alias.asname or alias.name] = min(found, key=len)
    return imported


def entries_of(env: BuildEnvironment) -> dict[str, ObjectEntry]:
    """Return the entries of all names, by their full names."""
    return cast(PythonDomain, env.get_domain("py")).objects


def reference_to(app: Sphinx, page: str, entry: str, text: nodes.Node) -> nodes.Node | None:
    """Return a link from a page to the entry of a name, or None where it has no entry."""
    found = entries_of(app.env).get(entry)
    if found is None:
        return None
    return make_refnode(app.builder, page, found.docname, found.node_id, text.deepcopy(), entry)


class CommandHelp(SphinxDirective):
    """A section for each command, with what it answers to ``--help``."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        return [self.section(*words) for words in commands(cli)]

    def section(self, *words: str) -> nodes.section:
        """Return the section of one command."""
        answer = CliRunner().invoke(
            cli, [*words, "--help"], prog_name="abstractgan", terminal_width=80
        )
        called = " ".join(["abstractgan", *words])
        help_text = nodes.literal_block(answer.output, answer.output, language="text")
        section = nodes.section("", nodes.title("", "", nodes.literal("", called)), help_text)
        section["names"].append(called)
        self.state.document.note_implicit_target(section)
        return section


def commands(group: click.Group, *before: str) -> Iterator[tuple[str, ...]]:
    """Yield the words of each command, groups before what they contain."""
    yield before
    for word, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *before, word)
        else:
            yield (*before, word)


# Exercises.

# In a chapter: **1. A title.** A question; in a notebook of exercises: ## 1. A title
EXERCISE = re.compile(r"^(?:# )?(?:\*\*|## )(\d+)\. (.+?)\.?(?:\*\*|$)", re.MULTILINE)


class Exercises(Generated):
    """A list of the chapters that have exercises, and beneath each its exercises."""

    as_is = True

    def lines(self) -> Iterator[str]:
        """Yield the list; the solutions of a notebook of exercises stand in its twin."""
        word = in_language(self.config.language, "solution")
        for page in chapters(self.env.srcdir):
            found = list(self.found(page))
            if found:
                yield f"- {{doc}}`/{page}`"
            for number, title in found:
                solution = f"{page}-solution-{number}"
                if page.endswith("_exercises"):
                    solution = f"{page.removesuffix('exercises')}solutions-exercise-{number}"
                yield (
                    f"  {number}. {{ref}}`{title} <{page}-exercise-{number}>` "
                    f"({{ref}}`{word} <{solution}>`)"
                )

    def found(self, page: str) -> Iterator[tuple[str, str]]:
        """Yield number and title of each exercise on a page."""
        path = next(Path(self.env.srcdir).glob(f"{page}.[pm][yd]"), None)
        if path and not page.endswith("_solutions"):
            text = self.read(path)
            _, heading, exercises = text.partition("## Exercises\n")
            if heading or page.endswith("_exercises"):
                translated = self.translated(page)
                for number, title in EXERCISE.findall(exercises if heading else text):
                    yield number, translated.get(number, title)

    def translated(self, page: str) -> dict[str, str]:
        """Return the titles of a page's exercises as the edition has them, by their numbers."""
        if self.config.language != LANGUAGE:
            return {}
        titles = (EXERCISE.match(text) for text in catalogue(page).values())
        return {found[1]: found[2].removesuffix("。") for found in titles if found}


def mark_exercises(app: Sphinx, document: nodes.document) -> None:
    """Give exercises and solutions the labels that the list of exercises leads to."""
    page = app.env.docname
    labels = cast(StandardDomain, app.env.get_domain("std")).anonlabels
    places = [document]
    if not page.endswith(("_exercises", "_solutions")):
        places = [s for s in document.findall(nodes.section) if s[0].rawsource == "Exercises"]
    number = "0"
    for node in (node for place in places for node in place.findall()):
        if not isinstance(node, nodes.section | nodes.admonition | nodes.paragraph):
            continue
        start = next((child for child in node.children if child.astext()), nodes.Text(""))
        found = re.match(r"(\d+)\. ", start.astext())
        if found and isinstance(start, nodes.title | nodes.strong):
            number = found[1]
            label = f"exercise-{number}"
        elif isinstance(start, nodes.title) and start.rawsource == "Solution":
            label = f"solution-{number}"
        else:
            continue
        node["ids"].append(label)
        labels[f"{page}-{label}"] = page, label


# Measurements.


def duration(seconds: float) -> str:
    """Say a time in seconds, or from two minutes on in minutes."""
    return f"{ceil(seconds)} s" if seconds < 120 else f"{seconds / 60:.1f} min"


class NotebookTimings(Generated):
    """For each machine a table of what notebooks took when their outputs were stored."""

    as_is = True

    def lines(self) -> Iterator[str]:
        """Yield the tables, in the order of the book."""
        timings = json.loads(self.read(Path(self.env.srcdir, "notebooks", "timings.json")))
        pages = {page.removeprefix("notebooks/"): page for page in chapters(self.env.srcdir)}
        rows = {name: timings[name] for name in pages if name in timings}
        for machine in sorted({row["machine"] for row in rows.values()}):
            yield from (f"Measured on {machine}:", "")
            yield from ("| Notebook | Time | Memory |", "| --- | ---: | ---: |")
            for name, row in rows.items():
                if row["machine"] == machine:
                    time, memory = duration(row["seconds"]), f"{row['megabytes'] / 1000:.1f} GB"
                    yield f"| {{doc}}`/{pages[name]}` | {time} | {memory} |"
            yield ""
        yield f"Together: {duration(sum(row['seconds'] for row in rows.values()))}."


class RecordedRuns(Generated):
    """For each machine a table of the trainings whose logs the package carries."""

    as_is = True

    def lines(self) -> Iterator[str]:
        """Yield the tables, in the order of the folders' names."""
        rows: dict[str, list[str]] = {}
        for log in sorted(ASSETS.rglob("log.csv")):
            *_, last = csv.DictReader(self.read(log).splitlines())
            config, environment = (
                json.loads(self.read(log.with_name(f"{name}.json")))
                for name in ("config", "environment")
            )
            steps, seconds = int(last["step"]), float(last["seconds"])
            rows.setdefault(hardware(environment), []).append(
                f"| `{log.parent.relative_to(ASSETS).as_posix()}` | `{config['name']}` | {steps} "
                f"| {duration(seconds)} | {seconds / steps:.2f} s |"
            )
        for machine in sorted(rows):
            yield from (f"Trained on {machine}:", "")
            yield "| Run | Profile | Steps | Time | Time of a step |"
            yield from ("| --- | --- | ---: | ---: | ---: |", *rows[machine], "")


def hardware(environment: dict[str, Any]) -> str:
    """Describe what a run was trained on."""
    gpus = ", ".join(environment["gpus"]) or "no GPU"
    make = f" of {environment['processor']}" if "processor" in environment else ""
    versions = [
        f"{title} {'.'.join(environment[name].split('.')[:2])}"
        for name, title in {"python": "Python", "tensorflow": "TensorFlow", "jax": "JAX"}.items()
        if name in environment
    ]
    return f"{environment['processors']} cores{make}, {gpus}, {', '.join(versions)}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_directive("command-help", CommandHelp)
    app.add_directive("exercises", Exercises)
    app.add_directive("notebook-timings", NotebookTimings)
    app.add_directive("recorded-runs", RecordedRuns)
    app.connect("config-inited", mock_imports)
    app.connect("autodoc-skip-member", skip_field)
    app.connect("autodoc-process-signature", written_signature)
    app.connect("html-page-context", mend_parameters)
    app.connect("autodoc-process-docstring", link_docstring)
    app.connect("doctree-read", mark_exercises)
    app.connect("doctree-read", keep_short_values)
    app.connect("doctree-resolved", link_chapter)
    return {"parallel_write_safe": True}

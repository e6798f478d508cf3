"""The learning path of the landing page, made from ``book/learning_path.yml`` when it is built.

``learning-path`` makes a card of each path: its pages, how long one reads, how long *Run all* took
and how long the recorded trainings took.
"""

import csv
import json
import re
from collections.abc import Iterator
from functools import partial
from math import ceil
from pathlib import Path
from typing import NamedTuple

import yaml
from sphinx.errors import ExtensionError

from book_reference import ASSETS, Generated, chapters, duration, hardware
from catalogues import AS_IS, in_language

WORDS_A_MINUTE = 238
"""Of silent readers of English non-fiction, the mean (Brysbaert 2019)."""

NOT_READ = re.compile(
    r"```.*?```|\$[^$]+\$|\]\([^)]*\)|\{[\w:]+\}|^[%:].*?$", re.DOTALL | re.MULTILINE
)
WORD = re.compile(r"[^\W\d_]+")


class Page(NamedTuple):
    """A page of a path.

    Attributes:
        name: As the table of contents has it.
        reading: Seconds for its words, without code and mathematics.
        running: Seconds of *Run all*; 0 where nothing is run.
    """

    name: str
    reading: float
    running: float


class Training(NamedTuple):
    """A recorded training of a path.

    Attributes:
        command: Which one it was.
        seconds: Of its steps.
        machine: What it ran on.
        gpu: Whether there was one.
    """

    command: str
    seconds: float
    machine: str
    gpu: bool


class Route(NamedTuple):
    """A path.

    Attributes:
        title: How long it is meant to take.
        minutes: The same as a number.
        about: What one does, a sentence or two.
        gpu: Whether it wants a GPU.
        pages: In their order.
        trainings: That one repeats.
    """

    title: str
    minutes: float
    about: str
    gpu: bool
    pages: list[Page]
    trainings: list[Training]

    def seconds(self) -> tuple[float, float, float]:
        """Of reading, of *Run all* and of training, together."""
        return (
            sum(page.reading for page in self.pages),
            sum(page.running for page in self.pages),
            sum(training.seconds for training in self.trainings),
        )


def routes(source: Path) -> list[Route]:
    """The paths, with what was measured.

    Raises:
        ExtensionError: If a path names a page that the book lacks, or that was not measured.
    """
    table = yaml.safe_load((source / "book" / "learning_path.yml").read_text("utf-8"))
    timings = json.loads((source / "notebooks" / "timings.json").read_text("utf-8"))
    known = set(chapters(source))

    def page(name: str, run: bool) -> Page:
        if name not in known:
            raise ExtensionError(f"book/learning_path.yml names {name}, which _toc.yml lacks.")
        measured = timings.get(name.removeprefix("notebooks/"))
        if measured is None and run and name.startswith("notebooks/"):
            raise ExtensionError(f"book/learning_path.yml names {name}, which was never timed.")
        return Page(name, reading(source, name), measured["seconds"] if measured and run else 0)

    return [
        Route(
            title=row["title"],
            minutes=row["minutes"],
            about=row["about"],
            gpu=row.get("gpu", False),
            pages=[page(name, row.get("run", True)) for name in row["pages"]],
            trainings=[training(name) for name in row.get("trainings", [])],
        )
        for row in table
    ]


def reading(source: Path, page: str) -> float:
    """Seconds to read a page's words, code and mathematics left out."""
    notebook = source / f"{page}.ipynb"
    if notebook.exists():
        cells = json.loads(notebook.read_text("utf-8"))["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    else:
        text = (source / f"{page}.md").read_text("utf-8")
    return 60 * len(WORD.findall(NOT_READ.sub(" ", text))) / WORDS_A_MINUTE


def training(name: str) -> Training:
    """A training whose log the package carries, as ``runs/style_cpu``."""
    folder = ASSETS / name
    with (folder / "log.csv").open(encoding="utf-8", newline="") as file:
        *_, last = csv.DictReader(file)
    config, environment = (
        json.loads((folder / f"{each}.json").read_text("utf-8"))
        for each in ("config", "environment")
    )
    return Training(
        command=f"abstractgan train {folder.name.split('_')[0]} --profile {config['name']}",
        seconds=float(last["seconds"]),
        machine=hardware(environment),
        gpu=bool(environment["gpus"]),
    )


def minutes(seconds: float) -> str:
    """Say a time of reading."""
    return f"{ceil(seconds / 60)} min"


class LearningPath(Generated):
    """A card for each path."""

    def lines(self) -> Iterator[str]:
        """Yield the cards."""
        source = Path(self.env.srcdir)
        for name in ("book/learning_path.yml", "notebooks/timings.json"):
            self.read(source / name)
        yield from ("::::{grid} 1 1 3 3", ":gutter: 3", "")
        for route in routes(source):
            yield from (f":::{{grid-item-card}} {route.title}", route.about, "")
            yield from (AS_IS, *(f"- {line}" for line in self.steps(route)), "")
            yield from (AS_IS, self.together(route), ":::", "")
        yield "::::"

    def steps(self, route: Route) -> Iterator[str]:
        """Yield what is to be read, run and trained."""
        say = partial(in_language, self.config.language)
        for page in route.pages:
            times = {"page": f"{{doc}}`/{page.name}`", "reading": minutes(page.reading)}
            if page.running:
                times["running"] = duration(page.running)
                yield say("{page}: read {reading}, runs {running}", **times)
            else:
                yield say("{page}: read {reading}", **times)
        for each in route.trainings:
            named = {"command": f"`{each.command}`", "machine": each.machine}
            yield say("{command}: {time} on {machine}", time=duration(each.seconds), **named)

    def together(self, route: Route) -> str:
        """Return the sums, and what was not measured."""
        say = partial(in_language, self.config.language)
        read, run, train = route.seconds()
        parts = [say("Together: {time} of reading", time=minutes(read))]
        parts += [say("{time} of *Run all*", time=duration(run))] if run else []
        parts += [say("{time} of training", time=duration(train))] if train else []
        unknown = route.gpu and not any(each.gpu for each in route.trainings)
        missing = say("On a GPU none of it was measured: the command predicts its time.")
        return say(", ").join(parts) + say(". ") + (missing if unknown else "")

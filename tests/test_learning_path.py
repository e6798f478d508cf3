"""The landing page's paths: they lead to every chapter, and what was measured fits into them."""

import json

import pytest
import yaml
from conftest import ROOT
from sphinx.errors import ExtensionError

from book_reference import chapters
from learning_path import WORDS_A_MINUTE, reading, routes, training

ROUTES = routes(ROOT)


def test_every_chapter_that_runs_is_on_one_path():
    on_paths = [page.name for route in ROUTES for page in route.pages]
    runs = [page for page in chapters(ROOT) if page.startswith("notebooks/")]
    wanted = {page for page in runs if not page.endswith("_solutions")}
    assert sorted(page for page in on_paths if page in runs) == sorted(wanted)


def test_what_was_measured_fits_into_the_time():
    for route in ROUTES:
        assert 0 < sum(route.seconds()) < 60 * route.minutes, route.title
    assert [route.minutes for route in ROUTES] == sorted(route.minutes for route in ROUTES)


def test_times_come_from_the_measurements():
    timings = json.loads((ROOT / "notebooks" / "timings.json").read_text("utf-8"))
    _, afternoon, weekend = ROUTES
    for page in afternoon.pages + weekend.pages:
        assert page.running == timings[page.name.removeprefix("notebooks/")]["seconds"]
    last = (ROOT / "src/abstractgan/assets/runs/digits/log.csv").read_text("utf-8").split()[-1]
    assert training("runs/digits").seconds == float(last.split(",")[2])


@pytest.fixture
def source(tmp_path):
    """A book of one page."""
    for name in ("book", "notebooks"):
        (tmp_path / name).mkdir()
    contents = {"parts": [{"chapters": [{"file": "notebooks/one"}, {"file": "book/two"}]}]}
    (tmp_path / "_toc.yml").write_text(yaml.safe_dump(contents))
    words = " ".join(["word"] * WORDS_A_MINUTE)
    cells = [
        {"cell_type": "markdown", "source": [words, " $x + y$ [", "a](link.md)"]},
        {"cell_type": "code", "source": ["import numpy"]},
    ]
    (tmp_path / "notebooks" / "one.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "book" / "two.md").write_text("# Two words\n\n```python\ncode\n```\n% source: me\n")
    (tmp_path / "notebooks" / "timings.json").write_text("{}")
    return tmp_path


def path_of(source, page, **options):
    row = {"title": "An hour", "minutes": 60, "about": "Read.", "pages": [page]} | options
    (source / "book" / "learning_path.yml").write_text(yaml.safe_dump([row]))
    return source


def test_words_are_counted_without_code_mathematics_and_addresses(source):
    assert reading(source, "notebooks/one") == 60 * (WORDS_A_MINUTE + 1) / WORDS_A_MINUTE
    assert reading(source, "book/two") == 60 * 2 / WORDS_A_MINUTE


def test_a_page_that_is_missing_or_was_never_timed_is_an_error(source):
    with pytest.raises(ExtensionError, match=r"notebooks/three, which _toc\.yml lacks"):
        routes(path_of(source, "notebooks/three"))
    with pytest.raises(ExtensionError, match="notebooks/one, which was never timed"):
        routes(path_of(source, "notebooks/one"))
    [only_read] = routes(path_of(source, "notebooks/one", run=False))
    [prose] = routes(path_of(source, "book/two"))
    assert only_read.pages[0].running == prose.pages[0].running == 0

"""The book's links to other sites: well made, each under one title, and, with a network, alive.

The last is Sphinx's own link check. It speaks only of addresses that are gone: a site that is slow,
or will not talk to a program, is no fault of the book. Without a network it is skipped.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT
from markdown_it import MarkdownIt

import notebooks

GONE = re.compile(r"\b(404|410) |NameResolutionError|Name or service not known")
ARTICLE = (
    "https://www.tensorflow.org/",
    "https://arxiv.org/abs/1406.2661",
    "https://tensorflow.google.cn/tutorials",
)


def texts():
    """Yield each page's name and Markdown."""
    for path in sorted((ROOT / "book").glob("*.md")):
        yield path.stem, path.read_text("utf-8")
    for name in notebooks.names():
        cells = notebooks.read_twin(notebooks.FOLDER / f"{name}.py").cells
        yield name, "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def links(markdown):
    """Yield address and title of each link to another site."""
    for block in MarkdownIt().enable("table").parse(markdown):
        address, title = "", ""
        for token in block.children or ():
            if token.type == "link_open":
                address, title = token.attrs["href"], ""
            elif token.type == "link_close" and ":" in address:
                yield address, title
            title += token.content


def sources():
    """Yield the addresses of the bibliography."""
    entries = (ROOT / "book" / "references.bib").read_text("utf-8")
    return re.findall(r"^ *url *= *\{(.*)\},?$", entries, re.MULTILINE)


def fault(address):
    """Say what is wrong with an address, if anything is."""
    parts = urlsplit(address)
    if parts.scheme != "https":
        return "not https"
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", parts.netloc):
        return "no host"
    if re.search(r"[\s<>\"{}|\\^`]|[.,;]$|utm_", address):
        return "not as one types it"
    return None


def dead(report):
    """Return the addresses that a link check, one JSON object a line, found gone."""
    found = map(json.loads, report.splitlines())
    return sorted({f["uri"] for f in found if f["status"] == "broken" and GONE.search(f["info"])})


FOUND = [(page, *link) for page, text in texts() for link in links(text)]


def test_addresses_are_encrypted_and_well_made():
    assert FOUND and sources()
    addresses = {address for _, address, _ in FOUND} | set(sources())
    assert {address: fault(address) for address in addresses if fault(address)} == {}


def test_an_address_has_one_title_and_a_title_one_address():
    titles, addresses = defaultdict(set), defaultdict(set)
    for _, address, title in FOUND:
        titles[address.rstrip("/")].add(title)
        addresses[title].add(address.rstrip("/"))
    assert {a: t for a, t in titles.items() if len(t) > 1} == {}
    assert {t: a for t, a in addresses.items() if len(a) > 1} == {}


def test_the_page_of_resources_names_each_address_once():
    addresses = [address for page, address, _ in FOUND if page == "resources"]
    assert len(addresses) == len(set(addresses)) > 20
    assert set(ARTICLE) <= set(addresses)


def test_a_work_of_the_bibliography_has_an_address_of_its_own():
    assert len(sources()) == len(set(sources()))


@pytest.fixture
def online():
    """Skip the test at once where no connection to the article's first site can be made."""
    host = urlsplit(ARTICLE[0]).netloc
    try:
        socket.create_connection((host, 443), timeout=3).close()
    except OSError as error:
        pytest.skip(f"No network: {host} cannot be reached ({error}).")


@pytest.mark.network
def test_no_address_is_gone(online, tmp_path):
    for name in ("book", "notebooks", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, tmp_path)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [jupyter_book, "build", ".", "--builder", "linkcheck"]
    try:
        subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=240)
    except subprocess.TimeoutExpired:
        pytest.skip("The other sites did not answer in four minutes.")
    report = (tmp_path / "_build" / "linkcheck" / "output.json").read_text("utf-8")
    assert report
    assert dead(report) == []


# That these tests can fail.


def test_links_are_found_with_their_titles():
    text = "See [a page](page.md), [*that* one](https://a.org/x).\n\n| [c](https://c.org) |\n| - |"
    assert list(links(text)) == [("https://a.org/x", "that one"), ("https://c.org", "c")]


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://arxiv.org/abs/1406.2661", None),
        ("http://arxiv.org/abs/1406.2661", "not https"),
        ("https://localhost/x", "no host"),
        ("https:arxiv.org", "no host"),
        ("https://arxiv.org/abs/1406.2661.", "not as one types it"),
        ("https://arxiv.org/?utm_source=x", "not as one types it"),
    ],
)
def test_faulty_addresses_are_found(address, why):
    assert fault(address) == why


def test_only_what_is_gone_is_called_dead():
    told = {
        "https://a.org": ("broken", "404 Client Error: Not Found for url: https://a.org"),
        "https://b.org": ("broken", "403 Client Error: Forbidden for url: https://b.org"),
        "https://c.org": ("timeout", "Read timed out"),
        "https://d.org": ("working", ""),
        "https://e.org": ("broken", "Failed to resolve 'e.org' (NameResolutionError)"),
    }
    report = "\n".join(
        json.dumps({"uri": uri, "status": status, "info": info})
        for uri, (status, info) in told.items()
    )
    assert dead(report) == ["https://a.org", "https://e.org"]

"""The book's links to other sites: well made, each under one title, and, with a network, alive.

The last is Sphinx's own link check. It speaks only of addresses that are gone: a site that is slow,
or will not talk to a program, is no fault of the book. Without a network it is skipped.
"""

import json
import re
import socket
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT
from markdown_it import MarkdownIt
from test_prose import prose_of

import notebooks
from stamp import copy_tree

GONE = re.compile(r"^(404|410) |NameResolutionError")
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
        yield name, "\n\n".join(prose_of(name))


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


def gone(report):
    """Return the addresses that a link check, one JSON object a line, found to be gone.

    None where fewer than half of all sites answered: then it is the network and not the book.
    """
    found = [each for each in map(json.loads, report.splitlines()) if ":" in each["uri"]]
    answered = [each for each in found if each["status"] in ("working", "redirected")]
    if 2 * len(answered) < len(found):
        return None
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
    copy_tree(tmp_path)
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [jupyter_book, "build", ".", "--builder", "linkcheck"]
    try:
        subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=240)
    except subprocess.TimeoutExpired:
        pytest.skip("The other sites did not answer in four minutes.")
    found = gone((tmp_path / "_build" / "html" / "output.json").read_text("utf-8"))
    if found is None:
        pytest.skip("Most of the other sites cannot be reached from here.")
    assert found == []


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


def told(*findings):
    return "\n".join(
        json.dumps({"uri": uri, "status": status, "info": info}) for uri, status, info in findings
    )


def test_only_what_is_gone_is_called_so():
    report = told(
        ("https://a.org", "broken", "404 Client Error: Not Found for url: https://a.org"),
        ("https://b.org", "broken", "403 Client Error: Forbidden for url: https://b.org"),
        ("https://c.org", "timeout", "Read timed out"),
        ("https://d.org", "broken", "Failed to resolve 'd.org' (NameResolutionError)"),
        *(("https://e.org", status, "") for status in ("working", "redirected") * 2),
        *(("#of-the-book", "unchecked", "") for _ in range(9)),
    )
    assert gone(report) == ["https://a.org", "https://d.org"]


def test_a_network_that_reaches_few_sites_accuses_none():
    lost = ("https://a.org", "broken", "Failed to resolve 'a.org' (NameResolutionError)")
    assert gone(told(lost, lost, ("https://b.org", "working", ""))) is None

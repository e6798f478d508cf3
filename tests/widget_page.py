"""A widget alone on a page in Chromium, and what can be asked of every widget there.

A test module takes the fixture `alone` (conftest.py) and calls `alone(widget, width=320)`; the page
holds that widget's own script, style and state, and at the test's end it must have reported nothing
and asked for nothing. `Seen` is a widget on whatever page: alone, in the book, in JupyterLab.
"""

import json

from accessibility import REPEATED, violations
from playwright.sync_api import expect

ADDRESS = "http://widget.test/"

# A model as a widget manager gives it: it holds the state and calls back when it changes.
PAGE = """<!doctype html>
<html lang="%(lang)s" %(html)s><head><title>A widget</title>
<link rel="stylesheet" href="widget.css">
<style>body { margin: 0; }</style></head>
<body %(body)s><main></main>%(words)s<script type="module">
import widget from "./widget.js";
class Model {
  state = %(state)s;
  listeners = new Map();
  saved = null;
  get(key) { return this.state[key]; }
  set(key, value) {
    if (JSON.stringify(this.state[key]) === JSON.stringify(value)) return;
    this.state[key] = value;
    for (const listener of this.listeners.get(`change:${key}`) ?? []) listener();
  }
  on(name, listener) { this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]); }
  off(name, listener) {
    this.listeners.set(name, this.listeners.get(name).filter((one) => one !== listener));
  }
  save_changes() { this.saved = { ...this.state }; }
}
window.model = new Model();
window.show = () => widget.render({ model, el: document.querySelector("main") });
window.cleanup = show();
</script></body></html>"""

THEMES = {  # attributes of <html> and of <body>
    "book light": ("data-theme='light'", ""),
    "book dark": ("data-theme='dark'", ""),
    "Colab dark": ("theme='dark'", ""),
    "JupyterLab light": ("", "data-jp-theme-light='true'"),
    "JupyterLab dark": ("", "data-jp-theme-light='false'"),
    "silent": ("", ""),
}


class Seen:
    """The first widget on a page that a selector finds."""

    def __init__(self, page, selector=".ag-widget"):
        self.page = page
        self.root = page.locator(selector).first
        self.root.locator(".reading p").first.wait_for(state="attached")
        self.root.scroll_into_view_if_needed()
        self.spoken = self.root.locator(".spoken")

    def words(self):
        """The reading as the eye finds it."""
        return " ".join(self.root.locator(".reading p").all_text_contents())

    def drawing(self):
        """All that is drawn, as text."""
        return self.root.evaluate(
            """(root) => [
                ...[...root.querySelectorAll("svg:not(.swatch)")].map((svg) => svg.innerHTML),
                ...[...root.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()),
                ...[...root.querySelectorAll("[role=img]")].map((e) => e.style.backgroundPosition),
            ].join("\\n")"""
        )

    def check_change(self, act, *, both=True):
        """An act of the reader changes the drawing and the words, or at least one of them.

        What is spoken follows when the widget rests.
        """
        drawing, words = self.drawing(), self.words()
        act()
        for _ in range(100):  # what is drawn in the next frame may be late on a busy machine
            changed = (self.drawing() != drawing, self.words() != words)
            if all(changed) if both else any(changed):
                break
            self.page.wait_for_timeout(50)
        else:
            raise AssertionError(f"drawing and words changed: {changed}")
        expect(self.spoken).to_have_text(self.words())

    def unfold(self):
        """Open what is folded in."""
        self.root.evaluate(
            "(root) => root.querySelectorAll('details').forEach((d) => (d.open = 1))"
        )

    def axe(self):
        """What axe-core finds wrong in the widget."""
        return violations(self.root, without=REPEATED)


class Alone(Seen):
    """A page that holds a widget and nothing else, or with it words for the English ones."""

    def __init__(
        self, browser, widget, theme="silent", scheme="light", width=800, words=None, **settings
    ):
        self.widget = widget
        self.context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, **settings
        )
        self.faults = []
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("console", lambda message: self.faults.append(message.text))
        page = self.context.new_page()
        html, body = THEMES[theme]
        state = json.dumps(widget.settings())
        table = f'<script type="application/json" id="ag-words">{json.dumps(words)}</script>'
        language = {"lang": "zh-CN", "words": table} if words else {"lang": "en", "words": ""}
        text = PAGE % {"html": html, "body": body, "state": state, **language}
        page.route("**/*", lambda route: self.answer(route, text))
        page.goto(ADDRESS)
        super().__init__(page)

    def answer(self, route, text):
        name = route.request.url.partition("#")[0].removeprefix(ADDRESS)
        if name == "":
            route.fulfill(body=text, content_type="text/html; charset=utf-8")
        elif name == "widget.js":
            route.fulfill(body=self.widget._esm, content_type="text/javascript")
        elif name == "widget.css":
            route.fulfill(body=self.widget._css, content_type="text/css")
        elif name == "favicon.ico":
            route.fulfill(status=204)
        else:
            self.faults.append(f"request to {route.request.url}")
            route.abort()

    def set(self, **settings):
        """Change the model's state, as Python does through a kernel."""
        self.page.evaluate(
            "(state) => { for (const name in state) model.set(name, state[name]); }", settings
        )

    def state(self):
        """The model's state."""
        return self.page.evaluate("model.state")

    def reading(self):
        """Python's reading for the state of the model."""
        for name, value in self.state().items():
            self.widget.set_trait(name, value)
        return self.widget.reading

    def check_words(self):
        """The words seen and the words spoken are Python's."""
        assert self.words() == self.reading()
        expect(self.spoken).to_have_text(self.words())

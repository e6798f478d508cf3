"""A content security policy for each finished page, by meta tag: what it may load and run.

The policy begins with the page's own site and nothing else. Every relaxation stands here with its
reason, and `SECURITY.md` tells readers what is left. A page gets only what the scripts on it need.
"""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

from sphinx.application import Sphinx

Policy = dict[str, list[str]]

BASE: Policy = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    # Tables, figures and Chinese words carry style attributes; MathJax, the theme and anywidget put
    # style elements into the page that they write themselves, so that no hash can be known.
    "style-src": ["'self'", "'unsafe-inline'"],
    # Icons in style sheets and the pictures in widgets are written out where they are used.
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],  # the search
}


def _hash(script: str) -> str:
    """What a policy calls a script that may run."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


RELAXED: dict[str, Policy] = {
    # ipywidgets' manager compiles the JSON schema of a widget's state with `new Function`, and
    # anywidget imports a widget's script, which the notebook has stored, from a blob.
    "widgets/embed-amd.js": {"script-src": ["'unsafe-eval'", "blob:"]},
    # The search parses the pages that it finds, with the button by which the theme prints them.
    "searchtools.js": {"script-src": ["'unsafe-hashes'", _hash("window.print()")]},
}
"""What a page needs besides, by a script that it loads."""

_CHARSET = re.compile(r'<meta charset="[^"]*"\s*/?>')
_META = re.compile(r'\n?<meta http-equiv="Content-Security-Policy"[^>]*>')
_RUN = {None, "", "module", "text/javascript"}  # the types of script elements that are not data


class _Scripts(HTMLParser):
    """The scripts of a page.

    Attributes:
        sources: Where it loads them from.
        inline: Those written in it.
        handlers: Those in attributes, such as ``onclick``.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.inline: list[str] = []
        self.handlers: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note where a script comes from, and what is written in attributes."""
        named = dict(attributes)
        self.handlers += [value for name, value in attributes if name.startswith("on") and value]
        if tag == "script" and named.get("src"):
            self.sources.append(str(named["src"]))
        elif tag == "script" and named.get("type") in _RUN:
            self._inside = True
            self.inline.append("")

    def handle_endtag(self, tag: str) -> None:
        """Note that a script has ended."""
        self._inside &= tag != "script"

    def handle_data(self, data: str) -> None:
        """Note what is written in a script."""
        if self._inside:
            self.inline[-1] += data


def write_policies(app: Sphinx, exception: Exception | None) -> None:
    """Give each finished page its policy."""
    for path in Path(app.outdir).rglob("*.html") if exception is None else ():
        path.write_text(secured(path.read_text("utf-8")), "utf-8")


def secured(page: str) -> str:
    """The page with its policy; one that it has already is written anew."""
    bare = _META.sub("", page)
    content = "; ".join(" ".join([name, *values]) for name, values in policy(bare).items())
    # After the character set, which has to stand among the first 1024 bytes.
    tag = f'\n<meta http-equiv="Content-Security-Policy" content="{content}">'
    return _CHARSET.sub(lambda found: found[0] + tag, bare, count=1)


def policy(page: str) -> Policy:
    """What a page may load and run."""
    scripts = _Scripts(page)
    allowed = {name: list(values) for name, values in BASE.items()}
    for script, besides in RELAXED.items():
        if any(script in source for source in scripts.sources):
            for name, values in besides.items():
                allowed.setdefault(name, ["'self'"]).extend(values)
    # The theme's few lines that set its mode, and MathJax's settings: these very lines, no others.
    allowed["script-src"] += map(_hash, sorted(set(scripts.inline)))
    if scripts.handlers:  # the theme's button that prints a page
        allowed["script-src"] += ["'unsafe-hashes'", *map(_hash, sorted(set(scripts.handlers)))]
    return allowed

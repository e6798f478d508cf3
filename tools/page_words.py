"""The page "Try it" in the language of the edition: its place, and the words of its scripts.

A script writes ``say("Start")``. The catalogue of the tools' words translates it, and the directive
``try-it`` puts the dictionary into the page, where ``words.js`` reads it.
"""

import json

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from assets import ASSETS
from catalogues import LANGUAGE, TOOLS, catalogue, file_of, in_language, said

SCRIPTS = ASSETS / "try_it"

PLACE = """\
<link rel="stylesheet" href="../_static/try_it/common.css">
<link rel="stylesheet" href="../_static/try_it/page.css">
<div id="try-it"><p>{without}</p></div>
<script id="try-it-words" type="application/json">{dictionary}</script>
<script type="module" src="../_static/try_it/page.js"></script>
"""


def words() -> list[str]:
    """Return what the page's scripts say, and the names of its pictures."""
    script = (SCRIPTS / "catalogue.js").read_text("utf-8")
    names = json.loads(script.removeprefix("export default ").rstrip(";\n"))
    titles = [*names["photographs"].values(), *names["paintings"].values()]
    return [*(text for text, _ in said(SCRIPTS)), *titles]


class TryIt(SphinxDirective):
    """The place of the page's scripts, and what stands there where they cannot run."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        self.env.note_dependency(str(file_of(TOOLS)))
        language = self.config.language
        without = in_language(
            language,
            "This part needs JavaScript and a page that comes from a server. Opened as a file it "
            "cannot run: in the course's folder, start {command}, and open the address that it "
            "prints.",
            command="<code>make serve</code>",
        )
        known = catalogue(TOOLS) if language == LANGUAGE else {}
        translated = {text: known[text] for text in words() if text in known}
        dictionary = json.dumps(translated, ensure_ascii=False).replace("</", r"<\/")
        place = PLACE.format(without=without, dictionary=dictionary)
        return [nodes.raw("", place, format="html")]

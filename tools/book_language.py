"""The book in two languages: what gettext and Sphinx leave to be done.

Only prose and what widgets say go to the translators; the rest of a page, as code and measurements,
is one for all editions. What is not translated yet stays in English, is marked as English, and is
counted: ``translation-progress`` shows for each page how much is translated. In the Chinese edition
the search finds Chinese words. A page links to its twin in the other edition where that was built.
"""

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from os.path import relpath
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.search.en import SearchEnglish
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import extract_messages, is_translatable, make_refnode

from book_reference import chapters
from catalogues import (
    CHINESE,
    LANGUAGE,
    SOURCE_LANGUAGE,
    WIDGETS,
    catalogue,
    file_of,
    has_words,
    in_language,
)
from notebooks import ANNOUNCEMENT, BUDGET, STATE
from widget_words import texts_of, translate

logger = logging.getLogger(__name__)

# From the first to the last Chinese character between two spaces, so that 基于GANs的 is one word.
CHINESE_WORD = re.compile(r"([\u3000-\u9fff\uff00-\uffef](?:\S*[\u3000-\u9fff\uff00-\uffef])?)")


def localise(app: Sphinx, config: Config) -> None:
    """Set what `_config.yml` and extensions say in English, and where the edition is published."""
    if config.language == LANGUAGE:
        say = partial(in_language, LANGUAGE)
        title = say("GAN-based abstract-art style transfer")
        config.project = config.html_title = title
        config.html_theme_options["logo"]["text"] = title
        config.nb_code_prompt_show = say("Show code cell {type}", type="{type}")
        config.nb_code_prompt_hide = say("Hide code cell {type}", type="{type}")
        config.togglebutton_hint = say("Click to show")
        config.togglebutton_hint_hide = say("Click to hide")
        if config.html_baseurl:
            config.html_baseurl += EDITIONS[LANGUAGE][0]


def translate_widgets(app: Sphinx, page: str, source: list[str]) -> None:
    """Translate what a notebook's widgets say, before it becomes a page."""
    if app.env.doc2path(page).endswith(".ipynb") and STATE in source[0]:
        notebook = nbformat.reads(source[0], as_version=4)
        app.env.temp_data["widget_texts"] = texts_of(notebook)
        app.env.note_dependency(str(file_of(WIDGETS)))
        if app.config.language == LANGUAGE:
            translate(notebook, catalogue(WIDGETS))
            source[0] = nbformat.writes(notebook)


# What `tools/notebooks.py` writes into chapters: the numbers change whenever they are run.
MEASURED = {
    sentence: re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(sentence)))
    for sentence in (BUDGET, ANNOUNCEMENT)
}


OUTPUT = "cell_code_output"  # what myst-nb calls it


class OnlyProse(SphinxTransform):
    """Keep from the translators what has no words of the book: mathematics, code's outputs."""

    default_priority = 15  # before Sphinx's Locale, which translates

    def apply(self, **kwargs: Any) -> None:
        """Mark it, and count what is left."""
        for node in list(self.document.findall(is_translatable)):
            source = " ".join(node.rawsource.split())
            for sentence, pattern in MEASURED.items():
                if measured := pattern.fullmatch(source):
                    text = in_language(self.config.language, sentence, **measured.groupdict())
                    node[:] = [nodes.emphasis("", "", nodes.Text(text.strip("*")))]
                    node["translatable"] = False
            if not self.is_prose(node):
                node["translatable"] = False
        page = self.env.docname
        texts = [text for _, text in extract_messages(self.document) if has_words(text)]
        if page == self.config.root_doc:
            texts += [part.caption for part in self.config.external_site_map.root.subtrees]
        translated = catalogue(page)
        if stale := len(set(translated) - set(texts)):
            logger.info(
                f"{page}: {stale} translations are of passages that have changed or gone: run "
                "`make translations`, and translate what is marked `fuzzy` or empty there."
            )
        said = self.env.temp_data.get("widget_texts", [])
        done = sum(t in translated for t in texts) + sum(t in catalogue(WIDGETS) for t in said)
        progress_of(self.env)[page] = Progress(done, len(texts) + len(said))
        if file_of(page).exists():
            self.env.note_dependency(str(file_of(page)))

    def is_prose(self, node: nodes.Element) -> bool:
        """Whether a node has words that the book's authors wrote."""
        outer = node
        while outer.parent is not None:
            if outer.get("nb_element") == OUTPUT or "as-is" in outer["classes"]:
                return False
            if isinstance(outer, nodes.field_list) and outer.parent is self.document:
                return False  # a notebook's metadata
            outer = outer.parent
        return not isinstance(node, nodes.math_block) and has_words(node.rawsource)


class MarkLanguage(SphinxTransform):
    """Say which words are in another language, for those who have the page read to them.

    docutils writes a class `language-zh` as `lang="zh"`.
    """

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        """Mark Chinese words in the English edition, English parts in the Chinese one."""
        if self.config.language == LANGUAGE:
            self.mark_english()
        else:
            self.mark_chinese()

    def mark_english(self) -> None:
        """Mark what is not translated, and what cells put out but for figures' descriptions."""
        for node in self.document.findall(nodes.Element):
            untranslated = node.get("translated") is False and has_words(node.rawsource)
            if isinstance(node, nodes.image):
                chinese = CHINESE.search(node.get("alt", ""))
                node["classes"].append("language-zh-CN" if chinese else "language-en")
            elif untranslated or node.get("nb_element") == OUTPUT:
                node["classes"].append("language-en")

    def mark_chinese(self) -> None:
        """Wrap Chinese words."""
        for text in list(self.document.findall(nodes.Text)):
            if isinstance(text.parent, nodes.literal | nodes.literal_block | nodes.raw):
                continue
            *pieces, rest = CHINESE_WORD.split(text)
            if pieces:
                marked = [
                    nodes.inline("", piece, classes=["language-zh"]) if i % 2 else nodes.Text(piece)
                    for i, piece in enumerate(pieces)
                ]
                text.parent.replace(text, [*marked, nodes.Text(rest)])


def mend_page(app: Sphinx, document: nodes.document) -> None:
    """Translate the names of the book's parts, which come into the first page after all else.

    And keep the anchors of the page's headings, which MyST forgets when it reads translations.
    """
    if app.config.language == LANGUAGE:
        app.env.metadata[app.env.docname]["myst_slugs"] = getattr(document, "myst_slugs", {})
        translated = catalogue(app.env.docname)
        for contents in document.findall(addnodes.toctree):
            contents["caption"] = translated.get(contents["caption"], contents["caption"])


# How much is translated.


class Progress(NamedTuple):
    """What is translated of a page: its titles, paragraphs, list items, tables and its widgets.

    Attributes:
        done: Translated.
        total: In all.
    """

    done: int
    total: int

    def cells(self) -> list[str]:
        """Return the numbers, and the share, as a table has them."""
        share = f"{100 * self.done // self.total}\N{NO-BREAK SPACE}%" if self.total else ""
        return [f"{self.done} / {self.total}", share]


def progress_of(env: BuildEnvironment) -> dict[str, Progress]:
    """Return the progress of all pages that were read."""
    return vars(env).setdefault("translation_progress", {})


class ProgressTable(nodes.General, nodes.Element):
    """The place of the table, which is filled in when all pages were read."""


class TranslationProgress(SphinxDirective):
    """A table of all pages, with how much of each is translated."""

    def run(self) -> list[nodes.Node]:
        """Return the place of the table."""
        vars(self.env).setdefault("progress_tables", set()).add(self.env.docname)
        return [ProgressTable()]


def outdated_tables(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have the table written again, whichever page was read."""
    return sorted(vars(env).get("progress_tables", ()))


def fill_tables(app: Sphinx, document: nodes.document, page: str) -> None:
    """Put the table into its place."""
    for place in list(document.findall(ProgressTable)):
        place.replace_self(table(list(progress_rows(app, page))))


def progress_rows(app: Sphinx, page: str) -> Iterator[list[nodes.Node]]:
    """Yield the cells of the table, its head first."""

    def say(text: str) -> nodes.Text:
        return nodes.Text(in_language(app.config.language, text))

    yield [say("Page"), say("Translated"), say("Share")]
    pages = [app.config.root_doc, *chapters(app.srcdir)]
    every = progress_of(app.env)
    for each in pages:
        title = app.env.titles[each].astext()
        link = make_refnode(app.builder, page, each, "", nodes.Text(title))
        yield [link, *map(nodes.Text, every[each].cells())]
    together = Progress(*map(sum, zip(*(every[each] for each in pages), strict=True)))
    yield [say("All pages"), *map(nodes.Text, together.cells())]


def table(rows: list[list[nodes.Node]]) -> nodes.table:
    """Make a table, whose first column is of words and whose others are of numbers."""

    def row(cells: list[nodes.Node]) -> nodes.row:
        paragraphs = [nodes.paragraph("", "", cell) for cell in cells]
        entries = [nodes.entry("", paragraph) for paragraph in paragraphs]
        for entry in entries[1:]:
            entry["classes"].append("text-right")
        return nodes.row("", *entries)

    head, *body = map(row, rows)
    columns = [nodes.colspec(colwidth=1) for _ in rows[0]]
    group = nodes.tgroup("", *columns, nodes.thead("", head), nodes.tbody("", *body))
    group["cols"] = len(columns)
    return nodes.table("", group, classes=["colwidths-auto"])


def say_what_is_missing(app: Sphinx, document: nodes.document, page: str) -> None:
    """Say at the top of a page that is not wholly translated that the rest is in English."""
    done, total = progress_of(app.env).get(page, Progress(0, 0))
    pages = outdated_tables(app, app.env)
    title = document.next_node(nodes.title)
    if app.config.language == LANGUAGE and done < total and pages and title:
        text = in_language(
            LANGUAGE,
            "{done} of {total} passages of this page are translated; the others are in English. ",
            done=done,
            total=total,
        )
        more = nodes.Text(in_language(LANGUAGE, "How far the translation is"))
        link = make_refnode(app.builder, page, pages[0], "", more)
        note = nodes.container("", nodes.paragraph("", text, link), classes=["untranslated-rest"])
        title.parent.insert(title.parent.index(title) + 1, note)


# The search of the Chinese edition.


class SearchChinese(SearchEnglish):
    """Finds Chinese words by pairs of characters, which need no dictionary, and English ones."""

    lang = "zh"
    language_name = "Chinese"
    js_splitter_code = """
function splitQuery(query) {
  return query.match(/[\\u4e00-\\u9fff]+|[\\p{Letter}\\p{Number}_]+/gu)?.flatMap((word) =>
    /[\\u4e00-\\u9fff]{2}/.test(word)
      ? [...word].slice(1).map((character, i) => word[i] + character)
      : [word]) ?? [];
}
"""
    words = re.compile(r"[\u4e00-\u9fff]+|[^\W\u4e00-\u9fff]+")

    def split(self, text: str) -> list[str]:
        """Return the words of a text; of Chinese each character and each pair of neighbours."""
        found: list[str] = []
        for word in self.words.findall(text):
            pairs = ["".join(pair) for pair in pairwise(word)]
            found += [*word, *pairs] if CHINESE.match(word) else [word]
        return found


# Sphinx's script makes the rule of a language's plurals from text, which no page's policy allows.
PLURAL_RULE = re.compile(r'new Function\(\s*"n",\s*`return \(\$\{catalog\.plural_expr\}\)`,?\s*\)')


def write_plural_rule(app: Sphinx, exception: Exception | None) -> None:
    """Write the rule of Chinese, which has one form, into the Chinese edition's script."""
    if exception is None and app.builder.name == "html" and app.config.language == LANGUAGE:
        script = Path(app.outdir, "_static", "doctools.js")
        script.write_text(PLURAL_RULE.sub("() => 0", script.read_text("utf-8")), "utf-8")


# The way to the other edition.

# Of each its folder, its language for browsers, and its name.
EDITIONS = {SOURCE_LANGUAGE: ("", "en", "English"), LANGUAGE: ("zh/", "zh-CN", "中文")}
SWITCH = 'class="language-switch'
BUTTONS = '<div class="article-header-buttons">'


def english_edition(app: Sphinx) -> Path:
    """Return the folder of the English pages, beneath which the others lie."""
    return Path(app.outdir).parent if app.config.language == LANGUAGE else Path(app.outdir)


def link_editions(app: Sphinx, exception: Exception | None) -> None:
    """Link each page to its twin, both ways, where both editions were built."""
    if exception or app.builder.name != "html":
        return
    english = english_edition(app)
    chinese = english / EDITIONS[LANGUAGE][0]
    for page in chinese.rglob("*.html"):
        twin = english / page.relative_to(chinese)
        if "_static" not in page.parts and twin.exists():
            link_page(page, twin, SOURCE_LANGUAGE)
            link_page(twin, page, LANGUAGE)


def link_page(page: Path, twin: Path, language: str) -> None:
    """Link a page to its twin, once: a button for readers, a line in the head for machines."""
    text = page.read_text("utf-8")
    _, tag, name = EDITIONS[language]
    address = relpath(twin, page.parent)
    if BUTTONS in text and SWITCH not in text:
        button = (
            f'<a {SWITCH} btn btn-sm" href="{address}" lang="{tag}" hreflang="{tag}">{name}</a>'
        )
        line = f'<link rel="alternate" hreflang="{tag}" href="{address}"/>'
        text = text.replace(BUTTONS, BUTTONS + button, 1).replace("</head>", f"{line}</head>", 1)
        page.write_text(text, "utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_node(ProgressTable)
    app.add_directive("translation-progress", TranslationProgress)
    app.add_transform(OnlyProse)
    app.add_transform(MarkLanguage)
    app.add_search_language(SearchChinese)
    app.connect("config-inited", localise)
    app.connect("source-read", translate_widgets)
    app.connect("doctree-read", mend_page, priority=600)
    app.connect("env-updated", outdated_tables)
    app.connect("doctree-resolved", fill_tables)
    app.connect("doctree-resolved", say_what_is_missing)
    app.connect("build-finished", write_plural_rule)
    app.connect("build-finished", link_editions)
    return {"parallel_write_safe": True}

"""The book's own Sphinx extension: what `_config.yml` cannot say.

Launch and repository buttons appear when `_config.yml` gives the repository's address, and the
footer names the package's version and, in a stamped copy, the commit. The script that keeps figures
readable on a phone gets its words. A role that docutils gives against the rules of accessibility is
mended, a formula keeps its punctuation, and pages are made light: figures go out as WebP, and a
script that no page needs is left out. The page "Try it" gets what it shares with the widgets.
Last, each page gets its content security policy.
"""

import re
import shutil
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image
from sphinx.application import Sphinx
from sphinx.config import Config

import book_metadata
from book_reference import ASSETS
from catalogues import in_language
from content_security import write_policies
from errata import Errata
from learning_path import LearningPath
from page_words import TryIt
from stamp import named_in


def complete_options(app: Sphinx, config: Config) -> None:
    """Set the theme's options that depend on the repository's address and on the version."""
    options = config.html_theme_options
    published = bool(options.get("repository_url"))
    if not published:
        options["launch_buttons"] = {}
    options["use_repository_button"] = options["use_issues_button"] = published
    footer = [
        in_language(
            config.language,
            "Version {version}. Text, code and drawn pictures: MIT licence.",
            version=version("abstractgan"),
        ),
        published_from(Path(app.srcdir), config.language),
    ]
    options["extra_footer"] = f"<p>{' '.join(filter(None, footer))}</p>"


def add_script(app: Sphinx, config: Config) -> None:
    """Add the script of figures on a phone, with its words in the language of the edition."""
    say = partial(in_language, config.language)
    words = {
        "data-frame": say("A figure that scrolls sideways"),
        "data-whole": say("Show the whole figure"),
        "data-larger": say("Enlarge the figure"),
    }
    config.html_js_files = [*config.html_js_files, ("js/readable-figures.js", words)]


def published_from(copy: Path, language: str) -> str:
    """The commit that a copy of the course was stamped with, and where its releases are."""
    repository, commit = named_in((copy / "tools/setup_cell.py").read_text(encoding="utf-8"))
    if not commit:
        return ""
    return in_language(
        language,
        "Published from commit {commit}; {start}PDF, offline edition and package{end}.",
        commit=f'<a href="{repository}/tree/{commit}">{commit[:7]}</a>',
        start=f'<a href="{repository}/releases">',
        end="</a>",
    )


def offer_kaggle(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Add Kaggle to the theme's launch buttons, which lead to Colab and Binder."""
    options = app.config.html_theme_options
    project = options.get("repository_url", "").partition("github.com/")[2]
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons" and project:
            notebook = f"{project}/{options['repository_branch']}/{page}.ipynb"
            group["buttons"].append(
                {
                    "type": "link",
                    "text": "Kaggle",
                    "tooltip": "Launch on Kaggle",
                    "icon": "fab fa-kaggle",
                    "url": f"{options['launch_buttons']['kaggle_url']}/kernels/welcome"
                    f"?src=https://raw.githubusercontent.com/{notebook}",
                }
            )


# A browser breaks the line on both sides of a formula, even before the full stop behind it.
FORMULA = re.compile(
    r"([(\[“‘（]*)"
    r'<span class="math [^>]*>[^<]*</span>'
    r"([.,:;!?)\]’”…，。、：；！？）]+(?:s\b)?|(?:s|th)\b)?"
)


def mend_body(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Mend what docutils writes, before it becomes a page.

    The references, which it puts in a list, get the role of a list's items. A formula stays on one
    line with the punctuation that touches it.
    """
    if "body" in context:
        body = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
        context["body"] = FORMULA.sub(together, body)


def together(formula: re.Match[str]) -> str:
    """A formula with the punctuation that touches it, in a part that does not break."""
    return f'<span class="together">{formula[0]}</span>' if formula[1] or formula[2] else formula[0]


# 0.5 MB after compression, to draw the icons that the theme's font draws as well.
ICON_SCRIPT = re.compile(r"<script[^>]*/fontawesome\.js[^>]*></script>\s*")


FIGURE = re.compile(r'(?<=<img)([^>]* src="[^"]*_images/[^"/]+)\.png"')
FEW_COLOURS = 4096  # lines and letters stay exact, photographs and paintings need not


STATIC = Path("_static")
WIDGETS = ASSETS.parent / "widgets"
STYLE = STATIC / "styles" / "pydata-sphinx-theme.css"
ICON_FONT = STATIC / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900"
ICON = re.compile(r"\.fa-([\w-]+):before")
ICON_RULE = re.compile(r"((?:\.fa-[\w-]+:before,?)+)\{content:\"\\([0-9a-f]+)\"\}")
CODE = re.compile(r"\\([ef][0-9a-f]{3})\b")


def lighten(app: Sphinx, exception: Exception | None) -> None:
    """Make the finished pages light: figures, scripts and icons."""
    if exception:
        return
    output, icons = Path(app.outdir), set()
    for figure in output.glob("_images/*.png"):
        lighten_figure(figure)
    for page in output.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        lighter = FIGURE.sub(r'\1.webp"', ICON_SCRIPT.sub("", text))
        if lighter != text:
            page.write_text(lighter, encoding="utf-8")
        icons |= set(re.findall(r"\bfa-([\w-]+)", lighter))
    lighten_icons(output, icons)


def lighten_figure(figure: Path) -> None:
    """Write a figure as WebP beside it, once."""
    light = figure.with_suffix(".webp")
    if not light.exists():
        picture = Image.open(figure).convert("RGB")
        exact = picture.getcolors(FEW_COLOURS) is not None
        picture.save(light, lossless=exact, quality=50 if exact else 90)  # effort or quality


def lighten_icons(output: Path, used: set[str]) -> None:
    """Leave in the icon font what the pages and the theme's style use: 3 kB of 150."""
    style, font = output / STYLE, output / ICON_FONT.with_suffix(".ttf")
    if not style.exists() or not font.exists():
        return
    css = style.read_text(encoding="utf-8")
    codes = CODE.findall(ICON_RULE.sub("", css))
    codes += [code for names, code in ICON_RULE.findall(css) if used & set(ICON.findall(names))]
    subsetter = subset.Subsetter()
    subsetter.populate(unicodes=[int(code, 16) for code in codes])
    icons = TTFont(font)
    subsetter.subset(icons)
    icons.save(font)
    woff2 = f'url(../{ICON_FONT.relative_to(STATIC)}.woff2) format("woff2"),'
    style.write_text(css.replace(woff2, ""), encoding="utf-8")


def share_widgets(app: Sphinx, exception: Exception | None) -> None:
    """Put the script and the style that all widgets have beside those of the page "Try it"."""
    target = Path(app.outdir) / STATIC / "try_it"
    if target.is_dir():
        for name in ("common.js", "common.css"):
            shutil.copyfile(WIDGETS / name, target / name)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_directive("errata", Errata)
    app.add_directive("learning-path", LearningPath)
    app.add_directive("try-it", TryIt)
    app.connect("config-inited", complete_options)
    app.connect("config-inited", add_script)
    app.connect("html-page-context", mend_body)
    app.connect("html-page-context", offer_kaggle, priority=502)  # after the theme's own buttons
    app.connect("html-page-context", book_metadata.describe)
    app.connect("build-finished", lighten)
    app.connect("build-finished", share_widgets)
    app.connect("build-finished", book_metadata.write_first_page)
    app.connect("build-finished", book_metadata.write_sitemap)
    app.connect("build-finished", write_policies, priority=900)  # of the pages as they go out
    return {"parallel_read_safe": True, "parallel_write_safe": True}

"""The book's own Sphinx extension: what `_config.yml` cannot say.

Launch and repository buttons appear when `_config.yml` gives the repository's address, and the
footer names the package's version. A role that docutils gives against the rules of accessibility is
mended, and pages are made light: figures go out as WebP, and a script that no page needs is left
out.
"""

import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from PIL import Image
from sphinx.application import Sphinx
from sphinx.config import Config


def complete_options(app: Sphinx, config: Config) -> None:
    """Set the theme's options that depend on the repository's address and on the version."""
    options = config.html_theme_options
    published = bool(options.get("repository_url"))
    if not published:
        options["launch_buttons"] = {}
    options["use_repository_button"] = options["use_issues_button"] = published
    options["extra_footer"] = (
        f"<p>Version {version('abstractgan')}. Text, code and drawn pictures: MIT licence.</p>"
    )


def mend_roles(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    """Give the references, which docutils puts in a list, the role of a list's items."""
    if "body" in context:
        body = context["body"]
        context["body"] = body.replace('role="doc-biblioentry"', 'role="listitem"')


# 0.5 MB after compression, to draw the icons that the theme's font draws as well.
ICON_SCRIPT = re.compile(r"<script[^>]*/fontawesome\.js[^>]*></script>\s*")


FIGURE = re.compile(r'(?<=<img)([^>]* src="[^"]*_images/[^"/]+)\.png"')
FEW_COLOURS = 4096  # lines and letters stay exact, photographs and paintings need not


def lighten_pages(app: Sphinx, exception: Exception | None) -> None:
    """Take the theme's icon script out of every page, and show figures as WebP."""
    output = Path(app.outdir)
    for figure in output.glob("_images/*.png"):
        light = figure.with_suffix(".webp")
        if not light.exists():
            picture = Image.open(figure).convert("RGB")
            exact = picture.getcolors(FEW_COLOURS) is not None
            picture.save(light, lossless=exact, quality=50 if exact else 90)  # effort or quality
    for page in output.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        lighter = FIGURE.sub(r'\1.webp"', ICON_SCRIPT.sub("", text))
        if lighter != text:
            page.write_text(lighter, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("config-inited", complete_options)
    app.connect("html-page-context", mend_roles)
    app.connect("build-finished", lighten_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

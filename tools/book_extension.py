"""The book's own Sphinx extension: what `_config.yml` cannot say.

Launch and repository buttons appear when `_config.yml` gives the repository's address, and the
footer names the package's version. A role that docutils gives against the rules of accessibility is
mended.
"""

from importlib.metadata import version
from typing import Any

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


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.connect("config-inited", complete_options)
    app.connect("html-page-context", mend_roles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

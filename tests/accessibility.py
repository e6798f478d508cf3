"""What axe-core finds on a page, by the rules of WCAG 2.2 at levels A and AA."""

from importlib.resources import files

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page, selector):
    """Return what is against the rules in the first element that `selector` finds, and where."""
    # A module loader on the page must not take axe for one of its own.
    page.evaluate(f"() => {{ const define = undefined, module = undefined; {AXE} }}")
    found = page.evaluate(
        "([selector, runOnly]) => axe.run(document.querySelector(selector), { runOnly })",
        [selector, RULES],
    )
    assert found["passes"], "axe found nothing to look at"
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]

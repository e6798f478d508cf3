"""What axe-core finds on a page."""

from importlib.resources import files

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]  # 2.2 at levels A and AA
# Thousands of elements with a few colours: they are looked at on one page of each kind.
REPEATED = [".highlight pre", "mjx-container", "dt.sig"]

# What is left out is emptied meanwhile: axe would still walk through all of it.
RUN = """async (include, [exclude, options]) => {
    const without = exclude.flatMap((each) => [...document.querySelectorAll(each)]);
    const contents = without.map((element) => [...element.childNodes]);
    without.forEach((element) => element.replaceChildren());
    const { passes, violations } = await axe.run({ include, exclude }, options);
    without.forEach((element, i) => element.replaceChildren(...contents[i]));
    return { passes: passes.length, violations };
}"""


def violations(part, rules=None, without=()):
    """Return what is against the rules in a part of a page, a locator, and where.

    Without `rules`, a list of axe's tags, against all that axe knows. What the selectors `without`
    find is left out.
    """
    # A module loader on the page must not take axe for one of its own.
    part.page.evaluate(f"() => {{ const define = undefined, module = undefined; {AXE} }}")
    # What axe loads before it looks, all style sheets, is for rules of other tags.
    options = {"runOnly": rules, "preload": False} if rules else {}
    found = part.evaluate(RUN, [list(without), options])
    assert found["passes"], "axe found nothing to look at"
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]

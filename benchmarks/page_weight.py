"""What a browser fetches for each page of the built book, in kilobytes after gzip.

Run ``make book`` first, then ``python benchmarks/page_weight.py``. The widget manager, which the
browser keeps for all pages with widgets, is counted apart.
"""

import gzip

from playwright.sync_api import Page, Response
from served_book import BOOK, chromium, served

MANAGER = "/_static/widgets/"


def weigh(page: Page, address: str) -> tuple[float, float]:
    """Return the kilobytes of the page with all its files, and those of the widget manager."""
    fetched: list[Response] = []
    page.on("response", lambda response: fetched.append(response))
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(1000)
    sizes = {
        response.url: len(gzip.compress(response.body()))
        for response in list(fetched)
        if response.ok and response.url.startswith("http")
    }
    manager = sum(size for url, size in sizes.items() if MANAGER in url)
    return (sum(sizes.values()) - manager) / 1000, manager / 1000


def main() -> None:
    """Print one row for each page."""
    print("| page | kB | widget manager, kB |\n|---|---|---|")
    with served() as address, chromium() as browser:
        for path in sorted([*BOOK.glob("book/*.html"), *BOOK.glob("notebooks/*.html")]):
            context = browser.new_context()  # an empty cache
            name = path.relative_to(BOOK).as_posix()
            size, manager = weigh(context.new_page(), f"{address}/{name}")
            print(f"| {name} | {size:.0f} | {manager:.0f} |", flush=True)
            context.close()


if __name__ == "__main__":
    main()

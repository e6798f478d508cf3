"""What a browser fetches for each page of the built book, in kilobytes after gzip.

Run ``make book`` first, then ``python benchmarks/page_weight.py``. The widget manager, which the
browser keeps for all pages with widgets, is counted apart.
"""

import functools
import gzip
import http.server
import shutil
import threading
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

BOOK = Path(__file__).resolve().parent.parent / "_build" / "html"
MANAGER = "/_static/widgets/"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves the book and prints nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


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
    handler = functools.partial(QuietHandler, directory=BOOK)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        print("| page | kB | widget manager, kB |\n|---|---|---|")
        for path in sorted([*BOOK.glob("book/*.html"), *BOOK.glob("notebooks/*.html")]):
            context = browser.new_context()  # an empty cache
            name = path.relative_to(BOOK).as_posix()
            size, manager = weigh(
                context.new_page(), f"http://127.0.0.1:{server.server_port}/{name}"
            )
            print(f"| {name} | {size:.0f} | {manager:.0f} |", flush=True)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()

"""How long a widget on a page of the book takes from a move of its slider to the repainted page.

Run ``make book`` first, then ``python benchmarks/widgets.py``. Browsers hand a pointer's moves to a
page once a frame, just before they paint. So each move is made at the start of a frame, and the
clock stops when that frame is painted: it shows the widget's script, style, layout and paint.
"""

import statistics

from playwright.sync_api import Page
from served_book import chromium, served

MOVES = 200
WIDGETS = {  # the widget's root, and the page that shows it
    ".ag-loss-explorer": "notebooks/core_concepts.html",
    ".ag-optimal-discriminator": "notebooks/minimax.html",
}

MEASURE = """(root, moves) => new Promise((resolve) => {
    const slider = root.querySelector("input[type=range]");
    const [low, high] = [slider.min, slider.max].map(Number);
    const times = [];
    const frame = () => {
        const start = performance.now();
        slider.value = low + ((high - low) * times.length) / moves;
        slider.dispatchEvent(new Event("input"));
        const painted = new MessageChannel(); // its message comes after the paint
        painted.port1.onmessage = () => {
            times.push(performance.now() - start);
            if (times.length < moves) requestAnimationFrame(frame);
            else resolve(times);
        };
        painted.port2.postMessage(null);
    };
    requestAnimationFrame(frame);
})"""


def milliseconds(page: Page, address: str, widget: str) -> list[float]:
    """Return the time of each move, from the input event to the end of the paint."""
    page.goto(address)
    root = page.locator(widget).first
    root.locator("circle").first.wait_for()
    root.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)  # the page's own scripts come to rest
    times: list[float] = root.evaluate(MEASURE, MOVES)
    return times


def main() -> None:
    """Print one row for each widget."""
    print("| widget | median, ms | 95 of 100 below, ms |\n|---|---|---|")
    with served() as address, chromium() as browser:
        for widget, name in WIDGETS.items():
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            times = milliseconds(page, f"{address}/{name}", widget)
            late = statistics.quantiles(times, n=20)[-1]
            print(f"| {widget[4:]} | {statistics.median(times):.1f} | {late:.1f} |", flush=True)
            page.close()


if __name__ == "__main__":
    main()

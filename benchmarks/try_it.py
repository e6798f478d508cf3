"""What the page "Try it" loads, and how long it lets a reader wait, in Chromium without a GPU.

Run ``make book`` first, then ``python benchmarks/try_it.py``. Pictures have 256 x 256 pixels. The
clock runs in the page, from the reader's act to the new words below the picture.
"""

import io
import statistics

from PIL import Image
from playwright.sync_api import Page
from served_book import BOOK, chromium, served

from abstractgan.data.paintings import MOVEMENTS, paint

RUNS = 10

START = ("onnxruntime/ort-wasm.*", "try_it/look*.gz", "try_it/paint*.gz", "try_it/styles*.gz")
REQUEST = ("try_it/judge*.gz",)
LOADED = {"at the start": START, "on request": REQUEST, "together": START + REQUEST}

# Seconds until the reading says anew that something was painted; the words may be those before.
PAINTED = """(act) => new Promise((resolve) => {
    const root = document.querySelector(".ag-try-it");
    const began = performance.now();
    new MutationObserver((changes, observer) => {
        const reading = root.querySelector(".reading");
        const anew = changes.some(({ target }) => reading?.contains(target));
        if (!anew || !reading.textContent.includes("painted in")) return;
        observer.disconnect();
        resolve((performance.now() - began) / 1000);
    }).observe(root, { childList: true, characterData: true, subtree: true });
    act();
})"""


def seconds(page: Page, act: str, argument: object = None) -> float:
    """Run an act of JavaScript in the page, and return how long the reader waits for its result."""
    root = "const root = document.querySelector('.ag-try-it');"
    waited: float = page.evaluate(f"(argument) => ({PAINTED})(() => {{ {root} {act} }})", argument)
    return waited


DROP = """
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(argument.bytes)], argument.name));
    const options = { dataTransfer: data, bubbles: true, cancelable: true };
    root.querySelectorAll(".tiles")[argument.place].dispatchEvent(new DragEvent("drop", options));
"""
SLIDE = """
    const slider = root.querySelector("[id$=-strength]");
    slider.value = argument;
    slider.dispatchEvent(new Event("input"));
"""


def dropped(place: int, seed: int) -> dict[str, object]:
    """A drawn picture as a file, for the photographs (0) or the paintings (1)."""
    file = io.BytesIO()
    Image.fromarray(paint("rayonism", seed, 256)).save(file, "PNG")
    return {"place": place, "name": f"{seed}.png", "bytes": list(file.getvalue())}


def main() -> None:
    """Print the megabytes and the seconds."""
    print("| what | MB |\n|---|---|")
    for title, patterns in LOADED.items():
        files = [file for pattern in patterns for file in (BOOK / "_static").glob(pattern)]
        print(f"| {title} | {sum(file.stat().st_size for file in files) / 1e6:.1f} |")
    print("\n| act | median, s | longest, s |\n|---|---|---|")
    with served() as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.goto(f"{address}/book/try_it.html")
        page.get_by_role("button", name="Start").wait_for()
        start = seconds(page, "root.querySelector('button').click();")
        print(f"| start, with the files on this machine | {start:.2f} | {start:.2f} |", flush=True)
        names = [*MOVEMENTS][:RUNS]
        acts: dict[str, list[tuple[str, object]]] = {
            "new photograph": [(DROP, dropped(0, seed)) for seed in range(RUNS)],
            "new painting": [(DROP, dropped(1, seed)) for seed in range(RUNS)],
            "movement": [("root.querySelector(`[value=${argument}]`).click();", n) for n in names],
            "strength": [(SLIDE, run / RUNS) for run in range(RUNS)],
        }
        for title, given in acts.items():
            waits = [seconds(page, act, argument) for act, argument in given]
            print(f"| {title} | {statistics.median(waits):.2f} | {max(waits):.2f} |", flush=True)


if __name__ == "__main__":
    main()

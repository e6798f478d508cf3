"""How many pictures a second the GAN lab draws while it plays: rows for a table.

The lab with its usual settings (batch 64, 32 hidden units, heat map and arrows on, normal speed)
plays for eight seconds in Chromium without a GPU; the pictures that were drawn and the steps that
were trained are counted. Run by hand: ``python benchmarks/gan_lab.py``; a path to Chromium may be
given in ``CHROMIUM``.
"""

import json
import os
import platform
import statistics

from playwright.sync_api import Browser
from served_book import chromium

from abstractgan.widgets import GanLab

RUNS, SECONDS = 5, 8
WIDTHS = (800, 320)
PAGE = """<!doctype html><style>{css}</style><main></main><script type="module">
{script}
const state = {state};
const model = {{
  get: (name) => state[name],
  set: (name, value) => (state[name] = value),
  on() {{}},
  off() {{}},
  save_changes() {{}},
}};
window.pictures = 0;
const {{ drawImage }} = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.drawImage = function (...them) {{
  window.pictures += 1; // the heat map, once a picture
  return drawImage.apply(this, them);
}};
widget.render({{ model, el: document.querySelector("main") }});
</script>"""


def play(browser: Browser, width: int) -> tuple[float, float]:
    """Play the lab on a page of its own; return pictures and steps of training a second."""
    lab = GanLab(seed=1)  # no preset: its run would pause by itself
    page = browser.new_page(viewport={"width": width, "height": 900})
    script = lab._esm.replace("export default", "const widget =")
    page.set_content(PAGE.format(css=lab._css, script=script, state=json.dumps(lab.settings())))
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(1000)
    count = """() => [performance.now() / 1000, window.pictures,
        Number(document.querySelector(".reading").textContent.match(/Step (\\d+)/)[1])]"""
    before = page.evaluate(count)
    page.wait_for_timeout(SECONDS * 1000)
    seconds, pictures, steps = (b - a for a, b in zip(before, page.evaluate(count), strict=True))
    page.close()
    return pictures / seconds, steps / seconds


def main() -> None:
    """Print the table."""
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    load = f"load {os.getloadavg()[0]:.1f} before the first"
    print(f"{machine}; median of {RUNS} runs (and the lowest), {SECONDS} s each, {load}")
    print("| width in pixels | pictures a second | steps a second |")
    print("|---|---|---|")
    with chromium() as browser:
        for width in WIDTHS:
            runs = [play(browser, width) for _ in range(RUNS)]
            pictures, steps = zip(*runs, strict=True)
            print(
                f"| {width} | {statistics.median(pictures):.0f} ({min(pictures):.0f}) "
                f"| {statistics.median(steps):.0f} ({min(steps):.0f}) |"
            )


if __name__ == "__main__":
    main()

"""The page "Try it": its networks are those of the package, and it answers whatever a reader does.

The networks' exact results are compared where readers get them: in the browser, through files.
"""

import gzip
import io
import re

import numpy as np
import onnx
import pytest
from accessibility import WCAG, violations
from conftest import ROOT
from onnx.reference import ReferenceEvaluator
from PIL import Image
from playwright.sync_api import expect
from test_book_browser import CUT_OFF, Reader

import page_networks
from abstractgan.data.images import to_float
from abstractgan.data.paintings import MOVEMENTS, paint
from abstractgan.data.photographs import photograph
from abstractgan.features import style_statistics
from abstractgan.networks import style_vector
from abstractgan.stylize import Stylizer
from abstractgan.training.style_pictures import HELD_OUT_SEED

ASSETS = ROOT / "book" / "assets" / "try_it"
PAGE = "book/try_it.html"


def unpacked(name):
    return gzip.decompress((ASSETS / f"{name}.gz").read_bytes())


def square(picture, side=256):
    return np.asarray(Image.fromarray(picture).resize((side, side)))


# The networks, in Python.


@pytest.fixture(scope="module")
def trained():
    return page_networks.load()


@pytest.fixture(scope="module")
def networks(trained):
    return page_networks.networks(*trained)


def test_the_committed_networks_are_those_of_the_packages_weights(networks):
    for name, network in networks.items():
        assert onnx.ModelProto.FromString(unpacked(f"{name}.onnx")) == network, name


def test_the_committed_styles_are_those_of_the_drawn_paintings(trained):
    encoder, decoder, _ = trained
    styles = np.frombuffer(unpacked("styles.f32"), "<f4").reshape(len(MOVEMENTS), -1)
    for name, style in [*zip(MOVEMENTS, styles, strict=True)][::4]:
        drawn = page_networks.style_of(paint(name, HELD_OUT_SEED), encoder, decoder)
        # Versions of Pillow differ in a few pixels of a drawing.
        np.testing.assert_allclose(style, drawn, rtol=0, atol=0.03, err_msg=name)
        other = page_networks.style_of(paint(name, HELD_OUT_SEED + 1), encoder, decoder)
        assert np.abs(style - other).max() > 0.3


def test_the_networks_compute_what_keras_does(trained, networks):
    encoder, decoder, discriminator = trained
    run = {name: ReferenceEvaluator(network).run for name, network in networks.items()}
    content, style = (
        to_float(square(each)[64:96, 80:120])[None]
        for each in (photograph("coffee"), paint("op-art", 0))
    )
    turned = {"photograph": content, "painting": style}
    *maps, _ = run["look"](None, {"picture": turned["photograph"].transpose(0, 3, 1, 2)})
    *_, told = run["look"](None, {"picture": turned["painting"].transpose(0, 3, 1, 2)})
    names = [f"map{i}" for i in range(1, 5)]
    (result,) = run["paint"](None, {**dict(zip(names, maps, strict=True)), "style": told})
    (logits,) = run["judge"](None, {"picture": result, "style": told})

    statistics = style_statistics(encoder(style))
    painted = decoder(encoder(content), statistics)
    np.testing.assert_allclose(result.transpose(0, 2, 3, 1), painted, atol=2 / 127.5)
    told = np.asarray(style_vector(statistics))
    judged = discriminator([result.transpose(0, 2, 3, 1), told])
    np.testing.assert_allclose(logits.transpose(0, 2, 3, 1), judged, atol=0.01)


def test_the_catalogue_knows_what_is_loaded():
    text = (ASSETS / "catalogue.js").read_text("utf-8")
    for path in [*ASSETS.glob("*.gz"), *page_networks.RUNTIME.glob("*.gz")]:
        assert f'"{path.name}": {path.stat().st_size}' in text


@pytest.mark.parametrize("runtime", ["wasm", "webgpu"])
def test_all_that_a_reader_loads_is_under_12_megabytes(runtime):
    loaded = [*page_networks.RUNTIME.glob(f"ort-{runtime}.*"), *ASSETS.glob("*.gz")]
    assert len(loaded) == 6  # the runtime's two, three networks, styles
    assert sum(path.stat().st_size for path in loaded) < 12_000_000


# The page, in a browser.


def png(picture):
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


class Studio(Reader):
    """A reader on the page, before and after she has pressed Start."""

    def __init__(self, browser, site, scheme, width, script=""):
        super().__init__(browser, site, scheme, width)
        self.context.add_init_script(script)
        self.open(PAGE)
        self.root = self.page.locator(".ag-try-it")
        self.alert = self.root.get_by_role("alert")
        self.reading = self.root.locator(".reading")

    def start(self):
        self.root.get_by_role("button", name="Start").click()
        self.wait()
        return self

    def wait(self):
        """Wait until the newest wish is painted."""
        expect(self.root.locator(".easel:not([aria-busy])")).to_be_visible(timeout=90_000)
        expect(self.reading).to_contain_text("painted in")

    def offer(self, button, name, content, kind="image/png"):
        """Choose a file."""
        with self.page.expect_file_chooser() as chooser:
            self.root.get_by_role("button", name=button).click()
        chooser.value.set_files({"name": name, "mimeType": kind, "buffer": content})

    def give(self, button, picture, name):
        """Choose a picture, and wait until it is painted."""
        self.offer(button, name, png(picture))
        expect(self.root.locator(".tiles").get_by_text(name, exact=True).last).to_be_visible()
        self.wait()

    def drop(self, place, name, content):
        """Drop a file of these bytes, or of so many zeros."""
        self.root.locator(place).evaluate(
            """(place, [name, content]) => {
                const dataTransfer = new DataTransfer();
                dataTransfer.items.add(new File([new Uint8Array(content)], name));
                const options = { dataTransfer, bubbles: true, cancelable: true };
                place.dispatchEvent(new DragEvent("drop", options));
            }""",
            [name, list(content) if isinstance(content, bytes) else content],
        )

    def slide(self, name, value):
        self.root.get_by_label(name).fill(str(value))
        self.wait()

    def choose(self, name):
        self.root.locator("label", has_text=re.compile(f"^{name}$")).click()
        self.wait()

    def download(self):
        with self.page.expect_download() as download:
            self.root.get_by_role("button", name="Download the picture").click()
        assert download.value.suggested_filename == "repainted.png"
        return np.asarray(Image.open(download.value.path()).convert("RGB"))


@pytest.fixture(scope="module")
def studio(browser, site):
    """The networks, started once for all tests that take it."""
    studio = Studio(browser, site, "light", 1280).start()
    yield studio
    studio.context.close()


@pytest.fixture(scope="module")
def stylizer():
    return Stylizer.load()


# What the worker is asked for, from now on: `acts` has the numbers.
COUNT_ACTS = """() => {
    window.acts = {};
    const { postMessage } = Worker.prototype;
    Worker.prototype.postMessage = function (message, ...others) {
        acts[message[1]] = (acts[message[1]] ?? 0) + 1;
        return postMessage.call(this, message, ...others);
    };
}"""


def check_same(seen, expected):
    """Within two of the 256 levels of a colour."""
    assert np.abs(seen.astype(int) - expected).max() <= 2


def test_files_are_repainted_as_in_python(studio, stylizer):
    content, painting = square(photograph("china")), paint("rayonism", 3)
    studio.give("Choose a photograph", content, "china.png")
    studio.give("Choose a painting", painting, "rayonism.png")
    style = stylizer.style(painting)
    for strength in (1, 0.4):
        studio.slide("Strength of the style", strength)
        check_same(studio.download(), stylizer.stylize(content, style, strength))
    studio.slide("Strength of the style", 1)


def test_paintings_are_mixed_as_in_python(studio, stylizer):
    content = square(photograph("coffee"), 128).repeat(2, axis=0).repeat(2, axis=1)
    studio.give("Choose a photograph", content, "coffee.png")
    studio.choose("Orphism")
    studio.choose("a mixture")
    studio.choose("Op art")
    studio.slide("Share of Op art", 0.25)
    expect(studio.reading).to_contain_text("Orphism (0.80) and Op art (0.20)")
    paintings = [paint(name, HELD_OUT_SEED) for name in ("orphism", "op-art")]
    style = stylizer.style(*paintings, weights=[1, 0.25])
    check_same(studio.download(), stylizer.stylize(content, style))
    studio.choose("one painting")
    expect(studio.reading).to_contain_text("in the manner of Orphism,")
    assert studio.root.get_by_label("Share of Op art").is_hidden()


def test_the_discriminators_view_is_its_scores(studio, trained):
    encoder, _, discriminator = trained
    content = square(photograph("china"))
    studio.give("Choose a photograph", content, "lake.png")
    studio.choose("Neoplasticism")
    studio.choose("the discriminator's view")
    expect(studio.reading).to_contain_text("mean score")
    statistics = style_statistics(encoder(to_float(paint("neoplasticism", HELD_OUT_SEED))[None]))
    pictures = (studio.download(), content)
    expected = [
        discriminator.predict([to_float(picture)[None], style_vector(statistics)], verbose=0)
        for picture in pictures
    ]
    words = studio.reading.inner_text().replace("−", "-")
    told = re.search(r"the result is (\S+), for the photograph (\S+)\. Of the result's 1024", words)
    means = [scores.mean() for scores in expected]
    np.testing.assert_allclose([float(one) for one in told.groups()], means, atol=0.02)
    share = int(re.search(r"(\d+) % score", words)[1])
    assert abs(share - 100 * (expected[0] > 0).mean()) <= 1
    heat = studio.root.locator(".heat").evaluate(
        "(map) => [...map.getContext('2d').getImageData(0, 0, map.width, map.height).data]"
    )
    red, _, blue, _ = np.reshape(heat, (-1, 4)).T
    sure = np.abs(expected[0].ravel()) > 0.05
    assert ((blue > red) == (expected[0].ravel() > 0))[sure].all()
    expect(studio.root.locator(".scale")).to_be_visible()
    studio.page.evaluate(COUNT_ACTS)
    for strength in (0.5, 1):
        studio.slide("Strength of the style", strength)
    assert studio.page.evaluate("acts.judge") == 2  # the results, and the photograph no more
    studio.choose("Bauhaus")
    assert studio.page.evaluate("acts.judge") == 4
    studio.choose("the picture")
    expect(studio.root.locator(".heat")).to_be_hidden()


def test_what_is_dropped_is_a_painting_among_paintings_and_else_a_photograph(studio, stylizer):
    content, painting = square(photograph("coffee")), paint("cubism", 5)
    studio.drop(".easel", "dropped-cup.png", png(content))
    expect(studio.reading).to_contain_text("dropped-cup.png, in the manner of")
    studio.wait()
    studio.drop(".tiles >> nth=1", "dropped-cubes.png", png(painting))
    expect(studio.reading).to_contain_text("dropped-cup.png, in the manner of dropped-cubes.png")
    studio.wait()
    check_same(studio.download(), stylizer.stylize(content, stylizer.style(painting)))


def test_a_larger_picture_keeps_its_form(studio):
    studio.give("Choose a photograph", photograph("rocket"), "rocket.png")  # 640 x 427
    studio.choose("384")
    assert studio.download().shape == (256, 384, 3)
    studio.choose("256")
    assert studio.download().shape == (168, 256, 3)


@pytest.mark.parametrize(
    ("name", "content", "kind", "sentence"),
    [
        ("words.png", b"no picture", "image/png", "not a picture that the browser can read"),
        ("half.png", png(photograph("coffee"))[:9000], "image/png", "it is damaged"),
        ("tiny.png", png(np.zeros((9, 40, 3), np.uint8)), "image/png", "40 × 9 pixels, and 16"),
        ("photo.heic", b"ftypheic", "image/heic", "cannot read HEIC"),
        ("huge.png", png(np.zeros((9000, 9000), np.uint8)), "image/png", "more than 80 million"),
    ],
)
def test_a_bad_file_is_answered_by_a_sentence(studio, name, content, kind, sentence):
    studio.offer("Choose a photograph", name, content, kind)
    expect(studio.alert).to_contain_text(sentence)


def test_an_answer_stays_until_the_next_act(studio):
    studio.offer("Choose a painting", "words.png", b"no painting")
    expect(studio.alert).to_contain_text("not a picture")
    studio.drop(".easel", "large.png", 51_000_000)
    expect(studio.alert).to_contain_text("more than 50 MB")
    studio.choose("Cat")
    expect(studio.alert).to_be_empty()


def test_a_files_name_stays_text(studio):
    name = "<img src=x onerror='document.title=1'>.png"
    for button, share in (("Choose a photograph", False), ("Choose a painting", True)):
        if share:
            studio.choose("a mixture")
        studio.give(button, square(photograph("chelsea")), name)
    expect(studio.reading).to_contain_text(f"{name}, in the manner of")
    expect(studio.root.get_by_label(f"Share of {name}")).to_be_visible()
    assert studio.root.locator("img").count() == 0
    studio.choose("one painting")


def test_the_camera_takes_a_photograph_or_is_missed(studio):
    use = studio.root.get_by_role("button", name="Use the camera")
    use.click()
    expect(studio.alert).to_contain_text(re.compile("camera.*choose a file"))
    studio.page.evaluate(
        """() => {
            const canvas = document.createElement("canvas");
            setInterval(() => canvas.getContext("2d").fillRect(0, 0, 100, 100), 50);
            navigator.mediaDevices.getUserMedia = async () => canvas.captureStream();
        }"""
    )
    use.click()
    close = studio.root.get_by_role("button", name="Close the camera")
    close.click()
    expect(close).to_be_hidden()
    use.click()
    studio.root.get_by_role("button", name="Take the picture").click()
    expect(studio.reading).to_contain_text("From the camera, in the manner of")
    studio.wait()


def test_the_page_keeps_the_rules_of_accessibility(studio):
    studio.choose("the discriminator's view")
    assert studio.faults == []  # before axe, which asks for style sheets of its own accord
    assert violations(studio.root) == []


TOO_SMALL = """(root) => [...root.querySelectorAll("button, label:has(input), [type=range]")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 43.9)
    .map((one) => one.outerHTML)"""


# A GPU that is none: WebGPU cannot be started with it.
FALSE_GPU = """Object.defineProperty(navigator, "gpu", {
    value: { requestAdapter: async () => ({ info: {} }) },
})"""


def test_by_keyboard_on_a_phone_in_the_dark_without_its_gpu(browser, site):
    studio = Studio(browser, site, "dark", 390, FALSE_GPU)
    page, root = studio.page, studio.root
    page.route("**/paint.onnx.gz", lambda route: route.abort())
    start = root.get_by_role("button", name="Start")
    expect(root).to_contain_text("11.2 MB")  # the runtime for GPUs is larger
    for _ in range(60):
        page.keyboard.press("Tab")
        if start.evaluate("(button) => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(studio.alert).to_contain_text("paint.onnx.gz could not be loaded", timeout=60_000)
    page.unroute("**/paint.onnx.gz")
    start.focus()
    page.keyboard.press("Enter")
    studio.wait()
    page.keyboard.press("ArrowRight")
    studio.wait()
    expect(studio.reading).to_contain_text("Cat, in the manner of Orphism")
    expect(studio.reading).to_contain_text("with WebAssembly")
    for _ in range(3):  # over the buttons
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    studio.wait()
    expect(studio.reading).to_contain_text("Cat, in the manner of Rayonism")
    root.get_by_label("Strength of the style").focus()
    page.keyboard.press("PageDown")
    studio.wait()
    expect(studio.reading).to_contain_text("strength 0.90")
    expect(root.locator(".spoken")).to_have_text(
        " ".join(studio.reading.locator("p").all_inner_texts())
    )
    assert root.evaluate(TOO_SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(CUT_OFF) == []
    assert violations(root) == []
    assert violations(page.locator("main"), WCAG) == []
    studio.context.close()


def test_opened_as_a_file_the_page_says_what_it_needs(browser, html):
    page = browser.new_page()
    page.goto((html / PAGE).as_uri())
    expect(page.locator("#try-it")).to_contain_text("make serve")
    page.close()


def test_no_other_page_loads_it(html):
    pages = [path for path in html.rglob("*.html") if "_static/try_it" in path.read_text("utf-8")]
    assert pages == [html / PAGE]

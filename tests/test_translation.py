"""The Chinese edition: catalogues that keep what the English text marks up, and a book of them."""

import functools
import json
import re
import shutil
import sys
from collections import Counter
from os.path import relpath
from xml.etree import ElementTree

import pytest
from accessibility import REPEATED, WCAG, violations
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from conftest import ROOT, served, warnings_of
from playwright.sync_api import expect
from test_book_browser import CUT_OFF, LEFT_OVER, MODES, PARTED, windows
from test_book_build import PAGES, broken_links, pages_of
from widget_checks import visible
from widget_page import Seen

import notebooks
from catalogues import (
    CHINESE,
    LOCALE,
    TOOLS,
    WIDGETS,
    catalogue,
    has_words,
    in_language,
    said_in,
)
from page_words import words
from widget_words import places, translate

CATALOGUES = sorted(LOCALE.rglob("*.po"))

ROLE = re.compile(r"(\{[\w:]+\})`(?:[^`<]*<([^>`]+)>|([^`]+))`")
CODE = re.compile(r"(?<!\})`([^`]+)`")
LINK = re.compile(r"\]\(([^)]+)\)")
FORMULA = re.compile(r"\$([^$]+)\$")
PLACE = re.compile(r"\{\w+\}(?!`)")
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")


def faults(text, translation):
    """Yield what a translation has lost or added of what is no language."""
    kept = {
        "roles": lambda t: [(role, a or b) for role, a, b in ROLE.findall(t)],
        "code": lambda t: CODE.findall(ROLE.sub(" ", t)),
        "links": LINK.findall,
        "formulas": FORMULA.findall,
        "places": PLACE.findall,
    }
    for name, find in kept.items():
        if Counter(find(text)) != Counter(find(translation)):
            yield f"{name}: {find(text)} became {find(translation)}"
    missing = set(NUMBER.findall(text)) - set(NUMBER.findall(translation))
    if missing:
        yield f"numbers: {sorted(missing)} are missing"
    names = translation.replace("\\", "") == text
    if has_words(PLACE.sub("", translation)) and not CHINESE.search(translation) and not names:
        yield "no Chinese"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_translation_keeps_markup_formulas_and_numbers(path):
    with path.open("rb") as file:
        messages = read_po(file, abort_invalid=True)
    assert messages.locale_identifier == "zh_CN"
    assert [m.id for m in messages if m.id and m.fuzzy] == [], "translate these, drop `#, fuzzy`"
    assert not messages.obsolete
    found = {m.id: list(faults(m.id, m.string)) for m in messages if m.id and m.string}
    assert {text: wrong for text, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("text", "translation", "wrong"),
    [
        ("A {term}`GAN` of 2014.", "2014 年的 {term}`生成对抗网络 <GAN>`。", None),
        ("A {term}`GAN` of 2014.", "2014 年的{term}`生成器 <generator>`。", "roles"),
        ("So {cite:p}`gatys2016` did.", "就是这样。", "roles"),
        ("Run `make book`.", "运行 `make books`。", "code"),
        ("[Here](a.md) it is.", "[这里](b.md)。", "links"),
        ("With $x_1$ it is.", "有 $x_2$。", "formulas"),
        ("It took 0.5 s.", "用了 5 秒。", "numbers"),
        ("{time} of training", "训练", "places"),
        ("It took long.", "It took very long.", "no Chinese"),
    ],
)
def test_a_fault_of_a_translation_is_found(text, translation, wrong):
    found = list(faults(text, translation))
    assert [fault.partition(":")[0] for fault in found] == ([wrong] if wrong else [])


def test_what_has_no_words_is_not_for_translators():
    assert has_words("Train a {term}`GAN`.") and has_words("**yes**")
    assert has_words("消融实验. Train again without it.")
    assert not has_words("$a x + b$, `x`, {cite:p}`gatys2016`, 2014")
    assert not has_words("![A cat](cat.png)")
    assert not has_words("如VGG，基于GANs的生成对抗网络。")


def test_what_the_tools_write_is_translated_and_filled_in():
    assert in_language("en", "{time} of training", time="4 min") == "4 min of training"
    assert in_language("zh_CN", "{time} of training", time="4 min") == "训练 4 min"
    assert in_language("zh_CN", "Nobody translated this.") == "Nobody translated this."


def test_what_the_page_try_it_says_is_translated():
    said = words()
    assert {"Start", "Share of {painting}", "at the upper left", "Astronaut", "Op art"} <= set(said)
    assert [text for text in said if text not in catalogue(TOOLS)] == []


def test_what_a_script_says_is_found_with_places_for_its_values():
    script = """
        // say`nothing`
        say("one " + "two", { three });
        say`${name} ${fixed({ a: `}` }.a, 1)}${since}.` + say`log\\xa04`;
        `${say`in`}: ${other ? `${say`out`}` : "`"}`
    """
    found = ["one two", "{0} {1}{2}.", "log\N{NO-BREAK SPACE}4", "in", "out"]
    assert list(said_in(script)) == found
    with pytest.raises(ValueError, match="can't be read"):
        list(said_in("say`It does not end."))


def test_what_widgets_say_is_for_translators_with_its_places():
    found = places()
    assert found["Check"] == ["src/abstractgan/widgets/quiz.js"]
    assert found["Answer"] == ["src/abstractgan/widgets/quiz.py"]
    labs = [f"notebooks/{name}.ipynb" for name in ("core_concepts", "what_goes_wrong")]
    assert found["Slow motion"] == found["Mode collapse, cured"] == labs
    assert found["Op art"] == ["notebooks/synthesis.ipynb"]
    both = ["does_it_work", "four_steps", "paintings"]
    assert found["both"] == [f"notebooks/{name}.ipynb" for name in both]
    assert "0.5" not in found


def test_what_the_widgets_scripts_and_modules_say_is_translated():
    own = {text for text, files in places().items() if files[0].startswith("src/")}
    assert own - set(catalogue(WIDGETS)) == set()


def translated(name, words):
    """Return the widgets' states of a chapter, their words put in, and the still forms' HTML."""
    notebook = notebooks.read_notebook(ROOT / "notebooks" / f"{name}.ipynb")
    translate(notebook, words)
    shown = list(notebooks.shown_widgets(notebook))
    still = [notebook.cells[index].outputs[-1].data["text/html"] for index, *_ in shown]
    return [state for *_, state in shown], [BeautifulSoup(one, "html.parser") for one in still]


def test_a_quiz_gets_its_words_in_its_page_and_without_a_script():
    before = notebooks.read_notebook(ROOT / "notebooks" / "questions.ipynb")
    (stored,) = [state for *_, state in notebooks.shown_widgets(before)]
    first, second = (question["text"] for question in stored["questions"][:2])
    words = {"Check": "检查", "Answer": "答案", first: "一 < 二？</script>"}
    (quiz,), (shown,) = translated("questions", words | {"Play": "播放"})
    assert quiz == stored
    assert json.loads(shown.select_one("script#ag-words").string) == words
    assert shown.noscript.div["lang"] == "zh-CN"
    assert shown.li.contents[0] == words[first] and shown.summary.text == "答案"
    assert second in [english.text for english in shown.select("[lang=en]")]


def test_a_widget_gets_its_words_in_its_page_its_state_and_its_still_picture():
    words = catalogue(WIDGETS)
    (lab, _), (still, questions) = translated("what_goes_wrong", words)
    facts = json.loads(lab["facts"])
    assert facts["presets"]["oscillation"]["title"] == words["Oscillation"]
    assert facts["choices"]["data"]["moons"] == words["Moons"]
    assert facts["defaults"]["data"] == "ring"
    assert json.loads(still.select_one("#ag-words").string)["Play"] == words["Play"]
    assert questions.select("#ag-words") == []  # once a page
    assert still.img["lang"] == "zh-CN"
    assert still.img["alt"].startswith("平面上的一个 GAN；损失：非饱和。")
    (replay, _), (still, _) = translated("digit_gan", words)
    loss, _, kid = replay["record"]["panels"]
    assert loss["title"] == words["Loss"]
    assert still.img["alt"].endswith(f"KID {kid['lines'][0]['values'][0]:.3f}。")


# The built edition.

ADDRESS = "https://someone.github.io/their-course/"
CHANGED = " This was added to the English."
CHOICE = "the style image"  # of a quiz


@pytest.fixture(scope="module")
def changed():
    """An item of a list that is translated."""
    page = (ROOT / "book" / "background.md").read_text("utf-8")
    return next(text for text in catalogue("book/background") if f"\n- {text}\n" in page)


@pytest.fixture(scope="module")
def editions(book, changed, tmp_path_factory):
    """The folder of the English pages, beneath it the Chinese; some English has changed."""
    folder = tmp_path_factory.mktemp("editions") / "book"
    shutil.copytree(book.folder, folder)
    page = folder / "book" / "background.md"
    text = page.read_text("utf-8").replace(f"- {changed}\n", f"- {changed}{CHANGED}\n")
    page.write_text(text, "utf-8")
    chapter = folder / "notebooks" / "core_concepts.ipynb"
    text = chapter.read_text("utf-8").replace(f'"{CHOICE}"', f'"{CHOICE}{CHANGED}"')
    chapter.write_text(text, "utf-8")
    config = folder / "_config.yml"
    config.write_text(
        re.sub('^  baseurl: ""', f'  baseurl: "{ADDRESS}"', config.read_text("utf-8"), flags=re.M),
        "utf-8",
    )
    assert warnings_of([sys.executable, "tools/translations.py", "build"], folder) == []
    return folder / "_build" / "html"


def test_the_sitemap_lists_each_page_in_both_languages(editions):
    sitemap = ElementTree.parse(editions / "sitemap.xml")
    listed = {
        entry.findtext("{*}loc"): {
            link.get("hreflang"): link.get("href") for link in entry.iterfind("{*}link")
        }
        for entry in sitemap.getroot()
    }
    english = f"{ADDRESS}book/background.html"
    chinese = f"{ADDRESS}zh/book/background.html"
    assert listed[english] == listed[chinese] == {"en": english, "zh-CN": chinese}
    for links in listed.values():
        for address in links.values():
            assert (editions / address.removeprefix(ADDRESS)).is_file()
            assert listed[address] == links


def page_of(folder, name):
    return BeautifulSoup((folder / f"{name}.html").read_text("utf-8"), "html.parser")


@functools.cache
def table_of(folder):
    """Return the cells of the table of what is translated, by the address of the page."""
    rows = page_of(folder, "book/translation").select("article tbody tr:has(a)")
    return {row.a["href"]: [cell.get_text() for cell in row.select("td")] for row in rows}


def counted(folder, name):
    """Return how many passages of a page are translated, and of how many, as the table says."""
    address = "#" if name == "book/translation" else relpath(f"{name}.html", "book")
    return [int(number) for number in table_of(folder)[address][1].split(" / ")]


def test_the_chinese_edition_has_the_pages_of_the_english_one(editions):
    pages = pages_of(editions / "zh")
    assert set(pages) == {f"{page}.html" for page in [*PAGES, "genindex", "search", "index"]}
    assert broken_links(editions, pages_of(editions)) == []


ENGLISH = "[lang=en]:not(.cell_output)"


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_in_its_language_as_far_as_it_is_translated(editions, name):
    english, chinese = page_of(editions, name), page_of(editions / "zh", name)
    assert english.html["lang"] == "en" and chinese.html["lang"] == "zh-CN"
    if english.h1.contents[0] in catalogue(name):
        assert chinese.h1.contents[0] == catalogue(name)[english.h1.contents[0]]
    done, total = counted(editions / "zh", name)
    article = chinese.article
    assert done <= total and (done < total or not article.select(ENGLISH))
    assert len(article.select(".untranslated-rest")) == (done < total)
    assert all(output["lang"] == "en" for output in article.select(".cell_output"))
    for image in article.select("img"):
        marked = image.get("lang", image.find_parent(lang=True)["lang"])
        assert marked == ("zh-CN" if CHINESE.search(image["alt"]) else "en") or not done, image
    if done == total:
        for element in article.select("pre, code, script, .math, .cell_output"):
            element.decompose()
        assert "**" not in article.get_text(), "emphasis that does not end"


def test_a_passage_that_changed_is_english_again_and_counted(editions, changed):
    page = page_of(editions / "zh", "book/background")
    assert f"{changed}{CHANGED}" in [one.get_text() for one in page.select("article [lang=en]")]
    done, total = counted(editions, "book/background")
    assert counted(editions / "zh", "book/background") == [done - 1, total]
    note = page.select_one(".untranslated-rest")
    assert {str(done - 1), str(total)} <= set(re.findall(r"\d+", note.get_text()))
    assert note.a["href"] == "translation.html"


def test_the_parts_and_the_exercises_are_in_chinese_too(editions):
    index = page_of(editions / "zh", "book/index")
    captions = index.select(".bd-sidebar .caption")
    assert captions and all(CHINESE.search(caption.get_text()) for caption in captions)
    exercises = page_of(editions / "zh", "book/exercises").select("article li li")
    assert CHINESE.search(exercises[0].get_text())


def test_exercises_and_solutions_keep_their_labels(editions):
    page = page_of(editions / "zh", "notebooks/core_concepts")
    assert page.select_one("#exercise-1") and page.select_one("#solution-3")


@pytest.fixture
def reader(browser, editions):
    """A function that opens a window of a reader of both editions."""
    with served(editions) as site, windows(browser, site) as open_window:
        yield open_window


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_reader_goes_from_one_edition_to_the_other(reader, scheme, width):
    opened = reader(scheme, width)
    page = opened.open("book/background.html")
    for language, tag in (("中文", "zh-CN"), ("English", "en")):
        switch = page.get_by_role("link", name=language, exact=True)
        box = switch.bounding_box()
        assert box["width"] >= 44 and box["height"] >= 44
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        switch.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/zh/book/background" if tag == "zh-CN" else r"\d/book/back"))
        assert page.evaluate("document.documentElement.lang") == tag
    assert opened.faults == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_a_chinese_page_reads_well(reader, scheme, width):
    opened = reader(scheme, width)
    page = opened.open("zh/notebooks/core_concepts.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(LEFT_OVER) == []
    assert page.evaluate(PARTED) == []
    frames = page.locator(".scrolling-figure")
    assert (frames.count() > 0) == (width < 767)
    for frame in frames.all():
        expect(frame).to_have_attribute("aria-label", "可左右滚动的图")
        expect(frame.locator("+ button")).to_have_text("显示整幅图")
    assert opened.faults == []
    assert violations(page.locator("main"), WCAG) == []


@pytest.fixture(scope="module")
def by_turns(browser, editions):
    """Two readers of both editions: one light and wide, one dark and narrow."""
    with served(editions) as site, windows(browser, site) as open_window:
        yield [open_window(*mode) for mode in MODES]


@pytest.mark.parametrize("number", range(len(PAGES)), ids=PAGES)
def test_every_chinese_page_keeps_the_rules_of_accessibility(by_turns, number):
    opened = by_turns[number % 2]
    page = opened.open(f"zh/{PAGES[number]}.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert opened.faults == []
    assert violations(page.locator("main"), WCAG, REPEATED) == []


# All that is said in a part of a page, to eyes and to ears, but what is marked as English.
SAID = """(root) => [...root.querySelectorAll("*")].flatMap((element) => [
    element.ariaLabel, element.ariaValueText, element.alt, element.title, element.placeholder,
    ...[...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data),
].filter((text) => text?.trim() && element.closest("[lang]").lang !== "en"))"""

PROPER = re.compile(r"WebAssembly|WebGPU|MB|JPEG|PNG|WebP")

NAMES = re.compile(
    r"(?<![a-z])(GAN|KID|PSNR|dB|R1|JSD?|SGD|Adam|Wasserstein|Python|Enter|Delete|epoch|log|relu|ds)"
    r"(?![a-z])",
    re.IGNORECASE,
)


def test_a_quiz_asks_and_answers_in_chinese(editions, reader):
    said = catalogue(WIDGETS)
    opened = reader("light", 1280)
    page = opened.open("zh/notebooks/core_concepts.html")
    quiz = page.locator(".ag-quiz[lang=zh-CN]")
    group = quiz.get_by_role("group").last
    group.get_by_text(said["the content image"]).click()
    group.get_by_role("button", name="检查第 3 题").click()
    why = said["Place by place, the result follows the content image."]
    expect(group.locator("p")).to_have_text(f"答对了。{why}")
    expect(quiz.get_by_role("status")).to_contain_text(f"第 3 题：答对了。{why}")
    assert quiz.locator("[lang=en]").all_text_contents() == [f"{CHOICE}{CHANGED}"]
    assert opened.faults == []
    done, total = counted(editions, "notebooks/core_concepts")
    assert counted(editions / "zh", "notebooks/core_concepts") == [done - 1, total]


WITH_WIDGETS = {  # chapters, with how many widgets before the quiz
    **dict.fromkeys(("core_concepts", "loss_family"), 2),
    **dict.fromkeys(("digit_gan", "enhancement", "gatys", "minimax"), 1),
    **dict.fromkeys(("synthesis", "vgg_features", "what_goes_wrong"), 1),
}


def use(seen):
    """Yield all that a widget says, after each thing that a reader can do with it."""

    def listen():
        return seen.root.evaluate(SAID)

    seen.unfold()
    yield from listen()
    for label in visible(seen, "fieldset label"):
        label.click()
        yield from listen()
        for slider in visible(seen, "[type=range]"):
            slider.focus()
            seen.page.keyboard.press("End")
            yield from listen()
    for select in visible(seen, "select"):
        for option in select.locator("option:enabled").all():
            select.select_option(option.get_attribute("value") or option.text_content())
            yield from listen()
    for button in visible(seen, "button"):
        if button.is_enabled():
            button.click()
            yield from listen()
    expect(seen.spoken).to_have_text(seen.words())
    yield from listen()


@pytest.mark.parametrize(("name", "count"), WITH_WIDGETS.items())
def test_the_widgets_speak_chinese(reader, name, count):
    opened = reader("light", 1280)
    page = opened.open(f"zh/notebooks/{name}.html")
    widgets = page.locator(".ag-widget:not(.ag-quiz)")
    expect(widgets).to_have_count(count)
    for number in range(count):
        heard = set(use(Seen(page, f".ag-widget:not(.ag-quiz) >> nth={number}")))
        assert any(CHINESE.search(text) for text in heard)
        assert [text for text in heard if re.search("[A-Za-z]{2}", NAMES.sub("", text))] == []
    for still in page.locator("noscript", has_text="<img").all():
        (description,) = re.findall('alt="([^"]*)"', still.text_content())
        assert not re.search("[A-Za-z]{2}", NAMES.sub("", description))
    assert opened.faults == []


def test_the_page_try_it_speaks_chinese(reader):
    opened = reader("light", 1280)
    page = opened.open("zh/book/try_it.html")
    root = page.locator(".ag-try-it")
    heard = set()

    def listen():
        heard.update(root.evaluate(SAID))

    root.get_by_role("button", name="开始").wait_for()
    listen()
    page.route("**/paint.onnx.gz", lambda route: route.abort())
    root.get_by_role("button", name="开始").click()
    alert = root.get_by_role("alert")
    expect(alert).to_have_text("网络无法启动：paint.onnx.gz 无法加载：请检查网络连接，然后重试。")
    page.unroute("**/paint.onnx.gz")
    opened.faults.clear()  # this one was wanted
    root.get_by_role("button", name="开始").click()
    reading = root.locator(".reading")
    expect(reading).to_contain_text("宇航员，以俄耳甫斯主义的手法，强度 1.00。", timeout=90_000)
    listen()
    for name in ("几幅画的混合", "欧普艺术", "判别器的看法"):
        root.locator("label", has_text=re.compile(f"^{name}$")).click()
    expect(reading).to_contain_text("俄耳甫斯主义 (0.50)和欧普艺术 (0.50)", timeout=90_000)
    expect(reading).to_contain_text("判别器给结果的平均分是", timeout=90_000)
    listen()
    with page.expect_file_chooser() as chooser:
        root.get_by_role("button", name="选择照片").click()
    chooser.value.set_files({"name": "words.png", "mimeType": "image/png", "buffer": b"none"})
    expect(alert).to_contain_text("这不是浏览器能读的图片")
    listen()
    spoken = {PROPER.sub("", text) for text in heard}
    assert [text for text in spoken if has_words(text) and not CHINESE.search(text)] == []
    assert opened.faults == []


@pytest.mark.parametrize("query", ["判别网络", "通道", "logit"])
def test_a_search_of_the_chinese_edition_finds_words(reader, query):
    opened = reader("light", 1280)
    page = opened.open(f"zh/search.html?q={query}")
    page.locator("#search-results li a", has_text="术语表").first.click()
    page.wait_for_url("**/zh/book/glossary.html*")
    assert opened.faults == []

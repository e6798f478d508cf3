"""What the book serves itself is small, licensed and as it was fetched."""

import json
import shutil

import pytest

import assets

RECORD = json.loads((assets.ASSETS / assets.RECORD).read_text(encoding="utf-8"))
OURS = {
    assets.RECORD,
    "css/book.css",
    "css/print.css",
    "images/card.jpg",
    "images/logo.svg",
    "js/from-files.js",
    "js/named-sliders.js",
    "js/readable-figures.js",
    "js/scrolling-formulas.js",
    "widgets/config.js",
}
TRY_IT = "try_it/"  # written here or by tools/page_networks.py; tests/test_try_it.py looks at it


def test_the_committed_files_are_the_fetched_ones():
    assert assets.check() == []


def test_every_file_is_ours_or_recorded():
    recorded = {name for package in RECORD for name in package["files"]}
    licences = {package["licence_file"] for package in RECORD}
    files = (path for path in assets.ASSETS.rglob("*") if path.is_file())
    present = {path.relative_to(assets.ASSETS).as_posix() for path in files}
    present = {name for name in present if not name.startswith(TRY_IT)}
    assert present == recorded | licences | OURS


def test_the_record_is_of_the_packages_that_the_tool_names():
    assert [f"{p['registry']}:{p['name']}@{p['version']}" for p in RECORD] == [
        package.source.replace("==", "@") for package in assets.PACKAGES
    ]
    for package in RECORD:
        text = (assets.ASSETS / package["licence_file"]).read_text(encoding="utf-8")
        assert "Copyright" in text or package["licence"] == "Apache-2.0"


@pytest.mark.parametrize("damage", ["altered", "missing", "unlicensed"])
def test_a_damaged_copy_is_named(tmp_path, damage):
    copy = shutil.copytree(assets.ASSETS, tmp_path / "assets")
    package = RECORD[0]
    name = package["licence_file"] if damage == "unlicensed" else next(iter(package["files"]))
    if damage == "altered":
        with (copy / name).open("ab") as file:
            file.write(b" ")
    else:
        (copy / name).unlink()
    problems = assets.check(copy)
    assert problems and all(name in problem for problem in problems)


def test_the_copies_stay_small():
    sizes = {
        folder: sum(p.stat().st_size for p in (assets.ASSETS / folder).rglob("*") if p.is_file())
        for folder in ("mathjax", "widgets", "fonts", "css", "images", "onnxruntime", "try_it")
    }
    assert sizes["mathjax"] < 1_300_000
    assert sizes["widgets"] < 4_000_000  # the widget manager, loaded only where a widget is
    assert sizes["onnxruntime"] < 9_000_000  # two builds, of which a reader loads one
    assert sizes["try_it"] < 10_000_000  # the networks, loaded when a reader presses Start
    sizes["images"] -= (assets.ASSETS / "images/card.jpg").stat().st_size  # for other sites
    assert sizes["fonts"] + sizes["css"] + sizes["images"] < 250_000

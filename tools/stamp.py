"""Stamp a copy of the course with the address and the commit that it is published under.

python tools/stamp.py stamp --repository https://github.com/OWNER/NAME --commit SHA FOLDER
python tools/stamp.py check FOLDER

In the copy, the book's launch buttons, every notebook's set-up cell and Binder's environment name
the same repository and commit; in the working tree they name none. The book's own address, which
search engines and social cards need, is the one where GitHub Pages publishes the repository, or
``--address``. ``check`` says where a copy disagrees with itself, in its built pages too if it has
any.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

import notebooks

REPOSITORY = re.compile(r"https://[\w.-]+(?:/[\w.-]+){2,}|file:///[\w./-]+", re.ASCII)
COMMIT = re.compile(r"[0-9a-f]{40}")
BRANCH = re.compile(r"\w[\w./-]*", re.ASCII)
ADDRESS = re.compile(r"https?://[\w.-]+(?::\d+)?/(?:[\w.-]+/)*", re.ASCII)
INSTALLED = re.compile(r"^abstractgan\[cpu\] @ git\+(\S+)@(\S+)$", re.MULTILINE)
LAUNCH_LINK = re.compile(
    r'href="(https://(?:colab\.research\.google\.com|mybinder\.org|kaggle\.com)/[^"]*)"'
)
CANONICAL_LINK = re.compile(r'<link rel="canonical" href="([^"]*)"')


class StampError(Exception):
    """Why a copy cannot be stamped, in one sentence."""


def book_address(repository: str, given: str = "") -> str:
    """Where the book is published: where it is said to be, or where GitHub Pages would put it.

    Empty for a repository that lies elsewhere, when nothing is said.
    """
    if given:
        address = f"{given.removesuffix('/')}/"
        if not ADDRESS.fullmatch(address):
            raise StampError(f"{given!r} is no address like https://OWNER.github.io/NAME/.")
        return address
    host, _, project = repository.partition("://")[2].partition("/")
    if host != "github.com":
        return ""
    owner, _, name = project.partition("/")
    site = f"{owner}.github.io".lower()
    return f"https://{site}/" if name.lower() == site else f"https://{site}/{name}/"


def stamp(repository: str, commit: str, branch: str, address: str, target: Path) -> None:
    """Copy what git knows of the working tree to ``target``, and stamp the copy."""
    repository = repository.removesuffix("/").removesuffix(".git")
    if not REPOSITORY.fullmatch(repository):
        raise StampError(f"{repository!r} is no address like https://github.com/OWNER/NAME.")
    if not COMMIT.fullmatch(commit):
        raise StampError(f"{commit!r} is no commit: give all 40 digits of `git rev-parse HEAD`.")
    if not BRANCH.fullmatch(branch):
        raise StampError(f"{branch!r} is no name of a branch.")
    address = book_address(repository, address)
    copy_tree(target)
    fill_in(target, repository, commit, branch, address)
    # The copy's own tool, so that its own set-up cell is the one that is filled in.
    subprocess.run([sys.executable, target / "tools/notebooks.py", "sync"], check=True)


def fill_in(folder: Path, repository: str, commit: str, branch: str, address: str) -> None:
    """Write a stamp into the book's settings, the set-up cell and Binder's list of a copy."""
    _substitute(folder / "_config.yml", r'^(  baseurl: )""', rf'\1"{address}"')
    _substitute(folder / "_config.yml", r'^(  url: )""', rf'\1"{repository}"')
    _substitute(folder / "_config.yml", r"^(  branch: )\S+", rf'\1"{branch}"')
    _substitute(folder / "tools/setup_cell.py", r'^(REPOSITORY = )""', rf'\1"{repository}"')
    _substitute(folder / "tools/setup_cell.py", r'^(COMMIT = )""', rf'\1"{commit}"')
    _substitute(
        folder / "binder/requirements.txt",
        r"^\.\[cpu\]$",
        f"abstractgan[cpu] @ git+{repository}@{commit}",
    )


def copy_tree(target: Path) -> None:
    """Copy the files of the working tree that git tracks or would track."""
    if target.exists() and any(target.iterdir()):
        raise StampError(f"{target} is not empty: name a new folder.")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=notebooks.ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        source = notebooks.ROOT / name
        if source.is_file():  # not deleted since it was added
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)


def faults(folder: Path) -> Iterator[str]:
    """Yield a sentence for each stamped part that disagrees with ``_config.yml``."""
    config = yaml.safe_load((folder / "_config.yml").read_text(encoding="utf-8"))
    repository, branch = config["repository"]["url"], config["repository"]["branch"]
    if not REPOSITORY.fullmatch(repository):
        yield "_config.yml names no repository."
    stamps = {
        "tools/setup_cell.py": named_in((folder / "tools/setup_cell.py").read_text("utf-8")),
    }
    installed = INSTALLED.search((folder / "binder/requirements.txt").read_text("utf-8"))
    stamps["binder/requirements.txt"] = (installed[1], installed[2]) if installed else ("", "")
    for path in sorted((folder / "notebooks").glob("*.ipynb")):
        for twin, read in (
            (path, notebooks.read_notebook),
            (path.with_suffix(".py"), notebooks.read_twin),
        ):
            for cell in notebooks.tagged(read(twin), "setup"):
                stamps[f"notebooks/{twin.name}"] = named_in(cell.source)
    commits = {commit for _, commit in stamps.values()}
    for name, (address, commit) in stamps.items():
        if address != repository:
            yield f"{name} names the repository {address!r}, _config.yml {repository!r}."
        if not COMMIT.fullmatch(commit):
            yield f"{name} names no commit."
    if len(commits) > 1:
        yield f"The set-up cells name {len(commits)} commits: {', '.join(sorted(commits))}."
    yield from _faults_of_pages(folder, repository, branch, config["html"]["baseurl"])


def _faults_of_pages(folder: Path, repository: str, branch: str, address: str) -> Iterator[str]:
    """Yield a sentence for each built page without its launch buttons, or with another address."""
    project = repository.partition("://")[2].partition("/")[2]
    for page in sorted((folder / "_build/html/notebooks").glob("*.html")):
        text = page.read_text(encoding="utf-8")
        notebook = f"notebooks/{page.stem}.ipynb"
        wanted = {
            f"https://colab.research.google.com/github/{project}/blob/{branch}/{notebook}",
            f"https://mybinder.org/v2/gh/{project}/{branch}?urlpath=lab/tree/{notebook}",
            "https://kaggle.com/kernels/welcome?src=https://raw.githubusercontent.com/"
            f"{project}/{branch}/{notebook}",
        }
        links = set(LAUNCH_LINK.findall(text))
        for link in sorted(wanted - links):
            yield f"{page.name} has no button to {link}, but {sorted(links) or 'none'}."
        canonical = CANONICAL_LINK.findall(text)
        if canonical != ([f"{address}notebooks/{page.name}"] if address else []):
            yield f"{page.name} says that it lies at {canonical}, _config.yml says {address!r}."


def named_in(source: str) -> tuple[str, str]:
    """Return the repository and commit that a set-up cell names."""
    found = [re.search(rf'^{name} = "(.*?)"', source, re.M) for name in ("REPOSITORY", "COMMIT")]
    repository, commit = (match[1] if match else "" for match in found)
    return repository, commit


def _substitute(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, replacement, path.read_text("utf-8"), flags=re.MULTILINE)
    if count != 1:
        raise StampError(f"{path} has {count} places for a stamp instead of one: {pattern}")
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run one of the commands; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    stamping = commands.add_parser("stamp", help="make a stamped copy")
    stamping.add_argument("--repository", required=True)
    stamping.add_argument("--commit", required=True)
    stamping.add_argument("--branch", default="colab")
    stamping.add_argument("--address", default="", help="where the book is published")
    stamping.add_argument("folder", type=Path)
    commands.add_parser("check", help="compare the parts of a copy").add_argument(
        "folder", type=Path
    )
    options = parser.parse_args(arguments)
    try:
        if options.command == "stamp":
            stamp(
                options.repository,
                options.commit,
                options.branch,
                options.address,
                options.folder,
            )
    except StampError as error:
        print(error, file=sys.stderr)
        return 2
    found = list(faults(options.folder))
    print("\n".join(found) or f"Every stamp in {options.folder} agrees.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

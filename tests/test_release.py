"""What a release is made of, and that all its parts name one version."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from conftest import ACTIONS, ROOT, WORKFLOWS, jobs_of, named

import release
from abstractgan import __version__
from colab import Environment

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.fixture
def ready(tmp_path):
    """A folder in which everything names version 1.2.0."""
    citation = CITATION | {"version": "1.2.0", "date-released": "2026-01-31"}
    (tmp_path / "CITATION.cff").write_text(yaml.safe_dump(citation))
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changes\n\n## Unreleased\n\n## 1.2.0 (2026-01-31)\n\n- New.\n\n- Mended.\n\n"
        "## 1.1.0\n\n- Old.\n"
    )
    return tmp_path


def test_where_all_name_the_version_nothing_is_wrong(ready):
    assert list(release.faults("v1.2.0", ready, "1.2.0")) == []
    assert release.changes("1.2.0", ready) == "- New.\n\n- Mended."
    assert release.changes("1.1.0", ready) == "- Old."


@pytest.mark.parametrize(
    ("tag", "version", "sentences"),
    [
        ("v1.2.1", "1.2.0", ["The tag is v1.2.1"]),
        ("1.2.0", "1.2.0", ["The tag is 1.2.0"]),
        ("v1.1.0", "1.1.0", ["CITATION.cff does not name version 1.1.0"]),
        ("v1.2", "1.2", ["CITATION.cff does not name version", "CHANGELOG.md has nothing"]),
        ("v2.0.0", "2.0.0", ["CITATION.cff does not name version", "CHANGELOG.md has nothing"]),
    ],
)
def test_what_names_another_version_is_found(ready, tag, version, sentences):
    found = list(release.faults(tag, ready, version))
    assert len(found) == len(sentences)
    assert all(each.startswith(start) for each, start in zip(found, sentences, strict=True))


def test_a_citation_without_a_date_is_found(ready):
    citation = ready / "CITATION.cff"
    citation.write_text(re.sub("date-released.*\n", "", citation.read_text()))
    assert list(release.faults("v1.2.0", ready, "1.2.0")) == [
        "CITATION.cff names no date-released."
    ]


def test_the_citation_names_version_licence_and_the_projects_contributors():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors", "license"} <= set(CITATION)
    assert CITATION["version"] == __version__
    assert f'license = "{CITATION["license"]}"' in project
    (author,) = CITATION["authors"]
    assert author == {"name": config["author"]}
    assert f'authors = [{{ name = "{author["name"]}" }}]' in project
    assert CITATION["title"].startswith(config["title"])


def test_each_weight_is_copied_under_a_name_of_its_own(tmp_path):
    copies = release.copy_weights(tmp_path)
    assert len({path.name for path in copies}) == len(copies) > 10
    stored = {path.stat().st_size for path in release.ASSETS.rglob("*.weights.h5")}
    assert stored <= {path.stat().st_size for path in copies}


def test_a_book_is_packed_into_one_folder_the_same_each_time(tmp_path, capsys):
    (tmp_path / "pages" / "book").mkdir(parents=True)
    (tmp_path / "pages" / "index.html").write_text("first")
    (tmp_path / "pages" / "book" / "index.html").write_text("second")
    packed = []
    for name in ("one.zip", "two.zip"):
        assert release.main(["offline", str(tmp_path / "pages"), str(tmp_path / name)]) == 0
        packed.append((tmp_path / name).read_bytes())
    assert packed[0] == packed[1]
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        pages = {f"{release.FOLDER}/index.html", f"{release.FOLDER}/book/index.html"}
        assert set(archive.namelist()) == pages
    assert release.main(["offline", str(tmp_path), str(tmp_path / "none.zip")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "none.zip").exists()


@pytest.mark.slow
def test_the_wheel_installs_alone_and_answers(tmp_path):
    hatchling = Path(sys.executable).with_name("hatchling")
    subprocess.run([hatchling, "build", "--directory", tmp_path], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    assert (tmp_path / f"abstractgan-{__version__}.tar.gz").stat().st_size > 1_000_000
    alone = Environment(tmp_path)

    def run(*arguments):
        done = subprocess.run(
            [alone.python, "-m", *arguments],
            cwd=alone.working_folder,
            env=alone.variables,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("pip", "install", "--quiet", str(wheel))
    assert "stylize" in run("abstractgan", "--help")
    assert "suprematism" in run("abstractgan", "paint", "--list")


def test_the_printed_book_of_a_release_has_chinese_letters():
    before, _, _ = (ROOT / ".github/workflows/release.yml").read_text("utf-8").partition("pdf.py")
    font = re.search(r"package (fonts-[\w-]+)", (ROOT / "tools" / "pdf.py").read_text("utf-8"))[1]
    assert re.search(rf"apt-get install .*{font}", before)


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=named)
def test_the_commands_of_a_workflow_exist(path):
    jobs = jobs_of(path)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    steps = [step for job in jobs for step in job.get("steps", ())]
    lines = "\n".join(step.get("run", "") for step in steps).replace("\\\n", " ")
    for target in " ".join(re.findall(r"\bmake ([\w./ -]+)", lines)).split():
        assert re.search(rf"^{re.escape(target)}:|^READY := {re.escape(target)}$", makefile, re.M)
    for tool, word in re.findall(r"python (tools/\w+\.py)(?: (\w+)(?= |$))?", lines):
        text = (ROOT / tool).read_text(encoding="utf-8")
        assert not word or f'"{word}"' in text
    assert steps or any("uses" in job for job in jobs)

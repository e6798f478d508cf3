"""Every stamped part of a published copy names the same repository and commit."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import notebooks
import stamp

REPOSITORY = "https://github.com/someone/their-course"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = COMMIT[::-1]
CHAPTER = notebooks.names()[0]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stamped")
    assert (
        stamp.main(["stamp", "--repository", f"{REPOSITORY}.git", "--commit", COMMIT, str(folder)])
        == 0
    )
    return folder


def test_config_notebooks_and_twins_name_the_repository_and_the_commit(published):
    config = yaml.safe_load((published / "_config.yml").read_text(encoding="utf-8"))
    assert config["repository"]["url"] == REPOSITORY
    assert config["repository"]["branch"] == "colab"
    assert config["html"]["baseurl"] == "https://someone.github.io/their-course/"
    environment = (published / "binder/requirements.txt").read_text(encoding="utf-8")
    assert f"\nabstractgan[cpu] @ git+{REPOSITORY}@{COMMIT}\n" in environment
    for name in notebooks.names():
        twins = (
            notebooks.read_notebook(published / f"notebooks/{name}.ipynb"),
            notebooks.read_twin(published / f"notebooks/{name}.py"),
        )
        for twin in twins:
            (cell,) = notebooks.tagged(twin, "setup")
            assert f'\nREPOSITORY = "{REPOSITORY}"' in cell.source
            assert f'\nCOMMIT = "{COMMIT}"' in cell.source
    assert list(stamp.faults(published)) == []


def test_only_the_set_up_cell_differs_from_the_working_tree(published):
    for name in notebooks.names():
        ours = notebooks.read_notebook(notebooks.FOLDER / f"{name}.ipynb")
        theirs = notebooks.read_notebook(published / f"notebooks/{name}.ipynb")
        for mine, other in zip(ours.cells, theirs.cells, strict=True):
            assert mine.get("execution_count") == other.get("execution_count")
            if "setup" not in mine.metadata.get("tags", []):
                assert mine == other
        assert ours.metadata == theirs.metadata
    tool = published / "tools/notebooks.py"
    assert subprocess.run([sys.executable, tool, "check"]).returncode == 0


def test_the_working_tree_is_not_stamped(capsys):
    assert stamp.main(["check", str(notebooks.ROOT)]) == 1
    assert "_config.yml names no repository." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("_config.yml", REPOSITORY, "https://github.com/another/course"),
        ("binder/requirements.txt", COMMIT, OTHER),
        ("tools/setup_cell.py", COMMIT, OTHER),
        ("tools/setup_cell.py", REPOSITORY, ""),
        (f"notebooks/{CHAPTER}.ipynb", COMMIT, OTHER),
        (f"notebooks/{CHAPTER}.ipynb", COMMIT, ""),
        (f"notebooks/{CHAPTER}.ipynb", REPOSITORY, "https://github.com/another/course"),
        (f"notebooks/{CHAPTER}.py", COMMIT, OTHER),
    ],
)
def test_a_part_that_disagrees_is_found(published, file, old, new):
    path = published / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    try:
        assert list(stamp.faults(published))
    finally:
        path.write_text(text, encoding="utf-8")
    assert list(stamp.faults(published)) == []


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("https://github.com/Someone/Their-Course", "https://someone.github.io/Their-Course/"),
        ("https://github.com/Someone/someone.github.io", "https://someone.github.io/"),
        ("https://example.org/someone/their-course", ""),
    ],
)
def test_pages_publishes_a_repository_under_its_owners_name(repository, address):
    assert stamp.book_address(repository) == address


def test_a_domain_of_ones_own_goes_before_pages_address():
    for given in ("https://course.example.org", "https://course.example.org/"):
        assert stamp.book_address(REPOSITORY, given) == "https://course.example.org/"


@pytest.mark.slow
def test_buttons_and_address_of_built_pages_are_the_stamped_ones(published):
    toc = published / "_toc.yml"
    toc.write_text(f"format: jb-book\nroot: notebooks/{CHAPTER}\n", encoding="utf-8")
    build = [Path(sys.executable).with_name("jupyter-book"), "build", published]
    subprocess.run(build, check=True, capture_output=True)
    page = published / f"_build/html/notebooks/{CHAPTER}.html"
    text = page.read_text(encoding="utf-8")
    assert list(stamp.faults(published)) == []
    wrong = {
        "their-course/blob/colab/": "their-course/blob/main/",
        "mybinder.org/v2/gh/someone/": "mybinder.org/v2/gh/another/",
        "raw.githubusercontent.com/someone/": "raw.githubusercontent.com/another/",
        'rel="canonical" href="https://someone': 'rel="canonical" href="https://another',
    }
    for right in wrong:
        assert right in text
        text = text.replace(right, wrong[right])
    page.write_text(text, encoding="utf-8")
    assert len(list(stamp.faults(published))) == len(wrong)


def test_the_publishing_workflow_pushes_the_stamped_notebooks(published, tmp_path):
    def git(*arguments):
        done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True)
        return done.stdout

    workflow = yaml.safe_load(
        (notebooks.ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    )
    (step,) = [s for s in workflow["jobs"]["build"]["steps"] if s.get("id") == "push"]
    origin, checkout = tmp_path / "origin.git", tmp_path / "checkout"
    git("init", "--quiet", "--bare", str(origin))
    git("init", "--quiet", str(checkout))
    git("-C", str(checkout), "remote", "add", "origin", str(origin))
    for part in ("notebooks", "binder", "LICENSE"):
        target = checkout / "_build/published" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if (published / part).is_dir():
            shutil.copytree(published / part, target)
        else:
            shutil.copy(published / part, target)

    for _ in range(2):  # the branch is made, then replaced
        subprocess.run(
            ["bash", "-e", "-c", step["run"]],
            cwd=checkout,
            env=os.environ | step["env"] | {"RUNNER_TEMP": str(tmp_path), "GITHUB_SHA": COMMIT},
            check=True,
            capture_output=True,
        )

    pushed = git("-C", str(origin), "show", f"colab:notebooks/{CHAPTER}.ipynb")
    assert pushed == (published / f"notebooks/{CHAPTER}.ipynb").read_text(encoding="utf-8")
    assert COMMIT in pushed
    assert git("-C", str(origin), "rev-list", "--count", "colab").strip() == "1"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"--repository": "someone/their-course"}, "is no address like"),
        ({"--repository": 'https://github.com/a/b"; import os'}, "is no address like"),
        ({"--repository": "https://github.com"}, "is no address like"),
        ({"--commit": "main"}, "is no commit"),
        ({"--commit": COMMIT[:12]}, "is no commit"),
        ({"--branch": "--force"}, "is no name of a branch"),
        ({"--address": "course.example.org"}, "is no address like"),
    ],
)
def test_what_cannot_be_stamped_is_refused_in_one_sentence(changed, sentence, tmp_path, capsys):
    given = {"--repository": REPOSITORY, "--commit": COMMIT, "--branch": "colab"} | changed
    target = tmp_path / "copy"
    arguments = [f"{option}={value}" for option, value in given.items()]
    assert stamp.main(["stamp", *arguments, str(target)]) == 2
    answer = capsys.readouterr().err
    assert sentence in answer
    assert answer.count("\n") == 1
    assert not target.exists()


def test_a_folder_with_files_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    arguments = ["stamp", "--repository", REPOSITORY, "--commit", COMMIT, str(tmp_path)]
    assert stamp.main(arguments) == 2
    assert "is not empty: name a new folder." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

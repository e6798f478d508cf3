"""The benchmark of style transfer: its pairs, its record and its means."""

import csv
import hashlib
import importlib.util
import json
import os
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from abstractgan.data.images import save_image
from abstractgan.errors import UserError
from abstractgan.features import vgg16
from abstractgan.metrics import style as style_metrics
from abstractgan.metrics.style import measured_style
from abstractgan.networks import StyleDecoder
from abstractgan.training.recorded import style_run

# The pictures are not ours to publish: they lie beside the repository, if at all.
SHARED = Path(os.environ.get("ABSTRACTGAN_SHARED", Path(__file__).parents[2] / "shared"))
FILE = Path(__file__).parents[1] / "benchmarks" / "style.py"
ROW = {
    "method": "ours",
    "strength": "1",
    "key": "abc",
    "vgg": "embedded",
    "photograph": "a.jpg",
    "painting": "b.jpg",
}


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("style_benchmark", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["style_benchmark"] = module  # dataclasses look there
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def pictures():
    rng = np.random.default_rng(0)
    return {
        name: rng.integers(0, 256, (20, 24, 3), "uint8") for name in ("one", "two", "three", "four")
    }


def test_each_painting_has_two_photographs_spread_over_the_sorted_names(benchmark):
    names = [f"{i:02}" for i in range(95)]
    pairs = benchmark.pair_up(reversed(names), "abcdefghij")
    assert len(set(pairs)) == 20
    assert [pair.photograph for pair in pairs] == [f"{i:02}" for i in range(0, 80, 4)]
    assert [pair.painting for pair in pairs] == list("abcdefghij") * 2


@pytest.mark.parametrize("photographs", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("paintings", [1, 2, 3, 4, 10])
def test_few_photographs_are_used_again_but_never_twice_for_a_painting(
    benchmark, photographs, paintings
):
    pairs = benchmark.pair_up("abcdefgh"[:photographs], range(paintings))
    assert len(set(pairs)) == len(pairs) == 2 * paintings


def test_some_pairs_are_spread(benchmark):
    assert benchmark.some_of(range(20), 4) == [0, 6, 13, 19]
    assert benchmark.some_of(range(3), None) == benchmark.some_of(range(3), 9) == [0, 1, 2]


def test_held_out_paintings_are_named_by_how_their_names_begin(benchmark, tmp_path, pictures):
    for name, picture in pictures.items():
        save_image(picture, tmp_path / f"{name}.png")
    listed = tmp_path / "list.txt"
    listed.write_text("two\nfo\n\n")
    found = benchmark.held_out_files(tmp_path, listed)
    assert [path.name for path in found] == ["two.png", "four.png"]
    for prefix, count in (("t", 2), ("five", 0)):
        listed.write_text(prefix)
        with pytest.raises(UserError, match=f"{count} pictures .* begin with '{prefix}'"):
            benchmark.held_out_files(tmp_path, listed)
    with pytest.raises(UserError, match="no file"):
        benchmark.held_out_files(tmp_path, tmp_path / "absent.txt")


def test_the_list_of_held_out_paintings_has_ten(benchmark):
    assert len((FILE.parent / "held_out.txt").read_text().split()) == 10


def read_table(name):
    with (FILE.parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PAINTINGS = read_table("paintings.csv")


def listed(use):
    return {row["file"]: row["sha256"] for row in PAINTINGS if row["use"] == use}


def test_every_real_painting_that_was_trained_on_is_listed():
    arms = (style_metrics.MEASURED.parent / "style_ablations").iterdir()
    configs = [style_run("cpu").config, style_run("gpu").config]
    configs += [json.loads((arm / "config.json").read_text("utf-8")) for arm in arms]
    assert len(configs) == 6
    for config in configs:
        assert {file["name"]: file["sha256"] for file in config["paintings"]} == listed("training")


def test_every_real_painting_that_was_measured_on_is_listed_and_was_not_trained_on():
    names = listed("measuring")
    assert set(names) == {row["painting"] for row in read_table("style_pairs.csv")}
    prefixes = (FILE.parent / "held_out.txt").read_text().split()
    assert len(names) == len(prefixes)
    assert all(any(name.startswith(prefix) for name in names) for prefix in prefixes)
    assert not set(names.values()) & set(listed("training").values())


def test_the_listed_paintings_have_titles_and_checksums():
    assert all(row["title"] and row["artist"] and row["year"] for row in PAINTINGS)
    assert len({row["sha256"] for row in PAINTINGS}) == len(PAINTINGS) == 37
    assert all(len(bytes.fromhex(row["sha256"])) == 32 for row in PAINTINGS)


@pytest.mark.skipif(not (SHARED / "images" / "style").is_dir(), reason="needs the paintings")
def test_the_checksums_are_those_of_the_paintings():
    for row in PAINTINGS:
        file = SHARED / "images" / "style" / row["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == row["sha256"], row["title"]


def run(benchmark, method, record, pictures):
    names = list(pictures)
    pairs = benchmark.pair_up(names[:2], names[2:])
    calls = []

    def counted(photo, painting, strength):
        calls.append(strength)
        return method.run(photo, painting, strength)

    def judge(result, pair):
        return {"gram": float(result.mean())}

    judge.name = "embedded"
    counting = benchmark.Method(method.name, method.key, counted)
    benchmark.run_method(counting, (0.5, 1), pairs, pictures, pictures, judge, record)
    return len(calls)


def test_pairs_in_the_record_are_not_run_again(benchmark, tmp_path, pictures):
    path = tmp_path / "new folder" / "record.csv"
    blank = benchmark.Method("blank", "1", lambda photo, painting, strength: 0 * photo)
    assert run(benchmark, blank, benchmark.Record(path), pictures) == 8
    assert run(benchmark, blank, benchmark.Record(path), pictures) == 0
    # Killed while it wrote: the last row has neither its end nor a line's end.
    path.write_bytes(path.read_bytes()[:-9])
    record = benchmark.Record(path)
    assert len(record.rows) == 7
    assert run(benchmark, blank, record, pictures) == 1
    assert len(benchmark.Record(path).rows) == 8
    other = benchmark.Method("blank", "2", blank.run)
    assert run(benchmark, other, benchmark.Record(path), pictures) == 8


def test_a_run_killed_in_a_method_keeps_what_was_measured(benchmark, tmp_path, pictures):
    path, done = tmp_path / "record.csv", []

    def fails(photo, painting, strength):
        if len(done) == 3:
            raise KeyboardInterrupt
        done.append(photo)
        return photo

    with pytest.raises(KeyboardInterrupt):
        run(benchmark, benchmark.Method("m", "1", fails), benchmark.Record(path), pictures)
    assert len(benchmark.Record(path).rows) == 3


def test_a_file_that_is_no_record_is_refused_and_kept(benchmark, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match="no record of this benchmark"):
        benchmark.Record(path)
    assert path.read_text() == "a,b\n1,2\n"


def test_means_and_standard_errors_by_hand(benchmark):
    rows = [
        ROW | {"gram": "0.2", "content": "0.5", "retrieved": "1"},
        ROW | {"gram": "0.4", "content": "", "retrieved": "0"},
        ROW | {"strength": "0.5", "gram": "0.7"},
    ]
    both, one = benchmark.summarise(rows)
    assert (both["strength"], both["pairs"]) == ("1", "2")
    # Standard deviation 0.1 * sqrt 2, over sqrt 2.
    assert (both["gram"], both["gram_se"]) == ("0.3000", "0.1000")
    assert (both["retrieved"], both["content"], both["content_se"]) == ("0.5000", "", "")
    assert (one["gram"], one["gram_se"]) == ("0.7000", "")
    assert benchmark.table([both, one]) == (
        "| method | strength | pairs | gram | painting retrieved |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| ours | 1 | 2 | 0.300 | 0.500 |\n"
        "| ours | 0.5 | 1 | 0.700 |  |"
    )


def test_a_summary_is_read_as_it_was_written(benchmark, tmp_path, monkeypatch):
    path = tmp_path / "measured" / "style.csv"
    benchmark.write_summary(benchmark.summarise([ROW | {"gram": "0.25"}]), path)
    monkeypatch.setattr(style_metrics, "MEASURED", path)
    (row,) = measured_style()
    assert (row["method"], row["key"], row["pairs"], row["gram"]) == ("ours", "abc", 1, 0.25)
    assert np.isnan([row["gram_se"], row["content"]]).all()


def test_rows_of_another_decoder_or_other_weights_are_not_shown(benchmark):
    ours = benchmark.Method("ours", "abc", lambda photo, painting, strength: photo)
    rows = [ROW, ROW | {"key": "old"}, ROW | {"vgg": "float32"}, ROW | {"method": "absent here"}]
    assert benchmark.current(rows, [ours], "embedded") == [ROW, ROW | {"method": "absent here"}]


def test_the_judge_knows_a_painting_from_the_photograph(benchmark, pictures):
    photographs, paintings = (
        {"one": pictures["one"]},
        {"two": pictures["two"] // 2, "three": 0 * pictures["three"]},
    )
    judge = benchmark.Judge(photographs, paintings)
    pair = benchmark.Pair("one", "two")
    untouched, copied = judge(pictures["one"], pair), judge(paintings["two"], pair)
    assert set(untouched) == {"gram", "structure", "lpips", "retrieved"}
    assert (copied["retrieved"], copied["gram"]) == (1, pytest.approx(0, abs=1e-5))
    # Channels that see nothing in a picture count as lost: not quite 0.
    assert untouched["structure"] < 0.1 < copied["structure"]
    assert untouched["lpips"] == 0 < copied["lpips"]


@pytest.mark.parametrize("weights", [None, "keras", "some/file.h5"])
def test_deeper_layers_come_from_a_file_or_a_download(benchmark, monkeypatch, pictures, weights):
    asked = []

    def network(layers, source):
        asked.append((tuple(layers), source))
        return embedded

    embedded = vgg16(style_metrics.EMBEDDED_LAYERS)
    monkeypatch.setattr(benchmark, "vgg16", network)
    options = benchmark._parser().parse_args(["--vgg", weights] if weights else [])
    judge = benchmark.Judge(pictures, pictures, options.vgg)
    wanted = style_metrics.REFERENCE_LAYERS if weights else style_metrics.EMBEDDED_LAYERS
    assert asked == [(wanted, weights or "embedded")]
    assert judge.name == ("float32" if weights else "embedded")


def test_a_missing_decoder_is_answered_by_one_sentence(benchmark, tmp_path):
    with pytest.raises(UserError, match="There are no decoder's weights"):
        benchmark.ours(tmp_path / "absent.weights.h5")


def test_ours_paints_and_is_known_by_its_weights(benchmark, tmp_path, pictures):
    keys = []
    for seed in (0, 1):
        keras.utils.set_random_seed(seed)
        StyleDecoder().save_weights(tmp_path / "decoder.weights.h5")
        method = benchmark.ours(tmp_path / "decoder.weights.h5")
        keys.append(method.key)
    full, none = (method.run(pictures["one"], pictures["two"], at) for at in (1, 0))
    assert full.shape == none.shape == (style_metrics.SIDE, style_metrics.SIDE, 3)
    assert full.dtype == np.uint8
    assert (full != none).any()
    assert keys[0] != keys[1]


def test_what_cannot_be_run_is_left_out_and_says_how_to_get_it(
    benchmark, tmp_path, monkeypatch, capsys
):
    def absent(name):
        raise benchmark.PackageNotFoundError(name)

    monkeypatch.setattr(benchmark, "version", absent)
    monkeypatch.setattr(benchmark, "DECODER", tmp_path / "absent.weights.h5")
    assert [method.name for method in benchmark.available(0, None)] == ["photograph untouched"]
    said = capsys.readouterr().out
    assert "abstractgan[benchmark]" in said
    assert "--decoder FILE" in said

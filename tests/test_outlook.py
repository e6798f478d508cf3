"""The outlook's one typed time, against the measured ones."""

import json
import re

import notebooks


def test_the_time_of_all_chapters_is_about_what_was_measured():
    code = (notebooks.FOLDER / "outlook.py").read_text("utf-8")
    minutes = int(re.search(r'"all chapters, run once": (\d+) \* 60', code)[1])
    timings = json.loads((notebooks.FOLDER / "timings.json").read_text("utf-8")).values()
    measured = sum(timing["seconds"] for timing in timings) / 60
    assert measured / 1.5 < minutes < 1.5 * measured

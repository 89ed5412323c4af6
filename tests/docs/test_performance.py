"""The page of benchmarks: made from the record, which has a part for each script; and the fit of exponents."""

import doctest
import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))
sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import frame
import growth
import performance
import record

PAGE = (performance.RECORD.parents[1] / "reference" / "performance.md").read_text("utf-8")


def test_the_record_says_where_each_part_was_measured_and_the_page_what_was_not() -> None:
    parts = performance.record()
    assert set(parts) | set(performance.unmeasured()) == set(record.SCRIPTS)
    assert set(record.SCRIPTS) == set(performance.TITLES)
    about = set(record.about_here())
    for name, part in parts.items():
        assert set(part["measured"]) | {"pace"} == about, name  # older parts have no pace
        assert part["rows"], name


def test_the_pace_is_that_of_ten_rounds_of_a_tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "fastest", lambda _loop, seconds: [seconds * 0.08])
    assert record.pace() == pytest.approx(0.8)
    assert record.about_here()["pace"] == "0.80"


def test_a_part_without_a_pace_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    about = {"date": "d", "commit": "c", "load": "1.0"}
    parts = {"gram": {"measured": about}, "dnf": {"measured": {**about, "pace": "0.80"}}}
    monkeypatch.setattr(performance, "record", lambda: parts)
    assert [line[-1] for line in performance.measured()] == ["–", "0.80"]


def test_no_measured_number_is_copied_into_the_page() -> None:
    prose = re.sub(r"```\{code-cell\}.*?```", "", PAGE, flags=re.DOTALL)
    assert not re.findall(
        r"[0-9][0-9.,]* ?(?:m?s|MB|MiB|GiB|seconds|times|%)\b(?! of the tower)", prose.replace("at most 16 MB", "")
    )
    assert "comparisons()" in PAGE


def test_each_row_of_the_record_is_in_the_table() -> None:
    shown = [line for line in performance.comparisons() if not line[0].startswith("**")]
    kept = [row for part in json.loads(performance.RECORD.read_text("utf-8")).values() for row in part["rows"]]
    assert len(shown) == sum(row["kind"] == "comparison" for row in kept)
    assert all(len(line) == 7 for line in performance.comparisons())


def test_a_row_says_what_it_found() -> None:
    row = frame.Row("work", "peer", 0.5, 0.25, limit=4).data()
    assert (row["found"], row["asked"], row["verdict"], row["ours"]) == ("2.0", "at most 4", "holds", "500 ms")
    assert frame.Row("work", "peer", 0.5, 0.1, limit=4).data()["verdict"] == "MISSED"
    faster = frame.Row("work", "peer", 0.5, 20, limit=10, faster=True, stopped=True).data()
    assert (faster["found"], faster["theirs"]) == ("more than 40 times faster", "more than 20 s")
    assert frame.Row("work", "peer", 0.5, None, limit=4).data()["verdict"] == "peer not installed"


def _growth(*points: tuple[int, float], theory: float) -> growth.Growth:
    return growth.Growth("work", "n", tuple(growth.Point(n, s, 10) for n, s in points), theory, "by hand")


def test_the_exponent_is_that_of_the_line_and_is_held_against_the_theory() -> None:
    cubic = [(n, n**3 / 1000) for n in (2, 4, 8, 16)]
    assert _growth(*cubic, theory=3).exponent == pytest.approx(3)
    assert _growth(*cubic, theory=2.71).data()["verdict"] == "holds"
    assert _growth(*cubic, theory=2.6).data()["verdict"] == "MISSED"
    slow_start = [(n, 3.0) for n in (1, 2, 3, 4)] + [(n, n**3 / 100) for n in (8, 16, 32, 64)]
    assert _growth(*slow_start, theory=2).exponent == pytest.approx(3)  # of the larger half
    few = _growth(*[(n, n**3 / 2000) for n in (2, 4, 8, 16)], theory=3)  # the first is too short to be fitted
    assert (few.exponent, few.data()["verdict"]) == (None, "too few sizes")


def test_what_fits_in_a_minute_is_not_told_by_sizes_that_were_stopped_after_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = _growth((2, 0.5), (4, 4.0), theory=3).data() | {"points": [vars(growth.Point(2, 0.5, 10))]}
    for longest, in_a_minute in ((1, "not measured"), (60, "n = 2 (0.5 s, 10 MiB)")):
        monkeypatch.setattr(performance, "rows", lambda _, longest=longest: [("growth", row | {"longest": longest})])
        assert performance.fitting() == [("work", "n = 2 (0.5 s, 10 MiB)", in_a_minute, "")]


def test_a_short_run_is_repeated_and_the_fastest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.4, 0.1, 0.2, 0.7, 0.9])
    monkeypatch.setattr(growth, "_alone", lambda work: work())
    monkeypatch.setattr(growth, "_run", lambda _, size: growth.Point(size, next(times), 10))
    assert [point.seconds for point in growth.measured(lambda _: None, (8, 16), 1)] == [0.1, 0.7]


def test_a_refusal_says_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(size: int) -> None:
        raise ValueError(f"{size} are too many" if size > 8 else "it is empty")

    monkeypatch.setattr(growth, "_alone", lambda work: work())
    assert growth.refused(no, 9, ValueError, "9 are").message == "9 are too many"
    with pytest.raises(AssertionError, match="for another reason: it is empty"):
        growth.refused(no, 8, ValueError, "8 are")
    with pytest.raises(AssertionError, match="is not refused"):
        growth.refused(lambda _: None, 8, ValueError, "8 are")


def test_sizes_stop_before_one_that_would_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "_alone", lambda work: work())
    monkeypatch.setattr(growth, "_run", lambda _, size: growth.Point(size, float(size), 10))
    assert [point.size for point in growth.measured(lambda _: None, (8, 16, 32, 64), 1)] == [8, 16, 32]
    assert [point.size for point in growth.measured(lambda _: None, (8, 16, 32, 64), 3)] == [8]  # 64 s, theory says


def test_a_size_that_is_not_refused_in_one_line_is_told() -> None:
    def refuse(size: int) -> None:
        if size > 3:
            raise ValueError("two\nlines" if size > 4 else f"{size} is too large; 3 works")

    assert growth.refused(refuse, 4, ValueError, "").message == "4 is too large; 3 works"
    for size in (3, 5):
        with pytest.raises(AssertionError):
            growth.refused(refuse, size, ValueError, "")


@pytest.mark.parametrize("module", [frame, growth])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]  # a module

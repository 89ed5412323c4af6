"""The guide's way to judge a sampler sees the faults that the guide says it sees."""

import contextlib
import io
import random
import re
from collections import Counter
from collections.abc import Callable
from math import isqrt
from pathlib import Path

import pytest
from flint import fmpq

from reference.exact.law import Law

GUIDE = (Path(__file__).parents[2] / "docs/how-to/test-your-implementation.md").read_text("utf-8")

Judge = Callable[[Law[int], Counter[int]], list[str]]


@pytest.fixture(scope="module")
def page() -> tuple[dict[str, object], list[str]]:
    """What the cells on numbers and samplers define, and the lines that they print."""
    sections = [part for part in GUIDE.split("\n## ") if part.startswith(("Numbers:", "Samplers:"))]
    code = "\n".join(re.findall(r"```\{code-cell\} ipython3\n(.*?)```", "".join(sections), re.DOTALL))
    printed = io.StringIO()
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "test-your-implementation.md", "exec"), names)  # noqa: S102 (our own page)
    return names, printed.getvalue().splitlines()


@pytest.fixture(scope="module")
def refuted(page: tuple[dict[str, object], list[str]]) -> Judge:
    return page[0]["refuted"]  # type: ignore[return-value]  # as the page defines it


def test_a_million_draws_show_what_two_thousand_hide(page: tuple[dict[str, object], list[str]]) -> None:
    lines = page[1]
    assert "[]" in lines  # the softmax sampler
    right, again, small, large = lines[-4:]
    assert [right, again, small] == ["bisect_right 2000 []", "bisect_right 1000000 []", "bisect_left 2000 []"]
    assert re.fullmatch(r"bisect_left 1000000 \['P\(0\) <= 0: \d+ of 1000000'\]", large)


@pytest.mark.parametrize(
    ("p", "n"),
    [(fmpq(1, 2), 2_000), (fmpq(1, 3), 2_000), (fmpq(1, 1000), 10**6), (fmpq(999, 1000), 10**6), (fmpq(1, 3), 10**8)],
)
def test_six_deviations_are_refuted_and_three_are_not(refuted: Judge, p: fmpq, n: int) -> None:
    law = Law.of({0: p, 1: 1 - p})
    mean, deviation = int(n * p), isqrt(int(n * p * (1 - p)))
    for deviations, seen in ((-6, True), (-3, False), (0, False), (3, False), (6, True)):
        hits = mean + deviations * deviation
        assert bool(refuted(law, Counter({0: hits, 1: n - hits}))) is seen


def test_one_hit_outside_the_support_is_enough(refuted: Judge) -> None:
    law = Law.of({0: "1/4", 1: "3/4"})
    assert refuted(law, Counter({0: 25_000_000, 1: 75_000_000})) == []
    assert refuted(law, Counter({0: 25_000_000, 1: 74_999_999, 2: 1})) == ["P(2) <= 0: 1 of 100000000"]


def test_right_samplers_are_left_alone(refuted: Judge) -> None:
    law = Law.of({y: fmpq(y, 55) for y in range(1, 11)})
    rng = random.Random(0)  # noqa: S311 (not for secrets)
    for _ in range(3):
        assert refuted(law, Counter(rng.choices(range(1, 11), range(1, 11), k=5_000))) == []

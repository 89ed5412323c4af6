"""`spanner play`: verdicts on good learners, and reports of those that break the rules."""

from pathlib import Path
from typing import Any

import pytest

from proofs_check.cli import main
from tests.proofs_check.cli_output import document

LEARNERS = '''
from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    y: object
    queries_per_draw: object = 0

    def sample(self, oracles, x):
        return self.y


def search(oracles):
    """Ten draws, then a guess."""
    for _ in range(10):
        y, phi = oracles.weak(0)
        if not phi.is_zero:
            return Named(y)
    return Named(1)




def endless(oracles):
    while True:
        oracles.weak(0)


def raises(oracles):
    oracles.weak(0)
    raise RuntimeError("out of ideas")


def nothing(oracles):
    return None


def out_of_range(oracles):
    return Named(99)


def bad_declaration(oracles):
    return Named(1, "few")


class Asks:
    queries_per_draw = 1

    def sample(self, oracles, x):
        return max(oracles.weak(x)[0] for _ in range(3))


def understated(oracles):
    return Asks()


def peeks(oracles):
    problem = oracles._world.problem
    return Named(next(y for y in problem.support(0) if not problem.phi(0, y).is_zero))


def peeks_quietly(oracles):
    oracles.weak(0)
    try:
        oracles._world
    except AttributeError:
        pass
    return Named(1)
'''

FAMILY = ["--param", "C=8", "--param", "k=4", "--param", "beta=1/5", "--param", "m=1"]


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "play_learners.py").write_text(LEARNERS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def played(capsys: pytest.CaptureFixture[str], name: str, *options: str, code: int = 0) -> dict[str, Any]:
    assert main(["play", "--learner", f"play_learners:{name}", *FAMILY, *options, "--json"]) == code
    return document(capsys.readouterr().out)


def test_an_exact_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    found = played(capsys, "search")
    assert found["method"] == "exact law"
    assert (found["t_comp"], found["t_data"], found["within_bound"]) == (10, 0, True)
    assert found["hit"] == found["best_weak"]
    assert found["hit"].keys() == {"exact", "decimal", "lower", "upper"}
    assert found["success_t_data"] == {"exact": "0", "decimal": "0", "lower": "0", "upper": "0"}  # 3k/32 - 1 < 0


def test_a_long_learner_is_simulated(capsys: pytest.CaptureFixture[str]) -> None:
    found = played(capsys, "search", "--param", "k=100", "--runs", "50")
    assert found["method"].startswith("50 runs, seed 1")
    assert found["t_comp"] <= 10


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("endless", "budget exceeded: t_comp allows 7 queries and one more was asked for; meter: 7 weak"),
        ("raises", "it raised RuntimeError: out of ideas; meter: 1 weak"),
        ("nothing", "it raised AttributeError"),
        ("out_of_range", "is 99, not a response; meter: 0 weak"),
        ("bad_declaration", "queries_per_draw is 'few'"),
        ("peeks", "it asked outside the oracles, for '_world'; meter: 0 weak"),
        ("peeks_quietly", "it asked outside the oracles, for '_world'; meter: 1 weak"),
        ("understated", "a draw made 3 queries, declared are 1; meter: 3 weak"),
    ],
)
def test_broken_rules_are_reported_with_the_meter(name: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = played(capsys, name, "--t-comp", "7", code=1)
    assert said in found["broke"]


def test_the_text_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--learner", "play_learners:search", *FAMILY]) == 0
    printed = capsys.readouterr().out
    assert "within the bound: yes" in printed
    assert "bound T_comp qbar + (T_data+1)/k, which says nothing: " in printed
    assert main(["play", "--learner", "play_learners:raises", *FAMILY]) == 1
    assert "broke the rules: it raised RuntimeError" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--learner", "play_learners"], "write MODULE:NAME"),
        (["--learner", "no_such_module:f"], "No module named"),
        (["--learner", "play_learners:absent"], "absent"),
        (["--learner", "play_learners:LEARNERS"], "has no attribute"),
        (["--learner", "play_learners:search", "--param", "C=1"], "needs C >= 2"),
        (["--learner", "play_learners:search", "--param", "k=0"], "needs k >= 1"),
        (["--learner", "play_learners:search", "--param", "k=1/2"], "needs an integer"),
        (["--learner", "play_learners:search", "--param", "m=33"], "at most 32"),
        (["--learner", "play_learners:search", "--param", "q=3"], "KEY one of"),
        (["--learner", "play_learners:search", "--param", "C=abc"], "not an exact number"),
        (["--learner", "play_learners:search", "--family", "hay"], "there are 'needle', 'needle-path'"),
        (["--learner", "play_learners:search", "--t-comp", "-1"], "t-comp"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", *arguments]) == 2
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1

"""`spanner reduce`: what it prints of a null run, and one line for every bad input."""

from pathlib import Path

import pytest

from proofs_check.cli import main
from proofs_check.cli import reduce as command
from proofs_check.reduction import maxsat
from reference.constructions.dnf.formula import Formula
from reference.exact import Undecided
from tests.proofs_check.cli_output import loaded

PSI = "x1 & x2 | !x1 & x2 | x1 & !x3"
DIMACS = "p dnf 3 3\n1 2 0\n-1 2 0\n1 -3 0\n"


def reduced(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    return loaded(capsys, "reduce", *arguments)


def test_brute_force_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    found = reduced(capsys, PSI, "--learner", "brute-force", "--T", "2", "--A", "8", "--L", "2", "--seed", "1")
    assert [found[key] for key in ("n", "k", "m", "p", "coverage_bound", "val_star", "star")] == [
        3, 2, 3, "1/32", "32", "2/3", "++-",
    ]  # fmt: skip
    best = {"assignment": "++-", "val": "2/3", "theta_is_0": False}
    zero = {"assignment": "+++", "val": "1/3", "theta_is_0": True}
    rounds = found["rounds"]
    assert isinstance(rounds, list)
    assert [row["committed"] for row in rounds] == [[best, zero]]
    assert found["best"] == best
    assert found["returned"] == {"assignment": "---", "val": "0", "theta_is_0": False}
    assert found["bound"] == "-33/248"  # 1/8 - (2/8)/(31/32)
    assert (found["evaluations"], found["evaluations_brute_force"]) == (16, 16)


def test_the_text_says_the_same(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["reduce", PSI, "--learner", "brute-force", "--T", "2", "--A", "8", "--L", "2"]) == 0
    text = capsys.readouterr().out
    for said in (
        "n = 3 variables, k = 2, m = 3 terms",
        "1/32 = 0.03125, how often pi_ref answers 1",
        "round 1   commits to theta      sgn ++-  val = 2/3",
        "commits to theta = 0  sgn +++  val = 1/3",
        "++-  val = 2/3, against val* = 2/3",
        "-33/248",
        "promises nothing; raise A, or lower L or T",
        "brute force: 2^3 vertices in each of 1 rounds",
    ):
        assert said in text


def test_the_json_has_the_formula_in_dimacs_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert reduced(capsys, PSI, "--learner", "brute-force", "--T", "2", "--A", "8", "--L", "2")["dimacs"] == DIMACS


def test_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "psi.dnf").write_text(DIMACS, encoding="utf-8")
    (tmp_path / "psi").write_text(PSI, encoding="utf-8")
    expected = reduced(capsys, PSI)
    assert reduced(capsys, str(tmp_path / "psi.dnf")) == reduced(capsys, str(tmp_path / "psi")) == expected


def test_a_seed_decides_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    runs = [reduced(capsys, PSI, "--seed", str(seed))["rounds"] for seed in (1, 1, 2, 3)]
    assert runs[0] == runs[1]
    assert runs[1] != runs[2] or runs[1] != runs[3]


def test_the_exact_law(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["!x1 & !x2", "--learner", "coin-flip", "--T", "5", "--law"]
    law = reduced(capsys, *arguments)["law"]
    assert isinstance(law, dict)
    assert (law["good"]["exact"], law["mean"]["exact"]) == ("1/2", "1/2")
    assert law["hit"]["decimal"] == "0.500017"
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["reduce", *arguments]) == 0
    assert "P(best val >= bound) on null runs  1/2 = 0.5" in capsys.readouterr().out


def test_long_runs_and_formulas_are_cut(capsys: pytest.CaptureFixture[str]) -> None:
    psi = " | ".join(f"x{i} & !x{i + 1}" for i in range(1, 100))
    assert main(["reduce", psi, "--learner", "passive", "--T", "200"]) == 0
    text = capsys.readouterr().out
    assert "... 70 more rounds: --json has all" in text
    assert len(text) < 10_000


def test_a_formula_that_is_undecided(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def out_of_time(formula: Formula) -> None:
        message = f"{formula}: the time is up"
        raise Undecided(message)

    monkeypatch.setattr(maxsat, "best", out_of_time)
    found = reduced(capsys, PSI)
    assert (found["val_star"], found["star"]) == (None, None)
    assert main(["reduce", PSI]) == 0
    assert "undecided" in capsys.readouterr().out
    assert main(["reduce", PSI, "--learner", "naming"]) == 1  # this one has to know
    assert "the time is up" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([""], "the text is empty"),
        (["x1 & x1"], "term 1 (x1 & x1) repeats x1"),
        (["x2 | x1 & !x1"], "term 2 (x1 & !x1) contradicts itself"),
        (["x1 | | x2"], "term 2 is empty"),
        (["x1 & x2 | x3"], "term 2 (x3) has length 1"),
        (["x1 & y"], "term 1: 'y' is not a literal"),
        (["nowhere.dnf"], "nowhere.dnf: no such file"),
        (["/nowhere/at/all"], "no such file"),
        (["bad.dnf"], "bad.dnf: term 1 (x1 & !x4): x4 is out of range"),
        (["bytes.dnf"], "bytes.dnf: not a text in UTF-8"),
        (["x1", "--A", "1"], "A = 1: needs A > 1"),
        (["x1", "--A", "0"], "A = 0: needs A > 1"),
        (["x1", "--A", "18"], "p = L/A^1 = 1/2: needs p < 1/2"),
        (["x1", "--L", "1/2"], "L = 1/2: needs L >= 1"),
        (["x1", "--A", "many"], "--A: 'many' is not an exact number"),
        (["x1", "--L", "1/0"], "--L: "),
        (["x1", "--T", "0"], "T = 0: the number of draws"),
        (["x1", "--T", "1"], "--T 1: xpo takes 2 draws a round; give from 2 to 1000"),
        (["x1", "--T", "1001"], "give from 2 to 1000"),
        (["x1", "--T", "two"], "--T"),
        (["x1", "--learner", "brute-forc"], "did you mean 'brute-force'?"),
        (["x1", "--learner", "?"], "there are brute-force, passive"),
        (["x1 & x13", "--learner", "brute-force"], "looks at all 2^13 vertices; it is run up to n = 12"),
        (["x1 | x2 | x3 | x4", "--T", "60", "--law"], "--law is for small formulas and few draws"),
        ([], "Missing argument"),
    ],
)
def test_bad_input_is_one_line(
    arguments: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_MOST_NULL_STEPS", 100)
    (tmp_path / "bad.dnf").write_text("p dnf 3 1\n1 -4 0\n", encoding="utf-8")
    (tmp_path / "bytes.dnf").write_bytes(b"\xff\xfe")
    assert main(["reduce", *arguments]) == 2
    line = capsys.readouterr().err
    assert said in line
    assert line.count("\n") == 1


def many_terms(n: int, m: int) -> str:
    return " | ".join(f"x{i % n + 1} & !x{(i + 1) % n + 1}" for i in range(m))


@pytest.mark.parametrize(
    ("n", "m", "options", "said"),
    [
        (12, 399, ("--learner", "brute-force"), "with --T 2 a formula of 48 terms works"),
        (12, 399, ("--learner", "xpo-exhaustive", "--T", "30"), "takes longer than a minute; --T 18 works"),
        (200, 399, ("--T", "1000"), "--learner xpo --T 1000 on n = 200 variables and m = 399 terms takes longer than"),
        (4000, 4000, ("--learner", "passive"), "n times m may be 10,000,000 at most"),
    ],
)
def test_what_takes_longer_than_a_minute_is_refused_with_the_size_that_works(
    n: int, m: int, options: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reduce", many_terms(n, m), *options]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_the_size_that_works_is_the_largest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "STEPS_PER_MINUTE", 200)
    options = (many_terms(4, 4), "--learner", "xpo-exhaustive", "--T")
    assert main(["reduce", *options, "40"]) == 2
    assert "--T 8 works" in capsys.readouterr().err  # 16 (1 + 2 + 3 + 4) = 160, and 4 more for each round
    assert main(["reduce", *options, "10"]) == 2
    assert main(["reduce", *options, "8", "--json"]) == 0

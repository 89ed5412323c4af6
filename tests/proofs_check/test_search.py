"""``spanner search``: the worst instance of an inequality."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.claims import registry
from proofs_check.cli import main
from proofs_check.ledger import compare
from proofs_check.search.climbing import Worst
from proofs_check.search.coordinates import Coordinate, CoordinateKind, Point, allowed, moved, simpler, simplest
from proofs_check.search.linear import LinearShape, as_point, drawn_point
from proofs_check.search.running import RestartOutcome, SearchLimits, gathered, search
from proofs_check.search.spaces import DECIDED_TOO, Sought, searchable, space
from proofs_check.search.tightness import Tightness, comes_to, exceeds, tightest, tightness
from proofs_check.search.unsearched import NOT_SEARCHED
from reference.catalog import linear_names, load, load_linear
from reference.exact import exp, log, rational
from reference.model.linear_problem import LinearProblem
from tests.proofs_check.cli_output import loaded


def test_elsewhere_than_on_a_terminal_it_says_at_once_how_long_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "gap-oscillation", "--steps", "1", "--json"]) == 0
    assert capsys.readouterr().err == "searching gap-oscillation for 1 instances, then simplifying what is found\n"


def rational_ratio(left: fmpq | int, relation: str, right: fmpq | int) -> fmpq | None:
    found = tightness(compare("here", left, relation, right))
    return None if found is None else found.rational


def test_the_ratio_is_the_smaller_over_the_larger_side() -> None:
    assert rational_ratio(1, "<=", 2) == rational_ratio(2, ">=", 1) == fmpq(1, 2)
    assert rational_ratio(-2, "<", -1) == fmpq(1, 2)
    assert rational_ratio(3, "<=", 2) == fmpq(3, 2)
    assert rational_ratio(0, "<=", 2) == 0
    assert tightness(compare("here", 0, "<=", 0)) is None  # nothing against nothing
    assert tightness(compare("here", 1, "==", 1)) is None
    beyond = tightness(compare("here", 1, "<=", 0))
    unequal = tightness(compare("here", 1, "==", 2))
    assert beyond is not None
    assert unequal is not None
    assert beyond.ratio is unequal.ratio is None
    assert not beyond.case.holds


def found(left: fmpq | int, right: fmpq | int) -> Tightness:
    one = tightness(compare("here", left, "<=", right, "less"))
    assert one is not None
    return one


def test_what_is_violated_is_tighter_than_what_holds() -> None:
    half, whole, broken, beyond = found(1, 2), found(1, 1), found(3, 2), found(1, 0)
    assert exceeds(whole, half)
    assert exceeds(broken, whole)
    assert exceeds(beyond, broken)
    assert not exceeds(broken, beyond)
    assert not exceeds(half, half)
    assert comes_to(half, half, fmpq(1, 1000))
    assert not comes_to(half, found(501, 1000), fmpq(1, 1000))
    assert not comes_to(whole, broken, fmpq(1, 2))
    cases = [compare("a", 1, "<=", 3, "s"), compare("b", 2, "<=", 3, "s"), compare("c", log(2), "<", 1, "t")]
    assert {s: one.case.instance for s, one in tightest(cases).items()} == {"s": "b", "t": "c"}


def test_ratios_that_are_close_are_told_apart_by_enclosures() -> None:
    tiny = fmpq(1, 2**200)
    first = tightness(compare("a", exp(1) - tiny, "<=", exp(1)))
    second = tightness(compare("b", exp(1) - 2 * tiny, "<=", exp(1)))
    assert first is not None
    assert second is not None
    assert exceeds(first, second)
    assert not exceeds(second, first)


@given(st.fractions(-5, 5), st.fractions(-5, 5))
def test_the_simplest_fraction_has_the_smallest_denominator(a: object, b: object) -> None:
    low, high = sorted([fmpq(str(a)), fmpq(str(b))])
    between = simplest(low, high)
    assert low <= between <= high
    for q in range(1, min(int(between.q), 60)):
        assert (low * q).ceil() > (high * q).floor()


@given(
    st.sampled_from(list(CoordinateKind)),
    st.fractions(0, 100, max_denominator=1000),
    st.sampled_from([3, 1, fmpq(1, 64)]),
)
def test_moves_keep_the_kind(kind: CoordinateKind, value: object, step: fmpq | int) -> None:
    start = Coordinate(kind, fmpq(str(value)))
    if not allowed(*start):
        return
    for other in [*moved(start, fmpq(step)), *simpler(start)]:
        assert other.kind is kind
        assert allowed(*other)
        assert other != start


@pytest.mark.parametrize("name", ["two-arms", "gap-quadratic-tight", "zero-base-mass", "different-supports"])
def test_a_problem_of_the_catalog_is_a_point(name: str) -> None:
    problem = load_linear(f"catalog:{name}")
    point = as_point(problem)
    if sum(len(entry.responses) for entry in problem.prompts) > 6:  # too large to begin at
        assert point is None
        return
    assert point is not None
    again = point.member()
    assert isinstance(again, LinearProblem)
    assert (again.beta, again.theta, again.rho) == (problem.beta, problem.theta, problem.rho)
    assert [again.pi_ref(x) for x in range(len(again.prompts))] == [
        problem.pi_ref(x) for x in range(len(again.prompts))
    ]
    assert again.R_max <= problem.R_max


@given(st.randoms(use_true_random=False))
def test_parts_are_left_out_whole(rng: object) -> None:
    point = drawn_point(rng)  # type: ignore[arg-type]  # Hypothesis' own generator
    assert isinstance(point.member(), LinearProblem)
    assert isinstance(point.shape, LinearShape)
    for fewer in point.smaller():
        assert isinstance(fewer.shape, LinearShape)
        if fewer.shape == point.shape:  # other shares, the same problem
            assert fewer.member() == point.member()
            continue
        assert sum(fewer.shape.counts) + fewer.shape.dimension < sum(point.shape.counts) + point.shape.dimension
        assert fewer.size < point.size
        assert isinstance(fewer.member(), LinearProblem)


def test_a_tight_claim_is_found_tight(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "worst.json"
    begun = ("search", "gap-oscillation", "--from", "two-arms", "--steps", "300", "--save", str(saved))
    worst = loaded(capsys, *begun)["inequalities"][0]
    assert worst["holds"]
    assert fmpq(99, 100) < rational(worst["ratio"]["lower"])
    assert rational(worst["ratio"]["upper"]) <= 1
    assert json.loads(saved.read_text("utf-8")) == json.loads(worst["instance"])
    # the ordinary door finds the same two sides
    (decided,) = loaded(capsys, "verify", "gap-oscillation", "--on", str(saved))["claims"]
    assert decided["verdict"] == "holds"
    (check,) = registry()["gap-oscillation"].checks[:1]
    again = tightest(check.run(load(str(saved))))[worst["statement"]]
    assert str(again.case.left) == worst["left"]["exact"]
    assert decided["tightest"]["statement"] == worst["statement"]


def test_a_false_constant_gets_its_counterexample(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = str(tmp_path / "worst.json")
    nine = ("--set", "constant=9")
    begun = ("search", "gap-oscillation", *nine, "--from", "gap-oscillation-tight", "--steps", "20", "--save", saved)
    found = loaded(capsys, *begun, code=1)
    assert not found["holds"]
    assert found["values"] == {"constant": "9"}
    assert rational(found["inequalities"][0]["ratio"]["lower"]) > 1
    evidence = loaded(capsys, "verify", "gap-oscillation", *nine, "--on", saved, code=1)["checks"][0]
    assert evidence["violated"] > 0


def test_a_mutation_gets_its_counterexample(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "gap-quadratic", "--mutation", "--steps", "30"]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "VIOLATED ratio ≈1.0" in shown
    assert "The counterexample: problem 'gap-quadratic-worst'" in shown


def test_numbers_are_searched_too(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "search", "needle-hit", "--steps", "60")
    worst = found["inequalities"][0]
    assert found["looks"] <= 60 + 59  # those that simplify
    assert worst["instance"] == ""
    assert {"C", "beta", "theta_1"} <= set(worst["numbers"])
    assert rational(worst["ratio"]["lower"]) > fmpq(1, 2)


def test_one_inequality_of_several(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "search", "coverage-range", "--inequality", "KL", "--steps", "20")
    assert [each["statement"] for each in found["inequalities"]] == ["KL(pi*||pi_ref) <= log C_cov(pi*;x)"]


def summary(asked: Sought, jobs: ThreadPoolExecutor | None = None) -> list[tuple[str, str, Point]]:
    result = search(asked, SearchLimits(steps=330), executor=jobs)
    assert result.looks <= 330 + 150  # those that simplify
    return [(s, str(one.tight.case.left), one.point) for s, one in sorted(result.best.items())]


def test_the_seed_decides_everything() -> None:
    first = summary(Sought("needle-hit"))
    assert first == summary(Sought("needle-hit"))
    assert first != summary(Sought("needle-hit", seed=2))
    with ThreadPoolExecutor(1) as executor:
        assert first == summary(Sought("needle-hit"), executor)


def test_the_order_in_which_restarts_end_does_not_matter() -> None:
    nearly = [
        fmpq(1) - fmpq(k, 10**10) for k in (12, 6, 0)
    ]  # each comes to the next; the first does not come to the last
    (point,) = space(Sought("needle-hit")).starts(0, Random(1))  # noqa: S311 - reproducible, not secret
    simple, rich = sorted((point, replace(point, values=point.values[:-1])), key=lambda each: each.size)
    cases = [tightness(compare("here", ratio, "<=", 1)) for ratio in nearly]
    outcomes = [
        RestartOutcome(number, 1, 0, 0, f"trouble {number}", {"s": Worst(at, case, number)})
        for number, (case, at) in enumerate(zip(cases, (simple, simple, rich), strict=True))
        if case is not None
    ]
    results = [gathered(order) for order in permutations(outcomes)]
    assert {each.best["s"].restart for each in results} == {1}  # the simplest of those that come to the tightest
    assert {each.trouble for each in results} == {"trouble 0"}


def test_a_constant_for_which_a_side_is_no_number_is_no_internal_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "gap-oscillation", "--steps", "2", "--set", "constant=0"]) == 2
    printed = "".join(capsys.readouterr())
    assert "ZeroDivisionError" in printed
    assert "internal error" not in printed


@pytest.mark.slow  # two processes load the ledger
def test_the_number_of_processes_changes_nothing() -> None:
    here, there = (search(Sought("needle-hit"), SearchLimits(steps=330), jobs) for jobs in (1, 2))
    assert {s: worst.point for s, worst in here.best.items()} == {s: worst.point for s, worst in there.best.items()}
    assert (here.looks, here.restarts) == (there.looks, there.restarts)


def test_what_is_decided_besides_is_what_is_meant() -> None:
    assert [registry()[name].checks[i].location.partition(":")[0] for name, (i,) in DECIDED_TOO.items()] == [
        "proofs_check/claims/objective/gaps.py"
    ]
    sharp = load_linear("catalog:gap-quadratic-tight")
    (found,) = tightest(space(Sought("gap-quadratic")).decide(sharp)).values()
    assert found.ball(20) > fmpq(999, 1000)  # the check on instances has 0.7 there


def test_every_claim_of_every_problem_can_be_searched() -> None:
    linear = {claim.id for claim in registry() if claim.every is not None and str(claim.every.domain) == "catalog"}
    assert linear <= {*searchable(), *NOT_SEARCHED}
    assert any(as_point(load_linear(f"catalog:{name}")) for name in linear_names())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such"], "unknown claim 'no-such'; 'spanner verify --list' lists them all"),
        (["gap-oscilation"], "unknown claim 'gap-oscilation'; did you mean 'gap-oscillation'?"),
        (["gibbs-optimum", "--steps", "3"], "gibbs-optimum: its checks decide equalities, and which policy"),
        (["needle-minimax"], "needle-minimax: its checks decide equalities: the value of a game is its formula;"),
        (["path-gap", "--from", "two-arms"], "path-gap is searched among the members of its checks: leave --from out"),
        (["path-gap", "--set", "x=1"], "path-gap has no constant 'x'"),
        (["path-gap", "--steps", "2", "--save", "worst.json"], "path-gap lists what it is decided on, no instances"),
        (["gap-oscillation", "--budget", "0"], "'--budget': Input should be greater than or equal to 1"),
        (["gap-oscillation", "--steps", "3", "--budget", "1"], "--steps and --budget both end the search"),
        (["gap-oscillation", "--maximise", "margin"], "--maximise margin: there is 'ratio'"),
        (["gap-oscillation", "--set", "C=7"], "gap-oscillation has no constant 'C'; it has constant=8"),
        (["gap-oscillation", "--set", "constant"], "--set constant: write NAME=VALUE"),
        (["gap-oscillation", "--set", "constant=9", "--mutation"], "leave --set out"),
        (["gap-oscillation", "--from", "nowhere"], "nowhere"),
        (["gap-oscillation", "--from", "fair-bits-3"], "--from fair-bits-3: a search begins at a linear problem"),
        (["needle-hit", "--from", "two-arms"], "needle-hit ranges over numbers, not over problems"),
        (["gap-oscillation", "--inequality", "nothing", "--steps", "3"], "no inequality with 'nothing' in its text"),
        (["gap-oscillation", "--save", "/nowhere/worst.json"], "--save /nowhere/worst.json: no file can be written"),
        (["needle-hit", "--steps", "2", "--save", "worst.json"], "needle-hit ranges over numbers, not over instances"),
        (["gap-oscillation", "--from", "two-arms", "--steps", "1", "--save", "/dev/full"], "--save /dev/full: "),
    ],
)
def test_what_cannot_be_searched_is_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    *begun, said = shown.err.splitlines()
    assert message in said
    assert [line for line in begun if not line.startswith("searching ")] == []

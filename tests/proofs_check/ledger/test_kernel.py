"""Verdicts and grades follow from what ran: every way to fall short is seen."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import strategies as st

from proofs_check.claims import registry
from proofs_check.ledger import (
    Case,
    Catalog,
    Check,
    Claim,
    Domain,
    Draws,
    Family,
    Grade,
    Identity,
    Mutation,
    Random,
    Standing,
    Verdict,
    compare,
    frequency,
    identity,
    run_claim,
    run_claims,
)
from proofs_check.ledger.domains import Particular
from proofs_check.ledger.kernel import LONG, gather
from proofs_check.ledger.pages import PAGES
from reference.exact import enclosed, exp, log, real_log
from reference.model.linear_problem import LinearProblem

TEN = Family("0..9", 10, lambda: range(10))


def bernoulli(n: int, *, slope: int = 1) -> Iterator[Case]:
    yield compare(f"n={n}", fmpq(3, 2) ** n, ">=", 1 + fmpq(slope * n, 2), "(3/2)^n >= 1 + n/2")


TOO_STEEP = partial(bernoulli, slope=2)


def toy(
    *checks: Check[int],
    witness: Callable[[int], Iterable[Case]] = bernoulli,
    mutation: Callable[[int], Iterable[Case]] = TOO_STEEP,
) -> Claim:
    return Claim(
        id="toy", page=PAGES[0], title="Bernoulli", statement="(3/2)^n >= 1 + n/2", source="Bernoulli 1689",
        hypotheses="none.",
        checks=checks or (Check(TEN, bernoulli),),
        witness=Check(Family("2", 1, lambda: [2]), witness),
        mutation=Mutation("n for n/2", Check(TEN, mutation)),
    )  # fmt: skip


def nothing(_: int) -> Iterator[Case]:
    yield from ()


def crash(n: int) -> Iterator[Case]:
    yield from bernoulli(n)
    if n == 4:
        msg = "four\nis too much"
        raise ZeroDivisionError(msg)


def opaque_one(prec: int) -> arb:
    return arb(1, arb(2) ** -prec)


def unclear(n: int) -> Iterator[Case]:
    yield compare(f"n={n}", enclosed(opaque_one), "<=", 1 if n == 7 else 2, "1 <= 1")


def test_a_claim_that_holds() -> None:
    report = run_claim(toy())
    assert report.verdict is Verdict.HOLDS
    assert report.grades == (Grade.EXHAUSTIVE,)
    assert report.cases == 10
    assert report.mutation is not None
    assert report.mutation.violated == 1
    assert report.mutation.members == 2  # stopped at the first refutation, n = 1


def test_a_violated_claim_shows_its_first_counterexample() -> None:
    report = run_claim(toy(Check(TEN, partial(bernoulli, slope=2))))
    assert report.verdict is Verdict.VIOLATED
    shown = report.checks[0].counterexample
    assert shown is not None
    assert (shown.member, shown.left, shown.relation, shown.right) == ("1", "3/2", ">=", "2")
    assert "first at 1" in report.reason


def test_a_counterexample_on_a_problem_is_an_instance_file() -> None:
    def wrong(problem: LinearProblem) -> Iterator[Case]:
        yield compare(problem.name, problem.beta, "<", 0, "beta < 0")

    shown = gather(Check(Catalog("two-arms"), wrong)).counterexample
    assert shown is not None
    assert '"name": "two-arms"' in shown.item


@pytest.mark.parametrize("length", [LONG - 1, LONG, LONG + 1, 2 * LONG])
def test_a_long_counterexample_is_cut_and_says_so(length: int) -> None:
    def wrong(text: str) -> Iterator[Case]:
        yield compare("text", len(text), "<", 0, "shorter than nothing")

    text = "x" * (length - 2)  # two quotation marks more when it is shown
    shown = gather(Check(Family("a text", 1, lambda: [text]), wrong)).counterexample
    assert shown is not None
    assert len(shown.item) == min(length, LONG)
    assert (shown.item == repr(text)) == (length <= LONG)
    assert shown.item.endswith("...") == (length > LONG)


def test_a_claim_without_cases_is_not_reached() -> None:
    report = run_claim(toy(Check(TEN, nothing)))
    assert report.verdict is Verdict.NOT_REACHED
    assert "hypotheses" in report.reason


def test_a_check_that_stops_early_is_not_reached_and_says_why() -> None:
    report = run_claim(toy(Check(TEN, crash)))
    assert report.verdict is Verdict.NOT_REACHED
    assert report.cases == 5
    assert "stopped at 4: ZeroDivisionError: four is too much" in report.reason


def test_a_family_that_shrank_is_not_reached() -> None:
    report = run_claim(toy(Check(Family("0..9", 11, lambda: range(10)), bernoulli)))
    assert report.verdict is Verdict.NOT_REACHED
    assert "declares 11 members, 10 came" in report.reason


def test_an_undecided_case_leaves_the_claim_undecided() -> None:
    report = run_claim(toy(Check(TEN, unclear)))
    assert report.verdict is Verdict.UNDECIDED
    assert report.cases == 9
    assert report.checks[0].undecided == 1


@pytest.mark.parametrize("witness", [nothing, partial(bernoulli, slope=5)])
def test_a_claim_without_a_witness_is_vacuous(witness: Callable[[int], Iterable[Case]]) -> None:
    assert run_claim(toy(witness=witness)).verdict is Verdict.VACUOUS


@pytest.mark.parametrize("mutation", [nothing, bernoulli, unclear])
def test_a_claim_whose_mutation_survives_is_toothless(mutation: Callable[[int], Iterable[Case]]) -> None:
    assert run_claim(toy(mutation=mutation)).verdict is Verdict.TOOTHLESS


def test_a_check_must_yield_cases() -> None:
    report = run_claim(toy(Check(TEN, lambda _: [True])))  # type: ignore[list-item]  # that it is refused is the test
    assert report.verdict is Verdict.NOT_REACHED
    assert "not bool" in report.reason


def by_balls(n: int) -> Iterator[Case]:
    yield compare(f"n={n}", real_log(1 + exp(n)) * log(3), ">", n, "log(1+e^n) log 3 > n")


def by_algebra(_: str) -> Iterator[Case]:
    a = sympy.Symbol("a")
    yield identity((a + 1) ** 2, a**2 + 2 * a + 1)


def by_one_value(_: str) -> Iterator[Case]:
    yield compare("a = 1", 4, "==", 4, "(a+1)^2 = a^2 + 2a + 1")


def by_drawing(draws: Draws) -> Iterator[Case]:
    yield frequency(str(draws), draws.n, draws.n, ">=", fmpq(1, 2), "P >= 1/2")


def test_the_grade_is_bounded_by_the_domain_and_by_every_case() -> None:
    some = Random(st.integers(0, 5), 4)
    assert gather(Check(TEN, bernoulli)).grade is Grade.EXHAUSTIVE
    assert gather(Check(TEN, by_balls)).grade is Grade.ENCLOSED
    assert gather(Check(some, bernoulli)).grade is Grade.SAMPLED
    assert gather(Check(some, by_balls)).grade is Grade.SAMPLED
    assert gather(Check(Identity("a"), by_algebra)).grade is Grade.SYMBOLIC
    assert gather(Check(Identity("a"), by_one_value)).grade is Grade.EXHAUSTIVE
    assert gather(Check(Draws(30), by_drawing)).grade is Grade.MONTE_CARLO


def test_a_claim_shows_all_its_grades_strongest_first() -> None:
    report = run_claim(toy(Check(Random(st.integers(0, 5), 4), bernoulli), Check(TEN, bernoulli)))
    assert report.grades == (Grade.EXHAUSTIVE, Grade.SAMPLED)
    assert report.grade is Grade.EXHAUSTIVE


def test_the_tightest_case_is_the_closest_one_that_says_something() -> None:
    tightest = gather(Check(TEN, bernoulli)).tightest
    assert tightest is not None
    assert tightest.member == "0"  # 1 >= 1


@dataclass(frozen=True)
class Everything(Particular):
    """A domain that the ledger does not know."""

    size: int | None = None

    def members(self) -> Iterator[tuple[str, int]]:
        yield "0", 0


def test_a_domain_of_another_kind_is_refused() -> None:
    domain: Domain[int] = Everything()
    with pytest.raises(KeyError):
        gather(Check(domain, bernoulli))


def test_a_theorem_that_nothing_runs_for() -> None:
    paper = run_claim(Claim(id="toy", page=PAGES[0], title="t", statement="s", source="FMR25", standing=Standing.PAPER))
    assert (paper.verdict, paper.grades) == (Verdict.PAPER_ONLY, (Grade.PAPER,))


def test_processes_find_what_one_process_finds() -> None:
    names = ["elliptic-potential", "coverage-gap"]
    here = {name: report for name, _, report in run_claims(registry, names) if report is not None}
    there = {name: report for name, _, report in run_claims(registry, names, jobs=2) if report is not None}
    assert here.keys() == there.keys() == set(names)
    for name in names:
        assert here[name].verdict is there[name].verdict
        assert [e.cases for e in here[name].checks] == [e.cases for e in there[name].checks]
        assert [e.tightest for e in here[name].checks] == [e.tightest for e in there[name].checks]

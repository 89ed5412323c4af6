"""A check is run a piece at a time: together the pieces tell what the check tells as a whole."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

import pytest
from flint import fmpq

from proofs_check.ledger import (
    ANY,
    Case,
    Catalog,
    Check,
    Claim,
    Domain,
    Draws,
    Family,
    Identity,
    Mutation,
    Verdict,
    compare,
)
from proofs_check.ledger.kernel import Evidence, gather
from proofs_check.ledger.pages import PAGES
from proofs_check.ledger.pieces import assemble, joined, parts
from reference.exact import Undecided
from reference.model.problem import Problem


def bernoulli(n: int) -> Iterator[Case]:
    for place in range(n % 3):  # none at 0, 3, ...: not every member is reached
        yield compare(f"n={n}", fmpq(3, 2) ** (n % 4), ">=", 1 + fmpq(n % 4, 2), f"bound {place} of {n}")


def broken(n: int) -> Iterator[Case]:
    yield from bernoulli(n)
    if n in {4, 5}:
        yield compare(f"n={n}", n, "<", 4, "n < 4")


def crashing(n: int) -> Iterator[Case]:
    yield from broken(n)
    if n >= 7:
        msg = f"{n} is too much"
        raise ZeroDivisionError(msg)


def unclear(n: int) -> Iterator[Case]:
    yield from bernoulli(n)
    if n in {2, 6}:
        msg = f"{n} at 256 bits"
        raise Undecided(msg)


def unclear_and_crashing(n: int) -> Iterator[Case]:
    yield from unclear(n)
    yield from crashing(n)


RUNS = (bernoulli, broken, crashing, unclear, unclear_and_crashing, lambda _: iter(()))


def family(declared: int, came: int = 10) -> Family[int]:
    return Family("0, 1, ...", declared, lambda: range(came))


def in_pieces(check: Check[Any]) -> Evidence:
    claim = stated(check)
    found = [work() for name, work in parts(claim).items() if name.startswith("check")]
    return joined(check.domain, found)


def stated(check: Check[Any]) -> Claim:
    return Claim(
        id="toy", page=PAGES[0], title="Bernoulli", statement="n", source="ours", hypotheses="none.",
        checks=(check,),
        witness=Check(Family("2", 1, lambda: [2]), bernoulli),
        mutation=Mutation("n < 4", Check(family(10), broken)),
    )  # fmt: skip


def told(evidence: Evidence) -> dict[str, Any]:
    return {name: value for name, value in asdict(evidence).items() if name != "seconds"}


@pytest.mark.parametrize("declared", [10, 9, 11])
@pytest.mark.parametrize("run", RUNS)
def test_the_pieces_of_a_family_tell_what_it_tells(run: Callable[[int], Iterable[Case]], declared: int) -> None:
    check = Check(family(declared), run)
    assert len(parts(stated(check))) == declared + 2
    assert told(in_pieces(check)) == told(gather(check))


def test_the_pieces_of_a_catalog_tell_what_it_tells() -> None:
    def run(problem: Problem) -> Iterator[Case]:
        yield compare(problem.name, problem.horizon, ">=", 1, "H >= 1")

    check = Check(Catalog("two-arms", "fair-bits-3", "needle-path-4", of=ANY), run)
    assert len(parts(stated(check))) == 3 + 2
    assert told(in_pieces(check)) == told(gather(check))


@pytest.mark.parametrize(("declared", "came"), [(33, 33), (40, 40), (41, 40), (40, 43), (90, 30)])
@pytest.mark.parametrize("run", RUNS)
def test_the_stretches_of_a_large_family_tell_what_it_tells(
    run: Callable[[int], Iterable[Case]], declared: int, came: int
) -> None:
    check = Check(family(declared, came), run)
    names = [f"check 0, piece {j}" for j in (1, 2, 3, 4)]
    assert list(parts(stated(check))) == [*names, "witness", "mutation"]
    assert told(in_pieces(check)) == told(gather(check))


@pytest.mark.parametrize("whole", [Catalog(), Catalog(of=ANY)])
def test_the_stretches_of_the_whole_catalog_tell_what_it_tells(whole: Catalog[Any]) -> None:
    def run(problem: Problem) -> Iterator[Case]:
        if problem.horizon == 1:
            yield compare(problem.name, problem.beta, ">", 0, "beta > 0")

    check = Check(whole, run)
    assert len(parts(stated(check))) == 4 + 2
    assert told(in_pieces(check)) == told(gather(check))


EXPANDABLE = Catalog(of=ANY, expandable=True)


@pytest.mark.parametrize("domain", [family(1, 1), Catalog("two-arms"), EXPANDABLE, Draws(3), Identity("x")])
def test_what_is_not_listed_member_by_member_is_one_piece(domain: Domain[Any]) -> None:
    assert list(parts(stated(Check(domain, bernoulli)))) == ["check 0", "witness", "mutation"]


def test_a_piece_that_is_lost_is_a_check_that_did_not_run() -> None:
    claim = stated(Check(family(10), bernoulli))
    found = {name: work() for name, work in parts(claim).items()}
    assert assemble(claim, found).verdict is Verdict.HOLDS
    del found["check 0, piece 4"]
    lost = assemble(claim, found)
    assert (lost.verdict, lost.reason) == (Verdict.NOT_REACHED, "not every check ran")

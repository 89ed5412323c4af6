"""Bets: each rival is a martingale under the law, and what it makes agrees with other code."""

from fractions import Fraction
from functools import reduce
from math import prod

import mpmath
import pytest
from flint import arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.exact import exp, exp_ratio
from reference.exact.law import Law
from reference.laws.bets import Bets, Rival
from reference.laws.rivals import REPEATED_PARTS, TEMPERATURES, UNIFORM_PARTS, Tally

PREC = 160
TINY = 1e-30

LAWS: list[Law[int]] = [
    Law.of({0: "1/3", 1: "2/3"}),
    Law.of({0: "1/100", 1: "1/2", 2: "49/100"}),
    Law.weighted(range(4), [1, 7, 2, 3]),
    Law.weighted(range(3), [exp(1), 1, exp("log(2)/2")]),
    Law.mixture([("1/2", Law.weighted(range(3), [exp(2), 1, 1])), ("1/2", Law.weighted(range(3), [1, 1, exp(1)]))]),
]

laws = st.sampled_from(LAWS)


@st.composite
def begun(draw: st.DrawFn) -> tuple[Law[int], list[int]]:
    law = draw(laws)
    return law, draw(st.lists(st.sampled_from(range(len(law.outcomes))), max_size=30))


def made(bets: Bets[int], tally: Tally) -> dict[Rival, arb]:
    with ctx.workprec(PREC):
        return {rival: value.exp() for rival, value in bets.logarithms(tally, PREC)}


@given(begun(), st.booleans())
@settings(max_examples=25)
def test_under_the_law_no_rival_gains_or_loses_on_average(start: tuple[Law[int], list[int]], ordered: bool) -> None:  # noqa: FBT001 - drawn
    law, drawn = start
    size = len(law.outcomes)
    bets = Bets(law, {"uniform": Law.uniform(range(size))})

    def tally(listed: list[int]) -> Tally:
        return Tally.of(listed, size) if ordered else Tally(tuple(listed.count(i) for i in range(size)))

    now = made(bets, tally(drawn))
    after = [made(bets, tally([*drawn, y])) for y in range(size)]
    with ctx.workprec(PREC):
        masses = [exp_ratio(mass).enclosure(PREC) for _, mass in law.items()]
        for rival, value in now.items():
            mean = sum((mass * table[rival] for mass, table in zip(masses, after, strict=True)), arb(0))
            assert mean.overlaps(value)
            assert (mean - value).rad() < TINY * (1 + abs(value).upper())


@given(laws, st.booleans())
def test_the_first_stake_is_one(law: Law[int], named: bool) -> None:  # noqa: FBT001 - drawn
    bets = Bets(law, {"law": law} if named else None)
    rows = bets.logarithms(Tally((0,) * len(law.outcomes)), PREC)
    assert sum((rival.share for rival, _ in rows), fmpq(0)) == 1
    assert len({rival for rival, _ in rows}) == len(rows)
    for _, value in rows:
        assert value.contains(0)


def sequential(law: Law[int], drawn: list[int]) -> dict[str, list[Fraction]]:
    """What rivals make of draws, one draw after the other, in fractions."""
    p = [Fraction(str(mass)) for _, mass in law.items()]
    size = len(p)
    found: dict[str, list[Fraction]] = {}

    def factors(says: list[Fraction]) -> Fraction:
        return prod((q / p[y] for q, y in zip(says, drawn, strict=True)), start=Fraction(1))

    any_law = [(drawn[:s].count(y) + Fraction(1, 2)) / (s + Fraction(size, 2)) for s, y in enumerate(drawn)]
    found["any law"] = [factors(any_law)]
    found["one outcome"] = []
    for event in range(size):
        says = []
        for s, y in enumerate(drawn):
            hit = (drawn[:s].count(event) + Fraction(1, 2)) / (s + 1)
            says.append(hit if y == event else (1 - hit) * p[y] / (1 - p[event]))
        found["one outcome"].append(factors(says))
    parts = [Fraction(str(part)) for part in UNIFORM_PARTS]
    found["uniform"] = [factors([(1 - part) * p[y] + part / size for y in drawn]) for part in parts]
    found["repeats"] = []
    for lag in (1, 2, 4, 8, 64):
        for part in (Fraction(str(part)) for part in REPEATED_PARTS):
            says = [p[y] if s < lag else (1 - part) * p[y] + part * (drawn[s - lag] == y) for s, y in enumerate(drawn)]
            found["repeats"].append(factors(says))
    return found


@given(st.sampled_from(LAWS[:3]), st.lists(st.integers(0, 1), max_size=25))
@settings(max_examples=30)
def test_what_rivals_make_is_what_they_say_draw_by_draw(law: Law[int], drawn: list[int]) -> None:
    tally = Tally.of(drawn, len(law.outcomes))
    known = sequential(law, drawn)
    rows = made(Bets(law), tally)
    for family, values in known.items():
        found = {rival.place: ball for rival, ball in rows.items() if rival.family == family}
        assert found or len(law.outcomes) == 2
        for place, ball in found.items():
            q = values[place]
            assert ball.contains(arb(fmpq(q.numerator, q.denominator)).mid()) or ball.overlaps(
                arb(fmpq(q.numerator, q.denominator))
            )


@given(begun())
@settings(max_examples=20)
def test_temperatures_by_mpmath(start: tuple[Law[int], list[int]]) -> None:
    law, drawn = start
    rows = made(Bets(law), Tally.of(drawn, len(law.outcomes)))
    with mpmath.workdps(60):
        p = [mpmath.mpf(exp_ratio(m).enclosure(300).mid().str(70, radius=False)) for _, m in law.items()]
        for rival, ball in rows.items():
            if rival.family == "temperature":
                s = mpmath.mpf(int(TEMPERATURES[rival.place].p)) / int(TEMPERATURES[rival.place].q)
                z = sum(m**s for m in p)
                theirs = reduce(lambda a, y: a * p[y] ** (s - 1) / z, drawn, mpmath.mpf(1))
                mine = mpmath.mpf(ball.mid().str(60, radius=False))
                assert mpmath.almosteq(mine, theirs, rel_eps=mpmath.mpf(10) ** -35)


@pytest.mark.parametrize("size", [2, 3, 5])
def test_the_mixture_of_all_laws_loses_most_where_one_outcome_comes_always(size: int) -> None:
    """The regret to the best law is largest at a vertex: what the bounds of a verdict rest on."""
    n = 8
    law = Law.uniform(range(size))
    bets = Bets(law)

    def regret(counts: tuple[int, ...]) -> arb:
        with ctx.workprec(PREC):
            best = sum((arb(fmpq(c, n)).log() * c for c in counts if c), arb(0)) + arb(size).log() * n
            family = "any law" if size > 2 else "one outcome"
            return best - next(v for r, v in bets.logarithms(Tally(counts), PREC) if r.family == family)

    def splits(left: int, places: int) -> list[tuple[int, ...]]:
        if places == 1:
            return [(left,)]
        return [(c, *rest) for c in range(left + 1) for rest in splits(left - c, places - 1)]

    vertex = regret((n, *(0,) * (size - 1)))
    with ctx.workprec(PREC):
        half, halves = arb(fmpq(1, 2)), arb(fmpq(size, 2))
        formula = half.lgamma() + (n + halves).lgamma() - (n + half).lgamma() - halves.lgamma()
    assert vertex.overlaps(formula)
    for counts in splits(n, size):
        assert regret(counts) < vertex or max(counts) == n

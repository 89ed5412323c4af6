"""Section 5, needles: facts of the family, the hit of a tilt, and games solved by trying every move."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from math import isqrt

import mpmath
import pytest
from flint import fmpq
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference.constructions.needles import NeedleFamily
from reference.exact import log
from reference.games import solve
from reference.games.contest import Contestant, score
from reference.interaction.world import Oracles
from reference.model.criteria import naming
from reference.model.linear_problem import LinearProblem
from reference.model.policy import Policy, base_policy, optimum
from reference.model.ratios import coverage
from reference.model.values import gap, objective, optimal_value
from reference.testing import policies
from tests.claims.second_opinion import at_most, below, close, dot, masses, mp, number, plain, same, tilt

Place = tuple[int, tuple[int, ...]]
"""``i*`` and the signs of ``v*``."""

Belief = dict[Place, mpmath.mpf]
"""Probabilities of the members together with all that was seen; fractions or at 60 digits."""

Query = Callable[[Place], list[tuple[object, mpmath.mpf]]]
"""A query: what a member answers, with probabilities."""


@st.composite
def families(draw: st.DrawFn) -> NeedleFamily:
    """Families on both sides of ``C = e^(1/(2 beta))``."""
    beta = fmpq(1, draw(st.integers(1, 9)))
    return NeedleFamily.of(draw(st.integers(1, 4)), draw(st.integers(2, 60)), draw(st.integers(1, 2)), beta)


@st.composite
def members(draw: st.DrawFn) -> tuple[NeedleFamily, LinearProblem, int, Policy]:
    """A family, a member, its needle, and a policy on its support."""
    family = draw(families())
    place = draw(st.integers(1, family.k))
    member = family.member(place, draw(st.tuples(*[st.sampled_from((1, -1))] * family.dimension)))
    return family, member, place, draw(policies(member))


@pytest.mark.claim("needle-facts")
@given(members())
@settings(max_examples=40)
def test_facts_of_a_needle(case: tuple[NeedleFamily, LinearProblem, int, Policy]) -> None:
    family, member, place, policy = case
    own = plain(member)
    (row,), C, beta = own.rows, number(family.C), number(family.beta)
    p, top = 1 / C, mp.exp(1 / beta)
    assert row.rewards == [int(y == place) for y in range(family.k + 1)]
    assert all(map(same, row.base, [1 - p if y == 0 else p if y == place else 0 for y in range(family.k + 1)]))
    best = own.optimum()
    (covered,) = own.coverages(best)
    assert same(covered, top / (1 - p + p * top))
    assert below(covered, C)
    assert close(coverage(member, optimum(member)), covered)
    assert close(family.coverage(), covered)
    value = own.objective(best)
    assert close(optimal_value(member), value)
    assert close(family.optimal_value(), value)
    assert family.is_learnable == at_most(mp.mpf(C), mp.exp(1 / (2 * beta)))
    assert not family.is_learnable or at_most(mp.mpf(1) / 2, value)
    law = masses(policy.law(0), family.k + 1)
    assert at_most(own.objective([law]), law[place])
    assert close(objective(member, policy), own.objective([law]))


@st.composite
def aims(draw: st.DrawFn) -> tuple[NeedleFamily, list[fmpq]]:
    """A family and a parameter in the unit ball, as a rule on its surface up to ``2^-20``."""
    m = draw(st.integers(1, 2))
    beta = draw(st.sampled_from((fmpq(1, 4), fmpq(1, 2), fmpq(1), fmpq(2), fmpq(5))))
    direction = draw(st.one_of(st.just((1,) * m**2), st.tuples(*[st.integers(-3, 3)] * m**2)))
    radius = draw(st.sampled_from((fmpq(1), fmpq(1), fmpq(1, 2))))
    norm = isqrt(sum(n * n for n in direction) << 40) + 1
    family = NeedleFamily.of(1, draw(st.sampled_from((2, 3, 10, 1000, 10**5))), m, beta)
    return family, [radius * fmpq(n << 20, norm) for n in direction]


def qbar(family: NeedleFamily) -> mpmath.mpf:
    """``min{1, (p/(1-p)) e^(1/(2 d beta^2)), e p/(1-p) + e^(-beta^2 d/2)}``."""
    odds, d, beta = 1 / (number(family.C) - 1), family.m**2, number(family.beta)
    return min(mp.mpf(1), odds * mp.exp(1 / (2 * d * beta**2)), mp.e * odds + mp.exp(-(beta**2) * d / 2))


def hits(family: NeedleFamily, theta: Sequence[mpmath.mpf]) -> Iterator[mpmath.mpf]:
    """``pi_theta(i*)`` for each ``v*``, by normalising over the responses."""
    p = 1 / number(family.C)
    for signs in product((1, -1), repeat=family.m**2):
        score = dot(theta, [mp.mpf(sign) / family.m for sign in signs])
        yield tilt([1 - p, p], [mp.mpf(0), score], number(family.beta))[1]


@pytest.mark.claim("needle-hit")
@given(aims())
@example((NeedleFamily.of(1, 1000, 1, "1/4"), [fmpq(1)]))  # qbar is its third term here
@example((NeedleFamily.of(1, 10**5, 3, 5), [fmpq(1, 3)] * 9))  # nearly attained here
@settings(max_examples=40)
def test_no_tilt_hits_a_needle_more_often_than_qbar(case: tuple[NeedleFamily, list[fmpq]]) -> None:
    family, theta = case
    chance = mp.fsum(hits(family, [number(entry) for entry in theta])) / 2**family.dimension
    assert at_most(chance, qbar(family))
    assert family.m < 3 or at_most(qbar(family) * (1 - 2 * mp.mpf(10) ** -5), chance)
    assert close(family.hit_probability(theta), chance)
    assert close(family.qbar(), qbar(family))


# --------------------------------------------------------------------------------------------------------- games


def value(belief: Belief, draws: Sequence[Query], t_comp: int, t_data: int, k: int) -> mpmath.mpf:
    """The best probability of naming ``i*``, by trying every query after every answer, then every name."""
    named = max(sum((m for (place, _), m in belief.items() if place == y)) for y in range(1, k + 1))
    if named == sum(belief.values()):
        return named  # the needle is known
    moves = [(query, t_comp - 1, t_data) for query in draws if t_comp]
    moves += [(rewarded(y), t_comp, t_data - 1) for y in range(1, k + 1) if t_data]
    return max(
        [named] + [sum(value(seen, draws, left, asks, k) for seen in answers(belief, q)) for q, left, asks in moves]
    )


def answers(belief: Belief, query: Query) -> list[Belief]:
    """What may be believed after a query."""
    found: dict[object, Belief] = {}
    for place, mass in belief.items():
        for answer, chance in query(place):
            found.setdefault(answer, {})[place] = mass * chance
    return list(found.values())


def rewarded(y: int) -> Query:
    """Ask for the reward of ``y``."""
    return lambda place: [(place[0] == y, 1)]


def tilted(hit: Callable[[tuple[int, ...]], mpmath.mpf]) -> Query:
    """Draw a response that is the needle with probability ``hit(v*)``: its name and features are seen."""
    return lambda place: [(place, hit(place[1])), (0, 1 - hit(place[1]))]


def needles(member: LinearProblem) -> set[tuple[int, int]]:
    return {(0, y) for y in range(1, member.response_count(0)) if member.pi_ref(0).mass(y) > 0}


def uniform(family: NeedleFamily, one: mpmath.mpf) -> Belief:
    places = list(product(range(1, family.k + 1), product((1, -1), repeat=family.m**2)))
    return {place: one / len(places) for place in places}


@st.composite
def games(draw: st.DrawFn) -> tuple[NeedleFamily, int, int]:
    m = draw(st.sampled_from((1, 1, 1, 2)))
    k = draw(st.integers(1, 4 if m == 1 else 2))
    C = draw(st.sampled_from((fmpq(2), fmpq(5, 2), fmpq(3), fmpq(10))))
    return NeedleFamily.of(k, C, m, 1), draw(st.integers(0, 3)), draw(st.integers(0, 2))


@pytest.mark.claim("needle-minimax")
@given(games())
@settings(max_examples=25)
def test_the_best_search_is_what_trying_everything_finds(case: tuple[NeedleFamily, int, int]) -> None:
    family, t_comp, t_data = case
    k, p = family.k, 1 / Fraction(int(family.C.p), int(family.C.q))
    weak = tilted(lambda _: p)
    best = value(uniform(family, Fraction(1)), [weak], t_comp, t_data, k)
    form = 1 if t_data >= k else 1 - (1 - p) ** t_comp * (1 - Fraction(t_data + 1, k))
    assert best == form
    assert family.game_value(t_comp, t_data) == fmpq(best.numerator, best.denominator)
    solution = solve(naming(family.members(), needles), [(t_comp, t_data)])
    assert solution.value(t_comp, t_data) == family.game_value(t_comp, t_data)


@dataclass(frozen=True)
class Tilts:
    """A family with the strong oracle at ``theta = +-beta log(root) m v``, inside the unit ball, for one ``v``."""

    family: NeedleFamily
    root: int

    def hit(self, signs: tuple[int, ...], sign: int) -> mpmath.mpf:
        """``pi_theta(i*)`` where ``v* = signs/m`` and ``v = (1, .., 1)/m``."""
        p, length = 1 / number(self.family.C), number(self.family.beta) * mp.log(self.root) * sign
        score = length * dot([mp.mpf(1)] * len(signs), [mp.mpf(s) for s in signs])
        return tilt([1 - p, p], [mp.mpf(0), score], number(self.family.beta))[1]


@st.composite
def strong_games(draw: st.DrawFn) -> tuple[Tilts, int, int]:
    """Games where ``T_comp qbar + (T_data+1)/k`` is below 1."""
    beta, root = draw(st.sampled_from(((fmpq(1), 2), (fmpq(1, 2), 2), (fmpq(1, 2), 7), (fmpq(2, 3), 3))))
    family = NeedleFamily.of(draw(st.integers(4, 5)), draw(st.sampled_from((60, 100, 500))), 1, beta)
    return Tilts(family, root), draw(st.integers(0, 2)), draw(st.integers(0, 1))


@pytest.mark.claim("coverage-lower-bound")
@given(strong_games())
@settings(max_examples=15)
def test_no_learner_with_the_strong_oracle_exceeds_the_bound(case: tuple[Tilts, int, int]) -> None:
    game, t_comp, t_data = case
    family, k = game.family, game.family.k
    p = 1 / number(family.C)
    draws = [tilted(lambda _: p), *(tilted(partial(game.hit, sign=sign)) for sign in (1, -1))]
    best = value(uniform(family, mp.mpf(1)), draws, t_comp, t_data, k)
    most = t_comp * qbar(family) + mp.mpf(t_data + 1) / k
    assert at_most(best, most)
    assert most < 1
    length = log(game.root) * family.beta
    solved = solve(naming(family.members(), needles, thetas=[[length], [-length]]), [(t_comp, t_data)])
    assert close(solved.value(t_comp, t_data), best)


@dataclass(frozen=True)
class Found:
    """A policy that names what a run found; ``tries`` draws more when it is asked, and else 1."""

    y: int
    tries: int

    @property
    def queries_per_draw(self) -> int:
        return self.tries

    def sample(self, oracles: Oracles, x: int) -> int:
        return self.y or sought(oracles, x, self.tries) or 1


def sought(oracles: Oracles, x: int, tries: int) -> int:
    """The first response with features among ``tries`` draws, or 0."""
    for _ in range(tries):
        y, phi = oracles.weak(x)
        if not phi.is_zero:
            return y
    return 0


@pytest.mark.claim("coverage-lower-bound")
@given(st.integers(1, 6), st.integers(20, 200), st.integers(0, 2), st.integers(0, 2))
@settings(max_examples=10)
def test_a_search_keeps_to_the_bound_and_pays_for_what_it_draws(k: int, C: int, early: int, late: int) -> None:
    family = NeedleFamily.of(k, C, 1, 1)
    result = score(Contestant("search", lambda oracles: Found(sought(oracles, 0, early), late), family))
    p = 1 / number(family.C)
    hit = mp.mpf(0)
    for string in product((True, False), repeat=early + late):
        weight = mp.fprod(p if drawn else 1 - p for drawn in string)
        hit += weight * (1 if any(string) else mp.mpf(1) / family.k)
    assert close(result.hit.mass(True), hit)
    assert (result.t_comp, result.t_data) == (early + late, 0)
    assert at_most(hit, result.t_comp * qbar(family) + mp.mpf(1) / family.k)


@pytest.mark.claim("coverage-lower-bound")
@given(st.integers(1, 400), st.integers(2, 12), st.integers(1, 20), st.fractions(0, 1), st.integers(1, 63))
@settings(max_examples=40)
def test_success_is_a_hit_and_a_hit_has_its_price(k: int, over: int, m: int, part: Fraction, sixtyfourths: int) -> None:
    """Gap at most 1/4 needs mass 1/4 on the needle; budgets below both thresholds leave less than 3/16."""
    beta = fmpq(1, over)
    C = 2 + int(part * int(mp.floor(mp.exp(1 / (2 * number(beta))) - 2)))
    family = NeedleFamily.of(k, C, m, beta)
    assert close(family.our_bound(), 3 / (32 * qbar(family)))
    member, h = NeedleFamily.of(1, C, 1, beta).member(1, (1,)), mp.mpf(sixtyfourths) / 64
    own = plain(member)
    lost = own.objective(own.optimum()) - own.objective([[1 - h, h]])
    assert at_most(mp.mpf(1) / 4, h) or below(mp.mpf(1) / 4, lost)
    t_comp = int(mp.ceil(3 / (32 * qbar(family)))) - 1
    names = -(-3 * k // 32) - 1  # T_data + 1, below 3k/32
    assert t_comp * qbar(family) + mp.mpf(names) / k < mp.mpf(3) / 16


@st.composite
def accuracies(draw: st.DrawFn) -> tuple[NeedleFamily, fmpq]:
    """A family with one name and an ``eps``, on both sides of where the base model is good enough."""
    beta = fmpq(1, draw(st.integers(1, 10)))
    return NeedleFamily.of(1, draw(st.integers(2, 4000)), 1, beta), fmpq(draw(st.integers(1, 7)), 8)


@pytest.mark.claim("coverage-saturation")
@given(accuracies())
@example((NeedleFamily.of(1, 64, 1, "1/8"), fmpq(1, 4)))  # beyond e^(1/(2 beta)), and pi_ref is not good enough
@settings(max_examples=40)
def test_needles_are_needed_until_the_base_model_is_good_enough(case: tuple[NeedleFamily, fmpq]) -> None:
    family, eps = case
    member = family.member(1, [1])
    own, beta, p, within = plain(member), number(family.beta), 1 / number(family.C), number(eps)
    best = own.objective(own.optimum())

    def loss(h: mpmath.mpf) -> mpmath.mpf:
        return best - own.objective([[1 - h, h]])

    top = mp.exp(1 / beta)
    end = (top - 1) / (mp.exp(within / beta) - 1)
    assert at_most(end, mp.exp((1 - within) / beta) / within)
    assert same(loss(p), beta * mp.log(1 - p + p * top) - p)
    assert close(gap(member, base_policy(member)), loss(p))
    assert not at_most(end, number(family.C)) or below(loss(p), within)
    h = 1 - within - beta * mp.log(number(family.C))
    if below(mp.mpf(0), h):
        assert below(h + within, best)
        for part in range(8):
            assert below(within, loss(h * mp.mpf(part + 1) / 8))
        assert below(number(family.C), end) or at_most(h, p)
    # a search with 3/4 finds it
    tries = int(mp.ceil(number(family.C) * mp.log(4)))
    assert at_most(mp.mpf(3) / 4, 1 - (1 - p) ** tries)

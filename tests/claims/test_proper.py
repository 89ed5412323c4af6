"""Section 7, learners: what they find and what they pay, against enumeration in mpmath."""

from dataclasses import dataclass, replace
from itertools import product

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from proofs_check.claims.proper.tradeoff_walks import accuracy, policy_gap, spanner_inputs, spanner_policy, success_of
from proofs_check.reduction.exploration import chance, hit_probability, null_law, true_law
from proofs_check.reduction.methods import METHODS, coin_flipping
from proofs_check.reduction.null_run import promised, public_of
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.parts.feedback import Rewards
from reference.algorithms.parts.fits import LeastSquares
from reference.algorithms.passive import ProperPassive
from reference.algorithms.spanner_sampling import Spanner, phase_1_round
from reference.constructions.dnf.families import PLANTED, small_formulas
from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.interaction import Choice, ProperOracles, World, law_of
from reference.model.parameter_set import Theta
from reference.testing import dnf_instances
from tests.claims.second_opinion_dnf import Formulas, numbers
from tests.claims.second_opinion_float import Numbers, at_most, mp, near, number, rank
from tests.claims.second_opinion_proper import (
    Decide,
    History,
    draws,
    histories,
    hit_chance,
    least_squares,
    online_dpo,
    passive,
    scale,
    silent_brute_force,
    silent_xpo,
)
from tests.claims.second_opinion_spanner import played, sampled

FEW = settings(max_examples=20)


@dataclass(frozen=True)
class Script:
    """A learner that commits by the round and the last prompt and answers; the same for both opinions."""

    moves: tuple[tuple[Theta, ...], ...]
    rounds: int

    def move(self, number: int, x: int, ones: int) -> tuple[Theta, ...]:
        return self.moves[(2 * number + x + ones) % len(self.moves)]

    def __call__(self, oracles: ProperOracles, /) -> Theta:
        def step(state: tuple[int, int, int]) -> tuple[int, int, int]:
            number, x, ones = state
            shown = oracles.round(self.move(number, x, ones))
            return number + 1, shown.x, sum(answer.y for answer in shown.answers)

        oracles.iterate((0, 0, 0), step, self.rounds)
        return self.moves[0][0]

    def decide(self, history: History) -> list[Numbers]:
        x, ones = (history[-1][0], sum(history[-1][1])) if history else (0, 0)
        return [numbers(theta) for theta in self.move(len(history), x, ones)]


@st.composite
def scripts(draw: st.DrawFn) -> tuple[Formulas, Script, int]:
    """An instance, a script of one or two draws in a round, and how many draws count."""
    exact = draw(dnf_instances(max_variables=3, max_terms=3))
    point = st.tuples(*[st.sampled_from((-1, 0, 1))] * exact.formula.variables).map(exact.theta)
    moves = draw(st.lists(st.lists(point, min_size=1, max_size=2).map(tuple), min_size=1, max_size=4).map(tuple))
    rounds = draw(st.integers(1, 2))
    return Formulas(exact), Script(moves, rounds), draw(st.integers(1, 2 * rounds))


@pytest.mark.claim("dnf-exploration-chance")
@pytest.mark.claim("dnf-exploration-mean")
@pytest.mark.claim("dnf-exploration-search")
@pytest.mark.claim("dnf-exploration-value")
@FEW
@given(scripts())
def test_who_finds_a_1_has_committed_to_a_good_parameter(member: tuple[Formulas, Script, int]) -> None:
    """All histories, by probability: a reader that loses a branch, or a null run that does, changes ``q``."""
    mine, script, T = member
    good: dict[bool, list[tuple[mpmath.mpf, mpmath.mpf, mpmath.mpf]]] = {True: [], False: []}
    q = mp.mpf(0)
    for mass, history in histories(mine, script.decide, script.rounds):
        drawn = draws(script.decide, history)[:T]
        first = next((t for t, (_, y) in enumerate(drawn) if y), None)
        q += mass if first is not None else 0
        used = [theta for theta, _ in drawn[: None if first is None else first + 1]]
        good[True].append((mass, *best_of(mine, used)))
    for mass, thetas in silent_runs(mine, script):
        good[False].append((mass, *best_of(mine, thetas[:T])))
    explored, null = true_law(mine.exact, script, T), null_law(mine.exact, script, T)
    assert near(explored.probability(lambda found: found.hit), q)
    assert near(hit_probability(null), q)
    assert abs(hit_chance(mine, script.decide, script.rounds, T) - q) < mp.mpf(10) ** -50
    public = public_of(mine.exact)
    mean = null.expectation(lambda found: max(chance(public, theta) for theta in found.used))
    assert near(mean, mp.fsum(mass * c for mass, c, _ in good[False]))
    assert at_most(q, T * mp.fsum(mass * c for mass, c, _ in good[False]))
    for law in good.values():
        for v in (mp.mpf(0), *(c for _, c, _ in law)):
            assert at_most(q - T * v, mp.fsum(mass for mass, c, _ in law if c > v + mp.mpf(10) ** -40))
        if q >= mp.mpf(1) / 2:
            level = mp.mpf(1) / (4 * T) - mine.loss
            assert near(promised(mine.exact, T), level)
            assert at_most(mp.mpf(1) / 4, mp.fsum(mass for mass, _, v in law if v >= level - mp.mpf(10) ** -40))
    if q >= mp.mpf(1) / 2:
        assert at_most(mp.mpf(1) / (2 * T) - mine.loss, mp.fsum(mass * v for mass, _, v in good[False]))


def best_of(mine: Formulas, used: list[Numbers]) -> tuple[mpmath.mpf, mpmath.mpf]:
    """The largest chance and the largest ``val`` of rounded parameters."""
    return max(mine.chance(theta) for theta in used), max(mine.value(theta) for theta in used)


def silent_runs(mine: Formulas, script: Script) -> list[tuple[mpmath.mpf, list[Numbers]]]:
    """Null runs: prompts are drawn, answers are 0."""
    found = []
    for xs in product(range(len(mine.terms)), repeat=script.rounds):
        history: History = ()
        thetas: list[Numbers] = []
        for x in xs:
            committed = script.decide(history)
            thetas += committed
            history = (*history, (x, (0,) * len(committed)))
        found.append((mp.mpf(1) / len(mine.terms) ** script.rounds, thetas))
    return found


def baseline(mine: Formulas, name: str) -> Decide:
    """A second opinion of the methods that ``spanner reduce`` knows."""
    if name == "xpo":
        return silent_xpo(mine)
    if name == "brute-force":
        return silent_brute_force(mine)
    return online_dpo(mine) if name == "online-dpo" else passive(mine)


@st.composite
def all_false(draw: st.DrawFn) -> DnfInstance:
    """An instance without positive literals: one assignment satisfies all terms, and rounding 0 satisfies none."""
    exact = draw(dnf_instances(max_variables=3, max_terms=3))
    terms = tuple(dict.fromkeys(tuple(sorted(-abs(n) for n in term)) for term in exact.formula.terms))
    A, L = draw(st.sampled_from(((1000, 9), (100, 9), (8, 2))))
    return DnfInstance.of(Formula(exact.formula.variables, terms), A, L, 1, [-1] * exact.formula.variables)


@pytest.mark.claim("dnf-exploration-luck")
@FEW
@given(all_false(), st.integers(1, 5))
def test_a_coin_may_find_a_1_without_a_good_parameter(exact: DnfInstance, T: int) -> None:
    mine = Formulas(exact)
    star, zero = numbers(exact.theta([-1] * exact.formula.variables)), [mp.mpf(0)] * exact.formula.variables
    assert mine.value(star) == 1
    assert mine.value(zero) == 0
    hit = [1 - (1 - mine.chance(theta)) ** T for theta in (star, zero)]
    law = true_law(exact, coin_flipping(exact.theta([-1] * exact.formula.variables), T), T)
    null = null_law(exact, coin_flipping(exact.theta([-1] * exact.formula.variables), T), T)
    assert near(law.probability(lambda found: found.hit), (hit[0] + hit[1]) / 2)
    assert near(hit_probability(null), (hit[0] + hit[1]) / 2)
    level = promised(exact, T)
    assert near(level, mp.mpf(1) / (4 * T) - mine.loss)
    if level > 0:  # the half of the runs with theta = 0 has nothing good, and may still find a 1
        bad = null.probability(lambda found: max(exact.formula.value(exact.assignment(t)) for t in found.used) < level)
        assert bad == fmpq(1, 2)
        assert hit[1] > 0


@pytest.mark.claim("dnf-baselines-passive")
@pytest.mark.claim("dnf-baselines-search")
@pytest.mark.parametrize("name", ["passive", "online-dpo", "online-dpo-preferences", "xpo", "brute-force"])
@settings(max_examples=40)
@given(exact=dnf_instances(max_variables=3, max_terms=2), T=st.sampled_from((6, 4, 2)))
def test_what_the_usual_learners_find(exact: DnfInstance, name: str, T: int) -> None:
    """XPO and brute force search again; a passive learner that moves before its first 1 has not 1-(1-p)^T."""
    mine = Formulas(exact)
    q = hit_chance(mine, baseline(mine, name), T // 2, T)
    assert near(hit_probability(null_law(exact, METHODS[name].for_draws(exact, T), T)), q)
    if name not in {"xpo", "brute-force"}:
        assert abs(q - (1 - (1 - mine.p) ** T)) < mp.mpf(10) ** -50


def test_brute_force_finds_what_xpo_does_not() -> None:
    """One of the four named formulas, by the second opinion alone."""
    formula, _ = PLANTED[0].formula()
    mine = Formulas(DnfInstance.of(formula, 1000, 9, 1, (1,) * formula.variables))
    assert hit_chance(mine, silent_brute_force(mine), 1, 2) >= mp.mpf(1) / 2
    assert hit_chance(mine, silent_xpo(mine), 2, 4) < mp.mpf(1) / 2


@st.composite
def satisfiable(draw: st.DrawFn) -> Formulas:
    """An instance whose ``a*`` satisfies a term."""
    exact = draw(dnf_instances(max_variables=3, max_terms=2))
    star = list(exact.star)
    for n in exact.formula.terms[0]:
        star[abs(n) - 1] = 1 if n > 0 else -1
    return Formulas(replace(exact, star=tuple(star)))


@pytest.mark.claim("tradeoff-success")
@pytest.mark.claim("tradeoff-first-hit")
@pytest.mark.claim("tradeoff-walks")
@pytest.mark.claim("tradeoff-passive")
@settings(max_examples=15)
@given(satisfiable(), st.integers(1, 2))
def test_what_passive_learners_pay(mine: Formulas, T: int) -> None:
    """Success after T rounds from all histories: a fit that interpolates less, or other pairs, succeeds otherwise."""
    exact, eps = mine.exact, mine.accuracy
    zero = [mp.mpf(0)] * len(mine.mine.theta)
    assert near(accuracy(exact), eps)
    assert mine.gap(zero) > eps
    for vertex in mine.vertices:
        theta = [scale(mine) * s for s in vertex]
        assert mine.value(vertex) >= mine.value(exact.star) or mine.gap(theta) > eps
    q = 2 * mine.p * (1 - mine.p)
    cover = SpanCover.empty(exact.formula.variables)
    for decide, learner in (
        (passive(mine), ProperPassive(T, cover)),
        (online_dpo(mine), OnlineDPO(T, Rewards(), LeastSquares(cover))),
    ):
        runs = list(histories(mine, decide, T))
        success = mp.fsum(mass for mass, history in runs if mine.gap(least_squares(mine, history)) <= eps)
        assert near(success_of(exact, learner), success)
        assert at_most(success, 1 - (1 - q) ** T)
    first = int(mp.ceil(mp.log(2) / -mp.log(1 - mine.p)))
    assert abs(first - mp.log(2) / mine.p) <= 1


@pytest.mark.claim("tradeoff-pair")
@pytest.mark.claim("tradeoff-rewards")
@pytest.mark.claim("tradeoff-spanner")
@settings(max_examples=8)
@given(st.sampled_from(tuple(small_formulas())), st.integers(0, 10**6), st.integers(1, 3))
def test_what_spanner_sampling_pays(formula: Formula, seed: int, n_pair: int) -> None:
    """Weak queries for a pair by the listing, the count of rewards in a run, success once all terms are covered."""
    star = tuple(1 if (seed >> v) & 1 else -1 for v in range(formula.variables))
    exact = DnfInstance.of(formula, 8, 2, "1/2", star)
    mine, m = Formulas(exact), len(formula.terms)
    p, q = mine.p, 2 * mine.p * (1 - mine.p)
    looked = mp.fsum((1 - q) ** j for j in range(n_pair)) * 2
    empty = Spanner(SpanCover.empty(formula.variables), ())

    def look(choice: Choice) -> tuple[int, int]:
        world = World(exact.problem, choice)
        return len(phase_1_round(world.oracles, empty, n_pair).psi), world.meter.reading.drawn

    law = law_of(look)
    assert near(law.expectation(lambda r: fmpq(r[1])), looked)
    assert near(law.expectation(lambda r: fmpq(r[0])), 1 - (1 - q) ** n_pair)
    assert abs(looked / (1 - (1 - q) ** n_pair) - 1 / (p * (1 - p))) < mp.mpf(10) ** -50
    N = int(mp.ceil(m / q * mp.log(4 * m)))
    assert m * (1 - q / m) ** N <= mp.mpf(1) / 4
    inputs = spanner_inputs(exact, N)
    returned, reading = played(exact.problem, inputs, seed)
    found = [[number(v) for v in phi] for phi, _ in returned.psi]
    assert reading.t_data == 2 * len(found) + 2
    assert rank(found) == len(found) <= rank([row[1] for row in mine.mine.phi])
    policy = spanner_policy(exact, frozenset(range(m)), inputs)
    lost = policy_gap(exact, policy)
    true = exact.formula.satisfied(star)
    answers = {t: sampled(p, mine.A ** (2 * t - formula.k), number(inputs.M), inputs.draws) for t in set(true)}
    assert near(lost, mine.mine.mean(lambda j: mine.mine.gap(j, [1 - answers[true[j]], answers[true[j]]])))
    if formula.k in true:
        assert number(lost) <= mine.accuracy

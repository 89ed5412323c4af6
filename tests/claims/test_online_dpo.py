"""Section 7, where OnlineDPO is passive, and the work of brute force: against counting by hand."""

from dataclasses import dataclass, field
from functools import cache

import mpmath
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import reference as ref
from reference.algorithms.brute_force import BruteForce
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.parts.feedback import Preferences, Rewards
from reference.algorithms.parts.fits import LeastSquares, Search
from reference.algorithms.parts.optimisers import exhaustive, vertices
from reference.constructions.dnf.formula import DnfInstance
from reference.exact import LogLinear
from reference.interaction import Choice, ProperLearner, ProperOracles, Public, Seeded, World, law_of, proper, recorded
from reference.interaction.proper_learners import Round
from reference.interaction.world import Event
from reference.model import LinearProblem, Tilt
from reference.model.parameter_set import FiniteSet, Theta
from reference.testing import dnf_instances
from tests.claims.second_opinion_float import Instance, at_most, instance, mp, near, number, rank

ZERO, STAR = (LogLinear(fmpq(0)),), (ref.log(2),)


def passive_problem(s: int) -> LinearProblem:
    """Two responses: *good* with base mass ``2^-s`` and reward ``log 2``, ``beta = 1/(2s)``."""
    q = fmpq(1, 2**s)
    x = ref.Prompt.of("x", [ref.Response.of("bad", 1 - q, [0]), ref.Response.of("good", q, [1])])
    return LinearProblem.of("passive", [x], theta=["log(2)"], beta=fmpq(1, 2 * s), B=1, R_max=1)


def staying(mine: Instance, kind: str, T: int) -> list[mpmath.mpf]:
    """The probability that ``theta_1..theta_{t+1}`` are all 0, for ``t = 0..T``, pair by pair from ``pi_ref``.

    Of preferences the log-likelihoods of 0 and ``log 2`` are compared; of equal ones the first is taken, which is 0.
    """
    q = mine.pi[0][1]
    differ, right = 2 * q * (1 - q), mp.exp(mine.reward[0][1]) / (mp.exp(mine.reward[0][1]) + 1)
    law = {(0, 0): mp.mpf(1)}
    found = [mp.mpf(1)]
    for _ in range(T):
        after: dict[tuple[int, int], mpmath.mpf] = {}
        for (wins, losses), mass in law.items():
            for step, chance in (
                ((wins, losses), 1 - differ),
                ((wins + 1, losses), differ * right),
                ((wins, losses + 1), differ * (1 - right)),
            ):
                if chooses_zero(kind, *step):
                    after[step] = after.get(step, mp.mpf(0)) + mass * chance
        law = after
        found.append(mp.fsum(law.values()))
    return found


@cache
def chooses_zero(kind: str, wins: int, losses: int) -> bool:
    """Whether 0 is fitted to so many pairs that told good from bad: with rewards one is enough for ``theta*``."""
    if kind == "rewards":
        return wins + losses == 0
    zero = (wins + losses) * mp.log(2)
    star = wins * mp.log(1 + mp.mpf(1) / 2) + losses * mp.log(1 + 2)
    return bool(star >= zero - mp.mpf(10) ** -40)


def stays(kind: str, s: int, T: int) -> fmpq:
    """The probability that OnlineDPO itself stays at 0, from its law."""
    problem = passive_problem(s)
    learner: ProperLearner
    if kind == "rewards":
        learner = OnlineDPO(T, Rewards(), LeastSquares(SpanCover.empty(1)))
    else:
        learner = OnlineDPO(T, Preferences(), Search(Preferences(), exhaustive((ZERO, STAR))))

    def note(stayed: bool, thetas: tuple[Theta, ...], _: Round) -> bool:  # noqa: FBT001 - the record
        return stayed and set(thetas) == {ZERO}

    def run(choice: Choice) -> bool:
        kept = [False]

        def noted(oracles: ProperOracles, /) -> Theta:
            theta, stayed = recorded(learner, True, note)(oracles)
            kept[0] = stayed and theta == ZERO
            return theta

        proper(noted, Public.of(problem, FiniteSet((ZERO, STAR))))(World(problem, choice).oracles)
        return kept[0]

    return ref.exp_ratio(law_of(run).mass(True)).as_rational()


@pytest.mark.claim("online-dpo-instance")
@pytest.mark.claim("online-dpo-rewards")
@pytest.mark.claim("online-dpo-preferences")
@pytest.mark.claim("online-dpo-threshold")
@settings(max_examples=16)
@given(st.sampled_from(("rewards", "preferences")), st.integers(2, 4), st.integers(1, 3))
def test_online_dpo_stays_where_its_own_policy_shows_it_nothing(kind: str, s: int, T: int) -> None:
    """Wins and losses are counted by hand; a fit that breaks ties for ``theta*``, or pairs not from pi_ref, leave."""
    mine, q = instance(passive_problem(s)), mp.mpf(2) ** -s
    for theta, bad in ((ZERO, True), (STAR, False)):
        lost = mine.gap(0, mine.tilt(0, [mp.mpf(0), number(theta[0])]))
        assert (lost >= mp.mpf(1) / 8) == bad
        assert near(ref.gap(passive_problem(s), ref.softmax(passive_problem(s), theta)), lost, scale=1)
    assert at_most(1 - q, mine.best(0)[1])
    law = staying(mine, kind, 2 * 2**s)
    assert near(stays(kind, s, T), law[T])
    if kind == "rewards":
        assert abs(law[T] - ((1 - q) ** 2 + q**2) ** T) < mp.mpf(10) ** -50
    least = next(t for t, mass in enumerate(law) if mass < mp.mpf(1) / 2)
    assert 1 / (4 * q) < least <= (1 if kind == "rewards" else 2) / q


@dataclass(frozen=True)
class Counting(Public):
    """What is public, which counts how often a law ``pi_theta(.|x)`` is asked for.  It equals no other: nothing that
    was remembered of another run is asked."""

    asked: list[int] = field(default_factory=lambda: [0], compare=False)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def tilt(self, theta: Theta, x: int) -> Tilt:
        self.asked[0] += 1
        return Public.tilt(self, theta, x)


@pytest.mark.claim("tradeoff-brute-force")
@settings(max_examples=15)
@given(dnf_instances(max_variables=3, max_terms=3), st.integers(1, 8), st.integers(0, 10**6))
def test_brute_force_looks_at_all_vertices_for_every_span(exact: DnfInstance, rounds: int, seed: int) -> None:
    """Spans of its data are counted by their rank, as they only grow: a search that skips a vertex asks less often."""
    plain = Public.of(exact.problem, exact.parameter_set)
    public = Counting(plain.rho, plain.base, plain.features, plain.beta, plain.parameter_set)
    seen: list[tuple[int, int]] = []

    def observe(event: Event) -> None:
        oracle, details = event
        if oracle in {"weak", "strong"}:
            x, y = details[0], details[-1]
            assert isinstance(x, int)
            assert isinstance(y, int)
            seen.append((x, y))

    world = World(exact.problem, Seeded(seed), observer=observe)
    proper(BruteForce(rounds, vertices(exact.parameter_set)), public)(world.oracles)
    features: list[list[mpmath.mpf]] = []
    spans = set()
    for (x, y), (_, z) in zip(seen[::2], seen[1::2], strict=True):
        spans.add(rank(features))
        if y != z:
            features.append([number(v) for v in exact.problem.phi(x, 1)])
    m = len(exact.formula.terms)
    assert public.asked[0] == (2**exact.formula.variables + 1) * m * len(spans)

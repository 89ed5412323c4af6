"""Section 5: the learners that are held against the lower bound, and their exact laws on the needle family.

A learner sees oracles only.  What counts is the response drawn from the policy that it returns, the sampling queries
made until then (``T_comp``: those of the run and the most that one draw makes) and the reward queries (``T_data``).
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from proofs_check.claims.spanner_sampling.end_to_end import first_policy
from proofs_check.claims.spanner_sampling.setting import spanners
from proofs_check.ledger import Case, Draws, frequency
from reference.algorithms.enumerating import Enumerating
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.passive import Passive
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.constructions.needles import NeedleFamily
from reference.exact import Real, log, real
from reference.exact.linalg import Vector
from reference.games.contest import Contestant, Run, simulate
from reference.interaction.runs import SoftmaxPolicy
from reference.interaction.world import Oracles
from reference.laws.returned import spanner_law


@dataclass(frozen=True)
class Named:
    """The policy that always answers ``y``; no queries."""

    y: int
    queries_per_draw: int = 0

    def sample(self, oracles: Oracles, x: int) -> int:  # noqa: ARG002 - the protocol's
        """Return ``y``."""
        return self.y


@dataclass(frozen=True)
class SearchWhenAsked:
    """A policy that looks for the needle only when a response is drawn from it: ``tries`` weak queries, else 0.

    Without the queries of this draw in ``T_comp`` it would refute the lower bound.
    """

    tries: int

    @property
    def queries_per_draw(self) -> int:
        """The number of tries."""
        return self.tries

    def sample(self, oracles: Oracles, x: int) -> int:
        """Draw until a response has features other than 0."""
        return sought(oracles, x, self.tries) or 0


def sought(oracles: Oracles, x: int, tries: int) -> int | None:
    """Return the first response drawn whose features are not 0, within ``tries`` weak queries."""

    def draw(_: int | None) -> int | None:
        y, phi = oracles.weak(x)
        return None if phi.is_zero else y

    return oracles.iterate(None, draw, tries, until=lambda y: y is not None)


def search_for_needle(oracles: Oracles, tries: int, rewards: int) -> Named:
    """Draw ``tries`` times; failing that, ask ``rewards`` names for their reward; failing that, name the next."""
    found = sought(oracles, 0, tries)
    if found is not None:
        return Named(found)
    for y in range(1, rewards + 1):
        if oracles.reward(0, y) == 1:
            return Named(y)
    return Named(rewards + 1)


def strong_search(oracles: Oracles, q: fmpq, tries: int) -> Named | SoftmaxPolicy:
    """Draw from ``pi_theta`` with ``theta = beta log(q)`` along an axis, then along the opposite one, in turns."""
    axes, length = range(oracles.dimension), log(q) * oracles.beta
    ways = [tuple(length * (sign * (i == axis)) for i in axes) for axis in axes for sign in (1, -1)]
    for t in range(tries):
        y, phi = oracles.strong(0, ways[t % len(ways)])
        if not phi.is_zero:
            return Named(y)
    return Named(1)


def list_then_enumerate(oracles: Oracles, tries: int) -> SoftmaxPolicy:
    """Fill the feature table with ``tries`` weak draws, then run the enumerating learner on it."""
    zero: Vector = Vector((0,) * oracles.dimension)

    def draw(seen: frozenset[tuple[int, Vector]]) -> frozenset[tuple[int, Vector]]:
        return seen | {oracles.weak(0)}

    none: frozenset[tuple[int, Vector]] = frozenset({(0, zero)})  # response 0: known to be there
    listed: frozenset[tuple[int, Vector]] = oracles.iterate(none, draw, tries)
    table = sorted(listed, key=lambda row: row[0])
    return Enumerating([table])(oracles)


def contestants(C: int = 256, k: int = 16) -> list[Contestant]:
    """Return the learners whose whole law is enumerated, with small budgets; see :func:`spanner_hits` for the rest."""
    family = NeedleFamily.of(k, C, 1, 4)
    span = SpanCover.empty(1)
    runs: list[tuple[str, Run]] = [
        ("a guess", lambda _: Named(1)),
        ("search(0, 3)", lambda oracles: search_for_needle(oracles, 0, 3)),
        ("search(40, 0)", lambda oracles: search_for_needle(oracles, 40, 0)),
        ("search(12, 2)", lambda oracles: search_for_needle(oracles, 12, 2)),
        ("SearchWhenAsked(40)", lambda _: SearchWhenAsked(40)),
        ("strong search(3)", lambda oracles: strong_search(oracles, fmpq(5, 4), 3)),
        ("passive(2)", Passive(2, span)),
        ("passive(4)", Passive(4, span)),
        ("list, then enumerate(20)", lambda oracles: list_then_enumerate(oracles, 20)),
    ]
    return [Contestant(name, run, family) for name, run in runs]


def longer_contestants() -> list[Contestant]:
    """Return learners with budgets beyond exact enumeration, to be simulated: ``C = 256``, 64 names, ``beta = 1``."""
    family = NeedleFamily.of(64, 256, 1, 1)
    span = SpanCover.empty(1)
    runs: list[tuple[str, Run]] = [
        ("search(75, 0)", lambda oracles: search_for_needle(oracles, 75, 0)),
        ("search(50, 6)", lambda oracles: search_for_needle(oracles, 50, 6)),
        ("SearchWhenAsked(75)", lambda _: SearchWhenAsked(75)),
        ("strong search(75)", lambda oracles: strong_search(oracles, fmpq(5, 4), 75)),
        ("passive(12)", Passive(12, span)),
        ("list, then enumerate(75)", lambda oracles: list_then_enumerate(oracles, 75)),
    ]
    return [Contestant(name, run, family) for name, run in runs]


def in_thousandths(bound: Real) -> fmpq:
    """Return the least positive multiple of 1/1000 that is at least ``bound``; 1 if there is none below."""
    return fmpq(1 + bisect_left(range(1, 1000), True, key=lambda n: bound <= fmpq(n, 1000)), 1000)


def simulated_learners(draws: Draws) -> Iterator[Case]:
    """Judge ``P(the drawn response is the needle) <= T_comp qbar + (T_data+1)/k`` from runs on random members.

    The bound is rounded up to a multiple of 1/1000, which can only make the statement easier to keep.
    """
    for contestant in longer_contestants():
        family = contestant.family
        runs = simulate(contestant, draws.n, draws.seed)
        t_comp, t_data = max(r.t_comp for r in runs), max(r.t_data for r in runs)
        above = in_thousandths(family.qbar() * t_comp + fmpq(t_data + 1, family.k))
        yield frequency(
            str(contestant), sum(r.hit for r in runs), draws.n, "<=", above, "P(needle) <= T_comp qbar + (T_data+1)/k"
        )


def spanner_hits(family: NeedleFamily, p: SpannerSampling) -> tuple[Real, int, int]:
    """Return SpannerSampling's probability of drawing the needle (enclosed), ``T_comp`` and ``T_data``.

    ``T_exp = 1``: what is returned follows from phase 1.  Responses of base mass 0 are never drawn, so one place for
    the needle stands for all; all of ``V`` is summed.
    """
    total = real(0)
    for signs in family.signs():
        member = family.member(1, signs)
        for spanner, mass in spanners(member, p).items():
            total += spanner_law(member, first_policy(spanner, p), 0)[1] * mass
    a_draw = 2 * p.draws + 2
    return total / 2**family.dimension, 2 * p.n_prompt * p.n_pair + (p.t_exp + 1) * a_draw, 2 * p.n_prompt + 2 * p.t_exp

"""The tables of ``proper-tradeoff`` beyond exact laws: runs on planted formulas, and small laws that take long.

``python -m proofs_check.claims.proper.tradeoff_rows FILE`` writes it as JSON, in some minutes; the page
``explanation/training-time-methods`` reads it, and a test recomputes some rows.  Everything is seeded, so it is the
same on every machine.

*Work* is counted, not estimated: how often an objective (the loss, with its bonus for XPO) was evaluated at a
parameter, by an optimiser that counts its calls; for brute force ``2^n`` for each span of its data at which it chose.
Least squares is no search and counts as none.  Passive exploration, OnlineDPO with least squares and brute force are
played as walks (:mod:`proofs_check.claims.proper.tradeoff_walks`), all others as they are.  Source: ours.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from flint import fmpq

from proofs_check.claims.proper.formulas import planted_instances
from proofs_check.claims.proper.tradeoff_walks import (
    TermWalk,
    accuracy,
    brute_force_walk,
    data_of,
    enough_prompts,
    last_star_instances,
    online_dpo_walk,
    passive_walk,
    policy_gap,
    public_part,
    rank_of_terms,
    spanner_inputs,
    succeeds,
    success_of,
)
from proofs_check.ledger import frequency
from proofs_check.ledger.executing import cores, processes, results_on
from reference.algorithms.brute_force import spanned
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.feedback import Rewards
from reference.algorithms.parts.fits import Search
from reference.algorithms.parts.optimisers import Objective, coordinate_descent
from reference.algorithms.xpo import XPO
from reference.constructions.dnf.families import PLANTED
from reference.constructions.dnf.formula import DnfInstance
from reference.exact import Real, Undecided, rational_text, to_decimal
from reference.interaction.proper_learners import ProperLearner, proper
from reference.interaction.seeded import Seeded
from reference.interaction.world import Event, World
from reference.model.parameter_set import Theta

SHOWN = (0, 1, 4, 10)
"""Which of the planted formulas are played: n = 6, 8 and 12 with k = 3, and n = 12 with k = 4, without passive."""

FEW = 10
"""Runs of each learner on formulas over more than 8 variables."""

_ERROR = fmpq(1, 1000)
"""Probability with which one end of an interval may be wrong."""

SEARCHES = "OnlineDPO, search", "XPO, search"
"""The learners that look for a minimiser over the vertices by two passes of coordinate descent."""

TINY_ROUNDS, _DIGITS = 3, 12


@dataclass
class Counted:
    """Coordinate descent that counts how often the objective is evaluated."""

    inner: coordinate_descent
    calls: int = field(default=0)

    @property
    def evaluations(self) -> int:
        """The most evaluations of one call."""
        return self.inner.evaluations

    def __call__(self, objective: Objective, /) -> Theta:
        """Minimise, and count."""

        def counted(theta: Theta) -> Real:
            self.calls += 1
            return objective(theta)

        return self.inner(counted)


@dataclass(frozen=True)
class TradeoffRow:
    """What one learner did on one formula: for each number of rounds how many of ``runs`` runs had succeeded.

    ``t_data``, ``t_comp``: queries after so many rounds, one draw from the returned policy included in ``t_comp``; for
    SpannerSampling, whose only entry is a whole run, the most in any run.  ``work``: evaluations, the most in any run.
    """

    formula: str
    n: int
    k: int
    m: int
    scale: str
    rank: int
    learner: str
    runs: int
    t_data: list[int]
    t_comp: list[int]
    successes: list[int]
    work: list[int]


def searching(instance: DnfInstance, name: str, T: int) -> tuple[ProperLearner, Counted]:
    """Return OnlineDPO or XPO (``alpha = 1``) on rewards, with coordinate descent, and its counter."""
    optimiser = Counted(coordinate_descent(instance.parameter_set))
    rewards = Rewards()
    if name == SEARCHES[0]:
        return (OnlineDPO(T, rewards, Search(rewards, optimiser))), optimiser
    return (XPO(T, 1, rewards, optimiser)), optimiser


def doubled(first: int, last: int) -> list[int]:
    """Return ``first, 2 first, 4 first, ..`` up to ``last``."""
    found = [first]
    while 2 * found[-1] <= last:
        found.append(2 * found[-1])
    return found


def walked(instance: DnfInstance, label: str, walk: TermWalk, runs: int, rounds: list[int]) -> TradeoffRow:
    """Play a walk with seeds ``1..runs``; once the span of its data is whole, no fit changes any more."""
    successes, work = [0] * len(rounds), [0] * len(rounds)
    public, whole = public_part(instance), rank_of_terms(instance)
    dimension = cache(lambda seen: spanned(public, data_of(instance, seen)).dimension)
    for seed in range(1, runs + 1):
        spans: set[int] = set()
        for t, seen in enumerate(islice(walk.played(Seeded(seed)), rounds[-1] + 1)):
            done = dimension(seen) == whole
            for i, budget in enumerate(rounds):
                if budget == t or (done and budget > t):
                    successes[i] += walk.good(seen)
                    work[i] = max(work[i], len(spans))
            if done:
                break
            spans.add(dimension(seen))
    each = 2**instance.formula.variables if walk.name == "brute force" else 0
    return row(instance, label, walk.name, runs, rounds, successes, [each * many for many in work])


def searched(instance: DnfInstance, label: str, name: str, runs: int, rounds: list[int]) -> TradeoffRow:
    """Run a searching learner: what it commits to in round ``t+1`` is what it would return after ``t``."""
    successes, work = [0] * len(rounds), [0] * len(rounds)
    for seed in range(1, runs + 1):
        learner, optimiser = searching(instance, name, rounds[-1] + 1)
        committed: list[tuple[Theta, int]] = []

        def observe(event: Event, optimiser: Counted = optimiser, kept: list[tuple[Theta, int]] = committed) -> None:
            theta = event[1][0]
            assert isinstance(theta, tuple)  # noqa: S101 - narrows the type of a transcript's entry
            kept.append((theta, optimiser.calls))

        proper(learner, public_part(instance), observer=observe)(World(instance.problem, Seeded(seed)).oracles)
        for i, t in enumerate(rounds):
            successes[i] += succeeds(instance, committed[t][0])
            work[i] = max(work[i], committed[t][1])
    return row(instance, label, name, runs, rounds, successes, work)


def row(
    instance: DnfInstance, label: str, name: str, runs: int, rounds: list[int], successes: list[int], work: list[int]
) -> TradeoffRow:
    """Return the row of a proper learner: two answers and two rewards a round, one strong query for a draw."""
    formula, scale = instance.formula, rational_text(1 / instance.p)
    shape = (formula.variables, formula.k, len(formula.terms), scale, rank_of_terms(instance))
    return TradeoffRow(label, *shape, name, runs, [2 * t for t in rounds], [2 * t + 1 for t in rounds], successes, work)


def spanner_row(instance: DnfInstance, label: str, runs: int) -> TradeoffRow:
    """Run SpannerSampling with the inputs of the claim; success is decided for the policy that it returns."""
    inputs = spanner_inputs(instance, enough_prompts(instance))
    t_data, t_comp, successes = 0, 0, 0
    for seed in range(1, runs + 1):
        world = World(instance.problem, Seeded(seed))
        policy = inputs(world.oracles)
        successes += policy_gap(instance, policy) <= accuracy(instance)
        t_data = max(t_data, world.meter.reading.t_data)
        t_comp = max(t_comp, world.meter.reading.t_comp + policy.queries_per_draw)
    formula, scale = instance.formula, rational_text(1 / instance.p)
    shape = (formula.variables, formula.k, len(formula.terms), scale, rank_of_terms(instance))
    return TradeoffRow(label, *shape, "SpannerSampling", runs, [t_data], [t_comp], [successes], [0])


def planted_rows(instance: DnfInstance, label: str) -> Iterator[TradeoffRow]:
    """Yield all learners' rows on one planted formula."""
    few = rank_of_terms(instance) + 1
    many = int(2 * len(instance.formula.terms) / instance.p)
    small = instance.formula.variables <= 8  # noqa: PLR2004 - what runs in seconds
    runs, slow_runs = (40, 20) if small else (FEW, FEW)
    least_squares = [online_dpo_walk(instance)]
    if small or instance.formula.k <= 3:  # noqa: PLR2004 - beyond, deciding what partial fits are worth takes too long
        least_squares.insert(0, passive_walk(instance))
    for walk in least_squares:
        yield walked(instance, label, walk, runs, doubled(few, many))
    for name in SEARCHES:
        yield searched(instance, label, name, slow_runs, doubled(few, 4 * few))
    yield walked(instance, label, brute_force_walk(instance), runs, doubled(few, 8 * few))
    yield spanner_row(instance, label, slow_runs)


def tiny_laws(instance: DnfInstance) -> dict[str, list[str]]:
    """Return the searching learners' exact success after 1, 2, 3 rounds, to 12 digits."""
    return {
        name: [
            to_decimal(success_of(instance, searching(instance, name, T)[0]), _DIGITS).text
            for T in range(1, TINY_ROUNDS + 1)
        ]
        for name in SEARCHES
    }


def all_rows() -> dict[str, object]:
    """Return everything that the file holds."""
    small = {str(instance.formula): instance for instance in last_star_instances()}
    tasks: dict[str | int, Callable[[], Any]] = {text: partial(tiny_laws, each) for text, each in small.items()}
    tasks |= {place: partial(rows_of, place) for place in SHOWN}
    found: dict[str | int, Any] = {}
    with processes(cores()) as pool:
        for task, result in results_on(pool, tasks, lambda: None):
            if result is None:
                raise SystemExit(f"{task}: its process died")
            found[task] = result
    return {
        "planted": [row for place in SHOWN for row in found[place]],
        "tiny": {text: found[text] for text in small},
    }


def rows_of(place: int) -> list[dict[str, object]]:
    """Return all learners' rows on a planted formula by its place."""
    return [asdict(row) for row in planted_rows(planted_instances()[place], str(PLANTED[place]))]


def interval(successes: int, runs: int) -> tuple[fmpq, fmpq]:
    """Return a Clopper-Pearson interval in hundredths, each end wrong with probability at most ``_ERROR``."""
    low = max((q for q in range(101) if _judged(successes, runs, ">=", q)), default=0)
    high = min((q for q in range(101) if _judged(successes, runs, "<=", q)), default=100)
    return fmpq(low, 100), fmpq(high, 100)


def _judged(successes: int, runs: int, relation: str, hundredths: int) -> bool:
    try:
        return frequency("", successes, runs, relation, fmpq(hundredths, 100), error=_ERROR).holds
    except Undecided:
        return False


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(all_rows(), indent=1) + "\n", encoding="utf-8")

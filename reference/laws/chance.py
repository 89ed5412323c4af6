"""How often the gap is at most ``eps`` after one round of SpannerSampling: exactly if that is small, else an interval.

What is returned follows from what phase 1 covers, as in :mod:`reference.laws.first_round`.  Its law is enumerated, or,
if that is too large, phase 1 is run from seeds and the interval is that of Clopper and Pearson.  Source: ours.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from itertools import combinations

from flint import fmpq

from reference.algorithms.parts.cover import Cover
from reference.algorithms.parts.spanner_policy import SpannerPolicy
from reference.algorithms.spanner_sampling import Spanner, SpannerSampling, phase_1, phase_1_round
from reference.exact.binomial import least_probability
from reference.exact.law import Mass
from reference.exact.number import Undecided
from reference.interaction.choice import Choice
from reference.interaction.every_run import TooLarge
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.laws.first_round import policy_after
from reference.laws.returned import largest_gap, sampled_gap
from reference.laws.softmax_sampling import TooManyCounts
from reference.model.linear_problem import LinearProblem
from reference.model.problem import NO_NOISE

INTERVAL_ERROR = fmpq(1, 10**6)
"""Probability with which one end of an interval from runs may be wrong."""

MAX_STEPS = 200_000
"""Steps up to which the law of phase 1 is enumerated: a few seconds."""

MAX_ROUNDS = 500_000
"""Rounds of phase 1 that all runs together make, about: some seconds."""

MAX_PAIRS = 100_000
"""Pairs of responses up to which it is looked whether all is covered."""


@dataclass(frozen=True, slots=True)
class Chance:
    """``least <= P(gap <= eps) <= most`` over runs; the gap is that of the policy as SoftmaxSampler samples it.

    ``runs``: 0 if both are certain; they are equal if the gap of every policy is decided.  Otherwise they come from so
    many seeded runs of phase 1, each wrong with probability at most :data:`INTERVAL_ERROR`.
    """

    least: Mass
    most: Mass
    runs: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether the probability is known, and certain."""
        return not self.runs and self.least == self.most


def chance_within(
    problem: LinearProblem, p: SpannerSampling, eps: fmpq, *, runs: int = 100, seed: int = 1, max_steps: int = MAX_STEPS
) -> Chance:
    """Return how often SpannerSampling with ``T_exp = 1`` has a gap of at most ``eps``, for noiseless rewards.

    ``runs``: the most that are made, from ``seed`` on, if the law of phase 1 takes more than ``max_steps`` steps.

    >>> import reference as ref
    >>> learner = ref.SpannerSampling(2, 1, 1, M="16/3", delta="1/32", mode="span")
    >>> chance_within(ref.load("two-arms"), learner, ref.rational("1/100"))
    Chance(least=3/4, most=3/4, runs=0)

    Raises:
        ValueError: for another ``T_exp``; unless ``runs >= 1``.
        TypeError: unless the problem is linear.
    """
    _check(problem, runs)
    verdicts = _Verdicts(problem, p, eps)
    if p.n_prompt * _pairs(problem) > max_steps:  # each round has a state, and each state meets every pair
        return _from_runs(problem, verdicts, runs, seed)
    try:
        law = law_of(lambda choice: _phase_1(problem, choice, p), max_leaves=max_steps)
    except TooLarge:
        return _from_runs(problem, verdicts, runs, seed)
    good = law.probability(lambda spanner: verdicts.of(spanner) is True)
    return Chance(good, good + law.probability(lambda spanner: verdicts.of(spanner) is None))


def _check(problem: object, runs: int) -> None:
    if not isinstance(problem, LinearProblem):
        what = "a linear problem (horizon 1, with theta) is needed"
        msg = f"chance_within: {problem!s:.60}: {what}; see Problem.sequences"
        raise TypeError(msg)
    if runs < 1:
        msg = f"runs = {runs}: needs runs >= 1"
        raise ValueError(msg)


class _Verdicts:
    """Whether the gap is at most ``eps``; what covers the same returns the same, as rewards are noiseless."""

    def __init__(self, problem: LinearProblem, p: SpannerSampling, eps: fmpq) -> None:
        self.problem, self.p, self.eps = problem, p, eps
        self._known: dict[Cover, bool | None] = {}

    def of(self, spanner: Spanner) -> bool | None:
        """Return it; ``None`` if SoftmaxSampler's law is too large and the bound without it does not tell."""
        if spanner.cover not in self._known:
            self._known[spanner.cover] = self._decided(policy_after(spanner, self.p))
        return self._known[spanner.cover]

    def _decided(self, policy: SpannerPolicy) -> bool | None:
        try:
            if largest_gap(self.problem, policy, self.p.delta) <= self.eps:
                return True
        except Undecided:
            pass
        try:
            return sampled_gap(self.problem, policy) <= self.eps
        except (TooManyCounts, Undecided):
            return None


def _phase_1(
    problem: LinearProblem, choice: Choice, p: SpannerSampling, until: Callable[[Spanner], bool] | None = None
) -> Spanner:
    """Phase 1, where runs that cover the same are one."""
    oracles = World(problem, choice, noise=NO_NOISE, metered=False).oracles
    nothing = phase_1(oracles, replace(p, n_prompt=0))
    return oracles.iterate(
        nothing, lambda s: phase_1_round(oracles, s, p.n_pair), p.n_prompt, key=_covered, until=until
    )


def _covered(spanner: Spanner) -> Hashable:
    return spanner.cover


def _from_runs(problem: LinearProblem, verdicts: _Verdicts, runs: int, seed: int) -> Chance:
    complete = _Complete(problem)
    _phase_1(problem, Seeded(seed), verdicts.p, complete)
    # Fixed before the runs that count, of which this is none.
    count = max(1, min(runs, MAX_ROUNDS // max(1, complete.asked)))
    found = [verdicts.of(_phase_1(problem, Seeded(seed + i), verdicts.p, complete)) for i in range(1, count + 1)]
    least, failing = (least_probability(found.count(verdict), count, INTERVAL_ERROR) for verdict in (True, False))
    return Chance(least, 1 - failing, count)


def _pairs(problem: LinearProblem) -> int:
    return sum(len(problem.support(x)) ** 2 for x in range(len(problem.prompts)))


class _Complete:
    """Whether all differences are covered: then no more are accepted, and the run may end."""

    def __init__(self, problem: LinearProblem) -> None:
        self.asked = 0
        self._known: dict[Cover, bool] = {}
        self._differences = (
            None
            if _pairs(problem) > MAX_PAIRS
            else {
                problem.phi(x, y) - problem.phi(x, z)
                for x in range(len(problem.prompts))
                for y, z in combinations(problem.support(x), 2)
            }
        )

    def __call__(self, spanner: Spanner) -> bool:
        self.asked += 1
        if self._differences is None:
            return False
        if spanner.cover not in self._known:
            self._known[spanner.cover] = all(map(spanner.cover.covers, self._differences))
        return self._known[spanner.cover]

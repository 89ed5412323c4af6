"""How long the exact law of SpannerSampling takes to read, told before it is read.  Source: ours.

What can be reached is followed without weights: the spanners of phase 1, then round by round the states of phase 2 and
the samplers that these ask for.  That is quick where the law itself would take hours.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from itertools import islice
from math import comb

from flint import fmpq

from reference.algorithms.parts.cover import Cover, truncated
from reference.algorithms.spanner_sampling import Exploration, Spanner, SpannerSampling, phase_1
from reference.exact.expsum import ExpSum, exp
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.interaction.every_run import TooLarge
from reference.interaction.replay import IRRATIONAL
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.laws.fast.sums import number_of_sums
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import Theta

MOST_LAW_STEPS = 8_000_000
"""Steps of an exact law that are taken in a minute, about."""

_STATE = 3_000
"""Steps that a state of phase 2 takes as long as: its estimate, and what is kept of it."""

_RUN = 60
"""Steps that a run of a round takes as long as: its estimate is made again, and its score."""

_COIN = 100
"""Steps that the law of a coin with an irrational probability takes as long as."""

_TRIED = 20
"""Smaller inputs that are looked at."""


def law_steps(
    problem: LinearProblem, p: SpannerSampling, most: int = MOST_LAW_STEPS, *, noise: Law[fmpq] | None = None
) -> int | None:
    """Return about how many steps the exact law of what ``p`` returns takes, its meter unread; ``None`` above ``most``.

    A step is a run, or that of a merged state; one with an irrational weight counts as many as it has terms, and more.
    ``noise``: of a reward; that of the problem unless given.

    >>> import reference as ref
    >>> rounds = [ref.SpannerSampling(1, 1, t, M=3, delta=1, nu="1/2", mode="ridge") for t in (2, 3)]
    >>> [law_steps(ref.load("rank-deficient"), p) is None for p in rounds]
    [False, True]
    """
    counted = _Counted(problem, p, most, problem.noise if noise is None else noise)
    try:
        for spanner in counted.spanners():
            counted.explore(spanner)
    except _BeyondError:
        return None
    return counted.steps


def check_law_steps(problem: LinearProblem, p: SpannerSampling) -> None:
    """Refuse an exact law that takes longer than a minute, about, and name an input with which it does not.

    Raises:
        TooLarge: in one line.
    """
    if law_steps(problem, p) is not None:
        return
    smaller = (replace(p, **{name: n}) for name in ("t_exp", "n_prompt") for n in range(getattr(p, name) - 1, 0, -1))  # type: ignore[arg-type]  # both are whole numbers
    fits = next((each for each in islice(smaller, _TRIED) if law_steps(problem, each) is not None), None)
    works = "none of a smaller t_exp or n_prompt is short enough"
    if fits is not None:
        works = f"t_exp = {fits.t_exp}, n_prompt = {fits.n_prompt} works"
    raise TooLarge(
        f"t_exp = {p.t_exp}, n_prompt = {p.n_prompt}, N = {p.draws}: the exact law takes more than {MOST_LAW_STEPS:,} "
        f"steps, a minute; {works}, and reference.interaction.law_of reads it however long it takes"
    )


class _BeyondError(Exception):
    """There are more steps than were asked about."""


class _Counted:
    """The steps so far; what was followed once is not counted again where the reading remembers it, too."""

    def __init__(self, problem: LinearProblem, p: SpannerSampling, most: int, noise: Law[fmpq]) -> None:
        self.steps = 0
        self._problem, self._p, self._most = problem, p, most
        self._data = _data(problem, {a - b for a in noise.outcomes for b in noise.outcomes})
        self._pairs = sum(len(problem.support(x)) ** 2 for x in range(len(problem.prompts))) * len(noise.outcomes) ** 2
        self._samplers = set[Hashable]()

    def spanners(self) -> set[Spanner]:
        """Return all that phase 1 may end with."""
        oracles = World(self._problem, Seeded(0), metered=False).oracles
        found = new = {phase_1(oracles, replace(self._p, n_prompt=0))}
        for _ in range(self._p.n_prompt):
            self._spend(len(found) * self._pairs * self._p.n_pair)
            new = {after for spanner in new for after in self._accepting(spanner)} - found
            found = found | new
        return found

    def _accepting(self, spanner: Spanner) -> Iterator[Spanner]:
        for phi, r in self._data:
            if not spanner.cover.covers(phi):
                yield Spanner(spanner.cover.with_vector(phi), (*spanner.psi, (phi, r)))

    def explore(self, spanner: Spanner) -> None:
        """Count phase 2 after a spanner."""
        states = {Exploration(spanner.psi, ())}
        for t in range(1, self._p.t_exp + 1):
            self._spend(len(states) * (_RUN * self._pairs + _STATE))
            after: dict[Hashable, Exploration] = {}
            for state in states:
                theta = spanner.cover.least_squares(state.data)
                self._sample(spanner.cover, theta, weighs=t < self._p.t_exp)  # what comes last changes nothing
                for datum in self._data if t < self._p.t_exp else ():
                    found = Exploration((*state.data, datum), (*state.thetas, theta))
                    after.setdefault((frozenset(Counter(found.data).items()), found.thetas), found)
            states = set(after.values())

    def _sample(self, cover: Cover, theta: Theta, *, weighs: bool) -> None:
        """Count the samplers of one estimate; unless it ``weighs``, irrational ones are asked what they may say."""
        for x in range(len(self._problem.prompts)):
            base = self._problem.pi_ref(x)
            for y in base.outcomes:
                f = truncated(cover, theta, self._problem.phi(x, y))
                if (x, f, weighs) not in self._samplers:
                    self._samplers.add((x, f, weighs))
                    values = {y: f(self._problem.phi(x, y)) for y in base.outcomes}
                    self._spend(self._trials(base, values.__getitem__, weighs=weighs))

    def _trials(self, base: Law[int], f: Callable[[int], LogLinear], *, weighs: bool) -> int:
        """Return the steps of one SoftmaxSampler: for each value of ``Zhat`` the trials, and the draws before."""
        N, size = self._p.draws, len(base.outcomes)
        first, *others = {f(y): None for y in base.outcomes}
        w: list[ExpSum] = [exp((value - first) / self._problem.beta) for value in (first, *others)]
        sums = number_of_sums(w, N)
        rejected = comb(N + len(w) - 1, len(w))  # terms of the chance that all of 0, 1, .., N - 1 trials are rejected
        irrational = not (base.is_rational and all(value.is_rational for value in w))
        if not irrational:
            return size * (min(rejected, N * sums) + 3 * N * sums)
        before = IRRATIONAL * min(rejected, N * sums) + _COIN * sums
        return size * (before + (sums * (N + 2 * (IRRATIONAL * N + rejected)) if weighs else 0))

    def _spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > self._most:
            raise _BeyondError


def _data(problem: LinearProblem, noise: set[fmpq]) -> set[tuple[Vector, LogLinear]]:
    """Return every difference of features with every difference of rewards that may be seen for it."""
    return {
        (problem.phi(x, y) - problem.phi(x, z), problem.reward(x, y) - problem.reward(x, z) + e)
        for x in range(len(problem.prompts))
        for y in problem.support(x)
        for z in problem.support(x)
        for e in noise
    }

"""How long the exact law of MTSS takes to read, told before it is read.  Source: ours.

The pairs that may be accepted are followed without weights, from state to state.  In each state the runs of line 3 are
counted, which multiply from one roll-out to the next, and for each of them the contexts of line 4.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from math import comb
from typing import NamedTuple

from flint import fmpq

from reference.algorithms.mtss import MTSS
from reference.algorithms.parts.mtss_state import AcceptedPair, Layer
from reference.exact.expsum import exp
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.number import Undecided
from reference.interaction.every_run import TooLarge
from reference.interaction.replay import IRRATIONAL
from reference.interaction.world import At
from reference.laws.fast.sums import number_of_sums
from reference.model.parts import Edge
from reference.model.problem import Problem
from reference.model.realizability import Realizable, decide_realizability

MOST_TOKEN_STEPS = 4_000_000
"""Steps of an exact law of MTSS that are taken in a minute, about."""

_LINE_8 = 5
"""Steps that lines 7 and 8 at a prefix take as long as, in one run; a draw of SoftmaxSampler is one step."""

_State = tuple[Layer, ...]


def token_law_steps(
    problem: Problem, p: MTSS, most: int = MOST_TOKEN_STEPS, *, noise: Law[fmpq] | None = None
) -> int | None:
    """Return about how many steps the exact law of what MTSS returns takes; ``None`` above ``most``.

    A target's runs multiply from one roll-out to the next, and a target that varies multiplies all that comes after.
    ``noise``: of a reward; that of the problem unless given.

    >>> import reference as ref
    >>> names = ("needle-path-4", "needle-path-16")
    >>> [token_law_steps(ref.load(name), ref.MTSS(n_roll=4)) is None for name in names]
    [False, True]
    """
    counted = _Counted(problem, p, most, len((problem.noise if noise is None else noise).outcomes))
    states = {tuple(Layer.empty(d, p) for d in problem.dimensions)}
    if counted.last_sweep() > most:
        return None
    try:
        while states:
            states = {after for state in states for after in counted.one_pass(state)}
    except _BeyondError:
        return None
    return counted.steps


def check_token_law_steps(problem: Problem, p: MTSS) -> None:
    """Refuse an exact law that takes longer than a minute, about.

    Raises:
        TooLarge: in one line.
    """
    if token_law_steps(problem, p) is None:
        raise TooLarge(
            f"MTSS on {problem.name!r}, n_roll = {p.n_roll}, n_out = {p.n_out}: the exact law takes more than "
            f"{MOST_TOKEN_STEPS:,} steps, a minute; take a shorter horizon or smaller inputs; "
            "reference.interaction.law_of reads it however long it takes"
        )


class _BeyondError(Exception):
    """There are more steps than were asked about."""


class _Walks(NamedTuple):
    """Ways through lines 7 and 8: outcomes drawn on them, ways that meet no pair, and the pairs that may be met."""

    drawn: int
    through: int
    met: tuple[AcceptedPair, ...]


@dataclass
class _Counted:
    """The steps so far."""

    problem: Problem
    p: MTSS
    most: int
    errors: int
    """That a reward may have."""
    steps: int = 0
    samplers: set[tuple[Layer, At]] = field(default_factory=set)

    def last_sweep(self) -> int:
        """Return the steps of the sweep that ends a run that has covered all: it reads every supported prefix."""
        drawn, prefixes = 0, Counter(start.root for start in self.problem.prompts)
        for h in range(self.problem.horizon):
            below = Counter[int]()
            for i, times in prefixes.items():
                edges = self.problem.supported(h, i)
                drawn += times * len(edges) ** 2
                for edge in edges:
                    below[edge.child] += times
            prefixes = below
        return _LINE_8 * self.p.n_roll * drawn

    def one_pass(self, state: _State) -> Iterator[_State]:
        """Count a pass (lines 3-8), and yield the states that it may lead to."""
        met: list[AcceptedPair] = []
        fits, passes = 1, True
        for pair in (pair for layer in reversed(state) for pair in layer.psi):
            walks = self._target(state, pair, fits)
            met += walks.met
            if not walks.through:
                passes = False
                break
            is_exact = self._is_exact and not (walks.met and self.p.look == "draws")
            fits *= 1 if is_exact else walks.through  # so many values at most
        if passes:
            sweep = [self._walks(state, At(x, ()), merged=True) for x in range(len(self.problem.prompts))]
            again = self.p.n_roll if any(walks.through for walks in sweep) else 1
            self._spend(_LINE_8 * fits * again * sum(walks.drawn for walks in sweep))
            met += [pair for walks in sweep for pair in walks.met]
        for pair in dict.fromkeys(met):
            h = len(pair.at.prefix)
            yield (*state[:h], state[h].with_pair(pair), *state[h + 1 :])

    def _target(self, state: _State, pair: AcceptedPair, fits: int) -> _Walks:
        """Count the runs of one target for each fit of the later layers: they multiply from roll-out to roll-out."""
        later = self.problem.horizon - 1 - len(pair.at.prefix)
        both = [self._walks(state, pair.at.then(token), merged=False) for token in (pair.first, pair.second)]
        through = 1
        for k, walks in enumerate(both * self.p.n_out, 1):
            self._spend(_LINE_8 * fits * through * walks.drawn * later * k)
            through *= walks.through * self.errors
            if not through:
                break
        return _Walks(0, through, tuple(pair for walks in both for pair in walks.met))

    @cached_property
    def _is_exact(self) -> bool:
        """Whether a target has one value where all that its roll-outs visit is covered."""
        if self.p.mode == "ridge" or self.p.n_tok is not None or self.errors > 1:
            return False
        try:
            found = decide_realizability(self.problem)
        except Undecided:
            return False
        return isinstance(found, Realizable) and found.log_linear() is not None

    def _walks(self, state: _State, at: At, *, merged: bool) -> _Walks:
        """Follow lines 7 and 8 down from a prefix; ``merged``: each prefix is read once, however it is reached."""
        h = len(at.prefix)
        if h == self.problem.horizon:
            return _Walks(0, 1, ())
        i = self.problem.node(at.x, at.prefix)
        base = self.problem.base(h, i)
        seen = list(zip(base.outcomes, self.problem.supported(h, i), strict=True))
        met = tuple(self._uncovered(state[h], at, [(token, edge.phi) for token, edge in seen]))
        if met and self.p.look == "listed":
            return _Walks(1, 0, met[:1])
        edges = [edge for _, edge in seen]
        self._spend(_LINE_8 * len(edges) ** 2)  # at least once
        if self.p.sampler == "rejection" and (state[h], at) not in self.samplers:
            self.samplers.add((state[h], at))
            self._spend(len(edges) * self._sampler(base, edges))
        n, n_tok = len(edges), self.p.n_tok or 0
        ways, drawn = n ** (1 + n_tok), n + n**2 + n_tok * n ** (2 + n_tok)
        drawn, through = drawn + len(met) + (len(seen) ** 2 * self.p.n_pair if self.p.look == "draws" else 0), 0
        for token in base.outcomes:
            below = self._walks(state, at.then(token), merged=merged)
            drawn += (1 if merged else ways) * below.drawn
            through += ways * below.through
            met += below.met
        return _Walks(drawn, through, met)

    def _uncovered(self, layer: Layer, at: At, seen: list[tuple[int, Vector]]) -> Iterator[AcceptedPair]:
        pairs = combinations(seen, 2) if self.p.look == "listed" else product(seen, repeat=2)
        for (a, phi), (b, other) in pairs:
            if not layer.cover.covers(phi - other):
                yield AcceptedPair(at, a, b, phi - other)

    def _sampler(self, base: Law[int], edges: list[Edge]) -> int:
        """Return the steps of a SoftmaxSampler for scores like the rewards: draws for ``Zhat``, trials for each."""
        w = list(dict.fromkeys(exp(edge.reward / self.problem.beta) for edge in edges))
        N, sums = self.p.draws, number_of_sums(w, self.p.draws)
        steps = len(edges) * (min(comb(N + len(w) - 1, len(w)), N * sums) + 3 * N * sums)
        return (
            steps if base.is_rational and all(value.is_rational for value in w) else 4 * IRRATIONAL * steps
        )  # exp-sums grow long

    def _spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > self.most:
            raise _BeyondError

"""The exact law of what MTSS ends with, pass by pass: from the laws of its roll-outs and of its roll-ins.

Line 3 is a chain: a target is drawn given the layers after its own, roll-out after roll-out.  A sweep is ``N_roll``
roll-ins with the same parameters, so the first pair that is met has the law of that of one roll-in that meets a pair.
Between passes only the accepted pairs are remembered, as the targets are drawn anew.  Enumerating whole runs gives the
same law (:func:`by_whole_runs`), for instances that are very small.
"""

from collections.abc import Callable, Hashable
from functools import cache
from typing import TypeVar

from flint import fmpq

from reference.algorithms.mtss import MTSS, roll_in, roll_out
from reference.algorithms.parts.mtss_inputs import MTSSInputs
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import AcceptedPair, Layer
from reference.algorithms.parts.mtss_step import in_tower
from reference.exact.law import Law, Mass
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import At, TokenOracles, World
from reference.model.problem import Problem

Layers = tuple[Layer, ...]
_Walk = Callable[[TokenOracles, Layers, At, MTSSInputs], Real | AcceptedPair]
"""Completes a prefix: ``G_h``, or the pair that it meets."""

K = TypeVar("K", bound=Hashable)


class Passes:
    """MTSS on an instance, ``walk`` for its roll-outs.

    Raises:
        Undecided: where what a roll-out returns is no log-linear number; a mean of those that are always is one.
    """

    def __init__(self, problem: Problem, p: MTSS, walk: _Walk = roll_out) -> None:
        self.problem, self.p, self.walk = problem, p, walk
        self.roll_in_law = _by_cover(cache(self._roll_in_law))
        self._walked = cache(self._walked_law)

    def final_law(self) -> Law[Layers]:
        """Return the law of the layers that a run ends with."""
        going: dict[Layers, Mass] = {MTSSPolicy.start(self.problem.dimensions, self.p).layers: fmpq(1)}
        ended = dict[Layers, Mass]()
        while going:
            after = dict[Layers, Mass]()
            for layers, mass in going.items():
                for found, share in self.one(layers).items():
                    if isinstance(found, AcceptedPair):
                        _add(after, with_pair(layers, found), mass * share)
                    else:
                        _add(ended, found, mass * share)
            going = after
        return Law.of(ended)

    def one(self, layers: Layers) -> dict[Layers | AcceptedPair, Mass]:
        """Return what one pass ends with: the pair that it meets, or its fitted layers, with probabilities."""
        ends = dict[Layers | AcceptedPair, Mass]()
        for fitted, mass in self.fitted(layers).items():
            if isinstance(fitted, AcceptedPair):
                _add(ends, fitted, mass)
                continue
            law = self.roll_in_law(fitted)
            clean = law.mass(None) ** self.p.n_roll
            _add(ends, fitted, mass * clean)
            for pair, chance in law.items():
                if pair is not None:
                    _add(ends, pair, mass * chance * (1 - clean) / (1 - law.mass(None)))
        return {end: mass for end, mass in ends.items() if mass != 0}

    def fitted(self, layers: Layers) -> dict[Layers | AcceptedPair, Mass]:
        """Return what line 3 ends with: the pair that it meets, or the layers with their parameters."""
        ends = dict[Layers | AcceptedPair, Mass]()
        going: dict[Layers, Mass] = {(): fmpq(1)}
        for layer in reversed(layers):
            after = dict[Layers, Mass]()
            for later, mass in going.items():
                drawn: dict[tuple[LogLinear, ...], Mass] = {(): mass}
                for pair in layer.psi:
                    more = dict[tuple[LogLinear, ...], Mass]()
                    for found, share in self.target(later, pair).items():
                        for targets, m in drawn.items():
                            if isinstance(found, AcceptedPair):
                                _add(ends, found, m * share)
                            else:
                                _add(more, (*targets, found), m * share)
                    drawn = more
                for targets, m in drawn.items():
                    data = [(pair.phi, value) for pair, value in zip(layer.psi, targets, strict=True)]
                    _add(after, (layer._replace(theta=layer.cover.least_squares(data)), *later), m)
            going = after
        for fitted, mass in going.items():
            _add(ends, fitted, mass)
        return ends

    def target(self, later: Layers, pair: AcceptedPair) -> dict[LogLinear | AcceptedPair, Mass]:
        """Return the law of one target, or of the pair that it meets."""
        ends = dict[LogLinear | AcceptedPair, Mass]()
        sums: dict[LogLinear, Mass] = {LogLinear(fmpq(0)): fmpq(1)}
        bare = _without_pairs(later)
        for token, sign in ((pair.first, 1), (pair.second, -1)) * self.p.n_out:
            more = dict[LogLinear, Mass]()
            for found, share in self._walked(bare, pair.at.then(token)).items():
                for total, m in sums.items():
                    if isinstance(found, AcceptedPair):
                        _add(ends, found, m * share)
                    else:
                        _add(more, total + found * sign, m * share)
            sums = more
        for total, m in sums.items():
            _add(ends, total / self.p.n_out, m)
        return ends

    def hazard(self, fitted: Layers) -> Mass:
        """Return ``u``: the probability that one roll-in meets a pair."""
        return 1 - self.roll_in_law(fitted).mass(None)

    def _roll_in_law(self, fitted: Layers) -> Law[AcceptedPair | None]:
        return law_of(lambda choice: roll_in(self._oracles(choice), fitted, self.p))

    def _walked_law(self, later: Layers, at: At) -> Law[LogLinear | AcceptedPair]:
        def program(choice: Choice) -> LogLinear | AcceptedPair:
            found = self.walk(self._oracles(choice), later, at, self.p)
            return found if isinstance(found, AcceptedPair) else in_tower(found, None)

        return law_of(program)

    def _oracles(self, choice: Choice) -> TokenOracles:
        return World(self.problem, choice, metered=False).tokens


def by_whole_runs(problem: Problem, p: MTSS) -> Law[Layers]:
    """Return the law of the layers that a run ends with, from all runs."""
    return law_of(lambda choice: p(World(problem, choice, metered=False).tokens).layers)


def with_pair(layers: Layers, pair: AcceptedPair) -> Layers:
    """Return the layers with one more accepted pair."""
    h = len(pair.at.prefix)
    return (*layers[:h], layers[h].with_pair(pair), *layers[h + 1 :])


def _by_cover(law: Callable[[Layers], Law[K]]) -> Callable[[Layers], Law[K]]:
    """A walk sees spans and parameters, not the pairs that they come from."""
    return lambda layers: law(_without_pairs(layers))


def _without_pairs(layers: Layers) -> Layers:
    return tuple(layer._replace(psi=()) for layer in layers)


def _add(table: dict[K, Mass], key: K, mass: Mass) -> None:
    table[key] = table[key] + mass if key in table else mass

"""A loop of a program as a dynamic program: round by round a table of its states and their weights.

A round from a state has one law, whatever round it is: :meth:`~reference.interaction.choice.Choice.iterate` asks it of
a program.  So where a round leads to is remembered by state, once states come again.  A loop that counts its rounds in
its state comes to no state twice, and nothing is kept of it but that.
"""

from collections.abc import Callable, Hashable, Iterator
from itertools import chain
from typing import Any, Final, Generic, TypeVar

from reference.exact.weights import Weight
from reference.interaction.choice import Loop
from reference.interaction.depths import Depth
from reference.interaction.every_run import Raised
from reference.interaction.leaves import Denominator, Leaves, ResultWeights, denominator_times, together
from reference.interaction.remembered import DrawOptions
from reference.interaction.replay import Replay

S = TypeVar("S")

_Step = list[tuple[Denominator, list[tuple[Any, Weight]]]]
"""The results of one round with their weights, by the denominator of these."""

_ROOM: Final = 100_000
"""Of a loop so many states that were met are remembered, and so many results of their steps, about."""

_TABLES: Final = 64
"""So many denominators the record of a step may have to be used again."""


class LoopRounds(Generic[S]):
    """The rounds of one loop, whose steps are enumerated by a reading."""

    def __init__(self, reading: Replay, loop: Loop[S]) -> None:
        self._reading = reading
        self._loop = loop
        self._first: dict[Hashable, S] = {}  # by key: the first state met of every key stands for all of them
        self._steps = _KnownSteps()
        self._done: Leaves = {}  # states in which the loop has ended, and errors

    def final_states(self, *, weighs: bool) -> tuple[DrawOptions, Denominator]:
        """Return the final states with their weights, and the total of these; without ``weighs``, with any weights."""
        level: ResultWeights = {self._named(self._loop.state): 1}
        denominator: Denominator = 1
        for _ in range(self._loop.rounds):
            leaves: Leaves = {}
            going = self._going(level, denominator, leaves)
            for first in going:
                states = chain([first], going)
                self._reading.enumerate(self._step, states, Depth.top(denominator, leaves), catch=True)
            if not any(leaves.values()):
                level = {}
                break
            before = level
            denominator, level = together(leaves)
            if not weighs:
                level = dict.fromkeys(level, 1)
                if level == before:  # so it will go on
                    break
        stopped = self._done.setdefault(denominator, {})
        for found, weight in level.items():
            stopped[found] = stopped.get(found, 0) + weight
        denominator, table = together(self._done)
        return [(self._state(found), weight) for found, weight in table.items()], denominator

    def _going(self, level: ResultWeights, denominator: Denominator, leaves: Leaves) -> Iterator[tuple[S, Weight]]:
        """Yield the states that go on, unless it is known where they lead to: then go there."""
        stopped = self._done.setdefault(denominator, {})
        until, steps = self._loop.until, self._steps
        for found, weight in level.items():
            step = steps.known.get(found)  # of a state that goes on
            if step is None:
                state = self._state(found)
                if type(found) is Raised or (until is not None and until(state)):
                    stopped[found] = stopped.get(found, 0) + weight
                    continue
                step = steps.of(found, state, self._from_one)
                if step is None:
                    yield state, weight
                    continue
            else:
                steps.used += 1
            self._follow(step, weight, denominator, leaves)

    def _follow(self, step: _Step, weight: Weight, denominator: Denominator, leaves: Leaves) -> None:
        """Add what a known step leads to, begun with this weight over the denominator, to ``leaves``."""
        for total, results in step:
            self._reading.count(len(results), total, weight)
            table = leaves.setdefault(denominator_times(denominator, total), {})
            get = table.get
            for result, own in results:
                table[result] = get(result, 0) + weight * own

    def _from_one(self, state: S) -> _Step:
        top = self._reading.spare or Depth.top(1, {})
        self._reading.spare = None
        self._reading.enumerate(self._step, [(state, 1)], top, catch=True)
        step = [(total, list(results.items())) for total, results in top.leaves.items() if results]
        if len(top.leaves) <= _TABLES:
            for results in top.leaves.values():
                results.clear()
            self._reading.spare = top
        return step

    @property
    def _step(self) -> Callable[[S], Hashable]:  # kept, it would hold what keeps it
        return self._loop.step if self._loop.key is None else self._named_step

    def _named_step(self, state: S) -> Hashable:
        return self._named(self._loop.step(state))

    def _named(self, state: S) -> Hashable:
        name = self._loop.name(state)
        if self._loop.key is not None:
            self._first.setdefault(name, state)
        return name

    def _state(self, found: Any) -> Any:  # noqa: ANN401  # the loop's own type, or an error
        return self._first.get(found, found) if self._first else found


class _KnownSteps:
    """Where one round leads to, by the names of states."""

    def __init__(self) -> None:
        self.known: dict[Hashable, _Step] = {}
        self.used = 0
        self._met: set[Hashable] = set()
        self._results = 0

    def of(self, name: Hashable, state: Any, enumerate_from: Callable[[Any], _Step]) -> _Step | None:  # noqa: ANN401  # the loop's own type
        """Return the step from a state that is not known; ``None`` if it is not kept: then it is to be taken.

        A step is kept if its state was met before, and from the first time on as long as those that were kept are used:
        so often that it pays.
        """
        again = name in self._met
        if not again and len(self._met) < _ROOM:
            self._met.add(name)
        if self._results >= _ROOM or not (again or 4 * self.used >= len(self.known)):
            return None
        step = self.known[name] = enumerate_from(state)
        self._results += sum(len(results) for _, results in step)
        return step

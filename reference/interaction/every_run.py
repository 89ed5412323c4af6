"""The exact law of a program's result, by its definition: ``P(result)`` is the sum, over all runs, of their masses.

A run's mass is the product of the masses of the outcomes that it drew.  The program is replayed for each: along a
record of outcomes, and past its end with the first outcome of every law that it meets.  A loop is a dynamic program:
round by round a table of the states that can be reached and their masses, states with equal names merged.  The law of
its final states is then a single draw.

This is the meaning of :func:`reference.interaction.exhaustive.law_of`, which keeps integer weights in place of masses
and makes nothing twice.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import Any, NamedTuple, TypeVar

from flint import fmpq

from reference.exact.law import Law, Mass
from reference.interaction.choice import Choice, Loop

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)

MAX_DEPTH = 10_000
"""A single run may draw this often; states under ``iterate`` count their steps separately."""

MAX_LEAVES = 10**7
"""A program may have this many runs, steps of merged states included."""

DIFFERENT = "a replay asked for another draw than before: the program depends on more than its draws"
SHORTER = "a replay ended before its recorded draws: the program depends on more than its draws"


class TooLarge(RuntimeError):
    """The program has more runs than allowed, or a run that draws without end; the message says which."""


class NotReproducible(RuntimeError):
    """A replayed program did not ask for the same draw again: it depends on something else than its draws."""


class Raised:
    """An error that a step raised: an outcome of the loop, raised again when the enclosing run draws it."""

    __slots__ = ("error", "name")

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.name = (type(error), str(error))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Raised) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


def law_by_runs(
    program: Callable[[Choice], T], *, merge: bool = True, max_leaves: int = MAX_LEAVES, max_depth: int = MAX_DEPTH
) -> Law[T]:
    """Return the exact law of ``program``'s result; arguments and errors are those of ``law_of``."""
    reader = _EveryRun(merge=merge, max_leaves=max_leaves, max_depth=max_depth)
    masses = reader.masses(lambda: program(reader))
    return Law.of(masses.items())


class _Drawn(NamedTuple):
    """An entry of a record: the law (``None`` for a loop), the outcome of its own type, and its mass."""

    law: Law[Any] | None
    outcome: Any
    mass: Mass


class _EveryRun(Choice):
    def __init__(self, *, merge: bool, max_leaves: int, max_depth: int) -> None:
        self._merge, self._max_leaves, self._max_depth = merge, max_leaves, max_depth
        self._runs = 0
        self._record: list[_Drawn] = []  # of this run, as far as it is known beforehand
        self._position = 0
        self._others: list[list[_Drawn]] = []  # records of runs still to come

    def masses(self, run: Callable[[], object], *, catch: bool = False) -> dict[Any, Mass]:
        """Return the mass of every result of ``run``; with ``catch`` an error is a result."""
        outer = self._record, self._position, self._others
        found: dict[Any, Mass] = {}
        self._others = [[]]
        try:
            while self._others:
                self._record, self._position = self._others.pop(), 0
                known = len(self._record)
                try:
                    result = run()
                except Exception as error:
                    if not catch or isinstance(error, (TooLarge, NotReproducible)):
                        raise
                    result = Raised(error)
                if self._position < known:
                    raise NotReproducible(SHORTER)
                mass: Mass = fmpq(1)
                for drawn in self._record:
                    mass = drawn.mass * mass
                found[result] = mass if result not in found else found[result] + mass
        finally:
            self._record, self._position, self._others = outer
        return found

    def draw(self, law: Law[T]) -> T:
        """Return the recorded outcome, or the first one at the end of the record."""
        outcome: T = self._next(law, lambda: [_Drawn(law, outcome, mass) for outcome, mass in law.items()])
        return outcome

    def loop(self, loop: Loop[S]) -> S:
        """Draw the final state of the loop from its exact law."""
        if not self._merge:
            return loop.run()
        last = self._next(None, lambda: [_Drawn(None, state, mass) for state, mass in self._final_states(loop)])
        if isinstance(last, Raised):
            raise last.error
        final: S = last
        return final

    def _next(self, law: Law[Any] | None, options: Callable[[], list[_Drawn]]) -> Any:  # noqa: ANN401 - an outcome
        if self._position < len(self._record):
            recorded = self._record[self._position]
            if recorded.law != law:
                raise NotReproducible(DIFFERENT)
        else:
            if len(self._record) >= self._max_depth:
                msg = f"a run drew {self._max_depth} times without end; bound the loop, or raise max_depth"
                raise TooLarge(msg)
            recorded, *others = options()
            self._runs += 1 + len(others)
            if self._runs > self._max_leaves:
                msg = f"more than max_leaves = {self._max_leaves} runs; merge states with iterate, or raise max_leaves"
                raise TooLarge(msg)
            self._others += [[*self._record, other] for other in reversed(others)]
            self._record = [*self._record, recorded]
        self._position += 1
        return recorded.outcome

    def _final_states(self, loop: Loop[S]) -> Iterable[tuple[S | Raised, Mass]]:
        states: dict[Hashable, S | Raised] = {}  # the first state met of every name stands for all of them

        def named(state: S | Raised) -> Hashable:
            name = state if isinstance(state, Raised) else loop.name(state)
            states.setdefault(name, state)
            return name

        level: dict[Hashable, Mass] = {named(loop.state): fmpq(1)}
        done: dict[Hashable, Mass] = {}
        for _ in range(loop.rounds):
            if not level:  # every branch has ended
                break
            deeper: dict[Hashable, Mass] = {}
            for name, mass in level.items():
                state = states[name]
                if isinstance(state, Raised) or loop.ends(state):
                    _add(done, name, mass)
                    continue
                for after, share in self.masses(lambda state=state: named(loop.step(state)), catch=True).items():  # type: ignore[misc]  # mypy does not infer a lambda's default
                    _add(deeper, named(after) if isinstance(after, Raised) else after, share * mass)
            level = deeper
        for name, mass in level.items():
            _add(done, name, mass)
        return [(states[name], mass) for name, mass in done.items()]


def _add(table: dict[Hashable, Mass], name: Hashable, mass: Mass) -> None:
    table[name] = table[name] + mass if name in table else mass

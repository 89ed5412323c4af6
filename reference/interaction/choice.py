"""Randomness as an argument: one program, two readings.

A randomised algorithm is an ordinary function that receives a :class:`Choice` and draws from finite laws.  Read with
:class:`~reference.interaction.seeded.Seeded` it runs once; read with :func:`~reference.interaction.exhaustive.law_of`
it yields the exact law of its result.  What it repeats it gives to the choice as a :class:`Loop`, with explicit state.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

from reference.exact.law import Law

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)
R = TypeVar("R", bound=Hashable)


class Loop(NamedTuple, Generic[S]):
    """``state <- step(state)`` up to ``rounds`` times, stopping before a round once ``until(state)`` holds."""

    state: S
    step: Callable[[S], S]
    rounds: int
    until: Callable[[S], bool] | None = None
    key: Callable[[S], Hashable] | None = None

    def ends(self, state: S) -> bool:
        """Whether the loop stops before another round."""
        return self.until is not None and self.until(state)

    def name(self, state: S) -> Hashable:
        """What states are merged by."""
        return state if self.key is None else self.key(state)

    def run(self) -> S:
        """Run the loop as it stands, and return its last state."""
        state, step, until = self.state, self.step, self.until
        for _ in range(self.rounds):
            if until is not None and until(state):
                break
            state = step(state)
        return state


def one_round(run: Callable[[], S], key: Callable[[S], Hashable] | None) -> Loop[tuple[S, ...]]:
    """Return the loop of one round that ends in ``(run(),)``."""
    none: tuple[S, ...] = ()
    return Loop(none, lambda _: (run(),), 1, None, key and (lambda results: tuple(map(key, results))))


class Choice(ABC):
    """A source of independent draws."""

    __slots__ = ()

    @abstractmethod
    def draw(self, law: Law[T]) -> T:
        """Return an outcome of ``law``, independent of everything drawn before."""

    @abstractmethod
    def loop(self, loop: Loop[S]) -> S:
        """Return the last state of a loop; :meth:`iterate` says what the program promises."""

    def iterate(
        self,
        state: S,
        step: Callable[[S], S],
        rounds: int,
        *,
        until: Callable[[S], bool] | None = None,
        key: Callable[[S], Hashable] | None = None,
    ) -> S:
        """Apply ``state <- step(state)`` up to ``rounds`` times, stopping before a round once ``until(state)`` holds.

        Every round begins with a checkpoint, where an interpreter may merge states with equal ``key(state)``; without
        ``key``, equal hashable states.  The program promises:

        - ``step``, ``until`` and whatever the program does with the final state depend on nothing but the state and
          the draws (objects outside that ``step`` uses must be restored from the state before they are read);
        - states with equal keys have the same future: they may be exchanged without changing the law of the result;
        - an error that ``step`` raises belongs to the branch that raises it.
        """
        return self.loop(Loop(state, step, rounds, until, key))

    def part(
        self,
        run: Callable[[], S],
        name: Hashable = None,  # noqa: ARG002 - for interpreters that remember
        *,
        key: Callable[[S], Hashable] | None = None,
    ) -> S:
        """Return ``run()``: a part of the program after which nothing is left but its result, up to ``key``.

        With a ``name`` the program promises more than :meth:`iterate` asks: the law of the result, and of whatever
        else the part does, is that of every part of this name.  An interpreter may ask for it once.
        """
        (result,) = self.loop(one_round(run, key))
        return result


class RunsOnce(Choice):
    """A choice under which a program runs once, as it stands: nothing is replayed, and no states are merged."""

    __slots__ = ()

    def loop(self, loop: Loop[S]) -> S:
        """Run the loop; its key has no effect here."""
        return loop.run()


class Carrying(Choice, Generic[R]):
    """Another choice, with ``carried`` made part of the state of every loop, so that merging states never mixes it.

    ``ends``: errors that end a branch with what it carries, while other branches go on.  They are told apart by type
    and arguments, and raised again after the loop.
    """

    def __init__(self, choice: Choice, start: R, ends: tuple[type[Exception], ...] = ()) -> None:
        self.choice = choice
        self.carried = start
        self.ends = ends
        self.runs_once = _runs_once(choice)

    def draw(self, law: Law[T]) -> T:
        """Draw from the other choice."""
        return self.choice.draw(law)

    def loop(self, loop: Loop[S]) -> S:
        """Run the loop on its states together with what is carried."""
        if self.runs_once:  # what is carried goes along
            return loop.run()

        # Annotations are texts here: they would be evaluated in every round of an outer loop.
        def step(at: "_Carried[S, R]") -> "_Carried[S, R]":
            self.carried = at.carried
            try:
                after = loop.step(at.state)
            except self.ends as error:
                return _Carried(self.carried, at.state, error.with_traceback(None))  # its frames are not kept
            return _Carried(self.carried, after, None)

        def until(at: "_Carried[S, R]") -> bool:
            return at.error is not None or loop.ends(at.state)

        def key(at: "_Carried[S, R]") -> Hashable:
            if at.error is not None:
                return at.carried, type(at.error), at.error.args  # it has ended, whatever the state was
            return at.carried, loop.name(at.state)

        last = self.choice.loop(Loop(_Carried(self.carried, loop.state, None), step, loop.rounds, until, key))
        self.carried = last.carried
        if last.error is not None:
            raise last.error.with_traceback(None)  # replays raise it more than once
        return last.state


def _runs_once(choice: Choice) -> bool:
    """Whether loops and parts need not come to this choice: one that watches them is told of each."""
    if isinstance(choice, Carrying):
        return choice.runs_once
    return isinstance(choice, RunsOnce) and type(choice).loop is RunsOnce.loop and type(choice).part is Choice.part


class _Carried(NamedTuple, Generic[S, R]):
    carried: R
    state: S
    error: Exception | None

"""Randomness read as every run at once: the exact law of a program's result, in integers.

What it is stands in :mod:`reference.interaction.every_run`.  The program is replayed.  A run follows a recorded list
of outcomes and, past its end, takes the first outcome of every law that it meets; then the last draw with an outcome
left is advanced, depth first, and the program runs again.  Each leaf has an integer (or exp-sum) weight over the
product of the totals drawn from.  Leaves are grouped by that product and brought together once, at the end, so the
masses sum to exactly 1.

A loop under :meth:`~reference.interaction.choice.Choice.iterate` is a dynamic program instead: level by level a table
``state -> weight``, each state's step enumerated by the same replay.  The law of its final states is then a single draw
of the enclosing run.

The law of a part with a name is enumerated once.  If it is irrational, even that waits: the enclosing run goes through
what can happen first, and asks how probable it is only if not all of it leads to the same result.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, Final, NamedTuple, TypeVar

from reference.exact.expsum import ExpSum
from reference.exact.law import Law
from reference.exact.plain import quick
from reference.exact.weights import Factored, Weight
from reference.interaction.choice import Choice, Loop, once
from reference.interaction.every_run import (
    DIFFERENT,
    MAX_DEPTH,
    MAX_LEAVES,
    SHORTER,
    NotReproducible,
    Raised,
    TooLarge,
    law_by_runs,
)
from reference.interaction.leaves import Denominator, Leaves, Table, together

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)

Entry = tuple[object, Any]
"""A recorded draw: the law drawn from, or ``LOOP``, and the outcome, which is of the law's own type."""

_Weighted = list[tuple[Entry, Weight]]
"""The entries that one draw may add to the record, with their weights."""


class _Irrational(BaseException):  # not one of the errors that a program may catch
    """A law with exp-sums for weights was met where only integers are wanted."""


class _Part:
    """What is known of a part: how to run it; its law, as options with their total; what can come out, weights 1."""

    __slots__ = ("is_rational", "law", "loop", "support")

    def __init__(self, loop: Loop[Any]) -> None:
        self.loop = loop
        self.is_rational = True  # as far as is known
        self.law: tuple[_Weighted, Denominator] | None = None
        self.support: _Weighted | None = None


class _Waiting(NamedTuple):
    """A draw from a part whose weights wait: the part, and the leaves and the denominator before the draw."""

    part: _Part
    leaves: Leaves
    denominator: Denominator


Frame = tuple[Iterator[tuple[Any, Weight]], Weight, Denominator, Table, _Waiting | None]
"""A draw of the current run: the options not taken yet, the weight of the path to it, the denominator after it, the
leaves over that denominator, and what to do about weights that wait."""

LOOP: Final = object()
_KNOWN_LAWS: Final = 4096


@quick(law_by_runs)
def law_of(
    program: Callable[[Choice], T], *, merge: bool = True, max_leaves: int = MAX_LEAVES, max_depth: int = MAX_DEPTH
) -> Law[T]:
    """Return the exact law of ``program``'s result, a hashable value.

    ``program`` must be a function of its draws; it is run once for every sequence of outcomes of positive probability.
    With ``merge=False`` loops under ``iterate`` are replayed like any other code: slower, the same law.

    Raises:
        TooLarge: past ``max_leaves`` runs (steps of merged states included), or ``max_depth`` draws in one run.
        NotReproducible: if a replay is seen to depend on something else than its draws.
        Exception: whatever the program raises on a branch of positive probability.
    """
    replay = _Replay(merge=merge, max_leaves=max_leaves, max_depth=max_depth)
    leaves: Leaves = {}
    replay.enumerate(program, [(replay, 1)], 1, leaves)
    total, table = together(leaves)
    if isinstance(total, int) and sum(table.values()) != total:
        msg = "the masses do not sum to 1: a fault of the interpreter"
        raise AssertionError(msg)
    return Law.weighted(table.keys(), table.values())


class _Replay(Choice):
    """The exhaustive :class:`~reference.interaction.choice.Choice`."""

    __slots__ = (
        "_frames",
        "_known",
        "_leaves",
        "_max_depth",
        "_max_leaves",
        "_merge",
        "_parts",
        "_path",
        "_probing",
        "_runs",
        "_script",
        "_weighs",
        "_weight",
    )

    def __init__(self, *, merge: bool, max_leaves: int, max_depth: int) -> None:
        self._merge = merge
        self._max_leaves = max_leaves
        self._max_depth = max_depth
        self._runs = 0
        self._frames: list[Frame] = []  # a root, then one for each entry of the path
        self._path: list[Entry] = []  # the outcomes that a replay returns
        self._leaves: Leaves = {}
        self._script: Iterator[Entry] = iter(())  # what is left of the path in this run
        self._weight: Weight = 1  # of the path
        self._weighs = True
        self._probing = False
        self._known: dict[int, tuple[object, _Weighted, Weight]] = {}  # by the id of a law, which is held so that the id stays
        self._parts: dict[Hashable, _Part] = {}  # by name

    def draw(self, law: Law[T]) -> T:
        """Return the recorded outcome, or the first one at the end of the record."""
        outcome: T
        for recorded, outcome in self._script:  # at most one step: the next entry
            if recorded is law or _same(recorded, law):
                return outcome
            raise NotReproducible(DIFFERENT)
        known = self._known.get(id(law))
        if known is None:
            if self._probing and not law.is_rational:
                raise _Irrational
            weights = law.weights if self._weighs else (1,) * len(law.outcomes)
            options: _Weighted = [((law, outcome), own) for outcome, own in zip(law.outcomes, weights, strict=True)]
            if len(self._known) >= _KNOWN_LAWS:
                self._known.clear()
            self._known[id(law)] = known = law, options, law.total if self._weighs else 1
        outcome = self._push(known[1], known[2])
        return outcome

    def loop(self, loop: Loop[S]) -> S:
        """Draw the final state of the loop from its exact law."""
        if not self._merge:
            return loop.run()
        for recorded in self._script:
            if recorded[0] is not LOOP:
                raise NotReproducible(DIFFERENT)
            outcome = recorded[1]
            break
        else:
            outcome = self._push(*self._final_states(loop))
        return _returned(outcome)

    def part(self, run: Callable[[], S], name: Hashable = None, *, key: Callable[[S], Hashable] | None = None) -> S:
        """Draw the result of a part from its law, which is remembered if it has a name."""
        if not self._merge:
            return run()
        if name is None:
            return super().part(run, key=key)
        for recorded in self._script:
            if recorded[0] is not LOOP:
                raise NotReproducible(DIFFERENT)
            outcome = recorded[1]
            break
        else:
            part = self._parts.get(name)
            if part is None:
                if len(self._parts) >= _KNOWN_LAWS:
                    self._parts.clear()
                self._parts[name] = part = _Part(once(run, key))
            outcome = self._push_part(part)
        (result,) = _returned(outcome)
        found: S = result
        return found

    def enumerate(
        self,
        run: Callable[[Any], object],
        arguments: Iterable[tuple[Any, Weight]],
        denominator: Denominator,
        leaves: Leaves,
        *,
        catch: bool = False,
    ) -> None:
        """Add the weights of all results of ``run``, over weighted arguments, to ``leaves``.

        ``denominator`` is that of the arguments' weights.  With ``catch`` an error is a result.
        This is the inner loop of the package: nothing in it is done twice, and records are made when they are needed.
        """
        outer = self._frames, self._path, self._leaves, self._script, self._weight
        frames: list[Frame] = [(iter(arguments), 1, denominator, leaves.setdefault(denominator, {}), None)]
        path: list[Entry] = []
        self._frames, self._path, self._leaves = frames, path, leaves
        argument = None
        try:
            while frames:
                depth = len(frames)
                rest, prefix, _, table, waiting = frames[-1]
                for entry, own in rest:
                    if path:
                        path[-1] = entry
                    else:
                        argument = entry
                    self._weight = weight = prefix * own
                    self._script = iter(path)
                    try:
                        result = run(argument)
                    except Exception as error:
                        if not catch or isinstance(error, (TooLarge, NotReproducible)):
                            raise
                        result = Raised(error)
                    for _ in self._script:
                        raise NotReproducible(SHORTER)
                    if len(frames) == depth:
                        table[result] = table.get(result, 0) + weight
                        continue
                    # The run drew on: its last draw is the next to be advanced.
                    deeper = frames[-1][3]
                    deeper[result] = deeper.get(result, 0) + self._weight
                    break
                else:
                    if waiting is None or self._settled(waiting):
                        frames.pop()
                        del path[-1:]
        finally:
            self._frames, self._path, self._leaves, self._script, self._weight = outer

    def _push(self, options: _Weighted, total: Denominator | ExpSum) -> Any:  # noqa: ANN401  # an outcome of the law
        """Record a new draw and return its first outcome."""
        frames = self._frames
        if len(frames) > self._max_depth:
            msg = f"a run drew {self._max_depth} times without end; bound the loop, or raise max_depth"
            raise TooLarge(msg)
        self._runs += len(options)
        if self._runs > self._max_leaves:
            msg = f"more than max_leaves = {self._max_leaves} runs; merge states with iterate, or raise max_leaves"
            raise TooLarge(msg)
        before = frames[-1][2]
        if type(before) is int and type(total) is int:
            denominator: Denominator = before * total
        else:
            denominator = (Factored(before) if isinstance(before, int) else before).times(total)
        rest, prefix = iter(options), self._weight
        entry, own = next(rest)
        self._path.append(entry)
        self._weight = prefix * own
        table = self._leaves.get(denominator)
        if table is None:
            table = self._leaves[denominator] = {}
        frames.append((rest, prefix, denominator, table, None))
        return entry[1]

    def _push_part(self, part: _Part) -> Any:  # noqa: ANN401  # the part's own type
        """Record a draw from a part and return its first outcome; the weights wait if they are irrational."""
        if part.law is None and part.is_rational and self._weighs:
            try:
                part.law = self._law_of(part, probing=True)
            except _Irrational:
                part.is_rational = False
        if part.law is not None and part.is_rational and self._weighs:
            return self._push(*part.law)
        if self._probing:
            raise _Irrational
        if part.support is None:
            part.support = [(entry, 1) for entry, _ in self._law_of(part, weighs=False)[0]]
        if not self._weighs:
            return self._push(part.support, 1)
        leaves, denominator = self._leaves, self._frames[-1][2]
        self._leaves = {}
        outcome = self._push(part.support, 1)
        self._frames[-1] = (*self._frames[-1][:4], _Waiting(part, leaves, denominator))
        return outcome

    def _settled(self, waiting: _Waiting) -> bool:
        """Whether the last draw is done with: no weights were needed.  If they are, take it again with weights."""
        found = {result for table in self._leaves.values() for result in table}
        _, prefix, _, _, _ = self._frames[-1]
        part, self._leaves, before = waiting
        table = self._leaves.setdefault(before, {})
        if len(found) == 1:
            (result,) = found
            table[result] = table.get(result, 0) + prefix
            return True
        if part.law is None:
            part.law = self._law_of(part)
        options, total = part.law
        denominator = (Factored(before) if isinstance(before, int) else before).times(total)
        self._frames[-1] = iter(options), prefix, denominator, self._leaves.setdefault(denominator, {}), None
        return False

    def _law_of(self, part: _Part, *, weighs: bool = True, probing: bool = False) -> tuple[_Weighted, Denominator]:
        """Return the results of a part, as options, and their total weight.

        Without ``weighs`` weights are not kept.  ``probing``: an irrational law ends it by an error.
        """
        outer = self._known, self._weighs, self._probing
        self._known, self._weighs, self._probing = {}, weighs, probing
        try:
            return self._final_states(part.loop)
        finally:
            self._known, self._weighs, self._probing = outer

    def _final_states(self, loop: Loop[S]) -> tuple[_Weighted, Denominator]:
        """Return the final states of the loop, as options for the enclosing run, and their total weight."""
        key, until = loop.key, loop.until  # asked at every state
        named: dict[Hashable, S] = {}  # with keys, the first state met of every key stands for all of them

        def name(state: S) -> Hashable:
            found = state if key is None else key(state)
            if key is not None:
                named.setdefault(found, state)
            return found

        def state_of(found: Any) -> S:  # noqa: ANN401  # without keys the name is the state itself
            state: S = found if key is None else named[found]
            return state

        def run(state: S) -> Hashable:
            return name(loop.step(state))

        level: dict[Any, Weight] = {name(loop.state): 1}
        denominator: Denominator = 1
        done: Leaves = {}
        for _ in range(loop.rounds):
            going: list[tuple[S, Weight]] = []
            stopped = done.setdefault(denominator, {})
            for found, weight in level.items():
                if type(found) is Raised or (until is not None and until(state_of(found))):
                    stopped[found] = stopped.get(found, 0) + weight
                else:
                    going.append((state_of(found), weight))
            leaves: Leaves = {}
            self.enumerate(loop.step if key is None else run, going, denominator, leaves, catch=True)
            if not going:
                level = {}
                break
            denominator, level = together(leaves)
        stopped = done.setdefault(denominator, {})
        for found, weight in level.items():
            stopped[found] = stopped.get(found, 0) + weight
        denominator, table = together(done)
        finals = ((found if type(found) is Raised else state_of(found), weight) for found, weight in table.items())
        return [((LOOP, final), weight) for final, weight in finals], denominator


def _returned(outcome: Any) -> Any:  # noqa: ANN401  # a loop's own type
    """Return what a loop ended in, or raise the error that ended it."""
    if type(outcome) is Raised:
        raise outcome.error
    return outcome


def _same(recorded: object, law: Law[T]) -> bool:
    return isinstance(recorded, Law) and recorded.outcomes == law.outcomes and recorded.weights == law.weights

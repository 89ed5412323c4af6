"""Randomness read as every run at once: the exact law of a program's result, in integers.

What it is stands in :mod:`reference.interaction.every_run`.  The program is replayed (:mod:`.replay`).  Each leaf has
an integer (or exp-sum) weight over the product of the totals drawn from.  Leaves are grouped by that product and
brought together once, at the end, so the masses sum to exactly 1.

A loop under :meth:`~reference.interaction.choice.Choice.iterate` is a dynamic program instead (:mod:`.rounds`), each
state's step enumerated by the same replay.  The law of its final states is then a single draw of the enclosing run.

The law of a part with a name is enumerated once.  If it is irrational, even that waits: the enclosing run goes through
what can happen first, and asks how probable it is only if not all of it leads to the same result.
"""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from reference.exact.law import Law
from reference.exact.plain import quick
from reference.exact.weights import Weight
from reference.interaction.choice import Choice, Loop, one_round
from reference.interaction.depths import LOOP, NO_DRAW, Depth, Drawable
from reference.interaction.every_run import (
    DIFFERENT,
    MAX_DEPTH,
    MAX_LEAVES,
    NotReproducible,
    Raised,
    law_by_runs,
)
from reference.interaction.leaves import Denominator, Leaves, together
from reference.interaction.remembered import DrawOptions, Glance, Part
from reference.interaction.replay import Replay
from reference.interaction.rounds import LoopRounds

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)

_KNOWN_PARTS: Final = 4096
"""Of so many named parts the laws are remembered."""

_GLANCES: Final = 5
"""Runs from which it is told whether a part may be irrational."""


@quick(law_by_runs)
def law_of(
    program: Callable[[Choice], T], *, merge: bool = True, max_leaves: int = MAX_LEAVES, max_depth: int = MAX_DEPTH
) -> Law[T]:
    """Return the exact law of ``program``'s result, a hashable value.

    ``program`` must be a function of its draws; it is run once for every sequence of outcomes of positive probability.
    With ``merge=False`` loops under ``iterate`` are replayed like any other code: slower, the same law.

    Raises:
        TooLarge: past ``max_leaves`` runs (steps of merged states included, irrational weights counted many times), or
            ``max_depth`` draws in one run.
        NotReproducible: if a replay is seen to depend on something else than its draws.
        Exception: whatever the program raises on a branch of positive probability.
    """
    replay = _Exhaustive(merge=merge, max_leaves=max_leaves, max_depth=max_depth)
    leaves: Leaves = {}
    replay.enumerate(program, [(replay, 1)], Depth.top(1, leaves))
    total, table = together(leaves)
    if isinstance(total, int) and sum(table.values()) != total:
        msg = "the masses do not sum to 1: a fault of the interpreter"
        raise AssertionError(msg)
    return Law.weighted(table.keys(), table.values())


class _Exhaustive(Replay):
    """The exhaustive :class:`~reference.interaction.choice.Choice`."""

    __slots__ = ("_merge", "_parts")

    def __init__(self, *, merge: bool, max_leaves: int, max_depth: int) -> None:
        super().__init__(max_leaves=max_leaves, max_depth=max_depth)
        self._merge = merge
        self._parts: dict[Hashable, Part] = {}  # by name

    def loop(self, loop: Loop[S]) -> S:
        """Draw the final state of the loop from its exact law."""
        if not self._merge:
            return loop.run()
        final: S = self._drawn(lambda above: self._final_states(above, loop))
        return final

    def part(self, run: Callable[[], S], name: Hashable = None, *, key: Callable[[S], Hashable] | None = None) -> S:
        """Draw the result of a part from its law, which is remembered if it has a name."""
        if not self._merge:
            return run()
        if name is None:
            return super().part(run, key=key)

        def new(above: Depth) -> Depth:
            part = self._parts.get(name)
            if part is None:
                if len(self._parts) >= _KNOWN_PARTS:
                    self._parts.clear()
                part = self._parts[name] = Part(one_round(run, key))
            return self._under_part(above, part)

        results: tuple[S, ...] = self._drawn(new)
        return results[0]

    def _drawn(self, new: Callable[[Depth], Depth]) -> Any:  # noqa: ANN401  # a loop's own type
        """Return the recorded final state, or a new one at the end of the record; raise the error that ended it."""
        recorded, outcome, self._next = self._next
        if recorded is not LOOP:
            above = self._above(recorded)
            if above is None:
                raise NotReproducible(DIFFERENT)
            depth = new(above)
            depth.above = above
            outcome = self._link(above, depth)
        if type(outcome) is Raised:
            raise outcome.error
        return outcome

    def _under_part(self, above: Depth, part: Part) -> Depth:
        """Return the depth of a draw from a part; the weights wait if they may be irrational."""
        if part.is_rational is None:
            part.is_rational = self._looks_rational(part)
        if self._weighs and part.is_rational:
            part.law = part.law or self._law_of(part)
            if isinstance(part.law[1], int):
                return self._under(above, Drawable.of(LOOP, *part.law))
            part.is_rational = False  # it only looked so
        if not part.results:
            options, _ = part.law or self._law_of(part, weighs=False)
            part.results = [(result, 1) for result, _ in options]
        results = Drawable.of(LOOP, part.results, 1)
        if not self._weighs:
            return self._under(above, results)
        depth = self._under(above, results, {})
        depth.part = part
        return depth

    def _looks_rational(self, part: Part) -> bool:
        """Whether some runs of the part, which take outcomes in turn, meet rational laws only; no law depends on it."""
        outer = self._merge, self._next
        self._merge = False
        seen: list[tuple[int, int]] = []
        try:
            for first in range(_GLANCES):
                if any((first - begun) % period == 0 for begun, period in seen):
                    continue  # the same run once more
                self._next, self._glance = NO_DRAW, Glance(self._max_depth, first)
                part.loop.run()
                if not self._glance.is_rational:
                    return False
                seen.append((first, self._glance.period))
        except Exception:  # noqa: BLE001  # it comes again where it counts
            return True
        else:
            return True
        finally:
            self._merge, self._next = outer
            self._glance = None

    def _settled(self, part: Part, depth: Depth, above: Depth, weight: Weight) -> Depth | None:
        found = {result for table in depth.leaves.values() for result in table}
        if len(found) == 1:
            (result,) = found
            above.table[result] = above.table.get(result, 0) + weight
            return None
        part.law = part.law or self._law_of(part)
        options, total = part.law
        self.count(len(options), 1, weight)  # they are taken a second time, now with weights
        return self._under(above, Drawable.of(LOOP, options, total))

    def _final_states(self, above: Depth, loop: Loop[Any]) -> Depth:
        options, total = LoopRounds(self, loop).final_states(weighs=self._weighs)
        return self._under(above, Drawable.of(LOOP, options, total))

    def _law_of(self, part: Part, *, weighs: bool = True) -> tuple[DrawOptions, Denominator]:
        """Return the results of a part with weights, and their total; without ``weighs``, with any weights."""
        outer = self._known, self._weighs, self.spare
        self._known, self._weighs, self.spare = {}, weighs, None
        try:
            return LoopRounds(self, part.loop).final_states(weighs=weighs)
        finally:
            self._known, self._weighs, self.spare = outer

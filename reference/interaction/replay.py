"""One enumeration of the runs of a program, depth first; loops and parts are left to :mod:`.exhaustive`.

The program is replayed.  A run follows the recorded outcomes and, past their end, takes the first outcome of every law
that it meets; then the last draw with an outcome left is advanced, and the program runs again.

Which laws a run will meet past the record is foreseen: those that the last run met at the same depths.  So the record
goes on with their first outcomes, and a run that does as foreseen is a walk along it; what it drew is taken into
account when it has ended.  A run that draws from another law makes the record anew from there.
"""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Final, TypeVar

from reference.exact.expsum import ExpSum
from reference.exact.law import Law
from reference.exact.weights import Weight
from reference.interaction.choice import Choice
from reference.interaction.depths import NO_DRAW, NOWHERE, PAST, Depth, Drawable, OptionChain, RecordedDraw
from reference.interaction.every_run import DIFFERENT, SHORTER, NotReproducible, Raised, TooLarge
from reference.interaction.leaves import Denominator, Leaves, denominator_times
from reference.interaction.remembered import Glance, Part

T = TypeVar("T", bound=Hashable)

IRRATIONAL: Final = 20
"""An outcome with an irrational weight counts as so many runs, and one for each term: so much longer it takes."""

_KNOWN_LAWS: Final = 4096
"""Of so many laws the options are remembered; of so many draws the depths."""

Pending = tuple[Depth, OptionChain | None, Weight]
"""A draw to be advanced: its options left, and the weight of the path to it.

Without options: all runs through the draw are done.
"""


class Replay(Choice):
    """The exhaustive :class:`~reference.interaction.choice.Choice` between checkpoints."""

    __slots__ = ("_depth", "_glance", "_known", "_max_depth", "_max_leaves", "_next", "_room", "_weighs", "spare")

    def __init__(self, *, max_leaves: int, max_depth: int) -> None:
        self._max_leaves = max_leaves
        self._max_depth = max_depth
        self._room = max_leaves  # for so many runs more
        self._depth = NOWHERE  # the last that is sure to be in this run; those deeper are foreseen
        self._next: RecordedDraw = NO_DRAW  # what is left of the record in this run
        self._weighs = True  # whether weights are kept; if not, all are 1
        self._glance: Glance | None = None  # takes the place of all this for one run
        self.spare: Depth | None = (
            None  # above the first draw of a record that may be used again, over 1, without leaves
        )
        self._known: dict[int, Drawable] = {}  # by the id of the law, held so that it stays

    def draw(self, law: Law[T]) -> T:
        """Return the recorded outcome, or the first one at the end of the record."""
        outcome: T
        recorded, outcome, self._next = self._next
        if recorded is law:
            return outcome
        outcome = self._unforeseen(law, recorded, outcome)
        return outcome

    def enumerate(
        self,
        run: Callable[[Any], object],
        arguments: Iterable[tuple[Any, Weight]],
        top: Depth,
        *,
        catch: bool = False,
    ) -> None:
        """Add the weights of all results of ``run``, over weighted arguments, to the leaves of ``top``.

        ``top`` is over what the arguments' weights are over.  With ``catch`` an error is a result.
        This is the inner loop of the package: nothing in it is done twice, and records are made when they are needed.
        """
        outer = self._depth, self._next
        try:
            for argument, weight in arguments:
                self._enumerate_from(run, argument, weight, top, catch=catch)
        finally:
            self._depth, self._next = outer

    def _enumerate_from(  # noqa: C901  # the inner loop: a call takes longer than what it would do
        self, run: Callable[[Any], object], argument: object, prefix: Weight, top: Depth, *, catch: bool
    ) -> None:
        depth, draw, table = top, top.draw, top.table
        start = draw
        rest: OptionChain | None = (None, 1, None)
        pending: list[Pending] = [(top, None, prefix)]
        self._depth = top
        while rest is not None:
            draw[1], own, rest = rest
            self._next = start[2]
            try:
                result = run(argument)
            except Exception as error:
                if not catch or isinstance(error, (TooLarge, NotReproducible)):
                    raise
                result = Raised(error)
            weight = prefix * own
            end = self._next
            if draw[2] is not end:
                # The run drew on: its last draw is the next to be advanced.
                while True:
                    if rest is not None:
                        pending.append((depth, rest, prefix))
                    depth = depth.deeper
                    self._room = room = self._room - depth.runs
                    if room < 0:
                        self._recount(depth, weight, pending)
                    draw = depth.draw
                    rest = depth.others
                    prefix = weight
                    weight = prefix * depth.own
                    if draw[2] is end:
                        break
                table = depth.table
                self._depth = depth
            table[result] = table.get(result, 0) + weight
            while rest is None:
                # On with the last draw that has an outcome left; those after it begin anew.
                last = depth
                depth, rest, prefix = pending.pop()
                foreseen = depth
                while foreseen is not last:
                    foreseen = foreseen.deeper
                    foreseen.draw[1] = foreseen.first
                if rest is None:
                    if depth is top:
                        break
                    depth, rest = self._passed(depth, prefix, pending)
                draw = depth.draw
                table = depth.table
                self._depth = depth

    def _unforeseen(self, law: Law[T], recorded: object, outcome: Any) -> Any:  # noqa: ANN401  # outcomes
        """Return the outcome of a draw that is not from the very law of the record."""
        if self._glance is not None:
            return self._glance.draw(law)
        above = self._above(recorded)
        if above is not None:
            depth = above.made.get((above.number, id(law), above.over))
            return self._link(above, self._new(above, law) if depth is None else depth)
        if isinstance(recorded, Law) and recorded.outcomes == law.outcomes and recorded.weights == law.weights:
            return outcome
        raise NotReproducible(DIFFERENT)

    def _above(self, recorded: object) -> Depth | None:
        """Return the depth above the draw that was just taken off the record, if it was foreseen only or the end."""
        sure, after = self._depth, self._next
        above, deeper = sure, sure.deeper
        while deeper is not NOWHERE:
            if deeper.draw[2] is after and deeper.draw[0] is recorded:
                return above
            above, deeper = deeper, deeper.deeper
        if recorded is PAST:
            return above
        # Laws that are made anew for each run are not foreseen.
        if after is sure.draw[2]:
            self._next = NO_DRAW
        sure.cut()
        return None

    def _new(self, above: Depth, law: Law[Any]) -> Depth:
        """Return a new depth for a draw from a law."""
        drawable = self._known.get(id(law))
        if drawable is None:
            weights = law.weights if self._weighs else (1,) * len(law.outcomes)
            options = list(zip(law.outcomes, weights, strict=True))
            if len(self._known) >= _KNOWN_LAWS:
                self._known.clear()
            self._known[id(law)] = drawable = Drawable.of(law, options, law.total if self._weighs else 1)
        if len(above.made) >= _KNOWN_LAWS:
            above.made.clear()
        above.made[above.number, id(law), above.over] = depth = self._under(above, drawable)
        return depth

    def _under(self, above: Depth, drawable: Drawable, leaves: Leaves | None = None) -> Depth:
        """Return a new depth; ``leaves``: its own, if not those of the depth above."""
        if above.number >= self._max_depth:
            msg = f"a run drew {self._max_depth} times without end; bound the loop, or raise max_depth"
            raise TooLarge(msg)
        over, total = above.over, drawable.total
        over = over * total if type(over) is int and type(total) is int else denominator_times(over, total)
        if leaves is None:
            return Depth(above.number + 1, drawable, over, above.leaves, above.made)
        return Depth(above.number + 1, drawable, over, leaves, {})

    def _link(self, above: Depth, depth: Depth) -> Any:  # noqa: ANN401  # an outcome
        """Record a depth below another, and return its first outcome."""
        above.deeper = self._depth = depth
        above.draw[2] = draw = depth.draw
        self._next = draw[2]
        return draw[1]

    def _passed(self, depth: Depth, weight: Weight, pending: list[Pending]) -> tuple[Depth, OptionChain | None]:
        """Foresee a draw that is not from a law no more; return the depth above, without options.

        If its weights are needed now, return it with weights, and all its options.
        """
        above, depth.above = depth.above or depth, None
        again = None if depth.part is None else self._settled(depth.part, depth, above, weight)
        if again is None:
            above.cut()
            return above, None
        self._link(above, again)
        again.above = above
        pending.append((again, None, weight))
        return again, (again.first, again.own, again.others)

    def count(self, runs: int, total: Denominator | ExpSum, weight: Weight) -> None:
        """Count so many runs that draw from a total, begun with this weight; :class:`TooLarge` if they are too many."""
        self._room -= runs if type(total) is int else runs * (IRRATIONAL + _terms(weight))
        if self._room < 0:
            msg = f"more than max_leaves = {self._max_leaves} runs; merge states with iterate, or raise max_leaves"
            raise TooLarge(msg)

    def _recount(self, depth: Depth, weight: Weight, pending: list[Pending]) -> None:
        """Count the runs that begin with a draw, where the weight of the path to it matters, or there is no room."""
        if depth is NOWHERE:
            raise NotReproducible(SHORTER)
        self._room += depth.runs
        self.count(depth.count, depth.total, weight)
        if depth.above is not None:
            pending.append((depth, None, weight))

    @abstractmethod
    def _settled(self, part: Part, depth: Depth, above: Depth, weight: Weight) -> Depth | None:
        """Add the result of a part whose weights wait, if it is the only one; else return the depth with weights."""


def _terms(weight: Weight) -> int:
    return 1 if isinstance(weight, int) else weight.number_of_terms

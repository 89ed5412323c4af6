"""One enumeration of the runs of a program, depth first; loops and parts are left to :mod:`.exhaustive`.

The program is replayed.  A run follows the recorded outcomes and, past their end, takes the first outcome of every law
that it meets; then the last draw with an outcome left is advanced, and the program runs again.
"""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, Final, TypeVar

from reference.exact.expsum import ExpSum
from reference.exact.law import Law
from reference.exact.weights import Weight
from reference.interaction.choice import Choice
from reference.interaction.every_run import DIFFERENT, SHORTER, NotReproducible, Raised, TooLarge
from reference.interaction.leaves import Denominator, Leaves, ResultWeights, denominator_times
from reference.interaction.remembered import DrawOptions, Glance, Waiting

T = TypeVar("T", bound=Hashable)

RecordedDraw = list[Any]
"""A draw of the current run: the law drawn from, or ``LOOP``; the outcome; the draw after it, at last ``NO_DRAW``.

Outcomes are of the law's own type.  A draw that is advanced is changed in place."""

NO_DRAW: Final[RecordedDraw] = [object(), None, None]
"""What follows the last draw that is known beforehand; nothing is drawn from its first entry."""
NO_DRAW[2] = NO_DRAW

Frame = tuple[RecordedDraw, Iterator[tuple[Any, Weight]], Weight, Denominator, ResultWeights, Waiting | None]
"""A draw, the options not taken yet, the weight of the path to it, the denominator after it, the leaves over that
denominator, and what to do about weights that wait."""

IRRATIONAL: Final = 20
"""An outcome with an irrational weight counts as so many runs, and one for each term: so much longer it takes."""

_KNOWN_LAWS: Final = 4096
"""Of so many laws the options are remembered."""


class Replay(Choice):
    """The exhaustive :class:`~reference.interaction.choice.Choice` between checkpoints."""

    __slots__ = (
        "_frames",
        "_glance",
        "_known",
        "_leaves",
        "_max_depth",
        "_max_leaves",
        "_next",
        "_runs",
        "_weighs",
        "_weight",
    )

    def __init__(self, *, max_leaves: int, max_depth: int) -> None:
        self._max_leaves = max_leaves
        self._max_depth = max_depth
        self._runs = 0
        self._frames: list[Frame] = []  # a root, then one for each draw of the run
        self._next: RecordedDraw = NO_DRAW  # what is left of the recorded draws in this run
        self._leaves: Leaves = {}
        self._weight: Weight = 1  # of the path
        self._weighs = True  # whether weights are kept; if not, all are 1
        self._glance: Glance | None = None  # takes the place of all this for one run
        self._known: dict[int, tuple[object, DrawOptions, Weight]] = {}  # by the id of a law, held so that it stays

    def draw(self, law: Law[T]) -> T:
        """Return the recorded outcome, or the first one at the end of the record."""
        outcome: T
        recorded, outcome, self._next = self._next
        if recorded is law:
            return outcome
        if recorded is not NO_DRAW[0]:
            if _same(recorded, law):
                return outcome
            raise NotReproducible(DIFFERENT)
        if self._glance is not None:
            return self._glance.draw(law)
        known = self._known.get(id(law))
        if known is None:
            weights = law.weights if self._weighs else (1,) * len(law.outcomes)
            if len(self._known) >= _KNOWN_LAWS:
                self._known.clear()
            known = law, list(zip(law.outcomes, weights, strict=True)), law.total if self._weighs else 1
            self._known[id(law)] = known
        outcome = self._push(law, known[1], known[2])
        return outcome

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
        outer = self._frames, self._next, self._leaves, self._weight
        root: RecordedDraw = [None, None, NO_DRAW]  # its outcome is the argument
        frames: list[Frame] = [(root, iter(arguments), 1, denominator, leaves.setdefault(denominator, {}), None)]
        self._frames, self._leaves = frames, leaves
        try:
            while frames:
                node, rest, prefix, _, table, waiting = frames[-1]
                for node[1], own in rest:
                    self._weight = weight = prefix * own
                    self._next = root[2]
                    try:
                        result = run(root[1])
                    except Exception as error:
                        if not catch or isinstance(error, (TooLarge, NotReproducible)):
                            raise
                        result = Raised(error)
                    if self._next is not NO_DRAW:
                        raise NotReproducible(SHORTER)
                    if node[2] is NO_DRAW:
                        table[result] = table.get(result, 0) + weight
                        continue
                    # The run drew on: its last draw is the next to be advanced.
                    deeper = frames[-1][4]
                    deeper[result] = deeper.get(result, 0) + self._weight
                    break
                else:
                    if waiting is None or self._settled(waiting):
                        frames.pop()
                        if frames:
                            frames[-1][0][2] = NO_DRAW
        finally:
            self._frames, self._next, self._leaves, self._weight = outer

    def _push(self, law: object, options: DrawOptions, total: Denominator | ExpSum) -> Any:  # noqa: ANN401  # an outcome
        """Record a new draw and return its first outcome."""
        frames, prefix = self._frames, self._weight
        if len(frames) > self._max_depth:
            msg = f"a run drew {self._max_depth} times without end; bound the loop, or raise max_depth"
            raise TooLarge(msg)
        before = frames[-1][3]
        self.count(len(options), total, prefix)
        denominator = before * total if type(before) is int and type(total) is int else denominator_times(before, total)
        table = self._leaves.get(denominator)
        if table is None:
            table = self._leaves[denominator] = {}
        rest = iter(options)
        outcome, own = next(rest)
        self._weight = prefix * own
        frames[-1][0][2] = node = [law, outcome, NO_DRAW]
        frames.append((node, rest, prefix, denominator, table, None))
        return outcome

    def count(self, runs: int, total: Denominator | ExpSum, weight: Weight) -> None:
        """Count so many runs that draw from a total, begun with this weight; :class:`TooLarge` if they are too many."""
        self._runs += runs if type(total) is int else runs * (IRRATIONAL + _terms(weight))
        if self._runs > self._max_leaves:
            msg = f"more than max_leaves = {self._max_leaves} runs; merge states with iterate, or raise max_leaves"
            raise TooLarge(msg)

    @abstractmethod
    def _settled(self, waiting: Waiting) -> bool:
        """Whether the last draw is done with: no weights were needed.  If they are, take it again with weights."""


def _terms(weight: Weight) -> int:
    return 1 if isinstance(weight, int) else weight.number_of_terms


def _same(recorded: object, law: Law[T]) -> bool:
    return isinstance(recorded, Law) and recorded.outcomes == law.outcomes and recorded.weights == law.weights

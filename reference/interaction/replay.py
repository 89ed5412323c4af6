"""One enumeration of the runs of a program, depth first; loops and parts are left to :mod:`.exhaustive`.

The program is replayed.  A run follows a recorded list of outcomes and, past its end, takes the first outcome of every
law that it meets; then the last draw with an outcome left is advanced, and the program runs again.
"""

from abc import abstractmethod
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, Final, TypeVar

from reference.exact.expsum import ExpSum
from reference.exact.law import Law
from reference.exact.weights import Factored, Weight
from reference.interaction.choice import Choice
from reference.interaction.every_run import DIFFERENT, SHORTER, NotReproducible, Raised, TooLarge
from reference.interaction.leaves import Denominator, Leaves, ResultWeights
from reference.interaction.remembered import DrawOptions, Entry, Glance, Waiting

T = TypeVar("T", bound=Hashable)

Frame = tuple[Iterator[tuple[Any, Weight]], Weight, Denominator, ResultWeights, Waiting | None]
"""A draw of the current run: the options not taken yet, the weight of the path to it, the denominator after it, the
leaves over that denominator, and what to do about weights that wait."""

IRRATIONAL: Final = 20
"""An outcome with an irrational weight counts as so many runs, and one for each term: so much longer it takes."""

KNOWN_LAWS: Final = 4096
"""Of so many laws the options are remembered."""

_Known = tuple[object, DrawOptions, Weight]


class Replay(Choice):
    """The exhaustive :class:`~reference.interaction.choice.Choice` between checkpoints."""

    __slots__ = (
        "_frames",
        "_glance",
        "_known",
        "_leaves",
        "_max_depth",
        "_max_leaves",
        "_path",
        "_runs",
        "_script",
        "_weighs",
        "_weight",
    )

    def __init__(self, *, max_leaves: int, max_depth: int) -> None:
        self._max_leaves = max_leaves
        self._max_depth = max_depth
        self._runs = 0
        self._frames: list[Frame] = []  # a root, then one for each entry of the path
        self._path: list[Entry] = []  # the outcomes that a replay returns
        self._leaves: Leaves = {}
        self._script: Iterator[Entry] = iter(())  # what is left of the path in this run
        self._weight: Weight = 1  # of the path
        self._weighs = True  # whether weights are kept; if not, all are 1
        self._glance: Glance | None = None  # takes the place of all this for one run
        self._known: dict[int, _Known] = {}  # by the id of a law, which is held so that the id stays

    def draw(self, law: Law[T]) -> T:
        """Return the recorded outcome, or the first one at the end of the record."""
        outcome: T
        for recorded, outcome in self._script:  # at most one step: the next entry
            if recorded is law or _same(recorded, law):
                return outcome
            raise NotReproducible(DIFFERENT)
        if self._glance is not None:
            return self._glance.draw(law)
        known = self._known.get(id(law))
        if known is None:
            weights = law.weights if self._weighs else (1,) * len(law.outcomes)
            options: DrawOptions = [((law, outcome), own) for outcome, own in zip(law.outcomes, weights, strict=True)]
            if len(self._known) >= KNOWN_LAWS:
                self._known.clear()
            self._known[id(law)] = known = law, options, law.total if self._weighs else 1
        outcome = self._push(known[1], known[2])
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

    def _push(self, options: DrawOptions, total: Denominator | ExpSum) -> Any:  # noqa: ANN401  # an outcome of the law
        """Record a new draw and return its first outcome."""
        frames = self._frames
        if len(frames) > self._max_depth:
            msg = f"a run drew {self._max_depth} times without end; bound the loop, or raise max_depth"
            raise TooLarge(msg)
        self._runs += len(options) * (1 if type(total) is int else IRRATIONAL + _terms(self._weight))
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

    @abstractmethod
    def _settled(self, waiting: Waiting) -> bool:
        """Whether the last draw is done with: no weights were needed.  If they are, take it again with weights."""


def _terms(weight: Weight) -> int:
    return 1 if isinstance(weight, int) else weight.number_of_terms


def _same(recorded: object, law: Law[T]) -> bool:
    return isinstance(recorded, Law) and recorded.outcomes == law.outcomes and recorded.weights == law.weights

"""The record of a replay: the draws of a run one after the other, and what is known at the depth of each."""

from typing import Any, Final, NamedTuple

from reference.exact.expsum import ExpSum
from reference.exact.weights import Weight
from reference.interaction.leaves import Denominator, Leaves, ResultWeights
from reference.interaction.remembered import DrawOptions, Part

RecordedDraw = list[Any]
"""A draw of the record: the law drawn from, or ``LOOP``; the outcome; the draw after it, at last ``NO_DRAW``.

Outcomes are of the law's own type.  A draw that is advanced is changed in place."""

PAST: Final = object()
"""What is drawn from after the last draw of the record."""

NO_DRAW: Final[RecordedDraw] = [PAST, None, None]
"""What follows the last draw of the record; nothing is drawn from its first entry."""
NO_DRAW[2] = NO_DRAW

LOOP: Final = object()
"""What is drawn from in place of a law: a loop, or a part."""

_UNKNOWN: Final = 1 << 62
"""A number of runs, larger than any room for them: how many there are is to be counted."""

OptionChain = tuple[Any, Weight, "OptionChain | None"]
"""An outcome, its weight, and the options after it."""


class Drawable(NamedTuple):
    """A law, or ``LOOP``: its first outcome with the weight, the others with theirs, how many all are, their total."""

    law: object
    first: Any
    own: Weight
    others: OptionChain | None
    number: int
    total: Denominator | ExpSum

    @classmethod
    def of(cls, law: object, options: DrawOptions, total: Denominator | ExpSum) -> "Drawable":
        """Return it from the options, at least one."""
        others: OptionChain | None = None
        for outcome, weight in options[:0:-1]:
            others = outcome, weight, others
        return cls(law, *options[0], others, len(options), total)


_NOTHING: Final = Drawable(None, None, 1, None, 1, 1)


class Depth:
    """The record at one depth: a draw, its options, and where the leaves right after it are added.

    Programs come to a depth again and again, by other outcomes of the same laws.  So it is made once.
    """

    __slots__ = (
        "above",
        "count",
        "deeper",
        "draw",
        "first",
        "leaves",
        "made",
        "number",
        "others",
        "over",
        "own",
        "part",
        "runs",
        "table",
        "total",
    )

    deeper: "Depth"  # of the draw that follows in the record, or NOWHERE

    def __init__(self, number: int, drawable: Drawable, over: Denominator, leaves: Leaves, made: "Made") -> None:
        law, self.first, self.own, self.others, self.count, self.total = drawable
        self.number = number  # of the draw in its run, from 1
        self.draw: RecordedDraw = [law, self.first, NO_DRAW]
        self.runs = self.count if law is not LOOP and type(self.total) is int else _UNKNOWN  # that begin with the draw
        self.over = over  # of the weights after the draw
        self.leaves = leaves  # of this depth and all deeper ones
        table = leaves.get(over)
        if table is None:
            table = leaves[over] = {}
        self.table: ResultWeights = table
        self.made = made  # with these leaves
        self.deeper = NOWHERE
        self.above: Depth | None = None  # if this is not foreseen
        self.part: Part | None = None  # drawn from, with weights that wait

    @classmethod
    def top(cls, denominator: Denominator, leaves: Leaves) -> "Depth":
        """Return the depth above the first draw; weights are over ``denominator``, results are added to ``leaves``."""
        return cls(0, _NOTHING, denominator, leaves, {})

    def cut(self) -> None:
        """Let nothing follow."""
        self.deeper, self.draw[2] = NOWHERE, NO_DRAW


NOWHERE: Final[Depth] = object.__new__(Depth)
"""What no run comes to: after the last depth of the record."""
NOWHERE.runs = _UNKNOWN

Made = dict[tuple[int, int, Denominator], Depth]
"""Depths by number, the id of the law drawn from, and what the weights are over."""

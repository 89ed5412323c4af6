"""Members of a game that may be interchanged: found by refining colours, kept only if every law and answer agrees.

Blocks ``B_1, .., B_m`` of members, equally long, are *interchangeable* if swapping two of them, entry by entry, maps
the game to itself: every query to one whose answers have the same laws, every answer to one that is right as often and
costs the same.  The best probability of success from a belief is then that from the belief with the blocks' weights
sorted.  The prior need not be invariant: it is the first belief, and no more.  What is found need not be all there is:
fewer beliefs are merged then, and every value is the same.  Source: ours.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from operator import itemgetter

Column = tuple[int, ...]
Interchange = tuple[tuple[int, ...], ...]
_Query = frozenset[tuple[int, int]]
_Moved = dict[int, int]

_PARTNERS = 8
"""Each member is tried with so many of the first members that look alike."""

_MOST = 512
"""Interchanges that are kept."""

_PRIME = 1_000_003

_COLOURS = 1 << 40
"""More than there are colours: an entry and a colour are one integer, the entry times this and the colour."""


def interchanges(classes: Sequence[Collection[Iterable[Column]]], size: int) -> tuple[Interchange, ...]:
    """Return interchangeable blocks of the members ``0..size-1``, those of few members first.

    ``classes``: sets of columns over the members, in classes that may not be mixed: the answers to one query, or what
    an answer is right for.
    """
    structure = _Structure(classes, size)
    found: list[Interchange] = []
    probe = tuple(pow(3, i + 1, _PRIME) for i in range(size))  # a belief in general position
    sort, least = Sorter(()), probe
    groups: dict[int, list[int]] = {}
    for i, colour in enumerate(structure.colours):
        groups.setdefault(colour, []).append(i)
    for group in groups.values():
        for place, j in enumerate(group):
            for i in group[: min(place, _PARTNERS)]:
                if any((i,) in blocks and (j,) in blocks for blocks in found):
                    continue
                swap = structure.swap(i, j)
                if swap is None or sort(tuple(probe[swap.get(m, m)] for m in range(size))) == least:
                    continue
                _add(found, _blocks(swap))
                sort = Sorter(found)
                least = sort(probe)
    return tuple(sorted(found, key=lambda blocks: (len(blocks[0]), blocks)))


class Sorter:
    """Beliefs with the weights of interchangeable blocks sorted: in turn, as long as a belief gets smaller by it."""

    def __init__(self, symmetries: Iterable[Interchange]) -> None:
        self._steps = [([_getter(block) for block in blocks], blocks) for blocks in symmetries]

    def __call__(self, belief: Column) -> Column:
        """Return the belief that stands for all that interchanging makes of this one."""
        now, changed = list(belief), bool(self._steps)
        while changed:
            changed = False
            for getters, blocks in self._steps:
                weights = [get(now) for get in getters]
                ordered = sorted(weights)
                if ordered != weights:
                    other = now.copy()
                    for block, row in zip(blocks, ordered, strict=True):
                        for i, w in zip(block, row, strict=True):
                            other[i] = w
                    if other < now:
                        now, changed = other, True
        return tuple(now)


class _Structure:
    """The columns, each by what differs from its commonest entry, and colours that no symmetry mixes."""

    def __init__(self, classes: Sequence[Collection[Iterable[Column]]], size: int) -> None:
        self.names: dict[object, int] = {}
        self.columns: dict[Column, int] = {}
        self.queries = [{self._query(query) for query in queries} for queries in classes]
        self.rare: list[dict[int, int]] = []
        self.common: list[int] = []
        for column in self.columns:
            usual = max(set(column), key=lambda n, column=column: (column.count(n), n))  # type: ignore[misc]  # mypy cannot type a default of a lambda
            self.common.append(usual)
            self.rare.append({i: n for i, n in enumerate(column) if n != usual})
        self.rare_entries = [[(i, n * _COLOURS) for i, n in rare.items()] for rare in self.rare]
        self.seen: list[list[tuple[int, int]]] = [[] for _ in range(size)]  # the columns where it is rare
        for c, entries in enumerate(self.rare_entries):
            for i, entry in entries:
                self.seen[i].append((c, entry))
        self.by_content = {(self.common[c], frozenset(rare.items())): c for c, rare in enumerate(self.rare)}
        self.asked_in: list[list[tuple[int, _Query]]] = [[] for _ in self.columns]
        for kind, queries in enumerate(self.queries):
            for query in queries:
                for c, _ in query:
                    self.asked_in[c].append((kind, query))
        self.column_colours = [0] * len(self.columns)
        self.colours = [0] * size
        self._refine()

    def _query(self, query: Iterable[Column]) -> _Query:
        return frozenset(Counter(self.columns.setdefault(column, len(self.columns)) for column in query).items())

    def _name(self, content: object) -> int:
        return self.names.setdefault(content, len(self.names))

    def _refine(self) -> None:
        """Colour members and columns apart as long as what they are in differs."""
        while True:
            before = len(set(self.colours)), len(set(self.column_colours))
            asked = [
                sorted((kind, *sorted((self.column_colours[c], n) for c, n in query)) for kind, query in queries)
                for queries in self.asked_in
            ]
            self.column_colours = [self._column_colour(c, self.colours, tuple(a)) for c, a in enumerate(asked)]
            self.colours = [self._colour(i, self.colours, self.column_colours) for i in range(len(self.colours))]
            if (len(set(self.colours)), len(set(self.column_colours))) == before:
                return

    def _column_colour(self, c: int, colours: list[int], asked: tuple[object, ...] = ()) -> int:
        rare = sorted([entry + colours[i] for i, entry in self.rare_entries[c]])
        return self._name((self.column_colours[c], self.common[c], asked, *rare))

    def _colour(self, i: int, colours: list[int], columns: list[int]) -> int:
        inside = sorted([entry + columns[c] for c, entry in self.seen[i]])
        return self._name((colours[i], *inside))

    def _marked(self, first: int, second: int) -> _Moved:
        """Return the colours that change when two members are marked, one otherwise than the other."""
        new = {first: self._name("first"), second: self._name("second")}
        colours, columns = self.colours.copy(), self.column_colours.copy()
        while True:
            before = len(new), len(set(new.values()))
            for i, colour in new.items():
                colours[i] = colour
            touched = {c for i in new for c, _ in self.seen[i]}
            for c in touched:
                columns[c] = self._column_colour(c, colours)
            members = {i for c in touched for i in self.rare[c]} | new.keys()
            new = {i: self._colour(i, colours, columns) for i in members}
            if (len(new), len(set(new.values()))) == before:
                return new

    def swap(self, i: int, j: int) -> _Moved | None:
        """Return a symmetry of order 2 that exchanges ``i`` and ``j``, where colours show one: what it moves."""
        one, other = _cells(self._marked(i, j)), _cells(self._marked(j, i))
        if one.keys() != other.keys():
            return None
        moved: _Moved = {}
        for colour, cell in one.items():
            if len(cell) != len(other[colour]):
                return None
            if cell != other[colour]:
                moved.update(zip(cell, other[colour], strict=True))
        moved = {a: b for a, b in moved.items() if a != b}
        if any(moved.get(b) != a for a, b in moved.items()) or not self._is_symmetry(moved):
            return None
        return moved

    def _is_symmetry(self, moved: _Moved) -> bool:
        """Return whether every query is mapped to a query of its class."""
        image: _Moved = {}
        for c in {c for i in moved for c, _ in self.seen[i]}:
            content = frozenset((moved.get(i, i), n) for i, n in self.rare[c].items())
            target = self.by_content.get((self.common[c], content))
            if target is None:
                return False
            image[c] = target
        touched = {asked for c in image for asked in self.asked_in[c]}  # a query of many columns is looked at once
        return all(frozenset([(image.get(c, c), n) for c, n in query]) in self.queries[kind] for kind, query in touched)


def _getter(block: tuple[int, ...]) -> Callable[[list[int]], tuple[int, ...]]:
    """Return what reads the weights of a block, as a tuple."""
    if len(block) == 1:
        return itemgetter(slice(block[0], block[0] + 1))  # a list of one
    return itemgetter(*block)


def _cells(colours: _Moved) -> dict[int, list[int]]:
    cells: dict[int, list[int]] = {}
    for i in sorted(colours):
        cells.setdefault(colours[i], []).append(i)
    return cells


def _blocks(swap: _Moved) -> Interchange:
    first = tuple(sorted(i for i, j in swap.items() if i < j))
    return first, tuple(swap[i] for i in first)


def _add(found: list[Interchange], new: Interchange) -> None:
    """Add what is interchangeable, and what the others become when it is interchanged."""
    waiting = [new]
    while waiting and len(found) < _MOST:
        blocks = waiting.pop()
        if any(set(blocks) <= set(known) for known in found):
            continue
        for n, known in enumerate(found):
            if known[0] == blocks[0] and not _support(known).intersection(*blocks[1:]):
                found[n] = (*known, *blocks[1:])
                break
        else:
            found.append(blocks)
        found.sort(key=lambda blocks: (len(blocks[0]), blocks))
        for other in list(found):
            waiting += _carried(other, blocks)
            waiting += _carried(blocks, other)


def _carried(blocks: Interchange, by: Interchange) -> Iterator[Interchange]:
    """Yield what the blocks become when the first of ``by`` is swapped with another, if they are moved elsewhere."""
    support = _support(blocks)
    for other in by[1:]:
        swap = dict(zip(by[0] + other, other + by[0], strict=True))
        moved = tuple(tuple(swap.get(i, i) for i in block) for block in blocks)
        if _support(moved) != support:
            order = sorted(range(len(moved[0])), key=lambda t, moved=moved: min(block[t] for block in moved))  # type: ignore[misc]  # as above
            yield tuple(sorted(tuple(block[t] for t in order) for block in moved))


def _support(blocks: Interchange) -> set[int]:
    return {i for block in blocks for i in block}

"""Interchangeable members of a game, verified: every swap must map each query and each answer to one like it.

A symmetry is a tuple of equally long blocks of members.  Swapping two blocks, entry by entry, is to leave the game as
it is: what may be asked with one kind of budget, as laws of what is seen under each member, and what answers of each
cost are right for.  Then no learner does better from a belief than from the belief with two blocks' weights swapped:
it asks the swapped queries.  The prior is a belief among others and need not be invariant.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from reference.certificates.error import CertificateError

Symmetry = tuple[tuple[int, ...], ...]
"""Blocks of members that may be interchanged."""

Likelihoods = tuple[tuple[int, ...], int]
"""What an observation weighs under every member: numerators, and their denominator."""

Kinds = Sequence[Sequence[Sequence[Likelihoods]]]
"""For each kind of move (what pays for it, or what it costs) the moves, each with its observations."""


def check_symmetries(symmetries: Iterable[Symmetry], members: int, kinds: Kinds) -> None:
    """Verify that all swaps of neighbouring blocks leave the game as it is; they generate all others.

    Raises:
        CertificateError: naming the blocks.
    """
    known = [{_multiset(move) for move in moves} for moves in kinds]
    for blocks in symmetries:
        listed = [i for block in blocks for i in block]
        if len({len(block) for block in blocks}) > 1 or sorted(set(listed)) != sorted(listed):
            raise CertificateError(f"symmetry {_text(blocks)}: not blocks of one length without common members")
        if any(not 0 <= i < members for i in listed):
            raise CertificateError(f"symmetry {_text(blocks)}: the members are 0 to {members - 1}")
        for one, other in pairwise(blocks):
            pairs = list(zip(one, other, strict=True))
            for moves, alike in zip(kinds, known, strict=True):
                if any(_multiset(_swapped(move, pairs)) not in alike for move in moves if _moves(move, pairs)):
                    raise CertificateError(f"symmetry {_text((one, other))}: swapping these changes the game")


def standing_belief(symmetries: Iterable[Symmetry], belief: tuple[int, ...]) -> tuple[int, ...]:
    """Return the belief that stands for all that swaps make of this one.

    In turn for each symmetry the blocks' weights are put in ascending order, if the belief gets smaller by it; and
    again, until nothing changes.
    """
    while True:
        start = belief
        for blocks in symmetries:
            rows = [tuple(belief[i] for i in block) for block in blocks]
            if (ascending := sorted(rows)) != rows:
                flat = zip((i for block in blocks for i in block), (w for row in ascending for w in row), strict=True)
                new = dict(flat)
                belief = min(belief, tuple(new.get(i, w) for i, w in enumerate(belief)))
        if belief == start:
            return belief


def _multiset(move: Iterable[Likelihoods]) -> frozenset[tuple[Likelihoods, int]]:
    return frozenset(Counter(move).items())


def _moves(move: Iterable[Likelihoods], pairs: list[tuple[int, int]]) -> bool:
    return any(numerators[i] != numerators[j] for numerators, _ in move for i, j in pairs)


def _swapped(move: Iterable[Likelihoods], pairs: list[tuple[int, int]]) -> list[Likelihoods]:
    swap = {**dict(pairs), **{j: i for i, j in pairs}}
    return [(tuple(ns[swap.get(i, i)] for i in range(len(ns))), denominator) for ns, denominator in move]


def _text(blocks: Symmetry) -> str:
    return f"{[list(block) for block in blocks]!s:.80}"

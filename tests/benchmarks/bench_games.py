"""The game solver beside a straightforward memoised recursion over histories with ``fractions.Fraction``."""

from fractions import Fraction
from functools import cache

from frame import Row, check, compare, fastest, main

from proofs_check.games import solve
from reference.constructions.needle import NeedleFamily
from reference.model import Problem
from reference.model.criteria import naming

Event = tuple[str, int, int]


def rows() -> list[Row]:
    """Needle games; histories are kept in order at the first size, and up to order (a gift to the peer) at the second.

    The peer cannot finish k = 8: there it is left out.
    """
    return [_row(3, 3, 2, ordered=True), _row(4, 4, 3, ordered=False), _alone(8, 8, 7)]


def by_histories(k: int, t_comp: int, t_data: int, *, ordered: bool) -> Fraction:
    """Return the value of the needle game with C = 10, m = 1; one event is a draw (0, needle, sign) or a reward."""
    members = [(i, sign) for i in range(1, k + 1) for sign in (1, -1)]
    p = Fraction(1, 10)

    def likelihood(member: tuple[int, int], event: Event) -> Fraction:
        kind, y, seen = event
        if kind == "weak":
            return 1 - p if y == 0 else p * ((y, seen) == member)
        return Fraction(seen == (y == member[0]))

    @cache
    def value(history: tuple[Event, ...], c: int, d: int) -> Fraction:
        joint = [Fraction(1, len(members))] * len(members)
        for event in history:
            joint = [w * likelihood(m, event) for w, m in zip(joint, members, strict=True)]
        results = [
            sum((w for w, m in zip(joint, members, strict=True) if m[0] == y), Fraction(0)) for y in range(k + 1)
        ]
        alive = [m for w, m in zip(joint, members, strict=True) if w]
        if c:
            results.append(sum((after(history, ("weak", *e), c - 1, d) for e in [(0, 0), *alive]), Fraction(0)))
        if d:
            results += [
                sum(
                    (after(history, ("reward", y, r), c, d - 1) for r in {y == m[0] for m in alive}),
                    Fraction(0),
                )
                for y in range(k + 1)
            ]
        return max(results)

    def after(history: tuple[Event, ...], event: Event, c: int, d: int) -> Fraction:
        longer = (*history, event)
        return value(longer if ordered else tuple(sorted(longer)), c, d)

    return value((), t_comp, t_data)


def needles(problem: Problem) -> set[tuple[int, int]]:
    """Return the answers that name the needle."""
    return {(0, y) for y in problem.support(0) if not problem.phi(0, y).is_zero}


def _row(k: int, t_comp: int, t_data: int, *, ordered: bool) -> Row:
    game = naming(NeedleFamily.of(k, 10, 1, 1).members(), needles)

    def ours() -> object:
        return solve(game, [(t_comp, t_data)]).value(t_comp, t_data)

    def peer() -> Fraction:
        return by_histories(k, t_comp, t_data, ordered=ordered)

    work = f"needle game, k = {k}, T_comp = {t_comp}, T_data = {t_data}"
    check(agree=str(ours()) == str(peer()), work=work)
    name = "Fractions, histories" if ordered else "the same, histories up to order"
    return Row(work, name, *compare(ours, peer), limit=10, faster=True)


def _alone(k: int, t_comp: int, t_data: int) -> Row:
    game = naming(NeedleFamily.of(k, 10, 1, 1).members(), needles)
    (seconds,) = fastest(lambda: solve(game, [(t_comp, t_data)]), seconds=1)
    return Row(f"needle game, k = {k}, T_comp = {t_comp}, T_data = {t_data}", "-", seconds, None)


if __name__ == "__main__":
    main(rows)

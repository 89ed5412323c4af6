"""The game solver beside a straightforward memoised recursion over histories, and beside Storm on exported games."""

import importlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from types import ModuleType

from flint import fmpq
from frame import Row, check, compare, fastest, main, stopped_after

from proofs_check.claims.lower_bound.every_learner import StrongMatch
from reference.certificates.game import check_game
from reference.constructions.needles import NeedleFamily
from reference.exact.law import Law
from reference.exact.rational_numbers import RationalLike
from reference.games import PROPERTY, solve, to_prism
from reference.games.curves import correlated_features, graded_rewards, several_needles
from reference.model import LinearProblem
from reference.model.criteria import naming
from reference.model.game import Game

STOP = 20.0
"""Seconds after which a peer that has not finished is stopped."""

SYMMETRIC = "needle, k = 2, C = 7/2, d = 4"
"""A game of 32 members: nine tenths of the time goes into trying which of them are interchangeable."""

Event = tuple[str, int, int]


def rows() -> list[Row]:
    """Needle games, by histories with Fractions; then games of all kinds, by Storm in exact rationals.

    Histories are kept in order at the first size, and up to order (a gift to the peer) at the others.  The peer does
    not finish k = 8: it is stopped after 20 seconds, and the ratio shown is a lower bound.  Storm's time is that of
    parsing, building and checking a program that was written before, and its values agree exactly with ours.

    Then large needle games up to interchanging needles and signs: seconds against what was asked, those of the checker,
    and the same game with all beliefs apart.
    """
    return [
        *(_row(3, 3, 2, ordered=True), _row(4, 4, 3, ordered=False), _stopped(8, 8, 7)),
        *_storm_rows(),
        _apart(),
        *_large_rows(),
    ]


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


def needles(problem: LinearProblem) -> set[tuple[int, int]]:
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


def _stopped(k: int, t_comp: int, t_data: int) -> Row:
    """Stop the peer if need be: its seconds are then a lower bound, and the closed form is what ours agrees with."""
    family = NeedleFamily.of(k, 10, 1, 1)
    game = naming(family.members(), needles)
    agree = solve(game, [(t_comp, t_data)]).value(t_comp, t_data) == family.game_value(t_comp, t_data)
    check(agree=agree, work=f"k = {k} and the closed form")
    (seconds,) = fastest(lambda: solve(game, [(t_comp, t_data)]), seconds=1)
    theirs, stopped = stopped_after(STOP, lambda: by_histories(k, t_comp, t_data, ordered=False))
    peer = f"histories up to order, {'stopped' if stopped else 'once'}"
    work = f"needle game, k = {k}, T_comp = {t_comp}, T_data = {t_data}"
    return Row(work, peer, seconds, theirs, limit=10, faster=True, stopped=stopped)


def needle_game(k: int) -> Game:
    """Return the game of naming the needle among ``k``, with C = 10."""
    return naming(NeedleFamily.of(k, 10, 1, 1).members(), needles)


def _large_rows() -> Iterator[Row]:
    """Value and certificate, then the checker; the value is that of the closed form."""
    for k, t_comp, t_data, asked in ((12, 8, 7, 0.2), (32, 16, 15, 2.0), (64, 32, 31, 30.0), (128, 64, 63, None)):
        game = needle_game(k)
        found = solve(game, [(t_comp, t_data)])
        agree = found.value(t_comp, t_data) == NeedleFamily.of(k, 10, 1, 1).game_value(t_comp, t_data)
        check(agree=agree, work=f"k = {k} and the closed form")
        work = f"k = {k}, T = ({t_comp}, {t_data}), {found.states} states"
        peer, limit = ("-", None) if asked is None else (f"{asked:g} seconds", 1)
        (ours,) = fastest(lambda: solve(game, [(t_comp, t_data)]).certificate, seconds=1)  # noqa: B023 - called at once
        (checked,) = fastest(lambda: check_game(game, found.certificate), seconds=1)  # noqa: B023 - called at once
        yield Row(f"{work}, solved", peer, ours, asked, limit=limit)
        yield Row(f"{work}, checked", peer, checked, asked, limit=limit)


def _apart() -> Row:
    """Up to symmetry, and with all beliefs apart: the same value."""
    game, budgets = needle_game(12), [(8, 7)]
    sides = partial(solve, game, budgets), partial(solve, game, budgets, merge=False)
    check(agree=len({str(side().value(*budgets[0])) for side in sides}) == 1, work="merged and apart")
    return Row("k = 12, T = (8, 7), solved", "the same, beliefs apart", *compare(*sides), limit=10, faster=True)


def storm_games() -> Iterator[tuple[str, Game, int, int]]:
    """Yield games with budgets, of every kind that is small enough for Storm."""

    def single(k: int, C: RationalLike, m: int) -> Game:
        return naming(NeedleFamily.of(k, C, m, 1).members(), needles)

    def strong(match: StrongMatch) -> Game:
        return naming(match.family.members(), needles, thetas=match.thetas)

    graded = graded_rewards(6, 8)
    yield "needle, k = 3, C = 10", single(3, 10, 1), 3, 1
    yield "needle, k = 6, C = 2", single(6, 2, 1), 4, 3
    yield SYMMETRIC, single(2, "7/2", 2), 3, 0
    yield "needle, k = 8, C = 10", single(8, 10, 1), 8, 6
    yield "two needles among 5", several_needles(5, 2, 8), 4, 2
    yield "graded rewards", graded, 3, 0
    yield "graded, noise 1/6", replace(graded, noise=Law.uniform([fmpq(-1, 6), fmpq(1, 6)])), 3, 2
    yield "graded, noise 0 1/3", replace(graded, noise=Law.uniform([fmpq(-1, 3), fmpq(0), fmpq(1, 3)])), 3, 2
    yield "correlated features, 8 names", correlated_features(3, 8), 4, 2
    yield "strong oracle, k = 4, C = 10", strong(StrongMatch(NeedleFamily.of(4, 10, 1, 1), 2, 1, 4, 2)), 4, 2
    yield "strong oracle, k = 3, C = 100", strong(StrongMatch(NeedleFamily.of(3, 100, 1, "1/4"), 49, 1, 4, 2)), 3, 1


def by_storm(stormpy: ModuleType, text: str) -> Fraction:
    """Parse, build and check a program in exact rationals."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "game.prism"
        file.write_text(text, encoding="utf-8")
        program = stormpy.parse_prism_program(str(file))
    properties = stormpy.parse_properties(PROPERTY, program)
    model = stormpy.build_model[stormpy.Rational](program, properties)
    result = stormpy.model_checking(model, properties[0], only_initial_states=True)
    return Fraction(str(result.get_value(model.initial_states[0])))


def _storm_rows() -> Iterator[Row]:
    try:
        stormpy = importlib.import_module("stormpy")
    except ImportError:
        stormpy = None
    for name, game, t_comp, t_data in storm_games():
        work = f"{name}; T_comp = {t_comp}, T_data = {t_data}"

        def ours(game: Game = game, t_comp: int = t_comp, t_data: int = t_data) -> fmpq:
            return solve(game, [(t_comp, t_data)]).value(t_comp, t_data)

        if stormpy is None:
            yield Row(work, "stormpy, exact", fastest(ours, seconds=0)[0], None)
            continue
        text, value = to_prism(game, t_comp, t_data), ours()
        check(agree=by_storm(stormpy, text) == Fraction(int(value.p), int(value.q)), work=work)
        apart = partial(solve, game, [(t_comp, t_data)], merge=False)
        sides = fastest(ours, partial(by_storm, stormpy, text), apart, seconds=1)
        yield Row(work, "stormpy, exact", sides[0], sides[1], faster=True)
        if name == SYMMETRIC:
            yield Row(f"{work}, symmetries not looked for", "stormpy, exact", sides[2], sides[1], faster=True)


if __name__ == "__main__":
    main(rows)

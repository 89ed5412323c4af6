"""Trade-offs between sampling and reward queries, over all learners, on families beside the needles of the paper.

All have one prompt, responses that can be named for a reward, and a prior that is uniform.  Source: ours.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from flint import fmpq

from reference.exact.linalg import Vector
from reference.exact.rational_numbers import RationalLike, rational
from reference.games.solver import MAX_STATES, solve
from reference.model import LinearProblem, Prompt, Response
from reference.model.criteria import naming
from reference.model.game import Game


def several_needles(k: int, n: int, C: RationalLike) -> Game:
    """Return the game of naming one of ``n`` needles among ``k`` names; together they have base mass ``1/C``.

    Raises:
        ValueError: unless ``1 <= n <= k`` and ``C >= 2``.
    """
    p = _mass(C)
    if not 1 <= n <= k:
        raise ValueError(f"n = {n} needles among k = {k} names: needs 1 <= n <= k")

    def members() -> Iterator[LinearProblem]:
        for places in combinations(range(1, k + 1), n):
            yield _problem(k, dict.fromkeys(places, p / n), dict.fromkeys(places, fmpq(1)))

    return naming(members(), _best)


def graded_rewards(k: int, C: RationalLike) -> Game:
    """Return the game of naming the needle of reward 1; the reward ``1 - |i - i*|/k`` of a name says how far it is."""
    p = _mass(C)
    return naming(
        (
            _problem(k, {place: p}, {i: 1 - fmpq(abs(i - place), k) for i in range(1, k + 1)})
            for place in range(1, k + 1)
        ),
        _best,
    )


def correlated_features(bits: int, C: RationalLike) -> Game:
    """Return the game of naming the needle among ``2^bits`` names of base mass 0, from features of other responses.

    Response ``2^bits + b + 1`` has base mass ``1/(C bits)`` and features ``1/4`` or ``-1/4``, after bit ``b`` of
    ``i* - 1``: a draw of it reveals one bit.  Its reward does so too, if it is asked for by name.
    """
    p, k = _mass(C), 2**bits

    def member(place: int) -> LinearProblem:
        hints = {k + 1 + b: fmpq(1 if (place - 1) >> b & 1 else -1, 4) for b in range(bits)}
        return _problem(k + bits, dict.fromkeys(hints, p / bits), {place: fmpq(1), **hints})

    return naming((member(place) for place in range(1, k + 1)), _best)


def curve(
    game: Game, t_data: Sequence[int], *, level: RationalLike = "3/4", most: int = 64, max_states: int = MAX_STATES
) -> list[tuple[int, int | None]]:
    """Return for each ``T_data`` the least ``T_comp`` with which some learner succeeds with probability ``level``.

    ``None``: not with ``most`` queries.

    Raises:
        GameTooLarge: as :func:`reference.games.solver.solve`.
    """
    wanted = rational(level)
    found: list[tuple[int, int | None]] = []
    for d in t_data:
        solution = solve(game, [(c, d) for c in range(most + 1)], max_states=max_states)
        found.append((d, next((c for c in range(most + 1) if solution.value(c, d) >= wanted), None)))
    return found


def _best(problem: LinearProblem) -> set[tuple[int, int]]:
    rewards = problem.rewards(0)
    return {(0, y) for y, reward in enumerate(rewards) if reward == max(rewards)}


def _mass(C: RationalLike) -> fmpq:
    ratio = rational(C)
    if ratio < 2:  # noqa: PLR2004 - the other response is at least as likely
        raise ValueError(f"C = {ratio}: needs C >= 2")
    return 1 / ratio


def _problem(last: int, masses: dict[int, fmpq], features: dict[int, fmpq]) -> LinearProblem:
    """Return the problem with responses ``0..last`` in dimension 1, ``theta = 1``; response 0 has the other mass."""
    rest = 1 - sum(masses.values(), fmpq(0))
    responses = tuple(
        Response(str(i), masses.get(i, rest if i == 0 else fmpq(0)), Vector.of([features.get(i, 0)]))
        for i in range(last + 1)
    )
    return LinearProblem.of("search", [Prompt("x", fmpq(1), responses=responses)], theta=[1], beta=1, B=1, R_max=2)

"""The value of a game over all adaptive randomised learners, by dynamic programming over belief states.

A deterministic learner is as good as any: the success of a randomised one is a mean over its coins.  What matters of a
transcript is the posterior over the members and what is left of the budgets, so transcripts with equal posteriors are
merged; so are posteriors that a symmetry of the game maps to each other (:mod:`reference.games.interchange`).
Everything is an integer: a state ``(w, c, d)`` has coprime weights ``w``, and its value is kept as
``D^c E^d sum_i w_i P_i(success)``, where ``D`` and ``E`` are common denominators of the oracles' answers.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import gcd, lcm
from operator import mul
from typing import NamedTuple

from flint import fmpq

from reference.certificates.game import GIVE_UP, GameCertificate, Move, State
from reference.exact.law import Law
from reference.games.interchange import Column, Interchange, Sorter, interchanges
from reference.model.game import Game, GameError
from reference.model.policy import softmax

MAX_STATES = 100_000
"""Belief states that :func:`solve` looks at unless told otherwise: some seconds, some hundred megabytes."""

WORK_PER_STATE = 1_000
"""Products of a weight and a likelihood that :func:`solve` forms, at most, for each of ``max_states``."""

REWARDS_PER_STATE = 4
"""Rewards of members that :func:`solve` compares, at most, for each of ``max_states``; 400,000 at the least."""

_WORTH_MERGING = 64
"""Beliefs: where fewer may be looked at, members that may be interchanged are not looked for, which takes longer."""

Belief = tuple[int, ...]
Query = tuple[Move, tuple[Column, ...]]
_Place = tuple[int, int, int]
"""The number of a belief, and the budgets left."""

_Parts = tuple[tuple[int, int], ...]
"""What a query leads to: factors, each with the number of a belief."""


class GameTooLarge(ValueError):
    """More belief states than allowed; the message names the largest budgets that were solved."""


@dataclass(frozen=True)
class Solution:
    """A solved game: scaled values and moves for every state that informative queries reach from the budgets given.

    ``symmetries``: blocks of members that may be interchanged.  The beliefs of the table are sorted by them, so that a
    state stands for all that interchanging makes of it.
    """

    game: Game
    table: dict[State, tuple[int, Move]]
    scales: tuple[int, int]
    symmetries: tuple[Interchange, ...] = ()

    def value(self, t_comp: int, t_data: int) -> fmpq:
        """Return the best probability of success with these budgets, which must be among those solved for.

        Raises:
            KeyError: if they are not.
        """
        return self._value(State(Sorter(self.symmetries)(_coprime(self.game.prior)[1]), t_comp, t_data))

    @cached_property
    def certificate(self) -> GameCertificate:
        """The optimal strategy with its values, for :func:`reference.certificates.game.check_game`."""
        entries = {state: (self._value(state), move) for state, (_, move) in self.table.items()}
        return GameCertificate(entries, self.symmetries)

    @property
    def states(self) -> int:
        """Number of belief states, up to symmetry."""
        return len(self.table)

    def _value(self, state: State) -> fmpq:
        sampling, rewards = self.scales
        return fmpq(self.table[state][0], sampling**state.t_comp * rewards**state.t_data * sum(state.belief))


def solve(
    game: Game, budgets: Iterable[tuple[int, int]], *, max_states: int = MAX_STATES, merge: bool = True
) -> Solution:
    """Solve a game for pairs ``(T_comp, T_data)`` of budgets at once.

    ``merge``: find members that may be interchanged, and look at one belief of all that interchanging makes of it.

    >>> import reference as ref
    >>> from reference.games import solve
    >>> from reference.model.criteria import naming
    >>> family = ref.NeedleFamily.of(k=8, C=4, m=1, beta="1/5")
    >>> game = naming(family.members(), lambda p: {(0, y) for y in p.support(0) if not p.phi(0, y).is_zero})
    >>> found, plain = solve(game, [(4, 3)]), solve(game, [(4, 3)], merge=False)
    >>> found.value(4, 3) == plain.value(4, 3) == family.game_value(4, 3), found.states, plain.states
    (True, 51, 841)

    Raises:
        ValueError: if a budget is negative.
        GameError: if the strong oracle's law at one of the game's ``thetas`` is not rational.
        GameTooLarge: if more than ``max_states`` belief states are reached, or beliefs over so many members that
            looking at them takes as long (``WORK_PER_STATE``); before anything is done, if the members have more
            rewards than ``REWARDS_PER_STATE`` for each.
    """
    pairs = sorted(set(budgets))
    for c, d in pairs:
        if c < 0 or d < 0:
            raise ValueError(f"budgets T_comp = {c}, T_data = {d}: a budget is a non-negative number of queries")
    most = REWARDS_PER_STATE * max(MAX_STATES, max_states)
    rewards = len(game.members) * sum(len(game.responses(x)) for x in game.prompts)
    if rewards > most:
        raise GameTooLarge(
            f"{len(game.members):,} members, {rewards:,} rewards: more than {most:,}, too many to compare in "
            f"seconds; take fewer members or responses, or max_states = {-(-rewards // REWARDS_PER_STATE):,}"
        )
    table = _Table(game, max_states, merge=merge)
    values = table.solved(pairs)
    if values is None:
        raise GameTooLarge(
            f"T_comp = {max(pairs)[0]}, T_data = {max(pairs)[1]}: {table.refused}"
            f"{' up to symmetry' if table.symmetries else ''}; solved within that: {table.largest(max(pairs))}"
        )
    return Solution(game, values, (table.sampling_scale, table.reward_scale), table.symmetries)


class Known(NamedTuple):
    """What a belief says whatever the budgets: the best answer of each cost, and what the queries lead to."""

    stops: list[tuple[int, int, Move]]
    sampling: list[tuple[Move, _Parts]]
    rewards: list[tuple[Move, _Parts]]


class _Table:
    def __init__(self, game: Game, max_states: int, *, merge: bool) -> None:
        self.game = game
        self.max_states = max_states
        self.answers: dict[int, list[tuple[Move, Column]]] = {}
        for j, answer in enumerate(game.answers):
            self.answers.setdefault(answer.queries, []).append((Move("answer", 0, j), tuple(map(int, answer.right))))
        self.sampling_scale, self.sampling = _scaled(list(_sampling(game)))
        self.reward_scale, self.rewards = _scaled(list(_rewards(game)))
        answers = sum(len(columns) for _, columns in (*self.sampling, *self.rewards))
        self.most_looked = WORK_PER_STATE * max_states // max(1, answers * len(game.members))
        self.symmetries: tuple[Interchange, ...] = ()
        if merge and self.most_looked >= _WORTH_MERGING:
            classes = [[columns for _, columns in queries] for queries in (self.sampling, self.rewards)]
            classes += [[(right,) for _, right in listed] for listed in self.answers.values()]
            self.symmetries = interchanges(classes, len(game.members))
        self.sort = Sorter(self.symmetries)
        self.beliefs: list[Belief] = []
        self.numbers: dict[Belief, int] = {}
        self.looked: dict[int, Known] = {}
        self.refused = ""

    def solved(self, budgets: Iterable[tuple[int, int]]) -> dict[State, tuple[int, Move]] | None:
        """Find all states forwards, level by level of budgets left; then value them backwards.  ``None``: too many."""
        order = self._reached(budgets)
        if order is None:
            return None
        values: dict[_Place, tuple[int, Move]] = {}
        for number, c, d in reversed(order):
            stop, move = self._stop(number, c)
            best = stop * self.sampling_scale**c * self.reward_scale**d
            for query, parts, left in self._open(number, c, d):
                value = sum(factor * values[after, *left][0] for factor, after in parts)
                if value > best:
                    best, move = value, query
            values[number, c, d] = best, move
        return {State(self.beliefs[n], c, d): found for (n, c, d), found in values.items()}

    def largest(self, budgets: tuple[int, int]) -> str:
        """Return the last budgets on the way to ``budgets`` that can be solved, for people."""
        ways = [(min(n, budgets[0]), min(n, budgets[1])) for n in range(max(budgets) + 1)]
        solved, step = -1, 1
        while step:
            tried = solved + step
            if tried < len(ways) - 1 and self._reached([ways[tried]]) is not None:
                solved, step = tried, 2 * step
            else:
                step //= 2
        return "none" if solved < 0 else f"T_comp = {ways[solved][0]}, T_data = {ways[solved][1]}"

    def _reached(self, budgets: Iterable[tuple[int, int]]) -> list[_Place] | None:
        """Return all states from the largest budgets left to the smallest, or ``None`` if they are too many."""
        levels: dict[int, dict[_Place, None]] = {}
        prior = self._number(_coprime(self.game.prior)[1])
        for c, d in budgets:
            levels.setdefault(c + d, {})[prior, c, d] = None
        order: list[_Place] = []
        for level in range(max(levels, default=-1), -1, -1):
            found = levels.pop(level, {})
            if len(order) + len(found) > self.max_states:
                self.refused = f"more than {self.max_states} belief states"
                return None
            below = levels.setdefault(level - 1, {})
            for place in found:
                if place[0] not in self.looked and len(self.looked) >= self.most_looked:
                    self.refused = f"more than {self.most_looked} beliefs over {len(self.game.members)} members"
                    return None
                for _, parts, left in self._open(*place):
                    below.update(((after, *left), None) for _, after in parts)
            order += found
        return order

    def _stop(self, number: int, c: int) -> tuple[int, Move]:
        """Return the weight of the members for which the best affordable answer is right, and that answer."""
        affordable = [(right, move) for cost, right, move in self._look(number).stops if cost <= c]
        return max([*affordable, (0, GIVE_UP)], key=lambda pair: pair[0])

    def _open(self, number: int, c: int, d: int) -> Iterator[tuple[Move, _Parts, tuple[int, int]]]:
        """Yield the queries that may help, what they lead to, and what is left of the budgets."""
        if self._stop(number, c)[0] == sum(self.beliefs[number]):
            return
        known = self._look(number)
        for queries, left in ((known.sampling if c else (), (c - 1, d)), (known.rewards if d else (), (c, d - 1))):
            for move, parts in queries:
                yield move, parts, left

    def _look(self, number: int) -> Known:
        """Return what a belief says whatever the budgets are; it is worked out once."""
        if number not in self.looked:
            belief = self.beliefs[number]
            stops = []
            for cost, listed in self.answers.items():
                rights = [(sum(map(mul, belief, right)), move) for move, right in listed]
                stops.append((cost, *max(rights, key=lambda pair: pair[0])))
            self.looked[number] = Known(
                stops, self._successors(belief, self.sampling), self._successors(belief, self.rewards)
            )
        return self.looked[number]

    def _successors(self, belief: Belief, queries: list[Query]) -> list[tuple[Move, _Parts]]:
        """Return what each query leads to; of queries that lead to the same, up to symmetry, the first."""
        found: dict[_Parts, Move] = {}
        for move, columns in queries:
            parts = [_coprime(tuple(map(mul, belief, column))) for column in columns]
            if all(after == belief for factor, after in parts if factor):
                continue  # it tells nothing
            merged: dict[int, int] = {}
            for factor, after in parts:
                if factor:
                    number = self._number(after)
                    merged[number] = merged.get(number, 0) + factor
            found.setdefault(tuple((factor, number) for number, factor in sorted(merged.items())), move)
        return [(move, parts) for parts, move in found.items()]

    def _number(self, belief: Belief) -> int:
        """Return the number of a belief up to symmetry."""
        if belief not in self.numbers:
            least = self.sort(belief)
            if least not in self.numbers:
                self.numbers[least] = len(self.beliefs)
                self.beliefs.append(least)
            self.numbers[belief] = self.numbers[least]
        return self.numbers[belief]


def _coprime(weights: Belief) -> tuple[int, Belief]:
    """Return the greatest common divisor, and the weights over it; 0 if all are 0."""
    common = gcd(*weights)
    return (common, tuple(w // common for w in weights)) if common > 1 else (common, weights)


def _sampling(game: Game) -> Iterator[tuple[Move, list[Law[tuple[object, ...]]]]]:
    for x in game.prompts:
        if game.weak:
            yield Move("weak", x, 0), [member.pi_ref(x).map(_seen(game, i, x)) for i, member in enumerate(game.members)]
        for t, theta in enumerate(game.thetas):
            laws = [softmax(member, theta).law(x).map(_seen(game, i, x)) for i, member in enumerate(game.members)]
            if not all(law.is_rational for law in laws):
                raise GameError(
                    f"thetas[{t}]: its probabilities are irrational; choose it so that exp(<theta, phi - phi'>/beta) "
                    "is rational for every member"
                )
            yield Move("strong", x, t), laws


def _seen(game: Game, i: int, x: int) -> Callable[[int], tuple[object, ...]]:
    return lambda y: (y, game.members[i].phi(x, y))


def _rewards(game: Game) -> Iterator[tuple[Move, list[Law[tuple[object, ...]]]]]:
    for x in game.prompts:
        for y in game.responses(x):
            rewards = [member.reward(x, y) for member in game.members]
            yield Move("reward", x, y), [game.noise.map(lambda error, r=r: (r + error,)) for r in rewards]  # type: ignore[misc]  # mypy cannot type a default of a lambda


def _scaled(queries: list[tuple[Move, list[Law[tuple[object, ...]]]]]) -> tuple[int, list[Query]]:
    """Return a common denominator of all laws, and every informative query as columns of numerators over it."""
    totals = [law.total for _, laws in queries for law in laws]
    scale = lcm(*(total for total in totals if isinstance(total, int)))
    found: list[Query] = []
    for move, laws in queries:
        columns: dict[object, list[int]] = {}
        for i, law in enumerate(laws):
            for seen in law.outcomes:
                mass = law.mass(seen)
                assert isinstance(mass, fmpq)  # noqa: S101 - checked where the laws were made
                columns.setdefault(seen, [0] * len(laws))[i] = int((mass * scale).p)
        listed = tuple(tuple(column) for column in columns.values())
        if any(len(set(column)) > 1 for column in listed):
            found.append((move, listed))
    return scale, found

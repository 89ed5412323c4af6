"""The value of a game over all adaptive randomised learners, by dynamic programming over belief states.

A deterministic learner is as good as any: the success of a randomised one is a mean over its coins.  What matters of a
transcript is the posterior over the members and what is left of the budgets, so transcripts with equal posteriors are
merged.  Everything is an integer: a state ``(w, c, d)`` has coprime weights ``w``, and its value is kept as
``D^c E^d sum_i w_i P_i(success)``, where ``D`` and ``E`` are common denominators of the oracles' answers.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from math import gcd, lcm
from operator import mul

from flint import fmpq

from reference.certificates.game import GIVE_UP, GameCertificate, Move, State
from reference.exact.law import Law
from reference.model.game import Game, GameError
from reference.model.policy import softmax

MAX_STATES = 100_000
"""Belief states that :func:`solve` looks at unless told otherwise: some seconds, some hundred megabytes."""

Belief = tuple[int, ...]
Column = tuple[int, ...]
Query = tuple[Move, tuple[Column, ...]]
Successors = list[tuple[Move, list[tuple[int, State]]]]


class GameTooLarge(ValueError):
    """More belief states than allowed; the message names the largest budgets that were solved."""


@dataclass(frozen=True)
class Solution:
    """A solved game: scaled values and moves for every state that informative queries reach from the budgets given."""

    game: Game
    table: dict[State, tuple[int, Move]]
    scales: tuple[int, int]

    def value(self, t_comp: int, t_data: int) -> fmpq:
        """Return the best probability of success with these budgets, which must be among those solved for.

        Raises:
            KeyError: if they are not.
        """
        return self._value(State(_coprime(self.game.prior)[1], t_comp, t_data))

    @cached_property
    def certificate(self) -> GameCertificate:
        """The optimal strategy with its values, for :func:`reference.certificates.game.check_game`."""
        return GameCertificate({state: (self._value(state), move) for state, (_, move) in self.table.items()})

    @property
    def states(self) -> int:
        """Number of belief states."""
        return len(self.table)

    def _value(self, state: State) -> fmpq:
        sampling, rewards = self.scales
        return fmpq(self.table[state][0], sampling**state.t_comp * rewards**state.t_data * sum(state.belief))


def solve(game: Game, budgets: Iterable[tuple[int, int]], *, max_states: int = MAX_STATES) -> Solution:
    """Solve a game for pairs ``(T_comp, T_data)`` of budgets at once.

    Raises:
        ValueError: if a budget is negative.
        GameError: if the strong oracle's law at one of the game's ``thetas`` is not rational.
        GameTooLarge: if more than ``max_states`` belief states are reached.
    """
    pairs = sorted(set(budgets))
    for c, d in pairs:
        if c < 0 or d < 0:
            raise ValueError(f"budgets T_comp = {c}, T_data = {d}: a budget is a non-negative number of queries")
    table = _Table(game, max_states)
    if not table.fill(pairs):
        largest = _largest(game, max(pairs), max_states)
        raise GameTooLarge(
            f"T_comp = {max(pairs)[0]}, T_data = {max(pairs)[1]}: more than {max_states} belief states; "
            f"solved within that: {largest}"
        )
    return Solution(game, table.values, (table.sampling_scale, table.reward_scale))


def _largest(game: Game, budgets: tuple[int, int], max_states: int) -> str:
    """Return the last budgets on the way to ``budgets`` that can be solved, for people."""
    last = "none"
    for n in count():
        pair = min(n, budgets[0]), min(n, budgets[1])
        if pair == budgets or not _Table(game, max_states).fill([pair]):
            return last
        last = f"T_comp = {pair[0]}, T_data = {pair[1]}"
    return last


class _Table:
    def __init__(self, game: Game, max_states: int) -> None:
        self.game = game
        self.max_states = max_states
        self.values: dict[State, tuple[int, Move]] = {}
        self.answers = [
            (answer.queries, Move("answer", 0, j), tuple(map(int, answer.right)))
            for j, answer in enumerate(game.answers)
        ]
        self.sampling_scale, self.sampling = _scaled(list(_sampling(game)))
        self.reward_scale, self.rewards = _scaled(list(_rewards(game)))

    def fill(self, budgets: Iterable[tuple[int, int]]) -> bool:
        """Find all states forwards, level by level of budgets left; then value them backwards."""
        levels: dict[int, dict[State, None]] = {}
        _, prior = _coprime(self.game.prior)
        for c, d in budgets:
            levels.setdefault(c + d, {})[State(prior, c, d)] = None
        order: list[tuple[State, int, Move, Successors]] = []
        for level in range(max(levels, default=-1), -1, -1):
            found = levels.pop(level, {})
            if len(order) + len(found) > self.max_states:
                return False
            below = levels.setdefault(level - 1, {})
            for state in found:
                stop, answer = self._stop(state)
                successors = [] if stop == sum(state.belief) else list(self._successors(state))
                order.append((state, stop, answer, successors))
                for _, parts in successors:
                    below.update((after, None) for _, after in parts)
        for state, stop, answer, successors in reversed(order):
            best = stop * self.sampling_scale**state.t_comp * self.reward_scale**state.t_data
            choice = answer
            for move, parts in successors:
                value = sum(factor * self.values[after][0] for factor, after in parts)
                if value > best:
                    best, choice = value, move
            self.values[state] = best, choice
        return True

    def _stop(self, state: State) -> tuple[int, Move]:
        """Return the weight of the members for which the best affordable answer is right, and that answer."""
        affordable = [
            (sum(map(mul, state.belief, right)), move)
            for queries, move, right in self.answers
            if queries <= state.t_comp
        ]
        return max([*affordable, (0, GIVE_UP)], key=lambda pair: pair[0])

    def _successors(self, state: State) -> Iterator[tuple[Move, list[tuple[int, State]]]]:
        belief, c, d = state
        for queries, left in ((self.sampling if c else [], (c - 1, d)), (self.rewards if d else [], (c, d - 1))):
            for move, columns in queries:
                parts = [_coprime(tuple(map(mul, belief, column))) for column in columns]
                if all(after == belief for factor, after in parts if factor):
                    continue  # it tells nothing
                yield move, [(factor, State(after, *left)) for factor, after in parts if factor]


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

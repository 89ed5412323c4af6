"""A solved game's strategy as a learner: it plays through the oracles, and its exact law is that of a program."""

from collections.abc import Iterator
from operator import mul

from flint import fmpq

from reference.certificates.game import (
    GIVE_UP,
    GameCertificate,
    Move,
    Observation,
    State,
    outcomes,
    start,
    without_common_divisor,
)
from reference.exact.law import Law
from reference.games.interchange import Sorter
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Budget
from reference.interaction.world import Oracles, World
from reference.model.game import Game


def play_strategy(oracles: Oracles, game: Game, certificate: GameCertificate, t_comp: int, t_data: int) -> int:
    """Follow the certificate's moves from the first state to an answer; return the answer's number, -1 for none."""
    return _Guide(game, certificate).play(oracles, t_comp, t_data)


def strategy_law(game: Game, certificate: GameCertificate, t_comp: int, t_data: int) -> fmpq:
    """Return the exact probability that the strategy's answer is right, by playing it in every member's world."""
    guide, total = _Guide(game, certificate), fmpq(0)
    budget = Budget(reward=t_data, t_comp=t_comp)
    for i, (member, weight) in enumerate(zip(game.members, game.prior, strict=True)):
        law: Law[int] = law_of(
            lambda choice, member=member: guide.play(  # type: ignore[misc]  # mypy cannot type a default of a lambda
                World(member, choice, budget=budget, noise=game.noise).oracles, t_comp, t_data
            )
        )
        right = law.probability(lambda j, i=i: j >= 0 and game.answers[j].right[i])  # type: ignore[misc]  # as above
        assert isinstance(right, fmpq)  # noqa: S101 - the laws of a game are rational
        total += right * weight
    return total / sum(game.prior)


class _Guide:
    """The moves of a certificate.

    Up to symmetry: a state that another stands for has the moves of that other with members interchanged, and the one
    that promises its value is looked for.
    """

    def __init__(self, game: Game, certificate: GameCertificate) -> None:
        self.game = game
        self.entries = certificate.entries
        self.sort = Sorter(certificate.symmetries)
        self.seen: dict[Move, dict[object, Observation]] = {}
        self.moves: dict[State, Move] = {}

    def play(self, oracles: Oracles, t_comp: int, t_data: int) -> int:
        state = start(self.game, t_comp, t_data)
        while True:
            move = self.move(state)
            if move.kind == "answer":
                return move.item
            seen = self.outcomes(move)[_ask(oracles, self.game, move)]
            state = _after(state, move, tuple(map(mul, state.belief, seen.numerators)))

    def move(self, state: State) -> Move:
        if state not in self.moves:
            value, move = self.entries[self.standing(state)]
            if state not in self.entries:
                move = next(other for other in self.like(move) if self.promise(state, other) == value)
            self.moves[state] = move
        return self.moves[state]

    def outcomes(self, move: Move) -> dict[object, Observation]:
        if move not in self.seen:
            self.seen[move] = {outcome.seen: outcome for outcome in outcomes(self.game, move)}
        return self.seen[move]

    def standing(self, state: State) -> State:
        return state._replace(belief=self.sort(state.belief))

    def like(self, move: Move) -> Iterator[Move]:
        """Yield the moves that interchanging members may make of a move."""
        if move.kind == "answer":
            cost = self.game.answers[move.item].queries if move != GIVE_UP else None
            yield from (Move("answer", 0, j) for j, a in enumerate(self.game.answers) if a.queries == cost)
            yield GIVE_UP
        for x in self.game.prompts:
            if move.kind == "reward":
                yield from (Move("reward", x, y) for y in self.game.responses(x))
            elif move.kind != "answer":
                if self.game.weak:
                    yield Move("weak", x, 0)
                yield from (Move("strong", x, t) for t in range(len(self.game.thetas)))

    def promise(self, state: State, move: Move) -> fmpq:
        """Return what a move promises; -1 if it leads where the certificate says nothing."""
        whole, total = sum(state.belief), fmpq(0)
        if move.kind == "answer":
            right = self.game.answers[move.item].right if move != GIVE_UP else ()
            return fmpq(sum(map(mul, state.belief, right)), whole)
        for outcome in self.outcomes(move).values():
            joint = tuple(map(mul, state.belief, outcome.numerators))
            if any(joint):
                entry = self.entries.get(self.standing(_after(state, move, joint)))
                if entry is None:
                    return fmpq(-1)
                total += entry[0] * fmpq(sum(joint), outcome.denominator * whole)
        return total


def _ask(oracles: Oracles, game: Game, move: Move) -> object:
    if move.kind == "weak":
        return oracles.weak(move.x)
    if move.kind == "strong":
        return oracles.strong(move.x, game.thetas[move.item])
    return oracles.reward(move.x, move.item)


def _after(state: State, move: Move, joint: tuple[int, ...]) -> State:
    left = (state.t_comp, state.t_data - 1) if move.kind == "reward" else (state.t_comp - 1, state.t_data)
    return State(without_common_divisor(joint), *left)

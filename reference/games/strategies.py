"""A solved game's strategy as a learner: it plays through the oracles, and its exact law is that of a program."""

from collections.abc import Mapping

from flint import fmpq

from reference.certificates.game import (
    GameCertificate,
    Move,
    Observation,
    State,
    outcomes,
    start,
    without_common_divisor,
)
from reference.exact.law import Law
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Budget
from reference.interaction.world import Oracles, World
from reference.model.game import Game


def play_strategy(oracles: Oracles, game: Game, certificate: GameCertificate, t_comp: int, t_data: int) -> int:
    """Follow the certificate's moves from the first state to an answer; return the answer's number, -1 for none."""
    known: dict[Move, Mapping[object, Observation]] = {}
    state = start(game, t_comp, t_data)
    while True:
        _, move = certificate.entries[state]
        if move.kind == "answer":
            return move.item
        if move not in known:
            known[move] = {outcome.seen: outcome for outcome in outcomes(game, move)}
        joint = tuple(
            w * n for w, n in zip(state.belief, known[move][_ask(oracles, game, move)].numerators, strict=True)
        )
        state = _after(state, move, joint)


def strategy_law(game: Game, certificate: GameCertificate, t_comp: int, t_data: int) -> fmpq:
    """Return the exact probability that the strategy's answer is right, by playing it in every member's world."""
    total = fmpq(0)
    budget = Budget(reward=t_data, t_comp=t_comp)
    for i, (member, weight) in enumerate(zip(game.members, game.prior, strict=True)):
        law: Law[int] = law_of(
            lambda choice, member=member: play_strategy(  # type: ignore[misc]  # mypy cannot type a default of a lambda
                World(member, choice, budget=budget, noise=game.noise).oracles, game, certificate, t_comp, t_data
            )
        )
        right = law.probability(lambda j, i=i: j >= 0 and game.answers[j].right[i])  # type: ignore[misc]  # as above
        assert isinstance(right, fmpq)  # noqa: S101 - the laws of a game are rational
        total += right * weight
    return total / sum(game.prior)


def _ask(oracles: Oracles, game: Game, move: Move) -> object:
    if move.kind == "weak":
        return oracles.weak(move.x)
    if move.kind == "strong":
        return oracles.strong(move.x, game.thetas[move.item])
    return oracles.reward(move.x, move.item)


def _after(state: State, move: Move, joint: tuple[int, ...]) -> State:
    left = (state.t_comp, state.t_data - 1) if move.kind == "reward" else (state.t_comp - 1, state.t_data)
    return State(without_common_divisor(joint), *left)

"""The checker of a solved game: Bellman equations, state by state, with arithmetic of its own.

A state is what a learner knows (the posterior, as coprime integers, one for each member) and what it may still spend.
The certificate gives for states a value and a move.  The checker verifies that no move promises more than the value
and that the named move promises exactly the value.  By induction over budgets the value is then the best probability
of success over all adaptive learners, randomised ones included, and the moves are a strategy that attains it.

Two kinds of move need no look.  A query whose answer has the same law under every member still possible leaves
the learner where it was with less to spend, and every strategy for a smaller budget is one for a larger.  Where the
value is 1 nothing can promise more.

The values may be given up to symmetry: for one belief of all that interchanging members makes of it.  That they are
interchangeable is verified first (:mod:`reference.certificates.invariance`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import gcd, lcm
from typing import Literal, NamedTuple

from flint import fmpq

from reference.certificates.error import CertificateError
from reference.certificates.invariance import Symmetry, check_symmetries, standing_belief
from reference.exact.expratio import exp_ratio
from reference.exact.expsum import exp
from reference.model.game import Game

StateKind = Literal["weak", "strong", "reward", "answer"]


class Move(NamedTuple):
    """``weak`` at prompt ``x``; ``strong`` at ``x`` with ``thetas[item]``; ``reward`` of response ``item`` to ``x``.

    ``answer`` number ``item`` ends the game; see also :data:`GIVE_UP`.
    """

    kind: StateKind
    x: int
    item: int


GIVE_UP = Move("answer", 0, -1)
"""End without an answer, which is never right: all that is left where no answer's queries can be paid."""


class State(NamedTuple):
    """The posterior as coprime non-negative integers, and how many queries of each kind are left."""

    belief: tuple[int, ...]
    t_comp: int
    t_data: int


@dataclass(frozen=True, slots=True)
class GameCertificate:
    """Claimed: the value of the game at the start of a budget.  Witness: values and moves of states.

    For each state its value, and a move that attains it: closed under all informative moves, up to symmetry.
    ``symmetries``: blocks of members that may be interchanged; none: every state is listed.
    """

    entries: Mapping[State, tuple[fmpq, Move]]
    symmetries: tuple[Symmetry, ...] = ()


class Observation(NamedTuple):
    """One possible answer to a query: its likelihoods are ``numerators[i] / denominator``."""

    seen: object
    numerators: tuple[int, ...]
    denominator: int


def start(game: Game, t_comp: int, t_data: int) -> State:
    """Return the state before the first query."""
    return State(without_common_divisor(game.prior), t_comp, t_data)


def without_common_divisor(weights: Iterable[int]) -> tuple[int, ...]:
    """Return the weights over their greatest common divisor."""
    listed = tuple(weights)
    common = gcd(*listed)
    return tuple(w // common for w in listed) if common > 1 else listed


def outcomes(game: Game, move: Move) -> tuple[Observation, ...]:
    """Return what a query may show, with the likelihood of it under every member.

    Raises:
        CertificateError: for a strong query whose law is not rational under some member.
    """
    columns: dict[object, list[fmpq]] = {}
    for i in range(len(game.members)):
        for seen, mass in _answers(game, move, i):
            columns.setdefault(seen, [fmpq(0)] * len(game.members))[i] += mass
    found = []
    for seen, column in columns.items():
        denominator = lcm(*(int(mass.q) for mass in column))
        found.append(Observation(seen, tuple(int((mass * denominator).p) for mass in column), denominator))
    return tuple(found)


def check_game(game: Game, certificate: GameCertificate) -> None:
    """Verify the symmetries of the certificate, then the value and the move of every state.

    Raises:
        CertificateError: naming the state and the move where a Bellman equation fails, or a state that is missing, or
            members whose swap changes the game.
    """
    checked = _Bellman(game, certificate)
    for state, (value, move) in certificate.entries.items():
        if (promised := checked.promise(state, move)) != value:
            raise CertificateError(f"{_named(state)}: the move {tuple(move)} promises {promised}, not {value}")
        if value == 1:
            continue
        for other in checked.open(state):
            if (better := checked.promise(state, other)) > value:
                raise CertificateError(f"{_named(state)}: the move {tuple(other)} promises {better}, more than {value}")


_Parts = tuple[tuple[fmpq, tuple[int, ...]], ...]
"""Where a query leads: probabilities of beliefs."""


@dataclass(slots=True)
class _Bellman:
    """What the equations need, worked out once for each belief."""

    game: Game
    certificate: GameCertificate
    queries: dict[Move, tuple[Observation, ...]] = field(default_factory=dict)
    values: dict[State, fmpq] = field(default_factory=dict)
    standing: dict[tuple[int, ...], tuple[int, ...]] = field(default_factory=dict)
    parts: dict[tuple[int, ...], dict[Move, _Parts]] = field(default_factory=dict)
    informative: dict[tuple[int, ...], list[Move]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        members = len(self.game.members)
        self.queries = {move: outcomes(self.game, move) for move in _queries(self.game)}
        check_symmetries(self.certificate.symmetries, members, self._kinds())
        for state, (value, _) in self.certificate.entries.items():
            if (
                len(state.belief) != members
                or min(state.belief) < 0
                or not any(state.belief)
                or without_common_divisor(state.belief) != state.belief
                or min(state[1:]) < 0
            ):
                raise CertificateError(f"{_named(state)}: not a state of this game")
            if self.values.setdefault(State(self._standing(state.belief), *state[1:]), value) != value:
                raise CertificateError(f"{_named(state)}: another value than that of a state symmetric to it")

    def promise(self, state: State, move: Move) -> fmpq:
        """Return the probability of success of making a move and playing by the certificate's values from then on."""
        if move == GIVE_UP:
            return fmpq(0)
        if move.kind == "answer":
            return self._right(state, move)
        left = (state.t_comp, state.t_data - 1) if move.kind == "reward" else (state.t_comp - 1, state.t_data)
        if min(left) < 0 or move not in self.queries:
            raise CertificateError(f"{_named(state)}: the move {tuple(move)} is not there, or exceeds a budget")
        total = fmpq(0)
        for mass, belief in self._parts(state.belief, move):
            after = State(belief, *left)
            if after not in self.values:
                raise CertificateError(f"{_named(state)}: after {tuple(move)} the {_named(after)} is missing")
            total += mass * self.values[after]
        return total

    def open(self, state: State) -> Iterator[Move]:
        """Yield the moves that a state allows: no queries that tell nothing, or lead where another of them leads."""
        for j, answer in enumerate(self.game.answers):
            if answer.queries <= state.t_comp:
                yield Move("answer", 0, j)
        if state.belief not in self.informative:
            different: dict[tuple[bool, _Parts], Move] = {}
            for move, found in self.queries.items():
                if _tells(state.belief, found):
                    different.setdefault((move.kind == "reward", self._parts(state.belief, move)), move)
            self.informative[state.belief] = list(different.values())
        for move in self.informative[state.belief]:
            if state.t_data if move.kind == "reward" else state.t_comp:
                yield move

    def _right(self, state: State, move: Move) -> fmpq:
        answers = self.game.answers
        if not 0 <= move.item < len(answers) or answers[move.item].queries > state.t_comp:
            raise CertificateError(
                f"{_named(state)}: the answer {move.item} is not there, or its queries exceed T_comp"
            )
        right = sum(w for w, right in zip(state.belief, answers[move.item].right, strict=True) if right)
        return fmpq(right, sum(state.belief))

    def _parts(self, belief: tuple[int, ...], move: Move) -> _Parts:
        known = self.parts.setdefault(belief, {})
        if move not in known:
            masses: dict[tuple[int, ...], fmpq] = {}
            for outcome in self.queries[move]:
                joint = tuple(w * n for w, n in zip(belief, outcome.numerators, strict=True))
                if any(joint):
                    after = self._standing(without_common_divisor(joint))
                    mass = fmpq(sum(joint), outcome.denominator * sum(belief))
                    masses[after] = masses.get(after, fmpq(0)) + mass
            known[move] = tuple((mass, after) for after, mass in sorted(masses.items()))
        return known[move]

    def _standing(self, belief: tuple[int, ...]) -> tuple[int, ...]:
        """Return the belief that stands for this one and those symmetric to it."""
        if belief not in self.standing:
            self.standing[belief] = standing_belief(self.certificate.symmetries, belief)
        return self.standing[belief]

    def _kinds(self) -> list[list[list[tuple[tuple[int, ...], int]]]]:
        """Return what a symmetry must keep: sampling queries, reward queries, and answers of each cost."""
        kinds: dict[object, list[list[tuple[tuple[int, ...], int]]]] = {}
        for move, found in self.queries.items():
            seen = [(outcome.numerators, outcome.denominator) for outcome in found]
            kinds.setdefault(move.kind == "reward", []).append(seen)
        for answer in self.game.answers:
            kinds.setdefault(("answer", answer.queries), []).append([(tuple(map(int, answer.right)), 1)])
        return list(kinds.values())


def _tells(belief: tuple[int, ...], found: Iterable[Observation]) -> bool:
    """Return whether some likelihood differs between members that are still possible."""
    return any(len({n for w, n in zip(belief, seen.numerators, strict=True) if w}) > 1 for seen in found)


def _queries(game: Game) -> Iterator[Move]:
    for x in game.prompts:
        if game.weak:
            yield Move("weak", x, 0)
        for t in range(len(game.thetas)):
            yield Move("strong", x, t)
        for y in game.responses(x):
            yield Move("reward", x, y)


def _answers(game: Game, move: Move, i: int) -> Iterator[tuple[object, fmpq]]:
    """Yield what the oracle may say under member ``i``, with probabilities."""
    member = game.members[i]
    responses = member.prompts[move.x].responses
    if move.kind == "reward":
        reward = responses[move.item].phi.dot_numbers(member.theta) + member.prompts[move.x].baseline
        for error in game.noise.outcomes:
            mass = game.noise.mass(error)
            if not isinstance(mass, fmpq):
                raise CertificateError("the masses of the noise must be rational")
            yield reward + error, mass
        return
    theta = game.thetas[move.item] if move.kind == "strong" else ()
    first = next(response for response in responses if response.pi_ref != 0)
    weights = []
    for response in responses:
        tilt = (response.phi - first.phi).dot_numbers(theta) / member.beta if theta else None
        weights.append(exp_ratio(response.pi_ref) * (1 if tilt is None else exp(tilt)))
    whole = sum(weights, exp_ratio(0))
    for y, (response, weight) in enumerate(zip(responses, weights, strict=True)):
        mass = weight / whole
        if not mass.is_rational:
            raise CertificateError(
                f"member {i}, thetas[{move.item}]: the probability of response {y} is not rational; "
                "choose theta so that exp(<theta, phi - phi'>/beta) is"
            )
        yield (y, response.phi), mass.as_rational()


def _named(state: State) -> str:
    return f"state {list(state.belief)!s:.80} with T_comp = {state.t_comp}, T_data = {state.t_data}"

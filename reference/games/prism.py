"""A game as a program in the PRISM language, so that another model checker can value it.

A variable for each member holds its weight: prior times likelihood of all that was seen, in integers, up to a factor
common to all members.  The commands are the queries and the answers; what states are reached and what is best in them
is left to the model checker.  Likelihoods come from :mod:`reference.certificates.game`: the solver takes no part.
Source: ours.
"""

from collections.abc import Iterable, Iterator
from math import gcd, lcm

from reference.certificates import CertificateError
from reference.certificates.game import Move, outcomes
from reference.model.game import Game, GameError

PROPERTY = 'Pmax=? [F "won"]'
"""The value of the game: the greatest probability of a right answer."""

_MOST = 2**62
"""Model checkers hold the variables, and sums of them, as integers of 64 bits."""

_Column = tuple[int, ...]


def to_prism(game: Game, t_comp: int, t_data: int) -> str:
    """Return the Markov decision process of playing ``game`` with at most ``t_comp`` and ``t_data`` queries.

    Queries whose answer has the same law under every member are left out: they tell nothing.

    Raises:
        ValueError: unless both budgets are non-negative integers, small enough for the weights to stay below ``2^62``.
        GameError: if the strong oracle's law at one of the game's ``thetas``, or that of the noise, is not rational.
    """
    for name, budget in (("T_comp", t_comp), ("T_data", t_data)):
        if type(budget) is not int or budget < 0:
            raise ValueError(f"{name} = {budget!r}: a budget is a non-negative number of queries")
    queries = [(move, *_columns(game, move)) for move in _payable(game, t_comp, t_data)]
    queries = [query for query in queries if any(len(set(column)) > 1 for column in query[2])]
    members = range(len(game.members))
    bounds = [
        game.prior[i] * _largest(queries, i, rewards=False) ** t_comp * _largest(queries, i, rewards=True) ** t_data
        for i in members
    ]
    if sum(bounds) * max((whole for _, whole, _ in queries), default=1) > _MOST:
        raise ValueError(f"T_comp = {t_comp}, T_data = {t_data}: the weights of this game would pass 2^62")
    lines = ["mdp", "", f"formula total = {_sum(f'w{i}' for i in members)};", "", "module learner"]
    lines += [f"  c : [0..{t_comp}] init {t_comp};  // sampling queries left"]
    lines += [f"  d : [0..{t_data}] init {t_data};  // reward queries left"]
    lines += [f"  w{i} : [0..{bounds[i]}] init {game.prior[i]};" for i in members]
    lines += ["  done : bool init false;", "  won : bool init false;", ""]
    lines += [_query(move, whole, columns) for move, whole, columns in queries]
    for j, answer in enumerate(game.answers):
        right = _sum(f"w{i}" for i in members if answer.right[i])
        wrong = _sum(f"w{i}" for i in members if not answer.right[i])
        lines.append(
            f"  [answer_{j}] !done & c>={answer.queries} -> ({right})/total : (done'=true) & (won'=true)"
            f" + ({wrong})/total : (done'=true);"
        )
    lines += ["  [give_up] !done -> (done'=true);", "  [end] done -> true;", "endmodule", "", 'label "won" = won;', ""]
    return "\n".join(lines)


def _payable(game: Game, t_comp: int, t_data: int) -> Iterator[Move]:
    """Yield the queries for which there is a budget at all."""
    for x in game.prompts:
        if t_comp and game.weak:
            yield Move("weak", x, 0)
        for t in range(len(game.thetas) if t_comp else 0):
            yield Move("strong", x, t)
        for y in game.responses(x) if t_data else ():
            yield Move("reward", x, y)


def _columns(game: Game, move: Move) -> tuple[int, list[_Column]]:
    """Return a denominator, and for each possible answer the numerators of its likelihoods."""
    try:
        found = [outcome for outcome in outcomes(game, move) if any(outcome.numerators)]
    except CertificateError as error:
        raise GameError(str(error)) from error
    whole = lcm(*(outcome.denominator for outcome in found))
    return whole, [tuple(n * (whole // outcome.denominator) for n in outcome.numerators) for outcome in found]


def _largest(queries: Iterable[tuple[Move, int, list[_Column]]], i: int, *, rewards: bool) -> int:
    """Return the largest factor by which one answer, to a reward query or to another, multiplies the weight ``i``."""
    factors = (
        column[i] // gcd(*column)
        for move, _, columns in queries
        for column in columns
        if (move.kind == "reward") is rewards
    )
    return max((1, *factors))


def _query(move: Move, whole: int, columns: list[_Column]) -> str:
    """Return the command of a query: Bayes' rule, with probabilities over ``whole * total``."""
    budget = "d" if move.kind == "reward" else "c"
    below = f"({whole}*total)" if whole > 1 else "total"
    parts = []
    for column in columns:
        mass = _sum(_times(n, f"w{i}") for i, n in enumerate(column) if n)
        common = gcd(*column)
        updates = [f"(w{i}'={_times(n // common, f'w{i}')})" for i, n in enumerate(column) if n != common]
        parts.append(" & ".join([f"({mass})/{below} : ({budget}'={budget}-1)", *updates]))
    return f"  [{move.kind}_{move.x}_{move.item}] !done & {budget}>0 -> {' + '.join(parts)};"


def _times(factor: int, name: str) -> str:
    return name if factor == 1 else f"{factor}*{name}" if factor else "0"


def _sum(terms: Iterable[str]) -> str:
    return " + ".join(terms) or "0"

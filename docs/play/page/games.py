"""Games of finding a needle: the value of every budget, over all learners, and the moves of a best one."""

from functools import lru_cache
from math import comb, log
from operator import mul
from typing import Any, Final, NamedTuple

from flint import fmpq

from docs.play.page.shown import Sentence, number
from reference.certificates.game import GIVE_UP, Move, Observation, State, outcomes, start, without_common_divisor
from reference.exact import rational
from reference.games import solve
from reference.games.curves import graded_rewards, several_needles
from reference.games.interchange import Sorter
from reference.games.solver import Solution

Answer = dict[str, Any]

MOST_COMP, MOST_DATA = 24, 8
"""Budgets are solved up to these."""

MOST_NAMES: Final = {"one": 12, "two": 8, "graded": 8}
NEEDLES: Final = {"one": 1, "two": 2, "graded": 1}


def needle_game(kind: str, k: int, C: str, level: str, t_comp: int, t_data: int, taken: list[int]) -> Answer:
    """Return the value of each budget, those with which some learner reaches ``level``, and a best learner's moves.

    ``taken``: which answers its queries got, by number.

    Raises:
        Sentence: for numbers beyond what the page solves.
    """
    if kind not in NEEDLES or not NEEDLES[kind] < k <= MOST_NAMES[kind]:
        raise Sentence(f"{k} names: this game is solved here for up to {MOST_NAMES.get(kind, 0)}; move the slider back")
    if not (0 <= t_comp <= MOST_COMP and 0 <= t_data <= MOST_DATA):
        raise Sentence(f"budgets are solved here up to {MOST_COMP} samples and {MOST_DATA} rewards; move a slider back")
    solved, wanted = _solved(kind, k, C), rational(level)
    solution, values = solved.solution, solved.values
    return {
        "values": [[float(value) for value in row] for row in values],
        "least": [next((c for c, value in enumerate(row) if value >= wanted), None) for row in values],
        "curve": [_least_samples(k, NEEDLES[kind], rational(C), d, wanted) for d in range(MOST_DATA + 1)],
        "value": number(values[t_data][t_comp]),
        "states": solution.states,
        "members": len(solution.game.members),
        "steps": _steps(solved, kind, t_comp, t_data, taken),
    }


def needle_value(k: int, n: int, C: fmpq, t_comp: int, t_data: int) -> fmpq:
    """Return the closed form: a draw is a needle with probability ``1/C``, and ``t_data + 1`` names are tried.

    ``1 - (1 - 1/C)^t_comp binom(k - n, t_data + 1) / binom(k, t_data + 1)``, for ``n`` needles of reward 1 among ``k``.
    """
    return 1 - (1 - 1 / C) ** t_comp * _missed(k, n, t_data)


def _missed(k: int, n: int, t_data: int) -> fmpq:
    tried = min(t_data + 1, k)
    return fmpq(comb(k - n, tried), comb(k, tried))


def _least_samples(k: int, n: int, C: fmpq, t_data: int, level: fmpq) -> float:
    """Return where :func:`needle_value` crosses the level if samples may be fractions: rounded, to be drawn."""
    missed, most = float(_missed(k, n, t_data)), float(1 - level)
    return 0.0 if missed <= most else log(most / missed) / log(float(1 - 1 / C))


class _Solved(NamedTuple):
    """A solved game, its values in a row for each ``T_data``, and what its queries may get, as far as it was asked."""

    solution: Solution
    values: list[list[fmpq]]
    outcomes: dict[Move, list[Observation]]


@lru_cache(64)  # a slider that returns finds its game solved
def _solved(kind: str, k: int, C: str) -> _Solved:
    game = graded_rewards(k, C) if kind == "graded" else several_needles(k, NEEDLES[kind], C)
    samples, rewards = range(MOST_COMP + 1), range(MOST_DATA + 1)
    solution = solve(game, [(c, d) for c in samples for d in rewards])
    return _Solved(solution, [[solution.value(c, d) for c in samples] for d in rewards], {})


def _steps(solved: _Solved, kind: str, t_comp: int, t_data: int, taken: list[int]) -> list[Answer]:
    """Return the moves of a best learner whose queries get these answers, then the likeliest, until it names.

    Beliefs stand for all that a symmetry makes of them, so that which of several like names is meant is left open.
    """
    solution = solved.solution
    game, entries, sort = solution.game, solution.certificate.entries, Sorter(solution.symmetries)
    state, steps = start(game, t_comp, t_data), list[Answer]()
    while True:
        state = state._replace(belief=sort(state.belief))
        value, move = entries[state]
        whole = sum(state.belief)
        now = max(sum(map(mul, state.belief, answer.right)) for answer in game.answers)
        step: Answer = {
            "move": _words(move, kind),
            "left": [state.t_comp, state.t_data],
            "value": number(value),
            "now": number(fmpq(now, whole)),
            "outcomes": [],
        }
        steps.append(step)
        if move.kind == "answer":
            return steps
        told = dict[str, tuple[fmpq, tuple[int, ...]]]()
        if move not in solved.outcomes:
            solved.outcomes[move] = list(outcomes(game, move))
        for outcome in solved.outcomes[move]:
            joint = tuple(map(mul, state.belief, outcome.numerators))
            if any(joint):
                chance, text = fmpq(sum(joint), outcome.denominator * whole), _told(move, outcome.seen)
                told[text] = (told[text][0] + chance, told[text][1]) if text in told else (chance, joint)
        likely = sorted(told.items(), key=lambda item: -item[1][0])
        chosen = taken[len(steps) - 1] if len(steps) <= len(taken) else 0
        if not 0 <= chosen < len(told):
            raise Sentence("this link names an answer that its query cannot get: start the moves again")
        step["outcomes"] = [
            {"text": text, "chance": number(chance), "taken": i == chosen}
            for i, (text, (chance, _)) in enumerate(likely)
        ]
        joint = likely[chosen][1][1]
        left = (state.t_comp, state.t_data - 1) if move.kind == "reward" else (state.t_comp - 1, state.t_data)
        state = State(without_common_divisor(joint), *left)


def _words(move: Move, kind: str) -> str:
    if move == GIVE_UP:
        return "give up"
    if move.kind == "answer":
        return "name the likeliest"
    if move.kind == "reward":
        return f"ask for the reward of name {move.item}, or of its mirror image" if kind == "graded" else (
            "ask for the reward of a name that is still possible"
        )  # fmt: skip
    return "draw from the base model"


def _told(move: Move, seen: Any) -> str:  # noqa: ANN401 - of each oracle another
    if move.kind == "reward":
        return f"reward {seen}"
    return "the usual answer" if seen[0] == 0 else "a needle"

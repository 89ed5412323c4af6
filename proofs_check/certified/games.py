"""The values of needle games over all adaptive learners, by dynamic programming over what a learner can know.

By symmetry only the number of candidates left matters, and what may still be spent.  The kernel trusts none of the
values: it checks the Bellman equations of the whole table.
"""

from collections.abc import Iterator
from fractions import Fraction

import game_form

NEEDLE_GAMES = ((3, 2, 6, 5), (5, 3, 6, 5), (6, 10, 6, 5), (8, 10, 8, 7))
"""``k``, ``C`` and the largest budgets of games that the ledger solves, too."""


def named_games() -> Iterator[tuple[str, game_form.Written]]:
    """Yield name and numbers of each file in ``proofs_check/coq/games``."""
    for k, C, t_comp, t_data in NEEDLE_GAMES:
        yield f"needle-game-{k}-{C}", game_form.Written(k, Fraction(C), t_comp, t_data)


def game_certificate(name: str, game: game_form.Written) -> str:
    """Return the file for Coq."""
    claimed = game_form.values_term(bellman_values(game))
    return game_form.LAYOUT.file_text(name, game_form.instance_term(game), claimed)


def bellman_values(game: game_form.Written) -> game_form.Values:
    """Return the best probability of naming the needle, by draws, rewards and candidates left, from one on."""
    p, k = 1 / game.C, game.k
    totals: dict[tuple[int, int, int], Fraction] = {}
    for n in range(game.t_comp + 1):
        for m in range(game.t_data + 1):
            for s in range(1, k + 1):
                promised = [Fraction(1)]  # of naming one, times s
                if n:
                    promised.append(p * s + (1 - p) * totals[n - 1, m, s])
                if m:
                    promised.append(1 + totals.get((n, m - 1, s - 1), Fraction(0)))
                totals[n, m, s] = max(promised)
    return [
        [[totals[n, m, s] / s for s in range(1, k + 1)] for m in range(game.t_data + 1)] for n in range(game.t_comp + 1)
    ]

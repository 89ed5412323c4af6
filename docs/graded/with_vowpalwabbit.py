"""Vowpal Wabbit, as the kit asks it: the spanner of its large action spaces, seen by which actions can be drawn."""

from typing import Any

import vowpalwabbit
from domain import Rows, need_numbers, need_positive


class Spanner:
    """``cb_explore_adf --large_action_space``; a policy that only explores draws from the spanner, and the best action.

    The first action is one without features: all costs are equal before anything is learned, so that it is the best
    one, and the others that can be drawn are the spanner.
    """

    name, version, format = "Vowpal Wabbit", vowpalwabbit.__version__, "binary64"

    def spanner(self, vectors: Rows, C: float) -> Any:
        """``Workspace("--cb_explore_adf --large_action_space --max_actions d --spanner_c C --epsilon 1").predict``"""
        need_numbers(*vectors)
        need_positive(C - 1)
        if not vectors:
            raise ValueError("needs a vector")
        flags = f"--large_action_space --max_actions {len(vectors[0])} --spanner_c {C!r}"
        workspace = vowpalwabbit.Workspace(f"--cb_explore_adf {flags} --epsilon 1 --noconstant --quiet")
        rows = ["| " + " ".join(f"{j}:{x!r}" for j, x in enumerate(row) if x) for row in vectors]
        try:
            chances = workspace.predict(["|", *rows])
        finally:
            workspace.finish()
        return [j for j, chance in enumerate(chances[1:]) if chance > 0]

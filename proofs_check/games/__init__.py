"""Games solved exactly: statements about *all* learners, by dynamic programming over what a learner can know.

The solver stands here and not in ``reference``: it is evidence for claims, no part of the paper's algorithms.  What a
game is stands in :mod:`reference.model.game`, and the checker of a solution in :mod:`reference.certificates.game`; the
checker shares no code with the solver.
"""

from proofs_check.games.played import play_strategy, strategy_law
from proofs_check.games.prism import PROPERTY, to_prism
from proofs_check.games.solver import MAX_STATES, GameTooLarge, Solution, solve

__all__ = ["MAX_STATES", "PROPERTY", "GameTooLarge", "Solution", "play_strategy", "solve", "strategy_law", "to_prism"]

"""Games solved exactly: statements about *all* learners, by dynamic programming over what a learner can know.

What a game is stands in :mod:`reference.model.game`, and the checker of a solution in
:mod:`reference.certificates.game`; the checker shares no code with the solver.
"""

from reference.games.prism import PROPERTY, to_prism
from reference.games.solver import MAX_STATES, GameTooLarge, Solution, solve
from reference.games.strategies import play_strategy, strategy_law

__all__ = ["MAX_STATES", "PROPERTY", "GameTooLarge", "Solution", "play_strategy", "solve", "strategy_law", "to_prism"]

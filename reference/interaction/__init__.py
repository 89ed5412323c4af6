"""What a learner may touch: oracles, a meter, and randomness with two readings (FMR25 section 2)."""

from reference.interaction.choice import Carrying, Choice, Loop
from reference.interaction.every_run import NotReproducible, TooLarge
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Budget, BudgetExceeded, Meter, Reading
from reference.interaction.null_runs import NullRun, null_run, recorded
from reference.interaction.proper_learners import (
    Answer,
    Preference,
    ProperLearner,
    ProperOracles,
    Round,
    bradley_terry,
    play_proper,
    preference,
    proper,
)
from reference.interaction.public import Public
from reference.interaction.runs import Learner, Outcome, ReturnedPolicy, SoftmaxPolicy, play, play_tokens
from reference.interaction.seeded import Seeded
from reference.interaction.weak import Draw
from reference.interaction.world import At, Event, Listing, Oracles, TokenOracles, World

__all__ = [
    "Answer",
    "At",
    "Budget",
    "BudgetExceeded",
    "Carrying",
    "Choice",
    "Draw",
    "Event",
    "Learner",
    "Listing",
    "Loop",
    "Meter",
    "NotReproducible",
    "NullRun",
    "Oracles",
    "Outcome",
    "Preference",
    "ProperLearner",
    "ProperOracles",
    "Public",
    "Reading",
    "ReturnedPolicy",
    "Round",
    "Seeded",
    "SoftmaxPolicy",
    "TokenOracles",
    "TooLarge",
    "World",
    "bradley_terry",
    "law_of",
    "null_run",
    "play",
    "play_proper",
    "play_tokens",
    "preference",
    "proper",
    "recorded",
]

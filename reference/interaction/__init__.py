"""What a learner may touch: oracles, a meter, and randomness with two readings (FMR25 section 2)."""

from reference.interaction.choice import Choice, NotReproducible, Seeded, TooLarge, law_of
from reference.interaction.meter import Budget, BudgetExceeded, Meter, Reading
from reference.interaction.metered import NO_NOISE, Event
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
from reference.interaction.token_world import (
    At,
    Listing,
    TokenOracles,
    TokenOutcome,
    TokenReading,
    TokenWorld,
    play_tokens,
)
from reference.interaction.world import Draw, Learner, Oracles, Outcome, ReturnedPolicy, SoftmaxPolicy, World, play

__all__ = [
    "NO_NOISE",
    "Answer",
    "At",
    "Budget",
    "BudgetExceeded",
    "Choice",
    "Draw",
    "Event",
    "Learner",
    "Listing",
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
    "TokenOutcome",
    "TokenReading",
    "TokenWorld",
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

"""What a learner may touch: oracles, a meter, and randomness with two readings (FMR25 section 2)."""

from reference.interaction.choice import Choice, NotReproducible, Seeded, TooLarge, law_of
from reference.interaction.meter import Budget, BudgetExceeded, Meter, Reading
from reference.interaction.world import (
    NO_NOISE,
    Draw,
    Event,
    Learner,
    Oracles,
    Outcome,
    ReturnedPolicy,
    World,
    play,
)

__all__ = [
    "NO_NOISE",
    "Budget",
    "BudgetExceeded",
    "Choice",
    "Draw",
    "Event",
    "Learner",
    "Meter",
    "NotReproducible",
    "Oracles",
    "Outcome",
    "Reading",
    "ReturnedPolicy",
    "Seeded",
    "TooLarge",
    "World",
    "law_of",
    "play",
]

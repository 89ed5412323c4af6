"""Anyone's learner against the needle family: what it hits, what that costs, and whether it kept to the rules.

A learner is a function of :class:`~reference.interaction.world.Oracles` that returns a policy with ``sample(oracles,
x)`` and ``queries_per_draw``.  What counts is one response drawn from that policy, the sampling queries made until then
(``T_comp``: those of the run and the most that one draw makes) and the reward queries (``T_data``).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, NoReturn, TypeVar

from flint import fmpq

from reference.constructions.needle import NeedleFamily
from reference.exact.law import Law
from reference.interaction.choice import Choice, NotReproducible, Seeded, TooLarge, law_of
from reference.interaction.meter import Budget, BudgetExceeded, Reading
from reference.interaction.world import Oracles, ReturnedPolicy, World
from reference.model import Problem

T = TypeVar("T")

Run = Callable[[Oracles], ReturnedPolicy]

UNLIMITED = Budget()


@dataclass(frozen=True)
class Contestant:
    """A learner with its inputs, on a family."""

    name: str
    run: Run
    family: NeedleFamily

    def __str__(self) -> str:
        return f"{self.name} on {self.family}"


class RuleBroken(ValueError):
    """A learner did what the framework does not allow; the message says what, with the meter's reading."""


class Guarded(Oracles):
    """The same oracles, with no attribute that leads behind them: a learner that looks for one breaks the rules.

    ``looked_for`` holds what was asked for.  Python can hide nothing from a learner that takes functions apart
    (``__closure__``); this is a check against shortcuts, not against sabotage.
    """

    def __init__(self, inner: Oracles, looked_for: list[str]) -> None:
        self.beta = inner.beta
        self.dimension = inner.dimension
        for query in ("prompt", "weak", "strong", "reward", "draw", "iterate"):
            setattr(self, query, _only_call(getattr(inner, query)))
        object.__setattr__(self, "__missing__", looked_for.append)

    def __getattr__(self, name: str) -> NoReturn:
        object.__getattribute__(self, "__missing__")(name)
        raise AttributeError(f"oracles have no {name!r}: a learner sees what the queries answer")


class Drawn(NamedTuple):
    """One run and one draw: whether the response is the needle, ``T_comp``, ``T_data``, and the run's own queries."""

    hit: bool
    t_comp: int
    t_data: int
    t_run: int


@dataclass(frozen=True)
class Score:
    """Exact: the probability that the drawn response is the needle, over the family, and the largest costs."""

    hit: Law[bool]
    t_comp: int
    t_data: int
    t_run: int


def score(contestant: Contestant, *, budget: Budget = UNLIMITED, max_leaves: int = 10**6) -> Score:
    """Return the exact score of a learner over its whole family.

    Raises:
        RuleBroken: if some run exceeds a budget, raises, or returns what is not a policy.
        TooLarge: past ``max_leaves`` leaves of the enumeration of one member.
    """
    run = contestant.run
    laws = [
        (fmpq(1, contestant.family.size), law_of(lambda c, m=m: drawn(m, run, c, budget), max_leaves=max_leaves))  # type: ignore[misc]  # mypy cannot type a default of a lambda
        for m in contestant.family.members()
    ]
    whole: Law[Drawn] = Law.mixture(laws)
    return Score(
        whole.map(lambda outcome: outcome.hit),
        max(outcome.t_comp for outcome in whole.outcomes),
        max(outcome.t_data for outcome in whole.outcomes),
        max(outcome.t_run for outcome in whole.outcomes),
    )


def simulate(contestant: Contestant, runs: int, seed: int, *, budget: Budget = UNLIMITED) -> list[Drawn]:
    """Return seeded runs, each on a member drawn at random."""
    family, found = contestant.family, []
    for i in range(runs):
        choice = Seeded(seed + i)
        place = choice.draw(Law.uniform(range(1, family.k + 1)))
        signs = [choice.draw(Law.uniform([1, -1])) for _ in range(family.dimension)]
        found.append(drawn(family.member(place, signs), contestant.run, choice, budget))
    return found


def drawn(member: Problem, run: Run, choice: Choice, budget: Budget = UNLIMITED) -> Drawn:
    """Run a learner, draw one response from its policy, and say what it cost.

    Raises:
        RuleBroken: naming the rule, with the meter's reading.
    """
    world = World(member, choice, budget=budget)
    looked_for: list[str] = []
    oracles = Guarded(world.oracles, looked_for)
    try:
        policy = run(oracles)
        before = world.meter.reading
        allowed = policy.queries_per_draw
        y = policy.sample(oracles, 0)
    except BudgetExceeded as error:
        raise RuleBroken(f"{error}; {_meter(world.meter.reading)}") from None
    except (TooLarge, NotReproducible):
        raise
    except (Exception, SystemExit) as error:
        _check_looks(looked_for, world.meter.reading)
        raise RuleBroken(f"it raised {type(error).__name__}: {error}; {_meter(world.meter.reading)}") from error
    _check_looks(looked_for, world.meter.reading)
    used = world.meter.reading.t_comp - before.t_comp
    if type(allowed) is not int or allowed < 0:
        raise RuleBroken(f"queries_per_draw is {allowed!r}, not a number of queries; {_meter(world.meter.reading)}")
    if used > allowed:
        raise RuleBroken(f"a draw made {used} queries, declared are {allowed}; {_meter(world.meter.reading)}")
    if type(y) is not int or not 0 <= y < member.response_count(0):
        raise RuleBroken(f"a draw from its policy is {y!r}, not a response; {_meter(world.meter.reading)}")
    return Drawn(not member.phi(0, y).is_zero, before.t_comp + allowed, world.meter.reading.t_data, before.t_comp)


def _only_call(query: Callable[..., T]) -> Callable[..., T]:
    """Return a function that can be called and has nothing else to read, unlike a bound method."""

    def call(*arguments: object, **keywords: object) -> T:
        return query(*arguments, **keywords)

    return call


def _check_looks(looked_for: list[str], reading: Reading) -> None:
    if looked_for:
        raise RuleBroken(f"it asked outside the oracles, for {looked_for[0]!r}; {_meter(reading)}")


def _meter(reading: Reading) -> str:
    return f"meter: {reading.weak} weak, {reading.strong} strong, {reading.reward} reward queries"

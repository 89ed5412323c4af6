"""Anyone's learner against a family of instances: what it hits, what that costs, and whether it kept to the rules.

A learner is a function of :class:`~reference.interaction.world.Oracles`, or with access to tokens of
:class:`~reference.interaction.world.TokenOracles`, that returns a policy with ``sample(oracles, x)`` and
``queries_per_draw``.  What counts is one response drawn from that policy to a new prompt, the sampling queries made
until then (``T_comp``: those of the run and the most that one draw makes) and the reward queries (``T_data``).

A law is that of a function of its draws; what is not one is told by :mod:`proofs_check.cli.fresh`.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, NoReturn, Protocol, TypeVar

from flint import fmpq

from reference.constructions.needles import NeedleFamily
from reference.exact.law import Law
from reference.games.backward import Backward, Turned
from reference.interaction.choice import Choice
from reference.interaction.every_run import NotReproducible, TooLarge
from reference.interaction.exhaustive import law_of
from reference.interaction.meter import Budget, BudgetExceeded, Reading
from reference.interaction.runs import ReturnedPolicy, ReturnedTokenPolicy
from reference.interaction.seeded import Seeded
from reference.interaction.world import UNLIMITED, Oracles, TokenOracles, World
from reference.model.parts import Prefix
from reference.model.problem import Problem

T = TypeVar("T")
U = TypeVar("U")

Run = Callable[[Oracles], ReturnedPolicy]

TokenRun = Callable[[TokenOracles], ReturnedTokenPolicy]


class ContestFamily(Protocol):
    """Instances, equally likely, and what a learner is to hit on them; :class:`NeedleFamily` is one."""

    def members(self) -> Iterator[Problem]:
        """Yield every member, in an order that stays."""

    def drawn_member(self, choice: Choice) -> Problem:
        """Return a member drawn at random."""

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether a response to prompt ``x`` is what is sought."""


@dataclass(frozen=True)
class Entrant:
    """A learner with its inputs, on a family; ``tokens``: whether it has token access."""

    name: str
    run: Run | TokenRun
    family: ContestFamily
    tokens: bool = False

    def __str__(self) -> str:
        return f"{self.name} on {self.family}"


@dataclass(frozen=True)
class Contestant(Entrant):
    """A learner with its inputs, on the needle family."""

    run: Run
    family: NeedleFamily


class RuleBroken(ValueError):
    """A learner did what the framework does not allow; the message says what, with the meter's reading."""


@dataclass(frozen=True)
class Noted:
    """What happened at the oracles of one run: names of attributes that they have not, and an enumeration's end."""

    looked_for: list[str] = field(default_factory=list)
    stopped: list[TooLarge | NotReproducible] = field(default_factory=list)


class _Guard:
    """Oracles with no attribute that leads behind them: a learner that looks for one breaks the rules.

    ``noted`` holds what was asked for.  Python can hide nothing from a learner that takes functions apart
    (``__closure__``); this is a check against shortcuts, not against sabotage.
    """

    def __init__(
        self, inner: Oracles | TokenOracles, noted: Noted, shown: Sequence[str], queries: Sequence[str]
    ) -> None:
        for name in ("beta", *shown):
            setattr(self, name, getattr(inner, name))
        for query in ("prompt", "weak", "reward", "draw", "iterate", "loop", *queries):
            setattr(self, query, _only_call(getattr(inner, query), noted.stopped))
        self.part = _only_call(partial(_unnamed_part, inner), noted.stopped)
        object.__setattr__(self, "__missing__", noted.looked_for.append)

    def __getattr__(self, name: str) -> NoReturn:
        object.__getattribute__(self, "__missing__")(name)
        raise AttributeError(f"oracles have no {name!r}: a learner sees what the queries answer")


class Guarded(_Guard, Oracles):
    """The same oracles, guarded."""

    def __init__(self, inner: Oracles, noted: Noted) -> None:
        super().__init__(inner, noted, ["dimension"], ["strong"])


class GuardedTokens(_Guard, TokenOracles):
    """The same oracles of tokens, guarded."""

    def __init__(self, inner: TokenOracles, noted: Noted) -> None:
        super().__init__(inner, noted, ["horizon", "dimensions"], ["listing"])


class Drawn(NamedTuple):
    """One run and one draw: whether it is a hit, ``T_comp``, ``T_data``, the run's own queries, the response ``y``.

    ``t_strong``: the strong queries among those made.  ``x``: the prompt.
    """

    hit: bool
    t_comp: int
    t_data: int
    t_run: int
    t_strong: int
    y: int | Prefix
    x: int = 0


@dataclass(frozen=True)
class Score:
    """Exact: the probability that the drawn response is a hit, over the family, and the largest costs."""

    hit: Law[bool]
    t_comp: int
    t_data: int
    t_run: int
    t_strong: int


def score(contestant: Entrant, *, budget: Budget = UNLIMITED, max_leaves: int = 10**6) -> Score:
    """Return the exact score of a learner over its whole family, if it is a function of its draws.

    Raises:
        RuleBroken: if some run exceeds a budget, raises, or returns what is not a policy.
        TooLarge: past ``max_leaves`` leaves of the enumeration of one member.
        NotReproducible: if a replay is seen to depend on something else than its draws.
    """
    return overall(laws_against(contestant, budget=budget, max_leaves=max_leaves))


def overall(members: list[Law[Drawn]]) -> Score:
    """Return the score over a family from the law in each of its members."""
    whole: Law[Drawn] = Law.mixture((fmpq(1, len(members)), law) for law in members)
    return Score(
        whole.map(lambda outcome: outcome.hit),
        max(outcome.t_comp for outcome in whole.outcomes),
        max(outcome.t_data for outcome in whole.outcomes),
        max(outcome.t_run for outcome in whole.outcomes),
        max(outcome.t_strong for outcome in whole.outcomes),
    )


def laws_against(
    contestant: Entrant, *, budget: Budget = UNLIMITED, max_leaves: int = 10**6, backward: bool = False
) -> list[Law[Drawn]]:
    """Return the law of the draw in each member, as :func:`score`.

    ``backward``: enumerate the last member first, and the last outcome of every law; the same laws of a function of
    its draws.
    """
    members = list(enumerate(contestant.family.members()))
    turned: Turned = {}
    found = {}
    for i, member in reversed(members) if backward else members:

        def program(choice: Choice, member: Problem = member) -> Drawn:
            return drawn_response(contestant, member, Backward(choice, turned) if backward else choice, budget)

        found[i] = law_of(program, max_leaves=max_leaves)
    return [found[i] for i, _ in members]


def simulate(
    contestant: Entrant, runs: int, seed: int, *, budget: Budget = UNLIMITED, backward: bool = False
) -> list[Drawn]:
    """Return seeded runs, each on a member drawn at random; ``backward``: made in the opposite order."""
    seeds = range(seed, seed + runs)
    found = [_seeded(contestant, s, budget) for s in (reversed(seeds) if backward else seeds)]
    return found[::-1] if backward else found


def _seeded(contestant: Entrant, seed: int, budget: Budget) -> Drawn:
    choice = Seeded(seed)
    return drawn_response(contestant, contestant.family.drawn_member(choice), choice, budget)


def drawn_response(contestant: Entrant, member: Problem, choice: Choice, budget: Budget = UNLIMITED) -> Drawn:
    """Run a learner on a member, draw one response from its policy to a new prompt, and say what it cost.

    Raises:
        RuleBroken: naming the rule, with the meter's reading.
    """
    world: World[Any] = World(member, choice, budget=budget)
    noted = Noted()
    oracles = GuardedTokens(world.tokens, noted) if contestant.tokens else Guarded(world.oracles, noted)
    run: Callable[[Any], Any] = contestant.run
    try:
        policy = run(oracles)
        before = world.meter.reading
        allowed = policy.queries_per_draw
        if callable(allowed):  # of as many tokens as may follow a prefix
            allowed = allowed(len(member.alphabet))
        x = choice.draw(member.rho) if len(member.prompts) > 1 else 0
        y = policy.sample(oracles, x)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        reading = world.meter.reading
        _check_noted(noted, reading)
        said = error_text(error) if isinstance(error, BudgetExceeded) else f"it raised {named(error)}"
        raise RuleBroken(f"{said}; {_meter(reading)}") from error
    reading = world.meter.reading
    _check_noted(noted, reading)
    used = reading.t_comp - before.t_comp
    if type(allowed) is not int or allowed < 0:
        raise RuleBroken(f"queries_per_draw is {error_text(allowed, repr)}, not a number of queries; {_meter(reading)}")
    if used > allowed:
        raise RuleBroken(f"a draw made {used} queries, declared are {allowed}; {_meter(reading)}")
    if budget.t_comp is not None and before.t_comp + allowed > budget.t_comp:
        many = allowed if allowed < LARGE else "more than 10^40"
        declared = f"the policy declares {many} for a draw, the run made {before.t_comp}"
        raise RuleBroken(f"budget exceeded: t_comp allows {budget.t_comp} queries; {declared}; {_meter(reading)}")
    response = _response(member, x, y, tokens=contestant.tokens)
    if response is None:
        raise RuleBroken(f"a draw from its policy is {error_text(y, repr)}, not a response; {_meter(reading)}")
    hit = contestant.family.is_hit(member, x, response)
    return Drawn(hit, before.t_comp + allowed, reading.t_data, before.t_comp, reading.strong, y, x)


def _response(member: Problem, x: int, y: object, *, tokens: bool) -> Prefix | None:
    """Return what a policy's draw is, as tokens; ``None`` if it is no response."""
    response = y if tokens else (y,)
    if type(response) is not tuple or len(response) != member.horizon or any(type(a) is not int for a in response):
        return None
    try:
        member.reward_of(x, response)
    except ValueError:
        return None
    return response


_LONGEST = 300
"""Characters of a learner's own text that are repeated."""

LARGE = 10**40
"""A number from here on is not written out."""


def error_text(thing: U, write: Callable[[U], str] = str) -> str:
    """Return the text of a learner's object, cut to ``_LONGEST``; it may refuse to be written, in any way."""
    try:
        text = write(thing)
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
    except BaseException:  # noqa: BLE001 - the learner's code writes it
        return "something that cannot be written"


def named(error: BaseException) -> str:
    """Return kind and text of an error."""
    kind, text = error_text(type(error), lambda kind: kind.__name__), error_text(error)
    return f"{kind}: {text}" if text else kind


def _unnamed_part(
    inner: Oracles | TokenOracles,
    run: Callable[[], T],
    name: Hashable = None,
    *,
    key: Callable[[T], Hashable] | None = None,
) -> T:
    """Run a part without its name: a learner that gives one name to two parts would learn of other runs."""
    del name
    return inner.part(run, key=key)


def _only_call(query: Callable[..., T], stopped: list[TooLarge | NotReproducible]) -> Callable[..., T]:
    """Return a function that can be called and has nothing else to read, unlike a bound method.

    What ends an enumeration is noted: a learner may catch it and go on.
    """

    def call(*arguments: object, **keywords: object) -> T:
        try:
            return query(*arguments, **keywords)
        except (TooLarge, NotReproducible) as error:
            stopped.append(error)
            raise

    return call


def _check_noted(noted: Noted, reading: Reading) -> None:
    if noted.stopped:
        raise noted.stopped[0]
    if noted.looked_for:
        asked = error_text(noted.looked_for[0], repr)
        raise RuleBroken(f"it asked outside the oracles, for {asked}; {_meter(reading)}")


def _meter(reading: Reading) -> str:
    listed = sum(reading.listed)
    sampled = f"{reading.drawn} drawn, {listed} listed" if listed else f"{reading.drawn} weak, {reading.strong} strong"
    return f"meter: {sampled}, {reading.reward} reward queries"

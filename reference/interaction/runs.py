"""One run of a learner, what it returns, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flint import fmpq

from reference.exact.law import Law
from reference.exact.log_linear import LogLinear
from reference.exact.table import Shown, Table
from reference.interaction.choice import Choice
from reference.interaction.meter import Budget, BudgetExceeded, Reading
from reference.interaction.world import UNLIMITED, Oracles, TokenOracles, World
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prefix
from reference.model.problem import Problem

S = TypeVar("S")


class ReturnedPolicy(Protocol):
    """What a learner returns: a sampler that uses the oracles, so that its own queries count."""

    def sample(self, oracles: Oracles, x: int) -> int:
        """Draw a response to prompt ``x``."""

    @property
    def queries_per_draw(self) -> int:
        """The most sampling queries that one draw makes: the second part of ``T_comp``."""


class ReturnedTokenPolicy(Protocol):
    """The same of a learner with token access: whole responses, drawn token by token."""

    def sample(self, oracles: TokenOracles, x: int) -> Prefix:
        """Draw a response to prompt ``x``."""

    def queries_per_draw(self, alphabet: int) -> int:
        """The most token queries that one draw makes, with ``alphabet`` tokens at a prefix."""


@dataclass(frozen=True, slots=True)
class SoftmaxPolicy:
    """The returned policy ``pi_theta``, drawn by one strong query.

    >>> import reference as ref
    >>> ref.SoftmaxPolicy((ref.log(2),)).queries_per_draw
    1
    """

    theta: tuple[LogLinear, ...]

    @property
    def queries_per_draw(self) -> int:
        """One strong query."""
        return 1

    def sample(self, oracles: Oracles, x: int) -> int:
        """Draw a response to prompt ``x``.

        Raises:
            ValueError: if noise has carried ``theta`` out of the declared ball: the strong oracle refuses it.
        """
        y, _ = oracles.strong(x, self.theta)
        return y


P_co = TypeVar("P_co", bound=ReturnedPolicy, covariant=True)


class Learner(Protocol[P_co]):
    """A program that interacts through oracles and returns a policy."""

    def __call__(self, oracles: Oracles) -> P_co:
        """Run the learner."""


@dataclass(frozen=True, slots=True, repr=False)
class Outcome(Shown, Generic[S]):
    """What became of one run: the returned policy (``None`` if a budget was exceeded) and the reading of the meter."""

    policy: S | None
    reading: Reading
    exceeded: str | None

    @property
    def t_data(self) -> int:
        """``T_data``: reward queries."""
        return self.reading.t_data

    @property
    def t_comp(self) -> int:
        """Sampling queries; ``T_comp`` also counts what one draw from the returned policy makes at most."""
        return self.reading.t_comp

    def table(self) -> Table:
        """Return what was counted, where responses have several tokens layer by layer, and what was returned."""
        m = self.reading
        counts = [("prompts", m.prompts), ("weak", m.drawn), ("listed", sum(m.listed)), ("strong", m.strong)]
        rows = [(name, str(count)) for name, count in (*counts, ("reward", m.reward))]
        if len(m.weak) > 1:
            pairs = enumerate(zip(m.weak, m.listed, strict=True), 1)
            rows += [(f"layer {h}", f"{drawn} drawn, {listed} listed") for h, (drawn, listed) in pairs]
        end = type(self.policy).__name__ if self.exceeded is None else f"none: the budget of {self.exceeded} is spent"
        return Table.of("", ("queries", "count"), [*rows, ("policy", end)])


def play(
    problem: LinearProblem,
    learner: Callable[[Oracles], S],
    choice: Choice,
    *,
    budget: Budget = UNLIMITED,
    noise: Law[fmpq] | None = None,
) -> Outcome[S]:
    """Run ``learner`` on ``problem`` once, with the randomness ``choice``."""
    world = World(problem, choice, budget=budget, noise=noise)
    return _outcome(world, lambda: learner(world.oracles))


def play_tokens(
    problem: Problem,
    learner: Callable[[TokenOracles], S],
    choice: Choice,
    *,
    budget: Budget = UNLIMITED,
    noise: Law[fmpq] | None = None,
) -> Outcome[S]:
    """Run ``learner``, which has token access, on ``problem`` once, with the randomness ``choice``."""
    world = World(problem, choice, budget=budget, noise=noise)
    return _outcome(world, lambda: learner(world.tokens))


def _outcome(world: World[Problem], run: Callable[[], S]) -> Outcome[S]:
    try:
        return Outcome(run(), world.meter.reading, None)
    except BudgetExceeded as error:
        return Outcome(None, world.meter.reading, error.kind)

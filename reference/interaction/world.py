"""The sampling-oracle framework (FMR25 section 2): a world, and the oracles through which a learner sees it.

A learner gets :class:`Oracles` and nothing else: no ``rho``, no ``pi_ref``, no ``theta``, no feature table.  The world
holds the problem, the source of randomness and the meter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flint import fmpq

from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import rational_text
from reference.exact.reals import real
from reference.exact.table import Shown, Table
from reference.interaction.choice import Choice
from reference.interaction.meter import Budget, BudgetExceeded, Meter, Reading
from reference.interaction.metered import NO_NOISE, Event, MeteredOracles, MeteredWorld
from reference.model.linear_problem import LinearProblem
from reference.model.policy import softmax

S = TypeVar("S")
T = TypeVar("T")

Draw = tuple[int, Vector]
"""A sampled response: its index ``y`` and its features ``phi(x,y)``."""

UNLIMITED = Budget()


class World(MeteredWorld[Reading]):
    """A problem to be interacted with, one source of randomness, one meter.

    ``noise``: law of the error added to every reward, with mean zero.  ``observer``: told every query, for transcripts.

    Raises:
        ValueError: if the mean of ``noise`` is not zero.
    """

    def __init__(
        self,
        problem: LinearProblem,
        choice: Choice,
        *,
        budget: Budget = UNLIMITED,
        noise: Law[fmpq] = NO_NOISE,
        observer: Callable[[Event], None] | None = None,
    ) -> None:
        self.problem = problem
        self.meter = Meter(budget)
        super().__init__(choice, self.meter, len(problem.prompts), noise, observer)
        self.oracles = Oracles(self)


class Oracles(MeteredOracles[Reading]):
    """All that a learner may touch.  The attributes are public knowledge; everything else is a query."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._world = world
        self.beta = world.problem.beta
        self.dimension = world.problem.dimension

    def prompt(self) -> int:
        """Draw ``x ~ rho``."""
        world = self._world
        world.meter.charge("prompts")
        x = world.choice.draw(world.problem.rho)
        world.told("prompt", x)
        return x

    def weak(self, x: int) -> Draw:
        """Draw ``y ~ pi_ref(.|x)`` and reveal ``phi(x,y)``: one query.

        Raises:
            ValueError: if there is no prompt ``x``; the query does not count.
        """
        world = self._world
        world.check_prompt(x)
        world.meter.charge("weak")
        y = world.choice.draw(world.problem.pi_ref(x))
        world.told("weak", x, y)
        return y, world.problem.phi(x, y)

    def strong(self, x: int, theta: Sequence[LogLinear]) -> Draw:
        """Draw ``y ~ pi_theta(.|x)`` for ``||theta||_2 <= B`` and reveal ``phi(x,y)``: one query.

        Raises:
            ValueError: if ``theta`` is outside the declared ball or has not ``dimension`` entries, or there is no
                prompt ``x``; the query does not count.
        """
        world = self._world
        world.check_prompt(x)
        policy = softmax(world.problem, tuple(theta))
        norm_squared = sum((real(t) * t for t in theta), real(0))
        if norm_squared > world.problem.B**2:
            msg = f"theta is outside the declared ball ||theta||_2 <= {rational_text(world.problem.B)}"
            raise ValueError(msg)
        world.meter.charge("strong")
        y = world.choice.draw(policy.law(x))
        world.told("strong", x, tuple(theta), y)
        return y, world.problem.phi(x, y)

    def reward(self, x: int, y: int) -> LogLinear:
        """Query the reward of any response ``y`` to ``x``, on the support of the base model or not: one query.

        Raises:
            ValueError: if there is no such prompt or response; the query does not count.
        """
        world = self._world
        world.check_prompt(x)
        if not 0 <= y < world.problem.response_count(x):
            msg = f"reward query for response {y} of prompt {x}, which has {world.problem.response_count(x)} responses"
            raise ValueError(msg)
        world.meter.charge("reward")
        r = world.problem.reward(x, y) + world.choice.draw(world.noise)
        world.told("reward", x, y, r)
        return r


class ReturnedPolicy(Protocol):
    """What a learner returns: a sampler that uses the oracles, so that its own queries count."""

    def sample(self, oracles: Oracles, x: int) -> int:
        """Draw a response to prompt ``x``."""

    @property
    def queries_per_draw(self) -> int:
        """The most sampling queries that one draw makes: the second part of ``T_comp``."""


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
        """Return what was counted, and what was returned."""
        counts = [(name, str(value)) for name, value in self.reading._asdict().items()]
        end = type(self.policy).__name__ if self.exceeded is None else f"none: the budget of {self.exceeded} is spent"
        return Table.of("", ("queries", "count"), [*counts, ("policy", end)])


def play(
    problem: LinearProblem,
    learner: Callable[[Oracles], S],
    choice: Choice,
    *,
    budget: Budget = UNLIMITED,
    noise: Law[fmpq] = NO_NOISE,
) -> Outcome[S]:
    """Run ``learner`` on ``problem`` once, with the randomness ``choice``."""
    world = World(problem, choice, budget=budget, noise=noise)
    try:
        policy = learner(world.oracles)
    except BudgetExceeded as error:
        return Outcome(None, world.meter.reading, error.kind)
    return Outcome(policy, world.meter.reading, None)

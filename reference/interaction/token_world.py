"""Token access (FMR25 section 5): a world that is asked one token at a prefix, and its oracles.

As in :mod:`reference.interaction.world`, a learner gets the oracles and nothing else.  The meter counts layer by layer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from flint import fmpq

from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.table import Shown, Table
from reference.interaction.choice import Choice
from reference.interaction.meter import Budget, BudgetExceeded
from reference.interaction.metered import NO_NOISE, Event, MeteredOracles, MeteredWorld
from reference.interaction.world import UNLIMITED, Draw
from reference.model.parts import Prefix
from reference.model.problem import Problem

S = TypeVar("S")
T = TypeVar("T")


class At(NamedTuple):
    """Where a token is asked for: the prompt and the tokens so far."""

    x: int
    prefix: Prefix

    def then(self, token: int) -> "At":
        """Return the longer prefix."""
        return At(self.x, (*self.prefix, token))


class Listing(NamedTuple):
    """All that may follow a prefix: ``pi_ref,h(.|x,a_<h)``, and ``phi_h`` in the order of its outcomes."""

    base: Law[int]
    phi: tuple[Vector, ...]


class TokenReading(NamedTuple):
    """Queries made so far.  ``weak[h]``: tokens drawn in layer ``h``; ``listed[h]``: tokens listed in layer ``h``."""

    prompts: int
    weak: tuple[int, ...]
    listed: tuple[int, ...]
    reward: int = 0

    @property
    def t_comp(self) -> int:
        """Token queries; one for each token drawn, and one for each token listed."""
        return sum(self.weak) + sum(self.listed)

    @property
    def t_data(self) -> int:
        """Reward queries."""
        return self.reward


class TokenMeter:
    """Counts token queries layer by layer and enforces a budget; ``reading`` may be set back."""

    def __init__(self, horizon: int, budget: Budget) -> None:
        self.budget = budget
        self.reading = TokenReading(0, (0,) * horizon, (0,) * horizon)

    def prompt(self) -> None:
        """Count one prompt, or refuse it without counting: BudgetExceeded."""
        self._allow("prompts", self.budget.prompts, self.reading.prompts + 1)
        self.reading = self.reading._replace(prompts=self.reading.prompts + 1)

    def reward(self) -> None:
        """Count one reward query, or refuse it without counting: BudgetExceeded."""
        self._allow("reward", self.budget.reward, self.reading.reward + 1)
        self.reading = self.reading._replace(reward=self.reading.reward + 1)

    def weak(self, h: int) -> None:
        """Count one token drawn in layer ``h``, or refuse it without counting: BudgetExceeded."""
        self._allow("weak", self.budget.weak, sum(self.reading.weak) + 1)
        self._allow("t_comp", self.budget.t_comp, self.reading.t_comp + 1)
        self.reading = self.reading._replace(weak=_increased(self.reading.weak, h, 1))

    def listed(self, h: int, tokens: int) -> None:
        """Count so many tokens listed in layer ``h``, or refuse them without counting: BudgetExceeded."""
        self._allow("t_comp", self.budget.t_comp, self.reading.t_comp + tokens)
        self.reading = self.reading._replace(listed=_increased(self.reading.listed, h, tokens))

    def _allow(self, kind: str, limit: int | None, count: int) -> None:
        if limit is not None and count > limit:
            raise BudgetExceeded(kind, limit)


class RewardMeter(TokenMeter):
    """Counts rewards alone: in an exact law, states that differ in other counts are then merged."""

    def prompt(self) -> None:
        """Count nothing."""

    def weak(self, h: int) -> None:
        """Count nothing."""

    def listed(self, h: int, tokens: int) -> None:
        """Count nothing."""


class TokenWorld(MeteredWorld[TokenReading]):
    """A token problem to be interacted with, one source of randomness, one meter.

    ``budget``: ``weak`` limits the tokens drawn, ``t_comp`` all token queries; ``strong`` has no meaning here.
    ``noise`` and ``observer``: as for :class:`reference.interaction.world.World`.  ``metered=False`` counts and
    limits rewards alone, which makes exact laws of what is returned much cheaper.

    Raises:
        ValueError: if the mean of ``noise`` is not zero, or strong queries are limited.
    """

    def __init__(
        self,
        problem: Problem,
        choice: Choice,
        *,
        budget: Budget = UNLIMITED,
        noise: Law[fmpq] = NO_NOISE,
        observer: Callable[[Event], None] | None = None,
        metered: bool = True,
    ) -> None:
        if budget.strong is not None:
            msg = f"budget strong = {budget.strong}: token access has no strong queries; limit weak or t_comp"
            raise ValueError(msg)
        self.problem = problem
        self.meter = (TokenMeter if metered else RewardMeter)(problem.horizon, budget)
        super().__init__(choice, self.meter, len(problem.prompts), noise, observer)
        self.oracles = TokenOracles(self)

    def node(self, at: At) -> tuple[int, int]:
        """Return the layer and the node of a prefix; ValueError unless it is there and shorter than ``H``."""
        self.check_prompt(at.x)
        if len(at.prefix) >= self.problem.horizon:
            msg = f"a token asked for after {len(at.prefix)} tokens; responses end after {self.problem.horizon}"
            raise ValueError(msg)
        return len(at.prefix), self.problem.node(at.x, at.prefix)


class TokenOracles(MeteredOracles[TokenReading]):
    """All that a learner with token access may touch.  The attributes are public; everything else is a query."""

    def __init__(self, world: TokenWorld) -> None:
        super().__init__(world)
        self._world = world
        self.beta = world.problem.beta
        self.horizon = world.problem.horizon
        self.dimensions = world.problem.dimensions

    def prompt(self) -> int:
        """Draw ``x ~ rho``."""
        world = self._world
        world.meter.prompt()
        x = world.choice.draw(world.problem.rho)
        world.told("prompt", x)
        return x

    def weak(self, at: At) -> Draw:
        """Draw ``a ~ pi_ref,h(.|x,a_<h)`` and reveal ``phi_h(x,a_<h a)``: one query, none for a forced step.

        Raises:
            ValueError: if there is no such prompt or prefix, or it is as long as a response; the query does not count.
        """
        world = self._world
        h, i = world.node(at)
        if world.problem.is_forced(h, i):
            return 0, world.problem.edge(h, i, 0).phi
        world.meter.weak(h)
        token = world.choice.draw(world.problem.base(h, i))
        world.told("weak", at.x, at.prefix, token)
        return token, world.problem.edge(h, i, token).phi

    def listing(self, at: At) -> Listing:
        """List the tokens of positive probability after a prefix, with the law and the features: a query for each.

        None for a forced step.

        Raises:
            ValueError: as :meth:`weak`.
        """
        world = self._world
        h, i = world.node(at)
        edges = world.problem.supported(h, i)
        if not world.problem.is_forced(h, i):
            world.meter.listed(h, len(edges))
            world.told("listing", at.x, at.prefix, len(edges))
        return Listing(world.problem.base(h, i), tuple(edge.phi for edge in edges))

    def reward(self, x: int, sequence: Prefix) -> LogLinear:
        """Query the reward of a whole response, on the support of the base model or not: one query.

        Raises:
            ValueError: if there is no such prompt, or the sequence is no response to it; the query does not count.
        """
        world = self._world
        world.check_prompt(x)
        if len(sequence) != self.horizon:
            msg = f"reward query for {len(sequence)} tokens; responses have {self.horizon}"
            raise ValueError(msg)
        earned = world.problem.reward_of(x, sequence)
        world.meter.reward()
        r = earned + world.choice.draw(world.noise)
        world.told("reward", x, sequence, r)
        return r


@dataclass(frozen=True, slots=True, repr=False)
class TokenOutcome(Shown, Generic[S]):
    """What became of one run: the returned policy (``None`` if a budget was exceeded) and the reading of the meter."""

    policy: S | None
    reading: TokenReading
    exceeded: str | None

    @property
    def t_data(self) -> int:
        """``T_data``: reward queries."""
        return self.reading.t_data

    @property
    def t_comp(self) -> int:
        """Token queries; ``T_comp`` also counts what one draw from the returned policy makes at most."""
        return self.reading.t_comp

    def table(self) -> Table:
        """Return what was counted, layer by layer, and what was returned."""
        m = self.reading
        layers = [
            (f"layer {h + 1}", f"{a} drawn, {b} listed") for h, (a, b) in enumerate(zip(m.weak, m.listed, strict=True))
        ]
        end = type(self.policy).__name__ if self.exceeded is None else f"none: the budget of {self.exceeded} is spent"
        counts = [("prompts", str(m.prompts)), ("reward", str(m.reward)), *layers, ("policy", end)]
        return Table.of("", ("queries", "count"), counts)


def play_tokens(
    problem: Problem,
    learner: Callable[[TokenOracles], S],
    choice: Choice,
    *,
    budget: Budget = UNLIMITED,
    noise: Law[fmpq] = NO_NOISE,
) -> TokenOutcome[S]:
    """Run ``learner`` on ``problem`` once, with the randomness ``choice``."""
    world = TokenWorld(problem, choice, budget=budget, noise=noise)
    try:
        policy = learner(world.oracles)
    except BudgetExceeded as error:
        return TokenOutcome(None, world.meter.reading, error.kind)
    return TokenOutcome(policy, world.meter.reading, None)


def _increased(counts: tuple[int, ...], h: int, by: int) -> tuple[int, ...]:
    return (*counts[:h], counts[h] + by, *counts[h + 1 :])

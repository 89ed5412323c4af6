"""The sampling-oracle framework (FMR25 sections 2, 5): a world, and two views of it, through which learners see it.

A learner gets :class:`Oracles` or :class:`TokenOracles` and nothing else: no ``rho``, no ``pi_ref``, no ``theta``, no
feature table.  The world holds the problem, the source of randomness and the meter.  The two access models stay
different types, because theorems quantify over them: whole responses cannot be listed.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

from flint import fmpq

from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.plain import is_plain
from reference.exact.rational_numbers import rational_text
from reference.exact.reals import real, real_sum
from reference.interaction.choice import Choice, Loop
from reference.interaction.meter import Budget, Meter, RewardMeter
from reference.interaction.weak import Draw, WeakOracles
from reference.model import checks
from reference.model.linear_problem import LinearProblem
from reference.model.memory import remembered
from reference.model.parts import Node, Prefix
from reference.model.policy import NodePolicy, softmax
from reference.model.problem import Problem

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)
X = TypeVar("X")
P_co = TypeVar("P_co", bound=Problem, covariant=True)

Event = tuple[str, tuple[object, ...]]
"""What an observer is told: the oracle's name, then its arguments and answer."""

UNLIMITED = Budget()


class World(Generic[P_co]):
    """A problem to be interacted with, one source of randomness, one meter.

    ``noise``: law of the error added to every reward, of mean zero; the problem's unless given.  ``observer``: told
    every query, for transcripts.  ``metered=False`` counts and limits rewards alone, which makes exact laws of what is
    returned much cheaper.

    Raises:
        ValueError: if the mean of ``noise`` is not zero.
    """

    def __init__(
        self,
        problem: P_co,
        choice: Choice,
        *,
        budget: Budget = UNLIMITED,
        noise: Law[fmpq] | None = None,
        observer: Callable[[Event], None] | None = None,
        metered: bool = True,
    ) -> None:
        self.problem = problem
        self.meter = (Meter if metered else RewardMeter)(choice, problem.horizon, budget)
        self.noise = problem.noise if noise is None else noise
        self.observer = observer
        checks.noise("noise", self.noise)

    # The two views are made when they are asked for: kept here, world and view would hold each other, and worlds are
    # made by the thousand.

    @property
    def oracles(self: "World[LinearProblem]") -> "Oracles":
        """Access to whole responses; the problem must be linear."""
        return Oracles(self)

    @property
    def tokens(self) -> "TokenOracles":
        """Access token by token."""
        return TokenOracles(self)

    def check_prompt(self, x: int) -> None:
        """Raise :class:`ValueError` unless ``x`` is the index of a prompt."""
        if not 0 <= x < len(self.problem.prompts):
            msg = f"query for prompt {x} of a problem with {len(self.problem.prompts)} prompts, counted from 0"
            raise ValueError(msg)

    def prompt(self) -> int:
        """Draw ``x ~ rho``: one prompt."""
        self.meter.prompt()
        x = self.meter.draw(self.problem.rho)
        self.told("prompt", x)
        return x

    def told(self, oracle: str, *details: object) -> None:
        """Pass a query on to the observer, if there is one."""
        if self.observer is not None:
            self.observer((oracle, details))


class OracleView(WeakOracles[X], Generic[P_co, X]):
    """What both views have: prompts, and draws and loops of the learner's own, which are no queries."""

    def __init__(self, world: World[P_co]) -> None:
        self._world = world
        self.beta = world.problem.beta

    def prompt(self) -> int:
        """Draw ``x ~ rho``."""
        return self._world.prompt()

    def draw(self, law: Law[T]) -> T:
        """Draw from a law of the learner's own; no query."""
        return self._world.meter.draw(law)

    def loop(self, loop: Loop[S]) -> S:
        """Run a loop of the learner's own; what is counted belongs to its state."""
        return self._world.meter.loop(loop)

    def part(self, run: Callable[[], S], name: Hashable = None, *, key: Callable[[S], Hashable] | None = None) -> S:
        """Run a part of the learner; its name is one among those of this problem."""
        world = self._world
        known = None if name is None or world.observer is not None else (name, world.problem, world.noise)
        return world.meter.part(run, known, key=key)


class Oracles(OracleView[LinearProblem, int]):
    """All that a learner may touch.  The attributes are public knowledge; everything else is a query."""

    def __init__(self, world: World[LinearProblem]) -> None:
        super().__init__(world)
        self.dimension = world.problem.dimension
        self._softmaxes = _softmaxes_of(world.problem)

    def weak(self, x: int, /) -> Draw:
        """Draw ``y ~ pi_ref(.|x)`` and reveal ``phi(x,y)``: one query.

        Raises:
            ValueError: if there is no prompt ``x``; the query does not count.
        """
        world = self._world
        world.check_prompt(x)
        world.meter.weak(0)
        y = world.meter.draw(world.problem.base(0, x))
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
        policy = self._softmaxes.get(tuple(theta)) or self._softmax(tuple(theta))
        world.meter.strong()
        y = world.meter.draw(policy.law(x))
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
        world.meter.reward()
        r = world.problem.reward(x, y) + world.meter.draw(world.noise)
        world.told("reward", x, y, r)
        return r

    def _softmax(self, theta: tuple[LogLinear, ...]) -> NodePolicy:
        """Return ``pi_theta``, if ``theta`` is a parameter that may be asked for."""
        problem = self._world.problem
        policy = softmax(problem, theta)
        if real_sum(real(t) * t for t in theta) > problem.B**2:
            msg = f"theta is outside the declared ball ||theta||_2 <= {rational_text(problem.B)}"
            raise ValueError(msg)
        if not is_plain():
            if len(self._softmaxes) >= _KNOWN_SOFTMAXES:
                self._softmaxes.clear()
            self._softmaxes[theta] = policy
        return policy


_KNOWN_SOFTMAXES = 1024
"""Of a problem so many softmax policies are remembered: one for each parameter that a learner tries."""


@remembered
def _softmaxes_of(problem: Problem) -> dict[tuple[LogLinear, ...], NodePolicy]:  # noqa: ARG001 - they belong to it
    return {}


class At(NamedTuple):
    """Where a token is asked for, the context: the prompt and the tokens so far."""

    x: int
    prefix: Prefix

    def then(self, token: int) -> "At":
        """Return the longer prefix."""
        return At(self.x, (*self.prefix, token))


class Listing(NamedTuple):
    """All that may follow a prefix: ``pi_ref,h(.|x,a_<h)``, and ``phi_h`` in the order of its outcomes."""

    base: Law[int]
    phi: tuple[Vector, ...]

    def __hash__(self) -> int:
        return hash(self.phi)  # laws are hashed slowly


class _Place(NamedTuple):
    """What belongs to a context: its layer, the edges, the base law (``None`` for a forced step), and the listing."""

    h: int
    edges: Node
    base: Law[int] | None
    listing: Listing


class TokenOracles(OracleView[Problem, At]):
    """All that a learner with token access may touch.  The attributes are public; everything else is a query.

    Raises:
        ValueError: if strong queries are limited: there are none.
    """

    def __init__(self, world: World[Problem]) -> None:
        super().__init__(world)
        if world.meter.budget.strong is not None:
            msg = (
                f"budget strong = {world.meter.budget.strong}: token access has no strong queries; limit weak or t_comp"
            )
            raise ValueError(msg)
        self._places = _places_of(world.problem)
        self.horizon = world.problem.horizon
        self.dimensions = world.problem.dimensions

    def weak(self, at: At, /) -> Draw:
        """Draw ``a ~ pi_ref,h(.|x,a_<h)`` and reveal ``phi_h(x,a_<h a)``: one query, none for a forced step.

        Raises:
            ValueError: if there is no such prompt or prefix, or it is as long as a response; the query does not count.
        """
        world, place = self._world, self._places.get(at) or self._place(at)
        if place.base is None:
            return 0, place.edges[0].phi
        world.meter.weak(place.h)
        token = world.meter.draw(place.base)
        if world.observer is not None:
            world.told("weak", at.x, at.prefix, token)
        return token, place.edges[token].phi

    def listing(self, at: At) -> Listing:
        """List the tokens of positive probability after a prefix, with the law and the features: a query for each.

        None for a forced step.

        Raises:
            ValueError: as :meth:`weak`.
        """
        world, place = self._world, self._places.get(at) or self._place(at)
        if place.base is not None:
            world.meter.listed(place.h, len(place.listing.phi))
            world.told("listing", at.x, at.prefix, len(place.listing.phi))
        return place.listing

    def reward(self, x: int, response: Prefix) -> LogLinear:
        """Query the reward of a whole response, on the support of the base model or not: one query.

        Raises:
            ValueError: if there is no such prompt, or it is no response to it; the query does not count.
        """
        world = self._world
        world.check_prompt(x)
        if len(response) != self.horizon:
            msg = f"reward query for {len(response)} tokens; responses have {self.horizon}"
            raise ValueError(msg)
        earned = world.problem.reward_of(x, response)
        world.meter.reward()
        r = earned + world.meter.draw(world.noise)
        world.told("reward", x, response, r)
        return r

    def _place(self, at: At) -> _Place:
        problem, h = self._world.problem, len(at.prefix)
        self._world.check_prompt(at.x)
        if h >= problem.horizon:
            msg = f"a token asked for after {h} tokens; responses end after {problem.horizon}"
            raise ValueError(msg)
        i = problem.node(at.x, at.prefix)
        base = problem.base(h, i)
        listing = Listing(base, tuple(edge.phi for edge in problem.supported(h, i)))
        place = _Place(h, problem.layers[h][i], None if problem.is_forced(h, i) else base, listing)
        if not is_plain():
            if len(self._places) >= _KNOWN_PLACES:
                self._places.clear()
            self._places[at] = place
        return place


_KNOWN_PLACES = 4096
"""Of a problem so many contexts are remembered."""


@remembered
def _places_of(problem: Problem) -> dict[At, _Place]:  # noqa: ARG001 - they belong to it
    return {}

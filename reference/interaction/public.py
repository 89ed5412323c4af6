"""What a proper learner is told about a problem."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flint import fmpq

from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO, LogLinear
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import ParameterSet, Theta
from reference.model.tilt import Tilt


@dataclass(frozen=True, slots=True)
class Public:
    """What a proper learner is told: all of the problem but its rewards, and so neither ``theta*`` nor a baseline.

    ``rho``; ``base``: ``pi_ref(.|x)`` for each prompt; ``features``: ``phi(x,y)`` for each prompt and response;
    ``beta``; ``parameter_set``: ``Theta``.

    Raises:
        ValueError: if ``Theta`` and the features differ in dimension.
    """

    rho: Law[int]
    base: tuple[Law[int], ...]
    features: tuple[tuple[Vector, ...], ...]
    beta: fmpq
    parameter_set: ParameterSet

    @classmethod
    def of(cls, problem: LinearProblem, parameter_set: ParameterSet) -> "Public":
        """Return what is public of a problem, with the declared ``Theta``."""
        prompts = range(len(problem.prompts))
        features = tuple(tuple(problem.phi(x, y) for y in range(problem.response_count(x))) for x in prompts)
        return cls(problem.rho, tuple(problem.pi_ref(x) for x in prompts), features, problem.beta, parameter_set)

    def __post_init__(self) -> None:
        if self.parameter_set.dimension != self.dimension:
            msg = f"Theta has dimension {self.parameter_set.dimension}, the features have {self.dimension}"
            raise ValueError(msg)

    @property
    def dimension(self) -> int:
        """``d``."""
        return len(self.features[0][0])

    @property
    def zero(self) -> Theta:
        """``theta = 0``: ``pi_ref``."""
        return (ZERO,) * self.dimension

    def tilt(self, theta: Theta, x: int) -> Tilt:
        """Return the closed forms of ``pi_theta(.|x)``."""
        return self.tilts(theta)(x)

    def tilts(self, theta: Theta) -> Callable[[int], Tilt]:
        """Return the closed forms of ``pi_theta(.|x)`` as a function of ``x``, for many prompts."""
        score = linear_score(theta)

        def at(x: int) -> Tilt:
            return Tilt(self.base[x], tuple(score(self.features[x][y]) for y in self.base[x].outcomes), self.beta)

        return at

    def check(self, theta: Sequence[LogLinear], what: str) -> Theta:
        """Return ``theta`` as a tuple.

        Raises:
            ValueError: naming ``what``, unless ``theta`` is in ``Theta``.
        """
        entries = tuple(theta)
        if len(entries) != self.dimension:
            msg = f"{what} has {len(entries)} entries, but the features have {self.dimension}"
            raise ValueError(msg)
        if not self.parameter_set.contains(entries):
            msg = f"{what} = ({', '.join(str(entry) for entry in entries)}) is outside Theta; project it first"
            raise ValueError(msg)
        return entries

    def committed(self, thetas: Sequence[Sequence[LogLinear]]) -> tuple[Theta, ...]:
        """Return the parameters of a round, each in ``Theta`` or 0, which is ``pi_ref`` and always there to draw from.

        Raises:
            ValueError: for no parameter at all, or naming the one that is outside.
        """
        if not thetas:
            msg = "a round needs at least one parameter to commit to"
            raise ValueError(msg)
        return tuple(
            self.zero if tuple(theta) == self.zero else self.check(theta, f"theta {i} of the round")
            for i, theta in enumerate(thetas, start=1)
        )

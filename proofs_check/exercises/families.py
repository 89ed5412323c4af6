"""The families that learners of exercises are put on, and what comes of it: exact laws, one for each member."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal, Protocol

from flint import fmpq

from reference.constructions.needle_paths import needle_path
from reference.constructions.needles import NeedleFamily
from reference.exact import LogLinear, Real, log, real_max
from reference.exact.law import Law
from reference.games.contest import Drawn, Score, overall
from reference.games.draws import gap_of_draws
from reference.interaction.choice import Choice
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prefix, Prompt, Response
from reference.model.problem import Problem


class ExerciseFamily(Protocol):
    """Instances, equally likely; a :class:`~reference.games.contest.ContestFamily` that says what is seen of them."""

    @property
    def access(self) -> Literal["responses", "tokens"]:
        """What a learner sees: whole responses, or one token after a prefix."""

    def members(self) -> Iterator[Problem]:
        """Yield every member, in an order that stays."""

    def drawn_member(self, choice: Choice) -> Problem:
        """Return a member drawn at random."""

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether a response is what is sought."""


@dataclass(frozen=True)
class Tried:
    """What a learner did on a family: the exact law of the response and of the costs, member by member."""

    family: ExerciseFamily
    laws: tuple[Law[Drawn], ...]

    @cached_property
    def score(self) -> Score:
        """The probability of a hit, and the largest costs."""
        return overall(list(self.laws))

    @property
    def hit(self) -> fmpq:
        """The probability of a hit, on average over the members."""
        mass = self.score.hit.mass(True)
        return mass if isinstance(mass, fmpq) else mass.as_rational()

    def worst_gap(self) -> Real | None:
        """Return the largest gap over the members; ``None`` if one is infinite."""
        found = [gap_of_draws(each, law) for each, law in zip(self.family.members(), self.laws, strict=True)]
        gaps = [each for each in found if each is not None]
        return real_max(gaps) if len(gaps) == len(found) else None


@dataclass(frozen=True)
class _Listed:
    """A family that lists its members."""

    def members(self) -> Iterator[Problem]:
        """Yield every member."""
        raise NotImplementedError

    def drawn_member(self, choice: Choice) -> Problem:
        """Return a member drawn at random."""
        return choice.draw(Law.uniform(self.members()))


@dataclass(frozen=True)
class HiddenNeedle(_Listed):
    """The needle family with ``k`` places and one feature."""

    C: int
    k: int
    access: Literal["responses"] = "responses"

    @property
    def _family(self) -> NeedleFamily:
        return NeedleFamily.of(self.k, self.C, 1, fmpq(1, 9))

    def members(self) -> Iterator[Problem]:
        """Yield every member."""
        return self._family.members()

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether a response is the needle."""
        return self._family.is_hit(member, x, response)


@dataclass(frozen=True)
class HiddenStrings(_Listed):
    """The needle paths to all strings of ``H`` bits, token by token."""

    H: int
    access: Literal["tokens"] = "tokens"

    def members(self) -> Iterator[Problem]:
        """Yield the paths."""
        return (needle_path(self.H, "".join(bits)) for bits in product("01", repeat=self.H))

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether a response is the string that earns."""
        return member.reward_of(x, response) > 0


COMPASS = ((4, 0), (0, 4), (-4, 0), (0, -4), (2, 2), (-2, 2), (-2, -2), (2, -2))
"""Five times the features of the eight responses."""


@dataclass(frozen=True)
class Compass(_Listed):
    """Eight equally likely responses with features in two dimensions; four parameters, each of size 5 log 2."""

    access: Literal["responses"] = "responses"

    def members(self) -> Iterator[Problem]:
        """Yield the four."""
        features = [Response.of(str(y), "1/8", [fmpq(a, 5), fmpq(b, 5)]) for y, (a, b) in enumerate(COMPASS)]
        step, none = log(2) * 5, LogLinear(fmpq(0))
        for theta in ((step, none), (-step, none), (none, step), (none, -step)):
            yield LinearProblem.of("compass", [Prompt.of("x", features)], theta=theta, beta=1, B=4, R_max=6)

    def is_hit(self, member: Problem, x: int, response: Prefix) -> bool:
        """Whether a response earns the most."""
        return member.reward_of(x, response) == member.reward_range(x)[1]

"""Games of search: a finite family of problems, one of them true, and a learner that has to find out enough about it.

Nature draws a member by the prior.  The learner asks the weak oracle, the strong oracle at one of finitely many
``theta``, and the reward oracle, each at a prompt of its choice and within budgets, and ends with one of finitely many
answers.  The value of the game is the best probability of a right answer over *all* adaptive randomised learners.

``T_comp`` counts sampling queries plus those that one draw from the answer makes (``FinalAnswer.queries``); ``T_data``
counts reward queries.  Prompts are free, since all members have the same ``rho``.  Source: ours, for FMR25 Thm 2.1.
"""

from dataclasses import dataclass

from flint import fmpq

from reference.exact.law import Law
from reference.exact.reals import real, real_sum
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import Theta
from reference.model.problem import NO_NOISE


class GameError(ValueError):
    """The parts do not make a game; the message names the part."""


@dataclass(frozen=True, slots=True)
class FinalAnswer:
    """What a learner may end with: ``queries`` that one draw from it makes, and for which members it is ``right``."""

    name: str
    right: tuple[bool, ...]
    queries: int = 0


@dataclass(frozen=True, slots=True)
class Game:
    """A finite family with a prior, what may be asked about it, and what counts as success.

    ``prior``: positive integers, up to a factor.  ``weak``: whether the weak oracle may be asked.  ``thetas``: what the
    strong oracle may be asked at.  ``noise``: law of the error of every reward, of mean zero.

    Raises:
        GameError: if members differ in what a learner knows beforehand (``beta``, dimension, prompts, ``rho``, numbers
            of responses), if a base law is irrational, or a part does not fit; the message names it.
    """

    members: tuple[LinearProblem, ...]
    prior: tuple[int, ...]
    answers: tuple[FinalAnswer, ...]
    weak: bool = True
    thetas: tuple[Theta, ...] = ()
    noise: Law[fmpq] = NO_NOISE

    def __post_init__(self) -> None:
        if not self.members or not self.answers:
            raise GameError("a game needs at least one member and one answer")
        if len(self.prior) != len(self.members) or any(type(w) is not int or w < 1 for w in self.prior):
            raise GameError(f"prior {self.prior}: needs a positive integer for each of {len(self.members)} members")
        self._check_members()
        for answer in self.answers:
            if len(answer.right) != len(self.members) or answer.queries < 0:
                raise GameError(f"answer {answer.name!r}: needs {len(self.members)} outcomes and queries >= 0")
        for t, theta in enumerate(self.thetas):
            self._check_theta(t, theta)
        if self.noise.expectation(lambda error: error) != 0:
            raise GameError("the noise has not mean zero")

    def _check_members(self) -> None:
        known = _known(self.members[0])
        for i, member in enumerate(self.members):
            for what, value in _known(member).items():
                if value != known[what]:
                    raise GameError(f"member {i}: its {what} is {value}, that of member 0 {known[what]}")
            if not member.is_base_rational:
                reason = "its base law is irrational (a softmax of logits); games take rational ones"
                raise GameError(f"member {i}: {reason}")

    def _check_theta(self, t: int, theta: Theta) -> None:
        if len(theta) != self.members[0].dimension:
            raise GameError(f"thetas[{t}] has {len(theta)} entries; the dimension is {self.members[0].dimension}")
        bound = min(member.B for member in self.members)
        if real_sum([real(entry) * entry for entry in theta]) > bound**2:
            raise GameError(f"thetas[{t}] is outside the declared ball ||theta||_2 <= {bound}")

    @property
    def prompts(self) -> range:
        """Indices of the prompts."""
        return range(len(self.members[0].prompts))

    def responses(self, x: int) -> range:
        """Indices of the responses to prompt ``x``."""
        return range(self.members[0].response_count(x))


def _known(member: LinearProblem) -> dict[str, object]:
    """What a learner knows about a member before it asks anything."""
    return {
        "beta": member.beta,
        "dimension": member.dimension,
        "number of prompts": len(member.prompts),
        "rho": [entry.rho for entry in member.prompts],
        "number of responses": [len(entry.responses) for entry in member.prompts],
    }

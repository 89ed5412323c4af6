"""Policies: conditional laws of the response given the prompt.

Whatever has ``law(x) -> Law[int]`` is a policy.  Softmax policies keep their scores, so that KL, ``J`` and coverage
have closed forms (:mod:`reference.model.tilt`); any other policy goes through its laws.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, runtime_checkable

from reference.exact.expratio import ExpRatio
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.rational_numbers import RationalLike
from reference.exact.table import MOST_ROWS, Shown, Table, short
from reference.model.checks import ProblemError
from reference.model.linear import linear_score
from reference.model.memory import equal, remembered
from reference.model.problem import Problem
from reference.model.prompt import ResponseLaw, counted
from reference.model.tilt import Tilt


@runtime_checkable
class Policy(Protocol):
    """A conditional law of the response index given the prompt index."""

    def law(self, x: int, /) -> Law[int]:
        """Return the law of the response at prompt ``x``."""


class TiltedPolicy(Shown):
    """``pi_f(.|x) = pi_ref(.|x) exp(f(x,.)/beta) / Z_f(x)``; build it with :func:`tilted` or :func:`softmax`."""

    def __init__(self, problem: Problem, f: Callable[[int, int], LogLinear]) -> None:
        self.problem = problem
        self.f = f
        self._tilts: dict[int, Tilt] = {}

    def table(self) -> Table:
        """Return names and masses, prompt by prompt."""
        return _table(self.problem, self)

    def tilt(self, x: int) -> Tilt:
        """Return the closed forms at prompt ``x``; ``f`` is evaluated once at each supported response."""
        if x not in self._tilts:
            base = self.problem.pi_ref(x)
            scores = tuple(self.f(x, y) for y in base.outcomes)
            self._tilts[x] = Tilt(base, scores, self.problem.beta)
        return self._tilts[x]

    def law(self, x: int | str) -> ResponseLaw:
        """Return ``pi_f(.|x)`` at a prompt given by index or by name; rational masses come as integer weights."""
        i = self.problem.index(x)
        return ResponseLaw(self.tilt(i).law(), self.problem.prompts[i])


class TabularPolicy(Shown):
    """A policy given by its laws, one for each prompt.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.TabularPolicy(p, [ref.Law.of({0: "3/4", 1: "1/4"})]).law("x").mass("bad")
    1/4

    Raises:
        ProblemError: if the number of laws or an outcome does not fit the problem.
    """

    def __init__(self, problem: Problem, laws: Iterable[Law[int]]) -> None:
        listed = tuple(laws)
        self.problem = problem
        if len(listed) != len(problem.prompts):
            raise ProblemError("policy", f"{len(listed)} laws for {counted(len(problem.prompts), 'prompt')}")
        for x, law in enumerate(listed):
            for y in law.outcomes:
                if not 0 <= y < problem.response_count(x):
                    raise ProblemError(f"policy[{x}]", f"{y} is not the index of a response")
        self.laws = tuple(ResponseLaw(law, prompt) for law, prompt in zip(listed, problem.prompts, strict=True))

    def table(self) -> Table:
        """Return names and masses, prompt by prompt."""
        return _table(self.problem, self)

    def law(self, x: int | str) -> ResponseLaw:
        """Return the law at a prompt given by index or by name."""
        return self.laws[self.problem.index(x)]


def _table(problem: Problem, policy: Policy) -> Table:
    rows: list[tuple[str, ...]] = []
    for x, prompt in enumerate(problem.prompts):
        law = policy.law(x) if len(rows) <= MOST_ROWS else None  # what is not shown is not computed
        for y, response in enumerate(prompt.responses):
            masses = (short(response.pi_ref), short(law.mass(y))) if law is not None else ()
            rows.append(("" if y else prompt.name, response.name, *masses))
    return Table.of(f"policy on {problem.name!r}", ("prompt", "response", "pi_ref", "pi"), rows)


def closed_form(problem: Problem, policy: Policy, x: int) -> Tilt | None:
    """Return the closed forms of a softmax policy of this problem or an equal one at prompt ``x``, or ``None``."""
    return policy.tilt(x) if isinstance(policy, TiltedPolicy) and equal(policy.problem, problem) else None


def tilted(problem: Problem, f: Callable[[int, int], LogLinear]) -> TiltedPolicy:
    """Return ``pi_f`` for scores ``f(x, y)`` in units of reward; ``f`` must be a pure function.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.tilted(p, lambda x, y: ref.log(3) * y).law("x")
    response  mass
    good      1/4
    bad       3/4
    """
    return TiltedPolicy(problem, f)


def softmax(problem: Problem, theta: Sequence[LogLinearLike]) -> TiltedPolicy:
    """Return the linear softmax policy ``pi_theta`` (FMR25 Def. 1.1).

    >>> import reference as ref
    >>> ref.softmax(ref.load("two-arms"), ["log(3)"]).law("x").mass("good")
    3/4

    Raises:
        ProblemError: if ``theta`` has not ``problem.dimension`` entries.
    """
    parameter = tuple(loglinear(t) for t in theta)
    if len(parameter) != problem.dimension:
        raise ProblemError("theta", f"{len(parameter)} entries, but the features have {problem.dimension}")
    score = linear_score(parameter)
    return TiltedPolicy(problem, lambda x, y: score(problem.phi(x, y)))


@remembered
def optimum(problem: Problem) -> TiltedPolicy:
    """Return ``pi*``, the maximiser of ``J``: ``pi_f`` with ``f`` the reward; remembered with the problem.

    >>> import reference as ref
    >>> ref.optimum(ref.load("two-arms"))
    policy on 'two-arms'
    prompt  response  pi_ref  pi
    x       good      1/2     2/3
            bad       1/2     1/3
    """
    return TiltedPolicy(problem, problem.reward)


def base_policy(problem: Problem) -> TabularPolicy:
    """Return ``pi_ref`` as a policy.

    >>> import reference as ref
    >>> ref.base_policy(ref.load("two-arms")).law("x").mass("good")
    1/2
    """
    return TabularPolicy(problem, [problem.pi_ref(x) for x in range(len(problem.prompts))])


def mixed(problem: Problem, parts: Iterable[tuple[RationalLike | ExpRatio, Policy]]) -> TabularPolicy:
    """Return the policy that picks one of ``parts`` with its weight (they sum to 1) and then draws from it.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.mixed(p, [("1/2", ref.optimum(p)), ("1/2", ref.base_policy(p))]).law("x").mass("good")
    7/12
    """
    pairs = list(parts)
    laws = [Law.mixture((weight, policy.law(x)) for weight, policy in pairs) for x in range(len(problem.prompts))]
    return TabularPolicy(problem, laws)

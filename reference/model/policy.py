"""Policies: conditional laws of the next token given the context, which for horizon 1 is the response given the prompt.

Whatever has ``law(x, prefix) -> Law[int]`` is a policy.  A :class:`NodePolicy` has one form at each node
(:mod:`reference.model.forms`): its objective, gap and coverage are computed node by node, whatever the number of
responses.  Any other policy is expanded prefix by prefix, up to ``MAX_SEQUENCES`` responses.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, runtime_checkable

from flint import fmpq

from reference.exact.expratio import ExpRatio
from reference.exact.law import Law, Mass
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.log_linears import LogLinears
from reference.exact.rational_numbers import RationalLike
from reference.exact.table import MOST_ROWS, Shown, Table, short
from reference.model.checks import ProblemError
from reference.model.forms import Form, Plain, times
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.memory import remembered
from reference.model.named_law import NamedLaw
from reference.model.parts import Prefix, counted
from reference.model.problem import Problem
from reference.model.soft_bellman import soft_values
from reference.model.tilt import Tilt

Parameters = tuple[tuple[LogLinear, ...], ...]
"""``theta_1, .., theta_H``, one parameter for each layer."""


@runtime_checkable
class Policy(Protocol):
    """A law of the next token given the prompt index and a supported prefix shorter than ``H``, empty unless given."""

    def law(self, x: int, prefix: Prefix = (), /) -> Law[int]:
        """Return the law of the next token; with horizon 1, of the response."""


class NodePolicy(Shown):
    """A policy with one law, or one :class:`~reference.model.forms.Form`, at each node ``i`` of each layer ``h``.

    >>> import reference as ref
    >>> p = ref.load("fair-bits-3")
    >>> ref.NodePolicy(p, lambda h, i: ref.Law.of({0: "1/4", 1: "3/4"})).law("x", (1, 1)).mass("0")
    1/4
    """

    def __init__(self, problem: Problem, at: Callable[[int, int], Law[int] | Form]) -> None:
        self.problem = problem
        self._at = at
        self._forms: dict[tuple[int, int], Form] = {}
        self._laws: dict[tuple[int, int], NamedLaw] = {}

    def table(self) -> Table:
        """Return names and masses, node by node."""
        problem, rows = self.problem, list[tuple[str, ...]]()
        for h, layer in enumerate(problem.layers):
            for i in problem.reachable[h]:
                law = self.at(h, i) if len(rows) <= MOST_ROWS else None  # what is not shown is not computed
                for k, edge in enumerate(layer[i]):
                    masses = (short(edge.pi_ref), short(law.mass(k))) if law is not None else ()
                    rows.append((*problem.node_label(h, i, first=k == 0), edge.token, *masses))
        return Table.of(f"policy on {problem.name!r}", (*problem.node_columns, "pi_ref", "pi"), rows)

    def form(self, h: int, i: int) -> Form:
        """Return what the policy is at node ``i`` of layer ``h``."""
        if (h, i) not in self._forms:
            found = self._at(h, i)
            self._forms[h, i] = found if isinstance(found, Form) else Plain(found, self.problem.base(h, i))
        return self._forms[h, i]

    def at(self, h: int, i: int) -> NamedLaw:
        """Return the law of the next token at node ``i`` of layer ``h``."""
        if (h, i) not in self._laws:
            self._laws[h, i] = self.problem.base(h, i).renamed(self.form(h, i).law())
        return self._laws[h, i]

    def law(self, x: int | str, prefix: Prefix = ()) -> NamedLaw:
        """Return the law of the next token after a prefix; the prompt is given by index or by name."""
        i = self.problem.index(x)
        return self.at(len(prefix), self.problem.node(i, prefix))


class TabularPolicy(NodePolicy):
    """A policy for horizon 1 given by its laws, one for each prompt.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.TabularPolicy(p, [ref.Law.of({0: "3/4", 1: "1/4"})]).law("x").mass("bad")
    1/4

    Raises:
        ProblemError: if the number of laws or an outcome does not fit the problem.
    """

    def __init__(self, problem: LinearProblem, laws: Iterable[Law[int]]) -> None:
        listed = tuple(laws)
        if len(listed) != len(problem.prompts):
            raise ProblemError("policy", f"{len(listed)} laws for {counted(len(problem.prompts), 'prompt')}")
        for x, law in enumerate(listed):
            for y in law.outcomes:
                if not 0 <= y < problem.response_count(x):
                    raise ProblemError(f"policy[{x}]", f"{y} is not the index of a response")
        super().__init__(problem, lambda _, x: listed[x])


def tilted(problem: LinearProblem, f: Callable[[int, int], LogLinear]) -> NodePolicy:
    """Return ``pi_f = pi_ref exp(f/beta) / Z_f`` for scores ``f(x, y)`` in units of reward, a pure function.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.tilted(p, lambda x, y: ref.log(3) * y).law("x")
    response  mass
    good      1/4
    bad       3/4
    """
    return NodePolicy(problem, lambda _, x: tilt_at(problem, x, f))


def tilt_at(problem: LinearProblem, x: int, f: Callable[[int, int], LogLinear]) -> Tilt:
    """Return ``pi_f(.|x)``; ``f`` is evaluated once at each supported response."""
    base = problem.base(0, x)
    return Tilt(base, LogLinears([f(x, y) for y in base.outcomes]), problem.beta)


def softmax(problem: Problem, *thetas: Sequence[LogLinearLike]) -> NodePolicy:
    """Return ``pi_{h,theta}(a|.) ~ pi_ref,h(a|.) exp(<theta_h, phi_h(.a)>/beta)`` (FMR25 Def. 1.1, section 5).

    One parameter a layer: with horizon 1, one.

    >>> import reference as ref
    >>> ref.softmax(ref.load("two-arms"), ["log(3)"]).law("x").mass("good")
    3/4
    >>> p = ref.load("fair-bits-3")
    >>> ref.gap(p, ref.softmax(p, *[["log(4)"]] * 3))
    Real(0)

    Raises:
        ProblemError: if the number of parameters or the length of one does not fit.
    """
    scores = [linear_score(theta) for theta in layer_parameters(problem, thetas)]

    def at(h: int, i: int) -> Tilt:
        values = LogLinears([scores[h](edge.phi) for edge in problem.supported(h, i)])
        return Tilt(problem.base(h, i), values, problem.beta)

    return NodePolicy(problem, at)


def layer_parameters(problem: Problem, thetas: Sequence[Sequence[LogLinearLike]]) -> Parameters:
    """Return the parameters as log-linear numbers; ProblemError if they do not fit the layers."""
    if len(thetas) != problem.horizon:
        raise ProblemError("theta", f"{counted(len(thetas), 'parameter')} for {counted(problem.horizon, 'layer')}")
    for h, (theta, dimension) in enumerate(zip(thetas, problem.dimensions, strict=True)):
        if len(theta) != dimension:
            path, where = ("theta", "") if problem.horizon == 1 else (f"theta[{h}]", f" of layer {h}")
            raise ProblemError(path, f"{len(theta)} entries, but the features{where} have {dimension}")
    return tuple(tuple(loglinear(entry) for entry in theta) for theta in thetas)


@remembered
def optimum(problem: Problem) -> NodePolicy:
    """Return ``pi*``, the maximiser of ``J``; remembered with the problem.

    >>> import reference as ref
    >>> ref.optimum(ref.load("two-arms"))
    policy on 'two-arms'
    prompt  response  pi_ref  pi
    x       good      1/2     2/3
            bad       1/2     1/3
    """
    return NodePolicy(problem, soft_values(problem).form)


def base_policy(problem: Problem) -> NodePolicy:
    """Return ``pi_ref`` as a policy.

    >>> import reference as ref
    >>> ref.base_policy(ref.load("two-arms")).law("x").mass("good")
    1/2
    """
    return NodePolicy(problem, problem.base)


def mixed(problem: LinearProblem, parts: Iterable[tuple[RationalLike | ExpRatio, Policy]]) -> TabularPolicy:
    """Return the policy that picks one of ``parts`` with its weight (they sum to 1) and then draws from it.

    >>> import reference as ref
    >>> p = ref.load("two-arms")
    >>> ref.mixed(p, [("1/2", ref.optimum(p)), ("1/2", ref.base_policy(p))]).law("x").mass("good")
    7/12
    """
    pairs = list(parts)
    laws = [Law.mixture((weight, policy.law(x)) for weight, policy in pairs) for x in range(len(problem.prompts))]
    return TabularPolicy(problem, laws)


def sequence_law(problem: Problem, policy: Policy, x: int) -> Law[Prefix]:
    """Return the law of the whole response at prompt ``x``.

    Raises:
        TreeTooLarge: if the problem has more than ``MAX_SEQUENCES`` responses.
    """
    problem.check_expandable()
    masses: list[tuple[Prefix, Mass]] = [((), fmpq(1))]
    for _ in range(problem.horizon):
        masses = [
            ((*prefix, token), times(mass, share))
            for prefix, mass in masses
            for token, share in policy.law(x, prefix).items()
        ]
    return Law.of(masses)

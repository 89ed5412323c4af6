"""Policies that choose one token at a time, their sequence laws, objective and gap (FMR25 section 5).

Whatever has ``law(x, prefix) -> Law[int]`` is a token policy.  A :class:`NodePolicy` has one law at each node: its
objective and gap are computed node by node, whatever the number of sequences.  Any other policy is expanded prefix by
prefix, up to ``MAX_SEQUENCES`` sequences.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from reference.exact.law import Law, SupportError
from reference.exact.log_linear import LogLinear, LogLinearLike, loglinear
from reference.exact.reals import Real, real
from reference.exact.table import MOST_ROWS, Shown, Table, short
from reference.model.checks import ProblemError
from reference.model.linear import linear_score
from reference.model.memory import equal, remembered
from reference.model.soft_bellman import soft_values
from reference.model.tilt import Tilt
from reference.model.tokens import Prefix, TokenProblem

Parameters = tuple[tuple[LogLinear, ...], ...]
"""``theta_1, .., theta_H``, one parameter for each layer."""

_Place = tuple[int, Prefix, int]
"""Prompt, prefix, and the node that it leads to."""


@runtime_checkable
class TokenPolicy(Protocol):
    """A law of the next token given the prompt index and a supported prefix shorter than ``H``."""

    def law(self, x: int, prefix: Prefix) -> Law[int]:
        """Return the law of the next token."""


class NodePolicy(Shown):
    """A policy with one law at each node ``(h, i)``: prefixes that share a node share the law."""

    def __init__(self, problem: TokenProblem, law: Callable[[int, int], Law[int]]) -> None:
        self.problem = problem
        self._law = law
        self._known: dict[tuple[int, int], Law[int]] = {}

    def table(self) -> Table:
        """Return names and masses, node by node."""
        problem, rows = self.problem, list[tuple[str, ...]]()
        for h, layer in enumerate(problem.layers):
            for i in problem.reachable[h]:
                law = self.at(h, i) if len(rows) <= MOST_ROWS else None  # what is not shown is not computed
                for k, edge in enumerate(layer[i]):
                    masses = (short(edge.pi_ref), short(law.mass(edge.token))) if law is not None else ()
                    place = ("", "") if k else (str(h + 1), str(i))
                    rows.append((*place, problem.alphabet[edge.token], *masses))
        return Table.of(f"policy on {problem.name!r}", ("layer", "node", "token", "pi_ref", "pi"), rows)

    def at(self, h: int, i: int) -> Law[int]:
        """Return the law of the next token at node ``i`` of layer ``h``."""
        if (h, i) not in self._known:
            self._known[h, i] = self._law(h, i)
        return self._known[h, i]

    def law(self, x: int, prefix: Prefix) -> Law[int]:
        """Return the law of the next token after a prefix."""
        return self.at(len(prefix), self.problem.node(x, prefix))


@remembered
def token_optimum(problem: TokenProblem) -> NodePolicy:
    """Return ``pi*``, the maximiser of ``J``, token by token; remembered with the problem.

    >>> import reference as ref
    >>> ref.token_optimum(ref.load_tokens("fair-bits-3")).at(0, 0)
    Law({0: 1/5, 1: 4/5})
    """
    return NodePolicy(problem, soft_values(problem).optimal)


def token_base(problem: TokenProblem) -> NodePolicy:
    """Return ``pi_ref`` as a token policy.

    >>> import reference as ref
    >>> ref.token_base(ref.load_tokens("fair-bits-3")).at(0, 0)
    Law({0: 1/2, 1: 1/2})
    """
    return NodePolicy(problem, problem.pi_ref)


def token_softmax(problem: TokenProblem, thetas: Sequence[Sequence[LogLinearLike]]) -> NodePolicy:
    """Return ``pi_{h,theta}(a|.) ~ pi_ref,h(a|.) exp(<theta_h, phi_h(.a)>/beta)``, one parameter a layer.

    >>> import reference as ref
    >>> p = ref.load_tokens("fair-bits-3")
    >>> ref.token_gap(p, ref.token_softmax(p, [["log(4)"]] * 3))
    Real(0)

    Raises:
        ProblemError: if the number of parameters or the length of one does not fit.
    """
    parameters = layer_parameters(problem, thetas)
    scores = [linear_score(theta) for theta in parameters]

    def law(h: int, i: int) -> Law[int]:
        values = tuple(scores[h](edge.phi) for edge in problem.support(h, i))
        return Tilt(problem.pi_ref(h, i), values, problem.beta).law()

    return NodePolicy(problem, law)


def layer_parameters(problem: TokenProblem, thetas: Sequence[Sequence[LogLinearLike]]) -> Parameters:
    """Return the parameters as log-linear numbers; ProblemError if they do not fit the layers."""
    if len(thetas) != problem.horizon:
        raise ProblemError("theta", f"{len(thetas)} parameters for {problem.horizon} layers")
    for h, (theta, dimension) in enumerate(zip(thetas, problem.dimensions, strict=True)):
        if len(theta) != dimension:
            raise ProblemError(f"theta[{h}]", f"{len(theta)} entries, but the features of layer {h} have {dimension}")
    return tuple(tuple(loglinear(entry) for entry in theta) for theta in thetas)


def sequence_law(problem: TokenProblem, policy: TokenPolicy, x: int) -> Law[Prefix]:
    """Return the law of the whole response at prompt ``x``.

    Raises:
        TreeTooLarge: if the problem has more than ``MAX_SEQUENCES`` sequences.
    """
    problem.check_expandable()
    law: Law[Prefix] = Law.point(())
    for _ in range(problem.horizon):
        law = Law.of(
            ((*prefix, token), mass * share)
            for prefix, mass in law.items()
            for token, share in policy.law(x, prefix).items()
        )
    return law


def token_objective(problem: TokenProblem, policy: TokenPolicy) -> Real:
    """``J(policy) = E[r] - beta KL``, in nats of reward, by ``KL``'s chain rule over the tokens.

    >>> import reference as ref
    >>> p = ref.load_tokens("fair-bits-3")
    >>> ref.token_objective(p, ref.token_base(p))
    Real(3*log(2))

    Raises:
        SupportError: if the policy leaves the support of ``pi_ref``; names the prompt and the prefix.
        TreeTooLarge: if the policy is not a :class:`NodePolicy` and the problem has too many sequences to expand.
    """

    def here(h: int, i: int, law: Law[int]) -> Real:
        rewards = law.expectation(lambda token: problem.edge(h, i, token).reward)
        return rewards - law.kl(problem.pi_ref(h, i)) * problem.beta

    return _summed(problem, policy, here)


def token_gap(problem: TokenProblem, policy: TokenPolicy) -> Real:
    """``J(pi*) - J(policy) = beta sum_h E KL(policy_h || pi*_h) >= 0``; exactly 0 where the policies are equal.

    >>> import reference as ref
    >>> p = ref.load_tokens("fair-bits-3")
    >>> ref.token_gap(p, ref.token_base(p))
    Real(-6*log(2) + 3*log(5))

    Raises:
        SupportError, TreeTooLarge: as :func:`token_objective`.
    """
    values = soft_values(problem)
    return _summed(problem, policy, lambda h, i, law: law.kl(values.optimal(h, i)) * problem.beta)


def optimal_token_value(problem: TokenProblem) -> Real:
    """``J(pi*) = E_rho[V_1(x)]``."""
    values = soft_values(problem)
    return problem.rho.expectation(lambda x: values.value(0, problem.prompts[x].root))


def _summed(problem: TokenProblem, policy: TokenPolicy, here: Callable[[int, int, Law[int]], Real]) -> Real:
    """Return the mean, over prompts and the policy's prefixes, of the sum of ``here`` along the way."""
    nodes = policy if isinstance(policy, NodePolicy) and equal(policy.problem, problem) else None
    if nodes is None:
        problem.check_expandable()

    def place(x: int, prefix: Prefix, i: int) -> _Place:
        return (x, prefix, i) if nodes is None else (0, (), i)  # a node policy does not see how a node was reached

    def after(h: int, at: _Place, token: int) -> _Place:
        x, prefix, i = at
        return place(x, (*prefix, token), problem.edge(h, i, token).child)

    def law_at(h: int, at: _Place) -> Law[int]:
        x, prefix, i = at
        law = policy.law(x, prefix) if nodes is None else nodes.at(h, i)
        supported = set(problem.pi_ref(h, i).outcomes)
        for token in law.outcomes:
            if token not in supported:
                msg = f"J is -inf: token {token} at {problem.where(h, i)} has base mass 0; give it none"
                raise SupportError(msg)
        return law

    def total(h: int, at: _Place, law: Law[int], below: Mapping[_Place, Real]) -> Real:
        return here(h, at[2], law) + law.expectation(lambda token: below[after(h, at, token)])

    roots = [place(x, (), entry.root) for x, entry in enumerate(problem.prompts)]
    reached, laws = dict.fromkeys(roots), list[dict[_Place, Law[int]]]()
    for h in range(problem.horizon):
        laws.append({at: law_at(h, at) for at in reached})
        reached = dict.fromkeys(after(h, at, token) for at, law in laws[h].items() for token in law.outcomes)
    totals = dict.fromkeys(reached, real(0))
    for h in reversed(range(problem.horizon)):
        totals = {at: total(h, at, law, totals) for at, law in laws[h].items()}
    return problem.rho.expectation(lambda x: totals[roots[x]])

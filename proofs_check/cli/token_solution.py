"""What ``spanner solve`` finds out about a token problem; nothing is expanded, unless its sequences are asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import TypeVar

from flint import fmpq

from proofs_check.cli.responses import Responses
from proofs_check.cli.solution import Probabilities
from reference.certificates import NotRealizableCertificate, RealizableCertificate
from reference.certification import certify_realizability
from reference.exact import ExpRatio, LogLinear, Real, Undecided, exp_ratio, real_sum
from reference.exact.law import Law, Mass
from reference.model import Tilt, checks, largest
from reference.model.expansion import sequence_name
from reference.model.forms import lowered
from reference.model.parts import Edge, Prefix
from reference.model.policy import base_policy
from reference.model.problem import Problem
from reference.model.ratios import coverage, layer_coverages
from reference.model.realizability import reachable_prefixes
from reference.model.soft_bellman import SumTooLong, soft_values
from reference.model.values import objective, optimal_value

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Coverages:
    """``C_cond``, ``C_cov``, their bounds ``prod_h max`` and ``C_cond^H``, and the largest ratio of each layer."""

    C_cond: Mass
    C_cov: Mass
    product: Mass
    power: ExpRatio
    layers: tuple[Mass, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Why no ``theta_h`` fits: the features of these differences sum to zero, their ``Q_h`` to ``value``, not zero."""

    certificate: NotRealizableCertificate
    value: Real


@dataclass(frozen=True, slots=True)
class TokenSolution:
    """The optimum of a token problem and what it is worth; a text says why a part could not be had.

    ``realizability`` is a certificate that has passed its check.
    """

    problem: Problem
    sequences: int
    optimal_value: Real
    base_value: Real
    base_gap: Real
    coverages: Coverages | str
    realizability: RealizableCertificate | Combination | str


def solve_tokens(problem: Problem) -> TokenSolution:
    """Return the optimum, its value, coverages, and whether it is in the autoregressive softmax class.

    Raises:
        CertificateError: if the answer to the last question does not pass its check.
    """
    best, base = optimal_value(problem), objective(problem, base_policy(problem))
    return TokenSolution(
        problem,
        problem.sequence_count(),
        best,
        base,
        best - base,
        _or_reason(lambda: _coverages(problem)),
        _or_reason(lambda: _realizability(problem)),
    )


def _or_reason(compute: Callable[[], T]) -> T | str:
    try:
        return compute()
    except (SumTooLong, Undecided) as error:
        return str(error)


def _coverages(problem: Problem) -> Coverages:
    layers = layer_coverages(problem)  # the other two follow: each function of the model would begin again
    C_cond = largest(layers)
    product = lowered(reduce(mul, map(exp_ratio, layers)))
    return Coverages(C_cond, coverage(problem), product, exp_ratio(C_cond) ** problem.horizon, layers)


def _realizability(problem: Problem) -> RealizableCertificate | Combination:
    found = certify_realizability(problem)
    if isinstance(found, RealizableCertificate):
        return found
    values, h = soft_values(problem), found.layer

    def q_value(x: int, prefix: Prefix, token: int) -> Real:
        return values.q_value(h, problem.edge(h, problem.node(x, prefix), token))

    terms = ((q_value(x, prefix, a) - q_value(x, prefix, b)) * c for c, x, prefix, a, b in found.terms)
    return Combination(found, real_sum(terms))


# ------------------------------------------------------------------------------------------------ at prefixes


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token after a prefix: ``Q_h`` of the longer prefix and ``pi*``.

    ``q_value`` is ``None`` at base mass zero, and ``probability`` where exp-sums are too long to be formed.
    """

    name: str
    edge: Edge
    q_value: Real | None
    probability: Mass | None


@dataclass(frozen=True, slots=True)
class NodeSolution:
    """A node, one of the prefixes that lead to it, and how many do; ``V_h`` and ``Q_h`` are those of this prefix."""

    h: int
    i: int
    x: int
    prefix: str
    prefixes: int
    value: Real
    tokens: tuple[TokenRow, ...]


def nodes(problem: Problem) -> Iterator[NodeSolution]:
    """Yield every node that is reached with positive base probability, the shorter prefixes first."""
    counts = _prefix_counts(problem)
    for h in range(problem.horizon):
        for i, (x, prefix) in reachable_prefixes(problem, h).items():
            yield _node(problem, h, i, x, prefix, counts[h][i])


def _prefix_counts(problem: Problem) -> list[dict[int, int]]:
    counts: list[dict[int, int]] = [{}]
    for entry in problem.prompts:
        counts[0][entry.root] = counts[0].get(entry.root, 0) + 1
    for h in range(problem.horizon - 1):
        longer: dict[int, int] = {}
        for i, count in counts[h].items():
            for edge in problem.supported(h, i):
                longer[edge.child] = longer.get(edge.child, 0) + count
        counts.append(longer)
    return counts


def _node(problem: Problem, h: int, i: int, x: int, prefix: Prefix, count: int) -> NodeSolution:
    values = soft_values(problem)
    prefix_name, _, so_far = _path(problem, x, prefix)
    best = _or_reason(lambda: dict(values.optimal(h, i).items()))

    def row(token: int, edge: Edge) -> TokenRow:
        if edge.pi_ref == 0:
            return TokenRow(edge.token, edge, None, fmpq(0))
        probability = None if isinstance(best, str) else best[token]
        return TokenRow(edge.token, edge, values.q_value(h, edge) + so_far, probability)

    rows = tuple(row(token, edge) for token, edge in enumerate(problem.layers[h][i]))
    return NodeSolution(h, i, x, prefix_name, count, values.value(h, i) + so_far, rows)


# --------------------------------------------------------------------------------------------------- sequences


def sequences(problem: Problem, x: int) -> Responses:
    """Return the supported sequences of a prompt, with their probabilities under ``pi*``.

    Raises:
        TreeTooLarge: if the problem has more than ``MAX_SEQUENCES``; names the number.
    """
    rows = [_path(problem, x, sequence) for sequence in problem.expanded(x)]
    weights = checks.law_weights(
        f"prompt {problem.prompts[x].name!r}, sequences", "pi_ref", [mass for _, mass, _ in rows]
    )
    tilt = Tilt(Law.weighted(range(len(rows)), weights), tuple(reward for _, _, reward in rows), problem.beta)
    return Responses(len(rows), rows.__getitem__, problem.beta, Probabilities(tilt))


def _path(problem: Problem, x: int, prefix: Prefix) -> tuple[str, fmpq, LogLinear]:
    """Return name, base probability, and the rewards on the way."""
    mass, reward, i = fmpq(1), LogLinear(fmpq(0)), problem.prompts[x].root
    for h, token in enumerate(prefix):
        edge = problem.edge(h, i, token)
        mass, reward, i = mass * edge.pi_ref, reward + edge.reward, edge.child
    return sequence_name(problem.spelled(x, prefix)), mass, reward

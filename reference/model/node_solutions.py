"""The nodes of a problem, one by one, with ``pi*`` and the soft values there."""

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from reference.exact.law import Mass
from reference.exact.reals import Real
from reference.model.expansion import path
from reference.model.parts import Edge, Prefix
from reference.model.problem import Problem
from reference.model.realizability import reachable_prefixes
from reference.model.reasons import or_reason
from reference.model.soft_bellman import soft_values


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
            if not problem.is_forced(h, i):
                yield _node(problem, h, i, x, prefix, counts[h][i])


def open_nodes(problem: Problem) -> list[int]:
    """Return how many nodes :func:`nodes` yields in each layer: where a response has ended there is nothing to say."""
    return [sum(not problem.is_forced(h, i) for i in layer) for h, layer in enumerate(problem.reachable)]


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
    prefix_name, _, so_far = path(problem, x, prefix)
    best = or_reason(lambda: dict(values.optimal(h, i).items()))

    def row(token: int, edge: Edge) -> TokenRow:
        if edge.pi_ref == 0:
            return TokenRow(edge.token, edge, None, fmpq(0))
        probability = None if isinstance(best, str) else best[token]
        return TokenRow(edge.token, edge, values.q_value(h, edge) + so_far, probability)

    rows = tuple(row(token, edge) for token, edge in enumerate(problem.layers[h][i]))
    return NodeSolution(h, i, x, prefix_name, count, values.value(h, i) + so_far, rows)

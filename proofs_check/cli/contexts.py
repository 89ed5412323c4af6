"""A solution context by context: soft values and ``pi*`` at every node, and whole responses if they are asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from proofs_check.cli.probabilities import Probabilities
from proofs_check.cli.responses import Responses
from reference.exact import LogLinear, Real, Undecided
from reference.exact.law import Law, Mass
from reference.model import Edge, Problem, Tilt, checks, soft_values
from reference.model.expansion import sequence_name
from reference.model.parts import Prefix
from reference.model.realizability import reachable_prefixes
from reference.model.soft_bellman import SumTooLong


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
    try:
        best = dict(values.optimal(h, i).items())
    except (SumTooLong, Undecided):
        best = None

    def row(token: int, edge: Edge) -> TokenRow:
        if edge.pi_ref == 0:
            return TokenRow(edge.token, edge, None, fmpq(0))
        probability = None if best is None else best[token]
        return TokenRow(edge.token, edge, values.q_value(h, edge) + so_far, probability)

    rows = tuple(row(token, edge) for token, edge in enumerate(problem.layers[h][i]))
    return NodeSolution(h, i, x, prefix_name, count, values.value(h, i) + so_far, rows)


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

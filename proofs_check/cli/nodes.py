"""The nodes of a problem, one by one, with ``pi*`` and the soft values there, and how ``spanner solve`` prints them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from flint import fmpq

from proofs_check.cli.formats import solve as formats
from proofs_check.cli.formats.parts import number
from proofs_check.cli.output import TextTable, brief, first, short_number
from proofs_check.cli.reasons import or_reason
from proofs_check.cli.responses import path
from reference.exact import Real, rational_text, to_decimal
from reference.exact.law import Mass
from reference.model import Edge, Problem, soft_values
from reference.model.parts import Prefix
from reference.model.realizability import reachable_prefixes

SHOWN_NODES = 12
"""Nodes whose tokens are printed."""

SHOWN_TOKENS = 8
"""Tokens that are printed at a node."""


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


def node_tables(problem: Problem, digits: int) -> Iterator[TextTable | str]:
    """Yield a table for each prompt, and notes; a node that prompts share stands at the first of them."""
    listed = list(islice(nodes(problem), first(sum(open_nodes(problem)), SHOWN_NODES)))
    for x, group in groupby(sorted(listed, key=lambda node: node.x), key=lambda node: node.x):
        yield _table(problem.prompts[x].name, list(group), digits)
    yield from _notes(problem, listed)


def _table(prompt: str, found: list[NodeSolution], digits: int) -> TextTable:
    several = any(node.prefixes > 1 for node in found)
    listed = TextTable(
        (
            (prompt, 40),
            *((("+n", "number"),) if several else ()),
            ("V_h", "number"),
            ("token", 16),
            ("pi_ref", "number"),
            ("Q_h", "number"),
            ("pi*", "number"),
        )
    )
    for node in found:
        more = f"+{to_decimal(node.prefixes - 1, digits)}" if node.prefixes > 1 else ""
        head = [f"({short_number(node.prefix, 24)})", *([more] if several else []), brief(node.value, digits)]
        for row in node.tokens[: (tokens := first(len(node.tokens), SHOWN_TOKENS))]:
            listed.add_row(*head, *_token_cells(row, digits))
            head = [""] * len(head)
        if left := len(node.tokens) - tokens:
            listed.add_row(*head, "...", f"{left} more", "", "")
    return listed


def _notes(problem: Problem, shown: list[NodeSolution]) -> Iterator[str]:
    if any(node.prefixes > 1 for node in shown):
        yield "+n: n more prefixes lead to this node; their V_h and Q_h differ by the rewards on the way"
    if any(len(node.tokens) > SHOWN_TOKENS + 1 for node in shown):
        yield "... n more: n more tokens; --json has all"
    if left := sum(open_nodes(problem)) - len(shown):
        yield f"... {left} more nodes: --json has all"


def _token_cells(row: TokenRow, digits: int) -> list[str]:
    return [
        row.name,
        brief(row.edge.pi_ref, digits),
        "" if row.q_value is None else brief(row.q_value, digits),
        "not formed" if row.probability is None else brief(row.probability, digits),
    ]


def nodes_json(problem: Problem, digits: int) -> list[formats.Node]:
    """Return each reached node with one of its prefixes."""
    return [_json(problem, node, digits) for node in nodes(problem)]


def _json(problem: Problem, node: NodeSolution, digits: int) -> formats.Node:
    return formats.Node(
        layer=node.h + 1,
        prompt=problem.prompts[node.x].name,
        prefix=node.prefix,
        prefixes=str(node.prefixes),
        V=number(node.value, digits),
        tokens=[
            formats.Token(
                token=row.name,
                pi_ref=rational_text(row.edge.pi_ref),
                reward=number(row.edge.reward, digits),
                phi=[rational_text(entry) for entry in row.edge.phi],
                Q=None if row.q_value is None else number(row.q_value, digits),
                pi_star=None if row.probability is None else number(row.probability, digits),
            )
            for row in node.tokens
        ],
    )

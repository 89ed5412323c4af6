"""The nodes of a problem, one by one, with ``pi*`` and the soft values there, and how ``spanner solve`` prints them."""

from collections.abc import Iterator
from itertools import groupby, islice

from proofs_check.cli.formats import solve as formats
from proofs_check.cli.formats.parts import number
from proofs_check.cli.output import TextTable, brief, first, short_number
from reference.exact import rational_text, to_decimal
from reference.model import Problem, checks
from reference.model.node_solutions import NodeSolution, TokenRow, nodes, open_nodes

SHOWN_NODES = 12
"""Nodes whose tokens are printed."""

SHOWN_TOKENS = 8
"""Tokens that are printed at a node."""


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
                pi_ref=rational_text(checks.rational_mass("pi_ref", row.edge.pi_ref)),
                reward=number(row.edge.reward, digits),
                phi=[rational_text(entry) for entry in row.edge.phi],
                Q=None if row.q_value is None else number(row.q_value, digits),
                pi_star=None if row.probability is None else number(row.probability, digits),
            )
            for row in node.tokens
        ],
    )

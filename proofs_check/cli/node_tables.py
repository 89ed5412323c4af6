"""How ``spanner solve`` prints soft values and ``pi*``, node by node."""

from collections.abc import Iterator
from itertools import groupby, islice

from rich.console import Console

from proofs_check.cli.contexts import NodeSolution, TokenRow, nodes
from proofs_check.cli.output import Listing, brief, first, say, short
from reference.exact import to_decimal
from reference.model import Problem

SHOWN_NODES = 12
"""Nodes whose tokens are printed."""

SHOWN_TOKENS = 8
"""Tokens that are printed at a node."""


def show_nodes(console: Console, problem: Problem, digits: int) -> None:
    """Print the first nodes, the shorter prefixes first."""
    for listed in _node_tables(problem, digits):
        console.print()
        say(console, listed)
    for note in _node_notes(problem):
        console.print(note)


def _node_tables(problem: Problem, digits: int) -> Iterator[Listing]:
    """Yield a table for each prompt; a node that prompts share stands at the first of them."""
    shown = sorted(_shown_nodes(problem), key=lambda node: node.x)
    for x, group in groupby(shown, key=lambda node: node.x):
        rows = list(group)
        several = any(node.prefixes > 1 for node in rows)
        listed = Listing(
            (
                (problem.prompts[x].name, 40),
                *((("+n", "number"),) if several else ()),
                ("V_h", "number"),
                ("token", 16),
                ("pi_ref", "number"),
                ("Q_h", "number"),
                ("pi*", "number"),
            )
        )
        for node in rows:
            more = f"+{to_decimal(node.prefixes - 1, digits)}" if node.prefixes > 1 else ""
            head = [f"({short(node.prefix, 24)})", *([more] if several else []), brief(node.value, digits)]
            for row in node.tokens[: (tokens := first(len(node.tokens), SHOWN_TOKENS))]:
                listed.add_row(*head, *_token_cells(row, digits))
                head = [""] * len(head)
            if left := len(node.tokens) - tokens:
                listed.add_row(*head, "...", f"{left} more", "", "")
        yield listed


def _node_notes(problem: Problem) -> Iterator[str]:
    shown = _shown_nodes(problem)
    if any(node.prefixes > 1 for node in shown):
        yield "+n: n more prefixes lead to this node; their V_h and Q_h differ by the rewards on the way"
    if any(len(node.tokens) > SHOWN_TOKENS + 1 for node in shown):
        yield "... n more: n more tokens; --json has all"
    if left := sum(map(len, problem.reachable)) - len(shown):
        yield f"... {left} more nodes: --json has all"


def _shown_nodes(problem: Problem) -> list[NodeSolution]:
    return list(islice(nodes(problem), first(sum(map(len, problem.reachable)), SHOWN_NODES)))


def _token_cells(row: TokenRow, digits: int) -> list[str]:
    return [
        row.name,
        brief(row.edge.pi_ref, digits),
        "" if row.q_value is None else brief(row.q_value, digits),
        "not formed" if row.probability is None else brief(row.probability, digits),
    ]

"""The certificate of soft values: ``exp(V/beta)`` of each node, where ``exp(reward/beta)`` is rational.

The kernel trusts none of these numbers: it checks the soft Bellman equation of every node.
"""

from fractions import Fraction
from functools import cache
from math import prod

import token_form


def soft_certificate(name: str, written: token_form.Written) -> str:
    """Return the file for Coq."""
    values, remaining, factors = exponentials(written)
    return token_form.LAYOUT.file_text(
        name, token_form.instance_term(written), token_form.soft_term(values, remaining, factors)
    )


def exponentials(written: token_form.Written) -> tuple[list[Fraction], list[int], list[list[Fraction]]]:
    """Return ``exp(V/beta)`` without what was earned before, how many tokens remain, and ``exp(reward/beta)``."""
    beta, nodes = written.beta, written.nodes
    factors = [
        [prod((a ** int(c / beta) for a, c in edge.reward[1].items()), start=Fraction(1)) for edge in edges]
        for edges in nodes
    ]

    @cache
    def value(node: int) -> Fraction:
        if node == len(nodes):
            return Fraction(1)
        each = zip(nodes[node], factors[node], strict=True)
        return sum((edge.mass * factor * value(edge.target) for edge, factor in each), Fraction(0))

    @cache
    def remaining(node: int) -> int:
        return 0 if node == len(nodes) else 1 + remaining(nodes[node][0].target)

    return [value(n) for n in range(len(nodes))], [remaining(n) for n in range(len(nodes))], factors

"""The certificate of soft values and realizability, where ``exp(reward/beta)`` is rational.

It has ``exp(V/beta)`` of each node, and the parameters of ``pi*`` in the softmax class, or what rules all out.  The
kernel trusts none of these numbers: it checks the soft Bellman equation of every node, and that scores have the
differences of ``Q``, or that a combination of these differences rules that out.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import chain
from math import lcm, prod

import token_form
from flint import fmpq

from reference.certificates import NotRealizableCertificate
from reference.certification import certify_realizability
from reference.exact.log_linear import LogLinear
from reference.exact.reals import Real
from reference.model.problem import Problem


def soft_certificate(name: str, written: token_form.Written, problem: Problem) -> str:
    """Return the file for Coq; ``problem``: as the reference reads it."""
    soft = token_form.soft_term(*exponentials(written))
    claimed = token_form.claims_term(soft, realizability(written, problem))
    return token_form.LAYOUT.file_text(name, token_form.instance_term(written), claimed)


def realizability(written: token_form.Written, problem: Problem) -> str:
    """Return the witness of :func:`reference.certify_realizability`, for Coq.

    Raises:
        ValueError: if a parameter is not known to be a combination of logarithms.
    """
    found = certify_realizability(problem)
    if isinstance(found, NotRealizableCertificate):
        terms = [
            (c, written.starts[x], *_tokens(problem, found.layer, x, prefix, (a, b)))
            for c, x, prefix, a, b in found.terms
        ]
        return token_form.not_realizable_term(found.layer, terms)
    logs = sorted({prime for entry in chain.from_iterable(found.thetas) for prime, _ in _logarithms(entry)})
    thetas = [
        [[Fraction(str(dict(_logarithms(entry)).get(prime, 0))) for prime in logs] for entry in theta]
        for theta in found.thetas
    ]
    return token_form.realizable_term(logs, _clearing(written, thetas), thetas)


def _logarithms(entry: LogLinear | Real) -> Sequence[tuple[int, fmpq]]:
    if not isinstance(entry, LogLinear) or entry.constant != 0:
        raise ValueError(f"{entry}: no combination of logarithms")
    return entry.terms


def _clearing(written: token_form.Written, thetas: Sequence[Sequence[Sequence[Fraction]]]) -> int:
    """Return a number that makes ``<theta_h, phi - phi'>/beta`` a whole combination of logarithms, for all pairs."""
    _, remaining, _ = exponentials(written)
    denominators = {1}
    for edges, left in zip(written.nodes, remaining, strict=True):
        first, *others = [edge for edge in edges if edge.mass > 0]
        theta = thetas[written.horizon - left]
        for other in others:
            phi = [a - b for a, b in zip(other.phi, first.phi, strict=True)]
            sums = (sum(c * x for c, x in zip(column, phi, strict=True)) for column in zip(*theta, strict=True))
            denominators |= {Fraction(total / written.beta).denominator for total in sums}
    return lcm(*denominators)


def _tokens(
    problem: Problem, layer: int, x: int, prefix: Sequence[int], pair: tuple[int, int]
) -> tuple[list[int], int, int]:
    """Return a prefix and two tokens after it by their places in the alphabet, not in their nodes."""
    node, names = problem.prompts[x].root, list[str]()
    for h, token in enumerate(prefix):
        edge = problem.layers[h][node][token]
        node = edge.child
        names.append(edge.token)
    names += [problem.layers[layer][node][token].token for token in pair]
    *places, a, b = map(problem.alphabet.index, names)
    return places, a, b


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

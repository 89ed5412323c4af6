"""Functions of the kit about responses of several tokens: a complete tree of prefixes, as rows.

With ``A`` tokens and ``H`` steps, ``base`` has a law for each prefix that is not a whole response: the empty one, then
those of one token in the order of the tokens, and so on; ``r`` has the reward of each whole response in that order.
"""

from collections.abc import Sequence
from typing import Final

from flint import fmpq

from reference.conformance.kinds import Function, Input, Value, all_positive
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.reals import real, real_log
from reference.model import Edge, Problem, Start, coverage, soft_values, token_coverage


def _tree(base: Sequence[Vector], r: Vector, beta: fmpq) -> Problem:
    all_positive(beta=beta)
    width = len(base[0])
    layers: list[list[list[Edge]]] = []
    start, count = 0, 1
    while start < len(base):
        last = start + count == len(base)
        nodes = [
            [_edge(base[start + i], a, i * width + a, r if last else None) for a in range(width)] for i in range(count)
        ]
        layers.append(nodes)
        start, count = start + count, count * width
    if start != len(base) or len(r) != count:
        msg = f"{len(base)} laws of {width} tokens and {len(r)} rewards: not those of a complete tree"
        raise ValueError(msg)
    spread = max(r) - min(r)
    return Problem.of("tree", [Start.of("x")], layers, beta=beta, R_max=spread)


def _edge(law: Vector, token: int, child: int, r: Vector | None) -> Edge:
    reward = LogLinear(fmpq(0) if r is None else r[child])
    return Edge(str(token), law[token], Vector.of([0]), reward, 0 if r is not None else child)


def _soft_value(base: Sequence[Vector], r: Vector, beta: fmpq) -> Sequence[Value]:
    """``V_1 = beta log Z``."""
    return [soft_values(_tree(base, r, beta)).value(0, 0)]


def _token_policy(base: Sequence[Vector], r: Vector, beta: fmpq, prefix: Sequence[int]) -> Sequence[Value]:
    """The optimum's law of the next token after a prefix."""
    problem = _tree(base, r, beta)
    if len(prefix) >= problem.horizon or not all(token < len(base[0]) for token in prefix):
        msg = f"prefix {list(prefix)!s:.80}: no law follows it"
        raise ValueError(msg)
    law = soft_values(problem).optimal(len(prefix), _place(prefix, len(base[0])))
    return [law.mass(a) for a in range(len(base[0]))]


def _chain_log_prob(base: Sequence[Vector], r: Vector, beta: fmpq, tokens: Sequence[int]) -> Sequence[Value]:
    """The logarithm of the probability that the optimum gives to a whole response."""
    problem = _tree(base, r, beta)
    if len(tokens) != problem.horizon:
        msg = f"{len(tokens)} tokens; a response has {problem.horizon}"
        raise ValueError(msg)
    soft, total = soft_values(problem), real(0)
    for h, token in enumerate(tokens):
        total += real_log(soft.optimal(h, _place(tokens[:h], len(base[0]))).mass(token))
    return [total]


def _token_coverage(base: Sequence[Vector], r: Vector, beta: fmpq) -> Sequence[Value]:
    """The largest ratio of optimum and base model at one token, after any prefix that can come."""
    return [token_coverage(_tree(base, r, beta))]


def _sequence_coverage(base: Sequence[Vector], r: Vector, beta: fmpq) -> Sequence[Value]:
    """The largest ratio of optimum and base model on whole responses."""
    return [coverage(_tree(base, r, beta))]


def _place(prefix: Sequence[int], width: int) -> int:
    place = 0
    for token in prefix:
        place = place * width + token
    return place


_TREE: Final[dict[str, Input]] = {"base": "laws", "r": "numbers", "beta": "number"}

ON_TREES: Final = (
    Function("soft_value", _TREE, "number", _soft_value),
    Function("token_policy", {**_TREE, "prefix": "integers"}, "law", _token_policy),
    Function("chain_log_prob", {**_TREE, "tokens": "integers"}, "number", _chain_log_prob),
    Function("token_coverage", _TREE, "number", _token_coverage),
    Function("sequence_coverage", _TREE, "number", _sequence_coverage),
)
"""In the order of the kit."""

"""Problems whose responses are several tokens long, on which several claims of section 9 are checked."""

from collections.abc import Iterator
from itertools import product

from flint import fmpq

from proofs_check.ledger import Family
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear, log
from reference.exact.linalg import Vector
from reference.model.parts import Edge, Node, Prefix, Start
from reference.model.problem import Problem
from reference.testing import log_ratio_rewards

_ONE = fmpq(1)
MASSES = ((1, 1), (3, 1), (1, 0))
_REWARDS = (LogLinear(fmpq(0)), log(3), LogLinear(fmpq(-1)))
_THETAS = (log(2), -log(3))


def bits(H: int, reward: LogLinear) -> Problem:
    """Fair bits with ``beta = 1``, named for tables."""
    return fair_bits(H, reward, name=f"fair bits, H = {H}, reward {reward}")


def tree(name: str, layers: list[list[Node]], beta: fmpq = _ONE) -> Problem:
    """Return a problem with one prompt; ``R_max`` is the least integer that bounds the sums of rewards."""
    bound = sum(2 * max(abs(edge.reward) for node in layer for edge in node).ceil() for layer in layers)
    return Problem.of(name, [Start.of("x")], layers, beta=beta, R_max=bound)


def node(masses: tuple[int, int], rewards: tuple[LogLinear, LogLinear], children: tuple[int, int] = (0, 0)) -> Node:
    """Return two edges, features 0 and 1."""
    return tuple(
        Edge(str(token), fmpq(masses[token], sum(masses)), Vector.of([token]), rewards[token], children[token])
        for token in (0, 1)
    )


def two_layers() -> Iterator[Problem]:
    """Yield trees of two bits: masses of the root and of node 1 in {1:1, 3:1, 1:0}, rewards of ``10``, ``11`` given.

    Node 0 is fair and pays 0 and log 3; rewards in {0, log 3, -1}; beta in {1/2, 1}.
    """
    zero = _REWARDS[0]
    for root, second in product(MASSES, repeat=2):
        for low, high in product(_REWARDS, repeat=2):
            for beta in (fmpq(1, 2), _ONE):
                label = f"root {root[0]}:{root[1]}, node 1 {second[0]}:{second[1]}, rewards {low}, {high}"
                ends = [node((1, 1), (zero, _REWARDS[1])), node(second, (low, high))]
                layers = [[node(root, (zero, zero), (0, 1))], ends]
                yield tree(f"{label}, beta = {beta}", layers, beta)


def realizable_bits() -> Iterator[Problem]:
    """Yield trees of two bits with ``r = beta log(pi_theta/pi_ref)``: theta in {log 2, -log 3}^2, masses as above.

    The whole reward is on the last edges, so that the soft values of the prefixes differ.
    """
    zero = _REWARDS[0]
    for root, left, right in product(MASSES, repeat=3):
        for first, second in product(_THETAS, repeat=2):
            label = f"theta {first}, {second}, masses {root}, {left}, {right}"
            layers = [[node(root, (zero, zero), (0, 1))], [node(left, (zero, zero)), node(right, (zero, zero))]]
            paid = [
                [log_ratio_rewards(each, (theta,), _ONE) for each in layer]
                for layer, theta in zip(layers, (first, second), strict=True)
            ]
            ends = [[with_more(each, edge.reward) for each, edge in zip(paid[1], paid[0][0], strict=True)]]
            yield tree(label, [*layers[:1], *ends])


def with_more(each: Node, reward: LogLinear) -> Node:
    """Return the node with ``reward`` added on every edge."""
    return tuple(Edge(e.token, e.pi_ref, e.phi, e.reward + reward, e.child) for e in each)


TWO_LAYERS = Family("trees of two bits", 162, two_layers)
REALIZABLE_BITS = Family("realizable trees of two bits", 108, realizable_bits)
LONG_BITS = Family("fair bits, H in {8, 64}", 2, lambda: [bits(H, log(3)) for H in (8, 64)])


def supported_prefixes(problem: Problem, x: int) -> Iterator[tuple[Prefix, int]]:
    """Yield the supported prefixes shorter than ``H`` with their nodes."""

    def below(prefix: Prefix, i: int) -> Iterator[tuple[Prefix, int]]:
        yield prefix, i
        if len(prefix) + 1 < problem.horizon:
            for token in problem.base(len(prefix), i).outcomes:
                yield from below((*prefix, token), problem.edge(len(prefix), i, token).child)

    return below((), problem.prompts[x].root)

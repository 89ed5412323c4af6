"""Instances with prefixes that MTSS may fail to cover, and to which no roll-out leads (ours)."""

from collections.abc import Iterable

from flint import fmpq

from reference.constructions.needle_paths import needle_path
from reference.exact import log
from reference.exact.rational_numbers import RationalLike, rational
from reference.model.parts import Edge, Node, Start
from reference.model.problem import Problem

_FLAT: Node = (Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [0]))


def nested_prompts(*hazards: RationalLike) -> Problem:
    """Return prompts of one token in ``n`` dimensions: with ``k`` pairs accepted a roll-in meets one w.p. ``u_{k+1}``.

    ``u_1 >= .. >= u_n``, the ``hazards``.  Prompt ``j``, of mass ``u_j - u_{j+1}``, has the tokens ``0, e_1, .., e_j``,
    equally likely; every ``e_i`` earns ``log 2``.  The pair ``(0, e_k)`` comes first by index among those that are not
    covered when ``k - 1`` pairs are.  What is left of the mass has nothing to learn.
    """
    us = [rational(u) for u in hazards]
    n, zero = len(us), [0] * len(us)
    nodes: list[Node] = []
    starts = list[Start]()
    for j, (u, less) in enumerate(zip(us, [*us[1:], fmpq(0)], strict=True), 1):
        if u != less:
            tokens = [Edge.of("0", fmpq(1, j + 1), zero)]
            for i in range(j):
                e_i = [int(i == k) for k in range(n)]
                tokens.append(Edge.of(f"e{i + 1}", fmpq(1, j + 1), e_i, reward=log(2)))
            starts.append(Start.of(f"x{j}", rho=u - less, root=len(nodes)))
            nodes.append(tuple(tokens))
    if us[0] != 1:
        starts.append(Start.of("rest", rho=1 - us[0], root=len(nodes)))
        nodes.append((Edge.of("0", "1/2", zero), Edge.of("1", "1/2", zero)))
    named = ", ".join(map(str, us))
    return Problem.of(f"nested prompts, hazards {named}", starts, [nodes], beta=1, R_max=1)


def rare_prompt(node: Iterable[Edge], mass: RationalLike, *, R_max: RationalLike, name: str) -> Problem:
    """Return a prompt of this mass with one token to choose, beside one with nothing to learn; ``beta = d = 1``."""
    rare = Start.of("rare", rho=mass)
    rest = Start.of("rest", rho=1 - rational(mass), root=1)
    return Problem.of(name, [rare, rest], [[tuple(node), _FLAT]], beta=1, R_max=R_max)


def rare_bit(earned: RationalLike, mass: RationalLike) -> Problem:
    """Return a prompt of this mass with a fair bit that earns ``log earned``, beside one with nothing to learn."""
    r = log(earned)
    bit = (Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=r))
    return rare_prompt(bit, mass, R_max=r.ceil(), name=f"bit for log {rational(earned)} at a prompt of mass {mass}")


def rare_needle(H: int, mass: RationalLike) -> Problem:
    """Return the needle path at a prompt of this mass, beside one with nothing to learn."""
    path = needle_path(H)
    first, *later = path.layers
    off = tuple(Edge.of(edge.token, edge.pi_ref, [0], child=1 if H > 1 else 0) for edge in _FLAT)
    prompts = [Start.of("rare", rho=mass), Start.of("rest", rho=1 - rational(mass), root=1)]
    name = f"needle-path-{H} at a prompt of mass {mass}"
    return Problem.of(name, prompts, [(*first, off), *later], beta=1, R_max=path.R_max)


def blind_alley() -> Problem:
    """Return a fork whose good branch looks bad from a roll-out that missed its pair.

    Two fair bits, ``beta = 1``: after a 1 the second earns ``-log 64`` or ``log 511/64``, so ``V = log 4`` there, and
    ``theta* = (log 4, log 511)``.  A roll-out that takes its return ``-log 64`` for ``V`` makes ``theta_1 = -log 64``:
    then roll-ins go there with probability 1/65.
    """
    root = (Edge.of("0", "1/2", [0], child=0), Edge.of("1", "1/2", [1], child=1))
    low, high = log("1/64"), log("511/64")
    fork = (Edge.of("0", "1/2", [0], reward=low), Edge.of("1", "1/2", [1], reward=high))
    return Problem.of("blind alley", [Start.of("x")], [[root], [_FLAT, fork]], beta=1, R_max=7)


def lever(n: int) -> Problem:
    """Return an instance with ``C_cond < 2`` and rank 1 in both layers where one token in ``n`` decides everything.

    Two prompts, equally likely, two fair bits; features of the first are 0 and ``1/n`` after *short*, 0 and 1 after
    *long*.  ``theta*_1 = n log(1 + 1/(2n)) < 1/2``.  After *short* and 1 a token of mass ``1/n`` earns ``log 3/2``, so
    that ``V = log(1 + 1/(2n))`` there; after *long* the bit earns ``theta*_1`` itself.  Where the pair of layer 1 comes
    from *short* and that token is missed, ``theta_1 = 0``, and *long* keeps its base law.
    """
    theta = log(1 + fmpq(1, 2 * n)) * n
    short = (Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [fmpq(1, n)], child=1))
    long = (Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=theta))
    rare = (Edge.of("0", 1 - fmpq(1, n), [0]), Edge.of("1", fmpq(1, n), [1], reward=log("3/2")))
    prompts = [Start.of("short", rho="1/2"), Start.of("long", rho="1/2", root=1)]
    return Problem.of(f"lever of {n}", prompts, [[short, long], [_FLAT, rare]], beta=1, R_max=1)

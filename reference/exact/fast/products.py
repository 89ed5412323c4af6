"""Products of powers of exp-sums, multiplied in a balanced order as bare polynomials where they share a lattice.

The meaning is in :mod:`reference.exact.products`.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heapreplace
from math import lcm, prod
from typing import TypeVar

from flint import fmpz_poly

from reference.exact.expsum import ExpSum
from reference.exact.laurent import MAX_LATTICE, SPARSITY, Laurent
from reference.exact.plain import quick
from reference.exact.products import product_of_powers

F = TypeVar("F", ExpSum, fmpz_poly)


@quick(product_of_powers)
def multiplied(factors: Sequence[tuple[ExpSum, int]]) -> ExpSum:
    """Return ``prod sum**power``, powers not negative."""
    shared = [(s, k) for s, k in factors if is_polynomial(s)]
    step = common_step([s for s, _ in shared]) if len(shared) > 1 else 0
    if not step:
        return _balanced([(s.number_of_terms, s**k) for s, k in factors]) if factors else product_of_powers(())
    shift, polynomials = 0, []
    for s, k in shared:
        start, polynomial = s.parts[0][1].on_step(step)
        shift += start * k
        polynomials.append((polynomial.length() * k, polynomial**k))
    scale = prod(s.scale**k for s, k in shared)
    whole = ExpSum(scale, {(): Laurent.on_lattice(step, shift, _balanced(polynomials))})
    others = [(s.number_of_terms, s**k) for s, k in factors if not is_polynomial(s)]
    return _balanced([*others, (whole.number_of_terms, whole)])


def _balanced(factors: Sequence[tuple[int, F]]) -> F:
    """Multiply the two shortest, over and over."""
    heap = [(length, i, factor) for i, (length, factor) in enumerate(factors)]
    heapify(heap)
    count = len(heap)
    while len(heap) > 1:
        length, _, factor = heappop(heap)
        other_length, _, other = heap[0]
        count += 1
        heapreplace(heap, (length + other_length, count, factor * other))
    return heap[0][2]


def is_polynomial(s: ExpSum) -> bool:
    """Whether a sum has no radicals and two terms or more."""
    return len(s.parts) == 1 and not s.parts[0][0] and s.parts[0][1].monomial is None


def common_step(sums: Sequence[ExpSum]) -> int:
    """Return the step of a lattice on which polynomials are not much longer than their terms, or 0."""
    step = 1
    for s in sums:
        step = lcm(step, s.parts[0][1].denominator())
        if step > MAX_LATTICE:
            return 0
    for s in sums:
        (p, q), (r, t) = s.parts[0][1].ends()
        if r * (step // t) - p * (step // q) > SPARSITY * s.number_of_terms:
            return 0
    return step

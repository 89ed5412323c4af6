"""The law of a sum of independent draws on a lattice: one power of a polynomial.

The meaning is in :mod:`reference.laws.counts`.
"""

from collections.abc import Iterator, Sequence
from math import comb, gcd, lcm

from flint import fmpq

from reference.exact.expsum import ExpSum
from reference.exact.law import Mass
from reference.exact.plain import quick
from reference.laws.counts import F, Field, sums_by_counts


def proportional_integers(w: Sequence[ExpSum]) -> list[int] | None:
    """Return positive integers proportional to positive values, ``None`` if there are none."""
    values = [value.rational for value in w]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    scale = lcm(*(int(value.q) for value in known))
    scaled = [int(value.p) * (scale // int(value.q)) for value in known]
    return [n // gcd(*scaled) for n in scaled]


def places(w: Sequence[ExpSum]) -> list[int] | None:
    """Return where the values lie on the coarsest lattice that has them all; ``None`` if none is known.

    Places are counted from the least value on, or from the first of two irrational ones.
    """
    known = proportional_integers(w)
    if known is None:
        return list(range(len(w))) if len(w) <= _ON_A_LATTICE else None
    least = min(known)
    step = gcd(*(n - least for n in known)) or 1
    return [(n - least) // step for n in known]


_ON_A_LATTICE = 2  # values, at most, that are on one whatever they are


def number_of_sums(w: Sequence[ExpSum], N: int) -> int:
    """Return how many terms :func:`sums_of_draws` has, at most."""
    at = places(w)
    counts = comb(N + len(w) - 1, N)
    return counts if at is None else min(counts, N * max(at) + 1)


def bits_of_sums(w: Sequence[ExpSum], N: int) -> int:
    """Return about how many bits a common denominator of the ``N``-th powers of all sums has; for rational values.

    The least common multiple of ``1, .., n`` has ``n log2(e)`` bits.
    """
    greatest = N * max(proportional_integers(w) or [1])
    return N * min(number_of_sums(w, N) * greatest.bit_length(), greatest * 3 // 2)


@quick(sums_by_counts)
def sums_of_draws(base: Sequence[Mass], w: Sequence[ExpSum], N: int, field: Field[F]) -> Iterator[tuple[F, F]]:
    """Yield the sums of ``N`` draws of values ``w``, as there; each once if that takes fewer terms."""
    at = places(w)
    if at is None or max(at) == 0 or number_of_sums(w, N) < N * max(at) + 1:
        yield from sums_by_counts(base, w, N, field)
        return
    together: list[Mass] = [fmpq(0)] * (max(at) + 1)
    for mass, place in zip(base, at, strict=True):
        together[place] = together[place] + mass
    least, most = (w[at.index(place)] for place in (0, max(at)))
    start, step = field.of(least) * N, field.of((most - least) / max(at))
    for k, probability in enumerate(field.power([field.of(mass) for mass in together], N)):
        if not probability == 0:  # noqa: SIM201 - a ball that may be zero is neither 0 nor different from it
            yield probability, start + step * k

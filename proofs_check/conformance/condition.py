"""Condition numbers by differences of the shadow: ``K = sum_i |x_i df/dx_i|``.

Masses are renormalised after each change, for a law has no other neighbours: with free masses the divergence of two
laws that nearly agree would be allowed any error.  Differences are taken to both sides, and the larger slope counts
where the two differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from typing import Any, Final

from mpmath import mp

from proofs_check.conformance.shadow import SHADOWS, Num, fractions_of

DIGITS_OF_SHADOW: Final = 120
"""Digits that values and differences are computed to; more where inputs are far from 1."""

_STEP: Final = 30
"""A change is ``10^-30`` of an input."""

_NOTHING: Final = 40
"""Slopes below ``10^-40`` of the value are rounding errors of the shadow, or as good as 0."""


def shadow_values(function: str, inputs: Mapping[str, Any]) -> list[Num]:
    """Return the entries of the shadow's answer, to more digits than are compared."""
    exact = {name: fractions_of(value) for name, value in inputs.items()}
    with mp.workdps(_precision(exact)):
        return _asked(function, {name: _to_mp(value) for name, value in exact.items()})


def conditions(function: str, inputs: Mapping[str, Any], laws: frozenset[str]) -> list[str]:
    """Return the condition number of each entry of the answer, as text of four digits, rounded up.

    ``laws``: names of the inputs that are masses.
    """
    exact = {name: fractions_of(value) for name, value in inputs.items()}
    spread = _spread(exact)
    with mp.workdps(_precision(exact)):
        given = {name: _to_mp(value) for name, value in exact.items()}
        at = _asked(function, given)
        step = mp.mpf(10) ** -(_STEP + spread)
        total = [mp.mpf(0)] * len(at)
        for changed in _neighbours(given, laws, step):
            slopes = [[abs(a - b) / step for a, b in zip(_asked(function, each), at, strict=True)] for each in changed]
            total = [t + max(pair) for t, pair in zip(total, zip(*slopes, strict=True), strict=True)]
        floors = [mp.mpf(10) ** -_NOTHING * (abs(value) or 1) for value in at]
        return [_four_digits(k) if k > floor else "0" for k, floor in zip(total, floors, strict=True)]


def _asked(function: str, given: Mapping[str, Any]) -> list[Num]:
    found = SHADOWS[function](**given)
    return list(found) if isinstance(found, list) else [found]


def _neighbours(given: Mapping[str, Any], laws: frozenset[str], step: Num) -> Iterator[list[dict[str, Any]]]:
    """Yield for each number that is not 0 the inputs with it a little larger, and a little smaller."""
    for name, value in given.items():
        for path in _places(value):
            changed = [_changed(value, path, 1 + sign * step) for sign in (1, -1)]
            if name in laws:
                changed = [[x / mp.fsum(law) for x in law] for law in changed]
            yield [{**given, name: each} for each in changed]


def _places(value: Any) -> Iterator[tuple[int, ...]]:  # noqa: ANN401 - a number, or rows of them
    if isinstance(value, list):
        for i, entry in enumerate(value):
            yield from ((i, *rest) for rest in _places(entry))
    elif not isinstance(value, int) and value != 0:
        yield ()


def _changed(value: Any, path: Sequence[int], factor: Num) -> Any:  # noqa: ANN401 - as above
    if not path:
        return value * factor
    return [_changed(entry, path[1:], factor) if i == path[0] else entry for i, entry in enumerate(value)]


def _to_mp(value: Any) -> Any:  # noqa: ANN401 - a fraction, or rows of them
    if isinstance(value, list):
        return [_to_mp(entry) for entry in value]
    return mp.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def _precision(exact: Mapping[str, Any]) -> int:
    return DIGITS_OF_SHADOW + 2 * _spread(exact)


def _spread(exact: Mapping[str, Any]) -> int:
    """Return how many decimal digits lie between the smallest and the largest of the inputs and 1."""
    sizes = [abs(x) for value in exact.values() for x in _numbers(value) if x]
    large, small = max([*sizes, Fraction(1)]), min([*sizes, Fraction(1)])
    return len(str(int(large))) + len(str(int(1 / small))) - 2


def _numbers(value: Any) -> Iterator[Fraction]:  # noqa: ANN401 - as above
    if isinstance(value, list):
        for entry in value:
            yield from _numbers(entry)
    elif isinstance(value, Fraction):
        yield value


def _four_digits(value: Num) -> str:
    shaved = value * (1 - mp.mpf(10) ** -20)  # 2 is 2.000, though a difference says 2 + 1e-30
    digits = Decimal(mp.nstr(shaved, 30, min_fixed=1, max_fixed=0))
    rounded = Context(prec=4, rounding=ROUND_CEILING).create_decimal(digits)
    return f"{rounded:g}" if abs(rounded.adjusted()) < 6 else f"{rounded.normalize():e}"

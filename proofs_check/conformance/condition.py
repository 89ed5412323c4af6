"""Condition numbers by differences of the shadow: ``K = sum_i |x_i df/dx_i|``.

Masses are renormalised after each change, for a law has no other neighbours: with free masses the divergence of two
laws that nearly agree would be allowed any error.  Differences are taken to both sides, and the larger slope counts
where the two differ; a side to which the answer jumps, as where a mass falls below a threshold, does not count, for the
decision is exact.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from typing import Any, Final

from mpmath import mp

from proofs_check.conformance.shadow import Num, fractions_of
from proofs_check.conformance.sources import RATIONAL, SHADOWS

DIGITS_OF_SHADOW: Final = 120
"""Digits that values and differences are computed to; more where inputs are far from 1."""

_LITERALS: Final = {"terms", "signs"}
"""Inputs that are names of variables, and whether they hold; they are not changed."""

_STEP: Final = 30
"""A change is ``10^-30`` of an input."""

_FEWER: Final = 40
"""Digits of a condition number by a formula."""

_LARGE: Final = 1e-20
"""A change from here on may be a jump, or that of a question in bad condition."""

_PLAIN: Final = 6
"""Decimal exponents that are written without an ``e``."""

_NOTHING: Final = 40
"""Slopes below ``10^-40`` of the value are rounding errors of the shadow, or as good as 0."""


def shadow_values(function: str, inputs: Mapping[str, Any]) -> list[Num]:
    """Return the entries of the shadow's answer, to more digits than are compared."""
    with mp.workdps(DIGITS_OF_SHADOW):
        exact = {name: fractions_of(value) for name, value in inputs.items()}
    with mp.workdps(_precision(exact)):
        return _asked(function, {name: _to_mp(value) for name, value in exact.items()})


def conditions(function: str, inputs: Mapping[str, Any], laws: frozenset[str], below: int = 0) -> list[str]:
    """Return the condition number of each entry of the answer, as text of four digits, rounded up.

    ``laws``: names of the inputs that are masses; ``below``: an entry may be as small as ``10^-below``, and not be 0.
    """
    exact = {name: fractions_of(value) for name, value in inputs.items()}
    spread = _spread(exact)
    with mp.workdps(_precision(exact) + max(below, 0)):
        decides = function in RATIONAL
        given = exact if decides else {name: _to_mp(value) for name, value in exact.items()}
        at = [mp.mpf(0) + _to_mp(value) for value in _asked(function, given)]
        step = Fraction(1, 10 ** (_STEP + spread)) if decides else mp.mpf(10) ** -(_STEP + spread)
        total = [mp.mpf(0)] * len(at)
        for near, nearer in zip(_neighbours(given, laws, step), _neighbours(given, laws, step * step), strict=True):
            both = zip(near, nearer, strict=True)
            sides = [side for pair in both if (side := _differences(function, *pair, at)) is not None]
            if sides:
                total = [t + max(pair) for t, pair in zip(total, zip(*sides, strict=True), strict=True)]
        total = [each / _to_mp(step) for each in total]
        floors = [mp.mpf(10) ** -_NOTHING * (abs(value) or 1) for value in at]
        return [_four_digits(k) if k > floor else "0" for k, floor in zip(total, floors, strict=True)]


def log_partition_condition(inputs: Mapping[str, Any]) -> str:
    """Return that of ``beta log Z`` by its formula, for rows too long for differences.

    With ``s`` the softmax: ``sum |beta (s - pi)| + sum |r s| + |beta log Z - E_s r|``.
    """
    pi, r, beta = (fractions_of(inputs[name]) for name in ("pi", "r", "beta"))
    with mp.workdps(_FEWER):
        top, scale = max(x for p, x in zip(pi, r, strict=True) if p), _to_mp(beta)
        powers = {x: mp.exp(_to_mp((x - top) / beta)) for x in set(r)}
        weights = [_to_mp(p) * powers[x] for p, x in zip(pi, r, strict=True)]
        whole = mp.fsum(weights)
        masses = [w / whole for w in weights]
        value = _to_mp(top) + scale * mp.log(whole)
        moved = scale * mp.fsum(abs(s - _to_mp(p)) for s, p in zip(masses, pi, strict=True))
        mean = mp.fsum(s * _to_mp(x) for s, x in zip(masses, r, strict=True))
        lengths = mp.fsum(s * _to_mp(abs(x)) for s, x in zip(masses, r, strict=True))
        return _four_digits(moved + lengths + abs(value - mean))


def _differences(
    function: str, near: Mapping[str, Any], nearer: Mapping[str, Any], at: Sequence[Num]
) -> list[Num] | None:
    """Return by how much the entries change; ``None`` if one of them jumps, or there is no answer any more.

    What jumps changes by as much where the input is ``nearer``.
    """
    try:
        found = _distances(function, near, at)
        if max(found, default=0) > _LARGE:
            closer = _distances(function, nearer, at)
            if any(a > _LARGE and b > a * _LARGE for a, b in zip(found, closer, strict=True)):
                return None
    except (ZeroDivisionError, StopIteration):
        return None
    return found


def _distances(function: str, changed: Mapping[str, Any], at: Sequence[Num]) -> list[Num]:
    return [abs(_to_mp(a) - b) for a, b in zip(_asked(function, changed), at, strict=True)]


def _asked(function: str, given: Mapping[str, Any]) -> list[Num]:
    found = SHADOWS[function](**given)
    return list(found) if isinstance(found, list) else [found]


def _neighbours(given: Mapping[str, Any], laws: frozenset[str], step: Num) -> Iterator[list[dict[str, Any]]]:
    """Yield for each number that is not 0 the inputs with it a little larger, and a little smaller."""
    for name in given.keys() - _LITERALS:
        value = given[name]
        for path in _places(value):
            changed = [_changed(value, path, 1 + sign * step) for sign in (1, -1)]
            if name in laws:
                changed = [_renormalised(each) for each in changed]
            yield [{**given, name: each} for each in changed]


def _renormalised(law: list[Any]) -> list[Any]:
    if isinstance(law[0], list):
        return [_renormalised(each) for each in law]
    return [x / sum(law) for x in law]


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
    return f"{rounded:g}" if abs(rounded.adjusted()) < _PLAIN else f"{rounded.normalize():e}"

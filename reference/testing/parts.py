"""What problems are drawn from: exact numbers, laws, features of norm at most 1, and the families of rewards."""

from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from math import isqrt
from typing import Literal, ParamSpec, TypeVar

from flint import fmpq
from hypothesis import strategies as st

from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, log

T = TypeVar("T")
P = ParamSpec("P")

ThetaFamily = Literal["rational", "log-rational", "mixed"]
"""Rational rewards; rewards with rational ``exp(difference/beta)``; both kinds of parameter in one problem."""

FAMILIES: tuple[ThetaFamily, ...] = ("rational", "log-rational", "mixed")

PRIMES = (2, 3, 5, 7)

ANY_FAMILY = st.sampled_from(FAMILIES)


def made_once(strategy: Callable[P, st.SearchStrategy[T]]) -> Callable[P, st.SearchStrategy[T]]:
    """Return the same strategy for the same arguments: Hypothesis looks through each new one before it draws."""
    once: Callable[P, st.SearchStrategy[T]] = wraps(strategy)(lru_cache(256)(strategy))  # type: ignore[assignment]  # hashable, all are numbers or tuples
    return once


integers, booleans = made_once(st.integers), made_once(st.booleans)


@made_once
@st.composite
def rationals(draw: st.DrawFn, low: int | fmpq = -3, high: int | fmpq = 3, max_denominator: int = 8) -> fmpq:
    """Rationals in ``[low, high]``, both ends included."""
    denominator = draw(integers(1, max_denominator))
    return low + (fmpq(high) - low) * fmpq(draw(integers(0, denominator)), denominator)


@made_once
@st.composite
def loglinears(draw: st.DrawFn, max_terms: int = 2) -> LogLinear:
    """Log-linear numbers with up to ``max_terms`` logarithms of primes."""
    primes = draw(_primes(max_terms))
    value = LogLinear(draw(rationals()))
    for prime in primes:
        value = value + log(prime) * draw(rationals())
    return value


@made_once
def numbers_of(family: ThetaFamily) -> st.SearchStrategy[Callable[[fmpq], LogLinear]]:
    """Rewards or entries of ``theta`` of a family, as functions of a scale, which logarithms are multiplied by."""
    plain = rationals().map(lambda value: lambda _: LogLinear(value))
    logs = st.builds(lambda a, b: lambda scale: log(fmpq(a, b)) * scale, st.integers(1, 4), st.integers(1, 4))
    halves = logs.map(lambda value: lambda scale: value(scale) / 2)
    return {"rational": plain, "log-rational": logs, "mixed": st.one_of(plain, logs, halves)}[family]


@made_once
def _primes(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.sampled_from(PRIMES), max_size=most, unique=True)


@made_once
@st.composite
def mass_weights(draw: st.DrawFn, size: int, max_weight: int = 6) -> tuple[int, ...]:
    """Integers ``>= 0``, not all zero."""
    values = draw(_integer_lists(0, max_weight, size))
    values[draw(integers(0, size - 1))] += 1
    return tuple(values)


@st.composite
def laws(draw: st.DrawFn, outcomes: Sequence[T] = (0, 1, 2), max_weight: int = 6) -> Law[T]:  # type: ignore[assignment]  # the default fits T = int
    """Rational laws on ``outcomes``; some of them may get no mass."""
    drawn = draw(mass_weights(len(outcomes), max_weight))
    return Law.weighted(outcomes, drawn)


@made_once
def _integer_lists(low: int, high: int, size: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high), min_size=size, max_size=size)


@made_once
@st.composite
def features(draw: st.DrawFn, dimension: int, denominator: int = 4) -> Vector:
    """Vectors of Euclidean norm at most 1: signed unit vectors, or integers over ``denominator * ceil(sqrt(d))``."""
    if draw(booleans()):
        position, sign = draw(integers(0, dimension - 1)), draw(_SIGNS)
        return Vector.of([sign if k == position else 0 for k in range(dimension)])
    entries = draw(_integer_lists(-denominator, denominator, dimension))
    return Vector.of([fmpq(n, common_denominator(dimension, denominator)) for n in entries])


_SIGNS = st.sampled_from((-1, 1))


def common_denominator(dimension: int, denominator: int = 4) -> int:
    """Return the integer that clears the denominators of :func:`features`."""
    return denominator * (isqrt(dimension - 1) + 1)

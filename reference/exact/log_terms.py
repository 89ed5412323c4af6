"""Rational combinations of 1 and of logarithms, as terms of reals: written for a logarithm, and recognised."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from flint import fmpq

from reference.exact.atoms import UNIT, Atom, LogInt, LogSum, Monomial
from reference.exact.expratio import ExpRatio
from reference.exact.expsum import ExpSum, exp_sum
from reference.exact.log_linear import LogLinear, factored
from reference.exact.number import Undecided
from reference.exact.plain import cached


class Logs(NamedTuple):
    """``constant + sum c log`` with rational ``c``."""

    constant: fmpq
    terms: list[tuple[LogInt | LogSum, fmpq]]

    @staticmethod
    def of(terms: Mapping[Monomial, ExpRatio]) -> "Logs | None":
        """Return the terms of a real in this form, if they have it."""
        constant, logs = fmpq(0), []
        for monomial, c in terms.items():
            if not c.is_rational or len(monomial) > 1:
                return None
            if not monomial:
                constant = c.as_rational()
                continue
            ((atom, power),) = monomial
            if power != 1 or not isinstance(atom, LogInt | LogSum):
                return None
            logs.append((atom, c.as_rational()))
        return Logs(constant, logs)

    @property
    def are_of_integers(self) -> bool:
        """Whether no logarithm of a sum is there."""
        return all(isinstance(atom, LogInt) for atom, _ in self.terms)


def log_terms(s: ExpSum) -> dict[Monomial, fmpq]:
    """Return the coefficients of ``log s``: that of one term splits into integers, that of several is an atom."""
    if s.rational is not None:
        return _of_rational(s.rational)
    if len(s.parts) == 1 and s.parts[0][1].monomial:
        ((coefficient, exponent),) = s.terms()
        return combined(_of_rational(coefficient), linear_terms(exponent))
    return _of_long_sum(_Written(s))


def linear_terms(value: LogLinear) -> dict[Monomial, fmpq]:
    """Return the coefficients of a log-linear number."""
    return {UNIT: value.constant, **{_log_of(p): a for p, a in value.terms}}


def once(atom: Atom) -> Monomial:
    """Return an atom as a monomial."""
    return frozenset({(atom, 1)})


def combined(left: Mapping[Monomial, fmpq], right: Mapping[Monomial, fmpq], factor: int = 1) -> dict[Monomial, fmpq]:
    """Return ``left + factor * right``."""
    total = dict(left)
    for monomial, c in right.items():
        total[monomial] = total.get(monomial, fmpq(0)) + c * factor
    return total


@dataclass(frozen=True, slots=True)
class _Written:
    """A sum as a key of what is remembered, by the hash of its normal form: those of close numbers are equal."""

    s: ExpSum

    def __hash__(self) -> int:
        return self.s.form_hash()


@cached(1024)  # all masses of a law share one denominator
def _of_long_sum(written: _Written) -> dict[Monomial, fmpq]:
    """``log s = log c + L + log(s / (c e^L))``, so that sums with a ratio of that kind have the last atom in common."""
    s = written.s
    coefficient, exponent = term_of_reference(s)
    rest = s * exp_sum([(1 / coefficient, -exponent)])
    whole = combined(_of_rational(coefficient), linear_terms(exponent))
    return combined(whole, {once(LogSum(rest, rest - 1)): fmpq(1)})


def term_of_reference(s: ExpSum) -> tuple[fmpq, LogLinear]:
    """Return the term that goes along when the sum is multiplied by a positive ``c e^L``, which permutes the radicals.

    It is the largest of the first positive terms of all radicals; no two terms of a normal form are equal.
    """
    return max(s.first_positive_terms(), key=lambda term: exp_sum([term]))


def _of_rational(q: fmpq) -> dict[Monomial, fmpq]:
    return combined(_of_integer(int(q.p)), _of_integer(int(q.q)), -1) if q != 1 else {}


@cached(1024)
def _log_of(n: int) -> Monomial:
    return once(LogInt(n))


@cached(1024)
def _of_integer(n: int) -> dict[Monomial, fmpq]:
    try:
        factors = factored(n)
    except Undecided:
        factors = ((n, 1),)
    return {_log_of(p): fmpq(k) for p, k in factors}

"""Reals: polynomials, with exp-ratio coefficients, in logarithms and other atoms that have enclosures.

KL divergences, objectives and gaps are of this kind: ``sum_p c_p log p + c log(Z) + ...``.  The normal form cancels
equal monomials, so identities that hold atom by atom are decided, and so is everything that is an exp-ratio or a
log-linear number after all; not so logarithms of sums that would cancel as products, such as
``log(3 + 2 2^(1/2)) - 2 log(1 + 2^(1/2))``.  Otherwise a comparison refines enclosures up to the precision cap and then
raises :class:`~reference.exact.number.Undecided`: equality of general reals is never guessed.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import TypeAlias

from flint import arb, ctx, fmpq

from reference.exact.atoms import Atom, Enclosed, LogInt, LogSum, independent
from reference.exact.expratio import ExpRatio, exp_ratio, ratio_total
from reference.exact.expsum import ExpSum, exp_sum
from reference.exact.log_linear import LogLinear, factored, log
from reference.exact.number import ExactNumber, Undecided, refine_sign, shortened, sum_text
from reference.exact.plain import cached
from reference.exact.rational_numbers import BadNumber

Monomial = frozenset[tuple[Atom, int]]
UNIT: Monomial = frozenset()

Number: TypeAlias = "int | fmpq | LogLinear | ExpSum | ExpRatio | Real"
"""Every number of the tower."""


class Real(ExactNumber):
    """A polynomial over atoms; build values with :func:`real`, :func:`real_log` and arithmetic.

    Comparisons are decided where the class documentation says so and raise
    :class:`~reference.exact.number.Undecided` otherwise.  Not hashable, since equality may be undecided.

    >>> import reference as ref
    >>> ref.real(ref.log(2)) * ref.log(3) < 1
    True
    """

    __slots__ = ("terms",)
    terms: Mapping[Monomial, ExpRatio]

    def __init__(self, terms: Mapping[Monomial, ExpRatio]) -> None:
        kept = {m: c for m, c in terms.items() if c.numerator.parts}
        object.__setattr__(self, "terms", MappingProxyType(kept))

    def __setattr__(self, name: str, value: object) -> None:
        msg = f"Real is immutable: cannot set {name}"
        raise AttributeError(msg)

    def __reduce__(self) -> tuple[type["Real"], tuple[dict[Monomial, ExpRatio]]]:
        return Real, (dict(self.terms),)

    @property
    def exact(self) -> fmpq | LogLinear | ExpRatio | None:
        """The same number lower in the tower, where it is there: a rational, log-linear or an exp-ratio."""
        linear = self._log_integers()
        if linear is None:
            return self.terms[UNIT] if set(self.terms) == {UNIT} else None
        constant, terms = linear
        try:
            value = sum((log(n) * c for n, c in terms), LogLinear(constant))
        except Undecided:
            return None
        return value.constant if value.is_rational else value

    def enclosure(self, prec: int) -> arb:
        """Return a ball that contains the number, computed with ``prec`` bits."""
        balls = {atom: atom.enclosure(prec) for monomial in self.terms for atom, _ in monomial}
        with ctx.workprec(prec):
            total = arb(0)
            for monomial, c in self.terms.items():
                value = c.enclosure(prec)
                for atom, power in monomial:
                    for _ in range(power):  # arb ** int goes through log, which fails on balls that contain 0
                        value *= balls[atom]
                total += value
            return total

    def sign(self) -> int:
        """Return -1, 0 or 1.

        Raises:
            Undecided: at the precision cap, for numbers that are neither exp-ratios nor log-linear.
        """
        if not self.terms:
            return 0
        if set(self.terms) == {UNIT}:
            return self.terms[UNIT].sign()
        linear = self._log_integers()
        if linear is not None and linear[0] == 0 and not independent(linear[1]):
            return 0
        return refine_sign(self, nonzero=linear is not None)

    def __add__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        terms = dict(self.terms)
        for monomial, c in real(other).terms.items():
            terms[monomial] = terms[monomial] + c if monomial in terms else c
        return Real(terms)

    __radd__ = __add__

    def __neg__(self) -> "Real":
        return Real({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        return self + -real(other)

    def __rsub__(self, other: Number) -> "Real":
        return -self + other

    def __mul__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        factors = real(other).terms
        if not factors.keys() - {UNIT}:  # a factor without atoms, the common case
            factor = factors.get(UNIT)
            return Real({m: c * factor for m, c in self.terms.items()} if factor is not None else {})
        terms: dict[Monomial, ExpRatio] = {}
        for m, c in self.terms.items():
            for n, d in factors.items():
                monomial = _times(m, n)
                terms[monomial] = terms[monomial] + c * d if monomial in terms else c * d
        return Real(terms)

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        divisor = real(other)
        if set(divisor.terms) - {UNIT}:
            msg = f"division by {divisor!s:.60}, which is not an exp-ratio; compare cross-multiplied instead"
            raise TypeError(msg)
        inverse = 1 / divisor.terms.get(UNIT, exp_ratio(0))
        return Real({m: c * inverse for m, c in self.terms.items()})

    def __rtruediv__(self, other: Number) -> "Real":
        if not isinstance(other, _NUMBERS):
            return NotImplemented
        return real(other) / self

    def __pow__(self, power: int) -> "Real":
        if power < 0:
            return 1 / self**-power
        return reduce(Real.__mul__, [self] * power, real(1))

    def _rational(self) -> fmpq | None:
        exact = self.exact
        return exact if isinstance(exact, fmpq) else None

    def _minus(self, other: object) -> "Real | None":
        return self - other if isinstance(other, _NUMBERS) else None

    def _log_integers(self) -> tuple[fmpq, list[tuple[int, fmpq]]] | None:
        """Return ``(c_0, [(n, c_n)])`` if the number is ``c_0 + sum c_n log n`` with rational coefficients."""
        constant, terms = fmpq(0), []
        for monomial, c in self.terms.items():
            if not c.is_rational or len(monomial) > 1:
                return None
            if not monomial:
                constant = c.as_rational()
                continue
            ((atom, power),) = monomial
            if power != 1 or not isinstance(atom, LogInt):
                return None
            terms.append((atom.n, c.as_rational()))
        return constant, terms

    def __str__(self) -> str:
        # the constant first, then by text, so that the order in which a number was built does not show
        texts = sorted(((_atoms_text(m), c) for m, c in self.terms.items()), key=lambda t: (len(t[0]), t[0]))
        return sum_text(_term_text(atoms, c) for atoms, c in texts)

    def __repr__(self) -> str:
        text = str(self)
        return f"Real({shortened(text)})"


_NUMBERS = (int, fmpq, LogLinear, ExpSum, ExpRatio, Real)


def real(value: Number) -> Real:
    """Return any number of the tower as a real.

    >>> import reference as ref
    >>> ref.real(2)
    Real(2)
    """
    if isinstance(value, Real):
        return value
    if isinstance(value, LogLinear):
        return Real({UNIT: exp_ratio(value.constant), **{_once(LogInt(p)): exp_ratio(c) for p, c in value.terms}})
    return Real({UNIT: exp_ratio(value)})


def real_sum(values: Iterable[Number]) -> Real:
    """Return the sum, collected once: repeated ``+`` copies a long sum at every step."""
    collected: dict[Monomial, list[ExpRatio]] = defaultdict(list)
    for value in values:
        for monomial, c in real(value).terms.items():
            collected[monomial].append(c)
    return Real({monomial: ratio_total(coefficients) for monomial, coefficients in collected.items()})


def real_log(value: int | fmpq | ExpSum | ExpRatio) -> Real:
    """Return the natural logarithm of a positive number: log-linear where it can be, opaque otherwise.

    Raises:
        BadNumber: if ``value`` is not positive.
    """
    ratio = exp_ratio(value)
    if ratio.sign() <= 0:
        msg = f"log({ratio!s:.60}): the argument must be positive"
        raise BadNumber(msg)
    return _log_sum(ratio.numerator) - _log_sum(ratio.denominator)


def enclosed(function: Callable[..., arb], *arguments: Hashable) -> Real:
    """Return the real that ``function(prec, *arguments)`` encloses at every precision ``prec`` in bits."""
    return Real({_once(Enclosed(function, arguments)): exp_ratio(1)})


def real_max(values: Iterable[Number]) -> Real:
    """Return the largest of at least one number; may raise Undecided."""
    return reduce(max, map(real, values))


def real_min(values: Iterable[Number]) -> Real:
    """Return the smallest of at least one number; may raise Undecided."""
    return reduce(min, map(real, values))


def _log_sum(s: ExpSum) -> Real:
    if s.rational is not None:
        return _log_rational(s.rational)
    if len(s.parts) == 1 and s.parts[0][1].monomial:
        ((coefficient, exponent),) = s.terms()
        return _log_rational(coefficient) + exponent
    return _log_long_sum(s)


@cached(1024)  # all masses of a law share one denominator
def _log_long_sum(s: ExpSum) -> Real:
    """``log s = log c + L + log(s / (c e^L))``, so that sums with a ratio of that kind have the last atom in common."""
    coefficient, exponent = _term_of_reference(s)
    rest = s * exp_sum([(1 / coefficient, -exponent)])
    return _log_rational(coefficient) + exponent + Real({_once(LogSum(rest)): exp_ratio(1)})


def _term_of_reference(s: ExpSum) -> tuple[fmpq, LogLinear]:
    """Return the term that goes along when the sum is multiplied by a positive ``c e^L``, which permutes the radicals.

    It is the largest of the first positive terms of all radicals; no two terms of a normal form are equal.
    """
    firsts = dict[object, tuple[fmpq, LogLinear]]()
    for coefficient, exponent in s.terms():
        if coefficient > 0:
            firsts.setdefault(exponent.terms, (coefficient, exponent))
    return max(firsts.values(), key=lambda term: exp_sum([term]))


def _log_rational(q: fmpq) -> Real:
    return _log_integer(int(q.p)) - _log_integer(int(q.q))


def _log_integer(n: int) -> Real:
    try:
        factors = factored(n)
    except Undecided:
        factors = ((n, 1),)
    return Real({_once(LogInt(p)): exp_ratio(k) for p, k in factors})


def _once(atom: Atom) -> Monomial:
    return frozenset({(atom, 1)})


def _times(left: Monomial, right: Monomial) -> Monomial:
    powers = dict(left)
    for atom, k in right:
        powers[atom] = powers.get(atom, 0) + k
    return frozenset(powers.items())


def _atoms_text(monomial: Monomial) -> str:
    return "*".join(sorted(str(atom) if k == 1 else f"{atom}^{k}" for atom, k in monomial))


def _term_text(atoms: str, c: ExpRatio) -> str:
    if not atoms:
        return str(c)
    if c == 1:
        return atoms
    if c == -1:
        return f"-{atoms}"
    is_sum = c.denominator.rational == 1 and c.numerator.number_of_terms > 1
    return f"({c})*{atoms}" if is_sum else f"{c}*{atoms}"

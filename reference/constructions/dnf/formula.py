"""Max-k-DNF as an alignment problem: the instances on which training-time methods need data or work.

A *k-DNF* has terms of ``k`` literals on distinct variables.  ``val(a)`` is the fraction of its terms that an assignment
``a`` in ``{-1,+1}^n`` satisfies; ``val* = max_a val(a)``.  Its instance with parameters ``A > 1``, ``L >= 1``:

* prompts are the terms, ``rho`` is uniform, responses are 0 and 1, ``phi(j,0) = 0``, and
  ``phi(j,1) = (1/k) sum_{literals} sign e_variable``;
* ``Theta`` is a box: ``theta_v = beta k log(A) t_v`` with ``t`` in ``[-1,1]^n``, so that
  ``exp(<theta, phi(j,1)>/beta) = A^(sum_{literals} sign t_variable)``; ``theta*`` belongs to a vertex ``t = a*``;
* ``pi_ref(1|j) = p = L A^-k``, and ``p < 1/2``.

With ``a = L/(1-p+L)`` and ``b = (L/A)/(1-p+L/A)``:

* a term that a vertex satisfies has ``pi(1|j) = a``, since then the sum of its signs is ``k``;
* ``E_j[pi_theta(1|j)] <= val(sgn t) a + (1 - val(sgn t)) b`` for every real ``t`` in the box, with ``sgn 0 = +1``: a
  term that ``sgn t`` does not satisfy has a literal with ``sign t_variable <= 0``, so that its sum is at most ``k-1``
  and ``pi(1|j) <= b``; the others have at most ``a``;
* ``C_cov(pi*) <= A^k/L``: ``pi*(1|j)/p <= 1/p``, and ``pi*(0|j)/(1-p) <= 1/(1-p) < 1/p``.

Source: the reduction behind FMR25 Thm 4.1; the finite family and its constants are ours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isqrt

from flint import fmpq

from reference.exact.expratio import ExpRatio
from reference.exact.expsum import exp
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, log
from reference.exact.number import shortened
from reference.exact.rational_numbers import RationalLike, rational, rational_hash, rational_text
from reference.exact.reals import Real, real_sum
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import Box, Theta
from reference.model.parts import Prompt, Response

Assignment = tuple[int, ...]
"""A vertex of the cube: +1 for true, -1 for false."""

GRAIN = 64
"""Declared bounds are rounded up to multiples of 1/64."""


_SHOWN = 80
"""The name of an instance quotes this many characters of its formula."""


class FormulaError(ValueError):
    """Something that is not a k-DNF, or not an instance of one: one line that names the term or the hypothesis."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A k-DNF over ``x1..xn``.  Literals are signed numbers: ``3`` is ``x3``, ``-3`` is ``!x3``.

    ``variables``: ``n >= 1``; some may stand in no term.  ``terms``: at least one, all of the same length ``k >= 1``;
    a term may be there several times and then counts as often.

    Raises:
        FormulaError: at construction, naming the term.
    """

    variables: int
    terms: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if type(self.variables) is not int or self.variables < 1:
            raise FormulaError(f"{self.variables!r} variables: needs an integer n >= 1")
        if not self.terms:
            raise FormulaError("the formula has no terms: needs at least one")
        for number, term in enumerate(self.terms, start=1):
            _check_term(number, term, self.variables)
            if len(term) != self.k:
                said = f"has length {len(term)}, but term 1 has length {self.k}"
                raise FormulaError(f"term {number} ({term_text(term)}) {said}; all terms need the same length k")

    @property
    def k(self) -> int:
        """Number of literals in every term."""
        return len(self.terms[0])

    def satisfied(self, assignment: Sequence[int]) -> tuple[int, ...]:
        """Return how many of its literals each term has true under ``assignment``; ``k`` of them satisfy it."""
        self.check(assignment)
        true = {variable * sign for variable, sign in enumerate(assignment, start=1)}
        return tuple([len(true.intersection(term)) for term in self.terms])

    def value(self, assignment: Sequence[int]) -> fmpq:
        """``val(assignment)``: the fraction of terms that are satisfied.

        Raises:
            FormulaError: unless there are ``n`` entries, each 1 or -1.
        """
        return fmpq(sum(count == self.k for count in self.satisfied(assignment)), len(self.terms))

    def check(self, assignment: Sequence[int]) -> None:
        """Raise :class:`FormulaError` unless ``assignment`` has ``n`` entries, each 1 or -1."""
        if len(assignment) != self.variables:
            raise FormulaError(f"assignment of {len(assignment)} values: the formula has {self.variables} variables")
        for v, sign in enumerate(assignment, start=1):
            if sign not in {-1, 1}:
                raise FormulaError(f"x{v} = {sign!r}: an assignment has the values 1 (true) and -1 (false)")

    def __str__(self) -> str:
        return " | ".join(term_text(term) for term in self.terms)


@dataclass(frozen=True)
class DnfInstance:
    """The alignment problem of ``formula`` with parameters ``A``, ``L``, ``beta``, and ``theta*`` at vertex ``star``.

    Raises:
        FormulaError: unless ``A > 1``, ``L >= 1``, ``beta > 0``, ``p = L/A^k < 1/2``, and ``star`` is an assignment.
    """

    formula: Formula
    A: fmpq
    L: fmpq
    beta: fmpq
    star: Assignment

    @classmethod
    def of(
        cls, formula: Formula, A: RationalLike, L: RationalLike, beta: RationalLike, star: Iterable[int]
    ) -> "DnfInstance":
        """Return the instance from anything that spells exact numbers."""
        return cls(formula, rational(A), rational(L), rational(beta), tuple(star))

    def __post_init__(self) -> None:
        k, p = self.formula.k, self.p if self.A > 0 else fmpq(0)
        for holds, said in (
            (self.A > 1, f"A = {rational_text(self.A)}: needs A > 1"),
            (self.L >= 1, f"L = {rational_text(self.L)}: needs L >= 1"),
            (self.beta > 0, f"beta = {rational_text(self.beta)}: needs beta > 0"),
            (2 * p < 1, f"p = L/A^{k} = {rational_text(p)}: needs p < 1/2; lower L or raise A"),
        ):
            if not holds:
                raise FormulaError(f"DNF instance: {said}")
        self.formula.check(self.star)

    def __str__(self) -> str:
        return self._text

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((self.formula, *map(rational_hash, (self.A, self.L, self.beta)), self.star))

    @cached_property
    def _text(self) -> str:
        numbers = ", ".join(f"{n}={rational_text(v)}" for n, v in (("A", self.A), ("L", self.L), ("beta", self.beta)))
        return f"{shortened(str(self.formula), _SHOWN)} ({numbers}, star={signs_text(self.star)})"

    @property
    def p(self) -> fmpq:
        """``pi_ref(1|j) = L A^-k``."""
        return self.L / self.A**self.formula.k

    @property
    def hit(self) -> fmpq:
        """``a = L/(1-p+L)``: how often a vertex answers 1 to a term that it satisfies."""
        return self.answers[-1]

    @property
    def miss(self) -> fmpq:
        """``b = (L/A)/(1-p+L/A)``: how often, at most, a parameter does whose rounding does not satisfy the term."""
        return _mass(self.p, self.L / self.A)

    @cached_property
    def answers(self) -> tuple[fmpq, ...]:
        """``pi_a(1|j)`` at a vertex, by the number ``0..k`` of literals of the term that it has true."""
        k = self.formula.k
        return tuple(_mass(self.p, self.p * self.A ** (2 * count - k)) for count in range(k + 1))

    @cached_property
    def scale(self) -> LogLinear:
        """``beta k log A``: what ``t = 1`` is as a coordinate of ``theta``, and the reward of a satisfied term."""
        return log(self.A) * (self.beta * self.formula.k)

    @cached_property
    def parameter_set(self) -> Box:
        """``Theta``: ``|theta_v| <= beta k log A``."""
        return Box((self.scale,) * self.formula.variables)

    @cached_property
    def problem(self) -> LinearProblem:
        """The alignment problem, with ``B`` and ``R_max`` declared as tight as multiples of 1/64 go."""
        formula = self.formula
        zero = Vector((0,) * formula.variables)
        rho = fmpq(1, len(formula.terms))
        prompts = tuple(
            Prompt(
                f"t{j}: {term_text(term)}",
                rho,
                responses=(Response("0", 1 - self.p, zero), Response("1", self.p, term_features(formula, term))),
            )
            for j, term in enumerate(formula.terms, start=1)
        )
        root = fmpq(isqrt(formula.variables << 40) + 1, 1 << 20)  # above sqrt(n)
        B, R_max = (fmpq((bound * GRAIN).ceil(), GRAIN) for bound in (self.scale * root, self.scale))
        return LinearProblem.of(str(self), prompts, theta=self.theta(self.star), beta=self.beta, B=B, R_max=R_max)

    def theta(self, t: Sequence[RationalLike]) -> Theta:
        """Return the parameter with ``theta_v = beta k log(A) t_v``.

        Raises:
            FormulaError: unless ``t`` has ``n`` entries in ``[-1, 1]``.
        """
        return tuple(self.scale * entry for entry in self._point(t))

    def assignment(self, theta: Theta) -> Assignment:
        """``sgn theta``, with ``sgn 0 = +1``.

        Raises:
            FormulaError: unless ``theta`` has ``n`` entries.
        """
        if len(theta) != self.formula.variables:
            raise FormulaError(f"theta has {len(theta)} entries: the formula has {self.formula.variables} variables")
        return tuple(1 if entry.sign() >= 0 else -1 for entry in theta)

    def chance(self, t: Sequence[RationalLike]) -> Real:
        """``E_j[pi_theta(1|j)]`` at ``theta = beta k log(A) t``; raises FormulaError as :meth:`theta`."""
        point = self._point(t)
        sums = (sum(point[abs(n) - 1] if n > 0 else -point[abs(n) - 1] for n in term) for term in self.formula.terms)
        weights = (exp(log(self.A) * total) * self.p for total in sums)
        return real_sum(ExpRatio(w, 1 - self.p + w) for w in weights) / len(self.formula.terms)

    def bound(self, value: fmpq) -> fmpq:
        """``value a + (1-value) b``: no parameter that rounds to an assignment of this ``val`` has a larger chance."""
        return value * self.hit + (1 - value) * self.miss

    def _point(self, t: Sequence[RationalLike]) -> tuple[fmpq, ...]:
        point = tuple(rational(entry) for entry in t)
        if len(point) != self.formula.variables:
            raise FormulaError(f"t has {len(point)} entries: the formula has {self.formula.variables} variables")
        for v, entry in enumerate(point, start=1):
            if not -1 <= entry <= 1:
                raise FormulaError(f"t_{v} = {rational_text(entry)}: Theta is the box with -1 <= t_v <= 1")
        return point


def term_features(formula: Formula, term: tuple[int, ...]) -> Vector:
    """``phi(j,1) = (1/k) sum_{literals} sign e_variable``."""
    entries = [0] * formula.variables
    for literal in term:
        entries[abs(literal) - 1] = 1 if literal > 0 else -1
    return Vector(tuple(entries), formula.k)


def term_text(term: Sequence[int]) -> str:
    """Return a term as text: ``x1 & !x2``."""
    return " & ".join(f"x{n}" if n > 0 else f"!x{-n}" for n in term)


def signs_text(assignment: Sequence[int]) -> str:
    """Return an assignment as text: ``+-+``."""
    return "".join("+" if sign > 0 else "-" for sign in assignment)


def _mass(p: fmpq, weight: fmpq) -> fmpq:
    """Return the mass of response 1 whose weight is ``weight`` where response 0 has ``1 - p``."""
    return weight / (1 - p + weight)


def _check_term(number: int, term: tuple[int, ...], variables: int) -> None:
    if not term:
        raise FormulaError(f"term {number} is empty: a term needs at least one literal")
    seen: set[int] = set()
    for literal in term:
        if type(literal) is not int or literal == 0:
            raise FormulaError(f"term {number}: {literal!r} is not a literal; write v for x_v and -v for !x_v, v >= 1")
        if abs(literal) > variables:
            last = f"x1..x{variables}" if variables > 1 else "x1 only"
            raise FormulaError(f"term {number} ({term_text(term)}): x{abs(literal)} is out of range, there is {last}")
        if literal in seen:
            raise FormulaError(f"term {number} ({term_text(term)}) repeats {term_text([literal])}; name it once")
        if -literal in seen:
            raise FormulaError(
                f"term {number} ({term_text(term)}) contradicts itself: it has x{abs(literal)} and !x{abs(literal)}"
            )
        seen.add(literal)

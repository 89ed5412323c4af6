"""Products and signs of exp-sums, and SoftmaxSampler's law, beside other exact libraries: each at least twice slower.

Other merged programs, and unmerged ones, are in ``bench_exhaustive.py``.
"""

import importlib
from collections.abc import Callable
from fractions import Fraction
from types import ModuleType
from typing import Any

import bench_sampler_laws
import sympy
from bench_expsum import LATTICE, Bare, cancelling, dense, tower
from flint import fmpq
from frame import Row, check, compare, cpu, main

from reference.exact import ExpSum, exp_sum

FASTER = 2
"""So many times faster than each peer is asked for."""

ROUNDS = 3

DRAWS, ENOUGH = 20, 200
"""Draws in SoftmaxSampler's law: as a program of icepool, and by the formula."""

WEIGHTS = [1, 2, 3, 4]
"""Of the four responses, in the base law out of 10, and as ``exp(f/beta)``."""

M = 8


def rows() -> list[Row]:
    """Exp-sums beside sympy and a dictionary of mpq; SoftmaxSampler's law as a program of icepool, and by formula."""
    return [
        _product_as_text(30),
        _product_in_a_ring(300),
        *_product_in_a_dictionary(300),
        _sign("sign of 1,000 terms", dense(1)),
        _sign("sign of 1,000 terms, cancellation to 10^-60", cancelling(60)),
        *_sampler_program(),
        *_sampler_formula(),
    ]


def _product_as_text(terms: int) -> Row:
    """Terms ``c exp(q)`` as sympy's expressions; it multiplies out and collects."""
    a, b = dense(1, terms), dense(2, terms)
    x, y, p, q = tower(a), tower(b), _expression(a), _expression(b)

    def theirs() -> Any:  # noqa: ANN401  # sympy has no types
        sympy.core.cache.clear_cache()
        return sympy.expand(p * q)

    work = f"product of exp-sums, {terms} terms each"
    found = {sympy.Rational(int(e.p), int(e.q)): sympy.Rational(int(c.p), int(c.q)) for c, e in _terms(a * b)}
    check(agree=theirs() == sympy.Add(*(c * sympy.exp(e) for e, c in found.items())), work=work)
    check(agree=x * y == tower(a * b), work=work)
    return _faster(work, "sympy, expand", lambda: x * y, theirs)


def _product_in_a_ring(terms: int) -> Row:
    """The lattice is handed to sympy: polynomials over Q in ``exp(1/12)``."""
    a, b = dense(1, terms), dense(2, terms)
    x, y = tower(a), tower(b)
    ring, _ = sympy.ring("t", sympy.QQ)
    p, q = (
        ring.from_dict(
            {(k,): sympy.QQ(int(c), each.denominator) for k, c in enumerate(each.polynomial.coeffs()) if c != 0}
        )
        for each in (a, b)
    )

    def sum_of(product: Any) -> ExpSum:  # noqa: ANN401  # sympy has no types
        shift = a.shift + b.shift
        return exp_sum(
            (fmpq(int(c.numerator), int(c.denominator)), fmpq(shift + k, LATTICE)) for (k,), c in product.items()
        )

    work = f"product of exp-sums, {terms} terms each"
    check(agree=x * y == sum_of(p * q), work=work)
    return _faster(work, "sympy, ring over Q in exp(1/12)", lambda: x * y, lambda: p * q)


def _product_in_a_dictionary(terms: int) -> list[Row]:
    """Exponents as keys, both fractions of gmpy2 or quicktions."""
    a, b = dense(1, terms), dense(2, terms)
    x, y, work = tower(a), tower(b), f"product of exp-sums, {terms} terms each"
    found = []
    for module, name in (("gmpy2", "mpq"), ("quicktions", "Fraction")):
        peer = f"dictionary of {module}.{name}"
        number = _number(module, name)
        if number is None:
            found.append(Row(work, peer, compare(lambda: x * y, lambda: None)[0], None, limit=FASTER, faster=True))
            continue
        p, q = ({number(int(e.p), int(e.q)): number(int(c.p), int(c.q)) for c, e in _terms(each)} for each in (a, b))

        def theirs(p: dict[Any, Any] = p, q: dict[Any, Any] = q) -> dict[Any, Any]:
            product: dict[Any, Any] = {}
            for e, c in p.items():
                for f, d in q.items():
                    product[e + f] = product.get(e + f, 0) + c * d
            return product

        check(agree=x * y == exp_sum((_rational(c), _rational(e)) for e, c in theirs().items()), work=work)
        found.append(_faster(work, peer, lambda: x * y, theirs))
    return found


def _sign(work: str, bare: Bare) -> Row:
    """The number is new each time on both sides; sympy evaluates its expression until its sign is known."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        number = tower(bare)
        ours.append(_seconds(number.sign))
        sympy.core.cache.clear_cache()
        expression = _expression(bare)
        theirs.append(_seconds(lambda expression=expression: bool(expression > 0)))  # type: ignore[misc]  # bound now
        check(agree=bool(expression > 0) == (number.sign() > 0), work=work)
    return Row(work, "sympy", min(ours), min(theirs), limit=FASTER, faster=True)


def _sampler_program() -> list[Row]:
    """Draws, trials and all in icepool, which merges equal states."""
    work = f"SoftmaxSampler's law, N = {DRAWS}, 4 responses"
    try:
        icepool = importlib.import_module("icepool")
    except ImportError:
        return [_row_without(work, "icepool", DRAWS)]
    agree = by_icepool(icepool, DRAWS) == _masses(DRAWS)
    check(agree=agree, work=work)
    return [
        _faster(work, "icepool", lambda: bench_sampler_laws.sampler(DRAWS), lambda: by_icepool(icepool, DRAWS)),
    ]


def _sampler_formula() -> list[Row]:
    """The sum over the values of ``Zhat`` written out, with the chance of all trials in closed form: no program."""
    work, found = f"SoftmaxSampler's law, N = {ENOUGH}, 4 responses", []
    for module, name in (("gmpy2", "mpq"), ("quicktions", "Fraction")):
        peer, number = f"the formula on {module}.{name}", _number(module, name)
        if number is None:
            found.append(_row_without(work, peer, ENOUGH))
            continue

        def theirs(number: Callable[[int, int], Any] = number) -> list[Any]:
            return by_formula(number, ENOUGH)

        agree = [_fraction(mass) for mass in theirs()] == list(_masses(ENOUGH).values())
        check(agree=agree, work=work)
        found.append(Row(work, peer, *compare(lambda: bench_sampler_laws.sampler(ENOUGH), theirs), faster=True))
    return found


def by_icepool(icepool: ModuleType, draws: int) -> dict[int, Fraction]:
    """The listing of SoftmaxSampler: ``draws`` draws for ``Zhat``, as many trials, and a fresh draw if all fail."""
    base = icepool.Die(dict(enumerate(WEIGHTS)))
    none = -1

    def response(total: int) -> Any:  # noqa: ANN401  # a die
        def accepted(y: int) -> Any:  # noqa: ANN401  # a response or a die
            some, all_of_it = WEIGHTS[y] * draws, total * M
            return y if some >= all_of_it else icepool.Die({y: some, none: all_of_it - some})

        def trial(found: int) -> Any:  # noqa: ANN401  # a response or a die
            return base.map(accepted) if found == none else found

        return icepool.Die([none]).map(trial, repeat=draws).map(lambda found: base if found == none else found)

    die = (draws @ base.map(lambda y: WEIGHTS[y])).map(response)
    return {y: Fraction(n, die.denominator()) for y, n in die.items()}


def by_formula(number: Callable[[int, int], Any], draws: int) -> list[Any]:
    """The masses of the responses, in numbers of any library."""
    sums = {0: 1}
    for _ in range(draws):
        longer: dict[int, int] = {}
        for total, count in sums.items():
            for weight in WEIGHTS:
                longer[total + weight] = longer.get(total + weight, 0) + count * weight
        sums = longer
    whole, one = sum(WEIGHTS), number(1, 1)
    base, masses = [number(weight, whole) for weight in WEIGHTS], [number(0, 1)] * len(WEIGHTS)
    for total, count in sums.items():
        accept = [min(one, number(weight * draws, total * M)) for weight in WEIGHTS]
        some = sum((b * k for b, k in zip(base, accept, strict=True)), number(0, 1))
        none = (1 - some) ** draws
        once, chance = (1 - none) / some, number(count, whole**draws)
        masses = [m + chance * b * (k * once + none) for m, b, k in zip(masses, base, accept, strict=True)]
    return masses


def _faster(work: str, peer: str, ours: Callable[[], object], theirs: Callable[[], object]) -> Row:
    return Row(work, peer, *compare(ours, theirs), limit=FASTER, faster=True)


def _row_without(work: str, peer: str, draws: int) -> Row:
    seconds, _ = compare(lambda: bench_sampler_laws.sampler(draws), lambda: None)
    return Row(work, peer, seconds, None, limit=FASTER, faster=True)


def _seconds(side: Callable[[], object]) -> float:
    start = cpu()
    side()
    return cpu() - start


def _masses(draws: int) -> dict[int, Fraction]:
    law = bench_sampler_laws.sampler(draws)
    return {y: _fraction(law.mass(y)) for y in range(len(WEIGHTS))}


def _terms(bare: Bare) -> list[tuple[fmpq, fmpq]]:
    """Coefficients and exponents."""
    listed = enumerate(bare.polynomial.coeffs())
    return [(fmpq(c, bare.denominator), fmpq(bare.shift + k, LATTICE)) for k, c in listed if c != 0]


def _expression(bare: Bare) -> Any:  # noqa: ANN401  # sympy has no types
    terms = [(sympy.Rational(int(c.p), int(c.q)), sympy.Rational(int(e.p), int(e.q))) for c, e in _terms(bare)]
    return sympy.Add(*(c * sympy.exp(e) for c, e in terms))


def _number(module: str, name: str) -> Callable[[int, int], Any] | None:
    try:
        found: Callable[[int, int], Any] = getattr(importlib.import_module(module), name)
    except ImportError:
        return None
    return found


def _fraction(number: Any) -> Fraction:  # noqa: ANN401  # of any library
    top, bottom = (number.p, number.q) if isinstance(number, fmpq) else (number.numerator, number.denominator)
    return Fraction(int(top), int(bottom))


def _rational(number: Any) -> fmpq:  # noqa: ANN401  # of any library
    return fmpq(int(number.numerator), int(number.denominator))


if __name__ == "__main__":
    main(rows)

"""From cases to files of vectors: the exact answers, their condition numbers, and whether the second source agrees."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import isinf
from typing import Any

from flint import fmpq
from mpmath import mp

from proofs_check.conformance.condition import conditions, log_partition_condition, shadow_values
from proofs_check.conformance.shadow import fractions_of, spans
from proofs_check.conformance.sources import RATIONAL, SHADOWS
from reference.conformance.answers import answer_of, formats_of
from reference.conformance.cases import CASE_FAMILIES
from reference.conformance.cases.family import Asked, CaseFamily
from reference.conformance.functions import FUNCTIONS, Function, Value
from reference.conformance.questions import Refused, exact_answer
from reference.conformance.vectors import GENERATOR, LICENCE, SCHEMA, VERSION, Answer, FloatFormat, Vector, VectorFile
from reference.exact.decimals import to_decimal
from reference.exact.reals import lowest

LONG_ROW = 1_000
"""Responses beyond which the condition number is by its formula, and not by differences."""

_BELOW_ALL = 400
"""Numbers below ``10^-400`` are below all floats but 0: no condition changes what is asked of them."""

_AGREE = 58
"""Digits in which both sources agree, of 60 that are compared."""


class Disagreement(Exception):
    """The second source says another thing; names the vector."""


def made(function: str, *, shadow: bool = False) -> VectorFile:
    """Return the file of a function; with ``shadow`` each value is confirmed by the second source.

    Raises:
        Disagreement: where the sources differ, or an invalid case is not refused.
    """
    return made_of(CASE_FAMILIES[function], shadow=shadow)


def made_of(family: CaseFamily, *, shadow: bool = False) -> VectorFile:
    """Return the file of a family; raises as :func:`made`."""
    function, entry = family.function, FUNCTIONS[family.function]
    vectors = [_vector(entry, f"{function}-{number}", case, shadow=shadow) for number, case in family.numbered()]
    return VectorFile(
        schema=SCHEMA, version=VERSION, function=function, result=entry.result, licence=LICENCE, generator=GENERATOR,
        number_of_vectors=len(vectors), notes=dict(family.notes), vectors=vectors,
    )  # fmt: skip


def _vector(function: Function, name: str, case: Asked, *, shadow: bool) -> Vector:
    given = dict(case.input)
    head = Vector(id=name, comment=case.comment, flags=case.flags.split(), result=case.result, formats=[], input=given)
    if case.result == "invalid":
        _check_refused(function, name, case)
        return head
    try:
        values = exact_answer(function.name, given)
    except Refused as error:
        raise Disagreement(f"{name}: {error}") from error
    if shadow:
        _confirm(function, name, given, values)
    formats = formats_of(given.values())
    return Vector(
        id=name, comment=case.comment, flags=case.flags.split(), result=case.result, formats=formats, input=given,
        answer=answers_to(function, given, values, formats), also=[list(other) for other in case.also],
        ideal_input=dict(given, **case.ideal) if case.ideal else {},
        ideal=_ideal(function, name, {**given, **case.ideal}, formats, shadow=shadow) if case.ideal else [],
    )  # fmt: skip


def answers_to(
    function: Function, given: dict[str, Any], values: Sequence[Value], formats: Sequence[FloatFormat]
) -> list[Answer]:
    """Return exact values as the answer of a vector in these formats, with their condition numbers."""
    if function.result in {"integer", "boolean", "certificate"}:
        return [answer_of(value, []) for value in values]
    if any(isinstance(value, float) for value in values):
        return [answer_of(value, formats) for value in values]
    if function.name == "log_partition" and len(given["pi"]) > LONG_ROW:
        return [
            answer_of(value, formats, each)
            for value, each in zip(values, [log_partition_condition(given)], strict=True)
        ]
    laws = frozenset(name for name, kind in function.inputs.items() if kind in {"law", "laws"})
    sizes = [-Decimal(to_decimal(value, 1).text).adjusted() for value in values]
    found = conditions(function.name, given, laws, min(max(sizes, default=0), _BELOW_ALL))
    return [answer_of(value, formats, each) for value, each in zip(values, found, strict=True)]


def _ideal(
    function: Function, name: str, given: dict[str, Any], formats: Sequence[FloatFormat], *, shadow: bool
) -> list[Answer]:
    values = exact_answer(function.name, given, ideal=True)
    if shadow:
        _confirm(function, f"{name}, ideal", given, values)
    return [answer_of(value, formats) for value in values]


def _check_refused(function: Function, name: str, case: Asked) -> None:
    try:
        exact_answer(function.name, case.input)
    except Refused:
        return
    raise Disagreement(f"{name}: {case.comment}: to be refused, and is not")


def _confirm(function: Function, name: str, given: dict[str, Any], values: Sequence[Value]) -> None:
    if function.name in RATIONAL:
        exact = {key: fractions_of(value) for key, value in given.items()}
        if function.result == "certificate":
            if not spans(exact["vectors"], exact["C"], values):
                raise Disagreement(f"{name}: these indices make no spanner")
            return
        found = SHADOWS[function.name](**exact)
        pairs = zip(values, found if isinstance(found, list) else [found], strict=True)
        if not all(_is_same(value, other) for value, other in pairs):
            raise Disagreement(f"{name}: {values} and {found}")
        return
    others = shadow_values(function.name, given)
    if len(others) != len(values):
        raise Disagreement(f"{name}: {len(values)} numbers, and {len(others)}")
    for value, other in zip(values, others, strict=True):
        if not _is_near(value, other):
            raise Disagreement(f"{name}: {value!s:.80} and {mp.nstr(other, 30)}")


def _is_same(value: Value, other: Any) -> bool:  # noqa: ANN401 - of the shadow
    if isinstance(value, bool | int):
        return type(value) is type(other) and value == other
    exact = lowest(value)
    return isinstance(exact, fmpq) and bool(Fraction(int(exact.p), int(exact.q)) == other)


def _is_near(value: Value, other: Any) -> bool:  # noqa: ANN401 - of the shadow
    if isinstance(value, int):
        return type(other) is int and value == other
    if isinstance(value, float):
        return isinf(value) and float(other) == value
    with mp.workdps(_AGREE + 20):
        exact = mp.mpf(to_decimal(value, _AGREE + 2).text)
        return bool(abs(exact - other) <= mp.mpf(10) ** -_AGREE * (abs(exact) or 1))

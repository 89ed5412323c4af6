"""Rows of floats as exact laws, and an instance's numbers as arrays: the doors between array code and this package.

A float that comes in is the dyadic rational that it is; a float that goes out is the number rounded once
(:func:`~reference.exact.binary.to_float`).  Both ways nothing else is rounded.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from typing import Any, Final, NamedTuple

from flint import fmpq

from reference.exact.binary import FormatName, to_float
from reference.exact.expsum import exp
from reference.exact.fast.weights import balanced_sum
from reference.exact.law import Law
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import InexactInput, RationalLike, rational, rational_text
from reference.model.linear_problem import LinearProblem
from reference.model.problem import Problem

AnyNumber = Any
"""A float of any library, or an exact number; what it is, is asked when it comes in."""

Row = Iterable[AnyNumber]
"""Floats, rational numbers, or an array of numpy or torch: anything whose entries are numbers."""

DEEPEST = 10_000
"""Nats below the largest logit from which on a logit is taken for an engine's mask, and refused."""


class FromFloats(NamedTuple):
    """The law proportional to a row of floats, and by how much their sum exceeds 1."""

    law: Law[int]
    excess: fmpq


def from_floats(row: Row) -> FromFloats:
    """Return the law proportional to a row of probabilities or weights, and the exact sum minus 1.

    A row that an engine's softmax wrote does not sum to 1; its law is ``w_i / sum_j w_j``, exactly.

    >>> import reference as ref
    >>> ref.from_floats([0.25, 0.5])
    FromFloats(law=Law({0: 1/3, 1: 2/3}), excess=-1/4)
    >>> ref.from_floats([0.1, 0.9]).excess
    1/36028797018963968

    Raises:
        ValueError: for NaN, infinities, negative numbers, an empty row, a row of zeros; says where.
        TypeError: for entries that are no numbers, and for arrays of more than one axis.
    """
    values = exact_row(row, "row")
    for j, value in enumerate(values):
        if value < 0:
            msg = f"row[{j}] = {to_float(value)!r} is negative; probabilities and weights are at least 0"
            raise ValueError(msg)
    if not any(values):
        msg = f"all {len(values)} entries of the row are 0: there is no law"
        raise ValueError(msg)
    return FromFloats(Law.weighted(range(len(values)), values), balanced_sum(values, fmpq(0)) - 1)


def from_logits(logits: Row, *, mask: Sequence[Any] | None = None, temperature: RationalLike | float = 1) -> Law[int]:
    """Return the softmax of a row of logits, ``~ exp(logit / temperature)``: each mass is an exp-ratio.

    ``logits``: floats, or exact numbers, logarithms of rationals among them.  ``mask``: true where an outcome is kept;
    the others are left out of the law, whatever their logits.

    >>> import reference as ref
    >>> ref.from_logits([0.0, 1.0, float("-inf")], mask=[True, True, False]).mass(1)
    ExpRatio((exp(1))/(1 + exp(1)))
    >>> ref.from_logits([ref.log(3), 0])
    Law({0: 3/4, 1: 1/4})

    Raises:
        ValueError: for NaN and infinities; for a logit so low that it stands for a mask, as ``finfo.min`` and ``-1e10``
            do: then pass the mask; for a mask of another length or that leaves nothing; unless ``temperature > 0``.
        TypeError: for entries that are no numbers, or none of true, false, 1 and 0; for arrays of more than one axis.
    """
    places, values = kept_logits(logits, mask)
    heat = rational(temperature) if isinstance(temperature, str) else _exact(temperature, "temperature", "")
    if heat <= 0:
        msg = f"temperature = {rational_text(heat)}: needs temperature > 0 (at 0 the largest logits alone are left)"
        raise ValueError(msg)
    top = max(values)
    return Law.weighted(places, [exp((value - top) / heat) for value in values])


LEFT_OUT: Final = "leave the outcome out, or pass mask="
"""What there is to do about an outcome without mass."""


def kept_logits(
    logits: Row, mask: Sequence[Any] | None, *, way: str = LEFT_OUT
) -> tuple[list[int], list[fmpq | LogLinear]]:
    """Return the places that a mask keeps, with their logits; raises as :func:`from_logits`.

    ``way``: what the errors say there is to do about an outcome without mass.
    """
    listed = _listed(logits, "logits")
    places = kept_places(len(listed), "logits", mask)
    values = [
        logit if isinstance(logit := listed[j], LogLinear) else _exact(logit, f"logits[{j}]", way) for j in places
    ]
    top = max(values)
    for j, value in zip(places, values, strict=True):
        if value < top - DEEPEST:
            deep = f"more than {DEEPEST:,} below the largest, as masks of engines are"
            msg = f"logits[{j}] = {to_float(value)!r} is {deep}; {way}"
            raise ValueError(msg)
    return places, values


def kept_places(size: int, what: str, mask: Sequence[Any] | None) -> list[int]:
    """Return the places that a mask keeps among so many of something; all of them without a mask."""
    if mask is None:
        return list(range(size))
    kept = [_flag(flag, f"mask[{j}]") for j, flag in enumerate(_listed(mask, "mask"))]
    if len(kept) != size:
        msg = f"{size} {what} and a mask of {len(kept)} entries"
        raise ValueError(msg)
    if not any(kept):
        msg = f"the mask leaves none of {size} outcomes: there is no law"
        raise ValueError(msg)
    return [j for j, flag in enumerate(kept) if flag]


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """The numbers of a linear problem, each rounded once; rows are padded, ``mask`` says what is there.

    With ``P`` prompts, at most ``Y`` responses each and dimension ``d``: ``rho`` has the shape ``(P,)``, ``pi_ref``,
    ``rewards`` and ``mask`` ``(P, Y)``, ``phi`` ``(P, Y, d)``; ``beta`` is one float.  Arrays of numpy where numpy is
    installed, nested lists elsewhere.  Rounded masses of a row may not sum to 1.
    """

    rho: Any
    pi_ref: Any
    phi: Any
    rewards: Any
    mask: Any
    beta: float


_DTYPES: Final = {"binary64": "float64", "binary32": "float32", "binary16": "float16", "bfloat16": "float32"}
"""NumPy has no bfloat16; float32 holds each of its numbers."""


def arrays(problem: Problem, format: FormatName = "binary64") -> Arrays:  # noqa: A002 - the field's word
    """Return the numbers of a linear problem as arrays, correctly rounded to a binary format.

    >>> import reference as ref
    >>> found = ref.arrays(ref.load("two-arms"))
    >>> found.pi_ref.tolist(), found.rewards.tolist(), found.beta
    ([[0.5, 0.5]], [[0.6931471805599453, 0.0]], 1.0)

    Raises:
        TypeError: for a problem of several tokens, or whose reward is not linear.
        ValueError: for an unknown format.
    """
    if not isinstance(problem, LinearProblem):
        msg = f"arrays: {problem!s:.60}: a linear problem (horizon 1, with theta) is needed; see Problem.sequences"
        raise TypeError(msg)
    prompts = range(len(problem.prompts))
    width = max(problem.response_count(x) for x in prompts)

    def padded(row: list[Any], nothing: object) -> list[Any]:
        return row + [nothing] * (width - len(row))

    def rounded(values: Iterable[Any]) -> list[float]:
        return [to_float(value, format) for value in values]

    empty = rounded([fmpq(0)] * problem.dimension)
    zero = to_float(fmpq(0), format)
    found = {
        "rho": rounded(problem.rho.mass(x) for x in prompts),
        "pi_ref": [padded(rounded(r.pi_ref for r in problem.prompts[x].responses), zero) for x in prompts],
        "phi": [padded([rounded(r.phi) for r in problem.prompts[x].responses], empty) for x in prompts],
        "rewards": [padded(rounded(problem.rewards(x)), zero) for x in prompts],
        "mask": [padded([True] * problem.response_count(x), nothing=False) for x in prompts],
    }
    with suppress(ImportError):
        numpy = import_module("numpy")
        kinds = dict.fromkeys(found, _DTYPES[format]) | {"mask": "bool"}
        found = {name: numpy.array(rows, dtype=kinds[name]) for name, rows in found.items()}
    return Arrays(**found, beta=to_float(problem.beta, format))


def _listed(row: Row, what: str) -> list[Any]:
    """Return the entries of a row; those of an array become Python's own numbers, which loses nothing."""
    entries = row.tolist() if hasattr(row, "tolist") else row
    if isinstance(entries, str | bytes) or not isinstance(entries, Iterable):
        msg = f"{what} is {entries!r:.60}; a row of numbers is needed"
        raise TypeError(msg)
    listed = list(entries)
    if not listed:
        msg = f"{what} is empty; a row of numbers is needed"
        raise ValueError(msg)
    return listed


def exact_row(row: Row, what: str) -> list[fmpq]:
    """Return the numbers in a row, exactly; raises as :func:`from_floats`, and says ``what`` has the wrong entry."""
    return [_exact(entry, f"{what}[{j}]", "") for j, entry in enumerate(_listed(row, what))]


def _flag(flag: AnyNumber, where: str) -> bool:
    """Return whether an outcome is kept; a row of a larger mask, text, or what is added to logits is no flag."""
    value = flag.item() if hasattr(flag, "item") else flag  # of numpy
    if not isinstance(value, int) or value not in {0, 1}:
        msg = f"{where} = {flag!r:.60}; true or false is needed"
        raise TypeError(msg)
    return bool(value)


def _exact(entry: AnyNumber, where: str, way: str) -> fmpq:
    """Return the value of a float, or of anything exact."""
    if isinstance(entry, list | tuple):
        msg = f"{where} is a row itself; pass one row at a time"
        raise TypeError(msg)
    if isinstance(entry, str):
        msg = f"{where} is the text {entry!r:.60}; a number is needed"
        raise TypeError(msg)
    if hasattr(entry, "as_integer_ratio") and not isinstance(entry, int | Fraction | Decimal):  # a float of any width
        try:
            return fmpq(*entry.as_integer_ratio())
        except (OverflowError, ValueError):  # infinite, or NaN
            said = f"an outcome of mass 0; {way}" if way and str(entry).startswith("-inf") else "not a finite number"
            raise ValueError(f"{where} = {entry}: {said}") from None
    if hasattr(entry, "__index__") and not isinstance(entry, int) and "bool" not in type(entry).__name__:  # numpy's
        return fmpq(entry.__index__())
    try:
        return rational(entry)
    except InexactInput as error:
        msg = f"{where}: {error}"
        raise TypeError(msg) from None

"""What an answer is worth: a scale from exact to wrong, by the condition of the question and not by a fixed tolerance.

:func:`judge_answer` compares an answer with a vector: integers, rationals and enclosures throughout, no float but to
show.  It runs in this process and takes what a Python function returns, so ten thousand answers a second can be
judged::

    judge_answer(vector, function, implementation.softmax(**float_arguments(vector, function)), "binary64").kind
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from flint import fmpq

from proofs_check.conformance.truth import Standard, Truth, ideal_distance
from proofs_check.conformance.written import Malformed, ReadNumber, read_boolean, read_integer, read_number, shown
from reference.conformance.functions import Function
from reference.conformance.questions import arguments
from reference.conformance.vectors import Vector
from reference.exact.binary import FormatName
from reference.exact.decimals import to_decimal


class AnswerKind(StrEnum):
    """The kinds of verdicts, the best first; ``refused`` stands apart."""

    EXACT = "exact"
    CORRECT = "correct"
    FAITHFUL = "faithful"
    ULPS = "ulps"
    STABLE = "stable"
    UNSTABLE = "unstable"
    WRONG = "wrong"
    SUM = "sum"
    SIGN = "sign"
    NEGATIVE = "negative"
    SUPPORT = "support"
    NONFINITE = "nonfinite"
    MALFORMED = "malformed"
    ERROR = "error"
    CRASH = "crash"
    TIMEOUT = "timeout"
    REFUSED = "refused"


MEANINGS: Final[dict[AnswerKind, str]] = {
    AnswerKind.EXACT: "equal to the value",
    AnswerKind.CORRECT: "the number of the format that is nearest to the value",
    AnswerKind.FAITHFUL: "one of the two numbers of the format around the value",
    AnswerKind.ULPS: "at most 4 units in the last place from the value",
    AnswerKind.STABLE: "as near as the condition of the question allows a careful program to come",
    AnswerKind.UNSTABLE: "farther, but half of the digits that the condition allows are right",
    AnswerKind.WRONG: "farther still, or another integer, boolean or certificate; or an answer where a refusal is due",
    AnswerKind.SUM: "masses that do not sum to 1",
    AnswerKind.SIGN: "of the other sign than the value, and not for its condition",
    AnswerKind.NEGATIVE: "a negative mass",
    AnswerKind.SUPPORT: "mass where the value is 0",
    AnswerKind.NONFINITE: "NaN, or infinite where the value is not",
    AnswerKind.MALFORMED: "not of the form that was asked for",
    AnswerKind.ERROR: "the implementation failed, and said so",
    AnswerKind.CRASH: "its process ended",
    AnswerKind.TIMEOUT: "no answer in time",
    AnswerKind.REFUSED: "it said that it does not answer this",
}
"""In words; of a law or a row the worst entry counts."""

RANK: Final[dict[AnswerKind, int]] = {kind: j for j, kind in enumerate(AnswerKind)}
"""The place on the scale, 0 for the best."""

FEW_ULPS: Final = 4
"""So many units in the last place are called ``ulps``."""


@dataclass(frozen=True, slots=True)
class AnswerVerdict:
    """What one answer is worth.

    ``ulps``: at least the error in units in the last place of the value, of the entry where it is largest; ``units``:
    the same in what ``stable`` allows; ``None`` where the answer is faithful, or is no number.  ``acceptable``: it is
    a refusal that is due, or was compared with what the vector accepts beside its answer.
    """

    kind: AnswerKind
    said: str = ""
    ulps: fmpq | None = None
    units: fmpq | None = None
    acceptable: bool = False

    @property
    def rank(self) -> int:
        """The place on the scale, 0 for the best."""
        return RANK[self.kind]

    @property
    def is_stable(self) -> bool:
        """Whether it passes the usual level."""
        return self.rank <= RANK[AnswerKind.STABLE]


def judge_answer(
    vector: Vector,
    function: Function,
    answer: Any,  # noqa: ANN401 - whatever an implementation returns
    format: FormatName = "binary64",  # noqa: A002 - the field's word
    *,
    flush: bool = False,
) -> AnswerVerdict:
    """Return the verdict on an answer: Python numbers, lists of them, texts, or what ``json`` makes of a reply.

    ``flush``: 0 is as good as a number below the smallest normal one.  What a function returns that is of numpy goes
    through :func:`~proofs_check.conformance.host.as_plain` first; :func:`refused` is the verdict on a refusal.
    """
    if vector.result == "invalid":
        return AnswerVerdict(AnswerKind.WRONG, f"answered {shown(answer)} where a refusal is due")
    standard = Standard.of(vector, function, format, flush=flush)
    found = _judged(standard, answer, standard.truths, standard.values)
    if found.rank <= RANK[AnswerKind.CORRECT]:
        return found
    others = (_judged(standard, answer, *other) for other in standard.alternatives)
    best = min(others, key=lambda verdict: verdict.rank, default=found)
    return replace(best, acceptable=True) if best.is_stable and best.rank < found.rank else found


def refused(vector: Vector, why: str) -> AnswerVerdict:
    """Return the verdict on a refusal; it passes where the question has no answer, or where that is accepted."""
    due = vector.result == "invalid" or ["refused"] in vector.also
    return AnswerVerdict(AnswerKind.REFUSED, shown(why, 200), acceptable=due)


def from_ideal(vector: Vector, answer: Any, format: FormatName) -> fmpq | None:  # noqa: A002, ANN401 - as above
    """Return how far an answer is from that to the ideal inputs, in units in the last place of it; see ``ideal``.

    That is what the rounding of the inputs cost, and is no part of the verdict.
    """
    if not vector.ideal:
        return None
    try:
        row = answer if isinstance(answer, list | tuple) else [answer]
        numbers = [read_number(entry, format) for entry in row]
        return ideal_distance(vector, [_rational(number) for number in numbers], format)
    except (Malformed, ValueError, OverflowError):  # no number, NaN, infinite
        return None


def _judged(
    standard: Standard,
    answer: Any,  # noqa: ANN401 - an answer is anything
    truths: Sequence[Truth],
    values: Sequence[int],
) -> AnswerVerdict:
    try:
        match standard.function.result:
            case "integer":
                return _equal(read_integer(answer), values[0])
            case "boolean":
                return _equal(read_boolean(answer), values[0])
            case "certificate":
                return _certified(standard, answer)
            case "number":
                return of_number(truths[0], read_number(answer, standard.format))
            case "law" | "numbers":
                return _of_row(standard, truths, _entries(answer, len(truths), standard.format))
    except Malformed as error:
        return AnswerVerdict(AnswerKind.MALFORMED, str(error))


def _equal(got: int, value: Any) -> AnswerVerdict:  # noqa: ANN401 - an integer or a boolean
    if got == value:
        return AnswerVerdict(AnswerKind.EXACT)
    apart = "" if isinstance(value, bool) else f", {shown(got - value)} from it"
    return AnswerVerdict(AnswerKind.WRONG, f"{shown(got)} in place of {shown(value)}{apart}")


def _certified(standard: Standard, answer: Any) -> AnswerVerdict:  # noqa: ANN401 - an answer is anything
    if not isinstance(answer, list | tuple):
        raise Malformed(f"{shown(answer)} in place of a list")
    inputs = arguments(standard.function, standard.vector.input)
    entries = [read_integer(entry) for entry in answer]
    check = standard.function.check
    wrong = None if check is None else check(*inputs.values(), entries)
    return AnswerVerdict(AnswerKind.EXACT) if wrong is None else AnswerVerdict(AnswerKind.WRONG, wrong)


def _entries(answer: Any, size: int, format: FormatName) -> list[ReadNumber]:  # noqa: A002, ANN401 - an answer is anything
    if not isinstance(answer, list | tuple):
        raise Malformed(f"{shown(answer)} in place of a list of {size}")
    if len(answer) != size:
        raise Malformed(f"{len(answer)} entries in place of {size}")
    return [read_number(entry, format) for entry in answer]


def _of_row(standard: Standard, truths: Sequence[Truth], entries: Sequence[ReadNumber]) -> AnswerVerdict:
    verdicts = [of_number(truth, entry) for truth, entry in zip(truths, entries, strict=True)]
    is_law = standard.function.result == "law"
    if is_law:
        verdicts = [
            _of_mass(truth, entry, found) for truth, entry, found in zip(truths, entries, verdicts, strict=True)
        ]
    ranks = [found.rank for found in verdicts]
    worst = max(ranks, default=0)
    if worst <= RANK[AnswerKind.CORRECT]:
        return verdicts[ranks.index(worst)] if verdicts else _EXACT
    j = max((j for j, rank in enumerate(ranks) if rank == worst), key=lambda j: verdicts[j].units or 0)
    found = replace(
        verdicts[j],
        said=f"entry {j}: {verdicts[j].said}",
        ulps=max((v.ulps for v in verdicts if v.ulps is not None), default=None),
        units=max((v.units for v in verdicts if v.units is not None), default=None),
    )
    if is_law and found.is_stable:
        excess = sum(map(_rational, entries), fmpq(-1))
        if abs(excess) > standard.unit * standard.size:
            return replace(found, kind=AnswerKind.SUM, said=f"the masses sum to 1 {_signed(excess)}")
    return found


def _of_mass(truth: Truth, got: ReadNumber, found: AnswerVerdict) -> AnswerVerdict:
    """Return the verdict on a mass: what is never forgiven comes first."""
    if found.kind is AnswerKind.NONFINITE or got == 0:
        return found
    if truth.is_zero:
        return AnswerVerdict(AnswerKind.SUPPORT, f"mass {approximate(got)} where there is none")
    if got < 0:
        return AnswerVerdict(AnswerKind.NEGATIVE, f"a mass of {approximate(got)}")
    return found


def of_number(truth: Truth, got: ReadNumber) -> AnswerVerdict:
    """Return the verdict on one number."""
    if isinstance(got, float):
        if got == truth.nearest:  # both are numbers of the format: nothing is rounded here
            return _EXACT if truth.representable else _CORRECT
        if got in (truth.down, truth.up):
            return AnswerVerdict(AnswerKind.FAITHFUL, _apart(got, truth))
        if got - got != 0:  # NaN or infinite
            return AnswerVerdict(AnswerKind.NONFINITE, _apart(got, truth))
    point = _rational(got)
    if truth.infinite:
        return AnswerVerdict(AnswerKind.WRONG, _apart(got, truth))
    if truth.lower == truth.upper == point:
        return _EXACT
    error = max(abs(point - truth.lower), abs(truth.upper - point))
    ulps, units = error / truth.ulp, error / truth.allowed
    return AnswerVerdict(_kind_by_error(truth, point, ulps, units), _apart(got, truth), ulps, units)


def _kind_by_error(truth: Truth, point: fmpq, ulps: fmpq, units: fmpq) -> AnswerKind:
    """Return the kind by the size of the error; numbers of the format that are faithful were found before."""
    if ulps <= FEW_ULPS:
        return AnswerKind.CORRECT if 2 * ulps <= 1 else AnswerKind.ULPS
    if units <= 1:
        return AnswerKind.STABLE
    if point * truth.sign < 0:
        return AnswerKind.SIGN
    return AnswerKind.UNSTABLE if units * units * truth.unit <= 1 else AnswerKind.WRONG


def _apart(got: ReadNumber, truth: Truth) -> str:
    return f"{approximate(got)} in place of {truth}"


_EXACT, _CORRECT = AnswerVerdict(AnswerKind.EXACT), AnswerVerdict(AnswerKind.CORRECT)


def _rational(got: ReadNumber) -> fmpq:
    return fmpq(*got.as_integer_ratio()) if isinstance(got, float) else got


def _signed(excess: fmpq) -> str:
    return f"{'-' if excess < 0 else '+'} {approximate(abs(excess), 2)}"


def approximate(number: ReadNumber, digits: int = 17) -> str:
    """Return a number for people: so many digits."""
    if isinstance(number, float):
        return f"{number:.{digits}g}"
    return str(number.p) if number.q == 1 and abs(number) < 10**digits else to_decimal(number, digits).text

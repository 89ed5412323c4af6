"""The checks behind :class:`~reference.model.problem.Problem`: each says which entry is wrong and by how much.

Paths are those of the instance file (``prompts[0].responses[2].pi_ref``), so that a message reads the same whether the
problem came from a file or from Python.
"""

from collections.abc import Iterable, Sequence
from operator import mul

from flint import arb, fmpq, fmpz

from reference.exact.decimals import to_decimal
from reference.exact.expratio import ExpRatio
from reference.exact.law import Law, LawError, Mass
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.log_linears import over_one_denominator
from reference.exact.number import refine
from reference.exact.precision import workprec
from reference.exact.rational_numbers import rational_text
from reference.exact.weights import Weight
from reference.model.linear import extremes

_MANY = 64
"""Masses that are put over one denominator at once."""

MAX_DENOMINATOR_BITS = 1 << 16
"""Masses whose common denominator is longer are refused: memory would grow with the square of their number."""

MAX_LAW_BITS = 1 << 32
"""Number of masses times the length of their common denominator: what their integer weights may take."""

_SHOWN = 40

_REMEDY = "raise B or scale theta down"


class ProblemError(ValueError):
    """Something that is not an alignment problem: ``path`` names the entry, ``reason`` says what is wrong."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason

    def __reduce__(self) -> tuple[type["ProblemError"], tuple[str, str]]:
        return type(self), (self.path, self.reason)


def shown_value(value: fmpq | LogLinear | ExpRatio) -> str:
    """Return the exact text of a number, or a rounded decimal where the text is long."""
    text = rational_text(value) if isinstance(value, fmpq) else str(value)
    return text if len(text) <= _SHOWN else str(to_decimal(value, 6))


def name(path: str, text: str) -> None:
    """Refuse empty names and text that cannot be written to a file."""
    if not text:
        raise ProblemError(path, "the name is empty")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ProblemError(path, f"{text[:_SHOWN]!a} holds half of a surrogate pair, which is not text") from None


def distinct_names(path: str, texts: Iterable[str]) -> None:
    """Refuse an empty list, a bad name, a name that is used twice."""
    first: dict[str, int] = {}
    for i, text in enumerate(texts):
        name(f"{path}[{i}].name", text)
        if text in first:
            reason = f"the name {text[:_SHOWN]!a} is taken by {path}[{first[text]}]; names are unique"
            raise ProblemError(f"{path}[{i}].name", reason)
        first[text] = i
    if not first:
        raise ProblemError(path, "the list is empty; at least one is needed")


def positive(path: str, value: fmpq) -> None:
    """Refuse zero and negative values."""
    if value <= 0:
        raise ProblemError(path, f"{shown_value(value)} is not positive")


def not_negative(path: str, value: Mass) -> None:
    """Refuse negative values."""
    if value < 0:
        raise ProblemError(path, f"{shown_value(value)} is negative")


def law_weights(path: str, kind: str, masses: Sequence[fmpq]) -> list[int]:
    """Return the masses as integers over their least common denominator; refuse what is not a law."""
    most = min(MAX_DENOMINATOR_BITS, MAX_LAW_BITS // max(len(masses), 1))
    known = over_one_denominator(masses) if len(masses) >= _MANY else None
    if known is not None and min(known.numerators) >= 0 and known.denominator.bit_length() <= most:
        weights, denominator = known
    else:
        weights, denominator = _law_weights(path, kind, masses, most)
    excess = fmpq(sum(weights), denominator) - 1
    if excess == -1:
        raise ProblemError(path, f"every {kind} mass is zero, so the support is empty; masses must sum to exactly 1")
    if excess != 0:
        by = f"{shown_value(excess)} too much" if excess > 0 else f"{shown_value(-excess)} too little"
        raise ProblemError(path, f"{kind} masses sum to {shown_value(1 + excess)}, {by}; they must sum to exactly 1")
    return weights


def _law_weights(path: str, kind: str, masses: Sequence[fmpq], most: int) -> tuple[list[int], int]:
    """Return the masses as integers, and their denominator; refuse negative masses and long denominators."""
    common = fmpz(1)
    for i, mass in enumerate(masses):
        if mass < 0:
            not_negative(f"{path}[{i}].{kind}", mass)
        common = common.lcm(mass.q)
        if common.bit_length() > most:
            reason = f"the common denominator of the {kind} masses up to here has more than {most} bits"
            raise ProblemError(f"{path}[{i}].{kind}", f"{reason}; write them over one denominator")
    denominator = int(common)
    return [int(mass.p) * (denominator // int(mass.q)) for mass in masses], denominator


def base_weights(path: str, kind: str, masses: Sequence[Mass]) -> Sequence[Weight]:
    """Return weights proportional to the masses: integers as :func:`law_weights` has them, or exp-sums.

    Softmaxes of logits have masses that are exp-ratios.
    """
    rationals = [mass for mass in masses if isinstance(mass, fmpq)]
    if len(rationals) == len(masses):
        return law_weights(path, kind, rationals)
    for i, mass in enumerate(masses):
        not_negative(f"{path}[{i}].{kind}", mass)
    try:
        law = Law.of(enumerate(masses))
    except LawError as error:
        raise ProblemError(path, f"{kind}: {error}") from None
    known = dict(zip(law.outcomes, law.weights, strict=True))
    return [known.get(i, 0) for i in range(len(masses))]


def rational_mass(path: str, mass: Mass) -> fmpq:
    """Return a mass that has to be rational; refuse any other."""
    if isinstance(mass, fmpq):
        return mass
    raise ProblemError(path, f"{shown_value(mass)} is irrational, and a rational base probability is needed here")


def all_of_one_length(path: str, features: Sequence[Vector], dimension: int) -> None:
    """Refuse responses' features as :func:`same_lengths` does, and name the first."""
    for j, phi in enumerate(features):
        entries = phi.numerators
        if len(entries) != dimension or sum(map(mul, entries, entries)) > phi.denominator**2:
            same_lengths(f"{path}[{j}].phi", phi, dimension)


def same_lengths(path: str, phi: Vector, dimension: int, *, of: str = "theta") -> None:
    """Refuse features of another length than that ``of`` something, or of Euclidean norm above 1."""
    if len(phi) != dimension:
        raise ProblemError(path, f"{len(phi)} features, but {of} has {dimension} entries")
    square = 0 if phi.is_zero else sum(map(mul, phi.numerators, phi.numerators))
    if square > phi.denominator**2:
        norm = fmpq(square, phi.denominator**2)
        reason = f"||phi||_2^2 = {shown_value(norm)}, {shown_value(norm - 1)} more than 1; scale the features down"
        raise ProblemError(path, reason)


def parameter_within(theta: Sequence[LogLinear], bound: fmpq) -> None:
    """Refuse an empty parameter or one of Euclidean norm above ``bound``; may raise Undecided."""
    if not theta:
        raise ProblemError("theta", "the list is empty; at least one entry is needed")
    not_negative("bounds.B", bound)
    if all(t.is_rational for t in theta):
        square = sum((t.constant**2 for t in theta), fmpq(0))
        if square > bound**2:
            by = shown_value(square - bound**2)
            reason = (
                f"||theta||_2^2 = {shown_value(square)}, {by} more than the square of bounds.B = {shown_value(bound)}"
            )
            raise ProblemError("theta", f"{reason}; {_REMEDY}")
        return
    excess = refine(lambda prec: _excess(theta, bound, prec), question=lambda: "whether ||theta||_2 exceeds bounds.B")
    if excess > 0:
        total, over = (ball.str(6, radius=False) for ball in (excess + arb(bound), excess))
        reason = f"||theta||_2 is about {total}, about {over} more than bounds.B = {shown_value(bound)}"
        raise ProblemError("theta", f"{reason}; {_REMEDY}")


def reward_range(path: str, rewards: Sequence[LogLinear], bound: fmpq) -> None:
    """Refuse rewards on the support of one prompt that differ by more than ``bound``."""
    least, greatest = extremes(rewards)
    spread = greatest - least
    if spread > bound:
        over = to_decimal(spread - bound, 6)
        most = f"bounds.R_max = {shown_value(bound)}"
        reason = f"rewards on the support differ by {shown_value(spread)}, {over} more than {most}"
        raise ProblemError(path, reason)


def noise(path: str, law: Law[fmpq]) -> None:
    """Refuse a law of errors whose mean is not 0."""
    if not any(law.outcomes) or (law.is_rational and sum(map(mul, law.outcomes, law.weights), fmpq(0)) == 0):
        return  # asked of every world
    mean = law.expectation(lambda error: error)
    if mean != 0:
        raise ProblemError(path, f"the noise has mean {mean}; subtract it, so that the mean is 0")


def _excess(theta: Sequence[LogLinear], bound: fmpq, prec: int) -> arb | None:
    """``||theta||_2 - bound``, or ``None`` if its sign does not show at this precision."""
    balls = [t.enclosure(prec) for t in theta]
    with workprec(prec):
        excess = sum((ball * ball for ball in balls), arb(0)).sqrt() - arb(bound)
    return excess if excess > 0 or excess < 0 else None

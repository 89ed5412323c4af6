"""One decided instance of a statement, and the only ways to decide one.

Trusted, together with :mod:`proofs_check.ledger.kernel`.
"""

from dataclasses import InitVar, dataclass
from enum import StrEnum
from operator import eq, ge, gt, le, lt, ne

from flint import fmpq

from reference.exact import Number, RationalLike, Undecided, rational, real
from reference.exact.binomial import is_rare

RELATIONS = {"<=": le, "<": lt, "==": eq, ">=": ge, ">": gt, "!=": ne}

_ERROR = fmpq(1, 10**6)
"""Probability with which a simulated claim may be judged wrongly, unless said otherwise."""

_SEAL = object()


class Method(StrEnum):
    """How one case was decided."""

    SYMBOLIC = "symbolic"
    EXACT = "exact"
    ENCLOSED = "enclosed"
    STATISTICAL = "statistical"


class Forged(TypeError):
    """An evidence object was built outside the kernel."""


@dataclass(frozen=True)
class Case:
    """One decided instance of a statement.  Made by :func:`compare` and its sisters only.

    ``left relation right`` are the two sides where the statement is about numbers; ``method`` says how it was decided.
    """

    instance: str
    holds: bool
    method: Method
    statement: str
    note: str = ""
    left: "Number | None" = None
    relation: str = ""
    right: "Number | None" = None
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        check_seal(self, seal)

    @property
    def exact(self) -> bool:
        """Whether it was decided by normal forms rather than by balls or tails."""
        return self.method in {Method.SYMBOLIC, Method.EXACT}


def compare(instance: str, left: Number, relation: str, right: Number, statement: str = "", *, note: str = "") -> Case:
    """Decide ``left relation right`` for numbers of the tower; ``relation`` is one of ``<= < == >= > !=``.

    The case is *exact* if the difference of the two sides has a normal form that settles whether it is zero (rational,
    log-linear, exp-ratio, a sum of logarithms of exp-sums whose product is of a size that is formed), and *enclosed* if
    nothing but certified balls can separate it from zero.

    Raises:
        Undecided: if neither happens up to the precision cap; the runner records it.
    """
    if relation not in RELATIONS:
        msg = f"relation {relation!r}: use one of {', '.join(RELATIONS)}"
        raise ValueError(msg)
    if isinstance(left, int | fmpq) and isinstance(right, int | fmpq):
        holds, method = bool(RELATIONS[relation](left, right)), Method.EXACT
    else:
        difference = real(left) - real(right)
        holds = RELATIONS[relation](difference.sign(), 0)
        method = Method.EXACT if difference.is_decided else Method.ENCLOSED
    return Case(instance, holds, method, statement, note, left, relation, right, _SEAL)


def agree(instance: str, left: Number, right: Number, statement: str = "", *, bits: int = 128, note: str = "") -> Case:
    """Decide whether two numbers are equal, or else whether they are within ``2^-bits`` of each other.

    The second is weaker, and the case says so: it is *enclosed*.  For identities between general reals, whose equality
    is not decidable unless something cancels.
    """
    difference = real(left) - real(right)
    if difference.is_decided:
        return compare(instance, left, "==", right, statement, note=note)
    bound = fmpq(1, 2**bits)
    holds = difference <= bound and difference >= -bound
    return Case(
        instance, holds, Method.ENCLOSED, statement, note or f"equal to within 2^-{bits}", left, "==", right, _SEAL
    )


def fact(instance: str, holds: bool, statement: str, *, note: str = "") -> Case:  # noqa: FBT001 - the outcome
    """Record a statement that exact objects decide by themselves: two laws are equal, a set is a subset, ..."""
    return Case(instance, bool(holds), Method.EXACT, statement, note, seal=_SEAL)


def identity(left: object, right: object, statement: str = "", *, note: str = "") -> Case:
    """Decide ``left == right`` for all values of the symbols, for two sympy expressions.

    Raises:
        Undecided: if sympy neither reduces the difference to 0 nor finds values where it is not 0.
    """
    import sympy  # half a second, for the few claims that need it

    difference = sympy.cancel(sympy.expand(sympy.sympify(left) - sympy.sympify(right)))
    if difference != 0:
        difference = sympy.simplify(difference)  # imports half of sympy
    holds = True if difference == 0 else difference.equals(0)
    if holds is None:
        msg = f"sympy does not settle whether {difference!s:.200} is 0"
        raise Undecided(msg)
    text = note or ("" if holds else f"the difference is {difference!s:.200}")
    return Case("for all values", bool(holds), Method.SYMBOLIC, statement or f"{left} == {right}", text, seal=_SEAL)


def frequency(
    instance: str,
    successes: int,
    trials: int,
    relation: str,
    probability: RationalLike,
    statement: str = "",
    *,
    error: RationalLike = _ERROR,
) -> Case:
    """Judge ``P(success) >= probability`` (or ``<=``) from independent runs, by exact binomial tails (Clopper-Pearson).

    The case is decided if the opposite would give data this extreme with probability at most ``error``.  That is
    settled exactly, in milliseconds for a hundred million runs as for a hundred.

    Raises:
        Undecided: if the sample supports neither the statement nor its opposite at this error.
    """
    p, alpha = rational(probability), rational(error)
    if relation not in {"<=", ">="} or not 0 <= successes <= trials or not 0 <= p <= 1:
        msg = f"frequency: {successes} of {trials} {relation} {p}: needs <= or >=, a count and a probability"
        raise ValueError(msg)
    if not 0 <= alpha < 1:
        msg = f"frequency: an error of {alpha}: needs a probability below 1"
        raise ValueError(msg)
    many = is_rare(successes, trials, p, alpha)  # so many successes are unlikely at p or below it
    few = is_rare(trials - successes, trials, 1 - p, alpha)  # so many failures
    if not many and not few:
        msg = f"{successes} of {trials} against {p}: too close to call at error {alpha}; draw more"
        raise Undecided(msg)
    note = f"{successes} of {trials} runs; error probability at most {alpha}"
    holds = many if relation == ">=" else few
    return Case(instance, holds, Method.STATISTICAL, statement, note, fmpq(successes, trials), relation, p, _SEAL)


def check_seal(evidence: object, seal: object) -> None:
    """Refuse an evidence object that was built elsewhere.

    Raises:
        Forged: always, unless the seal is the ledger's own.
    """
    if seal is not _SEAL:
        msg = f"{type(evidence).__name__} is evidence: only the ledger builds it, from what ran"
        raise Forged(msg)

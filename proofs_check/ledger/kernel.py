"""The trusted part of the ledger: how a grade and a verdict follow from what ran.

Evidence objects are frozen and only the ledger builds them: their constructors ask for a seal that is not exported.
A claim cannot state its own grade; it can only name a domain and yield cases, and both bound what is derived here:

* the *domain* bounds the grade from above: a catalog or family can be exhaustive, random draws only sampled, ...;
* each *case* bounds it too: one that balls decided makes an exhaustive check merely enclosed.

The grades *kernel*, *certified* and *computed* come from elsewhere: from the record of an audit of the Coq development,
as long as nothing in it has changed since (:mod:`proofs_check.ledger.coq`, :mod:`proofs_check.ledger.answers`).
"""

from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass, field, replace
from time import perf_counter
from typing import NamedTuple, TypeVar

from flint import fmpq

from proofs_check.ledger.answers import KernelAnswer, answers_about
from proofs_check.ledger.cases import _SEAL, Case, Method, check_seal
from proofs_check.ledger.coq import audited, theorems, weaker
from proofs_check.ledger.domains import Catalog, Draws, Family, Identity, Random
from proofs_check.ledger.grades import Grade, Verdict
from proofs_check.ledger.registry import Check, Claim, Mutation, Standing
from reference.catalog.write import file_text
from reference.exact import Number, Undecided, enclosing, real, to_decimal
from reference.exact.precision import workprec
from reference.exact.text import text_within
from reference.model.problem import Problem

T = TypeVar("T")

STRONGEST: dict[type, Grade] = {
    Identity: Grade.SYMBOLIC,
    Catalog: Grade.EXHAUSTIVE,
    Family: Grade.EXHAUSTIVE,
    Random: Grade.SAMPLED,
    Draws: Grade.MONTE_CARLO,
}
"""The best grade that a check on this kind of domain can have."""

CEILING = {
    Method.SYMBOLIC: Grade.SYMBOLIC,
    Method.EXACT: Grade.EXHAUSTIVE,
    Method.ENCLOSED: Grade.ENCLOSED,
    Method.STATISTICAL: Grade.MONTE_CARLO,
}
"""The best grade that a case decided in this way leaves possible."""


class Side(NamedTuple):
    """A side of a comparison: its exact text if that is not long, the nearest decimal if it is known, and bounds."""

    exact: str | None
    decimal: str | None
    lower: str
    upper: str


@dataclass(frozen=True)
class Exhibit:
    """A case to show: texts only, so that reports can be stored and compared.  ``member`` is the domain's label."""

    member: str
    instance: str
    statement: str
    left: str
    relation: str
    right: str
    method: Method
    note: str
    item: str = ""
    """The member itself, for a counterexample: an instance file's text if it is an alignment problem."""
    sides: tuple[Side, Side] | None = None
    """``left`` and ``right`` in full, if two numbers are compared."""
    margin: Side | None = None
    """By how much an inequality holds: negative if it does not."""


@dataclass(frozen=True)
class Evidence:
    """What one check (or the witness, the mutation, the trivial object) brought to light."""

    domain: str
    grade: Grade
    members: int
    reached: int
    """Members that yielded at least one case: where the hypotheses held."""
    cases: int
    exact: int
    violated: int
    undecided: int
    seconds: float
    trouble: str = ""
    """Why the check stopped early, or what stayed undecided: one line."""
    counterexample: Exhibit | None = None
    tightest: Exhibit | None = None
    slack: float = float("inf")
    """How far apart the sides of the tightest case are, relative to the larger one."""
    stopped: bool = False
    """Whether the check stopped early."""
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        check_seal(self, seal)

    @property
    def verdict(self) -> Verdict:
        """Violated beats undecided beats not reached: the worst that was seen."""
        if self.violated:
            return Verdict.VIOLATED
        if self.undecided:
            return Verdict.UNDECIDED
        return Verdict.NOT_REACHED if self.trouble or not self.cases else Verdict.HOLDS


@dataclass(frozen=True)
class Report:
    """The verdict on a claim, with the evidence it follows from.  Made by :func:`judge` only."""

    id: str
    verdict: Verdict
    grades: tuple[Grade, ...]
    checks: tuple[Evidence, ...] = ()
    witness: Evidence | None = None
    mutation: Evidence | None = None
    trivial: Evidence | None = None
    reason: str = ""
    proved: tuple[str, ...] = ()
    """The Coq theorems about the claim that were audited here."""
    answers: tuple[KernelAnswer, ...] = ()
    """The numbers that the claim is about, on instances of the catalog, that the kernel decided again."""
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        check_seal(self, seal)

    @property
    def cases(self) -> int:
        """Number of cases that were really decided."""
        return sum(evidence.cases for evidence in self.checks)

    @property
    def seconds(self) -> float:
        """Time spent, over all parts."""
        parts = [*self.checks, self.witness, self.mutation, self.trivial]
        return sum(part.seconds for part in parts if part is not None)

    @property
    def grade(self) -> Grade:
        """The strongest grade among the checks: each of them covers its own domain."""
        return min(self.grades, key=lambda grade: grade.rank)


def gather(
    check: Check[T],
    *,
    until_violated: bool = False,
    is_piece: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> Evidence:
    """Run a check over its domain and return what it brought to light; ``progress`` is called after each member.

    ``is_piece``: the domain is a piece of another, whose size it need not have.
    """
    tally, start = _Tally(), perf_counter()
    try:
        for label, member in check.domain.members():
            tally.visit(label, member, check.run)
            progress()
            if until_violated and tally.violated:
                break
        else:
            tally.check_size(None if is_piece else check.domain.size)
    except Exception as error:  # noqa: BLE001 - a check that fails to run is a finding, whatever stopped it
        tally.stopped(error)
    return Evidence(
        domain=str(check.domain),
        grade=Grade.weakest([STRONGEST[type(check.domain)], *(CEILING[method] for method in tally.methods)]),
        members=tally.members,
        reached=tally.reached,
        cases=tally.cases,
        exact=tally.exact,
        violated=tally.violated,
        undecided=tally.undecided,
        seconds=perf_counter() - start,
        trouble=tally.trouble,
        counterexample=tally.counterexample,
        tightest=None if tally.tightest is None else _exhibit(*tally.tightest),
        slack=tally.slack,
        stopped=tally.has_stopped,
        seal=_SEAL,
    )


def other_size(declared: int | None, came: int) -> str:
    """Return what is wrong with a family that is not as large as it says."""
    return f"the family declares {declared} members, {came} came"


def judge(
    claim: Claim,
    checks: tuple[Evidence, ...],
    witness: Evidence | None,
    mutation: Evidence | None,
    trivial: Evidence | None = None,
) -> Report:
    """Return the verdict that the evidence on a claim amounts to."""
    if claim.standing is Standing.PAPER:
        return Report(claim.id, Verdict.PAPER_ONLY, (Grade.PAPER,), reason="proved in the source only", seal=_SEAL)
    proved = tuple(theorem.name for theorem in theorems(claim.id)) if audited() and not weaker(claim.id) else ()
    again = answers_about(claim.id)
    found = {evidence.grade for evidence in checks if evidence.cases} | {answer.grade for answer in again}
    found |= {Grade.KERNEL} if proved else set()
    grades = tuple(sorted(found, key=lambda grade: grade.rank))
    verdict, reason = _verdict(claim, checks, witness, mutation, trivial)
    return Report(claim.id, verdict, grades, checks, witness, mutation, trivial, reason, proved, again, _SEAL)


def judge_in_part(claim: Claim, checks: tuple[Evidence, ...], witness: Evidence | None, *, complete: bool) -> Report:
    """Return what a part of the evidence amounts to: that the claim falls short, or that it holds so far.

    ``complete``: whether all that was to be run has come back.
    """
    if claim.standing is not Standing.CHECKED:
        return judge(claim, (), None, None)
    full = judge(claim, checks, witness, None)
    shortfall = next((each.verdict for each in checks if each.verdict is not Verdict.HOLDS), None)
    if shortfall is not None:
        return full
    if not complete:
        verdict, reason = Verdict.NOT_REACHED, "not every part of the quick look ran"
    elif witness is None or witness.verdict is not Verdict.HOLDS:
        verdict, reason = _without_witness(witness)
    else:
        verdict, reason = Verdict.SO_FAR, ""
    return replace(full, verdict=verdict, reason=reason, seal=_SEAL)


def _verdict(
    claim: Claim,
    checks: tuple[Evidence, ...],
    witness: Evidence | None,
    mutation: Evidence | None,
    trivial: Evidence | None,
) -> tuple[Verdict, str]:
    for bad in (Verdict.VIOLATED, Verdict.UNDECIDED, Verdict.NOT_REACHED):
        for evidence in checks:
            if evidence.verdict is bad:
                return bad, f"{evidence.domain}: {evidence.trouble or _violations(evidence)}"
    if len(checks) < len(claim.checks) or not checks:
        return Verdict.NOT_REACHED, "not every check ran"
    if witness is None or witness.verdict is not Verdict.HOLDS:
        return _without_witness(witness)
    if mutation is None or not mutation.violated:
        trouble = "" if mutation is None else mutation.trouble
        return Verdict.TOOTHLESS, f"the mutation was not rejected. {trouble}".strip()
    if isinstance(claim.trivial, Mutation) and (trivial is None or not trivial.violated):
        trouble = "" if trivial is None else trivial.trouble
        return Verdict.TOOTHLESS, f"not excluded: {claim.trivial.text}. {trouble}".strip()
    return Verdict.HOLDS, ""


def _without_witness(witness: Evidence | None) -> tuple[Verdict, str]:
    trouble = "" if witness is None else witness.trouble or _violations(witness)
    return Verdict.VACUOUS, f"the witness fell short: {trouble}"


def _violations(evidence: Evidence) -> str:
    shown = evidence.counterexample
    if shown is None:
        return "no case was reached: the hypotheses hold nowhere on the domain"
    sides = f": {shown.left} {shown.relation} {shown.right} is false" if shown.relation else " is false"
    return f"{evidence.violated} of {evidence.cases} cases violated, first at {shown.member}: {shown.statement}{sides}"


@dataclass
class _Tally:
    """Counts while a check runs."""

    members: int = 0
    reached: int = 0
    cases: int = 0
    exact: int = 0
    violated: int = 0
    undecided: int = 0
    trouble: str = ""
    label: str = "before the first member"
    methods: set[Method] = field(default_factory=set)
    counterexample: Exhibit | None = None
    tightest: tuple[str, Case] | None = None
    slack: float = float("inf")
    has_stopped: bool = False

    def visit(self, label: str, member: T, run: Callable[[T], Iterable[Case]]) -> None:
        self.label = label
        self.members += 1
        before = self.cases
        try:
            for case in run(member):
                self.count(label, member, case)
        except Undecided as undecided:
            self.undecided += 1
            self.trouble = self.trouble or f"{label}: {_line(undecided)}"
        self.reached += self.cases > before

    def count(self, label: str, member: object, case: object) -> None:
        if not isinstance(case, Case):
            msg = f"a check yields cases made by compare() and its sisters, not {type(case).__name__}"
            raise TypeError(msg)
        self.cases += 1
        self.exact += case.exact
        self.methods.add(case.method)
        if not case.holds:
            self.violated += 1
            self.counterexample = self.counterexample or _exhibit(label, case, _item(member))
        elif self.slack > 0 and (slack := _slack(case)) < self.slack:  # nothing is tighter than 0
            self.slack, self.tightest = slack, (label, case)

    def check_size(self, size: int | None) -> None:
        if size is not None and size != self.members:
            self.trouble = self.trouble or other_size(size, self.members)

    def stopped(self, error: Exception) -> None:
        self.has_stopped = True
        self.trouble = f"stopped at {self.label}: {type(error).__name__}: {_line(error)}"


def _exhibit(member: str, case: Case, item: str = "") -> Exhibit:
    left, right = (shown_side(side) if side is not None else "" for side in (case.left, case.right))
    sides = None if case.left is None or case.right is None else (_side(case.left), _side(case.right))
    return Exhibit(
        member, case.instance, case.statement, left, case.relation, right, case.method, case.note, item, sides,
        _margin(case),
    )  # fmt: skip


def _margin(case: Case) -> Side | None:
    if case.left is None or case.right is None or case.relation in {"==", "!="}:
        return None
    difference = real(case.right) - real(case.left)
    return _side(difference if case.relation in {"<=", "<"} else -difference)


def _side(value: Number) -> Side:
    return Side(text_within(real(value), _LONGEST), *enclosing(value))


_LONGEST = 2_000
"""Characters of an exact text that are kept."""


def shown_side(value: Number, digits: int = 6) -> str:
    """Return a number for people: exactly if that is short, else as a decimal that says it is rounded."""
    if (exact := text_within(real(value), _SHORT)) is not None:
        return exact
    try:
        return str(to_decimal(value, digits))
    except Undecided:
        return f"within {real(value).enclosure(64).str(digits)}"


_SHORT = 12
"""Characters up to which an exact number is shown as it is."""


def _item(member: object) -> str:
    text = file_text(member) if isinstance(member, Problem) else repr(member)
    return text if len(text) <= LONG else text[: LONG - 3] + "..."


LONG = 20_000
"""Characters of a counterexample that are kept."""


def _slack(case: Case) -> float:
    """Return how far apart the two sides are, relative to the larger one: 0 is tight.  For display only."""
    if case.left is None or case.right is None or case.relation in {"==", "!="}:
        return float("inf")
    if isinstance(case.left, int | fmpq) and isinstance(case.right, int | fmpq):
        one, other = fmpq(case.left), fmpq(case.right)
        larger = max(abs(one), abs(other))
        return float(abs(one - other) / larger) if larger != 0 else 1.0
    left, right = (real(side).enclosure(64) for side in (case.left, case.right))
    with workprec(64):
        size = max(float(abs(left).upper()), float(abs(right).upper()))
        return float(abs(left - right).upper()) / size if size else 1.0  # 0 against 0 says little


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:400]

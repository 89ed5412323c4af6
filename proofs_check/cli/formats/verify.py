"""``spanner verify --json``: the ledger, an instance's ledger, the list of claims."""

from typing import TYPE_CHECKING, Self

from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.parts import CertifiedAnswer, Document, Numeral, Part

if TYPE_CHECKING:  # a schema needs no ledger
    from proofs_check.ledger import Evidence as Found
    from proofs_check.ledger import Exhibit as Shown


class Exhibit(Part, frozen=True):
    """A case: where it is, and the two sides if it compares numbers; item is the instance of a counterexample.

    ``margin`` is by how much an inequality holds, negative if it does not.
    """

    member: str
    instance: str
    statement: str
    left: Numeral | None
    relation: str
    right: Numeral | None
    method: str
    note: str
    item: str
    margin: Numeral | None = None

    @classmethod
    def of(cls, found: "Shown") -> "Exhibit":
        """Return what the ledger shows."""
        left, right = (None, None) if found.sides is None else (Numeral(*side) for side in found.sides)
        return cls(
            member=found.member, instance=found.instance, statement=found.statement, left=left,
            relation=found.relation, right=right, method=found.method, note=found.note, item=found.item,
            margin=None if found.margin is None else Numeral(*found.margin),
        )  # fmt: skip


class Evidence(Part, frozen=True):
    """What a check (or the witness) brought to light."""

    domain: str
    grade: str
    members: int
    reached: int
    cases: int
    exact: int
    violated: int
    undecided: int
    seconds: float
    trouble: str
    counterexample: Exhibit | None
    tightest: Exhibit | None

    @classmethod
    def of(cls, found: "Found", **own: str) -> Self:
        """Return what the ledger found, with the fields that a kind of evidence has of its ``own``."""
        return cls(
            domain=found.domain, grade=found.grade, members=found.members, reached=found.reached, cases=found.cases,
            exact=found.exact, violated=found.violated, undecided=found.undecided, seconds=found.seconds,
            trouble=found.trouble, counterexample=Exhibit.of(found.counterexample) if found.counterexample else None,
            tightest=Exhibit.of(found.tightest) if found.tightest else None, **own,
        )  # fmt: skip


class Mutation(Evidence, frozen=True):
    """A false variant of the claim, or a trivial object, and the evidence that it was rejected."""

    text: str


class Decided(Evidence, frozen=True):
    """What a claim says about an instance."""

    id: str
    verdict: str


class Theorem(Part, frozen=True):
    """A theorem in Coq, a reading of it, and what it leaves out."""

    name: str
    reading: str
    caveat: str


class Claim(Part, frozen=True):
    """A claim with its evidence.

    ``page`` is the page of the theory, ``section`` the number that it had; ``statement`` is for reading, in
    ``statement_tex`` formulas are in TeX, ``words`` says it in one sentence without any; ``group`` names several
    claims together; ``trivial`` is a trivial object that violates the claim somewhere, ``excludes_none`` says why
    there is none.
    """

    id: str
    section: int
    page: str
    group: str
    title: str
    statement: str
    statement_tex: str
    hypotheses: str
    constants: str
    source: str
    caveats: str
    depends: list[str]
    verdict: str
    reason: str
    grades: list[str]
    cases: int
    seconds: float
    checks: list[Evidence]
    witness: Evidence | None
    mutation: Mutation | None
    trivial: Mutation | None
    excludes_none: str
    code: list[str]
    coq: list[Theorem]
    coq_audited: bool
    words: str = ""
    answers: list[CertifiedAnswer] | UnsetType = UNSET


class LeftOut(Part, frozen=True):
    """What a quick look at a claim leaves out."""

    checks: list[str]
    instances: int
    mutation: bool
    catalog: bool
    trivial: bool = False


class Ledger(Document, frozen=True, tag="spanner-reference/ledger"):
    """Claims with their evidence; of a quick look also what it left out; whether definitions ran, not quick forms."""

    holds: bool
    seconds: float
    claims: list[Claim]
    left_out: dict[str, LeftOut] | UnsetType = UNSET
    plain: bool = False


class InstanceLedger(Document, frozen=True, tag="spanner-reference/instance-ledger"):
    """What is claimed of every instance, decided on one."""

    instance: str
    holds: bool
    claims: list[Decided]
    answers: list[CertifiedAnswer] | UnsetType = UNSET


class AlteredClaim(Document, frozen=True, tag="spanner-reference/altered-claim"):
    """A claim with other constants than it states: ``values`` and ``stated`` as text, by name.

    ``checks`` ran with them; ``untouched`` are domains whose checks do not know them, and did not run.
    """

    claim: str
    holds: bool
    values: dict[str, str]
    stated: dict[str, str]
    checks: list[Evidence]
    untouched: list[str]


class ListedClaim(Part, frozen=True):
    """A claim by name."""

    id: str
    section: int
    page: str
    group: str
    title: str


class Claims(Document, frozen=True, tag="spanner-reference/claims"):
    """The claims; nothing was run."""

    claims: list[ListedClaim]

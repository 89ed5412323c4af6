"""``spanner certify --json``: an instance's certificates, the files that were written, what Coq's kernel says."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from proofs_check.cli.formats.parts import Document, ExactText, Part
from proofs_check.cli.formats.solve import Certificates


class Coq(Part, frozen=True):
    """A certificate for Coq, and whether the kernel accepts it: null where it was not asked, then there is a reason."""

    kinds: Annotated[list[str], msgspec.Meta(description="Constructors of certificate.verdict; of a formula, Best.")]
    left_out: Annotated[
        str,
        msgspec.Meta(description="Why answers about pi* are not claimed; empty if they are, exact or enclosed."),
    ]
    predicted_seconds: int
    accepted: bool | None
    reason: str
    version: str | None


class Certify(Document, frozen=True, tag="spanner-reference/certified"):
    """An instance as its file has it, its certificates, and the files that hold them."""

    name: str
    instance: dict[str, Any]
    certificates: Certificates
    files: list[str]
    coq: Coq | UnsetType = UNSET


class BestAssignment(Part, frozen=True):
    """The largest fraction of terms that an assignment satisfies, an assignment that attains it as signs."""

    val: ExactText
    assignment: str
    order: Annotated[
        list[int], msgspec.Meta(description="Variables, in the order in which branch and bound splits to show it.")
    ]
    looks: Annotated[int, msgspec.Meta(description="Terms that branch and bound looks at.")]


class CertifiedFormula(Document, frozen=True, tag="spanner-reference/certified-formula"):
    """A formula in the DIMACS-like format, the certificate of its val*, and the files that hold them."""

    name: str
    formula: str
    certificate: BestAssignment
    files: list[str]
    coq: Coq | UnsetType = UNSET

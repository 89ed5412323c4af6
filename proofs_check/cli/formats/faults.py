"""``spanner verify --against`` and ``--faults``: faults, and what becomes of claims in the program with one."""

from typing import TYPE_CHECKING, Annotated

import msgspec

from proofs_check.cli.formats.parts import Document, Part

if TYPE_CHECKING:  # a schema needs no fault
    from proofs_check.faults import Fault as Known


class Fault(Part, frozen=True):
    """A fault: what it is of, with the line of the listing; the file with its line; and the change.

    ``lazy``: whether the algorithm then returns the base model; ``test``: a test of the suite that fails.
    """

    name: str
    of: str
    line: int | None
    file: str
    at: Annotated[int, msgspec.Meta(description="The line of the file.")]
    function: str
    old: str
    new: str
    what: str
    test: str
    lazy: bool

    @classmethod
    def of_known(cls, fault: "Known") -> "Fault":
        """Return a fault as data."""
        return cls(
            fault.name, fault.of, fault.line, fault.file, fault.place.start, fault.function, fault.old, fault.new,
            fault.what, fault.test, fault.lazy,
        )  # fmt: skip


class Faults(Document, frozen=True, tag="spanner-reference/faults"):
    """All faults."""

    faults: list[Fault]


class Fate(Part, frozen=True):
    """What becomes of a claim: in words and by its letter in the kill matrix, and the part of it that shows it."""

    claim: str
    becomes: str
    letter: str
    part: str
    domain: str
    seen: str


class Against(Document, frozen=True, tag="spanner-reference/against"):
    """A fault, whether a claim falls, and what becomes of each."""

    fault: Fault
    falls: bool
    claims: list[Fate]

"""What the formats share: numbers, and how a document is made of structs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec
from flint import fmpq
from msgspec import UNSET, UnsetType

from reference.exact import LogLinear, Number, enclosing, real
from reference.exact.decimals import of_quotient
from reference.exact.rational_numbers import lowest_text
from reference.exact.text import text_within

if TYPE_CHECKING:  # a schema needs no ledger
    from proofs_check.ledger.answers import KernelAnswer

LONGEST = 2_000
"""Characters of an exact expression that are printed; longer ones are given by their decimals."""

DIGITS = 6
"""Significant digits of the decimals in transcripts and answers."""

SHORT = 28
"""Characters of an exact expression that people are shown beside its decimals."""

VERSION: Final = 2
"""The version of most output formats."""

VERSION_3: Final = 3
"""The version of ``solution`` and ``catalog``: one for every problem, where version 2 had two."""

Version = Annotated[Literal[2], msgspec.Meta(description="Version of the format.")]
Version3 = Annotated[Literal[3], msgspec.Meta(description="Version of the format.")]
ExactText = Annotated[str, msgspec.Meta(description="An exact number as text, such as 2/3 or 1/2*log(2).")]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a document.  A key with a default is left out where it does not apply."""


class CertifiedAnswer(Part, frozen=True):
    """A number about an instance that Coq's kernel decided again: grade certified, or computed.

    ``kind`` is the constructor of ``certificate.verdict``, ``about`` says what it is.
    """

    instance: str
    kind: str
    about: str
    grade: str


def answers_json(found: "Sequence[KernelAnswer]") -> list[CertifiedAnswer] | UnsetType:
    """Return what the audit certified; nothing of instances without certified answers, or without an audit."""
    return [CertifiedAnswer(each.instance, each.kind, each.words, each.grade) for each in found] or UNSET


class AnyDocument(Part, frozen=True, tag_field="format"):
    """What a command prints with ``--json``."""


class Document(AnyDocument, frozen=True):
    """A document of version 2."""

    version: Version


class Document3(AnyDocument, frozen=True):
    """A document of version 3."""

    version: Version3


class Numeral(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A number, exactly and in decimals: lower <= value <= upper, all three decimals the same where they are exact."""

    exact: Annotated[
        str | None, msgspec.Meta(description="The number itself; null where its text is long, or not formed.")
    ]
    decimal: Annotated[str | None, msgspec.Meta(description="The nearest decimal; null where that is undecided.")]
    lower: Annotated[str, msgspec.Meta(description="A decimal that is at most the number.")]
    upper: Annotated[str, msgspec.Meta(description="A decimal that is at least the number.")]

    @property
    def marked(self) -> str:
        """The decimal for people: marked where it is rounded."""
        if self.decimal is None:
            return f"between {self.lower} and {self.upper}"
        return self.decimal if self.lower == self.upper else f"≈{self.decimal}"

    def __str__(self) -> str:
        """The exact form where it is short, with the decimals where they say more."""
        if self.exact is None or len(self.exact) > SHORT:
            return self.marked
        if self.exact == self.decimal:
            return self.exact
        return f"{self.exact} {self.marked if self.marked.startswith('≈') else f'= {self.marked}'}"


def number(value: Number, digits: int) -> Numeral:
    """Return a number with decimals of so many significant digits."""
    if isinstance(value, LogLinear) and value.is_rational:
        value = value.constant
    if isinstance(value, fmpq):
        return quotient(int(value.p), int(value.q), digits)
    lowest = real(value).exact
    return Numeral(text_within(real(value) if lowest is None else lowest, LONGEST), *enclosing(value, digits))


def quotient(above: int, below: int, digits: int) -> Numeral:
    """Return :func:`number` of ``above / below``, in lowest terms with a positive denominator."""
    text = lowest_text(above, below)
    return Numeral(text if len(text) <= LONGEST else None, *of_quotient(above, below, digits))

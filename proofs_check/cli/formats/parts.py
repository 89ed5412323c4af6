"""What the formats share: numbers, and how a document is made of structs."""

from typing import Annotated, Final, Literal

import msgspec
from flint import fmpq

from reference.exact import LogLinear, Number, enclosing, real
from reference.exact.text import text_within

LONGEST = 2_000
"""Characters of an exact expression that are printed; longer ones are given by their decimals."""

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

    exact: Annotated[str | None, msgspec.Meta(description="The number itself; null where it has no short text.")]
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
    lowest = value if isinstance(value, fmpq) else real(value).exact
    return Numeral(text_within(real(value) if lowest is None else lowest, LONGEST), *enclosing(value, digits))

"""Words of pages with numbers in them, and how pages write numbers."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flint import fmpq

from reference.exact import Number, Real, real, to_decimal

DOCS: Final = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Quotation:
    """Words of a page, and what computes their numbers."""

    page: str
    words: str
    compute: Callable[[], tuple[str, ...]]

    @property
    def text(self) -> str:
        """The words as they stand on the page."""
        return re.sub("[«»]", "", self.words)

    @property
    def stated(self) -> tuple[str, ...]:
        """The numbers that the page states."""
        return tuple(re.findall("«([^»]*)»", self.words))

    def stands(self) -> bool:
        """Whether the page has these words."""
        page = (DOCS / self.page).read_text("utf-8")
        return " ".join(self.text.split()) in " ".join(page.split())


def entering(
    quotations: list[Quotation],
) -> Callable[[str, str], Callable[[Callable[[], tuple[str, ...]]], Callable[[], tuple[str, ...]]]]:
    """Return a decorator that enters a function as the one that computes the numbers of some words of a page."""

    def quoted(page: str, words: str) -> Callable[[Callable[[], tuple[str, ...]]], Callable[[], tuple[str, ...]]]:
        def enter(compute: Callable[[], tuple[str, ...]]) -> Callable[[], tuple[str, ...]]:
            quotations.append(Quotation(page, words, compute))
            return compute

        return enter

    return quoted


# ---------------------------------------------------------------------- as pages write numbers


def digits(value: Number, count: int) -> str:
    """Return the number, rounded to some digits."""
    return to_decimal(value, count).text


def nearest(value: Number) -> str:
    """Return the integer next to the number."""
    return str(floor(real(value) + fmpq(1, 2)))


def extremes(values: Iterable[Number]) -> tuple[str, str]:
    """Return the integers next to the least and the largest number."""
    rounded = [int(nearest(value)) for value in values]
    return (str(min(rounded)), str(max(rounded)))


def floor(value: Real) -> int:
    """Return the largest integer below a number that is none."""
    below = value.enclosure(256).floor().unique_fmpz()
    if below is None:
        raise ArithmeticError("256 bits do not tell the integer part")
    return int(below)


def truncated(value: Number, places: int) -> str:
    """Return the number, cut off after some decimal places."""
    whole, part = divmod(floor(real(value) * 10**places), 10**places)
    return f"{whole}.{part:0{places}}"

"""The pages of the theory, in their order: every claim stands on one, in a folder of claims with the page's name."""

from difflib import get_close_matches
from typing import NamedTuple


class UnknownPage(ValueError):
    """There is no such page; the message names the nearest, or all."""


class Page(NamedTuple):
    """A page of the theory."""

    name: str
    """The page is ``docs/reference/theory/NAME.md``, the folder ``proofs_check/claims/NAME`` with ``_`` for ``-``."""
    title: str
    section: int
    """The number that the page had when the ledger was filed by sections."""

    @property
    def folder(self) -> str:
        """The folder of its claims, below ``proofs_check/claims``."""
        return self.name.replace("-", "_")

    @property
    def file(self) -> str:
        """The page, as a path from the root of the repository."""
        return f"docs/reference/theory/{self.name}.md"


PAGES = (
    Page("objective", "Objective and coverage", 3),
    Page("rejection", "Sampling from a softmax by rejection", 4),
    Page("lower-bound", "Coverage is necessary for compute", 5),
    Page("spanner-sampling", "SpannerSampling", 6),
    Page("proper", "Training-time (proper) methods", 7),
    Page("enumerating", "Data-efficient but enumerating", 8),
    Page("multi-turn", "Tokens in place of sequences", 9),
)


def page_named(name: str) -> Page:
    """Return the page of a name, which may be written as that of its folder, too.

    Raises:
        UnknownPage: if there is none.

    >>> page_named("lower_bound").title
    'Coverage is necessary for compute'
    """
    known = {page.name: page for page in PAGES}
    asked = name.replace("_", "-")
    if asked not in known:
        close = get_close_matches(asked, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the pages are {', '.join(known)}"
        raise UnknownPage(f"no page {name[:80]!r}; {hint}")
    return known[asked]


def page_of_section(number: int) -> Page:
    """Return the page that was section ``number``.

    Raises:
        UnknownPage: if there was none.
    """
    for page in PAGES:
        if page.section == number:
            return page
    first, last = PAGES[0].section, PAGES[-1].section
    raise UnknownPage(f"no section {number}; the ledger had sections {first} to {last}, now pages: use --page")

"""What a claim is: a statement with its constants and source, where it is checked, and what would refute it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from types import CodeType
from typing import Any, Generic, TypeVar

from proofs_check.ledger.cases import Case
from proofs_check.ledger.domains import Catalog, Domain
from proofs_check.ledger.pages import Page

T = TypeVar("T")

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Standing(StrEnum):
    """Whether a claim is checked by running something."""

    CHECKED = "checked"
    PAPER = "paper"


@dataclass(frozen=True)
class Check(Generic[T]):
    """A domain and the function that decides the statement on each of its members.

    ``run(member)`` yields cases (see :func:`proofs_check.ledger.cases.compare`); it yields none where the hypotheses do
    not hold.
    """

    domain: Domain[T]
    run: Callable[[T], Iterable[Case]]

    @property
    def location(self) -> str:
        """Module and line of the check function, for people."""
        run: object = self.run
        while isinstance(run, partial):
            run = run.func
        code = getattr(run, "__code__", None)
        module = getattr(run, "__module__", "")
        return f"{module.replace('.', '/')}.py:{code.co_firstlineno}" if isinstance(code, CodeType) else module


@dataclass(frozen=True)
class Mutation(Generic[T]):
    """A false variant: a plausible mistake, or a trivial object.  At least one of its cases must be violated."""

    text: str
    check: Check[T]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A finite statement and the evidence that is sought for it.  Made by :func:`~proofs_check.ledger.stating.claim`.

    ``page`` is where the statement stands in the theory; ``source`` says whose it is; ``statement`` is Markdown with
    formulas in TeX, ``words`` says it in one sentence without them; ``constants`` spells out the numbers in it;
    ``depends`` names claims that its argument uses. ``every``, one of the ``checks`` if it is there, decides it on
    every problem of a kind. ``witness`` yields cases where the hypotheses hold, so that the claim is not vacuous.
    ``mutation`` must be rejected, so that the check is not toothless. ``trivial`` is a trivial object, such as
    ``pi_ref`` in place of what an algorithm returns, that violates it somewhere, or why there is none. ``group``
    names several claims together; ``function`` is the full name of the function over which the claim stands.
    """

    id: str
    page: Page
    title: str
    statement: str
    source: str
    hypotheses: str = ""
    constants: str = ""
    caveats: str = ""
    words: str = ""
    depends: tuple[str, ...] = ()
    group: str = ""
    every: Check[Any] | None = None  # Any: each check has a type of members of its own
    checks: tuple[Check[Any], ...] = ()
    witness: Check[Any] | None = None
    mutation: Mutation[Any] | None = None
    trivial: Mutation[Any] | str = ""
    standing: Standing = Standing.CHECKED
    function: str = ""

    def __post_init__(self) -> None:
        self._check_words()
        parts = (bool(self.checks), self.witness is not None, self.mutation is not None)
        if self.standing is Standing.CHECKED and not all(parts):
            raise ClaimError(f"claim {self.id}: needs at least one check, a witness and a mutation")
        if self.standing is Standing.CHECKED and not self.hypotheses:
            raise ClaimError(f"claim {self.id}: its docstring needs 'Hypotheses:', if only 'Hypotheses: none.'")
        if self.every is not None and not (isinstance(self.every.domain, Catalog) and not self.every.domain.names):
            raise ClaimError(f"claim {self.id}: 'every' takes all problems of a kind, such as Catalog()")
        if self.standing is not Standing.CHECKED and any(parts):
            raise ClaimError(f"claim {self.id}: nothing can be run for a claim that is {self.standing}")

    def _check_words(self) -> None:
        for name in (self.id, *([self.group] if self.group else [])):
            if not _NAME.fullmatch(name):
                raise ClaimError(f"claim id {name!r}: use lower-case words joined by hyphens")
        for field in ("title", "statement", "source"):
            if not getattr(self, field).strip():
                raise ClaimError(f"claim {self.id}: {field} is empty")
        if len(self.statement) > _LONGEST:
            long = len(self.statement)
            raise ClaimError(f"claim {self.id}: a statement of {long} characters; make several claims of it")
        if isinstance(self.trivial, str) and self.trivial and not self.trivial.startswith("none: "):
            raise ClaimError(f"claim {self.id}: 'trivial' is what is excluded and where, or 'none: ' and why")


_LONGEST = 600
"""Characters of a statement, formulas in TeX: what is longer says several things."""


class ClaimError(ValueError):
    """A claim, or the list of claims, is not well formed; the message says where."""


@dataclass(frozen=True)
class Registry:
    """All claims, in the order of the ledger.

    Raises:
        ClaimError: for a repeated id, or a dependency that does not exist or leads back to the claim itself.
    """

    claims: tuple[Claim, ...]

    def __post_init__(self) -> None:
        by_id: dict[str, Claim] = {}
        for claim in self.claims:
            if claim.id in by_id:
                raise ClaimError(f"claim {claim.id} is there twice")
            by_id[claim.id] = claim
        for claim in self.claims:
            if claim.group in by_id:
                raise ClaimError(f"claim {claim.id}: the group {claim.group} has the name of a claim")
            for needed in claim.depends:
                if needed not in by_id:
                    raise ClaimError(f"claim {claim.id} depends on {needed!r}, which is not in the ledger")
        for claim in self.claims:
            if claim.id in _ancestors(claim, by_id):
                raise ClaimError(f"claim {claim.id} depends on itself")

    def __iter__(self) -> Iterator[Claim]:
        return iter(self.claims)

    def __getitem__(self, name: str) -> Claim:
        found = self.named(name)
        if found[0].id != name:
            raise ClaimError(f"{name} is a group of claims: {', '.join(claim.id for claim in found)}")
        return found[0]

    def named(self, name: str) -> tuple[Claim, ...]:
        """Return the claim of a name, or the claims of a group.

        Raises:
            ClaimError: if there is neither; the nearest name is suggested.
        """
        found = tuple(claim for claim in self.claims if name in {claim.id, claim.group} and name)
        if not found:
            known = [part for claim in self.claims for part in (claim.id, claim.group) if part]
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise ClaimError(f"unknown claim {name[:80]!r}; {hint}'spanner verify --list' lists them all")
        return found


def _ancestors(claim: Claim, by_id: dict[str, Claim]) -> set[str]:
    found: set[str] = set()
    open_ = list(claim.depends)
    while open_:
        if (needed := open_.pop()) not in found:
            found.add(needed)
            open_.extend(by_id[needed].depends)
    return found

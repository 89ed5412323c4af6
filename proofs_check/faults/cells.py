"""A cell of the matrix: what becomes of a claim in this program, on the domain of the matrix."""

from enum import StrEnum
from typing import Any, NamedTuple

from proofs_check.faults.reduced import reduced
from proofs_check.ledger import Case, Check, Claim
from proofs_check.ledger.kernel import shown_side
from reference.exact import Undecided


class Letter(StrEnum):
    """What became of a claim."""

    VIOLATED = "v"
    """A case is false."""
    STOPPED = "x"
    """The check stopped with an error."""
    NOTHING = "n"
    """The witness yields no case."""
    UNDECIDED = "u"
    """Nothing is violated, but a case stays open."""
    TIME = "t"
    """It takes too long."""
    SURVIVES = "."
    """The claim holds."""


KILLED = (Letter.VIOLATED, Letter.STOPPED, Letter.NOTHING)
"""The claim falls.  What is undecided or takes too long proves nothing."""


class Fate(NamedTuple):
    """A letter, the part of the claim (``check 1``) and its domain, and what was seen there: one line."""

    letter: Letter
    part: str = ""
    domain: str = ""
    seen: str = ""


def fate(claim: Claim) -> Fate:
    """Return what becomes of a claim here and now, up to its first violated case."""
    open_: Fate | None = None
    for part, check in reduced(claim):
        found = _fate_of(part, check)
        if found.letter in KILLED:
            return found
        if found.letter is Letter.UNDECIDED:
            open_ = open_ or found
    return open_ or Fate(Letter.SURVIVES)


def _fate_of(part: str, check: Check[Any]) -> Fate:
    domain, cases, label, undecided = str(check.domain), 0, "before the first member", ""
    try:
        for label, member in check.domain.members():
            try:
                for case in check.run(member):
                    cases += 1
                    if not case.holds:
                        return Fate(Letter.VIOLATED, part, domain, _text(label, case))
            except Undecided as error:
                undecided = undecided or _line(f"{label}: {error}")
    except Exception as error:  # noqa: BLE001 - whatever stops it, the claim does not hold
        return Fate(Letter.STOPPED, part, domain, _line(f"{label}: {type(error).__name__}: {error}"))
    if undecided:
        return Fate(Letter.UNDECIDED, part, domain, undecided)
    if part == "witness" and not cases:
        return Fate(Letter.NOTHING, part, domain, "no case: the hypotheses hold nowhere")
    return Fate(Letter.SURVIVES)


def _text(label: str, case: Case) -> str:
    left, right = (shown_side(side) if side is not None else "" for side in (case.left, case.right))
    sides = f": {left} {case.relation} {right}" if case.relation else ""
    return _line(f"{label}: {case.statement}{sides} is false")


def _line(text: str) -> str:
    return " ".join(text.split())[:400]

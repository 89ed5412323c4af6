"""What is known of each claim when the pages are built: the ledger's run, and the last audit of the Coq proofs.

``make docs`` runs ``spanner verify --json`` and writes what it found to ``docs/_build/ledger.json``. ``make coq`` ends
with ``python docs/_ext/evidence.py``, which keeps date, version of Coq and digests of an audit in
``docs/reference/audit.json``: a build without Coq shows the grades kernel, certified and computed as of that audit.
"""

import hashlib
import json
import sys
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from proofs_check.claims import registry
from proofs_check.ledger import Grade
from proofs_check.ledger.coq import (
    FOLDER,
    INDEX,
    RECORD,
    all_theorems,
    audited_answers,
    claims_proved,
    digests,
    kinds_of,
)

DOCS: Final = Path(__file__).parents[1]
LEDGER: Final = DOCS / "_build" / "ledger.json"
AUDIT: Final = DOCS / "reference" / "audit.json"

GRADES: Final = tuple(map(str, Grade))
"""Strongest first."""


class NoLedger(RuntimeError):
    """There is no file with the ledger's run, or it is that of other claims; the message says what to do."""


class Audit(NamedTuple):
    """The last audit that is on record."""

    date: str
    coq: str
    digest: str
    """Of all audited files, see :func:`digest_of`."""
    theorems: int
    answers: tuple[tuple[str, str, str], ...]
    """Grade (certified or computed), instance, kind of the answer: what the kernel decided again."""
    changed: tuple[str, ...]
    """Files that have changed since: empty if what lies here is what was audited."""

    @property
    def words(self) -> str:
        """One sentence for readers."""
        if not self.date:
            return "No audit of the Coq proofs is on record: `make coq` makes one."
        said = f"{self.theorems} Coq theorems, audited on {self.date} with Coq {self.coq}, sources `{self.digest[:12]}`"
        if not self.changed:
            return f"{said}: the sources are still these."
        return (
            f"{said}. **Since then the sources have changed** ({', '.join(self.changed)}): `make coq` audits them anew."
        )


@lru_cache(maxsize=1)
def ledger() -> dict[str, dict[str, Any]]:
    """Return what the ledger's run found, by claim.

    Raises:
        NoLedger: if there is none, or it does not have the claims of today.
    """
    remedy = f"run make docs, or: spanner verify --json > {LEDGER.relative_to(DOCS.parent)}"
    try:
        found = {claim["id"]: claim for claim in json.loads(LEDGER.read_text("utf-8"))["claims"]}
    except (OSError, ValueError, KeyError, TypeError):
        raise NoLedger(f"{LEDGER} is missing or broken; {remedy}") from None
    today = {claim.id for claim in registry()}
    if other := today ^ set(found):
        raise NoLedger(f"{LEDGER} is of other claims than today's ({', '.join(sorted(other)[:3])}); {remedy}")
    return found


@lru_cache(maxsize=1)
def audit() -> Audit:
    """Return the last audit on record, and what has changed since."""
    try:
        record = json.loads(AUDIT.read_text("utf-8"))
    except OSError:
        return Audit("", "", "", 0, (), ())
    now, then = digests(), record["files"]
    changed = tuple(name for name in sorted({*now, *then}) if now.get(name) != then.get(name))
    answers = tuple((grade, name, kind) for grade, name, kinds in record.get("answers", ()) for kind in kinds)
    return Audit(record["date"], record["coq"], record["digest"], record["theorems"], answers, changed)


def grades(claim: str) -> list[str]:
    """Return a claim's grades, strongest first; kernel, certified and computed as of the last audit on record."""
    found = set(ledger()[claim]["grades"]) - {"kernel", "certified", "computed"}
    found |= {"kernel"} if claim in claims_proved() and audit().date else set()
    return sorted(found | {grade for grade, _, _ in answers_about(claim)}, key=GRADES.index)


def answers_about(claim: str) -> list[tuple[str, str, str]]:
    """Return the answers that a claim is about and the kernel decided again in the last audit on record."""
    return [each for each in audit().answers if each[2] in kinds_of(claim)]


def digest_of(files: dict[str, str]) -> str:
    """Return one digest for many: that of the lines ``DIGEST  NAME``, as ``sha256sum`` prints them.

    >>> digest_of({"a.v": "00", "b.v": "11"})[:12]
    '29165171514d'
    """
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def recorded(audited: dict[str, Any], date: str) -> dict[str, Any]:
    """Return the record to keep of an audit, from the one that ``check.sh`` leaves."""
    files = dict(sorted(audited["files"].items()))
    many = len(all_theorems())
    known = [[grade, name, kinds.split(", ")] for grade, name, kinds in audited_answers()]
    return {
        "date": date,
        "coq": audited["coq"],
        "digest": digest_of(files),
        "theorems": many,
        "answers": known,
        "files": files,
    }


def keep() -> None:
    """Keep the audit that ``check.sh`` left, unless one of the same files is kept."""
    audited = json.loads((FOLDER / RECORD).read_text("utf-8"))
    if audited["files"] != digests():
        raise SystemExit(f"{FOLDER / RECORD} is not of {INDEX} and the sources as they lie: run make coq")
    kept = recorded(audited, datetime.now(UTC).date().isoformat())
    if not AUDIT.exists() or json.loads(AUDIT.read_text("utf-8")) | {"date": kept["date"]} != kept:
        AUDIT.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    print(AUDIT)


def summary(answers: tuple[tuple[str, str, str], ...]) -> str:
    """Return how much the kernel decided again.

    >>> summary((("certified", "two-arms", "Span"), ("certified", "two-arms", "Gap")))
    '2 verdicts on 1 instances certified, 0 computed'
    """
    names = [name for grade, name, _ in answers if grade == "certified"]
    computed = sum(grade == "computed" for grade, _, _ in answers)
    return f"{len(names)} verdicts on {len(set(names))} instances certified, {computed} computed"


if __name__ == "__main__":
    if sys.argv[1:] == ["say"]:
        print(summary(audit().answers))
    else:
        keep()

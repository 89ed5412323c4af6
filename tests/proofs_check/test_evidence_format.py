"""What the ledger found is what ``--json`` says: each field in its place."""

from dataclasses import fields, replace

import msgspec

from proofs_check.cli.formats import verify as formats
from proofs_check.ledger import Check, Family, compare
from proofs_check.ledger.kernel import Evidence, gather


def found() -> Evidence:
    """Evidence whose counts all differ."""
    domain = Family("numbers", 3, lambda: [1, 2, 3])
    evidence = gather(Check(domain, lambda n: [compare("n", n, "<=", 2, "n <= 2")]))
    counts = ("members", "reached", "cases", "exact", "violated", "undecided")
    for value, name in enumerate(counts, start=10):
        object.__setattr__(evidence, name, value)  # sealed: no constructor takes what no check found
    object.__setattr__(evidence, "trouble", "some")
    object.__setattr__(evidence, "seconds", 0.25)
    return evidence


def test_each_field_of_evidence_keeps_its_place() -> None:
    evidence = found()
    written = formats.Evidence.of(evidence)
    plain = [
        field.name for field in msgspec.structs.fields(written) if field.name not in {"counterexample", "tightest"}
    ]
    assert {name: getattr(written, name) for name in plain} == {name: getattr(evidence, name) for name in plain}
    assert len({getattr(evidence, name) for name in plain}) == len(plain)
    joining = {"slack", "stopped"}  # by which pieces are put together; nobody is shown them
    assert set(plain) == {field.name for field in fields(evidence)} - {"counterexample", "tightest"} - joining


def test_each_field_of_an_exhibit_keeps_its_place() -> None:
    evidence = found()
    assert evidence.counterexample is not None
    texts = ("member", "instance", "statement", "relation", "method", "note", "item")
    shown = replace(evidence.counterexample, **{name: f"the {name}" for name in texts})  # type: ignore[arg-type]  # mixed
    written = formats.Exhibit.of(shown)
    assert {name: getattr(written, name) for name in texts} == {name: f"the {name}" for name in texts}
    assert written.left is not None
    assert written.right is not None
    assert (written.left.exact, written.right.exact) == ("3", "2")

"""The audit of the Coq proofs: what it accepts, and that it sees through each attack known on it."""

import pytest

from proofs_check.ledger import coq
from tests.proofs_check.coq.development import NEEDS_COQ, POTENTIAL, WEAKENED, Development, failures

pytestmark = NEEDS_COQ


def test_a_sound_development_passes_and_its_record_counts(
    development: Development, monkeypatch: pytest.MonkeyPatch
) -> None:
    development.start({"potential.v": POTENTIAL})
    development.index(["potential.spd_pos"], ["potential.quad", "potential.spd"])
    assert not failures(development.audit())
    monkeypatch.setattr(coq, "FOLDER", development.folder)
    for remembered in ("_parsed", "_index"):
        monkeypatch.setattr(coq, remembered, getattr(coq, remembered).__wrapped__)
    assert coq.audited.__wrapped__()
    assert coq.theorems("claim")


def test_a_failed_audit_takes_the_earlier_record_away(development: Development) -> None:
    development.start({"potential.v": POTENTIAL})
    development.index(["potential.spd_pos"], ["potential.quad", "potential.spd"])
    records = [development.folder / name for name in (coq.RECORD, coq.TRANSCRIPT)]
    for record in records:
        record.write_text("{}", encoding="utf-8")
    (development.folder / "potential.v").write_text(WEAKENED, encoding="utf-8")
    assert "definition potential.spd: the definition is not the recorded one" in failures(development.audit())
    assert not any(record.exists() for record in records)


def test_a_check_of_the_kernel_that_is_switched_off_is_noticed(development: Development) -> None:
    loop = "Unset\nGuard Checking.\nFixpoint loop (n : nat) : False := loop n.\nSet Guard Checking.\n"
    development.start({"loop.v": loop + "Theorem anything : False. Proof. exact (loop 0). Qed.\n"})
    development.index(["loop.anything"], [])
    found = failures(development.audit())
    assert "loop.v contains a forbidden word" in found
    assert "axioms of 1 theorems (general): not on the allow-list: loop.loop is assumed to be guarded." in found
    assert "coqchk: unsafe (co)fixpoints" in found

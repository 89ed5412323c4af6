"""The grade kernel: only for an audit of exactly what lies here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from proofs_check.claims import registry
from proofs_check.ledger import Grade, Report, Verdict, coq
from proofs_check.ledger.kernel import judge


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the development's folder, so that its record can be written."""
    for name in coq.digests():
        (tmp_path / name).write_bytes((coq.FOLDER / name).read_bytes())
    monkeypatch.setattr(coq, "FOLDER", tmp_path)
    coq.audited.cache_clear()
    yield tmp_path
    coq.audited.cache_clear()


def report(name: str) -> Report:
    return judge(registry()[name], (), None, None)


@pytest.mark.usefixtures("folder")
def test_without_an_audit_no_claim_has_the_grade_kernel() -> None:
    assert not coq.audited()
    assert Grade.KERNEL not in report("gibbs-optimum").grades


@pytest.mark.usefixtures("folder")
def test_after_an_audit_the_theorems_count() -> None:
    coq.record()
    found = report("gibbs-optimum")
    assert found.grades[0] is Grade.KERNEL
    assert "gibbs.gibbs_identity" in found.proved
    assert found.verdict is Verdict.NOT_REACHED  # a proof about all instances does not replace the checks of the code


@pytest.mark.usefixtures("folder")
def test_a_claim_without_theorems_gains_nothing() -> None:
    coq.record()
    assert "proper-tradeoff" not in coq.claims_with_theorems()
    assert Grade.KERNEL not in report("proper-tradeoff").grades


@pytest.mark.parametrize("name", ["gibbs.v", "theorems.toml", "check.sh", "_CoqProject"])
def test_any_change_after_the_audit_voids_it(folder: Path, name: str) -> None:
    coq.record()
    (folder / name).write_text((folder / name).read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert not coq.audited()


def test_a_new_file_after_the_audit_voids_it(folder: Path) -> None:
    coq.record()
    (folder / "extra.v").write_text("Lemma x : True. Proof. exact I. Qed.", encoding="utf-8")
    assert not coq.audited()


def test_a_broken_record_is_no_audit(folder: Path) -> None:
    (folder / coq.RECORD).write_text("{", encoding="utf-8")
    assert not coq.audited()

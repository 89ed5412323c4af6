"""The grade kernel: only for an audit of exactly what lies here."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from proofs_check.claims import registry
from proofs_check.ledger import Grade, Report, Verdict, coq
from proofs_check.ledger.kernel import judge
from tests.proofs_check.ledger.auditing import leave_record, transcript


def report(name: str) -> Report:
    return judge(registry()[name], (), None, None)


@pytest.mark.usefixtures("folder")
def test_without_an_audit_no_claim_has_the_grade_kernel() -> None:
    assert not coq.audited()
    assert Grade.KERNEL not in report("gibbs-optimum").grades


def test_after_an_audit_the_theorems_count(folder: Path) -> None:
    leave_record(folder, transcript())
    found = report("gibbs-optimum")
    assert found.grades[0] is Grade.KERNEL
    assert "gibbs.gibbs_identity" in found.proved
    assert found.verdict is Verdict.NOT_REACHED  # a proof about all instances does not replace the checks of the code


def test_an_audit_can_be_ignored(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_record(folder, transcript())
    monkeypatch.setenv(coq.AUDITS, "ignore")
    assert not coq.audited()
    assert Grade.KERNEL not in report("gibbs-optimum").grades


def test_a_claim_without_theorems_gains_nothing(folder: Path) -> None:
    leave_record(folder, transcript())
    assert "tradeoff-success" not in coq.claims_with_theorems()
    assert Grade.KERNEL not in report("tradeoff-success").grades


def test_theorems_with_weaker_constants_do_not_count(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coq, "_weaker", lambda: {"truncation-gap": "2 for 1"})
    leave_record(folder, transcript())
    assert coq.claims_with_theorems() - coq.claims_proved() == {"truncation-gap"}
    assert coq.theorems("truncation-gap")
    assert Grade.KERNEL not in report("truncation-gap").grades


@pytest.mark.parametrize("name", ["gibbs.v", "theorems.toml", "check.sh", "reach.elpi", "_CoqProject"])
def test_any_change_after_the_audit_voids_it(folder: Path, name: str) -> None:
    leave_record(folder, transcript())
    (folder / name).write_text((folder / name).read_text(encoding="utf-8") + " ", encoding="utf-8")
    assert not coq.audited()


def test_a_new_file_after_the_audit_voids_it(folder: Path) -> None:
    leave_record(folder, transcript())
    (folder / "extra.v").write_text("Lemma x : True. Proof. exact I. Qed.", encoding="utf-8")
    assert not coq.audited()


def test_a_broken_record_is_no_audit(folder: Path) -> None:
    (folder / coq.RECORD).write_text("{", encoding="utf-8")
    assert not coq.audited()


def test_only_the_audit_writes_a_record() -> None:
    assert not [name for name in vars(coq) if "record" in name.lower() and callable(getattr(coq, name))]


def test_digests_of_the_files_alone_are_no_audit(folder: Path) -> None:
    (folder / "gibbs.v").write_text("(* nothing is proved here *)\n", encoding="utf-8")
    (folder / coq.RECORD).write_text(json.dumps(coq.digests()), encoding="utf-8")
    assert not coq.audited()
    assert Grade.KERNEL not in report("gibbs-optimum").grades


@pytest.mark.parametrize("name", ["audited.json", "audited.log"])
def test_record_and_transcript_count_only_together(folder: Path, name: str) -> None:
    leave_record(folder, transcript())
    (folder / name).unlink()
    assert not coq.audited()


def test_a_transcript_that_was_changed_is_no_audit(folder: Path) -> None:
    leave_record(folder, transcript())
    with (folder / coq.TRANSCRIPT).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not coq.audited()


def test_a_transcript_with_a_failure_is_no_audit(folder: Path) -> None:
    first, second, *rest = transcript()
    leave_record(folder, [first, second.replace("ok  ", "FAIL"), *rest])
    assert not coq.audited()


def test_a_transcript_without_one_of_the_theorems_is_no_audit(folder: Path) -> None:
    first, _, *lines, _ = transcript()
    leave_record(folder, [first, *lines, f"{len(lines)} passed, 0 failed"])
    assert not coq.audited()


def test_a_transcript_of_another_version_of_coq_is_no_audit(folder: Path) -> None:
    leave_record(folder, transcript(), version="8.17.0")
    assert not coq.audited()


def test_without_coq_the_audit_says_so_and_leaves_nothing(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tools = tmp_path_factory.mktemp("tools")  # a PATH that has what check.sh needs, but not Coq
    (tools / "dirname").symlink_to(shutil.which("dirname") or "/usr/bin/dirname")
    done = subprocess.run(
        ["/bin/sh", folder / "check.sh"], env={"PATH": str(tools)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("check.sh: Coq is not installed")
    assert not coq.audited()

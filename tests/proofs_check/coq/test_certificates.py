"""The audit of certified instances and laws: a changed digit, instance or checker loses the certificate."""

import json
import subprocess
from pathlib import Path

import pytest

from proofs_check.certified import kernel_check
from proofs_check.cli import main
from proofs_check.computed import files
from reference.catalog.loading import file_of
from tests.proofs_check.coq.deciding import committed, decided, put
from tests.proofs_check.coq.development import NEEDS_COQ

import certificates as auditing  # isort: skip - scripts of the audit; their folder is known after proofs_check.ledger
import computed_form as form  # isort: skip

pytestmark = NEEDS_COQ

INSTANCE, FAIR_COIN = (file_of(name).read_text(encoding="utf-8") for name in ("two-arms", "fair-coin"))
TWO_ARMS = committed("two-arms")
KINDS = ["Optimum", "Coverage", "Value", "Gap", "Divergence", "Base", "Span", "Draws"]


def answer(
    build: Path, folder: Path, certificate: str, instance: str = INSTANCE, name: str = "two-arms"
) -> list[str] | str:
    return decided(build, folder, certificate, instance, f"{name}.json")


def test_the_catalogs_file_passes(build: Path, tmp_path: Path) -> None:
    assert answer(build, tmp_path, TWO_ARMS) == KINDS


def test_what_is_refused_is_not_counted_beside_what_passes(build: Path, tmp_path: Path) -> None:
    put(tmp_path, committed("fair-coin").replace("Base (1, ", "Base (2, "), FAIR_COIN, "fair-coin.json")
    put(tmp_path, TWO_ARMS, INSTANCE, "two-arms.json")
    (refused, why), passed = found = auditing.audit(build, tmp_path / "certified", tmp_path / "sources")
    assert refused == f"certified fair-coin: {', '.join(KINDS)}"
    assert why is not None
    assert "the kernel refuses it" in why
    assert passed == (f"certified two-arms: {', '.join(KINDS)}", None)
    assert auditing.summary(found) == "8 verdicts on 1 instances certified, 0 computed"


def test_enclosures_pass_and_a_last_digit_outside_is_refused(build: Path, tmp_path: Path) -> None:
    name = "two-arms-exp"
    text, instance = committed(name), file_of(name).read_text(encoding="utf-8")
    enclosed, exact = ("Optimum", "Coverage", "Value", "Gap", "Divergence"), ("Base", "Span", "Draws")
    assert answer(build, tmp_path, text, instance, name) == [*(f"{kind}Within" for kind in enclosed), *exact]
    for digit, other in (
        ("88079707797788244405#", "88079707797788244407#"),  # a lower bound above pi*, whose 21st digit is 59...
        ("176159415595576488813#", "176159415595576488811#"),
        ("71689041524151359350#", "71689041524151359352#"),
        ("21689041524151359352#", "21689041524151359350#"),
        ("32781332547273770110#", "32781332547273770108#"),
    ):
        assert text.count(digit) == 1
        assert "the kernel refuses it" in answer(build, tmp_path, text.replace(digit, other), instance, name)


@pytest.mark.parametrize(
    ("digit", "other"),
    [
        ("(2#3); (1#3)", "(1#3); (2#3)"),
        ("Coverage (4#3)", "Coverage (17#12)"),
        ("Divergence [:: (5#3)", "Divergence [:: (4#3)"),
        ("Base (0, [:: (1#2)])", "Base (0, [:: (1#3)])"),
        ("Span (Spanner [:: (0, 1, 0)", "Span (Spanner [:: (0, 1, 1)"),
        ("(1#8) 84 ", "(1#8) 85 "),
        ("(1#8) 84 ", "(1#8) 83 "),
        ("(1#8) 84 1179328816", "(1#8) 84 1179328817"),  # a lower bound above log 32
    ],
)
def test_a_changed_digit_is_refused_by_the_kernel(build: Path, tmp_path: Path, digit: str, other: str) -> None:
    assert digit in TWO_ARMS
    assert "the kernel refuses it" in answer(build, tmp_path, TWO_ARMS.replace(digit, other))


@pytest.mark.parametrize(
    ("given", "other"),
    [("Draws 6 (1#8) 84 ", "Draws 6 (1#9) 84 "), ("Draws 6 (1#8) 84 ", "Draws 2 (1#8) 28 ")],
)
def test_a_number_of_draws_for_another_delta_or_bound_is_refused(
    build: Path, tmp_path: Path, given: str, other: str
) -> None:
    text = TWO_ARMS.replace(given, other)
    found = answer(build, tmp_path, text)
    assert "its number of draws is not for M = 4 C_cov(pi*), rounded up, and delta = 1/8" in found
    # what the kernel says: 84 is not the number for 1/9, 28 is that for M = 2
    (tmp_path / "other_draws.v").write_text(text, encoding="utf-8")
    command = ["coqc", "-q", "-w", "none", "-R", str(build), "Spanner", "other_draws.v"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (done.returncode == 0) == ("1#8" in other)


def test_a_changed_instance_is_seen(build: Path, tmp_path: Path) -> None:
    changed = json.dumps(json.loads(INSTANCE) | {"beta": "2"})
    assert "its instance is not that of the file" in answer(build, tmp_path, TWO_ARMS, changed)


def test_the_command_has_the_kernel_decide(
    build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(kernel_check, "_built", lambda *_: build)
    command = ["certify", "two-arms", "--coq", "--out"]
    assert main([*command, str(tmp_path / "right")]) == 0
    assert "accepted by Coq 8.16" in capsys.readouterr().out
    monkeypatch.setattr("proofs_check.cli.certify.certificate_text", lambda *_: TWO_ARMS.replace("(4#3)", "(17#12)"))
    assert main([*command, str(tmp_path / "wrong")]) == 1
    assert "the kernel refuses it" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("module", "old", "new"),
    [
        ("cert_span", "[&& size (dual s) == size (chosen s),", "[|| true, size (dual s) == size (chosen s),"),
        ("cert_exp", "Z.add term term", "term"),  # a Taylor sum without the bound on its remainder
        ("cert_boxes", "[&& reach l, ", "[&& true, "),  # exp of a number that has no bounds
        ("cert_draws", "~~ Z.leb product.1 (whole (Z.pred (Zpos N)))", "true"),  # any N that is large enough
        ("cert_laws", "all (whole_exponents i) (iota 0 (size (prompts i))) & match", "true & match"),  # a cut exponent
        ("cert_returned", "all (whole_exponents i) (iota 0 (size (prompts i))),", "true,"),
        ("cert_returned", "features_fit i", "true"),  # features that theta has no entries for
        ("cert_returned", "[&& qpos M, 0 < N & 0 < t_exp]%N", "[&& qpos M, 0 < N & true]%N"),  # a mean over no rounds
    ],
)
def test_a_checker_that_accepts_too_much_has_no_soundness_theorem(
    build: Path, tmp_path: Path, module: str, old: str, new: str
) -> None:
    text = (build / f"{module}.v").read_text(encoding="utf-8")
    lazy = text.replace(old, new)
    assert lazy != text
    (tmp_path / f"{module}.v").write_text(lazy, encoding="utf-8")
    command = ["coqc", "-q", "-w", "none", "-R", str(build), "Spanner", f"{module}.v"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.setattr(files, "catalog_names", lambda: ["two-arms"])
    monkeypatch.setattr("computed_laws.random_instances", lambda _: [])
    monkeypatch.setattr(auditing, "_rechecked", lambda *_: None)
    return {part.folder: files.catalog_text(part) for part in form.PARTS}


def audited_laws(
    build: Path, folder: Path, texts: dict[str, str], instance: str = INSTANCE
) -> list[tuple[str, str | None]]:
    """Audit files with two-arms alone, of the parts that have a text, without coqchk; return what is said about it."""
    parts = [part for part in form.PARTS if part.folder in texts]
    for part in parts:
        (folder / part.folder).mkdir()
        (folder / part.folder / "catalog.v").write_text(texts[part.folder], encoding="utf-8")
        (folder / part.folder / "random.v").write_text(part.head + part.tail, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "two-arms.json").write_text(instance, encoding="utf-8")
    found = [line for part in parts for line in auditing.audit_of_part(build, part, folder, folder / "data")]
    return [(name, problem) for name, problem in found if "random" not in name]


def test_the_laws_of_two_arms_pass(build: Path, tmp_path: Path, texts: dict[str, str]) -> None:
    found = audited_laws(build, tmp_path, texts)
    assert found == [("certified two-arms: Rejection, Sampler", None), ("certified two-arms: Returned", None)]
    assert auditing.summary(found) == "3 verdicts on 1 instances certified, 0 computed"


@pytest.mark.parametrize(
    ("digit", "other"),
    [
        ("(26#81)", "(25#81)"),
        ("Rejection (3#2) 3", "Rejection (3#2) 2"),
        ("(44846313#128000000)", "(44846311#128000000)"),
        ("(1219#2048)", "(1217#2048)"),
        ("Returned 2 1 1", "Returned 1 1 1"),
        ("Returned 2 1 1", "Returned 2 1 0"),
    ],
)
def test_a_changed_digit_of_a_law_is_refused_by_the_kernel(
    build: Path, tmp_path: Path, texts: dict[str, str], digit: str, other: str
) -> None:
    ((changed, text),) = ((folder, text) for folder, text in texts.items() if digit in text)
    ((name, problem),) = audited_laws(build, tmp_path, {changed: text.replace(digit, other)})
    assert name.startswith("certified two-arms: R")
    assert "the kernel refuses it" in str(problem)


def test_a_changed_instance_of_a_law_is_seen(build: Path, tmp_path: Path, texts: dict[str, str]) -> None:
    found = audited_laws(build, tmp_path, texts, json.dumps(json.loads(INSTANCE) | {"beta": "2"}))
    assert sum("its instance is not that of the exporter" in str(problem) for _, problem in found) == 2

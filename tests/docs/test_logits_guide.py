"""The page on logits runs, and prints what it says."""

from pathlib import Path

import pytest

from tests.docs.test_sampler_guide import HOW_TO, printed


def test_from_a_row_of_logits_to_a_verdict(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "86")
    page = (HOW_TO / "logits.md").read_text("utf-8")
    lines = printed(page)
    coverage = next(line for line in lines if line.startswith("C_cov"))
    assert coverage.split() == ["C_cov(pi*)", "≈6.73291"]
    assert "needs about 6.7 draws" in page
    assert any(line.startswith("1   ≈0.0268849") and line.endswith("≈0.181013") for line in lines)
    assert "outcome 1 has one chance in 37" in page
    assert any("leave such outcomes out with --drop-masked" in line for line in lines)
    assert lines[-2] == "(1 + exp(9/8) + exp(7/2))/(1 + 1/8*exp(9/8) + 1/8*exp(7/2))"
    assert lines[-1].split()[0].startswith("0.172434")  # as the instance of the file, to the digits shown

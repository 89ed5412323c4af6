"""``spanner verify CLAIM --against FAULT`` and ``--faults``."""

import pytest

from proofs_check.cli import main
from proofs_check.faults import all_faults
from tests.proofs_check.cli_output import loaded


def test_it_shows_the_change_and_what_falls(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "rejection-exact", "--against", "rejection-falls-back"]) == 0
    printed = capsys.readouterr().out
    assert "reference/algorithms/rejection.py:" in printed
    assert "(line 4 of the listing)" in printed
    assert "+ oracles.iterate(None, trial, N, until=lambda found: found is not None) or oracles.weak(x)" in printed
    assert "rejection-exact: violated" in printed
    assert "witness, catalog: two-arms, two-arms-exp" in printed


def test_a_fault_that_is_not_noticed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "gibbs-optimum", "--against", "rejection-falls-back"]) == 1
    printed = capsys.readouterr().out
    assert "gibbs-optimum: holds" in printed
    assert "The fault is not noticed." in printed


def test_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "verify", "rejection-exact", "--against", "rejection-is-the-base-model")
    assert found["fault"]["name"] == "rejection-is-the-base-model"
    assert found["fault"]["lazy"]
    assert found["falls"]
    (fate,) = found["claims"]
    assert (fate["claim"], fate["letter"], fate["becomes"]) == ("rejection-exact", "v", "violated")


def test_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    faults = loaded(capsys, "verify", "--faults")["faults"]
    assert [each["name"] for each in faults] == [fault.name for fault in all_faults()]
    assert all(each["old"] and each["at"] > 0 for each in faults)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--against", "covers-by-nu"], "name one, or some"),
        (["ridge-error", "--against", "cover-by-nu"], "did you mean 'covers-by-nu'?"),
        (["fmr25-theorem-3-1", "--against", "covers-by-nu"], "rests on the paper"),
        (["ridge-error", "--against", "covers-by-nu", "--quick"], "leave --on, --set, --quick"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line

"""``spanner verify --on INSTANCE``: which claims apply, what is printed, exit codes."""

from pathlib import Path

import pytest

from proofs_check.claims.objective import optimum_and_coverage
from proofs_check.cli import main
from tests.proofs_check.cli_output import document

MINE = """{"format": "spanner-reference/problem", "version": 1, "name": "mine", "beta": "1/2", "theta": ["log(3)"],
 "bounds": {"B": "2", "R_max": "2"}, "prompts": [{"name": "x", "rho": "1", "responses": [
 {"name": "a", "pi_ref": "1/4", "phi": ["1"]}, {"name": "b", "pi_ref": "3/4", "phi": ["-1/2"]}]}]}"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.json"
    path.write_text(MINE, encoding="utf-8")
    return str(path)


def verdicts(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, str]:
    assert main(["verify", *arguments, "--json"]) == code
    return {entry["id"]: entry["verdict"] for entry in document(capsys.readouterr().out)["claims"]}


def test_all_claims_about_every_instance_are_decided_on_a_file(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = verdicts(capsys, "--on", mine)
    assert set(found.values()) == {"holds"}
    assert {"gibbs-optimum", "coverage-range", "spanner-end-to-end", "barycentric-spanner"} <= set(found)
    assert {"soft-bellman", "q-linear", "path-consistency", "coverage-tokens"} <= set(found)  # of horizon 1, too
    assert main(["verify", "--on", mine, "coverage-range", "--explain"]) == 0
    printed = capsys.readouterr().out
    assert "mine: what is claimed of every instance" in printed
    assert "coverage-range         holds" in printed
    assert "tightest: mine" in printed


def test_of_a_problem_without_theta_fewer_claims_say_something(capsys: pytest.CaptureFixture[str]) -> None:
    assert set(verdicts(capsys, "--on", "clean-sweep")) == {
        "soft-bellman", "q-linear", "path-consistency", "coverage-tokens",
    }  # fmt: skip
    # 2^64 sequences: only what is decided node by node
    assert set(verdicts(capsys, "--on", "fair-bits-64")) == {"coverage-tokens"}


def test_a_claim_of_which_nothing_is_decided_is_neither_true_nor_false(capsys: pytest.CaptureFixture[str]) -> None:
    # N would be too large for the exact law of SoftmaxSampler
    assert verdicts(capsys, "--on", "smollm2-facts", "softmax-sampler-tv") == {"softmax-sampler-tv": "nothing decided"}


def test_a_violated_claim_is_shown_and_exits_with_1(
    mine: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(optimum_and_coverage, "coverage", lambda *_: 1)
    assert main(["verify", "--on", mine, "coverage-range"]) == 1
    printed = capsys.readouterr().out
    assert "coverage-range         violated" in printed
    assert "mine" in printed.splitlines()[3]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--on", "two-arms", "mtss-restarts"],
            "mtss-restarts: no statement about every problem like 'two-arms'; leave it",
        ),
        (
            ["--on", "clean-sweep", "gibbs-optimum"],
            "gibbs-optimum: no statement about every problem like 'clean-sweep'",
        ),
        (["--on", "fair-bits-64", "q-linear"], "q-linear: no statement about every problem like 'fair-bits-64'"),
        (["--on", "clean-sweep", "--page", "objective"], "no statement about every problem like 'clean-sweep'"),
        (["--on", "two-arm"], "two-arm"),
    ],
)
def test_what_does_not_apply_is_one_clear_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", *arguments]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert (printed.out, printed.err.count("\n")) == ("", 1)

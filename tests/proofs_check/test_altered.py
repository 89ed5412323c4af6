"""``spanner verify CLAIM --set NAME=VALUE``: a claim with other constants."""

import pytest
from flint import fmpq

from proofs_check.claims import registry
from proofs_check.cli import main
from proofs_check.ledger import Catalog, Check, Claim
from proofs_check.ledger.constants import altered, constants
from proofs_check.ledger.kernel import gather
from tests.proofs_check.cli_output import loaded


def test_a_sharp_constant_cannot_be_raised(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "verify", "gap-oscillation", "--set", "constant=9", code=1)
    assert (found["values"], found["stated"], found["holds"]) == ({"constant": "9"}, {"constant": "8"}, False)
    on_catalog = found["checks"][0]
    assert on_catalog["violated"] > 0
    assert on_catalog["counterexample"]["margin"]["upper"].startswith("-")
    assert not on_catalog["tightest"]["margin"]["lower"].startswith("-")
    random, by_hand = found["untouched"]
    assert random == "random problems with arbitrary f (n=100, seed 1)"
    assert by_hand.startswith("two fair responses")


def test_a_weaker_constant_holds_and_the_margin_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "gap-oscillation", "--set", "constant=4", "--on", "two-arms"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith(
        "gap-oscillation with constant=4 (stated: constant=8) holds 0 of 3 cases violated on two-arms"
    )
    assert "gap <= E osc(f-r)^2/(4 beta); margin ≈0.0" in shown


def test_the_margin_of_a_case_by_hand() -> None:
    claim = registry()["coverage-range"]
    (check, *_), _ = altered(claim, {"exponent": "2"})
    evidence = gather(Check(Catalog("two-arms"), check.run))
    assert evidence.tightest is not None
    assert evidence.tightest.margin is not None
    # C_cov(pi*) = 4/3 against 1: the other bounds are 2^2 - 4/3 and log(4/3) - KL
    assert evidence.tightest.margin.exact in {"1/3", "-5/3*log(2) + log(3)"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["gap-oscillation", "--set", "C=7"], "gap-oscillation has no constant 'C'; it has constant=8"),
        (["gap-oscillation", "--set", "constant=x"], "gap-oscillation: constant=x: 'x' is not an exact number"),
        (["coverage-range", "--set", "exponent=1/0"], "coverage-range: exponent=1/0: "),
        (["gap-oscillation", "--set", "constant"], "--set constant: write NAME=VALUE, as in --set constant=9"),
        (["gap-oscillation", "--set", "constant=7", "--set", "constant=9"], "--set constant is there twice"),
        (["gap-oscillation", "gap-quadratic", "--set", "constant=7"], "--set changes constants of one claim: name it"),
        (["--set", "constant=7"], "--set changes constants of one claim: name it"),
        (["gap-oscillation", "--set", "constant=7", "--quick"], "leave --quick and --explain out"),
        (["needle-hit", "--set", "tail=3", "--on", "two-arms"], "needle-hit: no statement about every problem like"),
        (["data-lower-bound", "--set", "N=1"], "data-lower-bound has no constant 'N'; it has none to set"),
    ],
)
def test_what_cannot_be_set_is_one_line(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", *arguments]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert (shown.err.count("\n"), shown.out) == (1, "")


def test_which_constants_there_are_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "coverage-gap", "--explain", "--jobs", "1"]) == 0
    assert "to set     base=2" in capsys.readouterr().out


@pytest.mark.parametrize(
    "claim",
    [claim for claim in registry() if claim.checks and claim.constants.rstrip(".") not in {"", "none"}],
    ids=lambda claim: claim.id,
)
def test_a_claim_that_names_constants_lets_them_be_set(claim: Claim) -> None:
    assert constants(claim)


def test_a_tuple_and_a_truth_are_read() -> None:
    known = constants(registry()["spanner-coverage"])
    assert (str(known["rounds"]), known["rounds"].read("0,3")) == ("rounds=0,1", (0, 3))
    swapped = constants(registry()["gibbs-optimum"])["swapped"]
    assert (str(swapped), swapped.read("true")) == ("swapped=false", True)
    with pytest.raises(ValueError, match="needs true or false"):
        swapped.read("yes")
    assert constants(registry()["coverage-range"])["exponent"].read("3/4") == fmpq(3, 4)

"""A quick look: what it runs, what it concludes, and what it says it left out."""

import pytest

from proofs_check.claims import registry
from proofs_check.cli import main
from proofs_check.cli.ledger_table import omissions
from proofs_check.cli.watch import EVERY, Watch
from proofs_check.ledger import (
    Catalog,
    Check,
    Claim,
    Family,
    Mutation,
    Registry,
    Verdict,
    fact,
    left_out,
    run_claims,
)
from proofs_check.ledger.cases import Case
from proofs_check.ledger.pages import PAGES
from proofs_check.ledger.quick import quick_parts
from reference.catalog import linear_names
from reference.model import LinearProblem
from tests.proofs_check.cli_output import loaded

CHECKED = [claim for claim in registry() if claim.checks]


def on_the_catalog(claim: Claim) -> bool:
    return any(isinstance(check.domain, Catalog) for check in claim.checks)


@pytest.mark.parametrize("claim", [claim for claim in CHECKED if on_the_catalog(claim)], ids=lambda claim: claim.id)
def test_of_every_claim_on_the_catalog_an_instance_is_decided(claim: Claim) -> None:
    found = (work() for name, work in quick_parts(claim).items() if name != "witness")
    decided = next(evidence for evidence in found if evidence.cases)
    assert decided.members == 1
    assert decided.verdict is Verdict.HOLDS
    assert "catalog: " in decided.domain  # it names the instance


def test_every_claim_has_its_witness_in_a_quick_look() -> None:
    assert all("witness" in quick_parts(claim) for claim in CHECKED)


# ------------------------------------------------------------------------------------------ what is concluded


def is_large(problem: LinearProblem) -> list[Case]:
    """Decide nothing on the first instance."""
    return [] if problem.name == linear_names()[0] else [fact(problem.name, holds=True, statement="it is there")]


def is_false(problem: LinearProblem) -> list[Case]:
    return [fact(problem.name, holds=False, statement="it is not there")]


def nothing_holds(_: object) -> list[Case]:
    raise AssertionError("a quick look does not run this")


def claim(check: Check[LinearProblem], witness: Check[LinearProblem]) -> Claim:
    family = Check(Family("two numbers", 2, lambda: [1, 2]), nothing_holds)
    return Claim(
        id="example", page=PAGES[0], title="t", statement="s", source="ours", hypotheses="none.",
        checks=(family, check), witness=witness, mutation=Mutation("false", Check(Catalog(), nothing_holds)),
    )  # fmt: skip


GOOD, BAD = Check(Catalog(), is_large), Check(Catalog(), is_false)


def looked_at(check: Check[LinearProblem], witness: Check[LinearProblem] = GOOD) -> "tuple[Verdict, list[str]]":
    example = Registry((claim(check, witness),))
    (report,) = [report for _, _, report in run_claims(lambda: example, ["example"], quick=True) if report is not None]
    return report.verdict, [evidence.domain for evidence in report.checks]


def test_the_first_instance_that_decides_anything_is_taken_and_named() -> None:
    assert looked_at(GOOD) == (Verdict.SO_FAR, [f"catalog: {linear_names()[1]}"])


def test_a_false_case_or_witness_is_found() -> None:
    assert looked_at(BAD)[0] is Verdict.VIOLATED
    assert looked_at(GOOD, BAD)[0] is Verdict.VACUOUS


def test_where_no_instance_decides_anything_the_claim_is_not_reached() -> None:
    assert looked_at(Check(Catalog(linear_names()[0]), is_large))[0] is Verdict.NOT_REACHED


# ------------------------------------------------------------------------------------------ what is said


def test_what_was_left_out_is_counted_and_named() -> None:
    example = claim(GOOD, GOOD)
    found = left_out(example)
    assert (found.checks, found.instances) == (("two numbers (2)",), len(linear_names()) - 1)
    assert (found.mutation, found.catalog) == (True, True)
    text = omissions([example, registry()["needle-hit"]])
    assert text.startswith("Left out: 2 mutations, ")
    assert "Only the witness, for want of a check on the catalog: needle-hit." in text


def test_the_summary_of_a_quick_look_claims_no_more_than_it_saw(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "needle-hit", "gap-quadratic", "--quick", "--jobs", "1"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "2 claims hold so far (" in shown
    assert "Left out: 2 mutations, " in shown
    assert "Only the witness, for want of a check on the catalog: needle-hit." in shown


def test_json_of_a_quick_look_has_a_key_for_what_it_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "verify", "gap-quadratic", "--quick")
    assert found["claims"][0]["verdict"] == "so far"
    assert found["left_out"]["gap-quadratic"]["instances"] == len(linear_names()) - 1
    assert found["left_out"]["gap-quadratic"]["mutation"] is True


@pytest.mark.parametrize("other", [["--explain"], ["--on", "two-arms"]])
def test_a_quick_look_goes_with_no_other_view(other: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "gap-quadratic", "--quick", *other]) == 2
    assert "leave" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------ progress


def test_progress_in_a_pipe_counts_claims_and_says_what_runs(capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    chosen = [registry()["needle-hit"], registry()["gap-quadratic"]]
    watch = Watch(chosen, 2, quick=True, quiet=False, clock=lambda: now)
    results = watch.reports(run_claims(registry, ["needle-hit", "gap-quadratic"], quick=True))
    next(results)
    watch.tick()
    now = EVERY
    watch.tick()
    watch.tick()
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("[1/2] needle-hit: so far (")
    assert second == "[1/2] running: gap-quadratic"

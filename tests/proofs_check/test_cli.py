"""The command line: what it prints, its exit codes, and one clear line for everything that goes wrong."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flint import fmpq

from proofs_check.claims import registry
from proofs_check.cli import ledger_table, main
from proofs_check.ledger import Registry, Verdict, run_claims
from reference import certification as module
from reference.catalog import linear_names, load, load_linear, tree_names
from reference.certificates import CoverageCertificate, SpannerCertificate, check, read_certificate
from reference.exact.plain import is_plain, plain
from tests.proofs_check.cli_output import TWO_ARMS, loaded, printed
from tests.proofs_check.ledger.telling import telling

# ------------------------------------------------------------------------------------------------- verify


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ledger of two claims: one with its witness as its only check, and one that nothing is run for."""
    claim = registry()["elliptic-potential"]
    assert claim.witness is not None
    claims = replace(claim, checks=(claim.witness,)), replace(registry()["fmr25-theorem-3-1"], depends=())
    monkeypatch.setattr("proofs_check.cli.verify.registry", lambda: Registry(claims))


@pytest.mark.usefixtures("small")
def test_a_claim_that_holds_exits_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "elliptic-potential", "--jobs", "1"]) == 0
    printed = capsys.readouterr()
    assert "elliptic-potential        holds" in printed.out
    assert "1 claim holds" in printed.out
    assert printed.err.startswith("[1/1] elliptic-potential: holds (")


def test_no_name_touches_its_verdict() -> None:
    assert max(len(claim.id) for claim in registry()) < ledger_table._CLAIM


@pytest.mark.parametrize("name", ["fmr25-theorem-2-1", "fmr25-theorem-3-1"])
def test_naming_a_claim_that_is_not_checked_exits_with_1(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", name]) == 1
    assert f"{name}: " in capsys.readouterr().out


def test_claims_that_are_not_checked_do_not_fail_the_run_of_a_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    claims = (registry()["elliptic-potential"], registry()["fmr25-theorem-3-1"])
    alone = tuple(replace(claim, depends=()) for claim in claims)
    monkeypatch.setattr("proofs_check.cli.verify.registry", lambda: Registry(alone))
    assert main(["verify", "--page", "spanner-sampling", "--jobs", "1"]) == 0
    assert "1 claim holds" in (out := capsys.readouterr().out)
    assert "1 on paper only" in out


def test_a_violated_claim_exits_with_1_and_shows_the_counterexample(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = registry()["elliptic-potential"]
    assert claim.mutation is not None
    false = replace(claim, checks=(claim.mutation.check,), depends=())
    monkeypatch.setattr("proofs_check.cli.verify.registry", lambda: Registry((false,)))
    assert main(["verify", "elliptic-potential", "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert "elliptic-potential        violated" in out
    assert "0 claims hold" in out
    assert "is false" in out


@pytest.mark.usefixtures("small")
def test_everything_about_one_claim(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "elliptic-potential", "--explain", "--jobs", "1"]) == 0
    out = capsys.readouterr().out
    for word in ("statement", "source", "check", "tightest", "witness", "mutation", "rejected at", "code", ".py:"):
        assert word in out


@pytest.mark.usefixtures("small")
def test_verify_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "verify", "elliptic-potential", "fmr25-theorem-3-1", "--jobs", "1", code=1)
    assert found["holds"] is False
    claims = found["claims"]
    assert isinstance(claims, list)
    assert [(c["id"], c["verdict"]) for c in claims] == [
        ("elliptic-potential", "holds"),
        ("fmr25-theorem-3-1", "paper only"),
    ]
    assert claims[0]["cases"] == sum(check["cases"] for check in claims[0]["checks"])
    assert claims[0]["mutation"]["violated"] >= 1


def test_solve_passes_its_answers_through_the_certificates_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["solve", "two-arms"]) == 0
    assert "\nchecked        pi*, C_cov(pi*) and the spanner, by reference.certificates\n" in capsys.readouterr().out


@pytest.mark.parametrize("name", linear_names())
def test_json_of_solve_has_certificates_that_pass(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    problem = load_linear(name)
    found = loaded(capsys, "solve", name)
    assert list(found["certificates"]) == ["optimum", "coverage", "spanner"]
    for kind, document in found["certificates"].items():
        assert document["kind"] == kind
        check(problem, read_certificate(problem, document))
    pairs = [[problem.index(p["prompt"]), p["response"], p["minus"]] for p in found["spanner"]["pairs"]]
    claimed = found["certificates"]["spanner"]["claim"]["pairs"]
    assert pairs == [[x, problem.responses(x)[y], problem.responses(x)[z]] for x, y, z in claimed]


def test_json_of_solve_has_theta_features_and_rewards(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "solve", "two-arms")
    assert found["theta"] == ["log(2)"]
    rows = found["prompts"][0]["responses"]
    assert [(row["name"], row["phi"], row["reward"]["exact"]) for row in rows] == [
        ("good", ["1"], "log(2)"),
        ("bad", ["0"], "0"),
    ]


@pytest.mark.parametrize(
    ("maker", "wrong", "message"),
    [
        (
            "_spanner",
            SpannerCertificate((), fmpq(2), fmpq(0), ()),
            "vector 1: the combination of the chosen ones misses",
        ),
        ("_coverage", CoverageCertificate(fmpq(2), 0, 0), "prompt 0, response 0: the coverage is not attained there"),
    ],
)
def test_a_wrong_answer_is_not_printed(
    maker: str, wrong: object, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, maker, lambda *_: wrong)
    assert main(["solve", "two-arms"]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert f"CertificateError: {message}" in err


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "elliptic-potential", "fmr25-theorem-3-1", "--jobs", "1"],
        ["verify", "elliptic-potential", "--explain", "--jobs", "1"],
        ["solve", "two-arms-exp"],
        ["solve", "smollm2-facts"],
        ["catalog"],
        ["catalog", "smollm2-facts"],
        TWO_ARMS,
        [*TWO_ARMS, "--param", "n_prompt=1", "--law"],
    ],
)
def test_no_line_is_wider_than_the_terminal(
    width: int, arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    main(arguments)
    assert max(map(len, capsys.readouterr().out.splitlines())) <= width


# -------------------------------------------------------------------------------------------------- solve


def test_solving_the_smallest_instance_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "solve", "catalog:two-arms", "--digits", "3")
    # pi* = (2/3, 1/3) against a fair coin, r = (log 2, 0), beta = 1: Z = 3/2
    assert found["optimal_value"] == {
        "exact": "-log(2) + log(3)", "decimal": "0.405", "lower": "0.405", "upper": "0.406",
    }  # fmt: skip
    assert found["coverage"] == {"exact": "4/3", "decimal": "1.33", "lower": "1.33", "upper": "1.34"}
    prompts = found["prompts"]
    assert isinstance(prompts, list)
    assert [(r["name"], r["pi_star"]["exact"], r["weight"]) for r in prompts[0]["responses"]] == [
        ("good", "2/3", "1"),
        ("bad", "1/3", "1/2"),
    ]


def test_responses_of_base_mass_zero_have_no_probability(capsys: pytest.CaptureFixture[str]) -> None:
    prompts = loaded(capsys, "solve", "zero-base-mass")["prompts"]
    assert isinstance(prompts, list)
    zero = [r for r in prompts[0]["responses"] if r["pi_ref"] == "0"]
    assert zero
    assert all(r["pi_star"] == {"exact": "0", "decimal": "0", "lower": "0", "upper": "0"} for r in zero)


def test_every_shipped_instance_is_solved(capsys: pytest.CaptureFixture[str]) -> None:
    for name in linear_names():
        assert main(["solve", f"catalog:{name}"]) == 0
        assert "C_cov(pi*)" in capsys.readouterr().out


# ------------------------------------------------------------------------------------------------ catalog


def test_the_catalog_and_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalog"]) == 0
    assert "smollm2-facts" in capsys.readouterr().out
    (found,) = loaded(capsys, "catalog", "two-arms")["instances"]
    assert found["kind"] == "log-rational: pi* is rational"
    assert main(["schema"]) == 0
    assert "$schema" in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_the_catalog_shows_each_title_at_any_width(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = printed(capsys, monkeypatch, width, ["catalog"])
    words = sorted(out.split())
    for about in (*(load_linear(name).about for name in linear_names()), *(load(name).about for name in tree_names())):
        assert not {word for word in about.title.split() if word not in words}
    assert ("Their sources: spanner catalog NAME, or --json." in " ".join(out.split())) == (width < 100)
    if width >= 100:
        assert "SmolLM2-135M-Instruct" in words


# -------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["verify", "needle-minmax"], "did you mean 'needle-minimax'?"),
        (["verify", "--section", "12"], "no section 12; the ledger had sections 3 to 9, now pages: use --page"),
        (["verify", "--page", "lower-bond"], "no page 'lower-bond'; did you mean 'lower-bound'?"),
        (["verify", "--page", "x"], "the pages are objective, rejection, lower-bound"),
        (["verify", "--page", "proper", "--section", "7"], "--section is the former name of --page"),
        (["verify", "--jobs", "0"], "--jobs"),
        (["catalog", "two-arm"], "did you mean 'two-arms'?"),
        (["solve", "no-such-file.json"], "no such file"),
        (["solve", "two-arms", "--digits", "0"], "--digits"),
        (["solve"], "Missing argument"),
        (["run", "spanner-samplin", "two-arms"], "did you mean 'spanner-sampling'?"),
        (["run", "spanner-samplin"], "did you mean 'spanner-sampling'?"),
        (["run", "passive", "--param", "n=1"], "on what? name an instance"),
        (["run", "mtss", "--law"], "on what? name an instance"),
        (["run", "passive", "two-arms", "--param", "n"], "write KEY=VALUE"),
        (["run", "passive", "two-arms", "--param", "m=1"], "no such parameter"),
        (["run", "spanner-sampling", "two-arms", "--param", "n_promt=3"], "did you mean 'n_prompt'?"),
        (["run", "passive", "two-arms", "--param", "n=1", "--param", "n=2"], "--param n: given twice"),
        (["run", "passive", "two-arms", "--param", "=3"], "write KEY=VALUE"),
        (["run", "passive", "two-arms", "--param", "n=1/2"], "needs an integer"),
        (["run", "passive", "two-arms", "--param", "n=x"], "not an exact number"),
        (["run", "passive", "two-arms", "--param", "n=-1"], "cannot be negative"),
        (["run", "passive", "two-arms", "--param", "mode=both"], "write ridge or span"),
        (["run", "rejection", "two-arms", "--param", "M=0"], "M = 0: rejection needs a cap M > 0"),
        (["run", "best-of-n", "two-arms", "--param", "n=0"], "the best of n draws needs n >= 1"),
        (["run", "softmax-sampler", "two-arms", "--param", "x=7"], "no such prompt; give 0 to 0, or a name: x"),
        (["run", "barycentric-spanner", "two-arms", "--param", "C=1"], "needs C > 1"),
        (["bogus"], "No such command"),
    ],
)
def test_bad_usage_is_one_clear_line_and_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert message in printed.err
    assert printed.err.startswith("spanner: ")
    assert printed.err.count("\n") == 1


def test_a_malformed_file_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"format": "spanner-reference/problem", "version": 1, "beta": 0.5}', encoding="utf-8")
    assert main(["solve", str(path)]) == 2
    printed = capsys.readouterr().err
    assert str(path) in printed
    assert printed.count("\n") == 1


def test_an_unforeseen_error_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        msg = "oops\nagain"
        raise RuntimeError(msg)

    monkeypatch.setattr("proofs_check.cli.solve.certified_solution", broken)
    assert main(["solve", "two-arms"]) == 2
    assert capsys.readouterr().err == (
        "spanner: internal error: RuntimeError: oops again (SPANNER_TRACEBACK=1 shows where)\n"
    )


def test_the_installed_command() -> None:
    code = "import sys; from proofs_check.cli import main; sys.argv = ['spanner', 'catalog']; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "two-arms" in done.stdout


def test_definitions_only_is_said_and_is_in_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "gap-quadratic", "--quick", "--plain"]) == 0
    assert "Definitions only: no quick form was used." in " ".join(capsys.readouterr().out.split())
    assert main(["verify", "gap-quadratic", "--quick", "--json", "--plain"]) == 0
    assert json.loads(capsys.readouterr().out)["plain"] is True
    assert main(["verify", "gap-quadratic", "--quick", "--json"]) == 0
    assert "plain" not in json.loads(capsys.readouterr().out)
    assert not is_plain()


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_process_runs_definitions_if_it_is_asked_to(jobs: int) -> None:
    with plain():
        reports = [report for *_, report in run_claims(telling, ["one", "two"], jobs) if report is not None]
    assert [report.verdict for report in reports] == [Verdict.HOLDS] * 2
    reports = [report for *_, report in run_claims(telling, ["one", "two"], jobs) if report is not None]
    assert [report.verdict for report in reports] == [Verdict.VIOLATED] * 2


def test_the_name_of_a_group_stands_for_its_claims(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "mtss-rounding", "--list"]) == 0
    listed = capsys.readouterr().out
    assert "mtss-rounded-fit" in listed
    assert "mtss-rounded-gap" in listed
    assert "mtss-exact" not in listed

"""``spanner run spanner-sampling --theory EPS,DELTA``: the inputs, their sources, and whether the promise was kept."""

from dataclasses import replace
from functools import partial
from typing import Literal

import pytest
from flint import fmpq

from proofs_check.claims import registry
from proofs_check.cli import main, theory
from proofs_check.cli.output import UserError
from proofs_check.cli.theory import WhetherKept, in_theory
from reference.algorithms import theory_parameters
from reference.catalog import load_linear
from reference.exact.law import Law
from reference.laws import Chance, chance_within
from tests.proofs_check.cli_output import loaded

RUN = ("run", "spanner-sampling", "two-arms", "--theory", "1/20,1/8")


def test_the_inputs_come_with_sources_and_the_promise_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """two-arms: C = 4/3 and h = 7 eps/(16 C) = 21/1280; a prompt shows the pair with 1/2, and 1 - 2^-126 is exact."""
    found = loaded(capsys, *RUN)
    asked, parameters = found["theory"], found["parameters"]
    expected = theory_parameters("1/20", "1/8", beta=1, R_max=1, B=1, dimension=1, coverage="4/3")
    assert {one["name"]: one["value"] for one in asked["settings"]} == {
        key: text for key, text in parameters.items() if key != "mode"
    }
    assert (parameters["n_prompt"], parameters["M"], asked["coverage"]) == ("126", "16/3", "4/3")
    assert all(one["formula"] and one["source"] for one in asked["settings"] + asked["quantities"])
    assert [(one["name"], one["value"]) for one in asked["quantities"]] == [("h", "21/1280"), ("n_max", "1")]
    assert (asked["T_data"], asked["T_comp"]) == (expected.t_data, expected.t_comp)
    assert found["meter"]["T_comp"] <= asked["T_comp"]
    kept = asked["kept"]
    assert (kept["holds"], kept["how"], kept["runs"]) == (True, "exact law", 0)
    assert kept["least"] == kept["most"]
    assert kept["least"]["exact"] == f"{2**126 - 1}/{2**126}"
    assert kept["base_gap"]["exact"] == "-3/2*log(2) + log(3)"


@pytest.mark.parametrize("mode", ["span", "ridge"])
def test_sources_are_claims_that_are_checked(mode: Literal["span", "ridge"]) -> None:
    found = theory_parameters("1/20", "1/8", beta=1, R_max=1, B=1, dimension=1, coverage="4/3", mode=mode)
    named = {
        one.source.removeprefix("ours, ") for one in found.settings + found.quantities if one.source.startswith("ours")
    }
    assert len(named) > 3
    assert all(registry()[name].checks for name in named)


def test_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    assert main(list(RUN)) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "n_prompt 126 the least N with P(Bin(N, h) < n_max) <= DELTA ours, spanner-coverage-tail" in text
    assert "promised: gap at most 1/20 with probability at least 7/8, for noiseless rewards; T_data <= 4" in text
    assert "kept P(gap <= 1/20) = ≈1.00000, 7/8 promised: exact law over all runs, SoftmaxSampler included" in text
    assert "gap(pi_ref) -3/2*log(2) + log(3) ≈0.0588915 > 1/20" in text


def test_where_pi_ref_would_do_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*RUN[:-1], "1/4,1/8", "--param", "mode=ridge"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "0.0588915 <= 1/4: pi_ref would do, too" in text
    assert "mode ridge span unless given" in text


def test_an_interval_where_the_law_is_large(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """160 of 160 runs are good: (917/1000)^160 <= 10^-6 < (918/1000)^160."""
    monkeypatch.setattr(theory, "chance_within", partial(chance_within, max_steps=0))
    assert main(list(RUN)) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "kept 917/1000 = 0.917 <= P(gap <= 1/20) <= 1, 7/8 promised: certified interval, from 160 runs" in text


@pytest.mark.parametrize(
    ("chance", "holds", "word"),
    [
        (Chance(fmpq(7, 8), fmpq(7, 8)), True, "kept"),
        (Chance(fmpq(3, 4), fmpq(13, 16)), False, "not kept"),
        (Chance(fmpq(3, 4), fmpq(1), 5), None, "undecided"),
    ],
)
def test_each_verdict(chance: Chance, holds: bool | None, word: str) -> None:  # noqa: FBT001 - a verdict
    asked = in_theory(load_linear("two-arms"), "1/20,1/8", [])
    kept = replace(asked.kept(), chance=chance)
    assert isinstance(kept, WhetherKept)
    assert (kept.holds, kept.lines()[0][0]) == (holds, word)
    assert ("SoftmaxSampler's is too large" in kept.lines()[0][1]) == (chance == Chance(fmpq(3, 4), fmpq(13, 16)))


def test_what_takes_longer_than_a_minute_is_printed_and_not_started(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(theory, "PER_MINUTE", 807)
    assert main(list(RUN)) == 2
    out, err = capsys.readouterr()
    assert "the least N with" in out
    assert "reward" not in out.replace("noiseless rewards", "")
    assert err == (
        "spanner: --theory 1/20,1/8: T_comp is up to 808 (n_prompt = 126, N = 138 draws), "
        "more than the 807 of a minute; not started: --force starts it\n"
    )
    assert loaded(capsys, *RUN, "--force")["meter"]["T_comp"] > 0
    found = loaded(capsys, *RUN, code=2)
    assert "T_comp is up to 808" in found["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("two-arms", "--theory", "1/2"), "--theory 1/2: write EPS,DELTA, such as 1/2,1/4"),
        (("two-arms", "--theory", "1/2,x"), "--theory 1/2,x: "),
        (("two-arms", "--theory", "0,1/2"), "--theory 0,1/2: eps = 0: must be positive"),
        (("two-arms", "--theory", "-1,1/2"), "--theory -1,1/2: eps = -1: must be positive"),
        (("two-arms", "--theory", "1/4,0"), "--theory 1/4,0: delta = 0: must be positive"),
        (("two-arms", "--theory", "1/4,1"), "--theory 1/4,1: delta = 1: must be below 1"),
        (("two-arms", "--theory", "1,1/2", "--param", "M=3"), "it decides M, too; give only --param mode"),
        (
            ("two-arms", "--theory", "1,1/2", "--param", "noise=1"),
            "noiseless rewards; leave --param noise out",
        ),
        (("two-arms", "--force"), "--force: less than a minute is needed; leave it out"),
        (("--theory", "1,1/2"), "on what? name an instance"),
        (("--force",), "on what? name an instance"),
    ],
)
def test_bad_input_is_one_line(arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "spanner-sampling", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_only_spanner_sampling_and_only_without_noise(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "xpo", "two-arms", "--theory", "1,1/2"]) == 2
    assert "--theory 1,1/2: theory gives the inputs of spanner-sampling only" in capsys.readouterr().err
    noisy = replace(load_linear("two-arms"), noise=Law.uniform([fmpq(1), fmpq(-1)]))
    with pytest.raises(UserError, match="it is for noiseless rewards, and those of 'two-arms' have noise"):
        in_theory(noisy, "1/4,1/8", [])

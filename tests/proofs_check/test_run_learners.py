"""``spanner run`` for training-time methods: laws by hand on two-arms, transcripts, and one clear line for bad input.

two-arms: ``pi_ref = (1/2, 1/2)``, ``phi = 1`` for good and 0 for bad, ``theta* = log 2``, ``beta = B = 1``.
"""

import re
from typing import Any

import pytest
from flint import fmpq

from proofs_check.cli import main
from reference.algorithms.parts import fits
from reference.algorithms.parts.newton import LogisticMinimiser
from reference.exact import Undecided
from tests.proofs_check.cli_output import loaded

NAMES = ("online-dpo", "xpo", "brute-force")


def law(capsys: pytest.CaptureFixture[str], name: str, *params: str) -> dict[str, str]:
    """Return the probability of each returned theta."""
    flags = [flag for param in params for flag in ("--param", param)]
    outcomes = loaded(capsys, "run", name, "two-arms", *flags, "--law")["outcomes"]
    assert isinstance(outcomes, list)
    return {theta_of(outcome["answer"]): outcome["probability"]["exact"] for outcome in outcomes}


def theta_of(answer: dict[str, Any]) -> str:
    return f"({', '.join(entry['exact'] or entry['decimal'] for entry in answer['theta'])})"


@pytest.mark.parametrize(
    ("name", "params", "expected"),
    [
        # A pair is telling with 1/2; then minimal norm finds log 2, ridge 1 half of it.
        ("online-dpo", ("T=1", "ridge=0"), {"(0)": "1/2", "(log(2))": "1/2"}),
        ("online-dpo", ("T=1",), {"(0)": "1/2", "(1/2*log(2))": "1/2"}),
        # U is 1/2 for all: 0 is played; told with 1/2.
        ("brute-force", ("T=1",), {"(0)": "1/2", "(log(2))": "1/2"}),
        ("brute-force", ("T=0",), {"(0)": "1"}),
        # (good, good), 1/4, tells nothing, and the bonus goes as far from good as Theta allows; else log 2.
        ("xpo", ("T=1",), {"(log(2))": "3/4", "(-log(2))": "1/4"}),
        ("xpo", ("T=1", "alpha=0"), {"(0)": "1/2", "(log(2))": "1/2"}),
        ("xpo", ("T=1", "Theta=vertices"), {"(log(2))": "3/4", "(-log(2))": "1/4"}),
        # Good beats bad with 2/3: of a telling pair, 1/2.
        ("xpo", ("T=1", "alpha=0", "feedback=preferences"), {"(0)": "1/2", "(log(2))": "1/3", "(-log(2))": "1/6"}),
    ],
)
def test_laws_by_hand(
    name: str, params: tuple[str, ...], expected: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert law(capsys, name, *params) == expected


def test_preferences_of_online_dpo_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    """Newton's parameter after a win is the negative of the one after a loss; 0 if nothing was told."""
    found = law(capsys, "online-dpo", "T=1", "feedback=preferences")
    assert sorted(found.values()) == ["1/2", "1/3", "1/6"]
    assert found["(0)"] == "1/2"
    won = next(theta for theta, mass in found.items() if mass == "1/3")
    assert found[f"(-{won[1:]}"] == "1/6"


def test_the_minimiser_of_preferences_is_checked_and_said_to_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["run", "online-dpo", "two-arms", "--param", "T=1", "--param", "feedback=preferences"]
    assert main(run) == 0
    said = "minimiser of each fit within 2^-64, before it is projected: checked by reference.certificates"
    assert said in " ".join(capsys.readouterr().out.split())
    wrong = LogisticMinimiser((fmpq(3),), fmpq(1, 1 << 64))
    monkeypatch.setattr(fits, "logistic_newton", lambda *_: wrong)
    assert main(run) == 2
    assert "the gradient is not shown to be at most" in capsys.readouterr().err


def test_the_size_of_a_ridge_spanner_is_checked_and_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    flags = [flag for text in ("mode=ridge", "lambda=1/4", "delta=1") for flag in ("--param", text)]
    assert main(["run", "spanner-sampling", "two-arms", *flags]) == 0
    said = "1 difference, within the bound of spanner-size: checked by reference.certificates"
    assert said in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", NAMES)
def test_the_meter_and_the_transcript(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "run", name, "two-arms", "--param", "T=1", "--seed", "3")
    meter, transcript = found["meter"], found["transcript"]
    assert isinstance(meter, dict)
    assert isinstance(transcript, list)
    assert (meter["T_data"], meter["prompts"], meter["weak"], meter["strong"]) == (2, 1, 2, 0)
    assert meter["T_comp"] == 3  # one for a draw from the returned policy
    assert [event["oracle"] for event in transcript] == ["prompt", "weak", "weak", "reward", "reward"]
    assert found["queries_per_draw"] == 1


def test_a_strong_query_shows_its_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "run", "xpo", "two-arms", "--seed", "3")
    transcript = found["transcript"]
    assert isinstance(transcript, list)
    strong = [event for event in transcript if event["oracle"] == "strong"]
    assert strong
    for event in strong:
        assert (event["prompt"], [entry["exact"] for entry in event["theta"]]) == ("x", ["-log(2)"])
        assert event["response"] in {"good", "bad"}
    assert main(["run", "xpo", "two-arms", "--seed", "3"]) == 0
    assert re.search(r"strong  x: (good|bad), theta = \(-log\(2\)\)\n", capsys.readouterr().out)


@pytest.mark.parametrize("name", NAMES)
def test_it_prints_for_people(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", name, "two-arms"]) == 0
    out = capsys.readouterr().out
    assert "T = 2" in out
    assert "gap" in out


@pytest.mark.parametrize(
    ("name", "param", "message"),
    [
        ("online-dpo", "T=-1", "--param T=-1: the number of rounds cannot be negative"),
        ("xpo", "T=1/2", "--param T=1/2: needs an integer"),
        ("brute-force", "T=two", "--param T: "),
        ("online-dpo", "feedback=reward", "--param feedback=reward: unknown; did you mean 'rewards'?"),
        ("xpo", "feedback=7", "--param feedback=7: unknown; write rewards or preferences"),
        ("xpo", "alpha=-1", "--param alpha=-1: needs alpha >= 0"),
        ("xpo", "Theta=vertex", "--param Theta=vertex: unknown; did you mean 'vertices'?"),
        ("online-dpo", "ridge=-1", "--param ridge=-1: needs ridge >= 0"),
        ("brute-force", "alpha=1", "--param alpha: no such parameter; there are T, Theta"),
    ],
)
def test_one_clear_line(name: str, param: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", name, "two-arms", "--param", param]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"spanner: {message}")
    assert error.count("\n") == 1


def test_preferences_need_a_ridge(capsys: pytest.CaptureFixture[str]) -> None:
    params = ["--param", "feedback=preferences", "--param", "ridge=0"]
    assert main(["run", "online-dpo", "two-arms", *params]) == 2
    assert capsys.readouterr().err == "spanner: --param ridge=0: preferences need a ridge above 0\n"


def test_too_many_vertices(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proofs_check.cli.proper_algorithms.MOST_VERTICES_DIMENSION", 3)
    assert main(["run", "xpo", "needle-1024", "--param", "Theta=vertices"]) == 2
    assert "2^4 are too many; write Theta=star" in capsys.readouterr().err


def test_undecided_exits_with_1(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(*_: object) -> None:
        what = "the order of two losses"
        raise Undecided(what)

    monkeypatch.setattr("proofs_check.cli.proper_algorithms.XPO", undecided)
    assert main(["run", "xpo", "two-arms"]) == 1
    error = capsys.readouterr().err
    assert "the order of two losses" in error
    assert error.count("\n") == 1

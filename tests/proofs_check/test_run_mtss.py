"""``spanner run mtss``: what it accepts and costs, its law, and one line where it cannot run."""

from pathlib import Path

import pytest

from proofs_check.cli import main
from reference.catalog import dump, load
from tests.proofs_check.cli_output import loaded


def test_a_run_of_mtss_says_what_it_accepted_and_what_it_cost(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "run", "mtss", "clean-sweep", "--seed", "1")
    first, second = found["answer"]["layers"]
    assert [entry["exact"] for entry in first["theta"]] == ["log(2)"]
    assert second["Psi"] == [{"prefix": ["1"], "token": "0", "minus": "1", "phi": ["-1"]}]
    assert found["answer"]["gap"]["exact"] == "0"
    meter = found["meter"]
    assert meter["T_data"] == meter["reward"] == 5  # three passes: 0, 1 and 4 roll-outs, the second cut by a pair
    assert meter["T_comp"] == sum(meter["weak"]) + sum(meter["listed"]) + 2 * 2  # a draw: two tokens listed, twice
    assert meter["weak"] == [0, 0]
    # The listings of the transcript are the meter's, layer by layer
    listed = [entry for entry in found["transcript"] if entry["oracle"] == "listing"]
    counts = [sum(entry["tokens"] for entry in listed if len(entry["prefix"]) == h) for h in (0, 1)]
    assert counts == meter["listed"]


def test_by_draws_the_transcript_shows_each(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "run", "mtss", "clean-sweep", "--seed", "1", "--param", "look=draws")
    drawn = [entry["prefix"] for entry in found["transcript"] if entry["oracle"] == "weak"]
    assert [sum(len(prefix) == h for prefix in drawn) for h in (0, 1)] == found["meter"]["weak"]


@pytest.mark.parametrize("look", [[], ["--param", "look=draws", "--param", "n_pair=8"]])
def test_mtss_learns_the_needle_path(look: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "needle-path.json"
    path.write_text(dump(load("needle-path-8")), encoding="utf-8")
    for seed in ("1", "7", "20"):
        found = loaded(capsys, "run", "mtss", str(path), "--param", "n_roll=8", *look, "--seed", seed)
        assert found["answer"]["gap"]["exact"] == "0"
        assert found["parameters"]["look"] == ("draws" if look else "listed")


def test_the_law_of_mtss_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    draws = [argument for text in ("n_roll=1", "n_pair=1", "look=draws") for argument in ("--param", text)]
    found = loaded(capsys, "run", "mtss", "clean-sweep", "--law", *draws)
    # Nothing is accepted if the root's pair agrees, and that of (1), where half of the roll-ins go: 1/2 (1 + 197/225)/2
    nothing = [o for o in found["outcomes"] if o["answer"]["passes"] == 1]
    assert [o["probability"]["exact"] for o in nothing] == ["211/450"]
    assert nothing[0]["T_data"] == 0


def test_the_law_of_mtss_by_listing_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    """The root's pair, then that of (1), where the second roll-out stands after a reward; four more rewards."""
    found = loaded(capsys, "run", "mtss", "clean-sweep", "--law", "--param", "n_roll=1")
    outcomes = {(o["probability"]["exact"], o["T_data"], o["answer"]["gap"]["exact"]) for o in found["outcomes"]}
    assert outcomes == {("1", 5, "0")}


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("mts", "clean-sweep"), "unknown algorithm 'mts'; did you mean 'mtss'?"),
        (("mtss", "clean-sweep", "--param", "sampler=x"), "--param sampler=x: write listed or rejection"),
        (("mtss", "clean-sweep", "--param", "look=listing"), "--param look=listing: write listed or draws"),
        (("mtss", "clean-sweep", "--param", "n_out=0"), "n_out = 0: MTSS needs at least 1"),
        (("mtss", "clean-sweep", "--param", "n_roll=0"), "n_roll = 0: MTSS needs at least 1"),
        (("mtss", "clean-sweep", "--param", "n_tok=1/2"), "--param n_tok=1/2: needs an integer"),
        (("mtss", "clean-sweep", "--param", "mode=both"), "--param mode=both: write ridge or span"),
    ],
)  # fmt: skip
def test_one_line_where_mtss_cannot_run(
    arguments: tuple[str, ...], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *arguments]) == 2
    assert capsys.readouterr().err == f"spanner: {line}\n"


def test_mtss_runs_on_a_linear_problem_whose_responses_are_one_token(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "run", "mtss", "two-arms", "--seed", "1")
    assert [entry["exact"] for entry in found["answer"]["layers"][0]["theta"]] == ["log(2)"]
    assert found["answer"]["gap"]["exact"] == "0"


def test_a_law_of_hours_is_not_started(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "mtss", "needle-path-8", "--law"]) == 2
    line = "--param n_roll=4: the exact law of so long a run takes longer than a minute; not started: take a smaller "
    assert capsys.readouterr().err == f"spanner: {line}instance or smaller parameters, --force starts it\n"

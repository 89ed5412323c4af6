"""``spanner run --param noise=..``: the law of the error of a reward, by a number or by a file."""

import json
from pathlib import Path

import pytest
from flint import fmpq

from proofs_check.cli import main
from reference.catalog.noise2 import read_noise
from reference.exact.law import Law
from tests.proofs_check.cli_output import loaded

TWO_ARMS = ("run", "passive", "two-arms", "--param", "n=1")


def entries(*pairs: tuple[str, str]) -> str:
    return json.dumps({"noise": [{"value": value, "mass": mass} for value, mass in pairs]})


SKEW = entries(("1", "2/3"), ("-2", "1/3"))


def observed(capsys: pytest.CaptureFixture[str], noise: str, seeds: int) -> set[str]:
    """The errors of rewards in runs from seeds."""
    found = set()
    for seed in range(seeds):
        document = loaded(capsys, *TWO_ARMS, "--param", f"noise={noise}", "--seed", str(seed))
        for event in document["transcript"]:
            if event["oracle"] == "reward":
                exact = event["value"]["exact"]
                found.add(exact.replace(" + log(2)", "").replace("log(2)", "0"))
    return found


@pytest.mark.parametrize(
    ("noise", "errors"), [("1/4", {"1/4", "-1/4"}), ("-1/4", {"1/4", "-1/4"}), ("0", {"0"}), ("", {"0"})]
)
def test_two_points_or_none(noise: str, errors: set[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert observed(capsys, noise, 6) == errors


def test_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "noise.json"
    path.write_text(SKEW)
    assert read_noise(path) == Law.of([(fmpq(1), fmpq(2, 3)), (fmpq(-2), fmpq(1, 3))])
    assert observed(capsys, str(path), 8) == {"1", "-2"}


def test_the_exact_law_of_a_noisy_run(capsys: pytest.CaptureFixture[str]) -> None:
    """With probability 1/2 the responses differ; the difference of two errors of 1/4 is 1/2, 0 or -1/2."""
    found = loaded(capsys, *TWO_ARMS, "--param", "noise=1/4", "--law")
    assert found["parameters"]["noise"] == "1/4"
    chances = {one["answer"]["theta"][0]["exact"]: one["probability"]["exact"] for one in found["outcomes"]}
    assert chances == {"0": "1/2", "log(2)": "1/4", "1/2 + log(2)": "1/8", "-1/2 + log(2)": "1/8"}


def test_unless_given_it_is_that_of_the_instance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    responses = [{"name": name, "pi_ref": "1/2", "phi": [phi]} for name, phi in (("a", "0"), ("b", "1"))]
    path = tmp_path / "coin.json"
    path.write_text(
        json.dumps(
            {
                "format": "spanner-reference/problem", "version": 2, "name": "coin", "beta": "1",
                "bounds": {"R_max": "1", "B": "1"}, "theta": ["1"],
                "prompts": [{"name": "x", "rho": "1", "responses": responses}],
                **json.loads(entries(("5", "1/2"), ("-5", "1/2"))),
            }
        )
    )  # fmt: skip
    values = {"0": {"-5", "5", "-4", "6"}, "noise=0": {"0", "1"}}
    for given, expected in values.items():
        flags = ["--param", given] if "=" in given else []
        found = loaded(capsys, "run", "passive", str(path), *flags)
        assert {e["value"]["exact"] for e in found["transcript"] if e["oracle"] == "reward"} <= expected
        assert ("noise" in found["parameters"]) == bool(flags)
    assert main(["run", "spanner-sampling", str(path), "--theory", "1/4,1/8"]) == 2
    assert "it is for noiseless rewards, and those of 'coin' have noise" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (entries(("1", "2/3"), ("-2", "1/6")), "mass masses sum to 5/6, 1/6 too little; they must sum to exactly 1"),
        (
            entries(("1", "2/3"), ("-1", "1/3")),
            "the noise has mean 1/3; subtract it from every value, so that the mean",
        ),
        (entries(("1", "0")), "noise[0].mass: 0 is not positive"),
        (entries(("0", "1/2"), ("0", "1/2")), "noise[1].value: 0 stands at noise[0] already"),
        (entries(), "noise: the list is empty; at least one is needed"),
        ("[]", "expected an object, found a list"),
        ("{", "not JSON"),
    ],
)
def test_what_is_no_noise_is_one_line(text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "noise.json"
    path.write_text(text)
    assert main([*TWO_ARMS, "--param", f"noise={path}"]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"spanner: --param noise: {path}: ")
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("algorithm", "noise", "said"),
    [
        ("passive", "nothing", "nothing: neither a number nor a file; write 1/4, or the path of a file"),
        ("passive", ".", "is a directory"),
        ("rejection", "1/4", "--param noise: no such parameter; there are x, M, N"),
    ],
)
def test_where_there_is_no_file(algorithm: str, noise: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", algorithm, "two-arms", "--param", f"noise={noise}"]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("algorithm", ["spanner-sampling", "enumerating", "online-dpo", "xpo", "brute-force", "mtss"])
def test_every_algorithm_that_queries_rewards_takes_it(algorithm: str, capsys: pytest.CaptureFixture[str]) -> None:
    smaller = ("--param", "delta=1", "--param", "M=1") if algorithm == "spanner-sampling" else ()
    events = loaded(capsys, "run", algorithm, "two-arms", *smaller, "--param", "noise=100")["transcript"]
    values = [event["value"]["exact"] for event in events if event["oracle"] == "reward"]
    assert values
    assert all("100" in value for value in values)

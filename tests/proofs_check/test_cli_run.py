"""``spanner run``: one run, its exact law, and the defaults of every algorithm."""

from pathlib import Path

import pytest
from flint import fmpq

from proofs_check.cli import main, run
from proofs_check.cli.access import TOKENS, event_json
from proofs_check.cli.algorithms import ALGORITHMS
from reference.algorithms import SpanCover, SpannerPolicy
from reference.catalog import dump, load_linear
from reference.exact import log, rational
from reference.exact.linalg import Vector
from reference.laws import truncated_values
from reference.model import LinearProblem, Prompt, Response, TabularPolicy, Tilt, coverage, optimum
from tests.proofs_check.cli_output import TWO_ARMS, loaded


def test_a_run_repeats_itself_and_depends_on_the_seed(capsys: pytest.CaptureFixture[str]) -> None:
    first = loaded(capsys, *TWO_ARMS, "--seed", "3")
    assert first == loaded(capsys, *TWO_ARMS, "--seed", "3")
    assert first["transcript"] != loaded(capsys, *TWO_ARMS, "--seed", "4")["transcript"]


def test_the_meter_agrees_with_the_transcript(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, *TWO_ARMS)
    transcript, meter = found["transcript"], found["meter"]
    assert isinstance(transcript, list)
    assert isinstance(meter, dict)
    for oracle in ("weak", "strong", "reward"):
        assert meter[oracle] == sum(query["oracle"] == oracle for query in transcript)
    assert meter["T_data"] == meter["reward"]
    assert meter["T_comp"] == meter["weak"] + found["queries_per_draw"]


@pytest.mark.parametrize(
    "name",
    ["spanner-sampling", "softmax-sampler", "rejection", "best-of-n", "passive", "enumerating", "barycentric-spanner"],
)
def test_every_algorithm_runs_with_its_defaults(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", name, "two-arms"]) == 0
    assert "T_data" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "times", "M"),
    [("spanner-sampling", "4 ", "6"), ("softmax-sampler", "2 ", "3"), ("rejection", "", "2")],  # C_cov(pi*) = 4/3
)
def test_the_default_of_M_is_as_many_times_the_coverage_as_its_text_says(
    name: str, times: str, M: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", name]) == 0
    assert f" M; {times}C_cov(pi*), rounded up, unless given" in capsys.readouterr().out
    assert used_M(capsys, name, "two-arms") == M


def test_the_default_of_M_covers_a_truncated_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two rare responses share pi*.  Where one of them is not covered, pi_f gives nearly all to the other.

    Base weights .98, 10^4, 10^4, so C_cov(pi*) = 10^6/20000.98, and 10^6/10000.99 without one of them.
    """
    rare = [Response.of("b", "1/100", [1, 0]), Response.of("c", "1/100", [0, 1])]
    arms = [Response.of("a", "98/100", [0, 0]), *rare]
    problem = LinearProblem.of("shared", [Prompt.of("x", arms)], theta=["6*log(10)"] * 2, beta=1, B=20, R_max=14)
    half = SpannerPolicy(SpanCover.empty(2).with_vector(Vector.of([1, 0])), (problem.theta,), fmpq(1), 1, ())
    f = truncated_values(problem, half, problem.theta, 0, 0)
    assert f == dict(enumerate((log(1), problem.theta[0], log(1))))
    assert optimum(problem).law(0).probability({0, 1}.__contains__) >= fmpq(1, 2)
    target = TabularPolicy(problem, [Tilt(problem.pi_ref(0), tuple(f[y] for y in range(3)), problem.beta).law()])
    enough = coverage(problem, target) * 2
    assert enough > 199
    assert coverage(problem, optimum(problem)) * 2 < 100  # so that does not do

    (path := tmp_path / "shared.json").write_text(dump(problem), encoding="utf-8")
    assert rational(used_M(capsys, "spanner-sampling", str(path))) >= enough
    assert used_M(capsys, "softmax-sampler", str(path)) == "100"


def used_M(capsys: pytest.CaptureFixture[str], name: str, source: str) -> str:
    """Return the ``M`` of a run with defaults."""
    used = loaded(capsys, "run", name, source)["parameters"]
    assert isinstance(used, dict)
    return str(used["M"])


def test_a_cap_below_the_coverage_says_what_it_cuts_off(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "rejection", "two-arms", "--param", "M=1"]) == 0
    assert "cut off   1/6 ≈0.166667: M < C_cov(pi*; x)" in capsys.readouterr().out
    assert main(["run", "rejection", "two-arms", "--param", "M=4/3"]) == 0
    assert "cut off" not in capsys.readouterr().out
    assert loaded(capsys, "run", "rejection", "two-arms", "--param", "M=1")["answer"]["cut"]["exact"] == "1/6"


def test_the_law_of_rejection_is_the_law_of_rejection(capsys: pytest.CaptureFixture[str]) -> None:
    found = loaded(capsys, "run", "rejection", "two-arms", "--param", "N=2", "--param", "M=2", "--law")
    outcomes = found["outcomes"]
    assert isinstance(outcomes, list)
    # all fail: (1 - 1/2)^2; else pi* = (2/3, 1/3)
    assert {o["answer"]["response"]: o["probability"]["exact"] for o in outcomes} == {
        "good": "1/2",
        "bad": "1/4",
        None: "1/4",
    }


def test_a_law_with_too_many_steps_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proofs_check.cli.run._MOST_STEPS", 10)
    assert main([*TWO_ARMS, "--law"]) == 2
    assert capsys.readouterr().err == (
        "spanner: spanner run spanner-sampling --law: more than 10 steps to enumerate, or too deep; take a smaller "
        "instance or smaller parameters: n_prompt=1, n_pair=1, t_exp=2, M=3, delta=1 (N = 17) works for a handful of "
        "responses\n"
    )


def test_without_arguments_the_algorithms_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run"]) == 0
    printed = capsys.readouterr().out
    for name in ALGORITHMS:
        assert f"\n{name}  " in f"\n{printed}"
    listed = loaded(capsys, "run")["algorithms"]
    assert isinstance(listed, list)
    assert [one["name"] for one in listed] == list(ALGORITHMS)
    asked = {one["name"]: one["access"] for one in listed}
    assert [asked[name] for name in ("spanner-sampling", "xpo", "mtss")] == ["responses", "rounds", "tokens"]


@pytest.mark.parametrize("name", ALGORITHMS)
def test_what_an_algorithm_asks_for_says_which_problems_it_runs_on(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", name]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    if ALGORITHMS[name].access is TOKENS:
        assert f"Run it on any problem: spanner run {name} INSTANCE --param " in printed
        return
    assert f"Run it on a linear problem: spanner run {name} INSTANCE --param " in printed
    assert main(["run", name, "fair-bits-3"]) == 2
    assert capsys.readouterr().err == (
        "spanner: 'fair-bits-3' is a problem of horizon 3 without theta; "
        f"`spanner run {name}` needs a linear problem (horizon 1, with theta); `spanner catalog` lists them\n"
    )


def test_a_query_that_no_oracle_answers_is_refused() -> None:
    with pytest.raises(ValueError, match="no such query: listing"):
        event_json(load_linear("two-arms"), ("listing", (0, 1, 2)))


@pytest.mark.parametrize("name", ALGORITHMS)
def test_without_an_instance_the_parameters_are_listed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each key that is listed is one that a run takes, with the default that it uses."""
    listed = loaded(capsys, "run", name)["algorithms"]
    assert isinstance(listed, list)
    assert main(["run", name]) == 0
    printed = capsys.readouterr().out
    for entry in listed[0]["parameters"]:
        assert f"{entry['name']} " in printed
        assert entry["meaning"][:20] in printed
    used = loaded(capsys, "run", name, "two-arms")["parameters"]
    assert isinstance(used, dict)
    defaults = {entry["name"]: entry["default"] for entry in listed[0]["parameters"]}
    assert defaults.pop("noise", None) is None  # it is the instance's, which has none
    assert used == {key: used[key] if default is None or key == "x" else default for key, default in defaults.items()}


_RIDGE = [
    part for pair in ("mode=ridge", "nu=1/2", "n_prompt=1", "n_pair=1", "M=3", "delta=1") for part in ("--param", pair)
]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("spanner-sampling", "rank-deficient", "--law", *_RIDGE, "--param", "t_exp=3"),
            "--param t_exp=3: the exact law of so long a run takes longer than a minute; not started: t_exp=2 works",
        ),
        (
            ("spanner-sampling", "two-arms", "--law", "--theory", "1/2,1/4", "--param", "mode=ridge"),
            "--theory 1/2,1/4 --law: the exact law takes longer than a minute; not started: without --law one run",
        ),
        (("best-of-n", "two-arms", "--param", "n=1000000000"), "--param n=1000000000: it takes longer than a minute"),
        (("best-of-n", "two-arms", "--param", "n=1000000000"), "not started: n=2000000 works, --force starts it"),
        (
            ("best-of-n", "two-arms", "--param", "n=20001", "--law"),
            "so long a run takes longer than a minute; not start",
        ),
        (
            ("rejection", "two-arms", "--param", "N=1000000000", "--law"),
            "not started: N=20000 works, --force starts it",
        ),
        (("softmax-sampler", "two-arms", "--param", "M=1000000000"), "not started: M=48089 works"),
        (("passive", "two-arms", "--param", "n=1000000000"), "not started: n=50000 works"),
        (("enumerating", "two-arms", "--param", "n=1000000000"), "not started: n=50000 works"),
        (("spanner-sampling", "two-arms", "--param", "n_prompt=1000000000"), "not started: n_prompt=62492 works"),
        (("spanner-sampling", "two-arms", "--param", "t_exp=1000000000"), "not started: t_exp=7935 works"),
        (("spanner-sampling", "two-arms", "--param", "n_pair=100000000"), "--param n_pair=100000000: it takes"),
        (("online-dpo", "two-arms", "--param", "T=1000000000"), "not started: T=2824 works"),
        (("mtss", "needle-path-8", "--param", "n_roll=1000000000"), "not started: n_roll=41650 works"),
        (("mtss", "needle-path-8", "--param", "n_out=100000000"), "not started: n_out=2603 works"),
        (("mtss", "needle-path-8", "--param", "look=draws", "--param", "n_pair=100000000"), "n_pair=3124 works"),
        (("mtss", "needle-path-8", "--param", "sampler=rejection", "--param", "M=10000000"), "--param M=10000000: it"),
    ],
)
def test_what_takes_longer_than_a_minute_is_not_started(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_unless_forced(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "PER_MINUTE", 5)
    arguments = ["run", "best-of-n", "two-arms", "--param"]
    assert main([*arguments, "n=6"]) == 2
    assert "n=5 works" in capsys.readouterr().err
    assert main([*arguments, "n=6", "--force"]) == main([*arguments, "n=5"]) == 0
    assert main([*arguments, "n=5", "--force"]) == 2

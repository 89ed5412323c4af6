"""Learners that keep state, toss coins of their own, look behind the oracles, or do harm: `spanner play` says so."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import proofs_check
from proofs_check.cli import main
from reference.constructions.needles import NeedleFamily
from reference.games.contest import Contestant, RuleBroken, Run, score
from reference.interaction.every_run import TooLarge
from reference.interaction.meter import Budget
from reference.interaction.world import Oracles
from tests.proofs_check.cli_output import document

LEARNERS = '''
import inspect, os, random, sys, time
from dataclasses import dataclass

from reference.interaction import meter


@dataclass(frozen=True)
class Named:
    y: int
    queries_per_draw: int = 0

    def sample(self, oracles, x):
        return self.y


def needle_of(problem):
    return next(y for y in problem.support(0) if not problem.phi(0, y).is_zero)


def frames():
    frame = inspect.currentframe()
    while frame is not None:
        yield frame.f_locals
        frame = frame.f_back


# ---- no functions of their draws

def coin(oracles):
    return Named(random.randrange(1, 3))

OWN = random.Random()

def own_generator(oracles):
    y, phi = oracles.weak(0)
    return Named(y if not phi.is_zero else OWN.choice([1, 2, 3, 4]))

NEEDLES = []

def cache(oracles):
    y, phi = oracles.weak(0)
    if not phi.is_zero:
        NEEDLES.append(y)
    return Named(NEEDLES[-1] if NEEDLES else 1)

def counter(oracles, runs=[]):
    """It knows how often it has run, and with it which member is next."""
    runs.append(0)
    return Named((len(runs) - 1) // 2 % 4 + 1)

def slower(oracles, runs=[]):
    """The same response, at another cost each time."""
    runs.append(0)
    for _ in runs[:3]:
        oracles.weak(0)
    return Named(1)

def fails_once(oracles, runs=[]):
    runs.append(0)
    if len(runs) == 9:
        raise ValueError("the ninth run")
    return Named(1)


# ---- they see more

def through_frames(oracles):
    return Named(next(needle_of(f["member"]) for f in frames() if hasattr(f.get("member"), "support")))

def through_frames_with_one_query(oracles):
    oracles.weak(0)
    return through_frames(oracles)

def free_queries(oracles):
    meter.Meter.weak = lambda self, h: None
    for _ in range(20):
        y, phi = oracles.weak(0)
        if not phi.is_zero:
            break
    return Named(y)


# ---- harm

def exits(oracles):
    os._exit(0)

def interrupts(oracles):
    raise KeyboardInterrupt

class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError("no text")

def unspeakable(oracles):
    raise Unspeakable

def loud(oracles):
    raise ValueError("x" * 5_000_000)

def crooked(oracles):
    raise ValueError("a\\u202eb\\nc\\x1b[31md\\ud800")

def declares_much(oracles):
    return Named(1, 10**30)

def sleeps(oracles):
    time.sleep(600)

def reads(oracles):
    input()

def prints(oracles):
    print("hello")
    os.write(1, b"from below\\n")
    return Named(1)

def closes(oracles):
    sys.stdout.close()
    return Named(1)

def forks(oracles):
    os.fork()
    return Named(1)

def says_where(oracles):
    print(os.getpid(), flush=True)
    time.sleep(600)
'''

FAMILY = ["--param", "C=4", "--param", "k=4", "--param", "beta=1/5", "--param", "m=1"]

LARGE = ["--param", "k=40", "--runs", "50"]
"""Too large to be enumerated."""


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "misbehaving.py").write_text(LEARNERS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))


def played(capfd: pytest.CaptureFixture[str], name: str, *options: str, code: int = 1) -> tuple[dict[str, Any], str]:
    """Return the JSON, and what went to stderr."""
    assert main(["play", "--learner", f"misbehaving:{name}", *FAMILY, *options, "--json"]) == code
    out, err = capfd.readouterr()
    found = document(out)
    assert isinstance(found, dict)
    return found, err


# ------------------------------------------------------------------------------------- functions of the draws


@pytest.mark.parametrize("name", ["coin", "own_generator", "cache", "counter", "slower", "fails_once"])
def test_no_law_of_a_learner_that_is_no_function_of_its_draws(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    found, _ = played(capfd, name)
    assert found.keys() == {"format", "version", "learner", "family", "broke"}
    assert found["broke"].startswith("this learner is not a function of its draws: ")
    assert found["broke"].endswith("draw with oracles.draw, and keep no state between runs")


@pytest.mark.parametrize("name", ["own_generator", "cache"])
def test_nor_are_its_runs_counted(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    found, _ = played(capfd, name, *LARGE)
    assert found["broke"].startswith("this learner is not a function of its draws: ")
    assert "hit" not in found


# ------------------------------------------------------------------------------------------- what is impossible


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("through_frames", [], "it hits with probability 1, and with T_comp = 0 and T_data = 0 no learner does with"),
        ("through_frames", LARGE, "25 of 25 runs hit (error probability at most 1/10^6), and with"),
        (
            "free_queries",
            [],
            "≈0.996829, and with T_comp = 0 and T_data = 0 no learner does with probability above 1/4 = 0.25",
        ),
        # the bound is 5/4 and says nothing, but no learner without the strong oracle is better than the game's value
        ("through_frames_with_one_query", [], "T_comp = 1 and T_data = 0 no learner does with probability above 7/16"),
    ],
)
def test_a_learner_above_what_is_possible_sees_more_than_its_oracles(
    name: str, options: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    found, _ = played(capfd, name, *options)
    assert found["broke"].startswith("this learner sees more than its oracles: ")
    assert said in found["broke"]
    assert "within_bound" not in found


# -------------------------------------------------------------------------------------------------------- harm


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("exits", [], "its process ended, or closed its files, before it was done: exit code 0"),
        ("interrupts", [], "it raised KeyboardInterrupt"),
        ("unspeakable", [], "it raised Unspeakable: something that cannot be written; meter: 0 weak"),
        ("loud", [], "it raised ValueError: xxx"),
        ("crooked", [], "it raised ValueError: a�b c�[31md�; meter: 0 weak"),
        ("declares_much", [], f"t_comp allows 100000 queries; the policy declares 1{'0' * 30} for a draw"),
        ("sleeps", ["--time-limit", "1"], "it was not done within the time limit"),
        ("reads", [], "it raised EOFError: "),
    ],
)
def test_harm_is_one_line_and_valid_json(
    name: str, options: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    found, err = played(capfd, name, *options)
    assert said in found["broke"]
    assert len(found["broke"]) < 500
    assert err == ""


def test_what_a_learner_prints_goes_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    found, err = played(capfd, "prints", code=0)
    assert found["hit"]["exact"] == "1/4"
    assert {"hello", "from below"} <= set(err.splitlines())


@pytest.mark.parametrize(
    "name", ["closes", pytest.param("forks", marks=pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"))]
)
def test_a_learner_that_spoils_its_process_spoils_no_answer(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    found, _ = played(capfd, name, code=0)
    assert (found["method"], found["hit"]["exact"]) == ("exact law", "1/4")


def test_a_budget_of_any_size_can_be_declared_and_spent(capfd: pytest.CaptureFixture[str]) -> None:
    found, _ = played(capfd, "declares_much", "--t-comp", f"{10**30}", code=0)
    assert found["t_comp"] == 10**30
    assert found["best_weak"] == {
        "exact": None, "decimal": "1.00000", "lower": "0.999995", "upper": "1.00001",
    }  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="needs POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_no_learner_outlives_the_command(number: signal.Signals) -> None:
    begin = (  # interrupts are ignored in what a shell has put into the background, as a test run may be
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from proofs_check.cli import main; sys.exit(main())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", begin, "play", "--learner", "misbehaving:says_where", *FAMILY],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(proofs_check.__file__).parents[1])},
    ) as process:  # fmt: skip
        assert process.stderr is not None
        learner = int(process.stderr.readline())
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (out, err) == ("", "spanner: interrupted\n" if number == signal.SIGINT else "")
    until = time.monotonic() + 5
    while Path(f"/proc/{learner}").exists() and time.monotonic() < until:
        time.sleep(0.01)
    with pytest.raises(ProcessLookupError):
        os.kill(learner, 0)


# ------------------------------------------------------------------------------------------- rules, in one process


@dataclass(frozen=True)
class Named:
    y: int
    queries_per_draw: int = 0

    def sample(self, _oracles: Oracles, _x: int) -> int:
        return self.y


class Own(BaseException):
    """Not an Exception."""


def raising(error: BaseException) -> Run:
    def run(_: Oracles) -> Named:
        raise error

    return run


SMALL = NeedleFamily.of(4, 4, 1, "1/5")


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (raising(Own("boo")), "it raised Own: boo; meter: 0 weak"),
        (raising(GeneratorExit()), "it raised GeneratorExit; meter: 0 weak"),
        (raising(MemoryError()), "it raised MemoryError; meter: 0 weak"),
        (raising(TooLarge("not the enumeration")), "it raised TooLarge: not the enumeration; meter: 0 weak"),
        (lambda _: Named(1, 8), "budget exceeded: t_comp allows 7 queries; the policy declares 8 for a draw"),
        (lambda _: Named(1, 10**5000), "the policy declares more than 10\\^40 for a draw"),
    ],
)
def test_a_broken_rule_is_named(run: Run, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        score(Contestant("one", run, SMALL), budget=Budget(t_comp=7))


def test_an_interrupt_goes_through() -> None:
    with pytest.raises(KeyboardInterrupt):
        score(Contestant("interrupted", raising(KeyboardInterrupt()), SMALL))


def test_the_end_of_an_enumeration_cannot_be_caught_away() -> None:
    def stubborn(oracles: Oracles) -> Named:
        try:
            while oracles.weak(0)[1].is_zero:
                pass
        except RuntimeError:
            pass
        return Named(1)

    with pytest.raises(TooLarge):
        score(Contestant("stubborn", stubborn, SMALL), max_leaves=50)

"""The command as a process: interrupts, pipes that close, outputs that cannot be written, mistakes in a learner."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import metadata
from io import BytesIO, TextIOWrapper
from multiprocessing import active_children
from pathlib import Path

import pytest

import proofs_check
from proofs_check.claims import registry
from proofs_check.cli import main
from proofs_check.cli.readable import readable
from proofs_check.ledger import Check, Claim, Registry, run_claims

SPANNER = (  # interrupts are ignored in what a shell has put into the background, as a test run may be
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from proofs_check.cli import main; sys.exit(main())"
)
ROOT = str(Path(proofs_check.__file__).parents[1])

QUICK_THEN_LONG = ("policy-is-reward", "spanner-end-to-end", "needle-minimax", "softmax-sampler-tv")
"""The first is done at once, the others take seconds."""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the command in a session of its own; whatever is left of it at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, stderr: int = subprocess.PIPE) -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", SPANNER, *arguments],
                stdout=subprocess.PIPE, stderr=stderr, text=True, cwd=tmp_path, start_new_session=True,
                env={**os.environ, "PYTHONPATH": ROOT},
            )
        )  # fmt: skip
        return started[-1]

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        with process:  # closes the pipes
            pass


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Call the entry point as the installed command does."""

    def call(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["spanner", *arguments])
        return main()

    return call


# --------------------------------------------------------------------------------------------- interrupts


def test_an_interrupt_ends_every_process(start: Start) -> None:
    process = start("verify", *QUICK_THEN_LONG, "--jobs", "2")
    _await_first_verdict(process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to each process
    time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    # a worker that went on would hold the pipes open
    out, err = process.communicate(timeout=4)
    assert (process.returncode, out, err) == (130, "", "spanner: interrupted\n")


def test_closing_the_results_ends_the_processes() -> None:
    """The same without a signal: the workers are ended, not waited for."""
    before = set(active_children())
    results = run_claims(registry, QUICK_THEN_LONG, 2)
    name, _, _ = next(results)
    assert name == "policy-is-reward"
    workers = set(active_children()) - before
    results.close()
    assert [worker.exitcode for worker in workers] == [-signal.SIGTERM] * 2


def test_an_interrupt_of_one_process_says_so(start: Start, tmp_path: Path) -> None:
    (tmp_path / "sleeper.py").write_text(
        "import time\ndef f(oracles):\n    print('asleep', flush=True)\n    time.sleep(60)\n", encoding="utf-8"
    )
    process = start("play", "--learner", "sleeper:f")
    assert process.stderr is not None
    assert process.stderr.readline() == "asleep\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=5) == ("", "spanner: interrupted\n")
    assert process.returncode == 130


def test_a_request_to_end_is_met_in_silence(start: Start) -> None:
    process = start("verify", *QUICK_THEN_LONG, "--jobs", "2")
    _await_first_verdict(process)
    process.terminate()
    assert process.communicate(timeout=5) == ("", "")
    assert process.returncode == 143


def _await_first_verdict(process: "subprocess.Popen[str]") -> None:
    """On a busy machine lines on what runs come before it."""
    assert process.stderr is not None
    assert any(line.startswith("[1/4] policy-is-reward: holds") for line in process.stderr)


# ------------------------------------------------------------------------------------------------ streams


def test_a_pipe_that_nobody_reads_is_no_failure(start: Start) -> None:
    solve, verify = start("solve", "two-arms"), start("verify", "coverage-gap", stderr=subprocess.STDOUT)
    for process in (solve, verify):
        assert process.stdout is not None
        process.stdout.close()
    assert [process.wait(20) for process in (solve, verify)] == [0, 0]
    assert solve.stderr is not None
    assert solve.stderr.read() == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "coverage-gap"],
        ["verify", "--list"],
        ["run", "rejection", "two-arms"],
        ["reduce", "x1 & x2"],
        ["catalog"],
        ["catalog", "--json"],
        ["schema"],
        ["play", "--learner", "learner:f"],
        ["--help"],
    ],
)
def test_nor_for_any_command(
    arguments: list[str],
    called: Callable[..., int],
    learner: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    learner("def f(oracles):\n    return None\n")
    reads, writes = os.pipe()
    os.close(reads)
    with os.fdopen(writes, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert called(*arguments) == 0
    assert "spanner:" not in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("option", ["--digits=6", "--json"])
def test_a_full_disk_is_one_line(
    option: str, called: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert called("solve", "two-arms", option) == 2
    assert capsys.readouterr().err == "spanner: cannot write the output: No space left on device\n"


def test_a_closed_output_is_one_line(
    called: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = "spanner: cannot write the output: stdout is closed\n"
    monkeypatch.setattr(sys, "stdout", None)
    assert called("solve", "two-arms") == 2
    assert capsys.readouterr().err == line
    with Path(os.devnull).open(encoding="utf-8") as only_read:  # the number went to another file
        monkeypatch.setattr(sys, "stdout", only_read)
        assert called("solve", "two-arms") == 2
    assert capsys.readouterr().err == line


def test_progress_that_nobody_can_see_stops_nothing(
    called: Callable[..., int], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert called("solve", "no-such-instance") == 2
    sys.stderr.close()
    with Path(os.devnull).open(encoding="utf-8") as only_read:  # the number went to another file
        monkeypatch.setattr(sys, "stderr", only_read)
        assert called("verify", "coverage-gap") == 0
        sys.stderr.close()
    assert "1 claim holds" in capsys.readouterr().out


def test_an_encoding_without_the_signs(called: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(*arguments: str) -> str:
        monkeypatch.setattr(sys, "stdout", TextIOWrapper(BytesIO(), "ascii", errors="strict"))
        assert called(*arguments) == 0
        assert isinstance(sys.stdout, TextIOWrapper)
        sys.stdout.seek(0)
        return sys.stdout.read()

    assert "J(pi*)         ~0.716890" in printed("solve", "two-arms-exp")
    found = json.loads(printed("solve", "two-arms-exp", "--json"))
    assert found["optimal_value"]["decimal"] == "0.716890"


# ------------------------------------------------------------------------------------------------ learners


@pytest.fixture
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Write the module ``learner`` into the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def write(text: str) -> None:
        (tmp_path / "learner.py").write_text(text, encoding="utf-8")

    yield write
    sys.modules.pop("learner", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:\n", "learner.py, line 1: invalid syntax"),
        ("x = 1\ny = x / 0\n", "learner.py, line 2: ZeroDivisionError: division by zero"),
        ("import no_such_package\n", "learner.py, line 1: ModuleNotFoundError: No module named 'no_such_package'"),
        ("import sys\nsys.exit(3)\n", "learner.py, line 2: SystemExit: 3"),
        ("raise ValueError('a\\nb')\n", "learner.py, line 1: ValueError: a b"),
        ("g = 1\n", "module 'learner' has no attribute 'f'"),
    ],
)
def test_a_mistake_in_the_module_is_one_line(
    text: str, said: str, learner: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    learner(text)
    assert main(["play", "--learner", "learner:f"]) == 2
    assert capsys.readouterr() == ("", f"spanner: --learner learner:f: {said}\n")


@pytest.mark.parametrize("path", ["./learner", "learner.py", "folder/learner", "folder\\learner", "..learner"])
def test_a_path_is_no_module(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["play", "--learner", f"{path}:f"]) == 2
    assert "write a module name, not a path" in capsys.readouterr().err


def test_a_learner_that_exits_broke_the_rules(
    learner: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    learner("import sys\ndef f(oracles):\n    sys.exit(3)\n")
    assert main(["play", "--learner", "learner:f", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["broke"].startswith("it raised SystemExit: 3; meter: 0 weak")


# ------------------------------------------------------------------------------------- lists, hints, versions


def test_the_claims_are_listed_and_nothing_is_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("proofs_check.cli.verify.run_claims", None)
    monkeypatch.setenv("COLUMNS", "70")
    assert main(["verify", "--list"]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 70
    words = " ".join(printed.split())
    assert all(f"\n{claim.id}  " in printed for claim in registry())
    assert "rejection-exact rejection Ideal rejection returns the law that it aims at" in words
    assert main(["verify", "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["claims"] == [
        {
            "id": claim.id,
            "section": claim.page.section,
            "page": claim.page.name,
            "group": claim.group,
            "title": readable(claim.title),
        }
        for claim in registry()
    ]
    assert main(["verify", "--list", "--section", "4"]) == 0
    listed = capsys.readouterr().out
    assert main(["verify", "--list", "--page", "rejection"]) == 0
    assert capsys.readouterr().out == listed
    assert "softmax-sampler-tv" in listed
    assert "gibbs-optimum" not in listed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify", "--faults", "--against", "nope"], "--faults runs nothing: leave it or --against out"),
        (["verify", "--list", "--on", "two-arms"], "--list runs nothing: leave it or --on out"),
        (["verify", "zzz"], "unknown claim 'zzz'; 'spanner verify --list' lists them all"),
        (["verify", "gibbs-optimum", "--page", "proper"], "gibbs-optimum is on page objective, not on page proper"),
        (["verify", "needle-facts", "gibbs-optimum", "--page", "lower-bound"], "gibbs-optimum is on page objective"),
        (["solve"], "try 'spanner solve --help'"),
        (["verify", "--jobs", "0"], "try 'spanner verify --help'"),
        (["bogus"], "try 'spanner --help'"),
    ],
)
def test_an_error_points_on(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_what_was_not_reached_did_not_fall_short(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_: object) -> Iterator[object]:
        raise MemoryError

    def unreached(claim: Claim) -> Claim:
        return replace(claim, depends=(), checks=tuple(Check(check.domain, stopped) for check in claim.checks))  # type: ignore[arg-type]  # it yields nothing

    claims = tuple(unreached(registry()[name]) for name in ("elliptic-potential", "coverage-gap"))
    monkeypatch.setattr("proofs_check.cli.verify.registry", lambda: Registry(claims))
    assert main(["verify", "--jobs", "1"]) == 1
    assert "0 claims hold (0 cases decided), 0 fell short, 2 not reached; " in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"spanner {metadata.version('spanner-reference')}\n"

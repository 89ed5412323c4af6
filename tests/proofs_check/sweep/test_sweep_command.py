"""``spanner sweep``: what it prints, what it refuses, and that it goes on after an interrupt."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

import proofs_check
from proofs_check.cli import main
from proofs_check.cli.sweep import EVERY_SO_OFTEN, SweepOptions, SweepWatch
from proofs_check.sweep.choosing import Choices
from proofs_check.sweep.lines import HEADERS, INSTANCES, sweep_schema_text
from proofs_check.sweep.strategies import STRATEGIES
from proofs_check.sweep.sweeping import run_sweep
from proofs_check.sweep.totals import Totals
from reference.catalog import load_linear
from tests.proofs_check.cli_output import loaded

ROOT = str(Path(proofs_check.__file__).parents[1])
STRANGE = "tests.proofs_check.sweep.strange"
ODD = next(i for i in range(99) if Choices(1, i).below(2) == 0)
CLAIMS = ("--claims", "coverage-range,barycentric-spanner", "--on", "serial")


def test_a_sweep_is_a_table_and_a_document(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(tmp_path / "out.jsonl")
    assert main(["sweep", "linear-problems", "-n", "30", *CLAIMS, "--resume", file]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "linear-problems: instances 0 to 29 of seed 1"
    assert printed[4].split()[:5] == ["coverage-range", "30", "0", "0", "0"]
    found = loaded(capsys, "sweep", "linear-problems", "-n", "30", *CLAIMS, "--resume", file)
    assert (found["holds"], found["resumed"], found["cpu_seconds"]) == (True, 30, 0)
    assert found["claims"][1]["id"] == "barycentric-spanner"
    assert printed[5].split()[-2:] == [found["claims"][1]["margin"], str(found["claims"][1]["at"])]


def test_a_violated_claim_has_a_smallest_counterexample(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "small.json"
    line = ["sweep", f"{STRANGE}:falling", "-n", "12", *CLAIMS, "--save", str(file)]
    claim = loaded(capsys, *line, code=1)["claims"][1]
    small = claim["counterexample"]
    assert claim["violated"] == len(claim["violated_at"]) > 0
    assert small["index"] == claim["violated_at"][0]
    assert (small["left"], small["relation"], small["right"]) == ("3", "<=", "2")
    assert small["item"] == file.read_text("utf-8")
    problem = load_linear(str(file))
    assert ([len(x.responses) for x in problem.prompts], problem.dimension) in [([3], 1), ([1, 2], 1)]
    assert main(line) == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "smallest: all prompts: two responses in all: 3 <= 2 is false" in printed
    assert f"written to {file}" in printed


def test_what_a_strategy_prints_is_not_in_the_document(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", f"{STRANGE}:printing", "-n", "2", *CLAIMS, "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["holds"]


def test_strategies_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in STRATEGIES)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no-such"], "no strategy 'no-such'; there are linear-problems"),
        (
            ["linear-problems", "--on", "local:1000000"],
            "--on local:1000000: at most 512 processes on one machine; local",
        ),
        (["linear-problems", "--on", "local:" + "9" * 99], "at most 512 processes on one machine"),
        (["linear-problems", "--on", "moon"], "no engine 'moon'; there are serial, local, local:JOBS or dask:ADDRESS"),
        (
            ["linear-problems", "--claims", "coverage-rang"],
            "unknown claim 'coverage-rang'; did you mean 'coverage-range'?",
        ),
        (["linear-problems", "--claims", "needle-hit"], "needle-hit: no statement about every problem that"),
        (["token-problems", "--claims", "coverage-range"], "coverage-range: no statement about every problem that"),
        (["linear-problems", "--chunk", "0"], "--chunk 0: auto, or a number of instances"),
        (["linear-problems", "--chunk", "many"], "--chunk many: auto, or a number of instances"),
        (["linear-problems", "--resume", "/dev/full"], "/dev/full is no ordinary file"),
        ([f"{STRANGE}:nothing"], f"strategy {STRANGE}:nothing at instance 0 of seed 1: it made a NoneType"),
        ([f"{STRANGE}:exiting", "--first", str(ODD)], f"instance {ODD} of seed 1: it ends its process, with status 0"),
        ([f"{STRANGE}:stuck", "--time-limit", "0.1"], "instance 0 of seed 1: time limit of 0.1 s"),
        (["os:getcwd"], "strategy os:getcwd: getcwd is not a function in a file of yours"),
        ([f"{STRANGE}:CALLABLE"], "CALLABLE is not a function in a file of yours"),
        (["linear-problems", "-n", str(10**12)], "'-n': Input should be less than or equal to 1000000000;"),
        (["linear-problems", "--first", str(10**23)], "Invalid value for '--first'"),
        (["linear-problems", "--seed", str(10**23)], "Invalid value for '--seed'"),
        (["linear-problems", "--time-limit", "inf"], "'--time-limit': Input should be less than or equal to 1000000;"),
        (["linear-problems", "--time-limit", "nan"], "Invalid value for '--time-limit'"),
        (["linear-problems", "--chunk", "1" * 5000], "auto, or a number of instances"),
        (["linear-problems", "-n", "0"], "Invalid value for '-n'"),
    ],
)
def test_bad_input_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_strategy_that_raises_says_where_what_is_done_is(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    assert main(["sweep", f"{STRANGE}:raising", *CLAIMS, "--resume", str(file)]) == 2
    err = capsys.readouterr().err
    assert "of seed 1: ValueError: one in eight; what is done is in " in err
    assert err.count("\n") == 1
    assert file.stat().st_size


def test_dask_that_is_not_installed_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setattr("proofs_check.cli.extras.find_spec", lambda name: None if name == "distributed" else name)
    assert main(["sweep", "linear-problems", "--on", "dask:tcp://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err == "spanner: sweep needs distributed: pip install 'spanner-reference[dask]'\n"


def test_an_interrupt_leaves_a_file_to_go_on_with(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "out.jsonl"
    line = ["sweep", "linear-problems", "-n", "80", *CLAIMS[:2], "--resume", str(file)]
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from proofs_check.cli import main; sys.exit(main())"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, *line, "--on", "local:1", "--chunk", "5"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, start_new_session=True,
        env={**os.environ, "PYTHONPATH": ROOT},
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (file.exists() and file.read_bytes().count(b"\n") > 5) and time.monotonic() < end:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)  # a process of the crew that went on would hold stderr open
    assert (process.returncode, out) == (130, "")
    assert err == f"spanner: interrupted; what is done is in {file}; the same command goes on\n"
    done = file.read_bytes().count(b"\n") - 1
    assert 5 <= done < 80
    found = loaded(capsys, *line, "--on", "serial")
    assert (found["resumed"], found["claims"][0]["holds"]) == (done, 80)
    assert sorted(file.read_bytes().splitlines()) == serial_lines(80, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("dice", [1, 2])
def test_a_process_that_is_killed_leaves_a_file_to_go_on_with_and_no_other_process(dice: int, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    line = ["sweep", "linear-problems", "-n", "400", *CLAIMS[:2], "--resume", str(file)]
    program = "import sys; from proofs_check.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", program, *line, "--on", "local:2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ROOT},
    )  # fmt: skip
    end = time.monotonic() + 60
    while not (file.exists() and file.read_bytes().count(b"\n") > 1) and time.monotonic() < end:
        time.sleep(0.001)
    time.sleep(random.Random(dice).uniform(0, 0.2))  # noqa: S311 - when to kill
    members = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)  # a process of the crew that went on would hold stderr open
    assert process.returncode == -signal.SIGKILL
    assert len(members) >= 2
    while any(map(runs, members)) and time.monotonic() < end:
        time.sleep(0.01)
    assert not any(map(runs, members))
    assert file.read_bytes().count(b"\n") < 1 + 400
    assert main([*line, "--on", "serial"]) == 0
    assert sorted(file.read_bytes().splitlines()) == serial_lines(400, tmp_path)


def serial_lines(n: int, folder: Path) -> list[bytes]:
    """Return the lines of a serial run, sorted."""
    path = folder / "serial.jsonl"
    run_sweep("linear-problems", CLAIMS[1].split(","), n, on="serial", resume=path)
    return sorted(path.read_bytes().splitlines())


def children(pid: int) -> list[int]:
    found = (path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children"))
    return [int(word) for text in found for word in text.split()]


def runs(pid: int) -> bool:
    """Return whether a process runs; one that nobody has waited for yet has ended, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def test_progress_in_a_pipe_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    options = SweepOptions(100, 0, None, 1, "local", "auto", None, 10, None, as_json=False)
    watch, totals = SweepWatch(options, quiet=False), Totals(["a"], 0, 100)
    totals.done = 20
    watch.tick(totals)
    watch.tick(totals)
    totals.done, watch.start, watch.said = 40, watch.start - 10, watch.said - EVERY_SO_OFTEN
    watch.tick(totals)
    first, second = capsys.readouterr().err.splitlines()
    assert first == "[20/100] in the file already"
    assert second == "[40/100] nothing falls, 2 instances/s, about 1 min left"


def test_the_lines_of_the_file_have_a_schema_whose_keys_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    """A key that goes, or changes, needs the name ``sweep-2``."""
    assert main(["schema", "sweep-1"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema == json.loads(sweep_schema_text())
    keys = {name: sorted(part["properties"]) for name, part in schema["$defs"].items()}
    assert keys == {
        "SweepHeader": ["claims", "digest", "format", "seed", "strategy", "strategy_digest"],
        "SweptInstance": ["claims", "index"],
        "SweptClaim": ["cases", "fallen", "margin", "reason", "verdict"],
        "Fallen": ["left", "relation", "right", "statement", "where"],
    }
    assert HEADERS.decode(FIRST).seed == 1
    assert INSTANCES.decode(LINE).claims["coverage-range"].margin == "0.0467"
    with pytest.raises(msgspec.DecodeError):
        INSTANCES.decode(FIRST)


FIRST = (
    b'{"format":"spanner-reference/sweep-1","strategy":"linear-problems","seed":1,"claims":["coverage-range"],'
    b'"digest":"0123456789abcdef"}'
)
LINE = b'{"index":9,"claims":{"coverage-range":{"verdict":"holds","cases":12,"margin":"0.0467"}}}'

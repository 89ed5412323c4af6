"""Tasks in processes of their own: what they return and raise, and what becomes of those that die."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import current_thread, main_thread

import pytest

import proofs_check
from proofs_check.ledger.apart import run_apart
from reference.exact import Undecided

ROOT = str(Path(proofs_check.__file__).parents[1])


class Stubborn(Exception):
    """It can be written and not read."""

    def __init__(self, one: str, another: str) -> None:
        super().__init__(one + another)


def fails(error: Exception) -> None:
    raise error


def fails_stubbornly() -> None:
    raise Stubborn("this ", "and that")


def prints() -> int:
    sys.stdout.write("not a result\n")
    sys.stdout.flush()
    return os.getpid()


def ends_its_process() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_the_main_thread() -> bool:
    return current_thread() is main_thread()


def test_a_process_is_kept_for_the_next_task_and_each_thread_has_one() -> None:
    first = run_apart(os.getpid)
    assert first != os.getpid()
    assert run_apart(prints) == run_apart(os.getpid) == first
    with ThreadPoolExecutor(2) as threads:
        nap = partial(run_apart, partial(time.sleep, 0.5))
        start = time.monotonic()
        assert list(threads.map(lambda _: nap(), range(2))) == [None, None]
        pids = {run_apart(os.getpid), first}
        assert threads.submit(run_apart, in_the_main_thread).result()
    assert time.monotonic() - start < 30
    assert os.getpid() not in pids


def test_what_a_task_raises_is_raised() -> None:
    with pytest.raises(Undecided, match="at this precision"):
        run_apart(partial(fails, Undecided("at this precision")))
    with pytest.raises(RuntimeError, match="Stubborn: this and that"):
        run_apart(fails_stubbornly)


def test_a_process_that_dies_says_so_and_the_next_task_gets_another() -> None:
    with pytest.raises(BrokenExecutor, match="ended with status -9"):
        run_apart(ends_its_process)
    assert run_apart(os.getpid) != os.getpid()


def test_a_process_ends_with_the_one_that_asked() -> None:
    program = (
        "import os, time; from threading import Thread; from functools import partial\n"
        "from proofs_check.ledger.apart import run_apart\n"
        "print(run_apart(os.getpid), flush=True)\n"
        "Thread(target=run_apart, args=(partial(time.sleep, 60),), daemon=True).start()\n"
        "time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": ROOT}
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        time.sleep(0.3)
        process.kill()
    end = time.monotonic() + 20
    while time.monotonic() < end and _runs(child):
        time.sleep(0.05)
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False

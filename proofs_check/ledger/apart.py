"""Tasks from threads, such as those of a cluster's worker, in processes in which nothing else computes.

The working precision, and alarms that give up what takes too long, belong to a process and its main thread.
"""

import atexit
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any, TypeVar

T = TypeVar("T")


def run_apart(task: Callable[[], T]) -> T:
    """Run a picklable task in a process of its own, which is then kept for the next one; what it raises is raised.

    If the process dies, that is a ``BrokenExecutor``.
    """
    try:
        process = _idle.pop()
    except IndexError:
        process = _started()
    try:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101 - the same
        process.stdin.write(pickle.dumps(pickle.dumps(task)))
        process.stdin.flush()
        done, found = pickle.load(process.stdout)  # noqa: S301 - from a process of ours
    except (OSError, EOFError, pickle.UnpicklingError):
        raise BrokenExecutor(f"a process ended with status {_ended(process)}") from None
    except BaseException:  # interrupted: what it still says would be taken for the next one's
        _ended(process)
        raise
    _idle.append(process)
    if done:
        result: T = found
        return result
    raise found


_idle: list["subprocess.Popen[bytes]"] = []


def _started() -> "subprocess.Popen[bytes]":
    path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)
    # A session of its own: Ctrl-C at a terminal is for the process that started this one.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "proofs_check.ledger.apart"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def _ended(process: "subprocess.Popen[bytes]") -> int:
    """End a process, unless it has ended; return its exit status."""
    process.kill()
    with suppress(OSError):
        process.communicate()
    return process.wait()


@atexit.register
def _end() -> None:
    for process in _idle:
        _ended(process)


def _serve() -> None:
    """Do what comes on stdin until nothing more does; what a task prints goes to stderr."""
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        with suppress(EOFError, BrokenPipeError):  # who asked is gone
            while True:
                out.write(_outcome(pickle.load(sys.stdin.buffer)))  # noqa: S301 - from the process that started this
                out.flush()


def _outcome(asked: bytes) -> bytes:
    try:
        found: tuple[bool, Any] = True, pickle.loads(asked)()  # noqa: S301 - the same
    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised where the task was given
        found = False, error
    try:
        text = pickle.dumps(found)
        pickle.loads(text)  # noqa: S301 - some errors can be written and not read
    except Exception:  # noqa: BLE001 - of many kinds
        text = pickle.dumps((False, RuntimeError(f"{type(found[1]).__name__}: {found[1]}"[:500])))
    return text


def _end_with(parent: int) -> None:
    """End when the process that asked is gone: it may have been killed in the midst of a task."""
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)


if __name__ == "__main__":
    _serve()

"""A learner played in two fresh processes, in opposite orders: whoever is no function of the draws is found out.

A law is exact of a program that depends on its draws and on nothing else.  Python cannot prove that of a learner, so it
is tested.  Two new interpreters import the learner and do one task, one of them backward: the last member of the family
first and the last outcome of every law, or the last seed.  Both must find the same.  A coin from elsewhere (``random``,
the time, the order of a set) and whatever one run leaves to the next (a cache, a counter) makes a difference, except by
chance or by design.

A process also bears what would harm this one.  The learner's standard input is empty, and what it prints goes to
stderr, from the first process only.  At the end each process is killed with all that it started.
"""

import importlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread, Timer
from traceback import extract_tb
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar, cast

from reference.games.contest import Entrant, RuleBroken, Run, TokenRun, error_text, named
from reference.interaction.every_run import NotReproducible, TooLarge

if TYPE_CHECKING:  # a learner's process needs no exercises
    from proofs_check.exercises.families import ExerciseFamily

R = TypeVar("R")

NO_FUNCTION = (
    "this learner is not a function of its draws: on the same draws two runs gave different results; "
    "draw with oracles.draw, and keep no state between runs"
)

NO_MEMORY = "it ran out of memory"


class NoLearner(ValueError):
    """There is no such module or function, or the module fails as it is imported."""


class LearnerTask(Protocol[R]):
    """What is done in each process, such as :func:`~reference.games.contest.laws_against`; it is pickled."""

    def __call__(self, contestant: Entrant, *, backward: bool) -> list[R]:
        """Do it; ``backward`` changes the order in which it is done, and not what is found."""


def twice(
    learner: str,
    stage: "ExerciseFamily",
    task: LearnerTask[R],
    *,
    enough: int = 0,
    seconds: float | None = None,
    memory: int | None = None,
) -> list[R]:
    """Return what ``task`` finds of the learner ``MODULE:NAME`` or ``FILE.py:NAME``, the same in both processes.

    ``enough``: the task is repeated in each process, to and fro, until the learner has run so often.
    ``seconds``: how long the processes may take.  ``memory``: how many MiB of memory each of them may have.

    Raises:
        NoLearner: if it cannot be imported.
        RuleBroken: as the task does; if the processes differ; if one ends by itself, is not done in time, or has too
            little memory.
        TooLarge: as the task does.
    """
    job = (learner, stage, task, enough, memory)
    with _started(job, backward=False) as one, _started(job, backward=True) as two, _ended_after(seconds, one, two):
        _found = _answer_of(one)
        if isinstance(_found, Exception):
            raise _found
        if _answer_of(two) != _found:
            raise RuleBroken(NO_FUNCTION)
        return _found


# ----------------------------------------------------------------------------------------- the process that asks

Job = tuple[str, "ExerciseFamily", LearnerTask[Any], int, int | None]

Process = subprocess.Popen[bytes]


@contextmanager
def _started(job: Job, *, backward: bool) -> Iterator[Process]:
    """Start a process, in a group of its own: an interrupt from the terminal comes here only."""
    begin = f"import sys; sys.path[:] = {sys.path!r}; from proofs_check.cli.fresh import main; main()"
    process = subprocess.Popen(  # noqa: S603 - this interpreter
        [sys.executable, "-P", "-c", begin],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL if backward else None,
        process_group=0,
    )
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - they are pipes
    try:
        with suppress(BrokenPipeError):  # it has ended, which is seen when it is asked
            process.stdin.write(pickle.dumps((*job, backward)))
            process.stdin.flush()  # not closed: the process ends when this one does
        yield process
    finally:
        _end(process)
        process.stdout.close()
        with suppress(BrokenPipeError):
            process.stdin.close()


def _answer_of(process: Process) -> list[Any] | Exception:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    try:
        answer: list[Any] | Exception = pickle.load(process.stdout)  # noqa: S301 - from a program that the user runs anyway
    except Exception:  # noqa: BLE001 - whatever pickle makes of nothing, or of a part
        code = _end(process)
        how = f"exit code {code}" if code >= 0 else f"signal {-code}"
        raise RuleBroken(f"its process ended, or closed its files, before it was done: {how}") from None
    return answer


@contextmanager
def _ended_after(seconds: float | None, *processes: Process) -> Iterator[None]:
    """End the processes when the time is over."""
    late: list[bool] = []

    def end() -> None:
        late.append(True)
        for process in processes:
            _kill(process)

    timer = Timer(seconds or 0, end)
    if seconds is not None:
        timer.start()
    try:
        yield
    except RuleBroken:
        if late:
            raise RuleBroken("it was not done within the time limit") from None
        raise
    finally:
        timer.cancel()


def _end(process: Process) -> int:
    """End a process and what it started; return its exit code, its own if it had ended."""
    _kill(process)
    return process.wait()


def _kill(process: Process) -> None:
    if process.returncode is not None:
        return
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):  # PermissionError: macOS, of a group that has ended
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


# ------------------------------------------------------------------------------------------ the process that plays


def main() -> NoReturn:
    """Play: read a job from stdin, write the answer to stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    job = pickle.load(sys.stdin.buffer)  # noqa: S301 - it comes from the process above
    nothing = os.open(os.devnull, os.O_RDWR)  # it becomes stderr if that is closed
    asks, hears = os.dup(0), os.dup(1)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    Thread(target=_end_with, args=(asks,), daemon=True).start()
    process = os.getpid()
    try:
        answer = pickle.dumps(_played(*job))
    except MemoryError:
        answer = pickle.dumps(RuleBroken(NO_MEMORY))
    if os.getpid() == process:
        with suppress(BaseException):  # the learner may have closed it
            sys.stdout.flush()
        with os.fdopen(hears, "wb") as stream:
            stream.write(answer)
    os._exit(0)  # whatever threads are left


def _end_with(asks: int) -> None:
    """End this process, and what it started, with the one that asks."""
    os.read(asks, 1)
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _played(
    learner: str,
    stage: "ExerciseFamily",
    task: LearnerTask[object],
    enough: int,
    memory: int | None,
    backward: bool,  # noqa: FBT001 - of a job
) -> list[object] | Exception:
    """Return what the task finds, or the error that says why it finds nothing."""
    runs, process = 0, os.getpid()
    try:
        if memory is not None:
            _limit_memory(memory)
        run: Callable[[Any], Any] = _imported(learner)
    except NoLearner as error:
        return error

    def counted(oracles: object) -> object:
        nonlocal runs
        runs += 1
        if os.getpid() != process:  # a copy that the learner made of its process
            os._exit(0)
        return run(oracles)

    contestant = Entrant(learner, cast("Run | TokenRun", counted), stage, tokens=stage.access == "tokens")
    first = _found(task, contestant, backward=backward)
    while runs < enough and not isinstance(first, Exception):
        backward = not backward
        if _found(task, contestant, backward=backward) != first:
            return RuleBroken(NO_FUNCTION)
    return first


def _found(task: LearnerTask[object], contestant: Entrant, *, backward: bool) -> list[object] | Exception:
    try:
        return task(contestant, backward=backward)
    except (RuleBroken, TooLarge) as error:
        return error
    except NotReproducible:
        return RuleBroken(NO_FUNCTION)
    except MemoryError:
        return RuleBroken(NO_MEMORY)
    except KeyboardInterrupt as error:  # no interrupt comes here: it is the learner's own
        return RuleBroken(f"it raised {named(error)}")


def _limit_memory(mebibytes: int) -> None:
    """Limit the address space of this process, and of every one that it starts.

    Raises:
        NoLearner: if the system knows no such limit.
    """
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (mebibytes << 20, mebibytes << 20))
    except (ImportError, ValueError, OSError):
        raise NoLearner("--memory-limit: this system does not limit memory; leave it out") from None


def _imported(learner: str) -> Run | TokenRun:
    """Import ``MODULE:NAME``, or ``FILE.py:NAME``; modules in the current folder are found too.

    Raises:
        NoLearner: if there is no such module or function, or the module fails as it is imported.
    """
    module, _, name = learner.rpartition(":")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    try:
        run = getattr(_from_file(module) if module.endswith(".py") else importlib.import_module(module), name)
    except BaseException as error:  # noqa: BLE001 - a module may do anything as it is imported
        raise NoLearner(_where(error)) from None
    if not callable(run):
        raise NoLearner("it is not a function")
    chosen: Run | TokenRun = run
    return chosen


def _from_file(path: str) -> ModuleType:
    """Import the file at a path, whatever it is called."""
    spec = spec_from_file_location("the_learner", path)
    assert spec is not None and spec.loader is not None  # noqa: S101, PT018 - of a name that ends in .py
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look for it
    spec.loader.exec_module(module)
    return module


def _where(error: BaseException) -> str:
    """Return what went wrong at an import, with the line of the user's module that it comes from."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}, line {error.lineno}: {error.msg}"
    ours = {__file__, importlib.__file__}
    for frame in extract_tb(error.__traceback__):
        if frame.filename not in ours and not frame.filename.startswith("<frozen importlib"):
            return f"{Path(frame.filename).name}, line {frame.lineno}: {named(error)}"
    return error_text(error) if isinstance(error, ImportError | AttributeError) else named(error)

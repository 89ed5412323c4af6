"""What runs in a process of its own, started as ``python -m proofs_check.faults.child``; it prints JSON lines.

``one FAULT CLAIM..``: what becomes of these claims.  ``many``: the same for what a line of JSON on stdin asks, each
claim in a fork, with its limit of time, and then a test of the suite.  ``trace CLAIM..``: which lines
each claim executes.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from functools import partial
from math import ceil
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import process_time
from typing import Any

from proofs_check.faults import all_faults, fault_named
from proofs_check.faults.changed_program import install
from proofs_check.faults.fault import TOP
from proofs_check.faults.tracing import Tracer, watched

TEST_LIMIT, TRACE_LIMIT = 120, 600
"""Seconds of CPU for a test, and for a claim that is traced: a busy machine changes nothing."""

LEAST_LIMIT, TIMES_AS_LONG = 3, 3
"""The limit of a cell, in seconds of CPU: :func:`cell_limit`."""


def main(arguments: list[str]) -> None:
    """Do what the first argument says."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who started this one may leave Ctrl-C to others
    match arguments:
        case ["one", fault, *claims]:
            install(fault_named(fault))
            for claim in claims:
                _tell(claim, _fate_of(claim))
        case ["many"]:
            asked = json.loads(sys.stdin.readline())
            install(fault_named(asked["fault"]))
            for claim, limit in asked["claims"].items():
                _tell(claim, _forked(partial(_fate_of, claim), limit))
            if asked["test"]:
                _tell("test", _forked(partial(_outcome_of_test, asked["test"]), TEST_LIMIT))
        case ["trace", *claims]:
            _trace(claims)


def cell_limit(seconds: float) -> int:
    """Return how many seconds of CPU a claim may take with a fault in the program, if it takes ``seconds`` without.

    Three times as long, and at least 3 seconds: a fault that makes a claim merely slower (more rounds, longer numbers)
    leaves it time to fall, and those that make it endless cost little.  The time without a fault is that of the traced
    run, which is longer, if anything.
    """
    return max(LEAST_LIMIT, ceil(TIMES_AS_LONG * seconds))


def _tell(what: str, found: object) -> None:
    sys.stdout.write(json.dumps([what, found]) + "\n")
    sys.stdout.flush()


def _fate_of(claim: str) -> list[str]:
    from proofs_check.claims import registry
    from proofs_check.faults.cells import fate

    return list(fate(registry()[claim]))


def _trace(names: Sequence[str]) -> None:
    tracer = Tracer(watched(all_faults()))
    tracer.start()
    from proofs_check.claims import registry
    from proofs_check.faults.stale import domain_of

    claims = [registry()[name] for name in names]
    _tell("", tracer.stop())
    for claim in claims:

        def seen(claim: Any = claim) -> object:  # noqa: ANN401 - as above
            tracer.start()
            start = process_time()
            found = _fate_of(claim.id)
            seconds, lines = process_time() - start, tracer.stop()
            return {"fate": found, "lines": lines, "domain": domain_of(claim), "seconds": seconds}

        _tell(claim.id, _forked(seen, TRACE_LIMIT))


def _forked(work: Callable[[], object], limit: int) -> object:
    """Return what ``work`` returns in a fork of this process, ``None`` if it takes more CPU time than ``limit``."""
    with suppress(Exception):  # a fault may be such that the claims cannot be imported: then each fork ends
        _import_once()
    gc.freeze()  # a fork's collector passes over what was there before, and does not copy it
    context = get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(there, work, limit))
    process.start()
    there.close()
    try:
        return here.recv()
    except EOFError:
        process.join()
        return None if process.exitcode == -signal.SIGXCPU else ["x", "", "", "the process died"]
    finally:
        process.kill()
        process.join()


def _import_once() -> None:
    """Import what a fork needs."""
    import proofs_check.faults.cells
    import proofs_check.ledger.drawing  # noqa: F401 - for what it loads
    from proofs_check.claims import registry

    registry()


def _send(connection: Connection, work: Callable[[], object], limit: int) -> None:
    import resource  # not on every platform: only the matrix needs it

    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))  # then the process ends
    connection.send(work())


def _outcome_of_test(node: str) -> int:
    """Return the exit code of pytest, silently; a property that fails is not made smaller."""
    import pytest
    from hypothesis import HealthCheck, Phase, settings

    settings.register_profile(
        "faults", derandomize=True, deadline=None, database=None, max_examples=50,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    os.environ["HYPOTHESIS_PROFILE"] = "faults"
    os.chdir(TOP)
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        return int(pytest.main([*_QUIETLY, node]))


_QUIETLY = (
    "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore::pytest.PytestAssertRewriteWarning",
)  # fmt: skip


def told(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Yield what a child told."""
    for line in lines:
        what, found = json.loads(line)
        yield what, found


if __name__ == "__main__":
    main(sys.argv[1:])

"""Running many claims, in this process or in several; the order and the content of the reports do not depend on it.

The unit of work is one check, witness or mutation.  A worker gets names only, and looks the claim up in its own
registry, so that check functions need not be picklable.
"""

import signal
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from functools import lru_cache
from multiprocessing import active_children, get_context

from proofs_check.ledger.claim import Claim, Registry
from proofs_check.ledger.kernel import Evidence, Report, assemble, parts

Source = Callable[[], Registry]
"""A function that workers can import and that returns the registry."""

Parts = Generator[tuple[str, str, Evidence | None], None, None]


def run_claims(
    source: Source, names: Sequence[str], jobs: int = 1
) -> Generator[tuple[str, str, Report | None], None, None]:
    """Run claims in up to ``jobs`` processes; yield ``(claim, part, report)`` after each part.

    The report is there after the last part of a claim, else ``None``.  Claims without parts are reported first.
    Closing the generator ends the processes, whatever they are at.
    """
    claims = [source()[name] for name in names]
    todo = {claim.id: list(parts(claim)) for claim in claims}
    found: dict[str, dict[str, Evidence]] = {claim.id: {} for claim in claims}
    by_id = {claim.id: claim for claim in claims}
    for claim in claims:
        if not todo[claim.id]:
            yield claim.id, "", assemble(claim, {})
    work = [(claim.id, part) for claim in claims for part in todo[claim.id]]
    alone = jobs <= 1 or len(work) <= 1
    with closing(_here(source, work) if alone else _there(source, work, jobs)) as results:
        for name, part, evidence in results:
            todo[name].remove(part)
            if evidence is not None:
                found[name][part] = evidence
            yield name, part, None if todo[name] else _report(by_id[name], found[name])


def _report(claim: Claim, found: dict[str, Evidence]) -> Report:
    return assemble(claim, {part: found[part] for part in parts(claim) if part in found})


def _here(source: Source, work: Sequence[tuple[str, str]]) -> Parts:
    for name, part in work:
        yield name, part, _run_part(source, name, part)


def _there(source: Source, work: Sequence[tuple[str, str]], jobs: int) -> Parts:
    others = set(active_children())
    # spawn: the same start on every platform, and no fork beside the threads of a progress bar
    pool = ProcessPoolExecutor(min(jobs, len(work)), mp_context=get_context("spawn"), initializer=_ignore_interrupts)
    # no `with`: its shutdown() comes second and takes cancel_futures back
    try:
        with _interrupts_held():
            running = {pool.submit(_run_part, source, name, part): (name, part) for name, part in work}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                name, part = running.pop(future)
                yield name, part, _result(future)
    except BaseException:  # interrupted or closed: what runs or is queued for a worker cannot be cancelled
        for worker in set(active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to every process, to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold interrupts back; a process started meanwhile gets none, not even before its initializer runs."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _result(future: "Future[Evidence]") -> Evidence | None:
    """Return the evidence, or ``None`` if the worker died: the claim is then not reached."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _run_part(source: Source, name: str, part: str) -> Evidence:
    return _all_parts(source, name)[part]()


@lru_cache(maxsize=256)
def _all_parts(source: Source, name: str) -> dict[str, Callable[..., Evidence]]:
    return parts(source()[name])

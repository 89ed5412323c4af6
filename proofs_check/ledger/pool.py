"""Running many claims, in this process or in several; the order and the content of the reports do not depend on it.

The unit of work is one check, witness or mutation.  A worker gets names only, and looks the claim up in its own
registry, so that check functions need not be picklable.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing import get_context

from proofs_check.ledger.claim import Claim, Registry
from proofs_check.ledger.kernel import Evidence, Report, assemble, parts

Source = Callable[[], Registry]
"""A function that workers can import and that returns the registry."""


def run_claims(source: Source, names: Sequence[str], jobs: int = 1) -> Iterator[tuple[str, str, Report | None]]:
    """Run claims in up to ``jobs`` processes; yield ``(claim, part, report)`` after each part.

    The report is there after the last part of a claim, else ``None``.  Claims without parts are reported first.
    """
    claims = [source()[name] for name in names]
    todo = {claim.id: list(parts(claim)) for claim in claims}
    found: dict[str, dict[str, Evidence]] = {claim.id: {} for claim in claims}
    by_id = {claim.id: claim for claim in claims}
    for claim in claims:
        if not todo[claim.id]:
            yield claim.id, "", assemble(claim, {})
    work = [(claim.id, part) for claim in claims for part in todo[claim.id]]
    for name, part, evidence in _here(source, work) if jobs <= 1 or len(work) <= 1 else _there(source, work, jobs):
        todo[name].remove(part)
        if evidence is not None:
            found[name][part] = evidence
        yield name, part, None if todo[name] else _report(by_id[name], found[name])


def _report(claim: Claim, found: dict[str, Evidence]) -> Report:
    return assemble(claim, {part: found[part] for part in parts(claim) if part in found})


def _here(source: Source, work: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, Evidence | None]]:
    for name, part in work:
        yield name, part, _run_part(source, name, part)


def _there(source: Source, work: Sequence[tuple[str, str]], jobs: int) -> Iterator[tuple[str, str, Evidence | None]]:
    # spawn: the same start on every platform, and no fork beside the threads of a progress bar
    with ProcessPoolExecutor(min(jobs, len(work)), mp_context=get_context("spawn")) as pool:
        running: dict[Future[Evidence], tuple[str, str]] = {}
        for name, part in work:
            running[pool.submit(_run_part, source, name, part)] = (name, part)
        try:
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    name, part = running.pop(future)
                    yield name, part, _result(future)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


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

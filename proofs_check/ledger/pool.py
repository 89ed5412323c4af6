"""Running many claims, in this process or in several; the order and the content of the reports do not depend on it.

The unit of work is one check (a piece of it, if its members are listed), witness, mutation or trivial object.  A worker
gets names only, and looks the claim up in its own registry, so that check functions need not be picklable.
"""

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from functools import lru_cache, partial

from proofs_check.ledger.executing import processes, results_on
from proofs_check.ledger.kernel import Evidence, Report
from proofs_check.ledger.pieces import assemble, parts
from proofs_check.ledger.quick import quick_parts, quick_report
from proofs_check.ledger.registry import Registry

RegistrySource = Callable[[], Registry]
"""A function that workers can import and that returns the registry."""

Parts = Generator[tuple[str, str, Evidence | None], None, None]


def run_claims(
    source: RegistrySource,
    names: Sequence[str],
    jobs: int = 1,
    *,
    quick: bool = False,
    tick: Callable[[], None] = lambda: None,
    executor: Executor | None = None,
) -> Generator[tuple[str, str, Report | None], None, None]:
    """Run claims in up to ``jobs`` processes; yield ``(claim, part, report)`` after each part.

    The report is there after the last part of a claim, else ``None``.  Claims without parts are reported first.
    ``quick``: take a quick look only (:mod:`proofs_check.ledger.quick`).  ``tick`` is called now and then meanwhile.
    Within :func:`~reference.exact.plain.plain` definitions run in place of quick forms, in every process.
    Closing the generator ends the processes, whatever they are at.

    ``executor``: anything that is a :class:`concurrent.futures.Executor` (a process pool, loky's, that of
    ``dask.distributed``, ``Client.get_executor()``) runs the parts instead, and ``jobs`` does not count.  It is the
    caller's: it is not shut down, and closing the generator cancels only what has not begun.  Threads share the working
    precision: take one, or processes.

    Raises:
        OtherVersion: if a worker of the executor has another version of this code.
    """
    claims = [source()[name] for name in names]
    pieces, report = (quick_parts, quick_report) if quick else (parts, assemble)
    todo = {claim.id: list(pieces(claim)) for claim in claims}
    found: dict[str, dict[str, Evidence]] = {claim.id: {} for claim in claims}
    by_id = {claim.id: claim for claim in claims}
    for claim in claims:
        if not todo[claim.id]:
            yield claim.id, "", report(claim, {})
    work = [(claim.id, part, quick) for claim in claims for part in todo[claim.id]]
    if executor is not None:
        running = _elsewhere(source, work, executor, tick)
    elif jobs <= 1 or len(work) <= 1:
        running = _here(source, work, tick)
    else:
        running = _there(source, work, jobs, tick)
    with closing(running) as results:
        for name, part, evidence in results:
            todo[name].remove(part)
            if evidence is not None:
                found[name][part] = evidence
            claim, done = by_id[name], found[name]
            yield name, part, None if todo[name] else report(claim, {p: done[p] for p in pieces(claim) if p in done})


Work = Sequence[tuple[str, str, bool]]
"""Claim, part, and whether it is a part of a quick look."""


def _here(source: RegistrySource, work: Work, tick: Callable[[], None]) -> Parts:
    source()
    with _loaded_passed_over():
        for name, part, quick in work:
            yield name, part, _all_parts(source, name, quick)[part](tick)


def _elsewhere(source: RegistrySource, work: Work, executor: Executor, tick: Callable[[], None]) -> Parts:
    tasks = {piece[:2]: partial(_run_part, source, *piece) for piece in work}
    for (name, part), evidence in results_on(executor, tasks, tick):
        yield name, part, evidence


def _there(source: RegistrySource, work: Work, jobs: int, tick: Callable[[], None]) -> Parts:
    with processes(min(jobs, len(work))) as executor:
        yield from _elsewhere(source, work, executor, tick)


def _run_part(source: RegistrySource, name: str, part: str, quick: bool) -> Evidence:  # noqa: FBT001 - sent to a worker
    _settle(source)
    return _all_parts(source, name, quick)[part]()


@lru_cache(maxsize=8)
def _settle(source: RegistrySource) -> None:
    """In a worker, once: load the claims; from then on the collector passes over what is there, and comes seldom."""
    source()
    gc.freeze()
    gc.set_threshold(*_SELDOM)


@contextmanager
def _loaded_passed_over() -> Iterator[None]:
    """Within the block the collector passes over what is loaded, and comes seldom: a tenth of the ledger's time."""
    if gc.get_freeze_count():  # whoever did that is to undo it
        yield
        return
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


_SELDOM = 30_000, 20, 10
"""When the collector comes: numbers, laws and memos are made by the million, and few are in circles."""


@lru_cache(maxsize=256)
def _all_parts(source: RegistrySource, name: str, quick: bool) -> dict[str, Callable[..., Evidence]]:  # noqa: FBT001 - the same
    return (quick_parts if quick else parts)(source()[name])

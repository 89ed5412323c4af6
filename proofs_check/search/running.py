"""A search: many restarts, here or in processes, and what is tightest among all they found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from random import Random
from time import monotonic

from flint import fmpq

from proofs_check.ledger.executing import processes, results_on
from proofs_check.search.climbing import RESTART_LOOKS, Restart, Worst, ascend, simplify
from proofs_check.search.spaces import Sought, space
from proofs_check.search.tightness import comes_to, exceeds


@dataclass(frozen=True)
class SearchLimits:
    """When a search ends: after so many looks, or after so many seconds."""

    steps: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class RestartOutcome:
    """What one restart brought."""

    number: int
    looks: int
    undecided: int
    given_up: int
    trouble: str
    best: Mapping[str, Worst]


@dataclass
class SearchResult:
    """What a search brought: of each inequality the tightest case, and where."""

    restarts: int = 0
    looks: int = 0
    undecided: int = 0
    given_up: int = 0
    trouble: str = ""
    best: dict[str, Worst] = field(default_factory=dict)

    @property
    def worst(self) -> Worst | None:
        """The tightest of all; of those that are as tight as each other the first to be read."""
        return _tightest([found for _, found in sorted(self.best.items())]) if self.best else None


def gathered(outcomes: Iterable[RestartOutcome]) -> SearchResult:
    """Return what restarts brought together; the order in which they ended does not matter."""
    ordered = sorted(outcomes, key=lambda outcome: outcome.number)
    found: dict[str, list[Worst]] = {}
    for outcome in ordered:
        for statement, worst in outcome.best.items():
            found.setdefault(statement, []).append(worst)
    return SearchResult(
        restarts=sum(outcome.looks > 0 for outcome in ordered),
        looks=sum(outcome.looks for outcome in ordered),
        undecided=sum(outcome.undecided for outcome in ordered),
        given_up=sum(outcome.given_up for outcome in ordered),
        trouble=next((outcome.trouble for outcome in ordered if outcome.trouble), ""),
        best={statement: _tightest(each) for statement, each in found.items()},
    )


def _tightest(found: Sequence[Worst]) -> Worst:
    """Return the simplest of those that come to the tightest: "as tight" is no order, so all are compared with one."""
    top = found[0]
    for each in found:
        if exceeds(each.tight, top.tight):
            top = each
    near = [each for each in found if each is top or comes_to(each.tight, top.tight, _NOTHING)]
    return min(near, key=lambda each: (each.point.size, each.restart))


_NOTHING = fmpq(1, 10**9)


def search(
    asked: Sought,
    limits: SearchLimits,
    jobs: int = 1,
    *,
    executor: Executor | None = None,
    tick: Callable[[int], None] = lambda _: None,
) -> SearchResult:
    """Search for the worst instance; ``tick`` is told the number of looks after each restart.

    A restart is a function of the seed and its number alone: with ``steps`` the result is the same on every machine and
    for any number of processes, unless a look takes too long and is given up.  ``executor`` is anything that is a
    :class:`concurrent.futures.Executor`, as in :func:`~proofs_check.ledger.run_claims`; else there are ``jobs``
    processes, or this one.

    Raises:
        NotSearched: for what cannot be searched.
        OtherVersion: if a worker has another version of this code.
    """
    whole = space(asked)
    silent = max(_SILENT, whole.rounds)
    shares = islice(_shares(limits), whole.rounds if whole.is_still else None)
    outcomes: list[RestartOutcome] = []
    end = None if limits.seconds is None else monotonic() + limits.seconds
    with ExitStack() as stack:
        if executor is None and jobs > 1:
            executor = stack.enter_context(processes(jobs))
        found = _here(asked, shares, end) if executor is None else _on(executor, jobs, asked, shares, end)
        for outcome in found:
            outcomes.append(outcome)
            tick(sum(each.looks for each in outcomes))
            first = [each for each in outcomes if each.number < silent]
            if len(first) == silent and not any(each.best for each in first):
                outcomes = first
                break
    result = gathered(outcomes)
    _polish(asked, limits, result)
    return result


def _polish(asked: Sought, limits: SearchLimits, result: SearchResult) -> None:
    """Simplify what was found of each inequality once more: restarts do that for one inequality each."""
    most = _POLISH if limits.steps is None else min(_POLISH, limits.steps - 1)
    until = float("inf") if limits.seconds is None else monotonic() + limits.seconds * _MORE_TIME
    for statement, found in sorted(result.best.items()):
        restart = Restart(found.restart, space(asked).decide, until, most, asked.about)
        simplify(restart, found.point, found.tight, statement)
        result.best[statement] = restart.best[statement]
        result.looks += restart.looks


_POLISH = 150
"""Instances that are looked at to simplify what was found of an inequality."""

_MORE_TIME = 0.2
"""What that may take of the time of the search."""


def restarted(asked: Sought, number: int, looks: int, seconds: float | None) -> RestartOutcome:
    """Run one restart."""
    whole, rng = space(asked), Random(f"{asked.seed}:{number}")  # noqa: S311 - reproducible, not secret
    until = float("inf") if seconds is None else monotonic() + seconds
    restart = Restart(number, whole.decide, until, looks, asked.about)
    ascend(restart, whole.starts(number, rng), rng)
    return RestartOutcome(number, restart.looks, restart.undecided, restart.given_up, restart.trouble, restart.best)


def _shares(limits: SearchLimits) -> Iterator[tuple[int, int]]:
    """Yield the number of each restart and how many points it looks at."""
    if limits.steps is None:
        yield from ((number, RESTART_LOOKS) for number in count())
    else:
        whole, rest = divmod(limits.steps, RESTART_LOOKS)
        yield from ((number, RESTART_LOOKS) for number in range(whole))
        yield from [(whole, rest)] * (rest > 0)


def _here(asked: Sought, shares: Iterable[tuple[int, int]], end: float | None) -> Iterator[RestartOutcome]:
    for number, looks in shares:
        left = None if end is None else end - monotonic()
        if left is not None and left <= 0:
            return
        yield restarted(asked, number, looks, left)


def _on(
    executor: Executor, jobs: int, asked: Sought, shares: Iterator[tuple[int, int]], end: float | None
) -> Iterator[RestartOutcome]:
    """Run restarts in rounds of a few for each worker; a restart whose worker died is left out."""
    while True:
        left = None if end is None else end - monotonic()
        if left is not None and left <= 0:
            return
        tasks = {
            number: partial(restarted, asked, number, looks, left)
            for (number, looks), _ in zip(shares, range(_ROUND * jobs), strict=False)
        }
        if not tasks:
            return
        for _, outcome in results_on(executor, tasks, lambda: None):
            if outcome is not None:
                yield outcome


_ROUND = 4

_SILENT = 40
"""Restarts after which a claim without an inequality, or a false case, is given up."""

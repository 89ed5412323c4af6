"""The questions of many functions, to one process of an implementation or to several: the same replies either way.

Several processes of this machine have a thread each that talks to them; elsewhere the workers of an executor do that.
Either is an executor as any other (:mod:`proofs_check.ledger.executing`).
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from queue import Empty, SimpleQueue
from typing import Final, Protocol

from proofs_check.conformance.elsewhere import Elsewhere, Reported, told_by
from proofs_check.conformance.implementations import Source
from proofs_check.conformance.peer import IN_A_ROW, MOST_NOTES, Peer, not_asked
from proofs_check.conformance.protocol import Question, Reply, ReplyKind

Questions = Mapping[str, Sequence[Question]]
"""By function, in the order of the report."""


def replies_by_function(
    source: Source, questions: Questions, jobs: int = 1
) -> Generator[tuple[str, list[Reply]], None, None]:
    """Yield the replies to the questions of each function, in order, from up to ``jobs`` processes of this machine.

    Where a program's answer depends on the question alone, and what it prints, too, replies and notes do not depend on
    ``jobs``.  After some functions in a row that were given up, the others are not asked.

    Raises:
        NotStarted: if a further process cannot be started.
    """
    lost: list[ReplyKind] = []
    if isinstance(source, Elsewhere):
        found = _together(source, source.executor, questions)
    elif isinstance(source, Peer) and min(jobs, len(questions)) > 1:
        found = _by_threads(source, questions, jobs, lost)
    else:
        found = _one_by_one(source, questions)
    with closing(found):
        for name, asked in questions.items():
            if len(lost) < IN_A_ROW:
                replies, kind = next(found)
                lost[:] = [*lost, kind] if kind else []
                yield name, replies
            else:
                found.close()
                yield name, [not_asked(lost[-1])] * len(asked)


_Found = Generator[tuple[list[Reply], ReplyKind | None], None, None]
"""The replies to the questions of a function, and what they ended in if the last of them were not asked."""


def _one_by_one(source: Source, questions: Questions) -> _Found:
    for asked in questions.values():
        replies = source.ask(asked)
        yield replies, source.lost


def _by_threads(first: Peer, questions: Questions, jobs: int, lost: Sequence[ReplyKind]) -> _Found:
    """As :func:`_one_by_one`, from several processes; in the end ``first`` has the notes of all.

    ``lost``: if there are enough, who closes this has heard enough, and ``first`` is to be used further.
    """
    team = _Team(first)
    with closing(team), ThreadPoolExecutor(min(jobs, len(questions))) as pool:
        try:
            yield from _together(team, pool, questions)
        except BaseException:
            if len(lost) < IN_A_ROW:  # else what is at work ends within the limits
                team.kill()
            raise


class _Many(Protocol):
    def task(self, asked: Sequence[Question], /) -> Callable[[], Reported]:
        """Return what asks a process."""

    def adopt(self, told: Reported, /) -> None:
        """Take in what a process said beside its replies."""


def _together(many: _Many, executor: Executor, questions: Questions) -> _Found:
    from proofs_check.ledger.executing import results_on  # the page in the browser has no processes

    told: dict[str, Reported] = {}
    tasks = {name: many.task(asked) for name, asked in questions.items()}
    with closing(results_on(executor, tasks, lambda: None)) as results:
        for name in questions:
            while name not in told:
                done, found = next(results)
                told[done] = found or Reported([_WORKER_LOST] * len(questions[done]), None)
            many.adopt(told[name])
            yield told[name].replies, told[name].lost


_WORKER_LOST: Final = Reply(ReplyKind.CRASH, said="the worker that asked it died")


class _Team:
    """An implementation's first process and further ones, each asked by one thread at a time."""

    def __init__(self, first: Peer) -> None:
        self.first, self.all, self.free = first, [first], SimpleQueue[Peer]()
        self.notes, first.notes = first.notes, []
        self.killed = False
        self.free.put(first)

    def task(self, asked: Sequence[Question]) -> Callable[[], Reported]:
        return partial(self.ask, asked)

    def ask(self, asked: Sequence[Question]) -> Reported:
        """Ask a process that is free, or another one."""
        try:
            peer = self.free.get_nowait()
        except Empty:
            peer = self.first.another(self._listed)
            peer.notes.clear()  # those of the start are there already
        told = told_by(peer, asked)
        self.free.put(peer)
        return told

    def adopt(self, told: Reported) -> None:
        """Take what a process said for what the first said."""
        self.notes = [*self.notes, *told.notes][:MOST_NOTES]
        self.first.complaint = told.complaint or self.first.complaint

    def close(self) -> None:
        """Let the further processes end, after what they still say; no thread may be talking to them."""
        for peer in self.all[1:]:
            with peer:
                peer.settle()
            self.first.doubles |= peer.doubles
            self.notes += peer.notes
        self.first.notes = self.notes[:MOST_NOTES]

    def kill(self) -> None:
        """End all processes, whatever they are at: so do the threads that talk to them."""
        self.killed = True
        for peer in tuple(self.all):
            peer.kill()

    def _listed(self, peer: Peer) -> None:
        self.all.append(peer)
        if self.killed:
            peer.kill()

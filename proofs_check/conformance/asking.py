"""The questions of many functions, to one process of an implementation or to several: the same replies either way.

Each further process is a :class:`~proofs_check.conformance.peer.Peer`, with a thread that talks to it; the threads are
an executor as any other (:mod:`proofs_check.ledger.executing`).
"""

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from queue import Empty, SimpleQueue
from typing import NamedTuple

from proofs_check.conformance.implementations import Source
from proofs_check.conformance.peer import IN_A_ROW, MOST_NOTES, Peer, not_asked
from proofs_check.conformance.protocol import Question, Reply, ReplyKind

Questions = Mapping[str, Sequence[Question]]
"""By function, in the order of the report."""


def replies_by_function(
    source: Source, questions: Questions, jobs: int = 1
) -> Generator[tuple[str, list[Reply]], None, None]:
    """Yield the replies to the questions of each function, in order, from up to ``jobs`` processes.

    Where a program's answer depends on the question alone, and what it prints, too, replies and notes do not depend on
    ``jobs``.  After some functions in a row that were given up, the others are not asked.

    Raises:
        NotStarted: if a further process cannot be started.
    """
    lost: list[ReplyKind] = []
    if isinstance(source, Peer) and min(jobs, len(questions)) > 1:
        found = _together(source, questions, jobs, lost)
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


class _Asked(NamedTuple):
    replies: list[Reply]
    lost: ReplyKind | None


_Found = Generator[_Asked, None, None]


def _one_by_one(source: Source, questions: Questions) -> _Found:
    for asked in questions.values():
        replies = source.ask(asked)
        yield _Asked(replies, source.lost)


def _together(first: Peer, questions: Questions, jobs: int, lost: Sequence[ReplyKind]) -> _Found:
    """As :func:`_one_by_one`, from several processes; in the end ``first`` has the notes of all.

    ``lost``: if there are enough, who closes this has heard enough, and ``first`` is to be used further.
    """
    from proofs_check.ledger.executing import results_on  # the page in the browser has no processes

    width, team, told = min(jobs, len(questions)), _Team(first), dict[str, _Told]()
    tasks = {name: partial(team.ask, asked) for name, asked in questions.items()}
    # Threads of its own, and no other executor: each waits for a process of the implementation, which runs here.
    with closing(team), ThreadPoolExecutor(width) as pool:
        try:
            with closing(results_on(pool, tasks, lambda: None)) as results:
                for name in questions:
                    while name not in told:
                        done, found = next(results)
                        assert found is not None  # noqa: S101 - a thread does not die
                        told[done] = found
                    team.adopt(told[name])
                    yield told[name].asked
        except BaseException:
            if len(lost) < IN_A_ROW:  # else what is at work ends within the limits
                team.kill()
                raise


class _Told(NamedTuple):
    """What became of a function's questions, and what its process said meanwhile."""

    asked: _Asked
    notes: list[str]
    complaint: str


class _Team:
    """An implementation's first process and further ones, each asked by one thread at a time."""

    def __init__(self, first: Peer) -> None:
        self.first, self.all, self.free = first, [first], SimpleQueue[Peer]()
        self.notes, first.notes = first.notes, []
        self.killed = False
        self.free.put(first)

    def ask(self, asked: Sequence[Question]) -> _Told:
        """Ask a process that is free, or another one."""
        try:
            peer = self.free.get_nowait()
        except Empty:
            peer = self.first.another(self._listed)
            peer.notes.clear()  # those of the start are there already
        replies, lost = peer.ask(asked), peer.lost
        peer.settle()  # so that what it says of these is not taken for a remark on others
        notes, peer.notes = peer.notes, []
        self.free.put(peer)
        return _Told(_Asked(replies, lost), notes, peer.complaint)

    def adopt(self, told: _Told) -> None:
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

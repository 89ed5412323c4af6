"""An implementation where an executor's workers are, such as those of a cluster: a process of it for each task.

So it has to be there: a program that can be started, or a module that can be imported.  It runs in the folder that has
the name of this one here, if there is such a folder.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from proofs_check.conformance.implementations import opened
from proofs_check.conformance.peer import MOST_NOTES, Peer
from proofs_check.conformance.process import NotStarted
from proofs_check.conformance.protocol import Hello, Question, Reply, ReplyKind

T = TypeVar("T")


class Reported(NamedTuple):
    """What a process replied to questions, and what it said meanwhile.

    ``lost``: what the last replies are, if so many in a row were that no others were asked.
    """

    replies: list[Reply]
    lost: ReplyKind | None
    notes: Sequence[str] = ()
    complaint: str = ""
    doubles: frozenset[str] = frozenset()


def told_by(peer: Peer, asked: Sequence[Question]) -> Reported:
    """Ask a process, and take from it what it said."""
    replies, lost = peer.ask(asked), peer.lost
    peer.settle()  # so that what it says of these is not taken for a remark on others
    notes, peer.notes = peer.notes, []
    return Reported(replies, lost, notes, peer.complaint, frozenset(peer.doubles))


class Elsewhere:
    """A source of answers: a worker starts a process of the implementation for each task, and ends it."""

    lost: ReplyKind | None = None
    complaint = ""

    def __init__(
        self, executor: Executor, spec: str, functions: Sequence[str], *, timeout: float = 10, memory: int | None = None
    ) -> None:
        """Let a process introduce itself.

        Raises:
            KitError: for a text that names nothing.
            NotStarted: if it cannot be started there.
            OtherVersion: for a worker with another version of the code.
        """
        self.executor = executor
        self._process = _Process(spec, tuple(functions), timeout, memory, Path.cwd())
        self.doubles: set[str] = set()
        self.hello, notes = self.run(_introduction)
        self.notes = [*notes]

    def run(self, work: Callable[[Peer], T]) -> T:
        """Return what a worker finds out with a process of the implementation; never ``None``.

        Raises:
            NotStarted: if it cannot be started, or the worker dies.
        """
        return self._found(partial(self._process.during, work))

    def task(self, asked: Sequence[Question]) -> Callable[[], Reported]:
        """Return what asks a process on a worker."""
        return partial(self._process.ask, asked)

    def adopt(self, told: Reported) -> None:
        """Take what a process said for what the implementation said."""
        self.notes = [*self.notes, *told.notes][:MOST_NOTES]
        self.complaint = told.complaint or self.complaint
        self.doubles |= told.doubles

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Return a reply to each question."""
        told = self._found(self.task(questions))
        self.adopt(told)
        self.lost = told.lost
        return told.replies

    def settle(self) -> None:
        """Nothing comes later: each process has ended."""

    def _found(self, task: Callable[[], T]) -> T:
        from proofs_check.ledger.executing import results_on  # the page in the browser has no processes

        ((_, found),) = results_on(self.executor, {"": task}, lambda: None)
        if found is None:
            raise NotStarted(f"{self._process.spec}: a worker died with it")
        return found


@dataclass(frozen=True, slots=True)
class _Process:
    """How a process of the implementation is started, wherever that is."""

    spec: str
    functions: Sequence[str]
    timeout: float
    memory: int | None
    folder: Path

    def during(self, work: Callable[[Peer], T]) -> T:
        with self._opened() as peer:
            return work(peer)

    def ask(self, asked: Sequence[Question]) -> Reported:
        with self._opened() as peer:
            peer.notes.clear()  # those of the start are there already
            told = told_by(peer, asked)
        return told._replace(complaint=peer.complaint)  # all of it is there only in the end

    @contextmanager
    def _opened(self) -> Iterator[Peer]:
        folder = self.folder if self.folder.is_dir() else None
        with opened(self.spec, self.functions, timeout=self.timeout, memory=self.memory, folder=folder) as peer:
            assert isinstance(peer, Peer)  # noqa: S101 - a file is not asked on workers
            yield peer


def _introduction(peer: Peer) -> tuple[Hello, list[str]]:
    return peer.hello, peer.notes

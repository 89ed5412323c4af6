"""A peer: an implementation in a process of its own, asked by protocol 1, started again after each misfortune."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Final, Self

from proofs_check.conformance.process import Conversation, Gone, NoLine, NotStarted, Silent
from proofs_check.conformance.protocol import (
    Hello,
    NotAHello,
    PeerLine,
    Question,
    Reply,
    ReplyKind,
    ask_line,
    hello_line,
    message_line,
    read_line,
)
from proofs_check.conformance.written import shown

IN_A_ROW: Final = 3
"""After so many crashes or timeouts in a row the other questions of a function are not asked, and after so
many functions in a row that ended so, no others."""

MOST_NOTES: Final = 20
"""So many remarks on a peer are kept."""

START_FACTOR: Final = 6
"""So many times the limit of a question a peer may take to start: it has libraries to import."""


class Peer:
    """Answers questions; what goes wrong is an answer, too.  ``with`` starts it and ends it."""

    def __init__(
        self,
        command: Sequence[str],
        functions: Sequence[str],
        *,
        title: str | None = None,
        timeout: float = 10,
        memory: int | None = None,
        folder: Path | None = None,
        before: Callable[["Peer"], None] = lambda _: None,
    ) -> None:
        """Start a program and let it introduce itself.

        ``title``: how errors call it.  ``timeout``: seconds that an answer may take.  ``memory``: bytes that the
        program may use for its data.  ``folder``: where it runs, this one unless given.  ``before``: gets the peer
        before its process is there, to kill it.

        Raises:
            NotStarted: if it cannot be started, is silent, or says something else; one line.
        """
        self.command, self.functions, self.timeout, self.memory = command, functions, timeout, memory
        self.title, self.folder = title or " ".join(command), folder
        self.notes: list[str] = []
        self.doubles: set[str] = set()
        self.complaint = ""
        self._answered: set[str] = set()
        self._noise = 0
        self._failures = 0
        self._last = ReplyKind.CRASH
        self._talk: Conversation | None = None
        self._killed = False
        before(self)
        self.hello = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._talk is not None:
            self._talk.leave(message_line({"cmd": "bye"}))
            self.complaint = self._talk.complaint or self.complaint
            self._talk = None

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Return the replies, in order.

        A batch that fails is asked again question by question, so that what fails is known.
        """
        replies: dict[str, Reply] = {}
        self._failures = 0
        for start in range(0, len(questions), self.hello.batch):
            batch = questions[start : start + self.hello.batch]
            if len(batch) > 1 and not self._failures:
                replies |= self._asked(batch)
            for each in batch:
                if each.id not in replies:
                    replies[each.id] = not_asked(self.lost) if self.lost else self._asked([each])[each.id]
                    self._count(replies[each.id])
        return [replies[each.id] for each in questions]

    @property
    def lost(self) -> ReplyKind | None:
        """What the last questions ended in, if so many in a row did that no others of them were asked."""
        return self._last if self._failures >= IN_A_ROW else None

    def settle(self) -> None:
        """Wait a moment for what it still says: a second reply to the last question."""
        talk, deadline = self._talk, monotonic() + _AFTERWARDS
        with suppress(NoLine):
            while talk is not None and monotonic() < deadline:
                name = read_line(talk.hear(deadline)).id
                if name in self._answered:
                    self.doubles.add(name)
                    self._note(f"{shown(name)} was answered twice")

    def speak(self, line: bytes) -> Reply | None:
        """Send a line of any command; return what went wrong.  For dialogues, in which the peer asks, too."""
        try:
            self._talking().tell(line)
        except NotStarted as error:
            return Reply(ReplyKind.CRASH, said=f"it could not be started again: {error}")
        return None

    def listen(self, seconds: float | None = None) -> PeerLine | Reply:
        """Return the next line of a dialogue that can be read, or what went wrong; then the peer is ended.

        ``seconds``: how long it is waited for; the limit of a question, unless given.
        """
        talk, deadline = self._talk, monotonic() + (self.timeout if seconds is None else seconds)
        if talk is None:
            return Reply(ReplyKind.CRASH, said="it has ended")
        try:
            while True:
                line = read_line(talk.hear(deadline))
                if line.found is not None or line.id is not None:
                    return line
                self._count_noise(line)
                if monotonic() > deadline:
                    raise Silent
        except NoLine as error:
            self.stop()
            return self._failure(error)

    def _count(self, reply: Reply) -> None:
        if reply.outcome in {ReplyKind.CRASH, ReplyKind.TIMEOUT}:
            self._failures += 1
            self._last = reply.outcome
        else:
            self._failures = 0

    def _asked(self, batch: Sequence[Question]) -> dict[str, Reply]:
        """Return the replies to a batch, of one question always one."""
        waiting = {each.id for each in batch}
        found: dict[str, Reply] = {}
        try:
            talk = self._talking()
            talk.tell(ask_line(batch))
            deadline = monotonic() + self.timeout
            while waiting:
                line = read_line(talk.hear(deadline))
                name = line.id
                if name in waiting:
                    waiting.discard(name)
                    found[name] = line.reply()
                    deadline = monotonic() + self.timeout
                elif name in self._answered or name in found:
                    self.doubles.add(name)
                    self._note(f"{shown(name)} was answered twice")
                elif len(batch) == 1 and (name is not None or line.found is not None):
                    said = f"it answered as {name!r}" if name is not None else "a reply without the id"
                    found[batch[0].id] = Reply(ReplyKind.MALFORMED, said=said)
                    break
                else:
                    self._count_noise(line)
                    if monotonic() > deadline:
                        raise Silent
        except NotStarted as error:
            said = f"it could not be started again: {error}"
            return {each.id: Reply(ReplyKind.CRASH, said=said) for each in batch}
        except NoLine as error:
            self.stop()
            if len(batch) == 1:
                found[batch[0].id] = self._failure(error)
        self._answered |= found.keys()
        return found

    def _failure(self, error: NoLine) -> Reply:
        match error:
            case Silent():
                return Reply(ReplyKind.TIMEOUT, said=f"no answer in {self.timeout:g} s")
            case Gone():
                why = _cause(self.complaint)
                return Reply(ReplyKind.CRASH, said=f"{error}{': ' * bool(why)}{why[:200]}")
        return Reply(ReplyKind.MALFORMED, said=str(error))

    # ------------------------------------------------------------------------------------------------ its process

    def _talking(self) -> Conversation:
        if self._talk is None:
            self._start()
        assert self._talk is not None  # noqa: S101 - it was started
        return self._talk

    def _start(self) -> Hello:
        talk = self._talk = Conversation(self.command, memory=self.memory, folder=self.folder)
        try:
            if self._killed:
                raise Gone("it was ended")  # noqa: TRY301 - as if it had been ended a moment later
            hello = self._introduced(talk)
        except (NoLine, NotAHello) as error:
            self.stop()
            said = f"{self.title}: {_start_failure(error, START_FACTOR * self.timeout)}"
            why = _cause(self.complaint) or (_other_way(self.command) if isinstance(error, Gone) else "")
            raise NotStarted(f"{said}: {why}" if why else said) from None
        except BaseException:
            self.stop()
            raise
        return hello

    def _introduced(self, talk: Conversation) -> Hello:
        talk.tell(hello_line(self.functions))
        deadline = monotonic() + START_FACTOR * self.timeout
        while True:
            line = read_line(talk.hear(deadline))
            if line.found is not None and "protocol" in line.found:
                return Hello.of(line.found)
            self._count_noise(line)

    def stop(self) -> None:
        """End its process; the next question starts another."""
        if self._talk is not None:
            self._talk.end()
            self.complaint = self._talk.complaint
            self._talk = None

    def kill(self) -> None:
        """End its process from another thread, which may be listening to it; none is started any more."""
        self._killed, talk = True, self._talk
        if talk is not None:
            talk.kill()

    def another(self, before: Callable[["Peer"], None]) -> "Peer":
        """Start a process of the same implementation; ``before``, and what is raised, are as in the constructor."""
        return Peer(
            self.command, self.functions, title=self.title, timeout=self.timeout, memory=self.memory,
            folder=self.folder, before=before,
        )  # fmt: skip

    def _count_noise(self, line: PeerLine) -> None:
        self._noise += 1
        self._note(f"a line that is no reply: {line.wrong or shown(line.id or 'an object without id')}")

    def _note(self, text: str) -> None:
        if len(self.notes) < MOST_NOTES:
            self.notes.append(text)

    @property
    def noise(self) -> int:
        """How many lines on its standard output were no replies."""
        return self._noise


_AFTERWARDS = 0.05
"""Seconds."""


def not_asked(kind: ReplyKind) -> Reply:
    """Return the reply to a question that is not asked, after so many that ended in this."""
    return Reply(kind, said=f"not asked: {IN_A_ROW} in a row before it")


_NAMES_AN_ERROR = re.compile(r"\w*Error\b|\berror:|[Cc]annot |[Nn]ot found|No such")


def _cause(complaint: str) -> str:
    """Return the line of stderr that says why a process ended: the last that names an error, if one does."""
    lines = complaint.splitlines()
    naming = [line for line in lines if _NAMES_AN_ERROR.search(line)]
    return (naming or lines or [""])[-1].strip()


def _other_way(command: Sequence[str]) -> str:
    """Say how to name functions of a Python file that, run as a program, defines them and answers nobody."""
    file = next((Path(word) for word in command if word.endswith(".py")), None)
    return "" if file is None else f"if it is a module of functions: python:{file.stem}:OBJECT, from its folder"


def _start_failure(error: Exception, seconds: float) -> str:
    if isinstance(error, Silent):
        return f'no hello within {seconds:g} s; a peer answers {{"cmd":"hello"}} with one line'
    return f"no hello: {error}" if isinstance(error, NoLine) else str(error)

"""Where answers come from: a Python object or a program, each in a process of its own, or a file of replies."""

import shlex
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from proofs_check.conformance.kit import KitError
from proofs_check.conformance.peer import MOST_NOTES, Peer
from proofs_check.conformance.protocol import LONGEST_LINE, Hello, NotAHello, Question, Reply, ReplyKind, read_line
from proofs_check.conformance.written import shown

SPELLINGS: Final = 'write python:my_package.impl:oracle, command:"node impl.mjs" or file:answers.jsonl'

VARIABLE: Final = "SPANNER_IMPL"
"""In the environment: stands for the implementation where none is named."""


class Source(Protocol):
    """Whoever answers."""

    @property
    def hello(self) -> Hello:
        """What it can do."""

    @property
    def notes(self) -> list[str]:
        """What is to be said of it beside its answers."""

    @property
    def doubles(self) -> set[str]:
        """The questions that were answered more than once."""

    @property
    def complaint(self) -> str:
        """The end of what it wrote to stderr."""

    @property
    def lost(self) -> ReplyKind | None:
        """What the last questions ended in, if so many in a row did that no others of them were asked."""

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Return a reply to each question."""

    def settle(self) -> None:
        """Take in what comes after the last reply."""


@contextmanager
def opened(
    spec: str, functions: Sequence[str], *, timeout: float = 10, memory: int | None = None, folder: Path | None = None
) -> Iterator[Source]:
    """Start what the text names, and end it; ``folder``: where it runs, this one unless given.

    Raises:
        KitError: for a text that names nothing, or a file that is not there.
        NotStarted: if it cannot be started.
    """
    kind, _, what = spec.partition(":")
    if not what or kind not in {"python", "command", "file"}:
        raise KitError(f"implementation {spec[:200]!r}: {SPELLINGS}")
    if kind == "file":
        yield AnswerFile.of(Path(what))
        return
    command = _command(kind, what)
    with Peer(command, functions, title=spec, timeout=timeout, memory=memory, folder=folder) as peer:
        yield peer


def _command(kind: str, what: str) -> list[str]:
    if kind == "python":
        module = what.partition(":")[0]
        if module.endswith(".py") or not {"/", "\\"}.isdisjoint(module):
            raise KitError(
                f"python:{what[:200]}: write a module name, not a path, such as python:my_package.impl:oracle"
            )
        begin = (
            f"import sys; sys.path[:] = {sys.path!r}; from proofs_check.conformance.host import main; sys.exit(main())"
        )
        return [sys.executable, "-P", "-c", begin, what]
    try:
        found = shlex.split(what)
    except ValueError as error:
        raise KitError(f"command:{what[:200]}: {error}") from None
    if not found:
        raise KitError("command: names no program")
    return found


class AnswerFile:
    """Replies that were written elsewhere: one a line, each with the id of its vector; the first may be a hello."""

    def __init__(self, replies: dict[str, Reply], doubles: set[str], hello: Hello, notes: list[str]) -> None:
        self.replies, self.doubles, self.hello, self.notes = replies, doubles, hello, notes
        self.complaint, self.lost = "", None

    @staticmethod
    def of(path: Path) -> "AnswerFile":
        """Read a file.

        Raises:
            KitError: if there is none, or none of its lines is a reply.
        """
        replies: dict[str, Reply] = {}
        doubles: set[str] = set()
        hello, notes, number = Hello(path.name), _Notes(), 0
        try:
            with path.open("rb") as file:
                while content := file.readline(LONGEST_LINE + 2):
                    number += 1
                    line = read_line(content.rstrip(b"\r\n"))
                    if line.found is not None and "protocol" in line.found:
                        hello = Hello.of(line.found)
                    elif line.id is None:
                        if content.strip():
                            notes.add(f"line {number} is no reply: {line.wrong or 'it has no id'}")
                    elif line.id in replies:
                        doubles.add(line.id)
                        notes.add(f"line {number}: {shown(line.id)} was answered before")
                    else:
                        replies[line.id] = line.reply()
        except OSError as error:
            raise KitError(f"{path}: {error.strerror}") from None
        except NotAHello as error:
            raise KitError(f"{path}, line {number}: {error}") from None
        if not replies:
            raise KitError(
                f'{path}: no line is a reply, such as {{"id":"softmax-1","answer":[0.5,0.5]}}; {notes.first()}'
            )
        return AnswerFile(replies, doubles, hello, notes.kept)

    def strangers(self, known: Collection[str]) -> list[str]:
        """Return what is to be said of answers to what nobody asks."""
        others = sorted(self.replies.keys() - set(known))
        return [f"answers to no vector of the kit: {len(others)}, such as {shown(others[0])}"] if others else []

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Return what the file says; a question that it does not answer is an error."""
        missing = Reply(ReplyKind.ERROR, said="the file has no answer with this id")
        return [self.replies.get(each.id, missing) for each in questions]

    def settle(self) -> None:
        """Nothing comes after a file."""


class _Notes:
    """The first of many notes."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def add(self, text: str) -> None:
        if len(self.kept) < MOST_NOTES:
            self.kept.append(text)

    def first(self) -> str:
        return self.kept[0] if self.kept else "the file is empty"

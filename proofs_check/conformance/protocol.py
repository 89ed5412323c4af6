"""Protocol 1: one JSON object a line, a question to a peer's standard input, a reply from its standard output.

::

    > {"cmd":"hello","protocol":1,"functions":["softmax",..]}
    < {"protocol":1,"name":"mine","version":"1","format":"binary64","functions":["softmax"],"batch":1}
    > {"cmd":"ask","id":"softmax-7","function":"softmax","input":{"pi":[0.5,0.5],"r":[1,0],"beta":1}}
    < {"id":"softmax-7","answer":[0.7310585786300049,0.2689414213699951]}
    > {"cmd":"ask-many","items":[{"id":..,"function":..,"input":..},..]}      one reply a line, in any order
    > {"cmd":"bye"}

A reply has ``answer``, or ``refused`` or ``error`` with a text.  Other commands have ids too, and their replies other
keys: :func:`read_line` keeps the whole object, so that they need no other reader.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, get_args

from proofs_check.conformance.inputs import NUMBER_SPELLINGS, NumberSpelling
from proofs_check.conformance.written import WrittenNumber, shown
from reference.exact.binary import FormatName

PROTOCOL: Final = 1
"""The version that is spoken."""

LONGEST_LINE: Final = 16 << 20
"""Bytes of a line."""

LARGEST_BATCH: Final = 4096
"""Questions that are asked at once, at most."""


class ReplyKind(StrEnum):
    """What became of a question."""

    ANSWER = "answer"
    REFUSED = "refused"
    ERROR = "error"
    MALFORMED = "malformed"
    CRASH = "crash"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a question.

    ``answer``: as JSON has it, with numbers as :class:`WrittenNumber`.  ``said``: why there is none.
    """

    outcome: ReplyKind
    answer: Any = None
    said: str = ""


class NotAHello(ValueError):
    """What a peer introduces itself with cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Hello:
    """How a peer introduces itself: what it can do, and how it wants to be asked."""

    name: str
    version: str = ""
    format: FormatName = "binary64"
    functions: tuple[str, ...] | None = None
    samplers: tuple[str, ...] = ()
    replay: tuple[str, ...] = ()
    batch: int = 1
    numbers: NumberSpelling = "json"

    @staticmethod
    def of(found: Mapping[str, Any]) -> "Hello":
        """Return what a line of a peer says.

        Raises:
            NotAHello: if it says anything else than it may.
        """
        if (spoken := found.get("protocol")) not in (str(PROTOCOL), PROTOCOL):
            raise NotAHello(f"speaks protocol {shown(spoken)}; this is protocol {PROTOCOL}")
        name, version = found.get("name", "unnamed"), found.get("version", "")
        if not isinstance(name, str) or not isinstance(version, str) or max(len(name), len(version)) > _LONGEST_NAME:
            raise NotAHello(f"name and version in hello are texts of at most {_LONGEST_NAME} characters")
        floats, numbers = found.get("format", "binary64"), found.get("numbers", "json")
        if floats not in get_args(FormatName):
            raise NotAHello(f"format {shown(floats)} in hello; one of {', '.join(get_args(FormatName))}")
        if numbers not in NUMBER_SPELLINGS:
            raise NotAHello(f"numbers {shown(numbers)} in hello; one of {', '.join(NUMBER_SPELLINGS)}")
        batch = str(found.get("batch", "1"))
        if not re.fullmatch("[0-9]{1,9}", batch, re.ASCII) or not int(batch):
            raise NotAHello(f"batch {shown(batch)} in hello; an integer from 1")
        functions = _names(found, "functions") if "functions" in found else None
        return Hello(
            _one_line(name), _one_line(version), floats, functions, _names(found, "samplers"), _names(found, "replay"),
            min(int(batch), LARGEST_BATCH), numbers,
        )  # fmt: skip


def _names(found: Mapping[str, Any], key: str) -> tuple[str, ...]:
    listed = found.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise NotAHello(f"{key} in hello is a list of names")
    return tuple(name[:_LONGEST_NAME] for name in listed)


_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its id; ``input`` is as JSON has it."""

    id: str
    function: str
    input: Mapping[str, Any] = field(repr=False)

    def item(self) -> dict[str, Any]:
        """Return it as an item of ``ask-many``."""
        return {"id": self.id, "function": self.function, "input": self.input}


def hello_line(functions: Iterable[str]) -> bytes:
    """Return the first line that a peer reads."""
    return message_line({"cmd": "hello", "protocol": PROTOCOL, "functions": list(functions)})


def ask_line(questions: Sequence[Question]) -> bytes:
    """Return the line with one question, or with several."""
    if len(questions) == 1:
        return message_line({"cmd": "ask", **questions[0].item()})
    return message_line({"cmd": "ask-many", "items": [question.item() for question in questions]})


def message_line(message: Mapping[str, Any]) -> bytes:
    """Return a message as a line."""
    return json.dumps(message, separators=(",", ":"), allow_nan=False).encode() + b"\n"


class PeerLine:
    """A line that a peer wrote: an object, or what is wrong with it, and the id of the question that it is about."""

    __slots__ = ("found", "id", "wrong")

    def __init__(self, found: Mapping[str, Any] | None, id: str | None, wrong: str = "") -> None:  # noqa: A002 - the key's word
        self.found, self.id, self.wrong = found, id, wrong

    def reply(self) -> Reply:
        """Return what it replies to a question that is asked for an answer."""
        if self.found is None:
            return Reply(ReplyKind.MALFORMED, said=self.wrong)
        kinds = [kind for kind in ("answer", "refused", "error") if kind in self.found]
        if len(kinds) != 1:
            said = f"{' and '.join(kinds)} in one reply" if kinds else "a reply without answer, refused or error"
            return Reply(ReplyKind.MALFORMED, said=said)
        if kinds == ["answer"]:
            return Reply(ReplyKind.ANSWER, self.found["answer"])
        return Reply(ReplyKind(kinds[0]), said=_one_line(self.found[kinds[0]]))


def read_line(line: bytes) -> PeerLine:
    """Return what a line says; it may be anything, and nothing is raised."""
    if len(line) > LONGEST_LINE:
        return PeerLine(None, _id_in(line), f"a line of {len(line):,} bytes; at most {LONGEST_LINE:,} are read")
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return PeerLine(None, _id_in(line), "a line that is not UTF-8")
    try:
        found = json.loads(text, parse_float=WrittenNumber, parse_int=WrittenNumber, parse_constant=WrittenNumber)
    except RecursionError:
        return PeerLine(None, _id_in(line), "lists within lists, too deep")
    except ValueError as error:
        hint = '; JSON has no nan and no inf: write "nan", "inf" as text' if _BARE.search(text) else ""
        return PeerLine(None, _id_in(line), f"{shown(text.strip())} is not JSON ({_one_line(error)}){hint}")
    if not isinstance(found, dict):
        return PeerLine(None, None, f"{shown(text.strip())} is no object")
    name = found.get("id")
    return PeerLine(found, str(name)[:_LONGEST_NAME] if isinstance(name, str) else None)


_BARE = re.compile(r"[:\[,]\s*[+-]?(?:nan|inf)", re.IGNORECASE)
_ID = re.compile(rb'"id"\s*:\s*(?:"([^"\\]{1,200})"|([0-9]{1,20}))')


def _id_in(line: bytes) -> str | None:
    """Return the id in a line that cannot be read, if it looks as if there were one."""
    found = _ID.search(line[:_LOOK])
    return (found[1] or found[2]).decode(errors="replace") if found else None


_LOOK: Final = 4096


def _one_line(what: object, most: int = 300) -> str:
    """Return a text of a peer as one printable line that is not long."""
    text = str(what)[: 4 * most] if not isinstance(what, list | dict) else shown(what)
    text = "".join(c if c.isprintable() else " " for c in " ".join(text.split()))
    return text if len(text) <= most else f"{text[: most - 3]}..."

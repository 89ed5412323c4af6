"""Any line has a verdict; lines that are sent are what the schema says."""

import json
import random
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.conformance.grade import verdict_on
from proofs_check.conformance.messages import (
    AskManyMessage,
    AskMessage,
    ByeMessage,
    HelloMessage,
    PlayedQuestion,
    QuestionReply,
    ReadByPeers,
    ReplayMessage,
    RunReply,
    protocol_schema_text,
)
from proofs_check.conformance.protocol import (
    Hello,
    ask_line,
    hello_line,
    read_line,
)
from proofs_check.conformance.verdict import AnswerKind
from reference.conformance.functions import FUNCTIONS
from tests.conformance.hostile_peers import QUESTIONS
from tests.conformance.small_kit import VECTORS

SOFTMAX = FUNCTIONS["softmax"]


def fuzzed(source: random.Random) -> bytes:
    """Return a line that is a reply with something wrong, or nothing like one."""
    answer: object = source.choice(
        [0.5, [0.5, 0.5], ["nan", 1], "1e999999999", None, {"a": 1}, [[[]]], True, -1, 10**400, "0x1.8p-1", [1, 2, 3]]
    )
    line = json.dumps({"id": "softmax-1", source.choice(["answer", "refused", "error", "x"]): answer}).encode()
    for _ in range(source.randrange(4)):
        at, what = source.randrange(len(line) + 1), source.randrange(256)
        match source.randrange(5):
            case 0:
                line = line[:at] + bytes([what]) + line[at:]
            case 1:
                line = line[:at] + line[at + 1 :]
            case 2:
                line = line[:at]
            case 3:
                line = line[:at] + source.choice([b"NaN", b"nan", b"-Infinity", b"1e999999999", b"{", b"]", b"\\ud800"])
            case _:
                line = line + line[at:]
    return line


def judged(line: bytes) -> AnswerKind:
    return verdict_on(read_line(line).reply(), VECTORS["softmax"][0], SOFTMAX).kind


def fuzz(count: int, line: Callable[[random.Random], bytes]) -> None:
    source = random.Random(1)  # noqa: S311 - no secret
    for _ in range(count):
        assert judged(line(source)) in AnswerKind


def test_hundreds_of_fuzzed_lines_raise_nothing() -> None:
    fuzz(500, fuzzed)


@pytest.mark.slow
def test_a_hundred_thousand_fuzzed_lines_raise_nothing() -> None:
    fuzz(80_000, fuzzed)
    fuzz(20_000, lambda source: source.randbytes(source.randrange(60)))


@given(st.binary(max_size=60))
def test_any_line_has_a_verdict(line: bytes) -> None:
    assert judged(line) in {"malformed", "error", "refused", *AnswerKind}


def test_what_is_sent_and_what_the_examples_say_is_what_the_schema_says() -> None:
    reads = [msgspec.json.decode(line, type=ReadByPeers) for line in (hello_line(["kl"]), ask_line(QUESTIONS))]
    assert [type(each) for each in reads] == [HelloMessage, AskManyMessage]
    assert isinstance(msgspec.json.decode(ask_line(QUESTIONS[:1]), type=ReadByPeers), AskMessage)
    assert isinstance(msgspec.json.decode(b'{"cmd":"bye"}', type=ReadByPeers), ByeMessage)
    schema = json.loads(protocol_schema_text())
    assert schema["$defs"].keys() == {
        "HelloMessage", "AskMessage", "AskManyMessage", "AskedItem", "ByeMessage", "HelloReply", "QuestionReply",
        "ReplayMessage", "SampleMessage", "PlayedAnswer", "PlayedQuestion", "RunReply",
    }  # fmt: skip
    run = b'{"cmd":"replay","id":"xpo-1","algorithm":"xpo","input":{}}'
    assert msgspec.json.decode(run, type=ReadByPeers) == ReplayMessage("xpo-1", "xpo", {})
    assert msgspec.json.decode(b'{"ask":"coin","p":0.5}', type=PlayedQuestion).p == 0.5
    assert msgspec.json.decode(b'{"id":"a","draws":[[0,1]]}', type=RunReply).draws == [(0, 1)]
    keys = {"id", "answer", "refused", "error"}
    assert msgspec.json.decode(b'{"id":"kl-1","refused":"no"}', type=QuestionReply).refused == "no"
    assert schema["$defs"]["QuestionReply"]["properties"].keys() == keys
    assert schema["$defs"]["HelloReply"]["properties"].keys() - {"protocol"} == {*Hello.__dataclass_fields__}


def test_questions_are_lines() -> None:
    assert ask_line(QUESTIONS).count(b"\n") == 1
    assert b"\n" not in ask_line(QUESTIONS[:1])[:-1]

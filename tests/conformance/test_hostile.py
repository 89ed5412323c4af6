"""Peers that are missing, silent, slow, rude or mad: each gets a verdict or one line, and none stays behind."""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.conformance.dialogue import Broken, dialogue
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
from proofs_check.conformance.peer import Peer
from proofs_check.conformance.player import Differs, Player
from proofs_check.conformance.process import NotStarted
from proofs_check.conformance.protocol import (
    Hello,
    NotAHello,
    PeerLine,
    Question,
    Reply,
    ask_line,
    hello_line,
    message_line,
    read_line,
)
from proofs_check.conformance.verdict import AnswerKind
from reference.conformance.functions import FUNCTIONS
from reference.conformance.scripts import read_scripts
from tests.conformance.small_kit import VECTORS

SOFTMAX = FUNCTIONS["softmax"]
QUESTIONS = [Question(f"q-{j}", "softmax", {"pi": [1.0], "r": [0.0], "beta": 1.0}) for j in range(5)]

START = """
import json, os, sys, time
def say(text): os.write(1, (text if isinstance(text, bytes) else text.encode()) + b"\\n")
def ok(id): say(json.dumps({"id": id, "answer": [1]}))
sys.stdin.readline()
say(json.dumps({"protocol": 1, "name": "hostile", "batch": BATCH}))
for line in sys.stdin:
    message = json.loads(line)
    if message["cmd"] == "bye": break
    items = message.get("items", [message])
    ids = [item["id"] for item in items]
    id = ids[0]
"""


def program(body: str, batch: int = 1) -> list[str]:
    """Return a command: a peer that does ``body`` for each line that it is asked."""
    text = START.replace("BATCH", str(batch)) + "".join(f"    {line}\n" for line in body.splitlines())
    return [sys.executable, "-S", "-E", "-c", text]


def replies(body: str, batch: int = 1, timeout: float = 5, memory: int | None = None) -> tuple[list[Reply], Peer]:
    with Peer(program(body, batch), ["softmax"], timeout=timeout, memory=memory) as peer:
        return peer.ask(QUESTIONS), peer


def outcomes(body: str, batch: int = 1, timeout: float = 5) -> list[str]:
    return [str(reply.outcome) for reply in replies(body, batch, timeout)[0]]


# ------------------------------------------------------------------------------------------------ it does not start


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["/no/such/program"], "/no/such/program: No such file or directory"),
        ([str(Path(__file__).parent)], "Permission denied"),
        (["/bin/true"], "no hello: its process ended with exit code 0"),
        (
            ["/bin/true", "my/impl.py"],
            "exit code 0: if it is a module of functions: python:impl:OBJECT, from its folder",
        ),
        (["/bin/cat"], "speaks protocol 1"),
        (["/bin/sleep", "100"], 'no hello within 0.6 s; a peer answers {"cmd":"hello"} with one line'),
        ([sys.executable, "-S", "-c", "raise SystemExit('no licence')"], "exit code 1: no licence"),
        (["/bin/sh", "-c", "echo 'Error: no such' >&2; echo 'Node.js v20' >&2; exit 1"], "code 1: Error: no such"),
        ([sys.executable, "-S", "-c", "print('{\"protocol\": 2}', flush=True); input(); input()"], "protocol 2"),
        ([sys.executable, "-S", "-c", "import os; os.kill(os.getpid(), 11)"], "ended by SIGSEGV"),
        (["/bin/echo", '{"protocol": 1, "format": "binary16x"}'], "format 'binary16x' in hello; one of binary64"),
        ([], "an empty command"),
    ],
    ids=lambda value: value[:30].replace("/", "-") if isinstance(value, str) else "",
)
def test_what_does_not_start_is_one_line(command: list[str], said: str) -> None:
    if command == ["/bin/cat"]:  # it echoes the hello, which names the protocol: then it offers every function
        with Peer(command, ["softmax"], timeout=0.2) as peer:
            assert peer.ask(QUESTIONS[:1])[0].outcome == "malformed"
        return
    with pytest.raises(NotStarted) as caught:
        Peer(command, ["softmax"], timeout=0.1 if "sleep" in "".join(command) else 5)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "found",
    [
        {}, {"protocol": "2"}, {"protocol": []}, {"protocol": {}}, {"protocol": 1, "name": 7},
        {"protocol": 1, "name": "x" * 1000},
        {"protocol": 1, "batch": 0}, {"protocol": 1, "batch": "1e9"}, {"protocol": 1, "batch": []},
        {"protocol": 1, "functions": "softmax"}, {"protocol": 1, "functions": [1]}, {"protocol": 1, "numbers": "octal"},
        {"protocol": 1, "format": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_hello_is_read_strictly(found: dict[str, object]) -> None:
    with pytest.raises(NotAHello):
        Hello.of(found)


# ------------------------------------------------------------------------------------------------ it does not answer


def test_silence_is_a_timeout_and_not_waited_for_for_ever() -> None:
    start = time.monotonic()
    found, _ = replies("pass", timeout=0.2)
    assert [reply.outcome for reply in found] == ["timeout"] * 5
    assert found[0].said == "no answer in 0.2 s"
    assert found[4].said == "not asked: 3 in a row before it"
    assert time.monotonic() - start < 10


def test_a_slow_answer_is_a_timeout_and_the_next_is_asked_anew() -> None:
    assert outcomes("time.sleep(30 * (id == 'q-1')); ok(id)", timeout=0.5) == ["answer", "timeout", *["answer"] * 3]


def test_one_slow_question_of_a_batch_is_found() -> None:
    body = "for id in ids:\n    time.sleep(30 * (id == 'q-2')); ok(id)"
    assert outcomes(body, batch=5, timeout=0.5) == ["answer", "answer", "timeout", "answer", "answer"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("os.kill(os.getpid(), 11)", "its process was ended by SIGSEGV"),
        ("os._exit(3)", "its process ended with exit code 3"),
        ("raise RuntimeError('no memory left')", "its process ended with exit code 1: RuntimeError: no memory left"),
        ("os.close(1); time.sleep(60)", "it closed its output"),
    ],
)
def test_a_crash_is_a_verdict(how: str, said: str) -> None:
    found, peer = replies(f"if id == 'q-1': {how}\nok(id)")
    assert [reply.outcome for reply in found] == ["answer", "crash", "answer", "answer", "answer"]
    assert found[1].said == said
    assert len(peer.complaint) <= 2000


def test_the_crash_of_one_question_in_a_batch_is_found() -> None:
    body = "for id in ids:\n    if id == 'q-3': os.abort()\n    ok(id)"
    assert outcomes(body, batch=64) == ["answer", "answer", "answer", "crash", "answer"]


def test_what_starts_once_only_crashes() -> None:
    flag = "os.environ.get('HOME', '/') and os.path.exists('/proc/self')"
    found, _ = replies(f"{flag}; os._exit(1)")
    assert {reply.outcome for reply in found} == {"crash"}


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_memory_is_limited() -> None:
    found, peer = replies("x = bytearray(2_000_000_000) if id == 'q-1' else 0\nok(id)", memory=200 << 20)
    assert [reply.outcome for reply in found] == ["answer", "crash", "answer", "answer", "answer"]
    assert "MemoryError" in found[1].said
    assert "MemoryError" in peer.complaint


def test_nothing_stays_behind() -> None:
    body = (
        "import subprocess; p = subprocess.Popen(['/bin/sleep', '300']); say(json.dumps({'id': id, 'answer': p.pid}))"
    )
    found, _ = replies(body)
    for reply in found:
        with pytest.raises(ProcessLookupError):
            _gone(int(reply.answer))


def _gone(pid: int) -> None:
    """Raise ``ProcessLookupError`` as soon as there is no such process, or only what is left of one."""
    for _ in range(100):
        os.kill(pid, 0)
        with suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z":
                raise ProcessLookupError
        time.sleep(0.02)


def test_a_child_that_holds_the_output_open_does_not_hold_us() -> None:
    body = "import subprocess; subprocess.Popen(['/bin/sleep', '300']); os._exit(0)"
    start = time.monotonic()
    assert set(outcomes(body, timeout=20)) == {"crash"}
    assert time.monotonic() - start < 15


# ------------------------------------------------------------------------------------------------- it answers rudely


def test_noise_is_passed_over_and_told() -> None:
    found, peer = replies("say('Loading weights...'); say(''); say(b'\\xff\\xfe'); say('[1, 2]'); ok(id)")
    assert [reply.outcome for reply in found] == ["answer"] * 5
    assert peer.noise == 20
    assert (
        peer.notes[0]
        == "a line that is no reply: 'Loading weights...' is not JSON (Expecting value: line 1 column 1 (char 0))"
    )


def test_noise_without_end_is_a_timeout() -> None:
    with Peer(program("while True: say('y')"), ["softmax"], timeout=0.3) as peer:
        assert peer.ask(QUESTIONS[:1])[0].outcome == "timeout"
        assert peer.noise > len(peer.notes)


def test_a_line_without_end_is_malformed() -> None:
    found, _ = replies("say(b'[' * 30_000_000 if id == 'q-0' else json.dumps({'id': id, 'answer': 1}))")
    assert [reply.outcome for reply in found] == ["malformed", *["answer"] * 4]
    assert found[0].said == "a line of more than 16,777,216 bytes"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ('{"id": "q-9", "answer": 1}', "it answered as 'q-9'"),
        ('{"answer": 1}', "a reply without the id"),
        ('{"id": 7, "answer": 1}', "it answered as '7'"),
        ('{"id": "ID"}', "a reply without answer, refused or error"),
        ('{"id": "ID", "answer": 1, "refused": "no"}', "answer and refused in one reply"),
        ('{"id": "ID", "answer": nan}', 'JSON has no nan and no inf: write "nan", "inf" as text'),
        ('{"id": "ID", "answer": [0.5,', "is not JSON"),
        ('{"id": "ID", "answer": ' + "[" * 100_000, "too deep"),
    ],
    ids=lambda value: value[:25],
)
def test_a_rude_reply_is_malformed(reply: str, said: str) -> None:
    found, _ = replies(f"say({reply!r}.replace('ID', id))")
    assert [each.outcome for each in found] == ["malformed"] * 5
    assert said in found[0].said
    assert "\n" not in found[0].said
    assert len(found[0].said) < 500


def test_replies_in_any_order_are_told_apart_by_their_ids() -> None:
    body = "for id in reversed(ids): say(json.dumps({'id': id, 'answer': int(id[2:])}))"
    found, _ = replies(body, batch=5)
    assert [reply.answer for reply in found] == ["0", "1", "2", "3", "4"]


def test_half_a_batch_is_asked_for_again() -> None:
    body = "for id in ids[:2]: ok(id)"
    assert outcomes(body, batch=5, timeout=0.4) == ["answer"] * 5


def test_a_second_reply_is_seen() -> None:
    _, peer = replies("ok(id); ok(id)")
    assert peer.doubles == {"q-0", "q-1", "q-2", "q-3"}
    assert peer.notes[0] == "'q-0' was answered twice"


def test_a_second_reply_to_the_last_question_is_seen() -> None:
    with Peer(program("ok(id); ok(id)"), ["softmax"], timeout=5) as peer:
        peer.ask(QUESTIONS)
        peer.settle()
        assert QUESTIONS[-1].id in peer.doubles


def test_lines_that_are_neither_question_nor_reply_do_not_prolong_a_dialogue() -> None:
    body = "while True: say('{\"x\":1}'); time.sleep(0.01)"
    with Peer(program(body), ["softmax"], timeout=0.3) as peer:
        start = time.monotonic()
        with pytest.raises(Broken, match="no answer in"):
            dialogue(peer, {"cmd": "replay", "id": "r-1"}, lambda _: {})
        assert time.monotonic() - start < 5


def test_what_a_peer_is_noted_for_can_be_written_down() -> None:
    _, peer = replies('say(json.dumps({"id": chr(0xD800)})); ok(id)', batch=2)
    assert peer.notes
    msgspec.json.encode(peer.notes)
    with pytest.raises(Differs) as caught:
        Player(read_scripts("xpo").scripts[0]).ask(
            {"ask": "\ud800", "\ud801": 1, **dict.fromkeys(map(str, range(999)), 1)}
        )
    msgspec.json.encode(str(caught.value))
    assert len(str(caught.value)) < 1000


def test_a_dialogue_in_which_the_peer_asks() -> None:
    asks = "say('noise'); say(json.dumps({'ask': 'weak', 'x': 0}))"
    body = f"{asks}\nsay(sys.stdin.readline().strip())\nsys.stdin.readline()"
    with Peer(program(body), ["softmax"], timeout=5) as peer:
        assert peer.speak(message_line({"cmd": "replay", "id": "r-1"})) is None
        asked = peer.listen()
        assert isinstance(asked, PeerLine)
        assert asked.found == {"ask": "weak", "x": "0"}
        peer.speak(message_line({"answer": 3}))
        done = peer.listen()
        assert isinstance(done, PeerLine)
        assert done.found == {"answer": "3"}
        late = peer.listen(0.1)
        assert (isinstance(late, Reply) and late.outcome) == "timeout"
        gone = peer.listen()
        assert (isinstance(gone, Reply) and gone.outcome) == "crash"


def test_stderr_without_end_does_not_block() -> None:
    found, peer = replies("os.write(2, b'x' * 3_000_000 + b'\\nlast'); ok(id)")
    assert [reply.outcome for reply in found] == ["answer"] * 5
    assert len(peer.complaint) <= 2000


def test_a_peer_that_does_not_read_does_not_block() -> None:
    large = [Question("q", "softmax", {"pi": [1.0] * 400_000, "r": [0.0], "beta": 1.0})]
    code = "import os, time; os.write(1, b'{\"protocol\": 1}\\n'); time.sleep(60)"
    with Peer([sys.executable, "-S", "-c", code], ["softmax"], timeout=1) as peer:
        assert peer.ask(large)[0].outcome == "timeout"


# --------------------------------------------------------------------------------------------------------- fuzzing


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

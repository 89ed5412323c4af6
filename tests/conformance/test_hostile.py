"""Peers that are missing, silent, slow or mad: each gets a verdict or one line, and none stays behind."""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from proofs_check.conformance.peer import Peer
from proofs_check.conformance.process import NotStarted
from proofs_check.conformance.protocol import (
    Hello,
    NotAHello,
)
from tests.conformance.hostile_peers import QUESTIONS, outcomes, replies


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

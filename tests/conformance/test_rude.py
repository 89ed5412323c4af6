"""Peers that answer rudely, twice, out of order or without end: each gets a verdict, and none holds the grader up."""

import sys
import time

import msgspec
import pytest

from proofs_check.conformance.dialogue import Broken, dialogue
from proofs_check.conformance.peer import Peer
from proofs_check.conformance.player import Differs, Player
from proofs_check.conformance.protocol import (
    PeerLine,
    Question,
    Reply,
    message_line,
)
from reference.conformance.scripts import read_scripts
from tests.conformance.hostile_peers import QUESTIONS, outcomes, program, replies


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

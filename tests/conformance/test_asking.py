"""Several processes of an implementation: asked at once, and the report is that of one."""

import sys
import time
from pathlib import Path

import pytest

from proofs_check.cli import main
from proofs_check.conformance.asking import replies_by_function
from proofs_check.conformance.peer import Peer
from proofs_check.conformance.process import NotStarted
from proofs_check.conformance.protocol import Question
from tests.conformance.small_kit import VECTORS, write_kit

BEGIN = """
import json, os, sys, time
def say(text): os.write(1, text.encode() + b"\\n")
if START: say("Loading weights...")
sys.stdin.readline()
say(json.dumps({"protocol": 1, "name": "hostile", "batch": 2}))
for line in sys.stdin:
    message = json.loads(line)
    if message["cmd"] == "bye": break
    for item in message.get("items", [message]):
        id, function = item["id"], item["function"]
"""


def program(body: str, start: str = "True") -> list[str]:
    text = BEGIN.replace("START", start) + "".join(f"        {line}\n" for line in body.splitlines())
    return [sys.executable, "-S", "-E", "-c", text]


def asked(body: str, jobs: int, functions: int = 6) -> tuple[dict[str, list[tuple[str, object]]], Peer]:
    questions = {
        f"f{k}": [Question(f"f{k}-{j}", f"f{k}", {"x": j}) for j in range(5 if k % 2 else 1)] for k in range(functions)
    }
    with Peer(program(body), list(questions), timeout=5) as peer:
        found = {
            name: [(str(reply.outcome), reply.answer) for reply in replies]
            for name, replies in replies_by_function(peer, questions, jobs)
        }
        peer.settle()
    return found, peer


RUDE = """
time.sleep(0.002 * (len(id) + int(id[-1])))
if id == "f3-2": os._exit(3)
reply = json.dumps({"id": id, "answer": int(id[-1]) + int(function[1:])})
if function == "f2": say("debug " + id)
say(reply)
if function == "f1": say(reply)
sys.stderr.write("f3 is coming" if function == "f2" else "")
"""


@pytest.mark.parametrize("jobs", [2, 6, 40])
def test_replies_and_remarks_of_several_are_those_of_one(jobs: int) -> None:
    (one, peer), (several, team) = asked(RUDE, 1), asked(RUDE, jobs)
    assert list(several.items()) == list(one.items())
    assert several["f3"][2] == ("crash", None)
    assert team.doubles == peer.doubles == {f"f1-{j}" for j in range(5)}
    assert sorted(team.notes) == sorted(peer.notes)  # a second reply may come so late that it is heard with others
    assert team.notes[0].startswith("a line that is no reply: 'Loading weights...'")
    assert len(team.notes) == 9  # two of further starts, after the crash in a batch and the crash alone


@pytest.mark.parametrize("jobs", [1, 3])
def test_after_three_functions_in_a_row_no_others_are_asked(jobs: int) -> None:
    body = """
if function != "f1": os._exit(7)
say(json.dumps({"id": id, "answer": 1}))
"""
    questions = {f"f{k}": [Question(f"f{k}-{j}", f"f{k}", {}) for j in range(4)] for k in range(7)}
    with Peer(program(body, "False"), list(questions), timeout=5) as peer:
        found = dict(replies_by_function(peer, questions, jobs))
        said = {name: [reply.said[:9] for reply in replies] for name, replies in found.items()}
        assert said["f1"] == [""] * 4
        assert said["f4"] == ["its proce"] * 3 + ["not asked"]
        assert said["f5"] == said["f6"] == ["not asked"] * 4
        assert peer.ask(questions["f1"])[0].answer == "1"  # it is still there


def test_they_are_asked_at_once() -> None:
    body = """
time.sleep(0.2)
say(json.dumps({"id": id, "answer": os.getpid()}))
"""
    found, _ = asked(body, 3)
    assert len({answer for replies in found.values() for _, answer in replies}) == 3


def test_who_stops_early_ends_them_whatever_they_are_at() -> None:
    body = """
if function == "f0": say(json.dumps({"id": id, "answer": 1}))
else: time.sleep(100)
"""
    questions = {f"f{k}": [Question(f"f{k}-0", f"f{k}", {})] for k in range(4)}
    start = time.monotonic()
    with Peer(program(body, "False"), list(questions), timeout=60) as peer:
        found = replies_by_function(peer, questions, 4)
        assert next(found)[0] == "f0"
        found.close()
    assert time.monotonic() - start < 30


def test_a_further_process_that_does_not_start_is_told(tmp_path: Path) -> None:
    body = "time.sleep(0.3); say(json.dumps({'id': id, 'answer': 1}))"
    mark = tmp_path / "started"
    once = f"import os; os.close(os.open({str(mark)!r}, os.O_CREAT | os.O_EXCL | os.O_WRONLY))"
    command = [*program(body, "False")[:-1], once + program(body, "False")[-1]]
    questions = {f"f{k}": [Question(f"f{k}-0", f"f{k}", {})] for k in range(2)}
    with Peer(command, list(questions), timeout=5) as peer, pytest.raises(NotStarted, match="FileExistsError"):
        list(replies_by_function(peer, questions, 2))


def test_the_report_is_the_same_to_the_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kit = write_kit(tmp_path)
    (tmp_path / "mine.py").write_text("def softmax(pi, r, beta): return pi\ndef kl(p, q): return 0.5\n", "utf-8")
    for jobs in ("1", "2"):
        options = ["--vectors", str(kit), "--jobs", jobs, "--json", f"{jobs}.json", "--junit", f"{jobs}.xml"]
        assert main(["grade", "python:mine", *options]) == 1
    for kind in ("json", "xml"):
        assert Path(f"1.{kind}").read_bytes() == Path(f"2.{kind}").read_bytes()
    assert len(VECTORS) > 1


def test_jobs_of_what_has_no_processes_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", "file:answers.jsonl", "--jobs", "2"]) == 2
    assert "a file has been answered, and nobody is asked" in capsys.readouterr().err
    assert main(["grade", "compare", "a.json", "--jobs", "2"]) == 2
    assert "gradings are read, and nothing is asked" in capsys.readouterr().err
    assert main(["grade", "python:x", "--jobs", "0"]) == 2
    assert "try 'spanner grade --help'" in capsys.readouterr().err

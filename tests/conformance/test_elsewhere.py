"""An implementation asked by the workers of an executor: the report is that of one process here."""

import json
import shlex
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from proofs_check.cli import main
from proofs_check.conformance.asking import replies_by_function
from proofs_check.conformance.elsewhere import Elsewhere
from proofs_check.conformance.kit import KitError
from proofs_check.conformance.process import NotStarted
from proofs_check.conformance.protocol import Question
from proofs_check.conformance.replays import replay_all
from proofs_check.ledger import OtherVersion
from proofs_check.ledger.executing import processes, run_same
from proofs_check.sweep import executors
from proofs_check.sweep.engines import AtOnce
from proofs_check.sweep.executors import Workplace
from tests.conformance.small_kit import write_kit
from tests.conformance.test_asking import RUDE, asked, program
from tests.conformance.test_grade_runs import SHORT

QUESTIONS = {f"f{k}": [Question(f"f{k}-{j}", f"f{k}", {"x": j}) for j in range(5 if k % 2 else 1)] for k in range(6)}


class Deadly(AtOnce):
    """Its workers die of all tasks after the first few."""

    def __init__(self, alive: int = 0) -> None:
        self.alive = alive

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":  # noqa: ANN401 - as every executor
        self.alive -= 1
        if self.alive >= 0:
            return super().submit(fn, *args, **kwargs)
        dead: Future[Any] = Future()
        dead.set_exception(BrokenExecutor("killed"))
        return dead


def elsewhere(body: str, executor: Executor) -> Elsewhere:
    return Elsewhere(executor, f"command:{shlex.join(program(body))}", list(QUESTIONS), timeout=5)


def test_replies_and_remarks_are_those_of_one_process_here() -> None:
    here, peer = asked(RUDE, 1)
    with processes(2) as executor:
        source = elsewhere(RUDE, executor)
        found = {
            name: [(str(reply.outcome), reply.answer) for reply in replies]
            for name, replies in replies_by_function(source, QUESTIONS)
        }
    assert list(found.items()) == list(here.items())
    assert source.doubles == peer.doubles
    assert sorted(source.notes) == sorted(peer.notes)
    assert source.complaint == "f3 is coming"  # the last words of the process for f2
    assert source.hello == peer.hello


def test_a_question_alone_and_many_crashes() -> None:
    source = elsewhere("if function != 'f0': os._exit(7)\nsay(json.dumps({'id': id, 'answer': 1}))", AtOnce())
    assert [reply.answer for reply in source.ask(QUESTIONS["f0"])] == ["1"]
    assert not source.lost
    assert [reply.said[:9] for reply in source.ask(QUESTIONS["f1"])] == ["its proce"] * 3 + ["not asked"] * 2
    assert source.lost == "crash"
    source.settle()


def test_it_runs_in_the_folder_of_who_asks_where_there_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, there = tmp_path / "here", tmp_path / "there"
    folder.mkdir()
    there.mkdir()
    monkeypatch.chdir(folder)
    source = elsewhere("say(json.dumps({'id': id, 'answer': os.getcwd()}))", AtOnce())
    monkeypatch.chdir(there)  # where a worker is
    assert [reply.answer for reply in source.ask(QUESTIONS["f0"])] == [str(folder)]
    folder.rmdir()
    assert [reply.answer for reply in source.ask(QUESTIONS["f0"])] == [str(there)]


def test_a_worker_that_dies_takes_the_answers_of_one_function_with_it() -> None:
    source = elsewhere("say(json.dumps({'id': id, 'answer': 1}))", Deadly(5))
    found = dict(replies_by_function(source, QUESTIONS))
    said = {name: {reply.said for reply in replies} for name, replies in found.items()}
    assert said == {
        **{name: {""} for name in list(QUESTIONS)[:4]},
        "f4": {"the worker that asked it died"},
        "f5": {"the worker that asked it died"},
    }
    with pytest.raises(NotStarted, match="a worker died with it"):
        elsewhere("", Deadly())


def test_what_cannot_be_started_there_is_told() -> None:
    with pytest.raises(NotStarted, match="no_such_program: No such file or directory"):
        Elsewhere(AtOnce(), "command:no_such_program", [])
    with pytest.raises(KitError, match="write a module name"):
        Elsewhere(AtOnce(), "python:a/b.py", [])
    with pytest.raises(KitError, match="offers no algorithm to replay"):
        elsewhere("", AtOnce()).run(lambda peer: replay_all(peer, "binary64"))


def test_a_worker_with_other_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def other(digest: str, *rest: Any) -> object:  # noqa: ANN401 - whatever it is given
        return run_same(digest[::-1] + "x", *rest)

    monkeypatch.setattr("proofs_check.ledger.executing.run_same", other)
    with pytest.raises(OtherVersion, match="install the same"):
        elsewhere("", AtOnce())


MINE = """
name, version = "mine", "1"
def softmax(pi, r, beta): return pi
def kl(p, q): return 0.5
"""


def test_the_report_is_the_same_to_the_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kit = write_kit(tmp_path)
    (tmp_path / "mine.py").write_text(MINE, "utf-8")
    places = {
        "local:2": executors.workplace_named,
        "dask:tcp://x:1": lambda _: nullcontext(Workplace(1, AtOnce())),
    }
    monkeypatch.setattr("proofs_check.cli.grade.check_engine", lambda _: None)
    assert main(["grade", "python:mine", "--vectors", str(kit), "--json", "one.json"]) == 1
    for name, place in places.items():
        monkeypatch.setattr("proofs_check.cli.where.workplace_named", place)
        assert main(["grade", "python:mine", "--vectors", str(kit), "--on", name, "--json", "other.json"]) == 1
        assert Path("other.json").read_bytes() == Path("one.json").read_bytes()


def test_replays_and_samplers_run_there_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "short_one.py").write_text(SHORT, "utf-8")
    monkeypatch.setattr("proofs_check.cli.grade.check_engine", lambda _: None)
    with processes(1) as executor:
        place = Workplace(1, executor)
        monkeypatch.setattr("proofs_check.cli.where.workplace_named", lambda _: nullcontext(place))
        words = ["grade", "python:short_one", "--replay", "--samplers", "--draws", "1000", "--json"]
        assert main([*words, "one.json"]) == main([*words, "other.json", "--on", "dask:tcp://x:1"]) == 1
    found = Path("one.json").read_bytes()
    assert Path("other.json").read_bytes() == found
    assert {"enumerating-1", "softmax_sampler-1"} <= {each["script"] for each in json.loads(found)["replays"]}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["python:x", "--on", "moon"], "no engine 'moon'; there are serial, local, local:JOBS or dask:ADDRESS"),
        (["python:x", "--on", "local:0"], "no engine 'local:0'"),
        (["python:x", "--on", "local:2", "--jobs", "3"], "--on and --jobs both say where it is asked"),
        (["file:answers.jsonl", "--on", "local:2"], "--on: a file has been answered, and nobody is asked"),
        (["compare", "a.json", "--on", "local:2"], "grade compare --on: gradings are read, and nothing is asked"),
        (["python:x", "--alpha", "two"], "--alpha two"),
    ],
)
def test_one_line_where_it_cannot_be_asked(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1

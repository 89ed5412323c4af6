"""Replay: the right programs replay every script, each named wrong one is shown by one, and files are as they ship."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofs_check.conformance.player import Differs, Player
from proofs_check.conformance.scripting import script, script_file
from reference.conformance.cases.runs import CHOSEN, RUN_SETTINGS
from reference.conformance.recording import NearTie, recorded_run
from reference.conformance.scripts import (
    DIGESTS,
    REPLAY,
    SCRIPTS_SCHEMA_PATH,
    AlgorithmName,
    ChangedScripts,
    Script,
    digests_text,
    read_scripts,
    script_path,
    script_text,
    scripts_schema_text,
)
from reference.interaction.seeded import Seeded
from tests.conformance.replaying import replayed
from tests.conformance.right import algorithms
from tests.conformance.wrong_runs import WRONG_RUNS, WrongRun

NAMES: tuple[AlgorithmName, ...] = get_args(AlgorithmName)
SCRIPTS = [(name, each) for name in NAMES for each in read_scripts(name).scripts]


def _program(name: str) -> Any:  # noqa: ANN401 - a function
    return getattr(algorithms, name)


@pytest.mark.parametrize(("name", "shipped"), SCRIPTS, ids=[each.id for _, each in SCRIPTS])
def test_the_second_implementation_replays(name: str, shipped: Script) -> None:
    assert replayed(_program(name), shipped) is None


@pytest.mark.parametrize("wrong", WRONG_RUNS, ids=[each.full_name for each in WRONG_RUNS])
def test_a_script_shows_each_wrong_run(wrong: WrongRun) -> None:
    assert any(replayed(getattr(wrong.module, name), each) for name, each in SCRIPTS if name in wrong.parts_of)


@pytest.mark.parametrize("name", ["softmax_sampler", "online_dpo", "enumerating"])
def test_files_are_made_as_they_ship(name: AlgorithmName) -> None:
    assert script_text(script_file(name)) == script_path(name).read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_made_as_it_ships(name: AlgorithmName) -> None:
    assert script_text(script_file(name)) == script_path(name).read_text("utf-8")


def test_digests_and_schema_are_those_of_the_files() -> None:
    texts = {name: script_path(name).read_text("utf-8") for name in NAMES}
    assert digests_text(texts) == (REPLAY / DIGESTS).read_text("utf-8")
    assert scripts_schema_text() == SCRIPTS_SCHEMA_PATH.read_text("utf-8")
    assert len(CHOSEN) == len(SCRIPTS)


def test_a_changed_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:  # noqa: ANN401 - a path
    (tmp_path / "xpo.json").write_bytes(script_path("xpo").read_bytes().replace(b'"coin"', b'"Coin"'))
    (tmp_path / DIGESTS).write_bytes((REPLAY / DIGESTS).read_bytes())
    monkeypatch.setattr("reference.conformance.scripts.REPLAY", tmp_path)
    with pytest.raises(ChangedScripts, match="not the file that was published"):
        read_scripts("xpo")


@pytest.mark.slow
@pytest.mark.parametrize("setting", RUN_SETTINGS, ids=[f"{each.algorithm}: {each.name}" for each in RUN_SETTINGS])
@pytest.mark.parametrize("guided", [False, True])
def test_the_second_implementation_replays_other_runs(setting: Any, guided: bool) -> None:  # noqa: ANN401, FBT001 - a setting
    for seed in range(10, 15):
        try:
            found = script(setting, seed, guided=guided, name="x")
        except NearTie:
            continue
        assert replayed(_program(setting.algorithm), found) is None


# ---------------------------------------------------------------------------------------- the player, by hand


def _answers(shipped: Script) -> Iterator[dict[str, Any]]:
    names = {"coin": "p", "choose": "masses", "round": "thetas"}
    for step in shipped.steps:
        numbers = [float(each.decimal or "") for each in step.numbers]
        yield {"ask": step.ask, **step.where, **({names[step.ask]: numbers} if step.ask in names else {})}


def _done(shipped: Script) -> dict[str, Any]:
    return {
        name: value
        if isinstance(value, int)
        else [each if isinstance(each, int) else [float(x.decimal or "") for x in each] for each in value]
        for name, value in shipped.done.items()
    }


@pytest.mark.parametrize(("name", "shipped"), SCRIPTS, ids=[each.id for _, each in SCRIPTS])
def test_its_own_decimals_replay_a_script(name: str, shipped: Script) -> None:
    del name
    player = Player(shipped)
    for question in _answers(shipped):
        player.ask(question)
    player.finish(_done(shipped))


def _first(algorithm: AlgorithmName) -> Script:
    return read_scripts(algorithm).scripts[0]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"ask": "weak", "x": 1}, "asked: weak x = 1; the algorithm asks: weak x = 0"),
        ({"ask": "weak", "x": True}, "asked: weak x = "),
        ({"ask": "weak", "x": "0.0"}, "asked: weak x = "),
        ({"ask": "weak"}, "asked: weak"),
        ({"ask": "prompt"}, "asked: prompt"),
        ({}, "asked: None"),
    ],
)
def test_another_question_is_told_with_the_right_one(question: Mapping[str, Any], said: str) -> None:
    with pytest.raises(Differs, match="question 1") as caught:
        Player(_first("softmax_sampler")).ask(question)
    assert said in str(caught.value)


def test_a_probability_that_is_wrong_is_told() -> None:
    shipped = _first("softmax_sampler")
    player = Player(shipped)
    questions = list(_answers(shipped))
    for question in questions[:-1]:
        player.ask(question)
    wrong = dict(questions[-1], p=questions[-1]["p"][0] * (1 + 1e-9))
    with pytest.raises(Differs, match=r"p: .* in place of"):
        player.ask(wrong)


def test_who_returns_too_early_or_too_late_is_told() -> None:
    shipped = _first("softmax_sampler")
    player = Player(shipped)
    with pytest.raises(Differs, match=r"returned after 0 questions; the algorithm asks: weak"):
        player.finish(_done(shipped))
    for question in _answers(shipped):
        player.ask(question)
    with pytest.raises(Differs, match="the algorithm returns; asked: prompt"):
        player.ask({"ask": "prompt"})


@pytest.mark.parametrize(
    ("done", "said"),
    [
        (None, "an object with response is needed"),
        ({}, "lacks response"),
        ({"response": "one"}, "response is returned"),
        ({"response": True}, "response is returned"),
        ({"response": 10**9}, "the algorithm returns"),
    ],
)
def test_what_is_returned_is_compared(done: Any, said: str) -> None:  # noqa: ANN401 - anything
    shipped = _first("softmax_sampler")
    player = Player(shipped)
    for question in _answers(shipped):
        player.ask(question)
    with pytest.raises(Differs, match=said):
        player.finish(done)


def test_rewards_that_stand_together_may_change_places() -> None:
    shipped = next(each for each in read_scripts("spanner_sampling").scripts if any(step.loose for step in each.steps))
    questions = list(_answers(shipped))
    place = next(k for k, step in enumerate(shipped.steps) if step.loose and shipped.steps[k + 1].loose)
    questions[place], questions[place + 1] = questions[place + 1], questions[place]
    player = Player(shipped)
    for question in questions:
        player.ask(question)
    player.finish(_done(shipped))


def test_the_numbers_of_a_step_change_with_the_answers_as_the_condition_says() -> None:
    """The slopes that are kept bound a difference quotient of the second implementation, too."""
    setting = next(each for each in RUN_SETTINGS if each.algorithm == "spanner_sampling")
    run, slopes = recorded_run(setting.program, Seeded(0))
    found = script(setting, 0, guided=False, name="x")
    assert len(run.events) == len(found.steps)
    assert any(float(k.mid()) > 0 for row in slopes for k in row)


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["1e999999999", "nan"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "p", "ask"]), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(["ask", "x", "y", "p", "masses", "thetas", "prefix"]), ANYTHING),
    ANYTHING,
)
def test_whatever_is_asked_or_returned_is_a_difference(
    name: AlgorithmName, question: dict[str, Any], done: object
) -> None:
    shipped = _first(name)
    ask = question | {"ask": shipped.steps[0].ask}
    with suppress(Differs):
        Player(shipped).ask(ask)
    player = Player(shipped)
    player.left = []
    with suppress(Differs):
        player.finish(dict.fromkeys(shipped.done, done))


def test_lists_without_end_are_a_difference() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    player = Player(_first("spanner_sampling"))
    player.left = []
    with pytest.raises(Differs):
        player.finish(dict.fromkeys(player.script.done, deep))


def test_a_file_of_scripts_is_read_strictly() -> None:
    text = script_path("xpo").read_text("utf-8").replace('"ask"', '"asks"', 1)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text.encode(), type=type(read_scripts("xpo")))

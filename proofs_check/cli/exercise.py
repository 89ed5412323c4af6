"""``spanner exercise``: the exercises as a list, the text of one, and what became of an answer."""

from functools import partial
from pathlib import Path
from typing import Any

from msgspec import UNSET

from proofs_check.cli.formats import exercise as formats
from proofs_check.cli.formats.parts import DIGITS, VERSION, number
from proofs_check.cli.fresh import NoLearner, twice
from proofs_check.cli.output import TextTable, UserError, one_line, out, print_json, say, working
from proofs_check.cli.readable import readable
from proofs_check.exercises import (
    RESULTS,
    AnswerError,
    Condition,
    Decision,
    Exercise,
    NoExercise,
    TaughtResult,
    WrongAnswer,
    all_exercises,
    decide,
    find,
    read_answer,
    read_problem,
)
from proofs_check.exercises.families import Tried
from proofs_check.exercises.reading import read_bytes_of
from reference.games.contest import RuleBroken, laws_against
from reference.interaction.every_run import TooLarge
from reference.interaction.meter import Budget

_BUDGET = Budget(reward=1_000, t_comp=1_000)
"""Where a learner that never ends is ended; what an exercise asks is less."""

_MOST_LEAVES = 20_000
"""Runs of a learner on one member that are enumerated."""

_ENOUGH = 32
"""So often a learner runs at least, in each of two processes."""

_KINDS = {
    "instance": "an instance file, as `spanner solve` reads",
    "answer": "a small JSON file, as above",
    "learner": "a Python file with a function `learner`, as `spanner play` takes",
}


def exercise(name: str | None, file: str | None, *, time_limit: int, memory_limit: int | None, as_json: bool) -> int:
    """List, show or decide; see :func:`proofs_check.cli.commands.exercise`."""
    try:
        chosen = None if name is None else find(name)
        if chosen is None:
            _list(as_json=as_json)
        elif file is None:
            _show(chosen, as_json=as_json)
        else:
            with working("deciding"):
                found = _decided(chosen, file, time_limit, memory_limit)
            _tell(chosen, file, found, as_json=as_json)
            return 0 if found.is_solved else 1
    except NoExercise as error:
        raise UserError(str(error)) from None
    return 0


# ------------------------------------------------------------------------------------------------- deciding


def _decided(chosen: Exercise[Any], file: str, time_limit: int, memory_limit: int | None) -> Decision:
    """Decide the answer in a file.

    Raises:
        UserError: if it is none.
    """
    try:
        if chosen.kind == "learner":
            return _played(chosen, file, time_limit, memory_limit)
        _check_suffix(chosen, file)
        data = read_bytes_of(file)
        return decide(
            chosen, read_problem(data, file) if chosen.kind == "instance" else read_answer(chosen, data, file)
        )
    except AnswerError as error:
        raise UserError(str(error)) from None
    except WrongAnswer as error:
        raise UserError(f"{file}: {error}") from None


def _check_suffix(chosen: Exercise[Any], file: str) -> None:
    if file.endswith(".py"):
        raise UserError(f"{file}: an answer to {chosen.name} is {_KINDS[chosen.kind].replace(', as above', '')}")


def _played(chosen: Exercise[Any], file: str, time_limit: int, memory_limit: int | None) -> Decision:
    """Run a learner in two fresh processes over all its draws; a rule that it breaks is a decision, too."""
    assert chosen.family is not None  # noqa: S101 - of this kind
    path, _, name = file.rpartition(":") if ".py:" in file else (file, "", "learner")
    if not path.endswith(".py") or not name.isidentifier():
        raise UserError(f"{file}: an answer to {chosen.name} is {_KINDS['learner']}, or FILE.py:NAME")
    read_bytes_of(path)
    task = partial(laws_against, budget=_BUDGET, max_leaves=_MOST_LEAVES)
    learner = f"{Path(path).resolve()}:{name}"
    try:
        laws = twice(learner, chosen.family, task, enough=_ENOUGH, seconds=time_limit, memory=memory_limit)
    except NoLearner as error:
        raise UserError(f"{file}: {error}") from None
    except RuleBroken as broken:
        return Decision((), broke=one_line(broken))
    except TooLarge:
        many = f"it has more than {_MOST_LEAVES} runs on an instance: stop when there is nothing more to learn"
        return Decision((), broke=many)
    return decide(chosen, Tried(chosen.family, tuple(laws)))


def _tell(chosen: Exercise[Any], file: str, found: Decision, *, as_json: bool) -> None:
    hint = UNSET if found.failed is None else found.failed.hint
    if as_json:
        conditions = [_condition(each, met=True) for each in found.met]
        conditions += [] if found.failed is None else [_condition(found.failed, met=False)]
        document = formats.ExerciseDecision(
            version=VERSION, exercise=chosen.name, file=file, solved=found.is_solved, conditions=conditions,
            broke=found.broke or UNSET, hint=hint,
        )  # fmt: skip
        print_json(document)
        return
    console = out()
    if found.is_solved:
        console.print(f"{chosen.name}: solved", style="bold")
        say(console, "\n".join(f"  {each}" for each in found.met))
        say(console, f"{chosen.result.title}. {chosen.result.words}")
    elif found.failed is None:
        say(console, f"{chosen.name}: broke the rules: {found.broke}")
    else:
        say(console, f"{chosen.name}: not yet: {found.failed}")
        say(console, f"hint: {found.failed.hint}")


def _condition(each: Condition, *, met: bool) -> formats.Decided:
    found, asked = number(each.found, DIGITS), number(each.asked, DIGITS)
    return formats.Decided(each.what, found, each.relation, asked, met)


# -------------------------------------------------------------------------------------------------- showing


def _list(*, as_json: bool) -> None:
    found = all_exercises()
    if as_json:
        listed = [
            formats.ListedExercise(each.name, each.result.name, each.level, each.title, each.kind) for each in found
        ]
        print_json(formats.Exercises(VERSION, [_result(result) for result in RESULTS], listed))
        return
    console = out()
    for result in RESULTS:
        console.print(result.title, style="bold")
        say(console, result.words)
        rows = TextTable((("", "key"), ("", "key"), ("", "key"), ("", "text")), heads=False)
        for each in found:
            if each.result == result:
                rows.add_row(each.name, each.level, each.kind, each.title)
        say(console, rows)
        console.print()
    say(console, "spanner exercise NAME shows one; spanner exercise NAME FILE decides your answer")


def _show(chosen: Exercise[Any], *, as_json: bool) -> None:
    if as_json:
        document = formats.Exercise(
            version=VERSION, name=chosen.name, result=_result(chosen.result), level=chosen.level, title=chosen.title,
            text=chosen.text, kind=chosen.kind, claims=list(chosen.claims), example=chosen.example or UNSET,
        )  # fmt: skip
        print_json(document)
        return
    console = out()
    say(console, f"{chosen.title}  ({chosen.name}, {chosen.level})", style="bold")
    for paragraph in readable(chosen.text).split("\n"):
        say(console, paragraph)
        console.print()
    say(console, readable(f"The answer is {_KINDS[chosen.kind]}: `{_ask(chosen)}` decides it."))
    say(console, f"{chosen.result.title}: {chosen.result.words}")
    say(console, f"Theory: spanner verify {' '.join(chosen.claims)} --explain")


def _ask(chosen: Exercise[Any]) -> str:
    return f"spanner exercise {chosen.name} {'my_learner.py' if chosen.kind == 'learner' else 'my.json'}"


def _result(result: TaughtResult) -> formats.TaughtResult:
    return formats.TaughtResult(result.name, result.title, result.words)

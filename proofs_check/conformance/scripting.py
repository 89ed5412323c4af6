"""From runs of the exact programs to files of scripts."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_CEILING, Context
from typing import Any

from flint import arb, fmpq

from reference.conformance.answers import answer_of
from reference.conformance.cases.runs import BY_NAME, CHOSEN, RunSetting
from reference.conformance.recording import AskedQuestion, Guided, recorded_run
from reference.conformance.scripts import REPLAY_SCHEMA, SCRIPT_FORMATS, AlgorithmName, Script, ScriptFile, Step
from reference.conformance.vectors import GENERATOR, LICENCE, VERSION, Answer
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.exact.rational_numbers import rational_text
from reference.exact.reals import Number, lowest
from reference.interaction.choice import Choice
from reference.interaction.seeded import Seeded


def script_file(algorithm: AlgorithmName) -> ScriptFile:
    """Return the file of an algorithm's scripts."""
    chosen = [each for each in CHOSEN if each[0] == algorithm]
    scripts = [
        script(BY_NAME[algorithm, setting], seed, guided=guided, name=f"{algorithm}-{number}")
        for number, (_, setting, seed, guided) in enumerate(chosen, start=1)
    ]
    return ScriptFile(REPLAY_SCHEMA, VERSION, algorithm, LICENCE, GENERATOR, len(scripts), scripts)


def script(setting: RunSetting, seed: int, *, guided: bool, name: str) -> Script:
    """Return the script of a setting's run.

    Raises:
        NearTie: if no program in floats can be held to it.
    """
    choice: Choice = Guided(seed) if guided else Seeded(seed)
    run, slopes = recorded_run(setting.program, choice)
    rest = iter(slopes)
    steps = [_step(event, next(rest)) for event in run.events]
    done: dict[str, Any] = {}
    for key, value in run.done.items():
        done[key] = [_numbers(row, next(rest)) for row in value] if isinstance(value, tuple) else value
    how = "every outcome alike" if guided else "by the laws"
    comment = f"{setting.name}; drawn {how}, seed {seed}"
    return Script(name, comment, dict(setting.input), list(_loosened(steps)), done)


def _step(event: AskedQuestion, slopes: Sequence[arb]) -> Step:
    return Step(event.ask, dict(event.where), _numbers(event.numbers, slopes), _written(event.answer))


def _loosened(steps: Sequence[Step]) -> Iterable[Step]:
    """Rewards that are asked one after the other may change places."""
    for j, step in enumerate(steps):
        beside = [steps[k].ask for k in (j - 1, j + 1) if 0 <= k < len(steps)]
        loose = step.ask == "reward" and "reward" in beside
        yield Step(step.ask, step.where, step.numbers, step.answer, loose=loose)


def _numbers(values: Sequence[Number], slopes: Sequence[arb]) -> list[Answer]:
    return [answer_of(lowest(value), SCRIPT_FORMATS, _upwards(k)) for value, k in zip(values, slopes, strict=True)]


def _upwards(slope: arb) -> str:
    """Return four digits, rounded up."""
    mantissa, exponent = slope.upper().man_exp()
    above = fmpq(int(mantissa)) * fmpq(2) ** int(exponent)
    context = Context(prec=4, rounding=ROUND_CEILING)
    return format(context.divide(int(above.p), int(above.q)), "f")


def _written(answer: Any) -> Any:  # noqa: ANN401 - of any depth
    match answer:
        case Vector():
            return answer.texts()
        case LogLinear():
            return rational_text(answer.constant)
        case fmpq():
            return rational_text(answer)
        case Mapping():
            return {key: _written(value) for key, value in answer.items()}
        case list() | tuple():
            return [_written(each) for each in answer]
    return answer

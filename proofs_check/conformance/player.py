"""The world of a script, played for another program: it answers what is asked, until something else is asked."""

from collections.abc import Mapping, Sequence
from typing import Any

from proofs_check.conformance.truth import truth_of
from proofs_check.conformance.verdict import of_number
from proofs_check.conformance.written import Malformed, read_integer, read_number, shown
from reference.conformance.scripts import Script, Step
from reference.conformance.vectors import Answer
from reference.exact.binary import FormatName

_WORDS = {"mode", "look", "sampler", "feedback"}
"""Inputs that are words."""

_NUMBERS = {"coin": "p", "choose": "masses", "round": "thetas"}
"""Where a question has what the program computed."""


class Differs(Exception):
    """A program asks, or returns, something else than the algorithm: the first difference, in a line."""


class Player:
    """Plays one script, once.

    ``stable`` is the level of the numbers that the program computes, in ``format``.
    """

    def __init__(self, script: Script, format: FormatName = "binary64") -> None:  # noqa: A002 - the field's word
        self.script = script
        self.format = format
        self.left = list(script.steps)
        self.asked = 0

    def given(self) -> dict[str, Any]:
        """Return the program's input: floats, integers, lists of them, words."""
        return {name: value if name in _WORDS else _floats(value) for name, value in self.script.input.items()}

    def ask(self, question: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as JSON has it
        """Return the answer to a question, ``{"ask": .., ..}``.

        Raises:
            Differs: if the algorithm asks something else here.
        """
        while self.left and self.left[0].ask != question.get("ask") and _certain(self.left[0]):
            del self.left[0]  # who knows the outcome need not ask
        if not self.left:
            raise Differs(f"after {self.asked} questions the algorithm returns; asked: {_line(question)}")
        place = self._place(question)
        step = self.left[place]
        if wrong := self._wrong(step, question):
            raise Differs(f"question {self.asked + 1}: {wrong}")
        del self.left[place]
        self.asked += 1
        return _floats(step.answer)

    def finish(self, done: Any) -> None:  # noqa: ANN401 - whatever a program returns
        """Take what the program returns.

        Raises:
            Differs: if the algorithm asks on, or returns something else.
        """
        while self.left and _certain(self.left[0]):
            del self.left[0]
        if self.left:
            raise Differs(f"returned after {self.asked} questions; the algorithm asks: {_shown_step(self.left[0])}")
        if not isinstance(done, Mapping):
            raise Differs(f"returned {shown(done)}; an object with {', '.join(self.script.done)} is needed")
        for name, value in self.script.done.items():
            if name not in done:
                raise Differs(f"what is returned lacks {name}")
            if wrong := self._returned(value, done[name]):
                raise Differs(f"{name} is returned: {wrong}")

    def _place(self, question: Mapping[str, Any]) -> int:
        """The step that is asked for: the next one, or a neighbour that may come first."""
        for place, step in enumerate(self.left):
            if place and not (step.loose and self.left[0].loose):
                break
            if self._wrong(step, question) is None:
                return place
        return 0

    def _wrong(self, step: Step, question: Mapping[str, Any]) -> str | None:
        if question.get("ask") != step.ask:
            return f"asked: {_line(question)}; the algorithm asks: {_shown_step(step)}"
        try:
            for name, value in step.where.items():
                got = question.get(name)
                found = [read_integer(x) for x in got] if isinstance(got, list | tuple) else read_integer(got)
                if found != value:
                    return f"asked: {_line(question)}; the algorithm asks: {_shown_step(step)}"
            if step.numbers:
                name = _NUMBERS[step.ask]
                return self._apart(step.numbers, _flat(question.get(name)), name)
        except Malformed as error:
            return f"asked: {_line(question)}: {error}"
        return None

    def _returned(self, value: Any, got: Any) -> str | None:  # noqa: ANN401 - as in the file, and as returned
        try:
            if isinstance(value, int):
                found: Any = read_integer(got)
            elif all(isinstance(each, int) for each in value):
                found = [read_integer(each) for each in _flat(got)]
            else:
                rows = [_flat(row) for row in got] if isinstance(got, list | tuple) else []
                if [len(row) for row in rows] != [len(row) for row in value]:
                    return f"{shown(got)}; rows of {', '.join(str(len(row)) for row in value)} numbers are needed"
                return self._apart([x for row in value for x in row], [x for row in rows for x in row], "the rows")
        except Malformed as error:
            return str(error)
        return None if found == value else f"{shown(got)}; the algorithm returns {value}"

    def _apart(self, numbers: Sequence[Answer], got: Sequence[Any], name: str) -> str | None:
        if len(got) != len(numbers):
            return f"{len(got)} numbers in {name}; the algorithm has {len(numbers)}"
        for answer, entry in zip(numbers, got, strict=True):
            truth = truth_of(answer, self.format, self.asked + 1, flush=False)
            found = of_number(truth, read_number(entry, self.format))
            if not found.is_stable:
                return f"{name}: {found.said}"
        return None


def _certain(step: Step) -> bool:
    """Whether a draw of the program's own has one outcome: then it may be left out."""
    return step.ask in {"coin", "choose"} and all(each.exact in {"0", "1"} for each in step.numbers)


def _flat(got: Any, depth: int = 0) -> list[Any]:  # noqa: ANN401 - whatever was asked
    if depth > _DEEPEST:
        raise Malformed("lists within lists, too deep")
    if isinstance(got, list | tuple):
        return [x for each in got for x in _flat(each, depth + 1)]
    return [got]


_DEEPEST = 4


def _floats(value: Any) -> Any:  # noqa: ANN401 - of any depth
    """Return texts of dyadic rationals as the floats that they are."""
    if isinstance(value, str):
        above, _, below = value.partition("/")
        return int(above) / int(below or "1")
    if isinstance(value, list):
        return [_floats(each) for each in value]
    if isinstance(value, dict):
        return {key: _floats(each) for key, each in value.items()}
    return value


def _line(question: Mapping[str, Any]) -> str:
    given = [f"{_word(k)} = {shown(v)}" for k, v in list(question.items())[:_SHOWN] if k != "ask"]
    return f"{_word(question.get('ask'))} " + ", ".join(given)


_SHOWN = 10


def _word(text: object) -> str:
    """Return what a program calls something; anything but a word is shown as it was written."""
    return text if isinstance(text, str) and text.isidentifier() and len(text) <= _LONGEST_WORD else shown(text)


_LONGEST_WORD = 40


def _shown_step(step: Step) -> str:
    numbers = [f"{_NUMBERS[step.ask]} = {', '.join(str(x.decimal)[:12] for x in step.numbers)}"] if step.numbers else []
    return f"{step.ask} " + ", ".join([*(f"{k} = {v}" for k, v in step.where.items()), *numbers])

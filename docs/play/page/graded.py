"""A grader's verdict on code that was typed: the vectors of what it defines, and what became of each.

It is what ``spanner grade`` decides, without a process of its own: that of the page can be ended.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from io import BytesIO
from types import ModuleType
from typing import Any, Final

from docs.play.page.shown import Sentence
from docs.play.page.softmaxes import EXAMPLES
from docs.play.page.typed import typed_module
from proofs_check.conformance.grade import GradedVector, Grading, grade, with_smallest_input
from proofs_check.conformance.host import offered, serve
from proofs_check.conformance.kit import Kit, KitError, function_named
from proofs_check.conformance.protocol import (
    Hello,
    NotAHello,
    Question,
    Reply,
    ReplyKind,
    ask_line,
    hello_line,
    read_line,
)
from proofs_check.conformance.resemblance import resembled
from proofs_check.conformance.truth import entries
from proofs_check.conformance.verdict import MEANINGS, AnswerKind

Answer = dict[str, Any]

MARKS: Final[Mapping[AnswerKind, str]] = {
    AnswerKind.EXACT: "bit", AnswerKind.CORRECT: "bit",
    AnswerKind.FAITHFUL: "stable", AnswerKind.ULPS: "stable", AnswerKind.STABLE: "stable",
}  # fmt: skip
"""Right to the last bit, or as near as the condition allows; every other answer is wrong, but a refusal that is due."""

_LONGEST = 400


def examples() -> Answer:
    """Return ready programs, the names of the functions that are graded, and what the verdicts mean."""
    return {
        "examples": [{"title": title, "about": about, "code": code} for title, about, code in EXAMPLES],
        "functions": list(Kit.of().files),
        "meanings": {str(kind): meaning for kind, meaning in MEANINGS.items()},
    }


def grade_typed(source: str) -> Answer:
    """Grade what typed code defines.

    Raises:
        Sentence: if it does not run, or defines no function of the kit.
    """
    kit, module = Kit.of(), typed_module(source, "your code")
    if not offered(module, list(kit.files)):
        raise Sentence("no function of the kit in your code: define softmax(pi, r, beta), or one that is listed")
    try:
        grading = grade(Served(module, list(kit.files)), kit)
    except (KitError, NotAHello) as error:
        raise Sentence(f"your code: {error}") from None
    return {
        "format": grading.format,
        "functions": [_function(grading, name) for name in grading.functions],
        "notes": list(grading.notes),
    }


class Served:
    """An implementation in this process, asked by the lines of protocol 1; a :class:`Source` of answers."""

    def __init__(self, implementation: ModuleType, functions: Sequence[str]) -> None:
        """Let it introduce itself.

        Raises:
            NotAHello: if what it says of itself cannot be used.
        """
        self.implementation = implementation
        self.notes: list[str] = []
        self.doubles: set[str] = set()
        self.complaint, self.lost = "", None
        self.hello = Hello.of(read_line(self._heard(hello_line(functions))[0]).found or {})

    def ask(self, questions: Sequence[Question]) -> list[Reply]:
        """Return the replies, in order."""
        lines = [read_line(line) for line in self._heard(ask_line(questions))]
        replies = {line.id: line.reply() for line in lines}
        return [replies.get(each.id, Reply(ReplyKind.MALFORMED, said="no reply")) for each in questions]

    def settle(self) -> None:
        """Nothing comes later."""

    def _heard(self, line: bytes) -> list[bytes]:
        heard = BytesIO()
        serve(self.implementation, BytesIO(line), heard)
        return heard.getvalue().splitlines()


def _function(grading: Grading, name: str) -> Answer:
    graded = grading.of_function(name)
    failing = [each for each in graded if not each.passed]
    answerable = [each for each in failing if each.vector.result != "invalid"]
    smallest = with_smallest_input(answerable or failing)
    marks = Counter(_mark(each) for each in graded)
    return {
        "name": name,
        "inputs": list(function_named(name).inputs),
        "marks": {mark: marks[mark] for mark in ("bit", "stable", "refused", "wrong")},
        "smallest": None if smallest is None else smallest.vector.id,
        "resembles": [
            {"mutant": each.mutant, "both": each.both, "either": each.either, "why": each.why}
            for each in resembled(grading, name)
        ],
        "vectors": [_vector(grading, each) for each in graded],
    }


def _mark(graded: GradedVector) -> str:
    if not graded.good:
        return "wrong"
    return MARKS.get(graded.verdict.kind, "refused")


def _vector(grading: Grading, graded: GradedVector) -> Answer:
    vector, verdict = graded.vector, graded.verdict
    notes = [grading.kit.note(graded.function, flag) for flag in vector.flags]
    inputs = {name: json.dumps(value, ensure_ascii=False) for name, value in vector.input.items()}
    return {
        "id": vector.id,
        "mark": _mark(graded),
        "verdict": str(verdict.kind),
        "said": verdict.said,
        "comment": vector.comment,
        "shows": [note.description for note in notes if note is not None],
        "input": {name: _clipped(text.replace('"', "")) for name, text in inputs.items()},
        "value": _clipped(", ".join(entries(vector))) or "a refusal is due",
        "answered": graded.answered,
    }


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."

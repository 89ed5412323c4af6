"""An implementation is asked for all vectors of the functions that it has, and each answer gets its verdict."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from proofs_check.conformance.asking import replies_by_function
from proofs_check.conformance.host import called
from proofs_check.conformance.implementations import AnswerFile, Source
from proofs_check.conformance.inputs import float_arguments, steps, wire
from proofs_check.conformance.kit import GRADED_FORMATS, Kit, KitError, function_named
from proofs_check.conformance.profile import Profile
from proofs_check.conformance.protocol import Question, Reply, ReplyKind
from proofs_check.conformance.verdict import AnswerKind, AnswerVerdict, judge_answer, refused
from proofs_check.conformance.written import shown
from reference.conformance.functions import FUNCTIONS, Function
from reference.conformance.vectors import FloatFormat, Vector
from reference.exact.binary import FormatName


@dataclass(frozen=True, slots=True)
class GradedVector:
    """A vector with the answer to it, what that is worth, and whether it is good enough.

    ``expected``: why it was expected to fail, if it was; then to pass is what must not be.
    """

    function: str
    vector: Vector
    reply: Reply
    verdict: AnswerVerdict
    good: bool
    expected: str | None = None

    @property
    def passed(self) -> bool:
        """Whether it is as it should be: good, or expected to fail."""
        return self.good == (self.expected is None)

    @property
    def answered(self) -> str:
        """What was answered, on one short line."""
        answer = self.reply.answer
        if not isinstance(answer, list):
            return shown(answer) if answer is not None else self.reply.said or "null"
        most = len(answer) if len(answer) <= _SHOWN + 1 else _SHOWN  # never all but one
        parts = [shown(each, 24) for each in answer[:most]]
        return f"[{', '.join(parts)}{', ...' if len(parts) < len(answer) else ''}]"


_SHOWN: Final = 8
"""Entries of an answer that are shown."""


@dataclass(frozen=True)
class Grading:
    """An implementation, graded; ``not_offered``: the functions of the kit that it does not have."""

    source: Source
    kit: Kit
    format: FormatName
    profile: Profile
    vectors: Sequence[GradedVector]
    not_offered: Sequence[str]
    notes: Sequence[str]

    @property
    def passed(self) -> bool:
        """Whether every vector that was asked is as it should be."""
        return all(each.passed for each in self.vectors)

    def of_function(self, function: str) -> list[GradedVector]:
        """Return the vectors of a function."""
        return [each for each in self.vectors if each.function == function]

    @property
    def functions(self) -> list[str]:
        """The functions that were asked for."""
        return list(dict.fromkeys(each.function for each in self.vectors))


def grade(
    source: Source,
    kit: Kit,
    *,
    functions: Sequence[str] | None = None,
    format: FormatName | None = None,  # noqa: A002 - the field's word
    profile: Profile | None = None,
    xfails: Mapping[str, str] | None = None,
    or_none: bool = False,
    jobs: int = 1,
) -> Grading:
    """Ask for the vectors of these functions, or of all that are offered, and judge the answers.

    ``or_none``: what offers no function is asked for none, for it may have algorithms or samplers.  ``jobs``: so many
    processes of the implementation are asked at once.

    Raises:
        KitError: for functions, formats or ids that are not there.
        NotStarted: if one of several processes cannot be started.
    """
    chosen = graded_format(source, format)
    profile, expected = profile or Profile(), dict(xfails or {})
    without = or_none and functions is None and source.hello.functions == ()
    names, notes = ([], []) if without else asked_functions(source, kit, functions)
    known = {vector.id for file in kit.files.values() for vector in file.vectors}
    if unknown := [name for name in expected if name not in known]:
        raise KitError(f"xfails: no vector has the id {unknown[0][:80]!r}")
    graded: list[GradedVector] = []
    vectors = {name: kit.vectors(name, chosen) for name in names}
    questions = {name: questions_of(each, function_named(name), source) for name, each in vectors.items()}
    with closing(replies_by_function(source, questions, jobs)) as found:
        for name, replies in found:
            for vector, reply in zip(vectors[name], replies, strict=True):
                verdict = verdict_on(reply, vector, function_named(name), chosen, flush=profile.flush)
                good = profile.of_function(name).passes(verdict)
                graded.append(GradedVector(name, vector, reply, verdict, good, expected.get(vector.id)))
    if names and not graded:
        raise KitError(f"{kit.folder}: there is no vector of {', '.join(names)} in {chosen}")
    source.settle()
    graded = [_unless_double(each, source.doubles) for each in graded]
    if isinstance(source, AnswerFile):
        notes += source.strangers(known)
    lacking = [name for name in kit.files if name not in names]
    return Grading(source, kit, chosen, profile, graded, lacking, [*notes, *source.notes])


def graded_format(source: Source, format: FormatName | None) -> FloatFormat:  # noqa: A002 - the field's word
    """Return the format that answers are judged in: this one, or the implementation's own.

    Raises:
        KitError: if no vectors are rounded to it.
    """
    chosen = format or source.hello.format
    for name in GRADED_FORMATS:
        if name == chosen:
            return name
    raise KitError(f"format {chosen}: the vectors are rounded to {', '.join(GRADED_FORMATS)}")


def asked_functions(source: Source, kit: Kit, functions: Sequence[str] | None) -> tuple[list[str], list[str]]:
    """Return the functions that are asked for, and what is to be said of others that were named.

    Raises:
        KitError: if there are none, or one is not offered.
    """
    offered = source.hello.functions
    notes = [f"it offers {shown(name)}, which the kit does not know" for name in offered or () if name not in FUNCTIONS]
    if functions is not None:
        names = [function_named(name).name for name in dict.fromkeys(functions)]
        if missing := [name for name in names if offered is not None and name not in offered]:
            has = ", ".join(name for name in offered or () if name in kit.files) or "none of the kit's functions"
            raise KitError(f"{source.hello.name} does not offer {missing[0]}; it offers {has}")
    else:
        names = [name for name in kit.files if offered is None or name in offered]
    if not names:
        raise KitError(f"{source.hello.name} offers none of the kit's functions: {', '.join(kit.files)}")
    return names, notes


def questions_of(vectors: Sequence[Vector], function: Function, source: Source) -> list[Question]:
    """Return what is asked, with numbers as the implementation wants them."""
    return [Question(each.id, function.name, wire(each, function, source.hello.numbers)) for each in vectors]


_KINDS: Final = {
    ReplyKind.ERROR: AnswerKind.ERROR,
    ReplyKind.MALFORMED: AnswerKind.MALFORMED,
    ReplyKind.CRASH: AnswerKind.CRASH,
    ReplyKind.TIMEOUT: AnswerKind.TIMEOUT,
}


def verdict_on(
    reply: Reply,
    vector: Vector,
    function: Function,
    format: FormatName = "binary64",  # noqa: A002 - the field's word
    *,
    flush: bool = False,
) -> AnswerVerdict:
    """Return the verdict on a reply, whatever it is."""
    if reply.outcome is ReplyKind.ANSWER:
        return judge_answer(vector, function, reply.answer, format, flush=flush)
    if reply.outcome is ReplyKind.REFUSED:
        return refused(vector, reply.said)
    return AnswerVerdict(_KINDS[reply.outcome], reply.said)


def verdict_on_call(
    call: Callable[..., Any],
    vector: Vector,
    function: Function,
    format: FormatName = "binary64",  # noqa: A002 - the field's word
) -> AnswerVerdict:
    """Return the verdict on what a Python function returns, called here: quick, and without any protection.

    A ``ValueError`` is a refusal, every other exception an error.  This is how thousands of wrong implementations are
    tried; :func:`grade` asks one that may do anything.
    """
    found = called(call, float_arguments(vector, function))
    if "answer" in found:
        return judge_answer(vector, function, found["answer"], format)
    return refused(vector, found["refused"]) if "refused" in found else AnswerVerdict(AnswerKind.ERROR, found["error"])


def with_smallest_input(graded: Sequence[GradedVector]) -> GradedVector | None:
    """Return the vector with the smallest input, the shorter of those of the same size, or ``None`` of none."""
    return min(graded, key=_size, default=None)


def _size(graded: GradedVector) -> tuple[int, int, str]:
    vector = graded.vector
    return steps(vector, function_named(graded.function)), len(str(vector.input)), vector.id


def _unless_double(graded: GradedVector, doubles: set[str]) -> GradedVector:
    if graded.vector.id not in doubles:
        return graded
    verdict = AnswerVerdict(AnswerKind.MALFORMED, "answered more than once")
    return GradedVector(graded.function, graded.vector, graded.reply, verdict, good=False, expected=graded.expected)

"""Wrong and right implementations on the vectors, in this process."""

import importlib
import resource
import signal
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

from proofs_check.conformance.host import called
from proofs_check.conformance.inputs import float_arguments
from proofs_check.conformance.kit import Kit
from proofs_check.conformance.verdict import RANK, AnswerKind, AnswerVerdict, judge_answer, refused
from reference.conformance.functions import FUNCTIONS
from reference.conformance.vectors import Vector
from tests.conformance.careless import careless

HERE = Path(__file__).parent
RIGHT = {
    name: HERE / "right" / f"{name}.py"
    for name in (
        "plain_floats",
        "numpy_arrays",
        "numpy_further",
        "numpy_bounds",
        "numpy_trees",
        "numpy_learned",
        "plain_learned",
        "plain_further",
        "plain_bounds",
        "plain_trees",
    )
}
"""Right programs; each has some of the functions."""

LIMIT = 1.0
"""Seconds of CPU time for one answer; no survivor takes nearly as many."""

Implementation = Callable[..., Any]


@cache
def kit() -> Kit:
    """The vectors that ship."""
    return Kit.of()


def right(name: str) -> ModuleType:
    """A right implementation."""
    return importlib.import_module(f"tests.conformance.right.{name}")


@cache
def functions_of(program: str) -> tuple[str, ...]:
    """The functions of the kit that a right program has, in the order of the kit."""
    own = vars(right(program))
    return tuple(each for each in FUNCTIONS if each in own and own[each].__module__ == right(program).__name__)


def right_one(function: str) -> Implementation:
    """A function as the first right program that has it has it."""
    program = next(each for each in RIGHT if function in functions_of(each))
    found: Implementation = getattr(right(program), function)
    return found


def wrong(function: str) -> Mapping[str, Implementation]:
    """The named wrong implementations of a function, by name.

    Each has one mistake.  What must be refused it refuses as the right program does, unless ``forgives`` says that this
    is the mistake; see :func:`shown`.
    """
    module = importlib.import_module(f"tests.conformance.wrong.{function}")
    named = {
        f"{function}/{name.replace('_', '-')}": each
        for name, each in vars(module).items()
        if isinstance(each, FunctionType) and each.__module__ == module.__name__ and not name.startswith("_")
    }
    return {**named, **careless(function, right_one(function))}


def verdict(function: str, vector: Vector, implementation: Implementation) -> AnswerVerdict:
    """Ask, and judge."""
    try:
        with within(LIMIT), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reply = called(implementation, float_arguments(vector, FUNCTIONS[function]))
    except Late:
        return AnswerVerdict(AnswerKind.TIMEOUT)
    if "refused" in reply:
        return refused(vector, reply["refused"])
    if "error" in reply:
        return AnswerVerdict(AnswerKind.ERROR, reply["error"])
    return judge_answer(vector, FUNCTIONS[function], reply["answer"])


def passes(found: AnswerVerdict, level: str = "stable") -> bool:
    """Whether a verdict passes a level: ``stable``, or ``ulps:k``."""
    if found.acceptable:
        return True
    if level.startswith("ulps:"):
        return found.is_stable and (found.ulps is None or found.ulps <= int(level[5:]))
    return found.rank <= RANK[AnswerKind(level)]


def failed(function: str, implementation: Implementation, level: str = "stable") -> list[str]:
    """The vectors that an implementation fails."""
    return [
        vector.id for vector in kit().vectors(function) if not passes(verdict(function, vector, implementation), level)
    ]


def shown(function: str, implementation: Implementation) -> list[str]:
    """The vectors that a named wrong implementation fails; what it must refuse it refuses, unless it ``forgives``."""
    forgives, level = getattr(implementation, "forgives", False), getattr(implementation, "dies_at", "stable")
    return [
        vector.id
        for vector in kit().vectors(function)
        if (forgives or vector.result != "invalid") and not passes(verdict(function, vector, implementation), level)
    ]


def seconds_with_children() -> float:
    """Seconds of computing, of this process and of those that it waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)


class Late(BaseException):
    """Out of time; no implementation catches it."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    def late(_: int, __: FrameType | None) -> None:
        raise Late

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)

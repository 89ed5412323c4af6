"""Automatic mutants of the right programs: which die by the vectors, and which of the others are equal."""

import gc
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, islice
from typing import Any

import msgspec

from proofs_check.conformance.host import called
from proofs_check.conformance.inputs import float_arguments
from proofs_check.conformance.random_inputs import random_inputs
from reference.conformance.functions import FUNCTIONS
from reference.conformance.vectors import Vector
from tests.conformance.automatic import Changed, changed_programs, reached
from tests.conformance.judging import RIGHT, Late, functions_of, kit, passes, right, verdict, within

ROUNDS = 10_000
"""Random inputs of each function on which a survivor must give what the right program gives, to be counted out."""

RANDOM_LIMIT = 0.5
"""Seconds of CPU time for one of them."""


class AutomaticRecord(msgspec.Struct):
    """What became of the automatic mutants of a right program.

    ``equal``: no vector shows them, and on all inputs of vectors and random ones they say what the right program says;
    ``alive``: no vector shows them, and on some input they say something else.
    """

    mutants: int
    killed: int
    equal: list[str]
    alive: list[str]

    @property
    def share(self) -> float:
        """Killed, of those that are not counted out."""
        return self.killed / (self.mutants - len(self.equal))


def judged(program: str, known_equal: Sequence[str] | None) -> AutomaticRecord:
    """Ask the vectors of every automatic mutant of a right program.

    A survivor is equal if :func:`is_equal` says so, or where ``known_equal`` is given if it is among these.
    """
    mutants = list(changed_programs(RIGHT[program]))
    living = survivors(program, mutants)
    if known_equal is None:
        equal = [each.name for each in living if is_equal(program, each)]
    else:
        equal = [each.name for each in living if each.name in known_equal]
    alive = [each.name for each in living if each.name not in equal]
    return AutomaticRecord(len(mutants), len(mutants) - len(living), equal, alive)


def survivors(program: str, mutants: Sequence[Changed]) -> list[Changed]:
    """Those of the mutants of a right program that no vector shows."""
    reach, first = reached(RIGHT[program]), _KillersFirst(functions_of(program))
    return [each for each in mutants if not _is_killed(each, reach, first)]


def is_equal(program: str, mutant: Changed, rounds: int = ROUNDS) -> bool:
    """Whether it says what the right program says, on all inputs of vectors and on random ones."""
    module = mutant.module()
    return all(
        _said(getattr(module, function), inputs) == said
        for function in _touched(mutant, reached(RIGHT[program]))
        for inputs, said in _right_answers(program, function, rounds)
    )


class _KillersFirst:
    """The vectors of each function, those first that showed a mutant last: a neighbour often falls by the same."""

    def __init__(self, functions: Sequence[str]) -> None:
        self._order = {function: list(kit().vectors(function)) for function in functions}

    def vectors(self, functions: Sequence[str]) -> Iterator[tuple[str, Vector]]:
        """Yield all vectors of these functions; the first few of each come before all others."""
        for part in (slice(_FEW), slice(_FEW, None)):
            for function in functions:
                for vector in self._order[function][part]:
                    yield function, vector

    def killed(self, function: str, vector: Vector) -> None:
        """Ask this one first from now on."""
        order = self._order[function]
        order.remove(vector)
        order.insert(0, vector)


_FEW = 4


def _is_killed(mutant: Changed, reach: Mapping[str, frozenset[str]], first: _KillersFirst) -> bool:
    module = mutant.module()
    for function, vector in first.vectors(_touched(mutant, reach)):
        if not passes(verdict(function, vector, getattr(module, function))):
            first.killed(function, vector)
            return True
    return False


def _touched(mutant: Changed, reach: Mapping[str, frozenset[str]]) -> list[str]:
    return [function for function in FUNCTIONS if mutant.function in reach.get(function, ())]


@cache
def _right_answers(program: str, function: str, rounds: int) -> list[tuple[dict[str, Any], str]]:
    implementation = getattr(right(program), function)
    of_vectors = (float_arguments(vector, FUNCTIONS[function]) for vector in kit().vectors(function))
    inputs = chain(of_vectors, islice(random_inputs(function), rounds))
    found = [(each, _said(implementation, each)) for each in inputs]
    # A collection that walks a million of them takes longer than RANDOM_LIMIT, and the answer it falls into were late.
    gc.freeze()
    return found


def _said(implementation: Callable[..., Any], inputs: Mapping[str, Any]) -> str:
    try:
        with within(RANDOM_LIMIT), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reply = called(implementation, inputs)
    except Late:
        return "late"
    return repr(reply["answer"]) if "answer" in reply else next(iter(reply))

"""``val*`` of formulas that are too large to enumerate, by MaxSAT: RC2 of ``python-sat``.

Term ``j`` gets a variable ``z_j`` with the hard clauses ``z_j -> literal`` and the soft clause ``z_j``: the most soft
clauses that hold at once are the most terms that an assignment satisfies.

This stands outside the exact layers: it keeps time with a thread, and its answer rests on a solver.  The assignment
does not: ``val`` is evaluated again, so the lower bound is certain.  That no assignment does better is the solver's
word; the tests compare it with enumeration.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Protocol

from flint import fmpq

from reference.constructions.dnf.assignments import Best
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.formula import Assignment, Formula, FormulaError
from reference.exact import Undecided, rational_text

SECONDS = 20
"""How long a solver may take, unless told otherwise."""

ENUMERATED = 16
"""Up to so many variables all assignments are looked at: under a millisecond, and nothing rests on a solver."""

POLL = 0.02
"""Seconds between two interrupts once the time is up: one that comes before the solver has begun is lost."""


class MaxSat(Protocol):
    """What is used of the solver."""

    cost: int
    """Soft clauses that cannot hold, as far as is known: a lower bound before it ends, and then the optimum."""

    def compute(self, *, expect_interrupt: bool) -> list[int] | None:
        """Return a model of least cost, or ``None`` if interrupted."""

    def interrupt(self) -> None:
        """Stop; may be called from another thread."""

    def delete(self) -> None:
        """Free the solver's memory."""


def best(formula: Formula, seconds: float = SECONDS) -> Best:
    """Return ``val*`` with an assignment: all of them are looked at up to 16 variables, beyond that a solver is asked.

    Raises:
        Undecided, FormulaError: as :func:`best_by_maxsat`.
    """
    return best_assignment(formula) if formula.variables <= ENUMERATED else best_by_maxsat(formula, seconds)


def best_by_maxsat(formula: Formula, seconds: float = SECONDS) -> Best:
    """Return ``val*`` and an assignment that attains it; how many do is not counted.

    Raises:
        Undecided: after ``seconds``; the message has the bounds at that point.
        FormulaError: unless ``seconds`` is positive.
    """
    if not seconds > 0:
        raise FormulaError(f"{seconds} seconds for the solver: needs more than 0")
    terms = len(formula.terms)
    solver = rc2(formula)
    try:
        with interrupted_after(solver, seconds):
            model = solver.compute(expect_interrupt=True)
        most = fmpq(terms - solver.cost, terms)
    finally:
        solver.delete()
    if model is None:
        least = greedy(formula)
        bounds = f"{rational_text(least.value)} <= val* <= {rational_text(most)}"
        raise Undecided(f"val* of {formula!s:.60}: {bounds} after {seconds:g} seconds of MaxSAT; allow more")
    true = set(model)
    assignment = tuple(1 if v in true else -1 for v in range(1, formula.variables + 1))
    value = formula.value(assignment)
    if value != most:
        said = f"the solver says {rational_text(most)}, its assignment has val {rational_text(value)}"
        raise Undecided(f"val* of {formula!s:.60}: {said}")
    return Best(value, assignment, None)


def greedy(formula: Formula) -> Best:
    """Return the best assignment of this kind: make one term true, then every later one that still can be, in turn."""
    found: tuple[int, Assignment] = -1, ()
    twice = [(term, [-literal for literal in term]) for term in formula.terms] * 2
    for start in range(len(formula.terms)):
        false: set[int] = set()
        for term, negated in twice[start : start + len(formula.terms)]:
            if false.isdisjoint(term):
                false.update(negated)
        assignment = tuple([-1 if v in false else 1 for v in range(1, formula.variables + 1)])
        true = {v * sign for v, sign in enumerate(assignment, start=1)}
        found = max(found, (sum(map(true.issuperset, formula.terms)), assignment))
    return Best(formula.value(found[1]), found[1], None)


def rc2(formula: Formula) -> MaxSat:
    """Return the solver, loaded with the formula."""
    from pysat.examples.rc2 import RC2
    from pysat.formula import WCNF

    clauses = WCNF()
    for z, term in enumerate(formula.terms, start=formula.variables + 1):
        for literal in term:
            clauses.append([-z, literal])
        clauses.append([z], weight=1)
    # adapt: contradicting terms are found to exclude each other before the search begins
    solver: MaxSat = RC2(clauses, adapt=True)
    return solver


@contextmanager
def interrupted_after(solver: MaxSat, seconds: float) -> Iterator[None]:
    """Interrupt the solver once the time is up, again and again until the block ends."""
    ended = Event()

    def watch() -> None:
        wait = seconds
        while not ended.wait(wait):
            solver.interrupt()
            wait = POLL

    thread = Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()

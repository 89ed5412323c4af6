"""The reduction behind FMR25 Thm 4.1, run: a formula, a learner's null run, and the assignments that it commits to."""

from typing import Any, Final

from docs.play.page.shown import Sentence, number
from proofs_check.reduction.methods import UnknownMethod, method
from proofs_check.reduction.null_run import Reduction, Rounded, instance_of, reduction
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.formula import Assignment, Formula, FormulaError, signs_text, term_text
from reference.constructions.dnf.text import parse_formula
from reference.exact import BadNumber
from reference.interaction import Seeded

Answer = dict[str, Any]

MOST_VARIABLES: Final = 8
MOST_TERMS: Final = 12
MOST_DRAWS_SHOWN: Final = 12
LONGEST_FORMULA: Final = 2_000

MOST_STEPS: Final = 8_000
"""Steps of a learner, a third of a millisecond each where nothing else runs; in a browser some seconds."""

L: Final = "9"


def reduce_formula(text: str, learner: str, T: int, A: str, seed: int) -> Answer:
    """Return a null run of a learner on the instance of a formula, round by round, with ``val`` of what it commits to.

    Raises:
        Sentence: for what is no formula, or takes longer than the page has.
    """
    try:
        formula = _read(text)
        instance, chosen = instance_of(formula, A, L), method(learner)
        if not chosen.width <= T <= MOST_DRAWS_SHOWN:
            raise Sentence(f"T = {T}: this learner takes from {chosen.width} to {MOST_DRAWS_SHOWN} draws here")
        if chosen.steps(formula.variables, len(formula.terms), T // chosen.width) > MOST_STEPS:
            raise Sentence(f"{chosen.title}: too much work here; take fewer draws, variables or terms")
        found = reduction(instance, chosen.for_draws(instance, T), T, Seeded(seed))
    except (FormulaError, BadNumber, UnknownMethod) as error:
        raise Sentence(str(error)) from None
    star = best_assignment(formula)
    return {
        "formula": str(formula),
        "n": formula.variables,
        "k": formula.k,
        "terms": [term_text(term) for term in formula.terms],
        "p": number(instance.p),
        "coverage": number(1 / instance.p),
        "learner": chosen.title,
        "star": _assignment(formula, star.assignment) | {"count": star.ties},
        **_run(formula, found),
    }


def _read(text: str) -> Formula:
    if len(text) > LONGEST_FORMULA:
        raise Sentence(f"this text has {len(text):,} characters; a formula has at most {LONGEST_FORMULA:,} here")
    formula = parse_formula(text)
    if formula.variables > MOST_VARIABLES or len(formula.terms) > MOST_TERMS:
        raise Sentence(
            f"{formula.variables} variables and {len(formula.terms)} terms: the page runs formulas of up to "
            f"{MOST_VARIABLES} and {MOST_TERMS}; `spanner reduce` takes larger ones"
        )
    return formula


def _run(formula: Formula, found: Reduction) -> Answer:
    rounds = [
        {"committed": [_rounded(formula, one) for one in shown.committed], "term": shown.term} for shown in found.rounds
    ]
    best = found.best
    return {
        "rounds": rounds,
        "best": None if best is None else _rounded(formula, best),
        "returned": _rounded(formula, found.returned),
        "bound": number(found.bound),
        "promises": bool(found.bound > 0),
    }


def _rounded(formula: Formula, found: Rounded) -> Answer:
    return _assignment(formula, found.assignment) | {"zero": not any(found.theta)}


def _assignment(formula: Formula, assignment: Assignment) -> Answer:
    return {
        "signs": signs_text(assignment),
        "val": str(formula.value(assignment)),
        "satisfied": [count == formula.k for count in formula.satisfied(assignment)],
    }

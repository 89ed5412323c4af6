"""Exercises about the third result: who commits to parameters before the prompt has to solve Max-k-DNF."""

from typing import Annotated

import msgspec
from flint import fmpq

from proofs_check.exercises.asking import Condition, Conditions, WrongAnswer, count, with_answer
from proofs_check.exercises.results import PROPER
from reference.algorithms.online_dpo import OnlineDPO
from reference.algorithms.parts.cover import SpanCover
from reference.algorithms.parts.feedback import Rewards
from reference.algorithms.parts.fits import LeastSquares
from reference.constructions.dnf.best_vertex import best_assignment
from reference.constructions.dnf.formula import Assignment, DnfInstance, Formula, FormulaError
from reference.constructions.dnf.text import parse_formula
from reference.interaction import Choice, Public, World, law_of, proper
from reference.model import base_policy, gap, softmax
from reference.model.parameter_set import Theta


class FormulaText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A formula, as ``spanner reduce`` reads it."""

    formula: Annotated[str, msgspec.Meta(max_length=2_000)]


_EXAMPLE = '{"formula": "x1 & !x2 | x2 & x3"}'

_NOT_ALL = "An assignment decides each variable once, for all terms: which terms exclude each other?"


@with_answer("one-in-four", PROPER, "easy", "dnf-completeness", "dnf-soundness", answer=FormulaText, example=_EXAMPLE)
def one_in_four(answer: FormulaText) -> Conditions:
    """A formula of which one term in four holds at most.

    Prompts are the terms of a formula, and the answer 1 to a term is good if the assignment behind the rewards
    satisfies it. Who sees the prompt can satisfy any term. Who commits to an assignment first satisfies a fraction
    `val` of them. Write a formula with terms of two literals, at most 8 of them, of which no assignment satisfies
    more than a quarter.

    The answer file: `{"formula": "x1 & !x2 | x2 & x3"}`.
    """
    formula = _read(answer.formula)
    yield from _sizes(formula, k=2, terms=8)
    yield Condition("val*, the most that an assignment satisfies", _best(formula), "<=", fmpq(1, 4), _NOT_ALL)


class Signs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An assignment, as signs."""

    assignment: Annotated[str, msgspec.Meta(max_length=40)]


HIDDEN = (
    "x1 & !x2 | !x2 & x3 | x3 & x4 | x4 & !x5 | !x5 & x6 | x1 & !x6 | !x1 & x2 | x2 & !x3 | !x3 & x5 | !x4 & x6 | "
    "x1 & x6 | !x2 & !x5"
)
"""The formula of ``good-for-all-prompts``."""


def hidden_instance() -> DnfInstance:
    """Return the instance of the formula, with the best assignment behind its rewards."""
    formula = parse_formula(HIDDEN)
    return DnfInstance.of(formula, 8, 2, 1, best_assignment(formula).assignment)


@with_answer(
    "good-for-all-prompts", PROPER, "medium", "dnf-decoding", "dnf-completeness", answer=Signs,
    example='{"assignment": "++++++"}',
)  # fmt: skip
def good_for_all_prompts(answer: Signs) -> Conditions:
    """Parameters that are good for all prompts.

    The formula is `x1 & !x2 | !x2 & x3 | x3 & x4 | x4 & !x5 | !x5 & x6 | x1 & !x6 | !x1 & x2 | x2 & !x3 | !x3 & x5 |
    !x4 & x6 | x1 & x6 | !x2 & !x5`, its instance that with A = 8, L = 2, `beta` = 1, and an assignment with `val*` is
    behind the rewards. Each prompt is a term. Give an assignment, as signs for x1 to x6, so that the softmax policy
    at its corner of the box has a gap of at most 1/10: a single parameter for all prompts. It takes a good
    assignment, so a training-time method that finds such parameters solves Max-k-DNF.

    The answer file: `{"assignment": "++++++"}`.
    """
    instance = hidden_instance()
    theta = instance.theta(_signs(answer.assignment, instance.formula.variables))
    problem = instance.problem
    hint = "Count for each variable the terms that want it true, and those that want it false; then look at pairs."
    yield Condition("the gap of the softmax policy", gap(problem, softmax(problem, theta)), "<=", fmpq(1, 10), hint)


_ROUNDS = 2
"""Of OnlineDPO, each with two draws."""


@with_answer(
    "online-dpo-never", PROPER, "hard", "online-dpo-rewards", "dnf-exploration-chance", answer=FormulaText,
    example=_EXAMPLE,
)  # fmt: skip
def online_dpo_never(answer: FormulaText) -> Conditions:
    """A formula on which OnlineDPO never succeeds.

    OnlineDPO draws two responses to a prompt from its own policy, sees their rewards, and fits its parameters, here
    by least squares of smallest norm. Write a formula with at most 8 variables and 8 terms such that on its instance
    (A = 8, L = 2, `beta` = 1, rewards from an assignment with `val*`) OnlineDPO has after 2 rounds, in all of its
    runs, a gap of more than half of that of the base model. Make it fair: some assignment is to satisfy every term
    (`val* = 1`).

    The answer file: `{"formula": "x1 & !x2 | x2 & x3"}`. Its chance to succeed is computed over all its runs.
    """
    formula = _read(answer.formula)
    yield from _sizes(formula, variables=8, terms=8)
    found = best_assignment(formula)
    yield Condition(
        "val*, the most that an assignment satisfies", found.value, "=", fmpq(1), "Make no two terms conflict."
    )
    chance = _chance(DnfInstance.of(formula, 8, 2, 1, found.assignment))
    hint = "A round shows one term. What does a fit of smallest norm say about the variables that it has not met?"
    yield Condition("P(half of the gap is gone)", chance, "=", fmpq(0), hint)


def _chance(instance: DnfInstance) -> fmpq:
    """Return the probability that OnlineDPO returns a policy with at most half of the gap of ``pi_ref``."""
    problem = instance.problem
    public = Public.of(problem, instance.parameter_set)
    learner = OnlineDPO(_ROUNDS, Rewards(), LeastSquares(SpanCover.empty(instance.formula.variables)))

    def returned(choice: Choice) -> Theta:
        return proper(learner, public)(World(problem, choice).oracles).theta

    half = gap(problem, base_policy(problem)) / 2
    mass = law_of(returned).probability(lambda theta: gap(problem, softmax(problem, theta)) <= half)
    return mass if isinstance(mass, fmpq) else mass.as_rational()


@with_answer("eight-exclusive-terms", PROPER, "open", "dnf-soundness", answer=FormulaText, example=_EXAMPLE)
def eight_exclusive_terms(answer: FormulaText) -> Conditions:
    """Eight terms that exclude each other.

    Eight terms over three variables, one for each of their assignments, have `val* = 1/8`: each prompt is easy, and
    no parameters are good for two of them. The more variables, the harder this is to see. Write eight terms of three
    literals, over seven variables that all occur, of which no assignment satisfies more than one.

    The answer file: `{"formula": "x1 & x2 & x3 | !x1 & x2 & x3"}`.
    """
    formula = _read(answer.formula)
    yield from _sizes(formula, k=3, terms=8, variables=10)
    yield Condition("the number of terms", count(len(formula.terms)), "=", count(8), "Count them.")
    used = {abs(literal) for term in formula.terms for literal in term}
    hint = "Which variable a term asks for next may depend on the one before."
    yield Condition("the number of variables that occur", count(len(used)), "=", count(7), hint)
    hint = "Any two of the terms have to differ in the sign of a variable."
    yield Condition("val*, the most that an assignment satisfies", _best(formula), "<=", fmpq(1, 8), hint)


def _read(text: str) -> Formula:
    try:
        return parse_formula(text)
    except FormulaError as error:
        raise WrongAnswer(f"formula: {error}") from None


def _sizes(formula: Formula, *, terms: int, k: int | None = None, variables: int = 10) -> Conditions:
    most = "It has to be small enough to look at every assignment."
    yield Condition("the number of variables", count(formula.variables), "<=", count(variables), most)
    yield Condition("the number of terms", count(len(formula.terms)), "<=", count(terms), "Fewer terms are enough.")
    if k is not None:
        yield Condition("the number of literals in a term", count(formula.k), "=", count(k), "All terms have as many.")


def _best(formula: Formula) -> fmpq:
    return best_assignment(formula).value


def _signs(text: str, n: int) -> Assignment:
    if len(text) != n or not set(text) <= set("+-"):
        raise WrongAnswer(f"assignment: {text[:40]!r}; needs {n} signs, + for true and - for false")
    return tuple(1 if sign == "+" else -1 for sign in text)

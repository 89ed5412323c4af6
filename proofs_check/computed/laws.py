"""The exact laws of the shipped listings, in the form in which the files of ``proofs_check/coq`` have them."""

from collections.abc import Callable
from copy import copy
from fractions import Fraction

import computed_form as form
from flint import fmpq

from proofs_check.certified.rewards import as_fraction
from reference.algorithms.rejection import ideal_rejection
from reference.algorithms.softmax_sampling import softmax_sampler
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact.expratio import exp_ratio
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.world import Oracles, World
from reference.model import LinearProblem, optimum

_Program = Callable[[Oracles], int | None]


def laws_of_listing(problem: LinearProblem, setting: form.Setting) -> list[list[Fraction]]:
    """Return, prompt by prompt, the masses of the responses that can be drawn; for rejection then that of failure."""
    kind, inputs = setting
    programs: dict[str, Callable[..., _Program]] = {
        "Rejection": _rejection, "Sampler": _sampler, "Returned": _returned,
    }  # fmt: skip
    return [_masses(problem, x, programs[kind](problem, x, *inputs), kind) for x in range(len(problem.prompts))]


def _masses(problem: LinearProblem, x: int, program: _Program, kind: str) -> list[Fraction]:
    def outcome(choice: Choice) -> int | None:
        return program(World(problem, choice, metered=False).oracles)

    law: Law[int | None] = law_of(outcome)
    outcomes: list[int | None] = [*problem.support(x), *([None] if kind == "Rejection" else [])]
    masses = [as_fraction(mass) for y in outcomes if isinstance(mass := law.mass(y), fmpq)]
    if len(masses) < len(outcomes):
        raise ValueError(
            f"{problem.name}: {kind}'s law is irrational at prompt {x}: the kernel computes with rationals"
        )
    return masses


def _rejection(problem: LinearProblem, x: int, M: Fraction, N: int) -> _Program:
    law = optimum(problem).law(x)
    ratios = {y: exp_ratio(law.mass(y)) / mass for y, mass in problem.pi_ref(x).items()}

    def program(oracles: Oracles) -> int | None:
        found = ideal_rejection(oracles, ratios.__getitem__, x, _rational(M), N)
        return None if found is None else found[0]

    return program


def _sampler(problem: LinearProblem, x: int, M: Fraction, N: int) -> _Program:
    first = problem.phi(x, problem.support(x)[0])

    def f(phi: Vector) -> LogLinear:
        return (phi - first).dot_numbers(problem.theta)

    return lambda oracles: softmax_sampler(oracles, f, x, _rational(M), N)[0]


def _returned(_: LinearProblem, x: int, n_prompt: int, n_pair: int, t_exp: int, M: Fraction, N: int) -> _Program:
    learner = copy(SpannerSampling(n_prompt, n_pair, t_exp, _rational(M), 1, mode="span"))
    object.__setattr__(learner, "draws", N)  # fewer than any delta asks for: the law is small
    return lambda oracles: learner(oracles).sample(oracles, x)


def _rational(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)

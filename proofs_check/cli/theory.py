"""``spanner run spanner-sampling --theory EPS,DELTA``: the inputs that theory asks for, as if they had been given."""

from dataclasses import dataclass

from flint import fmpq

from proofs_check.cli.formats import run as formats
from proofs_check.cli.output import UserError
from reference.algorithms.parts.theory import theory_parameters
from reference.exact import rational, rational_text
from reference.model import LinearProblem, coverage
from reference.model.ratios import coverage_rounded_up


@dataclass(frozen=True, slots=True)
class InTheory:
    """``given``: texts ``KEY=VALUE`` for every parameter; ``json``: where each comes from, and what is promised."""

    given: list[str]
    json: formats.Theory


def in_theory(problem: LinearProblem, text: str, given: list[str]) -> InTheory:
    """Return the inputs for a gap of at most ``EPS`` but for a probability of ``DELTA``; ``text``: both.

    What is promised of them rests on all of them, so only ``mode`` may be given, too.

    Raises:
        UserError: for text of another form, numbers outside their range, or other parameters.
    """
    others = [pair for pair in given if not pair.startswith("mode=")]
    if others:
        raise UserError(f"--theory {text[:80]}: it decides {others[0].split('=')[0]}, too; give only --param mode")
    ridge = "mode=ridge" in given
    if text.count(",") != 1:
        raise UserError(f"--theory {text[:80]}: write EPS,DELTA, such as 1/2,1/4")
    exact = coverage(problem)
    covered = exact if isinstance(exact, fmpq) else fmpq(coverage_rounded_up(problem))
    try:
        eps, delta = map(rational, text.split(","))
        found = theory_parameters(
            eps, delta, beta=problem.beta, R_max=problem.R_max, B=problem.B,
            dimension=max(problem.difference_rank(), 1), coverage=covered, mode="ridge" if ridge else "span",
        )  # fmt: skip
    except ValueError as error:  # BadNumber among them
        raise UserError(f"--theory {text[:80]}: {error}") from None
    names = {"ridge": "lambda"}
    rows = [
        (names.get(setting.name, setting.name), rational_text(fmpq(setting.value)), setting)
        for setting in found.settings
    ]
    settings = [formats.Setting(name, value, setting.formula, setting.source) for name, value, setting in rows]
    return InTheory(
        [*given, *(f"{name}={value}" for name, value, _ in rows)],
        formats.Theory(rational_text(eps), rational_text(delta), found.promise, settings),
    )

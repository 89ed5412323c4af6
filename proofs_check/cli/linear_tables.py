"""How ``spanner solve`` prints what there is to a linear problem: its spanner, its prompts and their responses."""

from collections.abc import Iterator
from itertools import chain, repeat

from rich.console import Console

from proofs_check.cli.formats.parts import number
from proofs_check.cli.output import Listing, brief, first, say, short
from proofs_check.cli.responses import Responses, show_responses
from proofs_check.cli.solution import LinearSolution, PromptSolution
from reference.certificates import SpannerCertificate
from reference.exact import rational_text
from reference.model import LinearProblem

SHOWN = 5
"""Responses that are printed for each prompt."""

SHOWN_PROMPTS = 12
"""Prompts whose responses are printed."""

CHECKED = "pi*, C_cov(pi*) and the spanner, by reference.certificates"
"""What the certificates of a linear problem are about."""


def linear_rows(solution: LinearSolution, digits: int) -> Iterator[tuple[str, str]]:
    """Yield names and values: coverage in the mean, the spanner, and what was checked."""
    yield "E pi*/pi_ref", str(number(solution.l1_coverage, digits))
    yield from zip(
        chain(["spanner"], repeat("")), _spanner_lines(solution.problem, solution.certificate.spanner), strict=False
    )
    yield "checked", CHECKED


def show_prompts(console: Console, solution: LinearSolution, digits: int) -> None:
    """Print the prompts, and of the first of them the most probable responses."""
    console.print()
    say(console, _prompt_table(solution, digits))
    problem = solution.problem
    for prompt in solution.prompts[: (shown := first(len(solution.prompts), SHOWN_PROMPTS))]:
        console.print()
        show_responses(console, problem.prompts[prompt.x].name, responses_to(problem, prompt), SHOWN, digits)
    if left := len(solution.prompts) - shown:
        console.print(f"... {left} more prompts: --json has all")


def differences(problem: LinearProblem) -> int:
    """Return how many differences of supported responses to a first one there are."""
    return sum(len(problem.support(x)) - 1 for x in range(len(problem.prompts)))


def _spanner_lines(problem: LinearProblem, spanner: SpannerCertificate) -> list[str]:
    count = differences(problem)
    if not spanner.pairs:
        return ["empty: every difference is zero" if count else "empty: there are no differences"]
    pairs = [
        f"{short(problem.prompts[x].name, 24)}: "
        f"{short(problem.responses(x)[y], 18)} - {short(problem.responses(x)[z], 18)}"
        for x, y, z in spanner.pairs
    ]
    several = count > 1
    which = f"all {count} differences have" if several else "the only difference has a"
    coefficients = "coefficients" if several else "coefficient"
    size = number(spanner.largest, 4)
    return [*pairs, f"{which} {coefficients} of size at most {size} (C = {rational_text(spanner.C)})"]


def _prompt_table(solution: LinearSolution, digits: int) -> Listing:
    problem = solution.problem
    numbers = ("rho", "|Y_x|", "log Z", "C_cov", "KL")
    found = Listing((("prompt", 24), *((name, "number") for name in numbers)))
    for prompt in solution.prompts:
        found.add_row(
            problem.prompts[prompt.x].name,
            brief(problem.rho.mass(prompt.x), digits),
            str(len(problem.support(prompt.x))),
            brief(prompt.log_partition, digits),
            brief(prompt.coverage, digits),
            brief(prompt.kl, digits),
        )
    return found


def responses_to(problem: LinearProblem, prompt: PromptSolution) -> Responses:
    """Return the responses to a prompt, as they are printed."""
    x = prompt.x
    names, entries = problem.responses(x), problem.prompts[x].responses
    return Responses(
        len(names), lambda y: (names[y], entries[y].pi_ref, problem.reward(x, y)), problem.beta, prompt.probabilities
    )

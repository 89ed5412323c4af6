"""``spanner solve``: the optimum of one problem, exactly."""

import gc
from itertools import chain, repeat

import msgspec
from rich.console import Console

from proofs_check.cli.formats import solve as formats
from proofs_check.cli.formats.parts import VERSION, Document, number
from proofs_check.cli.instances import renormalised
from proofs_check.cli.output import (
    Listing,
    UserError,
    brief,
    counted,
    first,
    grid,
    heading,
    one_line,
    out,
    print_json,
    say,
    short,
    working,
)
from proofs_check.cli.responses import Responses, responses_json, show_responses
from proofs_check.cli.solution import PromptSolution, Solution
from proofs_check.cli.solution import solve as solution_of
from proofs_check.cli.token_solution import sequences, solve_tokens
from proofs_check.cli.token_solve import show_tokens, tokens_json
from reference.catalog import load
from reference.certificates import SpannerCertificate, certificate_json
from reference.exact import rational_text
from reference.model import LinearProblem
from reference.model.problem import Problem

SHOWN = 5
"""Responses that are printed for each prompt."""

SHOWN_PROMPTS = 12
"""Prompts whose responses are printed."""

CHECKED = "pi*, C_cov(pi*) and the spanner, by reference.certificates"
"""What the certificates of a solution are about."""


def solve(source: str, *, digits: int, expand: bool, as_json: bool) -> None:
    """Solve an instance and print the solution; see :func:`proofs_check.cli.commands.solve`."""
    gc.disable()  # a large instance is many small objects and no cycles
    problem = load(source)
    if not isinstance(problem, LinearProblem):
        _solve_tokens(problem, digits, expand=expand, as_json=as_json)
        return
    if expand:
        raise UserError(f"{source} is a single-turn problem: its responses are listed anyway; leave --sequences out")
    with working("solving"):
        solution = solution_of(problem)
    if as_json:
        print_json(solution_json(solution, digits))
    else:
        show(out(), solution, digits)


def _solve_tokens(problem: Problem, digits: int, *, expand: bool, as_json: bool) -> None:
    with working("solving"):
        expanded = [sequences(problem, x) for x in range(len(problem.prompts))] if expand else []
        solution = solve_tokens(problem)
    if as_json:
        print_json(tokens_json(solution, expanded, digits))
    else:
        show_tokens(out(), solution, expanded, digits)


def show(console: Console, solution: Solution, digits: int) -> None:
    """Print a solution for people: the most probable responses of each prompt."""
    problem = solution.problem
    console.print(heading(problem.name, problem.about.source), style="bold")
    for text in (problem.about.title, problem.about.shows, renormalised(problem.about)):
        if text:
            console.print(one_line(text))
    say(console, f"{size(problem)}; {kind(problem)}\n")
    values = [
        ("J(pi*)", solution.optimal_value),
        ("J(pi_ref)", solution.base_value),
        ("gap of pi_ref", solution.base_gap),
        ("C_cov(pi*)", solution.coverage),
        ("E pi*/pi_ref", solution.l1_coverage),
    ]
    rows = [(name, str(number(value, digits))) for name, value in values]
    spanner = zip(chain(["spanner"], repeat("")), _spanner_lines(problem, solution.certificate.spanner), strict=False)
    say(console, grid([*rows, *spanner, ("checked", CHECKED)]))
    console.print()
    say(console, _prompt_table(solution, digits))
    for prompt in solution.prompts[: (shown := first(len(solution.prompts), SHOWN_PROMPTS))]:
        console.print()
        show_responses(console, problem.prompts[prompt.x].name, _responses(problem, prompt), SHOWN, digits)
    if left := len(solution.prompts) - shown:
        console.print(f"... {left} more prompts: --json has all")


def size(problem: LinearProblem) -> str:
    """Return the numbers of things in a problem."""
    responses = sum(problem.response_count(x) for x in range(len(problem.prompts)))
    return (
        f"{counted(len(problem.prompts), 'prompt')}, {counted(responses, 'response')}, "
        f"d = {problem.dimension}, rank {problem.difference_rank()}, beta = {rational_text(problem.beta)}"
    )


def kind(problem: LinearProblem) -> str:
    """Return which of the exact families a problem belongs to."""
    if problem.is_log_rational():
        return "log-rational: pi* is rational"
    return "rational rewards" if all(t.is_rational for t in problem.theta) else "mixed rewards"


def _differences(problem: LinearProblem) -> int:
    return sum(len(problem.support(x)) - 1 for x in range(len(problem.prompts)))


def _spanner_lines(problem: LinearProblem, spanner: SpannerCertificate) -> list[str]:
    count = _differences(problem)
    if not spanner.pairs:
        return ["empty: every difference is zero" if count else "empty: there are no differences"]
    pairs = [
        f"{short(problem.prompts[x].name, 24)}: "
        f"{short(problem.responses(x)[y], 18)} - {short(problem.responses(x)[z], 18)}"
        for x, y, z in spanner.pairs
    ]
    several = count > 1
    differences = f"all {count} differences have" if several else "the only difference has a"
    coefficients = "coefficients" if several else "coefficient"
    size = number(spanner.largest, 4)
    return [*pairs, f"{differences} {coefficients} of size at most {size} (C = {rational_text(spanner.C)})"]


def _prompt_table(solution: Solution, digits: int) -> Listing:
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


def _responses(problem: LinearProblem, prompt: PromptSolution) -> Responses:
    x = prompt.x
    names, entries = problem.responses(x), problem.prompts[x].responses
    return Responses(
        len(names), lambda y: (names[y], entries[y].pi_ref, problem.reward(x, y)), problem.beta, prompt.probabilities
    )


def solution_json(solution: Solution, digits: int) -> Document:
    """Return everything: each response with its exact weight, so that ``pi*(y) = weight / Z``."""
    problem, spanner, certificate = solution.problem, solution.certificate.spanner, solution.certificate

    def pair(x: int, y: int, z: int) -> formats.Pair:
        names = problem.responses(x)
        return formats.Pair(problem.prompts[x].name, names[y], names[z])

    return formats.Solution(
        VERSION,
        name=problem.name,
        source=problem.about.source,
        kind=kind(problem),
        dimension=problem.dimension,
        rank=problem.difference_rank(),
        beta=rational_text(problem.beta),
        theta=[str(entry) for entry in problem.theta],
        optimal_value=number(solution.optimal_value, digits),
        base_value=number(solution.base_value, digits),
        base_gap=number(solution.base_gap, digits),
        coverage=number(solution.coverage, digits),
        l1_coverage=number(solution.l1_coverage, digits),
        spanner=formats.Spanner(
            C=rational_text(spanner.C),
            pairs=[pair(*triple) for triple in spanner.pairs],
            differences=_differences(problem),
            largest_coefficient=rational_text(spanner.largest),
        ),
        prompts=[_prompt_json(problem, prompt, digits) for prompt in solution.prompts],
        certificates=formats.Certificates(
            *(
                msgspec.convert(certificate_json(problem, each), formats.Certificate)
                for each in (certificate.optimum, certificate.coverage, spanner)
            )
        ),
    )


def _prompt_json(problem: LinearProblem, prompt: PromptSolution, digits: int) -> formats.Prompt:
    x = prompt.x
    features = [response.phi for response in problem.prompts[x].responses]
    return formats.Prompt(
        name=problem.prompts[x].name,
        rho=str(problem.rho.mass(x)),
        log_partition=number(prompt.log_partition, digits),
        coverage=number(prompt.coverage, digits),
        kl=number(prompt.kl, digits),
        base_gap=number(prompt.base_gap, digits),
        oscillation=number(prompt.oscillation, digits),
        responses=responses_json(_responses(problem, prompt), digits, features),
    )

"""``spanner solve``: the optimum of one problem, exactly."""

import gc
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flint import fmpq
from msgspec import UNSET, UnsetType
from msgspec.structs import replace
from rich.console import Console

from proofs_check.cli.described import described
from proofs_check.cli.formats import solve as formats
from proofs_check.cli.formats.parts import VERSION_3, Numeral, answers_json, number
from proofs_check.cli.instances import renormalisation, renormalised
from proofs_check.cli.nodes import node_tables, nodes_json
from proofs_check.cli.output import (
    LATER,
    TextTable,
    UserError,
    brief,
    first,
    grid,
    heading,
    one_line,
    out,
    print_json,
    say,
    working,
)
from proofs_check.cli.responses import Responses, ResponseTexts, responses_to, show_responses
from proofs_check.cli.solution import CertifiedSolution, certified_solution
from reference.catalog import load, names
from reference.catalog.loading import file_of
from reference.exact import BadNumber, Number, rational_text
from reference.model import Problem, ProfileRow
from reference.model.solution import Coverages

if TYPE_CHECKING:  # other problems than the catalog's need no ledger: a fifth of the start
    from proofs_check.ledger.answers import KernelAnswer

_SHOWN = 5
"""Responses that are printed for each prompt."""

SHOWN_SEQUENCES = 10
"""Responses of several tokens that are printed for each prompt, if they were asked for."""

SHOWN_PROMPTS = 12
"""Prompts that are printed with their responses."""


def solve_command(source: str, *, digits: int, expand: bool, as_json: bool) -> None:
    """Solve an instance and print the solution; see :func:`proofs_check.cli.commands.solve`."""
    gc.disable()  # a large instance is many small objects and no cycles: neither here nor at the end looked through
    problem = load(source)
    single = problem.horizon == 1
    if expand and single:
        raise UserError(f"{source} is a single-turn problem: its responses are listed anyway; leave --sequences out")
    try:
        with working("solving"):
            responses = list(_responses(problem)) if single or expand else []
            solution = certified_solution(problem)
        answers = _answers(source, problem)
        if as_json:
            document = solution_json(solution, LATER if responses else UNSET, digits)
            texts = ResponseTexts(problem.beta, digits)
            print_json(replace(document, answers=answers_json(answers)), [texts.of(each) for each in responses])
        else:
            show_solution(out(), solution, responses, digits, answers)
    except BadNumber as error:
        raise UserError(f"{source}: {error}; raise beta, so that exp(R_max/beta) is shorter") from None
    gc.freeze()


def _answers(source: str, problem: Problem) -> "Sequence[KernelAnswer]":
    """Return what Coq's kernel vouches for: the catalog's problems are audited, by their names."""
    if problem.name not in names():
        return ()
    from proofs_check.ledger.answers import answers_on

    return answers_on(file_of(source), problem.name)


def _answer_rows(answers: "Sequence[KernelAnswer]") -> Iterator[tuple[str, str]]:
    if answers:
        from proofs_check.cli.kernel_lines import answer_rows

        yield from answer_rows(answers)


def _responses(problem: Problem) -> Iterator[Responses]:
    known = {entry.root: x for x, entry in enumerate(problem.prompts)}
    found = {root: responses_to(problem, x) for root, x in known.items()}
    return (found[entry.root] for entry in problem.prompts)


def show_solution(
    console: Console,
    solution: CertifiedSolution,
    responses: Sequence[Responses],
    digits: int,
    answers: "Sequence[KernelAnswer]" = (),
) -> None:
    """Print a solution for people: the prompts, what is chosen at each node, the most probable responses."""
    problem, words = solution.problem, described(solution.problem)
    console.print(heading(problem.name, problem.about.source), style="bold")
    for text in (problem.about.title, problem.about.shows, renormalised(problem.about)):
        if text:
            console.print(one_line(text))
    say(console, f"{words.size}; {words.kind}\n")
    say(console, grid([*_values(solution, digits), *solution.certified.rows(digits), *_answer_rows(answers)]))
    console.print()
    say(console, _prompt_table(solution, digits))
    if not isinstance(solution.profile, str):
        console.print()
        say(console, _profile_table(solution.profile, digits))
    if problem.horizon > 1:
        for found in node_tables(problem, digits):
            if not isinstance(found, str):
                console.print()
            say(console, found)
    most = _SHOWN if problem.horizon == 1 else SHOWN_SEQUENCES
    for x, each in enumerate(responses[: (shown := first(len(responses), SHOWN_PROMPTS))]):
        console.print()
        show_responses(console, problem.prompts[x].name, each, most, digits)
    if left := len(responses) - shown:
        console.print(f"... {left} more prompts: --json has all")


def _values(solution: CertifiedSolution, digits: int) -> Iterator[tuple[str, str]]:
    found, several = solution.coverages, solution.problem.horizon > 1
    values: list[tuple[str, Number]] = [
        ("J(pi*)", solution.optimal_value),
        ("J(pi_ref)", solution.base_value),
        ("gap of pi_ref", solution.base_gap),
    ]
    if isinstance(found, Coverages):
        values += [("C_cond(pi*)", found.C_cond)] if several else []
        values += [("C_cov(pi*)", found.C_cov)]
        values += [("prod_h max", found.product), ("C_cond^H", found.power)] if several else []
        values += [("E pi*/pi_ref", found.l1)]
    for name, value in values:
        yield name, str(number(value, digits))
    if isinstance(found, str):
        yield "coverage", f"not formed: {found}"


def _prompt_table(solution: CertifiedSolution, digits: int) -> TextTable:
    problem = solution.problem
    numbers = ("rho", "|Y_x|", "log Z", "C_cov", "KL")
    found = TextTable((("prompt", 24), *((name, "number") for name in numbers)))
    for prompt in solution.prompts:
        found.add_row(
            problem.prompts[prompt.x].name,
            brief(problem.rho.mass(prompt.x), digits),
            brief(fmpq(prompt.sequences), digits),
            brief(prompt.log_partition, digits),
            "not formed" if prompt.coverage is None else brief(prompt.coverage, digits),
            "not formed" if prompt.kl is None else brief(prompt.kl, digits),
        )
    return found


def _profile_table(rows: Sequence[ProfileRow], digits: int) -> TextTable:
    found = TextTable((("N", "number"), ("P(pi*/pi_ref >= N)", "number"), ("cut off by the cap N", "number")))
    for row in rows:
        found.add_row(brief(row.N, digits), brief(row.covered, digits), brief(row.cut, digits))
    return found


def solution_json(
    solution: CertifiedSolution, responses: list[formats.Response] | UnsetType, digits: int
) -> formats.Solution:
    """Return everything: each prompt, with what is given as its responses; each reached node."""
    problem, found = solution.problem, solution.coverages
    several = problem.horizon > 1
    document = formats.Solution(
        VERSION_3,
        name=problem.name,
        source=problem.about.source,
        kind=described(problem).kind,
        horizon=problem.horizon,
        tokens=len(problem.alphabet),
        sequence_count=str(problem.sequence_count()),
        dimensions=list(problem.dimensions),
        beta=rational_text(problem.beta),
        optimal_value=number(solution.optimal_value, digits),
        base_value=number(solution.base_value, digits),
        base_gap=number(solution.base_gap, digits),
        coverage=None if isinstance(found, str) else number(found.C_cov, digits),
        l1_coverage=None if isinstance(found, str) else number(found.l1, digits),
        coverages=_coverages_json(found, digits),
        coverage_profile=_profile_json(solution.profile, digits),
        prompts=[_prompt_json(solution, x, responses, digits) for x in range(len(problem.prompts))],
        nodes=nodes_json(problem, digits) if several else UNSET,
        certificates=formats.Certificates(),
        renormalised=renormalisation(problem.about) or UNSET,
    )
    return solution.certified.put_into(document, digits)


def _coverages_json(found: Coverages | str, digits: int) -> formats.Coverages:
    if isinstance(found, str):
        return formats.Coverages(not_formed=found)
    return formats.Coverages(
        C_cond=number(found.C_cond, digits),
        C_cov=number(found.C_cov, digits),
        product=number(found.product, digits),
        power=number(found.power, digits),
        layers=[number(ratio, digits) for ratio in found.layers],
    )


def _profile_json(rows: tuple[ProfileRow, ...] | str, digits: int) -> list[formats.ProfileStep] | UnsetType:
    if isinstance(rows, str):
        return UNSET
    return [
        formats.ProfileStep(number(row.N, digits), number(row.covered, digits), number(row.cut, digits)) for row in rows
    ]


def _prompt_json(
    solution: CertifiedSolution, x: int, responses: list[formats.Response] | UnsetType, digits: int
) -> formats.Prompt:
    prompt, problem = solution.prompts[x], solution.problem

    def known(value: "Number | None") -> Numeral | None:
        return None if value is None else number(value, digits)

    return formats.Prompt(
        name=problem.prompts[x].name,
        rho=str(problem.rho.mass(x)),
        sequence_count=str(prompt.sequences),
        log_partition=number(prompt.log_partition, digits),
        coverage=known(prompt.coverage),
        kl=known(prompt.kl),
        base_gap=number(prompt.base_gap, digits),
        oscillation=number(prompt.oscillation, digits),
        responses=responses,
    )

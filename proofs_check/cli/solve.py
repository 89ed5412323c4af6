"""``spanner solve``: the optimum of one problem, exactly."""

import gc
from collections.abc import Iterator, Sequence

from rich.console import Console

from proofs_check.cli.contexts import sequences
from proofs_check.cli.described import kind, size
from proofs_check.cli.formats.parts import number
from proofs_check.cli.instances import renormalised
from proofs_check.cli.linear_tables import linear_rows, show_prompts
from proofs_check.cli.node_tables import show_nodes
from proofs_check.cli.output import UserError, grid, heading, one_line, out, print_json, say, working
from proofs_check.cli.realizability import realizability_rows
from proofs_check.cli.responses import Responses, show_responses
from proofs_check.cli.solution import Coverages, Solution
from proofs_check.cli.solution import solve as solution_of
from proofs_check.cli.solve_json import solution_json
from reference.catalog import load
from reference.exact import Number

SHOWN_SEQUENCES = 10
"""Sequences that are printed for a prompt."""


def solve(source: str, *, digits: int, expand: bool, as_json: bool) -> None:
    """Solve an instance and print the solution; see :func:`proofs_check.cli.commands.solve`."""
    gc.disable()  # a large instance is many small objects and no cycles
    problem = load(source)
    if expand and problem.horizon == 1:
        raise UserError(f"{source} has responses of one token: they are listed anyway; leave --sequences out")
    with working("solving"):
        expanded = [sequences(problem, x) for x in range(len(problem.prompts))] if expand else []
        solution = solution_of(problem)
    if as_json:
        print_json(solution_json(solution, expanded, digits))
    else:
        show(out(), solution, expanded, digits)


def show(console: Console, solution: Solution, expanded: Sequence[Responses], digits: int) -> None:
    """Print a solution for people; ``expanded`` are the sequences of each prompt, if they were asked for."""
    problem, linear = solution.problem, solution.linear
    console.print(heading(problem.name, problem.about.source), style="bold")
    for text in (problem.about.title, problem.about.shows, renormalised(problem.about)):
        if text:
            console.print(one_line(text))
    say(console, f"{size(problem)}; {kind(problem)}\n")
    further = realizability_rows(solution, digits) if linear is None else linear_rows(linear, digits)
    say(console, grid([*_values(solution, digits), *further]))
    if linear is None:
        show_nodes(console, problem, digits)
    else:
        show_prompts(console, linear, digits)
    for x, responses in enumerate(expanded):
        console.print()
        show_responses(console, problem.prompts[x].name, responses, SHOWN_SEQUENCES, digits)


def _values(solution: Solution, digits: int) -> Iterator[tuple[str, str]]:
    values: list[tuple[str, Number]] = [
        ("J(pi*)", solution.optimal_value),
        ("J(pi_ref)", solution.base_value),
        ("gap of pi_ref", solution.base_gap),
    ]
    found = solution.coverages
    if isinstance(found, Coverages):
        several = len(found.layers) > 1  # with one layer all are the same
        values += [("C_cond(pi*)", found.C_cond)] if several else []
        values += [("C_cov(pi*)", found.C_cov)]
        values += [("prod_h max", found.product), ("C_cond^H", found.power)] if several else []
    for name, value in values:
        yield name, str(number(value, digits))
    if isinstance(found, str):
        yield "coverage", f"not formed: {found}"

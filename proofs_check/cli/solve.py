"""``spanner solve``: the optimum of one problem, exactly."""

import gc
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from proofs_check.cli.output import number, out, print_json
from proofs_check.cli.solution import Probabilities, PromptSolution, Solution, SpannerSolution
from proofs_check.cli.solution import solve as solution_of
from reference.catalog import load
from reference.exact import exp, rational_text, to_decimal
from reference.exact.real import Real
from reference.model import Problem

SHOWN = 5
"""Responses that are printed for each prompt."""

SHOWN_PROMPTS = 12
"""Prompts whose responses are printed."""


def solve(
    source: Annotated[str, typer.Argument(metavar="catalog:NAME|FILE", help="An instance.")],
    *,
    digits: Annotated[int, typer.Option(min=1, max=1000, help="Significant digits of decimals.")] = 6,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, with every response.")] = False,
) -> None:
    """Solve an instance: optimum, value, gap of the base model, coverage, partition functions, a barycentric spanner.

    Values are exact; decimals are correctly rounded, and marked ≈ where they are rounded.
    """
    gc.disable()  # a large instance is many small objects and no cycles
    solution = solution_of(load(source))
    if as_json:
        print_json(solution_json(solution, digits))
    else:
        show(out(), solution, digits)


def show(console: Console, solution: Solution, digits: int) -> None:
    """Print a solution for people: the most probable responses of each prompt."""
    problem = solution.problem
    console.print(heading(problem), style="bold")
    for text in (problem.about.title, problem.about.shows):
        if text:
            console.print(text)
    console.print(f"{size(problem)}; {kind(problem)}\n")
    values = Table.grid(padding=(0, 2))
    values.add_column(style="dim", no_wrap=True)
    values.add_column(overflow="fold")
    values.add_row("J(pi*)", str(number(solution.optimal_value, digits)))
    values.add_row("J(pi_ref)", str(number(solution.base_value, digits)))
    values.add_row("gap of pi_ref", str(number(solution.base_gap, digits)))
    values.add_row("C_cov(pi*)", str(number(solution.coverage, digits)))
    values.add_row("E pi*/pi_ref", str(number(solution.l1_coverage, digits)))
    values.add_row("spanner", _spanner_text(problem, solution.spanner))
    console.print(values)
    console.print()
    console.print(_prompt_table(solution, digits))
    for prompt in solution.prompts[:SHOWN_PROMPTS]:
        console.print()
        console.print(_response_table(problem, prompt, digits))
    if len(solution.prompts) > SHOWN_PROMPTS:
        console.print(f"{len(solution.prompts) - SHOWN_PROMPTS} more prompts: --json has all")


def heading(problem: Problem) -> str:
    """Return name and source."""
    return f"{problem.name}  ({problem.about.source})" if problem.about.source else problem.name


def size(problem: Problem) -> str:
    """Return the numbers of things in a problem."""
    responses = sum(problem.response_count(x) for x in range(len(problem.prompts)))
    return (
        f"{len(problem.prompts)} {'prompt' if len(problem.prompts) == 1 else 'prompts'}, {responses} responses, "
        f"d = {problem.dimension}, rank {problem.difference_rank()}, beta = {rational_text(problem.beta)}"
    )


def kind(problem: Problem) -> str:
    """Return which of the exact families a problem belongs to."""
    if problem.is_log_rational():
        return "log-rational: pi* is rational"
    return "rational rewards" if all(t.is_rational for t in problem.theta) else "mixed rewards"


def _spanner_text(problem: Problem, spanner: SpannerSolution) -> str:
    if not spanner.pairs:
        return "empty: every difference is zero" if spanner.differences else "empty: there are no differences"
    pairs = [
        f"{_short(problem.prompts[x], 24)}: "
        f"{_short(problem.responses(x)[y], 18)} - {_short(problem.responses(x)[z], 18)}"
        for x, y, z in spanner.pairs
    ]
    several = spanner.differences > 1
    differences = f"all {spanner.differences} differences have" if several else "the only difference has a"
    coefficients = "coefficients" if several else "coefficient"
    size = number(spanner.largest, 4)
    return "\n".join([*pairs, f"{differences} {coefficients} of size at most {size} (C = {spanner.C}): checked"])


def _table(console_columns: tuple[tuple[str, bool], ...]) -> Table:
    table = Table(box=SIMPLE, pad_edge=False, show_edge=False)
    for name, right in console_columns:
        table.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    return table


def _prompt_table(solution: Solution, digits: int) -> Table:
    problem = solution.problem
    table = _table((("prompt", False), ("rho", True), ("|Y_x|", True), ("log Z", True), ("C_cov", True), ("KL", True)))
    for prompt in solution.prompts:
        table.add_row(
            _short(problem.prompts[prompt.x], 24),
            str(to_decimal(problem.rho.mass(prompt.x), digits)),
            str(len(problem.support(prompt.x))),
            number(prompt.log_partition, digits).decimal,
            number(prompt.coverage, digits).decimal,
            number(prompt.kl, digits).decimal,
        )
    return table


def _response_table(problem: Problem, prompt: PromptSolution, digits: int) -> Table:
    x, policy = prompt.x, prompt.probabilities
    order = policy.order()
    base, names, position = problem.pi_ref(x), problem.responses(x), policy.positions
    left = problem.response_count(x) - len(order[:SHOWN])
    table = _table(((_short(problem.prompts[x]), False), ("pi_ref", True), ("reward", True), ("pi*", True)))
    for y in order[:SHOWN]:
        table.add_row(
            _short(names[y]),
            str(to_decimal(base.mass(y), digits)),
            number(problem.reward(x, y), digits).decimal,
            _probability(policy, position[y], digits),
        )
    if left:
        table.add_row(f"... {left} more", "", "", "")
    return table


def _probability(policy: Probabilities, i: int, digits: int) -> str:
    exact = policy.rational(i)
    return str(to_decimal(policy[i] if exact is None else exact, digits))


def _short(text: str, limit: int = 40) -> str:
    plain = "".join(c if c.isprintable() else "␤" if c == "\n" else "�" for c in text)
    return plain if len(plain) <= limit else f"{plain[: limit - 3]}..."


def solution_json(solution: Solution, digits: int) -> dict[str, object]:
    """Return everything: each response with its exact weight, so that ``pi*(y) = weight / Z``."""
    problem, spanner = solution.problem, solution.spanner

    def value(x: Real) -> dict[str, str | None]:
        return number(x, digits).json()

    return {
        "format": "spanner-reference/solution",
        "version": 1,
        "name": problem.name,
        "source": problem.about.source,
        "kind": kind(problem),
        "dimension": problem.dimension,
        "rank": problem.difference_rank(),
        "beta": rational_text(problem.beta),
        "optimal_value": value(solution.optimal_value),
        "base_value": value(solution.base_value),
        "base_gap": value(solution.base_gap),
        "coverage": number(solution.coverage, digits).json(),
        "l1_coverage": value(solution.l1_coverage),
        "spanner": {
            "C": str(spanner.C),
            "pairs": [
                {"prompt": problem.prompts[x], "response": problem.responses(x)[y], "minus": problem.responses(x)[z]}
                for x, y, z in spanner.pairs
            ],
            "differences": spanner.differences,
            "largest_coefficient": rational_text(spanner.largest),
        },
        "prompts": [_prompt_json(problem, prompt, digits) for prompt in solution.prompts],
    }


def _prompt_json(problem: Problem, prompt: PromptSolution, digits: int) -> dict[str, object]:
    x, policy = prompt.x, prompt.probabilities
    names, base = problem.responses(x), problem.pi_ref(x)
    position = policy.positions
    responses: list[dict[str, object]] = []
    for y, name in enumerate(names):
        mass, reward = base.mass(y), problem.reward(x, y)
        row: dict[str, object] = {"name": name, "pi_ref": str(mass), "reward": number(reward, digits).json()}
        supported = y in position
        exact = policy.rational(position[y]) if supported else None
        row["weight"] = str(exp(reward / problem.beta) * problem.entries[x].responses[y].pi_ref) if supported else "0"
        row["pi_star"] = {
            "exact": ("0" if not supported else None if exact is None else rational_text(exact)),
            "decimal": _probability(policy, position[y], digits) if supported else "0",
        }
        responses.append(row)
    return {
        "name": problem.prompts[x],
        "rho": str(problem.rho.mass(x)),
        "log_partition": number(prompt.log_partition, digits).json(),
        "coverage": number(prompt.coverage, digits).json(),
        "kl": number(prompt.kl, digits).json(),
        "base_gap": number(prompt.base_gap, digits).json(),
        "oscillation": number(prompt.oscillation, digits).json(),
        "responses": responses,
    }

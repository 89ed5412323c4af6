"""``spanner catalog`` and ``spanner schema``: what ships with the package."""

from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.table import Table

from proofs_check.cli.output import WIDE, out, print_json
from proofs_check.cli.solve import kind, size
from reference.catalog import load, names, schema_text
from reference.exact import rational_text
from reference.model import Problem

LONG = 400
"""Characters of a field that are printed."""


def catalog(
    name: Annotated[str | None, typer.Argument(help="An instance; all, unless given.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the instances with their sources, or describe one."""
    if name is not None:
        _describe(load(f"catalog:{name.removeprefix('catalog:')}"), as_json=as_json)
        return
    problems = [load(f"catalog:{name}") for name in names()]
    if as_json:
        print_json([_entry(problem) for problem in problems])
        return
    console = out()
    table = Table(box=SIMPLE, pad_edge=False, show_edge=False, width=console.width)
    table.add_column("instance", no_wrap=True)
    table.add_column("|X|", justify="right", no_wrap=True)
    table.add_column("|Y|", justify="right", no_wrap=True)
    table.add_column("d", justify="right", no_wrap=True)
    table.add_column("title", ratio=3)
    if console.width >= WIDE:
        table.add_column("source", ratio=2)
    for problem in problems:
        count = sum(problem.response_count(x) for x in range(len(problem.prompts)))
        row = [problem.name, str(len(problem.prompts)), str(count), str(problem.dimension), problem.about.title]
        table.add_row(*row, *([problem.about.source] if console.width >= WIDE else []))
    console.print(table)


def schema() -> None:
    """Print the JSON Schema of instance files."""
    out().file.write(schema_text())


def _describe(problem: Problem, *, as_json: bool) -> None:
    if as_json:
        print_json(_entry(problem))
        return
    console = out()
    console.print(problem.name, style="bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    about = problem.about
    for key, text in (("title", about.title), ("shows", about.shows), ("source", about.source)):
        grid.add_row(key, text)
    if about.license:
        grid.add_row("instance license", about.license)
    for key, value in about.provenance:
        text = value if isinstance(value, str) else "; ".join(f"{k}: {v}" for k, v in value)
        grid.add_row(key, text if len(text) <= LONG else f"{text[:LONG]}... (--json has all)")
    grid.add_row("size", size(problem))
    grid.add_row("kind", kind(problem))
    grid.add_row("bounds", f"B = {rational_text(problem.B)}, R_max = {rational_text(problem.R_max)}")
    grid.add_row("theta", f"({', '.join(map(str, problem.theta))})")
    console.print(grid)
    console.print(f"\nspanner solve catalog:{problem.name}")


def _entry(problem: Problem) -> dict[str, object]:
    about = problem.about
    return {
        "name": problem.name,
        "title": about.title,
        "shows": about.shows,
        "source": about.source,
        "license": about.license,
        "provenance": {key: value if isinstance(value, str) else dict(value) for key, value in about.provenance},
        "prompts": len(problem.prompts),
        "responses": [problem.response_count(x) for x in range(len(problem.prompts))],
        "dimension": problem.dimension,
        "rank": problem.difference_rank(),
        "kind": kind(problem),
        "beta": rational_text(problem.beta),
        "theta": [str(t) for t in problem.theta],
        "B": rational_text(problem.B),
        "R_max": rational_text(problem.R_max),
    }

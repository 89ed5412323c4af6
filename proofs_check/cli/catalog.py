"""``spanner catalog``: the instances that ship with the package."""

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from typing import Any

from rich.console import Console
from rich.padding import Padding

from proofs_check.cli.described import kind, size
from proofs_check.cli.formats.others import Catalog, Instance
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.output import WIDE, Kind, Listing, grid, one_line, out, plain, print_json, say, short
from reference.catalog import linear_names, load, load_linear, tree_names
from reference.exact import rational_text, to_decimal
from reference.model import LinearProblem
from reference.model.parts import About
from reference.model.problem import Problem

LONG = 400
"""Characters of a field that are printed."""

NARROW = 76
"""Columns below which a title has its own lines."""


def catalog(name: str | None, *, as_json: bool) -> None:
    """List the instances with their sources, or describe one."""
    if name is not None:
        _describe(load(f"catalog:{name.removeprefix('catalog:')}"), as_json=as_json)
        return
    linear = [load_linear(f"catalog:{name}") for name in linear_names()]
    trees = [load(f"catalog:{name}") for name in tree_names()]
    if as_json:
        print_json(Catalog(VERSION, [_entry(problem) for problem in (*linear, *trees)]))
        return
    console = out()
    _list(console, ("linear problem", "|X|", "|Y|", "d"), map(_row, linear))
    console.print()
    _list(console, ("problem", "|X|", "|A|", "H", "sequences"), map(_tree_row, trees))
    if console.width < WIDE:
        console.print("\nTheir sources: spanner catalog NAME, or --json.")


def _list(console: Console, columns: Sequence[str], rows: Iterable[tuple[list[str], About]]) -> None:
    if console.width < NARROW:
        for (name, *values), about in rows:
            counts = ", ".join(f"{column} {n}" for column, n in zip(columns[1:], values, strict=True))
            say(console, f"{plain(name)}: {counts}")
            console.print(Padding(one_line(about.title), (0, 0, 0, 2)))
        return
    texts = ("title", "source") if console.width >= WIDE else ("title",)
    numbers: list[tuple[str, Kind]] = [(column, "number") for column in columns[1:]]
    listed = Listing(((columns[0], "key"), *numbers, *((name, "text") for name in texts)))
    for row, about in rows:
        listed.add_row(*row, *[one_line(about.title), one_line(about.source)][: len(texts)])
    say(console, listed)


def _row(problem: LinearProblem) -> tuple[list[str], About]:
    count = sum(problem.response_count(x) for x in range(len(problem.prompts)))
    return [problem.name, str(len(problem.prompts)), str(count), str(problem.dimension)], problem.about


def _tree_row(problem: Problem) -> tuple[list[str], About]:
    counts = [str(n) for n in (len(problem.prompts), len(problem.alphabet), problem.horizon)]
    return [problem.name, *counts, str(to_decimal(problem.sequence_count(), 4))], problem.about


def _describe(problem: Problem, *, as_json: bool) -> None:
    if as_json:
        print_json(Catalog(VERSION, [_entry(problem)]))
        return
    console = out()
    console.print(plain(problem.name), style="bold")
    say(console, grid([*_origin(problem.about), *_contents(problem)]))
    console.print(f"\nspanner solve catalog:{plain(problem.name)}")


def _origin(about: About) -> Iterator[tuple[str, str]]:
    fields = [("title", about.title), ("shows", about.shows), ("source", about.source)]
    if about.license:
        fields.append(("instance license", about.license))
    for key, value in about.provenance:
        fields.append((key, value if isinstance(value, str) else "; ".join(f"{k}: {v}" for k, v in value)))
    for key, value in fields:
        text = one_line(value)
        yield key, text if len(text) <= LONG else f"{text[:LONG]}... (--json has all)"


def _contents(problem: Problem) -> Iterator[tuple[str, str]]:
    yield "size", size(problem)
    yield "kind", kind(problem)
    yield from _own_fields(problem)


@singledispatch
def _own_fields(problem: Problem) -> Iterator[tuple[str, str]]:
    yield "bounds", f"R_max = {rational_text(problem.R_max)}"
    yield "alphabet", short(", ".join(map(repr, problem.alphabet)), LONG)


@_own_fields.register
def _(problem: LinearProblem) -> Iterator[tuple[str, str]]:
    yield "bounds", f"B = {rational_text(problem.B)}, R_max = {rational_text(problem.R_max)}"
    yield "theta", f"({', '.join(map(str, problem.theta))})"


def _entry(problem: Problem) -> Instance:
    about = problem.about
    return Instance(
        name=problem.name,
        title=about.title,
        shows=about.shows,
        source=about.source,
        license=about.license,
        provenance={key: value if isinstance(value, str) else dict(value) for key, value in about.provenance},
        prompts=len(problem.prompts),
        horizon=problem.horizon,
        sequence_count=str(problem.sequence_count()),
        nodes=list(map(len, problem.reachable)),
        dimensions=list(problem.dimensions),
        kind=kind(problem),
        beta=rational_text(problem.beta),
        R_max=rational_text(problem.R_max),
        **_own_keys(problem),
    )


@singledispatch
def _own_keys(problem: Problem) -> dict[str, Any]:
    return {"alphabet": list(problem.alphabet)}


@_own_keys.register
def _(problem: LinearProblem) -> dict[str, Any]:
    return {
        "responses": [problem.response_count(x) for x in range(len(problem.prompts))],
        "rank": problem.difference_rank(),
        "theta": [str(t) for t in problem.theta],
        "B": rational_text(problem.B),
    }

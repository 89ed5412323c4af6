"""``spanner catalog``: the instances that ship with the package."""

from collections.abc import Iterable, Iterator

from msgspec import UNSET
from rich.console import Console
from rich.padding import Padding

from proofs_check.cli.described import described
from proofs_check.cli.formats.others import Catalog, Instance
from proofs_check.cli.formats.parts import VERSION_3, answers_json
from proofs_check.cli.kernel_lines import answer_rows
from proofs_check.cli.output import WIDE, CellKind, TextTable, grid, one_line, out, print_json, say, unmarked
from proofs_check.ledger.answers import answers_on
from reference.catalog import load, names
from reference.catalog.loading import file_of
from reference.exact import rational_text, to_decimal
from reference.model import About, Problem
from reference.model.node_solutions import open_nodes

_LONG = 400
"""Characters of a field that are printed."""

_NARROW = 76
"""Columns below which a title has its own lines."""


def catalog(name: str | None, *, as_json: bool) -> None:
    """List the instances with their sources, or describe one."""
    if name is not None:
        _describe(load(f"catalog:{name.removeprefix('catalog:')}"), as_json=as_json)
        return
    problems = [load(f"catalog:{name}") for name in names()]
    if as_json:
        print_json(Catalog(VERSION_3, list(map(_entry, problems))))
        return
    console = out()
    _list(console, problems)
    if console.width < WIDE:
        console.print("\nTheir sources: spanner catalog NAME, or --json.")


def _list(console: Console, problems: Iterable[Problem]) -> None:
    if console.width < _NARROW:
        for problem in problems:
            counts = ", ".join(f"{column} {n}" for column, n in zip(COLUMNS, _counts(problem), strict=True))
            say(console, f"{unmarked(problem.name)}: {counts}")
            console.print(Padding(one_line(problem.about.title), (0, 0, 0, 2)))
        return
    texts = ("title", "source") if console.width >= WIDE else ("title",)
    numbers: list[tuple[str, CellKind]] = [(column, "number") for column in COLUMNS]
    listed = TextTable((("instance", "key"), *numbers, *((name, "text") for name in texts)))
    for problem in problems:
        about = problem.about
        shown = [one_line(about.title), one_line(about.source)][: len(texts)]
        listed.add_row(problem.name, *_counts(problem), *shown)
    say(console, listed)


COLUMNS = ("|X|", "|A|", "H", "|Y|", "d")
"""Prompts, tokens, horizon, responses, dimensions."""


def _counts(problem: Problem) -> list[str]:
    counts = (len(problem.prompts), len(problem.alphabet), problem.horizon, described(problem).responses)
    return [*(str(to_decimal(n, 4)) for n in counts), ", ".join(map(str, dict.fromkeys(problem.dimensions)))]


def _describe(problem: Problem, *, as_json: bool) -> None:
    if as_json:
        print_json(Catalog(VERSION_3, [_entry(problem)]))
        return
    words = described(problem)
    console = out()
    console.print(unmarked(problem.name), style="bold")
    rows = [("size", words.size), ("kind", words.kind), ("bounds", ", ".join(words.bounds())), *words.names()]
    rows += answer_rows(answers_on(file_of(problem.name), problem.name))
    say(console, grid([*_origin(problem.about), *rows]))
    console.print(f"\nspanner solve catalog:{unmarked(problem.name)}")


def _origin(about: About) -> Iterator[tuple[str, str]]:
    fields = [("title", about.title), ("shows", about.shows), ("source", about.source)]
    if about.license:
        fields.append(("instance license", about.license))
    for key, value in about.provenance:
        fields.append((key, value if isinstance(value, str) else "; ".join(f"{k}: {v}" for k, v in value)))
    for key, value in fields:
        text = one_line(value)
        yield key, text if len(text) <= _LONG else f"{text[:_LONG]}... (--json has all)"


def _entry(problem: Problem) -> Instance:
    about, words, single = problem.about, described(problem), problem.horizon == 1
    entry = Instance(
        format=words.format,
        name=problem.name,
        title=about.title,
        shows=about.shows,
        source=about.source,
        license=about.license,
        provenance={key: value if isinstance(value, str) else dict(value) for key, value in about.provenance},
        prompts=len(problem.prompts),
        horizon=problem.horizon,
        sequence_count=str(problem.sequence_count()),
        responses=[len(problem.layers[0][entry.root]) for entry in problem.prompts] if single else UNSET,
        alphabet=UNSET if single else list(problem.alphabet),
        nodes=open_nodes(problem),
        dimensions=list(problem.dimensions),
        kind=words.kind,
        beta=rational_text(problem.beta),
        answers=answers_json(answers_on(file_of(problem.name), problem.name)),
        R_max=rational_text(problem.R_max),
    )
    return words.put_into(entry)

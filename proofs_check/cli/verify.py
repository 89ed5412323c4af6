"""``spanner verify``: run claims and show what they are worth."""

import os
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from proofs_check.claims import registry
from proofs_check.cli.ledger_table import Row, report_json, shortfalls, show, summary
from proofs_check.cli.output import UserError, err, out, print_json
from proofs_check.cli.own_instance import verify_on
from proofs_check.ledger import Claim, ClaimError, Report, Standing, Verdict, run_claims


def verify(
    claims: Annotated[list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims; all, unless given.")] = None,
    *,
    section: Annotated[int | None, typer.Option(help="Only the claims of this section.")] = None,
    on: Annotated[
        str | None,
        typer.Option(metavar="catalog:NAME|FILE", help="Decide what is claimed of every instance on this one."),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say everything about each claim.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; one for each core, unless given.")] = None,
) -> None:
    """Check the claims of the ledger.

    Exit code 0 if each named claim holds; without names, if each claim that is implemented holds. 1 if one fell short
    or stayed undecided.
    """
    chosen = select(claims or [], section)
    if on is not None:
        raise typer.Exit(0 if verify_on(on, chosen, named=bool(claims), explain=explain, as_json=as_json) else 1)
    start = perf_counter()
    # One claim alone is not worth the start of other processes.
    workers = jobs or (cores() if len(chosen) > 1 else 1)
    rows = _run(chosen, workers, quiet=as_json)
    seconds = perf_counter() - start
    holds = all(_fine(report, named=bool(claims)) for _, report in rows)
    if as_json:
        document = {
            "format": "spanner-reference/ledger",
            "version": 1,
            "holds": holds,
            "seconds": round(seconds, 3),
            "claims": [report_json(claim, report) for claim, report in rows],
        }
        print_json(document)
    else:
        console = out()
        show(console, rows, explain=explain)
        for line in shortfalls(rows, named=bool(claims)):
            console.print(line, style="red")
        console.print(summary(rows, seconds))
    raise typer.Exit(0 if holds else 1)


def select(names: Sequence[str], section: int | None) -> list[Claim]:
    """Return the claims meant, in the order of the ledger.

    Raises:
        UserError: for an unknown claim (the nearest is suggested), or if nothing is left.
    """
    try:
        wanted = {registry()[name].id for name in names}
    except ClaimError as error:
        raise UserError(str(error)) from None
    chosen = [
        claim
        for claim in registry()
        if (not wanted or claim.id in wanted) and (section is None or claim.section == section)
    ]
    if not chosen:
        known = sorted({claim.section for claim in registry()})
        raise UserError(f"no such claim in section {section}; the ledger has sections {known[0]} to {known[-1]}")
    return chosen


def cores() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _fine(report: Report, *, named: bool) -> bool:
    unchecked = report.verdict in {Verdict.NOT_IMPLEMENTED, Verdict.PAPER_ONLY}
    return report.verdict is Verdict.HOLDS or (unchecked and not named)


def _run(chosen: Sequence[Claim], jobs: int, *, quiet: bool) -> list[Row]:
    reports = dict(_watched(chosen, jobs, quiet=quiet))
    return [(claim, reports[claim.id]) for claim in chosen]


def _watched(chosen: Sequence[Claim], jobs: int, *, quiet: bool) -> Iterator[tuple[str, Report]]:
    """Yield reports as they come, with a progress bar on a terminal and a line for each claim elsewhere."""
    console = err()
    total = sum(len(claim.checks) + 2 for claim in chosen if claim.standing is Standing.CHECKED)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task("checking", total=total)
        for name, part, report in run_claims(registry, [claim.id for claim in chosen], jobs):
            bar.update(task, advance=1 if part else 0, description=f"{name:<24.24}")
            if report is not None:
                if part and not quiet and not console.is_terminal:
                    console.print(f"{name}: {report.verdict} ({report.seconds:.1f} s)", soft_wrap=True)
                yield name, report

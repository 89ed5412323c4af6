"""``spanner verify``: run claims and show what they are worth."""

from collections.abc import Sequence
from contextlib import closing, nullcontext
from time import perf_counter
from typing import NamedTuple

from msgspec import UNSET

from proofs_check.claims import registry
from proofs_check.cli.against import list_faults, verify_against
from proofs_check.cli.altered import verify_altered
from proofs_check.cli.extras import require
from proofs_check.cli.formats import verify as formats
from proofs_check.cli.formats.parts import VERSION
from proofs_check.cli.ledger_table import LedgerRow, omissions, report_json, shortfalls, show_ledger, summary
from proofs_check.cli.output import TextTable, UserError, out, print_json, say
from proofs_check.cli.own_instance import verify_on
from proofs_check.cli.readable import readable
from proofs_check.cli.watch import Watch
from proofs_check.cli.where import check_engine, workplace
from proofs_check.ledger import Claim, ClaimError, Report, Verdict, left_out, run_claims
from proofs_check.ledger.executing import cores
from proofs_check.ledger.pages import Page, UnknownPage, page_named, page_of_section
from proofs_check.sweep.engine_names import is_engine
from proofs_check.sweep.executors import Workplace
from reference.exact.plain import plain as definitions


class Options(NamedTuple):
    """The options of ``spanner verify``, as :func:`proofs_check.cli.claim_commands.verify` explains them."""

    page: str | None
    section: int | None
    on: str | None
    alter: Sequence[str]
    against: str | None
    faults: bool
    quick: bool
    plain: bool
    explain: bool
    as_json: bool
    only_list: bool
    jobs: int | None

    @property
    def engine(self) -> str | None:
        """Where claims run, if ``--on`` names that and not an instance."""
        return self.on if self.on is not None and is_engine(self.on) else None


def verify(claims: Sequence[str], options: Options) -> int:
    """Run claims and print what was found; see :func:`proofs_check.cli.claim_commands.verify`."""
    chosen = select(claims, page_asked(options.page, options.section))
    if options.faults or options.only_list:
        _list(chosen, options)
        return 0
    require("sympy", "hypothesis", "pysat")
    _check_together(options)
    if options.engine is not None:
        check_engine(options.engine)
    named = bool(claims)
    if options.against is not None:
        return 0 if verify_against(chosen if named else [], options.against, as_json=options.as_json) else 1
    with definitions() if options.plain else nullcontext():
        if options.alter:
            holds = verify_altered(chosen if named else [], options.alter, on=options.on, as_json=options.as_json)
        elif options.on is None or options.engine is not None:
            holds = _verify(chosen, options, named=named)
        else:
            holds = verify_on(options.on, chosen, named=named, explain=options.explain, as_json=options.as_json)
    return 0 if holds else 1


def _list(chosen: Sequence[Claim], options: Options) -> None:
    for option, given in (("--on", options.on), ("--against", options.against)):
        if given is not None:
            raise UserError(f"--{'faults' if options.faults else 'list'} runs nothing: leave it or {option} out")
    if options.faults:
        list_faults(as_json=options.as_json)
    else:
        list_claims(chosen, as_json=options.as_json)


def _check_together(options: Options) -> None:
    """Refuse options that do not go together."""
    if options.against is not None and (
        options.on is not None or options.alter or options.quick or options.plain or options.explain
    ):
        raise UserError("--against runs the domain of the kill matrix: leave --on, --set, --quick and the like out")
    if options.engine is not None:
        if options.alter:
            raise UserError(f"--set runs in this process: leave --on {options.engine[:80]} out")
        if options.jobs is not None:
            raise UserError("--on and --jobs both say where claims run: leave one of them out")
    elif options.on is not None and options.quick:
        raise UserError("--on looks at one instance anyway: leave --quick out")
    if options.alter and (options.quick or options.explain):
        raise UserError("--set runs all checks of a claim and explains each: leave --quick and --explain out")
    if options.quick and options.explain:
        raise UserError("--quick is a look at a part, and --explain explains all that was run: leave one of them out")


def _verify(chosen: Sequence[Claim], options: Options, *, named: bool) -> bool:
    start = perf_counter()
    # One claim alone is not worth the start of other processes.
    here = Workplace(options.jobs or (cores() if len(chosen) > 1 else 1))
    with nullcontext(here) if options.engine is None else workplace(options.engine) as place:
        rows = _run(chosen, place, quick=options.quick, quiet=options.as_json)
    seconds = perf_counter() - start
    holds = all(_fine(report, named=named) for _, report in rows)
    if options.as_json:
        omitted = {claim.id: _left_out(claim) for claim in chosen if claim.checks}
        reports = [report_json(claim, report) for claim, report in rows]
        left = omitted if options.quick else UNSET
        print_json(formats.Ledger(VERSION, holds, round(seconds, 3), reports, left, plain=options.plain))
        return holds
    console = out()
    show_ledger(console, rows, explain=options.explain)
    for line in shortfalls(rows, named=named):
        console.print(line, style="red")
    say(console, summary(rows, seconds))
    if options.plain:
        say(console, "Definitions only: no quick form was used.")
    if options.quick:
        say(console, omissions(chosen))
    return holds


def page_asked(name: str | None, section: int | None) -> Page | None:
    """Return the page asked for, by its name or by the section that it was.

    Raises:
        UserError: for both, or for one that is not there.
    """
    if name is not None and section is not None:
        raise UserError("--section is the former name of --page: give one of them")
    try:
        if section is not None:
            return page_of_section(section)
        return None if name is None else page_named(name)
    except UnknownPage as error:
        raise UserError(str(error)) from None


def select(names: Sequence[str], page: Page | None) -> list[Claim]:
    """Return the claims meant, in the order of the ledger; the name of a group stands for all its claims.

    Raises:
        UserError: for an unknown claim (the nearest is suggested), or one of another page than ``page``.
    """
    ledger = registry()
    try:
        named = [claim for name in names for claim in ledger.named(name)]
    except ClaimError as error:
        raise UserError(str(error)) from None
    for claim in named:
        if page is not None and claim.page != page:
            raise UserError(f"{claim.id} is on page {claim.page.name}, not on page {page.name}")
    wanted = {claim.id for claim in named or ledger if page is None or claim.page == page}
    return [claim for claim in ledger if claim.id in wanted]


def list_claims(claims: Sequence[Claim], *, as_json: bool) -> None:
    """Print identifier, page and title of each claim."""
    if as_json:
        listed = [
            formats.ListedClaim(claim.id, claim.page.section, claim.page.name, claim.group, readable(claim.title))
            for claim in claims
        ]
        print_json(formats.Claims(VERSION, listed))
        return
    lines = TextTable((("claim", "key"), ("page", "key"), ("title", "text")))
    for claim in claims:
        lines.add_row(claim.id, claim.page.name, readable(claim.title))
    say(out(), lines)


def _left_out(claim: Claim) -> formats.LeftOut:
    found = left_out(claim)
    return formats.LeftOut(list(found.checks), found.instances, found.mutation, found.catalog, trivial=found.trivial)


def _fine(report: Report, *, named: bool) -> bool:
    unchecked = report.verdict is Verdict.PAPER_ONLY
    return report.verdict in {Verdict.HOLDS, Verdict.SO_FAR} or (unchecked and not named)


def _run(chosen: Sequence[Claim], place: Workplace, *, quick: bool, quiet: bool) -> list[LedgerRow]:
    with Watch(chosen, place.jobs, quick=quick, quiet=quiet) as watch:
        names = [claim.id for claim in chosen]
        running = run_claims(registry, names, place.jobs, quick=quick, tick=watch.tick, executor=place.executor)
        with closing(running) as results:
            reports = dict(watch.reports(results))
    return [(claim, reports[claim.id]) for claim in chosen]

"""Reports of the ledger as tables, as explanations and as JSON."""

import re
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from proofs_check.cli.formats import verify as formats
from proofs_check.cli.formats.parts import Numeral, answers_json
from proofs_check.cli.kernel_lines import CASES_WIDTH, GRADE_WIDTH, kernel_lines, many, row_line, standing_of_theorems
from proofs_check.cli.places import linked, theorem_place
from proofs_check.cli.readable import readable
from proofs_check.ledger import Check, Claim, Evidence, Exhibit, Report, Verdict, left_out
from proofs_check.ledger.constants import constants
from proofs_check.ledger.coq import Theorem, theorems, weaker

STYLES = {
    Verdict.HOLDS: "green",
    Verdict.SO_FAR: "green",
    Verdict.PAPER_ONLY: "dim",
}

_BRIEF = {Verdict.PAPER_ONLY: "on paper"}
"""Shorter words for the table."""

LedgerRow = tuple[Claim, Report]


def ledger_lines(rows: Sequence[LedgerRow], width: int) -> Group:
    """Return the table of ``spanner verify``: a line for each claim and, below it, one for each check."""
    lines = [
        Text(f"{'claim':<{_CLAIM}}{'verdict':<{_VERDICT}}source{'time':>{width - _CLAIM - _VERDICT - 6}}", style="dim")
    ]
    lines.append(Text(f"  {'grade':<{GRADE_WIDTH}}{'cases':>{CASES_WIDTH}}  domain", style="dim"))
    page = None
    for claim, report in rows:
        if claim.page != page:
            page = claim.page
            lines.append(Text.assemble((f"\n{page.title}", "bold"), (f"  {page.name}", "dim")))
        lines.append(_claim_line(claim, report, width))
        lines.extend(kernel_lines(claim, report, width))
        lines.extend(_check_line(evidence, width) for evidence in report.checks)
        if report.verdict is Verdict.SO_FAR and report.witness is not None:
            lines.append(_check_line(report.witness, width, "witness: "))
    return Group(*lines)


_CLAIM, _VERDICT = 26, 12
"""Widths of the columns."""


def _claim_line(claim: Claim, report: Report, width: int) -> Text:
    style = STYLES.get(report.verdict, "bold red")
    word = _BRIEF.get(report.verdict, report.verdict)
    time = f"{report.seconds:.1f} s" if report.checks or report.witness else ""
    room = width - _CLAIM - _VERDICT - TIME
    source = claim.source if len(claim.source) < room else re.split("[:;(]", claim.source)[0].strip()[: room - 1]
    return Text.assemble((f"{claim.id:<{_CLAIM}}", "bold" if time else ""), (f"{word:<{_VERDICT}}", style)).append(
        f"{source:<{room}}{time:>{TIME}}"
    )


TIME = 8


def _check_line(evidence: Evidence, width: int, before: str = "") -> Text:
    return row_line(evidence.grade if evidence.cases else "-", evidence.cases, before + evidence.domain, width)


def summary(rows: Sequence[LedgerRow], seconds: float) -> str:
    """Return one sentence: what holds, what fell short, what was not run."""
    count = {verdict: sum(report.verdict is verdict for _, report in rows) for verdict in Verdict}
    apart = {
        Verdict.NOT_REACHED: "not reached",
        Verdict.PAPER_ONLY: "on paper only",
    }
    so_far = count[Verdict.SO_FAR]
    cases = sum(report.cases for _, report in rows)
    if so_far:
        cases += sum(report.witness.cases for _, report in rows if report.witness)
    fine, decided = count[Verdict.HOLDS] + so_far, "" if so_far else " decided"
    parts = [
        f"{many(fine, 'claim holds', 'claims hold')}{' so far' * bool(so_far)} ({cases:,} cases{decided})",
        f"{len(rows) - fine - sum(count[verdict] for verdict in apart)} fell short",
        *(f"{count[verdict]} {word}" for verdict, word in apart.items() if count[verdict]),
    ]
    return f"{', '.join(parts)}; {seconds:.1f} s"


def omissions(claims: Sequence[Claim]) -> str:
    """Return what a quick look leaves out, in sentences."""
    found = [(claim.id, left_out(claim)) for claim in claims if claim.checks]
    mutations, checks = sum(each.mutation for _, each in found), sum(len(each.checks) for _, each in found)
    instances, trivial = sum(each.instances for _, each in found), sum(each.trivial for _, each in found)
    parts = [
        f"{many(mutations, 'mutation', 'mutations')}",
        *([f"{many(trivial, 'trivial object', 'trivial objects')}"] if trivial else []),
        f"{many(checks, 'check', 'checks')} on families, random members and runs",
        f"{instances:,} instances of the checks on the catalog",
    ]
    alone = [name for name, each in found if not each.catalog]
    witness = f" Only the witness, for want of a check on the catalog: {', '.join(alone)}." if alone else ""
    return f"Left out: {', '.join(parts)}.{witness} `spanner verify` runs all."


def shortfalls(rows: Sequence[LedgerRow], *, named: bool = False) -> list[str]:
    """Return one line for each claim that did not hold although it was run, or was asked for by name."""
    silent = {Verdict.HOLDS, Verdict.SO_FAR}
    if not named:
        silent.add(Verdict.PAPER_ONLY)
    return [f"{claim.id}: {report.verdict}: {report.reason}" for claim, report in rows if report.verdict not in silent]


def explanation(claim: Claim, report: Report) -> Group:
    """Return everything about one claim."""
    style = STYLES.get(report.verdict, "bold red")
    parts: list[RenderableType] = [
        Text.assemble((claim.id, "bold"), f"  {readable(claim.title)}  ", (f"[{report.verdict}]", style)),
        _fields(
            ("statement", readable(claim.statement)),
            ("in words", claim.words),
            ("hypotheses", readable(claim.hypotheses)),
            ("constants", readable(claim.constants)),
            ("source", claim.source),
            ("page", linked(claim.page.file)),
            ("group", claim.group),
            ("depends on", ", ".join(claim.depends)),
            ("caveats", readable(claim.caveats)),
            ("to set", ", ".join(map(str, constants(claim).values()))),
            ("why", report.reason),
        ),
    ]
    for check, evidence in zip(claim.checks, report.checks, strict=False):
        parts.append(_fields(*_evidence_fields("check", check, evidence)))
    if claim.witness is not None and report.witness is not None:
        parts.append(_fields(*_evidence_fields("witness", claim.witness, report.witness)))
    if claim.mutation is not None and report.mutation is not None:
        rejected = exhibited(report.mutation.counterexample) or "NOT rejected"
        parts.append(
            _fields(("mutation", f"{claim.mutation.text} ({report.mutation.domain})"), ("", f"rejected at {rejected}"))
        )
    parts.extend(_trivial(claim, report))
    proved = theorems(claim.id)
    if proved:
        head = "for all instances; " + standing_of_theorems(claim, report, "run make coq")
        less = (("", found),) if (found := weaker(claim.id)) else ()
        parts.append(_fields(("in Coq", head), *less, *(("", _at_its_place(theorem)) for theorem in proved)))
    parts.extend(_fields((again.grade, f"{again.instance}: {again.words}")) for again in report.answers)
    return Group(*parts, "")


def _trivial(claim: Claim, report: Report) -> Iterator[RenderableType]:
    if isinstance(claim.trivial, str):
        if claim.trivial:
            yield _fields(("excludes", claim.trivial))
    elif report.trivial is not None:
        excluded = exhibited(report.trivial.counterexample) or "NOT excluded"
        yield _fields(("excludes", f"{claim.trivial.text} ({report.trivial.domain})"), ("", f"excluded at {excluded}"))


def _evidence_fields(word: str, check: Check[object], evidence: Evidence) -> list[tuple[str, str]]:
    balls = evidence.cases - evidence.exact
    how = "all decided exactly" if not balls else f"{evidence.exact} decided exactly, {balls} otherwise"
    reached = f"{evidence.reached} of {many(evidence.members, 'member', 'members')}"
    return [
        (word, f"{evidence.grade}: {evidence.domain}"),
        ("", f"{many(evidence.cases, 'case', 'cases')} on {reached}, {how}; {evidence.seconds:.2f} s"),
        ("tightest", with_margin(evidence.tightest)),
        ("violated", with_margin(evidence.counterexample)),
        ("instance", evidence.counterexample.item if evidence.counterexample else ""),
        ("trouble", evidence.trouble),
        ("code", check.location),
    ]


def exhibited(exhibit: Exhibit | None) -> str:
    """Return a case on one line: where, the two sides, and what they decide."""
    if exhibit is None:
        return ""
    where = exhibit.member if exhibit.instance in {"", exhibit.member} else f"{exhibit.member}, {exhibit.instance}"
    sides = f"{exhibit.left} {exhibit.relation} {exhibit.right}" if exhibit.relation else ""
    return "; ".join(part for part in (f"{where}: {sides}", exhibit.statement, exhibit.note) if part)


def with_margin(exhibit: Exhibit | None) -> str:
    """Return a case on one line, and by how much its inequality holds."""
    margin = None if exhibit is None else exhibit.margin
    return exhibited(exhibit) + ("" if margin is None else f"; margin {_short(Numeral(*margin))}")


def _short(margin: Numeral) -> str:
    """Return a margin as it is if that is short, else as a decimal."""
    return margin.exact if margin.exact is not None and len(margin.exact) <= _SHORT else margin.marked


_SHORT = 12
"""Characters up to which an exact margin is shown as it is."""


def _at_its_place(theorem: Theorem) -> Text:
    where = theorem_place(theorem.name)
    return Text.assemble(linked(where, where.rpartition("/")[2]), f"  {theorem}")


def _fields(*fields: tuple[str, str | Text]) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    table.add_column(min_width=10, style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in fields:
        if text:
            table.add_row(name, text)
    return Padding(table, (0, 0, 0, 2))


def report_json(claim: Claim, report: Report) -> formats.Claim:
    """Return one claim with its evidence."""
    mutation = None
    if claim.mutation and report.mutation:
        mutation = formats.Mutation.of(report.mutation, text=claim.mutation.text)
    return formats.Claim(
        id=claim.id,
        section=claim.page.section,
        page=claim.page.name,
        group=claim.group,
        title=readable(claim.title),
        statement=readable(claim.statement),
        statement_tex=claim.statement,
        words=claim.words,
        hypotheses=readable(claim.hypotheses),
        constants=readable(claim.constants),
        source=claim.source,
        caveats=readable(claim.caveats),
        depends=list(claim.depends),
        verdict=report.verdict,
        reason=report.reason,
        grades=list(report.grades),
        cases=report.cases,
        seconds=round(report.seconds, 3),
        checks=[formats.Evidence.of(evidence) for evidence in report.checks],
        witness=formats.Evidence.of(report.witness) if report.witness else None,
        mutation=mutation,
        trivial=_trivial_json(claim, report),
        excludes_none=claim.trivial if isinstance(claim.trivial, str) else "",
        code=[check.location for check in claim.checks],
        coq=[formats.Theorem(found.name, found.reading, found.caveat) for found in theorems(claim.id)],
        coq_audited=bool(report.proved),
        answers=answers_json(report.answers),
    )


def _trivial_json(claim: Claim, report: Report) -> formats.Mutation | None:
    if isinstance(claim.trivial, str) or report.trivial is None:
        return None
    return formats.Mutation.of(report.trivial, text=claim.trivial.text)


def show_ledger(console: Console, rows: Sequence[LedgerRow], *, explain: bool) -> None:
    """Print the table, or each claim's explanation."""
    if explain:
        for claim, report in rows:
            console.print(explanation(claim, report))
    else:
        console.print(ledger_lines(rows, console.width))
        console.print()

"""``spanner verify --on INSTANCE``: the claims that say something about every instance, decided on one."""

from collections.abc import Iterable, Sequence

from rich.padding import Padding
from rich.text import Text

from proofs_check.cli.formats import verify as formats
from proofs_check.cli.formats.parts import VERSION, answers_json
from proofs_check.cli.kernel_lines import answer_rows
from proofs_check.cli.ledger_table import exhibited
from proofs_check.cli.output import UserError, one_line, out, print_json, say, unmarked, working
from proofs_check.cli.readable import readable
from proofs_check.deciding import SILENT, Decided, decide_on, speaks_of
from proofs_check.ledger import Claim, Verdict
from proofs_check.ledger.answers import answers_on
from reference.catalog import load
from reference.catalog.loading import file_of
from reference.model.parts import counted

_CLAIM, _VERDICT, _GRADE, _CASES = 23, 20, 12, 11
"""Widths of the columns."""


def verify_on(source: str, claims: Sequence[Claim], *, named: bool, explain: bool, as_json: bool) -> bool:
    """Print what the claims say about an instance; return whether all that could be decided hold.

    Raises:
        UserError: if a claim was named that makes no statement about every instance of this kind and size.
        InstanceError: if there is no such instance, or it is not valid.
    """
    problem = load(source)
    others = [claim.id for claim in claims if not speaks_of(claim, problem)]
    if others and (named or len(others) == len(claims)):
        raise UserError(f"{', '.join(others)}: no statement about every problem like {problem.name!r}; leave it out")
    rows = decide_on(problem, claims, showing=working)
    answers = answers_on(file_of(source), problem.name)
    if not as_json:
        holds = _show(problem.name, rows, explain=explain)
        for grade, what in answer_rows(answers):
            say(out(), f"\n{grade}: {what}")
        return holds
    found = list(rows)
    holds = all(row.fine for row in found)
    decided = [formats.Decided.of(row.evidence, id=row.claim.id, verdict=row.word) for row in found]
    print_json(formats.InstanceLedger(VERSION, problem.name, holds, decided, answers_json(answers)))
    return holds


def _show(name: str, rows: Iterable[Decided], *, explain: bool) -> bool:
    """Print each row as soon as it is there; return whether all are fine."""
    console, fine = out(), True
    console.print(f"{unmarked(name)}: what is claimed of every instance of its kind\n", style="bold")
    for row in rows:
        fine = fine and row.fine
        evidence = row.evidence
        style = "green" if row.word == Verdict.HOLDS else "dim" if row.word == SILENT else "bold red"
        grade = evidence.grade if evidence.cases else "-"
        line = Text.assemble(f"{row.claim.id:<{_CLAIM}}", (f"{row.word:<{_VERDICT}}", style))
        console.print(line.append(f"{grade:<{_GRADE}}{counted(evidence.cases, 'case'):>{_CASES}}"))
        tightest = exhibited(evidence.tightest)
        details = [evidence.trouble, exhibited(evidence.counterexample)]
        if explain:
            details = [readable(row.claim.statement), f"tightest: {tightest}" * bool(tightest), *details]
        for detail in details:
            if detail:
                console.print(Padding(one_line(detail), (0, 0, 0, 2)))
    return fine

"""The lines of the ledger's table about what Coq's kernel checked: theorems about a claim, answers about instances."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rich.text import Text

from proofs_check.ledger import Claim, Grade, Report
from proofs_check.ledger.answers import KernelAnswer
from proofs_check.ledger.coq import theorems, weaker

GRADE_WIDTH, CASES_WIDTH = 12, 7
"""Widths of the columns below a claim."""


def kernel_lines(claim: Claim, report: Report, width: int) -> Iterator[Text]:
    """Yield a line if there are Coq theorems about the claim, and one for each grade of answers decided again."""
    if known := theorems(claim.id):
        grade, where = (Grade.KERNEL if report.proved else "-"), standing_of_theorems(claim, report, "make coq")
        head = f"  {grade:<{GRADE_WIDTH}}{'':>{CASES_WIDTH}}  "
        yield Text(f"{head}{many(len(known), 'Coq theorem', 'Coq theorems')}, {where}")
    for grade in (Grade.CERTIFIED, Grade.COMPUTED):
        if found := [answer for answer in report.answers if answer.grade is grade]:
            yield row_line(grade, len(found), said_of(found), width)


def standing_of_theorems(claim: Claim, report: Report, command: str) -> str:
    """Return whether the theorems about a claim count, and if not what to do."""
    if weaker(claim.id):
        return "with weaker constants"
    return "audited here" if report.proved else f"not audited here: {command}"


def said_of(answers: Sequence[KernelAnswer]) -> str:
    """Return what answers are about, and on how many instances."""
    about = ", ".join(dict.fromkeys(answer.words for answer in answers))
    one, *others = {answer.subject for answer in answers}
    one = "instance" if others else one
    return f"{about}: {many(len({answer.instance for answer in answers}), one, f'{one}s')}, by Coq's kernel"


def answer_rows(answers: Sequence[KernelAnswer]) -> Iterator[tuple[str, str]]:
    """Yield each grade of answers about one instance, and what they are about."""
    for grade in dict.fromkeys(answer.grade for answer in answers):
        yield grade, ", ".join(each.words for each in answers if each.grade is grade) + ": by Coq's kernel"


def row_line(grade: str, cases: int, words: str, width: int) -> Text:
    """Return the line of a grade, the number of its cases, and what they are of, wrapped."""
    indent = 2 + GRADE_WIDTH + CASES_WIDTH + 2
    head = f"  {grade:<{GRADE_WIDTH}}{cases:>{CASES_WIDTH},}  "
    wrapped = wrap(words, max(width - indent, 20), break_on_hyphens=False) or [""]
    return Text(head + ("\n" + " " * indent).join(wrapped))


def many(n: int, one: str, several: str) -> str:
    """Return a number of things."""
    return f"{n:,} {one if n == 1 else several}"

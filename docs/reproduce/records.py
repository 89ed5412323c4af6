"""The files in the repository that a command makes, and that pages read."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Record:
    """A file that is made anew.

    ``command`` runs in a copy of the last commit, after which ``files`` are to be what they were.  ``needs`` is a
    program or a folder without which that cannot be done here.  Lines with ``but_for`` are no finding: dates, and
    whether a claim that holds with a fault did so in time, which a slower machine changes.
    """

    what: str
    command: str
    files: tuple[str, ...]
    minutes: float
    needs: str = ""
    but_for: str = ""


RECORDS: Final = (
    Record("figure of the first page", "python docs/_ext/first_figure.py", ("docs/_static",), 0.1),
    Record("test vectors, by both sources", "spanner vectors make --shadow", ("reference/conformance/data",), 0.6),
    Record("replay scripts", "spanner vectors make --replay", ("reference/conformance/data",), 1),
    Record(
        "training-time methods",
        "python -m proofs_check.claims.proper.tradeoff_rows docs/explanation/training-time-methods.json",
        ("docs/explanation/training-time-methods.json",),
        5,
    ),
    Record(
        "how tight: each recorded ratio, decided again",
        "python docs/tightness/record.py --check",
        ("docs/tightness/record.json",),
        0.5,
    ),
    Record("every claim of the ledger", "spanner verify --json", (), 1.5),
    Record(
        "kill matrix of the ledger",
        "python -m proofs_check.faults.matrix --jobs 2",
        ("proofs_check/faults/kill_matrix.json",),
        14,
        but_for='": "[.t]",?$',
    ),
    Record(
        "kill matrix of the vectors",
        "python -m tests.conformance.kill_matrix --survivors",
        ("reference/conformance/data/v1/kill_matrix.json", "tests/conformance/automatic.json"),
        10,
    ),
    Record(
        "audit of the Coq proofs, certified instances",
        "proofs_check/coq/check.sh && python docs/_ext/evidence.py",
        ("proofs_check/coq", "docs/reference/audit.json"),
        6,
        needs="coqc",
        but_for='"date"',
    ),
    Record(
        "graded libraries",
        'cd docs/graded && python record.py "$HERE/.venv-graded/bin/python"',
        ("docs/graded",),
        10,
        needs=".venv-graded",
    ),
    Record(
        "built pages, byte for byte (those of make docs)",
        "mkdir -p docs/_build && spanner verify --json > docs/_build/ledger.json"
        " && python docs/play/build.py docs/_build/site/play >&2"
        " && python -m sphinx -b html -q docs docs/_build/html"
        # Sphinx's own records, which are no pages, know the folder.
        ' && diff -rq -x .doctrees -x .buildinfo docs/_build/html "$HERE/docs/_build/html"',
        (),
        14,
        needs="docs/_build/html",
    ),
)

ELSEWHERE: Final = {
    "tables and figures of the pages": "their cells make them, whenever make docs runs",
    "times, and ratios of times": "make bench measures them; they are of one machine",
    "instances made from a language model": "docs/catalog/make_real_*.py; they need the extra model and its weights",
    "how tight: the worst instances": "docs/tightness/record.py searches for a given time: it depends on the machine",
}
"""What is not made anew here, and why or where."""

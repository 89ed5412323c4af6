"""``python -m proofs_check.certified NAME|FILE``: the certificate of a linear instance, as a file for Coq.

Example: python -m proofs_check.certified two-arms > two_arms.v
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import certified_form as form

import reference
from proofs_check.certified.answers import claimed
from reference.catalog import InstanceError, load, names
from reference.model import LinearProblem

MOST = 2_000
"""Responses up to which an instance is exported: the kernel's time grows with their square."""


def main(arguments: Sequence[str]) -> int:
    """Print the file; exit code 2, and one line, for what has no certificate."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m proofs_check.certified NAME|FILE\n")
        return 2
    source = arguments[0]
    folder = Path(reference.__file__).parent / "catalog" / "data"
    path = Path(source)
    if source in names():
        path = next((p for p in (folder / f"{source}.json", folder / "tokens" / f"{source}.json") if p.exists()), path)
    try:
        problem = load(source)
        name, written = form.read(path)
    except (form.FormError, InstanceError, OSError) as error:
        return _refused(str(error))
    if not isinstance(problem, LinearProblem):
        return _refused(f"{name!r}: only linear problems are certified")
    if (count := sum(len(responses) for _, _, responses in written.prompts)) > MOST:
        return _refused(f"{name!r}: {count} responses; at most {MOST} are certified")
    if not problem.is_log_rational():
        sys.stderr.write(f"{name!r}: exp((r - r')/beta) is irrational; only rank and spanner are claimed\n")
    sys.stdout.write(form.file_text(name, form.instance_term(written), claimed(problem, written)))
    return 0


def _refused(line: str) -> int:
    sys.stderr.write(f"{line}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

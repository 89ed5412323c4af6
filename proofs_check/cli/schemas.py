"""``spanner schema``: the JSON Schema of instance files, and of what the commands print with ``--json``."""

from difflib import get_close_matches

import msgspec

from proofs_check.cli.formats.registry import FORMATS
from proofs_check.cli.formats.registry import schema as schema_of
from proofs_check.cli.output import UserError, out
from proofs_check.conformance.messages import protocol_schema_text
from proofs_check.sweep.lines import sweep_schema_text
from reference.catalog import schema_text, token_schema_text
from reference.catalog.format2 import schema_2_text
from reference.conformance.scripts import scripts_schema_text
from reference.conformance.vectors import vectors_schema_text

FILES = {
    "problem-1": schema_text,
    "problem-2": schema_2_text,
    "token-problem-1": token_schema_text,
    "vectors-1": vectors_schema_text,
    "replay-1": scripts_schema_text,
    "protocol-1": protocol_schema_text,
    "sweep-1": sweep_schema_text,
}
"""The versions of instance files by name; ``--tokens`` is the last; the files of test vectors, the lines that
implementations read and write when they are graded, and those of the file of a sweep."""


def schema_command(name: str | None, *, tokens: bool) -> None:
    """Print a schema; see :func:`proofs_check.cli.commands.schema`."""
    if name is None:
        out().file.write(token_schema_text() if tokens else schema_text())
        return
    if tokens:
        raise UserError(f"spanner schema {name[:80]} --tokens: --tokens is about instance files; leave one of them out")
    if name in FILES:
        out().file.write(FILES[name]())
        return
    if name not in FORMATS:
        known = (*FORMATS, *FILES)
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
        raise UserError(f"no output format {name[:80]!r}; {hint}")
    out().file.write(msgspec.json.format(msgspec.json.encode(schema_of(name)), indent=2).decode() + "\n")

"""The commands, and what becomes of errors."""

import os
import sys

import typer

from proofs_check.cli.catalog import catalog, schema
from proofs_check.cli.output import UserError, one_line
from proofs_check.cli.play import play
from proofs_check.cli.reduce import reduce
from proofs_check.cli.run import run
from proofs_check.cli.solve import solve
from proofs_check.cli.verify import verify
from reference.catalog import InstanceError
from reference.exact import BadNumber, InexactInput, Undecided
from reference.model.problem import ProblemError
from reference.model.tokens import TreeTooLarge

app = typer.Typer(
    name="spanner",
    help="Exact, executable reference for the computational role of the base model in exploration (FMR25).",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(verify)
app.command()(solve)
app.command()(run)
app.command()(play)
app.command()(reduce)
app.command()(catalog)
app.command()(schema)

BAD_INPUT = (UserError, InstanceError, ProblemError, BadNumber, InexactInput, TreeTooLarge)


def main(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code (the entry point passes it to ``sys.exit``)."""
    try:
        code = app(
            (sys.argv[1:] if arguments is None else arguments) or ["--help"], prog_name="spanner", standalone_mode=False
        )
        sys.stdout.flush()
    except BrokenPipeError:  # the reader went away: nothing is wrong, and nothing can be printed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:
        if os.environ.get("SPANNER_TRACEBACK"):
            raise
        message, code = _explained(error)
        sys.stderr.write(f"spanner: {one_line(message)}\n")
    return code if isinstance(code, int) else 0


def _explained(error: BaseException) -> tuple[str, int]:
    """Return what a user should read about an error, and the exit code."""
    if isinstance(error, BAD_INPUT):
        return str(error), 2
    if isinstance(error, Undecided):
        return str(error), 1
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", 130
    usage = getattr(error, "format_message", None)  # how typer's usage errors describe themselves
    if usage is not None:
        return f"{usage().rstrip('.')}; try 'spanner --help'", 2
    return f"internal error: {type(error).__name__}: {error} (SPANNER_TRACEBACK=1 shows where)", 2

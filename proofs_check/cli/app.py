"""The commands, and what becomes of errors."""

import codecs
import errno
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn, TextIO

import typer
from typer.main import get_command

from proofs_check.cli.commands import COMMANDS
from proofs_check.cli.extras import missing
from proofs_check.cli.vector_commands import vectors_app

app = typer.Typer(
    name="spanner",
    help="Exact, executable reference for the computational role of the base model in exploration (FMR25).",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it
    if wanted:
        from importlib import metadata  # as slow as all the rest

        try:
            version = metadata.version("spanner-reference")
        except metadata.PackageNotFoundError:
            version = "(not installed)"
        sys.stdout.write(f"spanner {version}\n")
        raise typer.Exit


@app.callback()
def _top(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


for command in COMMANDS:
    app.command()(command)
app.add_typer(vectors_app, name="vectors")

_command_of = cache(get_command)
"""What typer makes of the functions; it is made once."""

COMPLETE = "_SPANNER_COMPLETE"
"""Set by the shell that ``spanner --install-completion`` has told to ask."""

UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
"""What writing to an open file can end with."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command line and return its exit code (the entry point passes it to ``sys.exit``).

    Without arguments, those of this process are meant; its streams and its signals are then looked after, too.
    """
    ours = arguments is None
    line = (sys.argv[1:] if arguments is None else arguments) or ["--help"]
    if ours and COMPLETE in os.environ:  # a shell asks what may come next
        _command_of(app).main(prog_name="spanner")
    if ours and not _prepared(line):
        return 2
    if ours:
        signal.signal(signal.SIGTERM, _terminated)
    try:
        code = _invoked(line)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        if ours and isinstance(error, KeyboardInterrupt):
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough: we are leaving
        if _reader_left(error):  # nothing is wrong, and nothing can be printed
            code = 0
        elif isinstance(error, SystemExit) or os.environ.get("SPANNER_TRACEBACK"):
            raise
        else:
            message, code = _explained(error)
            from proofs_check.cli.output import one_line

            with suppress(OSError):  # stderr may be what cannot be written
                sys.stderr.write(f"spanner: {one_line(message)}\n")
            if _asks_for_json(line) and not _is_unwritable(error):
                _print_error(one_line(message), code)
    if ours:
        _give_up_unwritable()
    return code


def _terminated(signum: int, _frame: FrameType | None) -> NoReturn:
    """Leave without a word, and end on the way out what was started, as an interrupt does."""
    signal.signal(signum, signal.SIG_IGN)
    raise SystemExit(128 + signum)


def _asks_for_json(line: list[str]) -> bool:
    options = line[: line.index("--")] if "--" in line else line
    return "--json" in options and options[0] != "grade"  # which writes a file


def _print_error(message: str, code: int) -> None:
    """Print an error as the document that it is where a document was asked for."""
    from proofs_check.cli.formats.others import Error
    from proofs_check.cli.formats.parts import VERSION
    from proofs_check.cli.output import print_json

    with suppress(OSError):
        print_json(Error(VERSION, message, code))
        sys.stdout.flush()


def _is_unwritable(error: BaseException) -> bool:
    return isinstance(error, OSError) and error.errno in UNWRITABLE and error.filename is None


def _bad_input() -> tuple[type[Exception], ...]:
    """Return the errors that name a mistake in what a user gave; imported where there is an error to explain."""
    from proofs_check.cli.output import UserError
    from reference.catalog import InstanceError
    from reference.exact import BadNumber, InexactInput
    from reference.model.checks import ProblemError
    from reference.model.problem import TreeTooLarge

    return UserError, InstanceError, ProblemError, BadNumber, InexactInput, TreeTooLarge


def _is_undecided(error: BaseException) -> bool:
    from reference.exact import Undecided

    return isinstance(error, Undecided)


def _invoked(line: list[str]) -> int:
    """Run a command; unlike typer's own way, let interrupts and broken pipes through."""
    command = _command_of(app)
    try:
        with command.make_context("spanner", list(line)) as context:
            code = command.invoke(context)
    except typer.Exit as left:
        code = left.exit_code
    except ModuleNotFoundError as error:
        raise _of_an_extra(error, line) from None
    return code if isinstance(code, int) else 0


def _of_an_extra(error: ModuleNotFoundError, line: list[str]) -> Exception:
    """Return the error itself, or one for users that names the extra that brings what is missing."""
    from proofs_check.cli.output import UserError

    command = next((word for word in line if not word.startswith("-")), "")
    text = missing(error, command)
    return error if text is None else UserError(text)


def _reader_left(error: BaseException) -> bool:
    """Whether the reader of a pipe went away; rich makes a SystemExit of it."""
    return isinstance(error.__context__ if isinstance(error, SystemExit) else error, BrokenPipeError)


def _explained(error: BaseException) -> tuple[str, int]:
    """Return what a user should read about an error, and the exit code."""
    if isinstance(error, KeyboardInterrupt):
        return str(error) or "interrupted", 130
    if isinstance(error, _bad_input()):
        return str(error), 2
    if _is_undecided(error):
        return str(error), 1
    if isinstance(error, OSError) and _is_unwritable(error):
        return f"cannot write the output: {error.strerror}", 2
    usage = getattr(error, "format_message", None)  # how typer's usage errors describe themselves
    if usage is not None:
        context = getattr(error, "ctx", None)
        command = "spanner" if context is None else context.command_path
        return f"{usage().rstrip('.')}; try '{command} --help'", 2
    return f"internal error: {type(error).__name__}: {error} (SPANNER_TRACEBACK=1 shows where)", 2


# ------------------------------------------------------------------------------------- streams of the process


def _prepared(line: list[str]) -> bool:
    """Make the streams fit to be written; return whether there is an output at all."""
    if not _is_open(sys.stderr):  # only progress and errors would go there
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as the process lives
    if not _is_open(sys.stdout):
        sys.stderr.write("spanner: cannot write the output: stdout is closed\n")
        return False
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors in {"strict", "surrogateescape"}:
        is_json = _asks_for_json(line) or line[0] == "schema"
        sys.stdout.reconfigure(errors="spanner-json" if is_json else "spanner-text")
    return True


def _is_open(stream: TextIO | None) -> bool:
    """Whether a stream is there: the shell may have closed it, and its number may have gone to a file that is read."""
    try:
        return stream is not None and os.write(stream.fileno(), b"") == 0
    except OSError as error:
        return error.errno != errno.EBADF


def _give_up_unwritable() -> None:
    """Send what cannot be written to nowhere, lest Python stumble over it at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)


def _replacing(replaced: Callable[[str], str]) -> Callable[[UnicodeError], tuple[str, int]]:
    """Return a handler of characters that the encoding of the output does not have."""

    def handler(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        return replaced(error.object[error.start : error.end]), error.end

    return handler


codecs.register_error("spanner-json", _replacing(lambda text: json.dumps(text)[1:-1]))
codecs.register_error("spanner-text", _replacing(lambda text: "".join("~" if c == "≈" else "?" for c in text)))

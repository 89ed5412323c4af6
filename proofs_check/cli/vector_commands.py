"""``spanner vectors``: its commands, their options and help; nothing is imported before one is called."""

from pathlib import Path
from typing import Annotated

import typer

from proofs_check.cli.shared_options import Json

vectors_app = typer.Typer(
    help="Test vectors for your own implementation.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


def vector_functions(incomplete: str) -> list[str]:
    """Return the functions that a shell may complete to."""
    from reference.conformance import FUNCTIONS

    return [name for name in FUNCTIONS if name.startswith(incomplete)]


Functions = Annotated[
    list[str] | None,
    typer.Argument(metavar="FUNCTION", autocompletion=vector_functions, help="Functions; all, unless given."),
]


@vectors_app.command("make")
def make_vectors(
    functions: Functions = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if a file would change.")] = False,
    shadow: Annotated[bool, typer.Option("--shadow", help="Confirm each value by the second source.")] = False,
    large: Annotated[
        bool,
        typer.Option("--large", help="The large vectors in place of the others: rows of 10,000 to 151,936 numbers."),
    ] = False,
    replay: Annotated[bool, typer.Option("--replay", help="The replay scripts in place of the vectors.")] = False,
    into: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="Where to; unless given, the package's own files, and for --large this folder."
        ),
    ] = None,
    as_json: Json = False,
) -> int:
    """Write the files of vectors, their index and schema.

    Every answer is computed anew, with its condition number (that needs the extra verify). Two runs write the same
    bytes. Exit code 1 if --check finds another byte, or the second source another value.

    Example: spanner vectors make --check softmax
    """
    from proofs_check.cli.vectors import make as command
    from proofs_check.cli.vectors import make_scripts

    if replay:
        if shadow or large:
            from proofs_check.cli.output import UserError

            raise UserError("--replay goes with --check and --into alone")
        return make_scripts(functions or [], check=check, into=into, as_json=as_json)
    return command(functions or [], check=check, shadow=shadow, large=large, into=into, as_json=as_json)


@vectors_app.command("lint")
def lint_vectors(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="Files of vectors; the package's own, unless given.")
    ] = None,
    *,
    as_json: Json = False,
) -> int:
    """Say what is wrong with files of vectors.

    Structure, counts, ids, flags, formats, and every number computed once more from its text. Exit code 1 if anything
    is wrong.

    Example: spanner vectors lint
    """
    from proofs_check.cli.vectors import lint_files as command

    return command(files or [], as_json=as_json)


@vectors_app.command("questions")
def print_questions(functions: Functions = None) -> None:
    """Print the questions, one line of JSON each.

    Their answers, {"id": .., "answer": [..]} or {"id": .., "refused": ".."}, make a file that can be graded.

    Example: spanner vectors questions kl
    """
    from proofs_check.cli.vectors import questions as command

    command(functions or [])

"""The command ``spanner``.

Exit codes: 0 all hold; 1 a claim fell short or stayed undecided; 2 bad usage or bad input, with one line on stderr;
3 an implementation that is to be graded cannot be started.
"""

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Run a command line; see :func:`proofs_check.cli.app.main`, imported with typer when it is called."""
    from proofs_check.cli.app import main as called

    return called(arguments)

"""The command ``spanner``.

Exit codes: 0 all hold; 1 a claim fell short or stayed undecided; 2 bad usage or bad input, with one line on stderr;
3 an implementation that is to be graded cannot be started.
"""

from proofs_check.cli.app import main

__all__ = ["main"]

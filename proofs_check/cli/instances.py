"""Instances that a command was given by name or by path, and one line where they are of the wrong kind."""

from proofs_check.cli.output import UserError
from reference.catalog import InstanceError, load, load_any, load_tokens
from reference.model import Problem
from reference.model.tokens import TokenProblem


def single_turn(source: str, command: str) -> Problem:
    """Return the single-turn problem of this name or in this file.

    Raises:
        UserError: if it is a token problem; names the command, which needs the other kind.
        InstanceError: if it is neither.
    """
    try:
        return load(source)
    except InstanceError:
        if _is(TokenProblem, source):
            reason = f"`{command}` needs a single-turn problem; `spanner catalog` lists both kinds"
            raise UserError(f"{source!r} is a token problem; {reason}") from None
        raise


def token_problem(source: str, command: str) -> TokenProblem:
    """Return the token problem of this name or in this file.

    Raises:
        UserError: if it is a single-turn problem; names the command, which needs the other kind.
        InstanceError: if it is neither.
    """
    try:
        return load_tokens(source)
    except InstanceError:
        if _is(Problem, source):
            reason = f"`{command}` needs a token problem; `spanner catalog` lists both kinds"
            raise UserError(f"{source!r} is a single-turn problem; {reason}") from None
        raise


def _is(kind: type[Problem | TokenProblem], source: str) -> bool:
    try:
        return isinstance(load_any(source), kind)
    except InstanceError:
        return False

"""Instances that a command was given by name or by path, and one line where they are of the wrong kind."""

from collections.abc import Callable
from typing import TypeVar

from proofs_check.cli.output import UserError
from reference.catalog import InstanceError, load, load_any
from reference.model import LinearProblem
from reference.model.problem import Problem

P = TypeVar("P", LinearProblem, Problem)

KINDS: dict[type[LinearProblem | Problem], str] = {LinearProblem: "single-turn", Problem: "token"}


def single_turn(source: str, command: str) -> LinearProblem:
    """Return the single-turn problem of this name or in this file; errors as :func:`token_problem`."""
    return _of_kind(LinearProblem, load, source, command)


def token_problem(source: str, command: str) -> Problem:
    """Return the token problem of this name or in this file.

    Raises:
        UserError: if it is of the other kind; names the command, which needs this one.
        InstanceError: if it is neither.
    """
    return _of_kind(Problem, load, source, command)


def _of_kind(wanted: type[P], loaded: Callable[[str], P], source: str, command: str) -> P:
    try:
        return loaded(source)
    except InstanceError:
        try:
            found = type(load_any(source))
        except InstanceError:
            found = wanted
        if found is wanted:
            raise  # of the right kind, and wrong in itself, or of no kind
        reason = f"`{command}` needs a {KINDS[wanted]} problem; `spanner catalog` lists both kinds"
        raise UserError(f"{source!r} is a {KINDS[found]} problem; {reason}") from None

"""Instances that a command was given by name or by path, and one line where they are of the wrong kind."""

from collections.abc import Callable
from typing import TypeVar

from proofs_check.cli.output import UserError
from reference.catalog import InstanceError, load, load_any, load_tokens
from reference.catalog.graph2 import RENORMALISED
from reference.model import Problem
from reference.model.problem import About
from reference.model.tokens import TokenProblem

P = TypeVar("P", Problem, TokenProblem)

KINDS: dict[type[Problem | TokenProblem], str] = {Problem: "single-turn", TokenProblem: "token"}


def single_turn(source: str, command: str) -> Problem:
    """Return the single-turn problem of this name or in this file; errors as :func:`token_problem`."""
    return _of_kind(Problem, load, source, command)


def token_problem(source: str, command: str) -> TokenProblem:
    """Return the token problem of this name or in this file.

    Raises:
        UserError: if it is of the other kind; names the command, which needs this one.
        InstanceError: if it is neither.
    """
    return _of_kind(TokenProblem, load_tokens, source, command)


def renormalised(about: About) -> str:
    """Return how far the weights of an instance file were from a law; empty if they were not or there were none."""
    notes = (dict(value) for key, value in about.provenance if key == RENORMALISED and not isinstance(value, str))
    note = next(notes, {})
    return f"weights renormalised ({'; '.join(f'{key}: {value}' for key, value in note.items())})" if note else ""


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

"""Instances that a command was given by name or by path, and one line where they are of the wrong kind."""

from proofs_check.cli.output import UserError
from reference.catalog import InstanceError, load, load_linear
from reference.catalog.graph2 import RENORMALISED
from reference.model import About, LinearProblem, Problem


def renormalised(about: About) -> str:
    """Return how far the weights of an instance file were from a law; empty if they were not or there were none."""
    note = renormalisation(about)
    return f"weights renormalised ({'; '.join(f'{key}: {value}' for key, value in note.items())})" if note else ""


def renormalisation(about: About) -> dict[str, str]:
    """Return the note of that in the provenance, by key; empty if there is none."""
    notes = (dict(value) for key, value in about.provenance if key == RENORMALISED and not isinstance(value, str))
    return next(notes, {})


def any_problem(source: str, command: str) -> Problem:
    """Return the problem of this name or in this file, whatever the command; raises InstanceError if it is none."""
    del command
    return load(source)


def linear_problem(source: str, command: str) -> LinearProblem:
    """Return the linear problem of this name or in this file.

    Raises:
        UserError: if it is a problem, and not linear; names the command, which needs one that is.
        InstanceError: if it is none.
    """
    try:
        return load_linear(source)
    except InstanceError:
        try:
            found = load(source)
        except InstanceError:
            found = None
        if found is None or isinstance(found, LinearProblem):
            raise  # it is wrong in itself; what it says suggests linear problems only
    needs = f"`{command}` needs a linear problem (horizon 1, with theta); `spanner catalog` lists them"
    raise UserError(f"{source!r} is a problem of horizon {found.horizon} without theta; {needs}")

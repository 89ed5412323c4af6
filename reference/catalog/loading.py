"""Instances by name or by path.

Two kinds ship: problems (:func:`names`, :func:`load`) and token problems (:func:`token_names`, :func:`load_tokens`).
No name is used twice.
"""

import stat
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from reference.catalog.parsing import parse, parse_any
from reference.catalog.reading import DEFAULT_LIMITS, InstanceError, Limits
from reference.catalog.token_parse import parse_tokens
from reference.model.problem import Problem
from reference.model.tokens import TokenProblem

T = TypeVar("T")

DATA: Path = Path(__file__).parent / "data"
"""Where the shipped problems are."""

TOKEN_DATA: Path = DATA / "tokens"
"""Where the shipped token problems are."""

PREFIX = "catalog:"
"""``catalog:NAME`` always means the shipped instance, whatever files there are."""

_LISTED = "`spanner catalog` lists them"


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the names of the shipped problems, sorted.

    >>> import reference as ref
    >>> "two-arms" in ref.names()
    True
    """
    return tuple(sorted(path.stem for path in DATA.glob("*.json")))


@lru_cache(maxsize=1)
def token_names() -> tuple[str, ...]:
    """Return the names of the shipped token problems, sorted.

    >>> import reference as ref
    >>> "needle-path-8" in ref.token_names()
    True
    """
    return tuple(sorted(path.stem for path in TOKEN_DATA.glob("*.json")))


def load(name_or_path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Problem:
    """Return the shipped problem ``NAME`` or ``catalog:NAME``, or the problem in the file at a path.

    >>> import reference as ref
    >>> ref.load("two-arms").theta
    (loglinear('log(2)'),)

    Raises:
        InstanceError: if there is no such instance or file, or it is not a valid problem; one line.
    """
    found = _shipped(name_or_path, names())
    if isinstance(found, TokenProblem):
        raise InstanceError(f"{name_or_path}: this is a token problem; a single-turn problem is needed here")
    return _from_file(name_or_path, limits, parse, names()) if found is None else found


def load_tokens(name_or_path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> TokenProblem:
    """Return the shipped token problem ``NAME`` or ``catalog:NAME``, or the one in the file at a path.

    >>> import reference as ref
    >>> ref.load_tokens("fair-bits-64").horizon
    64

    Raises:
        InstanceError: if there is no such instance or file, or it is not a valid token problem; one line.
    """
    found = _shipped(name_or_path, token_names())
    if isinstance(found, Problem):
        raise InstanceError(f"{name_or_path}: this is a single-turn problem; a token problem is needed here")
    return _from_file(name_or_path, limits, parse_tokens, token_names()) if found is None else found


def load_any(name_or_path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Problem | TokenProblem:
    """Return the shipped instance of either kind, or the one in the file at a path, told apart by its ``format``.

    Raises:
        InstanceError: if there is no such instance or file, or it is not a valid instance; one line.
    """
    known = (*names(), *token_names())
    found = _shipped(name_or_path, known)
    return _from_file(name_or_path, limits, parse_any, known) if found is None else found


def _shipped(name_or_path: str | Path, wanted: Sequence[str]) -> Problem | TokenProblem | None:
    """Return the shipped instance of this name, of either kind; None if a file is meant.

    ``wanted``: the names that may be suggested.
    """
    text = str(name_or_path)
    if not text.startswith(PREFIX) and not isinstance(name_or_path, str):
        return None
    name = text.removeprefix(PREFIX)
    if name in names():
        return _problem(name)
    if name in token_names():
        return _token_problem(name)
    if not text.startswith(PREFIX):
        return None
    if not name:
        raise InstanceError(f"{text!r}: no name follows; write {PREFIX}NAME ({_LISTED})")
    hint = f"did you mean {close!r}? {_LISTED}" if (close := _close(name, wanted)) else _LISTED
    raise InstanceError(f"{_one_line(text)}: no such instance; {hint}")


@lru_cache(maxsize=64)
def _problem(name: str) -> Problem:
    return parse((DATA / f"{name}.json").read_bytes(), f"{PREFIX}{name}")


@lru_cache(maxsize=64)
def _token_problem(name: str) -> TokenProblem:
    return parse_tokens((TOKEN_DATA / f"{name}.json").read_bytes(), f"{PREFIX}{name}")


def _from_file(name_or_path: str | Path, limits: Limits, read: Callable[..., T], wanted: Sequence[str]) -> T:
    text = str(name_or_path)
    if not text:
        raise InstanceError(f"'': the name is empty; give the name of an instance or a file ({_LISTED})")
    return read(_read(text, limits, wanted), text, limits=limits)


def _read(text: str, limits: Limits, wanted: Sequence[str]) -> bytes:
    path = Path(text)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InstanceError(f"{_one_line(text)}: is a directory; give the file of an instance")
        if not stat.S_ISREG(status.st_mode):
            # A pipe or a device may never end.
            raise InstanceError(f"{_one_line(text)}: not a regular file")
        if status.st_size > limits.file_bytes:
            raise InstanceError(f"{_one_line(text)}: {status.st_size} bytes; at most {limits.file_bytes} are read")
        with path.open("rb") as file:
            return file.read(limits.file_bytes + 1)
    except FileNotFoundError:
        hint = f"did you mean {close!r}?" if (close := _close(text, wanted)) else _LISTED
        reason = "no such file, and no catalog instance of this name"
        raise InstanceError(f"{_one_line(text)}: {reason}; {hint}") from None
    except OSError as error:
        raise InstanceError(f"{_one_line(text)}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        if isinstance(error, InstanceError):
            raise
        raise InstanceError(f"{_one_line(text)}: cannot be read: {error}") from None


def _close(name: str, wanted: Sequence[str]) -> str:
    return next(iter(get_close_matches(name[:200], wanted, n=1)), "")


def _one_line(text: str) -> str:
    return text if text.isprintable() and not text.isspace() else ascii(text)

"""Instances by name or by path: :func:`load` reads any, :func:`load_linear` insists on a linear one."""

import stat
from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Literal, overload

from reference.catalog.parsing import checked_linear, parse
from reference.catalog.reading import DEFAULT_LIMITS, InstanceError, Limits
from reference.model.linear_problem import LinearProblem
from reference.model.problem import Problem

DATA: Path = Path(__file__).parent / "data"
"""Where the shipped linear problems are."""

TOKEN_DATA: Path = DATA / "tokens"
"""Where the other shipped problems are."""

_PREFIX = "catalog:"
"""``catalog:NAME`` always means the shipped instance, whatever files there are."""

LinearName = Literal[
    "antipodal",
    "different-supports",
    "fair-coin",
    "gap-oscillation-tight",
    "gap-quadratic-tight",
    "needle-1024",
    "off-support-anchor",
    "rank-deficient",
    "sampler-tight-m",
    "sampler-tight-n",
    "single-response",
    "smollm2-facts",
    "smollm2-opposites",
    "smollm2-two-plus-two",
    "spanner-fourfold",
    "truncated-coverage-tight",
    "two-arms",
    "two-arms-exp",
    "two-arms-mixed",
    "zero-base-mass",
]
"""Names of the shipped linear problems: type checkers then know what :func:`load` returns."""

_LISTED = "`spanner catalog` lists them"


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the names of all shipped problems, sorted.

    >>> import reference as ref
    >>> "two-arms" in ref.names(), "needle-path-8" in ref.names()
    (True, True)
    """
    return tuple(sorted((*linear_names(), *tree_names())))


@lru_cache(maxsize=1)
def linear_names() -> tuple[str, ...]:
    """Return the names of the shipped linear problems, sorted."""
    return tuple(sorted(path.stem for path in DATA.glob("*.json")))


@lru_cache(maxsize=1)
def tree_names() -> tuple[str, ...]:
    """Return the names of the other shipped problems, whose responses are several tokens long, sorted."""
    return tuple(sorted(path.stem for path in TOKEN_DATA.glob("*.json")))


@overload
def load(name_or_path: LinearName, *, limits: Limits = DEFAULT_LIMITS) -> LinearProblem: ...
@overload
def load(name_or_path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Problem: ...
def load(name_or_path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Problem:
    """Return the shipped problem ``NAME`` or ``catalog:NAME``, or the problem in the file at a path.

    >>> import reference as ref
    >>> ref.load("two-arms").theta, ref.load("fair-bits-64").horizon
    ((loglinear('log(2)'),), 64)

    Raises:
        InstanceError: if there is no such instance or file, or it is not a valid problem; one line.
    """
    return _load(name_or_path, limits, names())


def load_linear(name_or_path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> LinearProblem:
    """Return what :func:`load` does, if it is a linear problem: horizon 1, with ``theta``.

    >>> import reference as ref
    >>> ref.load_linear("two-arms").dimension
    1

    Raises:
        InstanceError: as :func:`load`, and for a problem that is not linear; one line.
    """
    return checked_linear(_load(name_or_path, limits, linear_names()), str(name_or_path))


def _load(name_or_path: str | Path, limits: Limits, wanted: Sequence[str]) -> Problem:
    found = _shipped(name_or_path, wanted)
    if found is not None:
        return found
    text = str(name_or_path)
    if not text:
        raise InstanceError(f"'': the name is empty; give the name of an instance or a file ({_LISTED})")
    return parse(read_bytes(text, limits, wanted), text, limits=limits)


def _shipped(name_or_path: str | Path, wanted: Sequence[str]) -> Problem | None:
    """Return the shipped instance of this name; None if a file is meant.

    ``wanted``: the names that may be suggested.
    """
    text = str(name_or_path)
    if not text.startswith(_PREFIX) and not isinstance(name_or_path, str):
        return None
    name = text.removeprefix(_PREFIX)
    if name in names():
        return _problem(name)
    if not text.startswith(_PREFIX):
        return None
    if not name:
        raise InstanceError(f"{text!r}: no name follows; write {_PREFIX}NAME ({_LISTED})")
    hint = f"did you mean {close!r}? {_LISTED}" if (close := _close(name, wanted)) else _LISTED
    raise InstanceError(f"{one_line_path(text)}: no such instance; {hint}")


def file_of(name_or_path: str | Path) -> Path:
    """Return the file that :func:`load` reads, whether it is there or not."""
    name = str(name_or_path).removeprefix(_PREFIX)
    if isinstance(name_or_path, Path) or name not in names():
        return Path(name_or_path)
    return (DATA if name in linear_names() else TOKEN_DATA) / f"{name}.json"


@lru_cache(maxsize=64)
def _problem(name: str) -> Problem:
    return parse(file_of(name).read_bytes(), f"{_PREFIX}{name}")


def read_bytes(text: str, limits: Limits, wanted: Sequence[str]) -> bytes:
    """Return what is in a file; InstanceError, in one line, if it cannot be read or is too large."""
    path = Path(text)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InstanceError(f"{one_line_path(text)}: is a directory; give the file of an instance")
        if not stat.S_ISREG(status.st_mode):
            # A pipe or a device may never end.
            raise InstanceError(f"{one_line_path(text)}: not a regular file")
        if status.st_size > limits.file_bytes:
            raise InstanceError(f"{one_line_path(text)}: {status.st_size} bytes; at most {limits.file_bytes} are read")
        with path.open("rb") as file:
            return file.read(limits.file_bytes + 1)
    except FileNotFoundError:
        hint = f"did you mean {close!r}?" if (close := _close(text, wanted)) else _LISTED
        reason = "no such file, and no catalog instance of this name"
        raise InstanceError(f"{one_line_path(text)}: {reason}; {hint}") from None
    except OSError as error:
        raise InstanceError(f"{one_line_path(text)}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        if isinstance(error, InstanceError):
            raise
        raise InstanceError(f"{one_line_path(text)}: cannot be read: {error}") from None


def _close(name: str, wanted: Sequence[str]) -> str:
    return next(iter(get_close_matches(name[:200], wanted, n=1)), "")


def one_line_path(text: str) -> str:
    """Return a path for a message of one line."""
    return text if text.isprintable() and not text.isspace() else ascii(text)

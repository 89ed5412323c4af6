"""Instances by name or by path."""

import stat
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from reference.catalog.parse import DEFAULT_LIMITS, InstanceError, Limits, parse
from reference.model.problem import Problem

DATA: Path = Path(__file__).parent / "data"
"""Where the shipped instances are."""

PREFIX = "catalog:"
"""``catalog:NAME`` always means the shipped instance, whatever files there are."""


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the names of the shipped instances, sorted."""
    return tuple(sorted(path.stem for path in DATA.glob("*.json")))


def load(name_or_path: str | Path, *, limits: Limits = DEFAULT_LIMITS) -> Problem:
    """Return the shipped instance ``NAME`` or ``catalog:NAME``, or the problem in the file at a path.

    Raises:
        InstanceError: if there is no such instance or file, or it is not a valid instance; one line.
    """
    text = str(name_or_path)
    name = text.removeprefix(PREFIX)
    if name in names() and not isinstance(name_or_path, Path):
        return _shipped(name)
    if text.startswith(PREFIX):
        raise InstanceError(_unknown(name, f"{PREFIX} has no instance of this name"))
    return parse(_read(text, limits), text, limits=limits)


@lru_cache(maxsize=64)
def _shipped(name: str) -> Problem:
    path = DATA / f"{name}.json"
    return parse(path.read_bytes(), f"{PREFIX}{name}")


def _read(text: str, limits: Limits) -> bytes:
    path = Path(text)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            # A pipe or a device may never end.
            raise InstanceError(f"{_one_line(text)}: not a regular file")
        if status.st_size > limits.file_bytes:
            raise InstanceError(f"{_one_line(text)}: {status.st_size} bytes; at most {limits.file_bytes} are read")
        with path.open("rb") as file:
            return file.read(limits.file_bytes + 1)
    except FileNotFoundError:
        raise InstanceError(_unknown(text, "no such file, and no catalog instance of this name")) from None
    except OSError as error:
        raise InstanceError(f"{_one_line(text)}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        if isinstance(error, InstanceError):
            raise
        raise InstanceError(f"{_one_line(text)}: cannot be read: {error}") from None


def _unknown(name: str, reason: str) -> str:
    close = get_close_matches(name[:200], names(), n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"the catalog has: {', '.join(names())}"
    return f"{_one_line(name)}: {reason}; {hint}"


def _one_line(text: str) -> str:
    return text if text.isprintable() else ascii(text)

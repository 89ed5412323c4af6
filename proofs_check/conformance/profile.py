"""What is asked of answers: a level for each function, what counts as 0, and which vectors are known to fail."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flint import fmpq

from proofs_check.conformance.kit import KitError, function_named
from proofs_check.conformance.verdict import RANK, AnswerKind, AnswerVerdict


@dataclass(frozen=True, slots=True)
class Level:
    """How good an answer must be: a kind, or at most so many units in the last place."""

    kind: AnswerKind
    ulps: int | None = None

    @staticmethod
    def of(text: str) -> "Level":
        """Return the level that a text names.

        Raises:
            KitError: if it names none.
        """
        if found := re.fullmatch(r"ulps:([1-9][0-9]{0,8})", text, re.ASCII):
            return Level(AnswerKind.ULPS, int(found[1]))
        if text in LEVELS:
            return Level(AnswerKind(text))
        raise KitError(f"level {text[:40]!r}; one of {', '.join(LEVELS)} and ulps:4, with any number")

    def passes(self, verdict: AnswerVerdict) -> bool:
        """Whether a verdict is good enough."""
        if verdict.kind is AnswerKind.REFUSED:
            return verdict.acceptable
        if self.ulps is None or verdict.ulps is None:
            return verdict.rank <= RANK[self.kind]
        return verdict.rank <= RANK[AnswerKind.WRONG] and verdict.ulps <= fmpq(self.ulps)

    def __str__(self) -> str:
        return str(self.kind) if self.ulps is None else f"ulps:{self.ulps}"


LEVELS: Final = ("exact", "correct", "faithful", "stable")
"""The levels without a number."""

STABLE: Final = Level(AnswerKind.STABLE)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is asked: ``levels`` of functions, ``level`` of the others; ``flush``: 0 stands for subnormal numbers."""

    name: str = "default"
    level: Level = STABLE
    levels: Mapping[str, Level] = field(default_factory=dict)
    flush: bool = False

    @staticmethod
    def of(source: str | None, level: str | None) -> "Profile":
        """Return a profile by its name or from a file; ``level`` replaces that of all functions.

        Raises:
            KitError: for an unknown name, or a file that says something else than it may.
        """
        if source is None or source in PROFILES:
            found = PROFILES[source or "default"]
        elif Path(source).is_file():
            found = _of_file(Path(source))
        else:
            raise KitError(f"--profile {source[:200]}: no such file; or one of {', '.join(PROFILES)}")
        return found if level is None else Profile(found.name, Level.of(level), {}, found.flush)

    def of_function(self, function: str) -> Level:
        """Return the level of a function."""
        return self.levels.get(function, self.level)


PROFILES: Final = {"default": Profile(), "ftz": Profile("ftz", flush=True)}
"""The profiles that have a name; ``ftz``: for accelerators that flush subnormal numbers to 0."""


def _of_file(path: Path) -> Profile:
    found = _toml(path)
    _only(path, found, {"name": str, "level": str, "flush": bool, "levels": dict})
    levels = found.get("levels", {})
    _only(path, levels, dict.fromkeys(levels, str))
    try:
        return Profile(
            found.get("name", path.stem),
            Level.of(found.get("level", "stable")),
            {function_named(name).name: Level.of(level) for name, level in levels.items()},
            found.get("flush", False),
        )
    except KitError as error:
        raise KitError(f"{path}: {error}") from None


def read_xfails(path: Path) -> dict[str, str]:
    """Return the vectors that are expected to fail, with the reasons: a table ``[xfails]`` of ids.

    Raises:
        KitError: for a file that says something else; ids that no vector has are found when the vectors are asked.
    """
    found = _toml(path)
    _only(path, found, {"xfails": dict})
    expected = found.get("xfails", {})
    _only(path, expected, dict.fromkeys(expected, str))
    return dict(expected)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise KitError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise KitError(f"{path} is no TOML: {error}") from None


def _only(path: Path, found: Mapping[str, Any], kinds: Mapping[str, type]) -> None:
    for key, value in found.items():
        if key not in kinds:
            raise KitError(f"{path}: unknown key {key[:80]!r}; there are {', '.join(kinds)}")
        if type(value) is not kinds[key]:
            raise KitError(f"{path}: {key[:80]} is {value!r:.60}; needs a {_WORDS[kinds[key]]}")


_WORDS = {str: "text", bool: "true or false", dict: "table"}

"""The vectors that an implementation is asked for: read from files whose digests are those that were published."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import msgspec

from reference.conformance.answers import is_exact_in
from reference.conformance.functions import FUNCTIONS, Function
from reference.conformance.vectors import DATA, FloatFormat, Note, Vector, VectorFile
from reference.exact.binary import FormatName
from reference.exact.rational_numbers import BadNumber, rational

GRADED_FORMATS: Final[tuple[FloatFormat, ...]] = ("binary64", "binary32", "bfloat16")
"""The formats that vectors have roundings for."""

INDEX_FILE: Final = "index.json"
"""The file with the digests."""

KILL_MATRIX_FILE: Final = "kill_matrix.json"
"""The file that says which vectors each named wrong implementation fails."""


EXHAUSTED: Final = "log_partition"
"""The function of which all questions of a kind can be asked: two masses of 1/2, rewards ``x`` and 0, beta 1."""

_NAMES = list(FUNCTIONS)

KIT_AREAS: Final[Mapping[str, Sequence[str]]] = {
    "core": _NAMES[: _NAMES.index("kl_gradient")],
    "laws": _NAMES[_NAMES.index("kl_gradient") : _NAMES.index("in_span")],
    "bounds": _NAMES[_NAMES.index("in_span") : _NAMES.index("soft_value")],
    "tokens": _NAMES[_NAMES.index("soft_value") : _NAMES.index("xpo_loss")],
    "learners": _NAMES[_NAMES.index("xpo_loss") :],
}
"""The functions by what they are about; each area has a badge of its own."""


class KitError(ValueError):
    """The vectors, or what is asked of them, cannot be used: one line."""


class NamedMutant(msgspec.Struct, frozen=True):
    """A named wrong implementation: of which function, which vectors it fails, and what is wrong with it.

    ``flag``: the flag whose own mistake it is: without the vectors that have the flag it would live, and no flag with
    as few vectors has them all.
    """

    function: str
    fails: list[str]
    why: str = ""
    flag: str = ""


@dataclass(frozen=True)
class Kit:
    """The vectors of some functions, by function."""

    files: Mapping[str, VectorFile]
    folder: Path = DATA

    @staticmethod
    def of(functions: Iterable[str] | None = None, folder: Path = DATA) -> "Kit":
        """Return the vectors of these functions, or of all that have some.

        Raises:
            KitError: for an unknown function, a file that is missing, changed, or no file of vectors.
        """
        digests = _digests(folder)
        names = _known_names(functions, digests)
        return Kit({name: _read(folder / f"{name}.json", name, digests) for name in names}, folder)

    @cached_property
    def version(self) -> str:
        """The version of the vectors."""
        return max((file.version for file in self.files.values()), default="")

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the index, or of the vectors where there is none: who has the same was asked the same."""
        index = self.folder / INDEX_FILE
        found = index.read_bytes() if index.is_file() else msgspec.json.encode(dict(self.files))
        return hashlib.sha256(found).hexdigest()

    @cached_property
    def mutants(self) -> dict[str, NamedMutant]:
        """The named wrong implementations, where the kit knows some."""
        path = self.folder / KILL_MATRIX_FILE
        if not path.is_file():
            return {}
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, NamedMutant])
        except msgspec.MsgspecError as error:
            raise KitError(f"{path}: {error}") from None

    def vectors(self, function: str, format: FormatName = "binary64") -> list[Vector]:  # noqa: A002 - the field's word
        """Return the vectors of a function that can be asked in a format: its inputs are numbers of the format."""
        return [
            vector
            for vector in self.files[function].vectors
            if format in vector.formats or (vector.result == "invalid" and can_be_asked(vector, format))
        ]

    def note(self, function: str, flag: str) -> Note | None:
        """Return what a flag of a vector stands for."""
        return self.files[function].notes.get(flag)


def can_be_asked(vector: Vector, format: FormatName) -> bool:  # noqa: A002 - the field's word
    """Whether the inputs of a vector are numbers of a format, or none at all: a sum of 1 + 2^-52 may be lost in it."""
    return all(_is_number_of(text, format) for argument in vector.input.values() for text in _texts(argument))


def _texts(argument: object) -> Iterator[str]:
    if isinstance(argument, str):
        yield argument
    elif isinstance(argument, list):
        for entry in argument:
            yield from _texts(entry)


@cache  # a text such as 1/2 stands in many vectors
def _is_number_of(text: str, format: FormatName) -> bool:  # noqa: A002 - the field's word
    try:
        value = rational(text)
    except BadNumber:  # NaN, an infinity
        return True
    return is_exact_in(value, format)


def function_named(name: str) -> Function:
    """Return a function of the kit.

    Raises:
        KitError: if there is none of that name; says which is near.
    """
    if name not in FUNCTIONS:
        close = get_close_matches(name, FUNCTIONS, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(FUNCTIONS)}"
        raise KitError(f"no function {name[:80]!r} in the kit; {hint}")
    return FUNCTIONS[name]


def _known_names(functions: Iterable[str] | None, digests: Mapping[str, str] | None) -> list[str]:
    if functions is not None:
        return [function_named(name).name for name in dict.fromkeys(functions)]
    return [name for name in FUNCTIONS if digests is None or name in digests]


def _digests(folder: Path) -> Mapping[str, str] | None:
    """Return the published digests by function; without an index, which vectors of one's own lack, none are checked."""
    path = folder / INDEX_FILE
    if not path.is_file():
        if folder == DATA:
            raise KitError(f"{path} is missing: this installation has no vectors; install it again")
        return None
    try:
        index = msgspec.json.decode(path.read_bytes(), type=_Index)
    except msgspec.MsgspecError as error:
        raise KitError(f"{path} is not the index of vectors that was published: {error}") from None
    return {name: entry.sha256 for name, entry in index.functions.items()}


class _Entry(msgspec.Struct, frozen=True):
    sha256: str


class _Index(msgspec.Struct, frozen=True):
    functions: dict[str, _Entry]


def _read(path: Path, function: str, digests: Mapping[str, str] | None) -> VectorFile:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise KitError(f"{path}: {error.strerror}: there are no vectors of {function}") from None
    if digests is not None and hashlib.sha256(content).hexdigest() != digests.get(function):
        raise KitError(
            f"{path} is not the file that was published (sha256 differs from {INDEX_FILE}); install it again"
        )
    try:
        found = msgspec.json.decode(content, type=VectorFile)
    except msgspec.MsgspecError as error:
        raise KitError(f"{path} is no file of vectors: {error}") from None
    if found.function != function or found.number_of_vectors != len(found.vectors):
        raise KitError(
            f"{path}: it says {found.function}, {found.number_of_vectors} vectors, and has {len(found.vectors)}"
        )
    if double := _first_double([vector.id for vector in found.vectors]):
        raise KitError(f"{path}: the id {double!r} stands twice")
    return found


def _first_double(ids: Collection[str]) -> str | None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            return name
        seen.add(name)
    return None

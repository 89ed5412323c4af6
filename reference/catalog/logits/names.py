"""Names of outcomes: those of a vocabulary, those that the records have, or numbers; made unique where they repeat."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reference.catalog.loading import read_bytes
from reference.catalog.logits.lines import decoded_within
from reference.catalog.reading import DEFAULT_LIMITS
from reference.catalog.strict_json import JsonError, Tree
from reference.model.checks import ProblemError

MOST_TOKENS: Final = 1 << 22
"""Numbers of tokens above this are refused: a file of one entry may claim any."""


def outcome_names(size: int, known: Sequence[str]) -> list[str]:
    """Return a name for each outcome: the known ones, else their numbers; a repeated or empty name gets its number."""
    if not known:
        return [str(j) for j in range(size)]
    taken, found = set[str](), list[str]()
    for j in range(size):
        plain = known[j] if j < len(known) else ""
        name = _writable(plain)
        if not name or name in taken:
            name = f"{name}#{j}"
        while name in taken:
            name += "'"
        taken.add(name)
        found.append(name)
    return found


def token_names(path: Path) -> list[str]:
    """Return the names in a file: a JSON list, a vocabulary ``{token: number}``, a ``tokenizer.json``, or lines.

    Raises:
        InstanceError, ProblemError: if it cannot be read, or is none of these.
    """
    raw = read_bytes(str(path), DEFAULT_LIMITS, ())
    if raw.lstrip()[:1] not in {b"{", b"["}:
        try:
            return raw.decode().splitlines()
        except UnicodeDecodeError as error:
            raise ProblemError("", f"not UTF-8 text (byte {error.start})") from None
    try:
        tree = decoded_within(raw)
    except JsonError as error:
        raise ProblemError("", str(error)) from None
    if isinstance(tree, list):
        names = [entry for entry in tree if isinstance(entry, str)]
        if len(names) < len(tree):
            raise ProblemError("", "a list with entries that are no names")
        return names
    model = tree.get("model") if isinstance(tree, dict) else None
    if isinstance(model, dict) and isinstance(tree, dict):  # a tokenizer.json
        added = tree.get("added_tokens")
        more = {
            str(entry.get("content")): entry.get("id")
            for entry in (added if isinstance(added, list) else [])
            if isinstance(entry, dict)
        }
        return _by_number(model.get("vocab"), more)
    return _by_number(tree, {})


def _by_number(vocabulary: Tree, more: dict[str, Tree]) -> list[str]:
    if isinstance(vocabulary, list):  # pairs of a token and its score
        tokens: dict[str, Tree] = {
            entry[0]: j for j, entry in enumerate(vocabulary) if isinstance(entry, list) and isinstance(entry[0], str)
        }
    elif isinstance(vocabulary, dict):
        tokens = vocabulary
    else:
        raise ProblemError("", "neither a list of names, nor a vocabulary of tokens with their numbers")
    numbered: dict[int, str] = {}
    for token, number in {**tokens, **more}.items():
        if type(number) is not int or not 0 <= number < MOST_TOKENS:
            raise ProblemError("", f"the token {token[:40]!a} has no number from 0 to {MOST_TOKENS - 1}")
        numbered[number] = token
    return [numbered.get(j, "") for j in range(max(numbered, default=-1) + 1)]


def _writable(name: str) -> str:
    """Return a name that has UTF-8: tokens may end inside a character."""
    return name.encode("utf-8", "backslashreplace").decode()

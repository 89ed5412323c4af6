"""Log-probabilities in JSON, a record a line, as inference engines write them.

Known by their fields: OpenAI and what speaks its language (vLLM, llama.cpp, Ollama, SGLang), chat and completions;
vLLM's own ``{id: {"logprob": ..}}``; SGLang's ``[logprob, id, text]``; TGI's and llama.cpp's lists; Gemini's
candidates; and plain lists of numbers, ``"logits"`` or ``"logprobs"``, with ``"tokens"`` or without.  A number in JSON
is the binary64 number that readers of JSON make of it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from reference.catalog.logits.cells import Cell
from reference.catalog.strict_json import NumberToken, RepeatedKey, Tree, quoted
from reference.model.checks import ProblemError

UNLIKELY: Final = -9999.0
"""What OpenAI and vLLM write for a log-probability that is too low to be told, or is minus infinity."""


class Position(NamedTuple):
    """What may follow at one place of a text: names where the record has them, and numbers."""

    names: tuple[str, ...]
    values: tuple[Cell, ...]


def positions(record: Tree, key: str, choice: int) -> list[Position]:
    """Return what a record says of each place of its text.

    ``key``: the path of the field in the record, its parts joined by dots; the field is looked for unless given.
    ``choice``: which one of several answers.

    Raises:
        ProblemError: where there are no log-probabilities; says which fields there are.
    """
    found, where = (at_path(record, key), key) if key else _looked_for(record, choice, "")
    read = _positions(found, where or "the record")
    if not read:
        raise ProblemError(key, "no place of a text with log-probabilities; ask the engine for them (logprobs)")
    return read


def is_list_of_records(tree: Tree) -> bool:
    """Whether a document is a list of records, and not a record that is a list."""
    known = {*_ANSWERS, *(path.partition(".")[0] for path in _PLACES)}
    if not isinstance(tree, list) or not tree:
        return False
    return all(isinstance(entry, dict) and not known.isdisjoint(entry) for entry in tree)


def at_path(record: Tree, key: str) -> Tree:
    """Return the field at a path of keys and indices, joined by dots."""
    found, so_far = record, list[str]()
    for part in key.split("."):
        where = ".".join(so_far) or "the record"
        if isinstance(found, dict):
            if part not in found:
                raise ProblemError(where, f"has no field {quoted(part)}; {_fields(found)}")
            found = found[part]
        elif isinstance(found, list) and part.isdecimal() and len(part) < 10 and int(part) < len(found):  # noqa: PLR2004
            found = found[int(part)]
        else:
            size = f"a list of {len(found)}" if isinstance(found, list) else _kind(found)
            raise ProblemError(where, f"is {size}: it has no {quoted(part)}")
        so_far.append(part)
    return found


def numbers(field: Tree, where: str) -> list[Cell]:
    """Return a list of numbers, truth values among them."""
    if not isinstance(field, list):
        raise ProblemError(where, f"is {_kind(field)}; a list of numbers is needed")
    return [_number(entry, f"{where}[{j}]") for j, entry in enumerate(field)]


def _looked_for(record: Tree, choice: int, above: str) -> tuple[Tree, str]:
    """Return what holds the log-probabilities, by the names that engines give it, and its path."""
    if not isinstance(record, dict):
        return record, above
    for name in _ANSWERS:
        answers = record.get(name)
        if isinstance(answers, list) and not any(isinstance(each, dict) and "token" in each for each in answers):
            if not 0 <= choice < len(answers):
                raise ProblemError(name, f"there is no answer {choice} of {len(answers)}, counted from 0")
            return _looked_for(answers[choice], 0, f"{above}{name}[{choice}].")
    for path in _PLACES:
        found: Tree = record
        for part in path.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if found is not None:
            whole = path in {"logits", "logprobs"} and "tokens" in record
            return (record, above.rstrip(".")) if whole else (found, f"{above}{path}")
    if any(isinstance(record.get(name), list) for name in ("top_logprobs", "candidates")):
        return [record], above  # a place a line
    raise ProblemError(
        above.rstrip("."), f"no log-probabilities were found; {_fields(record)}; --key names the one that has them"
    )


_ANSWERS: Final = ("choices", "candidates", "outputs")
"""Where answers are listed: OpenAI and its like, Gemini, vLLM's own."""

_PLACES: Final = (
    "logprobs", "logits", "completion_probabilities", "meta_info.output_top_logprobs", "details.top_tokens",
    "logprobsResult.topCandidates", "prompt_logprobs",
)  # fmt: skip
"""Where log-probabilities stand, the likelier first."""

_LISTS: Final = ("content", "top_logprobs", "logits", "logprobs")


def _positions(field: Tree, where: str) -> list[Position]:
    if isinstance(field, dict):
        for name in _LISTS:
            entries = field.get(name)
            if isinstance(entries, list) and entries:
                if all(_is_number(entry) for entry in entries):
                    return [_plain(entries, field.get("tokens"), f"{where}.{name}")]
                return list(_each(entries, f"{where}.{name}"))
        if "token_logprobs" in field:
            raise ProblemError(where, "has log-probabilities of the tokens that were drawn alone; ask for top_logprobs")
        return [_position(field, where)]
    if isinstance(field, list):
        if field and all(_is_number(entry) for entry in field):
            return [_plain(field, None, where)]
        return list(_each(field, where))
    raise ProblemError(where, f"is {_kind(field)}; log-probabilities are needed")


def _each(entries: Sequence[Tree], where: str) -> Iterator[Position]:
    for j, entry in enumerate(entries):
        if entry is not None:  # nothing is known of the first token of a prompt
            yield _position(entry, f"{where}[{j}]")


def _plain(entries: Sequence[Tree], tokens: Tree, where: str) -> Position:
    values = tuple(_number(entry, f"{where}[{j}]") for j, entry in enumerate(entries))
    names = tuple(token for token in tokens if isinstance(token, str)) if isinstance(tokens, list) else ()
    return Position(names if len(names) == len(values) else (), values)


def _position(entry: Tree, where: str) -> Position:
    """Return what stands for one place: a list of candidates, a table of them, or a token with candidates beside it."""
    if isinstance(entry, RepeatedKey):
        raise ProblemError(where, f"has the key {quoted(entry.key)} twice")
    if isinstance(entry, list):
        if entry and all(_is_number(value) for value in entry):
            return _plain(entry, None, where)
        return _of_candidates([_candidate(each, f"{where}[{j}]") for j, each in enumerate(entry)], where)
    if not isinstance(entry, dict):
        raise ProblemError(where, f"is {_kind(entry)}; tokens with log-probabilities are needed")
    for name in _CANDIDATES:
        inside = entry.get(name)
        if isinstance(inside, (list, dict)):
            found = _rows(inside, f"{where}.{name}")
            if "logprob" in entry and _name(entry) not in {row[0] for row in found}:
                found.append(_candidate(entry, where))  # what was drawn need not be among the likeliest
            return _of_candidates(found, where)
    if any(name in entry for name in _VALUES) and not all(map(_is_number, entry.values())):
        return _of_candidates([_candidate(entry, where)], where)
    return _of_candidates(_rows(entry, where), where)


_CANDIDATES: Final = ("top_logprobs", "candidates", "top_probs", "probs")
_VALUES: Final = ("logprob", "logProbability", "prob")
_NAMES: Final = ("token", "decoded_token", "text", "tok_str", "content")

Candidate = tuple[str, Cell]


def _rows(inside: Tree, where: str) -> list[Candidate]:
    if isinstance(inside, list):
        return [_candidate(each, f"{where}[{j}]") for j, each in enumerate(inside)]
    rows = list[Candidate]()
    for key, value in inside.items() if isinstance(inside, dict) else ():
        place = f"{where}.{key[:40]}"
        if isinstance(value, dict):  # vLLM: by the number of the token
            rows.append((_name(value) or key, _value(value, place)))
        else:
            rows.append((key, _number(value, place)))
    return rows


def _candidate(each: Tree, where: str) -> Candidate:
    if isinstance(each, list) and len(each) >= 2:  # noqa: PLR2004 - SGLang: log-probability, number, perhaps text
        text = each[2] if len(each) > 2 and isinstance(each[2], str) else str(each[1])  # noqa: PLR2004
        return text, _number(each[0], f"{where}[0]")
    if not isinstance(each, dict):
        raise ProblemError(where, f"is {_kind(each)}; a token with its log-probability is needed")
    return _name(each), _value(each, where)


def _name(entry: dict[str, Tree]) -> str:
    return next((text for name in _NAMES if isinstance(text := entry.get(name), str)), "")


def _value(entry: dict[str, Tree], where: str) -> Cell:
    name = next((name for name in _VALUES if name in entry), "")
    if not name:
        raise ProblemError(where, f'has no "logprob"; {_fields(entry)}')
    if name == "prob":
        raise ProblemError(f"{where}.prob", "probabilities in place of log-probabilities; ask for logprobs")
    return _number(entry[name], f"{where}.{name}")


def _of_candidates(rows: Sequence[Candidate], where: str) -> Position:
    if not rows:
        raise ProblemError(where, "has no candidates; ask the engine for more than the token that was drawn")
    return Position(tuple(name for name, _ in rows), tuple(value for _, value in rows))


def _is_number(entry: Tree) -> bool:
    return isinstance(entry, (int, NumberToken))


def _number(entry: Tree, where: str) -> Cell:
    if isinstance(entry, NumberToken):
        return float(entry.text)  # "NaN" and "Infinity", too
    if not isinstance(entry, int):
        raise ProblemError(where, f"is {_kind(entry)}; a number is needed")
    return entry


def _fields(entry: dict[str, Tree]) -> str:
    shown = ", ".join(quoted(name, 30) for name in list(entry)[:8])
    return f"its fields are {shown}{', ...' * (len(entry) > 8)}" if entry else "it has no fields"  # noqa: PLR2004


def _kind(entry: Tree) -> str:
    kinds: tuple[tuple[Callable[[Tree], bool], str], ...] = (
        (lambda e: e is None, "null"),
        (lambda e: isinstance(e, bool), "true or false"),
        (lambda e: isinstance(e, str), "a text"),
        (lambda e: isinstance(e, list), "a list"),
        (lambda e: isinstance(e, dict), "an object"),
        (lambda e: isinstance(e, RepeatedKey), "an object with a key twice"),
    )
    return next((text for holds, text in kinds if holds(entry)), "a number")

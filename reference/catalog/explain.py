"""Say what is wrong with a tree that is not an instance file: the path, what stands there, what belongs there.

The walk runs only after the conversion has failed, so it may be slow and thorough.
"""

from difflib import get_close_matches
from json import dumps
from typing import TypeVar

import msgspec
from msgspec import inspect

from reference.catalog.format import FORMAT
from reference.catalog.places import join
from reference.catalog.strict_json import NumberToken, RepeatedKey, Tree, quoted
from reference.catalog.token_format import TOKEN_FORMAT
from reference.model.checks import ProblemError

E = TypeVar("E", bound=msgspec.Struct)

Complaint = tuple[str, str]
"""A path and a reason."""

FORMATS = (FORMAT, TOKEN_FORMAT)
"""The published formats."""

VERSIONS = (1, 2)
"""The versions of ``spanner-reference/problem``."""

_SHOWN = 40

_NOT_NUMBERS = {"NaN", "Infinity", "-Infinity"}


def kind_of(tree: Tree) -> str:
    """Return which of the formats a document says it has; ``""`` if it does not say.

    Raises:
        ProblemError: for a format that this package does not know.
    """
    if isinstance(tree, dict) and "nbformat" in tree:
        raise ProblemError("", "a Jupyter notebook; an instance file is needed here")
    found = tree.get("format") if isinstance(tree, dict) else None
    if isinstance(found, str) and found not in FORMATS:
        known = " and ".join(dumps(name) for name in FORMATS)
        raise ProblemError("format", f"{_spell(found)} is not supported; this package reads {known}")
    return found if isinstance(found, str) else ""


def is_version_2(tree: Tree) -> bool:
    """Return whether a document is of ``spanner-reference/problem``, version 2.

    Raises:
        ProblemError: for a format or a version that this package does not read.
    """
    if kind_of(tree) != FORMAT or not isinstance(tree, dict) or "version" not in tree:
        return False
    found = tree["version"]
    if type(found) is int and found in VERSIONS:
        return found == VERSIONS[1]
    bare = isinstance(found, str) and found in map(str, VERSIONS)
    way = f"write {found} without quotes" if bare else f"this package reads {' and '.join(map(str, VERSIONS))}"
    raise ProblemError("version", f"{_spell(found)} is not supported; {way}")


def convert(tree: Tree, entry: type[E]) -> E:
    """Return the structure of a file; which one it is was asked before (:func:`kind_of`).

    Raises:
        ProblemError: path and reason of the first thing that does not fit.
    """
    try:
        return msgspec.convert(tree, entry)
    except (msgspec.ValidationError, UnicodeEncodeError) as error:  # the latter for half a surrogate pair as a key
        # The fall-back is for a mismatch that the walk below does not know; it is one line too.
        raise ProblemError(*(_walk(tree, inspect.type_info(entry), "") or ("", quoted(str(error), 200)))) from None


def _walk(node: Tree, kind: inspect.Type, path: str) -> Complaint | None:
    if isinstance(node, RepeatedKey):
        return path, f"the key {quoted(node.key)} stands twice in one object"
    match kind:
        case inspect.Metadata(type=inspect.StrType() as text):
            # Only numbers have a pattern in the schema.
            found = _walk_text(node, text, path, number="pattern" in (kind.extra_json_schema or {}))
        case inspect.Metadata():
            found = _walk(node, kind.type, path)
        case inspect.StructType():
            found = _walk_struct(node, kind, path)
        case inspect.ListType():
            found = _walk_list(node, kind, path)
        case inspect.DictType():
            found = _walk_dict(node, kind.value_type, path)
        case inspect.UnionType():
            # The one union of the format is text or an object of texts.
            fits = [t for t in kind.types if isinstance(t, inspect.DictType) == isinstance(node, dict)]
            found = _walk(node, fits[0], path)
        case inspect.LiteralType():
            found = _walk_literal(node, kind, path)
        case inspect.StrType() | inspect.BoolType():
            found = _walk_scalar(node, kind, path)
        case _:
            found = None
    return found


def _walk_literal(node: Tree, kind: inspect.LiteralType, path: str) -> Complaint | None:
    if isinstance(node, (int, str)) and not isinstance(node, bool) and node in kind.values:
        return None
    known = ", ".join(dumps(value) for value in kind.values)
    bare = isinstance(node, str) and node in {str(value) for value in kind.values if isinstance(value, int)}
    way = f"write {node} without quotes" if bare else f"this package reads {known}"
    return path, f"{_spell(node)} is not supported; {way}"


def _walk_struct(node: Tree, kind: inspect.StructType, path: str) -> Complaint | None:
    if not isinstance(node, dict):
        return path, f"expected an object, found {_spell(node)}"
    # The format and its version come first: the other complaints depend on them.
    ordered = sorted(kind.fields, key=lambda f: not _is_literal(f.type))
    for field in ordered:
        if field.encode_name not in node and field.required:
            return path, f"the field {quoted(field.encode_name)} is missing"
        if _is_literal(field.type) and (
            found := _walk(node[field.encode_name], field.type, join(path, field.encode_name))
        ):
            return found
    known = [field.encode_name for field in kind.fields]
    for key in node:
        if key not in known:
            near = get_close_matches(key[:_SHOWN], known, n=1)
            hint = f"did you mean {quoted(near[0])}? " if near else ""
            return path, f"unknown field {quoted(key)}; {hint}known fields: {', '.join(known)}"
    for field in kind.fields:
        if field.encode_name in node and (
            found := _walk(node[field.encode_name], field.type, join(path, field.encode_name))
        ):
            return found
    return None


def _is_literal(kind: inspect.Type) -> bool:
    return isinstance(kind.type if isinstance(kind, inspect.Metadata) else kind, inspect.LiteralType)


def _walk_list(node: Tree, kind: inspect.ListType, path: str) -> Complaint | None:
    if not isinstance(node, list):
        return path, f"expected a list, found {_spell(node)}"
    if len(node) < (kind.min_length or 0):
        return path, "the list is empty; at least one is needed"
    for i, item in enumerate(node):
        if found := _walk(item, kind.item_type, f"{path}[{i}]"):
            return found
    return None


def _walk_dict(node: Tree, kind: inspect.Type, path: str) -> Complaint | None:
    if not isinstance(node, dict):
        return path, f"expected an object, found {_spell(node)}"
    for key, item in node.items():
        if found := _walk(item, kind, join(path, key)):
            return found
    return None


def _walk_scalar(node: Tree, kind: inspect.StrType | inspect.BoolType, path: str) -> Complaint | None:
    if isinstance(kind, inspect.StrType):
        return _walk_text(node, kind, path)
    return None if isinstance(node, bool) else (path, f"expected true or false, found {_spell(node)}")


def _walk_text(node: Tree, kind: inspect.StrType, path: str, *, number: bool = False) -> Complaint | None:
    if number and isinstance(node, NumberToken) and node.text in _NOT_NUMBERS:
        return path, f'{node.text} is not a number; write a finite exact value as text, such as "3/4"'
    if number and isinstance(node, (int, NumberToken)) and not isinstance(node, bool):
        text = _digits(node)
        way = f'write "{text}"' if len(text) <= _SHOWN else "write it in quotes"
        return path, f"the number {_cut(text)} stands without quotes; numbers are exact text here, {way}"
    if not isinstance(node, str):
        return path, f"expected text in quotes, found {_spell(node)}"
    return (path, "the text is empty") if len(node) < (kind.min_length or 0) else None


def _spell(node: Tree) -> str:
    if isinstance(node, bool):
        return "true" if node else "false"
    if isinstance(node, (int, NumberToken)):
        text = _digits(node)
        return text if text in _NOT_NUMBERS else f"the number {_cut(text)}"
    if isinstance(node, str):
        return f"the text {quoted(node)}"
    return "null" if node is None else "a list" if isinstance(node, list) else "an object"


def _digits(node: int | NumberToken) -> str:
    return node.text if isinstance(node, NumberToken) else str(node)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."

"""What is wrong with a file of vectors: read strictly, and every number computed once more from its text."""

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from reference.conformance.answers import DECIMAL_DIGITS, floats_of, formats_of
from reference.conformance.functions import FUNCTIONS, Function
from reference.conformance.questions import Refused, arguments
from reference.conformance.vectors import Answer, Vector, VectorFile, VectorIndex, vector_text
from reference.exact.decimals import to_decimal
from reference.exact.rational_numbers import BadNumber
from reference.exact.text import read

_FORMATS = ("binary64", "binary32", "bfloat16")
_NO_NUMBERS = {"integer", "boolean", "certificate"}
"""Results whose entries have no roundings."""


def lint(path: Path) -> list[str]:
    """Return what is wrong with a file, one line each; nothing, if it is as the command wrote it.

    Where ``index.json`` lies beside it, its checksum is compared, too.

    Raises:
        OSError: if it cannot be read.
    """
    data = path.read_bytes()
    try:
        file = msgspec.json.decode(data, type=VectorFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return [f"{path.name}: {error}"]
    found = [f"{path.name}: {each}" for each in (*_of_index(path, data, file), *_of_file(file, data), *_of_flags(file))]
    return found + [f"{vector.id}: {each}" for vector in file.vectors for each in _of_vector(file, vector)]


def _of_index(path: Path, data: bytes, file: VectorFile) -> Iterator[str]:
    beside = path.with_name("index.json")
    if not beside.exists():
        return
    try:
        entry = msgspec.json.decode(beside.read_bytes(), type=VectorIndex).functions.get(file.function)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        yield f"the index beside it: {error}"
        return
    if entry is None or entry.file != path.name:
        yield "the index beside it does not name this file"
    elif entry.sha256 != sha256(data).hexdigest():
        yield "its sha256 is not that of the index: some byte has changed"
    elif entry.number_of_vectors != len(file.vectors):
        yield f"{len(file.vectors)} vectors; the index has {entry.number_of_vectors}"


def _of_file(file: VectorFile, data: bytes) -> Iterator[str]:
    if vector_text(file).encode() != data:
        yield "not written as the command writes it: white space, the order of keys, or a key that is given twice"
    if file.number_of_vectors != len(file.vectors):
        yield f"{len(file.vectors)} vectors; numberOfVectors is {file.number_of_vectors}"
    for name, count in Counter(vector.id for vector in file.vectors).items():
        if count > 1:
            yield f"{count} vectors have the id {name}"
    if file.function not in FUNCTIONS:
        yield f"function {file.function!r:.60} is unknown"
    elif file.result != FUNCTIONS[file.function].result:
        yield f"result is {file.result}; that of {file.function} is {FUNCTIONS[file.function].result}"


def _of_flags(file: VectorFile) -> Iterator[str]:
    used = {flag for vector in file.vectors for flag in vector.flags}
    for flag in sorted(used - file.notes.keys()):
        yield f"flag {flag!r:.60} has no note"
    for flag in sorted(file.notes.keys() - used):
        yield f"flag {flag!r:.60} is on no vector"
    for flag, note in file.notes.items():
        if not note.mutants and note.bug_type != "INFORMATION":
            yield f"flag {flag!r:.60} names no mistake that it shows"


def _of_vector(file: VectorFile, vector: Vector) -> Iterator[str]:
    if not vector.id.removeprefix(f"{file.function}-").isdigit():
        yield f"an id is the function and a number, {file.function}-1"
    if vector.result == "invalid":
        if vector.answer or vector.formats:
            yield "invalid, and has an answer or formats"
        return
    if (function := FUNCTIONS.get(file.function)) is None:
        return
    try:
        found = arguments(function, vector.input)
    except (Refused, BadNumber) as error:
        yield str(error)
        return
    yield from _of_inputs(vector)
    yield from _of_entries(function, vector, found)
    if function.result not in _NO_NUMBERS and any(
        answer.condition is None and answer.decimal not in {"inf", "-inf"} for answer in vector.answer
    ):
        yield "an entry without a condition number"
    for i, answer in enumerate(vector.answer):
        yield from (f"entry {i}: {each}" for each in _of_answer(function, vector, answer))
    for i, answer in enumerate(vector.ideal):
        yield from (f"ideal entry {i}: {each}" for each in _of_answer(function, vector, answer))


def _of_inputs(vector: Vector) -> Iterator[str]:
    formats = formats_of(vector.input.values())
    if vector.formats != formats:
        yield f"formats are {', '.join(vector.formats)}; its inputs are exact in {', '.join(formats) or 'none'}"
    if "binary64" not in formats:
        yield "an input is no number of binary64"
    if (vector.result == "acceptable") != bool(vector.also):
        yield "acceptable if and only if other answers are listed"


def _of_entries(function: Function, vector: Vector, found: Mapping[str, Any]) -> Iterator[str]:
    masses = found["base"][0] if "base" in found else found.get("pi", found.get("p", ()))
    size = {"law": len(masses), "number": 1, "integer": 1, "boolean": 1}.get(function.result)
    if not vector.answer and function.result != "certificate":
        yield "no answer"
    elif size is not None and len(vector.answer) != size:
        yield f"{len(vector.answer)} entries; the answer has {size}"
    for other in vector.also:
        if other != ["refused"] and len(other) != len(vector.answer):
            yield "another answer that passes has not as many entries"
    if bool(vector.ideal_input) != bool(vector.ideal) or len(vector.ideal) not in {0, len(vector.answer)}:
        yield "ideal inputs go with as many ideal entries as the answer has"


def _of_answer(function: Function, vector: Vector, answer: Answer) -> Iterator[str]:
    if function.result in _NO_NUMBERS:
        if answer.value is None:
            yield "no value"
        elif (type(answer.value) is bool) != (function.result == "boolean"):
            yield f"{answer.value!r:.60} is no {function.result}"
        return
    given = {name: getattr(answer, name) for name in _FORMATS}
    if {name for name in _FORMATS if given[name]} != set(vector.formats):
        yield "not one row of floats for each format"
        return
    try:
        value = None if answer.decimal in {None, "inf", "-inf"} else Decimal(answer.decimal or "")
    except InvalidOperation:
        yield f"decimal {answer.decimal!r:.60} is no number"
        return
    if value is None:
        if answer.decimal is None or any(row != [answer.decimal] * 3 for row in given.values() if row):
            yield "no decimal, or floats that are not as infinite as it is"
        return
    if answer.exact is not None:
        yield from _of_exact(answer.exact, answer, vector)
    else:
        yield from _of_enclosure(value, given)


def _of_exact(text: str, answer: Answer, vector: Vector) -> Iterator[str]:
    try:
        exact = read(text)
    except BadNumber as error:
        yield str(error)
        return
    if answer.decimal != to_decimal(exact, DECIMAL_DIGITS).text:
        yield f"decimal {answer.decimal}; the exact number has {to_decimal(exact, DECIMAL_DIGITS).text}"
    for name in vector.formats:
        if getattr(answer, name) != floats_of(exact, name):
            texts = ", ".join(getattr(answer, name)), ", ".join(floats_of(exact, name))
            yield f"{name}: {texts[0]}; the exact number has {texts[1]}"


def _of_enclosure(value: Decimal, given: Mapping[str, list[str] | None]) -> Iterator[str]:
    for name, texts in given.items():
        if texts is None:
            continue
        try:
            nearest, below, above = (Decimal(float.fromhex(text)) for text in texts)
        except (ValueError, OverflowError):
            yield f"{name}: not three hexadecimal floats"
            continue
        if nearest not in {below, above} or not below <= value <= above:
            yield f"{name}: the decimal is not between {texts[1]} and {texts[2]}"

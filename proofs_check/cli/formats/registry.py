"""The output formats by name, their schemas, and their keys."""

from collections.abc import Mapping
from typing import Any, NamedTuple, get_args, get_type_hints

import msgspec

from proofs_check.cli.formats import certify, exercise, faults, grade, others, run, search, solve, sweep, verify
from proofs_check.cli.formats.parts import AnyDocument
from reference.catalog.format import schema_parts

FORMATS: Mapping[str, type[AnyDocument]] = {
    "solution": solve.Solution,
    "run": run.Run,
    "law": run.Law,
    "algorithms": run.Algorithms,
    "ledger": verify.Ledger,
    "instance-ledger": verify.InstanceLedger,
    "altered-claim": verify.AlteredClaim,
    "claims": verify.Claims,
    "certified": certify.Certify,
    "certified-formula": certify.CertifiedFormula,
    "search": search.Search,
    "faults": faults.Faults,
    "against": faults.Against,
    "play": others.Play,
    "reduce": others.Reduce,
    "exercises": exercise.Exercises,
    "exercise": exercise.Exercise,
    "exercise-decision": exercise.ExerciseDecision,
    "catalog": others.Catalog,
    "grade": grade.ImplementationGrade,
    "made-vectors": others.MadeVectors,
    "linted-vectors": others.LintedVectors,
    "sweep": sweep.Sweep,
    "strategies": sweep.Strategies,
    "error": others.Error,
}
"""The formats by name: ``format`` is the name after ``spanner-reference/``."""

Schema = dict[str, Any]


def schema(name: str) -> Schema:
    """Return the JSON Schema (draft 2020-12) of a format.  It allows other keys: later ones may be added."""
    (reference,), parts = schema_parts([FORMATS[name]])
    for part in parts.values():
        if part.get("additionalProperties") is False:
            del part["additionalProperties"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"spanner-reference/{name}, version {version(name)}",
        **reference,
        "$defs": parts,
    }


def version(name: str) -> int:
    """Return the version of a format."""
    (number,) = get_args(get_type_hints(FORMATS[name])["version"])
    return int(number)


class Key(NamedTuple):
    """A key of an object: what its value is, whether it is always there, and what it means."""

    name: str
    type: str
    always: bool
    meaning: str


class Shape(NamedTuple):
    """An object of a format: its name, what it is, and its keys."""

    name: str
    meaning: str
    keys: tuple[Key, ...]


def shapes(name: str) -> tuple[Shape, ...]:
    """Return the objects of a format, the document first."""
    return _shapes(schema(name)["$defs"])


def shapes_in(text: str) -> tuple[Shape, ...]:
    """Return the objects of a schema that was printed."""
    return _shapes(msgspec.json.decode(text)["$defs"])


def _shapes(parts: Mapping[str, Schema]) -> tuple[Shape, ...]:
    return tuple(
        Shape(
            title,
            part.get("description", ""),
            tuple(
                Key(key, _type(value), key in part.get("required", ()), value.get("description", ""))
                for key, value in part["properties"].items()
            ),
        )
        for title, part in parts.items()
    )


def _type(value: Schema) -> str:
    if "$ref" in value:
        return str(value["$ref"].rpartition("/")[2])
    if "anyOf" in value:
        return " or ".join(map(_type, value["anyOf"]))
    if "enum" in value:
        return " or ".join(map(repr, value["enum"]))
    if value.get("type") == "array":
        return f"list of {_type(value['items'])}" if "items" in value else "list"
    if isinstance(inner := value.get("additionalProperties"), dict):
        return f"object of {_type(inner)}"
    return str(value.get("type", "anything"))

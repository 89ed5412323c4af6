"""A few vectors made by hand, for tests of the grader: of each kind of answer, of each class of result."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from reference.conformance.functions import FUNCTIONS
from reference.conformance.questions import arguments
from reference.conformance.vectors import Answer, Argument, FloatFormat, Note, Vector, VectorFile
from reference.exact.binary import Rounding, to_float
from reference.exact.decimals import to_decimal
from reference.exact.reals import real

FORMATS: tuple[FloatFormat, ...] = ("binary64", "binary32", "bfloat16")
_ROUNDINGS: tuple[Rounding, ...] = ("nearest-even", "down", "up")


def answer(value: Any, condition: str | None = "1") -> Answer:  # noqa: ANN401 - what an exact function returns
    """Return a value as vectors have it."""
    if isinstance(value, bool | int):
        return Answer(value=value)
    floats = {name: [to_float(value, name, rounding=r).hex() for r in _ROUNDINGS] for name in FORMATS}
    exact = str(value) if real(value).exact is not None else None
    return Answer(
        exact=exact, decimal=to_decimal(value, 40).text, condition=condition,
        binary64=floats["binary64"], binary32=floats["binary32"], bfloat16=floats["bfloat16"],
    )  # fmt: skip


def vector(function: str, number: int, given: Mapping[str, Argument], **more: Any) -> Vector:  # noqa: ANN401 - the other fields
    """Return a vector with the exact answer to these inputs."""
    found = FUNCTIONS[function]
    name = f"{function}-{number}"
    if more.get("result") == "invalid":
        return Vector(name, "must be refused", more.get("flags", []), "invalid", list(FORMATS), dict(given))
    exact = found.exact(**arguments(found, given))
    return Vector(
        name, "by hand", more.get("flags", []), more.get("result", "valid"), list(FORMATS), dict(given),
        [answer(value, more.get("condition", "1")) for value in exact], more.get("also", []),
    )  # fmt: skip


TWO: dict[str, Argument] = {"pi": ["1/2", "1/2"], "r": ["1", "0"], "beta": "1"}
OFF: dict[str, Argument] = {"pi": ["1/2", "1/2", "0"], "r": ["1", "0", "3"], "beta": "1"}
SHARP: dict[str, Argument] = {"pi": ["1/2", "1/2"], "r": ["0", "-744"], "beta": "1"}
UNEVEN: dict[str, Argument] = {"pi": ["1/4", "1/4"], "r": ["1", "0"], "beta": "1"}
NAN: dict[str, Argument] = {"pi": ["1/2", "1/2"], "r": ["nan", "0"], "beta": "1"}

VECTORS: dict[str, list[Vector]] = {
    "log_partition": [vector("log_partition", 1, TWO), vector("log_partition", 2, OFF)],
    "softmax": [
        vector("softmax", 1, TWO),
        vector("softmax", 2, OFF, flags=["OffSupport"]),
        vector("softmax", 3, SHARP, result="acceptable", also=[["", "0"]], condition="745"),
        vector("softmax", 4, UNEVEN, result="invalid"),
        vector("softmax", 5, NAN, result="invalid"),
    ],
    "kl": [vector("kl", 1, {"p": ["1/2", "1/2"], "q": ["1/4", "3/4"]})],
    "draws": [vector("draws", 1, {"M": "2", "delta": "1/8"})],
    "accepts": [vector("accepts", 1, {"phis": [["1", "0"]], "phi": ["0", "1"], "ridge": "1", "nu": "1/2"})],
    "spanner": [vector("spanner", 1, {"vectors": [["1", "0"], ["0", "1"], ["1", "1"]], "C": "2"})],
}
"""By function."""

NOTES = {"OffSupport": Note("SUPPORT", "a response without base mass is taken for one with it", "mass off the support")}


def write_kit(folder: Path, vectors: Mapping[str, Sequence[Vector]] = VECTORS) -> Path:
    """Write the vectors as files, with the index of their digests."""
    digests = {}
    for name, listed in vectors.items():
        file = VectorFile(
            "spanner-vectors-1", "2026.12.0", name, FUNCTIONS[name].result, "CC0-1.0", "by hand", len(listed),
            NOTES if name == "softmax" else {}, list(listed),
        )  # fmt: skip
        content = msgspec.json.encode(file)
        (folder / f"{name}.json").write_bytes(content)
        digests[name] = {"sha256": hashlib.sha256(content).hexdigest()}
    (folder / "index.json").write_bytes(msgspec.json.encode({"functions": digests}))
    return folder

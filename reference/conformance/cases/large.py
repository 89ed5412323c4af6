"""Rows as long as those of language models: not in the package, for the files would be megabytes."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from reference.conformance.cases.family import Asked, CaseFamily, Stream
from reference.conformance.cases.tilts import tilt_inputs
from reference.conformance.vectors import Note

ROW_LENGTHS: Final = (10_000, 151_936)
"""Responses; the tokens of Qwen 2.5."""

_BITS = 24


def _cases() -> Iterator[Asked]:
    for size in ROW_LENGTHS:
        stream = Stream(f"large {size}")
        pi = [Fraction(weight, 1 << _BITS) for weight in stream.weights(size, 1 << _BITS)]
        for beta in (1, Fraction(1, 4)):
            given = tilt_inputs(pi, stream.dyadics(size, -16, 16, 4), beta)
            yield Asked(given, f"{size:,} responses, beta = {beta}", "ManyResponses")


def large_family() -> CaseFamily:
    """Return ``log_partition`` of long rows."""
    note = Note("ACCUMULATION", "a long sum in few bits", "digits lost; a running sum loses more than a tree",
        ["torch/torch7#418"], ["float32-accumulator"])  # fmt: skip
    return CaseFamily("log_partition", {"ManyResponses": note}, {1001: list(_cases())})

"""Test vectors for other people's implementations: functions, inputs, exact answers, and where each rounds to."""

from reference.conformance.functions import FUNCTIONS, Function, Input, Value
from reference.conformance.vectors import Answer, Note, Vector, VectorFile, read_vectors

__all__ = ["FUNCTIONS", "Answer", "Function", "Input", "Note", "Value", "Vector", "VectorFile", "read_vectors"]

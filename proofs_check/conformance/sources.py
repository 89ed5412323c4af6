"""The functions of the second source, by the names of the kit."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from proofs_check.conformance.further_shadow import FURTHER_RATIONAL, FURTHER_SHADOWS
from proofs_check.conformance.learned_shadow import LEARNED_RATIONAL, LEARNED_SHADOWS
from proofs_check.conformance.shadow import FIRST_SHADOWS

SHADOWS: Final[Mapping[str, Callable[..., Any]]] = {**FIRST_SHADOWS, **FURTHER_SHADOWS, **LEARNED_SHADOWS}
"""A spanner has none: its certificate is checked."""

RATIONAL: Final = frozenset({"elliptic", "accepts", "ridge", "argmin", "spanner"}) | FURTHER_RATIONAL | LEARNED_RATIONAL
"""Those that need only +, -, * and /: asked with fractions, they are exact."""

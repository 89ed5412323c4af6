"""Named instances, and the published file formats they are written in.

``load("two-arms")`` returns a shipped problem, ``load("my.json")`` one of yours; ``names()`` lists what ships.
``load_linear`` insists on horizon 1 with ``theta``.
"""

from reference.catalog.format import FORMAT, SCHEMA_PATH, VERSION, schema, schema_text
from reference.catalog.loading import LinearName, linear_names, load, load_linear, names, tree_names
from reference.catalog.parsing import parse, parse_linear
from reference.catalog.reading import DEFAULT_LIMITS, InstanceError, Limits
from reference.catalog.token_format import (
    TOKEN_FORMAT,
    TOKEN_SCHEMA_PATH,
    TOKEN_VERSION,
    token_schema,
    token_schema_text,
)
from reference.catalog.write import dump

__all__ = [
    "DEFAULT_LIMITS",
    "FORMAT",
    "SCHEMA_PATH",
    "TOKEN_FORMAT",
    "TOKEN_SCHEMA_PATH",
    "TOKEN_VERSION",
    "VERSION",
    "InstanceError",
    "Limits",
    "LinearName",
    "dump",
    "linear_names",
    "load",
    "load_linear",
    "names",
    "parse",
    "parse_linear",
    "schema",
    "schema_text",
    "token_schema",
    "token_schema_text",
    "tree_names",
]

"""Named instances, and the published file formats they are written in.

``load("two-arms")`` returns a shipped problem, ``load("my.json")`` one of yours; ``names()`` lists what ships.  Token
problems have a format of their own: ``load_tokens``, ``token_names``.  ``load_any`` reads either.
"""

from reference.catalog.format import FORMAT, SCHEMA_PATH, VERSION, schema, schema_text
from reference.catalog.loading import load, load_any, load_tokens, names, token_names
from reference.catalog.parsing import parse, parse_any
from reference.catalog.reading import DEFAULT_LIMITS, InstanceError, Limits
from reference.catalog.token_format import (
    TOKEN_FORMAT,
    TOKEN_SCHEMA_PATH,
    TOKEN_VERSION,
    token_schema,
    token_schema_text,
)
from reference.catalog.token_parse import parse_tokens
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
    "dump",
    "load",
    "load_any",
    "load_tokens",
    "names",
    "parse",
    "parse_any",
    "parse_tokens",
    "schema",
    "schema_text",
    "token_names",
    "token_schema",
    "token_schema_text",
]

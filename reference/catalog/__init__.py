"""Named instances, and the published file format they are written in.

``load("two-arms")`` returns a shipped instance, ``load("my.json")`` one of yours; ``names()`` lists what ships.
"""

from reference.catalog.format import FORMAT, SCHEMA_PATH, VERSION, schema, schema_text
from reference.catalog.load import load, names
from reference.catalog.parse import DEFAULT_LIMITS, InstanceError, Limits, parse
from reference.catalog.write import dump

__all__ = [
    "DEFAULT_LIMITS",
    "FORMAT",
    "SCHEMA_PATH",
    "VERSION",
    "InstanceError",
    "Limits",
    "dump",
    "load",
    "names",
    "parse",
    "schema",
    "schema_text",
]

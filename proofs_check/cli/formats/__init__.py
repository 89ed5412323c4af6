"""The output formats: what each command prints with ``--json``, as structs, with the JSON Schema made from them.

A key that goes, or whose type changes, raises :data:`~proofs_check.cli.formats.parts.VERSION`; a new key does not.
"""

"""Two token instance files of the catalog as JSON, for tests that change them, and what is said of a wrong one."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from reference.catalog import InstanceError, parse
from reference.catalog.loading import DATA

Change = Callable[[Any], object]
"""Spoils a part of a file (Any: it is read as JSON)."""


def clean_sweep() -> Any:  # noqa: ANN401 - JSON
    """Return a file with prefixes: (), (0) and (1) of the one prompt."""
    return json.loads((DATA / "tokens" / "clean-sweep.json").read_text())


def markov_bits() -> Any:  # noqa: ANN401 - JSON
    """Return a file with nodes: "h.b" after h tokens, the last of them b; two prompts, H = 5."""
    return json.loads((DATA / "tokens" / "markov-bits.json").read_text())


def complaint(raw: object) -> str:
    with pytest.raises(InstanceError) as caught:
        parse(json.dumps(raw), "FILE")
    message = str(caught.value)
    assert "\n" not in message
    return message

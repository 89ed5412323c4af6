"""Two token instance files of the catalog as JSON, for tests that change them."""

import json
from typing import Any

from reference.catalog.load import DATA


def clean_sweep() -> Any:  # noqa: ANN401 - JSON
    """Return a file with prefixes: (), (0) and (1) of the one prompt."""
    return json.loads((DATA / "tokens" / "clean-sweep.json").read_text())


def markov_bits() -> Any:  # noqa: ANN401 - JSON
    """Return a file with nodes: "h.b" after h tokens, the last of them b; two prompts, H = 5."""
    return json.loads((DATA / "tokens" / "markov-bits.json").read_text())

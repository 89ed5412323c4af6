"""The one function that the worker calls: JSON in, JSON out, and every error a line."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

from docs.play.page.shown import said

CALLS = {
    "coverage": "figures:coverage_as_mass",
    "rejection": "figures:rejection",
    "spanner": "figures:spanner_steps",
    "readings": "readings:readings",
    "sweeps": "sweeping:sweeps",
    "sweeps-in-roll-ins": "sweeping:sweeps_in_roll_ins",
    "chance-in-roll-ins": "sweeping:chance_in_roll_ins",
    "soft-tree": "soft_tree:soft_tree",
    "tilted-gap": "soft_tree:tilted_gap",
    "claims": "claims:list_claims",
    "claim": "claims:decide_claim",
    "exercises": "exercise:exercises",
    "check": "exercise:check_answer",
    "examples": "graded:examples",
    "grade": "graded:grade_typed",
    "cell": "cells:run_cell",
    "game": "games:needle_game",
    "reduce": "reduce:reduce_formula",
}
"""What the page may ask for."""


def prepare(call: str) -> None:
    """Import what a call needs: the limit of time is for the answer alone."""
    if call in CALLS:
        import_module(_module(call))


def answer(call: str, arguments: str) -> str:
    """Return the answer to a call as JSON; ``{"error": LINE}`` if there is none."""
    try:
        function: Callable[..., Any] = getattr(import_module(_module(call)), CALLS[call].partition(":")[2])
        found = function(*json.loads(arguments))
    except RecursionError:
        found = {"error": "this is nested too deeply to be read: write it flatter"}
    except MemoryError:
        found = {"error": "this needs more memory than the page has: pick something smaller"}
    except Exception as error:  # noqa: BLE001 - whatever was typed, the page says a sentence
        found = {"error": said(error)}
    return json.dumps(found)


def _module(call: str) -> str:
    return f"docs.play.page.{CALLS[call].partition(':')[0]}"

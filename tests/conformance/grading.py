"""What tests of ``spanner grade`` share: implementations, and how a refusal is read."""

from collections.abc import Callable
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

RIGHT = """
import math

name = "small"
version = "3"


def softmax(pi, r, beta):
    if sum(pi) != 1 or not all(map(math.isfinite, r)):
        raise ValueError("no law, or no rewards")
    weights = [p * math.exp((x - max(r)) / beta) if p else 0.0 for p, x in zip(pi, r)]
    return [w / sum(weights) for w in weights]


def accepts(phis, phi, ridge, nu):
    return True
"""

SHIFTED = RIGHT.replace("p * math.exp((x - max(r)) / beta) if p else 0.0", "math.exp((x - min(r)) / beta)").replace(
    '"small"', '"wrong"'
)
"""Without the base law, and shifted by the smallest reward."""

Grade = Callable[..., tuple[int, str, str]]
"""``spanner grade`` on a small kit: exit code, output, errors."""


def refusal(graded: Grade, *arguments: str, code: int = 2) -> str:
    """The one line with which a grading is refused."""
    found, out, err = graded(*arguments)
    assert (found, out) == (code, ""), (out, err)
    assert err.count("\n") == 1
    return err

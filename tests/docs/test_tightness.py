"""The page on how tight the claims are: what its record says is decided again."""

from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "docs" / "tightness" / "record.py"

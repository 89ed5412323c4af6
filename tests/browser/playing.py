"""What tests of the playground do with its page."""

import json
import re
from pathlib import Path
from typing import Any

READY = 240_000
"""Milliseconds until Python is there, on a machine that others use, too."""

_APP = Path(__file__).parents[2] / "docs" / "play" / "site" / "app.js"


def views() -> list[str]:
    """Return the names of all views, as the page lists them."""
    found = re.search(r"const VIEWS = \{(.*?)\}", _APP.read_text("utf-8"))
    assert found
    return [name.strip() for name in found[1].split(",")]


def goto(page: Any, fragment: str) -> None:
    """Go to a view by its link, and have it drawn anew if it is the one that is shown."""
    page.evaluate("location.hash = 'exercises'")
    page.wait_for_selector("#exercise")
    page.evaluate(f"location.hash = {json.dumps(fragment)}")
    page.wait_for_timeout(100)


def slide(page: Any, label: str, by: int) -> None:
    """Move a slider by its keys."""
    page.get_by_role("slider", name=label, exact=True).focus()
    for _ in range(abs(by)):
        page.keyboard.press("ArrowRight" if by > 0 else "ArrowLeft")

"""What tests of pages and of the playground do with a page."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

READY = 600_000
"""Milliseconds that a page may take for anything: nothing fails for slowness alone."""

_APP = Path(__file__).parents[2] / "docs" / "play" / "site" / "app.js"


def views() -> list[str]:
    """Return the names of all views, as the page lists them."""
    found = re.search(r"const VIEWS = \{(.*?)\}", _APP.read_text("utf-8"))
    assert found
    return [name.strip() for name in found[1].split(",")]


@contextmanager
def opened(browser: Any, **options: Any) -> Iterator[Any]:
    """Open a page, in a context of its own, that is waited for as long as :data:`READY`."""
    context = browser.new_context(**{"viewport": {"width": 1300, "height": 900}, "service_workers": "block"} | options)
    context.set_default_timeout(READY)
    yield context.new_page()
    context.close()


def serious(page: Any, within: str = "", rules: Sequence[str] = ()) -> list[str]:
    """Return what axe-core, which the page has, finds serious: in all of it or in a part, by all rules or by some."""
    only = f"runOnly: {json.dumps(rules)}" if rules else ""
    run = f"axe.run({json.dumps(within) if within else 'document'}, {{ resultTypes: ['violations'], {only} }})"
    found = page.evaluate(f"{run}.then((found) => found.violations)")
    grave = [each for each in found if each["impact"] in {"serious", "critical"}]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in grave]


def goto(page: Any, fragment: str) -> None:
    """Go to a view by its link, and have it drawn anew if it is the one that is shown."""
    page.evaluate("location.hash = 'exercises'")
    page.wait_for_selector("#exercise")
    page.evaluate(f"location.hash = {json.dumps(fragment)}")
    page.wait_for_selector(f"#views [aria-current][href='#{fragment.partition('?')[0]}']")


def slide(page: Any, label: str, by: int) -> None:
    """Move a slider by its keys."""
    page.get_by_role("slider", name=label, exact=True).focus()
    for _ in range(abs(by)):
        page.keyboard.press("ArrowRight" if by > 0 else "ArrowLeft")

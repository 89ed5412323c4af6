"""The grader in a real browser: verdicts, links, code that loops, and nobody else is asked."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from docs.play.page.softmaxes import EXAMPLES

pytestmark = pytest.mark.browser

READY = 60_000
CAREFUL = next(code for title, _, code in EXAMPLES if title == "shifted by the largest")


@pytest.fixture(scope="module")
def asked() -> list[str]:
    return []


@pytest.fixture(scope="module")
def page(browser: Any, play_site: str, asked: list[str]) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1300, "height": 900}, service_workers="block")
    context.on("request", lambda request: asked.append(request.url))
    found = context.new_page()
    found.goto(f"{play_site}/play/index.html#grade")
    found.wait_for_selector("body[data-ready]", timeout=READY)
    yield found
    context.close()


def goto(page: Any, fragment: str) -> None:
    page.evaluate(f"location.hash = {json.dumps(fragment)}")
    page.wait_for_timeout(100)


def graded(page: Any, code: str) -> None:
    page.fill("#code", code)
    page.get_by_role("button", name="Grade it").click()


def test_typed_code_is_graded_and_the_link_restores_it(page: Any) -> None:
    goto(page, "grade?example=exp as it is")
    page.wait_for_selector("#marks[data-wrong='20']", timeout=READY)
    assert "no max shift" in page.text_content("#resembles")
    assert "OverflowError" in page.text_content("#verdict")
    typed = CAREFUL.replace("exp((x - top)", "exp((x - max(r))")
    graded(page, typed)
    page.wait_for_selector("#marks[data-wrong='2']", timeout=READY)
    page.select_option("#vector", "softmax-9")
    assert "[800, 0, -1]" in page.text_content("#verdict")
    link = page.evaluate("location.href")
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("body[data-ready]", timeout=READY)
    assert page.input_value("#code") == typed
    graded(page, typed.replace("max(r)", "top"))
    page.wait_for_selector("#marks[data-wrong='0']", timeout=READY)


def test_code_that_raises_is_a_sentence(page: Any) -> None:
    goto(page, "coverage")
    goto(page, "grade")
    graded(page, "from math import nothing\n")
    page.wait_for_selector(".sentence:has-text('ImportError in line 1')", timeout=READY)


def test_code_that_loops_is_ended_and_nothing_is_lost(page: Any) -> None:
    goto(page, "coverage")
    goto(page, "grade?example=exp as it is")
    page.wait_for_selector("#marks", timeout=READY)
    typed = "def softmax(pi, r, beta):\n    while True:\n        pass\n"
    graded(page, typed)
    page.get_by_role("button", name="Stop").click(timeout=READY)
    page.wait_for_selector(".sentence:has-text('Python starts again')")
    assert page.input_value("#code") == typed
    page.reload()
    page.wait_for_selector("body[data-ready]", timeout=READY)
    assert page.input_value("#code") == typed
    graded(page, CAREFUL)
    page.wait_for_selector("#marks[data-wrong='0']", timeout=READY)


def test_nobody_else_was_asked(asked: list[str], play_site: str) -> None:
    assert asked
    assert [url for url in asked if not url.startswith((play_site, "data:", "blob:", "about:"))] == []

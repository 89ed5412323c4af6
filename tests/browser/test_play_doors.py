"""The grader, the games and the reduction in a real browser: links, and code that loops."""

from typing import Any

import pytest

from docs.play.page.softmaxes import EXAMPLES
from tests.browser.playing import goto

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("play")]

CAREFUL = next(code for title, _, code in EXAMPLES if title == "shifted by the largest")


def graded(page: Any, code: str) -> None:
    page.fill("#code", code)
    page.get_by_role("button", name="Grade it").click()


def test_typed_code_is_graded_and_the_link_restores_it(page: Any) -> None:
    goto(page, "grade?example=exp as it is")
    page.wait_for_selector("#marks[data-wrong='20']")
    assert "no max shift" in page.text_content("#resembles")
    assert "OverflowError" in page.text_content("#verdict")
    typed = CAREFUL.replace("exp((x - top)", "exp((x - max(r))")
    graded(page, typed)
    page.wait_for_selector("#marks[data-wrong='2']")
    page.select_option("#vector", "softmax-9")
    assert "[800, 0, -1]" in page.text_content("#verdict")
    link = page.evaluate("location.href")
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("body[data-ready]")
    assert page.input_value("#code") == typed
    graded(page, typed.replace("max(r)", "top"))
    page.wait_for_selector("#marks[data-wrong='0']")


def test_code_that_raises_is_a_sentence(page: Any) -> None:
    goto(page, "coverage")
    goto(page, "grade")
    graded(page, "from math import nothing\n")
    page.wait_for_selector(".sentence:has-text('ImportError in line 1')")


def test_code_that_loops_is_ended_and_nothing_is_lost(page: Any) -> None:
    goto(page, "coverage")
    goto(page, "grade?example=exp as it is")
    page.wait_for_selector("#marks")
    typed = "def softmax(pi, r, beta):\n    while True:\n        pass\n"
    graded(page, typed)
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".sentence:has-text('Python starts again')")
    assert page.input_value("#code") == typed
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.input_value("#code") == typed
    graded(page, CAREFUL)
    page.wait_for_selector("#marks[data-wrong='0']")


def test_a_game_is_solved_and_its_moves_are_taken_by_keyboard(page: Any) -> None:
    goto(page, "games?kind=one&k=6&C=8&samples=2&rewards=1")
    page.wait_for_selector("#game-value:text-is('47/96')")
    page.get_by_role("slider", name="T_comp, samples", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#game-value:text-is('425/768')")  # 1 - (7/8)^3 (1 - 2/6)
    assert page.locator("#moves li").count() == 5
    page.locator("#moves [data-step='0'][data-answer='1']").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('#moves li').length === 2")
    assert page.evaluate("document.activeElement.dataset.answer") == "1"
    link = page.evaluate("location.href")
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#game-value:text-is('425/768')")
    assert page.locator("#moves li").count() == 2


def test_a_formula_that_is_edited_is_reduced_round_by_round(page: Any) -> None:
    goto(page, "reduce?round=0")
    page.wait_for_selector("#val-star:text-is('1/2')")
    for rounds in range(1, 5):
        page.get_by_role("button", name="Next round").click()
        page.wait_for_selector(f"#reduced:has-text('After {rounds} of 4 rounds')")
    assert page.text_content("#val-best") == "1/2"
    assert page.get_by_role("button", name="Next round").is_disabled()
    page.fill("#formula", "x1 & x2 | x1 & !x2 | x1 & x3")
    page.wait_for_selector("#val-star:text-is('2/3')")
    page.fill("#formula", "x1 & | x2")
    page.wait_for_selector(".sentence:has-text('term 1')")
    link = page.evaluate("location.href")
    page.goto("about:blank")
    page.goto(link)
    page.wait_for_selector("#formula")
    assert page.input_value("#formula") == "x1 & | x2"

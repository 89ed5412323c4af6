"""The page in a real browser: it computes, it stays usable whatever is typed, and it asks nobody else for anything."""

import json
from typing import Any

import pytest

from reference.catalog.loading import DATA
from tests.browser.playing import goto, opened, serious, slide, views
from tests.proofs_check.exercises.solutions import ANSWERS

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("play")]

DRAWN = {"claims": "#coverage", "exercises": "#exercise", "grade": "#marks"}
"""What is there before Python is, where that is no figure."""

SILENT = "Worker = class { postMessage() {} terminate() {} }"
"""With this script Python never answers, and the page stays as it is before."""


def test_two_arms_is_solved(page: Any) -> None:
    goto(page, "claims")
    assert page.text_content("#coverage") == "4/3"


def test_sliders_move_what_is_drawn_by_keyboard_and_the_link_follows(page: Any) -> None:
    goto(page, "coverage?instance=two-arms-exp&beta=1")
    page.wait_for_selector("#coverage")
    before = page.text_content("#coverage")
    slide(page, "β, the price of KL", 2)
    page.wait_for_selector(f"#coverage:not(:text-is({json.dumps(before)}))")
    assert "beta=2" in page.evaluate("location.hash")
    goto(page, "rejection?instance=fair-coin&M=3&N=8")
    page.wait_for_selector("#apart")
    laps = []
    for _ in range(3):
        before = page.text_content("#apart")
        slide(page, "M", 1)
        page.wait_for_selector(f"#apart:not(:text-is({json.dumps(before)}))")
        laps.append(float(page.evaluate("document.body.dataset.lap")))
    assert min(laps) < 1000  # milliseconds; a tenth of that on a machine of its own
    goto(page, "spanner?nu=1/2&ridge=1/2")
    page.wait_for_selector("#round")
    page.get_by_role("button", name="Next round").click()
    page.wait_for_selector("#round:has-text('Round 1:')")


def test_an_edited_instance_is_decided_and_a_false_variant_breaks(page: Any) -> None:
    goto(page, "claims?instance=two-arms")
    text = (DATA / "two-arms.json").read_text("utf-8").replace('"log(2)"', '"1/2*log(3)"').replace("two-arms", "mine")
    page.fill("#text", text)
    page.click("#verify")
    page.wait_for_selector("#claims[data-done]")
    rows = page.locator(".claim")
    assert rows.count() >= 19
    assert page.text_content("#count").startswith(f"{rows.count()} of {rows.count()} claims hold")
    row = page.locator("[data-claim=gibbs-optimum]")
    row.get_by_role("checkbox").check()
    row.locator(".bad").wait_for()
    link = page.evaluate("location.href")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate("location.href") == link
    assert page.input_value("#text") == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("garbage", "not JSON"),
        ('{"a": 1}', "the field"),
        ("[" * 50_000, "more than 900 objects and lists"),
        ("x" * 300_000, "the page reads up to 200,000"),
        ((DATA / "two-arms.json").read_text("utf-8").replace('"1/2"', '"1/3"'), "sum"),
    ],
)
def test_a_broken_instance_is_explained(page: Any, text: str, said: str) -> None:
    goto(page, "coverage")
    goto(page, "claims")
    page.evaluate("text => { document.getElementById('text').value = text }", text)
    page.click("#solve")
    page.wait_for_selector(f".sentence:has-text({json.dumps(said)})")


def test_ten_megabytes_are_refused_where_they_are_pasted(page: Any) -> None:
    goto(page, "coverage")
    goto(page, "claims")
    before = page.input_value("#text")
    page.evaluate(
        """() => {
        const data = new DataTransfer(); data.setData("text/plain", "x".repeat(10_000_000));
        const pasted = new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true });
        document.getElementById("text").dispatchEvent(pasted);
        }"""
    )
    page.wait_for_selector(".sentence:has-text('10,000,000')")
    assert page.input_value("#text") == before


@pytest.mark.parametrize("name", ["one-in-four", "coverage-five-halves", "needle-in-twenty"])
def test_exercises_are_decided(page: Any, name: str) -> None:
    goto(page, f"exercises?exercise={name}")
    page.fill("#answer", ANSWERS[name].right[0])
    page.click("#check")
    page.wait_for_selector("#told .good")
    page.fill("#answer", next(iter(ANSWERS[name].wrong)))
    page.click("#check")
    page.wait_for_selector("#told .bad")
    assert "Hint: " in page.text_content("#told")


def test_a_learner_that_loops_is_ended_and_nothing_is_lost(page: Any) -> None:
    goto(page, "exercises?exercise=needle-in-twenty")
    typed = "def learner(oracles):\n    while True:\n        pass\n"
    page.fill("#answer", typed)
    page.click("#check")
    page.get_by_role("button", name="Stop").click()
    page.wait_for_selector(".sentence:has-text('Python starts again')")
    assert page.input_value("#answer") == typed
    page.wait_for_selector("body[data-ready]")
    page.fill("#answer", ANSWERS["needle-in-twenty"].right[0])
    page.click("#check")
    page.wait_for_selector("#told .good")


def test_nobody_else_was_asked(page: Any, asked: list[str], play_site: str) -> None:
    assert page
    assert asked
    assert [url for url in asked if not url.startswith((play_site, "data:", "blob:", "about:"))] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 400])
def test_every_view_fits_and_axe_finds_nothing_serious(
    browser: Any, play_site: str, axe: str, theme: str, width: int
) -> None:
    with opened(browser, viewport={"width": width, "height": 900}, color_scheme=theme) as page:
        errors = list[str]()
        page.add_init_script(SILENT)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{play_site}/play/index.html")
        page.evaluate(axe)
        for view in views():
            goto(page, view)
            page.wait_for_selector(DRAWN.get(view, "main svg[aria-label]"))
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
            assert [(found, view) for found in serious(page)] == []
        assert errors == []


@pytest.mark.parametrize(
    ("forbidden", "said"),
    [
        ("delete globalThis.WebAssembly", "WebAssembly is forbidden"),
        ("globalThis.Worker = class { constructor() { throw new Error() } }", "forbids workers"),
        (
            f"Object.defineProperty(globalThis, 'localStorage', {{ get() {{ throw new Error() }} }}); {SILENT}",
            "Python starts",
        ),
    ],
)
def test_what_a_browser_forbids_is_said(browser: Any, play_site: str, forbidden: str, said: str) -> None:
    with opened(browser) as page:
        page.add_init_script(forbidden)
        page.goto(f"{play_site}/play/index.html")
        page.wait_for_selector(f"#status:has-text({json.dumps(said)})")
        assert page.text_content("#coverage") == "4/3"  # the figure is built in

"""The buttons at the cells of tutorials: what they give here, and what is said where Python cannot run."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import SITE
from tests.browser.playing import opened, serious

pytestmark = pytest.mark.browser

PAGE = "tutorials/coverage-bounds-compute.html"


@pytest.fixture(scope="module")
def address(docs_site: str) -> str:
    if not (SITE / "html" / "play" / "packages" / "list.json").exists():
        pytest.skip("the documentation is built without the playground's Python: `make docs` with npm adds it")
    return f"{docs_site}/{PAGE}"


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    with opened(browser) as found:
        yield found


def press(page: Any, number: int) -> Any:
    button = page.locator(f"[aria-label='Run this: cell {number}']")
    button.evaluate("button => { const shut = button.closest('details'); if (shut) shut.open = true }")
    button.click()
    return button.locator("xpath=..")


def test_a_cell_gives_what_the_page_prints_after_the_cells_before_it(page: Any, address: str) -> None:
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert not [url for url in asked if "/play/" in url]  # nothing is loaded before it is asked for
    cell = press(page, 4)
    assert told(cell) == "47/96\n"
    drawn = told(press(page, 5))  # it draws, and ends with a table
    assert "samples needed  10  8  6  3  0  0\n" in drawn
    assert "The figure is the one on this page" in drawn
    assert [url for url in asked if not url.startswith((address.removesuffix(PAGE), "data:", "blob:"))] == []


def test_a_cell_that_is_stopped_is_run_again_with_the_cells_before_it(page: Any, address: str) -> None:
    page.route("**/" + PAGE, lambda route: route.fulfill(body=endless(route.fetch().text()), content_type="text/html"))
    page.goto(address)
    cell = press(page, 2)
    cell.get_by_role("button", name="Stop").click()
    cell.locator(".failed:has-text('Python starts again')").wait_for()
    cell = press(page, 3)
    cell.get_by_role("button", name="Stop").wait_for()  # it runs cell 2 first
    cell.get_by_role("button", name="Stop").click()
    cell.locator(".failed:has-text('Python starts again')").wait_for()


def told(cell: Any) -> str:
    """Return what a cell gives, printed or failed, once it has run."""
    cell.locator("pre:not([hidden]), .failed").first.wait_for()
    return str(cell.locator(".run-output").text_content() or cell.locator(".run-status").text_content())


def endless(text: str) -> str:
    """Return the page with a second cell that loops."""
    before, _, rest = text.partition("</pre>")
    middle, _, after = rest.partition("<pre>")
    return f"{before}</pre>{middle}<pre>while True: pass\n{after}"


@pytest.mark.parametrize(
    ("forbidden", "said"),
    [
        ("delete globalThis.WebAssembly", "WebAssembly is forbidden"),
        ("globalThis.Worker = class { constructor() { throw new Error() } }", "forbids workers"),
    ],
)
def test_what_a_browser_forbids_is_said(page: Any, address: str, forbidden: str, said: str) -> None:
    page.add_init_script(forbidden)
    page.goto(address)
    for _ in range(2):  # and again, if it is pressed again
        press(page, 2).locator(f".failed:has-text('{said}')").wait_for()


@pytest.mark.parametrize("body", [None, '{"python": null}'])
def test_without_the_playground_a_sentence_says_so(page: Any, docs_site: str, body: str | None) -> None:
    page.route("**/play/values.json", lambda route: route.fulfill(status=200 if body else 404, body=body or ""))
    page.goto(f"{docs_site}/{PAGE}")
    press(page, 2).locator(".failed:has-text('built without')").wait_for()


def test_a_page_that_is_opened_as_a_file_says_what_to_do(page: Any, docs_site: str) -> None:
    assert docs_site
    page.goto((SITE / "html" / PAGE).as_uri())
    press(page, 2).locator(".failed:has-text('file server')").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1300, 400])
def test_the_buttons_fit_and_axe_finds_nothing_serious_in_them(
    browser: Any, docs_site: str, axe: str, theme: str, width: int
) -> None:
    with opened(browser, viewport={"width": width, "height": 900}, color_scheme=theme) as page:
        page.add_init_script("delete globalThis.WebAssembly")
        page.goto(f"{docs_site}/{PAGE}")
        press(page, 2).locator(".failed").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.evaluate(axe)
        assert serious(page, ".run-this") == []

"""The figures of the page that draw trees, in a real browser."""

from typing import Any

import pytest

from tests.browser.playing import goto, slide

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("play")]


def test_a_seed_lights_its_run_and_the_link_restores_it(page: Any) -> None:
    goto(page, "readings?program=rejection&instance=rank-deficient&N=2&seed=1")
    page.wait_for_selector("#run:has-text('Seed 1 ')")
    label = page.get_attribute("main svg", "aria-label")
    assert label.startswith("The tree of all 13 runs, and in it the run of seed 1,")
    slide(page, "seed", 3)
    page.wait_for_selector("#run:has-text('Seed 4 ')")
    page.get_by_role("button", name="Next seed").click()
    page.wait_for_selector("#run:has-text('Seed 5 ')")
    assert page.locator("main table tbody tr").count() == 4
    link, told = page.evaluate("location.hash"), page.text_content("#run")
    assert "seed=5" in link
    goto(page, link.removeprefix("#"))
    page.wait_for_selector("#run:has-text('Seed 5 ')")
    assert page.text_content("#run") == told


def test_where_the_runs_are_too_many_the_merged_law_stands(page: Any) -> None:
    goto(page, "readings?program=softmax-sampler&N=4")
    page.wait_for_selector(".sentence:has-text('More than 64 runs')")
    assert page.locator("main table tbody tr").count() == 2
    page.get_by_label("N", exact=True).select_option("1")
    page.wait_for_selector("main svg")


def test_mtss_is_swept_pass_by_pass_and_without_looks_it_stops_short(page: Any) -> None:
    goto(page, "sweeps?H=5&seed=2&pass=1")
    page.wait_for_selector("#pass:has-text('Pass 1 of 6: a roll-in meets a pair in layer 1')")
    page.get_by_role("button", name="Next pass").click()
    page.wait_for_selector("#pass:has-text('Pass 2 of 6: a roll-out meets a pair in layer 2')")
    slide(page, "pass", 9)
    page.wait_for_selector("#pass:has-text('Pass 6 of 6: no walk meets a pair')")
    assert "5 of 5 layers covered" in page.text_content("#whole")
    goto(page, "sweeps?H=4&rolls=2&looks=no&pass=2")
    page.get_by_role("button", name="how probable?").click()
    page.wait_for_selector("p:has-text('covered with probability')")
    link = page.evaluate("location.hash")
    assert all(part in link for part in ("looks=no", "H=4", "rolls=2", "pass=2"))
    assert "of 4 layers covered" in page.text_content("#whole")


def test_the_token_tree_leans_with_theta(page: Any) -> None:
    goto(page, "tokens?instance=clean-sweep&depth=2&scale=1")
    page.wait_for_selector("#gap:has-text('gap 0,')")
    assert "V = -log(2) + log(3)" in page.text_content("#value")
    slide(page, "t, in θ = t θ*", 3)
    page.wait_for_selector("#gap:not(:has-text('gap 0,'))")
    slide(page, "depth", -1)
    page.wait_for_selector("#value:has-text('the first 1 of 2 tokens')")
    link = page.evaluate("location.hash")
    assert all(part in link for part in ("instance=clean-sweep", "depth=1", "scale=2"))
    goto(page, "tokens?instance=linear-not-realizable")
    page.wait_for_selector("#gap:has-text('not in the softmax class')")

"""Listings, tables and figures of the pages."""

import doctest
import re
import sys
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))

pytest.importorskip("docutils", reason="needs the extra docs")  # .ci/run has it after the pages are built

import listings
from listings import steps

THEORY = sorted((Path(__file__).parents[2] / "docs" / "reference" / "theory").glob("*.md"))
LISTED = [
    block
    for path in THEORY
    for block in re.findall(r"^```\{listing\}\n(.*?)^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
]


@pytest.mark.parametrize("module", [listings])
def test_examples(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_a_line_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no line of a listing"):
        steps(["for"])


@pytest.mark.parametrize("block", LISTED)
def test_lines_of_a_listing_are_numbered_in_order_and_indented_step_by_step(block: str) -> None:
    found = steps(block.splitlines())
    assert [step.number for step in found] == [str(n) for n in range(1, len(found) + 1)]
    for above, below in pairwise(found):
        assert below.depth <= above.depth + 1


def test_the_two_long_listings_are_typeset() -> None:
    assert [len(steps(block.splitlines())) for block in LISTED] == [10, 15]


@pytest.mark.parametrize("path", THEORY, ids=lambda path: path.stem)
def test_every_page_of_the_theory_has_a_figure(path: Path) -> None:
    assert re.search(r"^show\($", path.read_text("utf-8"), re.MULTILINE)

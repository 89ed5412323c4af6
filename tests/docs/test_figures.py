"""Figures: made from the numbers, in both themes, for readers who tell few colours apart or see no image."""

import doctest
import re
import sys
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs" / "_ext"))

import accessible
import alt_texts
import first_figure
import name_index
import one_document
import palette
from palette import PALETTE, themed, variables

ROOT = Path(__file__).parents[2]
PAGES = [path for path in (ROOT / "docs").rglob("*.md") if "_build" not in path.parts]
STATIC = ROOT / "docs" / "_static"
CSS = (STATIC / "extra.css").read_text("utf-8")
SERIES = ("blue", "orange", "green", "purple")

# ------------------------------------------------------------------------------------------ the first page's


def test_the_figure_of_the_first_page_is_what_the_script_writes() -> None:
    rows = first_figure.prices()
    made = first_figure.files(rows)
    assert set(made) == {path.name for path in STATIC.glob("first-*.svg")}
    for name, text in made.items():
        assert (STATIC / name).read_text("utf-8") == text, f"{name}: run python docs/_ext/first_figure.py"
        (title,) = ET.fromstring(text).findall("{http://www.w3.org/2000/svg}title")  # noqa: S314 - our own text
        assert title.text == first_figure.ALT
        assert "<rect" not in text  # no ground: it takes the page's
    first, last = rows[0], rows[-1]
    for said in (
        first.least,
        last.least,
        first.spanner,
        last.spanner,
        first.tuned,
        last.tuned,
        first.passive,
        last.passive,
    ):
        assert f"{said:,}" in first_figure.ALT
    assert {row.rewards for row in rows} == {4}
    assert all(row.least < row.tuned < row.spanner for row in rows)


def test_the_figure_has_the_numbers_of_the_page_on_coverage() -> None:
    (row,) = first_figure.prices([3])
    assert row == (8, 3, 906, 44, 4, 12)  # read off docs/explanation/coverage-and-compute


# ------------------------------------------------------------------------------------------ colours


def test_the_style_sheet_has_the_colours_of_the_palette() -> None:
    assert f"body {{ {variables('light')} }}" in CSS
    assert f'body[data-theme="dark"] {{ {variables("dark")} }}' in CSS
    assert f'body:not([data-theme="light"]) {{ {variables("dark")} }}' in CSS


def linear(colour: str) -> tuple[float, ...]:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return tuple(x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)


def luminance(colour: str) -> float:
    return sum(weight * x for weight, x in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))


@pytest.mark.parametrize(("theme", "ground"), [("light", "#ffffff"), ("dark", "#131416")])
@pytest.mark.parametrize("name", ["ink", "grey", *SERIES])
def test_colours_stand_out_from_the_page(name: str, theme: str, ground: str) -> None:
    low, high = sorted((luminance(getattr(PALETTE[name], theme)), luminance(ground)))
    assert (high + 0.05) / (low + 0.05) >= 4  # WCAG asks 3 of lines


# Vienot, Brettel and Mollon 1999: what is left of a colour (linear RGB) without red cones, and without green ones.
BLIND = {
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", BLIND)
def test_colour_blind_readers_tell_the_series_apart(kind: str, theme: str) -> None:
    seen = {}
    for name in SERIES:
        colour = linear(getattr(PALETTE[name], theme))
        seen[name] = [abs(sum(m * x for m, x in zip(row, colour, strict=True))) ** (1 / 2.2) for row in BLIND[kind]]
    for one, other in combinations(SERIES, 2):
        assert max(abs(a - b) for a, b in zip(seen[one], seen[other], strict=True)) >= 0.14, (one, other)


# ------------------------------------------------------------------------------------------ in the pages


@pytest.mark.parametrize("module", [palette, alt_texts, accessible, name_index, one_document])
def test_examples(module: object) -> None:
    if module is one_document:
        pytest.importorskip("docutils")
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]  # a module


def test_images_on_one_page_share_no_identifier() -> None:
    drawn = '<svg><g id="axes"/><use href="#axes"/><path clip-path="url(#axes)"/><metadata>matplotlib</metadata></svg>'
    one, other = themed(drawn, 'the "first"'), themed(drawn, "the second")
    ids = [re.findall(r"(?:id=.|#)(\w+-axes)", svg) for svg in (one, other)]
    assert [len(set(found)) for found in ids] == [1, 1]
    assert ids[0] != ids[1]
    assert "metadata" not in one
    assert 'aria-label="the &quot;first&quot;"' in one


def test_a_figure_needs_a_text() -> None:
    with pytest.raises(ValueError, match="readers who do not see it"):
        themed("<svg/>", " ")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_figures_of_a_page_follow_the_theme_and_have_a_text(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "set_matplotlib_formats" not in text
    assert "plt.show(" not in text
    assert not re.search(r'"#[0-9a-fA-F]{6}"', text)  # a colour by hand does not follow the theme
    assert text.count("plt.subplots(") == len(re.findall(r'^ *show\(\s*\w+,\s*"', text, re.MULTILINE))
    for given in re.findall(r"!\[(.*?)\]\(", text):
        assert given.strip()
    for image in re.findall(r"^```\{(?:image|figure)\} .*?^```", text, re.MULTILINE | re.DOTALL):
        assert re.search(r"^:alt: \S", image, re.MULTILINE)

"""The figure of the first page: sampling grows with coverage, for every learner; rewards need not.

``python docs/_ext/first_figure.py`` writes it into ``docs/_static``, wide and narrow, for light and dark pages. The
numbers are exact; only where they stand in the picture is rounded. No library draws it, so the bytes depend on the
numbers alone.
"""

from collections.abc import Iterator, Sequence
from math import log2, log10
from pathlib import Path
from typing import Final, NamedTuple

from palette import PALETTE

from proofs_check.claims.lower_bound.tuning import needed_of_all, separation
from proofs_check.claims.spanner_sampling.needles import NeedleSetting

FOLDER: Final = Path(__file__).parents[1] / "_static"

ALT: Final = (
    "Two panels over the coverage C, from 4 to 1024, all axes logarithmic. Left, sampling queries T_comp: a "
    "shaded region that no learner reaches rises in proportion to C, from 2 to 371; SpannerSampling rises in "
    "parallel above it, from 456 to 114,994, and with tuned inputs from 34 to 5,152. Right, reward queries "
    "T_data: SpannerSampling needs 4 at every C, while a learner that pays for each draw needs 6 to 1,420."
)


class Price(NamedTuple):
    """What success costs on the needles of coverage ``C``."""

    C: int
    least: int
    """With fewer sampling queries, and at most 4 rewards, no learner with the weak oracle succeeds."""
    spanner: int
    tuned: int
    rewards: int
    passive: int


class Layout(NamedTuple):
    """Where the two panels stand."""

    name: str
    width: int
    height: int
    corners: tuple[tuple[int, int], tuple[int, int]]
    """The upper left corner of each panel's axes."""
    size: tuple[int, int]
    """Width and height of a panel's axes."""
    font: int


LAYOUTS: Final = (
    Layout("wide", 800, 330, ((72, 52), (472, 52)), (300, 222), 14),
    Layout("narrow", 420, 640, ((76, 50), (76, 370)), (316, 208), 15),
)
THEMES: Final = ("light", "dark")

Point = tuple[float, float]


def prices(exponents: Sequence[int] = range(2, 11)) -> list[Price]:
    """Return the exact prices of a gap of at most 1/4 with probability at least 3/4, for ``C = 2^j``.

    >>> prices([2])
    [Price(C=4, least=2, spanner=456, tuned=34, rewards=4, passive=6)]
    """
    found = []
    for setting in (NeedleSetting(2**j) for j in exponents):
        spent = separation(setting)
        (rewards, listed), (_, tuned) = spent["SpannerSampling"], spent["SpannerSampling, tuned"]
        found.append(Price(setting.C, needed_of_all(setting), listed, tuned, rewards, spent["passive"][0]))
    return found


def files(rows: Sequence[Price]) -> dict[str, str]:
    """Return the text of each file by its name."""
    return {
        f"first-{layout.name}-{theme}.svg": "\n".join(_image(rows, layout, theme)) + "\n"
        for layout in LAYOUTS
        for theme in THEMES
    }


def _image(rows: Sequence[Price], layout: Layout, theme: str) -> Iterator[str]:
    colour = {name: getattr(each, theme) for name, each in PALETTE.items()}
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width} {layout.height}" role="img"'
    yield f'  width="{layout.width}" height="{layout.height}"'
    yield f'  font-family="system-ui, sans-serif" font-size="{layout.font}">'
    yield f"<title>{ALT}</title>"
    for corner, draw in zip(layout.corners, (_sampling, _rewards), strict=True):
        panel = _Panel(corner, layout.size, colour)
        yield from panel.frame()
        yield from draw(panel, rows)
    yield "</svg>"


def _sampling(panel: "_Panel", rows: Sequence[Price]) -> Iterator[str]:
    yield panel.title("sampling queries", "T", "comp")
    region = [(row.C, row.least) for row in rows]
    yield panel.region([*region, (rows[-1].C, 1), (rows[0].C, 1)])
    yield panel.line(region, "grey")
    yield panel.line([(row.C, row.spanner) for row in rows], "blue", dots=True)
    yield panel.line([(row.C, row.tuned) for row in rows], "blue", dashed=True)
    yield panel.text((5, 14000), "SpannerSampling", "blue")
    yield panel.text((48, 560), "tuned", "blue", anchor="end")
    yield panel.text((900, 2.2), "no learner gets here", "ink", anchor="end")


def _rewards(panel: "_Panel", rows: Sequence[Price]) -> Iterator[str]:
    yield panel.title("reward queries", "T", "data")
    yield panel.line([(row.C, row.passive) for row in rows], "orange", dashed=True)
    yield panel.line([(row.C, row.rewards) for row in rows], "blue", dots=True)
    yield panel.text((900, 1.6), f"SpannerSampling: {rows[-1].rewards} at every C", "blue", anchor="end")
    yield panel.text((140, 900), "a reward for each draw", "orange", anchor="end")


class _Panel(NamedTuple):
    """Axes with ``C`` from 4 to 1024 across and 1 to 200,000 upwards."""

    corner: tuple[int, int]
    size: tuple[int, int]
    colour: dict[str, str]

    def at(self, point: Point) -> tuple[float, float]:
        (left, top), (width, height), (across, up) = self.corner, self.size, point
        return left + width * (log2(across) - 2) / 8, top + height * (1 - log10(up) / log10(200_000))

    def frame(self) -> Iterator[str]:
        (left, top), (width, height) = self.corner, self.size
        yield f'<path d="M{left} {top}V{top + height}H{left + width}" fill="none" stroke="{self.colour["ink"]}"/>'
        for power in range(6):
            _, y = self.at((4, 10**power))
            yield f'<path d="M{left} {y:.1f}h{width}" stroke="{self.colour["faint"]}" stroke-opacity="0.35"/>'
            yield self._word((left - 7, y + 5), f"{10**power:,}", "ink", "end")
        for tick in (4, 16, 64, 256, 1024):
            x, _ = self.at((tick, 1))
            yield f'<path d="M{x:.1f} {top + height}v5" stroke="{self.colour["ink"]}"/>'
            yield self._word((x, top + height + 21), str(tick), "ink", "middle")
        yield self._word((left + width / 2, top + height + 42), "coverage C", "ink", "middle")

    def title(self, words: str, letter: str, index: str) -> str:
        (left, top), _ = self.corner, self.size
        symbol = f'<tspan font-style="italic">{letter}</tspan><tspan dy="4" font-size="75%">{index}</tspan>'
        return self._word((left - 36, top - 22), f"{words} {symbol}", "ink", "start", weight="600")

    def line(self, points: Sequence[Point], name: str, *, dots: bool = False, dashed: bool = False) -> str:
        stroke = f'stroke="{self.colour[name]}" stroke-width="2"' + (' stroke-dasharray="6 4"' if dashed else "")
        drawn = f'<polyline points="{self._path(points)}" fill="none" {stroke}/>'
        if dots:
            places = map(self.at, points)
            drawn += "".join(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{self.colour[name]}"/>' for x, y in places
            )
        return drawn

    def region(self, points: Sequence[Point]) -> str:
        return f'<polygon points="{self._path(points)}" fill="{self.colour["grey"]}" fill-opacity="0.28"/>'

    def text(self, point: Point, words: str, name: str, anchor: str = "start") -> str:
        return self._word(self.at(point), words, name, anchor)

    def _path(self, points: Sequence[Point]) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in map(self.at, points))

    def _word(self, place: Point, words: str, name: str, anchor: str, weight: str = "400") -> str:
        x, y = place
        look = f'fill="{self.colour[name]}" text-anchor="{anchor}" font-weight="{weight}"'
        return f'<text x="{x:.1f}" y="{y:.1f}" {look}>{words}</text>'


if __name__ == "__main__":
    for file, content in files(prices()).items():
        (FOLDER / file).write_text(content, encoding="utf-8")
        print(FOLDER / file)

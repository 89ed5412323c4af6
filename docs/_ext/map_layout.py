"""Where the claims stand on the evidence map, and the picture: no library lays it out or draws it.

Each page of the theory is a band. In it what a claim rests on stands to its left; claims in a column stand near what
they rest on.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from typing import Final, NamedTuple

from proofs_check.claims import registry
from proofs_check.ledger import Claim
from proofs_check.ledger.pages import PAGES, page_named

ROWS: Final = (
    ("objective", "rejection"),
    ("lower-bound", "enumerating"),
    ("spanner-sampling",),
    ("proper",),
    ("multi-turn",),
)
"""Pages whose bands stand side by side."""

PITCH: Final = (143, 46)
SIZE: Final = (128, 36)
HEAD: Final = 34
"""Above the nodes of a band."""
WIDTH: Final = 1001

MARKS: Final = {
    "kernel": ("K", "blue", "M-9-9h18v18h-18z"),
    "symbolic": ("Σ", "purple", "M0-11L11 0 0 11-11 0z"),
    "certified": ("C", "blue", "M0-11L10-5.5V5.5L0 11-10 5.5V-5.5z"),
    "computed": ("R", "green", "M0-11L10.5-3 6.5 9h-13L-10.5-3z"),
    "exhaustive": ("X", "green", "M-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0z"),
    "enclosed": ("N", "orange", "M-6-10h12l6 10-6 10h-12l-6-10z"),
    "sampled": ("S", "purple", "M0-11L11 8h-22z"),
    "monte-carlo": ("M", "orange", "M0 11L11-8h-22z"),
    "paper": ("P", "grey", "M-8-9h16v18h-16z"),
}
"""Letter, colour and shape of each grade, strongest first: told apart without colours, too."""


class Node(NamedTuple):
    """A claim, the upper left corner of its box, and its strongest grade."""

    claim: Claim
    x: float
    y: float
    grade: str


class Drawn(NamedTuple):
    """A laid out map."""

    nodes: dict[str, Node]
    bands: list[tuple[str, float, float]]
    """Title and upper left corner of each band."""
    height: float


def drawn(strongest: Mapping[str, str]) -> Drawn:
    """Lay out all claims, given the strongest grade of each."""
    found: dict[str, Node] = {}
    bands = []
    top = 0.0
    for row in ROWS:
        left, tall = 0.0, 0
        for name in row:
            columns = _columns([claim for claim in registry() if claim.page.name == name])
            bands.append((page_named(name).title, left, top))
            tall = max(tall, *(max(rows) + 1 for rows in columns))
            for column, rows in enumerate(columns):
                for at, claim in rows.items():
                    x, y = left + column * PITCH[0], top + HEAD + at * PITCH[1]
                    found[claim.id] = Node(claim, x, y, strongest[claim.id])
            left += len(columns) * PITCH[0]
        top += HEAD + tall * PITCH[1] + 18
    return Drawn(found, bands, top)


def _columns(claims: list[Claim]) -> list[dict[int, Claim]]:
    """Return the columns of a band, each as claims by row: what a claim rests on stands in earlier ones."""
    here = {claim.id: claim for claim in claims}

    @cache
    def depth(name: str) -> int:
        return max((depth(below) + 1 for below in here[name].depends if below in here), default=0)

    levels: list[list[Claim]] = [[] for _ in range(max(map(depth, here)) + 1)]
    for claim in claims:
        levels[depth(claim.id)].append(claim)
    _even_out(levels, here)
    at: dict[str, int] = {}
    return [_rows(level, at, len(max(levels, key=len))) for level in levels]


def _even_out(levels: list[list[Claim]], here: dict[str, Claim]) -> None:
    """Move claims without relations inside the band to the shortest columns."""
    used = {below for claim in here.values() for below in claim.depends}
    alone = [claim for claim in levels[0] if claim.id not in used and not set(claim.depends) & set(here)]
    for claim in reversed(alone):
        shortest = min(levels, key=len)
        if len(shortest) + 1 < len(levels[0]):
            levels[0].remove(claim)
            shortest.append(claim)


def _rows(level: list[Claim], at: dict[str, int], tall: int) -> dict[int, Claim]:
    """Give each claim of a column a row near the mean of what it rests on; ``at`` holds the rows so far."""

    def wanted(claim: Claim) -> float:
        below = [at[name] for name in claim.depends if name in at]
        return sum(below) / len(below) if below else tall

    rows: dict[int, Claim] = {}
    order = sorted(level, key=wanted) if at else level
    for number, claim in enumerate(order):
        last = tall - (len(order) - number)  # leaves room for those that follow
        row = max(max(rows, default=-1) + 1, min(round(wanted(claim)) if at else number, last))
        rows[row] = claim
    at.update({claim.id: row for row, claim in rows.items()})
    return rows


def svg(found: Drawn) -> str:
    """Return the picture as an element of a page; its colours are variables of the style sheet."""
    lines = [
        f'<div class="evidence-map"><svg viewBox="-6 -4 {WIDTH + 8} {found.height + 8:.0f}" role="group"',
        f'  aria-label="{_SAID.format(len(found.nodes))}">',
        *_bands(found),
        *_edges(found),
        *(line for node in found.nodes.values() for line in _node(node)),
        "</svg></div>",
    ]
    return "\n".join(lines)


_SAID = (
    "{} claims in bands, one for each page of the theory; lines lead from each claim to those that rest on it. "
    "The cards below say the same."
)


def legend() -> str:
    """Return what letters, colours and shapes mean."""
    parts = []
    for grade, (letter, colour, shape) in MARKS.items():
        mark = f'<svg viewBox="-12 -12 24 24" aria-hidden="true">{_mark(letter, colour, shape)}</svg>'
        parts.append(f"<span>{mark} {grade}</span>")
    return f'<p class="evidence-legend">{" ".join(parts)}</p>'


def _bands(found: Drawn) -> Iterator[str]:
    for title, x, y in found.bands:
        yield f'<path d="M{x:.0f} {y + 22:.0f}h{PITCH[0] * 1.95:.0f}" class="rule"/>'
        yield f'<text x="{x:.0f}" y="{y + 15:.0f}" class="band">{escape(title)}</text>'


def _edges(found: Drawn) -> Iterator[str]:
    width, height = SIZE
    for node in found.nodes.values():
        for name in node.claim.depends:
            start = found.nodes[name]
            x0, y0, x1, y1 = start.x + width, start.y + height / 2, node.x, node.y + height / 2
            bend = max(24.0, abs(x1 - x0) / 2) if x1 > x0 else 30.0
            path = f"M{x0:.0f} {y0:.0f}C{x0 + bend:.0f} {y0:.0f} {x1 - bend:.0f} {y1:.0f} {x1:.0f} {y1:.0f}"
            far = "" if start.claim.page == node.claim.page else " far"
            yield f'<path d="{path}" class="edge{far}" data-from="{name}" data-to="{node.claim.id}"/>'


def _node(node: Node) -> Iterator[str]:
    width, height = SIZE
    letter, colour, shape = MARKS[node.grade]
    said = escape(f"{node.claim.id}: {node.claim.words} Strongest grade: {node.grade}.", quote=True)
    yield f'<a href="#map-{node.claim.id}" class="node" data-claim="{node.claim.id}">'
    yield f"<title>{said}</title>"  # its name for a screen reader, too
    yield f'<rect x="{node.x:.0f}" y="{node.y:.0f}" width="{width}" height="{height}" rx="4" class="{node.grade}"/>'
    yield f'<g transform="translate({node.x + 15:.0f} {node.y + height / 2:.0f})">{_mark(letter, colour, shape)}</g>'
    lines = _two_lines(node.claim.id)
    for i, line in enumerate(lines):
        y = node.y + height / 2 + 4 + (i - (len(lines) - 1) / 2) * 12.5
        yield f'<text x="{node.x + 28:.0f}" y="{y:.1f}">{line}</text>'
    yield "</a>"


def _mark(letter: str, colour: str, shape: str) -> str:
    return (
        f'<path d="{shape}" fill="var(--figure-{colour})"/>'
        f'<text class="mark" text-anchor="middle" y="4">{letter}</text>'
    )


def _two_lines(name: str) -> list[str]:
    """Break a name at the hyphen nearest to its middle if it is long.

    >>> _two_lines("mtss-exact-where-covered")
    ['mtss-exact-', 'where-covered']
    """
    if len(name) <= _SHORT:
        return [name]
    cuts = [i + 1 for i, letter in enumerate(name) if letter == "-"]
    cut = min(cuts, key=lambda i: abs(2 * i - len(name)))
    return [name[:cut], name[cut:]]


_SHORT = 15


def counts(strongest: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Return for each page how many claims have which strongest grade."""
    return {
        page.name: {
            grade: many
            for grade in MARKS
            if (many := sum(strongest[claim.id] == grade for claim in registry() if claim.page == page))
        }
        for page in PAGES
    }

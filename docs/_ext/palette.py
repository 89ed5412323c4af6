"""The colours of all figures: one set for light pages, one for dark, told apart by colour-blind readers.

``extra.css`` holds the same values as variables ``--figure-NAME``; a test compares them.
"""

import hashlib
import re
from typing import Final, NamedTuple


class Colour(NamedTuple):
    """A colour as it is on light pages, and as it is on dark ones."""

    light: str
    dark: str


PALETTE: Final = {
    "ink": Colour("#27313b", "#d5dde5"),  # axes, text
    "faint": Colour("#9aa5b1", "#66727e"),  # lines that only guide the eye
    "blue": Colour("#0a6cb3", "#45a3e6"),
    "orange": Colour("#c9540a", "#ff9f5a"),
    "green": Colour("#0b8a63", "#45d0a0"),
    "purple": Colour("#7d2a68", "#f6cbea"),
    "grey": Colour("#56616d", "#b3bec9"),
}
"""Blue, orange, green and purple are those of Okabe and Ito, with contrast of at least 3 to the page."""

FOLDER_VARIABLE: Final = "SPANNER_HANDOUTS"
"""The environment variable that tells the cells of a page where the build keeps files for handing out."""


def variables(theme: str) -> str:
    """Return the declarations of a theme, ``"light"`` or ``"dark"``, as they stand in ``extra.css``."""
    return " ".join(f"--figure-{name}: {getattr(colour, theme)};" for name, colour in PALETTE.items())


def themed(svg: str, alt: str) -> str:
    """Return an SVG image drawn in light colours as an element of a page that follows the page's theme.

    Each colour becomes a variable of the style sheet; the light one remains for viewers without it. Identifiers get a
    prefix, for several images on one page would share them.

    >>> themed('<?xml version="1.0"?><svg width="9pt"><path style="stroke: #0a6cb3"/></svg>', "A line.")
    '<svg role="img" aria-label="A line." width="9pt"><path style="stroke: var(--figure-blue, #0a6cb3)"/></svg>'

    Raises:
        ValueError: if there is no text for readers who do not see the image.
    """
    if not alt.strip():
        raise ValueError("a figure needs a text for readers who do not see it: show(figure, alt)")
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL).strip()
    prefix = f"f{hashlib.sha256(alt.encode()).hexdigest()[:8]}-"
    svg = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}", svg)
    for name, colour in PALETTE.items():
        svg = re.sub(colour.light, f"var(--figure-{name}, {colour.light})", svg, flags=re.IGNORECASE)
    said = alt.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return svg.replace("<svg", f'<svg role="img" aria-label="{said}"', 1)

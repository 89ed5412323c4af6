"""Figures of the pages: matplotlib draws them, the page's theme colours them.

A page imports ``plt``, the colours and ``show`` from here, draws with the colours, and ends with
``show(figure, "What a reader who does not see it should know.")``.  With ``name`` the build keeps the figure as files,
too, to be projected: ``handouts/NAME.svg`` and ``handouts/NAME.pdf``, on white (:mod:`handouts`).
"""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib.pyplot as plt
from cycler import cycler
from IPython.display import HTML, display
from palette import FOLDER_VARIABLE, PALETTE, themed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, FAINT, BLUE, ORANGE, GREEN, PURPLE, GREY = (colour.light for colour in PALETTE.values())

__all__ = ["BLUE", "FAINT", "GREEN", "GREY", "INK", "ORANGE", "PURPLE", "plt", "show"]

plt.rcParams.update(
    {
        "svg.hashsalt": "spanner-reference",  # the same bytes in each build
        "pdf.fonttype": 42,
        "figure.figsize": (6.0, 3.4),
        "figure.facecolor": "none",
        "axes.facecolor": "none",
        "savefig.facecolor": "none",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, PURPLE, GREY]),
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.labelcolor": INK,
        "font.size": 10,
    }
)


def show(figure: "Figure", alt: str, name: str = "") -> None:
    """Put a figure into the page, with a text for readers who do not see it."""
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg", metadata={"Date": None}, bbox_inches="tight", pad_inches=0.05)
    if name and (folder := os.environ.get(FOLDER_VARIABLE)):
        for kind, date in (("svg", "Date"), ("pdf", "CreationDate")):
            path = Path(folder) / f"{name}.{kind}"
            figure.savefig(path, metadata={date: None}, bbox_inches="tight", pad_inches=0.05, facecolor="white")
    least = round(65 * figure.get_figwidth())  # pixels: nine tenths of its size, where words can still be read
    plt.close(figure)  # or the notebook would show it again, as it was drawn
    frame = f'<div class="figure-frame" tabindex="0" style="--least: {least}px">'
    display(HTML(f"{frame}{themed(drawn.getvalue(), alt)}</div>"))

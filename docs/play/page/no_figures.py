"""Stands for the documentation's ``figures`` where there is no matplotlib: what is drawn leads nowhere.

The figures are on the page already; a cell that draws one also computes and prints, and that is what is run.
"""

from typing import Any, Final

SENTENCE: Final = "(The figure is the one on this page: matplotlib is not part of what runs here.)"

INK = FAINT = BLUE = ORANGE = GREEN = PURPLE = GREY = "black"

__all__ = ["BLUE", "FAINT", "GREEN", "GREY", "INK", "ORANGE", "PURPLE", "plt", "show"]


class Undrawn:
    """Takes every call, and draws nothing."""

    def __getattr__(self, name: str) -> "Undrawn":
        return self

    def __call__(self, *_: object, **__: object) -> "Undrawn":
        return self


class Panels(list[Any]):
    """Panels in rows, or in one row."""

    @property
    def flat(self) -> list[Undrawn]:
        """All panels, row by row."""
        return [panel for row in self for panel in (row if isinstance(row, Panels) else [row])]


class Plotting(Undrawn):
    """Stands for ``matplotlib.pyplot``."""

    def subplots(self, rows: int = 1, columns: int = 1, **_: object) -> tuple[Undrawn, Undrawn | Panels]:
        """Return a figure, and one panel or as many as are asked for."""
        if rows == columns == 1:
            return Undrawn(), Undrawn()
        row = Panels(Undrawn() for _ in range(columns))
        return Undrawn(), row if rows == 1 else Panels(row for _ in range(rows))


plt = Plotting()


def show(figure: object, alt: str, name: str = "") -> None:  # noqa: ARG001 - as the documentation calls it
    """Say where the figure is."""
    print(SENTENCE)

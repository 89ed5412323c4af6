"""Printed numbers as LaTeX, for notebooks."""

import re
from collections.abc import Iterator

_PIECE = re.compile(r"\s*(exp\(|log\(|[0-9]+/[0-9]+|[0-9]+|\S)")


def latex(text: str) -> str:
    r"""Return a printed number as LaTeX.

    >>> print(latex("-3/2*log(2) + exp(1/2)"))
    -\frac{3}{2}\,\log 2 + e^{\frac{1}{2}}
    """
    return _rendered(iter(_PIECE.findall(text)))


def _rendered(pieces: Iterator[str]) -> str:
    """Render up to the bracket that closes, or to the end."""
    parts: list[str] = []
    for piece in pieces:
        if piece == ")":
            break
        if piece == "exp(":
            parts.append(f"e^{{{_rendered(pieces)}}}")
        elif piece == "log(":
            inner = _rendered(pieces)
            parts.append(rf"\log {inner}" if inner.isdecimal() else rf"\log({inner})")
        elif piece == "(":
            parts.append(f"({_rendered(pieces)})")
        elif piece in "+-":
            parts.append(f" {piece} " if parts and parts[-1][-1] not in "(/" else piece)
        elif piece == "*":
            parts.append(r"\,")
        elif "/" in piece and piece != "/":
            parts.append(r"\frac{{{}}}{{{}}}".format(*piece.split("/")))
        else:
            parts.append(piece)
    return "".join(parts)

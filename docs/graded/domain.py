"""What a question has to be before a library is asked.

The libraries check little of it, and are not graded for that.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import isfinite
from typing import Any

Floats = Sequence[float]
Rows = Sequence[Floats]


def need_laws(*laws: Floats) -> None:
    """Refuse what is no law, and laws on different outcomes."""
    for law in laws:
        if not all(isfinite(mass) and mass >= 0 for mass in law) or sum(map(Fraction, law)) != 1:
            raise ValueError("masses are at least 0 and sum to 1")
    if len({len(law) for law in laws}) > 1:
        raise ValueError("laws on different outcomes")


def need_support(p: Floats, q: Floats) -> None:
    """Refuse a law that leaves the support of the other: a derivative there is infinite."""
    if any(a > 0 and b == 0 for a, b in zip(p, q, strict=True)):
        raise ValueError("p leaves the support of q")


def need_numbers(*rows: Floats, length: int | None = None) -> None:
    """Refuse what is not finite, and rows of different lengths."""
    lengths = {len(row) for row in rows} | ({length} if length is not None else set())
    if len(lengths) > 1 or not all(isfinite(x) for row in rows for x in row):
        raise ValueError("finite numbers, in rows of one length")


def need_positive(*numbers: float) -> None:
    """Refuse what is not positive and finite."""
    if not all(isfinite(x) and x > 0 for x in numbers):
        raise ValueError("a positive number")


def need_share(share: float) -> None:
    """Refuse a share that is not in (0, 1]."""
    if not 0 < share <= 1:
        raise ValueError("a share in (0, 1]")


def need_tilt(pi: Floats, r: Floats, beta: float) -> None:
    """Refuse what is no base law with a finite reward for each response and a positive beta."""
    need_laws(pi)
    need_numbers(r, length=len(pi))
    need_positive(beta)


def need_data(phis: Rows, rewards: Floats) -> None:
    """Refuse a table without rows, and rows without a reward each."""
    need_numbers(*phis)
    need_numbers(rewards, length=len(phis))
    if not phis:
        raise ValueError("no data")


def need_tokens(logits: Rows, base_logits: Rows, tokens: Sequence[int], eos: int, beta: float) -> int:
    """Refuse what is no path; return how many of its tokens count, up to the first ``eos``."""
    need_numbers(*logits, *base_logits)
    need_positive(beta)
    if not tokens or not len(tokens) == len(logits) == len(base_logits):
        raise ValueError("a row of logits for each token")
    if not all(0 <= token < len(logits[0]) for token in tokens):
        raise ValueError("a token outside of the vocabulary")
    return tokens.index(eos) + 1 if eos in tokens else len(tokens)


def calls(implementation: type) -> dict[str, str]:
    """Return by function of the kit the call that is graded: the docstrings of the methods."""
    found: dict[str, Any] = {name: getattr(implementation, name) for name in dir(implementation)}
    return {name: made.__doc__ for name, made in found.items() if not name.startswith("_") and callable(made)}

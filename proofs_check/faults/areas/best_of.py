"""Faults of best of ``n``, and of the law that stands for it."""

from functools import partial

from proofs_check.faults.fault import Fault

_TEST = "tests/claims/test_rejection.py::test_the_best_of_n_has_the_law_of_its_strings"
_fault = partial(Fault, of="best_of", module="algorithms.best_of", function="best_of_n.keep", test=_TEST)
_of_law = partial(Fault, of="best_of", module="laws.best_of", function="best_of_n_law", test=_TEST)

FAULTS = (
    _fault(
        name="best-of-one-draw-more", function="best_of_n", line=1,
        old="oracles.iterate(None, keep, n)", new="oracles.iterate(None, keep, n + 1)",
        what="n + 1 draws",
    ),
    _fault(
        name="best-of-draws-the-later-of-two", line=2,
        old="oracles.weak(x)", new="max(oracles.weak(x), oracles.weak(x), key=lambda drawn: drawn[0])",
        what="draws two responses and takes that of larger index",
    ),
    _fault(
        name="best-of-keeps-the-lowest", line=3,
        old="value(phi) > value(kept[1])", new="value(phi) < value(kept[1])",
        what="keeps the lowest value",
    ),
    _fault(
        name="best-of-keeps-the-larger-index", line=4,
        old="y < kept[0]", new="y > kept[0]",
        what="among equal values the larger index is kept",
    ),
    _fault(
        name="best-of-is-the-base-model", function="best_of_n", line=5, lazy=True,
        old="return found", new="return oracles.weak(x)",
        what="returns one more draw from the base model",
    ),
    _of_law(
        name="best-of-law-of-one-draw-more",
        old="(below + mass) ** n - below**n", new="(below + mass) ** (n + 1) - below ** (n + 1)",
        what="the law computed for it has n + 1 draws",
    ),
    _of_law(
        name="best-of-law-with-the-order-reversed",
        old="reversed(level)", new="level",
        what="in the law computed for it the larger index is on top among equal values",
    ),
)  # fmt: skip
"""In the order of the listing."""

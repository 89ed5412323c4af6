"""Which named mistake an implementation resembles: the one that fails nearly the same vectors.  A hint, no proof."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final, NamedTuple

from proofs_check.conformance.grade import Grading
from proofs_check.conformance.kit import NamedMutant

LEAST_LIKENESS: Final = Fraction(1, 2)
"""Of the vectors that either fails, the share that both must fail."""

_MOST: Final = 5
"""Named mistakes that a report lists, at most."""


class Likeness(NamedTuple):
    """A mistake, how many vectors it fails together with the implementation, and how many either of them fails."""

    mutant: str
    both: int
    either: int
    why: str


def resembled(grading: Grading, function: str) -> list[Likeness]:
    """Return the mistakes that an implementation of a function resembles; see :func:`likenesses`.

    Most mistakes do refuse what must be refused, so that those vectors count only where no other fails.
    """
    graded = grading.of_function(function)
    failing = [each for each in graded if not each.good]
    likened = [each for each in failing if each.vector.result != "invalid"] or failing
    asked = {each.vector.id for each in graded if each.vector.result != "invalid" or likened is failing}
    return likenesses(function, {each.vector.id for each in likened}, asked, grading.kit.mutants)


def likenesses(function: str, failing: set[str], asked: set[str], mutants: Mapping[str, NamedMutant]) -> list[Likeness]:
    """Return the mistakes that come nearest by Jaccard's index, all that tie: none if none is near."""
    found = []
    for name, mutant in mutants.items():
        if mutant.function == function and failing:
            fails = asked & set(mutant.fails)
            found.append(Likeness(name, len(fails & failing), len(fails | failing), mutant.why))
    best = max((Fraction(each.both, each.either) for each in found), default=Fraction(0))
    near = [each for each in found if Fraction(each.both, each.either) == best and best >= LEAST_LIKENESS]
    return sorted(near)[:_MOST]

"""Making a counterexample small: fewer choices, then lower ones, as long as it still is one."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from proofs_check.sweep.crew import swept_by
from proofs_check.sweep.deciding import Stretch
from proofs_check.sweep.lines import INSTANCES, SweptClaim

MOST_TRIALS = 1000
"""So many instances are looked at, at most."""


class Counterexample(NamedTuple):
    """An instance that violates a claim, as its file, what was found, and the choices it is made of."""

    item: str
    found: SweptClaim
    choices: tuple[int, ...]
    trials: int


def made_small(stretch: Stretch) -> Counterexample | None:
    """Return the smallest counterexample that steps lead to, from a stretch of one instance and one claim.

    Blocks of choices are left out, and single ones lowered, until no such step leaves a counterexample.  The order of
    the steps is fixed, so the result is the same on every machine; ``None`` if the instance is none.
    """

    def look(made: tuple[int, ...] | None, trials: int) -> Counterexample | None:
        swept = swept_by(None, stretch._replace(made=made, looking=True))
        found = [INSTANCES.decode(line).claims[stretch.claims[0]] for line in swept.lines]
        if not found or found[0].verdict != "violated" or swept.seen is None:
            return None
        return Counterexample(swept.seen.item, found[0], swept.seen.choices, trials)

    best = look(None, 0)
    return None if best is None else _smaller(best, look)


def _smaller(best: Counterexample, look: Callable[[tuple[int, ...], int], Counterexample | None]) -> Counterexample:
    trials, tried = 0, {best.choices}
    moved = True
    while moved:
        moved = False
        for candidate in _steps(best.choices):
            if candidate in tried:
                continue
            if trials == MOST_TRIALS:
                return best._replace(trials=trials)
            tried.add(candidate)
            trials += 1
            found = look(candidate, trials)
            if found is not None and _size(found.choices) < _size(best.choices):
                best, moved = found, True
                break
    return best._replace(trials=trials)


def _steps(choices: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield smaller sequences, the boldest steps first."""
    for width in (16, 8, 4, 2, 1):
        for at in range(len(choices) - width, -1, -1):
            yield (*choices[:at], *choices[at + width :])
    for width in (8, 4, 2):
        for at in range(len(choices) - width, -1, -1):
            if any(choices[at : at + width]):
                yield (*choices[:at], *(0,) * width, *choices[at + width :])
    for at, choice in enumerate(choices):
        for lower in dict.fromkeys((0, choice // 2, choice - 1)):
            if lower < choice:
                yield (*choices[:at], lower, *choices[at + 1 :])


def _size(choices: Sequence[int]) -> tuple[int, Sequence[int]]:
    return len(choices), choices

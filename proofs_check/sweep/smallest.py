"""Making a counterexample small: fewer choices, then lower ones, as long as it still is one."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from proofs_check.ledger.registry import Claim
from proofs_check.sweep.choosing import Choices
from proofs_check.sweep.deciding import OverTime, soft_timer, swept_claim
from proofs_check.sweep.lines import SweptClaim
from proofs_check.sweep.strategies import Strategy, StrategyError, instance
from reference.model.problem import Problem

MOST_TRIALS = 1000
"""So many instances are looked at, at most."""


class Counterexample(NamedTuple):
    """An instance that violates a claim, what was found, and the choices it is made of."""

    problem: Problem
    found: SweptClaim
    choices: tuple[int, ...]
    trials: int


def smallest_counterexample(
    claim: Claim, strategy: Strategy, seed: int, index: int, limit: float
) -> Counterexample | None:
    """Return the smallest counterexample that steps from an instance lead to; ``None`` if that is none here.

    Blocks of choices are left out, and single ones lowered, until no such step leaves a counterexample.  The order of
    the steps is fixed, so the result is the same on every machine.
    """
    with soft_timer() as timer:

        def look(choices: Choices, trials: int) -> Counterexample | None:
            timer(limit)
            try:
                problem = instance(strategy, choices)
                found = swept_claim(problem, claim)
            except (StrategyError, OverTime):
                return None
            finally:
                timer(0)
            violated = found.verdict == "violated"
            return Counterexample(problem, found, tuple(choices.made), trials) if violated else None

        best = look(Choices(seed, index), 0)
        return None if best is None else _smaller(best, look)


def _smaller(best: Counterexample, look: Callable[[Choices, int], Counterexample | None]) -> Counterexample:
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
            found = look(Choices.again(candidate), trials)
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

"""Loops of a learner that is metered: the reading belongs to the state, so merging states never mixes counts."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from reference.interaction.choice import Choice
from reference.interaction.meter import BudgetExceeded

R = TypeVar("R", bound=Hashable)
S = TypeVar("S")


class HasReading(Protocol[R]):
    """A meter: its reading can be set back, which is how states are replayed."""

    reading: R


def metered_iterate(
    choice: Choice,
    meter: HasReading[R],
    state: S,
    step: Callable[[S], S],
    rounds: int,
    *,
    until: Callable[[S], bool] | None,
    key: Callable[[S], Hashable] | None,
) -> S:
    """Repeat ``state <- step(state)``, as :meth:`reference.interaction.choice.Choice.iterate`."""

    def metered(pair: _Metered[S, R]) -> _Metered[S, R]:
        meter.reading = pair.reading
        try:
            after = step(pair.state)
        except BudgetExceeded as error:  # kept as a state: other branches of the enumeration go on
            return _Metered(meter.reading, pair.state, (error.kind, error.limit))
        return _Metered(meter.reading, after, None)

    def done(pair: _Metered[S, R]) -> bool:
        return pair.exceeded is not None or (until is not None and until(pair.state))

    def named(pair: _Metered[S, R]) -> Hashable:
        return pair.reading, pair.exceeded, pair.state if key is None else key(pair.state)

    start: _Metered[S, R] = _Metered(meter.reading, state, None)
    last = choice.iterate(start, metered, rounds, until=done, key=named)
    meter.reading = last.reading
    if last.exceeded is not None:
        raise BudgetExceeded(*last.exceeded)
    return last.state


@dataclass(frozen=True, slots=True)
class _Metered(Generic[S, R]):
    reading: R
    state: S
    exceeded: tuple[str, int] | None

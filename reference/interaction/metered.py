"""What worlds share, whatever their oracles: one source of randomness, one meter, noise, an observer.

The reading of the meter belongs to the state of a learner's loops, so merging states never mixes counts.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flint import fmpq

from reference.exact.law import Law
from reference.interaction.choice import Choice
from reference.interaction.meter import BudgetExceeded

R = TypeVar("R", bound=Hashable)
S = TypeVar("S")
T = TypeVar("T")

Event = tuple[str, tuple[object, ...]]
"""What an observer is told: the oracle's name, then its arguments and answer."""

NO_NOISE: Law[fmpq] = Law.point(fmpq(0))
"""The law of noiseless rewards."""


class HasReading(Protocol[R]):
    """A meter: its reading can be set back, which is how states are replayed."""

    reading: R


class MeteredWorld(Generic[R]):
    """The world's side: ``meter``, and what a query does besides.

    ``prompts``: their number.  ``noise``: law of the error added to every reward, with mean zero.  ``observer``: told
    every query, for transcripts.

    Raises:
        ValueError: if the mean of ``noise`` is not zero.
    """

    def __init__(
        self,
        choice: Choice,
        meter: HasReading[R],
        prompts: int,
        noise: Law[fmpq],
        observer: Callable[[Event], None] | None,
    ) -> None:
        mean = noise.expectation(lambda error: error)
        if mean != 0:
            msg = f"the noise has mean {mean}; subtract it, so that the mean is zero"
            raise ValueError(msg)
        self.choice = choice
        self.noise = noise
        self.observer = observer
        self._reading = meter
        self._prompts = prompts

    def check_prompt(self, x: int) -> None:
        """Raise :class:`ValueError` unless ``x`` is the index of a prompt."""
        if not 0 <= x < self._prompts:
            msg = f"query for prompt {x} of a problem with {self._prompts} prompts, counted from 0"
            raise ValueError(msg)

    def told(self, oracle: str, *details: object) -> None:
        """Pass a query on to the observer, if there is one."""
        if self.observer is not None:
            self.observer((oracle, details))

    def iterate(
        self,
        state: S,
        step: Callable[[S], S],
        rounds: int,
        *,
        until: Callable[[S], bool] | None,
        key: Callable[[S], Hashable] | None,
    ) -> S:
        """Repeat ``state <- step(state)``, as :meth:`reference.interaction.choice.Choice.iterate`; metered."""
        meter = self._reading

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
        last = self.choice.iterate(start, metered, rounds, until=done, key=named)
        meter.reading = last.reading
        if last.exceeded is not None:
            raise BudgetExceeded(*last.exceeded)
        return last.state


class MeteredOracles(Generic[R]):
    """The learner's side: what is no query.  Everything else is up to the kind of world."""

    def __init__(self, metered: MeteredWorld[R]) -> None:
        self._metered = metered

    def draw(self, law: Law[T]) -> T:
        """Draw from a law of the learner's own; no query."""
        return self._metered.choice.draw(law)

    def iterate(
        self,
        state: S,
        step: Callable[[S], S],
        rounds: int,
        *,
        until: Callable[[S], bool] | None = None,
        key: Callable[[S], Hashable] | None = None,
    ) -> S:
        """Repeat ``state <- step(state)``, as :meth:`reference.interaction.choice.Choice.iterate`; metered."""
        return self._metered.iterate(state, step, rounds, until=until, key=key)


@dataclass(frozen=True, slots=True)
class _Metered(Generic[S, R]):
    reading: R
    state: S
    exceeded: tuple[str, int] | None

"""What a run asked, read off its transcript: claims trust that, not what the learner says."""

from collections.abc import Callable
from typing import TypeVar

from reference.interaction.choice import Carrying
from reference.interaction.world import Event

K = TypeVar("K")


def noting(kind: type[K], *oracles: str, place: int = 1) -> tuple[list[tuple[int, K]], Callable[[Event], None]]:
    """Return a list, and an observer that adds the prompt and one detail of every query of these oracles to it.

    ``place``: which of the details, after the prompt, which is the first; it is of type ``kind``.
    """
    seen: list[tuple[int, K]] = []

    def observe(event: Event) -> None:
        if event[0] in oracles:
            seen.append(_noted(event, kind, place))

    return seen, observe


def noted_in(carrying: Carrying[tuple[tuple[int, K], ...]], kind: type[K], oracle: str) -> Callable[[Event], None]:
    """Return an observer that adds the prompt and the next detail of every query of an oracle to what is carried."""

    def observe(event: Event) -> None:
        if event[0] == oracle:
            carrying.carried = (*carrying.carried, _noted(event, kind, 1))

    return observe


def _noted(event: Event, kind: type[K], place: int) -> tuple[int, K]:
    _, details = event
    x, detail = details[0], details[place]
    assert isinstance(x, int)  # noqa: S101 - narrows the type of a transcript's entry
    assert isinstance(detail, kind)  # noqa: S101 - the same
    return x, detail

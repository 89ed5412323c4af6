"""Random members: reproducible draws of a Hypothesis strategy."""

from functools import lru_cache
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, HypothesisProvider
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


@lru_cache(8)  # several checks have the same members
def drawn(strategy: SearchStrategy[T], n: int, from_seed: int) -> tuple[T, ...]:
    """Return at most ``n`` examples of a strategy, reproducibly: seed and strategy alone decide them."""
    examples: list[T] = []

    @settings(
        max_examples=n,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        backend=BACKEND,
        suppress_health_check=list(HealthCheck),
    )
    @seed(from_seed)
    @given(strategy)
    def collect(example: T) -> None:
        examples.append(example)

    collect()
    return tuple(examples[:n])


class _Reproducible(HypothesisProvider):
    """Hypothesis' own generator, minus the constants it collects from whichever local modules are imported."""

    def _maybe_draw_constant(self, *_: object, **__: object) -> None:
        return None


BACKEND = "spanner-reproducible"
AVAILABLE_PROVIDERS[BACKEND] = f"{__name__}._Reproducible"

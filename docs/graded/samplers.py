"""Draws of the libraries' samplers: ``python samplers.py`` prints a line of JSON for each, with how often what came.

The laws are :data:`LAWS`: their weights are numbers of binary32, so that the exact law is that of the weights.  The
judge is asked elsewhere (``record.py``): here are the libraries.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import log
from typing import Any

Weights = Sequence[float]

LAWS: dict[str, Weights] = {
    "six": (0.5, 0.25, 0.125, 0.0625, 0.0625, 0.0),
    "tail": (1.0, *[2.0**-24] * 1024),
    "draft": (0.5, 0.25, 0.25),
}
"""``six``: outcome 5 has no mass.  ``tail``: 1,024 outcomes of a little less than 2^-24.  ``draft``: the target's law,
while the draft comes from (1/4, 1/4, 1/2)."""

DRAWS = {"six": 1_000_000, "tail": 1_500_000, "draft": 20_000}

DRAFT: Weights = (0.25, 0.25, 0.5)

SEED = 1


def numpy_choice(weights: Weights, n: int) -> Any:
    """``numpy.random.Generator.choice(p=...)``, binary64"""
    import numpy as np

    masses = np.array(weights) / sum(weights)
    return np.random.default_rng(SEED).choice(len(weights), n, p=masses)


def numpy_multinomial(weights: Weights, n: int) -> dict[int, int]:
    """``numpy.random.Generator.multinomial``, binary64"""
    import numpy as np

    found = np.random.default_rng(SEED).multinomial(n, np.array(weights) / sum(weights))
    return {y: int(count) for y, count in enumerate(found) if count}


def scipy_rv_discrete(weights: Weights, n: int) -> Any:
    """``scipy.stats.rv_discrete(values=...).rvs``, binary64"""
    import numpy as np
    from scipy import stats

    values = (range(len(weights)), np.array(weights) / sum(weights))
    return stats.rv_discrete(values=values).rvs(size=n, random_state=SEED)


def torch_multinomial_32(weights: Weights, n: int) -> Any:
    """``torch.multinomial(replacement=True)``, binary32"""
    return _torch_multinomial(weights, n, "float32")


def torch_multinomial_64(weights: Weights, n: int) -> Any:
    """``torch.multinomial(replacement=True)``, binary64"""
    return _torch_multinomial(weights, n, "float64")


def torch_categorical_32(weights: Weights, n: int) -> Any:
    """``torch.distributions.Categorical.sample``, binary32"""
    from device import torch

    torch.manual_seed(SEED)
    return torch.distributions.Categorical(torch.tensor(weights, dtype=torch.float32)).sample((n,))


def jax_categorical(weights: Weights, n: int) -> Any:
    """``jax.random.categorical``, binary32, the default mode"""
    return _jax_categorical(weights, n, None)


def jax_categorical_high(weights: Weights, n: int) -> Any:
    """``jax.random.categorical(mode="high")``, binary32"""
    return _jax_categorical(weights, n, "high")


def jax_choice(weights: Weights, n: int) -> Any:
    """``jax.random.choice(p=...)``, binary32"""
    import jax
    from jax import numpy as jnp

    masses = jnp.array(weights) / jnp.array(weights).sum()
    return jax.random.choice(jax.random.key(SEED), len(weights), (n,), p=masses)


def speculative_sampling(weights: Weights, n: int) -> Any:
    """``transformers``' ``_speculative_sampling``, the draft drawn from its law, binary32"""
    from device import torch

    torch.manual_seed(SEED)
    return _speculated(weights, torch.multinomial(torch.tensor(DRAFT), n, replacement=True).tolist())


def speculative_sampling_greedy(weights: Weights, n: int) -> Any:
    """``transformers``' ``_speculative_sampling``, the draft's likeliest token, binary32"""
    from device import torch

    torch.manual_seed(SEED)
    return _speculated(weights, [DRAFT.index(max(DRAFT))] * n)


SAMPLERS: dict[str, tuple[str, tuple[Callable[[Weights, int], Any], ...]]] = {
    "numpy": ("six tail", (numpy_choice, numpy_multinomial)),
    "scipy": ("six tail", (scipy_rv_discrete,)),
    "torch": ("six tail", (torch_multinomial_32, torch_multinomial_64, torch_categorical_32)),
    "jax": ("six tail", (jax_categorical, jax_categorical_high, jax_choice)),
    "transformers": ("draft", (speculative_sampling, speculative_sampling_greedy)),
}
"""By library: the laws, and the samplers."""


def drawn() -> Iterator[dict[str, Any]]:
    """Yield for each sampler and law how often each outcome came."""
    for library, (laws, samplers) in SAMPLERS.items():
        for sampler in samplers:
            for law in laws.split():
                found = sampler(LAWS[law], DRAWS[law])
                counts = found if isinstance(found, dict) else Counter(found.tolist())
                row = {str(y): int(count) for y, count in sorted(counts.items())}
                yield {"library": library, "call": sampler.__doc__, "law": law, "counts": row}


def _torch_multinomial(weights: Weights, n: int, dtype: str) -> Any:
    from device import torch

    torch.manual_seed(SEED)
    return torch.multinomial(torch.tensor(weights, dtype=getattr(torch, dtype)), n, replacement=True)


def _jax_categorical(weights: Weights, n: int, mode: str | None) -> dict[int, int]:
    import jax
    from jax import numpy as jnp

    batch = 10_000
    logits = jnp.array([log(w) if w else -jnp.inf for w in weights], dtype=jnp.float32)
    draw = jax.jit(lambda key: jax.random.categorical(key, logits, shape=(batch,), mode=mode))
    counts: Counter[int] = Counter()
    for key in jax.random.split(jax.random.key(SEED), n // batch):
        counts.update(draw(key).tolist())
    return dict(counts)


def _speculated(weights: Weights, candidates: list[int]) -> dict[int, int]:
    from device import torch
    from transformers.generation.utils import _speculative_sampling

    draft = torch.tensor(DRAFT).log()[None, None]
    target = torch.tensor(weights).log().expand(1, 2, len(weights))
    # Of the tokens that are taken the first has the target's law.
    return Counter(int(_speculative_sampling(torch.tensor([[y]]), draft, 1, target)[0][0, 0]) for y in candidates)


if __name__ == "__main__":
    for line in drawn():
        print(json.dumps(line))
        sys.stdout.flush()

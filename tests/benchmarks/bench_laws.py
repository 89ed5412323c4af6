"""The judge of samplers, and the divergence of long irrational laws, each against one second."""

import math
import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction

from frame import Row, check, fastest, main

import reference as ref
from reference.laws import top_p

LIMIT = 1.0
"""Seconds."""

OUTCOMES, EXPONENTIALS, VOCABULARY = 1_000, 10_000, 50_257


def rows() -> list[Row]:
    """Judge counts and draws; compute a divergence; transform the law of a token."""
    source = random.Random(1)
    weights = [1 + 37 * i % 101 for i in range(OUTCOMES)]
    rational = ref.Law.weighted(range(OUTCOMES), weights)
    draws = source.choices(range(OUTCOMES), weights, k=10**6)
    counts = Counter(draws)
    logits = [source.gauss(0, 1) for _ in range(OUTCOMES)]
    soft, whole = _softmax(logits), sum(map(math.exp, logits))
    many = {y: round(10**8 * math.exp(z) / whole) for y, z in enumerate(logits)}
    p, q, token = (
        _softmax([source.gauss(0, 1) for _ in range(size)]) for size in (EXPONENTIALS, EXPONENTIALS, VOCABULARY)
    )
    check(agree=not ref.judge_sampler(counts, rational).refuted, work="judge")
    check(agree=not ref.judge_sampler(many, soft).refuted, work="judge")
    return [
        _row("judge, 10^6 counts of 1,000 outcomes", lambda: ref.judge_sampler(counts, rational)),
        _row("judge, the same draws in order", lambda: ref.judge_sampler(draws, rational)),
        _row("judge, 10^8 counts, softmax of 1,000 floats", lambda: ref.judge_sampler(many, soft)),
        _row("kl of two softmaxes of 10^4 floats", lambda: p.kl(q)),
        _row("top-p of a softmax of 50,257 floats", lambda: top_p(token, "0.95"), limit=None),
    ]


def _row(work: str, side: Callable[[], object], limit: float | None = 1) -> Row:
    (seconds,) = fastest(side)
    return Row(work, f"{LIMIT:g} second", seconds, LIMIT, limit)


def _softmax(logits: list[float]) -> ref.Law[int]:
    return ref.Law.weighted(range(len(logits)), [ref.exp(Fraction(z)) for z in logits])


if __name__ == "__main__":
    main(rows)

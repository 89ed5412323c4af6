"""How long the kernel takes for a law, told before Coq starts."""

from math import comb, prod

import certified_form
import computed_form as form

_STEP = 1.5e-5
"""Seconds for a weighted outcome, as measured on one core."""


def seconds_of_law(written: certified_form.Written, setting: form.Setting) -> float:
    """Return about how many seconds the kernel takes, within a factor of two or so.

    SpannerSampling: each list of accepted pairs, each round after it, each value of the normaliser, then a draw.  The
    numbers have digits in proportion to the draws: with ``N = 24`` and two rewards SoftmaxSampler's law takes 10 s,
    with 48 it takes 150.
    """
    sizes = [sum(mass > 0 for mass, _ in responses) for _, _, responses in written.prompts]
    kind, inputs = setting
    N = int(inputs[-1])
    sampler = [n * comb(N + n - 1, n - 1) for n in sizes]
    if kind != "Returned":
        return _STEP * N**3 * sum(sampler)
    n_prompt, n_pair, t_exp = (int(n) for n in inputs[:3])
    pairs = sum(n**2 for n in sizes) ** n_prompt * n_pair
    rounds = sum(prod(each) for each in zip(sizes, sampler, strict=True)) ** t_exp
    return float(_STEP * pairs * rounds * sum(sampler)) * max(1, N / 2) ** 2

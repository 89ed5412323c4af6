"""The certificate of SoftmaxSampler's number of draws, with bounds on the logarithm that witness it."""

import certified_form as form
from flint import fmpq

from reference.algorithms import number_of_draws
from reference.exact.log_linear import log

_BITS, _SPARE = 128, 20
"""The kernel's precision, as ``cert_draws.v`` has it, and bits that its bounds on ``exp`` leave open."""


def number_of_draws_answer(answers: list[str]) -> list[str]:
    """Return it as a term of Coq, for the claimed coverage; none without one, or where precision does not decide N."""
    if (M := form.draws_bound(answers)) is None:
        return []
    delta = fmpq(form.DELTA.numerator, form.DELTA.denominator)
    N = number_of_draws(M, delta)
    above = (log(4 / delta) * 2**_BITS).ceil()
    low, high = above - 2**_SPARE, above + 2**_SPARE
    if not (N - 1) << _BITS < 4 * M * low < 4 * M * high <= N << _BITS:
        return []
    return [f"Draws {M} {form.rational(form.DELTA)} {N} {low} {high}"]

"""How long the kernel takes for a certificate, told before Coq starts."""

from fractions import Fraction
from math import log2

import certified_form as form
import token_form

from proofs_check.certified.soft_values import exponentials

LOADING = 2.5
"""Seconds until the libraries are loaded."""

MOST = 60
"""Seconds beyond which a certificate is refused."""

SQUARED_BIT, COEFFICIENT = 1.15e-7, 4.5e-4
"""Seconds for soft values: for each squared bit of ``exp(V/beta)``, and each coefficient of a reward."""


def seconds_predicted(written: form.Written, *, enclosed: bool = False) -> int:
    """Return about how many seconds the kernel takes: as measured on one core, with up to 1,000 responses.

    Each response costs the square of the dimension, each pair to one prompt a lookup; both grow with the digits of the
    base masses.  Where ``pi*`` is ``enclosed``, each response costs two bounds on ``exp`` and a term of KL.
    """
    support = [[response for response in responses if response[0] > 0] for _, _, responses in written.prompts]
    n, width = sum(map(len, support)), max(len(written.theta), len(written.atoms))
    digits = [len(f"{mass.numerator}{mass.denominator}") for responses in support for mass, _ in responses]
    long = max(1.0, sum(digits) / (5.5 * max(n, 1)))
    lookups = 1.6e-6 * sum(len(s) ** 2 for s in support)
    return round(LOADING + long * (8e-4 * n * len(written.theta) * width + lookups) + enclosed * 0.025 * n)


def seconds_for_tokens(written: token_form.Written) -> int:
    """Return the same for soft values and realizability: measured with up to 12,000 coefficients, and 2,600 bits."""
    seconds = LOADING + COEFFICIENT * written.coefficients
    widest = max(_bits_of_power(edge.reward[1], written.beta) for edges in written.nodes for edge in edges)
    if written.horizon * widest > _WIDE:
        return round(seconds + SQUARED_BIT * (written.horizon * widest) ** 2)
    values, _, _ = exponentials(written)
    return round(seconds + SQUARED_BIT * sum(_bits(value) ** 2 for value in values))


_WIDE = 50_000  # bits of exp(V/beta) at most, as all layers earn the most: beyond, values are not computed here
_MANY = Fraction(10**15)  # a larger power is not told apart


def _bits_of_power(logs: dict[Fraction, Fraction], beta: Fraction) -> float:
    return sum(float(min(abs(c / beta), _MANY)) * (log2(a.numerator) + log2(a.denominator)) for a, c in logs.items())


def _bits(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()

"""How long the kernel takes for a certificate, told before Coq starts."""

import certified_form as form

LOADING = 2.5
"""Seconds until the libraries are loaded."""

MOST = 60
"""Seconds beyond which a certificate is refused."""


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

"""Programs to start from where code is graded: three ways to write a softmax, and three functions at once."""

from typing import Final

_NAIVE = '''from math import exp


def softmax(pi, r, beta):
    """The law proportional to pi(y) exp(r(y) / beta)."""
    weights = [p * exp(x / beta) for p, x in zip(pi, r)]
    return [w / sum(weights) for w in weights]
'''

_SHIFTED = '''from math import exp, fsum, isfinite


def softmax(pi, r, beta):
    """The law proportional to pi(y) exp(r(y) / beta); ValueError where there is none."""
    if len(pi) != len(r) or not all(map(isfinite, [*pi, *r, beta])) or beta <= 0:
        raise ValueError("finite numbers, a reward for each mass, and beta > 0")
    if min(pi) < 0 or fsum(pi) != 1:
        raise ValueError("pi is no law")
    top = max(x for p, x in zip(pi, r) if p > 0)
    weights = [p * exp((x - top) / beta) if p > 0 else 0.0 for p, x in zip(pi, r)]
    total = fsum(weights)
    return [w / total for w in weights]
'''

_SINGLE = (
    _SHIFTED.replace(
        "from math import exp, fsum, isfinite\n",
        '''from math import exp, fsum, isfinite
from struct import pack, unpack


def single(x):
    """Round to 24 bits, as float32 does."""
    return unpack("f", pack("f", x))[0]
''',
    )
    .replace("p * exp((x - top) / beta)", "single(p * exp(single(x - top) / beta))")
    .replace("[w / total for", "[single(w / total) for")
)

_THREE = '''from math import exp, fsum, log


def log_partition(pi, r, beta):
    """beta log sum_y pi(y) exp(r(y) / beta)"""
    top = max(r)
    return top + beta * log(fsum(p * exp((x - top) / beta) for p, x in zip(pi, r)))


def softmax(pi, r, beta):
    z = log_partition(pi, r, beta)
    return [p * exp((x - z) / beta) for p, x in zip(pi, r)]


def kl(p, q):
    """sum_y p(y) log(p(y) / q(y))"""
    return fsum(a * log(a / b) for a, b in zip(p, q) if a > 0)
'''

EXAMPLES: Final = (
    ("exp as it is", "Short, and right for small rewards.", _NAIVE),
    ("shifted by the largest", "What libraries do: the largest exponent is 0, and bad input is refused.", _SHIFTED),
    ("shifted, in 24 bits", "The same, but each number is rounded as float32 rounds it.", _SINGLE),
    ("log-sum-exp and KL", "Three functions: which of them is careful enough?", _THREE),
)
"""A title, a remark, and the code."""

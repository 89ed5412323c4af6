"""A second right implementation of the kit's functions of token trees: plain Python floats, prefix by prefix.

It shares no code with the package, nor with the numpy programs.
"""

from collections.abc import Sequence
from math import exp, fsum, log, log1p

from tests.conformance.right.plain_floats import Floats, Rows, _finite, _law, _log_partition, coverage, softmax

name = "plain Python floats, token trees"
format = "binary64"  # noqa: A001 - the protocol's word

Prefix = tuple[int, ...]


def soft_value(base: Rows, r: Floats, beta: float) -> float:
    return _value(_laws(base, r, beta), (), r, beta)


def token_policy(base: Rows, r: Floats, beta: float, prefix: Sequence[int]) -> list[float]:
    laws = _laws(base, r, beta)
    if tuple(prefix) not in laws:
        raise ValueError("a prefix that is none")
    return softmax(laws[tuple(prefix)], _children(laws, tuple(prefix), r, beta), beta)


def chain_log_prob(base: Rows, r: Floats, beta: float, tokens: Sequence[int]) -> float:
    laws = _laws(base, r, beta)
    if len(tokens) != _depth(laws) or not all(0 <= token < len(base[0]) for token in tokens):
        raise ValueError("needs a token for each step")
    found = []
    for h, token in enumerate(tokens):
        prefix = tuple(tokens[:h])
        found.append(_log_mass(laws[prefix], _children(laws, prefix, r, beta), token, beta))
    return fsum(found)


def token_coverage(base: Rows, r: Floats, beta: float) -> float:
    laws = _laws(base, r, beta)
    live = [prefix for prefix in laws if all(laws[prefix[:h]][token] > 0 for h, token in enumerate(prefix))]
    return max(coverage(laws[prefix], _children(laws, prefix, r, beta), beta) for prefix in live)


def sequence_coverage(base: Rows, r: Floats, beta: float) -> float:
    """``1/E[exp((r - top)/beta)]``, with ``top`` the best reward of a response that can come."""
    laws = _laws(base, r, beta)
    depth, width = _depth(laws), len(base[0])
    leaves = [_path(y, depth, width) for y in range(len(r))]
    top = max(r[y] for y, leaf in enumerate(leaves) if all(laws[leaf[:h]][a] > 0 for h, a in enumerate(leaf)))
    level = [exp((x - top) / beta) if x <= top else 0.0 for x in r]  # what is better cannot come
    for h in reversed(range(depth)):
        level = [
            fsum(p * level[j * width + a] for a, p in enumerate(laws[_path(j, h, width)]) if p > 0)
            for j in range(width**h)
        ]
    return 1 / level[0]


def _laws(base: Rows, r: Floats, beta: float) -> dict[Prefix, Floats]:
    """The law after each prefix: the shorter ones first, in the order of their tokens."""
    _finite(beta, *r)
    if not beta > 0 or not base or not base[0] or len({len(law) for law in base}) != 1:
        raise ValueError("needs beta > 0, and laws of one length")
    for law in base:
        _law(law, "a row of base")
    width, depth, prefixes = len(base[0]), 0, list[Prefix]()
    while len(prefixes) < len(base):
        prefixes += [_path(j, depth, width) for j in range(width**depth)]
        depth += 1
    if len(prefixes) != len(base) or len(r) != width**depth:
        raise ValueError("needs a law for each prefix, and a reward for each response")
    return dict(zip(prefixes, base, strict=True))


def _depth(laws: dict[Prefix, Floats]) -> int:
    return max(map(len, laws)) + 1


def _path(number: int, length: int, width: int) -> Prefix:
    """The tokens of a number, the first most significant."""
    return tuple(number // width ** (length - 1 - h) % width for h in range(length))


def _value(laws: dict[Prefix, Floats], prefix: Prefix, r: Floats, beta: float) -> float:
    if prefix not in laws:
        place = 0
        for token in prefix:
            place = place * len(laws[()]) + token
        return r[place]
    return _log_partition(laws[prefix], _children(laws, prefix, r, beta), beta)


def _children(laws: dict[Prefix, Floats], prefix: Prefix, r: Floats, beta: float) -> list[float]:
    return [_value(laws, (*prefix, token), r, beta) for token in range(len(laws[()]))]


def _log_mass(law: Floats, values: Floats, token: int, beta: float) -> float:
    """``-log1p`` of the odds against a token: small where it is nearly certain, and without a difference there."""
    if law[token] == 0:
        raise ValueError("a response that cannot come")
    against = [
        (p / law[token], (v - values[token]) / beta)
        for other, (p, v) in enumerate(zip(law, values, strict=True))
        if other != token and p > 0
    ]
    top = max((x for _, x in against), default=0.0)
    if top < 600:
        return -log1p(fsum(odds * exp(x) for odds, x in against))
    return -(top + log(fsum(odds * exp(x - top) for odds, x in against)))

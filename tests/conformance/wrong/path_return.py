"""Wrong versions of ``beta sum_h log(pi_h/pi_ref,h)`` along a path; each function is one."""

from collections.abc import Sequence
from math import exp, fsum, log

from tests.conformance.right.plain_floats import path_return as right

Floats = Sequence[float]
Rows = Sequence[Floats]
Tokens = Sequence[int]

_NEVER = -1


def padding_counted(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:  # noqa: ARG001
    """Counts what stands after the end. [trl#6803]"""
    return right(logits, base_logits, tokens, _NEVER, beta)


def eos_left_out(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:
    """Leaves the end token out. [PaddleFormers#4908]"""
    last = list(tokens).index(eos) if eos in tokens else len(tokens)
    return right(logits, base_logits, tokens[:last], _NEVER, beta) if last else 0.0


def shifted_by_one(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:
    """Reads each token's logarithm from the row after it. [trl#633]"""
    last = list(tokens).index(eos) if eos in tokens else len(tokens) - 1
    rows = [min(h + 1, len(logits) - 1) for h in range(last + 1)]
    return right([logits[h] for h in rows], [base_logits[h] for h in rows], tokens[: last + 1], _NEVER, beta)


def length_normalised(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:
    """Divides by the length. [ms-swift#9925]"""
    length = list(tokens).index(eos) + 1 if eos in tokens else len(tokens)
    return right(logits, base_logits, tokens, eos, beta) / length


def sign(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:
    """The base model over the policy."""
    return -right(logits, base_logits, tokens, eos, beta)


def beta_missing(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:  # noqa: ARG001
    """Leaves ``beta`` out."""
    return right(logits, base_logits, tokens, eos, 1.0)


def reference_unnormalised(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:
    """Takes the base model's logits for logarithms of masses."""
    last = list(tokens).index(eos) if eos in tokens else len(tokens) - 1
    taken = fsum(base_logits[h][tokens[h]] for h in range(last + 1))
    return right(logits, [[0.0] * len(row) for row in base_logits], tokens, eos, beta) - beta * (
        taken + fsum(log(len(base_logits[h])) for h in range(last + 1))
    )


def first_token_only(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:
    """Stops after one token."""
    return right(logits, base_logits, tokens[:1], eos, beta)


def naive_log_softmax(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:
    """The logarithm of a softmax without a shift: it overflows."""
    last = list(tokens).index(eos) if eos in tokens else len(tokens) - 1
    return beta * fsum(
        log(exp(row[tokens[h]]) / fsum(map(exp, row))) * side
        for h in range(last + 1)
        for row, side in ((logits[h], 1), (base_logits[h], -1))
    )


def last_end_counts(logits: Rows, base_logits: Rows, tokens: Tokens, eos: int, beta: float) -> float:
    """Goes on to the last end token, where padding is the end token."""
    last = max((h for h, a in enumerate(tokens) if a == eos), default=len(tokens) - 1)
    return right(logits, base_logits, tokens[: last + 1], _NEVER, beta)

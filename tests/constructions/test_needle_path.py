"""The needle path: the facts of the docstring, against the definitions on its sequences."""

import pytest
from flint import fmpq

from reference.constructions.needle_paths import needle_path
from reference.exact import log, real
from reference.exact.law import Law
from reference.model import coverage, optimum
from reference.model.checks import ProblemError
from reference.model.policy import base_policy
from reference.model.ratios import token_coverage
from reference.model.realizability import Realizable, decide_realizability
from reference.model.soft_bellman import soft_values
from reference.model.values import gap, objective, optimal_value

HORIZONS = (1, 2, 3, 6)


def weight(H: int, k: int) -> fmpq:
    """``u_k``: the mean of ``exp(r)`` over the ``2^k`` ways to complete a prefix of the string."""
    return 1 + fmpq(4**H - 1, 2**k)


@pytest.mark.parametrize(("H", "s"), [*((H, None) for H in HORIZONS), (1, "0"), (3, "000"), (4, "0110")])
def test_one_sequence_earns_everything_and_the_features_are_its_prefixes(H: int, s: str | None) -> None:
    problem = needle_path(H, s)
    assert problem.name == f"needle-path-{s or H}"
    needle = tuple(map(int, s or "1" * H))
    for sequence in problem.expanded(0):
        assert problem.reward_of(0, sequence) == (log(2) * 2 * H if sequence == needle else 0)
        node = problem.prompts[0].root
        for h, token in enumerate(sequence):
            edge = problem.layers[h][node][token]
            assert edge.token == "01"[token]
            assert edge.pi_ref == fmpq(1, 2)
            assert list(edge.phi) == [1 if sequence[: h + 1] == needle[: h + 1] else 0]
            node = edge.child
    assert problem.sequence_count() == 2**H
    assert real(log(2) * 2 * H) <= problem.R_max < real(log(2) * 2 * H + 1)


@pytest.mark.parametrize("H", HORIZONS)
def test_coverage_of_tokens_and_of_sequences(H: int) -> None:
    problem = needle_path(H)
    assert token_coverage(problem) == weight(H, 0) / weight(H, 1) == fmpq(2 * 4**H, 4**H + 1)
    assert coverage(problem) == weight(H, 0) / weight(H, H)
    assert coverage(problem) == fmpq(2**H * 2**H) / (2**H + 1 - fmpq(1, 2**H))
    flat = problem.sequences()
    assert coverage(flat, optimum(flat)) == coverage(problem)


@pytest.mark.parametrize("H", [*HORIZONS, 32])
def test_values_and_parameters(H: int) -> None:
    problem = needle_path(H)
    values = soft_values(problem)
    for h in range(H):
        on = weight(H, H - h - 1) / weight(H, H - h) / 2
        assert values.optimal(h, 0) == Law.of({0: 1 - on, 1: on})
        assert h == 0 or values.optimal(h, 1) == Law.uniform([0, 1])
    assert optimal_value(problem) == log(weight(H, H))
    assert objective(problem, base_policy(problem)) == log(2) * fmpq(2 * H, 2**H)
    assert gap(problem, base_policy(problem)) == log(weight(H, H)) - log(2) * fmpq(2 * H, 2**H)
    answer = decide_realizability(problem)
    assert isinstance(answer, Realizable)
    assert answer.log_linear() == tuple((log(weight(H, H - h)),) for h in range(1, H + 1))


@pytest.mark.parametrize("H", [0, -1, 2.5])
def test_a_horizon_below_1_is_refused(H: int) -> None:
    with pytest.raises(ProblemError, match=f"H: {H}: needs an integer of at least 1"):
        needle_path(H)


@pytest.mark.parametrize("s", ["", "11", "1111", "012", "1 1"])
def test_a_string_that_is_not_of_H_bits_is_refused(s: str) -> None:
    with pytest.raises(ProblemError, match=f"s: '{s}': needs 3 bits, as in 010"):
        needle_path(3, s)

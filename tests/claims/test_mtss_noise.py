"""Line 3 of MTSS with noisy rewards: on fair bits a target is a sum over coins."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.algorithms.mtss import MTSS, fit, target
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import AcceptedPair, Layer
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear, log
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import At, World
from reference.model.problem import Problem
from tests.claims.second_opinion import at_most, mp, number, same


def noisy(H: int, earned: int, size: fmpq) -> tuple[Problem, tuple[Layer, ...]]:
    """Return fair bits with rewards off by ``size`` either way, and layers with a pair each."""
    problem = replace(fair_bits(H, log(earned)), noise=Law.uniform([-size, size]))
    start = MTSSPolicy.start(problem.dimensions, MTSS(1)).layers
    pairs = [AcceptedPair(At(0, (1,) * h), 0, 1, Vector.of([-1])) for h in range(H)]
    return problem, tuple(layer.with_pair(pair) for layer, pair in zip(start, pairs, strict=True))


def squares(earned: int, size: mp.mpf, n_out: int) -> tuple[mp.mpf, mp.mpf, mp.mpf]:
    """Return ``E e_1^2``, ``E e_2^2`` and ``E[2 pi_2 (1 - pi_2) e_2^2]`` of two bits, coin by coin."""
    coins = list(product((-1, 1), repeat=2 * n_out))
    first = last = passed = mp.mpf(0)
    for noise in coins:
        e = size * sum(a - b for a, b in zip(noise[::2], noise[1::2], strict=True)) / n_out
        heads = earned * mp.exp(e) / (1 + earned * mp.exp(e))
        chance = mp.mpf(1) / len(coins)
        last += chance * e**2
        passed += chance * 2 * heads * (1 - heads) * e**2
        for bits in product((0, 1), repeat=2 * n_out):
            mass = mp.fprod(heads if bit else 1 - heads for bit in bits)
            moved = e * sum(a - b for a, b in zip(bits[::2], bits[1::2], strict=True)) / n_out
            for other in coins:
                xi = size * sum(a - b for a, b in zip(other[::2], other[1::2], strict=True)) / n_out
                first += chance * mass * (xi - moved) ** 2 / len(coins)
    return first, last, passed


@pytest.mark.claim("mtss-target-noise")
@given(st.integers(1, 9), st.fractions("1/100", "3", max_denominator=100), st.integers(1, 2))
@settings(max_examples=6)
def test_the_error_of_a_layer_adds_to_that_of_the_one_before(earned: int, size: Fraction, n_out: int) -> None:
    s = mp.mpf(size.numerator) / size.denominator
    first, last, passed = squares(earned, s, n_out)
    variance = 2 * s**2 / n_out
    assert same(last, variance)
    assert same(first, variance + passed / n_out)
    assert at_most(first, variance * (1 + mp.mpf(1) / (2 * n_out)))
    problem, layers = noisy(2, earned, fmpq(size.numerator, size.denominator))
    if n_out == 1:
        table = law_of(lambda choice: fit(World(problem, choice, metered=False).tokens, layers, MTSS(1)))
        found = [mp.mpf(0), mp.mpf(0)]
        for fitted, mass in table.items():
            assert not isinstance(fitted, AcceptedPair)
            for h in range(2):
                found[h] += number(mass) * (number(fitted[h].theta[0]) - mp.log(earned)) ** 2
        assert same(found[0], first)
        assert same(found[1], last)


@pytest.mark.claim("mtss-target-noise")
@given(st.integers(2, 3), st.integers(2, 9), st.integers(2, 4), st.integers(0, 2**20))
@settings(max_examples=10)
def test_an_averaged_target_is_the_mean_of_targets(H: int, earned: int, n_out: int, seed: int) -> None:
    problem, layers = noisy(H, earned, fmpq(1, 10))
    pair = layers[0].psi[0]
    later = tuple(layer._replace(theta=(log(earned) + fmpq(h, 7),)) for h, layer in enumerate(layers))[1:]
    mean = target(World(problem, Seeded(seed)).tokens, later, pair, MTSS(1, n_out=n_out))
    one_by_one = World(problem, Seeded(seed)).tokens
    singles = [target(one_by_one, later, pair, MTSS(1)) for _ in range(n_out)]
    assert isinstance(mean, LogLinear)
    total = LogLinear(fmpq(0))
    for single in singles:
        assert isinstance(single, LogLinear)
        total += single
    assert mean * n_out == total

"""Powers of the polynomial of a law in balls: they hold the exact ones, and their absolute errors are small."""

from flint import arb, fmpq, fmpq_poly
from hypothesis import given
from hypothesis import strategies as st

from reference.exact.law import Law
from reference.exact.precision import workprec
from reference.laws.counts import balls
from reference.testing import laws, rationals


@given(laws((0, 1, 2, 5), 4), st.sampled_from([1, 2, 3, 21, 100, 500]))
def test_a_power_in_balls_holds_the_exact_one(law: Law[int], N: int) -> None:
    masses = [mass for k in range(6) if isinstance(mass := law.mass(k), fmpq)]
    exact = (fmpq_poly(masses) ** N).coeffs()
    with workprec(64):
        found = balls(64).power([arb(mass) for mass in masses], N)
    assert len(found) >= len(exact)
    with workprec(400):
        for k, ball in enumerate(found):
            power = arb(exact[k] if k < len(exact) else 0)
            assert ball.contains(power)
            assert ball.rad() <= power * arb(2) ** -40 + arb(2) ** -150


def test_the_ends_of_a_long_power_are_known_to_be_small() -> None:
    with workprec(64):
        found = balls(64).power([arb(fmpq(1, 2)), arb(0), arb(fmpq(1, 2))], 1000)
        assert found[0].contains(arb(2) ** -1000)
        assert found[0].rad() > 0
        assert found[0].abs_upper() < arb(2) ** -150
        assert all(ball == 0 for ball in found[1::2])
        assert found[1000].rel_accuracy_bits() > 40


@given(rationals(fmpq(1, 100), fmpq(99, 100)), st.sampled_from([1, 2, 3, 50, 2000]))
def test_a_binomial_law_in_balls_holds_the_exact_one(b: fmpq, N: int) -> None:
    with workprec(64):
        found = balls(64).power([arb(1 - b), arb(b)], N)
    assert len(found) == N + 1
    with workprec(400):
        power = arb(1 - b) ** N
        for k, ball in enumerate(found):
            assert ball.contains(power)
            assert ball.rad() <= power * arb(2) ** -40 + arb(2) ** -150
            power = power * b / (1 - b) * (N - k) / (k + 1)

"""Realizability: decided by hand, on constructed instances, and certificates that are checked and tampered with."""

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from reference.certificates import CertificateError
from reference.certificates.realizability import Term, check_not_realizable, check_realizable
from reference.constructions.fair_bit_strings import fair_bits
from reference.exact import LogLinear, Real, Undecided, coprimes, log, real
from reference.exact.number import precision_cap
from reference.exact.sizes import product_cap
from reference.model.parts import Edge, Start
from reference.model.policy import Parameters, optimum, softmax
from reference.model.problem import Problem
from reference.model.realizability import NotRealizable, Realizable, decide_realizability
from reference.model.values import gap
from reference.testing import problems, realizable_problems
from tests.model.tree_peer import two_step


def terms(found: NotRealizable) -> list[Term]:
    return [(t.coefficient, t.x, t.prefix, t.a, t.b) for t in found.terms]


def yes(problem: Problem) -> Realizable:
    found = decide_realizability(problem)
    assert isinstance(found, Realizable)
    return found


def no(problem: Problem) -> NotRealizable:
    found = decide_realizability(problem)
    assert isinstance(found, NotRealizable)
    return found


def test_fair_bits_are_realizable_at_any_horizon() -> None:
    assert yes(fair_bits(64, log(3))).log_linear() == ((log(3),),) * 64
    assert yes(fair_bits(5, 1)).log_linear() == ((LogLinear(fmpq(1)),),) * 5
    check_realizable(fair_bits(400, log(3)), ((log(3),),) * 400)  # no deep recursion


@pytest.mark.parametrize("last", [log(5), LogLinear(fmpq(1)), log(2) / 3])
def test_two_steps_with_one_reward_are_not(last: LogLinear) -> None:
    # Features are equal at both prefixes, Q differences are 0 after 0 and r(1,1) after 1.
    found = no(two_step(last))
    assert found.layer == 1
    assert sorted((t.coefficient, t.prefix) for t in found.terms) == [(-1, (0,)), (1, (1,))]
    check_not_realizable(two_step(last), found.layer, terms(found))


@given(realizable_problems())
def test_the_optimum_of_log_ratio_rewards_is_found(member: tuple[Problem, Parameters]) -> None:
    problem, thetas = member
    assert optimum(problem).problem is not None
    assert gap(problem, softmax(problem, *thetas)).exact == 0
    found = yes(problem).log_linear()
    assert found is not None
    assert gap(problem, softmax(problem, *found)).exact == 0
    check_realizable(problem, thetas)
    check_realizable(problem, found)


@given(problems())
def test_every_answer_has_a_certificate(problem: Problem) -> None:
    found = decide_realizability(problem)
    if isinstance(found, Realizable):
        check_realizable(problem, found.thetas)
    else:
        check_not_realizable(problem, found.layer, terms(found))


@given(realizable_problems(), st.data())
def test_a_wrong_parameter_is_rejected(member: tuple[Problem, Parameters], data: st.DataObject) -> None:
    problem, thetas = member
    h = data.draw(st.integers(0, problem.horizon - 1))
    shifted = [list(theta) for theta in thetas]
    shifted[h] = [entry + 1 for entry in shifted[h]]
    same = gap(problem, softmax(problem, *shifted)).sign() == 0
    if same:  # no difference of features sees the shift
        check_realizable(problem, shifted)
    else:
        with pytest.raises(CertificateError, match="differs from Q - Q'"):
            check_realizable(problem, shifted)


def exp_sum_problem(reward: LogLinear) -> Problem:
    """``H = 2``: after 0 one sure token, after 1 two fair ones, with rewards 0 and 1: ``U = (1+e)/2``."""
    root = [Edge.of("0", "1/2", [0], reward=reward), Edge.of("1", "1/2", [1], child=1)]
    layers = [[root], [[Edge.of("0", 1, [0])], [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=1)]]]
    return Problem.of("exp-sum", [Start.of("x")], layers, beta=1, R_max=10)


def test_a_parameter_that_is_a_logarithm_of_an_exp_sum() -> None:
    found = yes(exp_sum_problem(LogLinear(fmpq(0))))
    assert found.log_linear() is None
    (theta,) = found.thetas[0]
    assert isinstance(theta, Real)
    assert abs(theta.enclosure(100) - real(fmpq(62011450696, 10**11)).enclosure(100)) < fmpq(1, 10**10)


def mixed_layer(shift: fmpq) -> Problem:
    """Two prompts whose Q differences at the root are logs of exp-sums, equal up to ``shift``."""
    nodes = [
        [Edge.of("0", "1/2", [0], reward=extra), Edge.of("1", "1/2", [1], reward=more, child=1)]
        for extra, more in ((fmpq(0), fmpq(0)), (fmpq(1), 1 + shift))
    ]
    layers = [nodes, [[Edge.of("0", 1, [0])], [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=1)]]]
    prompts = [Start.of("x", rho="1/2"), Start.of("y", rho="1/2", root=1)]
    return Problem.of("mixed", prompts, layers, beta=1, R_max=10)


def test_equal_exp_ratios_are_recognised_and_unequal_ones_told_apart() -> None:
    assert yes(mixed_layer(fmpq(0)))
    tiny = fmpq(1, 2**600)  # below what the first look sees: multiplied out
    found = no(mixed_layer(tiny))
    check_not_realizable(mixed_layer(tiny), found.layer, terms(found))


def squared() -> Problem:
    """Two prompts: half the feature and ``Q = log((1+e)/2)``; the whole feature and twice that ``Q``, as a sum."""
    nodes = [[Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [phi], child=child)] for phi, child in (("1/2", 1), (1, 2))]
    one = [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=1)]
    two = [Edge.of("0", "1/4", [0]), Edge.of("1", "1/2", [1], reward=1), Edge.of("2", "1/4", [1], reward=2)]
    prompts = [Start.of("x", rho="1/2"), Start.of("y", rho="1/2", root=1)]
    return Problem.of("squared", prompts, [nodes, [[Edge.of("0", 1, [0])], one, two]], beta=1, R_max=10)


def test_a_product_of_exp_ratios_is_multiplied_out(monkeypatch: pytest.MonkeyPatch) -> None:
    # Layer 1 rules it out (two rewards for one feature), but layer 0 comes first and is realizable.
    assert no(squared()).layer == 1
    monkeypatch.setattr(coprimes, "MAX_DEGREE", 0)
    with precision_cap(512), product_cap(0), pytest.raises(Undecided, match=r"layer 0 at prompt 'y', prefix \(\)"):
        decide_realizability(squared())


def test_tampered_certificates_are_rejected() -> None:
    problem = two_step(log(5))
    found = no(problem)
    right = terms(found)
    with pytest.raises(CertificateError, match="there is no layer 2"):
        check_not_realizable(problem, 2, right)
    with pytest.raises(CertificateError, match="features sum to"):
        check_not_realizable(problem, 1, right[:1])
    with pytest.raises(CertificateError, match="nothing is ruled out"):
        check_not_realizable(problem, 1, [right[0], (-1, *right[0][1:])])
    with pytest.raises(CertificateError, match="nothing is ruled out"):
        check_not_realizable(problem, 1, [])
    with pytest.raises(CertificateError, match="no prompt 3"):
        check_not_realizable(problem, 1, [(1, 3, (0,), 1, 0)])
    with pytest.raises(CertificateError, match="prefix of length 1"):
        check_not_realizable(problem, 1, [(1, 0, (0, 1), 1, 0)])
    with pytest.raises(CertificateError, match="token 7 does not follow"):
        check_not_realizable(problem, 1, [(1, 0, (7,), 1, 0)])
    with pytest.raises(CertificateError, match="tokens 1 and 5"):
        check_not_realizable(problem, 1, [(1, 0, (0,), 1, 5)])
    with pytest.raises(CertificateError, match="1 parameters for 2 layers"):
        check_realizable(problem, [[log(2)]])
    with pytest.raises(CertificateError, match="layer 0: 2 entries"):
        check_realizable(problem, [[log(2), log(2)], [log(2)]])


def test_a_token_without_base_mass_rules_nothing_out() -> None:
    root = [Edge.of("0", "1/2", [0]), Edge.of("1", "1/2", [1], reward=log(2)), Edge.of("2", 0, [1], reward=log(7))]
    problem = Problem.of("masked", [Start.of("x")], [[root]], beta=1, R_max=1)
    assert yes(problem).log_linear() == ((log(2),),)
    with pytest.raises(CertificateError, match="tokens 2 and 1"):
        check_not_realizable(problem, 0, [(1, 0, (), 2, 1)])

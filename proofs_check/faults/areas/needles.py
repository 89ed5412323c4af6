"""Faults of the needle family: its members, and each of its stated facts and bounds."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="needles", module="constructions.needles")

FAULTS = (
    _fault(
        name="needle-mass-one-over-c-plus-one", function="NeedleFamily.p",
        old="1 / self.C", new="1 / (self.C + 1)",
        what="p = 1/(C + 1)",
        test="tests/constructions/test_needle_family.py::test_the_numbers_of_one_member",
    ),
    _fault(
        name="needle-size-without-directions", function="NeedleFamily.size",
        old="self.k << self.dimension", new="self.k",
        what="the family has k members",
        test="tests/constructions/test_needle_family.py::test_the_numbers_of_one_member",
    ),
    _fault(
        name="needle-everywhere", function="_member",
        old="v if i == position else zero", new="v",
        what="every response has the needle's features",
        test="tests/constructions/test_needle_family.py::test_the_numbers_of_one_member",
    ),
    _fault(
        name="needle-coverage-without-the-rest", function="NeedleFamily.coverage",
        old="1 - self.p + self.p * top", new="self.p * top",
        what="C_cov leaves out 1 - p in the denominator",
        test="tests/constructions/test_needle_family.py::test_closed_forms_agree_with_the_model",
    ),
    _fault(
        name="needle-value-without-beta", function="NeedleFamily.optimal_value",
        old="real_log(1 - self.p + self.p * exp(1 / self.beta)) * self.beta",
        new="real_log(1 - self.p + self.p * exp(1 / self.beta))",
        what="J(pi*) leaves out beta",
        test="tests/constructions/test_needle_family.py::test_closed_forms_agree_with_the_model",
    ),
    _fault(
        name="needle-learnable-up-to-the-square", function="NeedleFamily.is_learnable",
        old="log(self.C) * self.beta * 2 <= 1", new="log(self.C) * self.beta <= 1",
        what="C <= e^(1/beta) for C <= e^(1/(2 beta))",
        test="tests/constructions/test_needle_family.py::test_the_bound_of_the_paper_and_when_c_is_small",
    ),
    _fault(
        name="needle-hits-with-the-odds-inverted", function="_hits",
        old="(1 - p) / p", new="p / (1 - p)",
        what="the odds of a hit are inverted",
        test="tests/constructions/test_needle_family.py::test_hit_probability_against_mpmath",
    ),
    _fault(
        name="needle-hits-at-another-scale", function="NeedleFamily.hit_probability",
        old="self.beta * self.m * vector.denominator", new="self.beta * vector.denominator",
        what="<theta, v*> is m times too large",
        test="tests/constructions/test_needle_family.py::test_hit_probability_against_mpmath",
    ),
    _fault(
        name="needle-qbar-with-one", function="NeedleFamily.qbar",
        old="odds * exp(1 / (2 * scale))", new="odds * exp(1 / scale)",
        what="e^(1/(d beta^2)) in qbar",
        test="tests/constructions/test_needle_family.py::test_qbar_against_mpmath",
    ),
    _fault(
        name="needle-bound-three-sixteenths", function="NeedleFamily.our_bound",
        old="fmpq(3, 32)", new="fmpq(3, 16)",
        what="3/(16 qbar) for 3/(32 qbar)",
        test="tests/constructions/test_needle_family.py::test_both_bounds_beside_each_other",
    ),
    _fault(
        name="needle-bound-with-one", function="NeedleFamily.our_bound",
        old="odds * exp(1 / (2 * scale))", new="odds * exp(1 / scale)",
        what="e^(1/(d beta^2)) in the bound",
        test="tests/constructions/test_needle_family.py::test_both_bounds_beside_each_other",
    ),
    _fault(
        name="needle-paper-bound-with-one", function="NeedleFamily.paper_bound",
        old="exp(1 / (2 * self.beta))", new="exp(1 / self.beta)",
        what="e^(1/beta) in the paper's bound",
        test="tests/constructions/test_needle_family.py::test_the_bound_of_the_paper_and_when_c_is_small",
    ),
    _fault(
        name="needle-game-without-the-free-guess", function="NeedleFamily.game_value",
        old="fmpq(t_data + 1, self.k)", new="fmpq(t_data, self.k)",
        what="T_data/k for (T_data + 1)/k",
        test="tests/constructions/test_needle_family.py::test_game_value_by_hand",
    ),
    _fault(
        name="needle-game-one-draw-more", function="NeedleFamily.game_value",
        old="(1 - self.p) ** t_comp", new="(1 - self.p) ** (t_comp + 1)",
        what="(1-p)^(T_comp + 1)",
        test="tests/constructions/test_needle_family.py::test_game_value_by_hand",
    ),
    Fault(
        name="twin-in-the-other-direction", of="needles", module="constructions.twins", function="shifted",
        old="entry.baseline - t * w.dot(problem.phi(x, asked[x][0]))",
        new="entry.baseline + t * w.dot(problem.phi(x, asked[x][0]))",
        what="the second instance moves its baseline the wrong way",
        test="tests/constructions/test_indistinguishable.py::test_one_reward_says_nothing_about_two_arms",
    ),
    Fault(
        name="twin-orthogonal-to-one-query", of="needles", module="constructions.twins", function="indistinguishable",
        old="ys[1:]", new="ys[1:2]",
        what="the second instance looks at two queries a prompt",
        test="tests/constructions/test_indistinguishable.py::test_answers_agree_on_random_instances",
    ),
)  # fmt: skip
"""In the order of the module."""

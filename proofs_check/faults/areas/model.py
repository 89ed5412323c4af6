"""Faults of the model: objective, gap, divergence, coverage, and the oracles."""

from functools import partial

from proofs_check.faults.fault import Fault

_of_tilt = partial(Fault, of="model", module="model.tilt")
_of_form = partial(Fault, of="model", module="model.forms")
_of_values = partial(Fault, of="model", module="model.values")
_of_soft = partial(Fault, of="model", module="model.soft_bellman")
_of_profile = partial(Fault, of="model", module="model.profile")
_of_world = partial(Fault, of="model", module="interaction.world")

FAULTS = (
    Fault(
        name="softmax-without-beta", of="model", module="model.tilted_sums", function="TiltedSums.__init__",
        old="1 / beta", new="fmpq(1)",
        what="pi_ref exp(f) for pi_ref exp(f/beta)",
        test="tests/model/test_objective.py::test_rational_rewards_by_hand",
    ),
    _of_tilt(
        name="log-partition-without-beta", function="Tilt.log_partition",
        old="self.scores[0] / self.beta", new="self.scores[0]",
        what="log Z is off by f(y_0)(1 - 1/beta)",
        test="tests/model/test_objective.py::test_rational_rewards_by_hand",
    ),
    _of_tilt(
        name="value-without-beta", function="Tilt.value",
        old="self.log_partition() * beta", new="self.log_partition()",
        what="J's closed form has log Z for beta log Z",
        test="tests/model/test_objective.py::test_j_agrees_with_mpmath",
    ),
    _of_tilt(
        name="kl-without-the-normaliser", function="Tilt.kl",
        old="self.mean(self.scores) / self.beta - self.log_partition()", new="self.mean(self.scores) / self.beta",
        what="KL(pi_f || pi_ref) leaves out log Z",
        test="tests/model/test_objective.py::TestTwoArms::test_values_are_log_linear",
    ),
    _of_tilt(
        name="regret-without-beta", function="Tilt.regret",
        old="self.log_partition() * beta", new="self.log_partition()",
        what="the gap has log Z for beta log Z",
        test="tests/model/test_objective.py::test_gibbs",
    ),
    _of_tilt(
        name="coverage-of-the-least-likely", function="Tilt.coverage",
        old="extremes(self.scores)[1]", new="extremes(self.scores)[0]",
        what="the least ratio for the largest",
        test="tests/model/test_coverage.py::test_two_arms_by_hand",
    ),
    _of_tilt(
        name="l1-coverage-a-power-less", function="Tilt.l1_coverage",
        old="e * 2", new="e",
        what="E_ref exp(f/beta)/Z^2 for E_ref exp(2f/beta)/Z^2",
        test="tests/model/test_coverage.py::test_two_arms_by_hand",
    ),
    _of_form(
        name="objective-plus-kl", function="Plain.value",
        old="self.mean(rewards) - self.kl() * beta", new="self.mean(rewards) + self.kl() * beta",
        what="J adds the divergence",
        test="tests/model/test_objective.py::test_j_agrees_with_mpmath",
    ),
    _of_form(
        name="objective-without-beta", function="Plain.value",
        old="self.kl() * beta", new="self.kl()",
        what="J leaves out beta",
        test="tests/model/test_objective.py::test_j_agrees_with_mpmath",
    ),
    _of_form(
        name="gap-with-kl-reversed", function="Plain.regret",
        old="other.law().kl(self.pi) * beta", new="self.pi.kl(other.law()) * beta",
        what="the gap has KL(pi* || pi)",
        test="tests/model/test_node_policy.py::test_fair_bits_by_hand",
    ),
    _of_form(
        name="l1-coverage-of-one-power", function="Plain.l1_coverage",
        old="w * scaled", new="scaled",
        what="sum pi/pi_ref for sum pi^2/pi_ref",
        test="tests/model/test_coverage.py::test_the_base_model_covers_itself",
    ),
    _of_values(
        name="oscillation-is-the-maximum", function="oscillation",
        old="greatest - least", new="greatest",
        what="max f for max f - min f",
        test="tests/claims/test_objective.py::test_coverage_lies_between_one_and_the_range_of_rewards",
    ),
    _of_soft(
        name="soft-value-without-beta", function="SoftValues.value",
        old="self.tilt(i).log_partition() * self.problem.beta", new="self.tilt(i).log_partition()",
        what="V = log U for beta log U in the last layer",
        test="tests/model/test_objective.py::test_rational_rewards_by_hand",
    ),
    _of_soft(
        name="soft-branch-without-the-rest", function="SoftValues.branch",
        old="exact if h + 1 == self.problem.horizon else exact * self.partition(h + 1, edge.child)", new="exact",
        what="pi* is greedy: what is still to come is left out",
        test="tests/model/test_soft_values.py::test_the_sequence_problem_agrees",
    ),
    _of_soft(
        name="soft-q-without-the-rest", function="SoftValues.q_value",
        old="real(edge.reward) + below", new="real(edge.reward)",
        what="Q_h is the next reward alone",
        test="tests/model/test_soft_values.py::test_two_steps_by_hand",
    ),
    Fault(
        name="token-coverage-of-the-first-layer", of="model", module="model.ratios", function="token_coverage",
        old="layer_coverages(problem, policy)", new="layer_coverages(problem, policy)[:1]",
        what="C_cond of the first layer only",
        test="tests/model/test_node_policy.py::test_the_smallest_counterexample_by_hand",
    ),
    Fault(
        name="coverage-of-tokens-adds", of="model", module="model.ratios", function="coverages.inner",
        old="times(ratio, below[token])", new="ratio",
        what="C_cov leaves out the tokens that follow",
        test="tests/model/test_soft_values.py::test_a_product_structure_of_sixty_four_layers_is_not_expanded",
    ),
    _of_profile(
        name="profile-strictly-above", function="PromptProfile.at",
        old="at_least(ratio, bound)", new="not at_least(bound, ratio)",
        what="Cov_N is the mass above N: N itself is left out",
        test="tests/model/test_coverage_profile.py::test_steps_are_closed_on_the_right_and_every_number_may_be_asked",
    ),
    _of_profile(
        name="profile-cuts-all-above", function="PromptProfile.cut",
        old="real(self.mass_from(first)) - exp_ratio(cap) * ratio_total(map(exp_ratio, self.base[first:]))",
        new="real(self.mass_from(first))",
        what="a cap M cuts off all of what lies above it",
        test="tests/claims/test_rejection.py::test_a_cap_cuts_off_what_lies_above_it",
    ),
    _of_profile(
        name="profile-of-the-tokens-that-follow", function="_profile.inner",
        old="times(own, ratio)", new="ratio",
        what="the ratios of the first tokens are left out",
        test="tests/model/test_coverage_profile.py::test_the_profile_of_a_tree_is_that_of_its_sequences",
    ),
    _of_world(
        name="world-without-noise", function="Oracles.reward",
        old="world.problem.reward(x, y) + world.meter.draw(world.noise)", new="world.problem.reward(x, y)",
        what="rewards come without noise",
        test="tests/interaction/test_world.py::test_the_noise_of_the_problem_is_the_noise_of_its_world",
    ),
    _of_world(
        name="world-strong-is-weak", function="Oracles.strong", lazy=True,
        old="policy.law(x)", new="world.problem.base(0, x)",
        what="the strong oracle draws from pi_ref",
        test="tests/interaction/test_world.py::test_laws_of_the_oracles",
    ),
)  # fmt: skip
"""In the order of the modules."""

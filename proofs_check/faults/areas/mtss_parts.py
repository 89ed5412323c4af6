"""Faults of the parts of MTSS: the look, the choice of a token, the normaliser, and the policy that is returned."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="mtss", module="algorithms.parts.mtss_step")
_of_policy = partial(Fault, of="mtss", module="algorithms.parts.mtss_policy")

FAULTS = (
    _fault(
        name="mtss-normaliser-is-the-sum", function="_log_mean", line=3,
        old="exp_total(exp(f(phi) / beta) for phi in seen) / len(seen)",
        new="exp_total(exp(f(phi) / beta) for phi in seen)",
        what="Zhat is a sum of N_tok values for their mean",
        test="tests/algorithms/test_mtss.py::test_log_normalisers_by_hand",
    ),
    _fault(
        name="mtss-normaliser-without-beta", function="_log_mean", line=3,
        old="exp(f(phi) / beta)", new="exp(f(phi))",
        what="exp(f) for exp(f/beta) in Zhat",
        test="tests/algorithms/test_mtss_peer.py::test_seeded_runs_agree_with_the_peer",
    ),
    _fault(
        name="mtss-target-rounded-to-fewer-bits", function="in_tower", line=3,
        old="dyadic(target, bits)", new="dyadic(target, bits // 2)",
        what="targets are rounded to half as many bits",
        test="tests/algorithms/test_mtss.py::test_a_target_outside_the_tower_is_undecided_or_rounded",
    ),
    _fault(
        name="mtss-looks-at-the-first-token", function="_first_uncovered", line=7,
        old="combinations(seen, 2)", new="list(combinations(seen, 2))[:1]",
        what="the first pair of the listing only",
        test="tests/algorithms/test_mtss.py::test_the_first_uncovered_pair_by_index_is_accepted",
    ),
    _fault(
        name="mtss-one-pair-a-look", function="look", line=7,
        old="oracles.iterate(NO_PAIR, draw_pair, p.n_pair, until=is_pair)",
        new="oracles.iterate(NO_PAIR, draw_pair, 1, until=is_pair)",
        what="one pair for N_pair",
        test="tests/algorithms/test_mtss.py::test_a_sweep_ends_only_after_all_its_roll_ins",
    ),
    _fault(
        name="mtss-fixed-reference", function="choose", line=8,
        old="truncated(layer.cover, layer.theta, phis[base.outcomes.index(oracles.draw(base))])",
        new="truncated(layer.cover, layer.theta, phis[0])",
        what="a' is the first token of the listing",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _fault(
        name="mtss-lists-twice", function="choose", line=8,
        old="listing or oracles.listing(at)", new="oracles.listing(at)",
        what="a prefix that was listed is listed again",
        test="tests/algorithms/test_mtss.py::test_by_listing_a_prefix_is_listed_once_for_all",
    ),
    _fault(
        name="mtss-chooses-with-the-base-model", function="choose", line=8, lazy=True,
        old="oracles.draw(_tilt(f, seen, oracles.beta).law())", new="oracles.draw(base)",
        what="by listing, a ~ pi_ref",
        test="tests/algorithms/test_mtss.py::test_a_run_by_hand",
    ),
    _of_policy(
        name="mtss-policy-stops-at-the-first-layer", function="MTSSPolicy.sample", line=10,
        old="at.then(choose(oracles, layer, at, self.p).token)",
        new="at.then(choose(oracles, self.layers[0], at, self.p).token)",
        what="the returned policy uses the first layer everywhere",
        test="tests/algorithms/test_mtss.py::test_listed_samples_have_the_law_of_the_ideal_policy",
    ),
    _of_policy(
        name="mtss-policy-is-the-base-model", function="MTSSPolicy.sample", line=10, lazy=True,
        old="choose(oracles, layer, at, self.p).token", new="oracles.weak(at)[0]",
        what="the returned policy draws from the base model",
        test="tests/algorithms/test_mtss.py::test_listed_samples_have_the_law_of_the_ideal_policy",
    ),
    _of_policy(
        name="mtss-one-query-less", function="MTSSPolicy.queries_per_draw", line=10,
        old="2 * self.p.draws + 2", new="2 * self.p.draws + 1",
        what="2N + 1 queries a token for 2N + 2",
        test="tests/algorithms/test_mtss.py::test_a_draw_makes_as_many_queries_as_it_says_at_most",
    ),
    Fault(
        name="mtss-law-without-reference", of="mtss", module="laws.mtss", function="ideal_token_policy.law",
        old="truncated(layer.cover, layer.theta, reference.phi)",
        new="truncated(layer.cover, layer.theta, edges[0].phi)",
        what="the law computed for line 8 fixes a'",
        test="tests/algorithms/test_mtss.py::test_listed_samples_of_a_half_covered_prefix_depend_on_the_token_compared_with",
    ),
)  # fmt: skip
"""In the order of the listing."""

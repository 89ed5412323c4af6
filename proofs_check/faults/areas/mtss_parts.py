"""Faults of the parts of MTSS: the look, the choice of a token, the normaliser, and the policy that is returned."""

from functools import partial

from proofs_check.faults.fault import Fault

_fault = partial(Fault, of="mtss", module="algorithms.parts.mtss_step")
_of_policy = partial(Fault, of="mtss", module="algorithms.parts.mtss_policy")

FAULTS = (
    _fault(
        name="mtss-normaliser-is-the-sum", function="log_normaliser", line=3,
        old="exp_total(exp(chosen.f(phi) / oracles.beta) for phi in drawn) / p.n_tok",
        new="exp_total(exp(chosen.f(phi) / oracles.beta) for phi in drawn)",
        what="Zhat is a sum of N_tok values for their mean", test="?",
    ),
    _fault(
        name="mtss-normaliser-without-beta", function="log_normaliser", line=3,
        old="exp(chosen.f(phi) / oracles.beta)", new="exp(chosen.f(phi))",
        what="exp(f) for exp(f/beta) in Zhat", test="?",
    ),
    _fault(
        name="mtss-target-rounded-to-fewer-bits", function="in_tower", line=3,
        old="dyadic(target, bits)", new="dyadic(target, bits // 2)",
        what="targets are rounded to half as many bits", test="?",
    ),
    _fault(
        name="mtss-looks-at-the-first-token", function="look", line=7,
        old="combinations(seen, 2)", new="list(combinations(seen, 2))[:1]",
        what="the first pair of the listing only", test="?",
    ),
    _fault(
        name="mtss-one-pair-a-look", function="look", line=7,
        old="oracles.iterate(NO_PAIR, draw_pair, p.n_pair, until=is_pair)",
        new="oracles.iterate(NO_PAIR, draw_pair, 1, until=is_pair)",
        what="one pair for N_pair", test="?",
    ),
    _fault(
        name="mtss-fixed-reference", function="choose", line=8,
        old="truncated(layer.cover, layer.theta, phis[base.outcomes.index(oracles.draw(base))])",
        new="truncated(layer.cover, layer.theta, phis[0])",
        what="a' is the first token of the listing", test="?",
    ),
    _fault(
        name="mtss-lists-twice", function="choose", line=8,
        old="listing or oracles.listing(at)", new="oracles.listing(at)",
        what="a prefix that was listed is listed again", test="?",
    ),
    _fault(
        name="mtss-chooses-with-the-base-model", function="choose", line=8, lazy=True,
        old="oracles.draw(Tilt(base, tuple(map(f, phis)), oracles.beta).law())", new="oracles.draw(base)",
        what="by listing, a ~ pi_ref", test="?",
    ),
    _of_policy(
        name="mtss-policy-stops-at-the-first-layer", function="MTSSPolicy.sample", line=10,
        old="at.then(choose(oracles, layer, at, self.p).token)",
        new="at.then(choose(oracles, self.layers[0], at, self.p).token)",
        what="the returned policy uses the first layer everywhere", test="?",
    ),
    _of_policy(
        name="mtss-policy-is-the-base-model", function="MTSSPolicy.sample", line=10, lazy=True,
        old="choose(oracles, layer, at, self.p).token", new="oracles.weak(at)[0]",
        what="the returned policy draws from the base model", test="?",
    ),
    _of_policy(
        name="mtss-one-query-less", function="MTSSPolicy.queries_per_draw", line=10,
        old="2 * self.p.draws + 2", new="2 * self.p.draws + 1",
        what="2N + 1 queries a token for 2N + 2", test="?",
    ),
    Fault(
        name="mtss-law-without-reference", of="mtss", module="laws.mtss", function="ideal_token_policy.law",
        old="truncated(layer.cover, layer.theta, reference.phi)",
        new="truncated(layer.cover, layer.theta, edges[0].phi)",
        what="the law computed for line 8 fixes a'", test="?",
    ),
)  # fmt: skip
"""In the order of the listing."""

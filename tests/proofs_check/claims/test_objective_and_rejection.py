"""Claims on the objective and on rejection notice broken code."""

from collections.abc import Callable, Iterator

import pytest
from flint import fmpq

from proofs_check.claims.objective import gaps, optimum_and_coverage, profile
from proofs_check.claims.rejection import best_of, ideal, softmax_sampler, truncated
from proofs_check.ledger import Case, Catalog, Check
from proofs_check.ledger.kernel import gather
from reference.algorithms.best_of import best_of_n
from reference.algorithms.rejection import ideal_rejection
from reference.exact import ExpRatio, Real, exp_ratio
from reference.exact.law import Law
from reference.laws.rejection import truncated_rejection
from reference.model.linear_problem import LinearProblem
from reference.model.policy import softmax
from reference.model.profile import CoverageProfile, coverage_profile_at
from reference.model.ratios import coverage
from reference.model.values import gap, optimal_value

ON_PROBLEMS: dict[str, Callable[[LinearProblem], Iterator[Case]]] = {
    "gibbs-optimum": optimum_and_coverage.gibbs_optimum,
    "policy-is-reward": optimum_and_coverage.policy_is_reward,
    "coverage-range": optimum_and_coverage.coverage_range,
    "gap-oscillation": gaps.gap_oscillation,
    "gap-quadratic": gaps.gap_quadratic,
    "coverage-profile": profile.coverage_profile_bounds,
    "rejection-exact": ideal.rejection_exact,
    "truncated-rejection": truncated.truncated_rejection_exact,
    "best-of-n": best_of.best_of_n_exact,
    "softmax-sampler-tv": softmax_sampler.softmax_sampler_tv,
}


class Shifted:
    """A profile whose steps do not count their own ratio: ``>`` for ``>=``."""

    def __init__(self, profile: CoverageProfile) -> None:
        self.profile = profile

    def at(self, N: ExpRatio) -> Real:
        """Return the profile a little above ``N``."""
        return self.profile.at(N + fmpq(1, 10**9))


SABOTAGE: list[tuple[str, object, str, Callable[..., object], str]] = [
    ("gibbs-optimum", optimum_and_coverage, "optimal_value", lambda p: optimal_value(p) + fmpq(1, 10**30), "two-arms"),
    ("gibbs-optimum", Law, "kl", lambda p, q, right=Law.kl: right(q, p), "two-arms"),
    (
        "policy-is-reward",
        optimum_and_coverage,
        "softmax",
        lambda p, t: softmax(p, [x * fmpq(1, 2) for x in t]),
        "two-arms",
    ),
    ("coverage-range", optimum_and_coverage, "coverage", lambda p, q: coverage(p, q) * 2, "fair-coin"),
    ("gap-oscillation", gaps, "gap", lambda p, q: gap(p, q) * fmpq(11, 10), "gap-oscillation-tight"),
    (
        "rejection-exact",
        ideal,
        "ideal_rejection",
        lambda o, w, x, m, n: ideal_rejection(o, w, x, m, n + 1),
        "two-arms",
    ),
    (
        "rejection-exact",
        ideal,
        "ideal_rejection",
        lambda o, w, x, m, n: ideal_rejection(o, w, x, 2 * m, n),
        "two-arms",
    ),
    ("coverage-profile", Law, "kl", lambda p, q, right=Law.kl: right(p, q) * fmpq(99, 100), "two-arms"),
    (
        "coverage-profile",
        profile,
        "coverage_profile_at",
        lambda p, q, x: Shifted(coverage_profile_at(p, q, x)),
        "two-arms",
    ),
    (
        "truncated-rejection",
        truncated,
        "ideal_rejection",
        lambda o, w, x, m, n: ideal_rejection(o, lambda y: exp_ratio(w(y)) / 2, x, m, n),
        "two-arms",
    ),
    (
        "truncated-rejection",
        truncated,
        "truncated_rejection",
        lambda p, q, m: truncated_rejection(p, q, m * fmpq(11, 10)),
        "two-arms",
    ),
    (
        "best-of-n",
        best_of,
        "best_of_n",
        lambda o, f, x, n, ties: best_of_n(o, f, x, n + (ties == "index")),
        "two-arms",
    ),
    ("best-of-n", best_of, "best_of_n", lambda o, f, x, n, **_: best_of_n(o, f, x, n), "smollm2-two-plus-two"),
    ("softmax-sampler-tv", softmax_sampler, "draws", lambda *_: 1, "two-arms"),
]


@pytest.mark.parametrize(("name", "module", "attribute", "broken", "instance"), SABOTAGE)
def test_the_claim_notices_broken_code(
    name: str,
    module: object,
    attribute: str,
    broken: Callable[..., object],
    instance: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    check = Check(Catalog(instance), ON_PROBLEMS[name])
    assert gather(check).violated == 0
    monkeypatch.setattr(module, attribute, broken)
    assert gather(check, until_violated=True).violated > 0

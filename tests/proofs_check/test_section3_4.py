"""Claims of sections 3 and 4 reject their mutations, and notice broken code."""

from collections.abc import Callable

import pytest
from flint import fmpq

from proofs_check.claims import registry, section3, section4
from proofs_check.ledger import Catalog, Check
from proofs_check.ledger.kernel import gather
from reference.algorithms.rejection import ideal_rejection
from reference.exact.law import Law
from reference.model.policy import softmax
from reference.model.ratios import coverage
from reference.model.values import gap, optimal_value
from tests.proofs_check.claim_trials import mutation_is_rejected

ON_PROBLEMS = {
    "gibbs-optimum": section3.gibbs_on_problem,
    "policy-is-reward": section3.policy_is_reward,
    "coverage-range": section3.coverage_range,
    "gap-oscillation": section3.gap_oscillation_on_problem,
    "gap-quadratic": section3.gap_quadratic_on_problem,
    "rejection-exact": section4.rejection_on_problem,
    "softmax-sampler-tv": section4.sampler_on_problem,
}


@pytest.mark.parametrize("name", ON_PROBLEMS)
def test_the_mutation_is_rejected_by_a_counterexample(name: str) -> None:
    mutation_is_rejected(registry()[name])


SABOTAGE: list[tuple[str, object, str, Callable[..., object], str]] = [
    ("gibbs-optimum", section3, "optimal_value", lambda p: optimal_value(p) + fmpq(1, 10**30), "two-arms"),
    ("gibbs-optimum", Law, "kl", lambda p, q, right=Law.kl: right(q, p), "two-arms"),
    ("policy-is-reward", section3, "softmax", lambda p, t: softmax(p, [x * fmpq(1, 2) for x in t]), "two-arms"),
    ("coverage-range", section3, "coverage", lambda p, q: coverage(p, q) * 2, "fair-coin"),
    ("gap-oscillation", section3, "gap", lambda p, q: gap(p, q) * fmpq(11, 10), "gap-oscillation-tight"),
    (
        "rejection-exact",
        section4,
        "ideal_rejection",
        lambda o, w, x, m, n: ideal_rejection(o, w, x, m, n + 1),
        "two-arms",
    ),
    (
        "rejection-exact",
        section4,
        "ideal_rejection",
        lambda o, w, x, m, n: ideal_rejection(o, w, x, 2 * m, n),
        "two-arms",
    ),
    ("softmax-sampler-tv", section4, "draws", lambda *_: 1, "two-arms"),
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

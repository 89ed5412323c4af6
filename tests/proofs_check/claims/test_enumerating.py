"""The claims on learning that enumerates notice a broken algorithm."""

import importlib
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from flint import fmpq

from proofs_check.claims.enumerating import barycentric, learner
from proofs_check.claims.lower_bound.data_without_coverage import data_without_coverage
from proofs_check.claims.spanner_sampling.setting import ONE_PROMPT_BOTH
from reference.algorithms.barycentric import BarycentricSpanner, barycentric_spanner
from reference.algorithms.enumerating import FeatureTable
from reference.algorithms.parts.cover import Datum, SpanCover
from reference.catalog import load
from reference.exact import LogLinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO
from reference.model import LinearProblem
from tests.proofs_check.claim_trials import fails


def test_the_noise_is_read_off_the_transcript() -> None:
    law = learner.outcomes_of_learner(load("two-arms"), learner.fair_sign(fmpq(1, 2)), fmpq(2), 1)
    # rank 1: one pair, two rewards, the difference of two fair signs of size 1/2
    masses = {played.noise: mass for played, mass in law.items()}
    assert masses == {(fmpq(-1),): fmpq(1, 4), (fmpq(0),): fmpq(1, 2), (fmpq(1),): fmpq(1, 4)}
    assert {played.t_data for played in law.outcomes} == {2}


def test_the_mean_of_two_rewards() -> None:
    law = learner.outcomes_of_learner(load("two-arms"), learner.fair_sign(fmpq(1, 2)), fmpq(2), 2)
    assert isinstance(law, Law)
    assert law.probability(lambda played: played.noise == (fmpq(0),)) == fmpq(6, 16)
    assert {played.t_data for played in law.outcomes} == {4}


def test_the_uneven_instance_has_the_coefficient_that_its_name_says() -> None:
    problem = learner.uneven()
    vectors = [problem.phi(0, y) - problem.phi(0, z) for y in range(4) for z in range(y + 1, 4)]
    coefficients = barycentric_spanner(vectors, 2).coefficients(vectors)
    assert max(abs(c) for row in coefficients for c in row) == fmpq(5, 3)


def test_the_enumerating_learner_has_to_look_at_all_differences(monkeypatch: pytest.MonkeyPatch) -> None:
    # Rewards at 0, 1 and -1: the longest difference is between the last two.
    problem = next(p for p in ONE_PROMPT_BOTH.each() if p.name.startswith("phi (0) (1) (-1),"))
    check = partial(learner.enumerating_error, C=fmpq(11, 10))
    full = learner.feature_table
    assert not fails(check, problem)

    def star(problem: LinearProblem) -> FeatureTable:
        """Every response beside the first one only, as prompts of their own."""
        ((first, *others),) = full(problem)
        return [[first, other] for other in others[:1]]

    monkeypatch.setattr(learner, "feature_table", star)
    assert fails(check, problem)


def test_barycentric_spanner_notices_missing_swaps(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = tuple(Vector(v) for v in ((2, 1), (-2, -2), (-2, 0)))
    member = vectors, fmpq(3, 2)  # greedy alone leaves a coefficient 2
    assert not fails(barycentric.spanner_in, member)
    module = importlib.import_module("reference.algorithms.parts.barycentric_cofactors")
    monkeypatch.setattr(module, "_violation", lambda *_: None)
    assert fails(barycentric.spanner_in, member)


def test_barycentric_spanner_notices_wrong_coefficients(monkeypatch: pytest.MonkeyPatch) -> None:
    right = BarycentricSpanner.coefficients

    def halved(self: BarycentricSpanner, vectors: Sequence[Vector]) -> tuple[Vector, ...]:
        return tuple(row.scaled("1/2") for row in right(self, vectors))

    monkeypatch.setattr(BarycentricSpanner, "coefficients", halved)
    assert fails(barycentric.spanner_of_differences, load("two-arms"))


@pytest.mark.parametrize("check", [learner.enumerating_error, data_without_coverage])
def test_the_enumerating_learner_has_to_interpolate(
    monkeypatch: pytest.MonkeyPatch, check: Callable[..., object]
) -> None:
    def forgets(self: SpanCover, _: Sequence[Datum]) -> tuple[LogLinear, ...]:
        return (ZERO,) * self.span.ambient_dimension

    assert not fails(check, load("two-arms"))
    monkeypatch.setattr(SpanCover, "least_squares", forgets)
    assert fails(check, load("two-arms"))

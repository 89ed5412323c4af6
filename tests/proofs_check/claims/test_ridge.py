"""The claims on ridge mode notice a broken algorithm."""

import importlib
from collections.abc import Callable

import pytest
from flint import fmpq

from proofs_check.claims.spanner_sampling import ridge_end_to_end, ridge_exploration, ridge_noise, ridge_round
from proofs_check.claims.spanner_sampling.ridge_arms import Arm, quick_arm
from proofs_check.claims.spanner_sampling.ridge_noise import RARELY
from reference.algorithms.parts.cover import Cover, RidgeCover, SpanCover
from reference.algorithms.spanner_sampling import Exploration, SpannerSampling
from reference.catalog import load_linear
from reference.exact import log
from reference.exact.log_linear import ZERO
from reference.exact.plain import plain
from reference.interaction.world import Oracles
from tests.proofs_check.claim_trials import fails

Change = Callable[[pytest.MonkeyPatch], None]

EXPLORATION = importlib.import_module(
    "reference.algorithms.spanner_sampling"
)  # the package has a function of this name


def nothing_is_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RidgeCover, "least_squares", lambda self, _: (ZERO,) * self.sigma.dimension)


def pairs_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    once: Callable[..., Exploration] = EXPLORATION._phase_2_round

    def forgetful(oracles: Oracles, e: Exploration, cover: Cover, p: SpannerSampling) -> Exploration:
        return Exploration(e.data, once(oracles, e, cover, p).thetas)

    monkeypatch.setattr(EXPLORATION, "_phase_2_round", forgetful)


def lambda_is_doubled(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = RidgeCover.least_squares
    monkeypatch.setattr(
        RidgeCover, "least_squares", lambda self, data: fit(RidgeCover(self.sigma, self.ridge * 2, self.nu), data)
    )


def the_last_pair_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = RidgeCover.least_squares
    monkeypatch.setattr(RidgeCover, "least_squares", lambda self, data: fit(self, data[:-1]))


def what_is_covered_is_truncated(monkeypatch: pytest.MonkeyPatch) -> None:
    for cover in (RidgeCover, SpanCover):
        monkeypatch.setattr(cover, "covers", turned(cover.covers))


def turned(covers: Callable[..., bool]) -> Callable[..., bool]:
    return lambda self, phi: not covers(self, phi)


SHORT = Arm(fmpq(1, 4), fmpq(8, 7), 6, fmpq(1), fmpq(1)), 1, 2
ARM = ridge_exploration.one_arm()


def test_the_families_have_the_size_they_declare() -> None:
    families = (ridge_round.OFF_BY_BETA, ridge_end_to_end.ARMS, ridge_end_to_end.QUICK, ridge_noise.RARE_ARM)
    assert all(len(list(family.each())) == family.size for family in families)


def test_an_arm_by_hand() -> None:
    arm = Arm(fmpq(1, 4), fmpq(8, 7), 6, fmpq(1), fmpq(1))
    assert arm.after_phase_1(3) == {0: 1}  # lambda = nu = 1: covered from the start
    assert arm.score(1) == log(fmpq(8, 7)) * 3
    assert arm.softmax(log(3)) == fmpq(1, 2)
    assert Arm(fmpq(1, 4), fmpq(8, 7), 6, fmpq(1, 2), fmpq(1)).after_phase_1(2) == {0: fmpq(25, 64), 1: fmpq(39, 64)}
    never = SpannerSampling(0, 1, 1, 1, 1, ridge=fmpq(1, 2))
    lost, growth = Arm(fmpq(1, 4), fmpq(8, 7), 6, fmpq(1, 2), fmpq(1)).expected(never)
    assert growth == log(3) * fmpq(3, 8)  # the pair of round 1 differs with probability 2/4 3/4
    assert lost > 0


def test_two_points_have_mean_zero() -> None:
    assert dict(RARELY.items()) == {fmpq(-1, 100): fmpq(99, 100), fmpq(99, 100): fmpq(1, 100)}


def test_the_most_that_is_accepted() -> None:
    ridge = SpannerSampling(1, 1, 1, 1, 1, ridge=1, nu=fmpq(1, 2))
    assert ridge_end_to_end.most_accepted(load_linear("two-arms"), ridge) == 3  # 1/(1+n) <= 1/4 from n = 3 on
    assert ridge_end_to_end.most_accepted(load_linear("single-response"), ridge) == 0


@pytest.mark.parametrize(
    ("check", "member", "change"),
    [
        (ridge_round.ridge_round, load_linear("two-arms-mixed"), what_is_covered_is_truncated),
        (ridge_exploration.errors_by_hand, ARM, nothing_is_learnt),
        (ridge_exploration.errors_by_hand, ARM, pairs_are_forgotten),
        (ridge_exploration.errors_by_hand, ARM, lambda_is_doubled),
        (ridge_exploration.errors_by_hand, ARM, the_last_pair_is_left_out),
        (ridge_exploration.ridge_exploration, ARM, pairs_are_forgotten),
        (ridge_end_to_end.on_arms, SHORT, nothing_is_learnt),
        (ridge_end_to_end.on_arms, SHORT, pairs_are_forgotten),
        (ridge_end_to_end.on_arms, SHORT, lambda_is_doubled),
        (ridge_end_to_end.on_arms, SHORT, the_last_pair_is_left_out),
        (ridge_end_to_end.ridge_end_to_end, quick_arm().problem, nothing_is_learnt),
        (ridge_noise.ridge_noise, load_linear("two-arms"), nothing_is_learnt),
        (ridge_noise.ridge_noise, load_linear("two-arms"), lambda_is_doubled),
        (ridge_noise.ridge_noise, load_linear("two-arms"), the_last_pair_is_left_out),
    ],
)
def test_a_fault_is_noticed(
    monkeypatch: pytest.MonkeyPatch, check: Callable[..., object], member: object, change: Change
) -> None:
    assert not fails(check, member)
    change(monkeypatch)
    with plain():  # memos know the right answers
        assert fails(check, member)

import pickle

import pytest

from reference.interaction import Budget, BudgetExceeded, Meter, Reading

KINDS = ("prompts", "weak", "strong", "reward")


@pytest.mark.parametrize("kind", KINDS)
def test_counts_each_kind_apart(kind: str) -> None:
    meter = Meter(Budget())
    meter.charge(kind)
    meter.charge(kind)
    assert meter.reading._asdict() == {**dict.fromkeys(KINDS, 0), kind: 2}


def test_t_comp_is_both_sampling_oracles_and_t_data_the_rewards() -> None:
    reading = Reading(prompts=1, weak=2, strong=4, reward=8)
    assert (reading.t_comp, reading.t_data) == (6, 8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [0, 2])
def test_each_budget_is_enforced_and_named(kind: str, limit: int) -> None:
    meter = Meter(Budget(**{kind: limit}))
    for _ in range(limit):
        meter.charge(kind)
    with pytest.raises(BudgetExceeded, match=f"{kind} allows {limit} queries") as caught:
        meter.charge(kind)
    assert (caught.value.kind, caught.value.limit) == (kind, limit)
    assert getattr(meter.reading, kind) == limit  # what is refused is not counted
    for other in set(KINDS) - {kind}:
        meter.charge(other)


def test_the_joint_budget_counts_weak_and_strong_together() -> None:
    meter = Meter(Budget(t_comp=3))
    for kind in ("weak", "strong", "weak", "reward", "prompts"):
        meter.charge(kind)
    for kind in ("weak", "strong"):
        with pytest.raises(BudgetExceeded, match="t_comp allows 3"):
            meter.charge(kind)
    assert meter.reading == Reading(prompts=1, weak=2, strong=1, reward=1)


@pytest.mark.parametrize("limit", [-1, True, "3"])
def test_a_budget_is_a_non_negative_integer(limit: int) -> None:
    with pytest.raises(ValueError, match=f"weak = {limit}"):
        Budget(weak=limit)


def test_the_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(BudgetExceeded("weak", 3)))  # noqa: S301 - our own bytes
    assert (error.kind, error.limit, str(error)) == ("weak", 3, str(BudgetExceeded("weak", 3)))

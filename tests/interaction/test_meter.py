import pickle
from typing import TypeVar

import pytest

import reference as ref
from reference.interaction import Budget, BudgetExceeded, Loop, Meter, Reading, Seeded, World

S = TypeVar("S")

KINDS = ("prompts", "weak", "strong", "reward")


def new(budget: Budget, horizon: int = 1) -> Meter:
    return Meter(Seeded(0), horizon, budget)


def charge(meter: Meter, kind: str, h: int = 0) -> None:
    if kind == "weak":
        meter.weak(h)
    else:
        {"prompts": meter.prompt, "strong": meter.strong, "reward": meter.reward}[kind]()


def counts(reading: Reading) -> dict[str, int]:
    return {"prompts": reading.prompts, "weak": reading.drawn, "strong": reading.strong, "reward": reading.reward}


@pytest.mark.parametrize("kind", KINDS)
def test_counts_each_kind_apart(kind: str) -> None:
    meter = new(Budget())
    charge(meter, kind)
    charge(meter, kind)
    assert counts(meter.reading) == {**dict.fromkeys(KINDS, 0), kind: 2}


def test_t_comp_is_both_sampling_oracles_and_t_data_the_rewards() -> None:
    reading = Reading(prompts=1, weak=(2, 3), listed=(0, 7), strong=4, reward=8)
    assert (reading.drawn, reading.t_comp, reading.t_data) == (5, 16, 8)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("limit", [0, 2])
def test_each_budget_is_enforced_and_named(kind: str, limit: int) -> None:
    meter = new(Budget(**{kind: limit}))
    for _ in range(limit):
        charge(meter, kind)
    with pytest.raises(BudgetExceeded, match=f"{kind} allows {limit} queries") as caught:
        charge(meter, kind)
    assert (caught.value.kind, caught.value.limit) == (kind, limit)
    assert counts(meter.reading)[kind] == limit  # what is refused is not counted
    for other in set(KINDS) - {kind}:
        charge(meter, other)


def test_the_joint_budget_counts_weak_and_strong_together() -> None:
    meter = new(Budget(t_comp=3))
    for kind in ("weak", "strong", "weak", "reward", "prompts"):
        charge(meter, kind)
    for kind in ("weak", "strong"):
        with pytest.raises(BudgetExceeded, match="t_comp allows 3"):
            charge(meter, kind)
    assert meter.reading == Reading(prompts=1, weak=(2,), strong=1, reward=1)


def test_tokens_are_counted_layer_by_layer_and_limited_together() -> None:
    meter = new(Budget(weak=3, t_comp=6), horizon=2)
    for h in (0, 1, 1):
        charge(meter, "weak", h)
    with pytest.raises(BudgetExceeded, match="weak allows 3"):
        charge(meter, "weak", 0)
    meter.listed(1, 2)
    with pytest.raises(BudgetExceeded, match="t_comp allows 6"):
        meter.listed(0, 2)  # all of a listing or nothing
    assert meter.reading == Reading(weak=(1, 2), listed=(0, 2))


@pytest.mark.parametrize("limit", [-1, True, "3"])
def test_a_budget_is_a_non_negative_integer(limit: int) -> None:
    with pytest.raises(ValueError, match=f"weak = {limit}"):
        Budget(weak=limit)


def test_the_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(BudgetExceeded("weak", 3)))  # noqa: S301 - our own bytes
    assert (error.kind, error.limit, str(error)) == ("weak", 3, str(BudgetExceeded("weak", 3)))


class Watching(Seeded):
    """A seeded run that notes each loop."""

    def __init__(self) -> None:
        super().__init__(1)
        self.rounds = list[int]()

    def loop(self, loop: Loop[S]) -> S:
        self.rounds.append(loop.rounds)
        return super().loop(loop)


def test_a_seeded_choice_that_watches_loops_is_told_of_each() -> None:
    """Under one that does not, loops and parts run by themselves: the draws and the counts are the same."""
    problem = ref.load_linear("two-arms")
    learner = ref.SpannerSampling(n_prompt=2, n_pair=1, t_exp=1, M="16/3", delta="1/8", mode="span")
    watching = Watching()
    watched, alone = World(problem, watching), World(problem, Seeded(1))
    assert learner(watched.oracles) == learner(alone.oracles)
    assert watched.meter.reading == alone.meter.reading
    assert set(watching.rounds) >= {1, 2}

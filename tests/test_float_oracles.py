"""Oracles for array code: exact draws from words, correctly rounded numbers, a meter."""

from typing import Any

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

import reference as ref
from reference.exact.law import Law
from reference.float_oracles import WORD, _Inverse
from reference.testing import float_problems, float_tables

WORDS = st.one_of(st.integers(0, 2**WORD - 1), st.sampled_from([0, 2**WORD - 1, 2**63, 2**64 // 3, 2**64 // 3 + 1]))


class Scripted:
    """A generator that gives prepared words."""

    def __init__(self, words: list[int]) -> None:
        self.words = list(words)

    def integers(self, low: int, high: int, size: int | None = None, dtype: str = "") -> Any:  # noqa: ANN401 - as numpy's
        assert (low, high, dtype) == (0, 2**WORD, "uint64")
        taken = [self.words.pop(0) for _ in range(1 if size is None else size)]
        return taken[0] if size is None else np.array(taken, dtype="uint64")


@given(st.lists(st.integers(0, 2**70), min_size=1, max_size=6).filter(any), st.lists(WORDS, min_size=8, max_size=8))
def test_a_draw_is_the_inverse_of_all_the_words_that_it_took(weights: list[int], words: list[int]) -> None:
    law = Law.weighted(range(len(weights)), weights)
    script = Scripted(words)
    (found,) = _Inverse(law, np).draw(script, 1)
    taken = words[: len(words) - len(script.words)]
    value = 0
    for word in taken:
        value = value << WORD | word
    index = law.inverted(value, WORD * len(taken))
    assert index is not None
    assert law.outcomes[index] == found


def test_words_on_a_boundary_are_continued() -> None:
    third, rng = Law.of({5: "1/3", 7: "2/3"}), Scripted([2**64 // 3, 0])  # 0.0101..01: the next word decides
    assert _Inverse(third, np).draw(rng, 1).tolist() == [5]
    assert _Inverse(third, np).draw(Scripted([2**64 // 3, 2**63]), 1).tolist() == [7]
    tiny = Law.of({0: fmpq(1, 2**100), 1: 1 - fmpq(1, 2**100)})
    assert _Inverse(tiny, np).draw(Scripted([0, 0]), 1).tolist() == [0]
    assert _Inverse(tiny, np).draw(Scripted([0, 2**28]), 1).tolist() == [1]
    last = Law.of({0: 1 - fmpq(1, 2**100), 1: fmpq(1, 2**100)})
    assert _Inverse(last, np).draw(Scripted([2**64 - 1, 2**64 - 2**28]), 1).tolist() == [1]
    assert _Inverse(last, np).draw(Scripted([2**64 - 1, 0]), 1).tolist() == [0]


def test_the_judge_does_not_refute_them() -> None:
    problem = ref.load("two-arms-exp")
    oracles = ref.FloatOracles(problem, np.random.default_rng(1))
    y, _ = oracles.weak(0, 100_000)
    assert not ref.judge_sampler(y, problem.pi_ref(0)).refuted
    drawn, _ = oracles.strong(0, problem.theta, 100_000)
    law = ref.optimum(problem).law(0)
    assert not law.is_rational
    assert not ref.judge_sampler(drawn, law).refuted
    assert ref.judge_sampler(drawn, problem.pi_ref(0)).refuted
    assert not ref.judge_sampler(oracles.prompts(1000), problem.rho).refuted


@given(float_problems("none"))
def test_features_and_rewards_are_the_floats_of_the_problem(problem: ref.LinearProblem) -> None:
    oracles, tables = ref.FloatOracles(problem, np.random.default_rng(2)), float_tables(problem)
    assert oracles.beta == tables.beta
    for x, rewards in enumerate(tables.rewards):
        y, phi = oracles.weak(x, 20)
        assert phi.tolist() == [tables.phi[x][k] for k in y]
        everything = np.arange(len(rewards)).reshape(1, -1)
        assert oracles.reward(x, everything).tolist() == [rewards]


def test_noise_is_the_problems() -> None:
    bare = ref.load_linear("two-arms")
    noisy = ref.LinearProblem.of(
        "noisy", bare.prompts, theta=bare.theta, beta=bare.beta, B=bare.B, R_max=bare.R_max,
        noise=Law.uniform([fmpq(-1, 3), fmpq(1, 3)]),
    )  # fmt: skip
    got = ref.FloatOracles(noisy, np.random.default_rng(3)).reward(0, np.zeros(10_000, dtype=int))
    shifts = [ref.to_float(noisy.reward(0, 0) + error) for error in (fmpq(-1, 3), fmpq(1, 3))]
    assert not ref.judge_sampler(got, Law.uniform(shifts)).refuted


def test_the_meter_counts_batches_and_refuses_them_whole() -> None:
    oracles = ref.FloatOracles(
        ref.load("two-arms"), np.random.default_rng(1), budget=ref.Budget(weak=30, reward=5, t_comp=40)
    )
    oracles.prompts(7)
    oracles.weak(0, 20)
    oracles.strong(0, [0.0], 15)
    oracles.reward(0, [0, 1, 1])
    with pytest.raises(ref.interaction.BudgetExceeded, match="weak"):
        oracles.weak(0, 11)
    with pytest.raises(ref.interaction.BudgetExceeded, match="t_comp"):
        oracles.weak(0, 6)
    with pytest.raises(ref.interaction.BudgetExceeded, match="reward"):
        oracles.reward(0, [0, 0, 0])
    reading = oracles.reading
    assert (reading.prompts, reading.drawn, reading.strong, reading.t_data) == (7, 20, 15, 3)
    assert reading.t_comp == 35
    assert oracles.weak(0, 0)[0].tolist() == []


def test_equal_seeds_give_equal_runs() -> None:
    first, second = (ref.FloatOracles(ref.load("two-arms"), np.random.default_rng(9)).weak(0, 50)[0] for _ in range(2))
    assert first.tolist() == second.tolist()


def test_bad_input() -> None:
    problem, rng = ref.load_linear("two-arms"), np.random.default_rng(1)
    with pytest.raises(TypeError, match=r"needle-path-8'.*: a linear problem .* is needed"):
        ref.FloatOracles(ref.load("needle-path-8"), rng)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match=r"7 is no generator; pass numpy.random.default_rng\(seed\)"):
        ref.FloatOracles(problem, 7)
    oracles = ref.FloatOracles(problem, rng)
    for call, said in (
        (lambda: oracles.weak(3, 1), "query for prompt 3 of a problem with 1 prompts"),
        (lambda: oracles.weak(0, -1), "-1 weak queries asked for"),
        (lambda: oracles.strong(0, [100.0], 1), "theta is outside the declared ball"),
        (lambda: oracles.strong(0, [float("nan")], 1), r"theta\[0\] = nan: not a finite number"),
        (lambda: oracles.strong(0, [0, 0], 1), "theta: 2 entries, but the features have 1"),
        (lambda: oracles.reward(0, ["good"]), "responses of type <U4; give indices"),
        (lambda: oracles.reward(0, [0, 2]), "responses 0 to 2 of prompt 0, which has 2"),
        (lambda: oracles.reward(0, [-1]), "responses -1 to -1"),
        (lambda: oracles.reward(0, [0.5]), "responses of type float64; give indices"),
    ):
        with pytest.raises(ValueError, match=said):
            call()
    with pytest.raises(TypeError, match="cannot be interpreted as an integer"):
        oracles.weak(0, 2.5)  # type: ignore[arg-type]  # wrong on purpose
    assert oracles.reading.t_data == oracles.reading.t_comp == 0
    assert oracles.strong(0, np.array([0.25], dtype="float32"), 3)[0].shape == (3,)

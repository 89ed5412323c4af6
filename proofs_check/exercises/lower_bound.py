"""Exercises about the first result: coverage bounds from below what has to be computed."""

from typing import Annotated

import msgspec
from flint import fmpq

from proofs_check.exercises.asking import Condition, Conditions, count, on_instance, with_answer, with_learner
from proofs_check.exercises.families import HiddenNeedle, Tried
from proofs_check.exercises.results import LOWER_BOUND
from reference.constructions.needles import NeedleFamily
from reference.exact import real, real_min, real_sum
from reference.model import Problem, base_policy, coverage, gap

TWENTY = 20
"""Queries that the needle may cost."""


@on_instance("coverage-five-halves", LOWER_BOUND, "easy", "coverage-range")
def coverage_five_halves(problem: Problem) -> Conditions:
    """Three responses and a coverage of 5/2.

    Write an instance with one prompt and exactly three responses that the base model gives, all of one token, so that
    `C_cov(pi*)`, the largest ratio of `pi*` to `pi_ref`, is exactly 5/2.

    `spanner solve FILE` shows the coverage of what you have so far. Rewards that are logarithms keep everything
    rational.
    """
    yield Condition("the number of prompts", count(len(problem.prompts)), "=", count(1), "One prompt is enough.")
    yield Condition("the number of tokens", count(problem.horizon), "=", count(1), "Responses of one token are enough.")
    hint = "Responses of base mass 0 do not count."
    yield Condition("the number of responses", count(problem.sequence_count()), "=", count(3), hint)
    hint = "The ratio is largest where the reward is; write down exp(r/beta)/Z there, and choose the weight that fits."
    yield Condition("C_cov(pi*)", coverage(problem), "=", fmpq(5, 2), hint)


@with_learner("needle-in-twenty", LOWER_BOUND, "medium", "needle-hit", "needle-minimax", family=HiddenNeedle(8, 4))
def needle_in_twenty(tried: Tried) -> Conditions:
    """Find the needle with twenty queries.

    One of the responses 1, 2, 3, 4 is the needle; the base model gives it with probability 1/8, and else response 0.
    Only the needle has a feature that is not 0. Write a learner whose policy draws the needle with probability at
    least 15/16, with at most 20 sampling queries and no reward. The place of the needle is uniform.

    Your probability is the exact one, over all places and all draws. A learner that goes on after it knows has more
    runs than it needs.
    """
    yield Condition("T_data", count(tried.score.t_data), "=", count(0), "What shows the needle besides its reward?")
    hint = "Those of the policy's draw count, too. How many draws find the needle, and when can you stop?"
    yield Condition("T_comp", count(tried.score.t_comp), "<=", count(TWENTY), hint)
    hint = "Some runs never see the needle. What is the best answer then?"
    yield Condition("P(the drawn response is the needle)", tried.hit, ">=", fmpq(15, 16), hint)


class QueryCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number of sampling queries."""

    t_comp: Annotated[int, msgspec.Meta(ge=0, le=100_000)]


HAYSTACK = NeedleFamily.of(k=256, C=1024, m=1, beta="1/9")


@with_answer(
    "fewest-draws", LOWER_BOUND, "hard", "needle-minimax", "coverage-lower-bound", answer=QueryCount,
    example='{"t_comp": 100}',
)  # fmt: skip
def fewest_draws(answer: QueryCount) -> Conditions:
    """How few draws can be enough.

    A needle of base mass 1/1024 hides in one of 256 places, all equally likely. Say how many draws from the base
    model the best of all learners needs at least in order to name the needle with probability 3/4 or more, without
    any reward. It may stop early, use coins of its own, and guess.

    The answer file: `{"t_comp": 100}`.
    """
    hint = "The best learner draws until it sees the needle, and guesses if it never does."
    asked, most = fmpq(3, 4), HAYSTACK.game_value(answer.t_comp, 0)
    yield Condition("the best learner's probability with so many draws", most, ">=", asked, hint)
    if answer.t_comp:
        hint = "Enough, and not the least."
        fewer = HAYSTACK.game_value(answer.t_comp - 1, 0)
        yield Condition("the best learner's probability with one draw less", fewer, "<", asked, hint)


@on_instance("tight-oscillation", LOWER_BOUND, "open", "gap-oscillation", "coverage-range")
def tight_oscillation(problem: Problem) -> Conditions:
    """How much there is to gain.

    Coverage is at most `exp(osc/beta)`, where `osc` is the largest difference of two rewards at a prompt: it takes
    large rewards to make the base model useless. They also bound what there is to gain: the gap of `pi_ref` is at
    most the mean of `osc^2/(8 beta)` (claim `gap-oscillation`). Write an instance on which this bound is tight within
    1 %, although `osc` is at least 4/5 of `beta` at each prompt.

    `spanner catalog gap-oscillation-tight` is an instance with a reward that is much smaller.
    """
    ranges = [problem.reward_range(x) for x in range(len(problem.prompts))]
    spreads = [real(high) - real(low) for low, high in ranges]
    hint = "Small rewards make it easy. Scale them up."
    least = real_min([spread / problem.beta for spread in spreads])
    yield Condition("osc/beta, the least over the prompts", least, ">=", fmpq(4, 5), hint)
    squares = [spread * spread * problem.rho.mass(x) for x, spread in enumerate(spreads)]
    tight = gap(problem, base_policy(problem)) / (real_sum(squares) / (8 * problem.beta))
    hint = "The bound takes the variance of the reward to be as large as it can be, all the way from pi_ref to pi*."
    yield Condition("the gap of pi_ref over its bound", tight, ">=", fmpq(99, 100), hint)

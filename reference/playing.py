"""Learners on problems, in one line: one run from a seed, or the exact law of what is returned.

The front door's way to :mod:`reference.interaction`, whose worlds also take observers and other sources of randomness.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar

from flint import fmpq

from reference.algorithms.mtss import MTSS
from reference.algorithms.spanner_sampling import SpannerSampling
from reference.exact.law import Law
from reference.interaction import (
    Budget,
    Oracles,
    Outcome,
    ProperLearner,
    Seeded,
    SoftmaxPolicy,
    TokenOracles,
    World,
    exhaustive,
    proper_learners,
    runs,
)
from reference.interaction.world import UNLIMITED
from reference.laws.predicted import check_law_steps
from reference.laws.predicted_tokens import check_token_law_steps
from reference.model.linear_problem import LinearProblem
from reference.model.parameter_set import ParameterSet
from reference.model.problem import Problem

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)


def play(
    problem: LinearProblem,
    learner: Callable[[Oracles], S],
    seed: int = 0,
    *,
    budget: Budget = UNLIMITED,
    noise: Law[fmpq] | None = None,
) -> Outcome[S]:
    """Run a learner once; equal seeds give equal runs, on every platform.

    >>> import reference as ref
    >>> learner = ref.SpannerSampling(2, 1, 1, M="16/3", delta="1/8", mode="span")
    >>> ref.play(ref.load("two-arms"), learner, seed=1).t_data
    4
    """
    _known(problem, LinearProblem, "play")
    return runs.play(problem, learner, Seeded(seed), budget=budget, noise=noise)


def play_tokens(
    problem: Problem,
    learner: Callable[[TokenOracles], S],
    seed: int = 0,
    *,
    budget: Budget = UNLIMITED,
    noise: Law[fmpq] | None = None,
) -> Outcome[S]:
    """Run a learner with token access once.

    >>> import reference as ref
    >>> outcome = ref.play_tokens(ref.load("needle-path-8"), ref.MTSS(n_roll=8), seed=1)
    >>> outcome.t_data, outcome.t_comp
    (23, 312)
    """
    _known(problem, Problem, "play_tokens")
    return runs.play_tokens(problem, learner, Seeded(seed), budget=budget, noise=noise)


def play_proper(
    problem: LinearProblem,
    parameter_set: ParameterSet,
    learner: ProperLearner,
    seed: int = 0,
    *,
    budget: Budget = UNLIMITED,
    noise: Law[fmpq] | None = None,
) -> Outcome[SoftmaxPolicy]:
    """Run a training-time (proper) learner once; it commits to parameters in ``parameter_set``.

    >>> import reference as ref
    >>> box = ref.Box((ref.log(2),))
    >>> learner = ref.BruteForce(3, ref.vertices(box))
    >>> ref.play_proper(ref.load("two-arms"), box, learner, seed=1).policy
    SoftmaxPolicy(theta=(loglinear('log(2)'),))
    """
    _known(problem, LinearProblem, "play_proper")
    return proper_learners.play_proper(problem, parameter_set, learner, Seeded(seed), budget=budget, noise=noise)


def law_of(problem: LinearProblem, learner: Callable[[Oracles], S], *, of: Callable[[S], T]) -> Law[T]:
    """Return the exact law of ``of(what the learner returns)``, over all its draws; noiseless.

    >>> import reference as ref
    >>> learner = ref.SpannerSampling(2, 1, 1, M="16/3", delta="1/8", mode="span")
    >>> ref.law_of(ref.load("two-arms"), learner, of=lambda policy: policy.thetas)
    Law({((loglinear('0'),),): 1/4, ((loglinear('log(2)'),),): 3/4})

    Raises:
        TypeError: if it is no linear problem.
        TooLarge: if there are too many runs, or if the law of SpannerSampling is predicted to take over a minute;
            NotReproducible: if the learner depends on more than its draws.
    """
    _known(problem, LinearProblem, "law_of")
    if isinstance(learner, SpannerSampling):
        check_law_steps(problem, learner)
    return exhaustive.law_of(lambda source: of(learner(World(problem, source, metered=False).oracles)))


def law_of_tokens(problem: Problem, learner: Callable[[TokenOracles], S], *, of: Callable[[S], T]) -> Law[T]:
    """Return what :func:`law_of` does, for a learner with token access.

    >>> import reference as ref
    >>> ref.law_of_tokens(ref.load("clean-sweep"), ref.MTSS(n_roll=1), of=lambda policy: policy.layers[1].theta)
    Law({(loglinear('4*log(2)'),): 1})

    Raises:
        TypeError: if it is no problem; TooLarge, NotReproducible: as :func:`law_of`, before anything is read for MTSS.
    """
    _known(problem, Problem, "law_of_tokens")
    if isinstance(learner, MTSS):
        check_token_law_steps(problem, learner)
    return exhaustive.law_of(lambda source: of(learner(World(problem, source, metered=False).tokens)))


def _known(problem: object, wanted: type[Problem], name: str) -> None:
    if isinstance(problem, wanted):
        return
    what = str(problem) if isinstance(problem, Problem) else f"{problem!r:.60} is no problem; load it"
    linear = "a linear problem (horizon 1, with theta) is needed; play_tokens and law_of_tokens take any"
    raise TypeError(f"{name}: {what}; {linear if wanted is LinearProblem else 'a problem is needed'}")

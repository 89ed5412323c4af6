"""Learners on problems, in one line: one run from a seed, or the exact law of what is returned.

The front door's way to :mod:`reference.interaction`, whose worlds also take observers and other sources of randomness.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar, overload

from flint import fmpq

from reference.exact.law import Law
from reference.interaction import choice, proper_learners, token_world, world
from reference.interaction.meter import Budget
from reference.interaction.metered import NO_NOISE
from reference.model.parameter_set import ParameterSet
from reference.model.problem import Problem
from reference.model.tokens import TokenProblem

S = TypeVar("S")
T = TypeVar("T", bound=Hashable)


def play(
    problem: Problem,
    learner: Callable[[world.Oracles], S],
    seed: int = 0,
    *,
    budget: Budget = world.UNLIMITED,
    noise: Law[fmpq] = NO_NOISE,
) -> world.Outcome[S]:
    """Run a learner once; equal seeds give equal runs, on every platform.

    >>> import reference as ref
    >>> learner = ref.SpannerSampling(2, 1, 1, M="16/3", delta="1/8", mode="span")
    >>> ref.play(ref.load("two-arms"), learner, seed=1).t_data
    4
    """
    _single_turn(problem, "play", "play_tokens")
    return world.play(problem, learner, choice.Seeded(seed), budget=budget, noise=noise)


def play_tokens(
    problem: TokenProblem,
    learner: Callable[[token_world.TokenOracles], S],
    seed: int = 0,
    *,
    budget: Budget = world.UNLIMITED,
    noise: Law[fmpq] = NO_NOISE,
) -> token_world.TokenOutcome[S]:
    """Run a learner with token access once.

    >>> import reference as ref
    >>> outcome = ref.play_tokens(ref.load_tokens("needle-path-8"), ref.MTSS(n_roll=8), seed=1)
    >>> outcome.t_data, outcome.t_comp
    (23, 312)
    """
    if not isinstance(problem, TokenProblem):
        raise TypeError(f"play_tokens: {_what(problem)}; a token problem is needed (play takes single-turn problems)")
    return token_world.play_tokens(problem, learner, choice.Seeded(seed), budget=budget, noise=noise)


def play_proper(
    problem: Problem,
    parameter_set: ParameterSet,
    learner: proper_learners.ProperLearner,
    seed: int = 0,
    *,
    budget: Budget = world.UNLIMITED,
    noise: Law[fmpq] = NO_NOISE,
) -> world.Outcome[world.SoftmaxPolicy]:
    """Run a training-time (proper) learner once; it commits to parameters in ``parameter_set``.

    >>> import reference as ref
    >>> box = ref.Box((ref.log(2),))
    >>> learner = ref.BruteForce(3, ref.vertices(box))
    >>> ref.play_proper(ref.load("two-arms"), box, learner, seed=1).policy
    SoftmaxPolicy(theta=(loglinear('log(2)'),))
    """
    _single_turn(problem, "play_proper", "play_tokens")
    return proper_learners.play_proper(problem, parameter_set, learner, choice.Seeded(seed), budget=budget, noise=noise)


@overload
def law_of(problem: Problem, learner: Callable[[world.Oracles], S], *, of: Callable[[S], T]) -> Law[T]: ...
@overload
def law_of(
    problem: TokenProblem, learner: Callable[[token_world.TokenOracles], S], *, of: Callable[[S], T]
) -> Law[T]: ...
def law_of(
    problem: Problem | TokenProblem,
    learner: Callable[[world.Oracles], S] | Callable[[token_world.TokenOracles], S],
    *,
    of: Callable[[S], T],
) -> Law[T]:
    """Return the exact law of ``of(what the learner returns)``, over all its draws; noiseless.

    >>> import reference as ref
    >>> learner = ref.SpannerSampling(2, 1, 1, M="16/3", delta="1/8", mode="span")
    >>> ref.law_of(ref.load("two-arms"), learner, of=lambda policy: policy.thetas)
    Law({((loglinear('0'),),): 1/4, ((loglinear('log(2)'),),): 3/4})

    Raises:
        TypeError: if it is no problem.
        TooLarge: if there are too many runs; NotReproducible: if the learner depends on more than its draws.
    """
    if not isinstance(problem, Problem | TokenProblem):
        raise TypeError(f"law_of: {_what(problem)}; a problem is needed")

    def program(source: choice.Choice) -> T:
        if isinstance(problem, Problem):
            return of(learner(world.World(problem, source).oracles))  # type: ignore[arg-type]  # by the overloads
        tokens = token_world.TokenWorld(problem, source, metered=False).oracles
        return of(learner(tokens))  # type: ignore[arg-type]  # by the overloads

    return choice.law_of(program)


def _single_turn(problem: object, name: str, instead: str) -> None:
    if not isinstance(problem, Problem):
        raise TypeError(f"{name}: {_what(problem)}; a single-turn problem is needed ({instead} takes token problems)")


def _what(value: object) -> str:
    return str(value) if isinstance(value, Problem | TokenProblem) else f"{value!r:.60} is no problem; load it"

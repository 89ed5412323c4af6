"""Exercises about the second result: SpannerSampling needs few rewards, and computes at inference time."""

from typing import Annotated

import msgspec
from flint import fmpq

from proofs_check.exercises.asking import Condition, Conditions, WrongAnswer, count, with_answer, with_learner
from proofs_check.exercises.families import Compass, Tried
from proofs_check.exercises.results import MATCHED
from reference.algorithms import SpannerSampling
from reference.catalog import load_linear
from reference.exact import log, rational, real
from reference.exact.linalg import Vector
from reference.exact.span import Span
from reference.laws import chance_within, softmax_sampler_law
from reference.model import LinearProblem, Prompt, Response, optimum

Rational = Annotated[str, msgspec.Meta(pattern=r"^\d{1,12}(/\d{1,12}|\.\d{1,12})?$")]
"""A number that is not negative, as text."""

_PLANE = {"a": (0, 0), "b": (3, 1), "c": (1, 4), "d": (-2, 3), "e": (2, -3)}
"""Five times the features of five responses."""


class Pairs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pairs of responses, by name."""

    pairs: Annotated[list[tuple[str, str]], msgspec.Meta(max_length=10)]


@with_answer("spanner-in-the-plane", MATCHED, "easy", "spanner-size", answer=Pairs, example='{"pairs": [["a", "b"]]}')
def spanner_in_the_plane(answer: Pairs) -> Conditions:
    """Two differences that span the others.

    Five responses to a prompt have the features a (0, 0), b (3/5, 1/5), c (1/5, 4/5), d (-2/5, 3/5) and e (2/5,
    -3/5). Rewards are linear in the features, so that a difference of two responses is known as soon as it is a
    combination of differences that were paid for; with large coefficients errors grow. Choose two pairs, so that
    every difference of two responses is a combination of your two differences with coefficients from -1 to 1: a
    barycentric spanner.

    The answer file: `{"pairs": [["a", "b"], ["a", "c"]]}` chooses b - a and c - a.
    """
    yield Condition(
        "the number of pairs", count(len(answer.pairs)), "=", count(2), "The features have two coordinates."
    )
    span = Span.empty(2)
    for one, other in answer.pairs:
        span = span.with_vector(_difference(one, other))
    hint = "Two differences in the same direction span no more than one."
    yield Condition("the dimension of what they span", count(span.dimension), "=", count(2), hint)
    each = [span.coefficients(_difference(one, other)) or () for one in _PLANE for other in _PLANE]
    largest = max(abs(entry) for coefficients in each for entry in coefficients)
    hint = "Cramer's rule: a coefficient is a ratio of two determinants. Which two differences have the largest?"
    yield Condition("the largest coefficient", largest, "<=", fmpq(1), hint)


def _difference(one: str, other: str) -> Vector:
    for name in (one, other):
        if name not in _PLANE:
            raise WrongAnswer(f"pairs: no response {name[:40]!r}; there are {', '.join(_PLANE)}")
    return Vector.of([fmpq(p - q, 5) for p, q in zip(_PLANE[other], _PLANE[one], strict=True)])


@with_learner("two-rewards", MATCHED, "medium", "span-mode-exact", "spanner-end-to-end", family=Compass())
def two_rewards(tried: Tried) -> Conditions:
    """Eight responses and two rewards.

    The base model gives each of eight responses with probability 1/8. Their features are, from 0 to 7, (4/5, 0), (0,
    4/5), (-4/5, 0), (0, -4/5), (2/5, 2/5), (-2/5, 2/5), (-2/5, -2/5) and (2/5, -2/5); `beta` is 1, and the reward is
    linear with a parameter of size `5 log 2` that you are not told: it points along an axis, one way or the other.
    Write a learner whose policy has a gap of at most 1/8, whatever the parameter is, with at most 2 rewards and 40
    sampling queries.

    Inference-time computation is allowed: the policy may draw many responses and return one, or ask the strong
    oracle. The gap is that of the law of what is drawn.
    """
    yield Condition(
        "T_data", count(tried.score.t_data), "<=", count(2), "Rewards are linear. Which differences suffice?"
    )
    hint = "The policy says in queries_per_draw how many of them a draw makes at most."
    yield Condition("T_comp", count(tried.score.t_comp), "<=", count(40), hint)
    worst = tried.worst_gap()
    hint = "pi* is a softmax of the rewards: which coordinates do you know, and what is lost without spread?"
    assert worst is not None  # noqa: S101 - every response has base mass
    yield Condition("the largest gap", worst, "<=", fmpq(1, 8), hint)


class Sampler(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Parameters of SoftmaxSampler."""

    M: Rational
    N: Annotated[int, msgspec.Meta(ge=1, le=10_000)]


def capital() -> LinearProblem:
    """Return the instance of the tutorial: the capital of Australia, of base mass 1/16."""
    names = (("Sydney", "3/4", 0), ("Melbourne", "3/16", 0), ("Canberra", "1/16", 1))
    prompt = Prompt.of("x", [Response.of(name, mass, [phi]) for name, mass, phi in names])
    return LinearProblem.of("capital", [prompt], theta=[log(2) * 4], beta=1, B=3, R_max=3)


@with_answer(
    "sampler-on-a-budget", MATCHED, "hard", "softmax-sampler-tv", "sampler-mixture", answer=Sampler,
    example='{"M": "4", "N": 10}',
)  # fmt: skip
def sampler_on_a_budget(answer: Sampler) -> Conditions:
    """A softmax by rejection, with few draws.

    The base model answers Sydney, Melbourne and Canberra with probabilities 3/4, 3/16 and 1/16; `beta` is 1, and
    Canberra earns `4 log 2`. SoftmaxSampler estimates the normaliser from `N` draws, and makes up to `N` trials, each
    accepted with the probability that the cap `M` allows. Choose `M` and `N <= 20` so that the law of what it returns
    is within 1/10 of `pi*`, in total variation.

    The answer file: `{"M": "4", "N": 10}`. Theory would take `M = 2 C_cov(pi*)`, and more draws.
    """
    yield Condition("N", count(answer.N), "<=", count(20), "Fewer draws; then the cap has to be chosen well.")
    M = rational(answer.M)
    yield Condition("M", M, ">", fmpq(0), "A cap on pi*/pi_ref is positive.")
    problem = capital()
    law = softmax_sampler_law(problem.pi_ref(0), lambda y: problem.reward(0, y), problem.beta, M, answer.N)
    hint = "A large cap rejects too often within N trials; a small one cuts off what is rare and good."
    distance = law.total_variation(optimum(problem).law(0))
    yield Condition("the total variation to pi*", distance, "<=", fmpq(1, 10), hint)


class Inputs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Inputs of SpannerSampling."""

    n_prompt: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    n_pair: Annotated[int, msgspec.Meta(ge=1, le=1_000)]
    M: Rational
    delta: Rational


@with_answer(
    "forty-eight-queries", MATCHED, "open", "spanner-as-listed", "theory-parameters", answer=Inputs,
    example='{"n_prompt": 2, "n_pair": 1, "M": "16/3", "delta": "1/8"}',
)  # fmt: skip
def forty_eight_queries(answer: Inputs) -> Conditions:
    """SpannerSampling with 48 queries.

    On `two-arms`, SpannerSampling in span mode with `T_exp = 1`: choose `n_prompt`, `n_pair`, `M` and `delta`, so
    that the gap of the returned policy, as it is sampled, is at most 1/500 with probability at least 15/16 over its
    runs, and that a run and a draw make at most 48 sampling queries.

    The answer file: `{"n_prompt": 2, "n_pair": 1, "M": "16/3", "delta": "1/8"}`. `spanner run spanner-sampling
    two-arms` says what the four mean; `--theory 1/500,1/16` shows what theory takes.
    """
    M, delta = rational(answer.M), rational(answer.delta)
    yield Condition("M", M, ">=", fmpq(1), "A cap on pi*/pi_ref below 1 has no meaning here.")
    yield Condition("delta", delta, ">", fmpq(0), "It is a probability.")
    yield Condition("delta", delta, "<", fmpq(1), "It is a probability.")
    if M * (1 / delta) > _LARGEST:
        raise WrongAnswer(f"M/delta: at most {_LARGEST} is run")
    learner = SpannerSampling(answer.n_prompt, answer.n_pair, 1, M=M, delta=delta, mode="span")
    queries = 2 * answer.n_prompt * answer.n_pair + 2 * (2 * learner.draws + 2)
    hint = "Where do they go: into pairs, or into the sampler, once in the run and once in the draw?"
    yield Condition("T_comp", count(queries), "<=", count(48), hint)
    kept = chance_within(load_linear("two-arms"), learner, fmpq(1, 500))
    hint = "Either no pair shows a difference, or the sampler is too far from its target: which of the two is it?"
    yield Condition("P(gap <= 1/500)", real(kept.least), ">=", fmpq(15, 16), hint)


_LARGEST = 10**6
"""``M/delta`` up to which the number of draws is formed."""

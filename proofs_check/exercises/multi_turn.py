"""Exercises about the fourth result: with access to tokens, what counts is the coverage of one token."""

from flint import fmpq

from proofs_check.exercises.asking import Condition, Conditions, count, on_instance, with_learner
from proofs_check.exercises.families import HiddenStrings, Tried
from proofs_check.exercises.results import MULTI_TURN
from reference.exact import LogLinear, real
from reference.exact.linalg import Vector
from reference.exact.span import Span
from reference.model import Problem, coverage, token_coverage
from reference.model.realizability import decide_realizability

_TWO_TOKENS = "Write a tree: format spanner-reference/token-problem, or version 2 with a start."


@on_instance("one-token-worse", MULTI_TURN, "easy", "coverage-tokens")
def one_token_worse(problem: Problem) -> Conditions:
    """A token that is covered worse than the whole.

    `C_cond` is the largest ratio of `pi*` to `pi_ref` of one token after a prefix, `C_cov` that of a whole response.
    One would think that a part is covered no worse than the whole. Write a tree of two tokens on which `C_cond` is
    more than 4/3 of `C_cov`.

    `spanner solve FILE` shows both numbers. `spanner catalog token-coverage-larger` is a tree that goes part of the
    way.
    """
    yield Condition("the number of tokens", count(problem.horizon), "=", count(2), _TWO_TOKENS)
    hint = "A ratio can be large after a prefix that pi* takes less often than pi_ref."
    found = real(token_coverage(problem)) / real(coverage(problem))
    yield Condition("C_cond/C_cov", found, ">", fmpq(4, 3), hint)


_MOST_TOKENS = 10
"""Tokens of a response in an answer to an exercise."""


@on_instance("sequences-pay-more", MULTI_TURN, "medium", "coverage-tokens", "tokens-below-sequences")
def sequences_pay_more(problem: Problem) -> Conditions:
    """Sequences pay a thousand, tokens pay two.

    Write an instance with responses of at most ten tokens and with `C_cov >= 1000`, although `C_cond <= 2`: a learner
    of whole responses pays a thousand draws for what a learner of tokens pays two for, at each token. So that the
    second one can learn it, `pi*` has to lie in the softmax class of the features of each layer (`spanner solve FILE`
    says whether it does).
    """
    yield Condition("the number of tokens", count(problem.horizon), "<=", count(_MOST_TOKENS), "Ten are enough.")
    hint = "At no prefix may pi* be more than twice as likely as pi_ref to take a token."
    yield Condition("C_cond", token_coverage(problem), "<=", fmpq(2), hint)
    hint = "Ratios multiply along a response. How large does each have to be?"
    yield Condition("C_cov", coverage(problem), ">=", fmpq(1000), hint)
    hint = "One parameter for each layer has to explain the values after all prefixes: what do the features tell apart?"
    yield Condition("the number of layers out of the class", _outside(problem), "=", count(0), hint)


@with_learner("five-queries", MULTI_TURN, "hard", "needle-path-by-listing", "path-by-prefixes", family=HiddenStrings(5))
def five_queries(tried: Tried) -> Conditions:
    """A string of five bits with five queries.

    One of the 32 strings of 5 bits earns, every other nothing; the base model tosses fair coins. With access to
    tokens (`oracles.weak(At(0, prefix))` draws the next one, `oracles.listing` lists both for two queries) a prefix
    of the string has the feature 1, and any other prefix 0. Write a learner whose policy returns the string for sure,
    with at most 5 queries and no reward. Learners of whole responses with the same budget hit it with probability
    below one half.
    """
    yield Condition("T_data", count(tried.score.t_data), "=", count(0), "The features show the way.")
    hint = "Is there anything that a second look at the same prefix can tell?"
    yield Condition("T_comp", count(tried.score.t_comp), "<=", count(5), hint)
    hint = "A token that is wrong tells something, too."
    yield Condition("P(the drawn string is the one that earns)", tried.hit, "=", fmpq(1), hint)


@on_instance("out-of-the-class", MULTI_TURN, "open", "q-linear", "mtss-unrealizable")
def out_of_the_class(problem: Problem) -> Conditions:
    """Linear rewards, and out of the class.

    MTSS learns soft values, and its guarantee asks that `pi*` lies in the softmax class of the features, layer by
    layer. Linear rewards are not enough for that. Write an instance with responses of two tokens, two tokens to
    choose from at most after each prefix, in which the reward that a token brings is linear in its feature, layer by
    layer and without a constant, and `pi*` is not in the class.

    `spanner solve FILE` says whether it is. `spanner catalog linear-not-realizable` needs three tokens.
    """
    yield Condition("the number of tokens", count(problem.horizon), "=", count(2), _TWO_TOKENS)
    widest = max(len(problem.supported(h, i)) for h, nodes in enumerate(problem.reachable) for i in nodes)
    yield Condition("the most tokens after a prefix", count(widest), "<=", count(2), "Leave some out.")
    hint = "Tokens of one layer with the same feature bring the same reward, and twice the feature twice the reward."
    yield Condition("the number of layers with rewards that are not linear", _curved(problem), "=", count(0), hint)
    hint = "What comes after the first token counts in its value. Which difference can its features not express?"
    yield Condition("the number of layers out of the class", _outside(problem), ">=", count(1), hint)


def _outside(problem: Problem) -> fmpq:
    """Return 0 if ``pi*`` is in the class, else 1: the first layer that is not ends the search."""
    return fmpq(0 if decide_realizability(problem) else 1)


def _curved(problem: Problem) -> fmpq:
    """Return in how many layers no ``theta`` has ``reward = <theta, phi>`` at every token of positive base mass."""
    return fmpq(sum(not _is_linear(problem, h) for h in range(problem.horizon)))


def _is_linear(problem: Problem, h: int) -> bool:
    span, basis = Span.empty(problem.dimensions[h]), list[LogLinear]()
    for i in problem.reachable[h]:
        for edge in problem.supported(h, i):
            larger = span.with_vector(edge.phi)
            if larger is not span:
                span = larger
                basis.append(edge.reward)
                continue
            coefficients = span.coefficients(edge.phi) or Vector.of([])
            told = sum((reward * c for reward, c in zip(basis, coefficients, strict=True)), LogLinear(fmpq(0)))
            if edge.reward != told:
                return False
    return True

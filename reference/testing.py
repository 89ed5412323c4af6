"""Hypothesis strategies for users of this package: every value they make is valid by construction, nothing is filtered.

``linear_problems()`` covers both exact families and mixtures of them; sizes are small so that exhaustive checks stay
fast.  ``problems()`` and ``realizable_problems()`` do the same for responses of several tokens.

>>> from hypothesis import given
>>> @given(linear_problems())
... def test_gap_of_the_base_model_is_not_negative(problem): ...
"""

from collections.abc import Iterator, Sequence
from math import isqrt
from typing import Literal, TypeVar

from flint import fmpq
from hypothesis import strategies as st

from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.exact.expsum import exp, exp_sum
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.exact.log_linear import LogLinear, log
from reference.exact.reals import real_log
from reference.model.linear import linear_score
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Edge, Node, Prompt, Response, Start
from reference.model.policy import NodePolicy, Parameters, Policy, TabularPolicy, softmax
from reference.model.problem import Problem

T = TypeVar("T")

Family = Literal["rational", "log-rational", "mixed"]
"""Rational rewards; rewards with rational ``exp(difference/beta)``; both kinds of parameter in one problem."""

FAMILIES: tuple[Family, ...] = ("rational", "log-rational", "mixed")

PRIMES = (2, 3, 5, 7)

Layers = list[list[Node]]

ZERO = LogLinear(fmpq(0))


@st.composite
def rationals(draw: st.DrawFn, low: int | fmpq = -3, high: int | fmpq = 3, max_denominator: int = 8) -> fmpq:
    """Rationals in ``[low, high]``, both ends included."""
    denominator = draw(st.integers(1, max_denominator))
    return low + (fmpq(high) - low) * fmpq(draw(st.integers(0, denominator)), denominator)


@st.composite
def loglinears(draw: st.DrawFn, max_terms: int = 2) -> LogLinear:
    """Log-linear numbers with up to ``max_terms`` logarithms of primes."""
    primes = draw(st.lists(st.sampled_from(PRIMES), max_size=max_terms, unique=True))
    value = LogLinear(draw(rationals()))
    for prime in primes:
        value = value + log(prime) * draw(rationals())
    return value


@st.composite
def mass_weights(draw: st.DrawFn, size: int, max_weight: int = 6) -> tuple[int, ...]:
    """Integers ``>= 0``, not all zero."""
    values = draw(st.lists(st.integers(0, max_weight), min_size=size, max_size=size))
    values[draw(st.integers(0, size - 1))] += 1
    return tuple(values)


@st.composite
def laws(draw: st.DrawFn, outcomes: Sequence[T] = (0, 1, 2), max_weight: int = 6) -> Law[T]:  # type: ignore[assignment]  # the default fits T = int
    """Rational laws on ``outcomes``; some of them may get no mass."""
    drawn = draw(mass_weights(len(outcomes), max_weight))
    return Law.weighted(outcomes, drawn)


@st.composite
def features(draw: st.DrawFn, dimension: int, denominator: int = 4) -> Vector:
    """Vectors of Euclidean norm at most 1: signed unit vectors, or integers over ``denominator * ceil(sqrt(d))``."""
    if draw(st.booleans()):
        position, sign = draw(st.integers(0, dimension - 1)), draw(st.sampled_from((-1, 1)))
        return Vector.of([sign if k == position else 0 for k in range(dimension)])
    entries = st.lists(st.integers(-denominator, denominator), min_size=dimension, max_size=dimension)
    return Vector.of([fmpq(n, common_denominator(dimension, denominator)) for n in draw(entries)])


def common_denominator(dimension: int, denominator: int = 4) -> int:
    """Return the integer that clears the denominators of :func:`features`."""
    return denominator * (isqrt(dimension - 1) + 1)


@st.composite
def linear_problems(
    draw: st.DrawFn,
    family: Family | None = None,
    *,
    max_prompts: int = 2,
    max_responses: int = 3,
    max_dimension: int = 2,
) -> LinearProblem:
    """Linear problems of one family (any, unless given), base mass zero and repeated features included."""
    chosen = draw(st.sampled_from(FAMILIES)) if family is None else family
    dimension = draw(st.integers(1, max_dimension))
    beta = draw(rationals(fmpq(1, 4), 2, 4))
    scale = beta * common_denominator(dimension)
    theta = [draw(_parameter(chosen, scale)) for _ in range(dimension)]
    rho = [w + 1 for w in draw(mass_weights(draw(st.integers(1, max_prompts)), 3))]
    entries = [
        draw(_prompts(f"x{i}", fmpq(weight, sum(rho)), dimension, max_responses)) for i, weight in enumerate(rho)
    ]
    norm = sum(abs(t).ceil() for t in theta)
    # |<theta, phi - phi'>| <= 2 ||theta||_2
    return LinearProblem.of("random", entries, theta=theta, beta=beta, B=norm, R_max=2 * norm)


@st.composite
def policies(draw: st.DrawFn, problem: LinearProblem) -> Policy:
    """Policies on the support of the base model: softmax with a random parameter, or tables of rational laws."""
    if draw(st.booleans()):
        return softmax(problem, [draw(loglinears(1)) for _ in range(problem.dimension)])
    return TabularPolicy(problem, [draw(laws(problem.support(x))) for x in range(len(problem.prompts))])


@st.composite
def formulas(draw: st.DrawFn, max_variables: int = 4, max_k: int = 3, max_terms: int = 4) -> Formula:
    """k-DNF formulas; repeated terms and unused variables included."""
    variables = draw(st.integers(1, max_variables))
    k = draw(st.integers(1, min(max_k, variables)))
    order = st.permutations(range(1, variables + 1))
    signs = st.tuples(*[st.sampled_from((1, -1))] * k)
    term = st.builds(lambda vs, ss: tuple(v * s for v, s in zip(vs, ss, strict=False)), order, signs)
    return Formula(variables, tuple(draw(st.lists(term, min_size=1, max_size=max_terms))))


@st.composite
def dnf_instances(draw: st.DrawFn, max_variables: int = 4, max_k: int = 3, max_terms: int = 4) -> DnfInstance:
    """Alignment problems of formulas, ``L`` from 1 nearly up to ``A^k/2``, ``theta*`` at any vertex."""
    formula = draw(formulas(max_variables, max_k, max_terms))
    A = draw(st.sampled_from((fmpq(5, 2), fmpq(3), fmpq(8), fmpq(20))))
    L = 1 + (A**formula.k / 2 - 1) * fmpq(draw(st.integers(0, 7)), 8)
    star = draw(st.tuples(*[st.sampled_from((1, -1))] * formula.variables))
    return DnfInstance(formula, A, L, draw(st.sampled_from((fmpq(1, 4), fmpq(1), fmpq(3)))), star)


@st.composite
def problems(
    draw: st.DrawFn,
    family: Family | None = None,
    *,
    shared: bool | None = None,
    max_horizon: int = 3,
    max_tokens: int = 3,
    max_prompts: int = 2,
) -> Problem:
    """Problems of any horizon of one family (any, unless given), base mass zero included.

    ``shared`` asks for graphs whose prefixes share nodes, or for trees; both unless given.
    """
    chosen = draw(st.sampled_from(FAMILIES)) if family is None else family
    beta = draw(rationals(fmpq(1, 4), 2, 4))
    dimensions = draw(st.lists(st.integers(1, 2), min_size=1, max_size=max_horizon))
    layers, roots = draw(_graphs(dimensions, max_tokens, max_prompts, shared=shared))
    paid = [[tuple(draw(_paid(edge, chosen, beta)) for edge in node) for node in layer] for layer in layers]
    return _problem(draw, paid, roots, beta)


@st.composite
def realizable_problems(
    draw: st.DrawFn, *, shared: bool | None = None, max_horizon: int = 3, max_tokens: int = 3, max_prompts: int = 2
) -> tuple[Problem, Parameters]:
    """Log-rational problems with ``r := beta log(pi_theta/pi_ref)``; and that ``theta``."""
    beta = draw(rationals(fmpq(1, 4), 2, 4))
    dimensions = draw(st.lists(st.integers(1, 2), min_size=1, max_size=max_horizon))
    layers, roots = draw(_graphs(dimensions, max_tokens, max_prompts, shared=shared))
    # An integer multiple of log(q) for every feature makes exp(<theta, phi>/beta) rational.
    ratios = st.sampled_from((fmpq(1, 2), fmpq(1), fmpq(2), fmpq(3)))
    thetas = tuple(
        tuple(log(draw(ratios)) * beta * common_denominator(dimension, 2) for _ in range(dimension))
        for dimension in dimensions
    )
    paid = [
        [log_ratio_rewards(node, theta, beta) for node in layer] for layer, theta in zip(layers, thetas, strict=True)
    ]
    return _problem(draw, paid, roots, beta), thetas


def log_ratio_rewards(node: Node, theta: Sequence[LogLinear], beta: fmpq) -> Node:
    """Return the node with the rewards ``beta log(pi_theta/pi_ref)``; ``log Z`` must be log-linear."""
    score = linear_score(theta)
    total = sum((exp_sum([(edge.pi_ref, score(edge.phi) / beta)]) for edge in node), exp(0) - 1)
    log_total = real_log(total).exact
    if not isinstance(log_total, (LogLinear, fmpq)):
        msg = f"the logarithm of {total!s:.80} is not log-linear"
        raise TypeError(msg)
    return tuple(_with_reward(edge, score(edge.phi) - beta * log_total) for edge in node)


@st.composite
def node_policies(draw: st.DrawFn, problem: Problem) -> NodePolicy:
    """Rational node policies on the support of the base model."""
    table = {
        (h, i): draw(laws(problem.base(h, i).outcomes)) for h, layer in enumerate(problem.reachable) for i in layer
    }
    return NodePolicy(problem, lambda h, i: table[h, i])


@st.composite
def _prompts(draw: st.DrawFn, name: str, rho: fmpq, dimension: int, max_responses: int) -> Prompt:
    drawn = draw(mass_weights(draw(st.integers(1, max_responses))))
    responses = [
        Response(f"y{j}", fmpq(weight, sum(drawn)), draw(features(dimension))) for j, weight in enumerate(drawn)
    ]
    return Prompt(
        name, rho, responses=tuple(responses), baseline=draw(st.sampled_from((fmpq(0), fmpq(-1, 2), fmpq(2))))
    )


def _parameter(family: Family, scale: fmpq) -> st.SearchStrategy[LogLinear]:
    plain = rationals().map(LogLinear)
    # A multiple of scale * log(q) makes exp(<theta, phi>/beta) a product of integer powers of q.
    logs = st.builds(lambda a, b: log(fmpq(a, b)) * scale, st.integers(1, 4), st.integers(1, 4))
    halves = logs.map(lambda value: value / 2)
    return {"rational": plain, "log-rational": logs, "mixed": st.one_of(plain, logs, halves)}[family]


@st.composite
def _graphs(
    draw: st.DrawFn, dimensions: Sequence[int], max_tokens: int, max_prompts: int, *, shared: bool | None
) -> tuple[Layers, list[int]]:
    """Nodes without rewards, layer by layer, and the root of each prompt; every node is led to."""
    graph = draw(st.booleans()) if shared is None else shared
    prompts = draw(st.integers(1, max_prompts))
    count = draw(st.integers(1, prompts)) if graph else prompts
    roots = draw(_cover(prompts, count))
    layers: Layers = []
    for h, dimension in enumerate(dimensions):
        tokens = st.lists(st.integers(0, max_tokens - 1), min_size=1, max_size=max_tokens, unique=True)
        drawn = [draw(tokens) for _ in range(count)]
        edges = sum(map(len, drawn))
        last = h + 1 == len(dimensions)
        count = 1 if last else draw(st.integers(1, min(edges, 2))) if graph else edges
        children = iter([0] * edges if last else draw(_cover(edges, count)))
        layers.append([draw(_nodes(row, dimension, children)) for row in drawn])
    return layers, roots


@st.composite
def _cover(draw: st.DrawFn, size: int, count: int) -> list[int]:
    """``size`` numbers in ``0..count-1``, each of which occurs."""
    free = [draw(st.integers(0, count - 1)) for _ in range(size - count)]
    return list(range(count)) + free


@st.composite
def _nodes(draw: st.DrawFn, tokens: Sequence[int], dimension: int, children: Iterator[int]) -> Node:
    drawn = draw(mass_weights(len(tokens)))
    return tuple(
        Edge(f"t{token}", fmpq(w, sum(drawn)), draw(features(dimension, 2)), ZERO, next(children))
        for token, w in zip(tokens, drawn, strict=True)
    )


@st.composite
def _paid(draw: st.DrawFn, edge: Edge, family: Family, beta: fmpq) -> Edge:
    plain = rationals().map(LogLinear)
    logs = st.builds(lambda a, b: log(fmpq(a, b)) * beta, st.integers(1, 4), st.integers(1, 4))
    kinds = {"rational": plain, "log-rational": logs, "mixed": st.one_of(plain, logs, logs.map(lambda v: v / 2))}
    return _with_reward(edge, draw(kinds[family]))


def _with_reward(edge: Edge, reward: LogLinear) -> Edge:
    return Edge(edge.token, edge.pi_ref, edge.phi, reward, edge.child)


def _problem(draw: st.DrawFn, layers: Layers, roots: Sequence[int], beta: fmpq) -> Problem:
    rho = [w + 1 for w in draw(mass_weights(len(roots), 3))]
    prompts = [Start(f"x{x}", fmpq(w, sum(rho)), root) for x, (w, root) in enumerate(zip(rho, roots, strict=True))]
    spread = sum(max(abs(e.reward) for node in layer for e in node).ceil() for layer in layers)
    return Problem.of("random", prompts, layers, beta=beta, R_max=2 * spread)

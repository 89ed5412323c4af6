"""Problems of several tokens: layered graphs and trees, realizable ones, and node policies for them."""

from collections.abc import Callable, Iterator, Sequence

from flint import fmpq
from hypothesis import strategies as st

from reference.exact.expsum import exp_sum
from reference.exact.linalg import Vector
from reference.exact.log_linear import ZERO, LogLinear, log
from reference.exact.reals import real_log
from reference.model.checks import rational_mass
from reference.model.linear import linear_score
from reference.model.parts import Edge, Node, Start
from reference.model.policy import NodePolicy, Parameters
from reference.model.problem import Problem
from reference.testing.parts import (
    ANY_FAMILY,
    ThetaFamily,
    booleans,
    common_denominator,
    features,
    integers,
    laws,
    made_once,
    mass_weights,
    numbers_of,
    rationals,
)

_Layers = list[list[Node]]


@made_once
@st.composite
def problems(
    draw: st.DrawFn,
    family: ThetaFamily | None = None,
    *,
    shared: bool | None = None,
    max_horizon: int = 3,
    max_tokens: int = 3,
    max_prompts: int = 2,
) -> Problem:
    """Problems of any horizon of one family (any, unless given), base mass zero included.

    ``shared`` asks for graphs whose prefixes share nodes, or for trees; both unless given.
    """
    chosen = draw(ANY_FAMILY) if family is None else family
    beta = draw(rationals(fmpq(1, 4), 2, 4))
    dimensions = draw(_dimensions(max_horizon))
    layers, roots = draw(_graphs(dimensions, max_tokens, max_prompts, shared=shared))
    rewards = _rewards(chosen)
    paid = [[tuple(_with_reward(edge, draw(rewards)(beta)) for edge in node) for node in layer] for layer in layers]
    return _problem(draw, paid, roots, beta)


@made_once
@st.composite
def realizable_problems(
    draw: st.DrawFn, *, shared: bool | None = None, max_horizon: int = 3, max_tokens: int = 3, max_prompts: int = 2
) -> tuple[Problem, Parameters]:
    """Log-rational problems with ``r := beta log(pi_theta/pi_ref)``; and that ``theta``."""
    beta = draw(rationals(fmpq(1, 4), 2, 4))
    dimensions = draw(_dimensions(max_horizon))
    layers, roots = draw(_graphs(dimensions, max_tokens, max_prompts, shared=shared))
    # An integer multiple of log(q) for every feature makes exp(<theta, phi>/beta) rational.
    thetas = tuple(
        tuple(log(draw(_RATIOS)) * beta * common_denominator(dimension, 2) for _ in range(dimension))
        for dimension in dimensions
    )
    paid = [
        [log_ratio_rewards(node, theta, beta) for node in layer] for layer, theta in zip(layers, thetas, strict=True)
    ]
    return _problem(draw, paid, roots, beta), thetas


def log_ratio_rewards(node: Node, theta: Sequence[LogLinear], beta: fmpq) -> Node:
    """Return the node with the rewards ``beta log(pi_theta/pi_ref)``; ``log Z`` must be log-linear."""
    score = linear_score(theta)
    masses = [rational_mass("pi_ref", edge.pi_ref) for edge in node]
    total = exp_sum((mass, score(edge.phi) / beta) for mass, edge in zip(masses, node, strict=True))
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
def _graphs(
    draw: st.DrawFn, dimensions: Sequence[int], max_tokens: int, max_prompts: int, *, shared: bool | None
) -> tuple[_Layers, list[int]]:
    """Nodes without rewards, layer by layer, and the root of each prompt; every node is led to."""
    graph = draw(booleans()) if shared is None else shared
    prompts = draw(integers(1, max_prompts))
    count = draw(integers(1, prompts)) if graph else prompts
    roots = draw(_cover(prompts, count))
    layers: _Layers = []
    for h, dimension in enumerate(dimensions):
        tokens = _tokens(max_tokens)
        drawn = [draw(tokens) for _ in range(count)]
        edges = sum(map(len, drawn))
        last = h + 1 == len(dimensions)
        count = 1 if last else draw(integers(1, min(edges, 2))) if graph else edges
        children = iter([0] * edges if last else draw(_cover(edges, count)))
        weighed = [draw(_nodes(len(row), dimension)) for row in drawn]
        layers.append([_node(row, each, children) for row, each in zip(drawn, weighed, strict=True)])
    return layers, roots


@made_once
def _dimensions(max_horizon: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(1, 2), min_size=1, max_size=max_horizon)


_RATIOS = st.sampled_from((fmpq(1, 2), fmpq(1), fmpq(2), fmpq(3)))


@made_once
def _tokens(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, most - 1), min_size=1, max_size=most, unique=True)


@made_once
@st.composite
def _cover(draw: st.DrawFn, size: int, count: int) -> list[int]:
    """``size`` numbers in ``0..count-1``, each of which occurs."""
    free = [draw(integers(0, count - 1)) for _ in range(size - count)]
    return list(range(count)) + free


@made_once
@st.composite
def _nodes(draw: st.DrawFn, size: int, dimension: int) -> list[tuple[fmpq, Vector]]:
    """Base masses and features of the edges of a node."""
    drawn, phis = draw(mass_weights(size)), features(dimension, 2)
    return [(fmpq(w, sum(drawn)), draw(phis)) for w in drawn]


def _node(tokens: Sequence[int], drawn: Sequence[tuple[fmpq, Vector]], children: Iterator[int]) -> Node:
    return tuple(
        Edge(f"t{token}", mass, phi, ZERO, next(children)) for token, (mass, phi) in zip(tokens, drawn, strict=True)
    )


@made_once
@st.composite
def _rewards(draw: st.DrawFn, family: ThetaFamily) -> Callable[[fmpq], LogLinear]:
    return draw(numbers_of(family))


def _with_reward(edge: Edge, reward: LogLinear) -> Edge:
    return Edge(edge.token, edge.pi_ref, edge.phi, reward, edge.child)


def _problem(draw: st.DrawFn, layers: _Layers, roots: Sequence[int], beta: fmpq) -> Problem:
    rho = [w + 1 for w in draw(mass_weights(len(roots), 3))]
    prompts = [Start(f"x{x}", fmpq(w, sum(rho)), root) for x, (w, root) in enumerate(zip(rho, roots, strict=True))]
    spread = sum(max(abs(e.reward) for node in layer for e in node).ceil() for layer in layers)
    return Problem.of("random", prompts, layers, beta=beta, R_max=2 * spread)

"""Section 9: runs of MTSS that its claims share, and what a whole layer's differences span."""

from collections.abc import Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from proofs_check.claims.noting import noted_in
from proofs_check.ledger import ANY, Catalog
from reference.algorithms.mtss import MTSS, fit, one_pass
from reference.algorithms.parts.mtss_policy import MTSSPolicy
from reference.algorithms.parts.mtss_state import AcceptedPair, Layer
from reference.exact.linalg import Span, Vector
from reference.interaction.choice import Carrying, Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.seeded import Seeded
from reference.interaction.world import World
from reference.model.parts import Prefix
from reference.model.policy import Parameters
from reference.model.problem import Problem
from reference.model.realizability import Realizable, decide_realizability

NAMES = (
    "clean-sweep", "fair-bits-3", "impossible-token", "linear-not-realizable", "markov-bits", "needle-path-4",
    "token-coverage-larger",
)  # fmt: skip
"""Catalog instances small enough for many runs."""

LOG_RATIONAL = Catalog(
    "clean-sweep", "fair-bits-3", "markov-bits", "needle-path-8", "smollm2-tokens-realizable", "token-coverage-larger",
    of=ANY,
)  # fmt: skip


class MTSSRun(NamedTuple):
    """What a run left: the accepted differences of each layer, the passes, ``T_data``."""

    vectors: tuple[tuple[Vector, ...], ...]
    passes: int
    t_data: int


def run_mtss(problem: Problem, p: MTSS, choice: Choice) -> MTSSRun:
    """Run MTSS once."""
    world = World(problem, choice, metered=False)
    final = p(world.tokens)
    vectors = tuple(tuple(pair.phi for pair in layer.psi) for layer in final.layers)
    return MTSSRun(vectors, final.passes, world.meter.reading.t_data)


class Fitted(NamedTuple):
    """Line 3 once: the layers with their parameters, and the sequences that were rewarded, in order: ``h = H..1``."""

    layers: tuple[Layer, ...]
    rewarded: tuple[tuple[int, Prefix], ...]


def fitted(problem: Problem, state: MTSSPolicy, choice: Choice) -> Fitted | None:
    """Run line 3 and note, from the transcript alone, which sequences were rewarded; ``None`` if a pair was met.

    What was noted is carried: in an exact law no two runs with different transcripts are merged.
    """
    carrying: Carrying[tuple[tuple[int, Prefix], ...]] = Carrying(choice, ())
    world = World(problem, carrying, metered=False, observer=noted_in(carrying, tuple, "reward"))
    found = fit(world.tokens, state.layers, state.p)
    return None if isinstance(found, AcceptedPair) else Fitted(found, carrying.carried)


def states(problem: Problem, p: MTSS) -> Iterator[MTSSPolicy]:
    """Yield every state that MTSS can be in before a pass."""
    going = [MTSSPolicy.start(problem.dimensions, p)]
    while going:
        yield from going
        after = {state for before in going for state in law_of(partial(after_pass, problem, before)).outcomes}
        going = sorted((state for state in after if not state.clean), key=_order)


def _order(state: MTSSPolicy) -> str:
    return repr([(layer.psi, layer.theta) for layer in state.layers])


def after_pass(problem: Problem, state: MTSSPolicy, choice: Choice) -> MTSSPolicy:
    """Run one pass."""
    return one_pass(World(problem, choice, metered=False).tokens, state)


def seeded_state(problem: Problem, p: MTSS, seed: int) -> MTSSPolicy:
    """Return the state that a run ends in."""
    return p(World(problem, Seeded(seed)).tokens)


@lru_cache(maxsize=64)
def optimal_parameters(problem: Problem) -> Parameters:
    """Return ``theta*`` of a realizable problem whose parameters are log-linear.

    Raises:
        ValueError: for any other problem.
    """
    answer = decide_realizability(problem)
    thetas = answer.log_linear() if isinstance(answer, Realizable) else None
    if thetas is None:
        msg = f"{problem.name!r} is not realizable with log-linear parameters"
        raise ValueError(msg)
    return thetas


def layer_span(problem: Problem, h: int) -> Span:
    """Return the span of all differences of supported tokens in a layer."""
    span = Span.empty(problem.dimensions[h])
    for i in problem.reachable[h]:
        for phi in node_differences(problem, h, i):
            span = span.with_vector(phi)
    return span


def node_differences(problem: Problem, h: int, i: int) -> Iterator[Vector]:
    """Yield the differences of supported tokens at a node, each with the first: their span is that of all."""
    first, *rest = problem.supported(h, i)
    yield from (edge.phi - first.phi for edge in rest)


@lru_cache(maxsize=1024)  # the same ones are asked for at each node
def span_of(dimension: int, vectors: tuple[Vector, ...]) -> Span:
    """Return the span of some vectors, with a basis from among them."""
    span = Span.empty(dimension)
    for phi in vectors:
        span = span.with_vector(phi)
    return span


def is_covered(problem: Problem, layer: Layer, h: int, i: int) -> bool:
    """Whether all differences of supported tokens at a node lie in the span of the accepted ones."""
    span = span_of(problem.dimensions[h], tuple(pair.phi for pair in layer.psi))
    return all(span.contains(phi) for phi in node_differences(problem, h, i))

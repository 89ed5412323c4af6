"""Data: rewards that do not span the differences leave the optimum open."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import combinations

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.spanner_sampling.setting import differences, rank
from proofs_check.ledger import Case, Catalog, Check, Family, Random, claim, compare, fact
from reference.constructions.twins import indistinguishable
from reference.exact import exp
from reference.exact.linalg import Vector
from reference.model import LinearProblem, Prompt, Response, optimum
from reference.testing import linear_problems

QueriedPairs = tuple[tuple[int, int], ...]

MOST_COMBINED = 6
"""Queries, from the first ones of an instance, that are combined."""


def roomy(problem: LinearProblem) -> LinearProblem:
    """Return the problem with declared bounds that leave room: the hypotheses hold strictly."""
    return replace(problem, B=problem.B + 1, R_max=problem.R_max + 1)


def undetermined(problem: LinearProblem, queried: QueriedPairs, *, known_baseline: bool = False) -> Iterator[Case]:
    """Decide that the queried rewards span the differences, or that the constructed instance answers alike."""
    problem = roomy(problem)
    name = f"{problem.name}, queried {' '.join(f'{x}:{y}' for x, y in queried)}"
    anchors: dict[int, int] = {}
    for x, y in queried:
        anchors.setdefault(x, y)
    asked = [problem.phi(x, y) - problem.phi(x, anchors[x]) for x, y in queried]
    size = rank(asked, problem.dimension)
    inside = rank([*asked, *differences(problem)], problem.dimension) == size
    other = indistinguishable(problem, queried)
    yield fact(name, (other is None) == inside, "a second instance is constructed if and only if D is not inside Q")
    if other is None:
        return
    twin = other.problem
    if known_baseline:  # a false variant: the baselines may not move
        prompts = tuple(replace(e, baseline=problem.baseline(x)) for x, e in enumerate(twin.prompts))
        twin = replace(twin, prompts=prompts, R_max=twin.R_max + 10)
    for x, y in queried:
        yield fact(f"{name}, at {x}:{y}", twin.reward(x, y) == problem.reward(x, y), "the answers agree")
    for x in range(len(problem.prompts)):
        same = twin.pi_ref(x) == problem.pi_ref(x) and all(
            twin.phi(x, y) == problem.phi(x, y) for y in range(problem.response_count(x))
        )
        yield fact(f"{name}, x={x}", same, "the weak oracle is the same")
    y, z = other.responses
    ratios = [exp((p.reward(other.prompt, y) - p.reward(other.prompt, z)) / p.beta) for p in (problem, twin)]
    yield compare(name, ratios[0], "!=", ratios[1], "pi_theta'(y)/pi_theta'(y') != pi_theta*(y)/pi_theta*(y')")
    laws = [optimum(p).law(other.prompt) for p in (problem, twin)]
    yield fact(name, laws[0] != laws[1], "the optimal policies differ")


@st.composite
def problems_with_queries(draw: st.DrawFn) -> tuple[LinearProblem, QueriedPairs]:
    """Draw a problem and up to four queries, off the support too."""
    problem = draw(linear_problems(max_responses=4, max_dimension=3))
    pairs = [(x, y) for x in range(len(problem.prompts)) for y in range(problem.response_count(x))]
    return problem, tuple(draw(st.lists(st.sampled_from(pairs), max_size=4, unique=True)))


def known_zero() -> LinearProblem:
    """Return ``d = 1``, ``phi`` 1 and 0: one query of ``phi = 1`` identifies ``theta`` if ``b = 0`` is known."""
    half = fmpq(1, 2)
    responses = (Response("one", half, Vector((1,))), Response("zero", half, Vector((0,))))
    return LinearProblem.of("one query", [Prompt("x", fmpq(1), responses=responses)], theta=[1], beta=1, B=1, R_max=1)


@claim(
    "data-lower-bound",
    source="ours",
    every=Check(Catalog(), lambda problem: undetermined(problem, ((0, 0),))),
    on=(
        Catalog("two-arms", "antipodal", "rank-deficient", "different-supports", "zero-base-mass"),
        Catalog("two-arms-exp", "two-arms-mixed", "fair-coin", "single-response"),
        Check(Random(problems_with_queries(), 120, seed=53, name="problems and queries"), lambda m: undetermined(*m)),
    ),
    witness=Catalog("two-arms"),
    mutation=(
        "with the baseline known to be 0",
        Check(
            Family("d = 1, one query of phi = 1", 1, lambda: [known_zero()]),
            partial(undetermined, queried=((0, 0),), known_baseline=True),
        ),
    ),
    trivial="none: an instance is constructed; what a learner returns does not occur",
)
def data_lower_bound(problem: LinearProblem) -> Iterator[Case]:
    r"""Fewer rewards than dimensions leave the optimum open.

    Let $Q$ be the span of the queried same-prompt differences. If $D \not\subseteq Q$, then some other instance, with
    other $\theta'$ and $b'$, gives the same answers and has a different optimal policy:
    $\pi_{\theta'} \ne \pi_{\theta^*}$.

    In words: If some direction of the features was never asked about, two different optima fit all that was seen.
    Hypotheses: the baseline $b$ is unknown; $\norm{\theta^*} < B$ and all reward ranges $< \Rmax$ hold strictly (or are
        undisclosed); rewards are noiseless.
    Caveats: false without the hypotheses: with $b = 0$ known and $d = 1$, one query of $\phi = 1$ identifies $\theta$.
    """
    one_each = tuple((x, problem.support(x)[0]) for x in range(len(problem.prompts)))
    rest = [(x, y) for x in range(len(problem.prompts)) for y in range(problem.response_count(x))][:MOST_COMBINED]
    yield from undetermined(problem, ())
    for size in range(3):
        for more in combinations(rest, size):
            yield from undetermined(problem, (*one_each, *more))

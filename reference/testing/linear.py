"""Linear problems of ordinary size, policies for them, and Max-k-DNF instances."""

from flint import fmpq
from hypothesis import strategies as st

from reference.constructions.dnf.formula import DnfInstance, Formula
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
from reference.model.policy import Policy, TabularPolicy, softmax
from reference.testing.parts import (
    ANY_FAMILY,
    ThetaFamily,
    booleans,
    common_denominator,
    features,
    integers,
    laws,
    loglinears,
    made_once,
    mass_weights,
    numbers_of,
    rationals,
)


@made_once
@st.composite
def linear_problems(
    draw: st.DrawFn,
    family: ThetaFamily | None = None,
    *,
    max_prompts: int = 2,
    max_responses: int = 3,
    max_dimension: int = 2,
) -> LinearProblem:
    """Linear problems of one family (any, unless given), base mass zero and repeated features included."""
    chosen = draw(ANY_FAMILY) if family is None else family
    dimension = draw(integers(1, max_dimension))
    beta = draw(rationals(fmpq(1, 4), 2, 4))
    scale = beta * common_denominator(dimension)  # log(q) times it makes exp(<theta, phi>/beta) powers of q
    theta = [draw(numbers_of(chosen))(scale) for _ in range(dimension)]
    rho = [w + 1 for w in draw(mass_weights(draw(integers(1, max_prompts)), 3))]
    rows = [draw(_prompts(dimension, max_responses)) for _ in rho]
    entries = [
        Prompt(f"x{i}", fmpq(weight, sum(rho)), responses=responses, baseline=baseline)
        for i, (weight, (responses, baseline)) in enumerate(zip(rho, rows, strict=True))
    ]
    norm = sum(abs(t).ceil() for t in theta)
    # |<theta, phi - phi'>| <= 2 ||theta||_2
    return LinearProblem.of("random", entries, theta=theta, beta=beta, B=norm, R_max=2 * norm)


@st.composite
def policies(draw: st.DrawFn, problem: LinearProblem) -> Policy:
    """Policies on the support of the base model: softmax with a random parameter, or tables of rational laws."""
    if draw(booleans()):
        return softmax(problem, [draw(loglinears(1)) for _ in range(problem.dimension)])
    return TabularPolicy(problem, [draw(laws(problem.support(x))) for x in range(len(problem.prompts))])


@made_once
@st.composite
def formulas(draw: st.DrawFn, max_variables: int = 4, max_k: int = 3, max_terms: int = 4) -> Formula:
    """k-DNF formulas; repeated terms and unused variables included."""
    variables = draw(integers(1, max_variables))
    k = draw(integers(1, min(max_k, variables)))
    return Formula(variables, tuple(draw(_terms(variables, k, max_terms))))


@made_once
def _terms(variables: int, k: int, most: int) -> st.SearchStrategy[list[tuple[int, ...]]]:
    """Terms of ``k`` literals: at least one, at most so many."""
    order = st.permutations(range(1, variables + 1))
    term = st.builds(lambda vs, ss: tuple(v * s for v, s in zip(vs, ss, strict=False)), order, signs(k))
    return st.lists(term, min_size=1, max_size=most)


@made_once
def signs(count: int) -> st.SearchStrategy[tuple[int, ...]]:
    """So many signs, each 1 or -1."""
    return st.tuples(*[st.sampled_from((1, -1))] * count)


@made_once
@st.composite
def dnf_instances(draw: st.DrawFn, max_variables: int = 4, max_k: int = 3, max_terms: int = 4) -> DnfInstance:
    """Alignment problems of formulas, ``L`` from 1 nearly up to ``A^k/2``, ``theta*`` at any vertex."""
    formula = draw(formulas(max_variables, max_k, max_terms))
    A = draw(_AS)
    L = 1 + (A**formula.k / 2 - 1) * fmpq(draw(integers(0, 7)), 8)
    star = draw(signs(formula.variables))
    return DnfInstance(formula, A, L, draw(_BETAS), star)


_AS = st.sampled_from((fmpq(5, 2), fmpq(3), fmpq(8), fmpq(20)))
_BETAS = st.sampled_from((fmpq(1, 4), fmpq(1), fmpq(3)))


@made_once
@st.composite
def _prompts(draw: st.DrawFn, dimension: int, max_responses: int) -> tuple[tuple[Response, ...], fmpq]:
    """The responses to a prompt, and its baseline."""
    drawn = draw(mass_weights(draw(integers(1, max_responses))))
    phis = features(dimension)
    responses = [Response(f"y{j}", fmpq(weight, sum(drawn)), draw(phis)) for j, weight in enumerate(drawn)]
    return tuple(responses), draw(_BASELINES)


_BASELINES = st.sampled_from((fmpq(0), fmpq(-1, 2), fmpq(2)))

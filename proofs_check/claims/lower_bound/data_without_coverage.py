"""Data alone does not need coverage: a learner that reads every response needs two rewards a dimension."""

from collections.abc import Iterator

from flint import fmpq

from proofs_check.claims.enumerating.learner import outcomes_of_learner
from proofs_check.claims.spanner_sampling.setting import ONE_PROMPT_BOTH, differences, rank
from proofs_check.ledger import Case, Catalog, On, Random, claim, compare, fact
from reference.exact import real
from reference.model import LinearProblem, gap, optimum, softmax
from reference.model.problem import NO_NOISE
from reference.testing import linear_problems


@claim(
    "data-without-coverage",
    source="FMR25 section 2; ours with the constant",
    depends=("barycentric-spanner",),
    every=Catalog(),
    on=(ONE_PROMPT_BOTH, Random(linear_problems(max_responses=4, max_dimension=3), 60, seed=83, name="problems")),
    witness=Catalog("needle-1024"),
    mutation=("rank for 2 rank", On(Catalog("two-arms"), per_pair=1)),
    trivial=("the zero parameter is returned", On(Catalog("two-arms"), at_zero=True)),
)
def data_without_coverage(problem: LinearProblem, *, per_pair: int = 2, at_zero: bool = False) -> Iterator[Case]:
    r"""Without computational limits rewards are cheap.

    With unlimited sampling, the enumerating learner returns $\pi^*$ from
    $\Tdata \le 2 \rank$ noiseless reward queries on *every* instance, whatever $\Ccov$ is.

    In words: Whoever may look at all features needs at most two rewards for each dimension, however bad the base model
    is.
    Hypotheses: noiseless rewards; the feature table of the supports is known.
    Constants: $2 \rank$, attained.
    """
    (played,) = outcomes_of_learner(problem, NO_NOISE, fmpq(2), 1).outcomes
    most = per_pair * rank(differences(problem), problem.dimension)
    yield compare(problem.name, played.t_data, "<=", most, "T_data <= 2 rank")
    yield compare(problem.name, played.t_comp, "==", 0, "no sampling query: the table is given")
    returned, best = softmax(problem, played.policy.theta), optimum(problem)
    if at_zero:
        returned = softmax(problem, [t * 0 for t in problem.theta])
    for x in range(len(problem.prompts)):
        yield fact(f"{problem.name}, x={x}", returned.law(x) == best.law(x), "pi_{theta_hat}(.|x) = pi*(.|x)")
    yield compare(problem.name, gap(problem, returned), "==", real(0), "gap = 0")

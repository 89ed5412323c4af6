"""The learner that needs few rewards but reads every response: what noise does to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from flint import fmpq

from proofs_check.claims.noting import noting
from proofs_check.claims.spanner_sampling.setting import (
    ONE_PROMPT_BOTH,
    PLAIN,
    SMALL_NAMES,
    differences,
    one_prompt,
)
from proofs_check.ledger import Case, Catalog, Family, On, Random, claim, compare
from reference.algorithms.enumerating import Enumerating, FeatureTable
from reference.exact import LogLinear
from reference.exact.law import Law
from reference.exact.linalg import Vector
from reference.interaction.choice import Choice
from reference.interaction.exhaustive import law_of
from reference.interaction.runs import SoftmaxPolicy
from reference.interaction.world import Event, World
from reference.model import LinearProblem, gap, softmax
from reference.testing import linear_problems

_HALF, _TWO = fmpq(1, 2), fmpq(2)


@dataclass(frozen=True)
class Enumerated:
    """One outcome of the enumerating learner: its policy, and the means of the noise on each pair it queried."""

    policy: SoftmaxPolicy
    noise: tuple[fmpq, ...]
    t_data: int
    t_comp: int


def feature_table(problem: LinearProblem) -> FeatureTable:
    """Return the feature table that the enumerating learner reads."""
    return [[(y, problem.phi(x, y)) for y in problem.support(x)] for x in range(len(problem.prompts))]


def outcomes_of_learner(problem: LinearProblem, noise: Law[fmpq], C: fmpq, n: int) -> Law[Enumerated]:
    """Return the exact law of the enumerating learner's outcome; the noise is read off the transcript."""

    def once(choice: Choice) -> Enumerated:
        asked, see_response = noting(int, "reward")
        told, see_value = noting(LogLinear, "reward", place=2)

        def observe(event: Event) -> None:
            see_response(event)
            see_value(event)

        world = World(problem, choice, noise=noise, observer=observe)
        policy = Enumerating(feature_table(problem), C=C, n=n)(world.oracles)
        seen = [(r - problem.reward(x, y)).constant for (x, y), (_, r) in zip(asked, told, strict=True)]
        errors = [a - b for a, b in zip(seen[::2], seen[1::2], strict=True)]
        means = tuple(sum(errors[i : i + n], fmpq(0)) / n for i in range(0, len(errors), n))
        reading = world.meter.reading
        return Enumerated(policy, means, reading.t_data, reading.t_comp)

    return law_of(once)


def fair_sign(size: fmpq) -> Law[fmpq]:
    """Return the law of a fair sign times ``size``."""
    return Law.uniform([-size, size])


def uneven() -> LinearProblem:
    """Return four responses whose spanner has a coefficient 5/3: the error on a pair that was not queried is larger."""
    rows = [((-1, -1), 4), ((-1, 1), 4), ((0, -2), 4), ((0, 1), 4)]
    responses = [(Vector(v, 2), fmpq(1, share)) for v, share in rows]
    return one_prompt("four responses with a coefficient 5/3", responses, PLAIN, fmpq(1))


UNEVEN = Family("four responses with a coefficient 5/3", 1, lambda: [uneven()])


@claim(
    "enumerating-error",
    source="ours (barycentric spanners and Hoeffding's lemma)",
    depends=("barycentric-spanner", "gap-oscillation"),
    on=(
        Catalog(*SMALL_NAMES),
        On(Catalog("two-arms", "rank-deficient"), n=2),
        On(ONE_PROMPT_BOTH, C=fmpq(11, 10)),
        UNEVEN,
        On(UNEVEN, C=fmpq(11, 10)),
        Random(linear_problems(max_responses=4), 40, seed=82, name="problems"),
    ),
    witness=Catalog("two-arms", "different-supports"),
    mutation=("1 for C", On(UNEVEN, with_C=False)),
    trivial=("the zero parameter is returned", On(Catalog("two-arms"), at_zero=True)),
)
def enumerating_error(
    problem: LinearProblem,
    *,
    size: fmpq = _HALF,
    C: fmpq = _TWO,
    n: int = 1,
    with_C: bool = True,
    at_zero: bool = False,
) -> Iterator[Case]:
    r"""Noise costs the enumerating learner little.

    Let each pair of the spanner $S$ be queried $n$ times, with noise $\xi$ in $[-s, s]$. For every difference $\phi$
    within a prompt

    $$
    \bigl| \inner{\hat\theta - \theta^*}{\phi} \bigr|
    \le C \sum_{\sigma \in S} \Bigl| \frac1n \sum_{i=1}^n (\xi^\sigma_{1i} - \xi^\sigma_{2i}) \Bigr| ,
    $$

    so the gap is at most the square of the right side over $8\beta$.

    In words: Noise moves the estimate by no more than the spanner's coefficients allow, and the loss by the square.
    Hypotheses: noise of mean zero with a finite law; here a fair sign times $s$.
    Constants: $C$; 8 from {prf:ref}`gap-oscillation`.
    """
    law = outcomes_of_learner(problem, fair_sign(size), C, n)
    squares = law.expectation(lambda played: sum((m**2 for m in played.noise), fmpq(0)))
    pairs = max(len(played.noise) for played in law.outcomes)
    yield compare(problem.name, squares, "==", 2 * size**2 * pairs / n, "E sum_s (mean noise)^2 = 2 s^2 |S|/n")
    apart = differences(problem)
    for played in law.outcomes:
        name = f"{problem.name}, mean noise {', '.join(map(str, played.noise))}"
        theta = tuple(t * 0 for t in problem.theta) if at_zero else played.policy.theta
        shift = [mine - truth for mine, truth in zip(theta, problem.theta, strict=True)]
        worst = max(abs(phi.dot_numbers(shift)) for phi in apart)
        total = sum((abs(m) for m in played.noise), fmpq(0))
        bound = C * total if with_C else total
        yield compare(name, worst, "<=", bound, "|<theta_hat-theta*,phi>| <= C sum_s |mean noise|")
        yield compare(name, total, "<=", 2 * size * len(played.noise), "sum_s |mean noise| <= 2 s |S|")
        lost = gap(problem, softmax(problem, theta))
        yield compare(name, lost, "<=", bound**2 / (8 * problem.beta), "gap <= (C sum_s |mean noise|)^2/(8 beta)")

"""How much an error in the reward costs: the slow and the fast rate (ours)."""

from collections.abc import Iterator
from functools import partial

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.families import SMALL, Scores, problems_with_scores, prompts
from proofs_check.ledger import Case, Catalog, Check, On, Random, claim, compare
from reference.exact import ExpSum, Real, exp, real
from reference.model.linear_problem import LinearProblem
from reference.model.policy import base_policy, tilted
from reference.model.values import gap, oscillation
from reference.testing import linear_problems, rationals

E_MINUS_2 = exp(1) - 2


def gap_for_scores(
    problem: LinearProblem, name: str, scores: Scores, *, constant: int | fmpq = 8, lazy: bool = False
) -> Iterator[Case]:
    """The slow rate for one ``f``; ``lazy``: of ``pi_ref`` in place of ``pi_f``."""

    def error(x: int) -> Real:
        width = real(oscillation(problem, x, lambda x, y: scores[x][y] - problem.reward(x, y)))
        return width * width

    loss = gap(problem, base_policy(problem) if lazy else tilted(problem, lambda x, y: scores[x][y]))
    bound = problem.rho.expectation(error) / (constant * problem.beta)
    yield compare(name, loss, "<=", bound, f"gap <= E osc(f-r)^2/({constant} beta)")


@claim(
    "gap-oscillation",
    source="ours (Hoeffding's lemma)",
    depends=("gibbs-optimum",),
    every=Catalog(),
    on=(
        SMALL,
        Check(
            Random(problems_with_scores(), 100, name="problems with arbitrary f"),
            lambda pair: gap_for_scores(pair[0], "f", pair[1]),
        ),
    ),
    witness=Catalog("gap-oscillation-tight"),
    mutation=("9 in place of 8", On(Catalog("gap-oscillation-tight"), constant=9)),
    trivial=("pi_ref in place of pi_f", On(Catalog("two-arms"), lazy=True)),
)
def gap_oscillation(problem: LinearProblem, *, constant: int | fmpq = 8, lazy: bool = False) -> Iterator[Case]:
    r"""The gap is quadratic in the oscillation of the error: the slow rate.

    For every $f$,

    $$
    J(\pi^*) - J(\pi_f) \le \frac{1}{8\beta}\, \E_{x \sim \rho}\bigl[ \osc_x(f - r^*)^2 \bigr] .
    $$

    Hypotheses: none.
    Constants: 8, sharp: two balanced responses and a small reward (catalog `gap-oscillation-tight`).
    """
    rewards = [problem.rewards(x) for x in prompts(problem)]
    base = tuple(tuple(r * 0 for r in row) for row in rewards)
    opposite = tuple(tuple(-r for r in row) for row in rewards)
    half = tuple(tuple(r * fmpq(1, 2) + 1 for r in row) for row in rewards)
    for name, scores in (("f=0", base), ("f=-r", opposite), ("f=r/2+1", half)):
        yield from gap_for_scores(problem, name, scores, constant=constant, lazy=lazy)


Errors = tuple[LinearProblem, tuple[fmpq, ...], tuple[tuple[fmpq, ...], ...]]
"""A problem, a baseline ``c(x)`` per prompt, and errors ``f - r - c`` in multiples of ``beta``."""


def gap_for_errors(case: Errors, *, constant: ExpSum | fmpq = E_MINUS_2, lazy: bool = False) -> Iterator[Case]:
    """The fast rate wherever ``r + c - f <= beta``; ``lazy``: of ``pi_ref`` in place of ``pi_f``."""
    problem, shifts, errors = case
    beta = problem.beta
    if any(errors[x][y] < -1 for x in prompts(problem) for y in problem.support(x)):
        return
    policy = tilted(problem, lambda x, y: problem.reward(x, y) + shifts[x] + errors[x][y] * beta)
    squared = problem.rho.expectation(lambda x: policy.law(x).expectation(lambda y: (errors[x][y] * beta) ** 2))
    loss = gap(problem, base_policy(problem) if lazy else policy)
    yield compare("f", loss, "<=", squared * constant / beta, "gap <= (e-2)/beta E_pi_f (f-r-c)^2")


def gap_of_base_model(problem: LinearProblem, *, constant: ExpSum | fmpq = E_MINUS_2) -> Iterator[Case]:
    """The fast rate for ``f = 0`` and ``c = 0``, where the rewards are rational multiples of ``beta``."""
    rows = [tuple(-r.constant / problem.beta for r in problem.rewards(x)) for x in prompts(problem)]
    return gap_for_errors((problem, (fmpq(0),) * len(rows), tuple(rows)), constant=constant)


@st.composite
def problems_with_errors(draw: st.DrawFn) -> Errors:
    """A random problem, baselines, and errors in ``[-1, 3]``: only ``r + c - f <= beta`` is assumed."""
    problem = draw(linear_problems(max_responses=3))
    shifts = tuple(draw(rationals()) for _ in problem.prompts)
    rows = [tuple(draw(rationals(-1, 3)) for _ in range(problem.response_count(x))) for x in prompts(problem)]
    return problem, shifts, tuple(rows)


@claim(
    "gap-quadratic",
    source="ours",
    depends=("gibbs-optimum",),
    every=Catalog(),
    on=(
        SMALL,
        Check(Random(problems_with_errors(), 100, name="problems with errors"), gap_for_errors),
        Check(Catalog("gap-quadratic-tight"), gap_of_base_model),
    ),
    witness=Check(Catalog("gap-quadratic-tight"), gap_of_base_model),
    mutation=(
        "7/10 in place of e - 2 = 0.718...",
        Check(Catalog("gap-quadratic-tight"), partial(gap_of_base_model, constant=fmpq(7, 10))),
    ),
    trivial=("pi_ref in place of pi_f", On(Catalog("sampler-tight-n"), lazy=True)),
)
def gap_quadratic(problem: LinearProblem, *, constant: ExpSum | fmpq = E_MINUS_2, lazy: bool = False) -> Iterator[Case]:
    r"""The gap is quadratic in the error under the learned policy: the fast rate.

    For every $f$ and every baseline $c(x)$,

    $$
    J(\pi^*) - J(\pi_f) \le \frac{e - 2}{\beta}\, \E_{x \sim \rho}\; \E_{y \sim \pi_f}\bigl[ (f - r^* - c)^2 \bigr] .
    $$

    Hypotheses: $r^* + c - f \le \beta$ on the support.
    Constants: $e - 2$, sharp: two points, mass $10^{-6}$ on the far one (catalog `gap-quadratic-tight`).
    """
    steps = (fmpq(-1), fmpq(1), fmpq(1, 2), fmpq(2))  # both signs, the largest that is allowed included
    rows = tuple(tuple(steps[(y + x) % len(steps)] for y in range(problem.response_count(x))) for x in prompts(problem))
    return gap_for_errors((problem, (fmpq(1, 3),) * len(rows), rows), constant=constant, lazy=lazy)

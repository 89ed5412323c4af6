"""How much an error in the reward costs: the slow and the fast rate (ours)."""

from collections.abc import Iterator
from functools import partial

from flint import fmpq
from hypothesis import strategies as st

from proofs_check.claims.families import SMALL, Scores, problems_with_scores, prompts
from proofs_check.ledger import Case, Catalog, Check, Family, On, Random, agree, claim, compare
from reference.exact import ExpSum, LogLinear, Real, exp, exp_ratio, log, real, real_log
from reference.exact.linalg import Vector
from reference.model.linear_problem import LinearProblem
from reference.model.parts import Prompt, Response
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


def gap_by_hand(s: LogLinear) -> Iterator[Case]:
    """Two fair responses that earn ``s`` and 0, ``beta = 1``: the gap of ``f = c r`` from its two masses."""
    half, bound = fmpq(1, 2), abs(s).ceil()
    fair = (Response("a", half, Vector.of([1])), Response("b", half, Vector.of([0])))
    rows = [Prompt("x", fmpq(1), responses=fair)]
    problem = LinearProblem.of(f"two fair responses, r = {s}", rows, theta=(s,), beta=1, B=bound, R_max=bound)
    for c in (fmpq(0), fmpq(1, 2), fmpq(-1)):
        total = exp(s * c) + 1
        first, second = exp_ratio(exp(s * c)) / total, exp_ratio(1) / total
        lost = real_log((exp(s) + 1) / 2) - real(first) * s + real(first) * real_log(first * 2)
        lost += real(second) * real_log(second * 2)
        found = gap(problem, tilted(problem, partial(_scaled, problem, c)))
        yield agree(problem.name, found, lost, f"gap of f = {c} r, written out")


def _scaled(problem: LinearProblem, c: fmpq, x: int, y: int) -> LogLinear:
    return problem.reward(x, y) * c


FAIR_PAIRS = Family("two fair responses, r = log 2, log 9, 1", 3, lambda: [log(2), log(9), LogLinear(fmpq(1))])


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
        Check(FAIR_PAIRS, gap_by_hand),
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

    In words: An error in the reward costs at most its square over eight beta: half the error, a quarter of the bound.
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
        Check(FAIR_PAIRS, gap_by_hand),
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

    In words: If the learned reward is nowhere more than beta too low, an error costs at most its mean square over what
    the learned policy says, over beta.
    Hypotheses: $r^* + c - f \le \beta$ on the support.
    Constants: $e - 2$, sharp: two points, mass $10^{-6}$ on the far one (catalog `gap-quadratic-tight`).
    """
    steps = (fmpq(-1), fmpq(1), fmpq(1, 2), fmpq(2))  # both signs, the largest that is allowed included
    rows = tuple(tuple(steps[(y + x) % len(steps)] for y in range(problem.response_count(x))) for x in prompts(problem))
    return gap_for_errors((problem, (fmpq(1, 3),) * len(rows), rows), constant=constant, lazy=lazy)
